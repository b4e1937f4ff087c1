"""Parallel efficiency: what is left, on more nodes, of the speed-up that they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import choose, thin
from heteroscope.figures.data import Group, Request
from heteroscope.figures.needs import Needs
from heteroscope.words import at_sizes, extent, of_sizes, percent, size_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Found: TypeAlias = dict[str, pd.DataFrame]

NEEDS = Needs(
    {
        "scaling": (
            "run", "size", "base_size", "metric", "n",
            "efficiency", "efficiency_low", "efficiency_high",
        ),
    },
    settings=("alpha",),
    scaling=True,
)  # fmt: skip

# Efficiencies are given in percent; one in a hundred is the least that the axis tells apart.
_STEP = 1.0
# Runs at one size stand beside each other in this share of a doubling.
_DODGE = 0.25


def select(table: pd.DataFrame, request: Request) -> Found:
    """Return the rows that are shown of each run, by ascending size."""
    shown = table[
        (table["metric"] == request.metric.name)
        & table["size"].isin(list(request.sizes))
        & np.isfinite(table["efficiency"].to_numpy(dtype=float, na_value=np.nan))
    ].sort_values("size")
    found = {run: shown[shown["run"] == run] for run in request.runs}
    return {run: rows for run, rows in found.items() if len(rows)}


def draw(found: Found, request: Request) -> Figure:
    """Draw the efficiency of each run over the sizes, with its intervals, below the ideal."""
    figure, part, font = page.paper(request)
    screen = theme.SIZES[request.size]
    axes = part.subplots()
    page.bare(axes, font, "y")
    sizes = sorted({int(nodes) for rows in found.values() for nodes in rows["size"]})
    keys = ["efficiency", "efficiency_low", "efficiency_high"]
    every = np.concatenate([rows[keys].to_numpy(dtype=float).ravel() for rows in found.values()])
    values = np.append(100 * every[np.isfinite(every)], 100.0)
    choose([Group("", values)], _STEP, grounded=True).set(axes, "y")
    axes.set_xscale("log", base=2)
    axes.set_xlim(sizes[0] / 2**0.4, sizes[-1] * 2**0.4)
    axes.set_xticks(sizes, [str(nodes) for nodes in sizes])
    axes.set_xticks([], minor=True)
    axes.set_xlabel(f"{size_of().capitalize()} (log scale)")
    room = 0.55 * 72 * screen.height
    title = f"Parallel efficiency of {request.metric.title} (%)"
    axes.set_ylabel(page.wrapped(title, font, room, 2))
    axes.axhline(100, color=theme.INK, linewidth=0.1 * font, zorder=1.5, gid="ideal")
    ends = []
    for place, (run, rows) in enumerate(found.items()):
        style = request.styles[run]
        x = rows["size"].to_numpy(dtype=float)
        x *= 2 ** (_DODGE * ((place + 0.5) / len(found) - 0.5))
        y, low, high = (100 * rows[key].to_numpy(dtype=float) for key in keys)
        axes.vlines(x, low, high, color=style.edge, zorder=2, gid=f"intervals:{run}")
        axes.plot(
            x, y, color=style.edge, linewidth=0.1 * font, marker=style.marker,
            markersize=0.55 * font, zorder=3, gid=f"efficiency:{run}", **points.filled(style),
        )  # fmt: skip
        label = page.wrapped(page.label(request, run), font, 0.33 * 72 * screen.width, 3)
        ends.append((x[-1], y[-1], f"{label}\n{_at(rows)}", style))
    axes.annotate(
        "ideal", (1, 100), (0, 0.2 * font), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha="right", fontsize=page.SMALL * font, color=theme.MUTED,
    )  # fmt: skip
    texts = [
        axes.annotate(
            words, (x, y), (1.06, 0.5), xycoords="data", textcoords="axes fraction",
            va="center", color=style.edge, linespacing=0.9 * page.LINE,
            arrowprops={"arrowstyle": "-", "color": style.edge, "linewidth": 0.06 * font,
                        "shrinkA": 0.2 * font, "shrinkB": 0.4 * font, "relpos": (0, 0.5)},
        )
        for x, y, words, style in ends
    ]  # fmt: skip
    heights = [(words.count("\n") + 1.3) * page.LINE * font for _, _, words, _ in ends]
    least = (12 * font, max(room, sum(heights)))
    across, up = page.cut(figure, axes, request, least)
    thin(axes.xaxis, across, font)
    _part(axes, texts, [y for _, y, _, _ in ends], [height / up for height in heights])
    return figure


def _part(axes: Axes, texts: list[Any], values: list[float], heights: list[float]) -> None:
    """Put words beside the ends of their lines, moved apart where they would touch."""
    bottom, top = axes.get_ylim()
    free = 1.0
    left = sum(heights)
    for i in sorted(range(len(texts)), key=lambda i: -values[i]):
        left -= heights[i]
        level = (values[i] - bottom) / (top - bottom)
        level = min(level, free - heights[i] / 2)
        level = max(level, left + heights[i] / 2)
        texts[i].set_y(level)
        free = level - heights[i] / 2


def _at(rows: pd.DataFrame) -> str:
    """Return the efficiency at the largest size of a run, in words."""
    last = rows.iloc[-1]
    return f"{_percent(last['efficiency'])} {at_sizes([int(last['size'])])}"


def _percent(share: float) -> str:
    return percent(round(float(share), 2))


def finding(found: Found, request: Request) -> str:
    """Return what is left of the ideal at the largest size."""
    largest = max(int(rows["size"].max()) for rows in found.values())
    left = sorted(
        (float(rows["efficiency"].iloc[-1]), run)
        for run, rows in found.items()
        if rows["size"].iloc[-1] == largest
    )
    ends = [left[0], left[-1]] if len(left) > 1 else left
    told = " to ".join(f"{_percent(share)} ({request.label(run)})" for share, run in ends)
    return f"{at_sizes([largest]).capitalize()}, {told} of the ideal speed is left"


def caption(found: Found, request: Request) -> str:
    """Return what the efficiencies are relative to, and how many trials they are made of."""
    bases = sorted({int(rows["base_size"].iloc[0]) for rows in found.values()})
    n = extent([int(n) for rows in found.values() for n in rows["n"]])
    return (
        f"Parallel efficiency of {request.measured()}: median at the smallest size of each run "
        f"({of_sizes(bases)}) / median, divided by the growth in {size_of()}, with its "
        f"{request.confidence} interval. n = {n} trials a group; excluded ones do not count."
        f"{request.without(run for run in request.runs if run not in found)}"
    )


def alt_text(found: Found, request: Request) -> str:
    """Return the efficiency of each run at each size."""
    sentences = [f"Parallel efficiency of {request.metric.title}, ideal 100 %."]
    for run, rows in found.items():
        told = ", ".join(
            f"{of_sizes([int(nodes)])} {_percent(share)}"
            for nodes, share in zip(rows["size"], rows["efficiency"], strict=True)
        )
        sentences.append(f"{request.label(run)}: {told}.")
    return " ".join(sentences)
