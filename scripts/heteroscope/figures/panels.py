"""A panel for each cluster size, on an axis of its own; in most kinds with a row for each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.figures import page, theme
from heteroscope.figures.axis import thin
from heteroscope.figures.data import Request, Selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAME_LINES = 3
_LABEL_SHARE = 0.3  # of the page
_LEAST_PANEL = 13.0  # in font sizes


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels on a sheet.

    Attributes
    ----------
    figure, part
        The sheet, and the part of it that the panels stand on.
    axes
        One a size.
    grid
        Rows and columns of them.
    font, row
        Size of the text, and height of a row, in points.
    """

    figure: Figure
    part: Any
    axes: list[Axes]
    grid: tuple[int, int]
    font: float
    row: float

    def cut(self, request: Request, rows: float) -> tuple[float, float]:
        """Cut the sheet to so many rows a panel; return width and height of a panel in points."""
        least = (_LEAST_PANEL * self.font, rows * self.row)
        size = page.cut(self.figure, self.axes[0], request, least, self.grid, fitted=True)
        for axes in self.axes:
            thin(axes.xaxis, size[0], self.font)
        return size


def open_panels(request: Request, selection: Selection, title: str, *, named: bool) -> Panels:
    """Return a sheet with a panel for each size, as many side by side as there is room for.

    Parameters
    ----------
    named
        Whether a panel has a row for each run, with its name before the first of each line.
    """
    figure, part, font = page.paper(request, title)
    width = theme.SIZES[request.size].width * 72
    small = 0.9 * font
    names = [
        page.wrapped(page.label(request, run), small, _LABEL_SHARE * width, _NAME_LINES)
        for run in selection.runs
    ]
    room = width - (max(page.width(name, small) for name in names) if named else 3 * font)
    n = len(selection.categories)
    columns = max(1, min(n, 3, int(room / ((_LEAST_PANEL + 4) * font))))
    # Four panels are better read as two and two than as three and one.
    columns = 2 if n == 4 and columns == 3 else columns
    rows = -(-n // columns)
    every = part.subplots(rows, columns, squeeze=False).ravel()
    for axes in every[n:]:
        axes.remove()
    for i, (axes, category) in enumerate(zip(every, selection.categories, strict=False)):
        page.bare(axes, font, "x")
        axes.set_title(category.nodes, loc="left", fontsize=font, weight="bold")
        if named:
            axes.set_yticks(range(len(names)), names if i % columns == 0 else [""] * len(names))
            axes.tick_params(axis="y", labelsize=small)
    lines = max(name.count("\n") + 1 for name in names)
    row = max(2.1 * font, lines * page.LINE * small + 0.4 * font)
    return Panels(figure, part, list(every[:n]), (rows, columns), font, row)


def write_row(axes: Axes, row: int, words: str, font: float, *, inside: bool = False) -> None:
    """Write words in a row: at the right of its panel or, muted, inside it."""
    if inside:
        axes.annotate(
            words, (0, row), (0.4 * font, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", fontsize=page.SMALL * font, color=theme.MUTED, va="center",
        )  # fmt: skip
    else:
        axes.annotate(
            words, (1, row), (0.5 * font, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", fontsize=0.9 * font, va="center",
        )  # fmt: skip
