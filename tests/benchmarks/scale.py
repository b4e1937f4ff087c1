"""How time and memory grow with the number of logs."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import yaml
from measure import REPOSITORY, snakemake, table

from heteroscope.metrics import Figure
from rendering import read_figures, render_flux_operator

SIZES = (8, 16, 32, 64)
# As many bytes as an original log has; the rows of the thermo table make up the rest.
BYTES = 15_000


def _templates() -> list[dict[str, Figure]]:
    """Return the figures of a log of each size, of 15 KB."""
    trials = read_figures(REPOSITORY / "data" / "measured.csv")
    found = []
    for size in SIZES:
        trial = next(t for t in trials if t["run"] == "run6" and t["size"] == size)
        lines = int(trial["thermo_rows"])
        short = len(render_flux_operator(trial))
        row = (len(render_flux_operator({**trial, "thermo_rows": lines + 10})) - short) // 10
        found.append({**trial, "thermo_rows": lines + (BYTES - short) // row})
    return found


def _slower(trial: dict[str, Figure], seconds: float) -> dict[str, Figure]:
    """Return the figures of a trial whose loop took longer, with all that this changes."""
    times = ("loop_time", "walltime", "flux_submit", "flux_start")
    longer = {name: float(trial[name]) + seconds for name in times}
    return {
        **trial,
        **longer,
        "timesteps_per_s": float(trial["steps"]) / longer["loop_time"],
    }


def render(folder: Path, logs: int, runs: int) -> None:
    """Write a campaign of so many logs in so many runs, and its configuration."""
    templates = _templates()
    names = [f"run{number:03}" for number in range(1, runs + 1)]
    repetitions = -(-logs // (runs * len(SIZES)))
    for place, name in enumerate(names):
        for size, trial in zip(SIZES, templates, strict=True):
            for repetition in range(1, repetitions + 1):
                # No two logs of a group are alike, or tests would meet nothing but ties.
                text = render_flux_operator(
                    _slower(trial, (place + 7919 * repetition % 10007 / 100) / 64)
                )
                log = folder / "logs" / name / f"lmp-{size}-{repetition}-minicluster-size-{size}"
                log.mkdir(parents=True)
                (log / "log.out").write_bytes(text)
    config = {
        "sizes": list(SIZES),
        "runs": {name: {"directory": f"logs/{name}"} for name in names},
        "figures": {"walltime": {"metric": "walltime"}, "loop_time": {"metric": "loop_time"}},
    }
    config["runs"][names[1]]["against"] = [names[0]]
    (folder / "campaign.yaml").write_text(yaml.safe_dump(config, sort_keys=False))


def _exponent(times: dict[int, float]) -> str:
    """Return how time grows between the two largest numbers of logs."""
    if len(times) < 2:
        return ""
    (fewer, before), (more, after) = sorted(times.items())[-2:]
    return f"{math.log(after / before) / math.log(more / fewer):.2f}"


def section(numbers: list[int]) -> str:
    """Measure, and tell it in Markdown."""
    rows = []
    for runs in (4, 100):
        cold: dict[int, float] = {}
        for logs in numbers:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                render(folder, logs, runs)
                arguments = ("--configfile", "campaign.yaml")
                first = snakemake(*arguments, cwd=folder)
                again = snakemake(*arguments, cwd=folder)
            assert "Nothing to be done" in again.output, again.output
            cold[logs] = first.seconds
            rows.append(
                [
                    f"{logs:,} in {runs} runs",
                    f"{first.seconds:.1f}",
                    f"{again.seconds:.1f}",
                    f"{1e3 * first.seconds / logs:.2f}",
                    f"{max(first.megabytes, again.megabytes):,.0f}",
                    _exponent(cold),
                ]
            )
    header = ["logs", "cold, s", "idle, s", "cold, ms a log", "largest process, MB", "exponent"]
    return "\n".join(
        [
            "## Growth",
            "",
            f"Rendered logs of {BYTES / 1e3:.0f} kB, one run against another, two figures of all "
            "runs, every table, `--cores 2`; once each. The exponent is that by which the time of "
            "the cold call grows from the line above.",
            "",
            table(header, rows),
        ]
    )
