"""The one look of every figure: colours and markers of the runs, sizes, and matplotlib's settings.

The palette is Okabe and Ito's (Color Universal Design, 2008), which readers with any common colour
vision tell apart; every colour has a marker of its own, so that greyscale print does too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from heteroscope.metrics import UserError

PALETTE: Mapping[str, str] = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "bluish green": "#009E73",
    "reddish purple": "#CC79A7",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}

# No name asks for these: yellow is faint on white, and black hides the line of the median.
_LAST = ("yellow", "black")

# Neighbours in lightness (CIE L* 46, 55, 58, 61, 71, 70, 89, 0) have the most unlike markers.
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
_MARKERS_OF_LIGHT_RUNS = ("p", "*", "<", "d", ">", "8", "P", "H")

INK = "#222222"
MUTED = "#5F5F5F"
GRID = "#DDDDDD"
BAND = "#F6F6F6"
MARGIN = "#E9E9E9"

# LAMMPS' sections: muted, so that none is taken for a run; neighbours differ in lightness.
SECTIONS: Mapping[str, str] = {
    "Pair": "#B9C6D2",
    "Bond": "#7F8F9E",
    "Kspace": "#D3C6B0",
    "Neigh": "#5E6E7E",
    "Comm": "#D9DEE3",
    "Output": "#2F3B46",
    "Modify": "#A88F6A",
    "Other": "#6F6A64",
}
DARK = (SECTIONS["Neigh"], SECTIONS["Output"])
# What is better or worse, where words already say so.
BETTER, WORSE = "#1A6B3C", "#A3341F"


@dataclass(frozen=True, slots=True)
class Style:
    """How the marks of one run look.

    Attributes
    ----------
    colour
        Name of the colour in `PALETTE`.
    marker
        Matplotlib's code of the marker.
    face, edge, tint
        Colours of the inside of a mark, of lines and outlines (dark enough to be seen on white),
        and of areas.
    """

    colour: str
    marker: str
    face: str
    edge: str
    tint: str


@dataclass(frozen=True, slots=True)
class FigureSize:
    """A page's room for a figure: inches, dots an inch, and the size of the text in points."""

    width: float
    height: float
    dpi: int
    font: float


SIZES: Mapping[str, FigureSize] = {
    "screen": FigureSize(8.0, 4.8, 150, 10.0),
    "one-column": FigureSize(3.5, 2.9, 300, 7.0),
    "two-column": FigureSize(7.2, 4.2, 300, 8.0),
    "slide": FigureSize(10.0, 5.625, 192, 14.0),
}


def _mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with a `share` of `other` in it."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _style(colour: str, tier: int) -> Style:
    paint = PALETTE[colour]
    place = list(PALETTE).index(colour)
    light = tier % 2 == 1
    return Style(
        colour=colour,
        marker=(_MARKERS_OF_LIGHT_RUNS if light else _MARKERS)[place],
        face=_mixed(paint, "#FFFFFF", 0.55) if light else paint,
        edge=_mixed(paint, "#000000", 0.35),
        tint=_mixed(paint, "#FFFFFF", 0.88 if light else 0.75),
    )


def _probes(name: str) -> list[str]:
    """Return the colours in the order in which a run's name asks for them, in every process."""
    colours = [colour for colour in PALETTE if colour not in _LAST]
    first = hashlib.sha256(name.encode()).digest()[0] % len(colours)
    return [*colours[first:], *colours[:first], *_LAST]


def styles(run_names: Sequence[str], pinned: Mapping[str, str] | None = None) -> dict[str, Style]:
    """Give every run its look, bound to its name.

    A run takes the colour that a digest of its name asks for or, where an earlier run has that,
    the next free one.  So a run added at the end changes nothing for those before it.  Eight runs
    have eight colours; the next eight repeat them lighter, with other markers; beyond sixteen the
    looks repeat.

    Parameters
    ----------
    run_names
        All runs of the campaign, in the order of the configuration, whichever a figure shows.
    pinned
        Colours that the user chose, by run; they win over the digest.

    Returns
    -------
    dict
        The style of each run.

    Raises
    ------
    UserError
        Where a pinned colour is none of the palette.
    """
    pinned = pinned or {}
    taken = dict.fromkeys(PALETTE, 0)
    chosen = {}
    # Pins come first, so that a run without one cannot hold a colour that a later run is pinned to.
    for run in sorted(run_names, key=lambda run: run not in pinned):
        colour = pinned.get(run) or min(_probes(run), key=lambda name: taken[name])
        if colour not in PALETTE:
            near = get_close_matches(colour, PALETTE, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UserError(f"{run}: the colour {colour!r} is none of {', '.join(PALETTE)}{hint}")
        chosen[run] = _style(colour, taken[colour])
        taken[colour] += 1
    return {run: chosen[run] for run in run_names}


_SETTINGS: Mapping[str, Any] = {
    # Matplotlib brings the first one along; Verdana is as wide, for browsers without it.
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    # A run's label is the user's text: "$" in it is a dollar, not mathematics.
    "text.parse_math": False,
    "text.hinting": "none",
    "axes.unicode_minus": True,
    "axes.linewidth": 0.8,
    **{f"axes.spines.{side}": False for side in ("top", "right", "bottom", "left")},
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    # Text stays text that can be searched and edited, and element ids stay the same.
    "svg.fonttype": "none",
    "svg.hashsalt": "heteroscope",
    "pdf.fonttype": 42,
}


def font_file() -> str:
    """Return the file of the font of all figures, which matplotlib brings along."""
    import matplotlib

    return f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"


@contextmanager
def themed(font: float = 10.0) -> Iterator[None]:
    """Draw with the theme's settings over matplotlib's own defaults, whatever the user's are."""
    import matplotlib

    # Any: the types of matplotlib name every setting, and differ between its versions.
    settings: Any = dict(matplotlib.rcParamsDefault)
    del settings["backend"]  # setting it would load one
    settings.update(_SETTINGS, **{"font.size": font, "lines.linewidth": 0.14 * font})
    with matplotlib.rc_context(settings):
        yield
