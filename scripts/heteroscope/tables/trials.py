"""The logs of a run become its trials: a row each, whatever became of the log."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heteroscope.campaign.layout import (
    Place,
    excludes,
    files_below,
    numeric,
    published,
    sort_out,
)
from heteroscope.logs import (
    figure_texts,
    figure_units,
    flux_operator,
    lammps,
    mpi_operator,
    readers,
)
from heteroscope.logs.files import Source
from heteroscope.metrics import METRICS, Status
from heteroscope.tables.columns import TRIAL, Column, Kind
from heteroscope.tables.copies import fingerprint, leave_out_copies
from heteroscope.tables.drafts import (
    Draft,
    ReadingPlan,
    fits,
    judge,
    read_companions,
    read_logs,
    selected,
    warn,
)

__all__ = [
    "ReadingPlan", "RunRead", "columns", "find", "read_run", "table_columns", "write_rows",
]  # fmt: skip

_KEYS = (
    "run",
    "operator",
    "size",
    "ranks",
    "threads",
    "repetition",
    "order",
    "ordered_by",
    "started_at",
    "excluded",
    "rule",
    "status",
    "reason",
    "foreign_lines",
    "conflicts",
    "fingerprint",
)
_SOURCE = ("log", "bytes", "sha256")


def columns() -> list[str]:
    """Return the columns of the table of trials: keys, metrics, other figures, source."""
    names = [*_KEYS, *METRICS, *figure_units()]
    return [*(name for name in dict.fromkeys(names)), *_SOURCE]


def table_columns() -> tuple[Column, ...]:
    """Return what each of these columns means."""
    units = figure_units()
    lines = {
        name: line.template
        for module in (lammps, flux_operator, mpi_operator)
        for line in module.LINES
        for name, _ in line.figures()
    }
    texts = figure_texts()
    return tuple(
        _table_column(name, units.get(name, ""), lines, "text" if name in texts else "number")
        for name in columns()
    )


def _table_column(name: str, unit: str, lines: Mapping[str, str], kind: Kind) -> Column:
    if name in TRIAL:
        return TRIAL[name]
    if metric := METRICS.get(name):
        told = f"{metric.title} ({metric.includes})" if metric.includes else metric.title
        return Column(name, "number", told, metric.unit)
    told = f"from the line `{lines[name]}`" if name in lines else "as the readers give it"
    return Column(name, kind, told, unit)


@dataclass(frozen=True, slots=True)
class RunRead:
    """What the logs of a run say.

    Attributes
    ----------
    rows
        The rows of the table of trials, by size, then repetition; the keys are `columns`, and a
        figure that a log does not give is missing.
    sources
        Every file that was read, by its path.
    """

    rows: list[dict[str, Any]]
    sources: dict[str, Source]


def find(plan: ReadingPlan) -> tuple[list[str], list[str]]:
    """Return the logs of a run, and their companions, that are there now."""
    reader = readers(plan.application)[plan.reader]
    files = [plan.file] if plan.file else files_below(Path(plan.directory))
    placed, companions = sort_out(files, reader, plan.pattern)
    return (
        [f"{plan.directory}/{path}" for path in placed],
        [f"{plan.directory}/{path}" for path in companions],
    )


def read_run(plan: ReadingPlan, logs: Iterable[str], companions: Iterable[str]) -> RunRead:
    """Read every log of a run.

    Parameters
    ----------
    plan
        How.
    logs, companions
        The files, whose paths begin with the run's directory.

    Raises
    ------
    UserError
        If no log has the figures that the plan wants or, if it is strict, most are not ok.
    """
    reader = readers(plan.application)[plan.reader]
    sources: dict[str, Source] = {}
    said = read_companions(plan, companions, sources)
    drafts = read_logs(plan, said, sorted(logs))
    sources |= {f"{plan.directory}/{draft.path}": draft.source for draft in drafts}
    drafts = selected(plan, drafts)
    warn(plan, reader, drafts)
    _number(drafts)
    orders = {id(draft): number for number, draft in enumerate(sorted(drafts, key=_order_of), 1)}
    rows = [_row(plan, draft, orders[id(draft)]) for draft in drafts]
    leave_out_copies(sorted(rows, key=lambda row: row["order"]))
    judge(plan, drafts)
    rows.sort(key=lambda row: (row.get("size") or 0, row.get("repetition") or 0, row["log"]))
    return RunRead(rows, sources)


def _order_of(draft: Draft) -> tuple[str, int, Any]:
    """Sort by when a trial began or, where logs do not say, as companion or paths list them."""
    return draft.started_at, int(draft.companion.get("order", 0)), numeric(draft.path)


def _number(drafts: Sequence[Draft]) -> None:
    """Number repetitions that no path spells: as their logs do or else in order of execution.

    Where two logs of one size tell the same number, none of that size is believed.
    """
    to_number: dict[int | None, list[Draft]] = defaultdict(list)
    taken: dict[int | None, set[int]] = defaultdict(set)
    for draft in sorted(drafts, key=_order_of):
        if draft.place.repetition is None:
            to_number[draft.place.size].append(draft)
        else:
            taken[draft.place.size].add(draft.place.repetition)
    for size, alike in to_number.items():
        told = Counter(draft.reading.figures.get("repetition") for draft in alike)
        believed = not taken[size] and None not in told and max(told.values()) == 1
        free = (number for number in itertools.count(1) if number not in taken[size])
        for draft in alike:
            repetition = int(draft.reading.figures["repetition"]) if believed else next(free)
            draft.place = Place(size, repetition, draft.place.warmup)


def _row(plan: ReadingPlan, draft: Draft, order: int) -> dict[str, Any]:
    reading, place = draft.reading, draft.place
    figures = {**reading.figures}
    derived = {name: metric.value(figures) for name, metric in METRICS.items()}
    rule, reason = _exclusion(plan, draft)
    return {
        **figures,
        **{name: value for name, value in derived.items() if value is not None},
        "run": plan.run,
        "operator": plan.operator,
        "size": place.size,
        "repetition": place.repetition,
        "order": order,
        "ordered_by": "start" if draft.started_at else "listing",
        "excluded": reason,
        "rule": rule,
        "status": reading.status.value,
        "reason": reading.reason,
        "foreign_lines": reading.foreign_lines,
        "conflicts": " ".join(reading.conflicts),
        "fingerprint": fingerprint(figures) if reading.status is Status.OK else "",
        "log": published(f"{plan.directory}/{draft.path}", plan.directory),
        "bytes": draft.source.bytes,
        "sha256": draft.source.sha256,
    }


def _exclusion(plan: ReadingPlan, draft: Draft) -> tuple[str, str]:  # noqa: PLR0911
    """Return the rule that leaves a trial out, and the reason; both empty if none does."""
    place = draft.place
    if draft.reading.status is not Status.OK:
        return "status", f"the log is {draft.reading.status.words}: {draft.reading.reason}"
    if told := draft.reading.figures.get("excluded"):
        return "table", str(told)
    if fits(plan.where, draft.reading.figures) is None:
        missing = ", ".join(name for name in plan.where if name not in draft.reading.figures)
        return "where", f"the log does not tell {missing}, which says whether it is of the run"
    for rule in plan.exclude:
        if excludes(rule, draft.path, place):
            return "exclude", str(rule["reason"])
    if place.warmup:
        return "warm-up", "a warm-up, marked by the underscore before its folder's name"
    if plan.sizes and place.size not in plan.sizes:
        return "sizes", f"size {place.size} is not of the study"
    return "", ""


def write_rows(rows: Iterable[Mapping[str, Any]], names: Sequence[str], path: str | Path) -> None:
    """Write rows as CSV; a value that a row lacks is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="raise", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    Path(path).write_text(text.getvalue(), encoding="utf-8")
