"""Findings: what each comparison comes to, and how many trials would decide it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example import (
    DECLARED,
    SETTINGS,
    declare_metric,
    example_campaign,
    example_trials,
    made_trials,
)

from heteroscope.analysis import comparisons
from heteroscope.analysis.guards import Guards
from heteroscope.analysis.outcomes import Controls, findings
from heteroscope.tables import columns
from heteroscope.tables.columns import conform

ORDER = [9, 0, 17, 4, 12, 7, 19, 2, 14, 5, 10, 16, 1, 18, 8, 3, 13, 6, 15, 11]
PLAIN = [70.0 + 0.05 * n for n in ORDER]


def table_of(
    trials: pd.DataFrame,
    declared: Any,
    what: dict[str, Any],
    controls: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    location = comparisons.location(trials, **what, settings=SETTINGS)
    variance = comparisons.variance(trials, **what, settings=SETTINGS)
    guards = Guards(trials, declared)
    table = findings(location, variance, guards, Controls(trials, controls, guards), SETTINGS)
    return conform(table, columns.FINDINGS)


def found(run: list[float], baseline: list[float], metric: str = "loop_time", **more: Any) -> Any:
    """Return the findings of location and of spread."""
    trials = made_trials({("a", 8): run, ("b", 8): baseline}, metric, **more)
    declared = {"a": DECLARED, "b": DECLARED}
    what = {"pairs": [("a", "b")], "metrics": [metric], "sizes": [8]}
    table = table_of(trials, declared, what)
    assert list(table["question"]) == ["location", "spread"]
    return list(table.assign(reason=table["reason"].fillna("")).itertuples())


@pytest.fixture(scope="module")
def example() -> pd.DataFrame:
    study = example_campaign()
    controls = study.config["controls"]
    return table_of(example_trials(), study.declared(), study.compared(), controls)


@pytest.mark.parametrize(
    ("factor", "finding", "reason"),
    [
        (0.9, "less", ""),
        (1.1, "greater", ""),
        (1.02, "greater", "within_margin"),
        (1.0, "equivalent", ""),
    ],
)
def test_a_difference_has_a_direction_and_a_size(factor: float, finding: str, reason: str) -> None:
    location, _ = found([factor * value for value in PLAIN], PLAIN)
    assert (location.finding, location.reason) == (finding, reason)
    assert location.ratio == pytest.approx(factor, rel=1e-5)
    assert location.value_run == pytest.approx(factor * 70.475)


@pytest.mark.parametrize(
    ("factor", "finding", "reason"),
    [(0.2, "less", ""), (5, "greater", ""), (1.0, "undecided", "not_significant")],
)
def test_so_has_a_spread(factor: float, finding: str, reason: str) -> None:
    _, spread = found([70 + factor * (value - 70) for value in PLAIN], PLAIN)
    assert (spread.finding, spread.reason) == (finding, reason)
    # Mean distance from the median, by hand: 0.05 × (0.5 + 1.5 + … + 9.5) / 10.
    assert spread.value_baseline == pytest.approx(0.25)
    assert spread.ratio == pytest.approx(factor)
    assert (spread.ratio_low <= 1 <= spread.ratio_high) == (finding == "undecided")


@pytest.mark.parametrize(
    ("run", "baseline", "location", "spread"),
    [
        ([], PLAIN, ("not_testable", "n"), ("not_testable", "n")),
        ([70.0], PLAIN, ("not_testable", "n"), ("not_testable", "n")),
        (PLAIN[:3], PLAIN[:3], ("not_testable", "floor"), ("not_testable", "n")),
        ([70.0] * 9, [70.0] * 9, ("equivalent", ""), ("not_testable", "zero_variance")),
        ([70.0] * 9, [80.0] * 9, ("less", ""), ("not_testable", "zero_variance")),
    ],
)
def test_what_cannot_be_tested_has_a_reason(
    run: list[float], baseline: list[float], location: Any, spread: Any
) -> None:
    held = run or [math.nan] * 3
    trials = made_trials({("a", 8): held, ("b", 8): baseline, ("a", 16): PLAIN, ("b", 16): PLAIN})
    what = {"pairs": [("a", "b")], "metrics": ["loop_time"], "sizes": [8]}
    table = table_of(trials, {}, what)
    assert [tuple(row) for row in table[["finding", "reason"]].fillna("").to_numpy()] == [
        location,
        spread,
    ]


def test_a_guard_that_blocks_leaves_nothing_to_compare() -> None:
    rows = found(PLAIN, [value + 9 for value in PLAIN], atoms={"a": 304, "b": 4980736})
    assert {(row.finding, row.reason) for row in rows} == {("not_comparable", "guard:atoms")}


def test_below_one_step_of_the_clock_nothing_is_told() -> None:
    location, spread = found([10.0] * 20, [10.0] * 12 + [11.0] * 8, "walltime")
    assert (location.finding, location.reason) == ("undecided", "below_resolution")
    assert (spread.finding, spread.reason) == ("undecided", "below_resolution")


def test_a_declared_metric_counts_in_its_last_digit() -> None:
    declare_metric("own", "s")
    location, spread = found([10.0] * 20, [10.0] * 12 + [11.0] * 8, "own")
    assert (location.finding, location.reason) == ("undecided", "below_resolution")
    assert (spread.finding, spread.reason) == ("undecided", "below_resolution")
    location, _ = found([10.5] * 20, [10.0] * 12 + [11.0] * 8, "own")
    assert location.reason != "below_resolution"


def test_two_problems_among_the_trials_of_one_group_block() -> None:
    trials = made_trials({("a", 8): PLAIN, ("b", 8): PLAIN})
    trials.loc[trials["repetition"] > 10, "atoms"] = 304  # of both, so that both are alike
    what = {"pairs": [("a", "b")], "metrics": ["loop_time"], "sizes": [8]}
    table = table_of(trials, {"a": DECLARED, "b": DECLARED}, what)
    assert [*table["finding"]] == ["not_comparable"] * 2
    assert [*table["reason"]] == ["guard:atoms"] * 2


def test_two_runs_that_share_logs_block() -> None:
    trials = made_trials({("a", 8): PLAIN, ("b", 8): PLAIN})
    trials["sha256"] = [f"{n % 20 + 15 * (n // 20):064}" for n in range(40)]
    trials["loop_time"] = [70 + 0.1 * (n % 20 + 15 * (n // 20)) for n in range(40)]
    what = {"pairs": [("a", "b")], "metrics": ["loop_time"], "sizes": [8]}
    table = table_of(trials, {"a": DECLARED, "b": DECLARED}, what)
    assert [*table["reason"]] == ["guard:copies"] * 2


def test_all_twenty_of_a_baseline_below_the_clock_make_no_larger_spread(
    example: pd.DataFrame,
) -> None:
    """run6-mpi at 32 nodes: 20 wall times of 28 s."""
    row = example[
        (example["run"] == "run6") & (example["size"] == 32) & (example["metric"] == "walltime")
        & (example["question"] == "spread")
    ].iloc[0]  # fmt: skip
    assert (row["finding"], row["reason"]) == ("undecided", "below_resolution")
    assert row["p_holm"] < 0.05


def test_two_clusters_of_the_mpi_operator_differ_by_more_than_the_claim_rests_on(
    example: pd.DataFrame,
) -> None:
    rows = example[
        (example["run"] == "run4") & (example["metric"] == "end_to_end_walltime_fluxsubmit")
        & (example["question"] == "location")
    ]  # fmt: skip
    # By hand from the trials: 84.095, 52.81, 36.545 s of mpirun against 86.59, 55.185, 38.1 s.
    assert list(rows["control"]) == pytest.approx([0.02967, 0.04497, 0.04255], abs=1e-5)
    assert list(rows["finding"]) == ["undecided", "undecided", "greater"]


def test_few_trials_know_how_many_they_need() -> None:
    generator = np.random.default_rng(2)
    location, spread = found(*(list(generator.normal(70, 2, 5)) for _ in "ab"))
    assert 4 < location.trials_needed < 40
    assert 3 < location.detectable_percent < 12
    # Five values a side find no ratio of spreads four times in five, however large it is.
    assert math.isnan(spread.detectable_percent)
    assert spread.trials_needed > 1000


def test_every_comparison_of_the_example_campaign_has_a_finding(example: pd.DataFrame) -> None:
    assert {*example["finding"]} <= {*columns.FINDINGS_OF}
    assert example.groupby("question").size().to_dict() == {"location": 107, "spread": 107}
    undecided = example["finding"].isin(["undecided", "not_testable", "not_comparable"])
    assert example.loc[undecided, "reason"].notna().all()
