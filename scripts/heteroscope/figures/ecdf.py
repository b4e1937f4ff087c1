"""Empirical distribution functions: at every value, the share of the trials that were no longer.

A panel for each cluster size.  Each trial is one step, so that nothing is smoothed and the reader
sees every quantile, and how far one run lies before another all along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group, Request, Selection, select
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels
from heteroscope.words import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "alt_text", "caption", "draw", "finding", "select"]

NEEDS = Needs({TRIALS: ()})

_HEIGHT = 12.0  # of a panel, in font sizes
# Lines of runs whose colours look alike in grey differ in their dashes.
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def draw(shown: Selection, request: Request) -> Figure:
    """Draw the distribution functions of a metric, a panel for each cluster size."""
    panels = open_panels(shown, request, named=False)
    font = panels.font
    size = points.mark_size(font, 0.4 * font, max(group.every.size for group in shown.groups))
    lines = {}
    for axes, category in zip(panels.axes, shown.categories, strict=True):
        axes.set_ylim(-0.06, 1.06)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100"])
        axes.grid(axis="y")
        groups = [Group(each.run, each.values) for each in category.groups if each.values.size]
        if not groups:
            panels.write(axes, 0, absent="no data")
            continue
        scale = choose(groups, request.metric.resolution)
        far = " and ".join(filter(None, scale.beyond(np.concatenate([g.values for g in groups]))))
        panels.head(axes, category, scale, f", beyond: {far}" if far else "")
        for group in groups:
            style = request.styles[group.run]
            lines[group.run] = axes.ecdf(
                group.values, color=style.edge, linewidth=0.1 * font, marker=style.marker,
                linestyle=_DASHES[shown.runs.index(group.run) % len(_DASHES)], markersize=size,
                gid=f"steps:{group.run}", **points.filled(style),
            )  # fmt: skip
    room = theme.SIZES[request.size].width * 72 - 4 * font
    panels.part.supxlabel(page.wrapped(request.axis, font, room, 2), fontsize=font)
    panels.part.supylabel("Share of trials (%)", fontsize=font)
    entries = [(page.label(request, run), lines[run]) for run in shown.runs if run in lines]
    page.add_legend(panels.figure, request, entries)
    panels.cut(request, _HEIGHT * font / panels.row)
    return panels.figure


def finding(shown: Selection, request: Request) -> str:
    """Return what is measured."""
    return request.metric.title


def caption(shown: Selection, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    what = (
        f"Empirical distribution functions of {request.measured()}, a step a trial, on an axis of "
        "its own at each size."
    )
    return shown.caption(what, "not shown", request)


def alt_text(shown: Selection, request: Request) -> str:
    """Return the quartiles that the steps show, size by size."""

    def told(group: Group, _: int) -> str:
        return " / ".join(number(float(q)) for q in np.percentile(group.values, [25, 50, 75]))

    return shown.told(f"Quartiles of {request.axis}.", request, told)
