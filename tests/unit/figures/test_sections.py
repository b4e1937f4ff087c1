"""The parts of a bar are the sections of its trial, and bars stand by their total."""

from __future__ import annotations

import numpy as np
import pytest

from heteroscope import figures

from .support import campaign, collection, drawn, lines, with_sections, words, words_of


def boxes(figure, name):
    """Return left, bottom and top of the parts of a section."""
    return np.array(
        [
            (path.vertices[:, 0].min(), path.vertices[:, 1].min(), path.vertices[:, 1].max())
            for path in collection(figure, f"section-{name}").get_paths()
        ]
    )


def test_parts_are_as_high_as_the_sections_of_their_trial():
    trials = with_sections(campaign(1, 1, 9)).sort_values("loop_time")
    figure = drawn(trials, kind="sections")
    bottom = np.zeros(9)
    for name in ("Pair", "Neigh", "Comm", "Output", "Modify", "Other"):
        found = boxes(figure, name)
        found = found[np.argsort(found[:, 0])]
        assert np.allclose(found[:, 1], bottom)
        assert np.allclose(found[:, 2] - found[:, 1], trials[f"{name.lower()}_time"])
        bottom = found[:, 2]
    assert np.allclose(bottom, trials["loop_time"])


def test_bars_of_a_group_ascend_and_keep_to_their_slot():
    figure = drawn(with_sections(campaign(3, 2, 30)), kind="sections")
    tops = boxes(figure, "Other")
    for group in np.split(tops[np.argsort(tops[:, 0])], 6):
        assert (np.diff(group[:, 2]) >= 0).all()
        assert np.ptp(group[:, 0]) < 1


def test_the_axis_starts_at_zero_even_where_all_bars_are_alike():
    trials = campaign(1, 2, 9, value=lambda random, n: random.uniform(99, 100, n))
    assert drawn(with_sections(trials), kind="sections").axes[0].get_ylim()[0] == 0


def test_excluded_trials_are_outlines_behind_the_others():
    trials = with_sections(campaign(1, 1, 9))
    trials.loc[2, "excluded"] = "node failed"
    figure = drawn(trials, kind="sections")
    (path,) = collection(figure, "excluded").get_paths()
    assert path.vertices[:, 1].max() == pytest.approx(trials["loop_time"][2])
    assert path.vertices[:, 0].min() == boxes(figure, "Pair")[:, 0].max()
    assert {"excluded", "n=8"} <= set(words(figure))


def test_a_far_trial_is_cut_at_the_edge_with_its_value():
    trials = with_sections(campaign(1, 1, 20))
    trials.loc[4, ["loop_time", "modify_time"]] = [2000.0, 1980.0]
    figure = drawn(trials, kind="sections")
    top = figure.axes[0].get_ylim()[1]
    assert boxes(figure, "Modify")[:, 2].max() == top < 1000
    assert "2000" in words(figure)
    assert "1 bar cut at the edge" in words_of(figures.caption, trials, "sections")


def test_each_group_has_the_mark_of_its_run():
    styles = figures.styles(["a", "b"])
    figure = drawn(with_sections(campaign(["a", "b"], 2, 5)), kind="sections", styles=styles)
    for run in ("a", "b"):
        found = lines(figure, f"run-{run}")
        assert [mark.get_marker() for mark in found] == [styles[run].marker] * 2


def test_sections_that_no_trial_has_are_not_in_the_legend():
    figure = drawn(with_sections(campaign(1, 1, 5)), kind="sections")
    assert "Kspace" not in words(figure)
    trials = with_sections(campaign(1, 1, 5)).assign(kspace_time=1.0)
    assert "Kspace" in words(drawn(trials, kind="sections"))


def test_a_run_without_sections_is_left_out_and_named_in_the_caption():
    trials = with_sections(campaign(["flux", "mpi"], 1, 5))
    trials.loc[trials["run"] == "mpi", [name for name in trials if name.endswith("_time")]] = np.nan
    trials.loc[trials["run"] == "mpi", "loop_time"] = 50.0
    assert "mpi" not in words(drawn(trials, kind="sections"))
    assert "Without this metric: mpi." in words_of(figures.caption, trials, "sections")


def test_words_say_which_section_makes_slow_trials_slow():
    trials = with_sections(campaign(1, 1, 20, value=lambda random, n: np.full(n, 40.0)))
    assert "slowest" not in words_of(figures.alt_text, trials, "sections")
    slow = trials.index[:5]
    trials.loc[slow, ["loop_time", "modify_time"]] += 21.0
    assert "takes 21 s longer, 21 s of it in Modify" in words_of(
        figures.alt_text, trials, "sections"
    )
