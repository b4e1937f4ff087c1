"""Empirical distribution functions: at every value, the share of the trials that were no longer.

A panel for each cluster size.  Each trial is one step, so that nothing is smoothed and the reader
sees every quantile, and how far one run lies before another all along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group, Request, select, without
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels
from heteroscope.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()})

_HEIGHT = 12.0  # of a panel, in font sizes
# Lines of runs whose colours look alike in grey differ in their dashes.
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the distribution functions of a metric, a panel for each cluster size."""
    from matplotlib.lines import Line2D

    selection = select(table, request)
    if not selection.runs:
        return page.draw_blank(request)
    panels = open_panels(request, selection, finding(table, request), named=False)
    font = panels.font
    size = points.mark_size(font, 0.4 * font, max(group.every.size for group in selection.groups))
    for axes, category in zip(panels.axes, selection.categories, strict=True):
        axes.set_ylim(-0.06, 1.06)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100"])
        axes.grid(axis="y")
        groups = [Group(group.run, group.values, np.empty(0))
                  for group in category.groups if group.values.size]  # fmt: skip
        if not groups:
            axes.set_xticks([])
            axes.text(0.5, 0.5, "no data", color=theme.MUTED, ha="center", va="center",
                      transform=axes.transAxes)  # fmt: skip
            continue
        scale = choose(groups, request.metric.resolution)
        scale.set(axes.xaxis)
        beyond = [far for far in scale.beyond(np.concatenate([g.values for g in groups])) if far]
        far = f"; beyond: {', '.join(beyond)}" if beyond else ""
        axes.set_title(f"{category.nodes}{scale.unit('')}{far}", loc="left", fontsize=font)
        for group in groups:
            style, place = request.styles[group.run], selection.runs.index(group.run)
            axes.ecdf(
                group.values, color=style.edge, linewidth=0.1 * font, marker=style.marker,
                markersize=size, linestyle=_DASHES[place % len(_DASHES)],
                gid=f"steps:{group.run}", **points.filled(style),
            )  # fmt: skip
    unit = f" ({request.metric.unit})" if request.metric.unit else ""
    panels.part.supxlabel(f"{request.metric.title}{unit}", fontsize=font)
    panels.part.supylabel("Share of trials (%)", fontsize=font)
    entries = []
    for place, run in enumerate(selection.runs):
        style = request.styles[run]
        dashes = _DASHES[place % len(_DASHES)]
        line = Line2D([], [], color=style.edge, linewidth=0.1 * font, linestyle=dashes)
        mark = points.handle(style.marker, font, **points.filled(style))
        entries.append((page.label(request, run), (line, mark)))
    page.add_legend(panels.figure, request, entries)
    panels.cut(request, _HEIGHT * font / panels.row)
    return panels.figure


def finding(table: pd.DataFrame, request: Request) -> str:
    """Return the title: what is measured."""
    return request.title or request.metric.title


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    sentences = [
        f"Empirical distribution functions of {request.measured} ({request.clock}), a step a "
        "trial, on an axis of its own at each size.",
        selection.counts("not shown"),
    ]
    return " ".join(sentences + without(selection.absent, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the quartiles that the steps show, size by size."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    return " ".join([f"Quartiles of {request.measured}.", *selection.told(request, _told)])


def _told(group: Group) -> str:
    return " / ".join(number(float(q)) for q in np.percentile(group.values, [25, 50, 75]))
