"""Empirical distribution functions: at every value, the share of the trials that were no greater.

A panel for each cluster size.  Each trial is one step, so that nothing is smoothed and the reader
sees every quantile, and how far one run lies before another all along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Words, select
from heteroscope.words import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "draw", "select", "words"]

NEEDS = Needs({TRIALS: ()})

_HEIGHT = 12.0  # of a panel, in font sizes
# Lines of runs whose colours look alike in grey differ in their dashes.
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def draw(shown: Selection, request: Request) -> Figure:
    """Draw the distribution functions of a metric, a panel for each cluster size."""
    sheet = page.Sheet(request)
    panels = sheet.panels(shown, request, named=False)
    font = sheet.font
    size = points.mark_size(font, 0.4 * font, max(group.every.size for group in shown.groups))
    lines = {}
    for axes, groups in zip(panels, shown.sizes.values(), strict=True):
        axes.set_ylim(-0.06, 1.06)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100"])
        axes.grid(axis="y")
        counting = [Group(each.run, each.size, each.values) for each in groups if each.values.size]
        if not counting:
            sheet.write(axes, 0, "no data", 0, color=theme.MUTED)
            continue
        scale = choose(counting, request.metric.resolution)
        every = np.concatenate([group.values for group in counting])
        far = " and ".join(filter(None, scale.beyond(every)))
        scale.head(axes, f", beyond: {far}" if far else "")
        for group in counting:
            style = request.styles[group.run]
            lines[group.run] = axes.ecdf(
                group.values, color=style.edge, linewidth=0.1 * font, marker=style.marker,
                linestyle=_DASHES[shown.runs.index(group.run) % len(_DASHES)], markersize=size,
                gid=f"steps:{group.run}", **points.filled(style),
            )  # fmt: skip
    sheet.label(request.axis, "Share of trials (%)")
    sheet.legend([(page.label(request, run), lines[run]) for run in shown.runs if run in lines])
    sheet.cut(page.LEAST_PANEL * font, _HEIGHT * font, fitted=True)
    return sheet.figure


def words(shown: Selection, request: Request) -> Words:
    """Return what is shown and how, and the quartiles that the steps show."""

    def told(group: Group) -> str:
        return " / ".join(number(float(q)) for q in np.percentile(group.values, [25, 50, 75]))

    what = (
        f"Empirical distribution functions of {request.measured()}, a step a trial, on an axis of "
        "its own at each size."
    )
    lead = f"Quartiles of {request.axis}."
    return shown.words(request, request.metric.title, what, "not shown", lead, told)
