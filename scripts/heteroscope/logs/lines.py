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

To match and to hand on each line by itself takes most of the time of a reader.  So a format also
gives *passages*, by example: lines that a program prints together.  A passage is one regular
expression, made of the patterns of its lines, and whatever it does not match, or not quite, is
read line by line.  To leave all passages out changes no figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from operator import call, itemgetter
from string import Formatter
from typing import cast

from heteroscope.metrics import Figure
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
    "grid": Kind(rb"\d{1,9} by \d{1,9} by \d{1,9}", _grid),
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
        are no figures of the log; of `many` lines, their text.
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
    """

    template: str
    keys: tuple[str, ...] = ()
    count: str = ""
    collect: str = ""
    part: str = ""
    like: str = ""
    many: bool = False
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


# A finding: where in the log its line begins, the kind of line, the line itself, its figures (None
# if it is garbled), and how many lines it stands for.
Found = tuple[int, Line, bytes, "dict[str, Figure] | None", int]


Match = Callable[..., "re.Match[bytes]"]


def _matcher(pattern: bytes) -> Match:
    """Compile a pattern that matches anywhere, if only nothing."""
    return cast("Match", re.compile(pattern).match)


def _row(regex: bytes) -> bytes:
    """Return the pattern of a whole line with its end."""
    # No blank at the end of a line can be one that its template demands.
    return rb"[ \t]*+" + regex + rb"(?<!\s)[ \t\r]*+(?:\n|\Z)"


@dataclass(frozen=True, slots=True)
class _Matcher:
    """One of the alternatives of a pattern: which kind of line it is, and where its figures stand.

    Attributes
    ----------
    line
        The kind of line.
    key
        What ``*`` stands for, if it is at the line's start.
    garbled
        The alternative is that of lines that only claim to be of the kind.
    start, stop
        Its groups among those of the pattern.
    figures
        Name and converter of each group, by what ``*`` stands for.
    key_at
        Which of its groups is that of ``*``; none if negative.
    more
        Matches the lines of the kind that follow, if these are taken together.
    """

    line: Line
    key: str
    garbled: bool
    start: int
    stop: int
    figures: Mapping[bytes, tuple[tuple[str, Converter], ...]]
    key_at: int
    more: Match | None

    def cells(self, match: re.Match[bytes]) -> tuple[bytes, tuple[bytes, ...]]:
        """Return what stands for ``*`` in a line, and in its other groups."""
        cells = match.groups()[self.start : self.stop]
        if self.key_at < 0:
            return b"", cells
        return cells[self.key_at], cells[: self.key_at] + cells[self.key_at + 1 :]

    def read(self, at: int, text: bytes, match: re.Match[bytes]) -> Found:
        """Return what a line says; a number that is none makes it garbled."""
        if self.garbled:
            return at, self.line, text, None, 1
        key, cells = self.cells(match)
        try:
            # Not strict: this is the innermost loop, and a pattern has as many groups as names.
            figures = {name: to(cell) for (name, to), cell in zip(self.figures[key], cells)}  # noqa: B905
        except ValueError:
            return at, self.line, text, None, 1
        return at, self.line, text, figures, 1


class _Pattern:
    """Several kinds of lines in one regular expression, of which the first that matches counts."""

    __slots__ = ("fullmatch", "matchers")

    def __init__(self, lines: Iterable[tuple[Line, str]]) -> None:
        self.matchers: dict[int, _Matcher] = {}
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
                many = (line.many or line.count) and not garbled
                more = _matcher(b"(?:" + _row(regex) + b")*+") if many else None
                self.matchers[stop + 1] = _Matcher(
                    line, key, garbled, groups, stop, figures, key_at, more
                )
                groups = stop + 1
        self.fullmatch = re.compile(b"|".join(alternatives)).fullmatch


# A line is looked up by how it starts; two bytes tell nearly all apart.
_PREFIX = 2
# What a number starts with, or what stands in its place.
_NUMERIC = b"-.0123456789"
_NO_NUMBER = (b"na", b"in")
# What is longer than this is no line of ours, and the rest of it not worth the time.
_LONGEST = 1 << 16
# A log is taken apart block by block: the lines of all of it at once would need several times its
# size.
_BLOCK = 1 << 17


_SKIP_BLANKS = _matcher(rb"\s*+")

# As many bytes of a line's start tell what is of no kind.
_HEAD = 8


def _templates(line: Line) -> Iterator[str]:
    """Yield the templates of a line, and of what claims to be it, with what stands first."""
    for template in filter(None, (line.template, line.claims())):
        for key in line.keys if template.startswith("*") else ("*",):
            yield template.replace("*", key, 1)


def _head(template: str) -> bytes:
    """Return the pattern of how a line of a template starts."""
    head, *more = re.split(r"([{*|])", template, maxsplit=1)
    if not head.strip():
        return b"[" + re.escape(_NUMERIC) + b"]|" + b"|".join(_NO_NUMBER)
    words = re.escape(head[:_HEAD]).encode()
    bar = rb" *+\|" if more[:1] == ["|"] and len(head) <= _HEAD else b""
    return re.sub(rb"(?:\\ )+", rb"[ \\t]++", words.removesuffix(b"\\ ") if bar else words) + bar


class _Index:
    """The patterns of many kinds of lines, by what a line starts with."""

    def __init__(self, lines: Iterable[Line]) -> None:
        starts: dict[bytes, list[tuple[Line, str]]] = defaultdict(list)
        # What starts with anything is known by a word further on.
        self.middles: list[tuple[bytes, _Pattern]] = []
        for line in lines:
            at_start = line.keys if line.template.startswith("*") else ()
            for key in at_start or ("",):
                self._enter(line, key, starts)
        # Patterns of how the lines start that are of some kind, or claim to be.
        self.heads = {_head(template) for line in lines for template in _templates(line)}
        self._skip = _matcher(rb"\s*+" + self.foreign())
        self.patterns: dict[bytes, _Pattern] = {}
        if rows := starts.pop(b"", None):
            numeric = _Pattern(rows)
            self.patterns = {
                bytes([first, second]): numeric for first in _NUMERIC for second in range(256)
            }
            self.patterns |= dict.fromkeys(_NO_NUMBER, numeric)
        self.patterns |= {start: _Pattern(rows) for start, rows in starts.items()}

    def _enter(self, line: Line, key: str, starts: dict[bytes, list[tuple[Line, str]]]) -> None:
        """Enter a kind of line under what it surely starts with."""
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
            self.middles.append((landmark, _Pattern([(line, key)])))

    def find(self, text: bytes) -> tuple[_Matcher, re.Match[bytes]] | None:
        """Return the kind of a line, stripped, and its match; None if it is of no kind."""
        pattern = self.patterns.get(text[:_PREFIX])
        if pattern and (match := pattern.fullmatch(text)):
            return pattern.matchers[match.lastindex or 0], match
        for landmark, pattern in self.middles:
            if landmark in text and (match := pattern.fullmatch(text)):
                return pattern.matchers[match.lastindex or 0], match
        return None

    def read(self, data: bytes, start: int, stop: int) -> list[Found]:
        """Return what the lines between two places of a log say, each by itself."""
        found: list[Found] = []
        skip = self._skip
        if self.middles and any(data.find(mark, start, stop) >= 0 for mark, _ in self.middles):
            skip = _SKIP_BLANKS
        while (at := skip(data, start, stop).end()) < stop:
            start = data.find(b"\n", at, stop) + 1 or stop
            text = data[at:start].rstrip()
            # What is cut off must not leave a whole line behind.
            if len(text) > _LONGEST:
                text = text[:_LONGEST] + b"..."
            if kind := self.find(text):
                matcher, match = kind
                if matcher.more and (end := matcher.more(data, start, stop).end()) > start:
                    found.append(
                        (at, matcher.line, data[at:end], {}, data.count(b"\n", at, end - 1) + 1)
                    )
                    start = end
                else:
                    found.append(matcher.read(at, text, match))
        return found

    def foreign(self) -> bytes:
        """Return the pattern of lines, any number, that start like none of a kind but a middle."""
        head = b"(?!" + b"|".join(sorted(self.heads)) + rb")\S"
        return b"(?:" + head + rb"[^\n]*+(?:\n\s*+|\Z))*+"


class LineTable:
    """Many kinds of lines, indexed so that a look at how a line starts finds the few candidates.

    Parameters
    ----------
    lines
        The rows of the format.
    passages
        Lines that often stand together, by example (see `_Passage`): they are read at once, which
        makes no difference but in time.
    """

    def __init__(self, lines: Iterable[Line], passages: Iterable[str] = ()) -> None:
        self.lines: Sequence[Line] = tuple(lines)
        self.counts: Sequence[str] = tuple(line.count for line in self.lines if line.count)
        self._examples = tuple(passages)

    # Compiled when they are first needed: a job reads logs of one format, if any.
    @cached_property
    def _index(self) -> _Index:
        return _Index(self.lines)

    @cached_property
    def _passages(self) -> Sequence[_Passage]:
        return tuple(_Passage(example, self._index) for example in self._examples)

    def names(self) -> dict[str, str]:
        """Return the unit of every figure that the table can give, by name, in order."""
        return {name: unit for line in self.lines for name, unit in line.figures()}

    def findings(self, data: bytes) -> Iterator[Found]:
        """Yield the lines of known kinds, one by one, or several of a passage at once.

        Parameters
        ----------
        data
            The log, with line ends as of `unified`.
        """
        start = 0
        while start < len(data):
            stop = data.find(b"\n", start + _BLOCK) + 1 or len(data)
            yield from self._read(data, start, stop)
            start = stop

    def _read(self, data: bytes, start: int, stop: int) -> list[Found]:
        findings: list[Found] = []
        # A line that is cut off belongs to no passage.
        if stop - start <= _LONGEST or max(map(len, data[start:stop].split(b"\n"))) <= _LONGEST:
            spans = [
                span for passage in self._passages for span in passage.read_all(data, start, stop)
            ]
            for begin, end, found in sorted(spans, key=itemgetter(0)):
                if begin >= start:
                    findings += self._index.read(data, start, begin)
                    findings += found
                    start = end
        return findings + self._index.read(data, start, stop)


_LONE_CR = re.compile(rb"\r[^\r\n]")


def unified(data: bytes) -> bytes:
    """Return a log of which each line ends with LF, whatever stands before that."""
    # Two terminals in a row make CR CR LF of LF: one line end, and not worth a copy of the log.
    if not _LONE_CR.search(data):
        return data
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


@dataclass(frozen=True, slots=True)
class _Step:
    """Lines of a passage that are one finding: neighbours of the same use, or several of one kind.

    Attributes
    ----------
    line
        The kind of line, or the first of the kinds.
    start, stop
        Its groups among those of the passage.
    names, converters
        Of each group; empty if the only group holds whole lines.
    firsts
        Of each of the lines, which group of the step is its first.
    repeats
        Several lines say the same figure.
    """

    line: Line
    start: int
    stop: int
    names: tuple[str, ...]
    converters: tuple[Converter, ...]
    firsts: tuple[int, ...]
    repeats: bool

    def read(self, match: re.Match[bytes], cells: tuple[bytes | None, ...]) -> Found | None:
        """Return what the lines say, if they stand there.

        Raises
        ------
        ValueError
            If one is garbled, or contradicts another.
        """
        if not self.names:
            if (text := cells[self.start]) is None:
                return None
            times = text.count(b"\n", 0, -1) + 1
            return match.start(self.start + 1), self.line, text, {}, times
        own = cells[self.start : self.stop]
        if None in own or self.repeats:
            items = zip(self.names, self.converters, own)  # noqa: B905
            pairs = [(name, to(cell)) for name, to, cell in items if cell is not None]
            figures = dict(pairs)
            if any(figures[name] != value for name, value in pairs):
                raise ValueError
        else:
            values = map(call, self.converters, cast("tuple[bytes, ...]", own))
            figures = dict(zip(self.names, values))  # noqa: B905
        if not figures:
            return None
        times = sum(own[first] is not None for first in self.firsts) if self.line.foreign else 1
        return match.start(), self.line, b"", figures, times


# The end of a line of a passage, with the blank lines after it and the indentation of the next.
_END = rb"[ \t\r]*+(?:\n\s*+|\Z)"
_ELLIPSIS = b"..."


class _Passage:
    """Lines that often stand together, matched at once; found by an example of them.

    Each line of the example stands for all of its kind.  One that the table does not know stands
    for all that differ from it in numbers alone, or in what stands for a final ``...``; and a line
    of ``...`` alone for any number of lines that start like none of the table.  Any of them may be
    missing: the passage begins at a line that starts like the first, and ends where something else
    stands.  Lines that are counted, and rows, may be many.

    Parameters
    ----------
    example
        The lines.
    index
        The kinds of lines.
    """

    def __init__(self, example: str, index: _Index) -> None:
        foreign = index.foreign()
        self._landmarks = [landmark for landmark, _ in index.middles]
        pieces: list[bytes] = []
        steps: list[_Step] = []
        groups = 0
        for text in map(bytes.strip, example.encode().splitlines()):
            if text == _ELLIPSIS:
                pieces.append(foreign)
                continue
            if not (kind := index.find(text)):
                pieces.append(b"(?:" + _shape(text) + _END + b")*+")
                continue
            matcher, match = kind
            line, key = matcher.line, matcher.key or matcher.cells(match)[0].decode()
            regex, figures, _ = _compile(line.template, line, key, keep=True)
            columns = figures[b""]
            whole = not columns or line.many
            if line.count or line.many:
                regex = b"((?:" + _row(regex) + rb")++)\s*+"
            else:
                regex = (b"(" + regex + b")" if whole else regex) + rb"(?<!\s)" + _END
            if not pieces:
                self._head = line.template.partition("{")[0].encode()
            pieces.append(b"(?:" + regex + b")?+")
            if whole:
                columns = ()
            names, converters = zip(*columns, strict=True) if columns else ((), ())
            firsts: tuple[int, ...] = (0,)
            start, stop = groups, groups + (len(columns) or 1)
            if columns and steps and steps[-1].names and _merge(steps[-1].line, line):
                last = steps.pop()
                line, start, firsts = last.line, last.start, (*last.firsts, groups - last.start)
                names, converters = last.names + names, last.converters + converters
            repeats = len(set(names)) < len(names)
            steps.append(_Step(line, start, stop, names, converters, firsts, repeats))
            groups = stop
        self._steps = tuple(steps)
        self._match = _matcher(b"".join(pieces))

    def read_all(
        self, data: bytes, start: int, stop: int
    ) -> Iterator[tuple[int, int, list[Found]]]:
        """Yield where each such passage in a part of a log begins and ends, and what it says."""
        head = b"\n" + self._head
        at = start
        if not data.startswith(self._head, at):
            at = data.find(head, at, stop) + 1 or stop
        while at < stop:
            match = self._match(data, at, stop)
            if found := self._read(match, data):
                yield at, match.end(), found
            # What has been read in vain is not read again, or many lines would take quadratic time.
            at = max(at + 1, match.end())
            if not data.startswith(self._head, at):
                at = data.find(head, at, stop) + 1 or stop

    def _read(self, match: re.Match[bytes], data: bytes) -> list[Found]:
        """Return what a passage says; nothing if it has to be read line by line."""
        if any(data.find(landmark, *match.span()) >= 0 for landmark in self._landmarks):
            return []
        cells, last = match.groups(), match.lastindex or 0
        # Of a passage that is broken off, what stands further on need not be looked at.
        steps = takewhile(lambda step: step.start < last, self._steps)
        try:
            return [found for step in steps if (found := step.read(match, cells))]
        except ValueError:
            return []


def _merge(one: Line, other: Line) -> bool:
    """Say whether the figures of two lines that follow each other have the same use."""
    return (
        (one.part, one.per_run, one.foreign) == (other.part, other.per_run, other.foreign)
        and not one.collect
        and not other.collect
    )


_NUMBER_ALONE = rb"-?\d[\d.]*+(?:[eE][-+]?\d++)?+"


def _shape(text: bytes) -> bytes:
    """Return the pattern of the lines that differ from one in numbers and blanks alone."""
    shape = rb"[ \t]++".join(
        _NUMBER_ALONE if re.fullmatch(_NUMBER_ALONE, word) else re.escape(word)
        for word in text.removesuffix(_ELLIPSIS).split()
    )
    return shape + rb"[^\n]*+" * text.endswith(_ELLIPSIS)


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
