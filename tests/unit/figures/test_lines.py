"""Efficiency, repetitions and distribution functions: points of a line are where the data are."""

from __future__ import annotations

import numpy as np
import pytest

from .support import campaign, drawn, lines, marks, segments, tables, words, words_of


def scaling():
    made = tables(campaign(["a", "b"], [8, 16, 64], 6))
    made["scaling"]["efficiency"] = [1.0, 0.9, 0.5, 1.0, 0.8, 0.4]
    return made


def test_every_efficiency_stands_at_its_size_in_percent_with_its_interval():
    made = scaling()
    figure = drawn(made, kind="efficiency")
    points = marks(figure, "efficiency")
    assert points[:, 1] == pytest.approx([100, 90, 50, 100, 80, 40])
    # Runs stand beside their size, in their order, by less than a sixth of a doubling.
    shifts = np.log2(points[:, 0] / [8, 16, 64, 8, 16, 64])
    assert (np.sign(shifts) == [-1, -1, -1, 1, 1, 1]).all()
    assert np.abs(shifts).max() < 1 / 6
    ends = segments(figure, "intervals")[:, :, 1]
    assert np.allclose(ends, 100 * made["scaling"][["efficiency_low", "efficiency_high"]])


def test_lines_of_efficiency_end_in_their_name_and_number():
    found = words(drawn(scaling(), kind="efficiency", labels={"a": "the first"}))
    assert {"the first 50 % at 64 nodes", "b 40 % at 64 nodes", "ideal"} <= set(found)
    assert words_of("title", scaling(), "efficiency") == (
        "At 64 nodes, 40 % (b) to 50 % (a) of the ideal speed is left"
    )


def test_the_axis_of_efficiency_starts_at_zero_and_shows_the_ideal():
    figure = drawn(scaling(), kind="efficiency")
    low, high = figure.axes[0].get_ylim()
    assert low == 0
    assert high > 100
    assert set(lines(figure, "ideal")[0].get_ydata()) == {100}


def test_sizes_whose_numbers_would_touch_are_thinned_out():
    made = tables(campaign(["a"], [100, 101, 102, 103, 400], 6))
    found = words(drawn(made, kind="efficiency"))
    assert {"100", "400"} <= set(found)
    assert not {"101", "102"} & set(found)


def test_the_caption_names_the_base_of_efficiency():
    made = scaling()
    assert "smallest size of each run (8 nodes)" in words_of("caption", made, "efficiency")
    made["scaling"].loc[made["scaling"]["run"] == "b", "base_size"] = 16
    assert "(8 and 16 nodes)" in words_of("caption", made, "efficiency")


@pytest.mark.parametrize("order", [[9, 8, 7, 6, 5, 4, 3, 2, 1], [np.nan] * 9])
def test_repetitions_stand_in_the_order_of_execution_or_else_of_the_table(order):
    trials = campaign(1, 1, 9).assign(order=order)
    points = marks(drawn(trials, kind="repetitions"), "trials")
    points = points[points[:, 0].argsort()]
    assert points[:, 0].tolist() == list(range(1, 10))
    expected = trials.sort_values("order", kind="stable")["loop_time"]
    assert points[:, 1].tolist() == expected.tolist()


def test_excluded_repetitions_are_hollow_and_no_part_of_the_median():
    trials = campaign(1, 1, 9)
    trials.loc[[3, 5], "excluded"] = "node failed"
    figure = drawn(trials, kind="repetitions")
    assert marks(figure, "excluded")[:, 0].tolist() == [4, 6]
    kept = trials.drop(index=[3, 5])["loop_time"]
    assert set(marks(figure, "median")[:, 1]) == {kept.median()}
    assert "excluded" in words(figure)


def test_a_panel_stands_for_each_run_and_size_and_rows_share_an_axis():
    trials = campaign(3, 2, 6)
    # The first panel of a row has its numbers, though it may have no trials.
    trials = trials[~((trials["run"] == "run0") & (trials["size"] == 8))]
    figure = drawn(trials, kind="repetitions")
    assert len(figure.axes) == 6
    assert words(figure).count("no data") == 1
    for row in (figure.axes[:3], figure.axes[3:]):
        assert len({axes.get_ylim() for axes in row}) == 1


def test_a_far_repetition_is_marked_at_the_edge():
    trials = campaign(1, 1, 20)
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials, kind="repetitions")
    ((turn, height),) = marks(figure, "trials-far")
    assert turn == 5
    assert height == figure.axes[0].get_ylim()[1]


def test_steps_are_the_distribution_function():
    trials = campaign(1, 1, 5).assign(loop_time=[44.0, 41.0, 45.0, 41.0, 43.0])
    (steps,) = lines(drawn(trials, kind="ecdf"), "steps")
    assert steps.get_drawstyle() == "steps-post"
    assert np.allclose(
        steps.get_xydata(), [[41, 0], [41, 0.2], [41, 0.4], [43, 0.6], [44, 0.8], [45, 1.0]]
    )


def test_excluded_trials_are_no_step_and_far_ones_are_told():
    trials = campaign(1, 1, 20)
    trials.loc[0, "excluded"] = "warm-up"
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials, kind="ecdf")
    assert len(marks(figure, "steps")) == 1 + 19
    assert "8 nodes, beyond: 1234" in words(figure)
    assert "1 excluded (not shown)" in words_of("caption", trials, "ecdf")


def test_lines_of_neighbouring_runs_differ_without_colour():
    figure = drawn(campaign(4, 1, 5), kind="ecdf")
    dashes = [str(line._unscaled_dash_pattern) for line in lines(figure, "steps")]
    assert len(set(dashes)) == 4
