"""What a configuration becomes, and the names that paths spell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroscope.campaign import campaign
from heteroscope.campaign.layout import Place, compile_pattern, excludes, place_of
from heteroscope.logs import READERS
from heteroscope.metrics import UserError

REPOSITORY = Path(__file__).parents[2]


def load(runs: Mapping[str, Any], **others: Any) -> campaign.Campaign:
    return campaign.load({"runs": runs, **others}, REPOSITORY)


def test_the_directory_is_all_that_a_run_needs() -> None:
    run = load({"run4": {"directory": "data/run4"}}).runs["run4"]
    assert run.reader.name == "flux-operator"
    assert run.operator == "Flux Operator"
    assert run.label == "run4"
    assert len(run.logs) == 81
    assert run.logs[0] == "data/run4/_lmp-64-1-minicluster-size-64/log.out"
    assert run.companions == ("data/run4/meta.json",)


@pytest.mark.parametrize(
    ("run", "reader", "logs"),
    [
        ("run2", "flux-operator", 91),
        ("run5", "flux-operator", 41),
        ("run6", "flux-operator", 81),
        ("run6-mpi", "mpi-operator", 80),
        ("mpi-reference", "mpi-results", 1),
    ],
)
def test_the_reader_is_recognised_from_the_files(run: str, reader: str, logs: int) -> None:
    found = load({run: {"directory": f"data/{run}"}}).runs[run]
    assert (found.reader.name, len(found.logs)) == (reader, logs)


def test_logs_are_found_at_any_depth(tmp_path: Path) -> None:
    deep = tmp_path / "run4/data/aws/k8s-size-64-hpc6a.48xlarge/lmp-8-1-minicluster-size-8"
    deep.mkdir(parents=True)
    (deep / "log.out").write_text("")
    found = campaign.load({"runs": {"a": {"directory": "run4"}}}, tmp_path).runs["a"]
    assert found.logs == (
        "run4/data/aws/k8s-size-64-hpc6a.48xlarge/lmp-8-1-minicluster-size-8/log.out",
    )


def test_a_runs_sizes_are_those_of_the_study_that_it_has() -> None:
    found = load({"run5": {"directory": "data/run5"}, "run4": {"directory": "data/run4"}},
                 sizes=[64, 8, 16])  # fmt: skip
    assert found.runs["run5"].sizes == (8, 16) or found.runs["run5"].sizes == (8, 16)[::-1]
    assert set(found.runs["run4"].sizes) == {8, 16, 64}


def test_sizes_that_stand_inside_the_logs_are_looked_up_there() -> None:
    runs = {"mpi": {"directory": "data/run6-mpi"}}
    assert load(runs, sizes=[8, 64]).sizes == (8, 64)
    with pytest.raises(UserError, match=r"no log has size 128; there are logs of 8, 16, 32, 64"):
        load(runs, sizes=[128])


def test_a_run_that_declares_a_size_without_logs_is_refused() -> None:
    with pytest.raises(UserError, match=r"runs\.run5\.sizes: no log has size 64"):
        load({"run5": {"directory": "data/run5", "sizes": [8, 64]}})


def test_an_option_of_another_reader_is_refused() -> None:
    with pytest.raises(UserError, match=r"runs\.mpi\.relabel: the reader mpi-operator does not"):
        load({"mpi": {"directory": "data/run6-mpi", "relabel": {"fluxsubmit": "fluxstart"}}})


def test_default_figures_are_those_that_some_run_can_give() -> None:
    assert list(load({"r": {"directory": "data/mpi-reference"}}).figures) == [
        "end_to_end_walltime_fluxstart",
        "end_to_end_walltime_fluxsubmit",
        "submit_lammps_difference",
        "walltime",
        "close_up",
        "effects",
        "spread",
        "efficiency",
    ]


def test_figures_that_are_asked_for_and_cannot_be_given_are_a_warning() -> None:
    found = load(
        {"r": {"directory": "data/mpi-reference"}}, figures={"c": {"metric": "cluster_time"}}
    )
    assert found.warnings == ("figures.c: no run's reader gives cluster_time",)


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a b", "../up", "a" * 81, "ü"])
def test_a_run_name_that_cannot_stand_in_a_path_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="is no valid name"):
        load({name: {"directory": "data/run4"}})


def test_defaults_reach_every_entry() -> None:
    found = load(
        {"run5": {"directory": "data/run5"}},
        exclude=[{"run": "run5", "size": 16, "repetition": 1, "reason": "pulled"}],
    )
    assert found.statistics == {"alpha": 0.05, "margin": 0.05}
    assert found.runs["run5"].exclude[0]["match"] == ""


@pytest.mark.parametrize("key", ["match", "size", "repetition"])
def test_an_exclusion_says_what_it_leaves_out(key: str) -> None:
    rule = {"run": "run5", "reason": "no reason"}
    with pytest.raises(UserError, match=r"exclude\[0\]"):
        load({"run5": {"directory": "data/run5"}}, exclude=[rule])
    value = "lmp-16-1-*" if key == "match" else 16
    load({"run5": {"directory": "data/run5"}}, exclude=[{**rule, key: value}])


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        ({"match": "lmp-16-1-*"}, True),
        ({"match": "lmp-16-10-*"}, False),
        ({"match": "deep/*"}, True),
        ({"match": "*/log.out"}, True),
        ({"size": 16}, True),
        ({"size": 8}, False),
        ({"size": 16, "repetition": 2}, False),
        ({"match": "lmp-16-1-*", "repetition": 1}, True),
    ],
)
def test_an_exclusion_leaves_out_what_all_its_keys_agree_on(
    rule: dict[str, Any], left_out: bool
) -> None:
    path = "deep/lmp-16-1-minicluster-size-16/log.out"
    full = {"match": "", "size": 0, "repetition": 0, **rule}
    assert excludes(full, path, Place(16, 1, warmup=False)) is left_out


FLUX = place_of(READERS["flux-operator"], "")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("lmp-8-1-minicluster-size-8/log.out", Place(8, 1, False)),
        ("_lmp-64-21-minicluster-size-64/log.out", Place(64, 21, True)),
        ("a/b/c/lmp-16-3-minicluster-size-16/log.out", Place(16, 3, False)),
        ("lmp-8-1-minicluster-size-16/log.out", None),
        ("lmp-8-1-minicluster-size-8/err.out", None),
        ("meta.json", None),
    ],
)
def test_the_flux_operators_folders_spell_size_repetition_and_warm_up(
    path: str, place: Place | None
) -> None:
    assert FLUX(path) == place


def test_a_pattern_spells_size_and_repetition_and_leaves_the_rest_free() -> None:
    place = place_of(READERS["lammps"], "{machine}/size-{size}/run-{repetition}.log")
    assert place("m/1/size-12/run-03.log") == Place(12, 3, False)
    assert place("size-12/run-3.log") is None
    assert place("m/size-x/run-3.log") is None


def test_a_wildcard_may_have_its_own_pattern_and_stand_twice() -> None:
    match = compile_pattern("{size}/{job,[a-z]{2,3}}-{size}-{repetition}.out")
    assert match("8/lmp-8-1.out")
    assert not match("8/lmps-8-1.out")
    assert not match("8/lmp-16-1.out")


@given(st.text(alphabet=".+*?()[]^$|\\/ab", max_size=8))
def test_what_is_no_wildcard_is_taken_literally(text: str) -> None:
    match = compile_pattern(text + "{size}")
    assert match(text + "8")
    assert not match("x" + text + "8")


def test_a_wildcard_pattern_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match="is no pattern"):
        compile_pattern("{size,[}.log")


@pytest.mark.parametrize("pattern", ["run-{repetition}.log", "size-{size}.log", "{name}.log"])
def test_a_pattern_needs_no_wildcard_of_its_own(pattern: str, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("run-1.log", "size-1.log"):
        (tmp_path / "logs" / name).write_text("LAMMPS (1 Jan 2020)\n")
    found = campaign.load({"runs": {"a": {"directory": "logs", "logs": pattern}}}, tmp_path)
    assert found.runs["a"].reader.name == "lammps"


def test_the_reader_is_that_of_most_logs(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/1.log").write_text("srun: error: the first died before its banner\n")
    (tmp_path / "logs/2.log").write_text("LAMMPS (1 Jan 2020)\n")
    for number in (3, 4):
        text = "broker.info[0]: x\nLAMMPS (1 Jan 2020)\n"
        (tmp_path / f"logs/{number}.log").write_text(text)
    found = campaign.load({"runs": {"a": {"directory": "logs", "logs": "{n}.log"}}}, tmp_path)
    assert (found.runs["a"].reader.name, len(found.runs["a"].logs)) == ("flux-operator", 4)


def test_a_figure_of_where_that_no_reader_gives_is_refused() -> None:
    with pytest.raises(UserError, match=r"runs\.a\.where: no reader gives a figure 'atom' \(did"):
        load({"a": {"directory": "data/run4", "where": {"atom": 304}}})


def test_a_folder_with_an_underscore_is_a_warm_up_of_any_pattern() -> None:
    place = place_of(READERS["lammps"], "{folder}/{size}-{repetition}.log")
    assert [place(f"{folder}/8-1.log").warmup for folder in ("_a", "a/_b", "a_b")] == [
        True,
        True,
        False,
    ]


def test_a_pattern_recognises_the_format_from_what_stands_in_a_log(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/8-1.log").write_text("broker.info[0]: x\nLAMMPS (1 Jan 2020)\n")
    found = campaign.load(
        {"runs": {"a": {"directory": "logs", "logs": "{size}-{repetition}.log"}}}, tmp_path
    )
    assert found.runs["a"].reader.name == "flux-operator"


def test_the_plan_of_a_run_holds_only_plain_values_and_no_label() -> None:
    run = load({"run4": {"directory": "data/run4", "label": "secret label"}}).runs["run4"]
    plan = run.plan([8])
    assert "secret label" not in repr(plan)
    assert plan["sizes"] == [8]


def test_the_report_is_about_the_first_metric_and_the_last_run_with_a_baseline() -> None:
    directories = {name: {"directory": f"data/{name}"} for name in ("run4", "run5", "run6")}
    runs = {**directories, "run5": {**directories["run5"], "against": ["run4", "run6"]}}
    order = load(runs, metrics=["loop_time", "walltime"]).report_order()
    assert (order["primary"], order["main"]) == ("loop_time", ["run5", "run4"])
    named = load(
        runs, metrics=["loop_time", "walltime"], primary="walltime", main={"runs": ["run5", "run6"]}
    ).report_order()
    assert (named["primary"], named["main"]) == ("walltime", ["run5", "run6"])
    assert load(directories).report_order()["main"] == []


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"primary": "wall_time"}, "primary: 'wall_time' is not among the metrics"),
        ({"main": {"runs": ["run4", "run5"]}}, r"main.runs: \[run4, run5\] .* \[run5, run4\]"),
        ({"main": {"runs": ["run5"]}}, r"main.runs: \[run5\] is no run with a baseline"),
    ],
)
def test_a_report_about_what_is_not_compared_is_refused(others: dict[str, Any], told: str) -> None:
    runs = {
        "run4": {"directory": "data/run4"},
        "run5": {"directory": "data/run5", "against": ["run4"]},
    }
    with pytest.raises(UserError, match=told):
        load(runs, **others)
