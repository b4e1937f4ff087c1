"""Which reader the logs of a run are for, where the configuration does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from heteroscope.campaign.configuration import nearest
from heteroscope.campaign.layout import compile_pattern
from heteroscope.logs import applications_of, readers, readers_of
from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.reader import Reader
from heteroscope.metrics import UserError

# So many logs are opened, spread over all: enough that some that died early do not decide.
_OPENED = 9


def choose_reader(
    where: str, entry: Mapping[str, Any], folder: Path, files: Sequence[str]
) -> Reader:
    """Return the reader of a run: the one that is named, or else recognised.

    Where the run says where its logs lie, what most of several logs hold decides; elsewhere, whose
    layout the files have.

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
    pattern, opened = entry["logs"], []
    if pattern:
        match = compile_pattern(pattern)
        logs = [path for path in files if match(path)]
        if not logs:
            raise UserError(
                f"{where}.logs: nothing below {entry['directory']} matches {pattern} "
                f"(is {entry['directory']} unpacked, and complete?)"
            )
        opened = logs[:: -(-len(logs) // _OPENED)]
    texts = _texts(folder / log for log in opened)
    application = entry["application"] or _most(map(applications_of, texts), ["lammps"])[0]
    known = readers(application)
    if name := entry["reader"]:
        if name not in known:
            raise UserError(
                f"{where}.reader: there is no reader {name!r}{nearest(name, known)}; "
                f"known are {', '.join(known)}"
            )
        if known[name].layout is None and not pattern:
            raise UserError(
                f"{where}.logs: the reader {name} has no layout of its own; say where its logs "
                'lie, for example "{machine}/size-{size}/run-{repetition}.log"'
            )
        return known[name]
    if pattern:
        of_each = ([reader.name for reader in readers_of(text, application)] for text in texts)
        # Logs that are still to be made are the application's own.
        found = [known[name] for name in _most(of_each, [] if texts else [application])]
        told = f"what stands in {opened[0]}" + " and others like it" * (len(opened) > 1)
    else:
        found = [
            reader
            for reader in known.values()
            if reader.layout and any(map(reader.layout.fullmatch, files))
        ]
        told = f"the files below {entry['directory']}"
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            f"{where}: {told} is known to {' and '.join(r.name for r in found)}; "
            f"say which is meant, for example `reader: {found[0].name}`"
        )
    layouts = "; ".join(f"{r.name}: {r.spelled}" for r in known.values() if r.spelled)
    raise UserError(
        f"{where} has no logs: no reader knows {told} (is {entry['directory']} unpacked?). "
        f"Known layouts are {layouts}. For any other, say where its logs lie with `logs:`, for "
        'example "size-{size}/run-{repetition}.log", or name the `reader:`'
    )


def _texts(logs: Iterable[Path]) -> list[bytes]:
    """Return what stands in those logs that can be read."""
    texts = []
    for log in logs:
        try:
            texts.append(read_file(log).text)
        except UnreadableError:
            continue
    return texts


def _most(named: Iterable[Iterable[str]], otherwise: list[str]) -> list[str]:
    """Return the name that is most frequent; several if they tie."""
    votes = Counter(name for names in named for name in names)
    return [name for name, n in votes.items() if n == max(votes.values())] or otherwise
