"""Order-statistic intervals of quantiles and of ratios of medians."""

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

from heteroscope.inference import median_ratio, median_ratio_tail, quantile_interval


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (10, (2, 9)), (20, (6, 15))],
    ids=str,
)
def test_the_ranks_are_those_of_pascals_triangle(n: int, ranks: tuple[int, int]):
    """By hand, at 2.5 % a side.

    1/64; 1/256 but 9/256; 10/512 but 46/512; 11/1024 but 56/1024; 21700/2**20 but 60460/2**20.
    """
    interval = quantile_interval(range(1, n + 1))
    assert (interval.low, interval.high) == ranks


@given(x=st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_the_value_is_the_median_of_numpy(x: list[int]):
    assert quantile_interval(x).value == np.median(x)


@pytest.mark.parametrize(("share", "n"), [(0.95, 71), (0.95, 72), (0.05, 72)])
def test_the_95th_percentile_has_an_upper_limit_from_72_values_on(share: float, n: int):
    """0.95**72 = 0.0249 is at most 2.5 %, 0.95**71 = 0.0262 is not."""
    interval = quantile_interval(range(n), share)
    assert math.isnan(interval.high) == (n == 71)
    assert interval.reason == ("n" if n == 71 else "")


# The ratio of two medians


def every_median(values: list[float]) -> list[float]:
    """The medians of all n**n resamples."""
    return [float(np.median(resample)) for resample in product(values, repeat=len(values))]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([71.0, 73.0, 78.0, 79.5], [70.0, 72.5, 73.0, 80.0]),
        ([8.0, 9.0, 9.0], [7.0, 8.0, 8.5, 12.0]),
    ],
    ids=["even", "odd, tied"],
)
@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95])
def test_the_limits_are_those_of_all_resamples_there_are(x, y, confidence: float):
    """By enumeration: 4**4 times 4**4 or 3**3 ratios, the smallest with a share up to it."""
    ratios = np.sort(np.divide.outer(every_median(x), every_median(y)), axis=None)
    tail = (1 - confidence) / 2
    result = median_ratio(x, y, confidence=confidence)
    assert result.value == np.median(x) / np.median(y)
    assert result.low == pytest.approx(ratios[math.ceil(tail * ratios.size - 1e-9) - 1], rel=1e-9)
    assert result.high == pytest.approx(ratios[-math.ceil(tail * ratios.size - 1e-9)], rel=1e-9)
    for bound in (0.9, 1.01, 1.2):
        assert median_ratio_tail(x, y, bound) == pytest.approx(np.mean(ratios >= bound), abs=1e-12)


@pytest.mark.parametrize(("n_x", "n_y"), [(21, 19), (20, 20), (20, 21)])
def test_the_limits_are_those_of_scipys_bootstrap(n_x: int, n_y: int):
    """Within the error of its 9,999 resamples: 0.1 % of a ratio here."""
    generator = np.random.default_rng(6)
    x, y = generator.normal(76, 2, n_x), generator.normal(75, 3, n_y)
    oracle = stats.bootstrap(
        (x, y),
        lambda x, y, axis: np.median(x, axis=axis) / np.median(y, axis=axis),
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    result = median_ratio(x, y)
    assert (result.low, result.high) == pytest.approx((oracle.low, oracle.high), abs=1.5e-3)


def test_the_tail_is_small_just_where_the_upper_limit_lies_below_the_bound():
    generator = np.random.default_rng(8)
    for _ in range(50):
        x, y = generator.normal(76, 2, 9), generator.normal(75, 2, 8)
        high = median_ratio(x, y, confidence=0.9).high
        for bound in (high * (1 - 1e-9), high * (1 + 1e-9)):
            assert (median_ratio_tail(x, y, bound) < 0.05) == (high < bound)


def test_swapping_inverts_the_ratio_and_no_unit_matters():
    generator = np.random.default_rng(6)
    x, y = generator.normal(76, 2, 20), generator.normal(75, 3, 21)
    one, other = median_ratio(x, y), median_ratio(y, x)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low), rel=1e-11)
    scaled = median_ratio(4 * x, 4 * y)
    assert (scaled.low, scaled.high) == pytest.approx((one.low, one.high), rel=1e-11)


def test_large_samples_have_the_interval_of_normal_theory():
    """Of 20,000 normal values the median has a standard error of sqrt(pi / 2 / n) sd."""
    x, y = (np.random.default_rng(seed).normal(100, 1, 20_000) for seed in (1, 2))
    result = median_ratio(x, y)
    width = 2 * 1.96 * math.sqrt(math.pi / 20_000) / 100
    assert result.high - result.low == pytest.approx(width, rel=0.1)


def test_importing_the_package_does_not_import_scipy():
    code = "import sys, heteroscope.inference; print('scipy' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert printed.stdout.strip() == "False"
