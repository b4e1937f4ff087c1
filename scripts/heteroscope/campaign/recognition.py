"""Which reader the logs of a run are for, where the configuration does not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from heteroscope.campaign.configuration import nearest
from heteroscope.campaign.layout import compile_pattern
from heteroscope.campaign.vocabulary import shipped_of
from heteroscope.logs import APPLICATIONS, applications_of, readers, readers_of
from heteroscope.logs.companions import is_companion
from heteroscope.logs.files import MEGABYTE, UnreadableError, read_file
from heteroscope.logs.reader import PACKED, Reader
from heteroscope.metrics import UserError

# So many logs are opened, spread over all: enough that some that died early do not decide.
_OPENED = 9
_LARGEST = 16 * MEGABYTE


def choose_reader(
    where: str, entry: Mapping[str, Any], folder: Path, files: Sequence[str]
) -> tuple[Reader, str]:
    """Return the reader of a run, named or recognised, and where its logs lie, in wildcard syntax.

    The run says where its logs lie, or their files have the layout of a reader, or they are the
    files that end like those in which an application is recognised.

    Parameters
    ----------
    where
        The run's place in the configuration, for messages.
    entry
        Its entry there.
    folder, files
        Its directory, and the files below.

    Raises
    ------
    UserError
        If there is no such reader, if none knows the logs, or if several do alike.
    """
    named = entry["reader"]
    texts, pattern, told = _looked_at(where, entry, folder, files)
    application = entry["application"] or _printed(where, texts)
    known = readers(application)
    if named and named not in known:
        raise UserError(
            f"{where}.reader: there is no reader {named!r}{nearest(named, known)}; "
            f"known are {', '.join(known)}"
        )
    if named and (pattern or known[named].layout):
        return known[named], pattern
    if not pattern:
        found = _by_layout(known, named, files)
    elif texts:
        written = ([r.name for r in readers_of(text, application)] for text in texts.values())
        found = [known[name] for name in _most(written, [])]
        # A log without a word of its launcher is none against it.
        found = [reader for reader in found if reader.name != application] or found
    else:
        # Logs that are still to be made are the application's own.
        found = [known[application]]
    if len(found) == 1:
        return found[0], pattern
    if found:
        raise UserError(
            f"{where}: {told} is known to {' and '.join(r.name for r in found)}; "
            f"say which is meant, for example `reader: {found[0].name}`"
        )
    raise UserError(f"{where}{_unknown(entry, folder, files, told)}")


def _looked_at(
    where: str, entry: Mapping[str, Any], folder: Path, files: Sequence[str]
) -> tuple[dict[str, bytes], str, str]:
    """Return what stands in some logs, where all of them lie, and the words for what was looked at.

    Files that have the layout of a reader are opened only where there are several applications.
    """
    below = f"the files below {entry['directory']}"
    if pattern := entry["logs"]:
        match = compile_pattern(pattern)
        logs = [path for path in files if match(path)]
        if not logs:
            raise UserError(
                f"{where}.logs: nothing below {entry['directory']} matches {pattern} "
                f"(is {entry['directory']} unpacked, and complete?)"
            )
        told = f"what stands in {logs[0]}" + " and others like it" * (len(logs) > 1)
        return _texts(folder, logs), pattern, told
    if found := _by_layout(readers(entry["application"] or "lammps"), entry["reader"], files):
        layouts = [reader.layout for reader in found if reader.layout]
        logs = [path for path in files if any(layout.fullmatch(path) for layout in layouts)]
        return _texts(folder, logs) if len(APPLICATIONS) > 1 else {}, "", below
    texts, pattern = _by_content(folder, files, entry["application"])
    return texts, pattern, f"what stands in {below}"


def _printed(where: str, texts: Mapping[str, bytes]) -> str:
    """Return what printed the logs; LAMMPS where none is recognised.

    Raises
    ------
    UserError
        If some are of one application, and some of another.
    """
    printed = [(path, found) for path, text in texts.items() if (found := applications_of(text))]
    name = _most((found for _, found in printed), ["lammps"])[0]
    if other := next(((path, found) for path, found in printed if name not in found), None):
        mine = next(path for path, found in printed if name in found)
        raise UserError(
            f"{where}.application: {mine} is output of {name}, and {other[0]} of {other[1][0]}; "
            f"say which is meant, such as `application: {name}`, and in `logs:` where they lie"
        )
    return name


def _unknown(entry: Mapping[str, Any], folder: Path, files: Sequence[str], told: str) -> str:
    """Return what to say where no reader knows the logs, and what may help."""
    texts = _texts(folder, [path for path in files if not is_companion(path)])
    shipped = _most(map(shipped_of, texts.values()), [])
    if shipped and not entry["application"]:
        return (
            f": {told} is no output of LAMMPS; it looks like that of {shipped[0]}: say "
            f"`application: {shipped[0]}`"
        )
    spelled = "; ".join(f"{r.name}: {r.spelled}" for r in readers().values() if r.spelled)
    return (
        f" has no logs: no reader knows {told} (is {entry['directory']} unpacked?). "
        f"Known layouts are {spelled}. For any other, say where its logs lie with `logs:`, for "
        'example "size-{size}/run-{repetition}.log", or name the `reader:` or the `application:`'
    )


def _by_layout(known: Mapping[str, Reader], named: str, files: Sequence[str]) -> list[Reader]:
    """Return the readers whose layout the files have: of all, or of the one that is named."""
    return [
        reader
        for reader in known.values()
        if reader.layout and named in ("", reader.name) and any(map(reader.layout.fullmatch, files))
    ]


def _by_content(
    folder: Path, files: Sequence[str], application: str
) -> tuple[dict[str, bytes], str]:
    """Return the files in which an application is recognised, and what all such files end with."""
    logs = [path for path in files if not is_companion(path) and "/." not in f"/{path}"]
    texts = {
        path: text
        for path, text in _texts(folder, logs, 3 * _OPENED).items()
        if (found := applications_of(text)) and application in ("", *found)
    }
    ends = _most(([_end(path)] for path in texts), [])
    return texts, f"{{log}}{ends[0]}" if ends else ""


def _end(path: str) -> str:
    """Return the end of a file's name: ``.out``, ``.log.gz``."""
    return re.search(rf"(?:\.[A-Za-z]\w{{0,9}})?{PACKED}$", path)[0]  # type: ignore[index]


def _texts(folder: Path, logs: Sequence[str], most: int = _OPENED) -> dict[str, bytes]:
    """Return what stands in some logs, spread over all, as far as they can be read."""
    texts = {}
    for log in logs[:: -(-len(logs) // most) or 1]:
        try:
            texts[log] = read_file(folder / log, _LARGEST).text
        except UnreadableError:
            continue
    return texts


def _most(named: Iterable[Iterable[str]], otherwise: list[str]) -> list[str]:
    """Return the name that is most frequent; several if they tie."""
    votes = Counter(name for names in named for name in names)
    return [name for name, n in votes.items() if n == max(votes.values())] or otherwise
