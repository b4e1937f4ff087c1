"""Small multiples: a grid of axes on one page, with the words around and between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.figures import theme
from heteroscope.figures.frame import Entry, Frame, Margins, open_frame
from heteroscope.figures.scale import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Grid:
    """The shape of a grid of panels; lengths in points.

    Attributes
    ----------
    rows, columns
        How many.
    least_width, least_height
        Of a panel.
    between_columns, between_rows
        Room for what belongs to a panel beside and above it.
    """

    rows: int
    columns: int
    least_width: float
    least_height: float
    between_columns: float
    between_rows: float


@dataclass(frozen=True, slots=True)
class Panels:
    """A page of panels.

    Attributes
    ----------
    frame
        The page; its own axes are invisible and span all panels.
    axes
        Row by row.
    width, height
        Of a panel, in points.
    """

    frame: Frame
    axes: tuple[tuple[Axes, ...], ...]
    width: float
    height: float

    @property
    def figure(self) -> Figure:
        """The page itself."""
        return self.frame.figure

    def write(self, x: float, y: float, words: str, **look: Any) -> None:
        """Write words at a place, in points from the lower left corner of all panels."""
        axes = self.frame.axes
        place = (x / self.frame.width, y / self.frame.height)
        axes.text(*place, words, transform=axes.transAxes, **look)


def open_panels(
    size: theme.FigureSize,
    title: str,
    margins: Margins,
    right: float,
    legend: Sequence[Entry],
    grid: Grid,
) -> Panels:
    """Lay out a page of panels, which grows where they would be too small.

    Parameters
    ----------
    size, title, margins, legend
        As of `frame.open_frame`.
    right
        Room for what stands to the right of the panels, in points.
    grid
        Its shape.
    """
    gaps = grid.between_columns * (grid.columns - 1)
    aisles = grid.between_rows * (grid.rows - 1)
    frame = open_frame(
        size,
        title,
        margins,
        legend,
        grid.columns * grid.least_width + gaps + right,
        grid.rows * grid.least_height + aisles,
    )
    frame.axes.set_axis_off()
    whole = frame.axes.get_position()
    width = (frame.width - right - gaps) / grid.columns
    height = (frame.height - aisles) / grid.rows
    across, up = whole.width / frame.width, whole.height / frame.height
    made = []
    for row in range(grid.rows):
        bottom = whole.y1 - up * ((row + 1) * height + row * grid.between_rows)
        lefts = (
            whole.x0 + across * column * (width + grid.between_columns)
            for column in range(grid.columns)
        )
        made.append(
            tuple(
                frame.figure.add_axes((left, bottom, across * width, up * height)) for left in lefts
            )
        )
    return Panels(frame, tuple(made), width, height)


def outline(axes: Axes) -> None:
    """Give a panel its looks: no ticks, and no frame but the grid."""
    axes.tick_params(axis="both", length=0)
    axes.set_axisbelow(True)
    axes.set_facecolor(theme.BAND)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def set_scale(axes: Axes, scale: Scale, axis: str) -> None:
    """Set the ends, the ticks and the labels of one axis of a panel (``x`` or ``y``)."""
    if scale.log:
        getattr(axes, f"set_{axis}scale")("log")
        axes.minorticks_off()
    getattr(axes, f"set_{axis}lim")(scale.low, scale.high)
    getattr(axes, f"set_{axis}ticks")(scale.ticks, scale.labels)


def share(scale: Scale) -> str:
    """Return what a panel's own scale adds to the unit, to stand behind its heading."""
    return scale.unit("")
