"""Runs against their baselines: a row a comparison, with its interval and what is found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from heteroscope import words
from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import STEPS, set_log, tick
from heteroscope.figures.data import Needs, Request, Words
from heteroscope.words import change, counted, extent, of_sizes, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Row: TypeAlias = Mapping[Any, Any]
    Pairs: TypeAlias = dict[tuple[str, str], list[Row]]

_COLUMNS = (
    "run", "baseline", "size", "metric", "unit", "question", "n_run", "n_baseline",
    "value_run", "value_baseline", "ratio", "ratio_low", "ratio_high", "finding", "reason",
)  # fmt: skip
_RATIOS = ("ratio", "ratio_low", "ratio_high")
_MARK, _LEAST_AXIS = 0.55, 11.0  # in font sizes
# The axis shows 1 and a little about it in any case.
_ABOUT_ONE = (0.95, 1.05)


@dataclass(frozen=True, slots=True)
class Forest:
    """A kind of figure: it answers one question of the table of findings about some value."""

    question: str
    value: str
    NEEDS: ClassVar[Needs] = Needs({"findings": _COLUMNS}, settings=("alpha", "margin"), pairs=True)

    def select(self, table: pd.DataFrame, request: Request) -> Pairs:
        """Return the comparisons of each pair that is shown, in the order of the request."""
        shown = table[
            (table["metric"] == request.metric.name)
            & (table["question"] == self.question)
            & table["size"].isin(list(request.sizes))
        ]
        every: list[Row] = list(shown.to_dict("records"))
        pairs = [(run, other) for run in request.runs for other in request.runs]
        if request.pairs is not None:
            pairs = [pair for pair in pairs if pair in request.pairs]
        found = {
            pair: sorted(
                (row for row in every if (row["run"], row["baseline"]) == pair),
                key=lambda row: request.sizes.index(row["size"]),
            )
            for pair in pairs
        }
        return {pair: rows for pair, rows in found.items() if rows}

    def draw(self, pairs: Pairs, request: Request) -> Figure:
        """Draw a panel for each pair, with a row for each size."""
        sheet = page.Sheet(request)
        font = sheet.font
        higher = self.question == "location" and request.metric.higher_is_better
        counts = [len(rows) for rows in pairs.values()]
        how = {"sharex": True, "height_ratios": counts}
        panels: list[Axes] = list(sheet.axes(len(pairs), 1, "x", **how).flat)
        self._set_axis(panels, pairs, request)
        for axes, (pair, rows) in zip(panels, pairs.items(), strict=True):
            axes.spines["bottom"].set_visible(False)
            axes.axvline(1, color=theme.MUTED, zorder=0.6)
            if self.question == "location":
                margin = (1 / (1 + request.margin), 1 + request.margin)
                axes.axvspan(*margin, color=theme.MARGIN, linewidth=0, zorder=0, gid="margin")
            heading = " / ".join(page.label(request, run) for run in pair)
            heading = page.wrapped(heading, 1.1 * font, sheet.width - 8 * font, 3)
            axes.set_title(heading, linespacing=page.CLOSE)
            axes.set_ylim(len(rows) - 0.5, -0.5)
            axes.set_yticks(range(len(rows)), [of_sizes([row["size"]]) for row in rows])
            for level, row in enumerate(rows):
                _draw_row(axes, row, level, request.styles[pair[0]], font)
                before = words.number(row["value_baseline"])
                values = f"{before} → {quantity(row['value_run'], request.metric.unit)}"
                sheet.write(axes, level, f"{_change(row)}, {values}", va="bottom")
                better = (row["finding"] == "greater") == higher
                color = theme.BETTER if better else theme.WORSE
                sheet.write(
                    axes, level, f"{words.MARKS[row['finding']]} {self._told(row, request)}",
                    va="top", color=color if _decided(row) else theme.MUTED,
                )  # fmt: skip
        title = (
            f"{request.metric.title}: change of the {self.value}, {request.confidence} intervals "
            f"({'higher' if higher else 'lower'} is better, log scale)"
        )
        sheet.label(title)
        sheet.legend(self._legend(pairs, request, font))
        high = counts[0] * (2 * page.LINE * sheet.small + 0.6 * font)
        sheet.cut(_LEAST_AXIS * font, high, fitted=True)
        return sheet.figure

    def _set_axis(self, panels: list[Axes], pairs: Pairs, request: Request) -> None:
        """Set the axis of ratios: twice as much is as far from 1 as half as much."""
        from matplotlib import ticker

        margin = (1 / (1 + request.margin), 1 + request.margin)
        always = margin if self.question == "location" else _ABOUT_ONE
        every = [float(row[key]) for rows in pairs.values() for row in rows for key in _RATIOS]
        every = [ratio for ratio in every if math.isfinite(ratio) and ratio > 0]
        low, high = min(*always, *every), max(*always, *every)
        pad = (high / low) ** 0.05
        low, high = low / pad, high * pad
        for axes in panels:
            set_log(axes, "x", low, high, lambda ratio: f"× {tick(ratio)}")
        if low > 0.5 and high < 2:
            axis = panels[0].xaxis
            axis.set_major_locator(ticker.FixedLocator(
                ticker.MaxNLocator(5, steps=STEPS).tick_values(low, high)
            ))  # fmt: skip
            axis.set_major_formatter(lambda ratio, _: change(round(ratio, 9)).replace(".0 %", " %"))
        panels[0].set_xlim(low, high)

    def _legend(self, pairs: Pairs, request: Request, font: float) -> list[tuple[str, Any]]:
        from matplotlib.patches import Patch

        decided = {_decided(row) for rows in pairs.values() for row in rows}
        entries: list[tuple[str, Any]] = [
            (told, points.handle("D", font, **look))
            for told, look, found in (
                ("a difference is shown", {"color": theme.MUTED}, True),
                ("no difference is shown", points.hollow(theme.MUTED), False),
            )
            if found in decided
        ]
        if self.question == "location":
            band = f"margin: ±{100 * request.margin:g} %"
            entries.append((band, Patch(facecolor=theme.MARGIN, linewidth=0)))
        return entries

    def _word(self, finding: str, request: Request) -> str:
        metric = request.metric
        better = metric.higher_is_better
        return words.finding(finding, self.question, unit=metric.unit, higher_is_better=better)

    def _told(self, row: Row, request: Request) -> str:
        """Return what was found and, if that is no difference, why."""
        told, why = self._word(row["finding"], request), words.reason(row["reason"])
        # That a difference lies within the margin is seen.
        return f"{told}: {why}" if why and not _decided(row) else told

    def words(self, pairs: Pairs, request: Request) -> Words:
        """Return how many comparisons found what, what is shown, and every change in words."""
        title = request.metric.title
        every = [row for rows in pairs.values() for row in rows]
        found = Counter(row["finding"] for row in every)
        told = [f"{found[name]} {self._word(name, request)}" for name in words.MARKS if found[name]]
        n = extent([int(row[key]) for row in every for key in ("n_run", "n_baseline")])
        caption = (
            f"{request.measured()}: change of the {self.value} with the {request.confidence} "
            f"interval, and the values, baseline → run. n = {n} trials in each sample; excluded "
            "ones do not count."
        )
        sentences = [f"{title}: change of the {self.value}, run / baseline."]
        for (run, baseline), rows in pairs.items():
            of_pair = "; ".join(
                f"{of_sizes([row['size']])} {_change(row)}, {self._told(row, request)}"
                for row in rows
            )
            sentences.append(f"{request.label(run)} / {request.label(baseline)}: {of_pair}.")
        return Words(
            f"{title}: of {counted(len(every), 'comparison')}, {', '.join(told)}",
            caption,
            " ".join(sentences),
        )


EFFECTS = Forest("location", "median")
SPREAD = Forest("spread", "mean distance from the median")


def _decided(row: Row) -> bool:
    """Return whether a difference is shown: then the mark is filled."""
    return row["finding"] in ("less", "greater")


def _change(row: Row) -> str:
    return change(*(row[key] for key in _RATIOS))


def _draw_row(axes: Axes, row: Row, level: float, style: theme.Style, font: float) -> None:
    """Draw the ratio and its interval; one without an end is an arrow to the edge."""
    ratio, low, high = (float(row[key]) for key in _RATIOS)
    if not (math.isfinite(ratio) and ratio > 0):
        return
    edges = axes.get_xlim()
    if math.isfinite(low):
        ends = (low if low > 0 else edges[0], high if math.isfinite(high) else edges[1])
        axes.hlines(level, *ends, color=style.edge, gid="interval")
        for marker, end, known in zip("<>", ends, (low, high), strict=True):
            if end != known:
                axes.plot(
                    end, level, linestyle="none", marker=marker, markersize=0.4 * font,
                    color=style.edge, clip_on=False, gid="open-end",
                )  # fmt: skip
    axes.plot(
        ratio, level, linestyle="none", marker=style.marker, markersize=_MARK * font, zorder=4,
        gid="ratio-shown" if _decided(row) else "ratio",
        **(points.filled(style) if _decided(row) else points.hollow(style.edge)),
    )  # fmt: skip
