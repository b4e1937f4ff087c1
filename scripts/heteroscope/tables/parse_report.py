"""What became of logs: which figures they gave, which they lack, and why they were left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from heteroscope.logs import readers
from heteroscope.logs.reader import Reader
from heteroscope.metrics import Status
from heteroscope.tables.columns import FIELDS

if TYPE_CHECKING:
    import pandas as pd


def parse_table(rows: Iterable[Mapping[str, Any]], reader: Reader) -> list[dict[str, Any]]:
    """Sum up the reading of a run, a row a log.

    Parameters
    ----------
    rows
        The run's rows of the table of trials, as `trials.read_run` returns them.
    reader
        What read them.

    Returns
    -------
    list of dict
        By path of the log; the keys are those of `columns.PARSE`.  Of a log of several trials,
        ``status`` and ``reason`` are those of the first trial that is not in order, and a figure
        is found if every trial has it.  ``fields_missing`` names the figures that a whole log of
        the format has, and this one has not, the required ones first.
    """
    of_log: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        of_log.setdefault(row["log"], []).append(row)
    figures = reader.figures.keys()
    wanted = tuple(dict.fromkeys((*reader.required, *reader.expected)))
    return [_sum_up(log, of_log[log], figures, wanted) for log in sorted(of_log)]


def _sum_up(
    log: str, trials: Sequence[Mapping[str, Any]], figures: Set[str], wanted: Sequence[str]
) -> dict[str, Any]:
    conflicts = dict.fromkeys(
        conflict for trial in trials for conflict in str(trial["conflicts"]).split()
    )
    # A figure in conflict can have a value all the same: the size that the log's path tells.
    found = figures - conflicts.keys()
    for trial in trials:
        found &= {name for name, value in trial.items() if value is not None and value != ""}
    worst = next((trial for trial in trials if trial["status"] != Status.OK), trials[0])
    return {
        "run": worst["run"],
        "log": log,
        "status": worst["status"],
        "reason": worst["reason"],
        "trials": len(trials),
        "fields_found": len(found),
        "fields_missing": " ".join(figure for figure in wanted if figure not in found),
        "foreign_lines": sum(trial["foreign_lines"] for trial in trials),
        "conflicts": " ".join(conflicts),
        "bytes": worst["bytes"],
        "sha256": worst["sha256"],
    }


def field_table(trials: pd.DataFrame, named: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Count in how many logs of each run each figure was found.

    Parameters
    ----------
    trials
        The table of trials, with all its columns.
    named
        Application and name of the reader of each run.

    Returns
    -------
    pandas.DataFrame
        A row for each figure that a reader of these runs can give, in the order of the readers,
        and run.  A figure in conflict is not found, even where the path of its log tells it, too.
    """
    import pandas as pd

    of_run = {run: readers(application)[name] for run, (application, name) in named.items()}
    units = {
        figure: unit
        for application in dict.fromkeys(reader.application for reader in of_run.values())
        for reader in readers(application).values()
        if reader in of_run.values()
        for figure, unit in reader.figures.items()
    }
    # Only some columns of text are empty text, and not missing, where there is nothing.
    found = trials[[*units]].notna()
    for figure in trials[[*units]].select_dtypes(exclude="number"):
        found[figure] &= trials[figure] != ""
    for trial, conflicts in trials["conflicts"].dropna().items():
        found.loc[trial, str(conflicts).split()] = False
    of_runs = {str(run): rows for run, rows in found.groupby(trials["run"])}
    rows = [
        {
            "field": figure,
            "unit": unit,
            "run": run,
            "n_logs": len(of_runs[run]),
            **_found(of_runs[run][figure], reader),
        }
        for figure, unit in units.items()
        for run, reader in of_run.items()
    ]
    return pd.DataFrame(rows, columns=[column.name for column in FIELDS])


def _found(found: pd.Series[bool], reader: Reader) -> dict[str, Any]:
    if found.name not in reader.figures:
        return {}
    return {
        "n_found": int(found.sum()),
        "found": "all" if found.all() else "some" if found.any() else "none",
        "expected": found.name in reader.expected,
    }
