"""Trials as points: filled if they count and hollow if not, each moved aside to be seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from heteroscope.figures import theme
from heteroscope.figures.axis import Scale
from heteroscope.figures.data import Group, Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

# In font sizes: marks of trials, and of the legend.
_MARK, _LEAST_MARK, _LEGEND_MARK = 0.42, 0.16, 0.6
# Marks are drawn smaller in figures with groups of more trials than this.
_CROWD = 40
# Lanes beside each other, at most: more marks overlap in any room.
_MOST_LANES = 1001


def filled(style: theme.Style) -> dict[str, Any]:
    """Return the look of a trial that counts."""
    return {
        "markerfacecolor": style.face,
        "markeredgecolor": style.edge,
        "markeredgewidth": 0.4,
    }


def hollow(edge: str) -> dict[str, Any]:
    """Return the look of a trial that does not count, or of what is not shown."""
    return {"markerfacecolor": "white", "markeredgecolor": edge, "markeredgewidth": 0.9}


def mark_size(font: float, room: float, largest: int) -> float:
    """Return the size of marks: of room for each, and smaller where a group has many trials."""
    crowding = min(1.0, math.sqrt(_CROWD / largest))
    return max(min(_MARK * font, room) * crowding, _LEAST_MARK * font)


def handle(marker: str, font: float, **look: Any) -> Line2D:
    """Return a mark to stand in a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker=marker, markersize=_LEGEND_MARK * font, **look)


def legend(pairs: list[tuple[Group, Scale]], font: float) -> list[tuple[str, Any]]:
    """Return what a legend says of trials that are excluded, or beyond the axes of groups."""
    ring = hollow(theme.MUTED)
    out = [(group.excluded.size, scale.far(group.excluded).size) for group, scale in pairs]
    entries = []
    if any(n > far for n, far in out):
        entries.append(("excluded", handle("o", font, **ring)))
    if any(scale.far(group.values).size for group, scale in pairs):
        entries.append(("beyond the axis: value given", handle("^", font, color=theme.MUTED)))
    if any(far for _, far in out):
        entries.append(("excluded, beyond the axis", handle("^", font, **ring)))
    return entries


def draw(
    axes: Axes,
    group: Group,
    scale: Scale,
    style: theme.Style,
    places: Values,
    size: float,
    *,
    across: bool = False,
) -> None:
    """Draw the trials of a group; those beyond the axis of values as triangles at its edge.

    The axis of values goes `across` or up.  On the other one every trial has its place, those that
    are excluded last; a mark has a size in points.
    """
    shown = np.clip(group.every, scale.low, scale.high)
    counts = np.arange(shown.size) < group.values.size
    below, above = group.every < scale.low, group.every > scale.high
    down, up = "<>" if across else "v^"
    for kind, these, mark, look, larger in (
        ("trials", counts, style.marker, filled(style), 1.0),
        ("excluded", ~counts, "o", hollow(style.edge), 1.2),
    ):
        for where, marker, name in (
            (~below & ~above, mark, kind),
            (below, down, f"{kind}-far"),
            (above, up, f"{kind}-far"),
        ):
            here = these & where
            if here.any():
                xy = (shown[here], places[here])
                axes.plot(
                    *(xy if across else xy[::-1]), linestyle="none", marker=marker,
                    markersize=(larger if name == kind else 1.35) * size, clip_on=False,
                    zorder=3 if name == "trials" else 4, gid=f"{name}:{group.run}", **look,
                )  # fmt: skip


def aside(group: Group, scale: Scale, length: float, room: float, size: float) -> Values:
    """Return how far marks of a size are moved aside, on an axis of a length: all in points.

    Excluded trials are placed among the others, so that no mark hides one of them.
    """
    heights = scale.fraction(np.clip(group.every, scale.low, scale.high)) * length
    return spread(heights, 1.05 * size, 0.95 * room)


def spread(heights: Values, diameter: float, room: float) -> Values:
    """Return how far points at some heights are moved sideways so that they do not overlap.

    All lengths are in points of the page.  From the lowest point on, each takes the lane nearest to
    the middle that the points below leave free: lanes lie side by side, as wide as a mark.  Where
    they do not fit into the room they are narrowed, and points overlap.

    Examples
    --------
    >>> spread(np.array([10.0, 10.0, 10.0, 50.0]), diameter=4.0, room=20.0).tolist()
    [0.0, -4.0, 4.0, 0.0]
    """
    lanes = np.arange(1, min(heights.size, _MOST_LANES) + 1)
    # 0, -1, 1, -2, 2, …
    places = diameter * (lanes // 2) * np.where(lanes % 2, 1, -1)
    tops = np.full(lanes.size, -np.inf)
    offsets = np.zeros(heights.size)
    for i in np.argsort(heights, kind="stable"):
        free = heights[i] - tops >= diameter
        lane = np.argmax(free) if free.any() else np.argmin(tops)
        tops[lane] = heights[i]
        offsets[i] = places[lane]
    widest = float(np.max(np.abs(offsets), initial=0.0))
    limit = max(room - diameter, 0.0) / 2
    return offsets * limit / widest if widest > limit else offsets
