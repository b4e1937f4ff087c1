"""The page of a figure: words that are safe to draw and fit, title and legend, and the size.

Matplotlib lays out what stands around the axes, once and on a large sheet.  What the words took
there is what they will take, so the sheet is then cut to the size that was asked for, or to the
least at which all can be read.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroscope.figures import theme
from heteroscope.figures.data import Request, Selection
from heteroscope.metrics import UserError
from heteroscope.words import at_sizes, counted, of_sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LINE = 1.3  # height of a line of text, in font sizes
CLOSE = 0.9 * LINE  # of lines that belong together
_LABEL_LIMIT = 40
_SHEET = 40.0  # inches; every figure that can be read fits twice
_INCH = 72.0
LEAST_PANEL = 13.0  # width, in font sizes

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


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """Return the width of text at a font size, both in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(fname=theme.font_file(), size=size)
    wide = (text_to_path.get_text_width_height_descent(row, font, False)[0]
            for row in text.split("\n"))  # fmt: skip
    # The backends round to their own pixels: a hair more than measured is always enough.
    return 1.02 * max(map(float, wide)) + 0.5


def wrapped(text: str, size: float, room: float, lines: int = 1) -> str:
    """Return text in at most `lines` lines of like length, cut if it is longer than their room."""
    words = plain(text)
    while words:
        for n in range(1, lines + 1):
            # The narrowest lines that are so few.
            rows = next(
                rows
                for chars in range(max(1, len(words) // n), len(words) + 1)
                if len(rows := textwrap.wrap(words, chars)) <= n
            )
            if all(width(row, size) <= room for row in rows):
                return "\n".join(rows)
        words = f"{words.removesuffix('…')[:-1].rstrip()}…" if len(words) > 1 else ""
    return ""


class Sheet:
    """A sheet with a title, a legend, and a part that axes stand on.

    The part is a figure in a figure: a legend outside would stand on labels that both share.

    Attributes
    ----------
    figure, part
        The sheet, and what axes stand on.
    font, small
        Sizes of its text, and of that beside marks, in points.
    width, height
        What was asked for, in points.
    row
        The height of a row of `panels`, in points.
    """

    def __init__(self, request: Request) -> None:
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        page = theme.SIZES[request.size]
        self.font, self.small, self._dpi = page.font, 0.85 * page.font, page.dpi
        self.width, self.height = page.width * _INCH, page.height * _INCH
        # Coarse, since matplotlib holds a picture of the sheet while it lays out.
        pad = 0.4 * self.font / _INCH
        self._engine = ConstrainedLayoutEngine(w_pad=pad, h_pad=pad, wspace=0, hspace=0)
        self.figure = Figure((_SHEET, _SHEET), dpi=_INCH, facecolor="white", layout=self._engine)
        heading = wrapped(request.title, 1.15 * self.font, self.width - 2 * self.font, 3)
        if heading:
            self.figure.suptitle(heading, fontsize=1.15 * self.font, ha="left", linespacing=CLOSE)
        self.part: Any = self.figure.subfigures()
        self.row = 0.0

    def axes(self, rows: int = 1, columns: int = 1, grid: str = "y", **how: Any) -> Any:
        """Return axes as an array, without what is not needed; the grid is of values: x or y."""
        self._axes = self.part.subplots(rows, columns, squeeze=False, **how)
        for axes in self._axes.flat:
            axes.tick_params(labelsize=self.font)
            axes.grid(axis=grid)
            axes.spines["bottom"].set_visible(grid == "x")
        return self._axes

    def panels(self, shown: Selection, request: Request, *, named: bool = True) -> list[Axes]:
        """Return axes for each size, as many side by side as there is room for.

        Each has a row of `row` points for each run, `named` before the first panel of a line.
        """
        names = [wrapped(label(request, run), self.font, 0.3 * self.width, 3) for run in shown.runs]
        self.row = max(2.1, LINE * max(map(len, map(str.splitlines, names))) + 0.3) * self.font
        wide = max(width(name, self.font) for name in names) if named else 3 * self.font
        n, most = len(shown.sizes), int((self.width - wide) / ((LEAST_PANEL + 4) * self.font))
        columns = max(1, min(n, 2, most))
        every = list(self.axes(-(-n // columns), columns, "x").flat)
        for axes in every[n:]:
            axes.set_axis_off()
        for i, (axes, size) in enumerate(zip(every, shown.sizes, strict=False)):
            axes.set_xticks([])
            axes.set_title(of_sizes([size]))
            if named:
                axes.set_ylim(len(names) - 0.5, -0.5)
                axes.set_yticks(range(len(names)), names if i % columns == 0 else [""] * len(names))
        return every[:n]

    def label(self, x: str, y: str = "") -> None:
        """Write at the axes, once for all, what they show."""
        for text, write, room in (
            (x, self.part.supxlabel, self.width),
            (y, self.part.supylabel, 0.6 * self.height),
        ):
            if text:
                words = wrapped(text, self.font, room - 4 * self.font, 3)
                write(words, fontsize=self.font, linespacing=CLOSE)

    def write(self, axes: Axes, row: float, words: str, left: float = 1, **look: Any) -> None:
        """Write beside a row, from 1 on the right of the axes or from 0 in them."""
        look = {"va": "center", "fontsize": self.small, "color": theme.INK, **look}
        axes.annotate(
            words, (left, row), (0.5 * self.font, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", annotation_clip=False, **look,
        )  # fmt: skip

    def legend(self, entries: Sequence[tuple[str, Any]], room: float = 0.0) -> None:
        """Add a legend below all, in as many columns as the page has room for, to be read by rows.

        An entry is its words, and an artist or several that are drawn one over the other; `room` is
        the width in points that is known to be there, whatever the page.
        """
        if not entries:
            return
        size = 0.9 * self.font
        each = max(width(words, size) for words, _ in entries) + 4.2 * size
        columns = int(max(self.width - self.font, room) / each)
        columns = max(1, min(len(entries), columns))
        ordered = [entry for first in range(columns) for entry in entries[first::columns]]
        made = self.figure.legend(
            [artists for _, artists in ordered], ["x"] * len(ordered), loc="outside lower center",
            ncols=columns, fontsize=size, frameon=False, handlelength=1.8, columnspacing=1.5,
            labelspacing=0.4, borderpad=0.2,
        )  # fmt: skip
        # Set afterwards, since matplotlib leaves out entries whose label starts with "_".
        for text, (words, _) in zip(made.get_texts(), ordered, strict=True):
            text.set_text(words)

    def cut(self, wide: float, high: float, *, fitted: bool = False) -> tuple[float, float]:
        """Cut the sheet to the page, or to the least size at which all can be read.

        The first of the axes needs a width and a height in points, and the others in proportion; if
        `fitted`, they get just that height.  Return what it has got; nothing moves afterwards.
        """
        self._engine.execute(self.figure)
        first, sheet = self._axes[0, 0].get_window_extent(), _SHEET * _INCH
        across = self._axes.shape[1] * first.width
        up = sum(axes.get_window_extent().height for axes in self._axes[:, 0])
        wide = max(self.width, sheet + across * (wide / first.width - 1))
        high = sheet + up * (high / first.height - 1)
        high = high if fitted else max(self.height, high)
        self.figure.set_size_inches(wide / _INCH, high / _INCH)
        self.figure.set_dpi(self._dpi)
        self._engine.execute(self.figure)
        self.figure.set_layout_engine("none")
        for heading in self.figure.texts:
            heading.set_x(0.4 * self.font / wide)
        box = self._axes[0, 0].get_window_extent()
        got = (box.width / self._dpi * _INCH, box.height / self._dpi * _INCH)
        for axes in self._axes.flat:
            thin(axes.xaxis, got[0], self.font)
        return got


def thin(axis: Axis, length: float, size: float) -> None:
    """Leave out ticks of a horizontal axis of some points until their numbers do not touch."""
    low, high = sorted(axis.get_view_interval())
    ticks = [place for place in axis.get_majorticklocs() if low <= place <= high]
    words = axis.get_major_formatter().format_ticks(ticks)
    if not any(words):
        return
    ends = axis.get_transform().transform([low, high])
    places = (axis.get_transform().transform(ticks) - ends[0]) / (ends[1] - ends[0]) * length
    wide = [width(word, size) + 0.5 * size for word in words]
    # 0 and 1 keep their numbers, as what values and ratios are measured from.
    origin = next((i for i, place in enumerate(ticks) if place in (0, 1)), 0)
    for every in range(1, len(ticks) + 1):
        kept = list(range(origin % every, len(ticks), every))
        if all(places[j] - places[i] >= (wide[i] + wide[j]) / 2 for i, j in pairwise(kept)):
            break
    axis.set_ticks([ticks[i] for i in kept], [words[i] for i in kept])


def blank(request: Request) -> str:
    """Return why a figure is empty: a sentence for it, its caption and its alternative text."""
    runs, where = counted(len(request.runs), "run"), at_sizes(request.sizes)
    return f"No data on “{request.metric.title}” of {runs} {where}."


def draw_blank(request: Request) -> Figure:
    """Draw the title and, in place of the axes, the reason for their absence."""
    sheet = Sheet(request)
    (axes,) = sheet.axes().flat
    axes.set_axis_off()
    words = wrapped(blank(request), sheet.font, 0.8 * sheet.width, 4)
    sheet.cut(0.8 * sheet.width, 6 * sheet.font, fitted=True)
    axes.text(0.5, 0.5, words, color=theme.MUTED, ha="center", va="center", linespacing=LINE)
    return sheet.figure


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
