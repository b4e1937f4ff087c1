"""Do samples differ in location? Tests, effect sizes, intervals and what a design can detect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heteroscope.inference.intervals import (
    RESAMPLES,
    bootstrap_medians,
    ratio_limits,
)
from heteroscope.inference.mann_whitney import EXACT_UP_TO, critical_count
from heteroscope.inference.samples import FloatArray, Reason, clean


@dataclass(frozen=True, slots=True)
class BrunnerMunzel:
    """Outcome of a Brunner-Munzel test.

    Attributes
    ----------
    statistic : float
        W, above 0 if `y` tends to be larger (the sign of scipy and of R's lawstat).
    p_value : float
        Two-sided.
    separated : bool
        Every value of one sample lies above every value of the other: the test does not exist.
    reason : Reason
        `N` (a sample has fewer than 2 values), `SEPARATED`, `ZERO_VARIANCE` (all values are
        equal): the figures are NaN.
    """

    statistic: float
    p_value: float
    separated: bool = False
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Superiority:
    """Probability that a value of `x` exceeds one of `y`, as A12 and as Cliff's delta.

    Attributes
    ----------
    a12, a12_low, a12_high : float
        P(X > Y) + P(X = Y) / 2 and its confidence limits, within [0, 1].
    delta, delta_low, delta_high : float
        Cliff's delta P(X > Y) - P(X < Y) = 2 A12 - 1 and its limits, within [-1, 1].
    separated : bool
        Every value of one sample lies above every value of the other.
    reason : Reason
        Why the limits are NaN: `N` (a sample has fewer than 2 values and they are not separated)
        or `ZERO_VARIANCE` (all values are equal).
    """

    a12: float
    a12_low: float
    a12_high: float
    delta: float
    delta_low: float
    delta_high: float
    separated: bool = False
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class MedianRatio:
    """Ratio of two medians with its bootstrap interval.

    Attributes
    ----------
    ratio, low, high : float
        median(x) / median(y) and its confidence limits; `high` may be infinite
        (`Reason.UNBOUNDED`).
    reason : Reason
        `N` (a sample is empty) or `NON_POSITIVE` (a median is 0 or less): the figures are NaN.
    """

    ratio: float
    low: float
    high: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Shift:
    """Hodges-Lehmann shift with its exact interval.

    Attributes
    ----------
    shift, low, high : float
        What `x` has on top of `y`, in the unit of the samples, and its confidence limits.
    confidence : float
        Actual confidence for values without ties; with ties it is at least this one.
    reason : Reason
        `N` (a sample is empty), or `FLOOR` (too few values for the confidence): no limits.
    """

    shift: float
    low: float
    high: float
    confidence: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Equivalence:
    """How the ratio of two medians lies to a margin (two one-sided tests).

    Attributes
    ----------
    ratio, low, high : float
        median(x) / median(y) and its interval of confidence 1 - 2 alpha (90 %).
    lower_bound, upper_bound : float
        The margin: 1 / (1 + margin) and 1 + margin.
    within : bool
        The interval lies inside the margin; False where there is no interval.
    smallest_margin : float
        The smallest margin for which it does.
    reason : Reason
        As for `MedianRatio`.
    """

    ratio: float
    low: float
    high: float
    lower_bound: float
    upper_bound: float
    within: bool
    smallest_margin: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class DetectableEffect:
    """The smallest effect that a design finds with a given power.

    Attributes
    ----------
    shift_sd : float
        Shift between two normal populations, in their standard deviations: times the coefficient
        of variation it is a relative difference.
    a12 : float
        The same effect as P(X > Y).
    reason : Reason
        `N` (a sample is empty) or `FLOOR` (no outcome reaches alpha): the figures are NaN.
    """

    shift_sd: float
    a12: float
    reason: Reason = Reason.NONE


def brunner_munzel(x: ArrayLike, y: ArrayLike) -> BrunnerMunzel:
    """Test P(X > Y) + P(X = Y) / 2 = 1/2, without the assumption of equal spreads.

    Where Mann-Whitney asks whether two samples share one distribution, this test asks for their
    location alone. It divides by a variance that is 0 in two cases, which have a reason instead
    of scipy's warnings: complete separation, and values that are all equal. For small samples it
    is liberal: at the level of 5 % it calls 7 % of 6 against 6 different, 6 % of 10 against 10
    and 5 % of 20 against 20 (4,000 simulations each), which is why it does not decide alone.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.

    Returns
    -------
    BrunnerMunzel
        From `scipy.stats.brunnermunzel` with the t distribution.

    References
    ----------
    .. [1] E. Brunner, U. Munzel, Biometrical Journal 42 (2000) 17-25.
    """
    x, y = clean(x).values, clean(y).values
    separated = _separated(x, y)
    reason = Reason.NONE
    if min(x.size, y.size) < 2:
        reason = Reason.N
    elif separated:
        reason = Reason.SEPARATED
    elif _all_equal(x, y):
        reason = Reason.ZERO_VARIANCE
    if reason:
        return BrunnerMunzel(math.nan, math.nan, separated, reason)
    from scipy import stats

    result = stats.brunnermunzel(x, y)
    return BrunnerMunzel(float(result.statistic), float(result.pvalue))


def superiority(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Superiority:
    r"""Return A12 and Cliff's delta with intervals that stay within their range.

    The interval of A12 is symmetric on the logit scale, with the standard error of Sen and
    DeLong (the one in Brunner-Munzel's test) and a normal quantile. Simulated coverage of 95 %
    intervals, for A12 of 0.5 to 0.92, normal, exponential and whole-second values: 95-99 % at
    n = 6, 95-98 % at n = 10, 94-96 % at n = 20 a side (20,000 simulations each). Student's t in
    place of the normal gives 98-100 % at n = 6, needlessly wide.

    Complete separation leaves no variance. The outer limit is then 0 or 1, and the inner one
    (for A12 = 1) :math:`(\alpha / 2)^{1/m}` with m = min(n_x, n_y): separation means that in each
    of m disjoint pairs the value of x is the larger, which has a probability of at most
    :math:`A_{12}^m` whatever the distributions are. It is the exact binomial limit of m successes
    out of m.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    confidence : float
        Such as 0.95.

    Returns
    -------
    Superiority

    References
    ----------
    .. [1] A. Vargha, H. D. Delaney, J. Educ. Behav. Stat. 25 (2000) 101-132: A12.
    .. [2] N. Cliff, Psychol. Bull. 114 (1993) 494-509: delta.
    .. [3] P. K. Sen, Sankhya A 29 (1967) 95-102; E. R. DeLong et al., Biometrics 44 (1988)
       837-845: the variance.
    .. [4] C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413: the binomial limit.
    """
    x, y = clean(x).values, clean(y).values
    if min(x.size, y.size) == 0:
        return _superiority(math.nan, math.nan, math.nan, reason=Reason.N)
    doubled_wins = _doubled_wins(x, y)
    a12 = int(doubled_wins.sum()) / (2 * x.size * y.size)
    tail = (1 - confidence) / 2
    if _separated(x, y):
        limit = tail ** (1 / min(x.size, y.size))
        low, high = (limit, 1.0) if a12 == 1 else (0.0, 1 - limit)
        return _superiority(a12, low, high, separated=True)
    if _all_equal(x, y):
        return _superiority(a12, math.nan, math.nan, reason=Reason.ZERO_VARIANCE)
    if min(x.size, y.size) < 2:
        return _superiority(a12, math.nan, math.nan, reason=Reason.N)
    from scipy.special import expit, logit, ndtri

    # The placement of a value is the share of the other sample that it exceeds.
    placements_x = doubled_wins / (2 * y.size)
    placements_y = _doubled_wins(y, x) / (2 * x.size)
    variance = placements_x.var(ddof=1) / x.size + placements_y.var(ddof=1) / y.size
    half = -float(ndtri(tail)) * math.sqrt(variance) / (a12 * (1 - a12))
    low, high = (float(expit(logit(a12) + sign * half)) for sign in (-1, 1))
    return _superiority(a12, low, high)


def median_ratio(
    x: ArrayLike,
    y: ArrayLike,
    *,
    seed: int,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> MedianRatio:
    """Return median(x) / median(y) with a percentile-bootstrap interval.

    Simulated coverage of 95 % intervals for ratios of 1, samples of 6 to 20 values: 96-97 % for
    normal and exponential values, 98-99 % for whole seconds (3,000 simulations each).

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    seed : int
        Seed of the bootstrap (numpy's PCG64). The interval depends on the samples and the seed
        alone.
    confidence : float
        Such as 0.95.
    resamples : int
        Number of resamples of each sample.

    Returns
    -------
    MedianRatio

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    x, y = clean(x).values, clean(y).values
    nan = math.nan
    if min(x.size, y.size) == 0:
        return MedianRatio(nan, nan, nan, Reason.N)
    median_x, median_y = float(np.median(x)), float(np.median(y))
    if min(median_x, median_y) <= 0:
        return MedianRatio(nan, nan, nan, Reason.NON_POSITIVE)
    low, high, reason = ratio_limits(
        bootstrap_medians(x, seed=seed, stream=0, resamples=resamples),
        bootstrap_medians(y, seed=seed, stream=1, resamples=resamples),
        confidence,
    )
    return MedianRatio(median_x / median_y, low, high, reason)


def equivalence(
    x: ArrayLike,
    y: ArrayLike,
    *,
    margin: float,
    seed: int,
    alpha: float = 0.05,
    resamples: int = RESAMPLES,
) -> Equivalence:
    """Compare the ratio of two medians with a margin within which it makes no difference.

    Two one-sided tests at the level alpha both reject if the interval of confidence 1 - 2 alpha
    lies inside the margin. The margin of 5 % is 1/1.05 to 1.05 rather than 0.95 to 1.05, so that
    x against y and y against x have one answer.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    margin : float
        The largest relative difference without practical meaning, above 0, such as 0.05.
    seed : int
        Seed of the bootstrap (numpy's PCG64).
    alpha : float
        Level of each one-sided test.
    resamples : int
        Number of resamples of each sample.

    Returns
    -------
    Equivalence

    Raises
    ------
    ValueError
        If the margin is not above 0.

    References
    ----------
    .. [1] D. J. Schuirmann, J. Pharmacokin. Biopharm. 15 (1987) 657-680.
    """
    if not margin > 0:
        raise ValueError(f"a margin is above zero, not {margin}")
    lower_bound, upper_bound = 1 / (1 + margin), 1 + margin
    estimate = median_ratio(x, y, seed=seed, confidence=1 - 2 * alpha, resamples=resamples)
    low, high = estimate.low, estimate.high
    if math.isnan(low):
        smallest_margin = math.nan
    else:
        smallest_margin = max(high, 1 / low if low > 0 else math.inf) - 1
    return Equivalence(
        ratio=estimate.ratio,
        low=low,
        high=high,
        lower_bound=lower_bound,
        upper_bound=upper_bound,
        within=lower_bound < low and high < upper_bound,
        smallest_margin=smallest_margin,
        reason=estimate.reason,
    )


def hodges_lehmann(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Shift:
    """Return the shift of `x` against `y`: the median of all differences, with an exact interval.

    The limits are the k-th smallest and k-th largest of the n_x n_y differences, k by the exact
    distribution of U *without* ties (R's wilcox.test without ties). With ties R turns to a normal
    approximation; here the exact interval is kept. It is a closed interval, and values rounded to
    a clock's step can only fall onto its ends: its confidence is then at least the one stated
    (Randles & Wolfe 1979, and the tests on whole seconds). Above 100 values k comes from the
    normal approximation. 0 lies outside just where the untied two-sided p is <= 1 - confidence.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    confidence : float
        The least confidence, such as 0.95.

    Returns
    -------
    Shift

    References
    ----------
    .. [1] J. L. Hodges, E. L. Lehmann, Ann. Math. Statist. 34 (1963) 598-611.
    .. [2] D. F. Bauer, JASA 67 (1972) 687-690: the interval, also R's wilcox.test.
    .. [3] R. H. Randles, D. A. Wolfe, Introduction to the Theory of Nonparametric Statistics
       (1979), chapter 6.
    """
    x, y = clean(x).values, clean(y).values
    nan = math.nan
    if min(x.size, y.size) == 0:
        return Shift(nan, nan, nan, nan, Reason.N)
    n = x.size * y.size
    k, alpha = critical_count(x.size, y.size, 1 - confidence)
    lower, upper, low, high = _differences(x, y, ((n - 1) // 2, n // 2, max(k, 1) - 1, n - k))
    shift = (lower + upper) / 2
    if k == 0:
        return Shift(shift, nan, nan, nan, Reason.FLOOR)
    return Shift(shift, low, high, 1 - alpha)


# So many differences are sorted, 8 MB of them; of more, those that are asked for are searched.
_SORTED = 1_000_000


def _differences(x: FloatArray, y: FloatArray, ranks: Sequence[int]) -> list[float]:
    """Return the differences x_i - y_j of some ranks, from 0; beyond the last one, the last."""
    n = x.size * y.size
    if n <= _SORTED:
        ordered = np.sort(np.subtract.outer(x, y), axis=None)
        return [float(ordered[min(rank, n - 1)]) for rank in ranks]
    return [_difference(x, y, min(rank, n - 1)) for rank in ranks]


def _difference(x: FloatArray, y: FloatArray, rank: int) -> float:
    """Find the one float of which `rank` differences, and no more, lie below."""
    (x, of_x), (y, of_y) = (np.unique(values, return_counts=True) for values in (x, y))
    from_here = np.append(np.cumsum(of_y[::-1])[::-1], 0)
    low, high = _ordinal(x[0] - y[-1]), _ordinal(x[-1] - y[0])
    while low < high:
        middle = (low + high) // 2
        # In a row, the differences fall as y rises: these are up to the limit from here on.
        if int(of_x @ from_here[_first_up_to(x, y, _float(middle))]) > rank:
            high = middle
        else:
            low = middle + 1
    # No -0: a difference of two equal numbers is 0.
    return _float(low) + 0.0


def _first_up_to(x: FloatArray, y: FloatArray, limit: float) -> NDArray[np.intp]:
    """Return, for each of x, the place in y from which on their difference is up to a limit."""
    first = np.searchsorted(y, x - limit)
    # The sum was rounded, as the difference itself is: at most a few places.
    while (less := (first > 0) & (x - y[first - 1] <= limit)).any():
        first = first - less
    while (more := (first < y.size) & (x - y[np.minimum(first, y.size - 1)] > limit)).any():
        first = first + more
    return first


def _ordinal(value: float) -> int:
    """Number floats in their order, without gaps."""
    bits = int(np.float64(value).view(np.int64))
    return bits if bits >= 0 else -(bits & _MAGNITUDE)


def _float(ordinal: int) -> float:
    magnitude = float(np.int64(abs(ordinal)).view(np.float64))
    return magnitude if ordinal >= 0 else -magnitude


_MAGNITUDE = (1 << 63) - 1


@lru_cache(maxsize=64)
def minimum_detectable_effect(
    n_x: int, n_y: int, *, alpha: float = 0.05, power: float = 0.8
) -> DetectableEffect:
    """Return the smallest effect that a Mann-Whitney test of these sizes finds.

    Up to 100 values in all, by simulation of the exact test: it rejects "no shift" on the side of
    the effect just where the shift exceeds the upper limit of the Hodges-Lehmann interval that
    the same samples had without it. So the effect found with a power of 80 % is the 80 %
    quantile of that limit over 10,000 pairs of standard normal samples (fixed seed; the standard
    error is about 1 % of the result). Above, Noether's formula.

    Parameters
    ----------
    n_x, n_y : int
        Sizes of the samples.
    alpha : float
        Two-sided level.
    power : float
        The chance to find the effect.

    Returns
    -------
    DetectableEffect

    References
    ----------
    .. [1] G. E. Noether, JASA 82 (1987) 645-647.
    """
    if min(n_x, n_y) < 1:
        return DetectableEffect(math.nan, math.nan, Reason.N)
    k, _ = critical_count(n_x, n_y, alpha)
    if k == 0:
        return DetectableEffect(math.nan, math.nan, Reason.FLOOR)
    from scipy.special import ndtr, ndtri

    if n_x + n_y <= EXACT_UP_TO:
        shift = float(np.quantile(_upper_limits_without_shift(n_x, n_y, k), power))
        return DetectableEffect(shift, float(ndtr(shift / math.sqrt(2))))
    quantiles = float(ndtri(1 - alpha / 2) + ndtri(power))
    a12 = 0.5 + quantiles * math.sqrt((n_x + n_y) / (12 * n_x * n_y))
    if a12 >= 1:
        return DetectableEffect(math.nan, math.nan, Reason.FLOOR)
    return DetectableEffect(float(math.sqrt(2) * ndtri(a12)), a12)


def _upper_limits_without_shift(n_x: int, n_y: int, k: int) -> FloatArray:
    """Return the k-th largest difference in each of 10,000 pairs of standard normal samples."""
    generator = np.random.default_rng(0)
    limits = []
    for _ in range(10):  # 1,000 pairs at a time: 20 MB at 50 against 50
        x = generator.standard_normal((1_000, n_x, 1))
        y = generator.standard_normal((1_000, 1, n_y))
        differences = (x - y).reshape(1_000, -1)
        differences.partition(-k, axis=1)
        limits.append(differences[:, -k])
    return np.concatenate(limits)


def _superiority(
    a12: float, low: float, high: float, *, separated: bool = False, reason: Reason = Reason.NONE
) -> Superiority:
    """Complete A12 and its limits by Cliff's delta."""
    return Superiority(a12, low, high, 2 * a12 - 1, 2 * low - 1, 2 * high - 1, separated, reason)


def _doubled_wins(values: FloatArray, others: FloatArray) -> NDArray[np.intp]:
    """Return, for each value, 2 for each of `others` below it and 1 for each tie."""
    ascending = np.sort(others)
    below: NDArray[np.intp] = np.searchsorted(ascending, values, side="left")
    not_above: NDArray[np.intp] = np.searchsorted(ascending, values, side="right")
    return below + not_above


def _separated(x: FloatArray, y: FloatArray) -> bool:
    """Say whether every value of one sample lies above every value of the other."""
    if min(x.size, y.size) == 0:
        return False
    return bool(x.min() > y.max() or y.min() > x.max())


def _all_equal(x: FloatArray, y: FloatArray) -> bool:
    """Say whether both samples consist of one and the same value."""
    return bool(x.min() == y.max() and y.min() == x.max())
