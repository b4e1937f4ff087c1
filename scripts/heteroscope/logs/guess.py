"""Lines of a log that look like figures of merit, as templates to begin a declaration with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.plain import plain
from heteroscope.metrics import UserError
from heteroscope.redaction import redact

# What a figure of merit is called: times, of which less is better, and rates, of which more is.
_TIMES = r"time|elapsed|wall\w*|seconds?|secs?|latency|duration|days/ns|hours?/ns"
_RATES = (
    r"fom|merit|rate|throughput|bandwidth|performance|speed|efficiency|gflops?|mflops?|tflops?"
    r"|flops?|gf|ns/day|updates?"
)
_MERIT = re.compile(rf"(?i)(?<![a-z])(?:{_TIMES}|{_RATES})(?![a-z])|/s(?:ec\w*)?\b")
_RATE = re.compile(rf"(?i)(?<![a-z])(?:{_RATES})(?![a-z])|[a-z]/s(?:ec\w*)?\b")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?(?![\w.]*\d)")
_UNIT = re.compile(
    r"\s{0,3}[\[(]?((?:[kKMGTPE]i?)?(?:flops?|flop/s|F/s|B/s|bytes?/s|bit/s|b/s)"
    r"|ns/day|days/ns|hours?/ns|[\w^]+/s(?:ec(?:ond)?)?\b|ns|us|µs|usecs?|ms|msecs?|s|secs?|seconds?|%)"
    r"(?![\w/])",
    re.IGNORECASE,
)
_SPELLED = {"sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "usec": "us"}
# A number that stands right after a word of merit: `WallClock: 20.5`.
_BESIDE = re.compile(rf"(?i)(?:{_TIMES}|{_RATES})[\s:=]{{0,5}}$")
_LONGEST = 400
# So many templates are proposed, and so many of the rows of a table.
_MOST, _ROWS = 40, 4


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
    count
        How many such lines there are.
    """

    number: int
    text: str
    template: str
    name: str
    unit: str
    higher: bool
    count: int = 1

    def yaml(self) -> str:
        """Return the entry of a declaration."""
        line, unit = (json.dumps(text, ensure_ascii=False) for text in (self.template, self.unit))
        parts = [f"line: {line}", f"unit: {unit}"]
        if self.higher:
            parts.append("better: higher")
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
    for each in guesses:
        several = f", and {each.count - 1} more like it: which counts? (take: …)"
        yield f"      # line {each.number}{several * (each.count > 1)}: {each.text}"
        yield f"      {each.yaml()}"


def guess(data: bytes) -> list[Guess]:
    """Return the lines that hold a number beside a word of merit, like lines once.

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


def _candidates(data: bytes) -> Iterator[Guess]:
    head, rows = "", 0
    for number, line in enumerate(data.split(b"\n"), 1):
        text = " ".join(line[:_LONGEST].decode("utf-8", "replace").split())
        figure = _figure(text)
        if figure and head and re.match(r"[^ ]+(?: [-+.\deE]+)+$", text):
            # A row below the head of a table.
            rows += 1
            if rows <= _ROWS:
                yield _row(number, text, head)
        elif _MERIT.search(text):
            head, rows = ("", 0) if figure else (text, 0)
            if figure:
                yield _guess(number, text, figure)
        elif figure or rows or text.strip("#-= "):
            head = ""


def _figure(text: str) -> re.Match[str] | None:
    """Return the number of a line that is most likely its figure."""
    numbers = list(_NUMBER.finditer(text))
    with_unit = (n for n in numbers if _UNIT.match(text, n.end()))
    beside = (n for n in numbers if _BESIDE.search(text[: n.start()]))
    return next(with_unit, None) or next(beside, None) or (numbers[-1] if numbers else None)


def _guess(number: int, text: str, figure: re.Match[str]) -> Guess:
    words = []
    for word in re.finditer(r"\S+", text):
        if word.start() <= figure.start() < word.end():
            head, tail = text[word.start() : figure.start()], text[figure.end() : word.end()]
            words.append(f"{head}{{}}{tail}")
        else:
            # What holds a digit may differ from log to log.
            words.append("{_}" if re.search(r"\d", word[0]) else word[0])
    unit = found[1] if (found := _UNIT.match(text, figure.end())) else ""
    if not unit and (bracket := re.match(r" \[([^\]]{1,60})\]", text[figure.end() :])):
        unit = bracket[1]
    name = _name(text[: figure.start()] or text[figure.end() :])
    return _made(number, text, " ".join(words), name, unit, text)


def _row(number: int, text: str, head: str) -> Guess:
    """Return the guess of a row: the column whose head is a word of merit, or else the second."""
    unit = next(iter(re.findall(r"\(([^)]*)\)|\b(\S+/s)", head)), ("", ""))
    cells = text.split(" ")
    heads = re.sub(r"\([^)]*\)", " ", head).strip("#% ").split()
    of_merit = (at for at, word in enumerate(heads) if at and _MERIT.search(word))
    column = next(of_merit, 1) if len(heads) == len(cells) else 1
    template = [cells[0], *["{_}"] * (len(cells) - 1)]
    template[column] = "{}"
    label = re.sub(r"[^0-9a-z]+", "", cells[0].lower())
    name = f"{_name(re.sub(r'[^ ]*/s', '', head))}_{label}"
    return _made(number, text, " ".join(template), name, unit[0] or unit[1], head)


def _made(number: int, text: str, template: str, name: str, unit: str, words: str) -> Guess:
    higher = bool(_RATE.search(words))
    unit = _SPELLED.get(unit.lower(), unit) or ("1/s" if higher else "s")
    return Guess(number, redact(text), redact(template), name, unit, higher)


def _name(text: str) -> str:
    """Return a name from the last words before a figure: ``grind_time`` of ``Grind time :``."""
    words = re.findall(r"[a-z]+", re.sub(r"\(.*?\)", " ", text).lower())
    return "_".join(words[-3:]) or "figure"


def _spellings(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
