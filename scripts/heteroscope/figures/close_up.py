"""Every trial on an axis of its size's own, so that differences of a few percent can be seen.

Runs are named at the axis; below the trials lies their middle half, and at the right the median.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Words, select
from heteroscope.words import number, quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "draw", "select", "words"]

NEEDS = Needs({TRIALS: ()})

# In rows, from the middle of one: where trials and their middle half lie, and the trials' room.
_TRIALS, _HALF, _ROOM = -0.12, 0.3, 0.6


def draw(shown: Selection, request: Request) -> Figure:
    """Draw every trial of each run, a panel for each cluster size."""
    from matplotlib.lines import Line2D

    sheet = page.Sheet(request)
    panels = sheet.panels(shown, request)
    font = sheet.font
    placed = []
    for axes, groups in zip(panels, shown.sizes.values(), strict=True):
        drawn = {group.run: group for group in groups if group.every.size}
        scale = choose(list(drawn.values()), request.metric.resolution) if drawn else None
        if scale:
            scale.head(axes)
        for row, run in enumerate(shown.runs):
            if scale is None or run not in drawn:
                sheet.write(axes, row, "not measured", 0, color=theme.MUTED)
                continue
            group = drawn[run]
            placed.append((axes, group, row, scale))
            if group.values.size:
                sheet.write(axes, row, number(group.median))
            for right, words in enumerate(scale.beyond(group.every)):
                axes.annotate(
                    words, (right, row + _TRIALS), ((0.8 - 1.6 * right) * font, 0.25 * font),
                    xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom",
                    fontsize=sheet.small, color=theme.MUTED, ha="right" if right else "left",
                )  # fmt: skip
    sheet.label(request.axis)
    sheet.legend(
        [
            ("a trial", points.handle("o", font, color=theme.MUTED)),
            ("middle half of the trials", Line2D([], [], color=theme.MUTED, linewidth=0.4 * font)),
            (
                "median, the number at the right",
                points.handle("|", 1.6 * font, color=theme.INK, markeredgewidth=0.2 * font),
            ),
            *points.legend([(group, scale) for _, group, _, scale in placed], font),
        ]
    )
    n = len(shown.runs)
    across, up = sheet.cut(page.LEAST_PANEL * font, n * sheet.row, fitted=True)
    unit = up / n
    size = points.mark_size(font, unit / 4, max(group.every.size for group in shown.groups))
    for axes, group, row, scale in placed:
        style = request.styles[group.run]
        moved = points.aside(group, scale, across, _ROOM * unit, size)
        points.draw(axes, group, scale, style, row + _TRIALS + moved / unit, size, across=True)
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
    return sheet.figure


def words(shown: Selection, request: Request) -> Words:
    """Return what is shown and how, and the medians with their quartiles."""

    def told(group: Group) -> str:
        first, third = (number(float(end)) for end in np.percentile(group.values, [25, 75]))
        return f"{number(group.median)} ({first} to {third})"

    own = ", on an axis of its own at each size" if len(shown.sizes) > 1 else ""
    what = (
        f"{request.measured()}, a mark a trial{own}, not always from zero; the number is the "
        "median, the bar the middle half."
    )
    lead = f"Medians of {request.axis}, and quartiles."
    return shown.words(request, _finding(shown, request), what, "hollow", lead, told)


def _finding(shown: Selection, request: Request) -> str:
    """Return which run has the best median, where it is the same one at every size."""
    best = []
    higher = request.metric.higher_is_better
    for groups in shown.sizes.values():
        ordered = sorted(
            (group for group in groups if group.values.size),
            key=lambda group: group.median,
            reverse=higher,
        )
        if len(ordered) > 1:
            apart = abs(ordered[0].median - ordered[1].median)
            step = request.metric.step_of(ordered[0].values, ordered[1].values)
            best.append(ordered[0] if apart >= step else None)
    runs = {group.run if group else "" for group in best}
    if len(best) < 2 or len(runs) > 1 or "" in runs:
        return request.metric.title
    medians = [quantity(group.median, request.metric.unit) for group in best if group]
    return (
        f"{'Highest' if higher else 'Lowest'} median at every size: {request.label(*runs)}, "
        f"{medians[0]} to {medians[-1]}"
    )
