"""What is made again, and what is not, when something changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from calls import Workplace, copy_logs

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
        "img/walltime_lammps.png",
        RUN_FIGURE,
    ):
        assert made.path(name).stat().st_size > 0, name
    assert made.snakemake().nothing_done


def test_one_figure_makes_only_what_it_needs(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    small_campaign(workplace)
    outcome = workplace.snakemake("img/walltime_lammps.png")
    assert outcome.jobs == {"parse_run": 2, "draw_figures": 1}
    assert not workplace.path("results/trials.csv").exists()
    assert [path.name for path in workplace.path("img").iterdir()] == ["walltime_lammps.png"]
    assert workplace.snakemake("img/walltime_lammps.png").nothing_done


def test_a_figure_comes_as_svg_and_pdf_when_asked_for(made: Workplace) -> None:
    outcome = made.snakemake("img/walltime_lammps.pdf", "img/run6/walltime_lammps.svg")
    assert outcome.jobs == {"draw_figures": 1, "draw_run_figures": 1}
    assert made.path("img/walltime_lammps.pdf").read_bytes().startswith(b"%PDF")
    assert made.path("img/run6/walltime_lammps.svg").read_text().startswith("<?xml")
    assert made.snakemake().nothing_done


def test_adding_run5_parses_run5_alone(workplace: Workplace, small_campaign: Campaign) -> None:
    config = small_campaign(workplace)
    assert workplace.snakemake().status == 0
    before = workplace.path(RUN_FIGURE).stat().st_mtime_ns
    copy_logs("run5", workplace.path("logs/run5"), sizes=(8, 16))
    config["runs"]["run5"] = {"directory": "logs/run5", "against": ["run4"]}
    workplace.write_config(config)
    outcome = workplace.snakemake()
    parsed = [line for line in outcome.output.splitlines() if "Reading the logs of" in line]
    assert [line.split()[-1] for line in parsed] == ["run5"]
    # The tables, the figure of all runs and run5's own; run6's shows neither run5 nor anything new.
    assert outcome.jobs["draw_figures"] == 1
    assert outcome.jobs["draw_run_figures"] == 1
    assert outcome.jobs["aggregate"] == 1
    assert workplace.path(RUN_FIGURE).stat().st_mtime_ns == before
    assert "run5" in workplace.path("results/location.csv").read_text()
    assert workplace.snakemake().nothing_done


def test_adding_run5_draws_no_figure_of_other_trials_again(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    config = small_campaign(workplace)
    kinds = ("effects", "efficiency", "repetitions", "sections", "ecdf")
    config["figures"] = {kind: {"kind": kind, "metric": "loop_time"} for kind in kinds}
    workplace.write_config(config)
    assert workplace.snakemake("img/run6/sections_lammps.png", "img/run6/ecdf_lammps.png").jobs == {
        "parse_run": 2,
        "draw_run_figures": 1,
    }
    assert workplace.snakemake().status == 0
    own = {kind: workplace.path(f"img/run6/{kind}_lammps.png") for kind in kinds}
    before = {kind: path.stat().st_mtime_ns for kind, path in own.items()}
    copy_logs("run5", workplace.path("logs/run5"), sizes=(8, 16))
    config["runs"]["run5"] = {"directory": "logs/run5", "against": ["run4"]}
    workplace.write_config(config)
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    assert len(list(workplace.path("img/run5").glob("*.png"))) == len(kinds)
    # A figure of a computed table is drawn again with its table, which any run changes.
    redrawn = {kind for kind, path in own.items() if path.stat().st_mtime_ns != before[kind]}
    assert redrawn == {"effects", "efficiency", "repetitions"}
    assert workplace.snakemake().nothing_done


def test_pages_and_formats_are_a_matter_of_configuration(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    config = small_campaign(workplace)
    workplace.write_config({**config, "formats": ["pdf", "svg"], "page": "one-column"})
    assert workplace.snakemake().status == 0
    made = {path.name for path in workplace.path("img/run6").iterdir()}
    assert made == {"walltime_lammps.pdf", "walltime_lammps.svg"}
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
    parsed = [line for line in outcome.output.splitlines() if "Reading the logs of" in line]
    assert [line.split()[-1] for line in parsed] == ["run6"]


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
    assert workplace.snakemake().jobs == {
        "draw_figures": 1,
        "draw_run_figures": 1,
        "write_manifest": 1,
        "make_report": 1,
    }


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

    theme = library / "figures" / "theme.py"
    theme.write_text(theme.read_text() + "\n# edited\n")
    assert own_workflow.snakemake().jobs == {
        "draw_figures": 1,
        "draw_run_figures": 1,
        "make_report": 1,
    }

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
        # What goes by time alone misses a file that was put back from an older copy.
        log.write_bytes(
            log.read_bytes().replace(b"Total wall time: 0:01:", b"Total wall time: 0:02:")
        )
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
    assert "run6: 1 changed: logs/run6/" in outcome.output
    assert outcome.jobs["parse_run"] == 1
    assert made.snakemake().nothing_done


def test_what_was_read_is_known_without_notes(made: Workplace) -> None:
    for notes in made.path(".snakemake/heteroscope").iterdir():
        notes.unlink()
    assert made.snakemake().nothing_done
