"""Empirical distribution functions: at every value, the share of the trials that were no longer.

A panel for each cluster size.  Each trial is one step, so that nothing is smoothed and the reader
sees every quantile, and how far one run lies before another all along.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Category, Group, Request, Selection, Values, select
from heteroscope.figures.frame import Entry, Margins, plot_width
from heteroscope.figures.marks import filled, legend_mark, mark_size
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import Grid, open_panels, outline, set_scale, share
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.text import LINE, balanced, plain, width
from heteroscope.figures.words import (
    bracketed,
    counted,
    exclusions,
    extent,
    in_unit,
    measurement,
    missing,
    number,
    place,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDS = Needs({TRIALS: ()})

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)

_SPACE = 0.4  # in font sizes
# Of a panel, in font sizes: less would not show twenty steps.
_LEAST_WIDTH, _LEAST_HEIGHT = 9.0, 8.0
# Lines of runs whose colours look alike in grey differ in their dashes.
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the distribution functions of a metric, a panel for each cluster size."""
    selection = select(table, request)
    if not selection.runs:
        return blank.draw(request)
    size = theme.SIZES[request.size]
    font, space = size.font, _SPACE * size.font
    categories = selection.categories
    scales = [_scale(category, request) for category in categories]
    columns = _columns(len(categories))
    rows = -(-len(categories) // columns)

    ticks = [f"{100 * level:.0f}" for level in _SHARES]
    left = max(width(tick, font) for tick in ticks) + 2 * space + LINE * font
    below = 2 * LINE * font + 2 * space
    heading = LINE * font + space
    headings = [
        plain(f"{place(category)}{share(scale) if scale else ''}")
        for category, scale in zip(categories, scales, strict=True)
    ]
    x_title = balanced(
        plain(f"{request.metric.title}{bracketed(request.metric.unit)}"),
        font,
        plot_width(size, left),
        2,
    )
    below += (len(x_title) - 1) * LINE * font
    # Half of a label may reach beyond its panel, on either side.
    labels = [label for scale in scales if scale for label in scale.labels]
    reach = max((width(label, font) for label in labels), default=0.0) / 2
    page = open_panels(
        size,
        request.title,
        Margins(left, below=below, above=heading),
        right=reach,
        legend=_legend(selection, request, font),
        grid=Grid(
            rows,
            columns,
            max(_LEAST_WIDTH * font, *(width(words, font) for words in headings)),
            _LEAST_HEIGHT * font,
            between_columns=2 * reach + space,
            between_rows=heading + LINE * font + 2 * space,
        ),
    )
    room = page.height / 3
    for index, axes in enumerate(axes for row in page.axes for axes in row):
        outline(axes)
        axes.tick_params(labelsize=font, pad=space)
        if index >= len(categories):
            axes.set_axis_off()
            continue
        axes.set_ylim(-0.03, 1.03)
        axes.set_yticks(_SHARES, ticks if index % columns == 0 else [""] * len(_SHARES))
        axes.grid(axis="both", color="white", linewidth=1.0)
        axes.set_title(headings[index], fontsize=font, loc="left", pad=space)
        scale = scales[index]
        if scale is None:
            axes.set_xticks([])
            axes.text(
                0.5, 0.5, "no data", transform=axes.transAxes, fontsize=font,
                color=theme.MUTED, ha="center", va="center",
            )  # fmt: skip
            continue
        lengths = [width(label, font) + space for label in scale.labels]
        set_scale(axes, scale.thinned(lengths, page.width), "x")
        largest = max(group.values.size for group in categories[index].groups)
        marked = mark_size(font, room, largest)
        for group in categories[index].groups:
            if group.values.size:
                _draw_steps(axes, group, scale, selection.runs.index(group.run), marked, request)
    middle = (page.frame.width - reach) / 2
    look = {"fontsize": font, "color": theme.INK, "linespacing": 0.85 * LINE}
    page.write(middle, -below, "\n".join(x_title), ha="center", va="bottom", **look)
    page.write(
        -left, page.frame.height / 2, "Share of trials (%)",
        rotation=90, ha="left", va="center", **look,
    )  # fmt: skip
    return page.figure


def _columns(panels: int) -> int:
    return 1 if panels == 1 else max(2, math.ceil(math.sqrt(panels)))


def _scale(category: Category, request: Request) -> Scale | None:
    """Return the axis of a panel, chosen for the trials that count; None where there are none."""
    groups = [
        Group(group.run, group.values, np.empty(0))
        for group in category.groups
        if group.values.size
    ]
    return choose(groups, request.metric.resolution) if groups else None


def _draw_steps(
    axes: Axes, group: Group, scale: Scale, number_of_run: int, marked: float, request: Request
) -> None:
    """Draw one distribution function, from 0 at the least value to 1 at the greatest."""
    style = request.styles[group.run]
    values = np.sort(group.values)
    heights = np.arange(1, values.size + 1) / values.size
    axes.step(
        [values[0], *values],
        [0, *heights],
        where="post",
        color=style.edge,
        linewidth=0.1 * theme.SIZES[request.size].font,
        linestyle=_DASHES[number_of_run % len(_DASHES)],
        gid=f"steps-{number_of_run}",
    )
    inside = (values >= scale.low) & (values <= scale.high)
    axes.plot(
        values[inside],
        heights[inside],
        linestyle="none",
        marker=style.marker,
        markersize=marked,
        clip_on=False,
        zorder=3,
        gid=f"trials-{number_of_run}",
        **filled(style),
    )
    for kind, marker, far, edge in (
        ("over", ">", values > scale.high, scale.high),
        ("under", "<", values < scale.low, scale.low),
    ):
        if far.any():
            axes.plot(
                np.full(int(far.sum()), edge),
                heights[far],
                linestyle="none",
                marker=marker,
                markersize=1.35 * marked,
                clip_on=False,
                zorder=4,
                gid=f"trials-{kind}-{number_of_run}",
                **filled(style),
            )


def _legend(selection: Selection, request: Request, font: float) -> list[Entry]:
    from matplotlib.lines import Line2D

    entries = []
    for i, run in enumerate(selection.runs):
        style = request.styles[run]
        line = Line2D(
            [], [], color=style.edge, linewidth=0.1 * font, linestyle=_DASHES[i % len(_DASHES)]
        )
        mark = legend_mark(style.marker, font, **filled(style))
        entries.append(Entry(request.label(run), (line, mark), f", n = {_sizes(selection, run)}"))
    if any(_far(category, request) for category in selection.categories):
        mark = legend_mark(">", font, color=theme.MUTED)
        entries.append(Entry("beyond the axis", (mark,)))
    return entries


def _sizes(selection: Selection, run: str) -> str:
    return extent([group.values.size for group in selection.groups if group.run == run])


def _far(category: Category, request: Request) -> list[float]:
    """Return the values of a size that lie beyond the axis of its panel."""
    scale = _scale(category, request)
    if scale is None:
        return []
    every: Values = np.concatenate([group.values for group in category.groups])
    return sorted([*scale.under(every), *scale.over(every)])


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return how many trials are shown, how they were measured, and how to read the steps."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sizes = [group.values.size for group in selection.groups if group.every.size]
    sentences = [
        f"Empirical distribution functions of {metric.title}{in_unit(metric.unit)}, a panel for "
        f"each cluster size: {sum(sizes)} trials, n = {extent(sizes)} in each group.",
        *measurement(metric),
        "Each step is a trial: its height is the share of the run's trials that took no longer."
        if metric.unit == "s"
        else "Each step is a trial: its height is the share of the run's trials up to its value.",
        "Nothing is smoothed; no interval is drawn. Each panel has an axis of its own.",
    ]
    sentences += exclusions(selection, "not drawn")
    far = {
        place(category): ", ".join(map(number, values))
        for category in selection.categories
        if (values := _far(category, request))
    }
    if far:
        where = "; ".join(f"{size}: {values}" for size, values in far.items())
        sentences.append(f"Beyond the axis, as triangles at its edge: {where}.")
    scales = [_scale(category, request) for category in selection.categories]
    if any(scale and scale.log for scale in scales):
        sentences.append("Axes that say so are logarithmic.")
    if any(scale and not scale.log and not scale.from_zero for scale in scales):
        sentences.append("Axes of values do not all start at zero.")
    return " ".join(sentences + missing(selection, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the quartiles that the steps show, size by size."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sentences = [
        f"Step curves of the share of trials over {metric.title}{in_unit(metric.unit)} for "
        f"{counted(len(selection.runs), 'run')} at "
        f"{counted(len(request.sizes), 'cluster size')}."
    ]
    for category in selection.categories:
        quartiles = [
            f"{request.label(group.run)} "
            + " / ".join(map(number, np.percentile(group.values, [25, 50, 75])))
            for group in category.groups
            if group.values.size
        ]
        words = f"quartiles {', '.join(quartiles)}" if quartiles else "no data"
        sentences.append(f"{place(category)}: {words}.")
    return " ".join(sentences)
