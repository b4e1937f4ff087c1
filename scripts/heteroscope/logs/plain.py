"""What collectors and launchers do to a log is undone: the log becomes what was printed.

They pack it in JSON, colour it, end its lines in their own ways, and head each line with a time,
the number of a task or the name of a pod.  There is no list of such heads: whatever stands before
LAMMPS' banner on its line is one, and so is what looks like it, digit for digit, on other lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from heteroscope.redaction import redact


@dataclass(frozen=True, slots=True)
class Plain:
    """A log as it was printed.

    Attributes
    ----------
    text
        Its lines, each of which ends with LF.
    prefix
        What was taken off them, as it stood before the banner: no name stays in it.
    """

    text: bytes
    prefix: str = ""


_LONE_CR = re.compile(rb"\r[^\r\n]|\r\Z")
_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-9;:?]{0,40}[A-Za-z]|\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78cM])"
)
# What LAMMPS surely prints at the start of a line, in the order in which it is looked for.
_ANCHORS = tuple(
    (start, re.compile(re.escape(start) + rest))
    for start, rest in (
        (b"LAMMPS (", rb"\d{1,2} [A-Z][a-z]{2} \d{4}[^()\n]{0,80}\)[ \t]{0,9}(?:\n|$)"),
        (b"Loop time of ", rb"[\d.]{1,24}(?:e[-+]\d\d)? on \d{1,9} procs"),
        (b"Total wall time: ", rb"\d{1,6}:\d\d:\d\d[ \t]{0,9}(?:\n|$)"),
    )
)
# As long a head is looked at, and so many places where one could stand.
_LONGEST_HEAD, _PLACES, _LOOKED_AT = 200, 1000, 8000
# Of a log in which LAMMPS printed nothing, only what all lines have is taken off.
_KNOWN = re.compile(
    rb"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,12}(?:Z|[-+]\d\d:?\d\d)?\]?[ \t]?"
    rb"|[ \t]{0,9}\[?\d{1,9}(?:,\d{1,9})?\]?(?:<std(?:out|err)>)?:[ \t]?"
)
_DATES = rb"AM|PM|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# Numbers with their points, names of days and months, streams, blanks; anything else is literal.
_TOKEN = re.compile(
    rb"(?P<number>\d[\d.,]{0,200})|(?P<date>\b(?:" + _DATES + rb")\b)"
    rb"|(?P<stream>std(?:out|err))|(?P<blank>[ \t]{1,200})|[^ \t\d]"
)
_SHAPES = {
    "number": rb"\d[\d.,]{0,200}",
    "date": b"(?:" + _DATES + b")",
    "stream": b"std(?:out|err)",
    "blank": rb"[ \t]{1,200}",
}
_HARMLESS = {
    *("lammps", "lmp", "stdout", "stderr", "out", "err", "log", "txt", "run", "task", "rank"),
    *("pod", "t", "z", "utc", "am", "pm", "info", "f", "p", "s", "ms"),
}


_LAST_WORDS = b"slurmstepd: error: *** "
_BANNER = b"LAMMPS ("
# Under which keys a collector's record of one line holds that, if no banner shows it.
_LINES = ("log", "message", "msg", "line")


def plain(data: bytes, anchors: Sequence[bytes] = ()) -> Plain:
    """Return a log as it was printed, whatever was done to it since.

    Parameters
    ----------
    data
        The log as it lies in a file.
    anchors
        How lines begin that its application surely prints; none for LAMMPS' own.
    """
    text = _unified(_unpacked(data))
    if b"\x1b" in text:
        text = _ESCAPE.sub(b"", text)
    if _LAST_WORDS in text:
        # What is printed as a job is ended follows what it could not end.
        text = re.sub(rb"(?<=[^\n])" + re.escape(_LAST_WORDS), b"\n" + _LAST_WORDS, text)
    prefix, shape = _prefix(text, anchors)
    if shape is None:
        return Plain(text)
    return Plain(shape.sub(b"", text), prefix)


def _unified(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    if not _LONE_CR.search(data):
        return data.translate(None, b"\r")
    # Two terminals in a row make CR CR LF of LF: one line end.
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _prefix(text: bytes, anchors: Sequence[bytes]) -> tuple[str, re.Pattern[bytes] | None]:
    """Return what heads the lines, published, and the pattern that takes it off."""
    for start, anchor in [(own, re.compile(re.escape(own))) for own in anchors] or _ANCHORS:
        heads = _heads(text, start, anchor)
        if (first := next(heads, None)) is None:
            continue
        # A job script may name the version that it is about to run: the banner alone counts.
        if not first.strip() or any(not head.strip() for head in heads):
            return "", None
        # Blanks at its end may be those with which the application indents the line.
        shape = re.compile(b"(?m)^" + _shape(first.rstrip() if anchors else first))
        # Without the banner, what heads one line alone is none.
        if start == _ANCHORS[0][0] or _common(shape, text):
            return _published(first), shape
        if not anchors:
            return "", None
    if first_head := _KNOWN.match(text.lstrip(b"\n")):
        shape = re.compile(b"(?m)^" + _shape(first_head[0]))
        if _common(shape, text):
            return _published(first_head[0]), shape
    return "", None


def _common(shape: re.Pattern[bytes], text: bytes) -> bool:
    """Say whether most of the first lines begin with what looks like a head."""
    lines = [line for line in text[:_LOOKED_AT].split(b"\n")[:_PLACES] if line.strip()]
    return 2 * sum(map(bool, map(shape.match, lines))) > len(lines)


def _heads(text: bytes, start: bytes, anchor: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield what stands before an anchor on its line, place by place."""
    at = -1
    for _ in range(_PLACES):
        if (at := text.find(start, at + 1)) < 0:
            return
        line = text.rfind(b"\n", max(0, at - _LONGEST_HEAD), at) + 1
        if (line or at <= _LONGEST_HEAD) and anchor.match(text, at):
            yield text[line:at]


def _shape(head: bytes) -> bytes:
    """Return the pattern of what looks like a head of lines."""
    lead = len(head) - len(head.lstrip())
    body = head.strip(b" \t")
    pattern = b"".join(
        _SHAPES[token.lastgroup] if token.lastgroup else re.escape(token[0])
        for token in _TOKEN.finditer(body)
    )
    # Numbers are set flush right, and an empty line is its head alone.
    end = rb"(?:[ \t]|$)" if head[lead + len(body) :] else b""
    return rb"[ \t]{0,200}" + pattern + end


def _published(head: bytes) -> str:
    """Return a head of lines without the names in it: they may be those of hosts."""
    # What is private as a whole goes first: an address, say, some parts of which are letters.
    words = re.sub(
        r"\[(?:secret|address|host|home|e-mail|account|user)\]|[^\W\d_]{1,200}",
        lambda word: (
            word[0]
            if word[0][0] == "["
            or word[0].lower() in _HARMLESS
            or re.fullmatch(_DATES.decode(), word[0])
            else "[name]"
        ),
        redact(" ".join(head.decode("utf-8", "replace").split())),
    )
    return redact(words)


def _unpacked(data: bytes) -> bytes:
    """Return the lines that a collector packed into JSON; other logs as they are."""
    at = data.find(_BANNER)
    line = data[data.rfind(b"\n", 0, at) + 1 : at] if at >= 0 else data[:1]
    if b"{" not in line and data[:1] not in (b"{", b"["):
        return data
    if data[:1] in (b"{", b"[") and (lines := _document(data)):
        return "\n".join(line.rstrip("\r\n") for line in lines).encode("utf-8", "replace")
    first = data[at - len(line) :].partition(b"\n")[0] if at >= 0 else data.partition(b"\n")[0]
    path = _path(_object(first), _BANNER.decode()) if at >= 0 else ()
    paths: list[tuple[str, ...]] = [path] if path else [(key,) for key in _LINES]
    if b"{" in line and any(isinstance(_at(_object(first), path), str) for path in paths):
        return b"\n".join(_record(line, paths) for line in data.split(b"\n"))
    return data


def _document(data: bytes) -> list[str]:
    """Return the lines in a JSON document, as a list of them or of records of one each."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return []
    banner = _BANNER.decode()
    lists = [
        lines
        for lines in _lists(content)
        if any(banner in line or "METRICS OPERATOR" in line for line in lines)
    ]
    return max(lists, key=len, default=[])


def _object(line: bytes) -> Any:
    """Return the JSON object in a line, if there is one."""
    try:
        return json.loads(line[line.index(b"{") :])
    except (ValueError, RecursionError):
        return None


def _path(content: Any, words: str) -> tuple[str, ...]:
    """Return under which keys the text stands that holds some words; none if there is none."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(content, ())]
    while stack:
        item, path = stack.pop()
        if isinstance(item, str) and item.startswith(words):
            return path
        if isinstance(item, dict):
            stack += [(value, (*path, key)) for key, value in item.items()]
    return ()


def _at(content: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _record(line: bytes, paths: list[tuple[str, ...]]) -> bytes:
    """Return the line that a record of a collector holds."""
    if b"{" not in line:
        return line
    content = _object(line)
    for path in paths:
        if isinstance(text := _at(content, path), str):
            return text.rstrip("\r\n").encode("utf-8", "replace")
    return line


def _lists(content: Any) -> Iterator[list[str]]:
    """Yield the lists of lines in a JSON document."""
    stack = [content]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += item.values()
        elif isinstance(item, list):
            if all(isinstance(line, str) for line in item):
                yield item
                continue
            stack += item
            path = next(filter(None, (_path(record, _BANNER.decode()) for record in item)), ())
            lines = [_at(record, path) for record in item] if path else []
            yield [line for line in lines if isinstance(line, str)]
