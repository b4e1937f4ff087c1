"""What every method shares: clean samples, results, reasons for empty figures, adjustment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


class Reason(StrEnum):
    """Why a figure is empty (NaN) or vacuous; the empty string where nothing is missing."""

    NONE = ""
    N = "n"
    """Too few values for the method."""
    FLOOR = "floor"
    """Samples so small that no outcome reaches the level asked for."""
    ZERO_VARIANCE = "zero_variance"
    """The values do not vary."""
    CONSTANT_DEVIATIONS = "constant_deviations"
    """The values vary, their distances from the centre do not: nothing to test against."""
    ONE_CONSTANT = "one_constant"
    """One of two samples does not vary: a ratio of spreads is meaningless."""
    NON_POSITIVE = "non_positive"
    """A ratio of values that are not all above zero."""
    SEPARATED = "separated"
    """Every value of one sample lies above every value of the other."""
    UNBOUNDED = "unbounded"
    """The interval has no finite upper end."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity with its confidence interval.

    Attributes
    ----------
    value, low, high : float
        The estimate and its limits; NaN where there is a reason.
    reason : Reason
        Why there is no estimate, or why it has no limits.
    """

    value: float
    low: float
    high: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Significance:
    """Outcome of a test.

    Attributes
    ----------
    statistic, p_value : float
        The p is two-sided; both are NaN where there is a reason.
    reason : Reason
        Why the test could not be made.
    """

    statistic: float
    p_value: float
    reason: Reason = Reason.NONE


def clean(values: ArrayLike, *, resolution: float = 0.0) -> FloatArray:
    """Cast to float64, drop what is not finite, and round to the resolution of the metric.

    Every function of this package cleans its samples itself. Call this one before, with a
    `resolution`, for derived metrics: 85.93 - 83.02 and 2.91 are different doubles, and rank tests
    would see an order where the clock saw a tie.

    Parameters
    ----------
    values : array_like, shape (n,)
        A sample, in the unit of its metric.
    resolution : float, optional
        The smallest step of the metric's clock, in the same unit, such as 0.01; 0 to take values
        as they are. Rounded is the decimal number that is printed, half to even: 16.595 becomes
        16.6 at a step of 0.01.

    Returns
    -------
    ndarray of float64, shape (n_finite,)
        The finite values, in their order.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional, or `resolution` is below zero.

    Examples
    --------
    >>> clean([85.93 - 83.02, float("nan"), 2.91], resolution=0.01)
    array([2.91, 2.91])
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"a sample has one dimension, this one has {array.ndim}")
    finite = array[np.isfinite(array)]
    return _round_to(finite, resolution) if resolution else finite


def _round_to(values: FloatArray, resolution: float) -> FloatArray:
    """Round to multiples of `resolution`, giving the double nearest to the decimal number."""
    if not resolution > 0:
        raise ValueError(f"a resolution is not below zero: {resolution}")
    # 5 * 0.01 is not 0.05 everywhere, 5 / 100 is: division by a whole number rounds correctly.
    per_unit = round(1 / resolution)
    whole = per_unit >= 1 and np.isclose(per_unit * resolution, 1, rtol=1e-9, atol=0)
    steps = values * per_unit if whole else values / resolution
    # Six places of a step are more than is printed, and less than binary noise.
    ticks = np.rint(np.round(steps, 6))
    return np.asarray(ticks / per_unit if whole else ticks * resolution, dtype=np.float64)


def holm(p_values: ArrayLike) -> FloatArray:
    """Adjust the p-values of one family by Holm's step-down method.

    A NaN stands for a test that could not be made. It stays NaN and does not count as a test
    (statsmodels' `multipletests` would count it).

    Parameters
    ----------
    p_values : array_like, shape (m,)
        In [0, 1], else a ValueError is raised; or NaN.

    Returns
    -------
    ndarray of float64, shape (m,)
        In the order given; significant at the family-wise level alpha if <= alpha.

    References
    ----------
    .. [1] S. Holm, Scand. J. Statist. 6 (1979) 65-70.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.04]).tolist()
    [0.02, nan, 0.04]
    """
    p = np.asarray(p_values, dtype=np.float64)
    made = ~np.isnan(p)
    if np.any((p[made] < 0) | (p[made] > 1)):
        raise ValueError("p-values lie between 0 and 1")
    adjusted = np.full(p.shape, np.nan)
    ascending = np.flatnonzero(made)[np.argsort(p[made], kind="stable")]
    # The smallest counts for all tests, the next for all but one, and none falls below the last.
    stepped = np.maximum.accumulate(p[ascending] * np.arange(ascending.size, 0, -1))
    adjusted[ascending] = np.minimum(stepped, 1)
    return adjusted
