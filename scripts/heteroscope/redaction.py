"""Take out of a text what must never be published: keys, addresses, host names, paths.

Each kind of what is private is one `Rule` of `private`.  `redact` replaces what the rules match,
`find_secrets` tells of it; both follow the same rules, so that what has been redacted has no
findings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heteroscope.metrics import UserError
from heteroscope.private import RULES

# Two are usual: the second finds nothing.
_PASSES = 10


def redact(text: str) -> str:
    """Return the text without keys, addresses, host names and absolute paths.

    >>> redact("/opt/view/bin/orted --host ip-10-0-0-1.us-east-2.compute.internal")
    'orted --host [host]'
    """
    if not text.isascii():
        # Half a character, as JSON can spell it, cannot be written anywhere.
        text = text.encode("utf-8", "replace").decode()
    # What is left where something was taken out can look private again, once its ends have met.
    for _ in range(_PASSES):
        before = text
        for rule in RULES:
            if any(hint in text for hint in rule.hints):
                text = rule.pattern.sub(rule.replace, text)
        if text == before:
            break
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that must not be published.

    Attributes
    ----------
    kind
        The rule's name.
    line
        In which line it stands, from 1.
    shown
        The line, redacted and shortened, so that the finding itself may be printed.
    """

    kind: str
    line: int
    shown: str


_SHOWN, _LOOKED_AT = 80, 2000
# Embedded pictures are no words, but have the letters of paths.
_EMBEDDED = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]+")


def find_secrets(text: str) -> list[Finding]:
    """Return what must not be published in a text, by line.

    Parameters
    ----------
    text
        A table, a log, a report or the metadata of a picture.

    Returns
    -------
    list of Finding
        Empty if the text may be published; `redact` leaves nothing to be found.
    """
    return sorted(_findings(_EMBEDDED.sub("", text)), key=lambda finding: finding.line)


def _findings(text: str) -> Iterator[Finding]:
    ends = [match.start() for match in re.finditer("\n", text)]
    for rule in RULES:
        if not any(hint in text for hint in rule.hints):
            continue
        for match in rule.pattern.finditer(text):
            if rule.replace(match) == match[0]:
                continue
            line = bisect_left(ends, match.start())
            start = ends[line - 1] + 1 if line else 0
            # Whoever prints a finding must not publish what it found.
            shown = redact(text[start : start + _LOOKED_AT].partition("\n")[0])[:_SHOWN]
            yield Finding(rule.name, line + 1, shown)


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A file of a folder that was looked through.

    Attributes
    ----------
    path
        Below the folder.
    findings
        What it holds that must not be published.
    skipped
        Why it is not in the copy; empty if it is.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    skipped: str = ""


def redact_folder(folder: Path, target: Path | None = None) -> list[RedactedFile]:
    """Look through the files below a folder and, where asked, write a redacted copy of it.

    Parameters
    ----------
    folder
        Is only ever read.
    target
        Where the copy is written; nothing is written if it is None.

    Returns
    -------
    list of RedactedFile
        A file each, by path.

    Raises
    ------
    UserError
        If there is no such folder, or if the target is not a new or empty folder outside of it.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    if target is not None:
        _check_target(folder, target)
    return [
        _redact_file(folder, path, target)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    ]


def _check_target(folder: Path, target: Path) -> None:
    source, copy = folder.resolve(), target.resolve()
    if copy.is_relative_to(source) or source.is_relative_to(copy):
        raise UserError(f"{target} must lie outside of {folder}, whose files stay as they are")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"{target} exists, and nothing is written over: name a new folder")


def _redact_file(folder: Path, path: Path, target: Path | None) -> RedactedFile:
    name = path.relative_to(folder).as_posix()
    if path.is_symlink() or not path.is_file():
        return RedactedFile(name, skipped="no regular file")
    try:
        data = path.read_bytes()
    except OSError as error:
        return RedactedFile(name, skipped=error.strerror or type(error).__name__)
    try:
        # Line ends are kept as they are.
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return RedactedFile(name, skipped="no text in UTF-8, which could hide anything")
    if "\0" in text:
        return RedactedFile(name, skipped="no text: it holds NUL bytes")
    if target is not None:
        copy = target / redact(name)
        if copy.exists():
            return RedactedFile(name, skipped="its redacted name is that of another file")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(redact(text).encode())
    return RedactedFile(name, tuple(find_secrets(text)))
