"""Effect sizes and intervals of location against other programs, and what must always hold."""

import math

import numpy as np
import pragmastat
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.nonparametric import rank_compare_2indep

from heteroscope.inference import (
    brunner_munzel,
    hodges_lehmann,
    mann_whitney,
    median_ratio,
    superiority,
)
from heteroscope.inference.location import _difference
from heteroscope.inference.mann_whitney import critical_count

seconds = st.lists(st.integers(60, 100), min_size=2, max_size=25)


def two_samples(n_x: int = 20, n_y: int = 21) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(6)
    return generator.normal(76, 2, n_x), generator.normal(75, 3, n_y)


# Brunner-Munzel


@given(seconds, seconds)
def test_brunner_munzel_is_that_of_statsmodels(x: list[int], y: list[int]):
    result = brunner_munzel(x, y)
    assume(not result.reason)
    oracle = rank_compare_2indep(x, y, use_t=True)
    assert result.p_value == pytest.approx(oracle.pvalue, rel=1e-9)


@given(seconds, seconds)
def test_brunner_munzel_changes_its_sign_alone_when_swapped(x: list[int], y: list[int]):
    one, other = brunner_munzel(x, y), brunner_munzel(y, x)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-9, nan_ok=True)
    assert one.statistic == pytest.approx(-other.statistic, nan_ok=True)
    assert math.isnan(one.p_value) == bool(one.reason)
    u = mann_whitney(x, y).u_x
    assert (one.reason == "separated") == (u in (0, len(x) * len(y)))


# A12


@given(seconds, seconds)
def test_a12_is_the_share_of_pairs_won(x: list[int], y: list[int]):
    result = superiority(x, y)
    pairs = [(a > b) + (a == b) / 2 for a in x for b in y]
    assert result.value == sum(pairs) / len(pairs)
    assert result.value == mann_whitney(x, y).u_x / (len(x) * len(y))


@given(seconds, seconds)
def test_the_interval_of_a12_keeps_its_range(x: list[int], y: list[int]):
    result = superiority(x, y)
    assume(not result.reason)
    assert 0 <= result.low <= result.value <= result.high <= 1


@given(seconds, seconds)
def test_swapping_mirrors_a12_and_its_interval(x: list[int], y: list[int]):
    one, other = superiority(x, y), superiority(y, x)
    for figure, mirror in [
        (one.value, other.value),
        (one.low, other.high),
        (one.high, other.low),
    ]:
        assert figure == pytest.approx(1 - mirror, abs=1e-12, nan_ok=True)


def test_the_standard_error_of_a12_is_that_of_statsmodels():
    """Back from the logit scale: half the width is 1.96 se / (A12 (1 - A12))."""
    x, y = two_samples()
    result, oracle = superiority(x, y), rank_compare_2indep(x, y)
    assert result.value == pytest.approx(oracle.prob1)
    width = np.diff(np.log([[p / (1 - p)] for p in (result.low, result.high)]), axis=0)
    se = width.item() / 2 / stats.norm.ppf(0.975) * result.value * (1 - result.value)
    assert se == pytest.approx(math.sqrt(oracle.var_prob), rel=1e-9)


@pytest.mark.parametrize(("n_x", "n_y"), [(20, 20), (6, 9), (1, 5)])
def test_separated_samples_have_the_exact_binomial_limit(n_x: int, n_y: int):
    m = min(n_x, n_y)
    oracle = stats.binomtest(m, m).proportion_ci(0.95, method="exact")
    above = superiority(range(100, 100 + n_x), range(n_y))
    assert above.value == 1
    assert (above.low, above.high) == pytest.approx((oracle.low, 1))
    below = superiority(range(n_y), range(100, 100 + n_x))
    assert (below.low, below.high) == pytest.approx((0, 1 - oracle.low))


@pytest.mark.parametrize("x", [[-1, 0, 1], [-3, -2, 5]], ids=["zero", "negative"])
def test_a_median_of_zero_or_less_has_no_ratio_but_a_shift(x: list[int]):
    y = [1, 2, 3]
    for result in (median_ratio(x, y), median_ratio(y, x)):
        assert math.isnan(result.value)
        assert result.reason == "non_positive"
    assert hodges_lehmann(x, y).value < 0


# Hodges-Lehmann


@given(seconds, seconds)
def test_the_shift_is_that_of_pragmastat(x: list[int], y: list[int]):
    assert hodges_lehmann(x, y).value == pytest.approx(pragmastat.shift(x, y), abs=1e-9)


@pytest.mark.parametrize(("n_x", "n_y"), [(6, 6), (10, 20), (20, 21), (50, 50)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_limits_are_the_innermost_ones_that_hold_the_confidence(
    n_x: int, n_y: int, confidence: float
):
    """By scipy's exact p. One difference further in, where pragmastat 13 stops, is too narrow."""
    x, y = two_samples(n_x, n_y)
    result = hodges_lehmann(x, y, confidence=confidence)
    differences = np.sort(np.subtract.outer(x, y), axis=None)
    k = int(np.searchsorted(differences, result.low)) + 1
    assert result.high == differences[-k]
    assert 1 - p_of_u(k - 1, n_x, n_y) >= confidence > 1 - p_of_u(k, n_x, n_y)
    peer = pragmastat.shift_bounds(x, y, 1 - confidence)
    assert (peer.lower, peer.upper) == pytest.approx((differences[k], differences[-k - 1]))


def p_of_u(u: int, n_x: int, n_y: int, method: str = "exact") -> float:
    """Two-sided p of a U, by scipy, from untied samples that have it."""
    y = np.arange(n_y, dtype=float)
    x = np.arange(-n_x, 0, dtype=float)
    x[: u // n_y] += n_x + n_y
    if u % n_y:
        x[u // n_y] = u % n_y - 0.5
    oracle = stats.mannwhitneyu(x, y, method=method)
    assert oracle.statistic == u
    return float(oracle.pvalue)


@given(st.integers(0, 2**32), st.integers(4, 20), st.integers(4, 20), st.floats(0, 2))
def test_zero_is_outside_just_where_the_exact_test_rejects(
    seed: int, n_x: int, n_y: int, shift: float
):
    generator = np.random.default_rng(seed)
    x, y = generator.normal(shift, 1, n_x), generator.normal(0, 1, n_y)
    result = hodges_lehmann(x, y)
    outside = result.low > 0 or result.high < 0
    assert outside == (mann_whitney(x, y).p_value <= 1 - 0.95)


@given(seconds, seconds, st.integers(-50, 50))
def test_the_interval_moves_with_the_shift(x: list[int], y: list[int], shift: int):
    result, moved = hodges_lehmann(x, y), hodges_lehmann(np.array(x) + shift, y)
    for field in ("value", "low", "high"):
        expected = getattr(result, field) + shift
        assert getattr(moved, field) == pytest.approx(expected, nan_ok=True)
    swapped = hodges_lehmann(y, x)
    assert swapped.low == pytest.approx(-result.high, nan_ok=True)


def test_above_100_values_the_interval_is_that_of_the_normal_approximation():
    x, y = two_samples(60, 60)
    result = hodges_lehmann(x, y)
    k = int(np.searchsorted(np.sort(np.subtract.outer(x, y), axis=None), result.low)) + 1
    rejected, kept = (p_of_u(u, 60, 60, "asymptotic") for u in (k - 1, k))
    assert rejected <= 0.05 < kept
    assert rejected == pytest.approx(p_of_u(k - 1, 60, 60), abs=5e-4)


@pytest.mark.parametrize("step", [1e-9, 1e-4, 0.1, 8.0])
@pytest.mark.parametrize(("n_x", "n_y"), [(2, 3), (40, 41), (300, 20)])
def test_differences_that_are_searched_are_those_that_are_sorted(
    n_x: int, n_y: int, step: float
) -> None:
    generator = np.random.default_rng(n_x)
    # Ties, both signs, and numbers that are no multiple of a power of two.
    x = np.round(generator.normal(0.3, 2, n_x) / step) * step
    y = np.round(generator.normal(0, 1, n_y) / step) * step
    ordered = np.sort(np.subtract.outer(x, y), axis=None)
    ranks = range(0, n_x * n_y, max(1, n_x * n_y // 50))
    found = [_difference(np.sort(x), np.sort(y), rank) for rank in ranks]
    assert found == pytest.approx([ordered[r] for r in ranks], rel=1e-14, abs=1e-14 * step)


def test_the_shift_of_large_samples_is_the_one_of_all_differences() -> None:
    generator = np.random.default_rng(7)
    x, y = generator.normal(70.3, 1, 1_200).round(4), generator.normal(70, 1, 1_001).round(4)
    result = hodges_lehmann(x, y)
    every = np.sort(np.subtract.outer(x, y), axis=None)
    assert result.value == pytest.approx(np.median(every), rel=1e-12)
    k, _ = critical_count(x.size, y.size, 0.05)
    assert (result.low, result.high) == pytest.approx((every[k - 1], every[-k]), rel=1e-12)
