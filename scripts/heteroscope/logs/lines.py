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
from functools import cached_property
from string import Formatter

from heteroscope.logs.kinds import ANY, KINDS, LONGEST, MARK, Converter
from heteroscope.metrics import Figure


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
    shared
        A line may be of other shared kinds, too: each has its own figure of it.
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
    shared: bool = False
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
        if self.like or self.tells:
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
_OPEN = re.compile(r":(?:integer|number|signed|real|duration|span|watch|name|word)[^{}]*\}$")
# What a number starts with, or what stands in its place.
_DIGITS = tuple(b"%c" % byte for byte in b".0123456789")
_NUMERIC = (*_DIGITS, b"+", b"-", b"na", b"in")


class _Row:
    """One kind of line, with its patterns, which are compiled when they are first needed."""

    def __init__(self, line: Line) -> None:
        self.line = line

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return _compile(self.line.template, self.line.keys)

    @cached_property
    def match(self) -> Callable[[bytes], re.Match[bytes] | None]:
        return self._pattern.fullmatch

    @cached_property
    def _claim(self) -> Callable[[bytes], re.Match[bytes] | None] | None:
        claim = self.line.claims()
        return _compile(claim, self.line.keys).fullmatch if claim else None

    @cached_property
    def _figures(self) -> Mapping[bytes, Sequence[tuple[int, str, Converter]]]:
        """Group, name and converter of each figure, by what stands for ``*``."""
        place = self._pattern.groupindex
        groups = [
            (place[f"figure{at}"], name, KINDS[(spec or "").partition(" ")[0]].convert)
            for at, (_, name, spec, _) in enumerate(Formatter().parse(self.line.template))
            if name
        ]
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
        head, _, spec, _ = next(iter(Formatter().parse(self.line.template)))
        keys = (self.line.keys if head.startswith("*") else ()) or ("*",)
        numeric = not head and KINDS[(spec or "").partition(" ")[0]].numeric
        starts: list[bytes] = []
        for key in keys:
            start = head.replace("*", key, 1)[:_START].encode()[:_START]
            if start.endswith(b" "):
                # Any blank may stand for one.
                starts.append(start[:-1])
            elif len(start) == _START or start in _OPENING:
                starts.append(start)
            elif numeric:
                starts += _DIGITS if self.line.tells else _NUMERIC
        return starts

    def words(self) -> bytes:
        """Return the longest words that every such line holds."""
        return max((text for text, *_ in Formatter().parse(self.line.template)), key=len).encode()


# The kinds of lines that a line may be of, and those among them of which it may be a garbled one.
_Rows = tuple[Sequence[_Row], Sequence[_Row]]


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

    # Built when it is first needed: a job reads logs of one format, if any.
    @cached_property
    def _index(self) -> tuple[Mapping[bytes, _Rows], ...]:
        """Rows by what a line starts with, and the others by words that it holds."""
        by_start: dict[bytes, list[_Row]] = defaultdict(list)
        elsewhere: dict[bytes, list[_Row]] = defaultdict(list)
        every = [_Row(line) for line in self.lines]
        for row in every:
            starts = row.starts()
            for start in dict.fromkeys(starts):
                by_start[start].append(row)
            if not starts:
                elsewhere[row.words()].append(row)
        # A number may stand where two bytes are looked up as well.
        for start in [start for start in by_start if by_start.keys() & {start[:1]} - {start}]:
            either = {*map(id, by_start[start]), *map(id, by_start[start[:1]])}
            by_start[start] = [row for row in every if id(row) in either]
        # What tells of a death is never garbled.
        return tuple(
            {
                key: (rows, [row for row in rows if not row.line.tells and row.line.claims()])
                for key, rows in index.items()
            }
            for index in (by_start, elsewhere)
        )

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
        by_start, others = self._index
        starts = by_start.get
        elsewhere = [(words, rows) for words, rows in others.items() if words in data]
        for number, line in enumerate(io.BytesIO(data), first):
            text = line.strip()
            # What is cut off must not leave a whole line behind.
            if len(text) > LONGEST:
                text = text[:LONGEST] + b"..."
            rows = starts(text[:_START]) or starts(text[:1])
            found = _find(rows, text) if rows else []
            if elsewhere and (not found or found[0][0].shared):
                for words, rows in elsewhere:
                    if words in text:
                        found += _find(rows, text)
            for kind, figures in found:
                if line[-1:] != b"\n" and _OPEN.search(kind.template):
                    # Of the last line, there may be more to come.
                    yield number, kind, text, None
                else:
                    yield number, kind, text, figures


def _find(some: _Rows, text: bytes) -> list[tuple[Line, dict[str, Figure] | None]]:
    """Return the kind of a line among a few, and its figures; several kinds if they share it."""
    if b"\t" in text:
        text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    rows, claimed = some
    found: list[tuple[Line, dict[str, Figure] | None]] = []
    for row in rows:
        if match := row.match(text):
            try:
                figures = row.figures(match)
            except ValueError:
                figures = None
            if not row.line.shared:
                return [(row.line, figures)]
            found.append((row.line, figures))
    if not found:
        for row in claimed:
            if row.claims(text):
                found.append((row.line, None))
                if not row.line.shared:
                    return found
    return found


def _compile(template: str, keys: Sequence[str]) -> re.Pattern[bytes]:
    """Compile the pattern of a template, with a group for ``*`` and for each figure."""
    key = f"(?P<key>{'|'.join(map(re.escape, keys))})" if keys else r"\*"
    parsed = list(Formatter().parse(template))
    chunks = [b""]
    for at, (literal, name, spec, _) in enumerate(parsed):
        # Columns are parted by bars, with or without blanks about them.
        cells = [re.escape(cell) for cell in re.split(r"\s*\|\s*", literal)]
        chunks[-1] += r" ?\| ?".join(cells).replace(r"\*", key).encode()
        kind = (spec or "").partition(" ")[0]
        if kind == ANY:
            chunks.append(b"")
        elif spec is not None:
            pattern = KINDS[kind].pattern
            following = parsed[at + 1][0][:1] if at + 1 < len(parsed) else ""
            if kind == MARK and following.strip():
                # A word ends where what follows it can begin, so that no place is tried twice.
                pattern = rb"[^\s%s]{1,256}" % re.escape(following).encode()
            chunks[-1] += b"(?P<figure%d>%s)" % (at, pattern) if name else b"(?:%s)" % pattern
    return re.compile(_joined(chunks))


def _joined(chunks: Sequence[bytes]) -> bytes:
    """Return a pattern of chunks with anything between them, which takes linear time.

    Each chunk but the last matches at the first place where it can, for good: a group that is
    looked ahead for and then repeated is not tried again.
    """
    anything = KINDS[ANY].pattern
    pattern, *middle = chunks[:-1] or chunks
    for at, chunk in enumerate(middle):
        pattern += b"(?=(?P<any%d>%s?%s))(?P=any%d)" % (at, anything, chunk, at)
    if len(chunks) == 1:
        return pattern
    if not chunks[-1] and pattern.endswith(rb"\ "):
        # Nothing may follow, and then the line ends before its blank.
        return pattern.removesuffix(rb"\ ") + b"(?: %s)?" % anything
    return pattern + anything + chunks[-1]
