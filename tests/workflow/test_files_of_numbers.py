"""Campaigns whose numbers exist already: files of other tools, tables, and our own table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from calls import Workplace

# One trial of `new` has the time of one of `old`: by chance, and not as a copy of it.
OLD = [1.52, 1.49, 1.55, 1.5, 1.61, 1.47, 1.58, 1.54]
NEW = [1.21, 1.25, 1.3, 1.19, 1.28, 1.24, 1.49, 1.22]


def write_hyperfine(place: Workplace) -> None:
    commands = [
        {"command": command, "times": times, "exit_codes": codes}
        for command, times, codes in (
            ("./old /home/olga/in.txt", OLD, [0] * 8),
            ("./new /home/olga/in.txt", [*NEW, 0.01], [0] * 8 + [1]),
        )
    ]
    place.path("times.json").write_text(json.dumps({"results": commands}))


def hyperfine() -> dict[str, Any]:
    entry = {"file": "times.json", "format": "hyperfine"}
    return {
        "runs": {
            "old": {**entry, "where": {"command": "./old*"}},
            "new": {**entry, "where": {"command": "./new*"}, "against": ["old"]},
        }
    }


def test_two_commands_of_one_file_are_compared_and_what_failed_is_left_out(
    workplace: Workplace,
) -> None:
    write_hyperfine(workplace)
    workplace.write_config(hyperfine())
    done = workplace.snakemake()
    assert done.status == 0, done.output[-3000:]
    table = pd.read_csv(workplace.path("results/location.csv")).set_index("metric")
    time = table.loc["time"]
    assert (time["n_run"], time["n_baseline"]) == (8, 8)
    assert time["median_run"] == statistics.median(NEW)
    assert time["median_baseline"] == statistics.median(OLD)
    assert time["unit"] == "s"
    left_out = pd.read_csv(workplace.path("results/exclusions.csv"))
    assert left_out["reason"].tolist() == ["the log is failed: run 9: exit code 1"]
    guards = pd.read_csv(workplace.path("results/guards.csv"))
    copies = guards[guards["guard"] == "copies"]
    assert copies["sentence"].tolist() == ["copies: no trial is in both"]
    page = workplace.path("results/report.html").read_text()
    assert "Wall time of the command" in page
    assert "olga" not in page

    assert workplace.snakemake().nothing_done


def test_sizes_and_a_rate_come_from_the_columns_of_a_table(workplace: Workplace) -> None:
    rows = [
        f"{threads};{compiler};{threads * rate + number / 8}"
        for threads in (1, 4)
        for number in range(8)
        for compiler, rate in (("gcc", 8), ("clang", 9))
    ]
    workplace.path("rates.csv").write_text("\n".join(["threads;cc;rate", *rows]))
    columns = {
        "size": "threads",
        "bandwidth": {"column": "rate", "unit": "GB/s", "better": "higher"},
        "compiler": "cc",
    }
    entry = {"file": "rates.csv", "format": "csv", "columns": columns}
    config = {
        "sizes": {"of": "threads"},
        "runs": {
            "gcc": {**entry, "where": {"cc": "gcc"}},
            "clang": {**entry, "where": {"cc": "clang"}, "against": ["gcc"]},
        },
        "claims": [
            {
                **{"id": "faster", "statement": "clang has the higher rate.", "test": "location"},
                **{"metric": "bandwidth", "runs": ["clang", "gcc"], "expect": "greater"},
            }
        ],
    }
    workplace.write_config(config)
    done = workplace.snakemake()
    assert done.status == 0, done.output[-3000:]
    trials = pd.read_csv(workplace.path("results/trials.csv"))
    assert set(zip(trials["run"], trials["compiler"], strict=True)) == {
        ("gcc", "gcc"),
        ("clang", "clang"),
    }
    claims = pd.read_csv(workplace.path("results/claims.csv"))
    assert claims["sizes"].tolist() == ["1", "4", "1, 4"]
    assert claims["verdict"].tolist() == ["supported"] * 3
    assert "1 and 4 threads" in workplace.path("results/report.html").read_text()

    config["runs"]["gcc"] = {**entry, "columns": {**columns, "size": "thread"}}
    workplace.write_config(config)
    done = workplace.snakemake()
    assert done.status != 0
    assert "runs.gcc.columns: the file has no 'thread' (did you mean 'threads'?)" in done.output
    assert "Traceback" not in done.output


def test_our_own_table_of_trials_gives_the_same_statistics(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> None:
    config = small_campaign(workplace)
    config["exclude"] = [{"run": "run6", "size": 8, "repetition": 2, "reason": "disturbed"}]
    workplace.write_config(config)
    done = workplace.snakemake("tables")
    assert done.status == 0, done.output[-3000:]
    before = pd.read_csv(workplace.path("results/location.csv"))
    workplace.path("results/trials.csv").rename(workplace.path("published.csv"))

    del config["exclude"]
    for name, run in config["runs"].items():
        del run["directory"]
        run |= {"file": "published.csv", "format": "csv", "where": {"run": name}}
    workplace.write_config(config)
    done = workplace.snakemake("tables")
    assert done.status == 0, done.output[-3000:]
    pd.testing.assert_frame_equal(pd.read_csv(workplace.path("results/location.csv")), before)
    left_out = pd.read_csv(workplace.path("results/exclusions.csv"))
    assert left_out[["run", "size", "repetition", "rule", "reason"]].to_numpy().tolist() == [
        ["run6", 8, 2, "table", "disturbed"]
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"where": {}}, "runs.old.where: the file has several of command: './old in.txt' and"),
        ({"format": ""}, "runs.old.format: say what wrote the file: hyperfine, google-benchmark"),
        ({"file": "no.json"}, "runs.old.file: there is no file no.json"),
        ({"directory": "x"}, "runs.old.file: a run has a file or a directory"),
        ({"file": "", "directory": "x"}, "runs.old.format: it is of a `file` of numbers"),
        (
            {"columns": {"walltime": {"column": "time", "unit": "ms"}}},
            "runs.old.columns.walltime: LAMMPS wall time is in s",
        ),
        (
            {"columns": {"time": {"column": "time", "better": "higher"}}},
            "columns.time: what is called so elsewhere has another unit or direction",
        ),
    ],
    ids=["several", "format", "file", "both", "no file", "unit", "direction"],
)
def test_a_mistake_is_told_before_any_job_starts(
    workplace: Workplace, change: dict[str, Any], words: str
) -> None:
    write_hyperfine(workplace)
    config = hyperfine()
    config["runs"]["old"] |= change
    workplace.write_config(config)
    done = workplace.snakemake("--dry-run")
    assert done.status != 0
    assert words in done.output
    assert "Traceback" not in done.output
