"""The axis of values: where it starts and ends, and whether it is logarithmic."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heteroscope.figures.data import Group, Values
from heteroscope.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values from low to high; labels leave out ten to the power of `exponent`."""

    low: float
    high: float
    log: bool = False
    exponent: int = 0

    @property
    def from_zero(self) -> bool:
        """Whether the axis starts at zero, so that heights are in proportion to values."""
        return not self.log and self.low == 0

    def fraction(self, values: Values) -> Values:
        """Return how far up the axis values stand, from 0 to 1."""
        if self.log:
            return np.log(values / self.low) / math.log(self.high / self.low)
        return (values - self.low) / (self.high - self.low)

    def far(self, values: Values) -> Values:
        """Return the values that lie beyond the axis."""
        return values[(values < self.low) | (values > self.high)]

    def beyond(self, values: Values) -> list[str]:
        """Return the range of the values below the axis, and of those above it, in words."""
        ranges = []
        for far in (values[values < self.low], values[values > self.high]):
            ends = dict.fromkeys(number(end) for end in (far.min(), far.max())) if far.size else {}
            # A dash between numbers that may be negative reads as a sign.
            ranges.append(("–" if far.size and far.min() >= 0 else " to ").join(ends))
        return ranges

    def unit(self, unit: str) -> str:
        """Return the unit as the axis states it, in brackets; nothing for a pure number."""
        power = tick(10.0**self.exponent) if self.exponent else ""
        words = [" ".join(filter(None, (power, unit))), "log scale" if self.log else ""]
        text = ", ".join(filter(None, words))
        return f" ({text})" if text else ""

    def set(self, axes: Axes, way: str) -> None:
        """Give the axis of x or y its ends, and as many ticks as it has room for."""
        from matplotlib import ticker

        getattr(axes, f"set_{way}lim")(self.low, self.high)
        if self.log:
            set_log(axes, way, self.low, self.high)
            return
        axis = getattr(axes, f"{way}axis")
        axis.set_major_locator(ticker.MaxNLocator("auto", steps=STEPS, min_n_ticks=2))
        formatter = ticker.ScalarFormatter(useOffset=False)
        formatter.set_scientific(self.exponent != 0)
        # Both alike: that power of ten is left out, and `unit` tells it.
        formatter.set_powerlimits((self.exponent, self.exponent))
        axis.set_major_formatter(formatter)
        axis.get_offset_text().set_visible(False)

    def head(self, axes: Axes, more: str = "") -> None:
        """Make this the horizontal axis of a panel, and tell its power of ten in the heading."""
        self.set(axes, "x")
        axes.set_title(f"{axes.get_title('left')}{self.unit('')}{more}")


def tick(value: float) -> str:
    """Return a number as it stands at a logarithmic axis.

    >>> tick(1e-6), tick(2e-6), tick(500)
    ('10⁻⁶', '2 × 10⁻⁶', '500')
    """
    return number(value).removeprefix("1 × ")


def set_log(
    axes: Axes, way: str, low: float, high: float, tell: Callable[[float], str] = tick
) -> None:
    """Make the axis of x or y logarithmic, with round ticks; `tell` spells their numbers."""
    from matplotlib import ticker

    getattr(axes, f"set_{way}scale")("log")
    axis = getattr(axes, f"{way}axis")
    subs = (1.0, 2.0, 5.0) if high < 1000 * low else (1.0,)
    axis.set_major_locator(ticker.LogLocator(subs=subs, numticks=6))
    axis.set_major_formatter(lambda value, _: tell(value))
    axis.set_minor_locator(ticker.NullLocator())


def grounded(highest: float) -> Scale:
    """Return an axis from zero, for lengths in proportion to values that are not negative."""
    return _linear(0.0, highest, 0.0 if highest else 1.0)


def choose(groups: Sequence[Group], resolution: float) -> Scale:
    """Choose an axis on which the trials that count can be read.

    Linear, from zero as long as the data fill half of it then.  A few trials that lie far beyond
    all others are left to be marked at its edge, and so are excluded trials that would stretch it.
    Logarithmic where the medians differ by a large factor.  At least one of the groups has a value,
    and the clock counts in steps of `resolution` (0: it is not known).
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
    if values.min() > 0 and high > _LOG_FROM * least_median:
        both = np.concatenate([values, excluded[excluded > 0]])
        pad = (both.max() / both.min()) ** _PAD
        return Scale(float(both.min() / pad), float(both.max() * pad), log=True)
    least = max(_FEWEST_STEPS * resolution, _LEAST_SHARE * max(abs(low), abs(high))) or 1.0
    bottom, top = _from_zero(low, high)
    bottom, top = _extended(bottom, top, values, least, _SQUASH)
    bottom, top = _extended(bottom, top, excluded, least, _STRETCH)
    return _linear(*_from_zero(bottom, top), least)


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
        low = max(middle - least / 2, 0.0) if low >= 0 else middle - least / 2
        high = low + least
    pad = _PAD * (high - low)
    bottom = low if low == 0 else low - pad
    top = high if high == 0 else high + pad
    if low > 0:
        bottom = max(bottom, 0.0)
    largest = max(abs(bottom), abs(top))
    readable = 1e-2 <= largest < 1e6
    return Scale(
        bottom, top, exponent=0 if readable else 3 * math.floor(math.log10(largest) / 3 + 1e-9)
    )
