"""Parallel efficiency: what is left, on more nodes, of the speed-up that they promise."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Group, Request
from heteroscope.figures.frame import Entry, Margins, least_height, open_frame, plot_width
from heteroscope.figures.marks import MARK, filled, legend_run
from heteroscope.figures.needs import Needs
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.text import LINE, balanced, plain, width
from heteroscope.figures.words import counted, extent, measurement, number, without

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDS = Needs(
    {
        "scaling": (
            "run", "size", "base_size", "metric", "n",
            "efficiency", "efficiency_low", "efficiency_high",
        ),
    },
    metrics=("loop_time", "walltime"),
    settings=("alpha",),
    scaling=True,
)  # fmt: skip

_MISSING = "scaling"
_SPACE = 0.4  # in font sizes
# Efficiencies are given in percent; one in a hundred is the least that the axis tells apart.
_STEP = 1.0
# Runs at one size stand beside each other in this share of the distance to the next size.
_DODGE = 0.55


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the efficiency of each run at each size, with its interval, below the ideal line."""
    found = _chosen(table, request)
    if found.empty:
        return blank.draw(request, _MISSING)
    size = theme.SIZES[request.size]
    font, space = size.font, _SPACE * size.font
    runs = _runs(found, request)
    scale = _scale(found)
    y_title = balanced(
        plain(f"Parallel efficiency of {request.metric.title} (%)"), font, least_height(size), 2
    )
    labels = max(width(label, font) for label in scale.labels)
    left = labels + 2 * space + len(y_title) * LINE * font
    below = 2 * LINE * font + 3 * space
    page = open_frame(
        size,
        request.title,
        Margins(left, below=below, above=0.0),
        _legend(runs, request, font),
        plot_width(size, left),
    )
    axes = page.axes
    sizes = sorted(set(found["size"].astype(int)))
    step = min((math.log2(b / a) for a, b in pairwise(sizes)), default=1.0)
    _set_axes(axes, scale, sizes, step, font)
    axes.tick_params(axis="y", pad=space)
    axes.tick_params(axis="x", pad=2 * space)
    low, high = axes.get_xlim()
    places = {nodes: page.width * (math.log2(nodes) - low) / (high - low) for nodes in sizes}
    named = _apart(places, font, space)
    axes.set_xticks([math.log2(nodes) for nodes in named], [str(nodes) for nodes in named])
    axes.set_xlabel("Nodes (log scale)", fontsize=font)
    axes.xaxis.set_label_coords(0.5, -(2 * space + LINE * font + space) / page.height)
    axes.set_ylabel("\n".join(y_title), fontsize=font, linespacing=0.85 * LINE)
    axes.yaxis.set_label_coords(-(labels + 2 * space) / page.width, 0.5)

    in_slot = _DODGE * step * page.width / (high - low) / len(runs)
    marked = max(0.5 * MARK * font, min(1.3 * MARK * font, in_slot))
    for place, run in enumerate(runs):
        of_run = found[found["run"] == run]
        style = request.styles[run]
        x = np.log2(of_run["size"].to_numpy(dtype=float))
        x += _DODGE * step * ((place + 0.5) / len(runs) - 0.5)
        y, low_y, high_y = (
            100 * of_run[key].to_numpy(dtype=float)
            for key in ("efficiency", "efficiency_low", "efficiency_high")
        )
        axes.vlines(
            x, low_y, high_y, color=style.edge, linewidth=0.14 * font, zorder=2,
            gid=f"intervals-{place}",
        )  # fmt: skip
        axes.plot(
            x, y, linestyle="none", marker=style.marker, markersize=marked, zorder=3,
            clip_on=False, gid=f"efficiency-{place}", **filled(style),
        )  # fmt: skip
    return page.figure


def _chosen(table: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Return the rows of the table of scaling that are shown."""
    shown: pd.DataFrame = table[
        (table["metric"] == request.metric.name)
        & table["run"].isin(list(request.runs))
        & table["size"].isin(list(request.sizes))
        & np.isfinite(table["efficiency"].to_numpy(dtype=float, na_value=np.nan))
    ]
    return shown


def _runs(found: pd.DataFrame, request: Request) -> list[str]:
    there = set(found["run"])
    return [run for run in request.runs if run in there]


def _scale(found: pd.DataFrame) -> Scale:
    """Return the axis of percents: from zero, up to the ideal and whatever lies above it."""
    every = 100 * found[["efficiency", "efficiency_low", "efficiency_high"]].to_numpy(dtype=float)
    values = np.append(every[np.isfinite(every)], 100.0)
    return choose([Group("", values, np.empty(0))], _STEP, grounded=True)


def _set_axes(axes: Axes, scale: Scale, sizes: list[int], step: float, font: float) -> None:
    axes.tick_params(axis="both", length=0, labelsize=font)
    axes.set_xlim(math.log2(sizes[0]) - 0.5 * step, math.log2(sizes[-1]) + 0.5 * step)
    axes.set_ylim(scale.low, scale.high)
    axes.set_yticks(scale.ticks, scale.labels)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.axhline(100, color=theme.INK, linewidth=0.12 * font, zorder=1.5, gid="ideal")


def _apart(places: dict[int, float], font: float, space: float) -> list[int]:
    """Return the sizes whose labels do not touch, from the smallest up."""
    named: list[int] = []
    reach = -math.inf
    for nodes, place in places.items():
        half = width(str(nodes), font) / 2 + space
        if place - half >= reach:
            named.append(nodes)
            reach = place + half
    return named


def _legend(runs: list[str], request: Request, font: float) -> list[Entry]:
    from matplotlib.lines import Line2D

    ideal = Line2D([], [], color=theme.INK, linewidth=0.12 * font)
    return [
        *(Entry(request.label(run), (legend_run(request.styles[run], font),)) for run in runs),
        Entry("ideal", (ideal,)),
    ]


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what the efficiencies are relative to, and what their intervals are."""
    found = _chosen(table, request)
    if found.empty:
        return blank.reason(request, _MISSING)
    runs = _runs(found, request)
    bases: dict[int, list[str]] = {}
    for run in runs:
        base = int(found.loc[found["run"] == run, "base_size"].iloc[0])
        bases.setdefault(base, []).append(request.label(run))
    if len(bases) == 1:
        relative = f"{counted(next(iter(bases)), 'node')}, the smallest size of each run"
    else:
        relative = "the smallest size of each run: " + "; ".join(
            f"{counted(base, 'node')} for {', '.join(names)}" for base, names in bases.items()
        )
    sentences = [
        f"Parallel efficiency of {request.metric.title}, by cluster size and run: "
        f"n = {extent([int(n) for n in found['n']])} trials in each group; excluded trials do not "
        "count.",
        *measurement(request.metric),
        "Efficiency is the ratio of the median time at the base size to the median time, divided "
        f"by the growth in nodes; relative to {relative}.",
        f"Lines are percentile-bootstrap intervals of {100 * request.settings.confidence:g} %; the "
        "base itself has none. The horizontal line is the ideal of 100 %. Nodes are on a "
        "logarithmic axis; runs at one size stand side by side.",
    ]
    absent = [run for run in request.runs if run not in runs]
    return " ".join(sentences + without(absent, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the efficiency of each run at each size."""
    found = _chosen(table, request)
    if found.empty:
        return blank.reason(request, _MISSING)
    runs = _runs(found, request)
    sentences = [
        f"Parallel efficiency of {request.metric.title} for {counted(len(runs), 'run')}, ideal "
        "100 %."
    ]
    for run in runs:
        of_run = found[found["run"] == run].sort_values("size")
        told = ", ".join(
            f"{counted(int(nodes), 'node')} {number(100 * share)} %"
            for nodes, share in zip(of_run["size"], of_run["efficiency"], strict=True)
        )
        sentences.append(f"{request.label(run)}: {told}.")
    return " ".join(sentences)
