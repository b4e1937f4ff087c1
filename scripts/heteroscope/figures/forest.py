"""A forest of ratios: a row a comparison, with its interval, its numbers and what they say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import theme
from heteroscope.figures.data import Request
from heteroscope.figures.frame import Entry, Margins, open_frame, plot_width
from heteroscope.figures.marks import filled, hollow, legend_mark
from heteroscope.figures.panels import set_scale
from heteroscope.figures.scale import Scale, choose_ratio
from heteroscope.figures.text import LINE, balanced, plain, shortened, width
from heteroscope.figures.words import counted, extent, interval, p_value, reason

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In font sizes: marks, room between parts, the least axis on which a ratio can be read.
_MARK, _SPACE, _SMALL = 0.55, 0.5, 0.9
_LEAST_AXIS = 9.0
# The axis shows 1 and a little about it in any case.
_ABOUT_ONE = (0.95, 1.05)
# Numbers stand beside the axis in columns while they leave this share of the page to it.
_AXIS_SHARE = 0.32


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison.

    Attributes
    ----------
    run, baseline, size
        What is compared.
    ratio, low, high
        The ratio of the two, and its interval; NaN where there is none.
    words
        What stands beside it: the ratio in numbers, the p-value, what follows.
    shown
        Whether a difference is shown: then the mark is filled.
    samples
        How many trials of the run and of its baseline count.
    """

    run: str
    baseline: str
    size: int
    ratio: float
    low: float
    high: float
    words: tuple[str, str, str]
    shown: bool
    samples: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is the same in all rows of a forest.

    Attributes
    ----------
    axis
        What the ratio is of.
    heads
        Of the columns of words.
    band
        The range of ratios without practical meaning, if there is one, and what it is called.
    filled, hollow
        What the two marks mean.
    """

    axis: str
    heads: tuple[str, str, str]
    band: tuple[float, float] | None
    band_name: str
    filled: str
    hollow: str


def chosen(table: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Return the rows of a table of comparisons that a figure shows, in its order."""
    runs = {run: place for place, run in enumerate(request.runs)}
    shown = table[
        (table["metric"] == request.metric.name)
        & table["run"].isin(runs)
        & table["baseline"].isin(runs)
        & table["size"].isin(list(request.sizes))
    ]
    if request.pairs is not None:
        pairs = set(request.pairs)
        pairs_shown = zip(shown["run"], shown["baseline"], strict=True)
        shown = shown[np.array([pair in pairs for pair in pairs_shown], dtype=bool)]
    sizes = {size: place for place, size in enumerate(request.sizes)}
    order = shown.assign(
        _run=shown["run"].map(runs),
        _baseline=shown["baseline"].map(runs),
        _size=shown["size"].map(sizes),
    ).sort_values(["_run", "_baseline", "_size"], kind="stable")
    return order.drop(columns=["_run", "_baseline", "_size"])


def compared(found: Mapping[Any, Any], ratio: str, p: float, verdict: str, *, shown: bool) -> Row:
    """Return a row of a table of comparisons as a row of the forest.

    Parameters
    ----------
    found
        The row of the table.
    ratio
        Its column of ratios; the limits of the interval have names that begin alike.
    p, verdict, shown
        What the comparison says: an adjusted p-value (NaN without a test), words for it, and
        whether there is a difference.
    """
    value, low, high = (float(found[key]) for key in (ratio, f"{ratio}_low", f"{ratio}_high"))
    if math.isnan(p):
        why = found["reason"]
        verdict = f"not tested: {reason(why)}" if isinstance(why, str) and why else "not tested"
    return Row(
        run=str(found["run"]),
        baseline=str(found["baseline"]),
        size=int(found["size"]),
        ratio=value,
        low=low,
        high=high,
        words=(interval(value, low, high), "" if math.isnan(p) else p_value(p), verdict),
        shown=shown,
        samples=(int(found["n_run"]), int(found["n_baseline"])),
    )


def in_words(rows: Sequence[Row], request: Request) -> list[str]:
    """Return every ratio with its interval and what it shows: a sentence a pair."""
    sentences = []
    for run, baseline, of_pair in _by_pair(rows):
        told = "; ".join(f"{_nodes(row)} {row.words[0]}, {row.words[2]}" for row in of_pair)
        sentences.append(f"{request.label(run)} / {request.label(baseline)}: {told}.")
    return sentences


def samples(rows: Sequence[Row]) -> str:
    """Return how many trials count on either side of the rows."""
    sizes = extent([n for row in rows for n in row.samples])
    return f"n = {sizes} trials in each sample; excluded trials do not count"


def _by_pair(rows: Sequence[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield each run, its baseline and their rows."""
    for run, baseline in dict.fromkeys((row.run, row.baseline) for row in rows):
        yield run, baseline, [row for row in rows if (row.run, row.baseline) == (run, baseline)]


def _nodes(row: Row) -> str:
    return counted(row.size, "node")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rows lie on the page; lengths in points.

    Attributes
    ----------
    left, beside
        Room for the sizes before the axis, and for the words behind it.
    columns
        Widths of the columns of words: three, or one of two lines where the page is narrow.
    headings
        Of each pair, in one line or two.
    line, row, head
        Heights of a line, of a row, and of what stands over the columns.
    font, small, space
        Sizes of text, and the room between parts.
    """

    left: float
    beside: float
    columns: tuple[float, ...]
    headings: tuple[tuple[str, ...], ...]
    line: float
    row: float
    head: float
    font: float
    small: float
    space: float

    @property
    def stacked(self) -> bool:
        """Whether the words of a row stand in two lines."""
        return len(self.columns) == 1

    def tall(self, rows: int) -> float:
        """Return the height of so many rows with their headings."""
        lines = sum(map(len, self.headings))
        return self.head + lines * self.line + rows * self.row + len(self.headings) * self.space


def _plan(rows: Sequence[Row], meaning: Meaning, request: Request) -> _Plan:
    size = theme.SIZES[request.size]
    font, small, space = size.font, _SMALL * size.font, _SPACE * size.font
    left = max(width(_nodes(row), font) for row in rows) + 2 * space
    room = plot_width(size, left)
    columns = [
        max(width(words, small) for words in (head, *(row.words[i] for row in rows)))
        for i, head in enumerate(meaning.heads)
    ]
    beside = sum(columns) + len(columns) * space
    if room - beside < _AXIS_SHARE * room:
        columns = [max(width(line, small) for row in rows for line in _stacked(row))]
        beside = columns[0] + space
    page = max(room, _LEAST_AXIS * font + beside)
    headings = (
        _heading(run, baseline, request, font, left + page) for run, baseline, _ in _by_pair(rows)
    )
    stacked = len(columns) == 1
    return _Plan(
        left=left,
        beside=beside,
        columns=tuple(columns),
        headings=tuple(headings),
        line=LINE * font,
        row=(2 if stacked else 1) * LINE * small + space,
        head=0.0 if stacked else LINE * font,
        font=font,
        small=small,
        space=space,
    )


def draw_forest(rows: Sequence[Row], meaning: Meaning, request: Request) -> Figure:
    """Draw the rows, pair by pair, each pair below its name."""
    plan = _plan(rows, meaning, request)
    size = theme.SIZES[request.size]
    tall = plan.tall(len(rows))
    axis = max(plot_width(size, plan.left) - plan.beside, _LEAST_AXIS * plan.font)
    title = balanced(plain(meaning.axis), plan.font, axis + plan.left, 3)
    below = (1 + len(title)) * plan.line + 2 * plan.space
    page = open_frame(
        size,
        request.title,
        Margins(plan.left, below=below, above=0.0),
        _legend(rows, meaning, plan.font),
        axis + plan.beside,
        tall,
        fitted=True,
    )
    axes, axis = page.axes, page.width - plan.beside
    whole = axes.get_position()
    axes.set_position((whole.x0, whole.y0, whole.width * axis / page.width, whole.height))
    scale = _scale(rows, meaning)
    lengths = [width(label, plan.font) + plan.space for label in scale.labels]
    _set_axes(axes, scale.thinned(lengths, axis), plan)
    axes.text(
        0.5 * (axis - plan.left) / axis, -below / page.height, "\n".join(title),
        transform=axes.transAxes, fontsize=plan.font, linespacing=0.85 * LINE,
        ha="center", va="bottom",
    )  # fmt: skip

    starts = [axis + plan.space]
    for column in plan.columns[:-1]:
        starts.append(starts[-1] + column + plan.space)

    def write(x: float, y: float, words: str, **look: Any) -> None:
        """Write at a place in points from the left of the axis and from the top of the page."""
        # Words are set on one base line, whatever letters they have.
        place = (x / axis, 1 - (y + 0.36 * look["fontsize"]) / page.height)
        axes.text(*place, words, transform=axes.transAxes, **look)

    if not plan.stacked:
        for start, head in zip(starts, meaning.heads, strict=True):
            write(start, 0.5 * plan.line, head, fontsize=plan.small, color=theme.MUTED)
    top = plan.head
    for lines, (_, _, of_pair) in zip(plan.headings, _by_pair(rows), strict=True):
        for words in lines:
            write(
                -plan.left, top + 0.5 * plan.line, words,
                fontsize=plan.font, weight="bold",
            )  # fmt: skip
            top += plan.line
        end = top + len(of_pair) * plan.row
        _draw_ground(axes, meaning, (1 - end / page.height, 1 - top / page.height), plan.font)
        for row in of_pair:
            centre = top + 0.5 * plan.row
            _draw_row(axes, row, 1 - centre / page.height, scale, plan.font, request)
            write(-plan.space, centre, _nodes(row), fontsize=plan.font, ha="right")
            color = theme.INK if row.shown else theme.MUTED
            look = {"fontsize": plan.small, "color": color}
            if plan.stacked:
                for words, up in zip(_stacked(row), (-0.5, 0.5), strict=True):
                    write(starts[0], centre + up * LINE * plan.small, words, **look)
            else:
                for start, words in zip(starts, row.words, strict=True):
                    write(start, centre, words, **look)
            top += plan.row
        top += plan.space
    return page.figure


def _stacked(row: Row) -> tuple[str, str]:
    """Return the words of a row in two lines."""
    return row.words[0], ", ".join(filter(None, row.words[1:]))


def _heading(
    run: str, baseline: str, request: Request, font: float, room: float
) -> tuple[str, ...]:
    """Return the name of a pair, in one line or two."""
    one, other = (plain(request.label(name)) for name in (run, baseline))
    size = 1.1 * font  # bold words are wider than they are measured
    whole = f"{shortened(one, 1.0, math.inf)} / {shortened(other, 1.0, math.inf)}"
    if width(whole, size) <= room:
        return (whole,)
    return shortened(one, size, room), shortened(f"/ {other}", size, room, 42)


def _scale(rows: Sequence[Row], meaning: Meaning) -> Scale:
    values = [
        value for row in rows for value in (row.ratio, row.low, row.high)
        if math.isfinite(value) and value > 0
    ]  # fmt: skip
    return choose_ratio(values or [1.0], meaning.band or _ABOUT_ONE)


def _set_axes(axes: Axes, scale: Scale, plan: _Plan) -> None:
    set_scale(axes, scale, "x")
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelsize=plan.font, pad=0.8 * plan.space)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _draw_ground(axes: Axes, meaning: Meaning, levels: tuple[float, float], font: float) -> None:
    """Draw what lies behind the rows of a pair: the margin, the grid, and the line of no effect."""
    low, high = levels
    if meaning.band:
        axes.axvspan(*meaning.band, *levels, color=theme.GRID, linewidth=0, zorder=0, gid="band")
    axes.vlines(axes.get_xticks(), low, high, color=theme.GRID, linewidth=0.7, zorder=0.1)
    axes.vlines([1], low, high, color=theme.MUTED, linewidth=0.1 * font, zorder=0.2, gid="one")


def _draw_row(
    axes: Axes, row: Row, level: float, scale: Scale, font: float, request: Request
) -> None:
    """Draw the ratio and its interval; one without an upper end is an arrow to the edge."""
    style = request.styles[row.run]
    if not (math.isfinite(row.ratio) and row.ratio > 0):
        return
    if math.isfinite(row.low):
        end = row.high if math.isfinite(row.high) else scale.high
        axes.plot(
            [max(row.low, scale.low), end], [level, level],
            color=style.edge, linewidth=0.14 * font, gid="interval",
        )  # fmt: skip
        if end != row.high:
            axes.plot(
                [end], [level], linestyle="none", marker=">", markersize=0.4 * font,
                color=style.edge, clip_on=False, gid="open-end",
            )  # fmt: skip
    axes.plot(
        [row.ratio], [level], linestyle="none", marker=style.marker, markersize=_MARK * font,
        zorder=4, clip_on=False, gid="ratio-shown" if row.shown else "ratio",
        **(filled(style) if row.shown else hollow(style.edge)),
    )  # fmt: skip


def _legend(rows: Sequence[Row], meaning: Meaning, font: float) -> list[Entry]:
    from matplotlib.patches import Patch

    entries = []
    if any(row.shown for row in rows):
        mark = legend_mark("D", font, color=theme.MUTED)
        entries.append(Entry(meaning.filled, (mark,)))
    if not all(row.shown for row in rows):
        entries.append(Entry(meaning.hollow, (legend_mark("D", font, **hollow(theme.MUTED)),)))
    if meaning.band:
        band = Patch(facecolor=theme.GRID, linewidth=0)
        entries.append(Entry(meaning.band_name, (band,)))
    return entries
