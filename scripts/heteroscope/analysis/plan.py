"""How many more trials would decide it: the next experiment, from the scatter of this one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from heteroscope.analysis.comparisons import Settings, location
from heteroscope.metrics import METRICS, UserError, declare
from heteroscope.tables import columns
from heteroscope.tables.frames import read_table, read_trials
from heteroscope.words import counted, missing, of_sizes, percent, quantity


def plan(results: Path, margin: float, metrics: Sequence[str] = ()) -> Iterator[str]:
    """Tell, of each run against its baseline at each size, how many more trials are needed.

    Parameters
    ----------
    results
        The folder of tables that the workflow wrote.
    margin
        The difference of the medians that is to be found, such as 0.03, with a chance of 80 %, at
        the level of 5 % divided by the number of sizes.
    metrics
        Of which metrics; by default the first that was tested.

    Yields
    ------
    str
        A line a comparison.

    Raises
    ------
    UserError
        If there are no tables, or nothing was compared.
    """
    for name in ("location", "trials"):
        if not (results / f"{name}.csv").is_file():
            raise UserError(f"{results} holds no {name}.csv: make it by `snakemake tables` first")
    manifest = results / "manifest.json"
    if manifest.is_file():
        declare(json.loads(manifest.read_text(encoding="utf-8"))["report"].get("vocabulary", {}))
    tested = read_table(results / "location.csv", columns.LOCATION)
    if unknown := sorted({*metrics} - {*METRICS}):
        raise UserError(f"there is no metric {unknown[0]!r}; known are {', '.join(METRICS)}")
    pairs = list(dict.fromkeys(zip(tested["run"], tested["baseline"], strict=True)))
    wanted = list(metrics) or list(tested["metric"][:1])
    if not pairs:
        raise UserError(f"{results}/location.csv compares no run with a baseline (`against:`)")
    sizes = sorted({int(size) for size in tested["size"]})
    trials = read_trials([results / "trials.csv"], wanted)
    table = location(trials, pairs, wanted, sizes, Settings(margin=margin))
    for _, row in table.iterrows():
        yield _line(row, margin)


def _line(row: Any, margin: float) -> str:
    unit = "" if missing(row["unit"]) else str(row["unit"])
    about = f"{row['run']} against {row['baseline']}, {of_sizes([row['size']])}, {row['metric']}: "
    have = f"{row['n_run']} and {row['n_baseline']} trials"
    needed = row["trials_needed"]
    if missing(needed):
        return f"{about}{have}; two each, above zero, are needed to tell the scatter"
    found = row["detectable_percent"]
    seen = "no difference" if missing(found) else f"{percent(found / 100)}"
    medians = quantity(row["median_baseline"], unit)
    more = [max(0, needed - row[n]) for n in ("n_run", "n_baseline")]
    told = f"{about}{have} find {seen} of {medians}; {percent(margin)} "
    if not any(more):
        return f"{told}needs {needed} each: there are enough"
    return f"{told}needs {needed} each: {counted(more[0], 'more trial')} and {more[1]}"
