"""Every trial as a point over the box of its group: sizes side by side, runs within a size.

The points are the figure and the box is a reading aid: at twenty trials a group a violin or a bar
would show a shape, or a precision, that nobody measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import Scale, choose
from heteroscope.figures.data import Group, Request, Selection, select
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "alt_text", "caption", "draw", "finding", "select"]

NEEDS = Needs({TRIALS: ()})

Slots: TypeAlias = list[tuple[float, Group | None]]

# Quartiles of fewer trials than this are little more than the trials themselves.
_FEWEST_FOR_A_BOX = 5
# A group has a slot of the axis; between sizes there is a gap.  In slots: gap, boxes, marks.
_GAP, _BOX_BREADTH, _MARK_BREADTH = 1.0, 0.74, 0.24
_WIDEST_BOX = 5.0  # in font sizes


def draw(selection: Selection, request: Request) -> Figure:
    """Draw the distribution of a metric over the trials, by run and size."""
    from matplotlib.patches import Patch

    scale = choose(selection.groups, request.metric.resolution)
    figure, part, font = page.paper(request)
    axes = part.subplots()
    slots, spans = _slots(selection)
    length = spans[-1][1]
    page.bare(axes, font, "y")
    # A base line is what heights are measured from: it stands only where that is zero.
    axes.spines["bottom"].set_visible(scale.from_zero)
    axes.set_xlim(0, length)
    scale.set(axes, "y")
    screen = theme.SIZES[request.size]
    axes.set_ylabel(
        page.wrapped(
            f"{request.metric.title}{scale.unit(request.metric.unit)}",
            font, 0.55 * 72 * screen.height, 2,
        )
    )  # fmt: skip
    for start, end in spans[1::2]:
        axes.axvspan(start, end, color=theme.BAND, linewidth=0, zorder=0)
    if not scale.log and scale.low < 0 < scale.high:
        axes.axhline(0, color=theme.MUTED, linewidth=0.08 * font, zorder=0.9)
    slot = _write_around(axes, selection, slots, spans, scale, request, font)
    entries: list[tuple[str, Any]] = []
    for run in selection.runs:
        style = request.styles[run]
        box = Patch(facecolor=style.tint, edgecolor=style.edge, linewidth=0.08 * font)
        mark = points.handle(style.marker, font, **points.filled(style))
        entries.append((page.label(request, run), (box, mark)))
    entries += points.legend([(group, scale) for group in selection.groups], font)
    page.add_legend(figure, request, entries, slot * length)
    across, up = page.cut(figure, axes, request, (slot * length, 0.55 * 72 * screen.height))
    slot = across / length
    breadth = min(_BOX_BREADTH, _WIDEST_BOX * font / slot)
    _draw_boxes(axes, slots, request, font, breadth / 2)
    largest = max(group.every.size for group in selection.groups)
    for centre, group in slots:
        if group is None or not group.every.size:
            small = min(page.SMALL * font, slot / page.LINE)
            axes.text(
                centre, 0.5, "no data", transform=axes.get_xaxis_transform(), rotation=90,
                fontsize=small, color=theme.MUTED, ha="center", va="center",
            )  # fmt: skip
        else:
            points.draw(
                axes, group, scale, request.styles[group.run], centre=centre, unit=slot,
                length=up, room=breadth * slot,
                size=points.mark_size(font, _MARK_BREADTH * slot, largest),
            )  # fmt: skip
    return figure


def _slots(selection: Selection) -> tuple[Slots, list[tuple[float, float]]]:
    """Return the middle of each group's slot, and the ends of each size, along the axis.

    A run that was not measured at a size takes no room there; a size without any has one slot.
    """
    slots: Slots = []
    spans = []
    start = 0.0
    for category in selection.categories:
        here: Sequence[Group | None] = category.groups or (None,)
        slots += [(start + (_GAP + 1) / 2 + i, group) for i, group in enumerate(here)]
        spans.append((start, start + len(here) + _GAP))
        start = spans[-1][1]
    return slots, spans


def _write_around(
    axes: Axes,
    selection: Selection,
    slots: Slots,
    spans: list[tuple[float, float]],
    scale: Scale,
    request: Request,
    font: float,
) -> float:
    """Write how many trials each group has, far values and sizes; return the least slot for them.

    Each row of words is a further axis, so that matplotlib finds room for it.
    """
    small = page.SMALL * font
    centres = [centre for centre, _ in slots]
    room = theme.SIZES[request.size].width * 72 - 7 * font
    slot = max(room / spans[-1][1], page.LINE * small)
    far = [scale.beyond(group.every) if group else ["", ""] for _, group in slots]
    below, above = zip(*far, strict=True)
    counts = [str(group.values.size) if group else "0" for _, group in slots]
    worded = [f"n={count}" for count in counts]
    if max(page.width(word, small) for word in worded) < 0.9 * slot:
        counts = worded
    least = page.LINE * small
    pad = 0.7 * font
    for words, side in ((above, 1.0), (below, 0.0), (counts, 0.0)):
        if not any(words):
            continue
        longest = max(page.width(word, small) for word in words)
        upright = longest + 2 > slot
        row = axes.secondary_xaxis(side)
        row.set_xticks(centres, words)
        row.tick_params(length=0, pad=pad, labelsize=small, labelcolor=theme.MUTED,
                        labelrotation=90 if upright else 0)  # fmt: skip
        row.spines[:].set_visible(False)
        if words is counts and not upright:
            least = longest + 2
        if words is counts and counts is not worded:
            axes.annotate(
                "n =", (0, 0), (-0.4 * font, -pad - (longest / 2 if upright else 0.14 * font)),
                xycoords="axes fraction", textcoords="offset points", fontsize=small,
                color=theme.MUTED, ha="right", va="center" if upright else "top",
            )  # fmt: skip
        if not side:
            pad += (longest if upright else page.LINE * small) + 0.3 * font
    names = [category.label for category in selection.categories]
    for _ in range(2):
        least_names = max(
            (page.width(name, font) + 0.6 * font) / (end - start)
            for name, (start, end) in zip(names, spans, strict=True)
        )
        if least_names > slot:
            names = [name.replace(" ", "\n", 1) for name in names]
    row = axes.secondary_xaxis(0.0)
    row.set_xticks([sum(ends) / 2 for ends in spans], names, linespacing=0.9 * page.LINE)
    row.tick_params(length=0, pad=pad, labelsize=font)
    row.spines[:].set_visible(False)
    known = any(category.ranks is not None for category in selection.categories)
    row.set_xlabel("MPI ranks (nodes)" if known else "Cluster size")
    axes.set_xticks([])
    return max(least, least_names)


def _draw_boxes(
    axes: Axes,
    slots: Slots,
    request: Request,
    font: float,
    half: float,
) -> None:
    """Draw quartiles and whiskers under the points, and the medians over them."""
    from matplotlib.cbook import boxplot_stats

    line = 0.08 * font
    for run, style in request.styles.items():
        placed = [
            (centre, group)
            for centre, group in slots
            if group and group.run == run and group.values.size
        ]
        centres, levels = [x for x, _ in placed], [group.median for _, group in placed]
        axes.hlines(
            levels, np.subtract(centres, 1.18 * half), np.add(centres, 1.18 * half),
            color=theme.INK, linewidth=1.8 * line, zorder=6, gid=f"median:{run}",
        )  # fmt: skip
        # Not `Axes.bxp`, which would load pyplot.
        boxes = [
            (centre, boxplot_stats(group.values)[0])
            for centre, group in placed
            if group.values.size >= _FEWEST_FOR_A_BOX
        ]
        centres = [x for x, _ in boxes]
        low, first, third, high = (
            np.array([box[key] for _, box in boxes]) for key in ("whislo", "q1", "q3", "whishi")
        )
        axes.bar(
            centres, third - first, 2 * half, first, facecolor=style.tint, edgecolor=style.edge,
            linewidth=line, zorder=2, gid=f"box:{run}",
        )  # fmt: skip
        for start, end in ((low, first), (third, high)):
            axes.vlines(
                centres, start, end, color=style.edge, linewidth=line, zorder=1.9,
                gid=f"whisker:{run}",
            )  # fmt: skip


def finding(selection: Selection, request: Request) -> str:
    """Return what is measured: the reader is to see what it shows."""
    return request.metric.title


def caption(selection: Selection, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    scale = choose(selection.groups, request.metric.resolution)
    words = (
        f"{request.measured()}, a mark a trial; line: median, box: quartiles, whiskers: furthest "
        "trial within 1.5 box heights."
    )
    if min(group.values.size for group in selection.groups) < _FEWEST_FOR_A_BOX:
        words += f" Groups of fewer than {_FEWEST_FOR_A_BOX} trials have no box."
    if any("".join(scale.beyond(group.every)) for group in selection.groups):
        words += " Triangles lie beyond the axis, with the value."
    if scale.log:
        words += " The axis is logarithmic."
    elif not scale.from_zero:
        words += " The axis does not start at zero."
    return selection.caption(words, "hollow", request)


def alt_text(selection: Selection, request: Request) -> str:
    """Return the medians that the figure shows, size by size, for those who cannot see it."""
    lead = f"Medians of {request.axis}."
    return selection.told(lead, request, lambda group, _: number(group.median))
