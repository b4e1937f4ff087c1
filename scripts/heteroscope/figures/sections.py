"""Where the loop time goes: the median of each of LAMMPS' sections, a bar a run.

Below each bar lies a thin one of the slowest quarter of the trials: what makes it longer is what
makes slow trials slow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import data, page, theme
from heteroscope.figures.axis import grounded
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Values, Words
from heteroscope.metrics import SECTIONS
from heteroscope.words import number, of_sizes, quantity

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

    `whole` is the median of the whole, and `excess` what the slowest quarter has on top of the
    means of the other trials.
    """

    whole: float
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
    return replace(
        shown,
        more={
            (group.run, group.size): _bar(group, parts[:, group.rows[: group.values.size]])
            for group in shown.groups
            if group.values.size
        },
    )


def _bar(group: Group, parts: Values) -> _Bar:
    # A section that a log does not list took no time.
    parts = np.nan_to_num(parts)
    totals = parts.sum(axis=0)
    parts = parts[:, np.argsort(totals, kind="stable")]
    medians, nothing = np.median(parts, axis=1), np.zeros(len(SECTIONS))
    if totals.size < _FEWEST:
        return _Bar(group.median, medians, nothing, nothing, worth=False)
    slow = -(-totals.size // 4)
    slowest = parts[:, -slow:].mean(axis=1)
    excess = slowest - parts[:, :-slow].mean(axis=1)
    worth = bool(excess.max() > _WORTH * totals.min())
    return _Bar(group.median, medians, slowest, excess, worth)


def draw(shown: Selection, request: Request) -> Figure:
    """Draw the medians of the sections as stacked bars, a panel for each cluster size."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    sheet = page.Sheet(request)
    panels = sheet.panels(shown, request)
    font, bars, n = sheet.font, shown.more, len(shown.runs)
    named: set[int] = set()
    for axes, size in zip(panels, shown.sizes, strict=True):
        axes.set_ylim(n - 0.5, -1.0)
        for row, run in enumerate(shown.runs):
            if bar := bars.get((run, size)):
                sheet.write(axes, row, number(bar.whole))
            else:
                sheet.write(axes, row, "not measured", 0, color=theme.MUTED)
        drawn = [bars[run, size] for run in shown.runs if (run, size) in bars]
        if drawn:
            scale = grounded(max(bar.length for bar in drawn))
            scale.head(axes)
            named |= set(np.flatnonzero(drawn[0].medians > _LARGE * scale.high))
    sheet.label("LAMMPS loop time by section (s)")
    spent = np.sum([bar.medians + bar.slow for bar in bars.values()], axis=0)
    entries: list[tuple[str, Any]] = [
        (name, Patch(facecolor=theme.SECTIONS[name]))
        for i, name in enumerate(SECTIONS)
        if i not in named and spent[i] > 0
    ]
    if any(bar.slow.any() for bar in bars.values()):
        entries += [
            (name, Line2D([], [], color=theme.MUTED, linewidth=thick * font, solid_capstyle="butt"))
            for name, thick in (("medians", 0.7), ("means of the slowest quarter", 0.25))
        ]
    sheet.legend(entries)
    across, _ = sheet.cut(page.LEAST_PANEL * font, (n + 0.5) * sheet.row, fitted=True)
    for axes, size in zip(panels, shown.sizes, strict=True):
        rows = [row for row, run in enumerate(shown.runs) if (run, size) in bars]
        if rows:
            drawn = [bars[shown.runs[row], size] for row in rows]
            _draw_bars(axes, rows, drawn, named, across / axes.get_xlim()[1], 0.8 * font)
    return sheet.figure


def _draw_bars(
    axes: Axes, rows: list[int], bars: list[_Bar], named: set[int], unit: float, size: float
) -> None:
    """Draw the sections of runs, with numbers and names where they fit; `unit` points a second."""
    start = slow_start = np.zeros(len(rows))
    for i, name in enumerate(SECTIONS):
        medians, slow = (np.array([getattr(bar, each)[i] for bar in bars])
                         for each in ("medians", "slow"))  # fmt: skip
        paint = theme.SECTIONS[name]
        for kind, lengths, left, level, height in (
            ("slow", slow, slow_start, 0.32, 0.14),
            ("medians", medians, start, -0.06, 0.5),
        ):
            if lengths.any():
                made = axes.barh(
                    np.add(rows, level), lengths, height, left, color=paint, linewidth=0
                )
                for patch in made:
                    patch.set_gid(f"{kind}:{name}")
        if medians.any():
            told = [number(length) for length in medians]
            fits = [page.width(text, size) + 0.5 * size < length * unit
                    for text, length in zip(told, medians, strict=True)]  # fmt: skip
            ink = "white" if paint in theme.DARK else theme.INK
            axes.bar_label(
                made, [text if fit else "" for text, fit in zip(told, fits, strict=True)],
                label_type="center", fontsize=size, color=ink,
            )  # fmt: skip
            # Names stand over the first bar.
            if i in named and page.width(name, size) < medians[0] * unit:
                axes.text(
                    start[0] + medians[0] / 2, rows[0] - 0.36, name, fontsize=size,
                    color=theme.MUTED, ha="center", va="bottom",
                )  # fmt: skip
        start, slow_start = start + medians, slow_start + slow


def words(shown: Selection, request: Request) -> Words:
    """Return what makes slow trials slow, what is shown and how, and the greatest medians."""

    def told(group: Group) -> str:
        bar = shown.more[group.run, group.size]
        largest = sorted(np.flatnonzero(bar.medians > 0), key=lambda i: -bar.medians[i])[:2]
        medians = ", ".join(f"{SECTIONS[i]} {quantity(bar.medians[i], 's')}" for i in largest)
        return f"{medians}{', ' + bar.told() if bar.worth else ''}"

    title = "Loop time by section"
    if worth := {key: bar for key, bar in shown.more.items() if bar.worth}:
        run, size = max(worth, key=lambda key: worth[key].excess.sum() / worth[key].medians.sum())
        title = f"{request.label(run)}, {of_sizes([size])}: {worth[run, size].told()}"
    what = (
        f"{request.measured(' by section')}, medians of the means over the ranks; the number at "
        "the right is the median of the whole, the thin bar the mean of the slowest quarter."
    )
    lead = f"Greatest sections of {request.axis}, by their medians."
    return shown.words(request, title, what, "not shown", lead, told)
