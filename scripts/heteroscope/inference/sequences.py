"""Does a sequence of values move? Trend, dependence on the values before, and order.

Tests of location and spread take the values of a sample to be independent and alike; a machine that
warms up or fills up while the trials run breaks that.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.samples import Reason, Significance, clean

LEAST_LENGTH = 8
"""Fewest values of a sequence here: below it the normal approximation of Kendall's S with ties has
no footing."""


def kendall_trend(positions: ArrayLike, values: ArrayLike) -> Significance:
    """Test whether values rise or fall with their positions.

    With sizes for positions, the values of a size being tied there, this is the test of Jonckheere
    and Terpstra for an ordered alternative: both count the pairs that are in order.

    Parameters
    ----------
    positions, values : array_like, shapes (n,)
        Of finite numbers; positions may repeat.

    Returns
    -------
    Significance
        Tau-b, -1 (falls throughout) to 1, and p from `scipy.stats.kendalltau`: exact without ties,
        else the normal approximation with the variance corrected for ties on both sides.
        `Reason.N` for fewer than `LEAST_LENGTH` values, `ZERO_VARIANCE` if a side does not vary.

    References
    ----------
    .. [1] M. G. Kendall, Rank Correlation Methods, 4th ed. (1970).
    .. [2] A. R. Jonckheere, Biometrika 41 (1954) 133-145.
    """
    x, y = np.asarray(positions, dtype=np.float64), clean(values)
    if y.size < LEAST_LENGTH:
        return Significance(math.nan, math.nan, Reason.N)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return Significance(math.nan, math.nan, Reason.ZERO_VARIANCE)
    from scipy import stats

    result = stats.kendalltau(x, y)
    return Significance(float(result.statistic), float(result.pvalue))


def lag1(values: ArrayLike) -> float:
    """Return the correlation of each value of a sequence with the one before.

    `values` are array_like of shape (n,), in the order in which they came. It is NaN for fewer than
    `LEAST_LENGTH` of them, or if they do not vary.
    """
    x = clean(values)
    if x.size < LEAST_LENGTH or np.ptp(x) == 0:
        return math.nan
    centred = x - x.mean()
    return float(centred[1:] @ centred[:-1] / (centred @ centred))


def too_few_runs(first: ArrayLike) -> float:
    """Test whether two kinds that follow one another were mixed, by the number of runs.

    A run is a stretch of one kind: ten and then ten others make two, ten pairs twenty.

    Parameters
    ----------
    first : array_like of bool, shape (n,)
        In order: whether it is of the first kind.

    Returns
    -------
    float
        The chance of so few runs or fewer if the order was at random: exact up to 100, else by the
        normal approximation. NaN if there is one kind only.

    References
    ----------
    .. [1] A. Wald, J. Wolfowitz, Ann. Math. Statist. 11 (1940) 147-162.

    Examples
    --------
    >>> too_few_runs([True] * 4 + [False] * 4) == 2 / 70
    True
    """
    kinds = np.asarray(first, dtype=bool)
    n_a, n_b = int(kinds.sum()), int((~kinds).sum())
    if min(n_a, n_b) == 0:
        return math.nan
    runs = 1 + int((kinds[1:] != kinds[:-1]).sum())
    if n_a + n_b > 100:
        from scipy.special import ndtr

        mean = 2 * n_a * n_b / (n_a + n_b) + 1
        deviation = math.sqrt((mean - 1) * (mean - 2) / (n_a + n_b - 1))
        return float(ndtr((runs + 0.5 - mean) / deviation))
    # Into how many runs each kind is cut: as many, or one more of the one that begins.
    ways = sum(
        math.comb(n_a - 1, r // 2 - 1) * math.comb(n_b - 1, (r + 1) // 2 - 1)
        + math.comb(n_a - 1, (r + 1) // 2 - 1) * math.comb(n_b - 1, r // 2 - 1)
        for r in range(2, runs + 1)
    )
    return ways / math.comb(n_a + n_b, n_a)
