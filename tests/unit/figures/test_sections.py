"""Bars are the medians of the sections, and the title says what makes slow trials slow."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from .support import campaign, drawn, with_sections, words, words_of


def bars(figure, kind, name):
    """Return left end and length of the bars of a section, from the top down."""
    found = [
        each for each in figure.findobj(Rectangle) if each.get_gid() == f"{kind}:{name}"
    ]  # fmt: skip
    return np.array([(each.get_x(), each.get_width()) for each in found])


def test_parts_are_as_long_as_the_medians_and_stand_one_behind_the_other():
    trials = with_sections(campaign(2, 1, 9))
    figure = drawn(trials, kind="sections")
    medians = trials.groupby("run").median(numeric_only=True)
    start = np.zeros(2)
    for name in ("Pair", "Neigh", "Comm", "Output", "Modify", "Other"):
        found = bars(figure, "medians", name)
        assert np.allclose(found[:, 0], start)
        assert np.allclose(found[:, 1], medians[f"{name.lower()}_time"])
        start = found.sum(axis=1)


def test_the_thin_bar_is_the_mean_of_the_slowest_quarter():
    trials = with_sections(campaign(1, 1, 20))
    figure = drawn(trials, kind="sections")
    slowest = trials.nlargest(5, "loop_time")["modify_time"].mean()
    assert bars(figure, "slow", "Modify")[0, 1] == pytest.approx(slowest)
    assert not len(bars(drawn(trials[:3], kind="sections"), "slow", "Modify"))


def test_excluded_trials_do_not_count():
    trials = with_sections(campaign(1, 1, 9))
    trials.loc[2, ["excluded", "pair_time"]] = ["node failed", 5000.0]
    figure = drawn(trials, kind="sections")
    kept = trials.drop(index=2)["pair_time"]
    assert bars(figure, "medians", "Pair")[0, 1] == pytest.approx(kept.median())
    assert "1 excluded (not shown)" in words_of("caption", trials, "sections")


def test_large_sections_are_named_on_the_bar_and_small_ones_in_the_legend():
    figure = drawn(with_sections(campaign(1, 1, 9)), kind="sections")
    (legend,) = figure.legends
    named = {text.get_text() for text in legend.get_texts()}
    assert {"Neigh", "Comm", "Output"} <= named
    assert not {"Pair", "Modify", "Kspace"} & named
    assert {"Pair", "Modify"} <= set(words(figure))


def test_a_run_without_sections_is_left_out_and_named_in_the_caption():
    trials = with_sections(campaign(["flux", "mpi"], 1, 5))
    trials.loc[trials["run"] == "mpi", [name for name in trials if name.endswith("_time")]] = np.nan
    trials.loc[trials["run"] == "mpi", "loop_time"] = 50.0
    assert "mpi" not in words(drawn(trials, kind="sections"))
    assert "Not measured: mpi." in words_of("caption", trials, "sections")


def test_the_title_says_which_section_makes_slow_trials_slow():
    trials = with_sections(campaign(["a", "b"], 1, 20, value=lambda random, n: np.full(n, 40.0)))
    assert words_of("title", trials, "sections") == "Loop time by section"
    slow = trials.index[20:25]
    trials.loc[slow, ["loop_time", "modify_time"]] += 21.0
    told = "the slowest quarter takes 21 s longer, 21 s of it in Modify"
    assert words_of("title", trials, "sections") == f"b, 8 nodes: {told}"
    assert told in words_of("alt", trials, "sections")
