"""Which files a run was read from, noted by the job that reads them, and whether they changed.

Snakemake can watch inputs itself, but spends 0.1 ms a file in each call, and looks at all inputs of
all waiting jobs whenever a job ends.  This takes a tenth of it, and misses less: a file that is
replaced by an older one has changed, too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from heteroscope.logs.files import Source, identify

# When a file was written, as its file system tells it: size, and times in ns of contents and entry.
Stamp = tuple[int | None, int, int]


@dataclass(frozen=True, slots=True)
class State:
    """The files of a run as they are now.

    Attributes
    ----------
    name
        Another one whenever the contents are, and the same one as long as they are not.
    changed
        Files that are not as they were read: new ones, others, and those that are gone.
    """

    name: str
    changed: tuple[str, ...] = ()


def state(files: Iterable[str], notes: str | Path) -> State:
    """Return the state of files; only those that were written since they were read are opened.

    Parameters
    ----------
    files
        Logs and companions.
    notes
        Where `note` wrote what was read.  Nothing is opened if there are none.
    """
    now = {file: _stamp(file) for file in files}
    noted = _read(notes)
    if noted is None:
        return State(_digest(f"{file} {stamp[0]} {stamp[1]}" for file, stamp in now.items()))
    name, known = noted
    # What was only touched, copied or checked out again is the same.
    changed = {
        file: digest
        for file, stamp in now.items()
        if (before := known.get(file, _NEVER))[:3] != [*stamp]
        and (digest := identify(file).sha256) != before[3]
    }
    gone = dict.fromkeys(known.keys() - now.keys(), "")
    if not changed and not gone:
        return State(name)
    differing = sorted({**changed, **gone}.items())
    # The name of before goes in, so that a change and its like later on have different names.
    return State(
        _digest([name, *(f"{file} {digest}" for file, digest in differing)]),
        tuple(file for file, _ in differing),
    )


# Of a file that was not there.
_NEVER: list[Any] = [None, 0, 0, None]


def _stamp(file: str) -> Stamp:
    try:
        status = os.stat(file)  # noqa: PTH116, Path takes longer than the call
    except OSError:
        return None, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _read(notes: str | Path) -> tuple[str, dict[str, list[Any]]] | None:
    try:
        noted = json.loads(Path(notes).read_text(encoding="utf-8"))
        return noted["state"], noted["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def note(notes: str | Path, name: str, sources: Mapping[str, Source]) -> None:
    """Write down which files were read.

    Parameters
    ----------
    notes
        Where to.
    name
        That of the state in which they were found.
    sources
        What was read, by path.
    """
    path = Path(notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {file: astuple(source) for file, source in sources.items()}
    # Whoever looks at the same time sees the notes of before or of now, whole.
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"state": name, "files": files}), encoding="utf-8")
    draft.replace(path)
