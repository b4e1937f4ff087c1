"""What became of each log: which figures it gave, which it lacks, and why it was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from heteroscope.logs import READERS
from heteroscope.records import Status


def parse_table(rows: Iterable[Mapping[str, Any]], reader: str) -> list[dict[str, Any]]:
    """Sum up the reading of a run, a row a log.

    Parameters
    ----------
    rows
        The run's rows of the table of trials, as `trials.read_run` returns them.
    reader
        The name of the reader that read them.

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
    return [_sum_up(log, of_log[log], reader) for log in sorted(of_log)]


def _sum_up(log: str, trials: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    reader = READERS[name]
    found = [
        figure
        for figure in reader.figures
        if all(trial.get(figure) not in (None, "") for trial in trials)
    ]
    wanted = dict.fromkeys((*reader.required, *reader.expected))
    worst = next((trial for trial in trials if trial["status"] != Status.OK), trials[0])
    conflicts = dict.fromkeys(
        conflict for trial in trials for conflict in str(trial["conflicts"]).split()
    )
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
    }
