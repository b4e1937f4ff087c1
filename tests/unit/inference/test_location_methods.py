"""Effect sizes and intervals of location against other programs, and what must always hold."""

import math

import numpy as np
import pragmastat
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.power import TTestIndPower

from heteroscope.inference import (
    brunner_munzel,
    equivalence,
    hodges_lehmann,
    mann_whitney,
    median_ratio,
    minimum_detectable_effect,
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
    assert one.separated == mann_whitney(x, y).separated


# A12 and Cliff's delta


@given(seconds, seconds)
def test_a12_is_the_share_of_pairs_won(x: list[int], y: list[int]):
    result = superiority(x, y)
    pairs = [(a > b) + (a == b) / 2 for a in x for b in y]
    assert result.a12 == sum(pairs) / len(pairs)
    assert result.a12 == mann_whitney(x, y).u_x / (len(x) * len(y))
    assert result.delta == pytest.approx(np.mean([np.sign(a - b) for a in x for b in y]))


@given(seconds, seconds)
def test_intervals_of_a12_and_delta_keep_their_range(x: list[int], y: list[int]):
    result = superiority(x, y)
    assume(not result.reason)
    assert 0 <= result.a12_low <= result.a12 <= result.a12_high <= 1
    assert result.delta_low == 2 * result.a12_low - 1
    assert result.delta_high == 2 * result.a12_high - 1


@given(seconds, seconds)
def test_swapping_mirrors_a12_and_its_interval(x: list[int], y: list[int]):
    one, other = superiority(x, y), superiority(y, x)
    for figure, mirror in [
        (one.a12, other.a12),
        (one.a12_low, other.a12_high),
        (one.a12_high, other.a12_low),
    ]:
        assert figure == pytest.approx(1 - mirror, abs=1e-12, nan_ok=True)


def test_the_standard_error_of_a12_is_that_of_statsmodels():
    """Back from the logit scale: half the width is 1.96 se / (A12 (1 - A12))."""
    x, y = two_samples()
    result, oracle = superiority(x, y), rank_compare_2indep(x, y)
    assert result.a12 == pytest.approx(oracle.prob1)
    width = np.diff(np.log([[p / (1 - p)] for p in (result.a12_low, result.a12_high)]), axis=0)
    se = width.item() / 2 / stats.norm.ppf(0.975) * result.a12 * (1 - result.a12)
    assert se == pytest.approx(math.sqrt(oracle.var_prob), rel=1e-9)


@pytest.mark.parametrize(("n_x", "n_y"), [(20, 20), (6, 9), (1, 5)])
def test_separated_samples_have_the_exact_binomial_limit(n_x: int, n_y: int):
    m = min(n_x, n_y)
    oracle = stats.binomtest(m, m).proportion_ci(0.95, method="exact")
    above = superiority(range(100, 100 + n_x), range(n_y))
    assert (above.a12, above.separated) == (1, True)
    assert (above.a12_low, above.a12_high) == pytest.approx((oracle.low, 1))
    below = superiority(range(n_y), range(100, 100 + n_x))
    assert (below.a12_low, below.a12_high) == pytest.approx((0, 1 - oracle.low))


# Ratio of medians


def ideal_median_distribution(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability of each median of a resample, by the multinomial distribution (odd n)."""
    n = x.size
    assert n % 2
    at_most = np.array([stats.binom.sf(n // 2, n, i / n) for i in range(n + 1)])
    return np.sort(x), np.diff(at_most)


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_of_the_ratio_is_that_of_the_ideal_bootstrap(confidence: float):
    """All 21**21 * 19**19 resamples at once: the limits lie where 9,999 of them may put them."""
    x, y = two_samples(21, 19)
    (of_x, weight_x), (of_y, weight_y) = map(ideal_median_distribution, (x, y))
    ratios = np.divide.outer(of_x, of_y).ravel()
    order = np.argsort(ratios)
    cumulative = np.cumsum(np.multiply.outer(weight_x, weight_y).ravel()[order])
    result = median_ratio(x, y, seed=1, confidence=confidence)
    assert result.ratio == np.median(x) / np.median(y)
    tail = (1 - confidence) / 2
    for limit, level in [(result.low, tail), (result.high, 1 - tail)]:
        error = 4 * math.sqrt(tail * (1 - tail) / 9_999)
        below = cumulative[np.searchsorted(ratios[order], limit, side="left") - 1]
        up_to = cumulative[np.searchsorted(ratios[order], limit, side="right") - 1]
        assert below - error <= level <= up_to + error


def test_the_interval_of_the_ratio_knows_no_unit():
    x, y = two_samples()
    assert median_ratio(x * 4, y * 4, seed=1) == median_ratio(x, y, seed=1)


def test_swapping_inverts_the_ratio_within_the_error_of_resampling():
    x, y = two_samples()
    one, other = median_ratio(x, y, seed=1), median_ratio(y, x, seed=1)
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low), abs=0.003)


def test_the_same_seed_gives_the_same_interval_whatever_came_before():
    x, y = two_samples()
    first = median_ratio(x, y, seed=1)
    median_ratio(y[:5], x, seed=1)
    assert median_ratio(x, y, seed=1) == first
    assert median_ratio(x, y, seed=2) != first


@pytest.mark.parametrize("x", [[-1, 0, 1], [-3, -2, 5]], ids=["zero", "negative"])
def test_a_median_of_zero_or_less_has_no_ratio_but_a_shift(x: list[int]):
    y = [1, 2, 3]
    for result in (median_ratio(x, y, seed=1), median_ratio(y, x, seed=1)):
        assert math.isnan(result.ratio)
        assert result.reason == "non_positive"
    assert hodges_lehmann(x, y).shift < 0


# Equivalence


@pytest.mark.parametrize(
    ("shift", "within"), [(0.0, True), (3.0, False), (6.0, False)], ids=["same", "edge", "off"]
)
def test_equivalent_is_a_90_percent_interval_inside_the_margin(shift: float, within: bool):
    x, y = np.linspace(74, 76, 20) + shift, np.linspace(74, 76, 20)
    result = equivalence(x, y, margin=0.04, seed=1)
    ninety = median_ratio(x, y, seed=1, confidence=0.9)
    assert (result.ratio, result.low, result.high) == (ninety.ratio, ninety.low, ninety.high)
    assert (result.lower_bound, result.upper_bound) == (1 / 1.04, 1.04)
    assert result.within is within
    assert result.within == (result.smallest_margin < 0.04)


def test_the_margin_has_one_answer_for_both_directions():
    """1 / 1.05 = 0.952 and not 0.95: 100 v 105 is as far from equal as 105 v 100."""
    for x, y in [(100, 104.9), (104.9, 100)]:
        result = equivalence([x] * 6, [y] * 6, margin=0.05, seed=1)
        assert result.within
        assert result.smallest_margin == pytest.approx(0.049)
    for x, y in [(100, 105.1), (105.1, 100)]:
        assert not equivalence([x] * 6, [y] * 6, margin=0.05, seed=1).within


def test_without_a_ratio_nothing_is_equivalent():
    result = equivalence([-1, 0, 1], [1, 2, 3], margin=0.05, seed=1)
    assert not result.within
    assert math.isnan(result.smallest_margin)
    assert result.reason == "non_positive"


def test_a_margin_is_above_zero():
    with pytest.raises(ValueError, match="above zero"):
        equivalence([1], [1], margin=0, seed=1)


# Hodges-Lehmann


@given(seconds, seconds)
def test_the_shift_is_that_of_pragmastat(x: list[int], y: list[int]):
    assert hodges_lehmann(x, y).shift == pytest.approx(pragmastat.shift(x, y), abs=1e-9)


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
    assert result.confidence == pytest.approx(1 - p_of_u(k - 1, n_x, n_y), rel=1e-12)
    assert result.confidence >= confidence > 1 - p_of_u(k, n_x, n_y)
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
    for field in ("shift", "low", "high"):
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
    assert result.confidence == pytest.approx(1 - rejected, rel=1e-12)
    assert result.confidence == pytest.approx(1 - p_of_u(k - 1, 60, 60), abs=5e-4)


# Minimum detectable effect


@pytest.mark.parametrize(("n_x", "n_y"), [(6, 6), (10, 20), (20, 20), (50, 50), (100, 100)])
def test_the_detectable_effect_is_found_with_its_power(n_x: int, n_y: int):
    """4,000 fresh pairs of samples, tested by scipy at once."""
    effect = minimum_detectable_effect(n_x, n_y, power=0.8)
    generator = np.random.default_rng(12)
    x = generator.normal(effect.shift_sd, 1, (4_000, n_x))
    y = generator.normal(0, 1, (4_000, n_y))
    method = "exact" if n_x + n_y <= 100 else "asymptotic"
    p = stats.mannwhitneyu(x, y, axis=1, method=method).pvalue
    # Four standard errors of both simulations.
    assert np.mean(p <= 0.05) == pytest.approx(0.8, abs=4 * math.sqrt(0.16 * (1 / 4e3 + 1 / 1e4)))
    assert np.mean(x > y[:, :1]) == pytest.approx(effect.a12, abs=0.02)


def test_at_20_against_20_it_is_that_of_the_t_test_less_its_efficiency():
    """Mann-Whitney needs 1 / 0.955 as many normal values (Hodges & Lehmann 1956)."""
    t_test = TTestIndPower().solve_power(nobs1=20, alpha=0.05, power=0.8)
    shift = minimum_detectable_effect(20, 20).shift_sd
    assert shift == pytest.approx(t_test / math.sqrt(3 / math.pi), rel=0.03)


def test_more_values_find_smaller_effects_and_more_power_takes_larger_ones():
    shifts = [minimum_detectable_effect(n, n).shift_sd for n in (4, 6, 10, 20, 50, 60, 1000)]
    assert shifts == sorted(shifts, reverse=True)
    assert minimum_detectable_effect(20, 20, power=0.9).shift_sd > shifts[3]
    assert minimum_detectable_effect(20, 20, alpha=0.01).shift_sd > shifts[3]


@pytest.mark.parametrize(
    ("n_x", "n_y", "reason"), [(3, 3, "floor"), (0, 20, "n"), (1, 200, "floor")]
)
def test_a_design_that_finds_nothing_has_a_reason(n_x: int, n_y: int, reason: str):
    effect = minimum_detectable_effect(n_x, n_y)
    assert math.isnan(effect.shift_sd)
    assert math.isnan(effect.a12)
    assert effect.reason == reason


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
    assert [_difference(x, y, rank) for rank in ranks] == [ordered[r] for r in ranks]


def test_the_shift_of_large_samples_is_the_one_of_all_differences() -> None:
    generator = np.random.default_rng(7)
    x, y = generator.normal(70.3, 1, 1_200).round(4), generator.normal(70, 1, 1_001).round(4)
    result = hodges_lehmann(x, y)
    every = np.sort(np.subtract.outer(x, y), axis=None)
    assert result.shift == np.median(every)
    k, _ = critical_count(x.size, y.size, 0.05)
    assert (result.low, result.high) == (every[k - 1], every[-k])
