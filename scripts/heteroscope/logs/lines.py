"""Kinds of lines: what a line of a log looks like, and which figures stand in it.

A format is a table of `Line` rows; to read one more figure is to add one more row.  Each row is a
template of a whole line::

    Line("Loop time of {loop_time:number s} on {procs:integer} procs for {steps:integer} steps")

A placeholder ``{name:kind unit}`` is a figure; ``{:kind}`` matches without keeping; ``*`` stands
for one of the row's `keys`, in the template and in the names of its figures.  White space matches
any amount of it.  Lines match as wholes or not at all, so that the words of one line inside
another (a command that is echoed, say) are never taken for a measurement, and foreign lines
between two of ours change nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from heteroscope.records import Figure

_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BAR = re.compile(r"\s*\|\s*")
_UNITS = {b"us": 1e-6, b"ms": 1e-3, b"s": 1.0, b"m": 60.0, b"h": 3600.0, b"d": 86400.0}


def _clock(text: bytes) -> float:
    """Seconds of ``H:MM:SS``, ``M:SS.cc`` or ``H:MM:SS.cc``; an hour is 3600 s."""
    total, scale = 0.0, 1
    for part in reversed(text.split(b":")):
        total += scale * float(part)
        scale *= 60
    # At most hundredths are printed: the sum must equal the decimal number that stands there.
    return round(total, 2)


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


def _text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _grid(text: bytes) -> str:
    """``47 by 4 by 8`` as ``47x4x8``."""
    return _text(text).replace(" by ", "x")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a placeholder is matched and converted."""

    pattern: bytes
    convert: Callable[[bytes], Figure]


# Each pattern demands as many digits as the program prints: a line that was cut short must not be
# read as another number.
KINDS: Mapping[str, Kind] = {
    "integer": Kind(rb"[-+]?\d+", int),
    "number": Kind(_NUMBER, float),
    "clock": Kind(rb"\d+:\d\d:\d\d", _clock),
    "elapsed": Kind(rb"\d+:\d\d\.\d\d|\d+:\d\d:\d\d", _clock),
    "posix": Kind(rb"\d+\.\d\d|(?:\d+h)?\d+m\d+\.\d+s", _posix_time),
    "duration": Kind(rb"\d+(?:\.\d+)?(?:e[-+]?\d+)?(?:us|ms|s|m|h|d)", _duration),
    "grid": Kind(rb"\d+ by \d+ by \d+", _grid),
    "word": Kind(rb"\S+", _text),
    "text": Kind(rb".+", _text),
    "rest": Kind(rb".*", _text),
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
    per_run
        The line belongs to one run of the application, of which a log may hold several.
    foreign
        The line belongs to the launcher or scheduler, not to the application.
    """

    template: str
    keys: tuple[str, ...] = ()
    count: str = ""
    collect: str = ""
    per_run: bool = False
    foreign: bool = False

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield name and unit of each figure of the line, in their order."""
        if self.count:
            yield self.count, ""
        if self.collect:
            return
        for key in self.keys or ("",):
            for _, name, spec, _ in Formatter().parse(self.template):
                if name:
                    yield name.replace("*", _slug(key)), (spec or "").partition(" ")[2]


def _slug(key: str) -> str:
    return re.sub(r"\W+", "_", key).lower()


@dataclass(frozen=True, slots=True)
class Matcher:
    """A `Line`, compiled: what matches it, and how its figures are converted."""

    line: Line
    match: Callable[[bytes], re.Match[bytes] | None]
    figures: Mapping[bytes, tuple[tuple[str, Callable[[bytes], Figure]], ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The figures of one line, and which kind of line it is."""

    line: Line
    figures: tuple[tuple[str, Figure], ...]


# A line is looked up by how it starts or ends; that many bytes tell nearly all apart.
_PREFIX = 2
_SUFFIX = 4


class LineTable:
    """Many kinds of lines, indexed so that a look at a line's ends finds the few candidates.

    Parameters
    ----------
    lines
        The rows of the format.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: Sequence[Line] = tuple(lines)
        self._starts: dict[bytes, list[Matcher]] = defaultdict(list)
        self._ends: dict[bytes, list[Matcher]] = defaultdict(list)
        self._middles: list[tuple[bytes, Matcher]] = []
        for line in self.lines:
            matcher = _compile(line)
            for start, middle, end in sorted(_landmarks(line)):
                if len(start) >= _PREFIX:
                    self._starts[start[:_PREFIX]].append(matcher)
                elif len(end) >= _SUFFIX:
                    self._ends[end[-_SUFFIX:]].append(matcher)
                else:
                    self._middles.append((middle, matcher))

    def names(self) -> dict[str, str]:
        """Return the unit of every figure that the table can give, by name, in order."""
        return {name: unit for line in self.lines for name, unit in line.figures()}

    def find(self, text: bytes) -> Finding | None:
        """Return what one stripped line says, or None where it is of no known kind."""
        for matcher in self._starts.get(text[:_PREFIX], ()):
            if match := matcher.match(text):
                return _finding(matcher, match)
        for matcher in self._ends.get(text[-_SUFFIX:], ()):
            if match := matcher.match(text):
                return _finding(matcher, match)
        for landmark, matcher in self._middles:
            if landmark in text and (match := matcher.match(text)):
                return _finding(matcher, match)
        return None


def _finding(matcher: Matcher, match: re.Match[bytes]) -> Finding:
    groups = match.groupdict()
    key = groups.pop("key", b"")
    converters = matcher.figures[key]
    return Finding(
        matcher.line,
        tuple(
            (name, convert(text))
            for (name, convert), text in zip(converters, groups.values(), strict=True)
            if text is not None
        ),
    )


def _compile(line: Line) -> Matcher:
    pattern = b""
    placeholders: list[tuple[str, Callable[[bytes], Figure]]] = []
    for literal, name, spec, _ in Formatter().parse(line.template):
        pattern += _literal(literal, line.keys)
        if spec is None:
            continue
        kind = KINDS[spec.partition(" ")[0]]
        if name:
            pattern += b"(?P<f%d>%s)" % (len(placeholders), kind.pattern)
            placeholders.append((name, kind.convert))
        else:
            pattern += b"(?:%s)" % kind.pattern
    return Matcher(
        line,
        re.compile(pattern).fullmatch,
        {
            key.encode(): tuple((name.replace("*", _slug(key)), to) for name, to in placeholders)
            for key in line.keys or ("",)
        },
    )


def _literal(text: str, keys: Sequence[str]) -> bytes:
    # Columns are parted by bars with any white space, or none, about them.
    cells = [re.sub(r"(?:\\?\s)+", r"[ \\t]+", re.escape(cell)) for cell in _BAR.split(text)]
    alternatives = "|".join(re.escape(key) for key in keys)
    pattern = r"[ \t]*\|[ \t]*".join(cells)
    return pattern.replace(r"\*", f"(?P<key>{alternatives})").encode()


def _landmarks(line: Line) -> set[tuple[bytes, bytes, bytes]]:
    """Return what the line surely starts with, holds and ends with, for each of its keys."""
    landmarks = set()
    for key in line.keys or ("*",):
        parts = list(Formatter().parse(line.template.replace("*", key, 1)))
        literals = [literal.encode() for literal, *_ in parts]
        words = [word for literal in literals for word in literal.split()]
        last = literals[-1] if parts[-1][1] is None else b""
        landmarks.add((literals[0], max(words, key=len), last))
    return landmarks
