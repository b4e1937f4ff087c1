"""How long the whole workflow takes on the example campaign, and what takes that long."""

from __future__ import annotations

import ast
import json
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import yaml
from measure import REPOSITORY, Spread, call, snakemake, table

CONFIG = REPOSITORY / "config" / "config.yaml"
FIGURE = "img/walltime_lammps.png"
# Those that the campaign published, of one run and its baseline.
PUBLISHED = [
    f"img/run6/{name}_lammps.png"
    for name in (
        "cluster_time",
        "end_to_end_walltime_fluxstart",
        "end_to_end_walltime_fluxsubmit",
        "start_submit_difference",
        "submit_lammps_difference",
        "walltime",
    )
]


def _new(folder: Path, without: str = "") -> dict:
    """Lay out the example campaign in a folder, less a run, and return its configuration."""
    (folder / "data").symlink_to(REPOSITORY / "data")
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    if without:
        config = _without(config, without)
    _write(folder, config)
    return config


def _without(config: dict, run: str) -> dict:
    """Take a run out of a configuration, wherever it is named."""
    runs = {
        name: {**entry, "against": [other for other in entry.get("against", []) if other != run]}
        for name, entry in config["runs"].items()
        if name != run
    }
    rest = {key: value for key, value in config.items() if key != "runs"}
    for key in ("exclude", "claims"):
        if key in rest:
            rest[key] = [entry for entry in rest[key] if run not in json.dumps(entry)]
    return {**rest, "runs": runs}


def _write(folder: Path, config: dict) -> None:
    text = yaml.safe_dump(config, sort_keys=False)
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")


def _make(folder: Path, *targets: str) -> float:
    return snakemake(*targets, "--configfile", "campaign.yaml", cwd=folder).seconds


def _jobs(folder: Path) -> dict[str, list[float]]:
    """Return how long each job of each rule took, as Snakemake noted it for each of its files."""
    spans: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for file in (folder / ".snakemake" / "metadata").rglob("*"):
        if file.is_file():
            record = json.loads(file.read_text())
            # The log tells the jobs of a rule apart.
            spans[record["rule"], *record["log"]] += [record["starttime"], record["endtime"]]
    jobs = defaultdict(list)
    for (rule, *_), times in spans.items():
        jobs[rule].append(max(times) - min(times))
    return jobs


def _scripts() -> dict[str, Path]:
    """Return the script of each rule."""
    text = "".join(
        file.read_text(encoding="utf-8") for file in (REPOSITORY / "rules").glob("*.smk")
    )
    bodies = re.split(r"^ *rule (\w+):", text, flags=re.MULTILINE)
    return {
        rule: REPOSITORY / "scripts" / found[1]
        for rule, body in zip(bodies[1::2], bodies[2::2], strict=True)
        if (found := re.search(r'"\.\./scripts/(\w+\.py)"', body))
    }


def _imports(script: Path) -> float:
    """Return how long a Python takes that starts, imports what a script does, and ends."""
    statements = [
        ast.unparse(node)
        for node in ast.parse(script.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    code = "; ".join([f"import sys; sys.path.insert(0, {str(script.parent)!r})", *statements])
    return min(call(sys.executable, "-c", code, cwd=REPOSITORY).seconds for _ in range(3))


def section(repeats: int) -> str:
    """Measure, and tell it in Markdown."""
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = _new(folder)
            times["cold: all tables, figures and the report"].append(_make(folder))
            jobs = _jobs(folder)
            times["again: nothing to be done"].append(_make(folder))
            config["figures"]["walltime"]["title"] = "Another title"
            _write(folder, config)
            times["one figure, whose entry has changed"].append(_make(folder, FIGURE))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _new(folder)
            times["one figure, from raw logs"].append(_make(folder, FIGURE))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _new(folder)
            six = "the six published figures of run6 and its baseline, from raw logs"
            times[six].append(_make(folder, *PUBLISHED))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _new(folder, without="run5")
            _make(folder)
            _write(folder, yaml.safe_load(CONFIG.read_text(encoding="utf-8")))
            times["run5 added"].append(_make(folder))
    rows = [[what, Spread(tuple(taken)).told()] for what, taken in times.items()]
    parts, scripts = [], _scripts()
    for rule, taken in sorted(jobs.items(), key=lambda item: -sum(item[1])):
        starts = min(_imports(scripts[rule]) * len(taken), sum(taken))
        parts.append(
            [
                rule,
                str(len(taken)),
                *(f"{s:.1f}" for s in (sum(taken), starts, sum(taken) - starts)),
            ]
        )
    return "\n".join(
        [
            "## The whole workflow",
            "",
            f"The example campaign, `--cores 2`, {repeats} round(s).",
            "",
            table(["call", "s"], rows),
            "",
            "Where the time of the last cold call goes, in s of one core: `start and imports` is a "
            "Python that does nothing else. What is not here is Snakemake's own: about what it "
            "takes to find that there is nothing to be done, and its waiting for jobs.",
            "",
            table(["rule", "jobs", "all", "start and imports", "the work itself"], parts),
        ]
    )
