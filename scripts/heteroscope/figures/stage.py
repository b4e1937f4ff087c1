"""Axes of values over cluster sizes, with the rows of numbers that stand above and below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import theme
from heteroscope.figures.data import Request, Selection
from heteroscope.figures.frame import Entry, Margins, least_height, open_frame, plot_width
from heteroscope.figures.marks import filled
from heteroscope.figures.scale import Scale
from heteroscope.figures.slots import Row, Slots, arrange, fit_row, fit_ticks
from heteroscope.figures.text import LINE, balanced, plain, width
from heteroscope.figures.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In font sizes: numbers under the groups, room between parts.
SMALL = 0.85
SPACE = 0.4


@dataclass(frozen=True, slots=True)
class Stage:
    """Axes that are set up, and what is needed to place marks on them (in points)."""

    figure: Figure
    axes: Axes
    scale: Scale
    slots: Slots
    slot: float
    height: float
    font: float


def set_stage(
    selection: Selection,
    request: Request,
    scale: Scale,
    legend: Sequence[Entry],
    *,
    named_below: bool = False,
) -> Stage:
    """Lay out the page: the axes, their ticks, and the rows of numbers around them.

    Parameters
    ----------
    selection
        What is shown.
    request
        How.
    scale
        The axis of values.
    legend
        Its entries.
    named_below
        Whether the mark of its run stands below each slot, for figures whose marks show something
        else.
    """
    size = theme.SIZES[request.size]
    font, small, space = size.font, SMALL * size.font, SPACE * size.font
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
    names = font if named_below else 0.0
    below_axis = 0.75 * font + names + (under.height if under else 0.0)
    to_ticks = below_axis + counts.height
    to_title = to_ticks + ticks.lines * LINE * font + space
    page = open_frame(
        size,
        request.title,
        Margins(
            left, below=to_title + LINE * font, above=over.height + 0.6 * font if over else 0.0
        ),
        legend,
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

    stage = Stage(page.figure, axes, scale, slots, slot, page.height, font)
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
    if named_below:
        _draw_names(stage, request, 0.5 * font + names / 2)
    if over:
        _write_row(stage, over, 0.6 * font)
    if under:
        _write_row(stage, under, -0.75 * font - names)
    _write_no_data(stage)
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
    worded = fit_row([f"n={count}" for count in numbers], 0.9 * slot, font)
    return fit_row(numbers, slot, font) if worded.upright or worded.font < font else worded


def _beyond(slots: Slots, far: Any, slot: float, font: float) -> Row | None:
    """Return the values beyond an end of the axis, or their range, to be written at their slots."""
    words = []
    for group in slots.groups:
        values = far(group.every) if group else np.empty(0)
        ends = (number(values.min()), number(values.max())) if values.size else ()
        # A dash between numbers that may be negative reads as a sign.
        to = "–" if values.size and values.min() >= 0 else " to "
        words.append(to.join(dict.fromkeys(ends)))
    return fit_row(words, slot, font) if any(words) else None


def _draw_names(stage: Stage, request: Request, distance: float) -> None:
    """Draw the mark of its run below each slot."""
    for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
        if group:
            style = request.styles[group.run]
            stage.axes.plot(
                [centre],
                [-distance / stage.height],
                transform=stage.axes.get_xaxis_transform(),
                linestyle="none",
                marker=style.marker,
                markersize=min(0.6 * stage.font, 0.7 * stage.slot),
                clip_on=False,
                gid=f"run-{group.run}",
                **filled(style),
            )


def _write_row(stage: Stage, row: Row, distance: float) -> None:
    """Write a row of words, `distance` points above the axes or, if negative, below them."""
    level = distance / stage.height + (1 if distance > 0 else 0)
    va = "bottom" if distance > 0 else "top"
    for centre, word in zip(stage.slots.centres, row.words, strict=True):
        if word:
            _write_at(stage, centre, level, word, row.font, upright=row.upright, va=va)


def _write_no_data(stage: Stage) -> None:
    """Say of a group, or a size, that there is nothing of it."""
    size = min(SMALL * stage.font, stage.slot / LINE)
    for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True):
        if group is None or not group.every.size:
            _write_at(stage, centre, 0.5, "no data", size, upright=True, va="center")


def _write_at(
    stage: Stage, centre: float, level: float, word: str, size: float, *, upright: bool, va: str
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
