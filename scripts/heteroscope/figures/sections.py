"""Where the loop time goes: the median of each of LAMMPS' sections, a bar a run.

Below each bar lies a thin one of the slowest quarter of the trials: what makes it longer is what
makes slow trials slow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import data, page, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group, Request, Selection, Values
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels
from heteroscope.metrics import SECTIONS
from heteroscope.words import number, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WHOLE = "loop_time"

NEEDS = Needs({TRIALS: tuple(f"{name.lower()}_time" for name in SECTIONS)}, metrics=(_WHOLE,))

# A quarter of fewer trials than this is none.
_FEWEST = 4
# A section is named on its bar from this share of the axis on, and in the legend otherwise.
_LARGE = 0.25
# The slowest quarter is worth a word from this share of the fastest trial on.
_WORTH = 0.1


@dataclass(frozen=True, slots=True)
class _Bar:
    """The sections of one group in seconds: medians, and means of the slowest quarter.

    `excess` is what the slowest quarter has on top of the means of the other trials.
    """

    medians: Values
    slow: Values
    excess: Values
    worth: bool

    @property
    def length(self) -> float:
        """Of the longer of the two bars."""
        return float(max(self.medians.sum(), self.slow.sum()))

    def told(self) -> str:
        """Return by what the slowest quarter is slower."""
        most = int(np.argmax(self.excess))
        return (
            f"the slowest quarter takes {quantity(float(self.excess.sum()), 's')} longer, "
            f"{quantity(float(self.excess[most]), 's')} of it in {SECTIONS[most]}"
        )


def select(table: pd.DataFrame, request: Request) -> Selection:
    """Return the trials whose sections are known, and the bar of each group."""
    parts = table.reindex(columns=list(NEEDS.tables[TRIALS])).to_numpy(dtype=float).T
    whole = table[_WHOLE].where(np.isfinite(parts).any(axis=0)) if _WHOLE in table else np.nan
    shown = data.select(table.assign(**{_WHOLE: whole}), request)
    bars = {
        # A section that a log does not list took no time.
        (group.run, category.size): _bar(np.nan_to_num(parts[:, group.rows[: group.values.size]]))
        for category in shown.categories
        for group in category.groups
        if group.values.size
    }
    return replace(shown, more=bars)


def _bar(parts: Values) -> _Bar:
    totals = parts.sum(axis=0)
    parts = parts[:, np.argsort(totals, kind="stable")]
    medians, nothing = np.median(parts, axis=1), np.zeros(len(SECTIONS))
    if totals.size < _FEWEST:
        return _Bar(medians, nothing, nothing, worth=False)
    slow = -(-totals.size // 4)
    slowest = parts[:, -slow:].mean(axis=1)
    excess = slowest - parts[:, :-slow].mean(axis=1)
    return _Bar(medians, slowest, excess, worth=bool(excess.max() > _WORTH * totals.min()))


def draw(shown: Selection, request: Request) -> Figure:
    """Draw the medians of the sections as stacked bars, a panel for each cluster size."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    panels = open_panels(shown, request)
    font, runs = panels.font, shown.runs
    named: set[int] = set()
    for axes, category in zip(panels.axes, shown.categories, strict=True):
        axes.set_ylim(len(runs) - 0.5, -1.0)
        groups = {group.run: group for group in category.groups if group.values.size}
        for row, run in enumerate(runs):
            median = number(groups[run].median) if run in groups else ""
            panels.write(axes, row, median, "not measured")
        if groups:
            bars = [shown.more[run, category.size] for run in groups]
            lengths = [Group("", np.array([bar.length])) for bar in bars]
            scale = choose(lengths, request.metric.resolution, grounded=True)
            panels.head(axes, category, scale)
            named |= set(np.flatnonzero(bars[0].medians > _LARGE * scale.high))
    panels.part.supxlabel("LAMMPS loop time by section (s)", fontsize=font)
    spent = np.sum([bar.medians + bar.slow for bar in shown.more.values()], axis=0)
    entries: list[tuple[str, Patch | Line2D]] = [
        (name, Patch(facecolor=theme.SECTIONS[name]))
        for i, name in enumerate(SECTIONS)
        if i not in named and spent[i] > 0
    ]
    if any(bar.slow.any() for bar in shown.more.values()):
        entries += [
            (name, Line2D([], [], color=theme.MUTED, linewidth=thick * font, solid_capstyle="butt"))
            for name, thick in (("medians", 0.7), ("means of the slowest quarter", 0.25))
        ]
    page.add_legend(panels.figure, request, entries)
    across, _ = panels.cut(request, len(runs) + 0.5)
    for axes, category in zip(panels.axes, shown.categories, strict=True):
        names = named
        for row, run in enumerate(runs):
            if bar := shown.more.get((run, category.size)):
                _draw_bar(axes, row, bar, names, across / axes.get_xlim()[1], 0.8 * font)
                names = set()  # they stand over the first bar
    return panels.figure


def _draw_bar(axes: Axes, row: int, bar: _Bar, named: set[int], unit: float, size: float) -> None:
    """Draw the sections of a run, with numbers and names where they fit; `unit` points a second."""
    for kind, lengths, level, height in (
        ("medians", bar.medians, row - 0.06, 0.5),
        ("slow", bar.slow, row + 0.32, 0.14),
    ):
        starts = np.cumsum(lengths) - lengths
        for i in np.flatnonzero(lengths):
            name, middle = SECTIONS[i], starts[i] + lengths[i] / 2
            paint = theme.SECTIONS[name]
            axes.barh(
                level, lengths[i], height, starts[i], color=paint, linewidth=0,
                gid=f"{kind}:{name}",
            )  # fmt: skip
            words = number(float(lengths[i]))
            if kind == "medians" and page.width(words, size) + 0.5 * size < lengths[i] * unit:
                ink = "white" if paint in theme.DARK else theme.INK
                axes.text(middle, level, words, fontsize=size, color=ink, ha="center", va="center")
            if kind == "medians" and i in named and page.width(name, size) < lengths[i] * unit:
                axes.text(
                    middle, row - 0.36, name, fontsize=size, color=theme.MUTED, ha="center",
                    va="bottom",
                )  # fmt: skip


def finding(shown: Selection, request: Request) -> str:
    """Return where the slow trials of some run lose their time, if they do."""
    worth = {key: bar for key, bar in shown.more.items() if bar.worth}
    if not worth:
        return "Loop time by section"
    run, size = max(worth, key=lambda key: worth[key].excess.sum() / worth[key].medians.sum())
    nodes = next(each.nodes for each in shown.categories if each.size == size)
    return f"{request.label(run)}, {nodes}: {worth[run, size].told()}"


def caption(shown: Selection, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    what = (
        f"{request.measured(' by section')}, medians of the means over the ranks; the number at "
        "the right is the median of the whole, the thin bar the mean of the slowest quarter."
    )
    return shown.caption(what, "not shown", request)


def alt_text(shown: Selection, request: Request) -> str:
    """Return the greatest medians, and what makes the slowest quarter slow, size by size."""

    def told(group: Group, size: int) -> str:
        bar = shown.more[group.run, size]
        largest = sorted(np.flatnonzero(bar.medians > 0), key=lambda i: -bar.medians[i])[:2]
        medians = ", ".join(f"{SECTIONS[i]} {quantity(bar.medians[i], 's')}" for i in largest)
        return f"{medians}{', ' + bar.told() if bar.worth else ''}"

    return shown.told(f"Greatest sections of {request.axis}, by their medians.", request, told)
