"""The logs of a run become its trials: a row each, whatever became of the log."""

from __future__ import annotations

import csv
import io
import itertools
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from heteroscope.campaign.layout import (
    NODES,
    Place,
    excludes,
    files_below,
    numeric,
    place_of,
    published,
    size_inside,
    sort_out,
)
from heteroscope.logs import companions as beside
from heteroscope.logs import (
    figure_texts,
    figure_units,
    flux_operator,
    lammps,
    mpi_operator,
    readers,
)
from heteroscope.logs.files import Source, UnreadableError, read_file
from heteroscope.logs.reader import Reader, Reading
from heteroscope.metrics import METRICS, Figure, Status, UserError
from heteroscope.tables.columns import TRIAL, Column, Kind
from heteroscope.tables.copies import fingerprint, leave_out_copies
from heteroscope.words import sizes_are_nodes

LOG = logging.getLogger(__name__)

T = TypeVar("T")

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
class ReadingPlan:
    """What is needed to read the logs of one run, and nothing else.

    Attributes
    ----------
    run, operator, directory, reader, pattern, options, exclude, where, strict
        As of the run (`runs.Run`), with the reader's name.
    application
        What ran.
    file
        The one file of the run, below its directory; empty for a directory of logs.
    sizes
        The sizes of the study; empty if every size belongs to it.
    """

    run: str
    operator: str
    directory: str
    reader: str
    pattern: str
    sizes: Sequence[int] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    exclude: Sequence[Mapping[str, Any]] = ()
    where: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = False
    application: str = "lammps"
    file: str = ""


@dataclass(slots=True)
class _Draft:
    """A trial whose place among the others is not known yet."""

    path: str
    place: Place
    reading: Reading
    source: Source
    companion: Mapping[str, Figure]
    by_ranks: bool = False

    @property
    def started_at(self) -> str:
        return str(self.reading.figures.get("started_at", ""))


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
    said = _read_companions(plan, companions, sources)
    drafts = _read_logs(plan, said, sorted(logs))
    sources |= {f"{plan.directory}/{draft.path}": draft.source for draft in drafts}
    drafts = _selected(plan, drafts)
    _warn_of_ranks(plan, drafts)
    _warn_of_faults(plan, drafts)
    _warn_of_gaps(plan, reader, drafts)
    _number(drafts)
    orders = {id(draft): number for number, draft in enumerate(sorted(drafts, key=_order_of), 1)}
    rows = [_row(plan, draft, orders[id(draft)]) for draft in drafts]
    leave_out_copies(sorted(rows, key=lambda row: row["order"]))
    _judge(plan, drafts)
    rows.sort(key=lambda row: (row.get("size") or 0, row.get("repetition") or 0, row["log"]))
    return RunRead(rows, sources)


def _read_companions(
    plan: ReadingPlan, companions: Iterable[str], sources: dict[str, Source]
) -> beside.Said:
    """Return what each companion says, by the folder in which it lies; and add where it lay."""
    found: dict[str, dict[str, dict[str, Figure]]] = {}
    for path in companions:
        try:
            content = read_file(path)
            sources[path] = content.source
            said = beside.read_companion(path, content.text)
        except (UnreadableError, ValueError) as error:
            LOG.warning(
                "%s cannot be read, and its times are missing: %s",
                published(path, plan.directory),
                error,
            )
            if isinstance(error, UnreadableError):
                sources[path] = error.source
            continue
        folder = path[len(plan.directory) + 1 :].rpartition("/")[0]
        found.setdefault(folder, {}).update(said)
        if useless := [
            name for name, figures in said.items() if not beside.FIGURES.keys() & figures.keys()
        ]:
            LOG.warning(
                "%s has times that are no positive numbers, and they are missing: %s",
                published(path, plan.directory),
                _listed(useless),
            )
    return found


# As many names as a warning lists.
_LISTED = 5


def _listed(names: Sequence[T], told: Callable[[T], str] = str, separator: str = ", ") -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return separator.join(map(told, names[:_LISTED])) + more


def _matches(where: Mapping[str, Any], figures: Mapping[str, Figure]) -> bool | None:
    """Return whether figures are as wanted; None if one is not known and none is otherwise."""
    known = [
        figures[name] == wanted or fnmatchcase(str(figures[name]), str(wanted))
        for name, wanted in where.items()
        if name in figures
    ]
    return False if not all(known) else True if len(known) == len(where) else None


def _selected(plan: ReadingPlan, drafts: list[_Draft]) -> list[_Draft]:
    """Return the trials that are of the run; those of which that is not known stay, to be told."""
    matches = [_matches(plan.where, draft.reading.figures) for draft in drafts]
    if drafts and True not in matches:
        name = next(iter(plan.where))
        found = sorted({str(draft.reading.figures.get(name, "none")) for draft in drafts})
        raise UserError(
            f"runs.{plan.run}.where: no log of {plan.directory} has {dict(plan.where)}; "
            f"the values of {name} are {_listed(found)}"
        )
    if others := matches.count(False):
        LOG.info("%s: where leaves %d of %d trials to others", plan.run, others, len(drafts))
    return [d for d, match in zip(drafts, matches, strict=True) if match is not False]


def _warn_of_ranks(plan: ReadingPlan, drafts: Sequence[_Draft]) -> None:
    """Tell of the trials whose size is that of their ranks, as nothing tells their nodes."""
    if ranks := [draft for draft in drafts if draft.by_ranks]:
        LOG.warning(
            "%s: neither path nor log of %d of %d trials tells the nodes, so their size is the "
            "number of ranks; say {size} in `logs:` if the path has it",
            plan.run,
            len(ranks),
            len(drafts),
        )


def _judge(plan: ReadingPlan, drafts: Sequence[_Draft]) -> None:
    """Tell if most logs of the run are not ok, and end there if that was asked for."""
    faulty = sum(draft.reading.status is not Status.OK for draft in drafts)
    if 2 * faulty > len(drafts):
        told = f"{plan.run}: {faulty} of {len(drafts)} trials cannot be used, more than half"
        if plan.strict:
            raise UserError(f"{told}; mend or leave out their logs, or say `strict: false`")
        LOG.warning("%s", told)


def _warn_of_faults(plan: ReadingPlan, drafts: Sequence[_Draft]) -> None:
    """Tell of the trials whose log cannot be used, and why."""

    def told(draft: _Draft) -> str:
        log = published(f"{plan.directory}/{draft.path}", plan.directory)
        return f"{log} ({draft.reading.status.words}: {draft.reading.reason})"

    if faulty := [draft for draft in drafts if draft.reading.status is not Status.OK]:
        LOG.warning(
            "%s: the logs of %d of %d trials are not ok:\n  %s",
            plan.run,
            len(faulty),
            len(drafts),
            _listed(faulty, told, ";\n  "),
        )


def _warn_of_gaps(plan: ReadingPlan, reader: Reader, drafts: Sequence[_Draft]) -> None:
    """Tell of the trials that their companion does not know."""
    alone = [draft.path for draft in drafts if not draft.companion]
    if alone and "minicluster_total" in reader.expected:
        LOG.warning(
            "%s: no meta.json tells how long the cluster of %d of %d trials lived: %s",
            plan.run,
            len(alone),
            len(drafts),
            _listed(alone, lambda path: published(f"{plan.directory}/{path}", plan.directory)),
        )


def _read_logs(plan: ReadingPlan, said: beside.Said, logs: Iterable[str]) -> list[_Draft]:
    reader = readers(plan.application)[plan.reader]
    place_in = place_of(reader, plan.pattern)
    drafts = []
    for log in logs:
        path = log[len(plan.directory) + 1 :]
        place = place_in(path)
        if place is None:
            raise ValueError(f"{path} is not of the layout of {plan.run}")
        drafts += _read_log(reader, plan, log, path, place, beside.said_of(path, said))
    return drafts


def _read_log(
    reader: Reader,
    plan: ReadingPlan,
    log: str,
    path: str,
    place: Place,
    companion: Mapping[str, Figure],
) -> list[_Draft]:
    try:
        content = read_file(log)
    except UnreadableError as error:
        reading = Reading({}, Status.UNREADABLE, str(error))
        return [_Draft(path, place, reading, error.source, companion)]
    stamp = reader.started_at(path) if reader.started_at else ""
    drafts = []
    try:
        readings = reader.read(content.text, plan.options)
    except UserError as error:
        raise UserError(f"runs.{plan.run}.{error}") from None
    for alone in readings:
        reading = beside.with_companion(alone, companion)
        figures: dict[str, Figure] = {**({"started_at": stamp} if stamp else {}), **reading.figures}
        size = size_inside(figures) if place.size is None else place.size
        drafts.append(
            _Draft(
                path,
                Place(size, place.repetition, place.warmup),
                replace(reading, figures=figures),
                content.source,
                companion,
                place.size is None and sizes_are_nodes() and not {*NODES} & figures.keys(),
            )
        )
    return drafts


def _order_of(draft: _Draft) -> tuple[str, int, Any]:
    """Sort by when a trial began or, where logs do not say, as companion or paths list them."""
    return draft.started_at, int(draft.companion.get("order", 0)), numeric(draft.path)


def _number(drafts: Sequence[_Draft]) -> None:
    """Number repetitions that no path spells: as their logs do or else in order of execution.

    Where two logs of one size tell the same number, none of that size is believed.
    """
    to_number: dict[int | None, list[_Draft]] = defaultdict(list)
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


def _row(plan: ReadingPlan, draft: _Draft, order: int) -> dict[str, Any]:
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


def _exclusion(plan: ReadingPlan, draft: _Draft) -> tuple[str, str]:  # noqa: PLR0911
    """Return the rule that leaves a trial out, and the reason; both empty if none does."""
    place = draft.place
    if draft.reading.status is not Status.OK:
        return "status", f"the log is {draft.reading.status.words}: {draft.reading.reason}"
    if told := draft.reading.figures.get("excluded"):
        return "table", str(told)
    if _matches(plan.where, draft.reading.figures) is None:
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
