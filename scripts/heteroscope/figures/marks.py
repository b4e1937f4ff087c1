"""How trials are marked, in figures and in their legends: filled if they count, hollow if not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from heteroscope.figures import theme

if TYPE_CHECKING:
    from matplotlib.lines import Line2D

# In font sizes: marks of trials, and of the legend.
MARK, LEAST_MARK = 0.42, 0.16
_LEGEND_MARK = 0.6
# Marks are drawn smaller in figures with groups of more trials than this.
_CROWD = 40
_OUTLINE = 0.4


def filled(style: theme.Style) -> dict[str, Any]:
    """Return the look of a trial that counts."""
    return {
        "markerfacecolor": style.face,
        "markeredgecolor": style.edge,
        "markeredgewidth": _OUTLINE,
    }


def hollow(edge: str) -> dict[str, Any]:
    """Return the look of a trial that does not count, or not like the others."""
    return {"markerfacecolor": "white", "markeredgecolor": edge, "markeredgewidth": 0.9}


def mark_size(font: float, room: float, largest: int) -> float:
    """Return the size of marks: of room for each, and smaller where a group has many trials."""
    crowding = min(1.0, math.sqrt(_CROWD / largest))
    return max(min(MARK * font, room) * crowding, LEAST_MARK * font)


def legend_mark(marker: str, font: float, **look: Any) -> Line2D:
    """Return a mark to stand in a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker=marker, markersize=_LEGEND_MARK * font, **look)


def legend_run(style: theme.Style, font: float) -> Line2D:
    """Return the mark of a run to stand in a legend."""
    return legend_mark(style.marker, font, **filled(style))
