"""Where the logs of a run lie, and what their paths say of the trials."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from heteroscope.logs.companions import is_companion
from heteroscope.logs.reader import Reader
from heteroscope.metrics import UserError
from heteroscope.redaction import redact
from heteroscope.words import size_of, sizes_are_nodes

# A path's match with a layout, or None.
Match = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class Place:
    """What the path of a log says of its trial; None where it does not say."""

    size: int | None
    repetition: int | None
    warmup: bool


def files_below(folder: Path) -> list[str]:
    """Return every file below a folder, sorted, as paths relative to it with forward slashes.

    A folder that is called like one of these files stands in for one, and is returned, too.
    """
    files: list[tuple[str, str]] = []
    folders: list[tuple[str, str]] = []
    start = len(str(folder)) + 1
    for parent, below, names in os.walk(folder):
        path = parent[start:].replace(os.sep, "/")
        files.extend((path, name) for name in names)
        folders.extend((path, name) for name in below)
    known = {name for _, name in files}
    files.extend(item for item in folders if item[1] in known)
    return sorted(f"{path}/{name}" if path else name for path, name in files)


def place_of(reader: Reader, pattern: str) -> Callable[[str], Place | None]:
    """Return the function that says of which trial a log is, from its path.

    Parameters
    ----------
    reader
        The format of the run.
    pattern
        The run's own layout; empty for the reader's.

    Returns
    -------
    callable
        Maps a path below the run's directory to its place, or to None if it is no log.
    """
    if pattern:
        match: Match = compile_pattern(pattern)
    elif reader.layout is None:
        raise ValueError(f"the reader {reader.name} has no layout")
    else:
        match = reader.layout.fullmatch

    def place(path: str) -> Place | None:
        found = match(path)
        if found is None:
            return None
        groups = found.groupdict()
        size, repetition = groups.get("size"), groups.get("repetition")
        return Place(
            int(size) if size else None,
            int(repetition) if repetition else None,
            bool(groups.get("warmup")) or (bool(pattern) and _in_warmup(path)),
        )

    return place


def _in_warmup(path: str) -> bool:
    """Return whether a log lies in a folder that an underscore marks as a warm-up."""
    return any(folder.startswith("_") for folder in path.split("/")[:-1])


# Where a log tells its nodes, the best first.
NODES = ("size", "nodes_requested", "nodes")
# Where it tells what a size counts otherwise, if that is no figure of that name.
_COUNTED = {"processes": "ranks", "tasks": "tasks_requested"}


def size_inside(figures: Mapping[str, Any]) -> int | None:
    """Return the size that a log itself tells; None if it does not.

    The ranks of a log count where nothing tells its nodes.
    """
    of = size_of()
    if not of:
        return 1
    if sizes_are_nodes():
        names = [*NODES, "ranks"]
    else:
        # The size that a launcher tells is in nodes.
        names = [
            *(re.sub(r"\W+", "_", of.lower()), _COUNTED.get(of, of)),
            *(["size"] * ("nodes_requested" not in figures)),
        ]
    sizes = (figures.get(name) for name in names)
    return next((int(size) for size in sizes if isinstance(size, int | float) and size >= 1), None)


def numeric(path: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key that sorts paths by the numbers in them: ``run-2.log`` before ``run-10.log``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", path)
    return tuple(
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts
    )


def sort_out(
    files: Sequence[str], reader: Reader, pattern: str
) -> tuple[dict[str, Place], list[str]]:
    """Find the logs of a run, with their places, and the logs' companions among its files."""
    place = place_of(reader, pattern)
    placed = {path: found for path in files if (found := place(path)) is not None}
    companions = [path for path in files if is_companion(path)]
    return placed, companions


_WILDCARD = re.compile(r"\{\s*(?P<name>\w+)\s*(?:,(?P<pattern>(?:[^{}]|\{[\d,]+\})*))?\}")


def compile_pattern(pattern: str) -> Match:
    """Compile wildcard syntax, ``{machine}/size-{size}/run-{repetition,[0-9]+}.log``.

    A wildcard matches one character or more, ``size`` and ``repetition`` whole numbers; one that
    stands again matches the same text again.

    Raises
    ------
    UserError
        If a wildcard's own pattern is no regular expression.
    """
    regex, end, seen = "", 0, set()
    for wildcard in _WILDCARD.finditer(pattern):
        name = wildcard["name"]
        regex += re.escape(pattern[end : wildcard.start()])
        default = r"\d+" if name in ("size", "repetition") else ".+"
        regex += f"(?P={name})" if name in seen else f"(?P<{name}>{wildcard['pattern'] or default})"
        seen.add(name)
        end = wildcard.end()
    try:
        return re.compile(regex + re.escape(pattern[end:])).fullmatch
    except re.error as error:
        raise UserError(f"logs: {pattern} is no pattern: {error}") from None


def excludes(rule: Mapping[str, Any], path: str, place: Place) -> bool:
    """Return whether an entry of ``exclude`` leaves out a trial.

    Parameters
    ----------
    rule
        The entry: a glob for the log's path or for one of its parts, a size, a repetition; all
        that it names must agree.
    path
        The log's path below its run's directory.
    place
        Of which trial it is.
    """
    match = rule["match"]
    parts = (path, *path.split("/"))
    return (
        (not match or any(fnmatchcase(part, match) for part in parts))
        and rule["size"] in (0, place.size)
        and rule["repetition"] in (0, place.repetition)
    )


def published(path: str, directory: str) -> str:
    """Return the path of a log as it may be published: nothing above the project is told.

    Parameters
    ----------
    path
        Of a file in a run's directory, which it begins with.
    directory
        The run's directory, as the configuration names it.
    """
    parts = PurePosixPath(directory).parts
    if PurePosixPath(directory).is_absolute() or ".." in parts:
        path = parts[-1] + path[len(directory) :]
    return redact(path.removeprefix("./"))
