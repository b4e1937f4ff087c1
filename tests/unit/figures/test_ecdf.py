"""Steps are the shares of the trials, each step one trial, nothing smoothed."""

from __future__ import annotations

import numpy as np
import pytest

from heteroscope import figures

from .support import campaign, drawn, lines, marks, words, words_of


def panels(figure):
    return [axes for axes in figure.axes if axes.axison]


def test_steps_are_the_distribution_function():
    trials = campaign(1, 1, 5).assign(loop_time=[44.0, 41.0, 45.0, 41.0, 43.0])
    figure = drawn(trials, kind="ecdf")
    assert marks(figure, "trials").tolist() == [
        [41, 0.2], [41, 0.4], [43, 0.6], [44, 0.8], [45, 1.0]
    ]  # fmt: skip
    (steps,) = lines(figure, "steps-0")
    assert steps.get_drawstyle() == "steps-post"
    assert steps.get_xydata().tolist() == [[41, 0], *marks(figure, "trials").tolist()]


def test_a_panel_stands_for_each_size_with_all_its_trials():
    trials = campaign(2, 3, 7)
    figure = drawn(trials, kind="ecdf")
    assert len(panels(figure)) == 3
    for axes, size in zip(panels(figure), (8, 16, 32), strict=True):
        shown = np.concatenate(
            [line.get_xdata() for line in axes.lines if line.get_gid().startswith("trials-")]
        )
        expected = trials.loc[trials["size"] == size, "loop_time"]
        assert np.allclose(np.sort(shown), np.sort(expected))
        assert f"{94 * size} ranks on {size} nodes" in axes.get_title(loc="left")


def test_excluded_trials_are_no_step():
    trials = campaign(1, 1, 9)
    trials.loc[0, "excluded"] = "warm-up"
    figure = drawn(trials, kind="ecdf")
    assert len(marks(figure, "trials")) == 8
    assert "run0, n = 8" in words(figure)
    assert "Excluded, and not drawn: warm-up (1)." in words_of(figures.caption, trials, "ecdf")


def test_the_legend_gives_n_or_its_range_even_where_a_label_is_cut():
    trials = campaign(["a", "b"], [8, 16], 9)
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 8) & (trials["repetition"] > 5))]
    found = words(drawn(trials, kind="ecdf", labels={"a": "x" * 90}))
    assert "b, n = 5 to 9" in found
    assert any(word.startswith("xxx") and word.endswith("…, n = 9") for word in found)


def test_a_far_trial_is_marked_at_the_edge_and_given_in_the_caption():
    trials = campaign(1, 1, 20)
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials, kind="ecdf")
    ((x, height),) = marks(figure, "trials-over")
    assert x == panels(figure)[0].get_xlim()[1]
    assert height == pytest.approx(1)
    assert "1234" in words_of(figures.caption, trials, "ecdf")


def test_lines_of_neighbouring_runs_differ_without_colour():
    figure = drawn(campaign(4, 1, 5), kind="ecdf")
    dashes = [str(lines(figure, f"steps-{i}")[0]._unscaled_dash_pattern) for i in range(4)]
    assert len(set(dashes)) == 4
