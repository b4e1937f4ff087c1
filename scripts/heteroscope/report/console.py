"""The matrix as text, for terminals and pull requests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from heteroscope.report.document import Cell, Document
from heteroscope.report.text import plain
from heteroscope.words import size_of


def lines(document: Document) -> Iterator[str]:
    """Yield the headline, and of the primary metric each comparison, a line a size."""
    yield plain(document.headline)
    yield from map(plain, document.alarms)
    if document.matrices:
        yield ""
        yield from _matrices(document)
    if document.tally:
        yield ""
        yield from map(plain, document.tally)


def _matrices(document: Document) -> Iterator[str]:
    """Yield the matrices side by side: a title a pair, below it a line a size, in columns."""
    notes: list[str] = []
    head = [size_of(), "baseline → run"]
    for matrix in document.matrices:
        head += [matrix.title, f"{document.order.confidence} interval", "p (Holm)"]
    table: list[list[str]] = [head]
    of_pairs = [{(x.run, x.baseline): x.cells for x in each.lines} for each in document.matrices]
    for run, baseline in of_pairs[0]:
        table.append([f"{plain(run)} against {plain(baseline)}"])
        for place, size in enumerate(document.sizes):
            cells = [of.get((run, baseline), (None,) * place + (None,))[place] for of in of_pairs]
            if cells[0]:
                parts = [part for cell in cells for part in _parts(cell, notes)]
                where = str(size) if size_of() else cells[0].where
                table.append([where, cells[0].values, *parts])
    rows = [row for row in table if len(row) > 1]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    yield plain(document.matrices[0].metric)
    for row in table:
        spaces = [" " * (width - _width(text)) for text, width in zip(row, widths, strict=False)]
        _, *others = (text + space for text, space in zip(row, spaces, strict=True))
        yield "  ".join([spaces[0] + row[0], *others]).rstrip() if others else row[0]
    yield from (f"[{number}] {note}" for number, note in enumerate(notes, 1))
    within = f"= within {document.order.within}"
    yield f"▼ ▲ lower, higher; {within}; ? undecided; ⊘ not comparable; – not testable"


def _parts(cell: Cell | None, notes: list[str]) -> tuple[str, str, str]:
    if cell is None:
        return "", "", ""
    if cell.why and cell.why not in notes:
        notes.append(cell.why)
    note = f" [{notes.index(cell.why) + 1}]" if cell.why else ""
    p = cell.p.removeprefix("p ").removeprefix("= ")
    return f"{cell.mark} {cell.effect}{note}", cell.interval.strip("()"), p


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
