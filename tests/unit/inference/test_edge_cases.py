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
    equivalence,
    fligner_killeen,
    hodges_lehmann,
    levene,
    mann_whitney,
    median_interval,
    median_ratio,
    sd_ratio,
    superiority,
)

TWENTY = list(range(70, 90))


def everything(x, y):
    """Every comparison of two samples."""
    return {
        "mann_whitney": mann_whitney(x, y),
        "brunner_munzel": brunner_munzel(x, y),
        "superiority": superiority(x, y),
        "median_ratio": median_ratio(x, y, seed=1, resamples=199),
        "equivalence": equivalence(x, y, margin=0.05, seed=1, resamples=199),
        "hodges_lehmann": hodges_lehmann(x, y),
        "levene": levene([x, y]),
        "levene_mean": levene([x, y], center="mean"),
        "levene_log": levene([x, y], log=True),
        "fligner_killeen": fligner_killeen([x, y]),
        "sd_ratio": sd_ratio(x, y, seed=1, resamples=199),
    }


# n = 0 in a group


@pytest.mark.parametrize(("x", "y"), [([], TWENTY), (TWENTY, []), ([], []), ([math.nan], TWENTY)])
def test_an_empty_sample_leaves_every_figure_empty_for_want_of_n(x, y):
    for name, result in everything(x, y).items():
        assert result.reason == Reason.N, name
    assert math.isnan(mann_whitney(x, y).p_value)
    assert mann_whitney(x, y).reason_at(0.05) == "n"
    assert math.isnan(superiority(x, y).a12)
    assert math.isnan(median_ratio(x, y, seed=1).ratio)
    assert math.isnan(hodges_lehmann(x, y).shift)


def test_the_median_of_nothing_is_nan():
    interval = median_interval([])
    assert math.isnan(interval.median)
    assert interval.reason == "n"


# n = 1, 2, 3


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_below_six_values_a_median_has_no_interval(n: int):
    interval = median_interval(TWENTY[:n])
    assert interval.median == np.median(TWENTY[:n])
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)
    assert (interval.rank_low, interval.reason) == (0, "n")


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_spread_of_up_to_three_values_is_not_testable(n: int):
    for outcome in (
        levene([TWENTY[:n], TWENTY]),
        levene([TWENTY, TWENTY[:n]], center="mean"),
        fligner_killeen([TWENTY[:n], TWENTY]),
    ):
        assert math.isnan(outcome.p_value)
        assert outcome.reason == "n"
    assert sd_ratio(TWENTY, TWENTY[:n], seed=1).reason == "n"


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
    assert result.p_value == result.smallest_p == pytest.approx(smallest_p)
    assert result.reason_at(0.05) == reason


def test_ties_may_bring_the_smallest_p_below_alpha_where_the_sizes_alone_do_not():
    """3 v 4: 2/35 without ties, but 1/35 where one deal alone is as extreme."""
    result = mann_whitney([74] * 3, [75] * 4)
    assert result.p_value == 1 / 35
    assert result.reason_at(0.05) == ""
    assert mann_whitney([1, 2, 3], [4, 5, 6, 7]).reason_at(0.05) == "floor"


def test_three_against_three_have_a_shift_without_limits():
    result = hodges_lehmann([1, 2, 3], [4, 6, 8])
    assert result.shift == -4
    assert math.isnan(result.low)
    assert math.isnan(result.confidence)
    assert result.reason == "floor"


def test_one_value_has_no_brunner_munzel_and_no_interval_of_a12():
    x, y = [75], [74, 76, 78]
    assert brunner_munzel(x, y).reason == "n"
    result = superiority(x, y)
    assert result.a12 == pytest.approx(1 / 3)
    assert math.isnan(result.a12_low)
    assert result.reason == "n"


# Both constant


def test_two_equal_constants_do_not_differ():
    x, y = [28.0] * 20, [28.0] * 21
    assert mann_whitney(x, y).p_value == 1
    assert mann_whitney(x, y).reason_at(0.05) == ""
    assert mann_whitney(range(51), [7] * 50 + [8]).p_value < 1
    assert mann_whitney([7] * 51, [7] * 50).p_value == 1
    assert astuple(median_ratio(x, y, seed=1)) == (1, 1, 1, "")
    assert superiority(x, y).a12 == 0.5
    assert superiority(x, y).reason == "zero_variance"
    assert brunner_munzel(x, y).reason == "zero_variance"
    assert not brunner_munzel(x, y).separated
    assert astuple(hodges_lehmann(x, y))[:3] == (0, 0, 0)
    assert equivalence(x, y, margin=0.01, seed=1).within


@pytest.mark.parametrize("value", [28.0, 0.1])
def test_a_constant_has_its_value_for_an_interval(value: float):
    interval = median_interval([value] * 20)
    assert (interval.median, interval.low, interval.high) == (value, value, value)


@pytest.mark.parametrize("other", [28.1, 31.7])
def test_the_spread_of_two_constants_is_not_testable(other: float):
    samples = [[28.1] * 6, [other] * 7]
    for outcome in (
        levene(samples),
        levene(samples, center="mean"),
        levene(samples, log=True),
        fligner_killeen(samples),
    ):
        assert math.isnan(outcome.statistic)
        assert math.isnan(outcome.p_value)
        assert outcome.reason == "zero_variance"
        assert not outcome.one_constant
    assert sd_ratio(*samples, seed=1).reason == "zero_variance"


def test_six_against_six_different_constants_gives_two_in_924():
    """C(12, 6) = 924; scipy's asymptotic p for these ties is 0.00126."""
    result = mann_whitney([74] * 6, [75] * 6)
    assert result.p_value == 2 / 924
    assert result.separated
    assert brunner_munzel([74] * 6, [75] * 6).separated
    assert math.isnan(brunner_munzel([74] * 6, [75] * 6).p_value)


# One constant, or nearly


def test_one_constant_keeps_its_p_and_is_flagged():
    x, y = [75.0] * 20, TWENTY
    for outcome in (levene([x, y]), levene([x, y], center="mean"), fligner_killeen([x, y])):
        assert outcome.p_value < 0.001
        assert outcome.one_constant
        assert outcome.reason == ""
    assert sd_ratio(x, y, seed=1).reason == "one_constant"
    assert mann_whitney(x, y).p_value < 0.05
    assert brunner_munzel(x, y).p_value < 0.05
    assert not levene([TWENTY, TWENTY]).one_constant


def test_one_stray_value_gives_the_same_p_both_ways_and_not_above_one():
    x, y = [28] * 20 + [40], [28] * 20
    one, other = mann_whitney(x, y), mann_whitney(y, x)
    assert one.p_value == other.p_value <= 1
    # By hand: the stray one falls to either sample. 20/41 of the deals are further from the mean.
    assert one.smallest_p == 20 / 41
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
    assert result.separated
    assert result.p_value == result.smallest_p == 2 / math.comb(41, 20)
    munzel = brunner_munzel(x, y)
    assert (munzel.separated, munzel.reason) == (True, "separated")
    assert superiority(x, y).separated
    assert levene([x, y]).reason == ""


# NaN and infinity


def test_what_is_not_finite_takes_no_part():
    x, y = [*TWENTY], [value + 1.5 for value in TWENTY[:9]]
    dirty = [math.nan, *TWENTY, math.inf, -math.inf]
    for name, result in everything(dirty, y).items():
        assert result == everything(x, y)[name], name
    assert median_interval(dirty) == median_interval(x)


# Median <= 0


def test_values_of_zero_or_less_have_no_logarithm_and_no_ratio_but_the_rest():
    x, y = [value - 80 for value in TWENTY], TWENTY
    results = everything(x, y)
    assert results.pop("levene_log").reason == "non_positive"
    assert results.pop("median_ratio").reason == "non_positive"
    assert results.pop("equivalence").reason == "non_positive"
    assert results["hodges_lehmann"].shift == -80
    assert results["levene"].p_value == pytest.approx(1)


def test_a_ratio_over_resamples_around_zero_has_no_upper_end():
    """Medians above zero, yet a resample's may be 0."""
    result = median_ratio([5, 6, 7], [0, 1, 2], seed=1)
    assert result.ratio == 6
    assert (result.high, result.reason) == (math.inf, "unbounded")
