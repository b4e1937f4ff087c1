"""Kinds of lines: what a line of a log looks like, and which figures stand in it.

A format is a table of `Line` rows; to read one more figure is to add one more row.  Each row is a
template of a whole line::

    Line("Loop time of {loop_time:number s} on {procs:integer} procs for {steps:integer} steps")

A placeholder ``{name:kind unit}`` is a figure; ``{:kind}`` matches without keeping; ``*`` stands
for one of the row's `keys`, in the template and in the names of its figures.  White space matches
any amount of it.  Lines match as wholes or not at all, so that the words of one line inside
another (a command that is echoed, say) are never taken for a measurement, and foreign lines
between two of ours change nothing.

A line that begins like one of ours and does not match is *garbled*: its figure is lost, and no
other.  ``Loop time of nan on 4 procs`` is no loop time, but no filler either.

Rows are looked up by how a line starts; each has one pattern, which the line, its blanks
collapsed, must match from end to end.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from string import Formatter

from heteroscope.metrics import Figure
from heteroscope.redaction import redact

Converter = Callable[[bytes], Figure | None]

# Every repetition is bounded, and none can give to the next what it took: no line, whatever stands
# in it, takes more than linear time, and no number is too large for its type.  Two points in a
# number pass the pattern, which is the simpler for it, and fail in `float`.
_NUMBER = rb"[\d.]{1,24}(?:[eE][-+]?\d{1,2})?"
_UNITS = {b"us": 1e-6, b"ms": 1e-3, b"s": 1.0, b"m": 60.0, b"h": 3600.0, b"d": 86400.0}
_MILLIONS = {b"": 1e-6, b"k": 1e-3, b"M": 1.0, b"G": 1e3, b"T": 1e6}


def _clock(text: bytes) -> float:
    """Seconds of ``H:MM:SS``, ``M:SS.cc`` or ``H:MM:SS.cc``; an hour is 3600 s."""
    *hours, minutes, seconds = text.split(b":")
    total = 60 * int(minutes) + float(seconds)
    # At most hundredths are printed: the sum must equal the decimal number that stands there.
    return round(total + 3600 * int(hours[0]) if hours else total, 2)


def _posix_time(text: bytes) -> float:
    """Seconds of what ``time`` prints: ``36.57``, ``0m36.570s`` or ``1h2m3.5s``."""
    total = 0.0
    for value, unit in re.findall(rb"([\d.]+)([hms]?)", text):
        total += float(value) * _UNITS[unit or b"s"]
    return round(total, 6)


def _duration(text: bytes) -> float:
    """Seconds of a duration with its unit: ``47.8813ms``, ``1.53267m``."""
    value = text.rstrip(b"abcdefghijklmnopqrstuvwxyz")
    return round(float(value) * _UNITS[text[len(value) :]], 12)


def _rate(text: bytes) -> float:
    """Millions of atom-steps per second: of ``14.297 katom-step/s``, 0.014297."""
    value, unit = text.split()
    return round(float(value) * _MILLIONS[unit.removesuffix(b"atom-step/s")], 9)


def _threads(text: bytes) -> int:
    """Threads of each rank; a LAMMPS that was built without OpenMP says ``no``."""
    return 1 if text == b"no" else int(text)


# The same ids and commands stand in a log again and again.
@lru_cache(maxsize=4096)
def _text(text: bytes) -> str:
    # What a log says in words is redacted as it is read, so that nothing raw gets any further.
    return redact(text.decode("utf-8", "replace"))


def _spread(text: bytes) -> float | None:
    """Return the spread of a section over the ranks, which was nan where there was none."""
    return None if b"n" in text else float(text)


def moment(text: bytes | float) -> str:
    """Return when seconds of UNIX were, in ISO 8601 (UTC).

    >>> moment(1724600089.3808329)
    '2024-08-25T15:34:49.380833'
    """
    return datetime.fromtimestamp(float(text), UTC).isoformat().removesuffix("+00:00")


def _grid(text: bytes) -> str:
    """``47 by 4 by 8`` as ``47x4x8``."""
    return text.decode().replace(" by ", "x")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a placeholder is matched and converted.

    Attributes
    ----------
    pattern
        What it matches.
    convert
        Makes a figure of it; raises ValueError for what looks right and is not.
    numeric
        It holds a number, so that a line that lacks it is garbled.
    """

    pattern: bytes
    convert: Converter
    numeric: bool = True


# What is longer than this is no line of ours, and the rest of it not worth the time.
_LONGEST = 1 << 16
_ANY = rb".{0,%d}" % (2 * _LONGEST)
_WORD = rb"\S{1,%d}" % (2 * _LONGEST)

# Each pattern demands as many digits as the program prints: a line that was cut short must not be
# read as another number.  A number has no sign unless its kind says so: times and counts are never
# negative.
KINDS: Mapping[str, Kind] = {
    "integer": Kind(rb"\d{1,18}", int),
    "number": Kind(_NUMBER, float),
    "signed": Kind(rb"-?" + _NUMBER, float),
    "numbers": Kind(rb"[-+.,\dEe naif]{1,%d}" % _LONGEST, _text, numeric=False),
    "clock": Kind(rb"\d{1,6}:[0-5]\d:[0-5]\d", _clock),
    "elapsed": Kind(rb"\d{1,6}:[0-5]\d(?:\.\d\d|:[0-5]\d)", _clock),
    "posix": Kind(
        rb"\d{1,9}\.\d\d|(?:\d{1,6}h)?\d{1,6}m\d{1,6}\.\d{1,9}s",
        _posix_time,
    ),
    "duration": Kind(_NUMBER + rb"(?:us|ms|s|m|h|d)", _duration),
    "rate": Kind(_NUMBER + rb" [kMGT]?atom-step/s", _rate),
    "spread": Kind(_NUMBER + rb"|-?nan", _spread),
    "unix": Kind(rb"1\d{9}(?:\.\d{1,9})?", moment, numeric=False),
    "threads": Kind(rb"\d{1,6}|no", _threads),
    "grid": Kind(rb"\d{1,9} by \d{1,9} by \d{1,9}", _grid),
    "signal": Kind(
        rb"Killed|Terminated|Aborted|Segmentation fault|Bus error|Illegal instruction"
        rb"|Floating point exception",
        lambda text: text.decode().lower(),
        numeric=False,
    ),
    "name": Kind(rb"[\w.-]{1,%d}" % _LONGEST, _text, numeric=False),
    "word": Kind(_WORD, _text, numeric=False),
    "text": Kind(rb"\S(?:" + _ANY + rb"\S)?", _text, numeric=False),
    "rest": Kind(_ANY, _text, numeric=False),
    # What follows a whole word, if anything: `realloc` is no claim to be `real`.
    "claim": Kind(rb"(?:\W" + _ANY + rb")?", _text, numeric=False),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of line.

    A line that stands several times must say the same each time, or its figures are a conflict;
    `count` and `collect` are for lines that may say something else each time.

    Attributes
    ----------
    template
        The whole line, stripped (see the module).
    keys
        What ``*`` may stand for.
    count
        A figure: how often such a line stands.
    collect
        A name: the figures of each occurrence are handed to the reader one by one under it, and
        are no figures of the log.
    part
        What the line begins or ends, for the reader: a run, a table, the log.
    like
        The template of whatever claims to be such a line: it is garbled if it does not match
        `template`.  By default, for a line that holds numbers, what stands before its first
        placeholder; nothing claims to be a line that has no number, or begins with one.
    many
        Such lines follow each other, and the reader takes what they say from their text.
    per_run
        The line belongs to one run of the application, of which a log may hold several.
    foreign
        The line belongs to the launcher or scheduler, not to the application.
    tells
        How the job died, in words, if there is such a line; ``{name}`` stands for a figure of it.
    """

    template: str
    keys: tuple[str, ...] = ()
    count: str = ""
    collect: str = ""
    part: str = ""
    like: str = ""
    per_run: bool = False
    foreign: bool = False
    tells: str = ""

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield name and unit of each figure of the line, in their order."""
        if self.count:
            yield self.count, ""
        if self.collect or self.tells:
            return
        for key in self.keys or ("",):
            for _, name, spec, _ in Formatter().parse(self.template):
                if name:
                    yield name.replace("*", _slug(key)), (spec or "").partition(" ")[2]

    def claims(self) -> str:
        """Return the template of what claims to be such a line, or nothing."""
        if self.like:
            return self.like
        head = self.template.partition("{")[0].rstrip()
        numeric = any(
            name and KINDS[(spec or "").partition(" ")[0]].numeric
            for _, name, spec, _ in Formatter().parse(self.template)
        )
        if not numeric or not head:
            return ""
        return head + ("{:claim}" if head[-1].isalnum() else "{:rest}")


def _slug(key: str) -> str:
    return re.sub(r"\W+", "_", key).lower()


# A finding: the number of its line, the kind of line, the line itself, and its figures (None if it
# is garbled).
Found = tuple[int, Line, bytes, "dict[str, Figure] | None"]

# A line is looked up by how it starts; two bytes tell nearly all apart.
_START = 2
# What tells enough by itself.
_OPENING = (b"[",)
# What ends in any number of digits or letters may be cut short unseen.
_OPEN = re.compile(r":(?:integer|number|signed|duration|name|word)[^{}]*\}$")
# What a number starts with, or what stands in its place.
_NUMERIC = (*(b"%c" % byte for byte in b"-.0123456789"), b"na", b"in")


class _Row:
    """One kind of line, with its patterns, which are compiled when they are first needed."""

    def __init__(self, line: Line) -> None:
        self.line = line

    @cached_property
    def match(self) -> Callable[[bytes], re.Match[bytes] | None]:
        return _compile(self.line.template, self.line.keys)

    @cached_property
    def _claim(self) -> Callable[[bytes], re.Match[bytes] | None] | None:
        claim = self.line.claims()
        return _compile(claim, self.line.keys) if claim else None

    @cached_property
    def _figures(self) -> Mapping[bytes, Sequence[tuple[int, str, Converter]]]:
        """Group, name and converter of each figure, by what stands for ``*``."""
        groups: list[tuple[int, str, Converter]] = []
        at = 1
        for literal, name, spec, _ in Formatter().parse(self.line.template):
            at += "*" in literal and bool(self.line.keys)
            if name:
                groups.append((at, name, KINDS[(spec or "").partition(" ")[0]].convert))
                at += 1
        return {
            key.encode(): [(at, name.replace("*", _slug(key)), to) for at, name, to in groups]
            for key in self.line.keys or ("",)
        }

    def figures(self, match: re.Match[bytes]) -> dict[str, Figure]:
        """Return the figures of a line that matches.

        Raises
        ------
        ValueError
            If a number is none.
        """
        figures: dict[str, Figure] = {}
        for at, name, to in self._figures[match["key"] if self.line.keys else b""]:
            if (value := to(match[at])) is not None:
                figures[name] = value
        return figures

    def claims(self, text: bytes) -> bool:
        """Say whether a line begins like one of this kind."""
        return bool(self._claim and self._claim(text))

    def starts(self) -> list[bytes]:
        """Return what such lines may start with; nothing if that may be any word."""
        template = self.line.template
        keys = (self.line.keys if template.startswith("*") else ()) or ("*",)
        starts: list[bytes] = []
        for key in keys:
            literal, _, spec, _ = next(iter(Formatter().parse(template.replace("*", key, 1))))
            start = literal.encode()[:_START]
            if len(start) == _START or start in _OPENING:
                starts.append(start)
            elif not literal and KINDS[(spec or "").partition(" ")[0]].numeric:
                starts += _NUMERIC
        return starts

    def landmark(self) -> bytes:
        """Return a word that every such line holds."""
        words = (text.split() for text, *_ in Formatter().parse(self.line.template))
        return max((word for more in words for word in more), key=len).encode()


class LineTable:
    """Many kinds of lines, indexed so that a look at how a line starts finds the few candidates.

    Parameters
    ----------
    lines
        The rows of the format: those of the application, and those of what launched it.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: Sequence[Line] = tuple(lines)
        self.counts: Sequence[str] = tuple(line.count for line in self.lines if line.count)
        self._starts: dict[bytes, list[_Row]] = defaultdict(list)
        self._elsewhere: list[tuple[bytes, list[_Row]]] = []
        for row in map(_Row, self.lines):
            starts = row.starts()
            for start in dict.fromkeys(starts):
                self._starts[start].append(row)
            if not starts:
                self._elsewhere.append((row.landmark(), [row]))

    def names(self) -> dict[str, str]:
        """Return the unit of every figure that the table can give, by name, in order."""
        return {name: unit for line in self.lines for name, unit in line.figures()}

    def findings(self, data: bytes, first: int = 1) -> Iterator[Found]:
        """Yield the lines of known kinds.

        Parameters
        ----------
        data
            The log, whose lines end with LF.
        first
            The number of its first line.
        """
        starts = self._starts.get
        elsewhere = [(mark, rows) for mark, rows in self._elsewhere if mark in data]
        for number, line in enumerate(io.BytesIO(data), first):
            text = line.strip()
            # What is cut off must not leave a whole line behind.
            if len(text) > _LONGEST:
                text = text[:_LONGEST] + b"..."
            rows = starts(text[:_START]) or starts(text[:1])
            found = _find(rows, text) if rows else None
            if found is None:
                for landmark, rows in elsewhere:
                    if landmark in text and (found := _find(rows, text)):
                        break
            if found:
                # Of the last line, there may be more to come.
                cut = line[-1:] != b"\n" and _OPEN.search(found[0].template)
                yield number, found[0], text, None if cut else found[1]


def _find(rows: Sequence[_Row], text: bytes) -> tuple[Line, dict[str, Figure] | None] | None:
    """Return the kind of a line among a few, and its figures."""
    if b"\t" in text:
        text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    for row in rows:
        if match := row.match(text):
            try:
                return row.line, row.figures(match)
            except ValueError:
                return row.line, None
    for row in rows:
        if row.claims(text):
            return row.line, None
    return None


def _compile(template: str, keys: Sequence[str]) -> Callable[[bytes], re.Match[bytes] | None]:
    """Compile the pattern of a template, with a group for ``*`` and for each figure."""
    key = f"(?P<key>{'|'.join(map(re.escape, keys))})" if keys else r"\*"
    pattern = b""
    for literal, name, spec, _ in Formatter().parse(template):
        # Columns are parted by bars, with or without blanks about them.
        cells = [re.escape(cell) for cell in re.split(r"\s*\|\s*", literal)]
        pattern += r" ?\| ?".join(cells).replace(r"\*", key).encode()
        if spec is not None:
            kind = KINDS[spec.partition(" ")[0]]
            pattern += (b"(%s)" if name else b"(?:%s)") % kind.pattern
    return re.compile(pattern).fullmatch
