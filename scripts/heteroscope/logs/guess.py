"""Lines of a log that look like figures of merit, as templates to begin a declaration with."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.plain import plain
from heteroscope.metrics import UserError
from heteroscope.redaction import redact

# What a figure of merit is called: times, of which less is better, and rates, of which more is.
_TIMES = (
    r"\w{0,20}time|elapsed|wall\w{0,12}|seconds?|secs?|latency|duration|timing|timers?|days/ns"
    r"|hours?/ns|[um]secs?"
)
_RATES = (
    r"fom|merit|rates?|throughput|bandwidth|bw|performance|speed|efficiency|score|rating|updates?"
    r"|[kmgtpe]?flops|[kmgtpe]flop|[kmgtpe]?flop/s|gf|gbs|[mg]?ips|gups?|[mg]?teps|iops|[tqrf]ps|ns/day"
)
_MERIT = re.compile(
    rf"(?i)(?<![a-z])(?P<word>(?P<rate>{_RATES})|{_TIMES})(?![a-z])|(?P<per>[a-z)]/s(?:ec\w*)?\b"
    r"|\bper sec\w*)"
)
_CLOCKS = r"ns|[uµ]s|usecs?|msecs?|ms|s|secs?|seconds?|minutes?|hours?|days?|milliseconds?"
_UNIT = (
    rf"(?:{_CLOCKS})/[\w/^]{{1,20}}|[\w^-]{{1,20}}/(?:{_CLOCKS})(?:/[\w/]{{1,20}})?"
    rf"|[a-z]{{1,20}} per sec(?:ond)?|[kmgtpe]?(?:flops?|gups?|teps|ips)|iops|[tqr]ps|{_CLOCKS}"
)
# A number is a word of its own, or a part of one between marks; its unit may touch it.
_NUMBER = re.compile(
    r"(?<![\w.+\-])[-+]?(?:\d{1,24}\.?\d{0,24}|\.\d{1,24})(?:[eEdD][-+]?\d{1,3})?"
    rf"(?=$|[\s)\]}},;|\"'%<]|/(?!\d{{1,4}}/)|:(?!\d)|(?:{_UNIT})(?![\w.]))",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\w:.\-])(?:\d{1,6}:){1,2}[0-5]\d(?:\.\d{1,9})?(?![\w:.\-])")
_SPAN = re.compile(r"(?<![\w.])(?:\d{1,6}h ?)?\d{1,6}m ?(?:\d{1,6}(?:\.\d{1,9})?s)?(?!\w)")
_DATE = re.compile(
    r"\d{4}[-/]\d|\d{1,2}[A-Z][a-z]{2}\d|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\bat \d"
)
_AFTER = re.compile(
    rf"\s{{0,3}}(?:(?:elapsed|wall|cpu)\s)?[\[(]?(?P<unit>{_UNIT})(?![\w/.=])", re.IGNORECASE
)
_BRACKETS = re.compile(
    r"\(([^()]{1,30})\)|\[([^\[\]]{1,30})\]|(?:^|(?<=\s))([^\s()\[\]]{1,20}/s(?:ec)?)(?=[\s:]|$)"
)
# What is called so is a rate, whatever it is made of.
_SURELY = re.compile(r"(?i)(?<![a-z])(?:fom|merit|rate|throughput|bandwidth|rating)(?![a-z])")
# Two words that are written as one.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IS_UNIT = re.compile(rf"(?i){_UNIT}")
# What stands before a number, and is the unit of something else.
_OF_ANOTHER = re.compile(rf"(?i)(?:^|\d)\s?(?:{_UNIT})\s?$")
# What `time` of a shell prints.
_OF_SHELL = re.compile(r"(?:real|user|sys)\b")
_IN_BRACKETS = re.compile(r" [\[(]([^\[\]\d*]{0,60}/[^\[\]\d*]{0,60})[\])]$")
_FASTER = re.compile(
    rf"(?i)(?:/(?:{_CLOCKS})(?:/.*)?|per sec(?:ond)?|flops?|gups?|teps|ips|iops|[tqr]ps)$"
)
_SLOWER = re.compile(rf"(?i)\(?(?:{_CLOCKS})(?:[/ ].*)?$")
_SPELLED = {"sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "usec": "us"}
_CELL = r"[-+]?(?:\d[\d.]{0,24}(?:[eE][-+]?\d{1,3})?|\.\d{1,24})%?|-{1,3}|N/?A|nan|pass"
_ROW = re.compile(rf"(?i)(?P<label>\S(?:.*?\S)??)(?: ?[:=|])?(?P<cells>(?: (?:{_CELL}|\|))+)$")
_STOP = {*("a", "an", "and", "at", "for", "in", "is", "of", "on", "per", "the", "to", "up", "now")}
_LONGEST = 400
# So many templates are proposed; of a table so many rows with a number for a name, and with words.
_MOST, _ROWS, _NAMED_ROWS = 60, 4, 12
# So many lines after its head, a table has begun.
_HEAD = 4


@dataclass(slots=True)
class Guess:
    """A line that may hold a figure of merit.

    Attributes
    ----------
    number, text
        The first such line.
    template
        What all such lines look like.
    name, unit, higher
        What the figure may be called, its unit, and whether more of it may be better.
    kind
        What stands there, as in a declaration.
    count
        How many such lines there are.
    """

    number: int
    text: str
    template: str
    name: str
    unit: str
    higher: bool
    kind: str = "number"
    count: int = 1

    def yaml(self) -> str:
        """Return the entry of a declaration."""
        line, unit = (json.dumps(text, ensure_ascii=False) for text in (self.template, self.unit))
        parts = [f"line: {line}", f"unit: {unit}"]
        if self.higher:
            parts.append("better: higher")
        if self.kind != "number":
            parts.append(f"kind: {self.kind}")
        return f"{self.name}: {{{', '.join(parts)}}}"


def propose(log: Path) -> Iterator[str]:
    """Yield a declaration of an application, to begin with, from one of its logs.

    Raises
    ------
    UserError
        If the log cannot be read, or has no such line.
    """
    try:
        guesses = guess(read_file(log).text)
    except UnreadableError as error:
        raise UserError(f"{log}: {error}") from None
    if not guesses:
        raise UserError(
            f"{log}: no line holds a number beside a word such as time, rate, bandwidth or FOM"
        )
    yield "applications:"
    yield "  my-application:"
    yield "    figures:"
    shown = ""
    for each in guesses:
        several = f", and {each.count - 1} more like it: which counts? (take: …)"
        told = f"      # line {each.number}{several * (each.count > 1)}: {each.text}"
        if told != shown:
            yield told
        shown = told
        yield f"      {each.yaml()}"


def guess(data: bytes) -> list[Guess]:
    """Return the figures that stand in a log beside a word or a unit of merit, like lines once.

    Parameters
    ----------
    data
        A log.
    """
    found: dict[str, Guess] = {}
    names: set[str] = set()
    for made in _candidates(plain(data).text):
        if made.template in found:
            found[made.template].count += 1
        elif len(found) < _MOST:
            made.name = next(name for name in _spellings(made.name) if name not in names)
            names.add(made.name)
            found[made.template] = made
    return list(found.values())


@dataclass(slots=True)
class _Table:
    """The head of a table: its lines, the last of them first; what came below, if anything."""

    lines: list[str] = field(default_factory=list)
    rows: int = 0
    blank: bool = False


def _candidates(data: bytes) -> Iterator[Guess]:
    table = _Table()
    for number, line in enumerate(data.split(b"\n"), 1):
        raw = line[:_LONGEST].decode("utf-8", "replace").strip()
        text = " ".join(raw.split())
        if row := _is_row(text, table):
            yield from _row(number, text, row, table)
            continue
        figures = list(_figures(text))
        for figure in figures:
            yield from _guess(number, text, figure)
        if figures or (not text and table.rows):
            table = _Table()
        elif not text.strip("#-=+|*_ "):
            table.blank = table.blank or not text
        else:
            # What stands under a head before the first row is of the head.
            before = [] if table.rows or len(table.lines) >= _HEAD else table.lines
            table = _Table([raw, *before] if before or _merit(text) else [])


def _is_row(text: str, table: _Table) -> re.Match[str] | None:
    """Return the parts of a row of a table; None if the line says itself what it is."""
    row = _ROW.fullmatch(text) if table.lines else None
    if not row or _merit(row["label"]) or not re.search(r"\d", row["cells"]):
        return None
    return None if table.blank and len(row["cells"].split()) == 1 else row


def _merit(text: str) -> re.Match[str] | None:
    """Return the last word of merit."""
    last = None
    for last in _MERIT.finditer(_CAMEL.sub(" ", text)):  # noqa: B007
        pass
    return last


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number in a line, with what tells what it is."""

    start: int
    end: int
    label: str
    unit: str
    kind: str = "number"


def _figures(text: str) -> Iterator[_Figure]:
    """Yield the numbers of a line that are most likely figures of merit."""
    dated = bool(_DATE.search(text))
    if not _merit(text):
        if not _AFTER.search(text) and not _OF_SHELL.match(text):
            return
    elif not dated and (clocks := list(_clocks(text))):
        yield from clocks
        return
    if _OF_SHELL.match(text):
        yield from _clocks(text)
    numbers = list(_NUMBER.finditer(text))
    exact = dated or any(not number[0].lstrip("+-").isdigit() for number in numbers)
    end, some, spare = 0, False, None
    for number in numbers:
        after = _AFTER.match(text, number.end())
        unit = after["unit"] if after else ""
        label, rest = text[end : number.start()], text[number.end() :]
        if not unit and (
            _is_index(number[0], rest, exact=exact)
            or rest.startswith("%")
            or re.match(r"\s[*+/]\s", rest)
            or re.search(r"[*+^] $", label)
        ):
            continue
        spare = _Figure(number.start(), number.end(), label, unit)
        if unit or (_merit(label) and not _OF_ANOTHER.search(label)):
            yield spare
            some = True
        end = after.end() if after else number.end()
    if spare and not some and _merit(text[: spare.start]):
        yield _Figure(spare.start, spare.end, text[: spare.start], spare.unit)


def _is_index(number: str, rest: str, *, exact: bool) -> bool:
    """Say whether a whole number counts what follows, or stands beside an exact one."""
    whole = number.lstrip("+-").isdigit()
    return whole and (exact or bool(re.match(r"\s?[\]/)]|\s[a-zA-Z]", rest)))


def _clocks(text: str) -> Iterator[_Figure]:
    """Yield the times that are written with their hours and minutes."""
    for kind, pattern in (("clock", _CLOCK), ("duration", _SPAN)):
        end = 0
        for match in pattern.finditer(text):
            yield _Figure(match.start(), match.end(), text[end : match.start()], "s", kind)
            end = match.end()


def _guess(number: int, text: str, figure: _Figure) -> Iterator[Guess]:
    """Yield the guess of a figure, unless what touches it differs from log to log."""
    words = []
    for word in re.finditer(r"\S+", text):
        if word.start() <= figure.start < word.end():
            head, tail = text[word.start() : figure.start], text[figure.end : word.end()]
            literal = tail[: re.match(r"\D*", tail).end()]  # type: ignore[union-attr]
            if re.search(r"(?<![\w])\d", head) or (tail and not literal):
                return
            words.append(f"{head}{{}}{literal}" + "{_}" * (literal != tail))
        elif not figure.start < word.start() < figure.end:
            words.append(_blind(word[0]))
    bracket = _IN_BRACKETS.match(text[figure.end :])
    unit = figure.unit or (bracket[1] if bracket else "")
    label = figure.label or text
    if not _merit(label) and not text.startswith(label):
        # A second time of a line, say, belongs to what the line begins with.
        label = f"{text[: (_NUMBER.search(text) or _SPAN.search(text) or word).start()]} {label}"
    yield _made(number, text, " ".join(words), label, unit, figure.kind)


def _blind(word: str) -> str:
    """Return a word of a template: what holds a digit may differ from log to log."""
    if not re.search(r"\d", word):
        return word
    one = re.fullmatch(r"(?P<head>[^\w]*|[^\d]*[=:(\[/])[-+.\w]+(?P<tail>[^\w]*)", word)
    return f"{one['head']}{{_}}{one['tail']}" if one else "{_}"


def _row(number: int, text: str, row: re.Match[str], table: _Table) -> Iterator[Guess]:
    """Yield the guess of a row of a table: of the column whose head is of merit."""
    label, cells = row["label"].split(), row["cells"].split()
    mark = text[row.end("label") : row.start("cells")]
    table.rows += 1
    if re.fullmatch(r"[-+]?\d*\.\d+", label[0]):
        # It is no name of the row.
        label, cells, mark = [], text.split(), ""
    numeric = not label or label[0].rstrip(":").isdigit()
    if table.rows > (_ROWS if numeric else _NAMED_ROWS):
        return
    column, head = _column(table.lines, cells, bool(label))
    if not cells[column][-1].isdigit():
        return
    shown = ["{_}" if cell != "|" else cell for cell in cells]
    shown[column] = "{}"
    named = [*label[:1], *map(_blind, label[1:])]
    title = next((line for line in table.lines if _merit(line)), "")
    template = " ".join([" ".join(named) + mark, *shown]).strip()
    told = set(_units_in(title))
    unit = next(_units_in(head), told.pop() if len(told) == 1 else "")
    made = _made(number, text, template, head if _merit(head) else title, unit)
    of_row = " ".join(word for word in named if "{" not in word) or head
    made.name = "_".join(filter(None, (made.name, _slug(of_row))))[:80]
    yield made


def _column(lines: Sequence[str], cells: Sequence[str], labelled: bool) -> tuple[int, str]:
    """Return which cell of a row is the figure, and the head of its column."""
    bare = [line.strip("#% ") for line in lines]
    split = [heads for line in bare for heads in (re.split(r"\s{2,}|\t", line), line.split())]
    for more in (labelled, 0):
        for heads in split:
            if len(heads) != len(cells) + more:
                continue
            for wanted in (_merit, re.compile(r"(?i)\b(?:mean|avg|average)\b").search):
                for at, head in enumerate(heads[-len(cells) :]):
                    if wanted(head) and not head.startswith("%"):
                        return at, head
    return 0, ""


def _made(
    number: int, text: str, template: str, label: str, unit: str, kind: str = "number"
) -> Guess:
    merit = _merit(label)
    higher = bool(merit and (merit["rate"] or merit["per"] or _SURELY.search(label)))
    unit = unit or next(_units_in(label), "")
    if (
        not unit
        and merit
        and re.fullmatch(r"(?i)[kmgtpe]?flops|\w{0,2}(?:ips|ops|teps|gups?|secs?)", merit[0])
    ):
        unit = merit[0]
    unit = re.sub(r"(?i) per sec(?:ond)?$|/sec(?:ond)?$", "/s", unit)
    if _SLOWER.fullmatch(unit):
        higher = False
    elif _FASTER.search(unit):
        higher = True
    unit = _SPELLED.get(unit.lower(), unit) or ("1/s" if higher else "s")
    return Guess(number, redact(text), redact(template), _name(label), unit, higher, kind)


def _units_in(label: str) -> Iterator[str]:
    """Yield the units that a label names."""
    told = (unit[1] or unit[2] or unit[3] for unit in _BRACKETS.finditer(label))
    return filter(_IS_UNIT.fullmatch, told)


def _name(text: str) -> str:
    """Return a name from the last words before a figure, up to that of merit: ``grind_time``."""
    text = re.sub(r"[(\[].*?[)\]]", " ", text)
    merits = [merit.end() for merit in _MERIT.finditer(_CAMEL.sub(" ", text))]
    text = _CAMEL.sub(" ", text).lower()
    words = [
        word
        for word in re.findall(r"[a-z]+\d{0,3}", text[: merits[-1]] if merits else text)
        if word not in _STOP
    ]
    return "_".join(words[-3:]) or "figure"


def _slug(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")


def _spellings(name: str) -> Iterator[str]:
    yield name
    for number in itertools.count(2):
        yield f"{name}_{number}"
