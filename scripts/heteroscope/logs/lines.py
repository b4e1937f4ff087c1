"""Kinds of lines: what a line of a log looks like, and which figures stand in it.

A format is a table of `Line` rows; to read one more figure is to add one more row.  Each row is a
template of a whole line::

    Line("Loop time of {loop_time:number s} on {procs:integer} procs for {steps:integer} steps")

A placeholder ``{name:kind unit}`` is a figure; ``{:kind}`` matches without keeping; ``*`` stands
for one of the row's `keys`, in the template and in the names of its figures.  White space matches
any amount of it.  Lines match as wholes or not at all, so that the words of one line inside
another (a command that is echoed, say) are never taken for a measurement, and foreign lines
between two of ours change nothing.

A line that begins like one of ours and does not match is *garbled*: its figure is lost, and the
log cannot be trusted.  ``Loop time of nan on 4 procs`` is no loop time, but no filler either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from heteroscope.records import Figure
from heteroscope.redaction import redact

Converter = Callable[[bytes], Figure]

# Every repetition is bounded or possessive, so that no line, whatever stands in it, takes more
# than linear time, and no number is too large for its type.  Two points in a number pass the
# pattern, which is the quicker for it, and fail in `float`.
_NUMBER = rb"[\d.]{1,24}+(?:[eE][-+]?\d{1,2}+)?+"
_BAR = re.compile(r"\s*\|\s*")
_UNITS = {b"us": 1e-6, b"ms": 1e-3, b"s": 1.0, b"m": 60.0, b"h": 3600.0, b"d": 86400.0}
_MILLIONS = {b"": 1e-6, b"k": 1e-3, b"M": 1.0, b"G": 1e3, b"T": 1e6}


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


# Each pattern demands as many digits as the program prints: a line that was cut short must not be
# read as another number.  A number has no sign unless its kind says so: times and counts are never
# negative.
KINDS: Mapping[str, Kind] = {
    "integer": Kind(rb"\d{1,18}+", int),
    "number": Kind(_NUMBER, float),
    "signed": Kind(rb"-?" + _NUMBER, float),
    "numbers": Kind(rb"[-+.,\dEe \tnaif]+", _text, numeric=False),
    "clock": Kind(rb"\d{1,6}+:[0-5]\d:[0-5]\d", _clock),
    "elapsed": Kind(rb"\d{1,6}+:[0-5]\d(?:\.\d\d|:[0-5]\d)", _clock),
    "posix": Kind(
        rb"\d{1,9}+\.\d\d|(?:\d{1,6}h)?\d{1,6}m\d{1,6}\.\d{1,9}s",
        _posix_time,
    ),
    "duration": Kind(_NUMBER + rb"(?:us|ms|s|m|h|d)", _duration),
    "rate": Kind(_NUMBER + rb"[ ][kMGT]?atom-step/s", _rate),
    "threads": Kind(rb"\d{1,6}+|no", _threads),
    "grid": Kind(rb"\d{1,9} by \d{1,9} by \d{1,9}", _grid, numeric=False),
    "name": Kind(rb"[\w.-]++", _text, numeric=False),
    "word": Kind(rb"\S+", _text, numeric=False),
    "text": Kind(rb"\S(?:.*\S)?", _text, numeric=False),
    "rest": Kind(rb".*", _text, numeric=False),
    # What follows a whole word, if anything: `realloc` is no claim to be `real`.
    "claim": Kind(rb"(?!\w).*", _text, numeric=False),
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
    per_run
        The line belongs to one run of the application, of which a log may hold several.
    foreign
        The line belongs to the launcher or scheduler, not to the application.
    """

    template: str
    keys: tuple[str, ...] = ()
    count: str = ""
    collect: str = ""
    part: str = ""
    like: str = ""
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


@dataclass(frozen=True, slots=True)
class Matcher:
    """One of the alternatives of a pattern: which kind of line it is, and where its figures stand.

    Attributes
    ----------
    line
        The kind of line.
    garbled
        The alternative is that of lines that only claim to be of the kind.
    start, stop
        Its groups among those of the pattern.
    figures
        Name and converter of each group, by what ``*`` stands for.
    key_at
        Which of its groups is that of ``*``; none if negative.
    """

    line: Line
    garbled: bool
    start: int
    stop: int
    figures: Mapping[bytes, tuple[tuple[str, Converter], ...]]
    key_at: int

    def read(self, match: re.Match[bytes]) -> list[tuple[str, Figure]]:
        """Return the figures of a line, by name; raises ValueError where a number is none."""
        cells = match.groups()[self.start : self.stop]
        key = b""
        if self.key_at >= 0:
            key = cells[self.key_at]
            cells = cells[: self.key_at] + cells[self.key_at + 1 :]
        # Not strict: this is the innermost loop, and a pattern has as many groups as names.
        return [(name, convert(cell)) for (name, convert), cell in zip(self.figures[key], cells)]  # noqa: B905


class _Pattern:
    """Several kinds of lines in one regular expression, of which the first that matches counts."""

    __slots__ = ("fullmatch", "matchers")

    def __init__(self, lines: Iterable[tuple[Line, str]]) -> None:
        self.matchers: dict[int, Matcher] = {}
        alternatives: list[bytes] = []
        groups = 0
        rows = list(lines)
        for garbled in (False, True):
            for line, key in rows:
                template = line.claims() if garbled else line.template
                if not template:
                    continue
                regex, figures, key_at = _compile(template, line, key, keep=not garbled)
                stop = groups + len(next(iter(figures.values()))) + (key_at >= 0)
                # An empty group ends each alternative: `lastindex` then tells which it was.
                alternatives.append(regex + b"()")
                self.matchers[stop + 1] = Matcher(line, garbled, groups, stop, figures, key_at)
                groups = stop + 1
        self.fullmatch = re.compile(b"|".join(alternatives)).fullmatch


# A line is looked up by how it starts; two bytes tell nearly all apart.
_PREFIX = 2
# What a number starts with, or what stands in its place.
_NUMERIC = b"0123456789.-"
_NO_NUMBER = (b"na", b"in")
# What is longer than this is no line of ours, and the rest of it not worth the time.
_LONGEST = 1 << 16
# A log is taken apart block by block: the lines of all of it at once would need several times its
# size.
_BLOCK = 1 << 20
_LINE_END = re.compile(rb"\r\r?\n|\r|\n")

Found = tuple[int, bytes, Matcher, re.Match[bytes]]


class LineTable:
    """Many kinds of lines, indexed so that a look at how a line starts finds the few candidates.

    Parameters
    ----------
    lines
        The rows of the format.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: Sequence[Line] = tuple(lines)
        self.counts: Sequence[str] = tuple(line.count for line in self.lines if line.count)
        starts: dict[bytes, list[tuple[Line, str]]] = defaultdict(list)
        self._middles: list[tuple[bytes, _Pattern]] = []
        for line in self.lines:
            at_start = line.keys if line.template.startswith("*") else ()
            for key in at_start or ("",):
                self._enter(line, key, starts)
        patterns: dict[bytes, _Pattern] = {}
        if rows := starts.pop(b"", None):
            numeric = _Pattern(rows)
            patterns = {
                bytes([first, second]): numeric for first in _NUMERIC for second in range(256)
            }
            patterns |= dict.fromkeys(_NO_NUMBER, numeric)
        patterns |= {start: _Pattern(rows) for start, rows in starts.items()}
        self._starts: Mapping[bytes, _Pattern] = patterns

    def _enter(self, line: Line, key: str, starts: dict[bytes, list[tuple[Line, str]]]) -> None:
        """Enter a kind of line in the index, under what it surely starts with."""
        template = line.template.replace("*", key, 1) if key else line.template
        literal, _, spec, _ = next(iter(Formatter().parse(template)))
        start = literal.encode()[:_PREFIX]
        if len(start) == _PREFIX:
            starts[start].append((line, key))
        elif not literal and KINDS[(spec or "").partition(" ")[0]].numeric:
            starts[b""].append((line, key))
        else:
            words = [word for text, *_ in Formatter().parse(template) for word in text.split()]
            landmark = max(words, key=len).encode()
            self._middles.append((landmark, _Pattern([(line, key)])))

    def names(self) -> dict[str, str]:
        """Return the unit of every figure that the table can give, by name, in order."""
        return {name: unit for line in self.lines for name, unit in line.figures()}

    def findings(self, data: bytes) -> Iterator[Found]:
        """Return the lines of known kinds, one by one.

        Parameters
        ----------
        data
            The log, with any line ends.

        Returns
        -------
        iterator
            The line's number, the line, its `Matcher`, and the match that this reads.
        """
        if len(data) <= _BLOCK:
            return self._findings(_lines(data), 1)
        return self._findings_by_block(data)

    def _findings_by_block(self, data: bytes) -> Iterator[Found]:
        start, number = 0, 1
        while start < len(data):
            end = _LINE_END.search(data, start + _BLOCK)
            stop = end.end() if end else len(data)
            lines = _lines(data[start:stop])
            yield from self._findings(lines, number)
            start, number = stop, number + len(lines)

    def _findings(self, lines: Sequence[bytes], first: int) -> Iterator[Found]:
        pattern_of, middles = self._starts.get, self._middles
        for number, raw in enumerate(lines, first):
            text = raw.strip()
            if not text:
                continue
            pattern = pattern_of(text[:_PREFIX])
            if pattern and (match := pattern.fullmatch(text)):
                yield number, text, pattern.matchers[match.lastindex or 0], match
                continue
            for landmark, pattern in middles:
                if landmark in text and (match := pattern.fullmatch(text)):
                    yield number, text, pattern.matchers[match.lastindex or 0], match
                    break


def _lines(data: bytes) -> list[bytes]:
    # Two terminals in a row make CR CR LF of LF: one line end.
    lines = data.replace(b"\r\r\n", b"\n").splitlines()
    if len(data) <= _LONGEST:
        return lines
    # What is cut off must not leave a whole line behind.
    return [line if len(line) <= _LONGEST else _cut(line.strip()) for line in lines]


def _cut(line: bytes) -> bytes:
    return line if len(line) <= _LONGEST else line[:_LONGEST] + b"..."


def _compile(
    template: str, line: Line, key: str, *, keep: bool
) -> tuple[bytes, dict[bytes, tuple[tuple[str, Converter], ...]], int]:
    """Return the pattern of a template, the names and converters of its groups, and where ``*`` is.

    Parameters
    ----------
    template
        Of the line, or of what claims to be it.
    line
        The kind of line.
    key
        What ``*`` stands for, if it is at the line's start.
    keep
        Whether figures are kept.
    """
    keyed = keep and bool(line.keys) and not key
    pattern, key_at = b"", -1
    placeholders: list[tuple[str, Converter]] = []
    for literal, name, spec, _ in Formatter().parse(template):
        if keyed and "*" in literal:
            key_at = len(placeholders)
        pattern += _literal(literal, (key,) if key else line.keys, capture=keyed)
        if spec is None:
            continue
        kind = KINDS[spec.partition(" ")[0]]
        if name and keep:
            pattern += b"(%s)" % kind.pattern
            placeholders.append((name, kind.convert))
        else:
            pattern += b"(?:%s)" % kind.pattern
    figures = {
        (spelled.encode() if keyed else b""): tuple(
            (name.replace("*", _slug(spelled)), to) for name, to in placeholders
        )
        for spelled in (line.keys if keyed else (key,))
    }
    return pattern, figures, key_at


def _literal(text: str, keys: Sequence[str], *, capture: bool) -> bytes:
    # Columns are parted by bars with any blanks, or none, about them.  Blanks are taken from the
    # first of them on: to try each of them in turn would take quadratic time.
    blanks = r"(?<![ \\t])[ \\t]++"
    cells = [re.sub(r"(?:\\?\s)+", blanks, re.escape(cell)) for cell in _BAR.split(text)]
    alternatives = "|".join(re.escape(key) for key in keys)
    group = f"({alternatives})" if capture else f"(?:{alternatives})"
    return r" *+\| *+".join(cells).replace(r"\*", group).encode()
