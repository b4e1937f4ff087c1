"""Every trial as a point over the box of its group: sizes side by side, runs within a size.

The points are the figure and the box is a reading aid: at twenty trials a group a violin or a bar
would show a shape, or a precision, that nobody measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Category, Group, Request, Selection, Values, select
from heteroscope.figures.frame import Entry
from heteroscope.figures.marks import filled, hollow, legend_mark, legend_run, mark_size
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.stage import Stage, set_stage
from heteroscope.figures.swarm import spread
from heteroscope.figures.words import (
    counted,
    exclusions,
    extent,
    in_unit,
    measurement,
    missing,
    number,
    place,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Quartiles of fewer trials than this are little more than the trials themselves.
_FEWEST_FOR_A_BOX = 5
# In slots: boxes and marks.
_BOX_BREADTH, _MARK_BREADTH = 0.74, 0.24
_WIDEST_BOX = 5.0  # in font sizes

NEEDS = Needs({TRIALS: ()})


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the distribution of a metric over the trials, by run and size."""
    selection = select(table, request)
    if not selection.runs:
        return blank.draw(request)
    scale = choose(selection.groups, request.metric.resolution)
    legend = _legend(selection, request, scale, theme.SIZES[request.size].font)
    stage = set_stage(selection, request, scale, legend)
    _draw_boxes(stage, request)
    _draw_marks(stage, selection.runs, request)
    return stage.figure


def _box_breadth(stage: Stage) -> float:
    """Return the breadth of a box in slots."""
    return min(_BOX_BREADTH, _WIDEST_BOX * stage.font / stage.slot)


def _draw_boxes(stage: Stage, request: Request) -> None:
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


def _draw_marks(stage: Stage, runs: Sequence[str], request: Request) -> None:
    """Draw every trial: filled if it counts and hollow if not, at the edge if it lies beyond."""
    scale = stage.scale
    room = _box_breadth(stage) * stage.slot
    largest = max(group.every.size for group in stage.slots.groups if group)
    size = mark_size(stage.font, _MARK_BREADTH * stage.slot, largest)
    at_edge = 1.35 * size

    for place_in_legend, run in enumerate(runs):
        style = request.styles[run]
        marks: defaultdict[str, list[tuple[Values, Values]]] = defaultdict(list)
        for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
            if group is None or group.run != run:
                continue
            for kind, x, y in _places(group, scale, stage.height, size, at_edge, room):
                marks[kind].append((centre + x / stage.slot, y))
        full, empty = filled(style), hollow(style.edge)
        for kind, look in (
            ("trials", {"marker": style.marker, "markersize": size, "zorder": 3, **full}),
            ("trials-over", {"marker": "^", "markersize": at_edge, "zorder": 4, **full}),
            ("trials-under", {"marker": "v", "markersize": at_edge, "zorder": 4, **full}),
            ("excluded", {"marker": "o", "markersize": 1.2 * size, "zorder": 5, **empty}),
            ("excluded-over", {"marker": "^", "markersize": at_edge, "zorder": 5, **empty}),
            ("excluded-under", {"marker": "v", "markersize": at_edge, "zorder": 5, **empty}),
        ):
            if marks[kind]:
                x, y = (np.concatenate(part) for part in zip(*marks[kind], strict=True))
                stage.axes.plot(
                    x, y, linestyle="none", clip_on=False, gid=f"{kind}-{place_in_legend}", **look
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
    from matplotlib.patches import Patch

    entries = []
    for run in selection.runs:
        style = request.styles[run]
        box = Patch(facecolor=style.tint, edgecolor=style.edge, linewidth=0.08 * font)
        entries.append(Entry(request.label(run), (box, legend_run(style, font))))
    excluded = hollow(theme.MUTED)
    groups = selection.groups
    if any(scale.within(group.excluded).size for group in groups):
        entries.append(Entry("excluded", (legend_mark("o", font, **excluded),)))
    if any(_far(group.values, scale) for group in groups):
        triangle = legend_mark("^", font, color=theme.MUTED)
        entries.append(Entry("beyond the axis: value given", (triangle,)))
    if any(_far(group.excluded, scale) for group in groups):
        entries.append(Entry("excluded, beyond the axis", (legend_mark("^", font, **excluded),)))
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
    sentences = [
        f"{metric.title}{in_unit(metric.unit)}, by cluster size and run: {sum(sizes)} trials, "
        f"n = {extent(sizes)} in each group.",
        *measurement(metric),
    ]
    sentences.append(
        "Each mark is a trial, moved sideways only to be seen; the line is the median, the box the "
        "quartiles (linear interpolation), and whiskers reach the furthest trial within 1.5 times "
        "the box's height of it."
    )
    if min(sizes) < _FEWEST_FOR_A_BOX:
        sentences.append(f"Groups of fewer than {_FEWEST_FOR_A_BOX} trials have no box.")
    sentences += exclusions(selection, "drawn hollow")
    far = sum(_far(group.every, scale) for group in groups)
    if far:
        sentences.append(
            f"{counted(far, 'trial')} beyond the axis, at its edge as "
            f"{'a triangle' if far == 1 else 'triangles'} with the value."
        )
    if scale.log:
        sentences.append("The axis of values is logarithmic.")
    elif not scale.from_zero:
        sentences.append("The axis of values does not start at zero.")
    sentences += missing(selection, request)
    return " ".join(sentences)


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the medians that the figure shows, size by size, for those who cannot see it."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sentences = [
        f"Points over box plots of {metric.title}{in_unit(metric.unit)} "
        f"for {counted(len(selection.runs), 'run')} "
        f"at {counted(len(request.sizes), 'cluster size')}."
    ]
    sentences += [
        f"{place(category)}: {_medians(category, request)}." for category in selection.categories
    ]
    return " ".join(sentences)


def _medians(category: Category, request: Request) -> str:
    medians = [
        f"{request.label(group.run)} {number(float(np.median(group.values)))}"
        for group in category.groups
        if group.values.size
    ]
    return f"medians {', '.join(medians)}" if medians else "no data"
