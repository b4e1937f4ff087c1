"""The axis of sizes: one category a cluster size, and in it a slot for every run measured there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heteroscope.figures.data import Category, Group
from heteroscope.figures.text import width

# Room between the groups of two sizes, in slots.
_GAP = 0.9
_LEAST_SLOT = 7.5  # points: a number turned upright at the least font size
_LEAST_FONT = 5.0


@dataclass(frozen=True, slots=True)
class Slots:
    """Places on the axis of sizes, in units of a slot from 0 to `length`.

    Attributes
    ----------
    centres, groups
        One a slot, from left to right; None stands for a size at which nothing was measured.
    spans
        Where the categories start and end.
    """

    centres: tuple[float, ...]
    groups: tuple[Group | None, ...]
    spans: tuple[tuple[float, float], ...]

    @property
    def length(self) -> float:
        """Of the axis."""
        return self.spans[-1][1]


def arrange(categories: Sequence[Category]) -> Slots:
    """Give every group a slot; a run that was not measured at a size takes no room there."""
    centres: list[float] = []
    groups: list[Group | None] = []
    spans = []
    start = 0.0
    for category in categories:
        here: Sequence[Group | None] = category.groups or (None,)
        centres += [start + (_GAP + 1) / 2 + i for i in range(len(here))]
        groups += here
        spans.append((start, start + len(here) + _GAP))
        start = spans[-1][1]
    return Slots(tuple(centres), tuple(groups), tuple(spans))


@dataclass(frozen=True, slots=True)
class TickLabels:
    """Words under the categories, in one line or two, and the least width of a slot for them."""

    words: tuple[str, ...]
    lines: int
    least_slot: float


def fit_ticks(categories: Sequence[Category], slots: Slots, font: float, plot: float) -> TickLabels:
    """Return the labels of the categories in one line where they fit, and in two otherwise."""
    words = [category.label for category in categories]
    for lines in (1, 2):
        if lines == 2:
            words = [word.replace(" ", "\n", 1) for word in words]
        least = max(
            (max(width(line, font) for line in word.split("\n")) + 0.6 * font) / (end - start)
            for word, (start, end) in zip(words, slots.spans, strict=True)
        )
        if least * slots.length <= plot:
            break
    return TickLabels(tuple(words), lines, max(least, _LEAST_SLOT))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of small words, one a slot, set so that neighbours do not touch.

    Attributes
    ----------
    font
        In points.
    upright
        Whether the words are turned by 90°.
    height
        Of the row, in points.
    """

    words: tuple[str, ...]
    font: float
    upright: bool
    height: float


def fit_row(words: Sequence[str], slot: float, font: float) -> Row:
    """Fit one word a slot of `slot` points: smaller, then turned upright."""
    longest = max(words, key=lambda word: width(word, font))
    size = font
    while size >= max(_LEAST_FONT, 0.75 * font):
        if width(longest, size) + 0.25 * size <= slot:
            return Row(tuple(words), size, False, 1.5 * size)
        size -= 0.5
    size = max(_LEAST_FONT, min(font, slot / 1.25))
    return Row(tuple(words), size, True, width(longest, size) + 0.6 * size)
