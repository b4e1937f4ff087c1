"""Tests and ratios of spread against other programs, and what must hold for any data."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.oneway import test_scale_oneway as statsmodels_scale_test

from heteroscope.inference import fligner_killeen, levene, robust_z, sd_ratio

seconds = st.lists(st.integers(60, 100), min_size=4, max_size=25)


def three_groups() -> list[np.ndarray]:
    generator = np.random.default_rng(4)
    return [generator.lognormal(4, sigma, n) for sigma, n in [(0.1, 20), (0.2, 21), (0.15, 9)]]


@pytest.mark.parametrize("center", ["median", "mean"])
@pytest.mark.parametrize("log", [False, True], ids=["values", "logarithms"])
def test_levene_is_that_of_statsmodels(center: str, log: bool):
    groups = three_groups()
    data = [np.log(group) for group in groups] if log else groups
    oracle = statsmodels_scale_test(data, method="equal", center=center, transform="abs")
    result = levene(groups, center=center, log=log)
    assert result.statistic == pytest.approx(oracle.statistic, rel=1e-12)
    assert result.p_value == pytest.approx(oracle.pvalue, rel=1e-10)
    assert result.n == (20, 21, 9)


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


@given(seconds, seconds, st.sampled_from([0.5, 2, 4]))
def test_levene_of_logarithms_sees_relative_spread(x: list[int], y: list[int], factor: float):
    """Twice as slow with twice the spread is the same relative spread."""
    result = levene([x, y], log=True)
    other = levene([x, np.array(y) * factor], log=True)
    assert other.p_value == pytest.approx(result.p_value, rel=1e-6, nan_ok=True)


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


def test_the_sd_ratio_is_that_of_numpy():
    x, y = three_groups()[:2]
    assert sd_ratio(x, y, seed=1).ratio == pytest.approx(np.std(x, ddof=1) / np.std(y, ddof=1))


def test_the_interval_of_the_sd_ratio_is_scipys_percentile_bootstrap():
    """Another generator: the limits agree within the error of 9,999 resamples."""
    x, y = three_groups()[:2]
    oracle = stats.bootstrap(
        (x, y),
        lambda x, y, axis: np.std(x, ddof=1, axis=axis) / np.std(y, ddof=1, axis=axis),
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    result = sd_ratio(x, y, seed=1)
    assert (result.low, result.high) == pytest.approx((oracle.low, oracle.high), rel=0.03)


def test_the_resamples_of_both_samples_are_independent():
    """The sd ratio of a sample to itself is 1, that of its resamples is not."""
    x = three_groups()[0]
    result = sd_ratio(x, x, seed=1)
    assert result.ratio == 1
    assert result.low < 0.8
    assert result.high > 1.25


def test_the_sd_ratio_knows_no_unit():
    x, y = three_groups()[:2]
    one, other = sd_ratio(x, y, seed=1), sd_ratio(x * 4, y * 4, seed=1)
    assert (one.ratio, one.low, one.high) == pytest.approx((other.ratio, other.low, other.high))


def test_an_sd_ratio_over_mostly_equal_values_has_no_upper_end():
    """19 equal values of 20: every third resample of them has no spread."""
    result = sd_ratio(range(20), [75] * 19 + [80], seed=1)
    assert result.high == math.inf
    assert result.reason == "unbounded"
    assert 0 < result.low < result.ratio


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
