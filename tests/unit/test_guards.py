"""Guards: is like compared with like?"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from example import DECLARED, declare_metric, example_campaign, example_trials, made_trials
from scipy import stats

from heteroscope.analysis.guards import FACTS, Finding, Group, Guards, Level, worst
from heteroscope.inference import kendall_trend, too_few_runs
from heteroscope.metrics import declare
from heteroscope.words import count_sizes_in

# In an order without a trend.
ORDER = [9, 0, 17, 4, 12, 7, 19, 2, 14, 5, 10, 16, 1, 18, 8, 3, 13, 6, 15, 11]
TWENTY = [72.1 + 0.01 * n for n in ORDER]
PAIR = {("a", 8): TWENTY, ("b", 8): TWENTY}


def found(
    asked: Guards, run: str, baseline: str, sizes: tuple[int, int], metric: str, other: str = ""
) -> dict[str, Finding]:
    findings = asked.of(run, sizes[0], baseline, sizes[1], metric, other or metric)
    return {finding.guard: finding for finding in findings}


def of_made(values: Any = None, **columns: Any) -> dict[str, Finding]:
    """Return what guards find of two made runs at 8 nodes."""
    table = made_trials(values or PAIR, **columns)
    return found(Guards(table, {"a": DECLARED, "b": DECLARED}), "a", "b", (8, 8), "loop_time")


@pytest.fixture(scope="module")
def example() -> Guards:
    return Guards(example_trials(), example_campaign().declared())


def test_two_runs_that_are_alike_pass_every_guard() -> None:
    findings = of_made()
    assert {finding.level for finding in findings.values()} == {Level.OK}
    assert {*findings} == {
        *("image", "lammps_version", "input", "options", "atoms", "steps", "ranks", "threads"),
        *("nodes", "binding", "machine", "cluster", "date", "metric", "samples"),
        *("first_repetition", "order", "drift", "copies"),
    }


COMMAND = "flux mini submit -N 8 -n 752 {} lmp {}"


@pytest.mark.parametrize(
    ("guard", "column", "values", "level", "told"),
    [
        ("atoms", "atoms", (4980736, 304), "block", "304 in b"),
        ("steps", "steps", (100, 200), "block", "100 in a and 200 in b"),
        ("ranks", "ranks", (752, 760), "block", "95 in b"),
        ("threads", "threads", (1, 2), "warn", "1 in a and 2 in b"),
        ("lammps_version", "lammps_version", ("29 Sep 2021", "2 Aug 2023"), "warn", "2 Aug 2023"),
        ("nodes", "nodes_requested", (8, 16), "warn", "1 in a and 2 in b"),
        (
            "input",
            "command",
            (COMMAND.format("", "-in in.hns"), COMMAND.format("", "-in in.melt")),
            "block",
            "-in in.melt in b",
        ),
        (
            "input",
            "command",
            (COMMAND.format("", "-v x 64 -in in.hns"), COMMAND.format("", "-v x 8 -in in.hns")),
            "block",
            "-var x 8 in b",
        ),
        (
            "options",
            "command",
            (COMMAND.format("", "-in in.hns"), COMMAND.format("", "-sf omp -in in.hns")),
            "warn",
            "-sf omp in b",
        ),
        (
            "binding",
            "command",
            (COMMAND.format("", "-in i"), COMMAND.format("-c 1 -o cpu-affinity=per-task", "-in i")),
            "warn",
            "none in a and -c 1 -o cpu-affinity=per-task in b",
        ),
        (
            "binding",
            "command",
            ("mpirun --bind-to none lmp -in i", "mpirun --bind-to=core /opt/lmp_mpi -in i"),
            "warn",
            "--bind-to none in a and --bind-to=core in b",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_difference_is_found_and_told(
    guard: str, column: str, values: tuple[Any, Any], level: str, told: str
) -> None:
    findings = of_made(**{column: dict(zip("ab", values, strict=True))})
    assert findings[guard].level == level
    assert told in findings[guard].sentence
    others = {name: each.level for name, each in findings.items() if name != guard}
    assert set(others.values()) == {Level.OK}, others


def test_the_order_of_arguments_makes_no_difference() -> None:
    commands = "lmp -v x 64 -v y 16 -in in.hns -nocite", "lmp -nocite -in in.hns -var y 16 -v x 64"
    findings = of_made(command=dict(zip("ab", commands, strict=True)))
    assert findings["input"].level == Level.OK
    assert findings["options"].level == Level.OK


def test_a_path_or_a_suffix_of_the_executable_is_no_difference() -> None:
    commands = "mpirun -np 8 lmp -in in.hns", "mpirun -np 8 /usr/local/bin/lmp_mpi -in in.hns"
    assert of_made(command=dict(zip("ab", commands, strict=True)))["input"].level == Level.OK


TOLD = [fact for fact in FACTS if fact.guard != "problem"]  # `input` tells it


@pytest.mark.parametrize("fact", TOLD, ids=lambda fact: fact.guard)
@pytest.mark.parametrize("blank", ["a", "b", "ab"])
def test_what_is_not_known_is_never_alike(fact: Any, blank: str) -> None:
    table = made_trials(PAIR)
    for column in (
        *("lammps_version", "command", "atoms", "steps", "threads", "ranks", "nodes_requested"),
    ):
        table[column] = table[column].mask(table["run"].isin(list(blank)))
    declared = {run: {} if run in blank else DECLARED for run in "ab"}
    asked = Guards(table, declared)
    findings = found(asked, "a", "b", (8, 8), "loop_time")
    assert fact.guard not in findings
    told = findings["not_recorded"]
    assert told.level == Level.UNKNOWN
    assert fact.guard.replace("_", " ") in told.sentence.lower()
    assert told.sentence.endswith(f" of {'either' if len(blank) == 2 else blank}")
    assert (fact.guard in asked.unlike("a", "b")) == fact.of_run


def test_all_that_is_unknown_is_one_line_a_comparison_and_no_warning() -> None:
    table = made_trials(PAIR)
    table["atoms"] = table["atoms"].mask(table["run"] == "a")
    table["started_at"], table["ordered_by"] = "", "listing"
    findings = found(Guards(table, {"b": {"image": "i"}}), "a", "b", (8, 8), "loop_time")
    assert findings["not_recorded"].sentence == (
        "not recorded: image, atoms of a, and machine, cluster, date, order of either"
    )
    assert worst(findings.values()) == Level.UNKNOWN


def test_a_mixture_within_a_run_is_no_agreement() -> None:
    table = made_trials(PAIR)
    table.loc[table["repetition"] < 5, "lammps_version"] = "2 Aug 2023"
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["lammps_version"]
    assert finding.level == Level.WARN


def test_declared_facts_are_compared() -> None:
    declared = {"a": DECLARED, "b": {**DECLARED, "image": "lammps:2"}}
    finding = found(Guards(made_trials(PAIR), declared), "a", "b", (8, 8), "loop_time")["image"]
    assert finding == Finding(
        "image", Level.WARN, "container image: lammps:1 in a and lammps:2 in b"
    )


def test_trials_in_turn_interleave_and_blocks_do_not() -> None:
    table = made_trials(PAIR)
    assert of_made()["order"].sentence == "order of the trials: a and b took turns"
    late = table["run"] == "b"
    table.loc[late, "started_at"] = table.loc[late, "started_at"].str.replace("T07", "T09")
    finding = found(Guards(table, {}), "b", "a", (8, 8), "loop_time")["order"]
    assert finding.level == Level.WARN
    assert "all of a came before b (last 2023-01-31 07:20, first 2023-01-31 09:01)" in (
        finding.sentence
    )


def test_one_swapped_pair_does_not_make_blocks_take_turns() -> None:
    table = made_trials(PAIR)
    late = table["run"] == "b"
    table.loc[late, "started_at"] = table.loc[late, "started_at"].str.replace("T07", "T09")
    # The last of the first block and the first of the second change places: the spans overlap.
    table.loc[19, "started_at"], table.loc[20, "started_at"] = table.loc[[20, 19], "started_at"]
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["order"]
    assert finding.level == Level.WARN
    assert "a and b came in blocks, too few turns for chance (p < 0.001)" in finding.sentence


@pytest.mark.parametrize(
    ("turns", "p"),
    [
        # By hand: of C(8, 4) = 70 orders 2 have two runs, and 2 + 6 have up to three.
        ("aaaabbbb", 2 / 70),
        ("aaabbbba", 8 / 70),
        ("abababab", 1),
        ("aabb", 2 / 6),
    ],
)
def test_runs_are_counted_exactly(turns: str, p: float) -> None:
    assert too_few_runs([turn == "a" for turn in turns]) == pytest.approx(p)


def test_many_runs_are_counted_by_the_normal_approximation() -> None:
    # 60 and 60: mean 61, variance 60 * 59 / 119 (Wald and Wolfowitz, 1940).
    blocks = ([True] * 3 + [False] * 3) * 20
    expected = stats.norm.cdf((40 + 0.5 - 61) / math.sqrt(60 * 59 / 119))
    assert too_few_runs(blocks) == pytest.approx(expected)


def test_a_trend_of_the_trials_warns_and_blocks_where_the_two_took_no_turns() -> None:
    values = {("a", 8): sorted(TWENTY), ("b", 8): TWENTY}
    finding = of_made(values)["drift"]
    assert finding.level == Level.WARN
    assert "a rises from trial to trial (Holm, p < 0.001)" in finding.sentence
    table = made_trials(values)
    late = table["run"] == "b"
    table.loc[late, "started_at"] = table.loc[late, "started_at"].str.replace("T07", "T09")
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["drift"]
    assert finding.level == Level.BLOCK
    assert "did not take turns, that alone could make them differ" in finding.sentence


def test_drift_is_adjusted_over_all_groups_of_the_two_runs() -> None:
    falling = [72.0 - 0.01 * n for n in (0, 3, 1, 2, 5, 4, 7, 6, 12, 9, 8, 11, 10)]
    p = kendall_trend(range(13), falling).p_value
    one = of_made({("a", 8): falling, ("b", 8): TWENTY})
    assert one["drift"].level == (Level.WARN if 2 * p <= 0.05 else Level.OK)
    groups = {(run, size): TWENTY for run in "ab" for size in (8, 16, 32)}
    for alpha, level in ((6.01 * p, Level.WARN), (5.9 * p, Level.OK)):
        asked = Guards(made_trials({**groups, ("a", 8): falling}), {}, alpha=alpha)
        assert found(asked, "a", "b", (8, 8), "loop_time")["drift"].level == level


def test_a_listing_is_no_order_in_which_anything_could_drift_or_take_turns() -> None:
    values = {("a", 8): sorted(TWENTY), ("b", 8): sorted(TWENTY)}
    assert of_made(values)["drift"].level == Level.WARN
    findings = of_made(values, ordered_by="listing")
    assert not {"drift", "order"} & {*findings}
    assert findings["not_recorded"].sentence == "not recorded: order of either"
    # What is seen of the one that is in order is told.
    findings = of_made(values, ordered_by={"a": "start", "b": "listing"})
    assert findings["drift"].sentence.startswith("drift: a rises from trial to trial")
    assert findings["not_recorded"].sentence == "not recorded: order of b"


@pytest.mark.parametrize("column", ["atoms", "steps", "ranks"])
@pytest.mark.parametrize("mixed", ["a", "b", "ab"])
def test_two_problems_in_one_group_block(column: str, mixed: str) -> None:
    """Also where the mixture is the same on both sides, or nothing is known of the other one."""
    table = made_trials(PAIR)
    half = table["run"].isin(list(mixed)) & (table["repetition"] > 10)
    table.loc[half, column] = 2 * table.loc[half, column]
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")[column]
    assert finding.level == Level.BLOCK
    table.loc[~table["run"].isin(list(mixed)), column] = float("nan")
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")[column]
    assert finding.level == Level.BLOCK


def test_two_problems_of_one_size_block_across_sizes_too() -> None:
    table = made_trials({("a", 8): TWENTY, ("a", 16): TWENTY})
    table.loc[:9, "atoms"] = 304
    finding = found(Guards(table, {}), "a", "a", (16, 8), "loop_time")["atoms"]
    assert finding.level == Level.BLOCK
    assert finding.sentence == "atoms: 4980736 in a at 16 nodes and 304 or 4980736 in a at 8 nodes"


def test_two_problems_of_one_group_block_and_other_arguments_that_vary_only_warn() -> None:
    table = made_trials(PAIR, problem="64x16x16")
    late = table["repetition"] > 10
    table.loc[late, "command"] = table["command"] + " -v seed 2"
    findings = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")
    assert (findings["input"].level, "problem" in findings) == (Level.WARN, False)
    table.loc[late, "problem"] = "64x16x8"
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["problem"]
    assert finding == Finding(
        "problem", Level.BLOCK, "problem: 64x16x16 or 64x16x8 in a and 64x16x16 or 64x16x8 in b"
    )


def test_a_problem_is_known_without_a_command() -> None:
    given = {"command": "", "problem": {"a": "64x8x8", "b": "64x16x16"}}
    finding = of_made(**given)["input"]
    assert finding.level == Level.BLOCK
    assert "64x8x8 in a and 64x16x16 in b" in finding.sentence


def test_trials_with_the_same_times_are_copies_whatever_file_they_stand_in() -> None:
    table = made_trials(PAIR)
    table["sha256"] = [f"{n:064}" for n in range(40)]
    table["fingerprint"] = [f"{n % 20 + (n > 35) * 100:016}" for n in range(40)]
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["copies"]
    assert (finding.level, finding.sentence) == (
        Level.BLOCK, "copies: 16 trials of 20 in both, and so not two samples",
    )  # fmt: skip


def test_two_records_of_one_file_are_two_trials_whatever_their_times() -> None:
    table = made_trials({("a", 8): [72.0] * 20, ("b", 8): [72.0] * 20}, sha256="0" * 64)
    for first, level in ((1, Level.BLOCK), (21, Level.OK)):
        table["record"] = [*range(1, 21), *range(first, first + 20)]
        finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["copies"]
        assert finding.level == level


def threaded(values: Any = None) -> pd.DataFrame:
    """Trials whose size is their threads, on one node each."""
    table = made_trials(values or PAIR)
    return table.assign(ranks=1, threads=table["size"], nodes_requested=1)


def test_where_sizes_are_no_nodes_nothing_is_told_of_nodes() -> None:
    count_sizes_in("threads")
    table = threaded({("a", 8): TWENTY, ("a", 16): TWENTY, ("b", 8): TWENTY})
    asked = Guards(table, {"a": DECLARED, "b": DECLARED})
    for findings in (
        found(asked, "a", "b", (8, 8), "loop_time"),
        found(asked, "a", "a", (16, 8), "loop_time"),
    ):
        assert {finding.level for finding in findings.values()} == {Level.OK}
        assert not any("node" in finding.sentence for finding in findings.values())
        assert findings["ranks"].sentence == "MPI ranks: 1 in both"
    assert findings["threads"].sentence == (
        "threads a rank: 16 in a at 16 threads and 8 in a at 8 threads"
    )


def test_a_metric_that_is_declared_counts_in_its_last_digit_for_the_first_trial() -> None:
    declare_metric("fom", "1/s", higher_is_better=True)
    for first, level in ((1203.0, Level.OK), (1204.0, Level.WARN)):
        table = made_trials({("a", 8): [first, *[1200.0] * 19], ("b", 8): [1200.0] * 20}, "fom")
        finding = found(Guards(table, {}), "a", "b", (8, 8), "fom")["first_repetition"]
        # The median absolute deviation is 0: a step of 1 is the unit.
        assert finding.level == level, finding.sentence


def test_trials_that_stand_in_both_groups_block() -> None:
    table = made_trials(PAIR)
    table["sha256"] = [f"{n % 20:064}" for n in range(40)]
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["copies"]
    assert (finding.level, finding.sentence) == (
        Level.BLOCK, "copies: 20 trials of 20 in both, and so not two samples",
    )  # fmt: skip
    # Two records of one file are not the same trial.
    table.loc[table["run"] == "b", "loop_time"] += 1
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["copies"]
    assert finding.level == Level.OK


def test_runs_of_different_days_warn_and_a_declared_day_is_a_day() -> None:
    table = made_trials(PAIR)
    table.loc[table["run"] == "b", "started_at"] = ""
    for day, level in (("2023-01-31", Level.OK), ("2023-02-01", Level.WARN), ("", None)):
        asked = Guards(table, {"b": {"date": day}})
        findings = found(asked, "a", "b", (8, 8), "loop_time")
        assert (findings["date"].level if level else findings.get("date")) == level, day


@pytest.mark.parametrize(("n", "level"), [(6, "ok"), (5, "warn"), (0, "warn")])
def test_few_values_warn(n: int, level: str) -> None:
    values = [*TWENTY[:n], *[float("nan")] * (6 - n)]
    assert of_made({("a", 8): values, ("b", 8): TWENTY})["samples"].level == level


def test_a_first_trial_that_stands_out_warns() -> None:
    slow = [90.0, *TWENTY[1:]]
    finding = of_made({("a", 8): slow, ("b", 8): TWENTY})["first_repetition"]
    assert finding.level == Level.WARN
    # 90 minus the median 72.205, over 1.4826 × the median distance from it, 0.055.
    assert "kept in a, 218 robust sd from the median" in finding.sentence


def test_a_first_trial_left_out_of_one_alone_warns() -> None:
    table = made_trials(PAIR)
    table.loc[(table["run"] == "a") & (table["repetition"] == 1), "excluded"] = "a warm-up"
    finding = found(Guards(table, {}), "a", "b", (8, 8), "loop_time")["first_repetition"]
    assert finding.level == Level.WARN
    assert "left out in a" in finding.sentence


def test_across_sizes_ranks_grow_with_the_nodes_and_more_atoms_only_warn() -> None:
    values = {("a", 8): TWENTY, ("a", 16): TWENTY}
    table = made_trials(values)
    findings = found(Guards(table, {}), "a", "a", (16, 8), "loop_time")
    assert findings["ranks"].sentence == "MPI ranks a node: 94 in both"
    assert findings["image"].sentence == "container image: one run"
    table.loc[table["size"] == 16, "atoms"] = 2 * 4980736
    assert found(Guards(table, {}), "a", "a", (16, 8), "loop_time")["atoms"].level == Level.WARN


# The example campaign ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "baseline"),
    [("run4", "mpi-reference"), ("run5", "mpi-reference"), ("run6", "run6-mpi")],
)
def test_flux_start_against_the_mpijobs_end_to_end_time_blocks(
    example: Guards, run: str, baseline: str
) -> None:
    finding = found(example, run, baseline, (16, 16), "end_to_end_walltime_fluxstart")["metric"]
    assert finding.level == Level.BLOCK
    assert "flux start is called" in finding.sentence
    assert "the MPIJob is created" in finding.sentence


def test_flux_submit_against_mpirun_is_like_for_like_and_against_the_mpijob_is_not(
    example: Guards,
) -> None:
    for metrics, level in (
        (("end_to_end_walltime_fluxsubmit", ""), Level.OK),
        (("flux_submit", "mpirun_real"), Level.OK),
        (("flux_submit", "mpijob_end_to_end"), Level.BLOCK),
        (("flux_submit", "walltime"), Level.BLOCK),
        (("submit_lammps_difference", "mpirun_real"), Level.BLOCK),
    ):
        assert found(example, "run4", "mpi-reference", (16, 16), *metrics)["metric"].level == level


@pytest.mark.parametrize("run", ["run4", "run5"])
def test_against_the_reference_the_cluster_warns_and_the_rest_is_not_recorded(
    example: Guards, run: str
) -> None:
    findings = found(example, run, "mpi-reference", (16, 16), "walltime")
    assert findings["cluster"].level == Level.WARN
    assert (
        findings["cluster"].sentence == f"cluster: of {run} in {run} and of the reference in "
        "mpi-reference"
    )
    assert findings["not_recorded"].sentence == (
        f"not recorded: image of {run}, and LAMMPS version, input, options, atoms, steps, nodes, "
        "threads, binding, date, order of mpi-reference"
    )
    assert worst(findings.values()) == Level.WARN


@pytest.mark.parametrize("size", [8, 16, 32, 64])
def test_all_mpi_runs_came_before_run6_and_bound_their_ranks_otherwise(
    example: Guards, size: int
) -> None:
    findings = found(example, "run6", "run6-mpi", (size, size), "loop_time")
    assert findings["order"].level == Level.WARN
    assert "all of run6-mpi came before run6" in findings["order"].sentence
    assert findings["binding"].sentence == (
        "binding flags of the launcher: -c 1 -o cpu-affinity=per-task in run6 and "
        "--map-by numa --rank-by core --bind-to none in run6-mpi"
    )
    assert findings["image"].sentence == "container image: of run6 in both"
    assert findings["atoms"].sentence == "atoms: 4980736 in both"


def test_run2s_submit_time_is_known_to_a_tenth_of_a_second_only(example: Guards) -> None:
    finding = found(example, "run2", "run4", (16, 16), "cluster_time")["metric"]
    assert finding.level == Level.WARN
    assert "rc2 in run2 and FLUXTIME in run4 (rc2 counts in 0.1 s)" in finding.sentence


def test_the_pull_of_the_containers_is_left_out_of_run5_and_no_such_trial_of_run4(
    example: Guards,
) -> None:
    for size, level in ((16, Level.WARN), (8, Level.OK)):
        finding = found(example, "run5", "run4", (size, size), "cluster_time")["first_repetition"]
        assert finding.level == level


def test_a_group_without_trials_has_no_findings(example: Guards) -> None:
    assert found(example, "run4", "mpi-reference", (64, 64), "walltime") == {}


def test_asking_twice_answers_once_and_the_table_has_every_answer() -> None:
    asked = Guards(made_trials(PAIR), {})
    for _ in range(2):
        found(asked, "a", "b", (8, 8), "loop_time")
    table = asked.table()
    assert len(table) == 17
    assert set(table.loc[table["metric"] == "", "guard"]) >= {"atoms", "order", "date"}
    assert list(table.loc[table["metric"] == "loop_time", "guard"]) == [
        "metric",
        "samples",
        "first_repetition",
        "drift",
    ]


def test_a_group_is_known_by_the_trials_that_count() -> None:
    table = made_trials({("a", 8): TWENTY})
    table.loc[0, ["excluded", "atoms"]] = "failed", 304
    assert Group("a", 8, table).known["atoms"] == {4980736}


def test_figures_that_are_declared_without_a_unit_must_be_the_same() -> None:
    declare({"facts": ["version", "block"], "metrics": [{"name": "x", "title": "X", "unit": "s"}]})
    none = dict.fromkeys("ab")
    of_lammps = dict.fromkeys(("lammps_version", "command", "atoms", "steps"), none)
    table = {**of_lammps, "block": dict.fromkeys("ab", 64)}
    findings = of_made(version={"a": "1.2", "b": "1.3"}, **table)
    assert (findings["version"].level, findings["version"].sentence) == (
        Level.WARN,
        "version: 1.2 in a and 1.3 in b",
    )
    assert findings["block"].level == Level.OK
    # What only LAMMPS tells is not missed.
    assert not {"lammps_version", "input", "options", "atoms", "steps"} & {*findings}
    assert "LAMMPS" not in findings["not_recorded"].sentence
    # A figure that is another one in each trial is measured.
    trials = made_trials(PAIR, **table)
    trials["version"] = [*map(str, TWENTY), *["1.3"] * 20]
    asked = Guards(trials, {"a": DECLARED, "b": DECLARED})
    assert "version" not in found(asked, "a", "b", (8, 8), "loop_time")


def test_the_binding_of_a_jobspec_counts_before_the_flags_of_the_command() -> None:
    command = "lmp -v x 64 -in in.hns"
    findings = of_made(command=command, binding={"a": "cpu-affinity=per-task", "b": "none"})
    assert findings["binding"].level == Level.WARN
    assert "cpu-affinity=per-task in a and none in b" in findings["binding"].sentence
