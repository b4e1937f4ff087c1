"""Does a sequence of values move? Trend, dependence on the values before, a first that differs.

Tests of location and spread take the values of a sample to be independent and alike; a machine that
warms up or fills up while the trials run breaks that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.samples import FloatArray, Reason, clean

LEAST_LENGTH = 8
"""Fewest values of a sequence here: below it the normal approximation of Kendall's S with ties and
the chi-squared one of Ljung and Box have no footing."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Outcome of Kendall's test of a trend.

    Attributes
    ----------
    tau : float
        Kendall's tau-b, -1 (falls throughout) to 1 (rises throughout).
    p_value : float
        Two-sided.
    reason : Reason
        `N` (fewer than `LEAST_LENGTH` values) or `ZERO_VARIANCE` (one side does not vary): NaN.
    """

    tau: float
    p_value: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the values of a sequence hang together.

    Attributes
    ----------
    lag1 : float
        Correlation of each value with the one before.
    lags : int
        How many lags the test takes together; 0 where there is none.
    statistic, p_value : float
        Of Ljung and Box.
    reason : Reason
        As for `Trend`.
    """

    lag1: float
    lags: int
    statistic: float
    p_value: float
    reason: Reason = Reason.NONE


def kendall_trend(positions: ArrayLike, values: ArrayLike) -> Trend:
    """Test whether values rise or fall with their positions.

    With sizes for positions, the values of a size being tied there, this is the test of Jonckheere
    and Terpstra for an ordered alternative: both count the pairs that are in order.

    Parameters
    ----------
    positions, values : array_like, shapes (n,)
        Of finite numbers; positions may repeat.

    Returns
    -------
    Trend
        From `scipy.stats.kendalltau`: exact without ties, else the normal approximation with the
        variance corrected for ties on both sides.

    References
    ----------
    .. [1] M. G. Kendall, Rank Correlation Methods, 4th ed. (1970).
    .. [2] A. R. Jonckheere, Biometrika 41 (1954) 133-145.
    """
    x, y = np.asarray(positions, dtype=np.float64), clean(values).values
    if y.size < LEAST_LENGTH:
        return Trend(math.nan, math.nan, Reason.N)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return Trend(math.nan, math.nan, Reason.ZERO_VARIANCE)
    from scipy import stats

    result = stats.kendalltau(x, y)
    return Trend(float(result.statistic), float(result.pvalue))


def dependence(values: ArrayLike) -> Dependence:
    """Test whether each value of a sequence tells something of the next.

    Parameters
    ----------
    values : array_like, shape (n,)
        In the order in which they came; non-finite values are dropped.

    Returns
    -------
    Dependence
        The test takes the first min(10, n // 5) lags together, from
        `statsmodels.tsa.stattools.q_stat`.

    References
    ----------
    .. [1] G. M. Ljung, G. E. P. Box, Biometrika 65 (1978) 297-303.
    .. [2] R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice, 3rd ed. (2021),
       section 5.4: the number of lags.
    """
    x = clean(values).values
    nan = math.nan
    if x.size < LEAST_LENGTH:
        return Dependence(nan, 0, nan, nan, Reason.N)
    if np.ptp(x) == 0:
        return Dependence(nan, 0, nan, nan, Reason.ZERO_VARIANCE)
    from statsmodels.tsa.stattools import q_stat  # type: ignore[import-untyped]

    lags = max(1, min(10, x.size // 5))
    correlations = _autocorrelations(x, lags)
    statistics, p_values = q_stat(correlations, x.size)
    return Dependence(float(correlations[0]), lags, float(statistics[-1]), float(p_values[-1]))


def first_z(values: ArrayLike, resolution: float) -> float:
    """Return how far the first value lies from the median, in robust standard deviations.

    The unit is 1.4826 MAD as in `robust_z`, but at least one step of the clock: where most values
    are equal their MAD is 0, and a value one step away would be infinitely far.

    Parameters
    ----------
    values : array_like, shape (n,)
        In the order in which they came; non-finite values are dropped.
    resolution : float
        One step of the clock.

    Returns
    -------
    float
        NaN if there are no values.
    """
    x = clean(values, resolution=resolution).values
    if x.size == 0:
        return math.nan
    deviations = x - np.median(x)
    return float(deviations[0] / max(1.4826 * np.median(np.abs(deviations)), resolution))


def _autocorrelations(x: FloatArray, lags: int) -> FloatArray:
    """Return the correlations with the values 1, 2, ... places before."""
    centred = x - x.mean()
    products = [float(centred[lag:] @ centred[:-lag]) for lag in range(1, lags + 1)]
    return np.array(products) / float(centred @ centred)
