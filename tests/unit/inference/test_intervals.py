"""Order-statistic intervals and the bootstrap."""

import math
import os
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from heteroscope.inference import median_interval
from heteroscope.inference.intervals import (
    bootstrap_medians,
    bootstrap_sds,
    percentile_limits,
    ratio_limits,
)


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (10, (2, 9)), (20, (6, 15))],
    ids=str,
)
def test_the_ranks_are_those_of_pascals_triangle(n: int, ranks: tuple[int, int]):
    """By hand, at 2.5 % a side.

    1/64; 1/256 but 9/256; 10/512 but 46/512; 11/1024 but 56/1024; 21700/2**20 but 60460/2**20.
    """
    interval = median_interval(range(1, n + 1))
    assert (interval.rank_low, interval.rank_high) == ranks
    assert (interval.low, interval.high) == ranks


def test_the_coverage_at_20_values_is_95_86_percent():
    """1 - 2 P(Binomial(20, 1/2) <= 5) = 1 - 2 * 21700 / 2**20."""
    assert median_interval(range(20)).coverage == 1 - 2 * 21700 / 2**20


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
@given(x=st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_the_limits_are_those_of_scipys_quantile_test(confidence: float, x: list[int]):
    oracle = stats.quantile_test(x).confidence_interval(confidence)
    interval = median_interval(x, confidence)
    assert (interval.low, interval.high) == pytest.approx((oracle.low, oracle.high), nan_ok=True)
    if interval.reason:
        assert math.isnan(interval.coverage)
    else:
        assert interval.coverage >= confidence


def test_a_large_sample_needs_no_float_of_2_to_the_n():
    interval = median_interval(range(5000))
    oracle = stats.quantile_test(range(5000)).confidence_interval(0.95)
    assert (interval.low, interval.high) == (oracle.low, oracle.high)


def ideal_bootstrap(values: list[float], statistic: "type[np.median]") -> np.ndarray:
    """Evaluate a statistic on all n**n resamples."""
    return np.array([statistic(resample) for resample in product(values, repeat=len(values))])


@pytest.mark.parametrize("values", [[1, 2, 4, 8], [1, 2, 4, 8, 16], [3, 3, 4, 9, 9]], ids=str)
def test_resampled_medians_have_the_distribution_of_all_resamples(values: list[float]):
    medians = bootstrap_medians(np.array(values, float), seed=3, stream=0)
    every = ideal_bootstrap(values, np.median)
    for value in np.unique(every):
        share = np.mean(every == value)
        error = math.sqrt(share * (1 - share) / medians.size)
        assert np.mean(medians == value) == pytest.approx(share, abs=4.5 * error)
    assert set(medians) <= set(every)


def test_resampled_sds_have_the_distribution_of_all_resamples():
    values = [1.1, 2.3, 4.0, 8.7]
    sds = bootstrap_sds(np.array(values), seed=3, stream=0)
    every = ideal_bootstrap(values, lambda resample: np.std(resample, ddof=1))
    for level in (0.1, 1, 2, 3, 4):
        share = np.mean(every <= level)
        error = math.sqrt(share * (1 - share) / sds.size)
        assert np.mean(sds <= level) == pytest.approx(share, abs=4.5 * error + 1e-12)


def test_a_resample_of_one_repeated_value_has_no_spread_at_all():
    """Where the mean of five equal numbers is not that number, too; 1 of 5**4 resamples."""
    values = np.array([75.1, 75.3, 75.7, 76.3, 77.9])
    sds = bootstrap_sds(values, seed=0, stream=0)
    assert np.mean(sds == 0) == pytest.approx(1 / 5**4, abs=0.0016)
    assert np.any(sds == 0)
    assert sds[sds > 0].min() > 0.05


@pytest.mark.parametrize("bootstrap", [bootstrap_medians, bootstrap_sds])
def test_the_bootstrap_is_a_function_of_seed_and_sample(bootstrap):
    values = np.arange(20.0)
    first = bootstrap(values, seed=1, stream=0)
    bootstrap(values[:7], seed=1, stream=0)
    np.random.default_rng(0).normal(size=3)
    np.testing.assert_array_equal(bootstrap(values, seed=1, stream=0), first)
    assert not np.array_equal(bootstrap(values, seed=2, stream=0), first)
    assert not np.array_equal(bootstrap(values, seed=1, stream=1), first)


def test_the_order_of_the_values_does_not_move_the_medians():
    values = np.arange(9.0)
    np.testing.assert_array_equal(
        bootstrap_medians(values, seed=1, stream=0),
        bootstrap_medians(values[::-1].copy(), seed=1, stream=0),
    )


def test_streams_are_independent():
    values = np.random.default_rng(1).normal(size=20)
    one, other = (bootstrap_medians(values, seed=1, stream=stream) for stream in (0, 1))
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / math.sqrt(one.size)


def test_a_large_sample_is_resampled_in_blocks():
    """3,000 values x 1,001 resamples take several blocks, the last of them short."""
    values = np.random.default_rng(2).normal(10, 1, 3_000)
    medians = bootstrap_medians(values, seed=1, stream=0, resamples=1_001)
    sds = bootstrap_sds(values, seed=1, stream=0, resamples=1_001)
    # Normal theory: sqrt(pi / 2) / sqrt(n) and 1 / sqrt(2 n).
    assert medians.std() == pytest.approx(math.sqrt(math.pi / 2 / 3_000), rel=0.2)
    assert sds.std() == pytest.approx(1 / math.sqrt(6_000), rel=0.2)
    assert abs(medians[-5:] - 10).max() < 0.2


def test_percentile_limits_are_the_250th_from_either_end_of_9999():
    replicates = np.random.default_rng(3).permutation(np.arange(1.0, 10_000))
    assert percentile_limits(replicates, 0.95) == (250, 9750)
    assert percentile_limits(replicates, 0.90) == (500, 9500)


def test_38_resamples_are_too_few_for_95_percent():
    assert percentile_limits(np.arange(39.0), 0.95) == (0, 38)
    with pytest.raises(ValueError, match="38 resamples are too few"):
        percentile_limits(np.arange(38.0), 0.95)


def test_resamples_that_have_no_ratio_widen_the_interval_on_both_sides():
    numerators, denominators = np.full(999, 2.0), np.full(999, 1.0)
    assert ratio_limits(numerators, denominators, 0.95) == (2, 2, "")
    numerators[:30] = denominators[:30] = 0
    assert ratio_limits(numerators, denominators, 0.95) == (0, math.inf, "unbounded")


def test_a_denominator_of_zero_opens_the_upper_end_alone():
    numerators, denominators = np.full(999, 2.0), np.full(999, 1.0)
    denominators[:30] = 0
    assert ratio_limits(numerators, denominators, 0.95) == (2, math.inf, "unbounded")


def test_a_numerator_below_zero_counts_as_zero():
    numerators, denominators = np.full(999, 2.0), np.full(999, 1.0)
    numerators[:30] = -3
    assert ratio_limits(numerators, denominators, 0.95) == (0, 2, "")


def test_importing_the_package_does_not_import_scipy():
    code = "import sys, heteroscope.inference; print('scipy' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert printed.stdout.strip() == "False"
