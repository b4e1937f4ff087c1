"""The contract on degenerate samples: a value, or a reason; never a warning, never silence.

(pytest is configured to turn warnings into failures.)
"""

import math
from dataclasses import astuple

import numpy as np
import pytest

from heteroscope.inference import (
    Reason,
    brunner_munzel,
    fligner_killeen,
    hodges_lehmann,
    levene,
    mann_whitney,
    median_ratio,
    quantile_interval,
    spread_ratio,
    superiority,
)

TWENTY = list(range(70, 90))


def everything(x, y):
    """Every comparison of two samples."""
    return {
        "mann_whitney": mann_whitney(x, y),
        "brunner_munzel": brunner_munzel(x, y),
        "superiority": superiority(x, y),
        "median_ratio": median_ratio(x, y),
        "hodges_lehmann": hodges_lehmann(x, y),
        "levene": levene([x, y]),
        "levene_mean": levene([x, y], center="mean"),
        "fligner_killeen": fligner_killeen([x, y]),
        "spread_ratio": spread_ratio(x, y),
    }


# n = 0 in a group


@pytest.mark.parametrize(("x", "y"), [([], TWENTY), (TWENTY, []), ([], []), ([math.nan], TWENTY)])
def test_an_empty_sample_leaves_every_figure_empty_for_want_of_n(x, y):
    for name, result in everything(x, y).items():
        assert result.reason == Reason.N, name
    assert math.isnan(mann_whitney(x, y).p_value)
    assert mann_whitney(x, y).reason_at(0.05) == "n"
    assert math.isnan(superiority(x, y).value)
    assert math.isnan(median_ratio(x, y).value)
    assert math.isnan(hodges_lehmann(x, y).value)


def test_the_median_of_nothing_is_nan():
    interval = quantile_interval([])
    assert math.isnan(interval.value)
    assert interval.reason == "n"


# n = 1, 2, 3


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_below_six_values_a_median_has_no_interval(n: int):
    interval = quantile_interval(TWENTY[:n])
    assert interval.value == np.median(TWENTY[:n])
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)
    assert interval.reason == "n"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_spread_of_up_to_three_values_is_not_testable(n: int):
    for outcome in (
        levene([TWENTY[:n], TWENTY]),
        levene([TWENTY, TWENTY[:n]], center="mean"),
        fligner_killeen([TWENTY[:n], TWENTY]),
    ):
        assert math.isnan(outcome.p_value)
        assert outcome.reason == "n"
    assert spread_ratio(TWENTY, TWENTY[:n]).reason == "n"


@pytest.mark.parametrize(
    ("n_x", "n_y", "smallest_p", "reason"),
    [
        (1, 1, 1, "floor"),
        (1, 20, 2 / 21, "floor"),
        (1, 39, 2 / 40, ""),
        (2, 2, 2 / 6, "floor"),
        (2, 8, 2 / 45, ""),
        (3, 3, 0.1, "floor"),
        (4, 4, 2 / 70, ""),
    ],
)
def test_location_is_testable_from_where_the_smallest_p_reaches_alpha(
    n_x: int, n_y: int, smallest_p: float, reason: str
):
    """2 / C(n_x + n_y, n_x), by hand."""
    result = mann_whitney(range(n_x), range(100, 100 + n_y))
    assert result.p_value == pytest.approx(smallest_p)
    assert result.reason_at(0.05) == reason


def test_ties_may_bring_p_below_alpha_where_the_sizes_alone_do_not():
    """3 v 4: 2/35 without ties, but 1/35 where one deal alone is as extreme."""
    result = mann_whitney([74] * 3, [75] * 4)
    assert result.p_value == 1 / 35
    assert result.reason_at(0.05) == ""
    assert mann_whitney([1, 2, 3], [4, 5, 6, 7]).reason_at(0.05) == "floor"


def test_three_against_three_have_a_shift_without_limits():
    result = hodges_lehmann([1, 2, 3], [4, 6, 8])
    assert result.value == -4
    assert math.isnan(result.low)
    assert result.reason == "floor"


def test_one_value_has_no_brunner_munzel_and_no_interval_of_a12():
    x, y = [75], [74, 76, 78]
    assert brunner_munzel(x, y).reason == "n"
    result = superiority(x, y)
    assert result.value == pytest.approx(1 / 3)
    assert math.isnan(result.low)
    assert result.reason == "n"


# Both constant


def test_two_equal_constants_do_not_differ():
    x, y = [28.0] * 20, [28.0] * 21
    assert mann_whitney(x, y).p_value == 1
    assert mann_whitney(x, y).reason_at(0.05) == ""
    assert mann_whitney(range(51), [7] * 50 + [8]).p_value < 1
    assert mann_whitney([7] * 51, [7] * 50).p_value == 1
    assert astuple(median_ratio(x, y)) == (1, 1, 1, "")
    assert superiority(x, y).value == 0.5
    assert superiority(x, y).reason == "zero_variance"
    assert brunner_munzel(x, y).reason == "zero_variance"
    assert astuple(hodges_lehmann(x, y))[:3] == (0, 0, 0)


@pytest.mark.parametrize("value", [28.0, 0.1])
def test_a_constant_has_its_value_for_an_interval(value: float):
    interval = quantile_interval([value] * 20)
    assert (interval.value, interval.low, interval.high) == (value, value, value)


@pytest.mark.parametrize("other", [28.1, 31.7])
def test_the_spread_of_two_constants_is_not_testable(other: float):
    samples = [[28.1] * 6, [other] * 7]
    for outcome in (
        levene(samples),
        levene(samples, center="mean"),
        fligner_killeen(samples),
    ):
        assert math.isnan(outcome.statistic)
        assert math.isnan(outcome.p_value)
        assert outcome.reason == "zero_variance"
    assert spread_ratio(*samples).reason == "zero_variance"


def test_six_against_six_different_constants_gives_two_in_924():
    """C(12, 6) = 924; scipy's asymptotic p for these ties is 0.00126."""
    result = mann_whitney([74] * 6, [75] * 6)
    assert result.p_value == 2 / 924
    assert brunner_munzel([74] * 6, [75] * 6).reason == "separated"
    assert math.isnan(brunner_munzel([74] * 6, [75] * 6).p_value)


# One constant, or nearly


def test_one_constant_keeps_its_p_and_has_no_ratio():
    x, y = [75.0] * 20, TWENTY
    for outcome in (levene([x, y]), levene([x, y], center="mean"), fligner_killeen([x, y])):
        assert outcome.p_value < 0.001
        assert outcome.reason == ""
    assert spread_ratio(x, y).reason == "one_constant"
    assert mann_whitney(x, y).p_value < 0.05
    assert brunner_munzel(x, y).p_value < 0.05


def test_one_stray_value_gives_the_same_p_both_ways_and_not_above_one():
    x, y = [28] * 20 + [40], [28] * 20
    one, other = mann_whitney(x, y), mann_whitney(y, x)
    assert one.p_value == other.p_value <= 1
    # By hand: the stray one falls to either sample, to the first in 21 of 41 deals.
    assert one.p_greater == other.p_less == 21 / 41


@pytest.mark.parametrize(
    "samples",
    [
        ([75, 75, 76, 76], [80, 80, 82, 82]),
        ([0.1, 0.1, 0.3, 0.3], [0.7, 0.7, 0.8, 0.8]),
        ([75.0] * 4, [80, 80, 82, 82]),
    ],
    ids=["seconds", "tenths", "one constant"],
)
def test_distances_that_do_not_vary_leave_levene_nothing_to_divide_by(samples):
    """scipy gives an infinite W and p = 0 here, or a huge W from rounding alone."""
    for center in ("median", "mean", "trimmed"):
        outcome = levene(samples, center=center)
        assert math.isnan(outcome.p_value)
        assert outcome.reason == "constant_deviations"


def test_equal_distances_throughout_leave_fligner_killeen_nothing_to_rank():
    outcome = fligner_killeen([[75.1, 75.1, 76.1, 76.1], [80.3, 80.3, 81.3, 81.3]])
    assert outcome.reason == "constant_deviations"


# Complete separation


def test_complete_separation_is_left_to_the_exact_test():
    x, y = np.arange(20.0), np.arange(30.0, 51.0)
    result = mann_whitney(x, y)
    assert result.p_value == 2 / math.comb(41, 20)
    assert brunner_munzel(x, y).reason == "separated"
    assert superiority(x, y).value == 0
    assert levene([x, y]).reason == ""


# NaN and infinity


def test_what_is_not_finite_takes_no_part():
    x, y = [*TWENTY], [value + 1.5 for value in TWENTY[:9]]
    dirty = [math.nan, *TWENTY, math.inf, -math.inf]
    for name, result in everything(dirty, y).items():
        assert result == everything(x, y)[name], name
    assert quantile_interval(dirty) == quantile_interval(x)


# Median <= 0


def test_a_median_of_zero_or_less_has_no_ratio_but_the_rest():
    x, y = [value - 80 for value in TWENTY], TWENTY
    results = everything(x, y)
    assert results.pop("median_ratio").reason == "non_positive"
    assert results["hodges_lehmann"].value == -80
    assert results["levene"].p_value == pytest.approx(1)


def test_a_value_of_zero_leaves_a_ratio_without_limits():
    result = median_ratio([5, 6, 7], [0, 1, 2])
    assert (result.value, result.reason) == (6, "non_positive")
    assert math.isnan(result.low)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_values_a_side_have_no_limits_of_a_ratio(n: int):
    """1 against 40 would be held equal in a third of all cases, for want of any width."""
    result = median_ratio(TWENTY[:n], TWENTY)
    assert result.value == np.median(TWENTY[:n]) / 79.5
    assert (math.isnan(result.high), result.reason) == (True, "n")
