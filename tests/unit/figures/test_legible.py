"""No word is cut or touches another, however many runs, sizes and trials there are."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from heteroscope import figures
from heteroscope.metrics import METRICS

from .support import assert_legible, campaign, drawn, tables, with_sections

LONG_TITLE = "A rather long title that says what is in the figure and more than that " * 2

VALUES = {
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
STRESS = {
    "one of each": (1, 1, 1, "screen"),
    "one run at ten sizes": (1, 10, 1, "one-column"),
    "twelve runs of 200 trials": (12, 1, 200, "one-column"),
    "usual in a column": (5, 4, 20, "one-column"),
    "usual on a slide": (4, 3, 20, "slide"),
    "twelve runs at two sizes": (12, 2, 2, "two-column"),
}


def names(n):
    return [f"run number {i:02d} of a name of 40 letters!" for i in range(n)]


def made(runs, sizes, repetitions, **options):
    trials = campaign(names(runs) if isinstance(runs, int) else runs, sizes, repetitions, **options)
    return tables(with_sections(trials))


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


@pytest.mark.parametrize("kind", figures.KINDS)
@pytest.mark.parametrize(("runs", "sizes", "repetitions", "page"), STRESS.values(), ids=STRESS)
def test_any_number_of_runs_sizes_and_trials(kind, runs, sizes, repetitions, page):
    given = made(runs, sizes, repetitions)
    trials = given["trials"]
    trials.loc[trials["repetition"] == 2, "excluded"] = "warm-up"
    trials.loc[trials["repetition"] == 2, ["loop_time", "modify_time"]] = 98765.4
    assert_legible(drawn(given, kind=kind, size=page, title=LONG_TITLE))


@pytest.mark.slow
@pytest.mark.parametrize("kind", figures.KINDS)
def test_twelve_runs_at_many_sizes_in_a_column(kind):
    sizes = 4 if kind == "repetitions" else 10  # it has a panel for each group
    assert_legible(drawn(made(12, sizes, 3), kind=kind, size="one-column", title=""))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        *(("distribution", name) for name in VALUES),
        *(("close_up", name) for name in VALUES),
        *(("sections", name) for name in ("zero", "tiny", "huge")),
        *(("repetitions", name) for name in ("tiny", "of both signs", "with one far above")),
        *(("ecdf", name) for name in ("tiny", "over twelve decades", "with one far below")),
    ],
)
def test_values_of_any_kind(kind, values):
    assert_legible(
        drawn(made(3, 2, 20, value=VALUES[values]), kind=kind, size="one-column", title="")
    )


@pytest.mark.parametrize("kind", ["effects", "spread", "efficiency"])
@pytest.mark.parametrize("factor", [1e-6, 1e-2, 1e6, np.nan, np.inf])
def test_ratios_of_any_size(kind, factor):
    given = made(3, 4, 2)
    table = given[figures.KINDS[kind].NEEDS.shown]
    name = "efficiency" if kind == "efficiency" else "ratio"
    rows = table.index[table["question"] == "spread"] if kind == "spread" else table.index
    table.loc[rows[1], [name, f"{name}_low", f"{name}_high"]] *= factor
    table.loc[rows[2], [f"{name}_low", f"{name}_high"]] = np.nan
    table.loc[rows[3], f"{name}_high"] = np.inf
    assert_legible(drawn(given, kind=kind, size="one-column"))


@pytest.mark.parametrize("page", ["one-column", "screen"])
def test_gaps_and_their_notes(page):
    trials = campaign(names(12), 6, 4)
    trials.loc[trials["size"] == 16, "loop_time"] = np.nan
    trials.loc[trials["size"] == 64, "ranks"] = np.nan
    trials = trials[trials["size"] != 32]
    assert_legible(drawn(trials, size=page, sizes=[8, 16, 32, 64, 128, 256]))


@pytest.mark.parametrize("kind", figures.KINDS)
def test_the_longest_title_of_a_metric_has_room(kind):
    needs = figures.KINDS[kind].NEEDS
    metric = max(needs.metrics or METRICS, key=lambda name: len(METRICS[name].title))
    given = tables(with_sections(campaign(3, 2, 5)), metric)
    given["trials"] = given["trials"].assign(**{metric: given["trials"]["loop_time"]})
    assert_legible(drawn(given, metric, kind=kind, size="one-column", title=""))
