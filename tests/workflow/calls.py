"""Real runs of the workflow, the way a user calls it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a call of snakemake did."""

    status: int
    output: str

    @property
    def jobs(self) -> dict[str, int]:
        """How many jobs of each rule ran (the targets themselves left out)."""
        stats = re.search(r"^Job stats:\njob +count\n[- ]+\n(.*?)\n\n", self.output, re.M | re.S)
        counts = dict(line.split() for line in stats[1].splitlines()) if stats else {}
        return {
            rule: int(count)
            for rule, count in counts.items()
            if rule not in ("total", "all", "tables")
        }

    @property
    def nothing_done(self) -> bool:
        return self.status == 0 and "Nothing to be done" in self.output


@dataclass(frozen=True)
class Workplace:
    """A folder in which the workflow works, with a campaign of its own."""

    folder: Path
    workflow: Path

    def write_config(self, config: dict[str, Any]) -> None:
        (self.folder / "campaign.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def snakemake(self, *arguments: str) -> Outcome:
        """Call snakemake on this folder's campaign."""
        # Targets come first: --configfile would take them for further files.
        return call_snakemake(
            *arguments, "--configfile", "campaign.yaml", cwd=self.folder, workflow=self.workflow
        )

    def path(self, name: str) -> Path:
        return self.folder / name


def call_snakemake(*arguments: str, cwd: Path, workflow: Path = REPOSITORY) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "-s", workflow / "Snakefile", "--cores", "2",
         *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout)


def results(folder: Path) -> dict[str, bytes]:
    """Return every table and figure by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("results", "img")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }


def copy_logs(run: str, target: Path, sizes: tuple[int, ...] = (8,), repetitions: int = 6) -> None:
    """Copy some logs of a Flux run of the example campaign."""
    source = REPOSITORY / "data" / run
    for size in sizes:
        for repetition in range(1, repetitions + 1):
            name = f"lmp-{size}-{repetition}-minicluster-size-{size}"
            (target / name).mkdir(parents=True)
            shutil.copy(source / name / "log.out", target / name)
    shutil.copy(source / "meta.json", target)
