"""Every trial on an axis of its size's own, so that differences of a few percent can be seen.

Runs are named at the axis; below the trials lies their middle half, and at the right the median.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group, Request, Selection, select
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels
from heteroscope.words import number, quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "alt_text", "caption", "draw", "finding", "select"]

NEEDS = Needs({TRIALS: ()})

# In rows, from the middle of one: where trials and their middle half lie, and the trials' room.
_TRIALS, _HALF, _ROOM = -0.12, 0.3, 0.6


def draw(shown: Selection, request: Request) -> Figure:
    """Draw every trial of each run, a panel for each cluster size."""
    from matplotlib.lines import Line2D

    panels = open_panels(shown, request)
    font, runs = panels.font, shown.runs
    small = page.SMALL * font
    placed = []
    for axes, category in zip(panels.axes, shown.categories, strict=True):
        groups = {group.run: group for group in category.groups if group.every.size}
        axes.set_ylim(len(runs) - 0.5, -0.5)
        scale = choose(list(groups.values()), request.metric.resolution) if groups else None
        if scale:
            panels.head(axes, category, scale)
        for row, run in enumerate(runs):
            group = groups.get(run)
            if group is None or scale is None:
                panels.write(axes, row, absent="not measured")
                continue
            placed.append((axes, group, row, scale))
            if group.values.size:
                panels.write(axes, row, number(group.median))
            for right, words in enumerate(scale.beyond(group.every)):
                axes.annotate(
                    words, (right, row + _TRIALS), ((0.8 - 1.6 * right) * font, 0.25 * font),
                    xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom",
                    fontsize=small, color=theme.MUTED, ha="right" if right else "left",
                )  # fmt: skip
    room = theme.SIZES[request.size].width * 72 - 4 * font
    panels.part.supxlabel(page.wrapped(request.axis, font, room, 2), fontsize=font)
    half = Line2D([], [], color=theme.MUTED, linewidth=0.4 * font)
    stroke = points.handle("|", 1.6 * font, color=theme.INK, markeredgewidth=0.2 * font)
    entries = [
        ("a trial", points.handle("o", font, color=theme.MUTED)),
        ("middle half of the trials", half),
        ("median, the number at the right", stroke),
        *points.legend([(group, scale) for _, group, _, scale in placed], font),
    ]
    page.add_legend(panels.figure, request, entries)
    across, up = panels.cut(request, len(runs))
    unit = up / len(runs)
    size = points.mark_size(font, unit / 4, max(group.every.size for _, group, _, _ in placed))
    for axes, group, row, scale in placed:
        style = request.styles[group.run]
        points.draw(
            axes, group, scale, style, centre=row + _TRIALS, unit=unit, length=across,
            room=_ROOM * unit, size=size, across=True,
        )  # fmt: skip
        if group.values.size:
            level = row + _HALF
            axes.hlines(
                level, *np.percentile(group.values, [25, 75]), color=style.edge,
                linewidth=0.4 * font, gid="half",
            )  # fmt: skip
            axes.vlines(
                group.median, row - 0.05, level + 0.12, color=theme.INK, linewidth=0.2 * font,
                zorder=6, gid="median",
            )  # fmt: skip
    return panels.figure


def finding(shown: Selection, request: Request) -> str:
    """Return which run has the best median, where it is the same one at every size."""
    best = []
    for category in shown.categories:
        groups = sorted(
            (group for group in category.groups if group.values.size),
            key=lambda group: group.median,
            reverse=request.metric.higher_is_better,
        )
        if len(groups) > 1:
            apart = abs(groups[0].median - groups[1].median) >= request.metric.resolution
            best.append(groups[0] if apart else None)
    runs = {group.run if group else "" for group in best}
    if len(best) < 2 or len(runs) > 1 or "" in runs:
        return request.metric.title
    extreme = "Highest" if request.metric.higher_is_better else "Lowest"
    medians = [quantity(group.median, request.metric.unit) for group in best if group]
    return f"{extreme} median at every size: {request.label(*runs)}, {medians[0]} to {medians[-1]}"


def caption(shown: Selection, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    what = (
        f"{request.measured()}, a mark a trial, on an axis of its own at each size, not always "
        "from zero; the number is the median, the bar the middle half."
    )
    return shown.caption(what, "hollow", request)


def alt_text(shown: Selection, request: Request) -> str:
    """Return the medians and quartiles that the figure shows, size by size."""

    def told(group: Group, _: int) -> str:
        first, third = (number(float(end)) for end in np.percentile(group.values, [25, 75]))
        return f"{number(group.median)} ({first} to {third})"

    return shown.told(f"Medians of {request.axis}, and quartiles.", request, told)
