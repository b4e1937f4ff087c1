"""The axis of values shows every trial that counts, and magnifies nothing beyond the clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from heteroscope.figures.axis import Scale, choose
from heteroscope.figures.data import Group
from heteroscope.figures.page import thin
from heteroscope.figures.theme import themed


def shown(scale):
    """Return the numbers at an axis."""
    with themed():
        axes = Figure().subplots()
        scale.set(axes, "y")
        low, high = axes.get_ylim()
        places = axes.yaxis.get_majorticklocs()
        words = axes.yaxis.get_major_formatter().format_ticks(places)
    return [word for place, word in zip(places, words, strict=True) if low <= place <= high]


def groups(*values, excluded=()):
    made = [Group("run", 8, np.asarray(each, dtype=float)) for each in values]
    return [*made, Group("run", 8, np.empty(0), np.asarray(excluded, dtype=float))]


def test_the_axis_starts_at_zero_while_the_data_fill_half_of_it():
    assert choose(groups([50, 100]), 0.01).low == 0
    assert choose(groups([51, 100]), 0.01).low > 40


def test_negative_values_are_measured_from_zero_too():
    scale = choose(groups([-100, -40]), 0.01)
    assert scale.high == 0
    assert scale.low < -100


def test_five_steps_of_the_clock_are_the_least_length():
    scale = choose(groups([27, 28, 28]), 1.0)
    assert scale.high - scale.low >= 5


def test_equal_values_have_an_axis_around_them():
    for value in (42.0, -42.0, 0.0, 1e6, 1e-6, -1e-6):
        scale = choose(groups([value] * 20), 1e-6)
        assert scale.low <= value <= scale.high
        assert scale.low < scale.high
        assert len(shown(scale)) >= 2


def test_a_few_far_trials_are_left_beyond_the_axis():
    scale = choose(groups([*range(50, 69), 1234]), 0.01)
    assert 68 < scale.high < 100


def test_a_far_tenth_of_a_group_is_not_a_few():
    scale = choose(groups([*range(50, 67), 1234, 1235, 1236]), 0.01)
    assert scale.high > 1236


def test_trials_that_are_merely_high_are_shown_to_scale():
    scale = choose(groups([*range(50, 69), 150]), 0.01)
    assert scale.high > 150


def test_excluded_trials_stretch_the_axis_by_a_third_and_no_more():
    assert choose(groups([10, 60], excluded=[75]), 0.01).high > 75
    assert choose(groups([10, 60], excluded=[100]), 0.01).high < 70


def test_groups_that_differ_by_a_large_factor_have_a_logarithmic_axis():
    assert choose(groups([10, 11], [400, 410]), 0.01).log
    assert not choose(groups([10, 11], [200, 210]), 0.01).log
    assert not choose(groups([-10, 11], [400, 410]), 0.01).log


def test_ticks_are_round_and_say_what_they_are():
    assert shown(choose(groups([0.5, 9.7]), 0.01)) == ["0", "2", "4", "6", "8", "10"]
    decades = shown(Scale(0.5, 400.0, log=True))
    assert decades == ["0.5", "1", "2", "5", "10", "20", "50", "100", "200"]
    assert {"10⁻⁵", "1000"} <= set(shown(Scale(1e-7, 2e3, log=True)))


@pytest.mark.parametrize(
    ("values", "unit", "label"),
    [
        ([1e6, 4e6], "(10⁶ s)", "4.0"),
        ([1e-6, 4e-6], "(10⁻⁶ s)", "4.0"),
        ([10, 40], "(s)", "40"),
    ],
)
def test_long_numbers_leave_their_power_of_ten_to_the_unit(values, unit, label):
    scale = choose(groups(values), 1e-9)
    assert scale.unit("s") == f" {unit}"
    assert label in shown(scale)


def test_a_pure_number_has_no_brackets():
    assert choose(groups([1, 2]), 0.01).unit("") == ""


FIGURES = st.floats(min_value=-1e6, max_value=1e6).filter(lambda value: abs(value) > 1e-6)


@given(st.lists(st.lists(FIGURES, min_size=1, max_size=30), min_size=1, max_size=6))
def test_nine_trials_of_ten_are_on_the_axis(values):
    scale = choose(groups(*values), 1e-4)
    for each in values:
        beyond = sum(not scale.low <= value <= scale.high for value in each)
        assert beyond <= 2 * (len(each) // 10)
        assert scale.low <= np.median(each) <= scale.high


def test_ticks_are_left_out_until_their_numbers_do_not_touch():
    with themed():
        axes = Figure().subplots()
        axes.set_xlim(0, 1e6)
        axes.set_xticks(range(0, 1_000_001, 100_000))
        axes.xaxis.set_major_formatter("{x:.0f}")
        thin(axes.xaxis, 100.0, 10.0)
        # DejaVu Sans has digits of 0.64 em: seven of them take 45 points.
        assert list(axes.get_xticks()) == [0, 500_000, 1_000_000]
        thin(axes.xaxis, 1e4, 10.0)
        assert len(axes.get_xticks()) == 3
