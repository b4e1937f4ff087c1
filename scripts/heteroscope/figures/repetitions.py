"""Every trial in the order of execution: a panel for each run and cluster size.

Tests take the trials of a group to be alike and independent.  A machine that warms up, fills up or
breaks while they run shows here, and Kendall's test of a trend stands over each panel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.figures import data, page, points, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Values, Words
from heteroscope.words import counted, number, of_sizes, p_equals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()}, settings=("alpha",))

_LEAST_WIDTH, _LEAST_HEIGHT = 7.0, 5.0  # of a panel, in font sizes


@dataclass(frozen=True, slots=True)
class _Sequence:
    """The turn of each trial of a group, those that are excluded last.

    `tau` and `p` are those of Kendall's test of a trend of the others; NaN where there is none.
    """

    turns: NDArray[np.intp]
    tau: float
    p: float

    @property
    def trend(self) -> str:
        """The test in words."""
        if math.isnan(self.p):
            return "no test"
        return f"τ {'+' if self.tau > 0 else ''}{number(round(self.tau, 2))}, {p_equals(self.p)}"


def select(table: pd.DataFrame, request: Request) -> Selection:
    """Return the trials that are shown, and of each group its sequence."""
    shown = data.select(table, request)
    order = table["order"].to_numpy(dtype=float, na_value=np.nan)
    found = {(each.run, each.size): _sequence(each, order, request) for each in shown.groups}
    return replace(shown, more=found)


def _sequence(group: Group, order: Values, request: Request) -> _Sequence:
    """Sort the trials of a group and test them for a trend, as the table of drift does."""
    from heteroscope.inference.samples import clean
    from heteroscope.inference.sequences import kendall_trend

    # Where the order is unknown, that of the table stands in for it.
    turns = np.argsort(np.lexsort((group.rows, order[group.rows]))) + 1
    values = group.values[np.argsort(turns[: group.values.size])]
    rounded = clean(values, resolution=request.metric.resolution).values
    trend = kendall_trend(np.arange(rounded.size), rounded)
    return _Sequence(turns, trend.tau, trend.p_value)


def draw(shown: Selection, request: Request) -> Figure:
    """Draw every trial against its turn, a column a run and a row a cluster size."""
    sheet = page.Sheet(request)
    font, small = sheet.font, sheet.small
    longest = max(each.turns.size for each in shown.more.values())
    least = max(page.width(each.trend, 1.1 * small) for each in shown.more.values())
    least = max(_LEAST_WIDTH * font, least)
    size = points.mark_size(font, 0.35 * font, longest)
    panels = sheet.axes(len(shown.sizes), len(shown.runs), sharex=True)
    for line, (nodes, groups) in zip(panels, shown.sizes.items(), strict=True):
        drawn = {group.run: group for group in groups if group.every.size}
        scale = choose(list(drawn.values()), request.metric.resolution) if drawn else None
        line[0].set_ylabel(of_sizes([nodes]) + (scale.unit("") if scale else ""), fontsize=small)
        for run, axes in zip(shown.runs, line, strict=True):
            axes.set_facecolor(theme.BAND)
            axes.tick_params(axis="y", labelleft=bool(scale) and axes is line[0])
            axes.set_xlim(0.5 - 0.03 * longest, longest + 0.5 + 0.03 * longest)
            axes.set_xticks([1, longest] if longest > 1 else [1])
            found = shown.more.get((run, nodes))
            drifts = found is not None and found.p <= request.alpha
            axes.set_title(
                found.trend if found else "no data", y=1, fontsize=small,
                weight="bold" if drifts else "normal", color=theme.INK if drifts else theme.MUTED,
            )  # fmt: skip
            if scale is None or found is None:
                continue
            scale.set(axes, "y")
            group, style = drawn[run], request.styles[run]
            if n := group.values.size:
                # A thin line leads the eye from each trial to the next.
                path = np.argsort(found.turns[:n])
                axes.plot(
                    found.turns[path], group.values[path], color=style.edge, alpha=0.45,
                    linewidth=0.06 * font,
                )  # fmt: skip
                axes.axhline(group.median, color=theme.INK, linewidth=0.07 * font, gid="median")
            points.draw(axes, group, scale, style, found.turns.astype(float), size)
    for run, axes in zip(shown.runs, panels[0], strict=True):
        axes.annotate(
            page.wrapped(page.label(request, run), 1.1 * small, least, 5), (0, 1),
            (0, page.LINE * small + 0.6 * font), xycoords="axes fraction",
            textcoords="offset points", va="bottom", fontsize=small, weight="bold",
            color=request.styles[run].edge,
        )  # fmt: skip
    sheet.label("Trial, in the order of execution", request.axis)
    if any(group.excluded.size for group in shown.groups):
        ring = points.handle("o", font, **points.hollow(theme.MUTED))
        sheet.legend([("excluded", ring)])
    labels = [axes.get_ylabel() for axes, *_ in panels]
    high = max(_LEAST_HEIGHT * font, *(page.width(text, small) for text in labels))
    sheet.cut(least, high)
    return sheet.figure


def words(shown: Selection, request: Request) -> Words:
    """Return how many groups drift, what is shown and how, and the range of each group."""

    def told(group: Group) -> str:
        found = shown.more[group.run, group.size]
        words = f"{number(group.values.min())} to {number(group.values.max())}"
        if found.p <= request.alpha:
            words += f", {'rising' if found.tau > 0 else 'falling'} ({found.trend})"
        return words

    n = len(shown.more)
    drifting = sum(each.p <= request.alpha for each in shown.more.values())
    title = (
        f"{request.metric.title}: drift in {drifting} of {counted(n, 'group')} "
        f"(Kendall, p ≤ {request.alpha:g}, not adjusted)"
    )
    what = (
        f"{request.measured()} of every trial in the order of execution; horizontal line: median; "
        "above, Kendall's τ and its p, bold if the group drifts, which chance alone makes of "
        f"about {number(request.alpha * n, 1)} of {counted(n, 'panel')}; triangles lie beyond the "
        "axis."
    )
    lead = f"{request.axis} in the order of execution, least to greatest."
    return shown.words(request, title, what, "hollow", lead, told)
