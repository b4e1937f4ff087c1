"""Tables of variance and location: measured figures, families of tests, and samples at the edge."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example import REPOSITORY, SETTINGS, example_campaign, example_trials, made_trials
from scipy import stats

from heteroscope import inference
from heteroscope.analysis import comparisons
from heteroscope.tables import columns, frames
from heteroscope.tables.columns import conform

SPREAD = [70.0 + 0.37 * n for n in range(8)]


def pair(x: list[float], y: list[float], metric: str = "loop_time") -> tuple[Any, Any]:
    """Return the rows of variance and location of two samples."""
    # A second size keeps the metric known where the first has no value.
    values = {("a", 8): x, ("b", 8): y, ("a", 16): SPREAD, ("b", 16): SPREAD}
    trials = made_trials(values, metric)
    what = {"pairs": [("a", "b")], "metrics": [metric], "sizes": [8], "settings": SETTINGS}
    variance = conform(comparisons.variance(trials, **what), columns.VARIANCE)
    location = conform(comparisons.location(trials, **what), columns.LOCATION)
    assert len(location) == 1
    spread = variance[variance["scope"] == "pair"]
    filled = (table.assign(reason=table["reason"].fillna("")) for table in (spread, location))
    return tuple(next(table.itertuples()) for table in filled)  # type: ignore[return-value]


# Measured figures -----------------------------------------------------------------------------

WHOLE = {
    "metrics": ["walltime", "loop_time", "flux_submit", "cluster_time"],
    "sizes": [8, 16, 32, 64],
    "settings": SETTINGS,
}


def undone() -> pd.DataFrame:
    """The trials of the example campaign, nothing excluded."""
    return example_trials().assign(excluded="")


@pytest.fixture(scope="module")
def nothing_excluded() -> dict[str, pd.DataFrame]:
    what = {**WHOLE, "pairs": [("run4", "run5")]}
    return {
        "variance": comparisons.variance(undone(), **what),
        "location": comparisons.location(undone(), **what),
    }


# scipy on the figures in data/measured.csv, nothing excluded: run4 (20) against run5 (21) at 16
# nodes. U, Levene's p about the median and about the mean.
@pytest.mark.parametrize(
    ("metric", "u", "p"),
    [("loop_time", 360, 0.0454), ("walltime", 417, 0.00816), ("flux_submit", 420, 2.09e-4)],
)
def test_run4_against_run5_at_16_nodes(
    nothing_excluded: dict[str, pd.DataFrame], metric: str, u: float, p: float
) -> None:
    location, variance = (
        table[(table["metric"] == metric) & (table["size"] == 16) & (table["run"] == "run4")].iloc[
            0
        ]
        for table in (nothing_excluded["location"], nothing_excluded["variance"])
    )
    assert (location["n_run"], location["n_baseline"]) == (20, 21)
    assert location["a12"] == u / 420
    # Where the two do not overlap there is no such test.
    assert math.isnan(location["brunner_munzel_p"]) == (u == 420)
    assert variance["levene_p"] == pytest.approx(p, rel=5e-3)


def test_the_shift_of_the_wall_time_at_16_nodes(nothing_excluded: dict[str, pd.DataFrame]) -> None:
    table = nothing_excluded["location"]
    row = table[(table["metric"] == "walltime") & (table["size"] == 16)].iloc[0]
    assert (row["shift"], row["shift_low"], row["shift_high"]) == (6, 5, 7)


# scipy.stats.levene(center="median") on the figures in data/measured.csv.
@pytest.mark.parametrize(
    ("metric", "statistic", "p"),
    [
        ("walltime", 5.311, 0.002235),
        ("loop_time", 5.638, 0.001527),
        ("cluster_time", 0.806, 0.494),
    ],
)
def test_run4_across_its_sizes(metric: str, statistic: float, p: float) -> None:
    table = comparisons.variance(example_trials(), pairs=[], **WHOLE)
    row = table[(table["run"] == "run4") & (table["metric"] == metric)].iloc[0]
    assert (row["scope"], row["n_groups"], row["n_run"]) == ("sizes", 4, 80)
    assert row["levene_statistic"] == pytest.approx(statistic, abs=6e-4)
    assert row["levene_p"] == pytest.approx(p, rel=1e-3)


def test_run6_against_mpi_as_stated() -> None:
    table = comparisons.location(example_trials(), pairs=[("run6", "run6-mpi")], **WHOLE)
    loop = table[table["metric"] == "loop_time"]
    assert list(loop["a12"] * loop["n_run"] * loop["n_baseline"]) == pytest.approx([52, 39, 24, 29])
    assert list(loop["ratio"].round(3)) == [0.958, 0.958, 0.963, 0.950]
    wall = table[(table["metric"] == "walltime") & (table["size"] == 32)].iloc[0]
    # By enumeration, ties as they are; scipy's "auto" gives 1.3e-7, its "exact" 3.9e-8.
    assert wall["mann_whitney_p"] == pytest.approx(3.05e-10, rel=2e-3)


def test_every_table_of_the_example_campaign_is_as_documented() -> None:
    study = example_campaign()
    settings = SETTINGS
    what = {**study.compared(), "settings": settings}
    conform(comparisons.variance(example_trials(), **what), columns.VARIANCE)
    location = conform(comparisons.location(example_trials(), **what), columns.LOCATION)
    conform(frames.summary(example_trials(), **study.summarised()), columns.SUMMARY)
    assert len(location) == 107  # 92 of runs and baselines, and 15 of the control


# Samples at the edge --------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "y"), [([math.nan], SPREAD), (SPREAD, [math.inf] * 3)])
def test_no_values(x: list[float], y: list[float]) -> None:
    variance, location = pair(x, y)
    assert (variance.reason, location.reason) == ("n", "n")
    assert math.isnan(variance.levene_p)
    assert math.isnan(location.mann_whitney_p)


@pytest.mark.parametrize(("n", "reason"), [(1, "n"), (2, "n"), (3, "floor")])
def test_one_two_or_three_values_against_as_many(n: int, reason: str) -> None:
    variance, location = pair([70.0, 71.0, 72.0][:n], [80.0, 81.0, 82.0][:n])
    assert (variance.reason, location.reason) == ("n", reason)
    assert math.isnan(variance.levene_p)
    # 2 / C(6, 3) of 3 against 3.
    assert math.isnan(location.mann_whitney_p) if n < 3 else location.mann_whitney_p == 0.1


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_values_against_many_are_not_tested_at_all(n: int) -> None:
    _, location = pair([70.0, 70.1][:n], [70.0 + 0.1 * n for n in range(40)])
    assert location.reason == "n"
    assert math.isnan(location.mann_whitney_p)
    assert math.isnan(location.equivalence_low)


def test_two_constants_that_are_equal() -> None:
    variance, location = pair([28.0] * 20, [28.0] * 20)
    assert variance.reason == "zero_variance"
    assert location.reason == ""
    assert (location.mann_whitney_p, location.ratio, location.a12) == (1, 1, 0.5)
    # One step of the clock wider, 1e-4 s.
    assert location.equivalence_high == pytest.approx(28.0001 / 28, rel=1e-12)


def test_two_constants_that_differ() -> None:
    variance, location = pair([74.0] * 6, [75.0] * 6)
    assert variance.reason == "zero_variance"
    # 2 of 924 ways to deal six and six; scipy's normal approximation says 0.00126.
    assert location.mann_whitney_p == pytest.approx(2 / 924)
    assert math.isnan(location.brunner_munzel_p)


def test_one_constant() -> None:
    variance, location = pair([28.0] * 8, SPREAD)
    assert variance.reason == ""
    assert variance.levene_p == pytest.approx(
        stats.levene([28.0] * 8, SPREAD, center="median").pvalue
    )
    assert math.isnan(variance.ratio)
    assert location.mann_whitney_p < 0.01


def test_complete_separation() -> None:
    variance, location = pair(SPREAD, [value + 50 for value in SPREAD])
    assert not math.isnan(variance.levene_p)
    assert location.a12 == 0
    assert math.isnan(location.brunner_munzel_p)
    assert location.mann_whitney_p == pytest.approx(2 / math.comb(16, 8))


def test_medians_of_zero_or_less_have_a_shift_and_no_ratio() -> None:
    x, y = [-1.0, 0.0, 0.5, -0.5, 0.25, -0.7], SPREAD[:6]
    variance, location = pair(x, y, "start_submit_difference")
    assert math.isnan(location.ratio)
    assert location.shift < 0
    assert not math.isnan(variance.levene_p)


def test_swapping_run_and_baseline_mirrors_the_row() -> None:
    x, y = SPREAD, [value * 1.07 - 3 for value in SPREAD]
    (_, one), (_, other) = pair(x, y), pair(y, x)
    assert one.mann_whitney_p == other.mann_whitney_p
    assert (one.shift, one.a12) == pytest.approx((-other.shift, 1 - other.a12))
    assert (one.equivalence_low, one.ratio_low) == pytest.approx(
        (1 / other.equivalence_high, 1 / other.ratio_high)
    )
    assert one.ratio == pytest.approx(1 / other.ratio)


def test_a_single_value_that_differs_gives_one_p_both_ways() -> None:
    x, y = [28.0] * 20 + [40.0], [28.0] * 20
    one, other = pair(x, y)[1], pair(y, x)[1]
    assert one.mann_whitney_p == other.mann_whitney_p <= 1


# What a design can show -----------------------------------------------------------------------


def test_as_many_trials_as_are_needed_find_the_margin() -> None:
    """Normal values: 200 pairs of so many, tested anew, are found four times in five."""
    generator = np.random.default_rng(3)
    _, row = pair(*generator.normal(70, 2, (2, 20)).round(4).tolist())
    needed = int(row.trials_needed)
    sds = [sample * math.sqrt(math.pi / 2) * 20 / 19 for sample in _distances(row)]
    x = generator.normal(70 * 1.05, sds[0], (400, needed))
    y = generator.normal(70, sds[1], (400, needed))
    found = stats.mannwhitneyu(x, y, axis=1, method="exact").pvalue <= 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.08)


def _distances(row: Any) -> list[float]:
    generator = np.random.default_rng(3)
    samples = generator.normal(70, 2, (2, 20)).round(4)
    return [float(np.abs(sample - np.median(sample)).mean()) for sample in samples]


def test_more_sizes_need_more_trials_and_detect_less() -> None:
    generator = np.random.default_rng(5)
    values = {(r, s): generator.normal(70, 2, 10).round(4) for r in "ab" for s in (8, 16, 32)}
    what = {"pairs": [("a", "b")], "metrics": ["loop_time"], "settings": SETTINGS}
    one = comparisons.location(made_trials(values), sizes=[8], **what).iloc[0]
    three = comparisons.location(made_trials(values), sizes=[8, 16, 32], **what).iloc[0]
    assert three["trials_needed"] > one["trials_needed"]
    assert three["detectable_percent"] > one["detectable_percent"]


def test_three_against_three_detect_nothing_and_need_four() -> None:
    _, row = pair([70.0, 70.0, 70.0], [80.0, 80.0, 80.0])
    assert math.isnan(row.detectable_percent)
    assert row.trials_needed == 4


# Families -------------------------------------------------------------------------------------


def test_a_family_is_one_test_of_one_metric_over_the_sizes_of_one_comparison() -> None:
    generator = np.random.default_rng(5)
    values = {
        (run, size): (generator.normal(70 + shift, 2, 8)).round(4)
        for run, shift in (("a", 0), ("b", 2.5), ("c", 1))
        for size in (8, 16, 32)
    }
    trials = made_trials(values)
    trials["walltime"] = trials["loop_time"].round() + 3
    table = comparisons.location(
        trials, [("a", "b"), ("a", "c")], ["loop_time", "walltime"], [], SETTINGS
    )
    for (baseline, metric), family in table.groupby(["baseline", "metric"]):
        sizes = sorted(family["size"])
        for test in ("mann_whitney", "brunner_munzel"):
            p = family.sort_values("size")[f"{test}_p"].to_numpy()
            # Holm (1979): the i-th smallest of m p-values times m - i + 1, made monotone.
            order = np.argsort(p)
            expected = np.empty(len(p))
            expected[order] = np.minimum(
                1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
            )
            found = family.sort_values("size")[f"{test}_p_holm"].to_numpy()
            assert found == pytest.approx(expected), (baseline, metric, sizes)


def test_a_test_that_could_not_be_made_does_not_count() -> None:
    values = {("a", 8): SPREAD, ("b", 8): [value + 9 for value in SPREAD],
              ("a", 16): [28.0] * 8, ("b", 16): [28.0] * 8}  # fmt: skip
    what = {"pairs": [("a", "b")], "metrics": ["loop_time"], "sizes": [], "settings": SETTINGS}
    table = comparisons.variance(made_trials(values), **what)
    pairs = table[table["scope"] == "pair"].set_index("size")
    assert math.isnan(pairs.loc[16, "levene_p_holm"])
    assert pairs.loc[8, "levene_p_holm"] == pairs.loc[8, "levene_p"]


def test_sizes_and_pairs_without_trials_give_no_row() -> None:
    trials = made_trials({("a", 8): SPREAD, ("b", 16): SPREAD})
    what = {"metrics": ["loop_time", "walltime"], "sizes": [8, 16], "settings": SETTINGS}
    assert len(comparisons.location(trials, [("a", "b")], **what)) == 0
    assert len(conform(comparisons.variance(trials, [], **what), columns.VARIANCE)) == 0


# A against A ----------------------------------------------------------------------------------


def test_odd_against_even_repetitions_are_seldom_different() -> None:
    """Halves of one run differ at random only; docs/how-to-read-the-results.md has the rates."""
    study = example_campaign()
    counted = example_trials()
    counted = counted[counted["excluded"] == ""]
    p_values = []
    for (_, _), group in counted.groupby(["run", "size"]):
        halves = group.assign(run=np.where(group["repetition"] % 2, "odd", "even"))
        for metric in study.metrics:
            odd, even = (
                frames.samples(halves[halves["run"] == half], metric).popitem()[1]
                for half in ("odd", "even")
            )
            if len(odd):
                p_values.append(
                    (
                        inference.mann_whitney(odd, even).p_value,
                        inference.levene([odd, even]).p_value,
                    )
                )
    location, spread = (np.array(column) for column in zip(*p_values, strict=True))
    spread = spread[~np.isnan(spread)]
    assert (len(location), len(spread)) == (187, 179)
    found = (location <= 0.05).sum(), (spread <= 0.05).sum()
    assert found == (13, 8)
    told = (REPOSITORY / "docs/how-to-read-the-results.md").read_text(encoding="utf-8")
    assert f"| {found[0]} of 187 | {found[0] / 187:.1%}".replace("%", " %") in told
    assert f"| {found[1]} of 179 | {found[1] / 179:.1%}".replace("%", " %") in told
    # 5 % of 187 are 9.4; metrics of one trial hang together, so the bound is a loose one.
    for p in (location, spread):
        assert (p <= 0.05).mean() <= 0.10
        assert 0.3 < np.median(p) < 0.7
