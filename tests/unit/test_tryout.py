"""`try` shows which template matches which line; `guess` proposes templates."""

from pathlib import Path

import pytest
import yaml

from heteroscope.__main__ import main
from heteroscope.campaign.tryout import tryout
from heteroscope.logs.guess import guess
from heteroscope.metrics import UserError

APPLICATION = """
figures:
  rate: {line: "Rate: {} GB/s", unit: GB/s, better: higher}
  time: {line: "Elapsed time = {} s", unit: s}
done: END
"""


def files(folder: Path, log: str, config: str = APPLICATION) -> tuple[Path, Path]:
    (folder / "code.yaml").write_text(config)
    (folder / "run.log").write_text(log)
    return folder / "code.yaml", folder / "run.log"


def test_each_line_that_matches_is_shown_with_its_figure(tmp_path: Path) -> None:
    told = list(tryout(*files(tmp_path, "Rate: 3.5 GB/s\nElapsed time = 2 s\nEND\n")))
    assert told == [
        "run.log: code",
        "  line 1: rate = 3.5: Rate: 3.5 GB/s",
        "  line 2: time = 2.0: Elapsed time = 2 s",
        "  line 3: done: END",
        "figures:",
        "  rate: 3.5 GB/s",
        "  time: 2 s",
        "status: ok",
    ]


def test_what_is_missing_is_told_with_the_nearest_line(tmp_path: Path) -> None:
    told = list(tryout(*files(tmp_path, "Rate: nan GB/s\nElapsed time was 2 s\n")))
    assert "  line 1: begins like rate, but is not `Rate: {} GB/s`: Rate: nan GB/s" in told
    assert any(
        "no time: no line is `Elapsed time = {} s`; the nearest is Elapsed time was" in line
        for line in told
    )
    assert told[-1].startswith("status: no_output")


def test_a_campaign_is_tried_with_the_application_of_the_run(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    other = "{figures: {n: {line: 'Rate: {} GB/s'}}}"
    indented = APPLICATION.replace("\n", "\n    ")
    config, log = files(
        tmp_path,
        "Rate: 3.5 GB/s\nEND\n",
        f"applications:\n  other: {other}\n  code:{indented}\n"
        "runs:\n  a: {directory: ., application: code}\n",
    )
    assert next(tryout(config, log)) == "run.log: code"


def test_a_file_that_is_no_configuration_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="expected a campaign"):
        list(tryout(*files(tmp_path, "", "just words")))
    with pytest.raises(UserError, match="No such file"):
        list(tryout(tmp_path / "none.yaml", tmp_path / "run.log"))


@pytest.mark.parametrize(
    ("line", "template", "unit", "higher"),
    [
        ("Rate: 3.5 GB/s", "Rate: {} GB/s", "GB/s", True),
        ("  Grind time :   8.3e-09 [(seconds/iteration)/unknowns]",
         "Grind time : {} [(seconds/iteration)/unknowns]", "(seconds/iteration)/unknowns", False),
        ("Figure of Merit (FOM): nnz / (Setup + 3 * Solve) 8.9e+08",
         "Figure of Merit (FOM): nnz / (Setup + {_} * Solve) {}", "1/s", True),
        ("WallClock: 20.5 CPUTime: 20.4 Memory: 1257.9 MB",
         "WallClock: {} CPUTime: {_} Memory: {_} MB", "s", False),
        ("Performance= 370.99 GFlop/s, Time= 5.391 msec, Size= 2000 Ops",
         "Performance= {} GFlop/s, Time= {_} msec, Size= {_} Ops", "GFlop/s", True),
    ],
)  # fmt: skip
def test_lines_of_merit_become_templates(line: str, template: str, unit: str, higher: bool) -> None:
    (found,) = guess(f"hello 3\n{line}\n".encode())
    assert (found.template, found.unit, found.higher) == (template, unit, higher)


def test_rows_of_a_table_become_templates() -> None:
    found = guess(b"# Size     Latency (us)\n0   1.50\n8   1.60\n\nother 3 4\n")
    assert [(each.template, each.unit) for each in found] == [("0 {}", "us"), ("8 {}", "us")]


def test_the_column_of_a_table_is_that_of_merit() -> None:
    found = guess(b"Timer    Count   Seconds\n-----    -----   -------\nLTimes   10      1.25\n")
    assert [(each.template, each.unit) for each in found] == [("LTimes {_} {}", "s")]


def test_what_is_proposed_can_be_read_back(tmp_path: Path, capsys) -> None:
    log = "Rate: 3.5 GB/s\nElapsed time = 2 s\n"
    _, path = files(tmp_path, log)
    assert main(["guess", str(path)]) == 0
    proposed = yaml.safe_load(capsys.readouterr().out)
    (tmp_path / "new.yaml").write_text(
        yaml.safe_dump(proposed["applications"]["my-application"], sort_keys=False)
    )
    told = list(tryout(tmp_path / "new.yaml", path))
    assert told[-3:] == ["  rate: 3.5 GB/s", "  elapsed_time: 2 s", "status: ok"]


def test_a_log_without_merit_is_told(tmp_path: Path, capsys) -> None:
    _, path = files(tmp_path, "hello\n")
    assert main(["guess", str(path)]) == 2
    assert "no line holds a number beside a word" in capsys.readouterr().err
