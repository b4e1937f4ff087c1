"""How many more trials would decide it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from example import SETTINGS, made_trials

from heteroscope.__main__ import main
from heteroscope.analysis import comparisons
from heteroscope.tables import columns, frames
from heteroscope.words import percent


@pytest.fixture
def results(tmp_path: Path) -> Path:
    generator = np.random.default_rng(4)
    values = {(r, s): generator.normal(70, 2, 5).round(4) for r in "ab" for s in (8, 16)}
    trials = made_trials(values)
    trials.to_csv(tmp_path / "trials.csv", index=False)
    table = comparisons.location(trials, [("a", "b")], ["loop_time"], [], SETTINGS)
    frames.write_table(table, columns.LOCATION, tmp_path / "location.csv")
    return tmp_path


def needed(line: str) -> int:
    return int(line.split(" needs ")[1].split(maxsplit=1)[0])


def test_a_line_a_comparison_tells_how_many_more(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", str(results), "--margin", "0.03"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        f"a against b, {size} nodes, loop_time" for size in (8, 16)
    ]
    table = frames.read_table(results / "location.csv", columns.LOCATION)
    for line, row in zip(lines, table.itertuples(), strict=True):
        assert f"5 and 5 trials find {percent(row.detectable_percent / 100)} of" in line
        assert f"needs {needed(line)} each: {needed(line) - 5} more trials and" in line


def test_a_smaller_margin_needs_the_square_of_as_many(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = []
    for margin in ("0.02", "0.01"):
        main(["plan", str(results), "--margin", margin, "--metric", "loop_time"])
        counts.append([needed(line) for line in capsys.readouterr().out.splitlines()])
    for coarse, fine in zip(*counts, strict=True):
        assert fine == pytest.approx(4 * coarse, rel=0.1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--margin", "0"], "--margin: a margin is above 0"),
        (["--metric", "waltime"], "there is no metric 'waltime'"),
    ],
)
def test_a_mistake_is_told(
    results: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["plan", str(results), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_without_tables_there_is_nothing_to_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", str(tmp_path)]) == 2
    assert "holds no location.csv: make it by `snakemake tables` first" in capsys.readouterr().err
