"""Efficiencies stand at their sizes, below a line that is the ideal and joins no trials."""

from __future__ import annotations

import numpy as np
import pytest

from heteroscope import figures
from heteroscope.analysis.comparisons import Settings
from heteroscope.analysis.scaling import scaling

from .support import campaign, collection, drawn, lines, marks, tables, words, words_of


def given():
    made = tables(campaign(["a", "b"], [8, 16, 64], 6))
    made["scaling"]["efficiency"] = [1.0, 0.9, 0.5, 1.0, 0.8, 0.4]
    return made


def test_every_efficiency_stands_at_its_value_in_percent():
    heights = marks(drawn(given(), kind="efficiency"), "efficiency")[:, 1]
    assert heights == pytest.approx([100, 90, 50, 100, 80, 40])


def test_sizes_are_as_far_apart_as_their_logarithms():
    (axes,) = drawn(given(), kind="efficiency").axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["8", "16", "64"]
    assert list(axes.get_xticks()) == [3, 4, 6]


def test_runs_stand_beside_their_size_in_the_order_of_the_legend():
    places = marks(drawn(given(), kind="efficiency"), "efficiency")[:, 0].reshape(2, 3)
    assert (places[0] < [3, 4, 6]).all()
    assert (places[1] > [3, 4, 6]).all()
    assert np.abs(places - [3, 4, 6]).max() < 0.5


def test_intervals_are_those_of_the_table():
    made = given()
    figure = drawn(made, kind="efficiency")
    drawn_ends = np.concatenate(
        [
            [path.vertices[:, 1] for path in collection(figure, f"intervals-{run}").get_paths()]
            for run in (0, 1)
        ]
    )
    assert np.allclose(drawn_ends, 100 * made["scaling"][["efficiency_low", "efficiency_high"]])


def test_the_ideal_is_the_only_line_between_sizes():
    figure = drawn(given(), kind="efficiency")
    (ideal,) = lines(figure, "ideal")
    assert set(ideal.get_ydata()) == {100}
    solid = [line for line in figure.axes[0].lines if line.get_linestyle() != "None"]
    assert solid == [ideal]
    assert "ideal" in words(figure)


def test_the_axis_starts_at_zero_and_shows_the_ideal():
    low, high = drawn(given(), kind="efficiency").axes[0].get_ylim()
    assert low == 0
    assert high > 100


def test_sizes_whose_numbers_would_touch_are_thinned_out():
    sizes = [100, 101, 102, 103, 400]
    made = tables(campaign(["a"], sizes, 6))
    labels = [
        label.get_text() for label in drawn(made, kind="efficiency").axes[0].get_xticklabels()
    ]
    assert labels[0] == "100"
    assert labels[-1] == "400"
    assert len(labels) < 5


def test_efficiencies_are_what_medians_give():
    trials = campaign(["a"], [8, 32], 9).assign(atoms=1.0, steps=1.0, walltime=1.0)
    table = scaling(trials, [8, 32], {}, Settings())
    medians = trials.groupby("size")["loop_time"].median()
    expected = 100 * medians[8] / medians[32] * 8 / 32
    figure = drawn({"trials": trials, "scaling": table}, kind="efficiency")
    assert marks(figure, "efficiency")[:, 1] == pytest.approx([100, expected])


def test_the_caption_tells_the_bases_apart():
    made = given()
    assert "relative to 8 nodes" in words_of(figures.caption, made, "efficiency")
    made["scaling"].loc[made["scaling"]["run"] == "b", "base_size"] = 16
    assert "8 nodes for a; 16 nodes for b" in words_of(figures.caption, made, "efficiency")
