"""Every trial as a point over the box of its group: sizes side by side, runs within a size.

The points are the figure and the box is a reading aid: at twenty trials a group a violin or a bar
would show a shape, or a precision, that nobody measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Category, Group, Request, Selection, Values, select
from heteroscope.figures.frame import Entry, Margins, least_height, open_frame, plot_width
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.slots import Row, Slots, arrange, fit_row, fit_ticks
from heteroscope.figures.swarm import spread
from heteroscope.figures.text import LINE, balanced, plain, width

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Quartiles of fewer trials than this are little more than the trials themselves.
_FEWEST_FOR_A_BOX = 5
# In font sizes: numbers under the groups, room between parts, marks.
_SMALL = 0.85
_SPACE = 0.4
_MARK, _LEAST_MARK = 0.42, 0.16
# In slots: boxes and marks.
_BOX_BREADTH, _MARK_BREADTH = 0.74, 0.24
_WIDEST_BOX = 5.0  # in font sizes
# Marks are drawn smaller in figures with groups of more trials than this.
_CROWD = 40
_OUTLINE = 0.4
_HOLLOW = {"markerfacecolor": "white", "markeredgewidth": 0.9}


@dataclass(frozen=True, slots=True)
class _Stage:
    """Axes that are set up, and what is needed to place marks on them (in points)."""

    figure: Figure
    axes: Axes
    scale: Scale
    slots: Slots
    slot: float
    height: float
    font: float


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the distribution of a metric over the trials, by run and size."""
    selection = select(table, request)
    if not selection.runs:
        return blank.draw(request)
    stage = _set_stage(selection, request)
    _write_no_data(stage)
    _draw_boxes(stage, request)
    _draw_marks(stage, selection.runs, request)
    return stage.figure


def _set_stage(selection: Selection, request: Request) -> _Stage:
    """Lay out the page: the axes, their ticks, and the rows of numbers around them."""
    size = theme.SIZES[request.size]
    font, small, space = size.font, _SMALL * size.font, _SPACE * size.font
    scale = choose(selection.groups, request.metric.resolution)
    slots = arrange(selection.categories)

    y_title = balanced(
        plain(f"{request.metric.title}{scale.unit(request.metric.unit)}"),
        font,
        least_height(size),
        2,
    )
    title_width = len(y_title) * LINE * font
    left = max(width(label, font) for label in scale.labels) + 2 * space + title_width
    room = plot_width(size, left)
    ticks = fit_ticks(selection.categories, slots, font, room)
    slot = max(room / slots.length, ticks.least_slot)

    counts = _counts(slots, slot, small)
    over = _beyond(slots, scale.over, slot, small)
    under = _beyond(slots, scale.under, slot, small)
    # Marks and the lowest tick's label reach below the axis.
    below_axis = 0.75 * font + (under.height if under else 0.0)
    to_ticks = below_axis + counts.height
    to_title = to_ticks + ticks.lines * LINE * font + space
    page = open_frame(
        size,
        request.title,
        Margins(
            left, below=to_title + LINE * font, above=over.height + 0.6 * font if over else 0.0
        ),
        _legend(selection, request, scale, font),
        slot * slots.length,
    )
    axes = page.axes

    _set_axes(axes, scale, slots)
    axes.tick_params(axis="both", length=0, labelsize=font)
    axes.set_yticks(scale.ticks, scale.labels)
    axes.tick_params(axis="y", pad=space)
    axes.set_xticks(
        [(start + end) / 2 for start, end in slots.spans], ticks.words, linespacing=0.85 * LINE
    )
    axes.tick_params(axis="x", pad=to_ticks)
    known = any(category.ranks is not None for category in selection.categories)
    axes.set_xlabel("MPI ranks (nodes)" if known else "Cluster size", fontsize=font)
    axes.xaxis.set_label_coords(0.5, -to_title / page.height)
    axes.set_ylabel("\n".join(y_title), fontsize=font, linespacing=0.85 * LINE)
    axes.yaxis.set_label_coords(-(left - title_width) / page.width, 0.5)

    stage = _Stage(page.figure, axes, scale, slots, slot, page.height, font)
    _write_row(stage, counts, -below_axis)
    if not counts.words[0].startswith("n"):
        axes.text(
            -space / page.width,
            -(below_axis + (counts.height / 2 if counts.upright else 0.0)) / page.height,
            "n =",
            transform=axes.transAxes,
            fontsize=small,
            color=theme.MUTED,
            ha="right",
            va="center" if counts.upright else "top",
        )
    if over:
        _write_row(stage, over, 0.6 * font)
    if under:
        _write_row(stage, under, -0.75 * font)
    return stage


def _set_axes(axes: Axes, scale: Scale, slots: Slots) -> None:
    """Set the ends of the axes, and what lies behind the marks."""
    if scale.log:
        axes.set_yscale("log")
        axes.minorticks_off()
    axes.set_xlim(0, slots.length)
    axes.set_ylim(scale.low, scale.high)
    axes.spines["left"].set_visible(False)
    # A base line is what heights are measured from: it stands only where that is zero.
    axes.spines["bottom"].set_visible(scale.from_zero)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    for start, end in slots.spans[1::2]:
        axes.axvspan(start, end, color=theme.BAND, linewidth=0, zorder=0)
    if not scale.log and scale.low < 0 < scale.high:
        axes.axhline(0, color=theme.MUTED, linewidth=0.8, zorder=0.9)


def _counts(slots: Slots, slot: float, font: float) -> Row:
    """Return how many trials count in each group, as "n=20" where that fits and "20" elsewhere."""
    numbers = [str(group.values.size) if group else "0" for group in slots.groups]
    worded = fit_row([f"n={number}" for number in numbers], 0.9 * slot, font)
    return fit_row(numbers, slot, font) if worded.upright or worded.font < font else worded


def _beyond(slots: Slots, far: Any, slot: float, font: float) -> Row | None:
    """Return the values beyond an end of the axis, or their range, to be written at their slots."""
    words = []
    for group in slots.groups:
        values = far(group.every) if group else np.empty(0)
        ends = (_number(values.min()), _number(values.max())) if values.size else ()
        # A dash between numbers that may be negative reads as a sign.
        to = "–" if values.size and values.min() >= 0 else " to "
        words.append(to.join(dict.fromkeys(ends)))
    return fit_row(words, slot, font) if any(words) else None


def _number(value: float) -> str:
    """Return a value in three digits or, where it has more before the point, in whole numbers."""
    text = f"{value:.0f}" if 100 <= abs(value) < 1e6 else f"{value:.3g}"
    return text.replace("e+0", "e").replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def _write_row(stage: _Stage, row: Row, distance: float) -> None:
    """Write a row of words, `distance` points above the axes or, if negative, below them."""
    level = distance / stage.height + (1 if distance > 0 else 0)
    va = "bottom" if distance > 0 else "top"
    for centre, word in zip(stage.slots.centres, row.words, strict=True):
        if word:
            _write_at(stage, centre, level, word, row.font, upright=row.upright, va=va)


def _write_no_data(stage: _Stage) -> None:
    """Say of a group, or a size, that there is nothing of it."""
    size = min(_SMALL * stage.font, stage.slot / LINE)
    for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
        if group is None or not group.every.size:
            _write_at(stage, centre, 0.5, "no data", size, upright=True, va="center")


def _write_at(
    stage: _Stage, centre: float, level: float, word: str, size: float, *, upright: bool, va: str
) -> None:
    stage.axes.text(
        centre,
        level,
        word,
        transform=stage.axes.get_xaxis_transform(),
        fontsize=size,
        color=theme.MUTED,
        rotation=90 if upright else 0,
        ha="center",
        va=va,
    )


def _box_breadth(stage: _Stage) -> float:
    """Return the breadth of a box in slots."""
    return min(_BOX_BREADTH, _WIDEST_BOX * stage.font / stage.slot)


def _draw_boxes(stage: _Stage, request: Request) -> None:
    """Draw quartiles and whiskers under the points, and the medians over them."""
    from matplotlib.collections import LineCollection, PolyCollection

    half = _box_breadth(stage) / 2
    line = 0.08 * stage.font
    boxes, box_styles, whiskers, medians = [], [], [], []
    for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
        if group is None or not group.values.size:
            continue
        first, median, third = np.percentile(group.values, [25, 50, 75])
        medians.append([(centre - 1.18 * half, median), (centre + 1.18 * half, median)])
        if group.values.size < _FEWEST_FOR_A_BOX:
            continue
        fence = 1.5 * (third - first)
        low = group.values[group.values >= first - fence].min()
        high = group.values[group.values <= third + fence].max()
        left, right = centre - half, centre + half
        boxes.append([(left, first), (right, first), (right, third), (left, third)])
        box_styles.append(request.styles[group.run])
        whiskers += [[(centre, low), (centre, first)], [(centre, third), (centre, high)]]
    # One collection of each, since a collection a box takes a tenth of a second in a usual figure.
    edges = [style.edge for style in box_styles]
    tints = [style.tint for style in box_styles]
    for collection in (
        LineCollection(
            whiskers, colors=np.repeat(edges, 2), linewidths=line, zorder=1.9, gid="whiskers"
        ),
        PolyCollection(
            boxes, facecolors=tints, edgecolors=edges, linewidths=line, zorder=2, gid="boxes"
        ),
        LineCollection(medians, colors=theme.INK, linewidths=1.8 * line, zorder=6, gid="medians"),
    ):
        stage.axes.add_collection(collection, autolim=False)


def _draw_marks(stage: _Stage, runs: Sequence[str], request: Request) -> None:
    """Draw every trial: filled if it counts and hollow if not, at the edge if it lies beyond."""
    scale = stage.scale
    room = _box_breadth(stage) * stage.slot
    largest = max(group.every.size for group in stage.slots.groups if group)
    crowding = min(1.0, (_CROWD / largest) ** 0.5)
    size = min(_MARK * stage.font, _MARK_BREADTH * stage.slot) * crowding
    size = max(size, _LEAST_MARK * stage.font)
    at_edge = 1.35 * size

    for number, run in enumerate(runs):
        style = request.styles[run]
        marks: defaultdict[str, list[tuple[Values, Values]]] = defaultdict(list)
        for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
            if group is None or group.run != run:
                continue
            for kind, x, y in _places(group, scale, stage.height, size, at_edge, room):
                marks[kind].append((centre + x / stage.slot, y))
        hollow = {"markeredgecolor": style.edge, **_HOLLOW}
        filled = {
            "markerfacecolor": style.face,
            "markeredgecolor": style.edge,
            "markeredgewidth": _OUTLINE,
        }
        for kind, look in (
            ("trials", {"marker": style.marker, "markersize": size, "zorder": 3, **filled}),
            ("trials-over", {"marker": "^", "markersize": at_edge, "zorder": 4, **filled}),
            ("trials-under", {"marker": "v", "markersize": at_edge, "zorder": 4, **filled}),
            ("excluded", {"marker": "o", "markersize": 1.2 * size, "zorder": 5, **hollow}),
            ("excluded-over", {"marker": "^", "markersize": at_edge, "zorder": 5, **hollow}),
            ("excluded-under", {"marker": "v", "markersize": at_edge, "zorder": 5, **hollow}),
        ):
            if marks[kind]:
                x, y = (np.concatenate(part) for part in zip(*marks[kind], strict=True))
                stage.axes.plot(
                    x, y, linestyle="none", clip_on=False, gid=f"{kind}-{number}", **look
                )


def _places(
    group: Group, scale: Scale, height: float, size: float, at_edge: float, room: float
) -> list[tuple[str, Values, Values]]:
    """Return what kinds of marks a group has, how far from its middle (points), and how high."""
    within = [scale.within(group.values), scale.within(group.excluded)]
    inside = np.concatenate(within)
    offsets = spread(scale.fraction(inside) * height, 1.05 * size, 0.95 * room)
    n = within[0].size
    places = [("trials", offsets[:n], within[0]), ("excluded", offsets[n:], within[1])]
    for suffix, far, level in (
        ("over", scale.over, scale.high),
        ("under", scale.under, scale.low),
    ):
        counted, excluded = far(group.values), far(group.excluded)
        both = np.full(counted.size + excluded.size, level)
        offsets = spread(np.zeros(both.size), at_edge, room)
        n = counted.size
        places.append((f"trials-{suffix}", offsets[:n], both[:n]))
        places.append((f"excluded-{suffix}", offsets[n:], both[n:]))
    return [place for place in places if place[1].size]


def _legend(selection: Selection, request: Request, scale: Scale, font: float) -> list[Entry]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def mark(marker: str, **look: Any) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, markersize=0.6 * font, **look)

    entries = []
    for run in selection.runs:
        style = request.styles[run]
        box = Patch(facecolor=style.tint, edgecolor=style.edge, linewidth=0.08 * font)
        point = mark(
            style.marker,
            markerfacecolor=style.face,
            markeredgecolor=style.edge,
            markeredgewidth=_OUTLINE,
        )
        entries.append(Entry(request.label(run), (box, point)))
    hollow = {"markeredgecolor": theme.MUTED, **_HOLLOW}
    groups = selection.groups
    if any(scale.within(group.excluded).size for group in groups):
        entries.append(Entry("excluded", (mark("o", **hollow),)))
    if any(_far(group.values, scale) for group in groups):
        entries.append(Entry("beyond the axis: value given", (mark("^", color=theme.MUTED),)))
    if any(_far(group.excluded, scale) for group in groups):
        entries.append(Entry("excluded, beyond the axis", (mark("^", **hollow),)))
    return entries


def _far(values: Values, scale: Scale) -> int:
    return scale.over(values).size + scale.under(values).size


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return how many trials of what are shown, how they were measured, and what the marks mean."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    groups = [group for group in selection.groups if group.every.size]
    scale = choose(groups, metric.resolution)
    sizes = [group.values.size for group in groups]
    unit = f" in {metric.unit}" if metric.unit else ""
    sentences = [
        f"{metric.title}{unit}, by cluster size and run: {sum(sizes)} trials, "
        f"n = {_range(sizes)} in each group.",
    ]
    if metric.start:
        sentences.append(f"Start: {metric.start}. Stop: {metric.stop}.")
    sentences.append(
        f"Clock: {metric.clock}; resolution {metric.resolution:g}{_spaced(metric.unit)}."
    )
    if metric.includes:
        sentences.append(f"Note: {metric.includes}.")
    sentences.append(
        "Each mark is a trial, moved sideways only to be seen; the line is the median, the box the "
        "quartiles (linear interpolation), and whiskers reach the furthest trial within 1.5 times "
        "the box's height of it."
    )
    if min(sizes) < _FEWEST_FOR_A_BOX:
        sentences.append(f"Groups of fewer than {_FEWEST_FOR_A_BOX} trials have no box.")
    if selection.reasons:
        reasons = "; ".join(f"{word} ({n})" for word, n in selection.reasons.items())
        sentences.append(f"Excluded, and drawn hollow: {reasons}.")
    far = sum(_far(group.every, scale) for group in groups)
    if far:
        sentences.append(
            f"{_counted(far, 'trial')} beyond the axis, at its edge as "
            f"{'a triangle' if far == 1 else 'triangles'} with the value."
        )
    if scale.log:
        sentences.append("The axis of values is logarithmic.")
    elif not scale.from_zero:
        sentences.append("The axis of values does not start at zero.")
    if selection.unusable:
        sentences.append(
            f"Not shown: {_counted(selection.unusable, 'log')} without a usable value."
        )
    if selection.absent:
        names = ", ".join(request.label(run) for run in selection.absent)
        sentences.append(f"Without this metric: {names}.")
    return " ".join(sentences)


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the medians that the figure shows, size by size, for those who cannot see it."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sentences = [
        f"Points over box plots of {metric.title}{f' in {metric.unit}' if metric.unit else ''} "
        f"for {_counted(len(selection.runs), 'run')} "
        f"at {_counted(len(request.sizes), 'cluster size')}."
    ]
    sentences += [
        f"{_place(category)}: {_medians(category, request)}." for category in selection.categories
    ]
    return " ".join(sentences)


def _medians(category: Category, request: Request) -> str:
    medians = [
        f"{request.label(group.run)} {_number(float(np.median(group.values)))}"
        for group in category.groups
        if group.values.size
    ]
    return f"medians {', '.join(medians)}" if medians else "no data"


def _place(category: Category) -> str:
    if category.ranks is None:
        return category.label
    return f"{_counted(category.ranks, 'rank')} on {_counted(category.size, 'node')}"


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _spaced(unit: str) -> str:
    return f" {unit}" if unit else ""
