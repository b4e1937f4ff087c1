"""Tables of trials and summaries, and the dictionary of all columns."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example import REPOSITORY, example_trials, made_trials

import generated
from heteroscope.tables import columns, frames
from heteroscope.tables.columns import Column, conform
from heteroscope.tables.trials import table_columns


def summary_of(values: list[float], metric: str = "loop_time") -> Any:
    table = frames.summary(made_trials({("a", 8): values}, metric), [metric], [], 0.95)
    return next(conform(table, columns.SUMMARY).itertuples())


# Summaries ------------------------------------------------------------------------------------

# Computed with numpy from the figures in data/measured.csv, by a program that shares no code with
# this one.
INDEPENDENT = [
    (
        *("run2", 8, "loop_time"),
        {"mean": 74.76776, "median": 74.13925, "sd": 1.8605025, "cv": 0.024883753343},
    ),
    ("run2", 8, "loop_time", {"iqr": 2.2001, "mad": 1.1361, "min": 72.278}),
    ("run4", 8, "flux_submit", {"mean": 84.9175, "median": 84.785, "sd": 2.4040446}),
    ("run4", 16, "flux_submit", {"median": 57.575, "sd": 3.099023}),
    ("run4", 32, "flux_submit", {"median": 42.71, "sd": 6.649242}),
    ("run4", 64, "flux_submit", {"median": 41.295, "sd": 11.695360, "max": 76.38}),
    ("run4", 8, "cluster_time", {"median": 48.8125}),
    ("run4", 64, "cluster_time", {"median": 53.5935}),
    ("run5", 8, "flux_submit", {"mean": 81.5655, "median": 80.33, "sd": 4.4331104}),
]


@pytest.mark.parametrize(("run", "size", "metric", "figures"), INDEPENDENT)
def test_summaries_of_measured_figures(
    run: str, size: int, metric: str, figures: dict[str, float]
) -> None:
    trials = example_trials()
    group = trials[(trials["run"] == run) & (trials["size"] == size)]
    row = frames.summary(group, [metric], [], 0.95).iloc[0]
    assert row["n"] == 20
    for name, value in figures.items():
        assert row[name] == pytest.approx(value, rel=1e-6), name


def test_the_median_of_20_lies_between_the_6th_and_the_15th_value() -> None:
    row = summary_of([float(n) for n in range(1, 21)])
    assert (row.median, row.median_low, row.median_high) == (10.5, 6, 15)


@pytest.mark.parametrize(("n", "told"), [(71, False), (72, True)])
def test_the_95th_percentile_is_told_where_it_has_limits(n: int, told: bool) -> None:
    """0.95 ** 72 is at most 2.5 %, 0.95 ** 71 is not."""
    row = summary_of([float(k) for k in range(n)])
    assert math.isnan(row.p95) is not told
    if told:
        assert row.p95_low < row.p95 < row.p95_high == 71


def test_the_mean_of_a_rate_is_harmonic() -> None:
    # 100 steps at 1 and 100 at 3 steps a second take 400/3 s.
    assert summary_of([1.0, 3.0], "timesteps_per_s").mean == pytest.approx(1.5)
    assert summary_of([1.0, 3.0], "loop_time").mean == pytest.approx(2)
    assert summary_of([1.0, 3.0], "cpu_percent").mean == pytest.approx(2)


def test_a_group_without_a_value_is_empty() -> None:
    row = summary_of([math.nan] * 3 + [math.inf])
    assert (row.n_logs, row.n_missing, row.n, row.reason) == (4, 4, 0, "n")
    assert math.isnan(row.median)
    assert len(frames.summary(made_trials({("a", 8): [math.nan]}), ["loop_time"], [], 0.95)) == 0


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_few_values_have_a_median_and_no_limits(n: int) -> None:
    row = summary_of([70.0, 71.0, 72.0, 73.0, 74.0][:n])
    assert row.median == 70 + (n - 1) / 2
    assert math.isnan(row.median_low)
    assert row.reason == "n"
    assert math.isnan(row.sd) == (n == 1)


def test_a_constant_sample_has_no_spread() -> None:
    row = summary_of([28.0] * 20, "walltime")
    assert (row.sd, row.median_low, row.median_high, row.mad, row.iqr) == (0, 28, 28, 0, 0)
    assert (row.n_distinct, row.tied_fraction) == (1, 1)


def test_what_is_not_finite_is_dropped_and_counted() -> None:
    row = summary_of([70.0, 71.0, math.nan, math.inf, -math.inf, 72.0])
    assert (row.n_logs, row.n_missing, row.n, row.median) == (6, 3, 3, 71)


def test_a_median_of_zero_or_less_has_no_cv() -> None:
    assert math.isnan(summary_of([-1.0, 0.0, 1.0]).cv)
    assert summary_of([1.0, 2.0, 3.0]).cv == pytest.approx(0.5)


def test_outliers_are_labelled_and_never_dropped() -> None:
    # Quartiles 11 and 15, iqr 4: mild beyond 21, severe beyond 27.
    row = summary_of([10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 22.0, 11.0, 11.0, 15.0, 28.0, 12.0, 13.0])
    assert (row.outliers_mild, row.outliers_severe, row.n) == (1, 1, 13)


def test_a_value_on_a_fence_is_not_beyond_it() -> None:
    # As run2 at 8 nodes, CPU use: quartiles 99.7 and 99.8, five values at 99.4, 3 iqr below.
    row = summary_of([99.4] * 2 + [99.7] * 9 + [99.8] * 9, "cpu_percent")
    assert (row.outliers_mild, row.outliers_severe) == (2, 0)


def test_what_is_left_out_is_counted_and_listed() -> None:
    table = made_trials({("a", 8): [70.0, 71.0, 999.0]})
    table.loc[2, ["excluded", "rule"]] = ["the containers were pulled", "exclude"]
    row = frames.summary(table, ["loop_time"], [], 0.95).iloc[0]
    assert (row["n_logs"], row["n_excluded"], row["n"], row["max"]) == (3, 1, 2, 71)
    left_out = conform(frames.exclusions(table), columns.EXCLUSIONS)
    assert left_out[["log", "rule", "reason"]].to_numpy().tolist() == [
        ["a/8/3.log", "exclude", "the containers were pulled"]
    ]


def test_the_exclusions_of_the_example_campaign() -> None:
    found = frames.exclusions(example_trials())
    assert list(zip(found["run"], found["size"], found["repetition"], strict=True)) == [
        ("run2", 64, 1),
        ("run4", 64, 1),
        ("run5", 16, 1),
    ]


def test_values_are_rounded_to_the_step_of_their_clock() -> None:
    # 85.93 - 83.02 and 2.91 are two doubles, and one time.
    table = made_trials({("a", 8): [85.93 - 83.02, 2.91]}, "start_submit_difference")
    sample = frames.samples(table, "start_submit_difference")["a", 8]
    assert sample[0] == sample[1]


# Files ----------------------------------------------------------------------------------------


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    trials = example_trials()
    frames.write_table(trials, table_columns(), tmp_path / "trials.csv")
    again = frames.read_trials([tmp_path / "trials.csv"])
    pd.testing.assert_frame_equal(again, trials, check_dtype=False)


def test_only_what_is_wanted_is_read(tmp_path: Path) -> None:
    frames.write_table(example_trials(), table_columns(), tmp_path / "trials.csv")
    assert list(frames.read_trials([tmp_path / "trials.csv"], ["walltime"])) == [
        *("run", "operator", "size", "ranks", "repetition", "order"),
        *("excluded", "rule", "status", "reason", "walltime", "log"),
    ]


def test_whole_numbers_and_truth_values_may_be_missing(tmp_path: Path) -> None:
    described = (Column("n", "integer", "n"), Column("yes", "boolean", "yes"))
    table = pd.DataFrame({"n": [1.0, np.nan], "yes": [True, None]})
    frames.write_table(table, described, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "n,yes\n1,True\n,\n"


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        (Column("x", "integer", "x"), [1.5], "x is no column of type integer"),
        (Column("x", "number", "x"), ["fast"], "x is no column of type number"),
        (Column("x", "text", "x"), [1.5], "x holds 1.5, which is no text"),
        (Column("x", "text", "x", required=True), ["a", ""], "x lacks a value in row 1"),
        (Column("x", "integer", "x", required=True), [None], "x lacks a value in row 0"),
        (Column("x", "text", "x", choices=("ok",)), ["ok", "okay"], "x holds 'okay'"),
        (Column("y", "text", "y"), ["a"], "not as documented: x, y"),
    ],
)
def test_a_table_that_is_not_as_documented_is_refused(
    column: Column, values: list[Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        conform(pd.DataFrame({"x": values}), [column])


def test_the_order_of_columns_is_part_of_a_table() -> None:
    described = [Column("x", "number", "x"), Column("y", "number", "y")]
    with pytest.raises(ValueError, match="their order"):
        conform(pd.DataFrame({"y": [1.0], "x": [1.0]}), described)


# Documentation --------------------------------------------------------------------------------


def test_every_column_of_every_table_is_documented() -> None:
    text = (REPOSITORY / "docs/tables.md").read_text(encoding="utf-8")
    assert text == generated.table_columns(), "run `make docs`"
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    for name, described in [("trials", table_columns()), *(
        (name, described) for name, (_, described) in columns.TABLES.items()
    )]:  # fmt: skip
        for column in described:
            assert f"| `{column.name}` | {column.kind} |" in sections[name]
            assert column.meaning


def test_every_figure_of_a_trial_says_where_it_stands() -> None:
    unexplained = [c.name for c in table_columns() if c.meaning == "as the readers give it"]
    assert unexplained == []


def test_no_table_names_a_column_twice() -> None:
    for described in (table_columns(), *(described for _, described in columns.TABLES.values())):
        names = [column.name for column in described]
        assert len(names) == len(set(names))
