"""The README, word for word: each line that it tells a user to type is typed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from calls import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
# These set up an environment from the network: the gate types them, in a fresh clone.
ELSEWHERE = {"make", "make test"}


def typed(text: str) -> list[str]:
    """Return the commands of a Markdown text, without what is said of them."""
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [re.sub(r" +# .*", "", line[2:]) for line in lines if line.startswith("$ ")]


def test_every_command_of_the_readme_works_in_the_order_of_the_page(tmp_path: Path) -> None:
    clone = tmp_path / "heteroscope"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("config", "data", "envs", "profiles", "rules", "scripts"):
        shutil.copytree(REPOSITORY / name, clone / name, ignore=ignored)
    shutil.copy(REPOSITORY / "Snakefile", clone)
    activate = clone / ".venv/bin/activate"
    activate.parent.mkdir(parents=True)
    activate.write_text(f'PATH="{Path(sys.executable).parent}:$PATH"\n')

    commands = [command for command in typed(README) if command not in ELSEWHERE]
    assert len(commands) > 10
    added = re.search(r"^```diff\n (.*)\n\+(.*)\n```", README, re.M)
    assert added, "the README adds a run in one line"
    last = commands[-1]
    assert "try/campaign.yaml" in last
    script = "\n".join(["set -ex", *commands])
    done = call(script, clone)
    assert done.returncode == 0, done.stdout[-3000:]
    for made in ("results/report.html", "img/walltime_lammps.png", "try/results/report.html"):
        assert (clone / made).is_file(), made

    campaign = clone / "try/campaign.yaml"
    before = campaign.read_text()
    assert before.endswith(f"{added[1]}\n")
    campaign.write_text(f"{before}{added[2]}\n")
    done = call(f". .venv/bin/activate\n{last}", clone)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.findall(r"Reading the logs of (\S+)", done.stdout) == ["run5"]


def call(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
