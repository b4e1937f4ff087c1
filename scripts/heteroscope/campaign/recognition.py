"""Which reader the logs of a run are for, where the configuration does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from heteroscope.campaign.configuration import nearest
from heteroscope.campaign.layout import compile_pattern
from heteroscope.logs import READERS, readers_of
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
    if name := entry["reader"]:
        if name not in READERS:
            raise UserError(
                f"{where}.reader: there is no reader {name!r}{nearest(name, READERS)}; "
                f"known are {', '.join(READERS)}"
            )
        if READERS[name].layout is None and not entry["logs"]:
            raise UserError(
                f"{where}.logs: the reader {name} has no layout of its own; say where its logs "
                'lie, for example "{machine}/size-{size}/run-{repetition}.log"'
            )
        return READERS[name]
    if pattern := entry["logs"]:
        match = compile_pattern(pattern)
        logs = [path for path in files if match(path)]
        if not logs:
            raise UserError(
                f"{where}.logs: nothing below {entry['directory']} matches {pattern} "
                f"(is {entry['directory']} unpacked, and complete?)"
            )
        opened = logs[:: -(-len(logs) // _OPENED)]
        found = _of_most([folder / log for log in opened])
        told = f"what stands in {opened[0]}" + " and others like it" * (len(opened) > 1)
    else:
        found = [
            reader
            for reader in READERS.values()
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
    known = "; ".join(f"{r.name}: {r.spelled}" for r in READERS.values() if r.spelled)
    raise UserError(
        f"{where} has no logs: no reader knows {told} (is {entry['directory']} unpacked?). "
        f"Known layouts are {known}. For any other, say where its logs lie with `logs:`, for "
        'example "size-{size}/run-{repetition}.log", or name the `reader:`'
    )


def _of_most(logs: Sequence[Path]) -> list[Reader]:
    """Return the reader that recognises the most of these logs; several if they tie."""
    votes: Counter[str] = Counter()
    for log in logs:
        try:
            votes.update(reader.name for reader in readers_of(read_file(log).text))
        except UnreadableError:
            continue
    return [READERS[name] for name, count in votes.items() if count == max(votes.values())]
