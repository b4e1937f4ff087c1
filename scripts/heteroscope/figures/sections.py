"""Where the loop time goes: every trial a thin bar, stacked of LAMMPS' sections.

The bars of a group are sorted by their total, so that what makes the slow trials slow is the
section that grows to the right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Group, Request, Selection, Values, select
from heteroscope.figures.frame import Entry
from heteroscope.figures.marks import legend_run
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.stage import Stage, set_stage
from heteroscope.figures.words import (
    counted,
    exclusions,
    extent,
    measurement,
    missing,
    number,
    place,
)
from heteroscope.metrics import SECTIONS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_WHOLE = "loop_time"

NEEDS = Needs({TRIALS: tuple(f"{name.lower()}_time" for name in SECTIONS)}, metrics=(_WHOLE,))

# In slots: what the bars of a group take, and of that the gap between two.
_BREADTH, _GAP = 0.86, 0.12
# Bars thinner than this, in points, have no gap: a group is one area then.
_THIN = 2.5


@dataclass(frozen=True, slots=True)
class _Bars:
    """The trials of a group by ascending total, those that count before those that are excluded.

    Attributes
    ----------
    parts
        Of shape (sections, trials), in seconds.
    counted
        How many of the trials count.
    """

    parts: NDArray[np.float64]
    counted: int

    @property
    def totals(self) -> Values:
        """The height of each bar."""
        return np.asarray(self.parts.sum(axis=0), dtype=np.float64)


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw every trial as a bar of its sections, by run and cluster size."""
    selection = _select(table, request)
    if not selection.runs:
        return blank.draw(request)
    scale = choose(selection.groups, request.metric.resolution, grounded=True)
    shown = _shown(table, selection)
    legend = _legend(selection, shown, request, theme.SIZES[request.size].font)
    stage = set_stage(selection, request, scale, legend, named_below=True)
    bars = {
        centre: _bars(table, group)
        for centre, group in zip(stage.slots.centres, stage.slots.groups, strict=True)
        if group is not None and group.every.size
    }
    _draw_parts(stage, bars, shown)
    _draw_excluded(stage, bars)
    return stage.figure


def _select(table: pd.DataFrame, request: Request) -> Selection:
    """Return the trials whose sections are known."""
    known = np.isfinite(_parts(table)).any(axis=0)
    whole = table.get(_WHOLE, np.nan)
    return select(table.assign(**{_WHOLE: np.where(known, whole, np.nan)}), request)


def _parts(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the sections of all trials, one row each; NaN where a log has none."""
    unknown = np.full(len(table), np.nan)
    return np.array(
        [
            table[name].to_numpy(dtype=float, na_value=np.nan) if name in table else unknown
            for name in NEEDS.tables[TRIALS]
        ]
    )


def _bars(table: pd.DataFrame, group: Group) -> _Bars:
    """Return the bars of a group; a section that a log does not list took no time."""
    parts = np.nan_to_num(_parts(table))
    sides = []
    for rows in (group.rows, group.excluded_rows):
        of_side = parts[:, rows]
        sides.append(of_side[:, np.argsort(of_side.sum(axis=0), kind="stable")])
    return _Bars(np.concatenate(sides, axis=1), group.rows.size)


def _shown(table: pd.DataFrame, selection: Selection) -> list[int]:
    """Return which sections any trial spends time in."""
    rows = np.concatenate([[*group.rows, *group.excluded_rows] for group in selection.groups])
    spent = np.nan_to_num(_parts(table)[:, rows.astype(np.intp)]).sum(axis=1)
    return [i for i in range(len(SECTIONS)) if spent[i] > 0]


def _edges(bars: _Bars, centre: float, slot: float) -> tuple[Values, float]:
    """Return the left edges of the bars of a group, and their breadth, in slots."""
    n = bars.parts.shape[1]
    # A group of few trials has no bars as broad as a slot.
    pitch = min(_BREADTH / n, _BREADTH / 6)
    gap = _GAP * pitch if pitch * slot >= _THIN else 0.0
    return centre + pitch * (np.arange(n) - n / 2) + gap / 2, pitch - gap


def _draw_parts(stage: Stage, bars: Mapping[float, _Bars], shown: list[int]) -> None:
    """Draw the sections, each as one collection from the bottom up."""
    from matplotlib.collections import PolyCollection

    for i in shown:
        paint, hatch = theme.SECTIONS[SECTIONS[i]]
        boxes = []
        for centre, group in bars.items():
            lefts, breadth = _edges(group, centre, stage.slot)
            bottoms = np.minimum(group.parts[:i].sum(axis=0), stage.scale.high)
            tops = np.minimum(group.parts[: i + 1].sum(axis=0), stage.scale.high)
            for left, bottom, top in zip(lefts, bottoms, tops, strict=True):
                right = left + breadth
                boxes.append([(left, bottom), (right, bottom), (right, top), (left, top)])
        stage.axes.add_collection(
            PolyCollection(
                boxes,
                facecolors=paint,
                edgecolors=theme.INK,
                hatch=hatch,
                hatch_linewidth=0.05 * stage.font,
                linewidths=0,
                zorder=2,
                gid=f"section-{SECTIONS[i]}",
            ),
            autolim=False,
        )


def _draw_excluded(stage: Stage, bars: Mapping[float, _Bars]) -> None:
    """Wash out the bars of excluded trials, so that only their outline stands."""
    from matplotlib.collections import PolyCollection

    boxes = []
    for centre, group in bars.items():
        lefts, breadth = _edges(group, centre, stage.slot)
        tops = np.minimum(group.totals, stage.scale.high)
        for left, top in list(zip(lefts, tops, strict=True))[group.counted :]:
            right = left + breadth
            boxes.append([(left, 0.0), (right, 0.0), (right, top), (left, top)])
    if boxes:
        stage.axes.add_collection(
            PolyCollection(
                boxes,
                facecolors="white",
                edgecolors=theme.MUTED,
                linewidths=0.06 * stage.font,
                zorder=3,
                gid="excluded",
            ),
            autolim=False,
        )


def _legend(selection: Selection, shown: list[int], request: Request, font: float) -> list[Entry]:
    from matplotlib.patches import Patch

    # From the top down, as the bars are stacked.
    entries = []
    for i in reversed(shown):
        paint, hatch = theme.SECTIONS[SECTIONS[i]]
        patch = Patch(
            facecolor=paint, edgecolor=theme.INK, hatch=hatch, linewidth=0,
            hatch_linewidth=0.05 * font,
        )  # fmt: skip
        entries.append(Entry(SECTIONS[i], (patch,)))
    if any(group.excluded.size for group in selection.groups):
        patch = Patch(facecolor="white", edgecolor=theme.MUTED, linewidth=0.06 * font)
        entries.append(Entry("excluded", (patch,)))
    return entries + [
        Entry(request.label(run), (legend_run(request.styles[run], font),))
        for run in selection.runs
    ]


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return how many trials are shown, and how to read the bars."""
    selection = _select(table, request)
    if not selection.runs:
        return blank.reason(request)
    groups = [group for group in selection.groups if group.every.size]
    scale = choose(groups, request.metric.resolution, grounded=True)
    sizes = [group.values.size for group in groups]
    names = [SECTIONS[i] for i in _shown(table, selection)]
    sentences = [
        f"{request.metric.title} by section in s, by cluster size and run: {sum(sizes)} trials, "
        f"n = {extent(sizes)} in each group.",
        *measurement(request.metric),
        f"Each bar is a trial, stacked of {', '.join(names)} from the bottom up: means over the "
        "ranks, which add up to the loop time. Bars are sorted by their total; no interval is "
        "drawn.",
        *exclusions(selection, "drawn as outlines behind the others of their group"),
    ]
    far = sum(_far(group, scale) for group in groups)
    if far:
        sentences.append(
            f"{counted(far, 'bar')} cut at the edge of the axis, with the total above it."
        )
    return " ".join(sentences + missing(selection, request))


def _far(group: Group, scale: Scale) -> int:
    return scale.over(group.every).size


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return the median of each section, and which of them makes the slowest quarter slow."""
    selection = _select(table, request)
    if not selection.runs:
        return blank.reason(request)
    sentences = [
        f"Stacked bars of {request.metric.title} by section, a bar a trial, for "
        f"{counted(len(selection.runs), 'run')} at "
        f"{counted(len(request.sizes), 'cluster size')}."
    ]
    for category in selection.categories:
        told = [
            f"{request.label(group.run)} {_told(_bars(table, group))}"
            for group in category.groups
            if group.values.size
        ]
        sentences.append(f"{place(category)}: {'; '.join(told) or 'no data'}.")
    return " ".join(sentences)


def _told(bars: _Bars) -> str:
    """Return the greatest medians of a group and, if its slow trials differ, by what."""
    parts = bars.parts[:, : bars.counted]
    medians = np.median(parts, axis=1)
    largest = sorted(np.flatnonzero(medians > 0), key=lambda i: -medians[i])[:2]
    words = "medians " + ", ".join(f"{SECTIONS[i]} {number(medians[i])} s" for i in largest)
    slow = -(-bars.counted // 4)
    excess = (
        parts[:, -slow:].mean(axis=1) - parts[:, :-slow].mean(axis=1)
        if slow < bars.counted
        else np.zeros(len(SECTIONS))
    )
    most = int(np.argmax(excess))
    if excess[most] > 0.1 * bars.totals[: bars.counted].min():
        words += (
            f"; the slowest quarter takes {number(float(excess.sum()))} s longer, "
            f"{number(float(excess[most]))} s of it in {SECTIONS[most]}"
        )
    return words
