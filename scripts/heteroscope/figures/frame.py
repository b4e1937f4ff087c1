"""The page of a figure: its size, title and legend, and the place of the axes in it.

Margins are computed from measured text rather than found by trial drawing, which would take longer
than the drawing itself and depends on the backend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.figures import theme
from heteroscope.figures.text import LINE, plain, shortened, width, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCH = 72.0
_TITLE_LINES = 2
# Title and legend may take this share of the height that a size names; beyond it the page grows.
_PLOT_SHARE = 0.6
# Of the legend, in font sizes: the mark, its distance to the words, and between columns.
_HANDLE, _HANDLE_PAD, _COLUMN_GAP = 1.6, 0.6, 1.8


@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the axes for what belongs to them (ticks and their labels), in points."""

    left: float
    below: float
    above: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: its words, and what is drawn before them, one over the other.

    The user's label may be cut; what follows it is not.
    """

    label: str
    handles: tuple[Artist, ...]
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """An empty figure and its axes, which are `width` × `height` points."""

    figure: Figure
    axes: Axes
    width: float
    height: float


def edge(font: float) -> float:
    """Return the empty rim of a page, in points."""
    return 0.8 * font


def plot_width(size: theme.FigureSize, left: float) -> float:
    """Return the width that a left margin leaves to the axes, in points."""
    return size.width * _INCH - left - 2 * edge(size.font)


def least_height(size: theme.FigureSize) -> float:
    """Return the height that the axes have in any case, in points."""
    return _PLOT_SHARE * size.height * _INCH


def open_frame(
    size: theme.FigureSize,
    title: str,
    margins: Margins,
    legend: Sequence[Entry],
    plot: float = 0.0,
    tall: float = 0.0,
    *,
    fitted: bool = False,
) -> Frame:
    """Return a figure with a title, a legend below and empty axes between.

    Parameters
    ----------
    size
        The size of the page: it grows where the text needs more.
    title
        The user's words, wrapped and cut as needed.
    margins
        What the axes need around them.
    legend
        Laid out row by row in as many columns as fit.
    plot, tall
        The least width and height of the axes, in points.
    fitted
        Whether the axes are no higher than that, and the page as high as it takes.
    """
    from matplotlib.figure import Figure

    font, rim = size.font, edge(size.font)
    plot = max(plot, plot_width(size, margins.left))
    page = plot + margins.left + 2 * rim
    heading = wrapped(plain(title), _title_size(font), page - 2 * rim, _TITLE_LINES)
    top = rim + len(heading) * LINE * _title_size(font) + 0.6 * font + margins.above

    # The legend stands flush with the axes, unless it needs fewer rows from the rim of the page.
    flush, wide = (_rows(legend, font, page - rim - left) for left in (rim + margins.left, rim))
    left = rim + margins.left if flush <= wide else rim
    rows = min(flush, wide)
    bottom = rim + margins.below + (rows * LINE * font + 0.4 * font if legend else 0.0)

    usual = max(size.height * _INCH - top - bottom, least_height(size), tall)
    height = tall if fitted else usual
    paper = height + top + bottom
    figure = Figure(figsize=(page / _INCH, paper / _INCH), dpi=size.dpi, facecolor="white")
    axes = figure.add_axes(
        ((rim + margins.left) / page, bottom / paper, plot / page, height / paper)
    )
    figure.text(
        rim / page,
        1 - rim / paper,
        "\n".join(heading),
        fontsize=_title_size(font),
        va="top",
        linespacing=LINE * 0.9,
    )
    if legend:
        _add_legend(figure, legend, rows, font, (left / page, rim / paper), page - rim - left)
    return Frame(figure, axes, plot, height)


def _title_size(font: float) -> float:
    return 1.2 * font


def _entry_width(entry: Entry, font: float) -> float:
    return (_HANDLE + _HANDLE_PAD) * font + width(_words(entry), 0.9 * font)


def _words(entry: Entry, size: float = 1.0, room: float = float("inf")) -> str:
    """Return the label as far as the room lets it, and what follows it."""
    rest = room - (width(entry.suffix, size) if entry.suffix else 0.0)
    return shortened(plain(entry.label), size, rest) + entry.suffix


def _order(n: int, columns: int) -> list[int]:
    """Return the entries column by column, as matplotlib wants them, that read row by row."""
    return [i for column in range(columns) for i in range(column, n, columns)]


def _rows(legend: Sequence[Entry], font: float, room: float) -> int:
    """Return the least number of rows in which a legend fits into a room."""
    widths = [_entry_width(entry, font) for entry in legend]
    for rows in range(1, len(widths)):
        columns = -(-len(widths) // rows)
        taken = sum(max(widths[column::columns]) for column in range(columns))
        if taken + (columns - 1) * _COLUMN_GAP * font <= room:
            return rows
    return len(widths)


def _add_legend(
    figure: Figure,
    legend: Sequence[Entry],
    rows: int,
    font: float,
    anchor: tuple[float, float],
    room: float,
) -> None:
    from matplotlib.legend_handler import HandlerTuple

    columns = -(-len(legend) // rows)
    entries = [legend[i] for i in _order(len(legend), columns)]
    size = 0.9 * font
    settings: dict[str, Any] = {
        "loc": "lower left",
        "bbox_to_anchor": anchor,
        "ncols": columns,
        "fontsize": size,
        "frameon": False,
        "borderpad": 0.0,
        "borderaxespad": 0.0,
        "handlelength": _HANDLE * font / size,
        "handletextpad": _HANDLE_PAD * font / size,
        "columnspacing": _COLUMN_GAP * font / size,
        "labelspacing": 0.4,
        "handler_map": {tuple: HandlerTuple(ndivide=1, pad=0.0)},
    }
    # Matplotlib's types do not know that a tuple of marks is drawn one over the other.
    handles: list[Any] = [entry.handles for entry in entries]
    made = figure.legend(handles, ["x"] * len(entries), **settings)
    # Set afterwards, since matplotlib leaves out entries whose label starts with "_".
    text_room = room - (_HANDLE + _HANDLE_PAD) * font
    for text, entry in zip(made.get_texts(), entries, strict=True):
        text.set_text(_words(entry, size, text_room))
