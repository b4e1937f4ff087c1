"""Parallel efficiency: what is left, on more nodes, of the speed-up that they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import grounded
from heteroscope.figures.data import Needs, Request, Words
from heteroscope.words import at_sizes, capital, extent, of_sizes, percent, size_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

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
    sheet = page.Sheet(request)
    (axes,) = sheet.axes().flat
    font = sheet.font
    sizes = sorted({int(size) for rows in found.values() for size in rows["size"]})
    keys = ["efficiency", "efficiency_low", "efficiency_high"]
    every = np.concatenate([rows[keys].to_numpy(dtype=float).ravel() for rows in found.values()])
    grounded(100 * max(1.0, *every[np.isfinite(every)])).set(axes, "y")
    axes.set_xscale("log", base=2)
    axes.set_xlim(sizes[0] / 2**0.4, sizes[-1] * 2**0.4)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xticks([], minor=True)
    axes.set_xlabel(f"{capital(size_of())} (log scale)")
    room = 0.55 * sheet.height
    title = f"Parallel efficiency of {request.metric.title} (%)"
    axes.set_ylabel(page.wrapped(title, font, room, 2))
    axes.axhline(100, color=theme.INK, linewidth=0.1 * font, zorder=1.5, gid="ideal")
    sheet.write(axes, 100, "ideal", ha="right", va="bottom", color=theme.MUTED)
    ends: list[tuple[float, float, Annotation]] = []
    for place, (run, rows) in enumerate(found.items()):
        style = request.styles[run]
        x = rows["size"].to_numpy(dtype=float) * 2 ** (_DODGE * ((place + 0.5) / len(found) - 0.5))
        y, low, high = (100 * rows[key].to_numpy(dtype=float) for key in keys)
        axes.vlines(x, low, high, color=style.edge, zorder=2, gid=f"intervals:{run}")
        axes.plot(
            x, y, color=style.edge, linewidth=0.1 * font, marker=style.marker,
            markersize=0.55 * font, zorder=3, gid=f"efficiency:{run}", **points.filled(style),
        )  # fmt: skip
        label = page.wrapped(page.label(request, run), font, 0.33 * sheet.width, 3)
        last = f"{_percent(rows['efficiency'].iloc[-1])} {at_sizes([int(rows['size'].iloc[-1])])}"
        words = axes.annotate(
            f"{label}\n{last}", (x[-1], y[-1]), (1.06, 0.5), xycoords="data",
            textcoords="axes fraction", va="center", color=style.edge, linespacing=page.CLOSE,
            arrowprops={"arrowstyle": "-", "color": style.edge, "linewidth": 0.06 * font,
                        "shrinkA": 0.2 * font, "shrinkB": 0.4 * font, "relpos": (0, 0.5)},
        )  # fmt: skip
        ends.append((float(y[-1]), (label.count("\n") + 2.3) * page.LINE * font, words))
    least = max(room, sum(height for _, height, _ in ends))
    _, up = sheet.cut(12 * font, least)
    # Words stand beside the ends of their lines, moved apart where they would touch.
    bottom, top = axes.get_ylim()
    free, left = 1.0, sum(height for _, height, _ in ends) / up
    for value, height, words in sorted(ends, key=lambda end: -end[0]):
        half = height / up / 2
        left -= 2 * half
        level = max(min((value - bottom) / (top - bottom), free - half), left + half)
        words.set_y(level)
        free = level - half
    return sheet.figure


def _percent(share: float) -> str:
    return percent(round(float(share), 2))


def words(found: Found, request: Request) -> Words:
    """Return what is left of the ideal at the largest size, relative to what, and at each size."""
    largest = max(int(rows["size"].max()) for rows in found.values())
    left = sorted(
        (float(rows["efficiency"].iloc[-1]), run)
        for run, rows in found.items()
        if rows["size"].iloc[-1] == largest
    )
    ends = [left[0], left[-1]] if len(left) > 1 else left
    told = " to ".join(f"{_percent(share)} ({request.label(run)})" for share, run in ends)
    bases = sorted({int(rows["base_size"].iloc[0]) for rows in found.values()})
    n = extent([int(n) for rows in found.values() for n in rows["n"]])
    base, here = f"median at the smallest size of each run ({of_sizes(bases)})", "median"
    ratio = f"{here} / {base}" if request.metric.higher_is_better else f"{base} / {here}"
    sentences = [f"Parallel efficiency of {request.metric.title}, ideal 100 %."]
    for run, rows in found.items():
        each = zip(rows["size"], rows["efficiency"], strict=True)
        of_run = ", ".join(f"{of_sizes([int(size)])} {_percent(share)}" for size, share in each)
        sentences.append(f"{request.label(run)}: {of_run}.")
    return Words(
        f"{capital(at_sizes([largest]))}, {told} of the ideal speed is left",
        f"Parallel efficiency of {request.measured()}: {ratio}, divided by the growth in "
        f"{size_of()}, with its {request.confidence} interval. n = {n} trials a group; excluded "
        f"ones do not count.{request.without(run for run in request.runs if run not in found)}",
        " ".join(sentences),
    )
