"""Each size has an axis of its own, each run a row with its trials, its middle half and median."""

from __future__ import annotations

import numpy as np
import pytest

from .support import campaign, drawn, lines, marks, segments, words, words_of


def given():
    trials = campaign(["a", "b"], [8, 16], 9)
    trials.loc[trials["size"] == 16, "loop_time"] /= 2
    trials.loc[trials["run"] == "b", "loop_time"] -= 0.5
    return trials


def test_every_trial_stands_at_its_value_in_the_row_of_its_run():
    trials = given()
    figure = drawn(trials, kind="close_up")
    points = marks(figure, "trials")
    assert np.allclose(np.sort(points[:, 0]), np.sort(trials["loop_time"]))
    for line in lines(figure, "trials"):
        row = {"a": 0, "b": 1}[line.get_gid().partition(":")[2]]
        assert np.abs(line.get_ydata() - row).max() < 0.5


def test_the_bar_is_the_middle_half_and_the_stroke_the_median_with_its_number():
    trials = campaign(1, 1, 5).assign(loop_time=[40.0, 41.0, 43.5, 44.0, 50.0])
    figure = drawn(trials, kind="close_up")
    assert segments(figure, "half")[0, :, 0].tolist() == [41, 44]
    assert set(segments(figure, "median")[0, :, 0]) == {43.5}
    assert {"run0", "8 nodes", "43.5", "LAMMPS loop time (s)"} <= set(words(figure))


def test_differences_of_four_percent_are_far_apart_though_sizes_differ_fourfold():
    trials = campaign(["a", "b"], [8, 64], 9, value=lambda random, n: 80 + random.random(n))
    trials.loc[trials["size"] == 64, "loop_time"] /= 4
    trials.loc[trials["run"] == "b", "loop_time"] *= 0.96
    for axes in drawn(trials, kind="close_up").axes:
        low, high = axes.get_xlim()
        assert 0.04 * high > 0.4 * (high - low)


def test_a_run_that_was_not_measured_at_a_size_says_so():
    trials = given()
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 16))]
    assert words(drawn(trials, kind="close_up")).count("not measured") == 1


def test_a_far_trial_is_a_triangle_at_the_edge_with_its_value():
    trials = campaign(1, 1, 20)
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials, kind="close_up")
    ((x, _),) = marks(figure, "trials-far")
    assert x < 100
    assert {"1234", "beyond the axis: value given"} <= set(words(figure))


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (0.0, "Lowest median at every size: the b, 41.7 s to 20.5 s"),
        (9.0, "LAMMPS loop time"),
    ],
)
def test_the_title_names_a_run_only_if_it_is_the_best_at_every_size(change, title):
    trials = given()
    medians = trials.groupby(["size", "run"])["loop_time"].transform("median")
    best = {(8, "a"): 42.0, (8, "b"): 41.7, (16, "a"): 21.0, (16, "b"): 20.5 + change}
    keys = zip(trials["size"], trials["run"], strict=True)
    trials["loop_time"] += [best[key] for key in keys] - medians
    assert words_of("title", trials, "close_up", labels={"b": "the b"}) == title


def test_a_tie_has_no_best():
    trials = campaign(["a", "b"], 2, 5, value=lambda random, n: np.full(n, 42.0))
    assert words_of("title", trials, "close_up") == "LAMMPS loop time"
