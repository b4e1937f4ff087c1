"""Scaling: what do more nodes bring?"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from example import SETTINGS, example_campaign, example_trials, made_trials
from scipy import stats

from heteroscope.analysis import comparisons
from heteroscope.analysis.scaling import scaling
from heteroscope.inference import median_ratio, quantile_interval
from heteroscope.tables import columns
from heteroscope.tables.columns import conform
from heteroscope.words import count_sizes_in

BASE = [80.0 + 0.1 * n for n in range(11)]  # median 80.5
TWICE = [46.0 + 0.1 * n for n in range(11)]  # median 46.5


def scaled(trials: pd.DataFrame, **prices: float) -> pd.DataFrame:
    return scaling(trials, [], prices, SETTINGS)


def rows_of(values: Any, metric: str = "loop_time", **prices: float) -> list[Any]:
    return list(scaled(made_trials(values, metric), **prices).itertuples())


def test_figures_by_hand() -> None:
    base, twice = rows_of({("a", 8): BASE, ("a", 16): TWICE}, a=2.88)
    assert (base.base_size, base.speedup, base.efficiency) == (8, 1, 1)
    assert math.isnan(base.karp_flatt)
    assert base.reason == "base"
    assert (twice.base_size, twice.reason) == (8, "")
    speedup = 80.5 / 46.5
    assert twice.speedup == pytest.approx(speedup)
    assert twice.efficiency == pytest.approx(speedup / 2)
    # Karp and Flatt (1990): e = (1/s - 1/p) / (1 - 1/p).
    assert twice.karp_flatt == pytest.approx((1 / speedup - 1 / 2) / (1 - 1 / 2))
    assert twice.matom_steps_per_s == pytest.approx(4980736 * 100 / 46.5 / 1e6)
    assert twice.node_seconds == pytest.approx(16 * 46.5)
    assert twice.cost == pytest.approx(2.88 * 16 * 46.5 / 3600)


def test_a_fraction_that_is_serial_is_found() -> None:
    """Amdahl's law with a serial fraction of 10 %: speed-up of p nodes 1 / (0.1 + 0.9 / p)."""
    values = {("a", size): [100 * (0.1 + 0.9 * 8 / size)] * 6 for size in (8, 16, 32, 64)}
    for row in rows_of(values)[1:]:
        assert row.karp_flatt == pytest.approx(0.1)


def test_intervals_are_those_of_speedup_and_median_carried_over() -> None:
    _, row = rows_of({("a", 8): BASE, ("a", 16): TWICE}, a=1.0)
    ratio = median_ratio(BASE, TWICE)
    assert (row.speedup_low, row.speedup_high) == (ratio.low, ratio.high)
    assert (row.efficiency_low, row.efficiency_high) == (ratio.low / 2, ratio.high / 2)
    assert row.karp_flatt_low == pytest.approx(2 / ratio.high - 1)
    assert row.karp_flatt_high == pytest.approx(2 / ratio.low - 1)
    median = quantile_interval(TWICE)
    mean = stats.ttest_1samp(TWICE, 0).confidence_interval(0.95)
    limits = row.node_seconds_low, row.node_seconds_high
    assert limits == pytest.approx((16 * mean.low, 16 * mean.high))
    assert row.matom_steps_per_s_low == pytest.approx(498.0736 / median.high)
    for name in ("speedup", "efficiency", "karp_flatt", "matom_steps_per_s", "cost"):
        low, value, high = (getattr(row, f"{name}{end}") for end in ("_low", "", "_high"))
        assert low <= value <= high


def test_the_base_case_is_the_smallest_size_that_has_values() -> None:
    values = {("a", 64): TWICE, ("a", 8): [math.nan] * 3, ("a", 16): BASE, ("b", 64): TWICE}
    found = {(row.run, row.size): row.base_size for row in rows_of(values)}
    assert found == {("a", 64): 16, ("a", 16): 16, ("b", 64): 64}


@pytest.mark.parametrize(
    ("sample", "reason"),
    [(TWICE[:1], "n, price"), (TWICE[:5], "n, price"), (TWICE[:6], "price")],
)
def test_few_values_give_a_median_without_limits(sample: list[float], reason: str) -> None:
    _, row = rows_of({("a", 8): BASE, ("a", 16): sample})
    assert row.reason == reason
    assert row.n == len(sample)
    assert math.isnan(row.matom_steps_per_s_low) == ("n" in reason.split(", "))
    assert math.isnan(row.node_seconds_low) == (len(sample) == 1)
    assert row.speedup > 1


def test_what_is_not_known_leaves_its_columns_empty() -> None:
    table = made_trials({("a", 8): BASE, ("a", 16): TWICE}).assign(atoms=math.nan)
    row = scaled(table).iloc[1]
    assert row["reason"] == "atoms, price"
    assert math.isnan(row["matom_steps_per_s"])
    assert math.isnan(row["cost"])
    assert row["speedup"] > 1


def test_trials_with_different_work_have_no_throughput() -> None:
    table = made_trials({("a", 8): BASE})
    table.loc[0, "steps"] = 200
    assert "atoms" in scaled(table)["reason"].item()


def test_trials_left_out_do_not_count() -> None:
    table = made_trials({("a", 8): BASE, ("a", 16): [*TWICE, 500.0]})
    table.loc[table["loop_time"] == 500, "excluded"] = "slow"
    assert scaled(table).iloc[1]["n"] == 11


def test_the_example_campaign_scales_as_computed_from_its_medians() -> None:
    # Medians of run4's loop time, from data/measured.csv with numpy: 73.41875, 43.2193, 27.8633,
    # 25.57965 s at 8, 16, 32 and 64 nodes.
    study = example_campaign()
    settings = comparisons.Settings(**study.statistics)
    table = scaling(example_trials(), study.sizes, study.prices(), settings)
    conform(table, columns.SCALING)
    of_run = table[(table["run"] == "run4") & (table["metric"] == "loop_time")]
    assert list(of_run["speedup"]) == pytest.approx(
        [1, 73.41875 / 43.2193, 73.41875 / 27.8633, 73.41875 / 25.57965]
    )
    assert list(of_run["efficiency"])[-1] == pytest.approx(73.41875 / 25.57965 / 8)
    # Slow trials are paid, too: the mean is 30.02461 s, and the median 25.57965 s.
    assert list(of_run["cost"])[-1] == pytest.approx(64 * 30.02461 / 3600 * 2.88, rel=1e-5)
    # What LAMMPS computes itself: 4,980,736 atoms × 100 steps in the loop's time.
    assert next(iter(of_run["matom_steps_per_s"])) == pytest.approx(498.0736 / 73.41875)


def test_where_sizes_are_no_nodes_there_are_no_node_seconds_to_pay() -> None:
    count_sizes_in("threads")
    values = {("a", size): [100 * (0.1 + 0.9 / size)] * 6 for size in (1, 2, 4)}
    for row in rows_of(values, a=2.88)[1:]:
        assert math.isnan(row.node_seconds)
        assert math.isnan(row.cost)
        assert row.reason == ""
        # Of the growth in threads: Amdahl's law with a serial fraction of 10 %.
        assert row.karp_flatt == pytest.approx(0.1)
        assert row.efficiency == pytest.approx(1 / (0.1 + 0.9 / row.size) / row.size)


def test_an_empty_table_has_all_columns() -> None:
    empty = scaled(made_trials({("a", 8): [1.0]}).iloc[:0])
    assert list(conform(empty, columns.SCALING)) == [column.name for column in columns.SCALING]
