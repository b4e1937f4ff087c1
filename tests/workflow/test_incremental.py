"""What is made again, and what is not, when something changes."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from typing import Any

import pytest
from calls import Outcome, Workplace, copy_logs

Campaign = Callable[[Workplace], dict[str, Any]]
RUN_FIGURE = "img/run6/walltime_lammps.png"


@pytest.fixture
def made(workplace: Workplace, small_campaign: Campaign) -> Workplace:
    """The small campaign, made once."""
    small_campaign(workplace)
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    return workplace


def test_a_fresh_call_makes_everything_and_the_next_one_nothing(made: Workplace) -> None:
    for name in (
        "results/trials.csv",
        "results/summary.csv",
        "results/exclusions.csv",
        "results/variance.csv",
        "results/location.csv",
        "results/report.html",
        "img/walltime_lammps.png",
    ):
        assert made.path(name).stat().st_size > 0, name
    assert made.snakemake().nothing_done


def test_one_figure_makes_only_what_it_needs(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    small_campaign(workplace)
    outcome = workplace.snakemake("img/walltime_lammps.png")
    assert outcome.jobs == {"parse_run": 2, "draw_figure": 1}
    assert not workplace.path("results/trials.csv").exists()
    drawn = {path.name: path.read_bytes()[:5] for path in workplace.path("img").iterdir()}
    assert drawn == {
        "walltime_lammps.png": b"\x89PNG\r",
        "walltime_lammps.svg": b"<?xml",
        "walltime_lammps.pdf": b"%PDF-",
    }
    assert workplace.snakemake("img/walltime_lammps.pdf").nothing_done


def test_figures_of_single_runs_are_made_on_request(made: Workplace) -> None:
    assert not made.path("img/run6").exists()
    assert made.snakemake("run_figures").jobs == {"draw_run_figure": 1, "run_figures": 1}
    assert made.path(RUN_FIGURE).is_file()
    assert not made.path("img/run4").exists()


def test_a_kind_of_figure_can_be_asked_for_without_an_entry(made: Workplace) -> None:
    outcome = made.snakemake("img/ecdf_lammps.png", "img/run6/repetitions_lammps.svg")
    assert outcome.jobs["draw_figure"] == 1
    assert outcome.jobs["draw_run_figure"] == 1
    assert made.path("img/run6/repetitions_lammps.svg").read_text().startswith("<?xml")
    assert made.snakemake().nothing_done


def parsed(outcome: Outcome) -> list[str]:
    """Return the runs whose logs were read."""
    return re.findall(r"Reading the logs of (\w+)", outcome.output)


def test_adding_run5_parses_run5_alone(workplace: Workplace, small_campaign: Campaign) -> None:
    config = small_campaign(workplace)
    assert workplace.snakemake("all", RUN_FIGURE).status == 0
    before = workplace.path(RUN_FIGURE).stat().st_mtime_ns
    copy_logs("run5", workplace.path("logs/run5"), sizes=(8, 16))
    config["runs"]["run5"] = {"directory": "logs/run5", "against": ["run4"]}
    workplace.write_config(config)
    outcome = workplace.snakemake("all", "run_figures")
    assert parsed(outcome) == ["run5"]
    # The tables, the figure of all runs and run5's own; run6's shows neither run5 nor anything new.
    assert outcome.jobs["draw_figure"] == 1
    assert outcome.jobs["draw_run_figure"] == 1
    assert outcome.jobs["aggregate"] == 1
    assert workplace.path(RUN_FIGURE).stat().st_mtime_ns == before
    assert "run5" in workplace.path("results/location.csv").read_text()
    assert workplace.snakemake().nothing_done


def test_the_page_is_a_matter_of_configuration(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    config = small_campaign(workplace)
    workplace.write_config({**config, "page": "one-column"})
    assert workplace.snakemake("img/walltime_lammps.svg").status == 0
    # 3.5 inches, at 72 points an inch.
    assert 'width="252' in workplace.path("img/walltime_lammps.svg").read_text()


def test_an_edited_log_is_parsed_again_with_its_run_alone(made: Workplace) -> None:
    log = made.path("logs/run6/lmp-8-1-minicluster-size-8/log.out")
    text = log.read_bytes()
    edited = text.replace(b"Total wall time: 0:01:", b"Total wall time: 0:02:")
    assert edited != text
    time.sleep(0.1)
    log.write_bytes(edited)
    outcome = made.snakemake()
    assert parsed(outcome) == ["run6"]


def test_a_touched_log_changes_nothing(made: Workplace) -> None:
    time.sleep(0.1)
    for log in made.path("logs").rglob("log.out"):
        os.utime(log)
    assert made.snakemake().nothing_done


def test_a_new_label_draws_figures_again_and_parses_nothing(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    config = small_campaign(workplace)
    assert workplace.snakemake().status == 0
    config["runs"]["run4"]["label"] = "the fourth"
    workplace.write_config(config)
    jobs = workplace.snakemake().jobs
    assert {"draw_figure": 1, "write_manifest": 1, "make_report": 1}.items() <= jobs.items()
    assert "parse_run" not in jobs


def test_an_edited_module_makes_again_what_uses_it_and_a_touch_does_not(
    own_workflow: Workplace, small_campaign: Campaign
) -> None:
    small_campaign(own_workflow)
    assert own_workflow.snakemake().status == 0
    library = own_workflow.workflow / "scripts" / "heteroscope"

    time.sleep(0.1)
    for module in library.rglob("*.py"):
        os.utime(module)
    assert own_workflow.snakemake().nothing_done

    drawing = library / "figures" / "distribution.py"
    drawing.write_text(drawing.read_text() + "\n# edited\n")
    assert own_workflow.snakemake().jobs == {"draw_figure": 1, "make_report": 1}

    reader = library / "logs" / "flux_operator.py"
    reader.write_text(reader.read_text() + "\n# edited\n")
    assert own_workflow.snakemake().jobs["parse_run"] == 2


@pytest.mark.parametrize("kind", ["gone", "older", "new", "companion"])
def test_any_change_of_a_runs_files_reads_that_run_again_and_only_once(
    made: Workplace, kind: str
) -> None:
    folder = made.path("logs/run6")
    log = folder / "lmp-8-6-minicluster-size-8/log.out"
    if kind == "gone":
        log.unlink()
    elif kind == "older":
        # Unpacked from an archive: Snakemake goes by times, and takes it for a known one.
        log.write_bytes(log.read_bytes() + b"\n")
        os.utime(log, (0, 0))
    elif kind == "new":
        other = folder / "lmp-8-7-minicluster-size-8"
        other.mkdir()
        (other / "log.out").write_bytes(log.read_bytes())
    else:
        meta = folder / "meta.json"
        meta.write_text(meta.read_text() + "\n")
    outcome = made.snakemake()
    assert outcome.status == 0, outcome.output
    assert parsed(outcome) == ["run6"]
    assert made.snakemake().nothing_done


def test_a_run_whose_logs_are_gone_stops_though_its_figures_exist(made: Workplace) -> None:
    shutil.rmtree(made.path("logs/run6"))
    outcome = made.snakemake()
    assert outcome.status != 0
    assert "runs.run6.directory: there is no folder logs/run6" in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("-n", "draw_figure"),
        ("--summary", "results/trials/run6.csv"),
        ("--list-changes=params", "results/trials/run6.csv"),
    ],
)
def test_snakemakes_own_questions_are_answered(made: Workplace, option: str, told: str) -> None:
    log = made.path("logs/run6/lmp-8-6-minicluster-size-8/log.out")
    log.write_bytes(log.read_bytes() + b"\n")
    assert told in made.snakemake(option).output
    assert made.snakemake("--touch").status == 0
