"""Applications that are declared in YAML: whole-line templates, and the figures that stand in them.

A template is a whole line.  ``{}`` is the figure, ``{_}`` a word that is not looked at, ``{...}``
the rest, be it nothing; everything else is literal, and any blanks match any blanks::

    throughput: {line: "Throughput: {} [unknowns/(second/iteration)]", unit: unknowns/s}
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from heteroscope import words
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.plain import plain
from heteroscope.logs.reader import Application, Fault, Garbled, Launched, Scan
from heteroscope.logs.scan import Job
from heteroscope.logs.starts import began
from heteroscope.metrics import Figure, Status, UserError
from heteroscope.redaction import redact

Declared = Mapping[str, Any]

_PLACEHOLDER = re.compile(r"\{\}|\{_\}|\{\.\.\.\}")
# The kind of placeholder that each kind of figure is.
_KINDS = {"number": "real", "clock": "watch", "duration": "span", "text": "text"}
# What a template may say besides figures.
_MARKS = ("begins", "done", "failed")
# So many of a figure's templates are told.
_TOLD = 2
# How much of a line must be known to tell what stands before it.
_ANCHOR = 6


def _decimal(value: float) -> float:
    """Return what decimal numbers came to, without binary noise after their digits."""
    return float(f"{value:.15g}")


def _sum(values: Sequence[float]) -> float:
    return _decimal(math.fsum(values))


def _mean(values: Sequence[float]) -> float:
    return _decimal(math.fsum(values) / len(values))


TAKES: Mapping[str, Callable[[Sequence[Any]], Figure]] = {
    "same": lambda values: values[0],
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
    "min": min,
    "max": max,
    "mean": _mean,
    "sum": _sum,
    "count": len,
}


# Figures that say which trial a log is of, or how many there are of something: whole numbers.
COUNTS = ("size", "repetition", "nodes", "ranks", "threads", "nodes_requested", "tasks_requested")
_LARGEST_COUNT = 10**12
# What stands where a number went wrong, or does not fit.
_NO_NUMBER = re.compile(rb"(?i)(?<![a-z])(?:nan|inf(?:inity)?)(?![a-z])|\*{3}")


def alternatives(lines: str | Sequence[str]) -> list[str]:
    """Return one template, or several, as a list."""
    return [lines] if isinstance(lines, str) else list(lines)


def check_template(template: str, where: str, figures: int) -> None:
    """Refuse a template that can match nothing, or anything.

    Parameters
    ----------
    template
        As it stands in YAML.
    where
        Its place there, for messages.
    figures
        How often ``{}`` is to stand in it.

    Raises
    ------
    UserError
        Which names the place and the column.
    """
    found = list(_PLACEHOLDER.finditer(template))
    numbers = [place for place in found if place[0] == "{}"]
    if "\n" in template.strip():
        raise UserError(f"{where}: a template is one line, and this one has several: {template!r}")
    if len(numbers) != figures:
        at = f"column {numbers[figures].start() + 1}: " if len(numbers) > figures else ""
        wanted = "one `{}`, where the figure stands" if figures else "no `{}`: it gives no figure"
        raise UserError(
            f"{where}: {at}{template!r} has {len(numbers) or 'no'} `{{}}`; expected: {wanted} "
            "(`{_}` is any other word, `{...}` the rest)"
        )
    for one, other in itertools.pairwise(found):
        if not template[one.end() : other.start()]:
            raise UserError(
                f"{where}: column {other.start() + 1}: nothing parts `{one[0]}` and `{other[0]}` "
                f"in {template!r}; put what stands between them, a blank at least"
            )
    if not figures and not _PLACEHOLDER.sub("", template).strip():
        raise UserError(f"{where}: {template!r} matches any line; put some of its words")


def _line(template: str, kind: str = "", **more: Any) -> Line:
    """Translate a template into a row of a table of lines."""
    names = {"{}": f"{{value:{kind}}}", "{_}": "{:mark}", "{...}": "{:any}"}
    pieces = re.split(f"({_PLACEHOLDER.pattern})", " ".join(template.split()))
    spelled = (names.get(piece) or piece.replace("{", "{{").replace("}", "}}") for piece in pieces)
    return Line("".join(spelled), shared=True, **more)


@lru_cache
def _as_word(template: str) -> LineTable:
    """Return what matches a template with any word for its number."""
    word = "{value:word}".join(re.split(r"\{value:\w+\}", template))
    return LineTable([Line(word, shared=True)])


def _spelled(line: Line) -> str:
    """Return the template that a row is of."""
    template = re.sub(r"\{:mark\}", "{_}", line.template).replace("{:any}", "{...}")
    return re.sub(r"\{value:\w+\}", "{}", template.replace("{{", "{").replace("}}", "}"))


def _metric(figure: Declared) -> bool:
    return bool(figure["unit"])


def unit_of(figure: Declared) -> str:
    """Return the unit of a figure as it is shown; that of a bare number, ``1``, is not."""
    return "" if figure["unit"] == "1" else str(figure["unit"])


def lines_of(declared: Declared) -> list[tuple[str, str, Line]]:
    """Return the rows of an application: of which key each is, its template, and the row."""
    rows = []
    for mark, part in zip(_MARKS, ("banner", "end", "failed"), strict=True):
        rows += [
            (mark, template, _line(template, part=part))
            for template in alternatives(declared[mark])
        ]
    for name, figure in declared["figures"].items():
        part = "metric" if _metric(figure) else "figure"
        for template in alternatives(figure["line"]):
            kind = _KINDS[figure["kind"]]
            rows.append((name, template, _line(template, kind, collect=name, part=part)))
    return rows


@dataclass(frozen=True, slots=True)
class _Like(Garbled):
    """A line that begins like that of a figure, and is none.

    Attributes
    ----------
    template
        What it would have to be.
    """

    template: str = ""

    def told(self) -> str:
        """Say what stands there, and what was expected: either may be wrong."""
        return f"line {self.number} begins like `{self.template}`, and is none: {self.quoted()}"


class _Last(_Like):
    """A line that ends with a number, and the log with it: there may have been more digits."""

    def told(self) -> str:
        """Say why the number does not count."""
        return (
            f"line {self.number} is the last, and no line feed ends it, so that its number may be "
            "cut (if it is whole, end the file with a line feed)"
        )


class _Job(Job):
    """Sorts the lines of a declared application; what is garbled costs its own figure alone."""

    def garble(self, number: int, line: Line, text: bytes) -> None:
        """Remember the first line that begins like that of a figure, and is none."""
        if line.collect not in self.found.like:
            found = next(LineTable([line]).findings(text + b"\n"), None)
            kind = _Last if found and found[3] is not None else _Like
            self.found.like[line.collect] = kind(number, text, _spelled(line))
        if _NO_NUMBER.search(text) and next(_as_word(line.template).findings(text + b"\n"), None):
            self.found.collected["lost"].append({"name": line.collect})

    def sort(self, number: int, line: Line, text: bytes, figures: dict[str, Figure]) -> bool:
        """Keep what a line of failure says."""
        if line.part == "failed":
            told = redact(text.decode("utf-8", "replace"))
            self.found.collected["failed"].append({"told": told})
        return True


def application(name: str, declared: Declared) -> Application:
    """Return an application as it is declared.

    Parameters
    ----------
    name
        What it is called.
    declared
        Its entry in the configuration, checked, with its defaults.
    """
    rows = lines_of(declared)
    lines = tuple(line for _, _, line in rows)
    table = LineTable(lines)
    anchors = tuple(filter(None, (_anchor(template) for _, template, _ in rows)))
    metrics = tuple(name for name, figure in declared["figures"].items() if _metric(figure))
    return Application(
        name=name,
        title=declared["title"] or name,
        lines=lines,
        figures={name: unit_of(figure) for name, figure in declared["figures"].items()},
        required=() if declared["done"] else metrics,
        expected=tuple(declared["figures"]),
        texts=frozenset(
            name for name, figure in declared["figures"].items() if figure["kind"] == "text"
        ),
        recognises=partial(_recognises, declared, table, anchors),
        begin=partial(_begin, lines),
        progress=("metric", "end"),
        figures_of=partial(_figures_of, declared),
        faults_of=partial(_faults_of, declared, name),
        notes_of=partial(_notes_of, declared),
        missing_in=partial(_missing_in, declared),
        stopped=partial(_stopped, declared["title"] or name),
        anchors=anchors,
    )


def _anchor(template: str) -> bytes:
    """Return the words with which a line begins; nothing if they are too few to tell it."""
    head = " ".join(_PLACEHOLDER.split(template)[0].split())
    return head.encode() if len(head) >= _ANCHOR else b""


def _begin(lines: Sequence[Line], launched: Launched) -> _Job:
    return _Job(launched, lines)


def _recognises(
    declared: Declared, table: LineTable, anchors: Sequence[bytes], data: bytes
) -> bool:
    parts = {"banner"} if declared["begins"] else {"end", "metric"}
    return any(
        line.part in parts and figures is not None
        for _, line, _, figures in table.findings(plain(data, anchors).text)
    )


def _figures_of(declared: Declared, found: Scan, options: Mapping[str, Any]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    # Of several values, one that is no number is neither left out nor the last.
    lost = {line["name"] for line in found.collected["lost"]}
    for name, figure in declared["figures"].items():
        values = [each.get("value", 1) for each in found.collected.get(name, ())]
        if figure["take"] == "same" and len(set(values)) > 1:
            found.conflicts[name] = values[0], next(v for v in values if v != values[0])
        if name in lost or (not values and figure["take"] != "count"):
            continue
        if (value := _value(name, figure, values)) is not None:
            figures[name] = value
    return figures


def _value(name: str, figure: Declared, values: Sequence[Any]) -> Figure | None:
    """Return what of several values counts; None if that is nothing which can be meant."""
    try:
        value = TAKES[figure["take"]](values)
    except OverflowError:
        return None
    if name == "started_at":
        return began(str(value))
    if isinstance(value, float):
        value = value if figure["times"] == 1 else _decimal(value * figure["times"])
        if not math.isfinite(value):
            return None
        # What counts is told as it was printed: 16 ranks, not 16.0.
        value = int(value) if not _metric(figure) and value.is_integer() else value
    if name in COUNTS and not (isinstance(value, int) and 0 <= value < _LARGEST_COUNT):
        return None
    return value


def _without(declared: Declared, figures: Mapping[str, Figure]) -> list[str]:
    """Return the metrics that are missing."""
    return [
        name
        for name, figure in declared["figures"].items()
        if _metric(figure) and name not in figures
    ]


def _missing_in(declared: Declared, found: Scan, figures: Mapping[str, Figure]) -> list[str]:
    if declared["done"]:
        return [] if found.parts["end"] else ["done"]
    return _without(declared, figures)


def _stopped(title: str, found: Scan) -> str:
    return next((f"{title} says: {line['told']}" for line in found.collected["failed"]), "")


def _told(declared: Declared, found: Scan, missing: Sequence[str]) -> str:
    """Say which figures are missing, how their lines look, and what begins like one of them."""
    near = next((found.like[name].told() for name in missing if name in found.like), "")
    templates = alternatives(declared["figures"][missing[0]]["line"])
    lines = " or ".join(f"`{template}`" for template in templates[:_TOLD])
    if others := len(templates[_TOLD:]):
        lines += f", nor {words.counted(others, 'other template')}"
    return f"no {', no '.join(missing)}: {near or f'no line is {lines}'}"


def _faults_of(
    declared: Declared,
    name: str,
    found: Scan,
    figures: Mapping[str, Figure],
    options: Mapping[str, Any],
) -> Iterator[Fault]:
    parts = ("banner", "end", "metric", "failed")
    like = [near for near in found.like.values() if isinstance(near, _Like)]
    # A few letters at the start of a line are no output of the application yet.
    if not any(found.parts[part] for part in parts) and not any(_anchor(n.template) for n in like):
        near = f"; {like[0].told()}" if like else ""
        yield Status.NO_OUTPUT, f"no output of {declared['title'] or name}{near}"
    for figure, (one, other) in found.conflicts.items():
        yield (
            Status.INCOMPLETE,
            f"conflict: {figure} stands as {one} and {other}; which counts is for `take` to say "
            "(first, last, min, max, mean, sum)",
        )
    missing = _without(declared, figures)
    if declared["done"] and not found.parts["end"]:
        lines = " or ".join(f"`{template}`" for template in alternatives(declared["done"]))
        yield Status.INCOMPLETE, f"no line {lines}: the log ends too early"
    if missing and not (declared["done"] and found.parts["metric"]):
        yield Status.INCOMPLETE, _told(declared, found, missing)
    for figure, entry in declared["figures"].items():
        if (check := entry["check"]) and figure in figures:
            value = float(figures[figure])
            if not abs(value - check["value"]) <= check["tolerance"]:
                yield (
                    Status.FAILED,
                    f"the result is wrong: {figure} is {value:g}, and not {check['value']:g} "
                    f"within {check['tolerance']:g}",
                )


def _notes_of(declared: Declared, found: Scan, figures: Mapping[str, Figure]) -> Iterator[str]:
    if missing := _without(declared, figures):
        yield _told(declared, found, missing)
