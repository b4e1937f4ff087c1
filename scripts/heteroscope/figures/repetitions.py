"""Every trial in the order of execution: a panel for each run and cluster size.

Tests take the trials of a group to be alike and independent.  A machine that warms up, fills up or
breaks while they run shows here, and Kendall's test of a trend stands over each panel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heteroscope.figures import data, page, points, theme
from heteroscope.figures.axis import Scale, choose
from heteroscope.figures.data import Group, Request, Selection, Values
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.words import counted, number, p_equals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()}, settings=("alpha",))

_LEAST_WIDTH, _LEAST_HEIGHT = 7.0, 5.0  # of a panel, in font sizes


@dataclass(frozen=True, slots=True)
class _Sequence:
    """The trials of one group in the order of execution, and which of them count.

    `tau` and `p` are those of Kendall's test of a trend of these; NaN where there is none.
    """

    values: Values
    counting: NDArray[np.bool_]
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
    return replace(
        shown,
        more={
            (group.run, category.size): _sequence(group, order[group.rows], request)
            for category in shown.categories
            for group in category.groups
            if group.every.size
        },
    )


def _sequence(group: Group, order: Values, request: Request) -> _Sequence:
    """Sort the trials of a group and test them for a trend, as the table of drift does."""
    from heteroscope.inference.samples import clean
    from heteroscope.inference.sequences import kendall_trend

    # Where the order is unknown, that of the table stands in for it.
    turn = np.lexsort((group.rows, order))
    values, counting = group.every[turn], turn < group.values.size
    rounded = clean(values[counting], resolution=request.metric.resolution)
    trend = kendall_trend(np.arange(rounded.size), rounded)
    return _Sequence(values, counting, trend.statistic, trend.p_value)


def draw(shown: Selection, request: Request) -> Figure:
    """Draw every trial against its turn, a column a run and a row a cluster size."""
    figure, part, font = page.paper(request)
    small = page.SMALL * font
    longest = max(each.values.size for each in shown.more.values())
    least = max(
        _LEAST_WIDTH * font, *(page.width(each.trend, 1.1 * small) for each in shown.more.values())
    )
    grid = part.subplots(len(shown.categories), len(shown.runs), squeeze=False, sharex=True)
    for category, line in zip(shown.categories, grid, strict=True):
        groups = [group for group in category.groups if group.every.size]
        scale = choose(groups, request.metric.resolution) if groups else None
        line[0].set_ylabel(f"{category.nodes}{scale.unit('') if scale else ''}", fontsize=small)
        for run, axes in zip(shown.runs, line, strict=True):
            page.bare(axes, font, "y")
            axes.set_facecolor(theme.BAND)
            axes.tick_params(axis="y", labelleft=bool(scale) and axes is line[0])
            axes.set_xlim(0.5 - 0.03 * longest, longest + 0.5 + 0.03 * longest)
            axes.set_xticks([1, longest] if longest > 1 else [1])
            found = shown.more.get((run, category.size))
            heading = "no data"
            if scale and found:
                scale.set(axes, "y")
                heading = found.trend
                _draw(axes, found, scale, request.styles[run], font, longest)
            drifts = found is not None and found.p <= request.alpha
            axes.set_title(
                heading, y=1, fontsize=small, loc="left", weight="bold" if drifts else "normal",
                color=theme.INK if drifts else theme.MUTED,
            )  # fmt: skip
    for run, axes in zip(shown.runs, grid[0], strict=True):
        name = page.wrapped(page.label(request, run), 1.1 * small, least, 5)
        axes.annotate(
            name, (0, 1), (0, page.LINE * small + 0.6 * font), xycoords="axes fraction",
            textcoords="offset points", va="bottom", fontsize=small, weight="bold",
            color=request.styles[run].edge,
        )  # fmt: skip
    room = 0.55 * 72 * theme.SIZES[request.size].height
    part.supylabel(page.wrapped(request.axis, font, room, 2), fontsize=font)
    part.supxlabel("Trial, in the order of execution", fontsize=font)
    if any(group.excluded.size for group in shown.groups):
        ring = points.handle("o", font, **points.hollow(theme.MUTED))
        page.add_legend(figure, request, [("excluded", ring)])
    least_high = max(_LEAST_HEIGHT * font, page.width("1024 nodes (10⁻⁶)", small))
    page.cut(figure, grid[0][0], request, (least, least_high), grid.shape)
    return figure


def _draw(
    axes: Axes, found: _Sequence, scale: Scale, style: theme.Style, font: float, longest: int
) -> None:
    """Draw the trials, their median, and a thin line that leads the eye from each to the next."""
    turns, values, counting = np.arange(1, found.values.size + 1), found.values, found.counting
    size = points.mark_size(font, 0.35 * font, longest)
    path: dict[str, Any] = {"color": style.edge, "alpha": 0.45, "linewidth": 0.16 * size}
    axes.plot(turns[counting], values[counting], **path)
    if counting.any():
        median = float(np.median(values[counting]))
        axes.axhline(median, color=theme.INK, linewidth=0.2 * size, gid="median")
    over, under = values > scale.high, values < scale.low
    for kind, these, marker, look in (
        ("trials", counting, style.marker, points.filled(style)),
        ("excluded", ~counting, "o", points.hollow(style.edge)),
    ):
        for there, sign in ((~over & ~under, marker), (over, "^"), (under, "v")):
            level = np.clip(values, scale.low, scale.high)[these & there]
            axes.plot(
                turns[these & there], level, linestyle="none", marker=sign, markersize=size,
                zorder=3, gid=kind if sign == marker else f"{kind}-far", **look,
            )  # fmt: skip


def finding(shown: Selection, request: Request) -> str:
    """Return how many groups drift."""
    drifting = sum(each.p <= request.alpha for each in shown.more.values())
    return (
        f"{request.metric.title}: drift in {drifting} of {counted(len(shown.more), 'group')} "
        f"(Kendall, p ≤ {request.alpha:g}, not adjusted)"
    )


def caption(shown: Selection, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    n = len(shown.more)
    what = (
        f"{request.measured()} of every trial in the order of execution; horizontal line: median; "
        "above, Kendall's τ and its p, bold if the group drifts, which chance alone makes of "
        f"about {number(request.alpha * n, 1)} of {counted(n, 'panel')}; triangles lie beyond the "
        "axis."
    )
    return shown.caption(what, "hollow", request)


def alt_text(shown: Selection, request: Request) -> str:
    """Return the range of each group, and which of them drift."""

    def told(group: Group, size: int) -> str:
        found = shown.more[group.run, size]
        words = f"{number(group.values.min())} to {number(group.values.max())}"
        if found.p <= request.alpha:
            words += f", {'rising' if found.tau > 0 else 'falling'} ({found.trend})"
        return words

    lead = f"{request.axis} in the order of execution, least to greatest."
    return shown.told(lead, request, told)
