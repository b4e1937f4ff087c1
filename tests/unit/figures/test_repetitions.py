"""Trials stand in the order of execution, and a trend is marked where the test finds one."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy import stats

from heteroscope import figures

from .support import campaign, drawn, marks, tables, words, words_of


def panels(figure):
    return [axes for axes in figure.axes if axes.get_visible() and axes.axison]


def framed(figure):
    return [axes for axes in panels(figure) if axes.spines["top"].get_visible()]


def test_trials_stand_in_the_order_of_execution():
    trials = campaign(1, 1, 9)
    trials["order"] = [9, 8, 7, 6, 5, 4, 3, 2, 1]
    figure = drawn(trials, kind="repetitions")
    first, rest = marks(figure, "first"), marks(figure, "trials")
    points = np.concatenate([first, rest])
    assert points[:, 0].tolist() == list(range(1, 10))
    assert points[:, 1].tolist() == trials["loop_time"].tolist()[::-1]


def test_without_an_order_that_of_the_table_stands():
    trials = campaign(1, 1, 5).assign(order=np.nan)
    figure = drawn(trials, kind="repetitions")
    points = np.concatenate([marks(figure, "first"), marks(figure, "trials")])
    assert points[:, 1].tolist() == trials["loop_time"].tolist()


def test_first_and_excluded_trials_are_hollow():
    trials = campaign(1, 1, 9)
    trials.loc[[3, 5], "excluded"] = "node failed"
    figure = drawn(trials, kind="repetitions")
    assert len(marks(figure, "first")) == 1
    assert marks(figure, "excluded")[:, 0].tolist() == [4, 6, 4, 6]  # rings and crosses
    assert len(marks(figure, "trials")) == 6
    for line in panels(figure)[0].lines:
        if (line.get_gid() or "").startswith(("first-", "excluded-")):
            assert to_hex(line.get_markerfacecolor()) == "#ffffff"
    assert {"first of its group", "excluded"} <= set(words(figure))


def test_the_line_is_the_median_of_what_counts():
    trials = campaign(1, 1, 9)
    trials.loc[0, "excluded"] = "warm-up"
    figure = drawn(trials, kind="repetitions")
    assert set(marks(figure, "median")[:, 1]) == {trials["loop_time"][1:].median()}


@pytest.mark.parametrize("slope", [0.0, 3.0, -3.0])
def test_the_trend_is_kendalls_and_framed_where_it_is_more_than_chance(slope):
    trials = campaign(1, 1, 12)
    trials["loop_time"] += slope * trials["order"]
    expected = stats.kendalltau(trials["order"], trials["loop_time"])
    figure = drawn(trials, kind="repetitions")
    (text,) = [word for word in words(figure) if word.startswith("τ")]
    assert text.split(",")[0] == f"τ {expected.statistic:+.2f}".replace("-", "−")
    assert bool(framed(figure)) == (expected.pvalue <= 0.05) == bool(slope)


def test_the_table_of_drift_is_heeded_where_it_is_given():
    given = tables(campaign(1, 2, 12))
    given["drift"] = given["drift"].assign(kendall_tau=[0.5, 0.1], kendall_p=[0.004, 0.3])
    figure = drawn(given, kind="repetitions")
    assert {"τ +0.50, p = 0.004", "τ +0.10, p = 0.30"} <= set(words(figure))
    assert framed(figure) == panels(figure)[:1]
    assert not framed(drawn(given, kind="repetitions", settings={"alpha": 0.001}))
    assert "1 of 2 panels" in words_of(figures.caption, given, "repetitions")


def test_a_panel_stands_for_each_run_and_size_and_rows_share_an_axis():
    trials = campaign(3, 2, 6)
    figure = drawn(trials[~((trials["run"] == "run1") & (trials["size"] == 8))], kind="repetitions")
    assert len(panels(figure)) == 6
    assert words(figure).count("no data") == 1
    for row in (panels(figure)[:3], panels(figure)[3:]):
        assert len({axes.get_ylim() for axes in row}) == 1


def test_a_far_trial_is_marked_at_the_edge_and_given_in_the_caption():
    trials = campaign(1, 1, 20)
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials, kind="repetitions")
    ((turn, height),) = marks(figure, "trials-over")
    assert turn == 5
    assert height == panels(figure)[0].get_ylim()[1]
    assert "1234" in words_of(figures.caption, trials, "repetitions")


def test_runs_are_named_over_their_columns_where_they_fit_and_in_the_legend_elsewhere():
    trials = campaign(["a", "b"], 1, 6)
    assert "a label" in words(drawn(trials, kind="repetitions", labels={"a": "a label"}))
    many = campaign([f"run{i}" for i in range(12)], 1, 6)
    long = {f"run{i}": f"{i}_a_label_of_one_long_word" for i in range(12)}
    (legend,) = drawn(many, kind="repetitions", labels=long).legends
    assert {text.get_text() for text in legend.get_texts()} >= set(long.values())
