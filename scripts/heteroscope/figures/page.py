"""The page of a figure: words that are safe to draw and fit, title and legend, and the size.

Matplotlib lays out what stands around the axes, once and on a large sheet.  What the words took
there is what they will take, so the sheet is then cut to the size that was asked for, or to the
least at which all can be read.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroscope.figures import theme
from heteroscope.metrics import UserError
from heteroscope.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from heteroscope.figures.data import Request

LINE = 1.3  # height of a line of text, in font sizes
SMALL = 0.85  # of words beside marks, in font sizes
_TITLE = 1.15
_LABEL_LIMIT = 40
_SHEET = 40.0  # inches; every figure that can be read fits twice
_INCH = 72.0

# What a format would state of the day and of the program; None leaves it out.
_METADATA: Mapping[str, Mapping[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def plain(text: str) -> str:
    """Return text on one line that the font can draw.

    Control characters and marks that reverse the direction of a line are dropped; a character that
    the font lacks is shown as one replacement character, since fonts of the machine at hand would
    make the figure differ from machine to machine.
    """
    from matplotlib.font_manager import get_font

    # White space first, since some of it is control characters; those ("C…") and the selectors of
    # emoji are signs to a renderer, with nothing to draw.
    kept = "".join(
        char
        for char in " ".join(text.split())
        if not unicodedata.category(char).startswith("C")
        and not unicodedata.name(char, "").startswith("VARIATION SELECTOR")
    )
    font = get_font(theme.font_file())
    return "".join(
        char if font.get_char_index(ord(char)) else "\N{REPLACEMENT CHARACTER}"
        for char in " ".join(kept.split())
    )


def label(request: Request, run: str) -> str:
    """Return the words for a run as they are drawn: at most 40 characters."""
    words = plain(request.label(run))
    return words if len(words) <= _LABEL_LIMIT else words[: _LABEL_LIMIT - 1].rstrip() + "…"


def width(text: str, size: float) -> float:
    """Return the width of text at a font size, both in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(fname=theme.font_file(), size=size)
    lines = (text_to_path.get_text_width_height_descent(row, font, False)
             for row in text.split("\n"))  # fmt: skip
    # The backends round to their own pixels: a hair more than measured is always enough.
    return 1.02 * max(float(line[0]) for line in lines) + 0.5


def wrapped(text: str, size: float, room: float, lines: int = 1) -> str:
    """Return text broken into at most `lines` lines of `room` points, cut where it is longer."""
    words, best = plain(text), ""
    for chars in range(min(len(words), int(4 * room / size) + 1), 0, -1):
        rows = textwrap.wrap(words, chars)
        if best and len(rows) > best.count("\n") + 1:
            break
        whole = len(rows) <= lines
        if not whole:
            rows = [*rows[: lines - 1], rows[lines - 1][: chars - 1].rstrip() + "…"]
        if all(width(row, size) <= room for row in rows):
            best = "\n".join(rows)
            # Narrower lines, while they are as many, are of like lengths: no word stands alone.
            if not whole or len(rows) == 1:
                break
    return best


def paper(request: Request) -> tuple[Figure, Any, float]:
    """Return a sheet with a title, the part of it that axes stand on, and the size of its text.

    The part is a figure in a figure: a legend outside would stand on labels that both share.
    """
    from matplotlib.figure import Figure

    size = theme.SIZES[request.size]
    # Coarse, since matplotlib holds a picture of the sheet while it lays out.
    figure = Figure((_SHEET, _SHEET), dpi=_INCH, facecolor="white", layout="constrained")
    pad = 0.4 * size.font / _INCH
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=pad, h_pad=pad, wspace=0, hspace=0)
    heading = wrapped(request.title, _TITLE * size.font, size.width * _INCH - 2 * size.font, 3)
    if heading:
        figure.suptitle(heading, fontsize=_TITLE * size.font, ha="left", linespacing=0.9 * LINE)
    return figure, figure.subfigures(), size.font


def bare(axes: Axes, font: float, values: str) -> None:
    """Take from axes what is not needed, and draw a grid for the axis of values: x or y."""
    axes.tick_params(axis="both", length=0, labelsize=font)
    axes.grid(axis=values)  # type: ignore[arg-type]  # is "x" or "y"
    axes.set_axisbelow(True)
    for side in ("left", "bottom") if values == "y" else ("left",):
        axes.spines[side].set_visible(False)


def add_legend(
    figure: Figure, request: Request, entries: Sequence[tuple[str, Any]], room: float = 0.0
) -> None:
    """Add a legend below all, in as many columns as the page has room for, to be read by rows.

    An entry is its words, and an artist or several that are drawn one over the other; `room` is
    the width in points that is known to be there, whatever the page.
    """
    if not entries:
        return
    page = theme.SIZES[request.size]
    size = 0.9 * page.font
    each = max(width(words, size) for words, _ in entries) + 4.2 * size
    room = max(page.width * _INCH - page.font, room)
    columns = max(1, min(len(entries), int(room / each)))
    ordered = [entry for first in range(columns) for entry in entries[first::columns]]
    made = figure.legend(
        [artists for _, artists in ordered], ["x"] * len(ordered), loc="outside lower center",
        ncols=columns, fontsize=size, frameon=False, handlelength=1.8, columnspacing=1.5,
        labelspacing=0.4, borderpad=0.2,
    )  # fmt: skip
    # Set afterwards, since matplotlib leaves out entries whose label starts with "_".
    for text, (words, _) in zip(made.get_texts(), ordered, strict=True):
        text.set_text(words)


def cut(
    figure: Figure,
    axes: Axes,
    request: Request,
    least: tuple[float, float],
    grid: tuple[int, int] = (1, 1),
    *,
    fitted: bool = False,
) -> tuple[float, float]:
    """Cut the sheet to the page, or to the least size at which all can be read.

    `axes` are one of a grid of rows and columns that are alike, of `least` width and height in
    points or, if `fitted`, of just that height.  Return the width and height that they have got;
    nothing moves them afterwards.
    """
    page = theme.SIZES[request.size]
    engine: Any = figure.get_layout_engine()
    rows, columns = grid
    engine.execute(figure)
    across, up = _points(axes)
    around = (_SHEET * _INCH - columns * across, _SHEET * _INCH - rows * up)
    wide = max(page.width * _INCH, around[0] + columns * least[0])
    high = around[1] + rows * least[1]
    high = high if fitted else max(page.height * _INCH, high)
    figure.set_size_inches(wide / _INCH, high / _INCH)
    figure.set_dpi(page.dpi)
    engine.execute(figure)
    figure.set_layout_engine("none")
    for heading in figure.texts:
        heading.set_x(0.4 * page.font / wide)
    return _points(axes)


def _points(axes: Axes) -> tuple[float, float]:
    box, dpi = axes.get_window_extent(), axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    return box.width / dpi * _INCH, box.height / dpi * _INCH


def blank(request: Request) -> str:
    """Return why a figure is empty: a sentence for it, its caption and its alternative text."""
    runs, sizes = counted(len(request.runs), "run"), counted(len(request.sizes), "size")
    return f"No data on “{request.metric.title}” of {runs} at {sizes}."


def draw_blank(request: Request) -> Figure:
    """Draw the title and, in place of the axes, the reason for their absence."""
    figure, part, font = paper(request)
    axes = part.subplots()
    axes.set_axis_off()
    room = 0.8 * theme.SIZES[request.size].width * _INCH
    words = wrapped(blank(request), font, room, 4)
    cut(figure, axes, request, (room, 6 * font), fitted=True)
    axes.text(0.5, 0.5, words, color=theme.MUTED, ha="center", va="center", linespacing=LINE)
    return figure


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, as the suffix of the path says.

    The same figure gives the same bytes, whoever writes it, where and when.

    Raises
    ------
    UserError
        Where the suffix is none of these.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _METADATA:
        raise UserError(
            f"{path}: a figure is written as {', '.join(_METADATA)}, not {suffix or 'no suffix'!r}"
        )
    with theme.themed():
        # Not "figure": that would be what it was when its canvas was made.
        figure.savefig(path, format=suffix[1:], dpi=figure.dpi, metadata=dict(_METADATA[suffix]))
