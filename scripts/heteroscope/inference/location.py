"""Do samples differ in location? A test, an effect size, and a shift."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.mann_whitney import critical_count
from heteroscope.inference.samples import Estimate, FloatArray, Reason, Significance, clean


def brunner_munzel(x: ArrayLike, y: ArrayLike) -> Significance:
    """Test P(X > Y) + P(X = Y) / 2 = 1/2, without the assumption of equal spreads.

    Where Mann-Whitney asks whether two samples share one distribution, this test asks for their
    location alone. It divides by a variance that is 0 in two cases, which have a reason instead
    of scipy's warnings: complete separation, and values that are all equal. For small samples it
    is liberal: at the level of 5 % it calls 7 % of 6 against 6 different, 6 % of 10 against 10
    and 5 % of 20 against 20 (4,000 simulations each), which is why it does not decide alone.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)

    Returns
    -------
    Significance
        From `scipy.stats.brunnermunzel` with the t distribution; W is above 0 if `y` tends to be
        larger. `Reason.N` for fewer than 2 values, `SEPARATED` and `ZERO_VARIANCE` as said.

    References
    ----------
    .. [1] E. Brunner, U. Munzel, Biometrical Journal 42 (2000) 17-25.
    """
    x, y = clean(x), clean(y)
    if reason := _degenerate(x, y):
        return Significance(math.nan, math.nan, reason)
    from scipy import stats

    result = stats.brunnermunzel(x, y)
    return Significance(float(result.statistic), float(result.pvalue))


def superiority(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    r"""Return A12 with an interval that stays within its range.

    The interval is symmetric on the logit scale, with the standard error of Sen and DeLong (the
    one in Brunner-Munzel's test) and a normal quantile. Simulated coverage of 95 % intervals, for
    A12 of 0.5 to 0.92, normal, exponential and whole-second values: 95-99 % at n = 6, 95-98 % at
    n = 10, 94-96 % at n = 20 a side (20,000 simulations each).

    Complete separation leaves no variance. The outer limit is then 0 or 1, and the inner one
    (for A12 = 1) :math:`(\alpha / 2)^{1/m}` with m = min(n_x, n_y): separation means that in each
    of m disjoint pairs the value of x is the larger, which has a probability of at most
    :math:`A_{12}^m` whatever the distributions are.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
    confidence : float

    Returns
    -------
    Estimate
        Within [0, 1]; without limits for fewer than 2 values that are not separated (`Reason.N`),
        or if all are equal (`ZERO_VARIANCE`).

    References
    ----------
    .. [1] A. Vargha, H. D. Delaney, J. Educ. Behav. Stat. 25 (2000) 101-132: A12.
    .. [2] P. K. Sen, Sankhya A 29 (1967) 95-102; E. R. DeLong et al., Biometrics 44 (1988)
       837-845: the variance.
    .. [3] C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413: the binomial limit.
    """
    x, y = clean(x), clean(y)
    if min(x.size, y.size) == 0:
        return Estimate(math.nan, math.nan, math.nan, Reason.N)
    wins = _doubled_wins(x, y)
    a12 = int(wins.sum()) / (2 * x.size * y.size)
    tail = (1 - confidence) / 2
    if _separated(x, y):
        limit = tail ** (1 / min(x.size, y.size))
        return Estimate(1, limit, 1) if a12 == 1 else Estimate(0, 0, 1 - limit)
    if reason := _degenerate(x, y):
        return Estimate(a12, math.nan, math.nan, reason)
    from scipy.special import expit, logit, ndtri

    # The placement of a value is the share of the other sample that it exceeds.
    variance = (wins / (2 * y.size)).var(ddof=1) / x.size
    variance += (_doubled_wins(y, x) / (2 * x.size)).var(ddof=1) / y.size
    half = -float(ndtri(tail)) * math.sqrt(variance) / (a12 * (1 - a12))
    low, high = (float(expit(logit(a12) + sign * half)) for sign in (-1, 1))
    return Estimate(a12, low, high)


def hodges_lehmann(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Estimate:
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
    confidence : float
        The least that the limits have.

    Returns
    -------
    Estimate
        In the unit of the samples; of more than a million differences, to 15 digits of the largest
        one. `Reason.N` if a sample is empty, `FLOOR` if there are too few values for limits.

    References
    ----------
    .. [1] J. L. Hodges, E. L. Lehmann, Ann. Math. Statist. 34 (1963) 598-611.
    .. [2] D. F. Bauer, JASA 67 (1972) 687-690: the interval, also R's wilcox.test.
    .. [3] R. H. Randles, D. A. Wolfe, Introduction to the Theory of Nonparametric Statistics
       (1979), chapter 6.
    """
    x, y = clean(x), clean(y)
    nan = math.nan
    if min(x.size, y.size) == 0:
        return Estimate(nan, nan, nan, Reason.N)
    n = x.size * y.size
    k, _ = critical_count(x.size, y.size, 1 - confidence)
    ranks = ((n - 1) // 2, n // 2, max(k, 1) - 1, min(n - k, n - 1))
    if n <= _SORTED:
        every = np.sort(np.subtract.outer(x, y), axis=None)
        lower, upper, low, high = (float(every[rank]) for rank in ranks)
    else:
        x, y = np.sort(x), np.sort(y)
        lower, upper, low, high = (_difference(x, y, rank) for rank in ranks)
    if k == 0:
        return Estimate((lower + upper) / 2, nan, nan, Reason.FLOOR)
    return Estimate((lower + upper) / 2, low, high)


# So many differences are sorted, 8 MB of them; of more, those that are asked for are searched.
_SORTED = 1_000_000


def _difference(x: FloatArray, y: FloatArray, rank: int) -> float:
    """Search the difference of a rank, from 0, of ascending samples."""
    low, high = x[0] - y[-1], x[-1] - y[0]
    for _ in range(60):
        middle = (low + high) / 2
        up_to = int((y.size - np.searchsorted(y, x - middle)).sum())
        low, high = (low, middle) if up_to > rank else (middle, high)
    return float(high)


def _degenerate(x: FloatArray, y: FloatArray) -> Reason:
    """Say why two samples leave no variance of their ranks, if they do."""
    if min(x.size, y.size) < 2:
        return Reason.N
    if _separated(x, y):
        return Reason.SEPARATED
    pooled = np.concatenate([x, y])
    return Reason.ZERO_VARIANCE if pooled.min() == pooled.max() else Reason.NONE


def _separated(x: FloatArray, y: FloatArray) -> bool:
    return bool(x.min() > y.max() or y.min() > x.max())


def _doubled_wins(
    values: FloatArray, others: FloatArray
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return, for each value, 2 for each of `others` below it and 1 for each tie."""
    ascending = np.sort(others)
    return np.searchsorted(ascending, values) + np.searchsorted(ascending, values, side="right")
