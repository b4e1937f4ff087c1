"""Drift: did values move while the trials ran?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example import declare_metric, example_trials, made_trials
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.tsa.stattools import acf

from heteroscope.analysis.drift import drift
from heteroscope.inference import kendall_trend, lag1, robust_z
from heteroscope.tables import columns
from heteroscope.tables.columns import conform


def row_of(values: Sequence[float], **more: Any) -> Any:
    table = drift(made_trials({("a", 8): values}, **more), ["loop_time"], [])
    assert len(conform(table, columns.DRIFT)) == 1
    return next(table.itertuples())


def tau_b(values: Sequence[float]) -> float:
    """Count the pairs in order and out of order, as Kendall (1970) defines tau-b."""
    pairs = list(itertools.combinations(values, 2))
    signs = [np.sign(later - earlier) for earlier, later in pairs]
    return float(sum(signs) / math.sqrt(len(pairs) * sum(sign != 0 for sign in signs)))


@given(st.lists(st.integers(0, 9), min_size=8, max_size=15).filter(lambda v: len(set(v)) > 1))
def test_tau_counts_pairs(values: list[int]) -> None:
    assert kendall_trend(range(len(values)), values).statistic == pytest.approx(tau_b(values))


def test_a_rising_and_a_falling_sequence() -> None:
    # Without ties and in perfect order p is 2 / n! exactly.
    for step, tau in ((0.1, 1.0), (-0.1, -1.0)):
        row = row_of([70 + step * n for n in range(8)])
        assert (row.kendall_tau, row.kendall_p) == pytest.approx((tau, 2 / math.factorial(8)))


@pytest.mark.parametrize("n", [8, 20, 60])
def test_lag1_is_that_of_statsmodels(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n).cumsum()
    assert lag1(values) == pytest.approx(float(acf(values, nlags=1, fft=False)[1]))


def test_values_that_alternate_depend_on_the_one_before() -> None:
    row = row_of([70.0, 71.0] * 10)
    # Each of 19 products is -1/4, each of 20 squares 1/4.
    assert row.lag1 == pytest.approx(-19 / 20)
    assert row.kendall_p > 0.5


def test_values_are_taken_in_the_order_of_execution() -> None:
    table = made_trials({("a", 8): [70 + 0.1 * n for n in range(10)]})
    for shuffled in (table.iloc[::-1], table.sample(frac=1, random_state=3)):
        assert drift(shuffled, ["loop_time"], [])["kendall_tau"].item() == pytest.approx(1)
    backwards = table.assign(order=-table["order"])
    assert drift(backwards, ["loop_time"], [])["kendall_tau"].item() == pytest.approx(-1)


def test_what_is_left_out_is_no_part_of_the_sequence() -> None:
    table = made_trials({("a", 8): [500.0, *[70 + 0.1 * n for n in range(10)]]})
    table.loc[0, "excluded"] = "a warm-up"
    found = drift(table, ["loop_time"], []).iloc[0]
    assert (found["n"], found["kendall_tau"]) == (10, pytest.approx(1))


@pytest.mark.parametrize(
    ("values", "reason"),
    [([70.0] * 7, "n"), ([70.0], "n"), ([70.0] * 20, "zero_variance")],
)
def test_degenerate_sequences_have_a_reason(values: list[float], reason: str) -> None:
    row = row_of(values)
    assert row.reason == reason
    assert math.isnan(row.kendall_p)
    assert math.isnan(row.lag1)
    assert row.first_z == 0


def test_no_values_no_row() -> None:
    assert len(drift(made_trials({("a", 8): [math.nan] * 9}), ["loop_time"], [])) == 0
    assert len(drift(made_trials({("a", 8): [70.0] * 9}), ["walltime", "cluster_time"], [])) == 0


def test_the_first_value_is_measured_in_robust_deviations_of_one_step_at_least() -> None:
    # Median 72, median distance 1: (75 - 72) / 1.4826.
    assert robust_z([75, 71, 72, 73, 71, 72, 73], 1)[0] == pytest.approx(3 / 1.4826)
    # All others are equal: one step of the clock is one deviation.
    assert robust_z([48, *[47] * 19], 1)[0] == 1


def test_sizes_in_blocks_and_in_turn() -> None:
    table = made_trials({("a", 8): [70.0] * 9, ("a", 16): [40.0] * 9})
    assert set(drift(table, ["loop_time"], [])["design"]) == {"blocked"}
    table["order"] = [*range(1, 18, 2), *range(2, 19, 2)]
    assert set(drift(table, ["loop_time"], [])["design"]) == {"interleaved"}
    one = made_trials({("a", 8): [70.0] * 9})
    assert set(drift(one, ["loop_time"], [])["design"]) == {""}


def test_a_listing_is_no_order_of_execution() -> None:
    rising = [70.0 + n for n in range(9)]
    row = row_of(rising, ordered_by="listing")
    assert (row.n, row.ordered_by, row.design, row.reason) == (9, "listing", "", "listing")
    assert all(math.isnan(v) for v in (row.kendall_tau, row.kendall_p, row.lag1, row.first_z))
    row = row_of(rising)
    assert (row.ordered_by, row.kendall_tau, row.reason) == ("start", 1, "")


def test_a_metric_that_is_declared_counts_in_its_last_digit() -> None:
    declare_metric("fom", "1/s", higher_is_better=True)
    for first, step in ((1207.0, 1), (1207.5, 0.1)):
        trials = made_trials({("a", 8): [first, *[1200.0] * 9]}, "fom")
        assert drift(trials, ["fom"], [])["first_z"].item() == pytest.approx((first - 1200) / step)


def test_the_example_campaign_ran_size_by_size() -> None:
    table = conform(drift(example_trials(), ["loop_time"], [8, 16, 32, 64]), columns.DRIFT)
    by_run = table.groupby("run")["design"].unique().map(list).to_dict()
    assert by_run == {run: ["blocked"] for run in ("run2", "run4", "run5", "run6", "run6-mpi")}


def test_drift_of_a_measured_run_as_scipy_finds_it() -> None:
    trials = example_trials()
    of_run = trials[(trials["run"] == "run6") & (trials["size"] == 64)].sort_values("repetition")
    row = drift(of_run, ["timesteps_per_s"], []).iloc[0]
    expected = stats.kendalltau(range(21), of_run["timesteps_per_s"])
    assert (row["kendall_tau"], row["kendall_p"]) == pytest.approx(
        (expected.statistic, expected.pvalue)
    )
    assert row["kendall_p"] == pytest.approx(0.01023, abs=1e-5)


def test_an_empty_table_has_all_columns() -> None:
    empty = drift(made_trials({("a", 8): [1.0]}).iloc[:0], ["loop_time"], [])
    pd.testing.assert_index_equal(
        conform(empty, columns.DRIFT).columns, pd.Index([c.name for c in columns.DRIFT])
    )
