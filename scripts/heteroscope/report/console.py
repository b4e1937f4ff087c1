"""The matrix as text, for terminals and pull requests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from heteroscope.report.document import Cell, Document
from heteroscope.report.render import plain
from heteroscope.words import size_of


def lines(document: Document) -> Iterator[str]:
    """Yield the headline, and of the primary metric each comparison, a line a size."""
    yield from map(plain, [document["headline"], *document["alarms"]])
    if document["matrices"]:
        yield from ["", *_matrices(document)]
    if document["tally"]:
        yield from ["", *map(plain, document["tally"])]


def _matrices(document: Document) -> Iterator[str]:
    """Yield the matrices side by side: a title a pair, below it a line a size, in columns."""
    order, matrices, sizes = (document[name] for name in ("order", "matrices", "sizes"))
    notes: dict[str, int] = {}
    table = [[size_of(), "baseline → run"]]
    for matrix in matrices:
        table[0] += [matrix.title, f"{order.confidence} interval", "p (Holm)"]
    for pair in matrices[0].lines:
        table.append([plain(order.pair(pair))])
        of_questions = [matrix.lines.get(pair, [None] * len(sizes)) for matrix in matrices]
        for size, first, *others in zip(sizes, *of_questions, strict=True):
            if first:
                parts = [part for cell in (first, *others) for part in _parts(cell, notes)]
                table.append([str(size) if size_of() else first.where, first.values, *parts])
    columns = zip(*(row for row in table if len(row) > 1), strict=True)
    widths = [max(map(_width, column)) for column in columns]
    yield plain(matrices[0].metric)
    for row in table:
        spaces = [" " * (width - _width(text)) for text, width in zip(row, widths, strict=False)]
        _, *others = map("".join, zip(row, spaces, strict=True))
        yield "  ".join([spaces[0] + row[0], *others]).rstrip() if others else row[0]
    yield from (f"[{number}] {note}" for note, number in notes.items())
    within = f"= within {order.within}"
    yield f"▼ ▲ lower, higher; {within}; ? undecided; ⊘ not comparable; – not testable"


def _parts(cell: Cell | None, notes: dict[str, int]) -> tuple[str, str, str]:
    if cell is None:
        return "", "", ""
    note = f" [{notes.setdefault(cell.why, len(notes) + 1)}]" if cell.why else ""
    p = cell.p.removeprefix("p ").removeprefix("= ")
    return f"{cell.mark} {cell.effect}{note}", cell.interval.strip("()"), p


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
