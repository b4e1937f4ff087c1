"""Every trial as a point over the box of its group: sizes side by side, runs within a size.

The points are the figure and the box is a reading aid: at twenty trials a group a violin or a bar
would show a shape, or a precision, that nobody measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from heteroscope.figures import page, points, theme
from heteroscope.figures.axis import Scale, choose
from heteroscope.figures.data import TRIALS, Group, Needs, Request, Selection, Words, select
from heteroscope.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NEEDS", "draw", "select", "words"]

NEEDS = Needs({TRIALS: ()})

# Quartiles of fewer trials than this are little more than the trials themselves.
_FEWEST_FOR_A_BOX = 5
# A group has a slot of the axis; between sizes there is a gap.  In slots: gap, boxes, marks.
_GAP, _BOX_BREADTH, _MARK_BREADTH = 1.0, 0.74, 0.24
_WIDEST_BOX = 5.0  # in font sizes


def draw(selection: Selection, request: Request) -> Figure:
    """Draw the distribution of a metric over the trials, by run and size."""
    from matplotlib.patches import Patch

    scale = choose(selection.groups, request.metric.resolution)
    sheet = page.Sheet(request)
    (axes,) = sheet.axes().flat
    font = sheet.font
    # A run that was not measured at a size takes no room there; a size without any has one slot.
    slots: list[tuple[float, Group | None]] = []
    ends = [0.0]
    for groups in selection.sizes.values():
        here: Sequence[Group | None] = groups or [None]
        slots += [(ends[-1] + (_GAP + 1) / 2 + i, group) for i, group in enumerate(here)]
        ends.append(ends[-1] + len(here) + _GAP)
    # A base line is what heights are measured from: it stands only where that is zero.
    axes.spines["bottom"].set_visible(scale.from_zero)
    axes.set_xlim(0, ends[-1])
    scale.set(axes, "y")
    high = 0.55 * sheet.height
    title = f"{request.metric.title}{scale.unit(request.metric.unit)}"
    axes.set_ylabel(page.wrapped(title, font, high, 2))
    for start, end in list(pairwise(ends))[1::2]:
        axes.axvspan(start, end, color=theme.BAND, linewidth=0, zorder=0)
    if not scale.log and scale.low < 0 < scale.high:
        axes.axhline(0, color=theme.MUTED, linewidth=0.08 * font, zorder=0.9)
    slot = _write_around(axes, selection, slots, ends, scale, sheet)
    entries: list[tuple[str, Any]] = []
    for run in selection.runs:
        style = request.styles[run]
        box = Patch(facecolor=style.tint, edgecolor=style.edge, linewidth=0.08 * font)
        mark = points.handle(style.marker, font, **points.filled(style))
        entries.append((page.label(request, run), (box, mark)))
    entries += points.legend([(group, scale) for group in selection.groups], font)
    sheet.legend(entries, slot * ends[-1])
    across, up = sheet.cut(slot * ends[-1], high)
    slot = across / ends[-1]
    breadth = min(_BOX_BREADTH, _WIDEST_BOX * font / slot)
    largest = max(group.every.size for group in selection.groups)
    size = points.mark_size(font, _MARK_BREADTH * slot, largest)
    for centre, group in slots:
        if group is None or not group.every.size:
            axes.text(
                centre, 0.5, "no data", transform=axes.get_xaxis_transform(), rotation=90,
                fontsize=min(sheet.small, slot / page.LINE), color=theme.MUTED, ha="center",
                va="center",
            )  # fmt: skip
        else:
            style = request.styles[group.run]
            _draw_box(axes, centre, group, style, font, breadth)
            moved = points.aside(group, scale, up, breadth * slot, size)
            points.draw(axes, group, scale, style, centre + moved / slot, size)
    return sheet.figure


def _write_around(
    axes: Axes,
    selection: Selection,
    slots: list[tuple[float, Group | None]],
    ends: list[float],
    scale: Scale,
    sheet: page.Sheet,
) -> float:
    """Write numbers of trials, far values and sizes; return the least slot that these need."""
    font, small = sheet.font, sheet.small
    centres = [centre for centre, _ in slots]
    least = page.LINE * small
    slot = max((sheet.width - 7 * font) / ends[-1], least)
    above_pad = pad = 0.7 * font

    def write(places: list[float], words: list[str], pad: float, side: int, **look: Any) -> None:
        for place, word in zip(places, words, strict=True):
            axes.annotate(
                word, (place, side), (0, pad if side else -pad), textcoords="offset points",
                xycoords=axes.get_xaxis_transform(), va="bottom" if side else "top",
                **{"ha": "center", **look},
            )  # fmt: skip

    far = [scale.beyond(group.every) if group else ["", ""] for _, group in slots]
    below, above = ([each[i] for each in far] for i in (0, 1))
    counts = [str(group.values.size if group else 0) for _, group in slots]
    for words, side in ((above, 1), (below, 0), (counts, 0)):
        longest = max(page.width(word, small) for word in words)
        upright = longest + 2 > slot
        look: dict[str, Any] = {
            "fontsize": small,
            "color": theme.MUTED,
            "rotation": 90 if upright else 0,
        }
        if words is counts:
            write([-0.1], ["n ="], pad, 0, **look, ha="right")
            least = least if upright else longest + 2
        if any(words):
            write(centres, words, above_pad if side else pad, side, **look)
            pad += 0 if side else (longest if upright else page.LINE * small) + 0.3 * font
    names, spans = selection.ticks, [end - start for start, end in pairwise(ends)]
    for _ in range(2):
        wide = zip((page.width(name, font) + 0.6 * font for name in names), spans, strict=True)
        least_names = max(name / span for name, span in wide)
        if least_names > slot:
            names = [name.replace(" ", "\n") for name in names]
    middles = [end - span / 2 for end, span in zip(ends[1:], spans, strict=True)]
    write(middles, names, pad, 0, linespacing=page.CLOSE)
    axes.set_xticks([])
    lines = max(name.count("\n") + 1 for name in names)
    axes.set_xlabel(selection.axis, labelpad=pad + (lines * page.LINE + 0.3) * font)
    return max(least, least_names)


def _draw_box(
    axes: Axes, centre: float, group: Group, style: theme.Style, font: float, breadth: float
) -> None:
    """Draw quartiles and whiskers under the points, and the median over them."""
    from matplotlib.cbook import boxplot_stats

    if not group.values.size:
        return
    # Not `Axes.bxp`, which would load pyplot.
    box, line = boxplot_stats(group.values)[0], 0.08 * font
    if group.values.size >= _FEWEST_FOR_A_BOX:
        low, first, third, high = (box[key] for key in ("whislo", "q1", "q3", "whishi"))
        axes.bar(
            centre, third - first, breadth, first, facecolor=style.tint, edgecolor=style.edge,
            linewidth=line, zorder=2, gid=f"box:{group.run}",
        )  # fmt: skip
        axes.vlines(
            [centre] * 2, [low, third], [first, high], color=style.edge, linewidth=line,
            zorder=1.9, gid=f"whisker:{group.run}",
        )  # fmt: skip
    half = 0.59 * breadth
    axes.hlines(
        box["med"], centre - half, centre + half, color=theme.INK, linewidth=1.8 * line,
        zorder=6, gid=f"median:{group.run}",
    )  # fmt: skip


def words(selection: Selection, request: Request) -> Words:
    """Return what is shown and how, and the medians; the reader is to see what it shows."""
    scale = choose(selection.groups, request.metric.resolution)
    what = (
        f"{request.measured()}, a mark a trial; line: median, box: quartiles, whiskers: furthest "
        "trial within 1.5 box heights."
    )
    if min(group.values.size for group in selection.groups) < _FEWEST_FOR_A_BOX:
        what += f" Groups of fewer than {_FEWEST_FOR_A_BOX} trials have no box."
    if any(scale.far(group.every).size for group in selection.groups):
        what += " Triangles lie beyond the axis, with the value."
    if scale.log:
        what += " The axis is logarithmic."
    elif not scale.from_zero:
        what += " The axis does not start at zero."
    return selection.words(
        request, request.metric.title, what, "hollow", f"Medians of {request.axis}.",
        lambda group: number(group.median),
    )  # fmt: skip
