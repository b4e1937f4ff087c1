"""What a user reads who made a mistake: before any job starts, and without a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from calls import Outcome, Workplace, copy_logs

Edit = Callable[[dict[str, Any], Workplace], None]


def run_without_logs(config: dict[str, Any], place: Workplace) -> None:
    place.path("logs/run9").mkdir()
    config["runs"]["run9"] = {"directory": "logs/run9", "reader": "flux-operator"}


def folder_that_is_not_there(config: dict[str, Any], place: Workplace) -> None:
    config["runs"]["run9"] = {"directory": "logs/run9"}


def folder_that_no_reader_knows(config: dict[str, Any], place: Workplace) -> None:
    place.path("logs/run9").mkdir()
    place.path("logs/run9/notes.txt").write_text("no log")
    config["runs"]["run9"] = {"directory": "logs/run9"}


def folder_that_two_readers_know(config: dict[str, Any], place: Workplace) -> None:
    copy_logs("run4", place.path("logs/run9"))
    place.path("logs/run9/mpi_operator_results.json").write_text("[]")
    config["runs"]["run9"] = {"directory": "logs/run9"}


def unknown_key(config: dict[str, Any], place: Workplace) -> None:
    config["runs"]["run4"]["directroy"] = config["runs"]["run4"].pop("directory")


def unknown_key_at_the_top(config: dict[str, Any], place: Workplace) -> None:
    config["excludes"] = []


def size_that_no_log_has(config: dict[str, Any], place: Workplace) -> None:
    config["sizes"] = [8, 16, 128]


def two_logs_for_one_trial(config: dict[str, Any], place: Workplace) -> None:
    copy_logs("run4", place.path("logs/run4/again"), repetitions=1)


def unknown_reader(config: dict[str, Any], place: Workplace) -> None:
    config["runs"]["run4"]["reader"] = "flux-operater"


def baseline_that_does_not_exist(config: dict[str, Any], place: Workplace) -> None:
    config["runs"]["run6"]["against"] = ["run44"]


def unknown_metric(config: dict[str, Any], place: Workplace) -> None:
    config["metrics"] = ["wall_time"]


def exclusion_that_matches_nothing(config: dict[str, Any], place: Workplace) -> None:
    config["exclude"] = [{"run": "run4", "match": "lmp-99-*", "reason": "no such"}]


def wrong_type(config: dict[str, Any], place: Workplace) -> None:
    config["sizes"] = [8, "sixteen"]


@pytest.fixture
def complain(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> Callable[[Edit], Outcome]:
    """Return what makes a mistake in the small campaign and calls snakemake on it."""

    def call(edit: Edit) -> Outcome:
        config = small_campaign(workplace)
        edit(config, workplace)
        workplace.write_config(config)
        return workplace.snakemake()

    return call


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (
            run_without_logs,
            ["run9 has no logs", "logs/run9", "minicluster-size-<size>/log.out", "unpacked"],
        ),
        (folder_that_is_not_there, ["runs.run9.directory", "there is no folder logs/run9"]),
        (
            folder_that_no_reader_knows,
            ["no reader knows what stands in", "below logs/run9", "flux-operator: ", "{size}"],
        ),
        (
            folder_that_two_readers_know,
            ["known to flux-operator and mpi-results", "`reader: flux-operator`"],
        ),
        (unknown_key, ["runs.run4", "unknown key 'directroy'", "did you mean 'directory'?"]),
        (unknown_key_at_the_top, ["unknown key 'excludes'", "did you mean 'exclude'?"]),
        (size_that_no_log_has, ["sizes: no log has size 128", "8, 16"]),
        (
            two_logs_for_one_trial,
            [
                "two logs for size 8, repetition 1",
                "again/lmp-8-1-minicluster-size-8/log.out and lmp-8-1-minicluster-size-8/log.out",
            ],
        ),
        (unknown_reader, ["runs.run4.reader", "did you mean 'flux-operator'?"]),
        (baseline_that_does_not_exist, ["runs.run6.against", "'run44'", "did you mean 'run4'?"]),
        (unknown_metric, ["metrics: there is no metric 'wall_time'", "did you mean 'walltime'?"]),
        (exclusion_that_matches_nothing, ["exclude: nothing of run4", "lmp-99-*"]),
        (wrong_type, ["sizes[1]: found the text 'sixteen'; expected: a whole number"]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_mistake_stops_the_workflow_and_says_what_to_do(
    complain: Callable[[Edit], Outcome], mistake: Edit, told: list[str]
) -> None:
    outcome = complain(mistake)
    assert outcome.status != 0
    for words in told:
        assert words in outcome.output
    assert "Traceback" not in outcome.output
    # What is wrong stands in the configuration, and not in the workflow.
    assert ".smk" not in outcome.output
    assert outcome.output.splitlines()[-1].startswith("Configuration: ")
    assert not outcome.jobs


def test_an_empty_configuration_says_what_it_needs(workplace: Workplace) -> None:
    workplace.path("campaign.yaml").write_text("{}\n")
    outcome = workplace.snakemake()
    assert outcome.status != 0
    assert "needs at least one run" in outcome.output
    assert "Traceback" not in outcome.output


def test_a_run_whose_logs_went_away_stops_also_when_its_figures_exist(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> None:
    small_campaign(workplace)
    assert workplace.snakemake().status == 0
    for log in workplace.path("logs/run6").rglob("log.out"):
        log.unlink()
    outcome = workplace.snakemake()
    assert outcome.status != 0
    assert "logs/run6" in outcome.output
    assert "Traceback" not in outcome.output


def test_a_metric_that_no_reader_gives_is_a_warning(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> None:
    config = small_campaign(workplace)
    config["metrics"] = ["walltime", "mpirun_real"]
    workplace.write_config(config)
    outcome = workplace.snakemake("-n")
    assert outcome.status == 0
    assert "no run's reader gives mpirun_real" in outcome.output
