"""A panel for each cluster size, on an axis of its own; in most kinds with a row for each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.figures import page, theme
from heteroscope.figures.axis import Scale, thin
from heteroscope.figures.data import Category, Request, Selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAME_LINES, _NAME_SHARE = 3, 0.3  # of the page's width
_LEAST_PANEL = 13.0  # in font sizes


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels on a sheet: one a size, in a grid of rows and columns.

    `font` is the size of the text, and `row` the height of a row, both in points.
    """

    figure: Figure
    part: Any
    axes: list[Axes]
    grid: tuple[int, int]
    font: float
    row: float

    def head(self, axes: Axes, category: Category, scale: Scale, more: str = "") -> None:
        """Set the axis of values, and write over it which size it is."""
        scale.set(axes, "x")
        words = f"{category.nodes}{scale.unit('')}{more}"
        axes.set_title(words, loc="left", fontsize=self.font, weight="bold")

    def write(self, axes: Axes, row: int, value: str = "", absent: str = "") -> None:
        """Write at the right of a row its value or, muted in it, that there is none."""
        axes.annotate(
            value or absent, (bool(value), row), (0.5 * self.font, 0), va="center",
            xycoords=("axes fraction", "data"), textcoords="offset points",
            fontsize=page.SMALL * self.font, color=theme.INK if value else theme.MUTED,
        )  # fmt: skip

    def cut(self, request: Request, rows: float) -> tuple[float, float]:
        """Cut the sheet to so many rows a panel; return width and height of a panel in points."""
        least = (_LEAST_PANEL * self.font, rows * self.row)
        size = page.cut(self.figure, self.axes[0], request, least, self.grid, fitted=True)
        for axes in self.axes:
            thin(axes.xaxis, size[0], self.font)
        return size


def open_panels(shown: Selection, request: Request, *, named: bool = True) -> Panels:
    """Return a sheet with a panel for each size, as many side by side as there is room for.

    Each has a row for each run, `named` before the first panel of a line.
    """
    figure, part, font = page.paper(request)
    width = theme.SIZES[request.size].width * 72
    small = 0.9 * font
    names = [
        page.wrapped(page.label(request, run), small, _NAME_SHARE * width, _NAME_LINES)
        for run in shown.runs
    ]
    room = width - (max(page.width(name, small) for name in names) if named else 3 * font)
    n = len(shown.categories)
    columns = max(1, min(n, 2, int(room / ((_LEAST_PANEL + 4) * font))))
    grid = (-(-n // columns), columns)
    every = part.subplots(*grid, squeeze=False).ravel()
    for axes in every[n:]:
        axes.remove()
    for i, (axes, category) in enumerate(zip(every, shown.categories, strict=False)):
        page.bare(axes, font, "x")
        axes.set_xticks([])
        axes.set_title(category.nodes, loc="left", fontsize=font, weight="bold")
        if named:
            axes.set_yticks(range(len(names)), names if i % columns == 0 else [""] * len(names))
            axes.tick_params(axis="y", labelsize=small)
    lines = max(name.count("\n") + 1 for name in names)
    row = max(2.1 * font, lines * page.LINE * small + 0.4 * font)
    return Panels(figure, part, list(every[:n]), grid, font, row)
