"""Every trial in the order of execution: a panel for each run and cluster size.

Tests take the trials of a group to be alike and independent.  A machine that warms up, fills up or
breaks while they run shows here, and Kendall's test of a trend stands over each panel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures import blank, theme
from heteroscope.figures.data import Category, Request, Selection, Values, select
from heteroscope.figures.frame import Entry, Margins, least_height, plot_width
from heteroscope.figures.marks import MARK, filled, hollow, legend_mark, legend_run, mark_size
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.panels import Grid, Panels, open_panels, outline, set_scale, share
from heteroscope.figures.scale import Scale, choose
from heteroscope.figures.text import LINE, balanced, plain, width, wrapped
from heteroscope.figures.words import (
    bracketed,
    counted,
    exclusions,
    extent,
    in_unit,
    measurement,
    missing,
    number,
    p_value,
    place,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDS = Needs(
    {TRIALS: (), "drift": ("run", "size", "metric", "kendall_tau", "kendall_p")},
    settings=("alpha",),
)

# In font sizes: small words, room between parts, the least a panel can be read at.
_SMALL, _SPACE = 0.8, 0.4
_LEAST_WIDTH, _LEAST_HEIGHT = 6.0, 4.5
_LEAST_FONT = 5.0
_LIFT = 0.45  # of the test over its panel: marks at the edge reach beyond it
_HEADING_LINES = 3
_DRIFT = "drift: p of Kendall's τ ≤ {alpha:g}"


@dataclass(frozen=True, slots=True)
class _Sequence:
    """The trials of one run at one size, in the order of execution.

    Attributes
    ----------
    values
        Of the metric.
    excluded, first
        Which of them are left out, and which came first.
    tau, p
        Of Kendall's test of a trend over those that count; NaN where there is none.
    """

    run: str
    values: Values
    excluded: np.ndarray[tuple[int], np.dtype[np.bool_]]
    tau: float
    p: float

    def drifts(self, alpha: float) -> bool:
        """Return whether the trend is more than chance."""
        return self.p <= alpha

    def trend(self) -> str:
        """Return the test of a trend as it stands over the panel."""
        if not math.isfinite(self.tau):
            return "no trend test"
        return f"τ {self.tau:+.2f}, {p_value(self.p)}".replace("-", "\N{MINUS SIGN}")


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the metric in the order of execution, a row of panels a size and a column a run."""
    selection = select(table, request)
    if not selection.runs:
        return blank.draw(request)
    size = theme.SIZES[request.size]
    font, space = size.font, _SPACE * size.font
    small = max(_LEAST_FONT, _SMALL * font)
    alpha = request.settings.alpha
    sequences = _sequences(table, selection, request)
    scales = [_scale(category, request) for category in selection.categories]
    rows = [
        plain(f"{category.label}{share(scale) if scale else ''}")
        for category, scale in zip(selection.categories, scales, strict=True)
    ]
    tests = {key: sequence.trend() for key, sequence in sequences.items()}

    y_title = balanced(
        plain(f"{request.metric.title}{bracketed(request.metric.unit)}"),
        font,
        least_height(size),
        2,
    )
    labels = [label for scale in scales if scale for label in scale.labels]
    left = max(width(label, font) for label in labels) + 2 * space + len(y_title) * LINE * font
    right = 2 * LINE * font + 2 * space
    below = 2 * LINE * font + 2 * space

    columns, gap = len(selection.runs), 2 * space
    least = max(_LEAST_WIDTH * font, *(width(words, small) + space for words in tests.values()))
    # As wide as it will be, unless the title or the legend is wider.
    panel = max((plot_width(size, left) - right - (columns - 1) * gap) / columns, least)
    headings = _headings(selection, request, small, panel)
    above = len(next(iter(headings.values()))) * LINE * small if headings else 0.0
    test_line = LINE * small + _LIFT * font
    page = open_panels(
        size,
        request.title,
        Margins(left, below=below, above=above + test_line),
        right=right,
        legend=_legend(selection, sequences, request, font, named=not headings),
        grid=Grid(
            len(rows),
            columns,
            least,
            max(_LEAST_HEIGHT * font, *(width(words, font) for words in rows)),
            between_columns=gap,
            between_rows=test_line + space,
        ),
    )
    longest = max(sequence.values.size for sequence in sequences.values())
    for row, (category, scale) in enumerate(zip(selection.categories, scales, strict=True)):
        for column, run in enumerate(selection.runs):
            axes = page.axes[row][column]
            outline(axes)
            axes.tick_params(labelsize=font, pad=space)
            _set_axes(axes, scale, longest, page, font)
            if column:
                axes.tick_params(axis="y", labelleft=False)
            if row < len(rows) - 1:
                axes.tick_params(axis="x", labelbottom=False)
            found = sequences.get((run, category.size))
            if found is None or scale is None:
                axes.grid(visible=False)
                axes.text(
                    0.5, 0.5, "no data", transform=axes.transAxes, fontsize=small,
                    color=theme.MUTED, ha="center", va="center",
                )  # fmt: skip
                continue
            marked = mark_size(font, 0.8 * page.width / longest, longest)
            _draw_sequence(axes, found, scale, max(marked, 0.5 * MARK * font), column, request)
            drifts = found.drifts(alpha)
            axes.set_title(
                found.trend(), fontsize=small, loc="left", pad=_LIFT * font,
                color=theme.INK if drifts else theme.MUTED,
            )  # fmt: skip
            if drifts:
                for side in axes.spines.values():
                    side.set(visible=True, edgecolor=theme.INK, linewidth=0.12 * font)
                axes.set_gid(f"drift-{row}-{column}")
    _write_words(page, rows, headings, y_title, (left, right, below, test_line), (font, small))
    return page.figure


def _headings(
    selection: Selection, request: Request, small: float, room: float
) -> dict[str, list[str]]:
    """Return the runs' labels, wrapped, if all can stand in full over their columns."""
    headings = {}
    for run in selection.runs:
        label = plain(request.label(run))
        lines = wrapped(label, small, room, _HEADING_LINES)
        if " ".join(lines) != label:
            return {}
        headings[run] = lines
    tallest = max(map(len, headings.values()))
    return {run: [""] * (tallest - len(lines)) + lines for run, lines in headings.items()}


def _write_words(
    page: Panels,
    rows: list[str],
    headings: Mapping[str, list[str]],
    y_title: list[str],
    margins: tuple[float, float, float, float],
    fonts: tuple[float, float],
) -> None:
    """Write what stands around the panels: titles of the axes, sizes, runs."""
    left, right, below, test_line = margins
    font, small = fonts
    look = {"fontsize": font, "color": theme.INK, "linespacing": 0.85 * LINE}
    middle = page.frame.height / 2
    step_down = (page.frame.height - page.height) / max(1, len(rows) - 1)
    step_right = (page.frame.width - right - page.width) / max(1, len(page.axes[0]) - 1)
    page.write(-left, middle, "\n".join(y_title), rotation=90, ha="left", va="center", **look)
    page.write(
        page.frame.width, middle, "MPI ranks (nodes)", rotation=270, ha="right", va="center", **look
    )
    strip = page.frame.width - right + _SPACE * font
    for row, words in enumerate(rows):
        centre = page.frame.height - page.height / 2 - row * step_down
        page.write(strip, centre, words, rotation=270, ha="left", va="center", **look)
    for column, lines in enumerate(headings.values()):
        page.write(
            column * step_right,
            page.frame.height + test_line,
            "\n".join(lines),
            fontsize=small,
            color=theme.INK,
            linespacing=0.85 * LINE,
            ha="left",
            va="bottom",
        )
    centre = (page.frame.width - right) / 2
    page.write(centre, -below, "Trial, in the order of execution", ha="center", va="bottom", **look)


def _sequences(
    table: pd.DataFrame, selection: Selection, request: Request
) -> dict[tuple[str, int], _Sequence]:
    order = table["order"].to_numpy(dtype=float, na_value=np.nan)
    tests = _tests(request)
    sequences = {}
    for category in selection.categories:
        for group in category.groups:
            if not group.every.size:
                continue
            rows = np.concatenate([group.rows, group.excluded_rows])
            # Where the order is unknown, that of the table stands in for it.
            turn = np.lexsort((rows, order[rows]))
            excluded = (np.arange(rows.size) >= group.rows.size)[turn]
            values = group.every[turn]
            tau, p = tests.get((group.run, category.size)) or _kendall(values[~excluded], request)
            sequences[group.run, category.size] = _Sequence(group.run, values, excluded, tau, p)
    return sequences


def _tests(request: Request) -> dict[tuple[str, int], tuple[float, float]]:
    """Return what the table of drift says of the metric, by run and size."""
    drift = request.tables.get("drift")
    if drift is None:
        return {}
    drift = drift[drift["metric"] == request.metric.name]
    keys = zip(drift["run"].astype(str), drift["size"].astype(int), strict=True)
    found = zip(drift["kendall_tau"].astype(float), drift["kendall_p"].astype(float), strict=True)
    return dict(zip(keys, found, strict=True))


def _kendall(values: Values, request: Request) -> tuple[float, float]:
    """Test for a trend, as the table of drift does."""
    from heteroscope.inference.samples import clean
    from heteroscope.inference.sequences import kendall_trend

    rounded = clean(values, resolution=request.metric.resolution).values
    trend = kendall_trend(np.arange(rounded.size), rounded)
    return trend.tau, trend.p_value


def _scale(category: Category, request: Request) -> Scale | None:
    groups = [group for group in category.groups if group.every.size]
    return choose(groups, request.metric.resolution) if groups else None


def _set_axes(axes: Axes, scale: Scale | None, longest: int, page: Panels, font: float) -> None:
    axes.set_xlim(0.5 - 0.03 * longest, longest + 0.5 + 0.03 * longest)
    ends = [1] if longest == 1 else [1, longest]
    # Both ends of the sequence, as far as their numbers do not touch.
    if page.width / (1.06 * longest) * (longest - 1) < width(str(longest), font) + font:
        ends = ends[-1:]
    axes.set_xticks(ends, [str(end) for end in ends])
    if scale is None:
        axes.set_yticks([])
        return
    set_scale(axes, scale.thinned([LINE * font] * len(scale.ticks), page.height), "y")
    axes.grid(axis="y", color="white", linewidth=1.0)


def _draw_sequence(
    axes: Axes, found: _Sequence, scale: Scale, marked: float, column: int, request: Request
) -> None:
    """Draw the trials, their median, and a thin line that leads the eye from each to the next."""
    style = request.styles[found.run]
    turns = np.arange(1, found.values.size + 1)
    counting = ~found.excluded
    axes.plot(
        turns[counting], found.values[counting],
        color=style.edge, alpha=0.45, linewidth=0.16 * marked, zorder=2, gid=f"path-{column}",
    )  # fmt: skip
    if counting.any():
        axes.axhline(
            float(np.median(found.values[counting])), color=theme.INK, linewidth=0.2 * marked,
            zorder=1.9, gid=f"median-{column}",
        )  # fmt: skip
    first = turns == 1
    over, under = found.values > scale.high, found.values < scale.low
    # A ring that is all rim would look filled.
    empty = {**hollow(style.edge), "markeredgewidth": min(0.9, 0.2 * marked)}
    for kind, shown, marker, size, look in (
        ("trials", counting & ~first, style.marker, marked, filled(style)),
        ("first", counting & first, style.marker, 1.3 * marked, empty),
        ("excluded", found.excluded, "o", 1.6 * marked, empty),
        ("excluded", found.excluded, "x", 0.75 * marked, empty),
    ):
        for suffix, there, sign, level in (
            ("", ~over & ~under, marker, found.values),
            ("-over", over, "^", np.full(turns.size, scale.high)),
            ("-under", under, "v", np.full(turns.size, scale.low)),
        ):
            these = shown & there
            # The cross in the ring of an excluded trial has no place in a triangle.
            if these.any() and not (suffix and marker == "x"):
                axes.plot(
                    turns[these], level[these], linestyle="none", marker=sign, markersize=size,
                    clip_on=False, zorder=3, gid=f"{kind}{suffix}-{column}", **look,
                )  # fmt: skip


def _legend(
    selection: Selection,
    sequences: Mapping[tuple[str, int], _Sequence],
    request: Request,
    font: float,
    *,
    named: bool,
) -> list[Entry]:
    from matplotlib.patches import Patch

    entries = []
    if named:
        entries += [
            Entry(request.label(run), (legend_run(request.styles[run], font),))
            for run in selection.runs
        ]
    empty = hollow(theme.MUTED)
    if any(not sequence.excluded[0] for sequence in sequences.values()):
        entries.append(Entry("first of its group", (legend_mark("D", font, **empty),)))
    if any(sequence.excluded.any() for sequence in sequences.values()):
        ring = legend_mark("o", font, **empty)
        cross = legend_mark("x", 0.55 * font, **empty)
        entries.append(Entry("excluded", (ring, cross)))
    if _far(selection, request):
        triangle = legend_mark("^", font, color=theme.MUTED)
        entries.append(Entry("beyond the axis", (triangle,)))
    alpha = request.settings.alpha
    if any(sequence.drifts(alpha) for sequence in sequences.values()):
        frame = Patch(facecolor=theme.BAND, edgecolor=theme.INK, linewidth=0.12 * font)
        entries.append(Entry(_DRIFT.format(alpha=alpha), (frame,)))
    return entries


def _far(selection: Selection, request: Request) -> list[str]:
    """Return the values that lie beyond their axes, in words."""
    found = []
    for category in selection.categories:
        scale = _scale(category, request)
        for group in category.groups:
            if scale is None:
                continue
            values = [*scale.under(group.every), *scale.over(group.every)]
            if values:
                numbers = ", ".join(map(number, values))
                found.append(f"{request.label(group.run)}, {category.label}: {numbers}")
    return found


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return how many trials of what are shown, what the marks mean, and how a trend is tested."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sequences = _sequences(table, selection, request)
    sizes = [int((~sequence.excluded).sum()) for sequence in sequences.values()]
    drifting = sum(sequence.drifts(request.settings.alpha) for sequence in sequences.values())
    sentences = [
        f"{metric.title}{in_unit(metric.unit)} of every trial in the order of execution, a column "
        f"a run and a row a cluster size: {sum(sizes)} trials, n = {extent(sizes)} in each panel.",
        *measurement(metric),
        "The horizontal line is the median; the first trial of each panel is hollow. Over each "
        "panel stand Kendall's τ and its two-sided p, not adjusted, of a trend of the trials that "
        "count; no interval is drawn.",
        f"Framed, with p ≤ {request.settings.alpha:g}: "
        f"{drifting} of {counted(len(sequences), 'panel')}; chance alone frames about "
        f"{request.settings.alpha * len(sequences):.1g}.",
        "Rows have axes of their own, and not all start at zero.",
        *exclusions(selection, "drawn as a ring with a cross"),
    ]
    if far := _far(selection, request):
        sentences.append(f"Beyond the axis, as triangles at its edge: {'; '.join(far)}.")
    return " ".join(sentences + missing(selection, request))


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return which groups drift, and where the greatest values came."""
    selection = select(table, request)
    if not selection.runs:
        return blank.reason(request)
    metric = request.metric
    sequences = _sequences(table, selection, request)
    sentences = [
        f"{metric.title}{in_unit(metric.unit)} in the order of execution, in "
        f"{counted(len(sequences), 'panel')} of {counted(len(selection.runs), 'run')} at "
        f"{counted(len(request.sizes), 'cluster size')}."
    ]
    for category in selection.categories:
        told = [
            f"{request.label(run)} {_told(sequences[run, category.size], request)}"
            for run in selection.runs
            if (run, category.size) in sequences
        ]
        sentences.append(f"{place(category)}: {'; '.join(told) or 'no data'}.")
    return " ".join(sentences)


def _told(sequence: _Sequence, request: Request) -> str:
    counting = sequence.values[~sequence.excluded]
    if not counting.size:
        return "all excluded"
    words = f"{number(float(counting.min()))} to {number(float(counting.max()))}"
    if sequence.drifts(request.settings.alpha):
        words += f", {'rising' if sequence.tau > 0 else 'falling'} ({sequence.trend()})"
    return words
