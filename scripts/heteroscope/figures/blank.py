"""A figure that says in words why there is nothing to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heteroscope.figures import theme
from heteroscope.figures.data import Request
from heteroscope.figures.frame import Margins, open_frame
from heteroscope.figures.text import LINE, wrapped
from heteroscope.figures.words import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reason(request: Request, missing: str = "trial") -> str:
    """Return why a figure is empty: a sentence for it and for its caption."""
    return (
        f"No data: no {missing} of {counted(len(request.runs), 'run')} at "
        f"{counted(len(request.sizes), 'size')} has a value of “{request.metric.title}”."
    )


def draw(request: Request, missing: str = "trial") -> Figure:
    """Draw the title and, in place of the axes, the reason for their absence."""
    size = theme.SIZES[request.size]
    page = open_frame(size, request.title, Margins(0.0, 0.0, 0.0), [])
    page.axes.set_axis_off()
    lines = wrapped(reason(request, missing), size.font, 0.8 * page.width, 4)
    page.axes.text(
        0.5,
        0.5,
        "\n".join(lines),
        transform=page.axes.transAxes,
        fontsize=size.font,
        linespacing=LINE,
        color=theme.MUTED,
        ha="center",
        va="center",
    )
    return page.figure
