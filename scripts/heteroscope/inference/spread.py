"""Do samples spread alike? Tests of k samples, the ratio of two, and outlying values of one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.intervals import RESAMPLES, bootstrap_sds, ratio_limits
from heteroscope.inference.samples import FloatArray, Reason, clean

Center = Literal["median", "mean", "trimmed"]

LEAST_N = 4
"""Fewest values a sample needs here. scipy's Levene p is meaningless for 1 and NaN for 2; of 3
values one is the median, its own distance always 0, which leaves two distances to judge by."""


@dataclass(frozen=True, slots=True)
class SpreadTest:
    """Outcome of a test that k samples have the same spread.

    Attributes
    ----------
    n : tuple of int
        Finite values in each sample.
    statistic, p_value : float
        NaN where there is a reason.
    one_constant : bool
        At least one sample, but not all, does not vary. The p stands; what it says of a clock
        coarser than the spread is for the reader to judge.
    reason : Reason
        `N` (a sample has fewer than `LEAST_N` values), `ZERO_VARIANCE` (no sample varies),
        `CONSTANT_DEVIATIONS`, or `NON_POSITIVE` (a logarithm was asked for).
    """

    n: tuple[int, ...]
    statistic: float
    p_value: float
    one_constant: bool = False
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class SpreadRatio:
    """Ratio of two standard deviations with its bootstrap interval.

    Attributes
    ----------
    ratio, low, high : float
        sd(x) / sd(y) and its confidence limits; `high` may be infinite (`Reason.UNBOUNDED`).
    reason : Reason
        `N`, `ZERO_VARIANCE` (both constant), `ONE_CONSTANT`: all figures are NaN.
    """

    ratio: float
    low: float
    high: float
    reason: Reason = Reason.NONE


def levene(
    samples: Sequence[ArrayLike],
    *,
    center: Center = "median",
    trim: float = 0.05,
    log: bool = False,
) -> SpreadTest:
    """Test whether k samples have the same spread, by Levene's method.

    Parameters
    ----------
    samples : sequence of array_like, shapes (n_i,)
        Two samples or more; non-finite values are dropped.
    center : {"median", "mean", "trimmed"}
        What distances are taken from. The median (Brown-Forsythe) keeps its level for skew
        distributions, which run times have.
    trim : float
        The share cut off at each end for the center "trimmed".
    log : bool
        Test the logarithms: whether the spread is the same *relative* to the values.

    Returns
    -------
    SpreadTest
        The statistic is W, F-distributed with k - 1 and N - k degrees of freedom.

    References
    ----------
    .. [1] H. Levene, in Contributions to Probability and Statistics (1960), 278-292.
    .. [2] M. B. Brown, A. B. Forsythe, JASA 69 (1974) 364-367.
    .. [3] NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.10.
    """
    groups = [clean(sample).values for sample in samples]
    outcome = _untestable(groups, log=log)
    if outcome is not None:
        return outcome
    from scipy import stats

    if log:
        groups = [np.log(group) for group in groups]
    centers = [
        float(stats.trim_mean(group, trim))
        if center == "trimmed"
        else float(np.median(group) if center == "median" else np.mean(group))
        for group in groups
    ]
    deviations = [np.abs(group - c) for group, c in zip(groups, centers, strict=True)]
    one_constant = any(np.ptp(group) == 0 for group in groups)
    n = tuple(group.size for group in groups)
    if all(np.ptp(d) <= _noise(group) for d, group in zip(deviations, groups, strict=True)):
        return SpreadTest(n, math.nan, math.nan, one_constant, Reason.CONSTANT_DEVIATIONS)
    result = stats.levene(*groups, center=center, proportiontocut=trim)
    return SpreadTest(n, float(result.statistic), float(result.pvalue), one_constant)


def fligner_killeen(samples: Sequence[ArrayLike]) -> SpreadTest:
    """Test whether k samples have the same spread, by the ranks of distances from the median.

    Robust to outliers: the cross-check of `levene`. Distances are rounded to 12 digits of the
    largest value before ranking: 80.33 and 80.32 are equally far from 80.325, their doubles are
    not, and a rank test would see an order there. Of samples of 6 to 20 values with the same
    spread it calls 3-4 % different at the level of 5 % if they are normal, but 7-8 % if they are
    exponential (4,000 simulations each; `levene`: 3-4 % and 4-6 %).

    Parameters
    ----------
    samples : sequence of array_like, shapes (n_i,)
        Two samples or more; non-finite values are dropped.

    Returns
    -------
    SpreadTest
        The statistic is chi-squared with k - 1 degrees of freedom.

    References
    ----------
    .. [1] M. A. Fligner, T. J. Killeen, JASA 71 (1976) 210-213.
    .. [2] W. J. Conover, M. E. Johnson, M. M. Johnson, Technometrics 23 (1981) 351-361: the form
       with medians, also R's fligner.test.
    """
    groups = [clean(sample).values for sample in samples]
    outcome = _untestable(groups)
    if outcome is not None:
        return outcome
    from scipy import stats

    largest = max(float(np.abs(group).max()) for group in groups)
    centred = [np.round((group - np.median(group)) / largest, 12) for group in groups]
    one_constant = any(np.ptp(group) == 0 for group in groups)
    n = tuple(group.size for group in groups)
    if np.ptp(np.abs(np.concatenate(centred))) == 0:
        return SpreadTest(n, math.nan, math.nan, one_constant, Reason.CONSTANT_DEVIATIONS)
    result = stats.fligner(*centred, center="median")
    return SpreadTest(n, float(result.statistic), float(result.pvalue), one_constant)


def sd_ratio(
    x: ArrayLike,
    y: ArrayLike,
    *,
    seed: int,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> SpreadRatio:
    """Return sd(x) / sd(y) with a percentile-bootstrap interval.

    Read the interval as a rough one; `levene` decides. Of nominal 95 % it covers 93-95 % of the
    time for normal samples of 6 to 20 values and 88-91 % for exponential ones (3,000 simulations
    each): resamples underrate the tails of a small skew sample.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    seed : int
        Seed of the bootstrap (numpy's PCG64).
    confidence : float
        Such as 0.95.
    resamples : int
        Number of resamples of each sample.

    Returns
    -------
    SpreadRatio

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    x, y = clean(x).values, clean(y).values
    nan = math.nan
    if min(x.size, y.size) < LEAST_N:
        return SpreadRatio(nan, nan, nan, Reason.N)
    constant = np.ptp(x) == 0, np.ptp(y) == 0
    if all(constant):
        return SpreadRatio(nan, nan, nan, Reason.ZERO_VARIANCE)
    if any(constant):
        return SpreadRatio(nan, nan, nan, Reason.ONE_CONSTANT)
    sds_x = bootstrap_sds(x, seed=seed, stream=0, resamples=resamples)
    sds_y = bootstrap_sds(y, seed=seed, stream=1, resamples=resamples)
    low, high, reason = ratio_limits(sds_x, sds_y, confidence)
    return SpreadRatio(float(x.std(ddof=1) / y.std(ddof=1)), low, high, reason)


def robust_z(x: ArrayLike) -> FloatArray:
    """Return the distance of every value from the median, in robust standard deviations.

    The unit is 1.4826 MAD, the standard deviation if the values are normal. Where more than half
    of the values are equal the MAD is 0, and every other value is infinitely far.

    Parameters
    ----------
    x : array_like, shape (n,)
        Non-finite values are dropped.

    Returns
    -------
    ndarray of float64, shape (n_finite,)

    References
    ----------
    .. [1] B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers (1993).
    """
    values = clean(x).values
    if values.size == 0:
        return values
    deviations = values - np.median(values)
    mad = np.median(np.abs(deviations))
    if mad == 0:
        return np.where(deviations == 0, 0.0, np.copysign(np.inf, deviations))
    return np.asarray(deviations / (1.4826 * mad), dtype=np.float64)


def _untestable(groups: list[FloatArray], *, log: bool = False) -> SpreadTest | None:
    """Return the empty outcome of samples that cannot be tested, with the reason."""
    if len(groups) < 2:
        raise ValueError("spreads are compared between two samples or more")
    n = tuple(group.size for group in groups)
    if min(n) < LEAST_N:
        return SpreadTest(n, math.nan, math.nan, reason=Reason.N)
    if all(np.ptp(group) == 0 for group in groups):
        return SpreadTest(n, math.nan, math.nan, reason=Reason.ZERO_VARIANCE)
    if log and min(group.min() for group in groups) <= 0:
        return SpreadTest(n, math.nan, math.nan, reason=Reason.NON_POSITIVE)
    return None


def _noise(group: FloatArray) -> float:
    """Return what rounding alone may add to differences of these values."""
    return float(group.size * np.finfo(np.float64).eps * np.abs(group).max())
