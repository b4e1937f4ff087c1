"""The Mann-Whitney U test with its exact conditional distribution, ties included."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heteroscope.inference.samples import FloatArray, Reason, clean

EXACT_UP_TO = 100
"""The largest n_x + n_y at which the distribution of U is enumerated."""


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Outcome of a Mann-Whitney U test of `x` against `y`.

    Attributes
    ----------
    n_x, n_y : int
        Finite values in each sample.
    u_x, u_y : float
        U of each sample: pairs in which it is the larger, ties counting half; u_x + u_y = n_x n_y.
    p_value : float
        Two-sided p: the probability of a U at least as far from its mean n_x n_y / 2.
    p_less, p_greater : float
        One-sided p for "x tends to be smaller than y", and "larger".
    method : str
        "exact" or "asymptotic"; empty where nothing was computed.
    smallest_p : float
        The smallest two-sided p that these ties admit, over all ways to deal the pooled values
        into samples of these sizes.
    separated : bool
        Every value of one sample lies above every value of the other.
    reason : Reason
        `Reason.N` where a sample is empty, and all figures are NaN.
    """

    n_x: int
    n_y: int
    u_x: float
    u_y: float
    p_value: float
    p_less: float
    p_greater: float
    method: str
    smallest_p: float
    separated: bool
    reason: Reason = Reason.NONE

    def reason_at(self, alpha: float) -> Reason:
        """Say why the test cannot decide at the level `alpha`, if it cannot.

        `Reason.FLOOR` stands for samples so small that neither their sizes (3 against 3: p >= 0.1)
        nor their ties let any outcome be significant. Two large samples of one and the same value
        are no such case: they did have the chance to differ.
        """
        if self.reason:
            return self.reason
        if min(self.smallest_p, smallest_p_untied(self.n_x, self.n_y)) > alpha:
            return Reason.FLOOR
        return Reason.NONE


def mann_whitney(x: ArrayLike, y: ArrayLike, *, exact_up_to: int = EXACT_UP_TO) -> MannWhitney:
    r"""Test whether `x` and `y` come from one distribution, by their ranks.

    The exact p conditions on the pooled values as they are, ties and all: it is the share of the
    :math:`\binom{n_x + n_y}{n_x}` ways to deal them into two samples that give a U as extreme.
    Two-sided, extreme means :math:`|U - n_x n_y / 2|` at least as large as observed; doubling the
    smaller tail, the usual short cut, is wrong where ties make the distribution skew. (scipy's
    ``method="exact"`` takes ties for untied values; its ``"auto"`` turns to the normal
    approximation at the first tie.)

    The ways are counted in float64. Up to n_x + n_y = 56 every count is a whole number below 2**53,
    so p is the correctly rounded quotient of two integers. Above, only positive numbers are added,
    fewer than n_x + n_y + 30 times in a row, so the relative error of p is below
    130 * 2**-53 = 1.5e-14 at the limit of 100 values.

    The asymptotic p above `exact_up_to` values uses the variance corrected for ties and a
    continuity correction of one half.

    Parameters
    ----------
    x, y : array_like, shapes (n_x,) and (n_y,)
        Samples in one unit; non-finite values are dropped.
    exact_up_to : int
        The largest n_x + n_y that is enumerated; 0 gives the asymptotic p.

    Returns
    -------
    MannWhitney
        `mann_whitney(y, x)` has the very same `p_value`, bit for bit.

    References
    ----------
    .. [1] H. B. Mann, D. R. Whitney, Ann. Math. Statist. 18 (1947) 50-60.
    .. [2] E. L. Lehmann, Nonparametrics: Statistical Methods Based on Ranks (1975), section 1.4:
       the conditional distribution with ties.
    .. [3] J. H. Klotz, JASA 61 (1966) 772-787: its computation.

    Examples
    --------
    >>> mann_whitney([74] * 6, [75] * 6).p_value == 2 / 924
    True
    """
    x, y = clean(x).values, clean(y).values
    n_x, n_y = x.size, y.size
    if n_x == 0 or n_y == 0:
        nan = math.nan
        return MannWhitney(n_x, n_y, nan, nan, nan, nan, nan, "", nan, False, Reason.N)

    ranks, ties = _doubled_midranks(np.concatenate([x, y]))
    # All in whole numbers: 2 U = doubled rank sum - n (n + 1).
    doubled_u_x = int(ranks[:n_x].sum()) - n_x * (n_x + 1)
    doubled_u_y = 2 * n_x * n_y - doubled_u_x
    floor = _smallest_p(ties, min(n_x, n_y))
    if n_x + n_y <= exact_up_to:
        method = "exact"
        # Always the distribution of the smaller sample: what makes the test symmetric to the bit.
        if n_x <= n_y:
            two_sided, p_less, p_greater = _exact_p(ties, n_x, doubled_u_x)
        else:
            two_sided, p_greater, p_less = _exact_p(ties, n_y, doubled_u_y)
    else:
        method = "asymptotic"
        two_sided, p_less, p_greater = _asymptotic_p(ties, n_x, n_y, doubled_u_x)
    return MannWhitney(
        n_x=n_x,
        n_y=n_y,
        u_x=doubled_u_x / 2,
        u_y=doubled_u_y / 2,
        p_value=two_sided,
        p_less=p_less,
        p_greater=p_greater,
        method=method,
        smallest_p=floor,
        separated=min(doubled_u_x, doubled_u_y) == 0,
    )


def smallest_p_untied(n_x: int, n_y: int) -> float:
    """Return the smallest two-sided p of samples of these sizes without ties.

    It is that of complete separation, 2 / C(n_x + n_y, n_x).

    Parameters
    ----------
    n_x, n_y : int
        Sizes of the samples; NaN is returned if one is 0.

    Examples
    --------
    >>> smallest_p_untied(3, 3)
    0.1
    """
    if min(n_x, n_y) < 1:
        return math.nan
    return min(1.0, 2 / math.comb(n_x + n_y, n_x))


@lru_cache(maxsize=256)
def critical_count(n_x: int, n_y: int, alpha: float) -> tuple[int, float]:
    """Count the pairs that may contradict a shift before it is rejected at the level `alpha`.

    Parameters
    ----------
    n_x, n_y : int
        Sizes of the samples, without ties.
    alpha : float
        Two-sided level.

    Returns
    -------
    k : int
        The largest k with P(U <= k - 1) <= alpha / 2; 0 if there is none.
    actual_alpha : float
        2 P(U <= k - 1): the level in fact, exact up to `EXACT_UP_TO` values and otherwise by the
        normal approximation with continuity correction.
    """
    if n_x + n_y <= EXACT_UP_TO:
        ways = _distribution((1,) * (n_x + n_y), min(n_x, n_y)).ways
        lower_tail = np.cumsum(ways) / math.comb(n_x + n_y, n_x)
        k = int(np.searchsorted(lower_tail, alpha / 2, side="right"))
        return k, 2 * float(lower_tail[k - 1]) if k else 0.0
    from scipy.special import ndtr, ndtri

    mean = n_x * n_y / 2
    deviation = math.sqrt(n_x * n_y * (n_x + n_y + 1) / 12)
    k = max(0, math.floor(mean + 0.5 + float(ndtri(alpha / 2)) * deviation))
    return k, 2 * float(ndtr((k - 0.5 - mean) / deviation)) if k else 0.0


def _doubled_midranks(pooled: FloatArray) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Return twice the midrank of every value, a whole number, and the sizes of the tie groups."""
    _, group, sizes = np.unique(pooled, return_inverse=True, return_counts=True)
    return _group_ranks(sizes)[group], tuple(sizes.tolist())


def _group_ranks(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return twice the midrank of each tie group, from the smallest value up."""
    ranks: NDArray[np.int64] = 2 * np.cumsum(sizes) - sizes + 1
    return ranks


class _Distribution(NamedTuple):
    """The ways to deal the pooled values, by the U of one sample."""

    doubled_u: NDArray[np.int64]
    """2 U, a whole number, ascending; shape (k,)."""
    ways: FloatArray
    """How many subsets have this U; shape (k,)."""


@lru_cache(maxsize=128)
def _distribution(ties: tuple[int, ...], m: int) -> _Distribution:
    """Count the subsets of `m` pooled values by their U.

    Parameters
    ----------
    ties : tuple of int
        Sizes of the tie groups, from the smallest value up.
    m : int
        Size of the subset.

    Returns
    -------
    _Distribution
        Read-only arrays, for the result is cached.
    """
    sizes = np.asarray(ties, dtype=np.int64)
    ranks = np.repeat(_group_ranks(sizes), sizes)
    above_lowest = ranks - ranks[0]
    # Without ties all doubled midranks are even: in steps of 2 the table is half as wide.
    step = int(np.gcd.reduce(above_lowest)) or 1
    scores = (above_lowest // step).tolist()
    n = len(scores)

    # table[j, s]: subsets of j of the values seen so far with the sum of scores s. Tied values
    # are dealt one by one, as the distinct trials that they are. Cells that no longer lead to a
    # full subset, or that no subset has reached yet, are not touched.
    sums = [0, *np.cumsum(scores).tolist()]
    table = np.zeros((m + 1, sums[n] - sums[n - m] + 1))
    table[0, 0] = 1
    for seen, score in enumerate(scores, start=1):
        first, last = max(1, m - (n - seen)), min(seen, m)
        end = sums[seen] - sums[seen - last] + 1
        table[first : last + 1, score:end] += table[first - 1 : last, : end - score]

    ways = table[m, sums[m] :].copy()
    # 2 U is the doubled rank sum less m (m + 1).
    lowest = step * sums[m] + m * (int(ranks[0]) - m - 1)
    doubled_u = lowest + step * np.arange(ways.size, dtype=np.int64)
    ways.setflags(write=False)
    doubled_u.setflags(write=False)
    return _Distribution(doubled_u, ways)


def _exact_p(ties: tuple[int, ...], m: int, doubled_u: int) -> tuple[float, float, float]:
    """Return p two-sided, less and greater of a sample of `m` values with this 2 U."""
    u, ways = _distribution(ties, m)
    n = sum(ties)
    doubled_mean = m * (n - m)
    subsets = math.comb(n, m)

    def share(extreme: NDArray[np.bool_]) -> float:
        # Whole numbers on both sides: one correctly rounded division. The limit of 1 is for the
        # rounding of counts above 2**53.
        return min(1.0, int(ways[extreme].sum()) / subsets)

    return (
        share(np.abs(u - doubled_mean) >= abs(doubled_u - doubled_mean)),
        share(u <= doubled_u),
        share(u >= doubled_u),
    )


def _asymptotic_p(
    ties: tuple[int, ...], n_x: int, n_y: int, doubled_u_x: int
) -> tuple[float, float, float]:
    """Return p two-sided, less and greater by the normal approximation."""
    from scipy.special import ndtr

    n = n_x + n_y
    if len(ties) == 1:
        return 1.0, 1.0, 1.0
    tied = sum(t**3 - t for t in ties)
    deviation = math.sqrt(n_x * n_y / 12 * (n + 1 - tied / (n * (n - 1))))
    difference = (doubled_u_x - n_x * n_y) / 2
    return (
        min(1.0, 2 * float(ndtr((0.5 - abs(difference)) / deviation))),
        float(ndtr((0.5 + difference) / deviation)),
        float(ndtr((0.5 - difference) / deviation)),
    )


def _smallest_p(ties: tuple[int, ...], m: int) -> float:
    """Return the two-sided p of the most extreme U that these ties admit.

    It lies at the subset of the `m` smallest or of the `m` largest values, or at both. Other
    subsets share that U only by exchanging values of the tie group on the border.
    """
    n = sum(ties)
    lowest, ways_lowest = _doubled_lowest_u(ties, m)
    # The largest values are the smallest ones of the reversed order, with U mirrored.
    from_top, ways_highest = _doubled_lowest_u(ties[::-1], m)
    distances = m * (n - m) - lowest, m * (n - m) - from_top
    extreme = max(distances)
    ways = ways_lowest * (distances[0] == extreme) + ways_highest * (distances[1] == extreme)
    return min(1.0, ways / math.comb(n, m))


def _doubled_lowest_u(ties: tuple[int, ...], m: int) -> tuple[int, int]:
    """Return the lowest 2 U of a subset of `m` values, and how many subsets have it."""
    below = 0
    for size in ties:
        if below + size >= m:
            break
        below += size
    taken = m - below
    # Within the groups that are taken whole, and among the `taken`, pairs do not count: only those
    # of a taken value with one that was left behind in its own group, half each.
    return taken * (size - taken), math.comb(size, taken)
