"""Where the loop time goes: the median of each of LAMMPS' sections, a bar a run.

Below each bar lies a thin one of the slowest quarter of the trials: what makes it longer is what
makes slow trials slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.figures import page, theme
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group, Request, Selection, Values, select, without
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import open_panels, write_row
from heteroscope.metrics import SECTIONS
from heteroscope.words import counted, number, quantity

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
    """The sections of one group, in seconds.

    Attributes
    ----------
    medians, slow, others
        Medians of all trials, and means of the slowest quarter of them and of the others.
    worth
        Whether the slowest quarter is much slower.
    """

    medians: Values
    slow: Values
    others: Values
    worth: bool

    def excess(self) -> str:
        """Return by what the slowest quarter is slower."""
        more = self.slow - self.others
        most = int(np.argmax(more))
        return (
            f"the slowest quarter takes {quantity(float(more.sum()), 's')} longer, "
            f"{quantity(float(more[most]), 's')} of it in {SECTIONS[most]}"
        )


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the medians of the sections as stacked bars, a panel for each cluster size."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    selection = _select(table, request)
    if not selection.runs:
        return page.draw_blank(request)
    panels = open_panels(request, selection, finding(table, request), named=True)
    font, runs = panels.font, selection.runs
    bars = []
    for axes, category in zip(panels.axes, selection.categories, strict=True):
        axes.set_ylim(len(runs) - 0.5, -1.0)
        found = {group.run: _bar(table, group) for group in category.groups if group.values.size}
        bars.append(found)
        # The axis is there before the bars, since their words are fitted to its length.
        if found:
            lengths = [max(bar.medians.sum(), bar.slow.sum()) for bar in found.values()]
            scale = choose(
                [Group("", np.array([length]), np.empty(0)) for length in lengths],
                request.metric.resolution, grounded=True,
            )  # fmt: skip
            scale.set(axes.xaxis)
            heading = f"{category.nodes}{scale.unit('')}"
            axes.set_title(heading, loc="left", fontsize=font, weight="bold")
        for row, run in enumerate(runs):
            if run in found:
                (group,) = (group for group in category.groups if group.run == run)
                write_row(axes, row, number(group.median), font)
            else:
                write_row(axes, row, "not measured", font, inside=True)
    panels.part.supxlabel("LAMMPS loop time by section (s)", fontsize=font)
    shown = _shown(bars)
    large = _large(bars)
    entries = [
        (SECTIONS[i], Patch(facecolor=theme.SECTIONS[SECTIONS[i]])) for i in shown if i not in large
    ]
    entries += [
        (words, Line2D([], [], color=theme.MUTED, linewidth=thick * font, solid_capstyle="butt"))
        for words, thick in (("medians", 0.7), ("means of the slowest quarter", 0.25))
    ]
    page.add_legend(panels.figure, request, entries)
    across, _ = panels.cut(request, len(runs) + 0.5)
    for axes, found in zip(panels.axes, bars, strict=True):
        per_second = across / axes.get_xlim()[1]
        for row, run in enumerate(runs):
            if run in found:
                _draw_bar(axes, row, found[run], shown, per_second, font)
        first = next((runs.index(run) for run in runs if run in found), None)
        if first is not None:
            _name(axes, first, found[runs[first]], large, per_second, font)
    return panels.figure


def _draw_bar(
    axes: Axes, row: int, bar: _Bar, shown: list[int], per_second: float, font: float
) -> None:
    """Draw the sections of a run, each with its number where that fits."""
    size = 0.8 * font
    for lengths, level, height in ((bar.medians, row - 0.06, 0.5), (bar.slow, row + 0.32, 0.14)):
        starts = np.cumsum(lengths) - lengths
        for i in shown:
            paint = theme.SECTIONS[SECTIONS[i]]
            axes.barh(
                level, lengths[i], height, starts[i], color=paint, linewidth=0,
                gid=f"{'medians' if lengths is bar.medians else 'slow'}:{SECTIONS[i]}",
            )  # fmt: skip
            words = number(float(lengths[i]))
            fits = page.width(words, size) + 0.4 * font < lengths[i] * per_second
            if lengths is bar.medians and fits:
                axes.text(
                    starts[i] + lengths[i] / 2, level, words, fontsize=size,
                    color="white" if paint in theme.DARK else theme.INK, ha="center", va="center",
                )  # fmt: skip


def _name(
    axes: Axes, row: int, bar: _Bar, large: list[int], per_second: float, font: float
) -> None:
    """Write the names of the sections over their parts of a bar, where they fit."""
    size = 0.8 * font
    starts = np.cumsum(bar.medians) - bar.medians
    for i in large:
        if page.width(SECTIONS[i], size) < bar.medians[i] * per_second:
            axes.text(
                starts[i] + bar.medians[i] / 2, row - 0.36, SECTIONS[i], fontsize=size,
                color=theme.MUTED, ha="center", va="bottom",
            )  # fmt: skip


def _select(table: pd.DataFrame, request: Request) -> Selection:
    """Return the trials whose sections are known."""
    known = np.isfinite(_parts(table)).any(axis=0)
    whole = table.get(_WHOLE, np.nan)
    return select(table.assign(**{_WHOLE: np.where(known, whole, np.nan)}), request)


def _parts(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the sections of all trials, one row each; NaN where a log has none."""
    return table.reindex(columns=list(NEEDS.tables[TRIALS])).to_numpy(dtype=float).T


def _bar(table: pd.DataFrame, group: Group) -> _Bar:
    """Return the bar of a group; a section that a log does not list took no time."""
    parts = np.nan_to_num(_parts(table)[:, group.rows])
    totals = parts.sum(axis=0)
    parts = parts[:, np.argsort(totals, kind="stable")]
    slow = -(-group.values.size // 4)
    if group.values.size < _FEWEST:
        nothing = np.zeros(len(SECTIONS))
        return _Bar(np.median(parts, axis=1), nothing, nothing, worth=False)
    slowest, others = parts[:, -slow:].mean(axis=1), parts[:, :-slow].mean(axis=1)
    worth = bool(np.max(slowest - others) > _WORTH * totals.min())
    return _Bar(np.median(parts, axis=1), slowest, others, worth)


def _shown(bars: list[dict[str, _Bar]]) -> list[int]:
    """Return which sections any group spends time in."""
    every = [bar.medians + bar.slow for found in bars for bar in found.values()]
    return [i for i in range(len(SECTIONS)) if any(each[i] > 0 for each in every)]


def _large(bars: list[dict[str, _Bar]]) -> list[int]:
    """Return which sections have room for their name on the first bar of some panel."""
    large = set()
    for found in filter(None, bars):
        longest = max(max(bar.medians.sum(), bar.slow.sum()) for bar in found.values())
        first = next(iter(found.values()))
        large |= {i for i in range(len(SECTIONS)) if first.medians[i] > _LARGE * longest}
    return sorted(large)


def finding(table: pd.DataFrame, request: Request) -> str:
    """Return the title: where the slow trials of some run lose their time, if they do."""
    if request.title:
        return request.title
    found = [
        (category, group, _bar(table, group))
        for category in _select(table, request).categories
        for group in category.groups
        if group.values.size
    ]
    slow = [(category, group, bar) for category, group, bar in found if bar.worth]
    if not slow:
        return "Loop time by section"
    category, group, bar = max(
        slow, key=lambda each: float((each[2].slow - each[2].others).sum() / each[1].median)
    )
    return f"{request.label(group.run)}, {category.nodes}: {bar.excess()}"


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what is shown and how, and how many trials of it."""
    selection = _select(table, request)
    if not selection.runs:
        return page.blank(request)
    sentences = [
        f"{request.measured} by section, medians of the means over the ranks ({request.clock}); "
        "the number at the right is the median of the whole, the thin bar the mean of the slowest "
        "quarter.",
        selection.counts("not shown"),
    ]
    return " ".join(sentences + without(selection.absent, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the greatest medians, and what makes the slowest quarter slow, size by size."""
    selection = _select(table, request)
    if not selection.runs:
        return page.blank(request)

    def told(group: Group) -> str:
        bar = _bar(table, group)
        largest = sorted(np.flatnonzero(bar.medians > 0), key=lambda i: -bar.medians[i])[:2]
        medians = ", ".join(f"{SECTIONS[i]} {quantity(bar.medians[i], 's')}" for i in largest)
        return f"{medians}{', ' + bar.excess() if bar.worth else ''}"

    lead = f"Greatest sections of {request.measured}, by their medians, of "
    return " ".join([f"{lead}{counted(len(selection.runs), 'run')}.",
                     *selection.told(request, told)])  # fmt: skip
