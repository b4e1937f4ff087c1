"""The logs of a run are read: a draft a trial, whatever became of its log, and what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from heteroscope.campaign.layout import (
    NODES,
    Place,
    place_of,
    published,
    size_inside,
)
from heteroscope.logs import companions as beside
from heteroscope.logs import (
    readers,
)
from heteroscope.logs.files import Source, UnreadableError, read_file
from heteroscope.logs.reader import Reader, Reading
from heteroscope.metrics import Figure, Status, UserError
from heteroscope.words import sizes_are_nodes

LOG = logging.getLogger(__name__)

T = TypeVar("T")


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
class Draft:
    """A trial whose place among the others is not known yet."""

    path: str
    place: Place
    reading: Reading
    source: Source
    companion: Mapping[str, Figure]
    by_ranks: bool = False

    @property
    def started_at(self) -> str:
        """When it began; empty where nothing says so."""
        return str(self.reading.figures.get("started_at", ""))


def read_companions(
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


def fits(where: Mapping[str, Any], figures: Mapping[str, Figure]) -> bool | None:
    """Return whether figures are as wanted; None if one is not known and none is otherwise."""
    known = [
        figures[name] == wanted or fnmatchcase(str(figures[name]), str(wanted))
        for name, wanted in where.items()
        if name in figures
    ]
    return False if not all(known) else True if len(known) == len(where) else None


def selected(plan: ReadingPlan, drafts: list[Draft]) -> list[Draft]:
    """Return the trials that are of the run; those of which that is not known stay, to be told."""
    drafts = _of_application(plan, drafts)
    matches = [fits(plan.where, draft.reading.figures) for draft in drafts]
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


def _of_application(plan: ReadingPlan, drafts: list[Draft]) -> list[Draft]:
    """Return the trials of the run's application, where those of others lie in the same folders.

    A layout that names the application does so first: what is called otherwise than the logs with
    its output, and has none itself, is another's.  Its own logs that died keep their names.
    """
    if plan.pattern or "<application>" not in readers(plan.application)[plan.reader].spelled:
        return drafts
    speaking = {_first_word(d) for d in drafts if d.reading.status is not Status.NO_OUTPUT}
    others = [draft for draft in drafts if speaking and _first_word(draft) not in speaking]
    if others:
        LOG.warning(
            "%s: %d of %d logs are called otherwise than those with output of %s, and have none: "
            "they are left to other runs (%s); say `logs:` if they are its own",
            plan.run,
            len(others),
            len(drafts),
            plan.application,
            _listed(sorted({f"{_first_word(draft)}…" for draft in others})),
        )
    gone = set(map(id, others))
    return [draft for draft in drafts if id(draft) not in gone]


def _first_word(draft: Draft) -> str:
    name = draft.path.rpartition("/")[2]
    return name[: next((at for at, c in enumerate(name) if not c.isalpha()), len(name))]


def warn(plan: ReadingPlan, reader: Reader, drafts: Sequence[Draft]) -> None:
    """Tell of the trials that cannot be used or of which something is not known."""
    _warn_of_ranks(plan, drafts)
    _warn_of_faults(plan, drafts)
    _warn_of_gaps(plan, reader, drafts)


def _warn_of_ranks(plan: ReadingPlan, drafts: Sequence[Draft]) -> None:
    """Tell of the trials whose size is that of their ranks, as nothing tells their nodes."""
    if ranks := [draft for draft in drafts if draft.by_ranks]:
        LOG.warning(
            "%s: neither path nor log of %d of %d trials tells the nodes, so their size is the "
            "number of ranks; say {size} in `logs:` if the path has it",
            plan.run,
            len(ranks),
            len(drafts),
        )


def judge(plan: ReadingPlan, drafts: Sequence[Draft]) -> None:
    """Tell if most logs of the run are not ok, and end there if that was asked for."""
    faulty = sum(draft.reading.status is not Status.OK for draft in drafts)
    if 2 * faulty > len(drafts):
        told = f"{plan.run}: {faulty} of {len(drafts)} trials cannot be used, more than half"
        if plan.strict:
            raise UserError(f"{told}; mend or leave out their logs, or say `strict: false`")
        LOG.warning("%s", told)


def _warn_of_faults(plan: ReadingPlan, drafts: Sequence[Draft]) -> None:
    """Tell of the trials whose log cannot be used, and why."""

    def told(draft: Draft) -> str:
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


def _warn_of_gaps(plan: ReadingPlan, reader: Reader, drafts: Sequence[Draft]) -> None:
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


def read_logs(plan: ReadingPlan, said: beside.Said, logs: Iterable[str]) -> list[Draft]:
    """Read every log, in the order in which they are named.

    Parameters
    ----------
    plan
        How.
    said
        What companions say.
    logs
        The files, whose paths begin with the run's directory.
    """
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
) -> list[Draft]:
    try:
        content = read_file(log)
    except UnreadableError as error:
        reading = Reading({}, Status.UNREADABLE, str(error))
        return [Draft(path, place, reading, error.source, companion)]
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
            Draft(
                path,
                Place(size, place.repetition, place.warmup),
                replace(reading, figures=figures),
                content.source,
                companion,
                place.size is None and sizes_are_nodes() and not {*NODES} & figures.keys(),
            )
        )
    return drafts
