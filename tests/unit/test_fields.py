"""In how many logs each figure was found: two small runs, of which some logs are damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from heteroscope.logs import READERS
from heteroscope.tables import frames, trials
from heteroscope.tables.columns import FIELDS, conform
from heteroscope.tables.parse_report import field_table, parse_table
from rendering import (
    read_figures,
    render_flux_operator,
    render_mpi_operator,
    render_mpi_results,
)

DATA = Path(__file__).resolve().parents[2] / "data"
MEASURED = read_figures(DATA / "measured.csv")
FLUX = [t for t in MEASURED if t["run"] == "run6" and t["size"] == 8][:4]
MPI = [t for t in MEASURED if t["run"] == "run6-mpi" and t["size"] == 8][:2]
RECORDS = [
    record
    for record in read_figures(DATA / "measured-mpi-reference.csv")
    if record["scheduler"] == "default-scheduler"
][:5]
RUNS = {"flux": "flux-operator", "records": "mpi-results"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with four logs of one run, and a file of five trials of another."""
    monkeypatch.chdir(tmp_path)
    for number, trial in enumerate(FLUX, 1):
        log = log_of(tmp_path, number)
        log.parent.mkdir(parents=True)
        log.write_bytes(render_flux_operator(trial))
    (tmp_path / "records").mkdir()
    (tmp_path / "records/mpi_operator_results.json").write_bytes(render_mpi_results(RECORDS))
    return tmp_path


def log_of(place: Path, number: int) -> Path:
    return place / f"flux/lmp-8-{number}-minicluster-size-8/log.out"


def read_runs(place: Path, readers: dict[str, str], pattern: str = "") -> pd.DataFrame:
    """Return the table of trials, by way of the files that the workflow makes."""
    paths = []
    for run, reader in readers.items():
        logs = [
            path.relative_to(place).as_posix()
            for path in (place / run).rglob("*")
            if path.is_file() and path.name != "meta.json"
        ]
        companions = [f"{run}/meta.json"] if (place / run / "meta.json").exists() else []
        plan = trials.ReadingPlan(run, reader, run, reader, pattern)
        paths.append(place / f"{run}.csv")
        rows = trials.read_run(plan, logs, companions).rows
        trials.write_rows(rows, trials.columns(), paths[-1])
    return frames.read_trials(paths)


def fields_of(
    place: Path, readers: dict[str, str] = RUNS, pattern: str = ""
) -> dict[tuple[str, str], tuple[int, object, object, object]]:
    """Return logs, logs that gave it, the same in a word, and whether it is expected."""
    table = field_table(
        read_runs(place, readers, pattern), {run: ("lammps", name) for run, name in readers.items()}
    )
    table = conform(table, FIELDS)
    return {
        (row.field, row.run): (
            row.n_logs,
            *(None if pd.isna(cell) else cell for cell in (row.n_found, row.found, row.expected)),
        )
        for row in table.itertuples()
    }


def test_a_row_is_a_figure_that_some_reader_gives_and_a_run(place: Path) -> None:
    table = field_table(
        read_runs(place, RUNS), {run: ("lammps", name) for run, name in RUNS.items()}
    )
    assert list(table["run"]) == [*RUNS] * (len(table) // 2)
    given = [*READERS["flux-operator"].figures, *READERS["mpi-results"].figures]
    assert list(table["field"].drop_duplicates()) == list(dict.fromkeys(given))
    # What no run's reader gives has no row.
    assert "slots_per_pod" not in set(table["field"])
    units = table.drop_duplicates("field").set_index("field")["unit"]
    assert units[["loop_time", "memory_avg", "matom_steps_per_s", "grid"]].tolist() == [
        "s",
        "MB",
        "Matom-step/s",
        "",
    ]


def test_whole_logs_give_all_that_is_expected(place: Path) -> None:
    (place / "flux/meta.json").write_text(
        json.dumps({"times": {f"minicluster-run-{log_of(place, n).parent.name}": 50.5
                              for n in range(1, 5)}})
    )  # fmt: skip
    found = fields_of(place)
    assert {counts[1:] for counts in found.values() if counts[3]} == {
        (4, "all", True),
        (5, "all", True),
    }


def test_found_in_all_in_some_in_none_and_not_of_the_format_are_told_apart(place: Path) -> None:
    # The lines of a log stand in this order: the loop, Nlocal, Nghost, the total, FLUXTIME.
    log = log_of(place, 2)
    log.write_bytes(log.read_bytes().partition(b"Nghost")[0])
    found = fields_of(place)
    assert found["loop_time", "flux"] == (4, 4, "all", True)
    assert found["nlocal_ave", "flux"] == (4, 4, "all", True)
    assert found["nghost_ave", "flux"] == (4, 3, "some", True)
    assert found["flux_submit", "flux"] == (4, 3, "some", True)
    # There is no meta.json.
    assert found["minicluster_total", "flux"] == (4, 0, "none", True)
    # It belongs to another style of units.
    assert found["tau_per_day", "flux"] == (4, 0, "none", False)
    assert found["loop_time", "records"] == (5, None, None, None)
    assert found["mpirun_real", "flux"] == (4, None, None, None)
    assert found["mpirun_real", "records"] == (5, 5, "all", True)


def test_each_trial_of_a_file_counts(place: Path) -> None:
    file = place / "records/mpi_operator_results.json"
    file.write_bytes(file.read_bytes().replace(b'"real"', b'"unreal"', 2))
    found = fields_of(place)
    assert found["mpirun_real", "records"] == (5, 3, "some", True)
    assert found["walltime", "records"] == (5, 5, "all", True)


def test_a_log_that_cannot_be_read_gives_nothing_and_counts(place: Path) -> None:
    log_of(place, 1).write_bytes(b"LAMMPS\0")
    found = fields_of(place)
    assert {counts[:3] for (_, run), counts in found.items() if run == "flux"} == {
        (4, 3, "some"),
        (4, 0, "none"),
        (4, None, None),
    }


def test_a_conflict_is_not_found(place: Path) -> None:
    log = log_of(place, 3)
    log.write_bytes(log.read_bytes() + b"FLUXTIME fluxstart wall time 9:59.99\r\n")
    found = fields_of(place)
    assert found["flux_start", "flux"] == (4, 3, "some", True)
    assert found["flux_submit", "flux"] == (4, 4, "all", True)


def test_a_conflict_is_not_found_even_where_the_path_tells_the_figure(place: Path) -> None:
    for number, trial in enumerate(MPI, 1):
        log = place / f"mpi/8-{number}.out"
        log.parent.mkdir(exist_ok=True)
        log.write_bytes(render_mpi_operator(trial))
    text = log.read_bytes()
    (line,) = [line for line in text.splitlines(keepends=True) if line.startswith(b"Ranks: ")]
    assert b"pods: 8," in line
    log.write_bytes(text + line.replace(b"pods: 8,", b"pods: 16,"))
    runs = {"mpi": "mpi-operator"}
    found = fields_of(place, runs, "{size}-{repetition}.out")
    assert found["size", "mpi"] == (2, 1, "some", True)
    plan = trials.ReadingPlan("mpi", "o", "mpi", "mpi-operator", "{size}-{repetition}.out")
    whole, torn = parse_table(
        trials.read_run(plan, ["mpi/8-1.out", "mpi/8-2.out"], []).rows, READERS["mpi-operator"]
    )
    assert (whole["fields_missing"], whole["conflicts"]) == ("", "")
    assert (torn["fields_missing"], torn["conflicts"]) == ("size", "size")
    assert whole["fields_found"] - torn["fields_found"] == 1
