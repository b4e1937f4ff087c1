"""Every trial in the order of execution: a panel for each run and cluster size.

Tests take the trials of a group to be alike and independent.  A machine that warms up, fills up or
breaks while they run shows here; the table of drift holds the tests of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import data, page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Words
from heteroscope.words import number, of_sizes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()})

_LEAST_WIDTH, _LEAST_HEIGHT = 7.0, 5.0  # of a panel, in font sizes


def select(table: pd.DataFrame, request: Request) -> Selection:
    """Return the trials that are shown, and the turn of each trial in its group."""
    shown = data.select(table, request)
    order = table["order"].to_numpy(dtype=float, na_value=np.nan)
    # Where the order is unknown, that of the table stands in for it.
    turns = {
        (group.run, group.size): np.argsort(np.lexsort((group.rows, order[group.rows]))) + 1.0
        for group in shown.groups
    }
    return replace(shown, more=turns)


def draw(shown: Selection, request: Request) -> Figure:
    """Draw every trial against its turn, a column a run and a row a cluster size."""
    sheet = page.Sheet(request)
    font, small = sheet.font, sheet.small
    longest = max(group.every.size for group in shown.groups)
    size = points.mark_size(font, 0.35 * font, longest)
    panels = sheet.axes(len(shown.sizes), len(shown.runs), sharex=True)
    for line, groups, nodes in zip(panels, shown.sizes.values(), shown.sizes, strict=True):
        drawn = {group.run: group for group in groups if group.every.size}
        scale = choose(list(drawn.values()), request.metric.resolution) if drawn else None
        line[0].set_ylabel(of_sizes([nodes]) + (scale.unit("") if scale else ""), fontsize=small)
        for run, axes in zip(shown.runs, line, strict=True):
            axes.set_facecolor(theme.BAND)
            axes.tick_params(axis="y", labelleft=bool(scale) and axes is line[0])
            axes.set_xlim(0.5 - 0.03 * longest, longest + 0.5 + 0.03 * longest)
            axes.set_xticks([1, longest] if longest > 1 else [1])
            if scale:
                scale.set(axes, "y")
            if scale is None or run not in drawn:
                axes.text(
                    0.5, 0.5, "no data", transform=axes.transAxes, fontsize=small,
                    color=theme.MUTED, ha="center", va="center",
                )  # fmt: skip
                continue
            group, turns, style = drawn[run], shown.more[run, nodes], request.styles[run]
            if n := group.values.size:
                # A thin line leads the eye from each trial to the next.
                path = np.argsort(turns[:n])
                axes.plot(
                    turns[path], group.values[path], color=style.edge, alpha=0.45,
                    linewidth=0.06 * font,
                )  # fmt: skip
                axes.axhline(group.median, color=theme.INK, linewidth=0.07 * font, gid="median")
            points.draw(axes, group, scale, style, turns, size)
    for run, axes in zip(shown.runs, panels[0], strict=True):
        name = page.wrapped(page.label(request, run), 1.1 * small, _LEAST_WIDTH * font, 5)
        axes.set_title(name, fontsize=small, color=request.styles[run].edge)
    sheet.label("Trial, in the order of execution", request.axis)
    if any(group.excluded.size for group in shown.groups):
        ring = points.handle("o", font, **points.hollow(theme.MUTED))
        sheet.legend([("excluded", ring)])
    labels = [axes.get_ylabel() for axes, *_ in panels]
    high = max(_LEAST_HEIGHT * font, *(page.width(text, small) for text in labels))
    sheet.cut(_LEAST_WIDTH * font, high)
    return sheet.figure


def words(shown: Selection, request: Request) -> Words:
    """Return what is shown and how, and the range of each group."""

    def told(group: Group) -> str:
        return f"{number(group.values.min())} to {number(group.values.max())}"

    what = (
        f"{request.measured()} of every trial in the order of execution; horizontal line: median; "
        "triangles lie beyond the axis."
    )
    lead = f"{request.axis} in the order of execution, least to greatest."
    return shown.words(request, request.metric.title, what, "hollow", lead, told)
