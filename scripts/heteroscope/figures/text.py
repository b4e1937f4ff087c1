"""Text in figures: made safe to draw, measured without drawing, and cut to the room it has."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

LABEL_LIMIT = 40
LINE = 1.3  # height of a line of text, in font sizes
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS = "…"
_REFERENCE = 100.0  # the font is measured at this size, in points


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    font = FT2Font(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf")
    font.set_size(_REFERENCE, 72)
    return font


def plain(text: str) -> str:
    """Return text on one line that the font can draw.

    Control characters and marks that reverse the direction of a line are dropped; a character that
    the font lacks is shown as one replacement character, since fonts of the machine at hand would
    make the figure differ from machine to machine.
    """
    # White space first, since some of it is control characters; those ("C…") and the selectors of
    # emoji are signs to a renderer, with nothing to draw.
    kept = "".join(
        char
        for char in " ".join(text.split())
        if not unicodedata.category(char).startswith("C")
        and not unicodedata.name(char, "").startswith("VARIATION SELECTOR")
    )
    font = _font()
    return "".join(
        char if font.get_char_index(ord(char)) else _REPLACEMENT for char in " ".join(kept.split())
    )


@lru_cache(maxsize=4096)
def _width(text: str) -> float:
    from matplotlib.ft2font import LoadFlags

    font = _font()
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / _REFERENCE


def width(text: str, size: float) -> float:
    """Return the width of one line of text at a font size, both in points."""
    # The backends round to their own pixels: a hair more than measured is always enough.
    return _width(text) * size * 1.02 + 0.5


def shortened(text: str, size: float, room: float, limit: int = LABEL_LIMIT) -> str:
    """Return text cut to `limit` characters and to `room` points, with an ellipsis if it is cut."""
    short = text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS
    while width(short, size) > room and len(short) > 1:
        short = short.removesuffix(_ELLIPSIS)[:-1].rstrip() + _ELLIPSIS
    return short


def wrapped(text: str, size: float, room: float, lines: int) -> list[str]:
    """Return text broken between words into at most `lines` lines of `room` points."""
    words = text.split()
    rows: list[str] = []
    while words and len(rows) < lines - 1:
        row = words.pop(0)
        while words and width(f"{row} {words[0]}", size) <= room:
            row += " " + words.pop(0)
        rows.append(shortened(row, size, room, len(row)))
    if words:
        rest = " ".join(words)
        rows.append(shortened(rest, size, room, len(rest)))
    return rows


def balanced(text: str, size: float, room: float, lines: int) -> list[str]:
    """Return text wrapped into lines of like lengths, so that no word stands alone."""
    rows = wrapped(text, size, room, lines)
    narrower = rows
    while len(rows) > 1 and len(narrower) == len(rows) and " ".join(narrower) == " ".join(rows):
        rows = narrower
        room -= size / 2
        narrower = wrapped(text, size, room, lines)
    return rows
