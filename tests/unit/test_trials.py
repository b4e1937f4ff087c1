"""A run's files become its trials, whatever is wrong with them, and never a crash."""

import csv
import gzip
import json
import logging
from pathlib import Path

import pytest

from heteroscope.logs import READERS
from heteroscope.metrics import UserError
from heteroscope.tables import trials
from heteroscope.tables.columns import PARSE, Column
from heteroscope.tables.copies import fingerprint, leave_out_copies
from heteroscope.tables.parse_report import parse_table
from heteroscope.tables.trials import ReadingPlan, columns, read_run, write_rows
from rendering import (
    read_figures,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
    render_mpi_results,
)

DATA = Path(__file__).resolve().parents[2] / "data"
MEASURED = read_figures(DATA / "measured.csv")
REFERENCE = read_figures(DATA / "measured-mpi-reference.csv")
RUN6 = [t for t in MEASURED if t["run"] == "run6" and t["size"] == 8][:3]
MPI = [t for t in MEASURED if t["run"] == "run6-mpi" and t["size"] == 8][:3]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder of a run of three trials of the Flux Operator, and their companion."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"
    for number, trial in enumerate(RUN6, 1):
        log = run / f"lmp-8-{number}-minicluster-size-8" / "log.out"
        log.parent.mkdir(parents=True)
        log.write_bytes(render_flux_operator(trial))
    write_meta(run, [50.5, 60.25, 70.125])
    return run


def write_meta(run, totals):
    times = {f"minicluster-run-lmp-8-{n}-minicluster-size-8": t for n, t in enumerate(totals, 1)}
    (run / "meta.json").write_text(json.dumps({"times": times}))


def plan(reader="flux-operator", pattern="", **more):
    return ReadingPlan("run", "an operator", "data/run", reader, pattern, **more)


def read(folder, reader="flux-operator", pattern="", **more):
    logs = [
        path.relative_to(Path.cwd()).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.name != "meta.json" and (path.is_symlink() or not path.is_dir())
    ]
    companions = ["data/run/meta.json"] if (folder / "meta.json").exists() else []
    return read_run(plan(reader, pattern, **more), logs, companions).rows


def log_of(folder, repetition):
    return folder / f"lmp-8-{repetition}-minicluster-size-8" / "log.out"


def test_a_run_becomes_a_row_a_trial(folder):
    rows = read(folder)
    assert [row["repetition"] for row in rows] == [1, 2, 3]
    assert [row["minicluster_total"] for row in rows] == [50.5, 60.25, 70.125]
    assert [row["loop_time"] for row in rows] == [trial["loop_time"] for trial in RUN6]
    first = rows[0]
    assert first["log"] == "data/run/lmp-8-1-minicluster-size-8/log.out"
    assert (first["run"], first["operator"], first["size"]) == ("run", "an operator", 8)
    # The total less flux submit, as the table of measured figures has it.
    assert first["cluster_time"] == pytest.approx(50.5 - RUN6[0]["flux_submit"], abs=1e-9)
    assert {row["status"] for row in rows} == {"ok"}
    assert all(row.keys() <= set(trials.columns()) for row in rows)


def test_a_row_that_is_written_is_read_back(folder, tmp_path):
    rows = read(folder)
    write_rows(rows, columns(), tmp_path / "trials.csv")
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == trials.columns()
    for row, written in zip(rows, table, strict=True):
        assert {name: str(value) for name, value in row.items()} == {
            name: written[name] for name in row
        }


def test_each_column_has_a_meaning():
    columns = trials.table_columns()
    assert [column.name for column in columns] == trials.columns()
    assert all(isinstance(column, Column) and column.meaning for column in columns)


def unreadable(kind):
    def damage(log):
        log.unlink()
        if kind == "folder":
            log.mkdir()
            (log / "x").write_text("x")
        elif kind == "loop":
            log.symlink_to("log.out")
        elif kind == "dangling":
            log.symlink_to("nowhere")
        elif kind == "NUL":
            log.write_bytes(b"LAMMPS\0")
        elif kind == "gzip":
            log.write_bytes(gzip.compress(b"LAMMPS")[:-3])

    return damage


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("loop", "Too many levels of symbolic links"),
        ("dangling", "No such file or directory"),
        ("NUL", "NUL bytes in line 1"),
        ("gzip", "packed, and damaged"),
    ],
)
def test_a_log_that_cannot_be_read_is_a_row_with_the_reason(folder, kind, reason):
    unreadable(kind)(log_of(folder, 2))
    rows = read(folder)
    assert [row["status"] for row in rows] == ["ok", "unreadable", "ok"]
    assert reason in rows[1]["reason"]
    assert rows[1]["rule"] == "status"
    assert reason in rows[1]["excluded"]
    assert "loop_time" not in rows[1]


def test_a_folder_in_place_of_a_log_is_a_row_with_the_reason(folder):
    unreadable("folder")(log_of(folder, 2))
    rows = read_run(
        plan(), [f"data/run/lmp-8-{n}-minicluster-size-8/log.out" for n in (1, 2)], []
    ).rows
    assert [(row["status"], row["reason"]) for row in rows] == [
        ("ok", ""),
        ("unreadable", "Is a directory"),
    ]


def test_a_packed_log_is_a_trial_like_any_other(folder):
    plain = read(folder)
    log = log_of(folder, 2)
    log.with_suffix(".out.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()
    packed = read(folder)
    for row in (*plain, *packed):
        del row["log"], row["bytes"], row["sha256"]
    assert packed == plain


def test_logs_that_are_not_ok_are_named_with_the_reason(folder, caplog):
    whole = log_of(folder, 1).read_bytes()
    log_of(folder, 1).write_bytes(whole[: whole.index(b"Total wall time")])
    log_of(folder, 3).write_bytes(b"hello\n")
    with caplog.at_level(logging.WARNING):
        read(folder)
    assert caplog.messages == [
        "run: the logs of 2 of 3 trials are not ok:\n"
        "  data/run/lmp-8-1-minicluster-size-8/log.out "
        "(incomplete: no walltime: the log ends too early);\n"
        "  data/run/lmp-8-3-minicluster-size-8/log.out (without output: no LAMMPS output)",
        "run: 2 of 3 trials cannot be used, more than half",
    ]


def test_no_more_than_five_logs_that_are_not_ok_are_named(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"
    run.mkdir(parents=True)
    for number in range(1, 9):
        (run / f"8-{number}.log").write_bytes(b"hello\n" if number > 1 else render_lammps(RUN6[0]))
    with caplog.at_level(logging.WARNING):
        read(run, "lammps", "{size}-{repetition}.log")
    told, most = caplog.messages
    assert most == "run: 7 of 8 trials cannot be used, more than half"
    assert told.startswith("run: the logs of 7 of 8 trials are not ok:\n")
    assert [line.split()[0] for line in told.splitlines()[1:]] == [
        f"data/run/8-{number}.log" for number in range(2, 7)
    ]
    assert told.endswith(" and 2 more")


META_FAULTS = [
    ("no JSON", "{", "cannot be read, and its times are missing: Expecting"),
    ("an array", "[]", "expected an object with the key 'times', itself an object"),
    ("no times", "{}", "expected an object with the key 'times', itself an object"),
    ("times of another type", '{"times": 3}', "expected an object with the key 'times'"),
    ("nested too deeply", "[" * 100_000, "nested too deeply"),
    (
        "a key twice",
        '{"times": {"minicluster-run-a": 1, "minicluster-run-a": 2}}',
        "conflict: minicluster-run-a stands as 1 and 2",
    ),
]


@pytest.mark.parametrize(
    ("text", "told"), [f[1:] for f in META_FAULTS], ids=[f[0] for f in META_FAULTS]
)
def test_a_broken_companion_costs_its_times_and_a_warning(folder, caplog, text, told):
    (folder / "meta.json").write_text(text)
    with caplog.at_level(logging.WARNING):
        rows = read(folder)
    assert [row["status"] for row in rows] == ["ok"] * 3
    assert not any("minicluster_total" in row or "cluster_time" in row for row in rows)
    assert "data/run/meta.json" in caplog.text
    assert told in caplog.text


@pytest.mark.parametrize("value", ["50", True, None, -1, 0, float("nan"), [50], 10**400])
def test_a_time_that_is_no_positive_number_is_missing_with_a_warning(folder, caplog, value):
    write_meta(folder, [50.5, value, 70.125])
    with caplog.at_level(logging.WARNING):
        rows = read(folder)
    assert [row.get("minicluster_total") for row in rows] == [50.5, None, 70.125]
    assert "data/run/meta.json has times that are no positive numbers" in caplog.text
    assert "lmp-8-2-minicluster-size-8" in caplog.text


def test_trials_that_the_companion_does_not_know_are_told(folder, caplog):
    write_meta(folder, [50.5])
    with caplog.at_level(logging.WARNING):
        rows = read(folder)
    assert [row.get("minicluster_total") for row in rows] == [50.5, None, None]
    assert "no meta.json tells how long the cluster of 2 of 3 trials lived" in caplog.text


def test_a_whole_companion_is_not_warned_of(folder, caplog):
    with caplog.at_level(logging.WARNING):
        read(folder)
    assert caplog.text == ""


def test_the_order_is_that_of_execution(folder):
    times = {f"minicluster-run-lmp-8-{n}-minicluster-size-8": 9.5 for n in (3, 1, 2)}
    (folder / "meta.json").write_text(json.dumps({"times": times}))
    for number in (1, 2, 3):
        data = log_of(folder, number).read_bytes().replace(b"    time = ", b"    then = ")
        log_of(folder, number).write_bytes(data)
    assert [row["order"] for row in read(folder)] == [2, 3, 1]


def test_no_path_above_the_project_is_published(folder):
    logs = [str(log_of(folder, 1))]
    rows = read_run(ReadingPlan("run", "o", str(folder), "flux-operator", ""), logs, []).rows
    assert rows[0]["log"] == "run/lmp-8-1-minicluster-size-8/log.out"


def test_which_run_is_meant_is_an_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"
    run.mkdir(parents=True)
    log = render_lammps({**RUN6[0], "walltime": 500.0}).decode()
    one_run = log[log.index("Per MPI") : log.index("Total wall")]
    # Another of the trials for the second run.
    other = render_lammps(RUN6[1]).decode()
    second = other[other.index("Per MPI") : other.index("Total wall")]
    (run / "8-1.log").write_text(log.replace(one_run, one_run + second))
    found = [
        read(run, "lammps", "{size}-{repetition}.log", options={"lammps_run": number})[0]
        for number in (1, 2, "last")
    ]
    first_time, second_time = RUN6[0]["loop_time"], RUN6[1]["loop_time"]
    assert [row["loop_time"] for row in found] == [first_time, second_time, second_time]


def test_the_mpi_operator_says_size_and_time_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"
    run.mkdir(parents=True)
    for second, trial in zip((30, 10, 20), MPI, strict=True):
        name = f"lammps_0123456789ab_default-scheduler_2023-02-08_T2255_{second}.out"
        (run / name).write_bytes(render_mpi_operator(trial))
    rows = read(run, "mpi-operator")
    assert [row["size"] for row in rows] == [8, 8, 8]
    assert [row["repetition"] for row in rows] == [1, 2, 3]
    assert [row["started_at"][-2:] for row in rows] == ["10", "20", "30"]
    assert [row["mpirun_real"] for row in rows] == [MPI[n]["mpirun_real"] for n in (1, 2, 0)]


# --- The table of what was parsed --------------------------------------------------------------


def test_a_log_in_order_lacks_nothing(folder):
    table = parse_table(read(folder), READERS["flux-operator"])
    assert [tuple(row) for row in table] == [tuple(column.name for column in PARSE)] * 3
    assert {row["status"] for row in table} == {"ok"}
    assert {(row["fields_missing"], row["conflicts"], row["trials"]) for row in table} == {
        ("", "", 1)
    }
    # As many as the table of measured figures has of this log, and those that are made of them.
    assert all(row["fields_found"] > 90 for row in table)


def test_what_a_log_lacks_is_named(folder):
    log = log_of(folder, 2)
    data = log.read_bytes()
    log.write_bytes(data[: data.index(b"Nghost")])
    row = parse_table(read(folder), READERS["flux-operator"])[1]
    assert row["status"] == "incomplete"
    assert row["reason"] == "no walltime: the log ends too early"
    assert {"walltime", "flux_start"} <= {*row["fields_missing"].split()}
    assert "nghost_ave" in row["fields_missing"].split()
    assert "pair_avg" not in row["fields_missing"].split()


def test_a_conflict_is_named_and_counts_as_missing(folder):
    log = log_of(folder, 1)
    log.write_bytes(log.read_bytes() + b"FLUXTIME fluxstart wall time 9:59.99\r\n")
    row = parse_table(read(folder), READERS["flux-operator"])[0]
    assert (row["status"], row["conflicts"]) == ("incomplete", "flux_start")
    assert row["reason"] == f"conflict: flux_start stands as {RUN6[0]['flux_start']} and 599.99"
    assert row["fields_missing"] == "flux_start"


def test_a_file_of_many_trials_is_one_row(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"
    run.mkdir(parents=True)
    records = [record for record in REFERENCE if record["scheduler"] == "default-scheduler"][:4]
    data = render_mpi_results(records)
    (run / "mpi_operator_results.json").write_bytes(data)
    (row,) = parse_table(read(run, "mpi-results"), READERS["mpi-results"])
    assert (row["trials"], row["status"], row["fields_missing"]) == (4, "ok", "")
    (run / "mpi_operator_results.json").write_bytes(data.replace(b'"real"', b'"unreal"', 1))
    (row,) = parse_table(read(run, "mpi-results"), READERS["mpi-results"])
    assert (row["trials"], row["status"], row["fields_missing"]) == (4, "incomplete", "mpirun_real")
    assert row["reason"] == "record 1 has no number for real"


@pytest.fixture
def plain(tmp_path, monkeypatch):
    """Return the folder of a run of plain logs, and what puts one there."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "data" / "run"

    def put(name, trial):
        log = run / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(render_lammps(trial))
        return log

    return run, put


def test_most_logs_that_are_not_ok_end_a_strict_reading(folder):
    log_of(folder, 1).write_bytes(b"hello\n")
    assert len(read(folder, strict=True)) == 3
    log_of(folder, 2).write_bytes(b"hello\n")
    with pytest.raises(UserError, match="run: 2 of 3 trials cannot be used, more than half"):
        read(folder, strict=True)


def test_a_second_log_of_one_file_is_a_copy_that_names_the_first(folder):
    log_of(folder, 2).write_bytes(log_of(folder, 1).read_bytes())
    rows = read(folder)
    assert [row["rule"] for row in rows] == ["", "copy", ""]
    assert rows[1]["excluded"] == f"a copy of {rows[0]['log']}"


def test_a_second_log_with_the_same_times_is_a_copy(folder):
    log_of(folder, 2).write_bytes(log_of(folder, 1).read_bytes() + b"\n")
    rows = read(folder)
    assert [row["rule"] for row in rows] == ["", "copy", ""]
    assert rows[0]["sha256"] != rows[1]["sha256"]
    assert rows[0]["fingerprint"] == rows[1]["fingerprint"] != rows[2]["fingerprint"]


def test_a_copy_of_a_warm_up_counts(plain):
    run, put = plain
    put("_a/8-1.log", RUN6[0])
    put("a/8-2.log", RUN6[0])
    rows = read(run, "lammps", "{folder}/{size}-{repetition}.log")
    assert [row["rule"] for row in rows] == ["warm-up", ""]


def test_two_times_are_too_few_to_tell_a_copy():
    assert fingerprint({"loop_time": 1.5, "pair_avg": 1.25, "steps": 100}) == ""


@pytest.mark.parametrize("wanted", [{"atoms": 4980736}, {"lammps_version": "29 Sep*"}])
def test_where_keeps_the_logs_whose_figures_match(plain, wanted):
    run, put = plain
    put("8-1.log", RUN6[0])
    other = put("8-2.log", RUN6[1])
    text = other.read_bytes().replace(b"4980736 atoms", b"304000 atoms")
    other.write_bytes(text.replace(b"29 Sep 2021", b"17 Apr 2024"))
    rows = read(run, "lammps", "{size}-{repetition}.log", where=wanted)
    assert [row["log"] for row in rows] == ["data/run/8-1.log"]


def test_a_dead_log_of_which_where_is_not_known_stays_a_row(plain):
    run, put = plain
    put("8-1.log", RUN6[0])
    put("8-2.log", RUN6[1]).write_bytes(b"srun: error\n")
    rows = read(run, "lammps", "{size}-{repetition}.log", where={"atoms": 4980736})
    assert [row["rule"] for row in rows] == ["", "status"]


def test_where_that_no_log_matches_tells_what_there_is(plain):
    run, put = plain
    put("8-1.log", RUN6[0])
    with pytest.raises(UserError, match="the values of atoms are 4980736"):
        read(run, "lammps", "{size}-{repetition}.log", where={"atoms": 5})


def test_size_and_repetition_come_from_the_log_and_its_place_where_the_path_is_silent(
    plain, caplog
):
    run, put = plain
    for number in (2, 10, 1):
        put(f"job-{number}.log", RUN6[number % 3])
    rows = read(run, "lammps", "job-{number}.log")
    assert [row["log"].rpartition("-")[2] for row in rows] == ["1.log", "2.log", "10.log"]
    assert [row["repetition"] for row in rows] == [1, 2, 3]
    assert {row["ordered_by"] for row in rows} == {"listing"}
    # 8 nodes of 94 ranks: nothing in a plain log tells the nodes.
    assert {row["size"] for row in rows} == {752}
    assert "so their size is the number of ranks" in caplog.messages[0]


def test_short_logs_without_enough_figures_may_be_alike_by_chance():
    row = {"excluded": "", "sha256": "a", "fingerprint": "", "bytes": 300}
    rows = [{**row, "log": "1"}, {**row, "log": "2"}]
    leave_out_copies(rows)
    assert not any(each["excluded"] for each in rows)
    rows = [{**each, "bytes": 3000} for each in rows]
    leave_out_copies(rows)
    assert [each["excluded"] for each in rows] == ["", "a copy of 1"]
