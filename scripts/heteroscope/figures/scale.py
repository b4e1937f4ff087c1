"""The axis of values: where it starts and ends, whether it is logarithmic, and its ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from heteroscope.figures.data import Group, Values

# Groups that differ by more than this factor need a logarithmic axis.
_LOG_FROM = 30.0
# Zero is on the axis as long as the data still fill half of it.
_ZERO_FROM = 0.5
# An axis never magnifies less than this many steps of the clock to its full length ...
_FEWEST_STEPS = 5
# ... nor less than this share of the values.
_LEAST_SHARE = 0.02
# One trial in ten of a group may lie beyond the axis, where showing it to scale would squash the
# others to less than a third of the height.
_ONE_IN = 10
_SQUASH = 3.0
# A trial that makes the axis longer by no more than this is shown to scale in any case.
_STRETCH = 1.35
_PAD = 0.05
# Ratios that differ by no more than this factor have evenly numbered ticks, others powers of ten.
_WIDE_RATIO = 5.0
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values.

    Attributes
    ----------
    low, high
        Its ends.
    log
        Whether it is logarithmic.
    exponent
        Power of ten that the labels of the ticks leave out.
    ticks, labels
        Where the ticks are, and what they say.
    """

    low: float
    high: float
    log: bool
    exponent: int
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def from_zero(self) -> bool:
        """Whether the axis starts at zero, so that heights are in proportion to values."""
        return not self.log and self.low == 0

    def fraction(self, values: Values) -> Values:
        """Return how far up the axis values stand, from 0 to 1."""
        if self.log:
            return np.log(values / self.low) / math.log(self.high / self.low)
        return (values - self.low) / (self.high - self.low)

    def over(self, values: Values) -> Values:
        """Return the values that lie beyond the upper end."""
        return values[values > self.high]

    def under(self, values: Values) -> Values:
        """Return the values that lie beyond the lower end."""
        return values[values < self.low]

    def within(self, values: Values) -> Values:
        """Return the values that the axis shows to scale."""
        return values[(values >= self.low) & (values <= self.high)]

    def unit(self, unit: str) -> str:
        """Return the unit as the axis states it, in brackets; nothing for a pure number."""
        power = f"10{str(self.exponent).translate(_SUPERSCRIPTS)}" if self.exponent else ""
        words = [" ".join(filter(None, (power, unit))), "log scale" if self.log else ""]
        text = ", ".join(filter(None, words))
        return f" ({text})" if text else ""

    def thinned(self, lengths: Sequence[float], room: float) -> Scale:
        """Return the scale with as few of its ticks as it takes for their labels not to touch.

        Parameters
        ----------
        lengths
            Of the labels along the axis, in points.
        room
            Length of the axis.
        """
        places = [float(self.fraction(np.array(tick))) * room for tick in self.ticks]
        for every in range(1, len(places) + 1):
            # Zero keeps its tick; elsewhere the lowest does.
            first = self.ticks.index(0.0) % every if 0.0 in self.ticks else 0
            kept = list(range(first, len(places), every))
            if all(
                places[b] - places[a] >= (lengths[a] + lengths[b]) / 2 for a, b in pairwise(kept)
            ):
                break
        return replace(
            self,
            ticks=tuple(self.ticks[i] for i in kept),
            labels=tuple(self.labels[i] for i in kept),
        )


def choose(groups: Sequence[Group], resolution: float, *, grounded: bool = False) -> Scale:
    """Choose an axis on which the trials that count can be read.

    Linear, from zero as long as the data fill half of it then.  A few trials that lie far beyond
    all others are left to be marked at its edge, and so are excluded trials that would stretch it.
    Logarithmic where the medians differ by a large factor.

    Parameters
    ----------
    groups
        At least one of them with a value.
    resolution
        Step of the metric's clock.
    grounded
        Whether the axis is linear and starts at zero in any case, for areas in proportion to
        values that are not negative.
    """
    counted = [group.values for group in groups if group.values.size]
    excluded = np.concatenate([group.excluded for group in groups])
    if not counted:
        counted, excluded = [excluded], np.empty(0)
    values = np.concatenate(counted)
    # Of each group, what is left without the most extreme tenth at either end.
    low = min(float(np.sort(each)[each.size // _ONE_IN]) for each in counted)
    high = max(float(np.sort(each)[-1 - each.size // _ONE_IN]) for each in counted)
    least_median = min(float(np.median(each)) for each in counted)
    if not grounded and values.min() > 0 and high > _LOG_FROM * least_median:
        both = np.concatenate([values, excluded[excluded > 0]])
        return _logarithmic(float(both.min()), float(both.max()))
    least = max(_FEWEST_STEPS * resolution, _LEAST_SHARE * max(abs(low), abs(high)))
    bottom, top = (0.0, high) if grounded else _from_zero(low, high)
    bottom, top = _extended(bottom, top, values, least, _SQUASH)
    bottom, top = _extended(bottom, top, excluded, least, _STRETCH)
    return _linear(*_from_zero(bottom, top), least)


def choose_ratio(values: Sequence[float], always: tuple[float, float]) -> Scale:
    """Choose a logarithmic axis for ratios: twice as much is as far from 1 as half as much.

    Parameters
    ----------
    values
        Above zero; what the axis shows.
    always
        A range around 1 that it shows in any case.
    """
    low, high = min(*values, always[0]), max(*values, always[1])
    if high / low > _WIDE_RATIO:
        return _logarithmic(low, high)
    pad = (high / low) ** _PAD
    low, high = low / pad, high * pad
    step = _nice((high - low) / 5)
    digits = max(0, math.ceil(-math.log10(step) - 1e-9))
    if round(step * 10**digits, 6) % 1:
        digits += 1
    ticks = [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return Scale(low, high, True, 0, tuple(ticks), tuple(f"{tick:.{digits}f}" for tick in ticks))


def _from_zero(low: float, high: float) -> tuple[float, float]:
    """Return a range with zero in it, where the range fills at least half of what that gives."""
    if 0 < low <= _ZERO_FROM * high:
        return 0.0, high
    if _ZERO_FROM * low <= high < 0:
        return low, 0.0
    return low, high


def _extended(
    low: float, high: float, values: Values, least: float, limit: float
) -> tuple[float, float]:
    """Extend a range to all values unless that makes it longer than `limit` times.

    Of those that would, it still reaches the values that are near.
    """
    if not values.size:
        return low, high
    # A range that is short for its values looks like one from zero if it is extended.
    length = max(high - low, least, _ZERO_FROM * max(abs(low), abs(high)))
    far_up = values.max() > low + limit * length
    far_down = values.min() < high - limit * length
    upper = values[values <= low + _STRETCH * length] if far_up else values
    lower = values[values >= high - _STRETCH * length] if far_down else values
    return float(np.min(lower, initial=low)), float(np.max(upper, initial=high))


def _linear(low: float, high: float, least: float) -> Scale:
    if high - low < least:
        middle = (low + high) / 2
        # Values of one sign keep an axis of that sign.
        start = max(middle - least / 2, 0.0) if low >= 0 else middle - least / 2
        low, high = start, start + least
    pad = _PAD * (high - low)
    bottom = low if low == 0 else low - pad
    top = high if high == 0 else high + pad
    if low > 0:
        bottom = max(bottom, 0.0)
    step = _nice((top - bottom) / 5)
    first, last = math.ceil(bottom / step - 1e-9), math.floor(top / step + 1e-9)
    ticks = [i * step for i in range(first, last + 1)]
    largest = max(abs(tick) for tick in ticks)
    exponent = 0 if 1e-2 <= largest < 1e6 else 3 * math.floor(math.log10(largest) / 3 + 1e-9)
    scaled = step / 10.0**exponent
    digits = max(0, -math.floor(math.log10(scaled) + 1e-9))
    if round(scaled * 10**digits, 6) % 1:  # a step of 2.5 needs one more than a step of 2
        digits += 1
    labels = [
        f"{tick / 10.0**exponent:.{digits}f}".replace("-", "\N{MINUS SIGN}") for tick in ticks
    ]
    return Scale(bottom, top, False, exponent, tuple(ticks), tuple(labels))


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return power * next(nice for nice in (1, 2, 2.5, 5, 10) if nice * power >= step * 0.999)


def _logarithmic(low: float, high: float) -> Scale:
    pad = (high / low) ** _PAD
    low, high = low / pad, high * pad
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    digits = (1, 2, 5) if math.log10(high / low) < 3 else (1,)
    every = max(1, math.ceil(len(decades) / 7))
    ticks = [
        digit * 10.0**decade
        for decade in decades
        for digit in digits
        if decade % every == 0 and low <= digit * 10.0**decade <= high
    ]
    return Scale(low, high, True, 0, tuple(ticks), tuple(_power(tick) for tick in ticks))


def _power(tick: float) -> str:
    decade = math.floor(math.log10(tick) + 1e-9)
    if -3 <= decade <= 4:
        return f"{tick:.{max(0, -decade)}f}"
    digit = round(tick / 10.0**decade)
    power = f"10{str(decade).translate(_SUPERSCRIPTS)}"
    return power if digit == 1 else f"{digit}×{power}"
