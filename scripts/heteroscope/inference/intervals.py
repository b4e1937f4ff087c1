"""Confidence intervals of a quantile and of a ratio of medians, by order statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.samples import Estimate, FloatArray, Reason, clean

LEAST_VALUES = 3
"""Fewest values a sample needs to be compared in location. One value of a side makes an interval
of no width, and what is held equal to it is so by chance in one of three cases."""


def quantile_interval(x: ArrayLike, share: float = 0.5, *, confidence: float = 0.95) -> Estimate:
    """Return a quantile, and the order statistics that enclose that of the population.

    No distribution is assumed: the limits are those of `scipy.stats.quantile_test`. Their
    confidence is at least the one asked for (95.9 % for the median of 20), and ties only raise it.

    Parameters
    ----------
    x : array_like, shape (n,)
    share : float
        Which quantile; between values it is interpolated.
    confidence : float
        The least that the limits have.

    Returns
    -------
    Estimate
        Without limits for too small a sample (the median at 95 %: n < 6): `Reason.N`.

    References
    ----------
    .. [1] W. J. Conover, Practical Nonparametric Statistics, 3rd ed. (1999), section 3.2.
    .. [2] H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1.

    Examples
    --------
    >>> interval = quantile_interval(range(1, 21))
    >>> interval.low, interval.value, interval.high
    (6.0, 10.5, 15.0)
    """
    values = clean(x)
    nan = math.nan
    if values.size == 0:
        return Estimate(nan, nan, nan, Reason.N)
    from scipy import stats

    value = float(np.quantile(values, share))
    limits: Any = stats.quantile_test(values, p=share).confidence_interval(confidence)
    low, high = float(limits.low), float(limits.high)
    if math.isnan(low + high):
        return Estimate(value, nan, nan, Reason.N)
    return Estimate(value, low, high)


def median_ratio(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Return median(x) / median(y) with the interval of the ideal bootstrap.

    The limits are what a percentile bootstrap tends to as its resamples become infinitely many:
    the medians of resamples have a distribution in closed form, that of order statistics, so no
    random numbers are drawn. Simulated coverage of 95 % intervals for ratios of 1, samples of 6 to
    20 values: 95-97 % for normal and exponential values, 97-99 % for whole seconds.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
    confidence : float

    Returns
    -------
    Estimate
        The limits to 12 digits; those of `median_ratio(y, x)` are the inverse. `Reason.N` where a
        sample is empty, or has fewer than `LEAST_VALUES` for limits; `NON_POSITIVE` where a median
        is 0 or less (no ratio) or a value is (no limits).

    References
    ----------
    .. [1] J. S. Maritz, R. G. Jarrett, JASA 73 (1978) 194-196: the distribution of the medians.
    .. [2] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    x, y = clean(x), clean(y)
    ratio, reason = _ratio(x, y)
    if reason:
        return Estimate(ratio, math.nan, math.nan, reason)
    tail = (1 - confidence) / 2
    x_, y_ = _log_medians(x), _log_medians(y)
    low, high = _lower_limit(x_, y_, tail), 1 / _lower_limit(y_, x_, tail)
    return Estimate(ratio, float(f"{low:.12g}"), float(f"{high:.12g}"))


def median_ratio_tail(x: ArrayLike, y: ArrayLike, bound: float) -> float:
    """Return the share of resamples in which the ratio of the medians is not below a bound.

    The one-sided p of "the ratio is below `bound`": it is at most alpha just where the upper limit
    of `median_ratio` at the confidence 1 - 2 alpha lies below.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
    bound : float
        A ratio above 0.

    Returns
    -------
    float
        NaN where `median_ratio` has no limits.
    """
    x, y = clean(x), clean(y)
    if _ratio(x, y)[1]:
        return math.nan
    return _share_up_to(_log_medians(y), _log_medians(x), -math.log(bound))


def inside(low: float, high: float, margin: float) -> bool:
    """Return whether an interval of a ratio lies inside a margin.

    5 % are 1 / 1.05 to 1.05, so that x against y and y against x have one answer. An interval of
    the confidence 1 - 2 alpha makes it two one-sided tests at the level alpha (Schuirmann, 1987).
    """
    return 1 / (1 + margin) < low and high < 1 + margin


def beyond(low: float, high: float, margin: float) -> int:
    """Return -1 if an interval of a ratio lies below a margin, 1 if it lies above, else 0."""
    return int(low > 1 + margin) - int(high < 1 / (1 + margin))


_Medians = tuple[FloatArray, FloatArray]


def _ratio(x: FloatArray, y: FloatArray) -> tuple[float, Reason]:
    if min(x.size, y.size) == 0:
        return math.nan, Reason.N
    median_x, median_y = float(np.median(x)), float(np.median(y))
    if min(median_x, median_y) <= 0:
        return math.nan, Reason.NON_POSITIVE
    if min(x.size, y.size) < LEAST_VALUES:
        return median_x / median_y, Reason.N
    if min(x.min(), y.min()) <= 0:
        return median_x / median_y, Reason.NON_POSITIVE
    return median_x / median_y, Reason.NONE


def _log_medians(values: FloatArray) -> _Medians:
    """Return the logarithms of the medians of all resamples, ascending, and their probabilities."""
    from scipy import stats

    ascending, n = np.sort(values), values.size
    half = (n + 1) // 2
    # Of the two middle values of a resample, the lower one is at most the i-th of the sample if
    # half of its draws or more are among the first i.
    lower = np.diff(stats.binom.sf(half - 1, n, np.arange(n + 1) / n))
    first = int(np.argmax(lower > 1e-12))  # far ranks of a large sample never count
    ranks = np.arange(first, n - first)
    if n % 2:
        return np.log(ascending[ranks]), lower[ranks]
    # Half of the draws lie up to the i-th value and half from the j-th on, each of which is drawn.
    with np.errstate(divide="ignore"):
        up_to, below = half * np.log((ranks + 1) / n), half * np.log(ranks / n)
    drawn = up_to + np.log1p(-np.exp(below - up_to))
    ways = math.lgamma(n + 1) - 2 * math.lgamma(half + 1)
    apart = np.triu(np.ones((ranks.size, ranks.size), dtype=bool), 1)
    pairs = np.exp(np.where(apart, ways + np.add.outer(drawn, drawn[::-1]), -np.inf))
    pairs[np.diag_indices_from(pairs)] = np.maximum(0, lower[ranks] - pairs.sum(axis=1))
    i, j = np.nonzero(pairs)
    medians, place = np.unique((ascending[ranks[i]] + ascending[ranks[j]]) / 2, return_inverse=True)
    weights = np.bincount(place, weights=pairs[i, j])
    return np.log(medians), weights.astype(np.float64)


def _share_up_to(x: _Medians, y: _Medians, log_ratio: float) -> float:
    """Return the probability that the ratio of two medians is up to a limit."""
    cumulative = np.insert(np.cumsum(x[1]), 0, 0)
    up_to = np.searchsorted(x[0], y[0] + log_ratio, side="right")
    return min(1.0, float(y[1] @ cumulative[up_to]))


def _lower_limit(x: _Medians, y: _Medians, tail: float) -> float:
    """Return the smallest ratio with a probability of `tail` up to it."""
    low, high = float(x[0][0] - y[0][-1]), float(x[0][-1] - y[0][0])
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (low, middle) if _share_up_to(x, y, middle) >= tail else (middle, high)
    return math.exp(high)
