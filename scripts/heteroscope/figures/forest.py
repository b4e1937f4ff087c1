"""Runs against their baselines: a row a comparison, with its interval and what is found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from heteroscope import words
from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import set_log, thin, tick
from heteroscope.figures.data import Request
from heteroscope.figures.needs import Needs
from heteroscope.words import change, counted, extent, of_sizes, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = (
    "run", "baseline", "size", "metric", "unit", "question", "n_run", "n_baseline",
    "value_run", "value_baseline", "ratio", "ratio_low", "ratio_high", "finding", "reason",
)  # fmt: skip
_MARK, _LEAST_AXIS = 0.55, 11.0  # in font sizes
# Words stand beside the axis in columns while they leave this share of the page to it.
_AXIS_SHARE = 0.32
# The axis shows 1 and a little about it in any case.
_ABOUT_ONE = (0.95, 1.05)


@dataclass(frozen=True, slots=True)
class _Row:
    """One comparison: its ratio with the interval (NaN where there is none), and what is found.

    `texts` stand beside it: both values, their change with its interval, the finding in words;
    `samples` says how many trials of the run and of its baseline count.
    """

    run: str
    baseline: str
    size: int
    ratio: float
    low: float
    high: float
    finding: str
    texts: tuple[str, str, str]
    samples: tuple[int, int]

    @property
    def shown(self) -> bool:
        """Whether a difference is shown: then the mark is filled."""
        return self.finding in ("less", "greater")

    @property
    def nodes(self) -> str:
        """The size in words."""
        return of_sizes([self.size])


Rows: TypeAlias = list[_Row]


@dataclass(frozen=True, slots=True)
class Forest:
    """A kind of figure: it answers one question of the table of findings about some value."""

    question: str
    value: str
    NEEDS: ClassVar[Needs] = Needs({"findings": _COLUMNS}, settings=("alpha", "margin"), pairs=True)

    def draw(self, rows: Rows, request: Request) -> Figure:
        """Draw the rows, pair by pair, each pair below its name."""
        figure, part, font = page.paper(request)
        axes = part.subplots()
        page.bare(axes, font, "x")
        axes.spines["bottom"].set_visible(False)
        axes.set_yticks([])
        _set_axis(axes, rows, request, self.question)
        title = (
            f"{request.metric.title}: change of the {self.value}, {request.confidence} intervals "
            "(log scale)"
        )
        total = _write(axes, rows, title, request, font)
        page.add_legend(figure, request, self._legend(rows, request, font))
        across, _ = page.cut(figure, axes, request, (_LEAST_AXIS * font, total), fitted=True)
        thin(axes.xaxis, across, font)
        return figure

    def _legend(self, rows: Rows, request: Request, font: float) -> list[tuple[str, Any]]:
        from matplotlib.patches import Patch

        entries: list[tuple[str, Any]] = []
        if any(row.shown for row in rows):
            mark = points.handle("D", font, color=theme.MUTED)
            entries.append(("a difference is shown", mark))
        if not all(row.shown for row in rows):
            mark = points.handle("D", font, **points.hollow(theme.MUTED))
            entries.append(("no difference is shown", mark))
        if self.question == "location":
            band = f"margin: ±{100 * request.margin:g} %"
            entries.append((band, Patch(facecolor=theme.MARGIN, linewidth=0)))
        return entries

    def select(self, table: pd.DataFrame, request: Request) -> Rows:
        """Return the comparisons that are shown, in the order of the request."""
        runs, sizes = list(request.runs), list(request.sizes)
        shown = table[
            (table["metric"] == request.metric.name)
            & (table["question"] == self.question)
            & table["run"].isin(runs)
            & table["baseline"].isin(runs)
            & table["size"].isin(sizes)
        ]
        rows = [self._row(found, request) for found in shown.to_dict("records")]
        if request.pairs is not None:
            rows = [row for row in rows if (row.run, row.baseline) in request.pairs]
        return sorted(
            rows,
            key=lambda row: (runs.index(row.run), runs.index(row.baseline), sizes.index(row.size)),
        )

    def _row(self, found: Mapping[Any, Any], request: Request) -> _Row:
        ratio, low, high = (float(found[key]) for key in ("ratio", "ratio_low", "ratio_high"))
        name, why = str(found["finding"]), words.reason(found["reason"])
        unit = request.metric.unit
        values = f"{words.number(found['value_baseline'])} → {quantity(found['value_run'], unit)}"
        told = f"{words.MARKS[name]} {self._word(name, request)}"
        # That a difference lies within the margin is seen.
        if why and name not in ("less", "greater"):
            told += f": {why}"
        return _Row(
            run=str(found["run"]),
            baseline=str(found["baseline"]),
            size=int(found["size"]),
            ratio=ratio,
            low=low,
            high=high,
            finding=name,
            texts=(values, change(ratio, low, high), told),
            samples=(int(found["n_run"]), int(found["n_baseline"])),
        )

    def _word(self, name: str, request: Request) -> str:
        metric = request.metric
        return words.finding(
            name, self.question, unit=metric.unit, higher_is_better=metric.higher_is_better
        )

    def finding(self, rows: Rows, request: Request) -> str:
        """Return how many of the comparisons found what."""
        found = Counter(row.finding for row in rows)
        told = [f"{found[name]} {self._word(name, request)}" for name in words.MARKS if found[name]]
        return f"{request.metric.title}: of {counted(len(rows), 'comparison')}, {', '.join(told)}"

    def caption(self, rows: Rows, request: Request) -> str:
        """Return what is shown and how, and how many trials of it."""
        n = extent([n for row in rows for n in row.samples])
        return (
            f"{request.measured()}: {self.value}, baseline → run, and its change "
            f"with the {request.confidence} interval. n = {n} trials in each sample; excluded ones "
            "do not count."
        )

    def alt_text(self, rows: Rows, request: Request) -> str:
        """Return every change with its interval and what is found."""
        sentences = [f"{request.metric.title}: change of the {self.value}, run / baseline."]
        for run, baseline, of_pair in _by_pair(rows):
            told = "; ".join(f"{row.nodes} {row.texts[1]}, {row.texts[2][2:]}" for row in of_pair)
            sentences.append(f"{request.label(run)} / {request.label(baseline)}: {told}.")
        return " ".join(sentences)


EFFECTS = Forest("location", "median")
SPREAD = Forest("spread", "mean distance from the median")


def _by_pair(rows: Rows) -> Iterator[tuple[str, str, Rows]]:
    """Yield each run, its baseline and their rows."""
    for run, baseline in dict.fromkeys((row.run, row.baseline) for row in rows):
        yield run, baseline, [row for row in rows if (row.run, row.baseline) == (run, baseline)]


def _set_axis(axes: Axes, rows: Rows, request: Request, question: str) -> None:
    """Set the axis of ratios: twice as much is as far from 1 as half as much."""
    from matplotlib import ticker

    margin = (1 / (1 + request.margin), 1 + request.margin)
    always = margin if question == "location" else _ABOUT_ONE
    every = [
        value for row in rows for value in (row.ratio, row.low, row.high)
        if math.isfinite(value) and value > 0
    ]  # fmt: skip
    low, high = min(*always, *every), max(*always, *every)
    pad = (high / low) ** 0.05
    low, high = low / pad, high * pad
    axes.set_xlim(low, high)
    set_log(axes, "x", low, high, lambda ratio: f"× {tick(ratio)}")
    if low > 0.5 and high < 2:
        ticks = ticker.MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        axes.set_xticks([tick for tick in ticks if low <= tick <= high])
        axes.xaxis.set_major_formatter(
            lambda ratio, _: change(round(ratio, 9)).replace(".0 %", " %")
        )
    axes.set_xlim(low, high)
    if question == "location":
        axes.axvspan(*margin, color=theme.MARGIN, linewidth=0, zorder=0, gid="margin")
    axes.axvline(1, color=theme.MUTED, zorder=0.6)


def _write(axes: Axes, rows: Rows, title: str, request: Request, font: float) -> float:
    """Draw the rows and write their words; return the height of all, in points.

    The axis of rows counts points from the top, since it will be as long as that.
    """
    small, space = 0.9 * font, 0.6 * font
    screen = theme.SIZES[request.size].width * 72
    left = max(page.width(row.nodes, font) for row in rows) + 2 * space
    columns = [max(page.width(row.texts[i], small) for row in rows) for i in range(3)]
    stacked = screen - left - sum(columns) - 3 * space < _AXIS_SHARE * screen
    height = (2 if stacked else 1) * page.LINE * small + space
    level = 0.0

    def write(x: float, text: str, side: int, **look: Any) -> None:
        """Write beside the axes: `x` points from the left end of them, or the right."""
        axes.annotate(
            text, (side, level), (x, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center_baseline", annotation_clip=False, **look,
        )  # fmt: skip

    for run, baseline, of_pair in _by_pair(rows):
        names = [page.label(request, name) for name in (run, baseline)]
        heading = " / ".join(names)
        if page.width(heading, 1.1 * font) > screen - 2 * space:
            heading = f"{names[0]}\n/ {names[1]}"
        for line in heading.split("\n"):
            level += 0.5 * page.LINE * font
            # What lies behind would make bold words hard to read.
            ground = {"facecolor": "white", "linewidth": 0, "pad": 0.1 * font}
            write(-left, line, 0, weight="bold", bbox=ground)
            level += 0.5 * page.LINE * font
        for row in of_pair:
            level += height / 2
            _draw_row(axes, row, level, request.styles[row.run], font)
            write(-space, row.nodes, 0, ha="right")
            color = theme.MUTED
            if row.shown:
                good = (row.finding == "greater") == request.metric.higher_is_better
                color = theme.BETTER if good else theme.WORSE
            values, change_of, told = row.texts
            if stacked:
                level -= page.LINE * small / 2
                write(space, change_of, 1, fontsize=small)
                level += page.LINE * small
                write(space, f"{told}, {values}", 1, fontsize=small, color=color)
                level -= page.LINE * small / 2
            else:
                write(space, values, 1, fontsize=small, color=theme.MUTED)
                write(2 * space + columns[0], change_of, 1, fontsize=small)
                write(3 * space + sum(columns[:2]), told, 1, fontsize=small, color=color)
            level += height / 2
        level += space
    # The first heading stands half above the axes, so that no line comes out of it.
    axes.set_ylim(level, page.LINE * font / 2)
    title = page.wrapped(title, font, screen - 2 * space, 3)
    axes.annotate(
        title, (0, 0), (-left, -page.LINE * font - space), xycoords="axes fraction",
        textcoords="offset points", va="top", linespacing=0.9 * page.LINE,
    )  # fmt: skip
    return level - page.LINE * font / 2


def _draw_row(axes: Axes, row: _Row, level: float, style: theme.Style, font: float) -> None:
    """Draw the ratio and its interval; one without an end is an arrow to the edge."""
    if not (math.isfinite(row.ratio) and row.ratio > 0):
        return
    edges = axes.get_xlim()
    if math.isfinite(row.low):
        open_ends = (row.low <= 0, not math.isfinite(row.high))
        start = edges[0] if open_ends[0] else row.low
        end = edges[1] if open_ends[1] else row.high
        axes.hlines(level, start, end, color=style.edge, gid="interval")
        for place, marker, is_open in zip(edges, "<>", open_ends, strict=True):
            if is_open:
                axes.plot(
                    place, level, linestyle="none", marker=marker, markersize=0.4 * font,
                    color=style.edge, clip_on=False, gid="open-end",
                )  # fmt: skip
    axes.plot(
        row.ratio, level, linestyle="none", marker=style.marker, markersize=_MARK * font,
        zorder=4, gid="ratio-shown" if row.shown else "ratio",
        **(points.filled(style) if row.shown else points.hollow(style.edge)),
    )  # fmt: skip
