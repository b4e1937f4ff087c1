"""The library as a program uses it that is no workflow."""

from __future__ import annotations

import ast
import doctest
import gzip
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import heteroscope
from heteroscope.analysis import comparisons
from heteroscope.metrics import Status, UserError
from rendering import render_lammps

REPOSITORY = Path(__file__).parents[2]
LOG = REPOSITORY / "data/run6/lmp-8-1-minicluster-size-8/log.out"
# The samples of scipy's own example of mannwhitneyu; U and p are those of its documentation.
MALES = [19, 22, 16, 29, 24]
FEMALES = [20, 11, 17, 12]


def test_every_example_of_the_page_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(REPOSITORY / "data")
    monkeypatch.chdir(tmp_path)
    page = REPOSITORY / "docs/library.md"
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=doctest.FAIL_FAST)
    assert outcome.failed == 0
    assert outcome.attempted > 20


def test_a_file_of_numbers_is_read_by_the_name_of_its_format(tmp_path: Path) -> None:
    table = tmp_path / "times.csv"
    table.write_text("cc,ms\ngcc,1500\nclang,1250\n")
    columns = {"time": {"column": "ms", "unit": "s", "times": 0.001}}
    found = heteroscope.read(table, "csv", columns=columns, where={"cc": "clang"})
    assert isinstance(found, list)
    assert [reading.figures["time"] for reading in found] == [1.25]


def test_importing_the_package_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import heteroscope; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = [
        name for name in ast.literal_eval(done.stdout) if name.startswith(("heteroscope", "numpy"))
    ]
    assert imported == ["heteroscope"]


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'raed'"):
        heteroscope.raed  # noqa: B018


@pytest.mark.parametrize(
    ("run", "reader"),
    [("run4", "flux-operator"), ("run6-mpi", "mpi-operator"), ("mpi-reference", "mpi-results")],
)
def test_the_reader_is_recognised_from_the_content_alone(
    tmp_path: Path, run: str, reader: str
) -> None:
    logs = (p for p in (REPOSITORY / "data" / run).rglob("*") if p.is_file())
    log = min(path for path in logs if path.name != "meta.json")
    shutil.copy(log, tmp_path / "anything")
    assert heteroscope.read(tmp_path / "anything") == heteroscope.read(log, reader)


def test_a_plain_log_of_lammps_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(render_lammps({"lammps_version": "2 Aug 2023", "walltime": 65}))
    reading = heteroscope.read(tmp_path / "log")
    assert reading.status is Status.INCOMPLETE
    assert reading.figures["walltime"] == 65


def test_a_packed_log_reads_as_it_would_unpacked(tmp_path: Path) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(LOG.read_bytes()))
    assert heteroscope.read(tmp_path / "log.gz") == heteroscope.read(LOG)


def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        heteroscope.read(tmp_path / "missing")
    (tmp_path / "notes").write_text("a shopping list")
    with pytest.raises(UserError, match="notes is a log that no reader knows; known are flux-"):
        heteroscope.read(tmp_path / "notes")
    with pytest.raises(UserError, match="there is no reader 'lamps'"):
        heteroscope.read(LOG, "lamps")
    with pytest.raises(UserError, match="flux-operator has no option 'scheduler'; it has"):
        heteroscope.read(LOG, scheduler="default")


def test_a_comparison_of_scipys_example_gives_its_documented_figures() -> None:
    outcome = heteroscope.compare(MALES, FEMALES)
    assert (outcome.n_a, outcome.n_b) == (5, 4)
    assert (outcome.median_a, outcome.median_b) == (22, 14.5)
    assert outcome.mann_whitney.u_x == 17
    assert outcome.mann_whitney.p_value == pytest.approx(0.1111111111111111)
    assert outcome.superiority.value == pytest.approx(17 / 20)
    assert outcome.ratio.value == pytest.approx(22 / 14.5)


def test_a_comparison_is_what_the_tables_say_of_the_same_samples() -> None:
    settings = comparisons.Settings(alpha=0.1, margin=0.2)
    outcome = heteroscope.compare(MALES, FEMALES, alpha=0.1, margin=0.2)
    x, y = (comparisons.inference.clean(sample) for sample in (MALES, FEMALES))
    location = comparisons.location_of_pair(x, y, settings)
    spread = comparisons.spread_of_pair(x, y, settings)
    for column, value in {
        "median_run": outcome.median_a,
        "median_baseline": outcome.median_b,
        "mann_whitney_p": outcome.mann_whitney.p_value,
        "brunner_munzel_p": outcome.brunner_munzel.p_value,
        "a12_low": outcome.superiority.low,
        "ratio_low": outcome.ratio.low,
        "ratio_high": outcome.ratio.high,
        "shift_low": outcome.shift.low,
        "shift_high": outcome.shift.high,
    }.items():
        assert location[column] == value, column
    for column, value in {
        "levene_p": outcome.levene.p_value,
        "ratio": outcome.spread_ratio.value,
        "ratio_low": outcome.spread_ratio.low,
        "ratio_high": outcome.spread_ratio.high,
    }.items():
        assert spread[column] == value, column
    inside = location["equivalence_low"] > 1 / 1.2 and location["equivalence_high"] < 1.2
    assert outcome.equivalent == inside


def test_an_empty_sample_gives_reasons_and_no_exception() -> None:
    outcome = heteroscope.compare([], [1.0, 2.0])
    assert math.isnan(outcome.median_a)
    assert math.isnan(outcome.mann_whitney.p_value)
    assert outcome.ratio.reason == "n"
