"""What a campaign of another application is called: its metrics, its sizes, its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from heteroscope import logs, words
from heteroscope.campaign import campaign
from heteroscope.metrics import METRICS, UserError
from heteroscope.tables import trials
from rendering import read_figures, render_lammps

REPOSITORY = Path(__file__).parents[2]
TRIAL = next(t for t in read_figures(REPOSITORY / "data/measured.csv") if t["run"] == "run6")
LAMMPS = render_lammps(TRIAL)
CODE = {
    "begins": "Code {...}",
    "done": "END",
    "figures": {
        "rate": {"line": "Rate: {}", "unit": "1/s", "better": "higher"},
        "time": {"line": "Time: {} s", "unit": "s"},
        "threads": {"line": "Threads: {}"},
    },
}


def text(time: float = 3, threads: int = 2) -> bytes:
    return f"Code 1.2\nThreads: {threads}\nRate: {1 / time}\nTime: {time} s\nEND\n".encode()


def place(root: Path, log: str, content: bytes = text()) -> None:
    (root / log).parent.mkdir(parents=True, exist_ok=True)
    (root / log).write_bytes(content)


def load(root: Path, run: dict[str, Any], **others: Any) -> campaign.Campaign:
    config = {"applications": {"code": CODE}, "runs": {"a": {"directory": "a", **run}}, **others}
    return campaign.load(config, root)


def read(root: Path, found: campaign.Campaign, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.chdir(root)
    plan = trials.ReadingPlan(**found.runs["a"].plan(found.sizes))
    return trials.read_run(plan, *trials.find(plan)).rows


def test_a_directory_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 10):
        place(tmp_path, f"a/deep/run-{number}.log")
    place(tmp_path, "a/notes.txt", b"hello\n")
    found = load(tmp_path, {})
    run = found.runs["a"]
    assert (run.reader.name, run.reader.application, len(run.logs)) == ("code", "code", 3)
    assert found.metrics[:2] == ("rate", "time")
    assert found.primary == "rate"
    assert [*found.figures][:2] == ["rate", "time"]
    assert found.suffix == "_code"
    rows = read(tmp_path, found, monkeypatch)
    assert [row["log"][-6:] for row in rows] == ["-1.log", "-2.log", "10.log"]
    assert {row["status"] for row in rows} == {"ok"}


def test_without_any_size_all_trials_are_one_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, "a/run-1.log")
    place(tmp_path, "a/run-2.log")
    rows = read(tmp_path, load(tmp_path, {}), monkeypatch)
    assert [(row["size"], row["repetition"]) for row in rows] == [(1, 1), (1, 2)]
    assert words.at_sizes([1]) == "in all trials"


def test_a_size_is_what_the_configuration_says_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads in (2, 4):
        place(tmp_path, f"a/{threads}.log", text(3, threads))
    found = load(tmp_path, {}, sizes={"of": "threads"})
    assert words.at_sizes([2, 4]) == "at 2 and 4 threads"
    assert [row["size"] for row in read(tmp_path, found, monkeypatch)] == [2, 4]
    place(tmp_path, "a/8.log", text(3, 8))
    found = load(tmp_path, {"logs": "{size}.log"}, sizes={"of": "cells", "values": [8]})
    assert (found.sizes, words.at_sizes([8])) == ((8,), "at 8 cells")


def test_logs_of_other_applications_in_the_folders_of_a_study_are_left_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    trailer = (
        b'START OF JOBSPEC\n{"resources": [{"type": "node", "count": 4, "with": []}], "version": 1}'
        b'\nSTART OF EVENTLOG\n{"timestamp": 1724600089.0, "name": "complete", "context": '
        b'{"status": 0}}\n'
    )
    for number in (1, 2, 3):
        place(tmp_path, f"a/size4/results/code/code-4-iter-{number}-\u01921.out", text() + trailer)
        place(
            tmp_path, f"a/size4/results/other/other-4-iter-{number}-\u01922.out", b"hi\n" + trailer
        )
    # Its own logs that died are never taken for another's.
    place(tmp_path, "a/size4/results/code/code-4-iter-4-\u01923.out", b"died\n" + trailer)
    found = load(tmp_path, {"application": "code"})
    assert found.runs["a"].reader.name == "flux-jobs"
    rows = read(tmp_path, found, monkeypatch)
    assert [(row["repetition"], row["status"]) for row in rows] == [
        (1, "ok"),
        (2, "ok"),
        (3, "ok"),
        (4, "no_output"),
    ]
    assert "3 of 7 logs are called otherwise" in caplog.text
    assert "(other…)" in caplog.text


def test_of_two_applications_in_one_folder_the_one_that_is_meant_must_be_named(
    tmp_path: Path,
) -> None:
    place(tmp_path, "a/code-1.log")
    place(tmp_path, "a/other-1.log", b"FOM 3\n")
    other = {"figures": {"fom": {"line": "FOM {}", "unit": "1/s"}}}
    config = {"applications": {"code": CODE, "other": other}, "runs": {"a": {"directory": "a"}}}
    with pytest.raises(
        UserError, match=r"runs\.a\.application: code-1\.log is output of code, and"
    ):
        campaign.load(config, tmp_path)
    run = {"directory": "a", "application": "other", "logs": "other-{repetition}.log"}
    assert campaign.load({**config, "runs": {"a": run}}, tmp_path).primary == "fom"


def test_a_number_with_an_exponent_needs_no_point(tmp_path: Path) -> None:
    """YAML 1.1 reads `1e-6` as text."""
    place(tmp_path, "a/1.log", b"FOM 3\n")
    (tmp_path / "mine.yaml").write_text(
        "figures: {fom: {line: 'FOM {}', unit: s, times: 1e-3, "
        "check: {value: 3e-3, tolerance: 1e-6}}}\n"
    )
    config = {"applications": {"mine": "mine.yaml"}, "runs": {"a": {"directory": "a"}}}
    campaign.load(config, tmp_path)
    (reading,) = logs.readers("mine")["mine"].read(b"FOM 3\n", {})
    assert (reading.figures, reading.status.value) == ({"fom": 0.003}, "ok")


def test_what_a_size_counts_must_stand_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, "a/1.log")
    for of in ("cells", "nodes"):
        with pytest.raises(UserError, match=rf"sizes\.of: nothing tells the {of} of a log; say"):
            load(tmp_path, {}, sizes={"of": of})
    # Words of what is counted are the name of a figure with underscores between them.
    figures = {**CODE["figures"], "message_size": {"line": "Threads: {}"}}
    config = {
        "applications": {"code": {**CODE, "figures": figures}},
        "runs": {"a": {"directory": "a"}},
        "sizes": {"of": "message size"},
    }
    assert [
        row["size"] for row in read(tmp_path, campaign.load(config, tmp_path), monkeypatch)
    ] == [2]


def test_the_headline_is_of_runs_that_give_the_primary_metric(tmp_path: Path) -> None:
    for run in "ab":
        place(tmp_path, f"{run}/8/1.log")
    for run in "cd":
        place(tmp_path, f"{run}/8/1.log", LAMMPS + run.encode())
    runs = {
        name: {"directory": name, "logs": "{size}/{repetition}.log", "against": against}
        for name, against in (("a", []), ("b", ["a"]), ("c", []), ("d", ["c"]))
    }
    config = {"applications": {"code": CODE}, "runs": runs}
    for primary, main in (("rate", ["b", "a"]), ("walltime", ["d", "c"])):
        found = campaign.load({**config, "primary": primary}, tmp_path)
        assert found.report_order()["main"] == main


def test_ranks_are_not_called_nodes(tmp_path: Path) -> None:
    place(tmp_path, "a/1.log", LAMMPS)
    campaign.load({"runs": {"a": {"directory": "a"}}}, tmp_path)
    assert words.size_of() == "ranks"
    place(tmp_path, "b/8/1.log", LAMMPS)
    campaign.load({"runs": {"b": {"directory": "b", "logs": "{size}/{x}.log"}}}, tmp_path)
    assert words.size_of() == "nodes"


def test_an_application_can_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    place(tmp_path, "a/1.log", b"FOM 3\n")
    (tmp_path / "mine.yaml").write_text("figures: {fom: {line: 'FOM {}', unit: 1/s}}\n")
    config = {"applications": {"mine": "mine.yaml"}, "runs": {"a": {"directory": "a"}}}
    assert campaign.load(config, tmp_path).primary == "fom"
    (tmp_path / "mine.yaml").write_text("figures: {fom: {line: 'FOM', unit: 1/s}}\n")
    with pytest.raises(UserError, match=r"^mine\.yaml: figures\.fom\.line: 'FOM' has no `{}`"):
        campaign.load(config, tmp_path)
    (tmp_path / "mine.yaml").write_text("figures: {fom: [}\n")
    with pytest.raises(UserError, match=r"applications\.mine: mine\.yaml is no YAML"):
        campaign.load(config, tmp_path)
    with pytest.raises(
        UserError, match=r"there is no application 'miner' \(did you mean 'mine'\?\)"
    ):
        campaign.load({**config, "runs": {"a": {"directory": "a", "application": "miner"}},
                       "applications": {"mine": CODE}}, tmp_path)  # fmt: skip


def test_metrics_of_lammps_stay_beside_those_that_are_declared(tmp_path: Path) -> None:
    place(tmp_path, "a/8/1.log")
    place(tmp_path, "b/8/1.log", LAMMPS)
    runs = {name: {"directory": name, "logs": "{size}/{repetition}.log"} for name in "ab"}
    found = campaign.load({"applications": {"code": CODE}, "runs": runs}, tmp_path)
    assert [run.reader.application for run in found.runs.values()] == ["code", "lammps"]
    assert {"rate", "walltime", "loop_time"} < {*found.metrics}
    assert "flux_start" not in found.metrics
    assert found.suffix == ""


def test_metrics_of_a_campaign_are_forgotten_with_the_next(tmp_path: Path) -> None:
    place(tmp_path, "a/1.log")
    load(tmp_path, {})
    assert "rate" in METRICS
    place(tmp_path, "b/8/1.log", LAMMPS)
    campaign.load({"runs": {"b": {"directory": "b"}}}, tmp_path)
    assert "rate" not in METRICS


def test_logs_that_a_rule_will_make_are_named_before_they_are_there(tmp_path: Path) -> None:
    run = {"logs": "{size}/{repetition}.log", "repetitions": 2, "application": "code"}
    found = load(tmp_path, run, sizes=[1, 2])
    assert found.runs["a"].logs == ("a/1/1.log", "a/1/2.log", "a/2/1.log", "a/2/2.log")
    with pytest.raises(UserError, match=r"runs\.a\.repetitions: of which sizes"):
        load(tmp_path, run)
    with pytest.raises(UserError, match=r"runs\.a\.logs: with `repetitions`"):
        load(tmp_path, {**run, "logs": "{machine}/{size}.log"}, sizes=[1])


def test_a_log_of_a_shipped_application_is_told_by_its_name(tmp_path: Path) -> None:
    place(tmp_path, "a/1.out", (REPOSITORY / "data/applications/hpl.out").read_bytes())
    for logs_of in ({}, {"logs": "{repetition}.out"}):
        with pytest.raises(UserError, match="looks like that of hpl: say `application: hpl`"):
            campaign.load({"runs": {"a": {"directory": "a", **logs_of}}}, tmp_path)
    found = campaign.load({"runs": {"a": {"directory": "a", "application": "hpl"}}}, tmp_path)
    assert found.primary == "hpl_performance"
