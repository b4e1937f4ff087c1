"""Files of trials that other tools wrote: what becomes a trial, and what does not.

hyperfine and pytest-benchmark write their files here and now; their own means are what the trials
must give.  The files of Google Benchmark are shaped as version 1.7.1 wrote them, the perflog as
ReFrame's documentation of perflogs shows it (its numbers are from there).
"""

import csv
import importlib.util
import io
import json
import os
import shutil
import statistics
import subprocess
import sys

import pytest

from heteroscope.logs.numbers import FORMATS
from heteroscope.metrics import MetricDefinition, Status, UserError

HYPERFINE, GOOGLE, PYTEST, TABLE = FORMATS.values()


def reading(kind, data, **options):
    """Read a file; what is no bytes becomes JSON."""
    if not isinstance(data, bytes):
        data = data.encode() if isinstance(data, str) else json.dumps(data).encode()
    return kind.read(data, options)


def values(readings, name):
    return [reading.figures.get(name) for reading in readings]


def told(readings):
    return [(reading.status, reading.reason) for reading in readings]


def refused(kind, data, **options):
    with pytest.raises(UserError) as error:
        reading(kind, data, **options)
    return str(error.value)


# hyperfine


@pytest.fixture(scope="module")
def by_hyperfine(tmp_path_factory):
    """Return what hyperfine itself wrote of three commands with a parameter, of which one fails."""
    if not shutil.which("hyperfine"):
        pytest.skip("hyperfine is not installed (a package of that name, of Debian and others)")
    file = tmp_path_factory.mktemp("hyperfine") / "times.json"
    command = f"'{sys.executable}' -c 'import sys; sys.exit(3 == {{n}})'"
    subprocess.run(
        [
            *("hyperfine", "--shell=none", "--ignore-failure", "--runs=3", "--export-json", file),
            *("--parameter-scan", "n", "1", "3", command),
        ],
        check=True,
        capture_output=True,
    )
    return file.read_bytes()


def test_every_run_of_hyperfine_is_a_trial_and_their_mean_is_its_own(by_hyperfine):
    found = reading(HYPERFINE, by_hyperfine, where={"n": 1})
    assert values(found, "repetition") == [1, 2, 3]
    assert {one.status for one in found} == {Status.OK}
    mean = json.loads(by_hyperfine)["results"][0]["mean"]
    assert statistics.mean(values(found, "time")) == pytest.approx(mean, rel=1e-12)


def test_a_parameter_of_hyperfine_is_a_size_and_chooses(by_hyperfine):
    found = reading(HYPERFINE, by_hyperfine, columns={"size": "n"}, where={"command": "*(3 == 3)*"})
    assert values(found, "size") == [3, 3, 3]
    found = reading(HYPERFINE, by_hyperfine, columns={"size": "parameters.n"})
    assert values(found, "size") == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_command_that_hyperfine_saw_fail_is_no_measurement(by_hyperfine):
    found = reading(HYPERFINE, by_hyperfine, where={"n": "3"})
    assert told(found)[1] == (Status.FAILED, "run 2: exit code 1")


def test_several_commands_are_no_sample_unless_one_is_named(by_hyperfine):
    message = refused(HYPERFINE, by_hyperfine)
    assert "(3 == 1)" in message and "(3 == 3)" in message
    assert "where: {command: …}" in message


def result(**more):
    return {"command": "sort", "times": [1.5, 1.25], "exit_codes": [0, 0], **more}


def test_a_command_that_a_signal_ended_has_no_exit_code():
    found = reading(HYPERFINE, {"results": [result(exit_codes=[0, None])]})
    assert told(found) == [(Status.OK, ""), (Status.FAILED, "run 2: ended by a signal")]


@pytest.mark.parametrize("times", [{"times": None}, {"times": []}, {}], ids=["null", "none", "no"])
def test_a_summary_of_hyperfine_is_refused(times):
    summary = {"command": "sort", "mean": 1.4, "stddev": 0.1, **times}
    (found,) = reading(HYPERFINE, {"results": [summary]})
    assert found.status is Status.UNREADABLE
    assert found.reason == (
        "sort: no list `times`: a summary is no sample; use hyperfine --export-json"
    )
    # Its true reason is told, too, when the times are asked for.
    (found,) = reading(HYPERFINE, {"results": [summary]}, columns={"wall": "time"})
    assert "no list `times`" in found.reason


def test_lists_that_do_not_belong_together_are_refused():
    (found,) = reading(HYPERFINE, {"results": [result(exit_codes=[0])]})
    assert told([found]) == [(Status.UNREADABLE, "sort: 2 times, but 1 of exit_codes")]


def test_what_hyperfine_measures_beside_the_time_can_be_asked_for():
    memory = {"column": "memory_usage_byte", "unit": "MB", "times": "1e-6"}
    file = {"results": [result(memory_usage_byte=[2048000, 70000])]}
    found = reading(HYPERFINE, file, columns={"rss": memory})
    # 70000 × 1e-6 is 0.06999999999999999 in binary.
    assert values(found, "rss") == [2.048, 0.07]


def test_what_is_published_of_a_command_holds_no_path_and_no_key():
    secret = "/home/ada/bin/sort --api-key=abcdef0123456789 in.txt"
    found = reading(
        HYPERFINE, {"results": [result(command=secret)]}, columns={"command": "command"}
    )
    assert "ada" not in str(found) and "abcdef" not in str(found)
    assert values(found, "command")[0].startswith("sort --api-key=[secret]")
    message = refused(HYPERFINE, {"results": [result(command=secret), result()]})
    assert "ada" not in message and "abcdef" not in message


# Google Benchmark


def iteration(name, repetition=0, real_time=250.0, **more):
    return {
        **{"name": name, "run_name": name, "run_type": "iteration"},
        **{"repetitions": 3, "repetition_index": repetition, "threads": 1, "iterations": 1000},
        **{"real_time": real_time, "cpu_time": 240.0, "time_unit": "ns", **more},
    }


def aggregate(name, kind, value):
    return {
        **{"name": f"{name}_{kind}", "run_name": name, "run_type": "aggregate"},
        **{"aggregate_name": kind, "real_time": value, "cpu_time": value, "time_unit": "ns"},
    }


CONTEXT = {
    **{"date": "2026-11-28T08:01:30+02:00", "host_name": "node-secret-7", "executable": "/opt/x/b"},
    **{"num_cpus": 2, "mhz_per_cpu": 2596, "cpu_scaling_enabled": False},
    **{"caches": [], "load_avg": [0.7], "library_build_type": "release"},
}


def google(*benchmarks, **context):
    return {"context": {**CONTEXT, **context}, "benchmarks": list(benchmarks)}


def test_iterations_of_google_benchmark_are_trials_and_aggregates_are_none():
    file = google(
        iteration("BM_Sort/8", 0, 250.0),
        iteration("BM_Sort/8", 1, 275.5),
        aggregate("BM_Sort/8", "mean", 262.75),
        aggregate("BM_Sort/8", "median", 262.75),
        aggregate("BM_Sort/8", "stddev", 18.0),
        aggregate("BM_Sort/8", "cv", 0.07),
    )
    found = reading(GOOGLE, file)
    assert values(found, "real_time") == [2.5e-07, 2.755e-07]
    assert values(found, "repetition") == [1, 2]
    assert values(found, "started_at") == ["2026-11-28T06:01:30"] * 2
    assert told(found) == [(Status.OK, "")] * 2


def test_aggregates_alone_are_refused_with_the_remedy():
    file = google(
        aggregate("BM_Sort/8", "mean", 262.75),
        aggregate("BM_Sort/8", "cv", 0.07),
        iteration("BM_Sort/64"),
    )
    (found,) = reading(GOOGLE, file, where={"name": "BM_Sort/8"})
    assert found.status is Status.UNREADABLE
    assert "--benchmark_report_aggregates_only=false" in found.reason
    assert "--benchmark_repetitions=10" in found.reason
    assert "real_time" not in found.figures


def test_aggregates_of_old_versions_are_known_by_their_names():
    old = {"real_time": 1, "cpu_time": 1, "time_unit": "ns"}
    file = google({"name": "BM_A", **old}, {"name": "BM_A", **old}, {"name": "BM_A_mean", **old})
    assert values(reading(GOOGLE, file), "real_time") == [1e-09, 1e-09]


@pytest.mark.parametrize(
    ("unit", "seconds"), [("ns", 3e-09), ("us", 3e-06), ("ms", 0.003), ("s", 3.0)]
)
def test_times_of_google_benchmark_become_seconds(unit, seconds):
    found = reading(GOOGLE, google(iteration("BM_A", real_time=3, time_unit=unit)))
    assert values(found, "real_time") == [seconds]


def test_a_unit_of_time_that_is_none_is_told():
    (found,) = reading(GOOGLE, google(iteration("BM_A", time_unit="min")))
    assert found.status is Status.UNREADABLE
    assert "time_unit is 'min', expected one of ns, us, ms, s" in found.reason


@pytest.mark.parametrize("unit", [{}, [], None, 3])
def test_a_unit_of_time_that_is_no_text_is_told(unit):
    (found,) = reading(GOOGLE, google(iteration("BM_A", time_unit=unit)))
    assert found.status is Status.UNREADABLE


def test_a_scaling_clock_and_a_debug_build_are_figures_and_told_with_each_trial():
    file = google(iteration("BM_A"), cpu_scaling_enabled=True, library_build_type="debug")
    (found,) = reading(GOOGLE, file)
    assert found.figures["cpu_scaling_enabled"] == "yes"
    assert found.figures["library_build_type"] == "debug"
    assert found.status is Status.OK
    assert found.reason == (
        "CPU scaling is enabled, so that the clock of the processor varies; "
        "the benchmark library was built for debugging"
    )


def test_a_benchmark_that_had_an_error_or_was_skipped_failed():
    error = iteration("BM_A", error_occurred=True, error_message="no file /home/ada/data")
    skipped = iteration("BM_A", 1, skipped=True, skip_message="too small")
    found = reading(GOOGLE, google(error, skipped))
    assert told(found) == [
        (Status.FAILED, "BM_A, repetition 1: no file data"),
        (Status.FAILED, "BM_A, repetition 2: skipped: too small"),
    ]


def test_arguments_in_the_name_of_a_benchmark_are_sizes():
    file = google(
        iteration("BM_Copy/8/threads:4/real_time", threads=4),
        iteration("BM_Copy/64/threads:8/real_time", threads=8),
    )
    assert values(reading(GOOGLE, file, columns={"size": "argument"}), "size") == [8, 64]
    assert values(reading(GOOGLE, file, columns={"size": "threads"}), "size") == [4, 8]
    assert "BM_Copy/8" in refused(GOOGLE, file)
    named = google(iteration("BM_Copy/n:16/m:4"))
    assert values(reading(GOOGLE, named, columns={"size": "n"}), "size") == [16]


def test_two_families_of_one_size_are_told_apart_by_where():
    file = google(iteration("BM_A/8"), iteration("BM_B/8"))
    assert "'BM_A/8' and 'BM_B/8'" in refused(GOOGLE, file, columns={"size": "argument"})
    found = reading(GOOGLE, file, columns={"size": "argument"}, where={"name": "BM_B/*"})
    assert len(found) == 1


def test_counters_are_rates_and_times_are_times_whatever_they_are_called():
    asked = {
        "columns": {
            "fish": "fish_per_second",
            "wall": "real_time",
            "loss": {"column": "loss", "better": "lower", "unit": "%"},
        }
    }
    metrics = {one["name"]: one for one in GOOGLE.metrics(asked)}
    higher = [name for name, one in metrics.items() if one["higher_is_better"]]
    assert higher == ["items_per_second", "bytes_per_second", "fish"]
    assert metrics["wall"]["unit"] == "s"
    assert metrics["loss"]["unit"] == "%"
    file = google(iteration("BM_A", fish_per_second=7.5, loss=2))
    (found,) = reading(GOOGLE, file, **asked)
    assert (found.figures["fish"], found.figures["loss"]) == (7.5, 2)
    assert found.figures["wall"] == found.figures["real_time"] == 2.5e-07


def test_the_name_of_the_host_is_no_column():
    file = google(iteration("BM_A"))
    for name in ("host_name", "context.host_name"):
        message = refused(GOOGLE, file, columns={"version": name})
        assert f"the file has no '{name}'" in message
        assert "node-secret-7" not in message
    (found,) = reading(GOOGLE, file, columns={"version": "context.executable"})
    assert found.figures["version"] == "b"


# pytest-benchmark

BENCHMARK = """
import pytest
@pytest.mark.parametrize("n", [10, 1000])
def test_sort(benchmark, n):
    benchmark.extra_info["kind"] = "list"
    benchmark.pedantic(sorted, args=(list(range(n)),), rounds=4)
def test_sum(benchmark):
    benchmark.pedantic(sum, args=(range(10),), rounds=4)
"""


def run_benchmarks(folder, *options):
    (folder / "test_speed.py").write_text(BENCHMARK)
    (folder / "pytest.ini").write_text("[pytest]\n")
    alone = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        check=True,
        capture_output=True,
        cwd=folder,
        env=alone,
    )


@pytest.fixture(scope="module")
def by_pytest(tmp_path_factory):
    """Return what pytest-benchmark itself wrote: with all values, and without."""
    if importlib.util.find_spec("pytest_benchmark") is None:
        pytest.skip("pytest-benchmark is not installed")
    folder = tmp_path_factory.mktemp("benchmarks")
    run_benchmarks(folder, "--benchmark-json=all.json", "--benchmark-save=x")
    (saved,) = folder.glob(".benchmarks/*/*.json")
    return (folder / "all.json").read_bytes(), saved.read_bytes()


def test_every_round_of_pytest_benchmark_is_a_trial_and_their_mean_is_its_own(by_pytest):
    found = reading(PYTEST, by_pytest[0], where={"name": "test_sum"})
    assert values(found, "repetition") == [1, 2, 3, 4]
    own = {one["name"]: one["stats"]["mean"] for one in json.loads(by_pytest[0])["benchmarks"]}
    assert statistics.mean(values(found, "time")) == pytest.approx(own["test_sum"], rel=1e-9)
    assert len(set(values(found, "started_at"))) == 1


def test_a_parameter_of_a_test_is_a_size(by_pytest):
    found = reading(PYTEST, by_pytest[0], columns={"size": "n"}, where={"name": "test_sort*"})
    assert values(found, "size") == [10] * 4 + [1000] * 4
    # The brackets of a name are no glob where it is all of the name.
    found = reading(PYTEST, by_pytest[0], where={"name": "test_sort[10]", "kind": "list"})
    assert len(found) == 4


def test_a_file_that_was_saved_without_data_is_refused_with_the_option(by_pytest):
    (found,) = reading(PYTEST, by_pytest[1], where={"name": "test_sum"})
    assert found.status is Status.UNREADABLE
    assert "--benchmark-save-data" in found.reason


def test_several_benchmarks_are_no_sample_unless_one_is_named(by_pytest):
    message = refused(PYTEST, by_pytest[0])
    assert "'test_sort[10]'" in message and "'test_sum'" in message
    assert "where: {name: …}" in message


def test_what_pytest_benchmark_knows_of_machine_and_commit_names_no_host():
    benchmark = {"name": "test_a", "params": {}, "stats": {"data": [0.5]}}
    file = {
        "machine_info": {"node": "secret-host", "python_version": "3.11.7"},
        "commit_info": {"id": "0a1b2c", "author": "ada@example.org"},
        "benchmarks": [benchmark],
    }
    (found,) = reading(PYTEST, file, columns={"version": "commit_info.id"})
    assert found.figures["version"] == "0a1b2c"
    (found,) = reading(PYTEST, file, columns={"version": "commit_info.author"})
    assert found.figures["version"] == "[e-mail]"
    message = refused(PYTEST, file, columns={"version": "machine_info.node"})
    assert "no 'machine_info.node'" in message
    assert "secret-host" not in message


# Tables

ASKED = {"time": "seconds", "size": "threads"}


@pytest.mark.parametrize(
    "separator", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"]
)
def test_a_table_is_read_whatever_separates_its_cells(separator):
    lines = (("threads", "seconds", "what, else"), ("1", "2.50", "a"), ("4", "1e-1", "b"))
    text = "\n".join(separator.join(line) for line in lines)
    if separator == ",":
        text = text.replace("what, else", '"what, else"')
    found = reading(TABLE, text, columns=ASKED)
    assert values(found, "time") == [2.5, 0.1]
    assert values(found, "size") == [1, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])
def test_line_ends_byte_order_mark_blanks_and_empty_lines_do_not_matter(end):
    text = end.join(['"threads", "seconds"', "", "2, 1.5", "", ""])
    found = reading(TABLE, b"\xef\xbb\xbf" + text.encode(), columns=ASKED)
    assert values(found, "time") == [1.5]


def test_quoted_cells_may_hold_separators_quotes_and_line_ends():
    text = 'seconds,command\n1.5,"sort ""a, b""\nc"\nfast,d\n'
    found = reading(TABLE, text, columns={"time": "seconds", "command": "command"})
    assert found[0].figures["command"] == 'sort "a, b"\nc'
    # Lines are counted, not rows.
    assert found[1].reason == "line 4: seconds is 'fast', expected a number"


@pytest.mark.parametrize("cell", ["", "NA", "nan", "null", "None", "n/a"])
def test_an_empty_cell_is_missing_and_costs_itself(cell):
    text = f"threads,seconds,rate\n2,{cell},7\n2,{cell},{cell}\n{cell},1,7\n"
    found = reading(TABLE, text, columns={**ASKED, "rate": "rate"})
    assert found[0].figures == {"record": 1, "size": 2, "rate": 7}
    assert told(found) == [
        (Status.OK, ""),
        (Status.INCOMPLETE, "line 3: nothing stands under seconds and rate"),
        (Status.INCOMPLETE, "line 4: nothing stands under threads"),
    ]


@pytest.mark.parametrize("cell", ["fast", "1,5", "1_000", "inf", "0x1f", "12 s", "1e5x", "１２"])
def test_what_is_no_number_is_told_and_never_made_one(cell):
    (found,) = reading(TABLE, f"seconds;threads\n{cell};2\n", columns=ASKED)
    assert found.status is Status.INCOMPLETE
    assert found.reason == f"line 2: seconds is {cell!r}, expected a number"
    assert "time" not in found.figures


def test_a_size_is_a_whole_number():
    (found,) = reading(TABLE, "seconds;threads\n1;2.5\n", columns=ASKED)
    assert found.reason == "line 2: threads is 2.5, expected a whole number"


def test_a_row_that_is_cut_short_or_too_long_is_told():
    found = reading(TABLE, "threads,seconds\n1,2\n1,2,3\n1,2,\n1", columns=ASKED)
    assert told(found) == [
        (Status.OK, ""),
        (Status.INCOMPLETE, "line 3 has 3 cells, the header 2"),
        (Status.OK, ""),
        (Status.INCOMPLETE, "line 5 has 1 cells, the header 2"),
    ]


def test_a_table_of_which_no_row_can_be_read_says_why_and_not_that_columns_lack():
    found = reading(TABLE, "threads,seconds\n1,2,3\n", columns={"time": "elapsed"})
    assert told(found) == [(Status.INCOMPLETE, "line 2 has 3 cells, the header 2")]


def test_a_quote_that_is_never_closed_ends_the_table_with_its_reason():
    found = reading(TABLE, 'threads,seconds\n1,2\n1,"2\n1,3\n', columns=ASKED, where={"threads": 1})
    assert [one.status for one in found] == [Status.OK, Status.UNREADABLE]
    assert found[1].reason.startswith("line 3: unexpected end of data")


def test_trials_are_numbered_as_they_stand_so_that_equal_times_are_no_copies():
    found = reading(TABLE, "threads,seconds\n1,2\n4,2\n1,2\n", columns=ASKED, where={"threads": 1})
    assert values(found, "record") == [1, 3]


def test_tables_that_were_put_together_have_their_header_again():
    found = reading(TABLE, "threads,seconds\n1,2\nthreads,seconds\n1,3\n", columns=ASKED)
    assert values(found, "time") == [2, 3]


def test_a_column_that_is_not_there_is_told_with_the_nearest():
    text = "threads,seconds\n1,2\n"
    assert refused(TABLE, text, columns={"time": "secconds"}) == (
        "columns: the file has no 'secconds' (did you mean 'seconds'?); "
        "it has 'threads' and 'seconds'"
    )
    message = refused(TABLE, text, columns=ASKED, where={"thread": 1})
    assert message.startswith("where: the file has no 'thread' (did you mean 'threads'?)")


def test_where_that_nothing_matches_is_told_with_what_stands_there():
    text = "threads,seconds\n1,2\n4,3\n"
    assert refused(TABLE, text, columns=ASKED, where={"threads": 8}) == (
        "where: no trial has {'threads': 8}: threads is '1' and '4'"
    )


def test_a_table_without_columns_says_that_they_are_to_be_named():
    message = refused(TABLE, "threads,seconds\n1,2\n")
    assert message == (
        "columns: say which column is which figure; the file has 'threads' and 'seconds'"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
        ("threads,seconds\n", "no row below the header"),
        ("seconds,seconds,threads\n1,2,3\n", "more than one column is called seconds"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text, reason):
    assert told(reading(TABLE, text, columns=ASKED)) == [(Status.UNREADABLE, reason)]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"unit": "s"}, "columns.time: say which column of the file it is"),
        ({"column": "seconds", "units": "s"}, "columns.time: unknown key units; the keys are"),
        ({"column": "seconds", "better": "more"}, "columns.time.better is 'more': say lower or"),
        ({"column": "seconds", "times": "x"}, "columns.time.times is 'x', and no number"),
    ],
)
def test_a_mistake_in_a_column_names_the_figure_and_the_key(asked, message):
    assert refused(TABLE, "seconds\n1\n", columns={"time": asked}).startswith(message)


PERFLOG = (
    "result|job_completion_time|env_vars|environ|job_nodelist|num_tasks|triad_bw_value|"
    "triad_bw_unit|triad_bw_ref|system|\n"
    'pass|2024-02-21T22:51:16|{"A": "1"}|gnu|None|1|14813.0|MB/s|0|pseudo-cluster|\n'
    "pass|2024-02-21T22:51:19|{}|clang|None|1|14997.1|MB/s|0|pseudo-cluster|\n"
    "fail|2024-02-25T20:45:17|{}|gnu|None|1|10674.8|MB/s|0|pseudo-cluster|\n"
    "fail|2024-02-25T20:46:17|{}|gnu|None|1|null|null|0|pseudo-cluster|\n"
    "pass|2024-02-25T20:47:17|{}|gnu|None|1|10.7|GB/s|0|pseudo-cluster|\n"
)


def test_a_perflog_of_reframe_is_a_table_and_its_units_are_believed():
    triad = {"column": "triad_bw_value", "better": "higher"}
    columns = {"triad": triad, "ranks": "num_tasks", "started_at": "job_completion_time"}
    found = reading(TABLE, PERFLOG, columns=columns, where={"environ": "gnu"})
    assert values(found, "triad")[:2] == [14813.0, 10674.8]
    assert values(found, "started_at")[0] == "2024-02-21T22:51:16"
    assert told(found) == [
        (Status.OK, ""),
        # It was slower than its reference, and measured all the same.
        (Status.OK, "line 4: ReFrame's result is fail"),
        (Status.INCOMPLETE, "line 5: nothing stands under triad_bw_value"),
        (Status.INCOMPLETE, "line 6: triad_bw_value is in 'GB/s', expected 'MB/s'"),
    ]


def test_a_unit_that_is_not_that_of_the_file_is_told():
    wrong = {"column": "triad_bw_value", "unit": "GB/s"}
    found = reading(TABLE, PERFLOG, columns={"triad": wrong}, where={"environ": "clang"})
    assert found[0].reason == "line 3: triad_bw_value is in 'MB/s', expected 'GB/s'"
    right = {**wrong, "times": 0.001}
    found = reading(TABLE, PERFLOG, columns={"triad": right}, where={"environ": "clang"})
    assert values(found, "triad") == [14.9971]


OWN = [
    {
        **{"run": run, "size": 8, "repetition": number, "walltime": wall, "excluded": excluded},
        **{"status": status, "reason": reason, "started_at": "2023-01-21T23:45:49", "sha256": "0a"},
        **{
            "fingerprint": "",
            "log": f"{number}.out",
            "order": number,
            "ranks": "",
            "command": "lmp",
        },
    }
    for run, number, wall, excluded, status, reason in [
        ("run4", 1, 75.0, "", "ok", ""),
        ("run4", 2, 76.0, "a warm-up", "ok", ""),
        ("run4", 3, "", "the log is failed: killed", "failed", "killed"),
        ("run5", 1, 70.0, "", "ok", ""),
    ]
]


def own_table():
    text = io.StringIO()
    writer = csv.DictWriter(text, OWN[0])
    writer.writeheader()
    writer.writerows(OWN)
    return text.getvalue()


def test_our_own_table_of_trials_reads_again_with_status_and_exclusions():
    found = reading(TABLE, own_table(), where={"run": "run4"})
    assert told(found) == [(Status.OK, ""), (Status.OK, ""), (Status.FAILED, "killed")]
    assert found[0].figures == {
        **{"record": 1, "size": 8, "repetition": 1, "walltime": 75.0, "command": "lmp"},
        "started_at": "2023-01-21T23:45:49",
    }
    assert values(found, "excluded") == [None, "a warm-up", "the log is failed: killed"]
    assert TABLE.metrics({}) == []


def test_our_own_table_of_several_runs_wants_one_named():
    assert "'run4' and 'run5'" in refused(TABLE, own_table())


# All formats


@pytest.mark.parametrize("name", ["hyperfine", "google-benchmark", "pytest-benchmark"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JSON"),
        (b'{"results": [', "no JSON"),
        (b"[]", "no list of objects under the key"),
        (b'{"results": [1], "benchmarks": [1]}', "no list of objects under the key"),
        (b'{"results": [], "benchmarks": []}', "nothing was measured"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=["empty", "cut", "list", "numbers", "nothing", "deep"],
)
def test_a_file_of_another_kind_is_one_row_with_its_reason(name, data, words):
    (found,) = FORMATS[name].read(data, {})
    assert found.status is Status.UNREADABLE
    assert words in found.reason


@pytest.mark.parametrize("value", ["fast", True, [1], {"a": 1}, 10**400, None])
def test_a_time_that_is_no_number_is_no_trial(value):
    for kind, file in (
        (HYPERFINE, {"results": [{"command": "a", "times": [value]}]}),
        (PYTEST, {"benchmarks": [{"name": "a", "stats": {"data": [value]}}]}),
    ):
        (found,) = reading(kind, file)
        assert found.status is Status.INCOMPLETE
        assert "time" not in found.figures


def test_metrics_are_what_a_campaign_can_declare():
    asked = {"columns": {"size": "n", "version": "v", "rate": {"column": "r", "unit": "1/s"}}}
    for kind in FORMATS.values():
        metrics = [
            MetricDefinition(resolution=0, of=(one["name"],), **one) for one in kind.metrics(asked)
        ]
        assert [one.name for one in metrics] == [*kind.columns, "rate"]
        assert all(one.title and one.title == one.title.strip() for one in metrics)
    time, rate = HYPERFINE.metrics(asked)
    assert (time["unit"], time["speedup"], time["higher_is_better"]) == ("s", True, False)
    assert (rate["unit"], rate["speedup"], rate["higher_is_better"]) == ("1/s", False, False)
