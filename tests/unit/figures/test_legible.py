"""No word is cut or touches another, however many runs, sizes and trials there are."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from heteroscope import figures
from heteroscope.metrics import METRICS

from .support import assert_legible, campaign, drawn

LONG_TITLE = "A rather long title that says what is in the figure and more than that " * 2

VALUES = {
    "usual": None,
    "constant": lambda random, n: np.full(n, 42.0),
    "zero": lambda random, n: np.zeros(n),
    "tiny": lambda random, n: 1e-6 * (1 + random.random(n)),
    "huge": lambda random, n: 1e6 * (1 + random.random(n)),
    "of both signs": lambda random, n: random.normal(0, 3, n),
    "negative": lambda random, n: -50 - random.random(n),
    "over twelve decades": lambda random, n: 10 ** random.uniform(-6, 6, n),
    "with one far above": lambda random, n: np.where(np.arange(n), 50 + random.random(n), 12345.6),
    "with one far below": lambda random, n: np.where(np.arange(n), 50 + random.random(n), -12345),
}


def names(n):
    return [f"run number {i:02d} of a name of 40 letters!" for i in range(n)]


def test_the_check_sees_words_that_overlap_or_are_cut():
    figure = Figure()
    figure.text(0.5, 0.5, "one")
    assert_legible(figure)
    for x, y, size, fault in (
        (0.51, 0.5, 10, "overlaps"),
        (0.99, 0.2, 10, "cut at the right"),
        (0.2, 0.99, 20, "cut at the top"),
    ):
        other = figure.text(x, y, "another", fontsize=size)
        with pytest.raises(AssertionError, match=fault):
            assert_legible(figure)
        other.remove()


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("size", ["screen", "one-column"])
def test_values_of_any_kind(values, size):
    trials = campaign(names(5), 4, 20, value=values)
    assert_legible(drawn(trials, size=size, title=LONG_TITLE))


@pytest.mark.parametrize("page", figures.SIZES)
@pytest.mark.parametrize(
    ("runs", "sizes", "repetitions"),
    [(1, 1, 1), (1, 10, 1), (12, 1, 200), (3, 4, 2), (7, 4, 20), (12, 10, 3)],
)
def test_any_number_of_runs_sizes_and_trials(runs, sizes, repetitions, page):
    trials = campaign(names(runs), sizes, repetitions)
    trials.loc[trials["repetition"] == 2, "excluded"] = "warm-up"
    trials.loc[trials["repetition"] == 2, "loop_time"] = 98765.4
    assert_legible(drawn(trials, size=page, title=LONG_TITLE))


@pytest.mark.parametrize("page", figures.SIZES)
def test_gaps_and_their_notes(page):
    trials = campaign(names(12), 6, 4)
    trials.loc[trials["size"] == 16, "loop_time"] = np.nan
    trials.loc[trials["size"] == 64, "ranks"] = np.nan
    trials = trials[trials["size"] != 32]
    assert_legible(drawn(trials, size=page, sizes=[8, 16, 32, 64, 128, 256]))


@pytest.mark.parametrize("page", figures.SIZES)
def test_a_figure_without_data(page):
    trials = campaign(names(12), 6, 4).assign(loop_time=np.nan)
    assert_legible(drawn(trials, size=page, title=LONG_TITLE))


@pytest.mark.parametrize("page", figures.SIZES)
def test_the_titles_of_all_metrics_stand_at_the_axis_with_their_units(page):
    trials = campaign(["run0"], 1, 3, value=lambda random, n: 10.0 ** (6 * random.random(n)))
    for name, metric in METRICS.items():
        figure = drawn(trials.rename(columns={"loop_time": name}), name, size=page)
        title = figure.axes[0].get_ylabel().replace("\n", " ")
        assert title.startswith(metric.title)
        assert title.endswith(f"{metric.unit})") or title.endswith("log scale)")


@pytest.mark.parametrize("page", figures.SIZES)
def test_the_longest_title_of_a_metric(page):
    metric = max(METRICS, key=lambda name: len(METRICS[name].title))
    assert_legible(drawn(campaign(metric=metric), metric, size=page))
