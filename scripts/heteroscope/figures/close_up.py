"""Every trial on an axis of its size's own, so that differences of a few percent can be seen.

Runs are named at the axis; below the trials lies their middle half, and at the right the median.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Category, Request, Selection, select, without
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels, write_row
from heteroscope.words import number, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()})

# In rows, from the middle of one: where trials and their middle half lie, and the trials' room.
_TRIALS, _HALF, _ROOM = -0.12, 0.3, 0.6


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw every trial of each run, a panel for each cluster size."""
    from matplotlib.lines import Line2D

    selection = select(table, request)
    if not selection.runs:
        return page.draw_blank(request)
    panels = open_panels(request, selection, finding(table, request), named=True)
    font, runs = panels.font, selection.runs
    small = page.SMALL * font
    shown, scales = [], []
    for axes, category in zip(panels.axes, selection.categories, strict=True):
        groups = [group for group in category.groups if group.every.size]
        axes.set_ylim(len(runs) - 0.5, -0.5)
        axes.set_xticks([])
        for row, run in enumerate(runs):
            if run not in {group.run for group in groups}:
                write_row(axes, row, "not measured", font, inside=True)
        if not groups:
            continue
        scale = choose(groups, request.metric.resolution)
        scale.set(axes.xaxis)
        axes.set_title(
            f"{category.nodes}{scale.unit('')}", loc="left", fontsize=font, weight="bold"
        )
        for group in groups:
            row = runs.index(group.run)
            shown.append((axes, group, row))
            scales.append(scale)
            if group.values.size:
                write_row(axes, row, number(group.median), font)
            for words, ha, x in zip(scale.beyond(group.every), ("left", "right"), (0, 1), strict=True):
                axes.annotate(
                    words, (x, row + _TRIALS), ((0.8 - 1.6 * x) * font, 0.25 * font),
                    xycoords=("axes fraction", "data"), textcoords="offset points",
                    fontsize=small, color=theme.MUTED, ha=ha, va="bottom",
                )  # fmt: skip
    panels.part.supxlabel(_axis_title(request), fontsize=font)
    groups = [group for _, group, _ in shown]
    line = {"color": theme.MUTED, "linestyle": "none"}
    entries = [
        ("a trial", points.handle("o", font, color=theme.MUTED)),
        ("middle half of the trials", Line2D([], [], color=theme.MUTED, linewidth=0.4 * font)),
        ("median, the number at the right",
         Line2D([], [], **{**line, "color": theme.INK}, marker="|", markersize=font,
                markeredgewidth=0.2 * font)),
        *points.legend(groups, scales, font),
    ]  # fmt: skip
    page.add_legend(panels.figure, request, entries)
    across, up = panels.cut(request, len(runs))
    unit = up / len(runs)
    size = points.mark_size(font, unit / 4, max(group.every.size for group in groups))
    for (axes, group, row), scale in zip(shown, scales, strict=True):
        style = request.styles[group.run]
        points.draw(
            axes, group, scale, style, centre=row + _TRIALS, unit=unit, length=across,
            room=_ROOM * unit, size=size, across=True,
        )  # fmt: skip
        if group.values.size:
            first, third = np.percentile(group.values, [25, 75])
            level = row + _HALF
            axes.hlines(level, first, third, color=style.edge, linewidth=0.4 * font)
            axes.vlines(
                group.median, row - 0.05, level + 0.12, color=theme.INK, linewidth=0.2 * font,
                zorder=6, gid=f"median:{group.run}",
            )  # fmt: skip
    return panels.figure


def _axis_title(request: Request) -> str:
    room = theme.SIZES[request.size].width * 72 - 4 * theme.SIZES[request.size].font
    unit = f" ({request.metric.unit})" if request.metric.unit else ""
    words = f"{request.metric.title}{unit}"
    return page.wrapped(words, theme.SIZES[request.size].font, room, 2)


def finding(table: pd.DataFrame, request: Request) -> str:
    """Return the title: which run has the best median, where it is the same one at every size."""
    if request.title:
        return request.title
    best = [_best(category, request) for category in select(table, request).categories]
    there = [group for group in best if group]
    if len(there) < 2 or len({group.run for group in there}) > 1:
        return request.metric.title
    extreme = "Highest" if request.metric.higher_is_better else "Lowest"
    ends = (quantity(group.median, request.metric.unit) for group in (there[0], there[-1]))
    return f"{extreme} median at every size: {request.label(there[0].run)}, {' to '.join(ends)}"


def _best(category: Category, request: Request):
    """Return the group with the best median, if another one was measured and is worse."""
    groups = sorted(
        (group for group in category.groups if group.values.size),
        key=lambda group: group.median,
        reverse=request.metric.higher_is_better,
    )
    if len(groups) < 2 or abs(groups[0].median - groups[1].median) < request.metric.resolution:
        return None
    return groups[0]


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    sentences = [
        f"{request.measured}, a mark a trial ({request.clock}), on an axis of its own at each "
        "size, not always from zero; the number is the median, the bar the middle half.",
        selection.counts("hollow"),
    ]
    return " ".join(sentences + without(selection.absent, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the medians and quartiles that the figure shows, size by size."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    return " ".join(
        [f"Medians of {request.measured}, and quartiles.", *selection.told(request, _told)]
    )


def _told(group) -> str:
    first, third = np.percentile(group.values, [25, 75])
    return f"{number(group.median)} ({number(first)} to {number(third)})"
