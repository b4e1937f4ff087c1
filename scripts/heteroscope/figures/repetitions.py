"""Every trial in the order of execution: a panel for each run and cluster size.

Tests take the trials of a group to be alike and independent.  A machine that warms up, fills up or
breaks while they run shows here, and Kendall's test of a trend stands over each panel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import Scale, choose
from heteroscope.figures.data import Group, Request, Selection, Values, select, without
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.words import counted, number, p_equals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()}, settings=("alpha",))

# Of a panel, in font sizes.
_LEAST_WIDTH, _LEAST_HEIGHT = 7.0, 5.0


@dataclass(frozen=True, slots=True)
class _Sequence:
    """The trials of one run at one size, in the order of execution.

    Attributes
    ----------
    values, counting
        Of the metric, and which of them count.
    tau, p
        Of Kendall's test of a trend over those that count; NaN where there is none.
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


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw every trial against its turn, a column a run and a row a cluster size."""
    selection = select(table, request)
    if not selection.runs:
        return page.draw_blank(request)
    figure, part, font = page.paper(request, finding(table, request))
    small = page.SMALL * font
    sequences = _sequences(table, selection, request)
    longest = max(each.values.size for each in sequences.values())
    least = max(_LEAST_WIDTH * font, *(page.width(each.trend, small) for each in sequences.values()))
    rows, columns = len(selection.categories), len(selection.runs)
    grid = part.subplots(rows, columns, squeeze=False, sharex=True)
    for row, (category, line) in enumerate(zip(selection.categories, grid, strict=True)):
        groups = [group for group in category.groups if group.every.size]
        scale = choose(groups, request.metric.resolution) if groups else None
        for run, axes in zip(selection.runs, line, strict=True):
            page.bare(axes, font, "y")
            axes.set_facecolor(theme.BAND)
            axes.set_xlim(0.5 - 0.03 * longest, longest + 0.5 + 0.03 * longest)
            axes.set_xticks([1, longest] if longest > 1 else [1])
            found = sequences.get((run, category.size))
            if scale is None or found is None:
                axes.set_yticks([])
                axes.text(0.5, 0.5, "no data", fontsize=small, color=theme.MUTED, ha="center",
                          va="center", transform=axes.transAxes)  # fmt: skip
            else:
                scale.set(axes.yaxis)
                drifts = found.p <= request.alpha
                axes.set_title(
                    found.trend, fontsize=small, loc="left",
                    color=theme.INK if drifts else theme.MUTED,
                    weight="bold" if drifts else "normal",
                )  # fmt: skip
                _draw_sequence(axes, found, scale, request.styles[run], font, longest, run)
            if run != selection.runs[0]:
                axes.tick_params(axis="y", labelleft=False)
        end = f"{category.nodes}{scale.unit('') if scale else ''}"
        line[-1].annotate(
            end, (1, 0.5), (0.5 * font, 0), xycoords="axes fraction", rotation=270, va="center",
            textcoords="offset points", fontsize=small,
        )  # fmt: skip
        least_high = max(_LEAST_HEIGHT * font, page.width(end, small))
    for run, axes in zip(selection.runs, grid[0], strict=True):
        name = page.wrapped(page.label(request, run), small, least, 5)
        axes.annotate(
            name, (0, 1), (0, page.LINE * small + 0.6 * font), xycoords="axes fraction",
            textcoords="offset points", va="bottom", fontsize=small, weight="bold",
            color=request.styles[run].edge,
        )  # fmt: skip
    unit = f" ({request.metric.unit})" if request.metric.unit else ""
    room = 0.55 * 72 * theme.SIZES[request.size].height
    part.supylabel(page.wrapped(f"{request.metric.title}{unit}", font, room, 2), fontsize=font)
    part.supxlabel("Trial, in the order of execution", fontsize=font)
    scales = [choose([group], request.metric.resolution) for group in selection.groups]
    ring = points.hollow(theme.MUTED)
    entries = [("excluded", points.handle("o", font, **ring))]
    del scales
    if all(each.counting.all() for each in sequences.values()):
        entries = []
    page.add_legend(figure, request, entries)
    page.cut(figure, grid[0][0], request, (least, least_high), (rows, columns))
    return figure


def _sequences(
    table: pd.DataFrame, selection: Selection, request: Request
) -> dict[tuple[str, int], _Sequence]:
    order = table["order"].to_numpy(dtype=float, na_value=np.nan)
    return {
        (group.run, category.size): _sequence(group, order, request)
        for category in selection.categories
        for group in category.groups
        if group.every.size
    }


def _sequence(group: Group, order: Values, request: Request) -> _Sequence:
    """Sort the trials of a group and test them for a trend, as the table of drift does."""
    from heteroscope.inference.samples import clean
    from heteroscope.inference.sequences import kendall_trend

    rows = np.concatenate([group.rows, group.excluded_rows])
    # Where the order is unknown, that of the table stands in for it.
    turn = np.lexsort((rows, order[rows]))
    values, counting = group.every[turn], turn < group.values.size
    rounded = clean(values[counting], resolution=request.metric.resolution).values
    trend = kendall_trend(np.arange(rounded.size), rounded)
    return _Sequence(values, counting, trend.tau, trend.p_value)


def _draw_sequence(
    axes: Axes,
    found: _Sequence,
    scale: Scale,
    style: theme.Style,
    font: float,
    longest: int,
    run: str,
) -> None:
    """Draw the trials, their median, and a thin line that leads the eye from each to the next."""
    turns = np.arange(1, found.values.size + 1)
    size = points.mark_size(font, 0.35 * font, longest)
    counting = found.counting
    axes.plot(
        turns[counting], found.values[counting], color=style.edge, alpha=0.45,
        linewidth=0.16 * size,
    )  # fmt: skip
    if counting.any():
        axes.axhline(
            float(np.median(found.values[counting])), color=theme.INK, linewidth=0.2 * size
        )
    over, under = found.values > scale.high, found.values < scale.low
    level = np.clip(found.values, scale.low, scale.high)
    for kind, shown, look in (
        ("trials", counting, points.filled(style)),
        ("excluded", ~counting, points.hollow(style.edge)),
    ):
        within = "o" if kind == "excluded" else style.marker
        for there, marker in ((~over & ~under, within), (over, "^"), (under, "v")):
            these = shown & there
            axes.plot(
                turns[these], level[these], linestyle="none", marker=marker, markersize=size,
                zorder=3, gid=f"{kind}:{run}", **look,
            )  # fmt: skip


def finding(table: pd.DataFrame, request: Request) -> str:
    """Return the title: how many groups drift."""
    if request.title:
        return request.title
    selection = select(table, request)
    sequences = _sequences(table, selection, request)
    drifting = sum(each.p <= request.alpha for each in sequences.values())
    return (
        f"{request.metric.title}: {drifting} of {counted(len(sequences), 'group')} drift "
        f"(Kendall, p ≤ {request.alpha:g}, not adjusted)"
    )


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    n = len(_sequences(table, selection, request))
    sentences = [
        f"{request.measured} of every trial in the order of execution ({request.clock}); "
        "horizontal line: median; above, Kendall's τ and its p, bold if the group drifts, which "
        f"chance alone makes of about {number(request.alpha * n, 1)} of {counted(n, 'panel')}; "
        "triangles lie beyond the axis.",
        selection.counts("hollow"),
    ]
    return " ".join(sentences + without(selection.absent, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the range of each group, and which of them drift."""
    selection = select(table, request)
    if not selection.runs:
        return page.blank(request)
    order = table["order"].to_numpy(dtype=float, na_value=np.nan)

    def told(group: Group) -> str:
        found = _sequence(group, order, request)
        words = f"{number(group.values.min())} to {number(group.values.max())}"
        if found.p <= request.alpha:
            words += f", {'rising' if found.tau > 0 else 'falling'} ({found.trend})"
        return words

    lead = f"{request.measured} in the order of execution, least to greatest."
    return " ".join([lead, *selection.told(request, told)])
