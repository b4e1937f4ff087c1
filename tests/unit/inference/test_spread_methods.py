"""Tests and ratios of spread against other programs, and what must hold for any data."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.oneway import test_scale_oneway as statsmodels_scale_test

from heteroscope.inference import distance, fligner_killeen, levene, robust_z, spread_ratio

seconds = st.lists(st.integers(60, 100), min_size=4, max_size=25)


def three_groups() -> list[np.ndarray]:
    generator = np.random.default_rng(4)
    return [generator.lognormal(4, sigma, n) for sigma, n in [(0.1, 20), (0.2, 21), (0.15, 9)]]


@pytest.mark.parametrize("center", ["median", "mean"])
def test_levene_is_that_of_statsmodels(center: str):
    groups = three_groups()
    oracle = statsmodels_scale_test(groups, method="equal", center=center, transform="abs")
    result = levene(groups, center=center)
    assert result.statistic == pytest.approx(oracle.statistic, rel=1e-12)
    assert result.p_value == pytest.approx(oracle.pvalue, rel=1e-10)


@given(seconds, seconds, st.sampled_from(["median", "mean", "trimmed"]))
def test_levene_knows_neither_order_nor_shift_nor_unit(x: list[int], y: list[int], center: str):
    result = levene([x, y], center=center)
    swapped = levene([y, x], center=center)
    moved = levene([np.array(x) + 1000, np.array(y)], center=center)
    scaled = levene([np.array(x) / 8, np.array(y) / 8], center=center)
    for other in (swapped, moved, scaled):
        assert other.reason == result.reason
        assert other.p_value == pytest.approx(result.p_value, rel=1e-6, nan_ok=True)
    assert (math.isnan(result.p_value)) == bool(result.reason)


@given(seconds, seconds)
def test_fligner_killeen_is_scipys_on_whole_numbers(x: list[int], y: list[int]):
    result = fligner_killeen([x, y])
    assume(not result.reason)
    oracle = stats.fligner(x, y)
    assert result.statistic == pytest.approx(oracle.statistic, rel=1e-9)
    assert result.p_value == pytest.approx(oracle.pvalue, rel=1e-9)


def test_fligner_killeen_of_hundredths_is_that_of_whole_numbers():
    """The unit cannot matter; scipy sees ties of 80.33 - 80.325 and 80.325 - 80.32 broken."""
    ticks = [8032, 8033, 8036, 8029, 8032, 8033], [8001, 8020, 8011, 8016, 8009, 8012]
    hundredths = [np.array(group) / 100 for group in ticks]
    assert stats.fligner(*hundredths).pvalue != pytest.approx(stats.fligner(*ticks).pvalue)
    result = fligner_killeen(hundredths)
    assert result.p_value == pytest.approx(stats.fligner(*ticks).pvalue, rel=1e-12)


def test_the_ratio_is_of_mean_distances_from_the_median():
    x, y = three_groups()[:2]
    expected = np.abs(x - np.median(x)).mean() / np.abs(y - np.median(y)).mean()
    assert spread_ratio(x, y).value == pytest.approx(expected)
    assert distance(x) / distance(y) == pytest.approx(expected)


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_its_limits_are_the_ratios_where_levene_reaches_the_level(confidence: float):
    """Levene by scipy, of a sample and the other one scaled by the limit."""
    x, y = three_groups()[:2]
    result = spread_ratio(x, y, confidence=confidence)
    for limit in (result.low, result.high):
        p = stats.levene(x, limit * y, center="median").pvalue
        assert p == pytest.approx(1 - confidence, rel=1e-6)


@given(seconds, seconds)
def test_one_lies_outside_just_where_levene_rejects(x: list[int], y: list[int]):
    result, p = spread_ratio(x, y), levene([x, y]).p_value
    assume(not math.isnan(result.value) and not math.isnan(p) and abs(p - 0.05) > 1e-9)
    assert (result.low > 1 or result.high < 1) == (p < 0.05)
    assert 0 <= result.low <= result.value <= result.high


@given(seconds, seconds)
def test_swapping_inverts_the_interval_of_the_spread(x: list[int], y: list[int]):
    one, other = spread_ratio(x, y), spread_ratio(y, x)
    assume(not math.isnan(one.value))
    for limit, mirror in ((one.low, other.high), (one.high, other.low)):
        inverse = 1 / limit if limit else math.inf
        assert inverse == pytest.approx(mirror, rel=1e-6)


def test_a_ratio_over_mostly_equal_values_has_no_upper_end():
    result = spread_ratio(range(20), [75] * 18 + [70, 80])
    assert (result.high, result.reason) == (math.inf, "unbounded")
    assert 0 < result.low < result.value


@given(seconds)
def test_robust_z_is_scipys_median_abs_deviation(x: list[int]):
    mad = stats.median_abs_deviation(x)
    assume(mad > 0)
    oracle = (np.array(x) - np.median(x)) / (1.4826 * mad)
    np.testing.assert_allclose(robust_z(x), oracle, rtol=1e-12)


def test_robust_z_of_mostly_equal_values_is_infinite_for_the_others():
    assert robust_z([10, 10, 10, 8, 94]).tolist() == [0, 0, 0, -math.inf, math.inf]
    assert robust_z([]).size == 0


def test_the_spread_of_one_sample_is_compared_with_nothing():
    with pytest.raises(ValueError, match="two samples"):
        levene([[1, 2, 3, 4]])
