"""The matrix as text, for terminals and pull requests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from heteroscope.report.document import Cell, Document, Matrix
from heteroscope.report.text import plain

_GAP = "  "


def lines(document: Document) -> Iterator[str]:
    """Yield the headline, and of the primary metric each comparison, a line a size."""
    yield plain(document.headline)
    yield from map(plain, document.alarms)
    if document.matrices:
        yield ""
        yield from matrix_lines(document.matrices, document.sizes, document.order.confidence)
    if document.tally:
        yield ""
        yield from map(plain, document.tally)


def matrix_lines(
    matrices: Sequence[Matrix], sizes: Sequence[int], confidence: str
) -> Iterator[str]:
    """Yield the matrices of one metric side by side, in columns."""
    by_pair = [{(line.run, line.baseline): line for line in each.lines} for each in matrices]
    rows: list[tuple[str, ...]] = []
    titles: dict[int, str] = {}
    notes: list[str] = []
    for pair in dict.fromkeys(pair for lines_of in by_pair for pair in lines_of):
        titles[len(rows)] = f"{plain(pair[0])} against {plain(pair[1])}"
        for place, size in enumerate(sizes):
            cells = [of[pair].cells[place] if pair in of else None for of in by_pair]
            if any(cells):
                row = [str(size), *(part for cell in cells for part in _parts(cell, notes))]
                row.insert(4, cells[0].detail if cells[0] else "")
                rows.append(tuple(row))
    head = ["nodes"]
    for each in matrices:
        head += [each.title, f"{confidence} interval", "p (Holm)"]
    head.insert(4, "baseline → run")
    table = [tuple(head), *rows]
    widths = [max(_width(row[place]) for row in table) for place in range(len(head))]
    yield plain(matrices[0].metric)
    for number, row in enumerate(table):
        if number - 1 in titles:
            yield titles[number - 1]
        cells = [
            _pad(text, width, right=place == 0)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()
    yield from (f"[{number}] {note}" for number, note in enumerate(notes, 1))


def _parts(cell: Cell | None, notes: list[str]) -> tuple[str, str, str]:
    if cell is None:
        return "", "", ""
    note = ""
    if cell.why:
        if cell.why not in notes:
            notes.append(cell.why)
        note = f" [{notes.index(cell.why) + 1}]"
    p = cell.p.removeprefix("p ").removeprefix("= ")
    return f"{cell.mark} {cell.effect}{note}", cell.interval.strip("()"), p


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
