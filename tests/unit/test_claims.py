"""Claims and their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example import REPOSITORY, SETTINGS, example_campaign, example_trials, judge, made_trials
from scipy import stats

from heteroscope.analysis import comparisons
from heteroscope.analysis.claims import Claim, Verdict, check_gate, combine, make_claims
from heteroscope.analysis.guards import Guards
from heteroscope.campaign import campaign
from heteroscope.metrics import UserError
from heteroscope.tables import columns
from heteroscope.tables.columns import conform

LOW = [71.0 + 0.013 * n for n in range(20)]
HIGH = [80.0 + 0.017 * n for n in range(20)]
LESS = {"test": "location", "runs": ["a", "b"], "expect": "less"}
FASTER = {("a", 8): LOW, ("b", 8): HIGH}
SLOWER = {("a", 8): HIGH, ("b", 8): LOW}


def only(table: pd.DataFrame) -> Any:
    """Return the one row of a table, checked against its columns."""
    assert len(conform(table, columns.CLAIMS)) == 1
    return next(table.itertuples())


def verdict_of(values: Mapping[tuple[str, int], Any], **claim: Any) -> str:
    return str(only(judge(made_trials(values), {**LESS, **claim})).verdict)


# The published sentences, and what an independent computation says of them ------------------


@pytest.fixture(scope="module")
def example() -> pd.DataFrame:
    study = example_campaign()
    trials = example_trials()
    settings = comparisons.Settings(**study.statistics)
    claims = [Claim(**claim) for claim in study.claims]
    return make_claims(trials, claims, study.sizes, Guards(trials, study.declared()), settings)


@pytest.mark.parametrize(
    ("claim", "whole", "by_size"),
    [
        ("clusters-scale", "supported", {"64": "supported"}),
        ("clusters-grow", "supported", {"8, 16, 32, 64": "supported"}),
        ("better-than-mpi-as-published", "not_comparable",
         {"8": "not_comparable", "16": "not_comparable", "32": "not_comparable"}),
        ("better-than-mpi", "refuted", {"8": "supported", "16": "refuted", "32": "refuted"}),
        ("more-variable-as-published", "not_comparable",
         {"8": "not_comparable", "16": "not_comparable", "32": "not_comparable"}),
        ("more-variable", "supported",
         {"8": "supported", "16": "supported", "32": "supported"}),
        ("start-submit-limit", "inconclusive",
         {"8": "inconclusive", "16": "inconclusive", "32": "inconclusive", "64": "inconclusive"}),
        ("lammps-better-at-8", "supported", {"8": "supported"}),
        ("lammps-worse-at-16-and-32", "supported", {"16": "supported", "32": "supported"}),
        ("64-better-than-32", "inconclusive", {"64": "inconclusive"}),
        ("spread-depends-on-size", "supported", {"8, 16, 32, 64": "supported"}),
        ("flag-speeds-up", "supported", {"8": "supported", "16": "supported"}),
        ("flag-steadies", "inconclusive", {"8": "inconclusive", "16": "supported"}),
        ("never-over-three-seconds", "refuted",
         {"8": "refuted", "16": "refuted", "32": "inconclusive", "64": "refuted"}),
        ("faster-with-one-image", "supported",
         {"8": "supported", "16": "supported", "32": "supported", "64": "supported"}),
    ],
)  # fmt: skip
def test_the_published_sentences_get_their_verdicts(
    example: pd.DataFrame, claim: str, whole: str, by_size: dict[str, str]
) -> None:
    rows = example[example["claim"] == claim]
    assert list(rows.loc[rows["overall"], "verdict"]) == [whole]
    found = dict(zip(rows["sizes"], rows["verdict"], strict=True))
    if len(by_size) > 1:
        assert found.pop(", ".join(by_size)) == whole
    assert found == by_size


def test_every_published_claim_is_checked(example: pd.DataFrame) -> None:
    assert len(example_campaign().claims) == example["claim"].nunique() == 15
    conform(example, columns.CLAIMS)


# Computed with scipy 1.17 from the figures in data/measured*.csv, by a program that shares no code
# with this one (Mann-Whitney U, Hodges-Lehmann shift, Levene about the median: W and p).
INDEPENDENT = [
    ("better-than-mpi-as-published", "8", {"statistic": 13, "shift": -7.048811}),
    ("better-than-mpi-as-published", "16", {"statistic": 45, "shift": -4.117216}),
    ("better-than-mpi-as-published", "32", {"statistic": 98, "shift": -4.984723}),
    ("better-than-mpi", "8", {"statistic": 80, "shift": -1.765}),
    ("better-than-mpi", "16", {"statistic": 335, "shift": 2.335}),
    ("better-than-mpi", "32", {"statistic": 396, "shift": 4.515}),
    ("more-variable-as-published", "8", {"p": 0.006676}),
    ("more-variable-as-published", "16", {"p": 0.001520}),
    ("more-variable-as-published", "32", {"p": 0.014442}),
    ("more-variable", "8", {"p": 0.000884}),
    ("more-variable", "16", {"p": 0.000094}),
    ("more-variable", "32", {"p": 0.009435}),
    ("lammps-better-at-8", "8", {"statistic": 82.5, "shift": -2.0}),
    ("lammps-worse-at-16-and-32", "16", {"statistic": 348, "shift": 2.0}),
    ("lammps-worse-at-16-and-32", "32", {"statistic": 397, "shift": 4.0}),
    ("64-better-than-32", "64", {"statistic": 143, "median_run": 31.5, "median_baseline": 34}),
    ("spread-depends-on-size", "8, 16, 32, 64", {"statistic": 5.311305, "p": 0.002235}),
    ("faster-with-one-image", "8", {"statistic": 52}),
    ("faster-with-one-image", "16", {"statistic": 39}),
    ("faster-with-one-image", "32", {"statistic": 24}),
    ("faster-with-one-image", "64", {"statistic": 29}),
    ("clusters-scale", "64", {"median_run": 53.5935, "median_baseline": 48.8125}),
    ("never-over-three-seconds", "8", {"statistic": 2, "largest": 4.55, "n_run": 20}),
    ("never-over-three-seconds", "16", {"statistic": 1, "largest": 4.51, "n_run": 20}),
    ("never-over-three-seconds", "32", {"statistic": 0, "largest": 2.95, "n_run": 20}),
    ("never-over-three-seconds", "64", {"statistic": 1, "largest": 3.65, "n_run": 21}),
]


@pytest.mark.parametrize(("claim", "sizes", "figures"), INDEPENDENT)
def test_claims_rest_on_the_figures_of_an_independent_computation(
    example: pd.DataFrame, claim: str, sizes: str, figures: dict[str, float]
) -> None:
    row = example[(example["claim"] == claim) & (example["sizes"] == sizes)].iloc[0]
    for name, value in figures.items():
        assert row[name] == pytest.approx(value, rel=1e-3, abs=1e-6), name


def test_as_published_the_numbers_alone_would_support_what_a_guard_blocks(
    example: pd.DataFrame,
) -> None:
    rows = example[example["claim"].str.endswith("as-published") & example["overall"]]
    assert list(rows["verdict_without_guards"]) == ["supported", "supported"]


def test_a_sentence_tells_who_how_much_where_and_how_sure(example: pd.DataFrame) -> None:
    row = example[(example["claim"] == "better-than-mpi") & (example["sizes"] == "16")].iloc[0]
    assert row["sentence"].startswith(
        "End to end: flux submit, mpirun: run4 at 16 nodes takes 2.34 s [0.970, 3.74] longer than "
        "mpi-reference (median 57.6 s against 55.2 s, ratio 1.04 [1.01, 1.07]; p = 0.00026). "
        "This refutes the claim."
    )


def test_missing_sizes_are_told(example: pd.DataFrame) -> None:
    whole = example[(example["claim"] == "more-variable") & example["overall"]].iloc[0]
    assert whole["sentence"].endswith("mpi-reference has no values at 64 nodes.")


# Verdicts of a location ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expect", "verdict"),
    [
        (FASTER, "less", "supported"),
        (FASTER, "greater", "refuted"),
        (FASTER, "different", "supported"),
        (FASTER, "equivalent", "refuted"),
        (SLOWER, "less", "refuted"),
        (SLOWER, "greater", "supported"),
    ],
)
def test_a_clear_difference_has_a_direction(
    values: dict[tuple[str, int], list[float]], expect: str, verdict: str
) -> None:
    assert verdict_of(values, expect=expect) == verdict


@pytest.mark.parametrize("expect", ["less", "greater", "different", "equivalent"])
def test_samples_that_are_the_same_are_equivalent(expect: str) -> None:
    assert verdict_of({("a", 8): LOW, ("b", 8): LOW}, expect=expect) == "equivalent"


@pytest.mark.parametrize("expect", ["less", "greater", "different", "equivalent"])
def test_wide_samples_that_overlap_are_inconclusive(expect: str) -> None:
    wide = np.random.default_rng(7).gamma(1, 30, (2, 10)) + 1
    row = only(
        judge(made_trials({("a", 8): wide[0], ("b", 8): wide[1]}), {**LESS, "expect": expect})
    )
    assert row.verdict == "inconclusive"
    assert row.reason == ("margin" if expect == "equivalent" else "not_significant")
    assert row.practical == "unclear"


def test_a_significant_difference_within_the_margin_is_supported_and_negligible() -> None:
    row = only(judge(made_trials(FASTER), {**LESS, "margin": 0.2}))
    assert (row.verdict, row.significant, row.practical) == ("supported", True, "negligible")
    assert "though the difference lies within 20 %" in row.sentence
    assert only(judge(made_trials(FASTER), {**LESS, "margin": 0.05})).practical == "relevant"


def test_equivalence_depends_on_the_margin() -> None:
    for margin, verdict in ((0.2, "equivalent"), (0.05, "refuted")):
        assert verdict_of(FASTER, expect="equivalent", margin=margin) == verdict


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({("a", 8): [], ("b", 8): LOW}, "n"),
        ({("a", 8): [71.0, 71.1, 71.2], ("b", 8): [80.0, 80.1, 80.2]}, "floor"),
    ],
)
def test_too_few_values_are_not_testable(
    values: dict[tuple[str, int], list[float]], reason: str
) -> None:
    row = only(judge(made_trials(values), {**LESS, "sizes": [8]}))
    assert (row.verdict, row.reason) == ("not_testable", reason)
    assert "This cannot be tested: " in row.sentence


def test_holm_counts_the_sizes_of_the_claim() -> None:
    # Separated, 4 v 4: p = 2 / C(8, 4) = 0.0286 at either size, and twice that for both.
    values = {
        (run, size): [start + n for n in range(4)]
        for run, start in (("a", 70.0), ("b", 80.0))
        for size in (8, 16)
    }
    one = only(judge(made_trials(values), {**LESS, "sizes": [8]}))
    assert (one.verdict, one.p_holm) == ("supported", pytest.approx(2 / 70))
    both = judge(made_trials(values), LESS)
    assert list(both["verdict"]) == ["inconclusive"] * 3
    assert list(both["p_holm"][:2]) == pytest.approx([4 / 70] * 2)


def test_where_the_tests_disagree_there_is_no_verdict() -> None:
    # run2 against the reference, wall time at 8 nodes: Holm-adjusted p of scipy's brunnermunzel is
    # 0.061, of the exact Mann-Whitney test 0.0425.
    study = example_campaign()
    trials = example_trials()
    claim = Claim("c", "s", "location", "walltime", ["run2", "mpi-reference"], expect="less")
    table = make_claims(trials, [claim], study.sizes, Guards(trials, study.declared()), SETTINGS)
    row = table.iloc[0]
    assert row["sizes"] == "8"
    assert row["p_holm"] == pytest.approx(0.04251, rel=1e-3)
    assert row["check_p_holm"] == pytest.approx(0.06135, rel=1e-3)
    assert (row["verdict"], row["reason"]) == ("inconclusive", "tests_disagree")


def test_a_difference_below_one_step_of_the_clock_is_never_supported() -> None:
    # Whole seconds: 8 of 20 values are one step higher, which is significant and shifts nothing.
    values = {("a", 8): [10.0] * 20, ("b", 8): [10.0] * 12 + [11.0] * 8}
    row = only(judge(made_trials(values, "walltime"), {**LESS, "metric": "walltime"}))
    assert row.significant
    assert row.shift == 0
    assert (row.verdict, row.reason) == ("inconclusive", "resolution")


def test_a_factor_moves_what_is_tested_and_not_what_is_shown() -> None:
    for factor, verdict in ((1, "refuted"), (1.1, "refuted"), (1.2, "supported")):
        row = only(judge(made_trials(SLOWER), {**LESS, "factor": factor}))
        assert row.verdict == verdict
        assert row.ratio == pytest.approx(np.median(HIGH) / np.median(LOW))


def test_two_sizes_of_one_run_are_compared_as_two_runs_are() -> None:
    values = {("a", 16): LOW, ("a", 8): HIGH}
    claim = {**LESS, "runs": ["a"], "sizes": [16, 8]}
    row = only(judge(made_trials(values), claim))
    assert (row.verdict, row.sizes, row.baseline_sizes) == ("supported", "16", "8")
    assert only(judge(made_trials(values), {**claim, "sizes": [8, 16]})).verdict == "refuted"


# Verdicts of a spread, a trend and a bound ----------------------------------------------------

NARROW = [71.0 + 0.01 * n for n in range(20)]
WIDE = [71.0 + 0.5 * n for n in range(20)]


@pytest.mark.parametrize(
    ("run", "baseline", "expect", "verdict"),
    [
        (NARROW, WIDE, "less", "supported"),
        (NARROW, WIDE, "greater", "refuted"),
        (WIDE, NARROW, "greater", "supported"),
        (WIDE, NARROW, "different", "supported"),
        (WIDE, NARROW, "equivalent", "refuted"),
        (WIDE, WIDE, "less", "inconclusive"),
        (WIDE[:3], WIDE, "less", "not_testable"),
        ([71.0] * 20, [72.0] * 20, "less", "not_testable"),
    ],
)
def test_spreads(run: list[float], baseline: list[float], expect: str, verdict: str) -> None:
    values = {("a", 8): run, ("b", 8): baseline}
    assert verdict_of(values, test="spread", expect=expect) == verdict


def test_a_spread_is_decided_by_levene_about_the_median() -> None:
    x, y = np.random.default_rng(3).normal(70, [[1.0], [1.6]], (2, 20)).round(4)
    row = only(judge(made_trials({("a", 8): x, ("b", 8): y}), {**LESS, "test": "spread"}))
    expected = stats.levene(x, y, center="median")
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert row.ratio == pytest.approx(np.std(x, ddof=1) / np.std(y, ddof=1))


def test_a_spread_within_one_step_of_the_clock_is_never_supported() -> None:
    values = {("a", 8): [10.0] * 20, ("b", 8): [10.0] * 8 + [11.0] * 12}
    claim = {**LESS, "test": "spread", "metric": "walltime"}
    row = only(judge(made_trials(values, "walltime"), claim))
    assert row.significant
    assert (row.verdict, row.reason) == ("inconclusive", "resolution")


def test_an_outlier_that_points_the_other_way_leaves_no_direction() -> None:
    # One value far out: the larger sd (2.21 and 2.03), the smaller mean deviation (0.35 and 2).
    run = [70.0] * 39 + [84.0]
    baseline = [68.0, 72.0] * 20
    row = only(judge(made_trials({("a", 8): run, ("b", 8): baseline}), {**LESS, "test": "spread"}))
    assert row.sd_run > row.sd_baseline
    assert row.significant
    assert (row.verdict, row.reason) == ("inconclusive", "direction")


RISING = {("a", size): [size + 0.1 * n for n in range(5)] for size in (8, 16, 32)}


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [("greater", "supported"), ("less", "refuted"), ("different", "supported")],
)
def test_a_trend_has_a_direction(expect: str, verdict: str) -> None:
    row = only(judge(made_trials(RISING), {"test": "trend", "runs": ["a"], "expect": expect}))
    assert row.verdict == verdict
    sizes = np.repeat([8, 16, 32], 5)
    expected = stats.kendalltau(sizes, np.concatenate(list(RISING.values())))
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert row.ratio == pytest.approx(32.2 / 8.2)


def test_a_trend_without_a_trend() -> None:
    flat = {("a", size): LOW for size in (8, 16, 32)}
    claim = {"test": "trend", "runs": ["a"], "expect": "greater"}
    assert only(judge(made_trials(flat), claim)).verdict == "equivalent"
    still = {("a", size): [70.0] * 5 for size in (8, 16, 32)}
    assert only(judge(made_trials(still), claim)).reason == "zero_variance"
    few = {("a", size): [70.0 + size] for size in (8, 16, 32)}
    assert only(judge(made_trials(few), claim)).verdict == "not_testable"


@pytest.mark.parametrize(
    ("n", "highest", "verdict"),
    [
        (20, 2.9, "inconclusive"),
        # Wilks (1941): the largest of 59 values is a 95 % limit for 95 % of all; of 58 it is not.
        (58, 2.9, "inconclusive"),
        (59, 2.9, "supported"),
        (59, 3.0, "supported"),
        (59, 3.0001, "refuted"),
        (0, 0, "not_testable"),
    ],
)
def test_a_bound(n: int, highest: float, verdict: str) -> None:
    values = {("a", 8): [*[2.0] * (n - 1), highest] if n else [np.nan]}
    claim = {"test": "bound", "runs": ["a"], "maximum": 3, "sizes": [8]}
    assert only(judge(made_trials(values), claim)).verdict == verdict


def test_what_no_value_exceeded_may_still_be_exceeded_by_so_many() -> None:
    claim = {"test": "bound", "runs": ["a"], "maximum": 100}
    row = only(judge(made_trials({("a", 8): LOW}), claim))
    # 1 - 0.05^(1/20), the exact form of the rule of three.
    assert row.exceeding_high == pytest.approx(0.139108, abs=1e-6)
    assert "none of 20 trials of a at 8 nodes is above 100 s" in row.sentence
    assert "no more than 13.9 % of all trials are" in row.sentence


def test_a_limit_without_a_number_is_never_established() -> None:
    values = {("a", 8): [2.0] * 99}
    row = only(judge(made_trials(values), {"test": "bound", "runs": ["a"]}))
    assert (row.verdict, row.reason) == ("inconclusive", "no_maximum")


# Guards, exclusions, the whole ----------------------------------------------------------------


def test_a_guard_that_blocks_leaves_nothing_to_compare() -> None:
    row = only(judge(made_trials(FASTER, atoms={"a": 304, "b": 4980736}), LESS))
    assert (row.verdict, row.verdict_without_guards) == ("not_comparable", "supported")
    assert (row.guards, row.reason) == ("block", "guard")
    assert "The two cannot be compared: atoms: 304 in a and 4980736 in b" in row.sentence


def test_a_warning_is_told_and_changes_no_verdict() -> None:
    table = made_trials(FASTER, threads={"a": 1, "b": 2})
    row = only(judge(table, LESS))
    assert (row.verdict, row.guards) == ("supported", "warn")
    assert row.warnings == "threads a rank: 1 in a and 2 in b"
    assert row.sentence.endswith("Beware: threads.")


def test_the_verdict_with_exclusions_undone_stands_beside() -> None:
    table = made_trials({("a", 8): [*LOW[:6], *[200.0] * 10], ("b", 8): HIGH})
    table.loc[table["loop_time"] == 200, ["excluded", "rule"]] = ["too slow", "exclude"]
    row = only(judge(table, LESS))
    assert (row.verdict, row.verdict_without_exclusions) == ("supported", "inconclusive")
    assert row.n_run == 6
    assert "with no trial left out it would be inconclusive" in row.sentence


def test_a_log_that_failed_stays_out_even_then() -> None:
    table = made_trials({("a", 8): [*LOW[:6], *[200.0] * 10], ("b", 8): HIGH})
    table.loc[table["loop_time"] == 200, ["excluded", "rule"]] = ["failed", "status"]
    assert only(judge(table, LESS)).verdict_without_exclusions == "supported"


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        (["supported", "supported"], "supported"),
        (["equivalent", "equivalent"], "equivalent"),
        (["not_testable", "not_testable"], "not_testable"),
        (["supported", "equivalent"], "inconclusive"),
        (["supported", "not_testable"], "inconclusive"),
        (["supported", "inconclusive"], "inconclusive"),
        (["supported", "refuted", "not_comparable"], "refuted"),
        (["supported", "not_comparable"], "not_comparable"),
    ],
)
def test_the_verdict_of_the_whole(verdicts: list[str], whole: str) -> None:
    for order in (verdicts, verdicts[::-1]):
        assert combine([Verdict(verdict) for verdict in order]) == whole


def test_each_verdict_can_be_reached(example: pd.DataFrame) -> None:
    reached = {*example["verdict"]}
    reached |= {verdict_of(FASTER, expect="equivalent", margin=0.2)}
    reached |= {verdict_of({("a", 8): LOW[:3], ("b", 8): LOW[:3]})}
    assert reached == {*columns.VERDICTS} == {*Verdict}


def test_claims_of_different_ids_do_not_share_a_family() -> None:
    table = made_trials({("a", 8): LOW[:4], ("b", 8): HIGH[:4]})
    rows = judge(table, LESS, LESS, LESS)
    assert list(rows["verdict"]) == ["supported"] * 3


def test_the_table_does_not_depend_on_the_order_of_the_trials() -> None:
    table = made_trials({**FASTER, ("a", 16): HIGH, ("b", 16): HIGH})
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(judge(table, LESS), judge(shuffled, LESS))


def test_without_claims_there_is_a_table_with_a_header_alone() -> None:
    table = judge(made_trials(FASTER))
    assert len(conform(table, columns.CLAIMS)) == 0
    assert check_gate(table) == "the gate is open: no claim has `gate: true`"


# The gate -------------------------------------------------------------------------------------


def test_the_gate_is_closed_by_a_refuted_claim_that_has_one() -> None:
    trials = made_trials(SLOWER)
    assert "no claim has" in check_gate(judge(trials, LESS))
    with pytest.raises(UserError, match=r"1 claims with a gate 1 is refuted\n  c0: LAMMPS loop"):
        check_gate(judge(trials, {**LESS, "gate": True}))


@pytest.mark.parametrize("values", [FASTER, {("a", 8): LOW, ("b", 8): LOW}])
def test_the_gate_is_open_for_all_other_verdicts(
    values: dict[tuple[str, int], list[float]],
) -> None:
    assert "the gate is open: c0 is" in check_gate(
        judge(made_trials(values), {**LESS, "gate": True})
    )


def test_the_gate_reads_what_was_written(tmp_path: Any) -> None:
    values = {**SLOWER, ("a", 16): HIGH, ("b", 16): HIGH}
    conform(judge(made_trials(values), {**LESS, "gate": True}), columns.CLAIMS).to_csv(
        tmp_path / "claims.csv", index=False
    )
    with pytest.raises(UserError, match="a at 8 nodes takes"):
        check_gate(pd.read_csv(tmp_path / "claims.csv"))


# Mistakes in the configuration ---------------------------------------------------------------

RIGHT = {"id": "c", "statement": "s", "test": "location", "metric": "walltime",
         "runs": ["run5", "run4"], "expect": "less"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runs": ["run5", "run44"]}, "there is no run 'run44' (did you mean 'run4'?)"),
        ({"metric": "waltime"}, "there is no metric 'waltime' (did you mean 'walltime'?)"),
        ({"baseline_metric": "real"}, "claims[0] (c).baseline_metric: there is no metric 'real'"),
        ({"expect": ""}, "claims[0] (c).expect: say less, greater, equivalent or different"),
        ({"expect": "lower"}, "claims[0].expect: 'lower' is not known"),
        ({"maximum": 3}, "only a bound has one"),
        ({"sizes": [7]}, "claims[0] (c).sizes: 7 is not among the sizes of the study"),
        ({"runs": ["run5"]}, "one run is compared across two sizes; name two, or test a trend"),
        ({"runs": ["run5"], "test": "spread"}, "one run is compared across two sizes"),
        ({"test": "bound"}, "a bound is of one run; name one"),
        ({"test": "bound", "runs": ["run5"]}, "a bound expects nothing; leave it out"),
        ({"test": "trend"}, "a trend is of one run; name one"),
        ({"test": "trend", "runs": ["run5"], "sizes": [8, 16]}, "a trend needs three sizes"),
        ({"test": "trend", "runs": ["run5"], "factor": 2}, "a trend has no baseline"),
        ({"test": "mean"}, "claims[0].test: 'mean' is not known"),
        ({"gates": True}, "unknown key 'gates' (did you mean 'gate'?)"),
        ({"statement": ""}, "claims[0].statement"),
    ],
)
def test_a_claim_that_no_test_fits_is_refused(change: dict[str, Any], message: str) -> None:
    runs = {name: {"directory": f"data/{name}"} for name in ("run4", "run5")}
    config = {"runs": runs, "sizes": [8, 16], "claims": [{**RIGHT, **change}]}
    with pytest.raises(UserError) as error:
        campaign.load(config, REPOSITORY)
    assert message in str(error.value)


def test_a_claim_that_stands_twice_is_refused() -> None:
    runs = {name: {"directory": f"data/{name}"} for name in ("run4", "run5")}
    with pytest.raises(UserError, match="another claim has this id"):
        campaign.load({"runs": runs, "claims": [RIGHT, RIGHT]}, REPOSITORY)
