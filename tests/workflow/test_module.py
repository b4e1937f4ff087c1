"""This workflow as a module of another one, with a configuration and places of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from calls import REPOSITORY, Outcome, call_snakemake, copy_logs

CONFIG = {
    "sizes": [8],
    "metrics": ["walltime", "loop_time"],
    "figures": {"walltime": {"metric": "walltime"}},
}

# The rules of the module come first, and the target of the other workflow still is its own.
TWO_CAMPAIGNS = """\
configfile: "settings.yaml"

module before:
    snakefile: "{snakefile}"
    config: config["before"]
    pathvars:
        results="results/before",
        logs="logs/before",
        img="img/before",

use rule * from before as before_*

module after:
    snakefile: "{snakefile}"
    config: config["after"]
    pathvars:
        results="results/after",
        logs="logs/after",
        img="img/after",

use rule * from after as after_*

rule all:
    input:
        rules.before_all.input,
        rules.after_tables.input,
        "answer.txt",
    default_target: True

rule answer:
    input:
        before="results/before/summary.csv",
        after="results/after/summary.csv",
    output:
        "answer.txt",
    shell:
        "wc -l {{input}} > {{output}}"
"""

WITH_PREFIX = """\
module benchmarks:
    snakefile: "{snakefile}"
    config: {config}
    prefix: "benchmarks"

use rule * from benchmarks
"""


def other_workflow(folder: Path, snakefile: str, *arguments: str) -> Outcome:
    """Write another workflow and call it."""
    (folder / "Snakefile").write_text(snakefile)
    return call_snakemake(*arguments, cwd=folder, workflow=folder)


def files(folder: Path) -> set[str]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def two_campaigns(tmp_path: Path) -> Path:
    """A folder with another workflow's settings: two campaigns, and a key of its own."""
    copy_logs("run4", tmp_path / "raw/run4")
    copy_logs("run6", tmp_path / "raw/run6")
    settings = {
        "author": "somebody else",
        "before": {**CONFIG, "runs": {"run4": {"directory": "raw/run4"}}},
        "after": {**CONFIG, "runs": {"run6": {"directory": "raw/run6"}}},
    }
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    return tmp_path


def test_another_workflow_uses_it_twice_with_places_of_its_own(two_campaigns: Path) -> None:
    snakefile = TWO_CAMPAIGNS.format(snakefile=REPOSITORY / "Snakefile")
    outcome = other_workflow(two_campaigns, snakefile)
    assert outcome.status == 0, outcome.output
    assert outcome.jobs["answer"] == 1
    for name, run in (("before", "run4"), ("after", "run6")):
        summary = pd.read_csv(two_campaigns / f"results/{name}/summary.csv")
        assert set(summary["run"]) == {run}
    # The first one's figures were asked for, the second one's were not.
    drawn = files(two_campaigns / "img")
    assert "before/walltime_lammps.png" in drawn
    assert all(figure.startswith("before/") for figure in drawn)
    assert all(log.startswith(("before/", "after/")) for log in files(two_campaigns / "logs"))
    assert other_workflow(two_campaigns, snakefile).nothing_done


@pytest.mark.parametrize("arguments", [(), ("--configfile", "settings.yaml")])
def test_a_configuration_of_the_other_workflow_is_not_taken_for_a_campaign(
    two_campaigns: Path, arguments: tuple[str, ...]
) -> None:
    snakefile = TWO_CAMPAIGNS.format(snakefile=REPOSITORY / "Snakefile")
    (two_campaigns / "config").mkdir()
    (two_campaigns / "config/config.yaml").write_text("genome: hg38\n")
    outcome = other_workflow(two_campaigns, snakefile, "--dry-run", *arguments)
    assert outcome.status == 0, outcome.output


def test_a_prefix_moves_what_is_made_and_not_the_raw_logs(tmp_path: Path) -> None:
    copy_logs("run6", tmp_path / "raw/run6")
    config = {**CONFIG, "runs": {"run6": {"directory": "raw/run6"}}}
    snakefile = WITH_PREFIX.format(snakefile=REPOSITORY / "Snakefile", config=config)
    outcome = other_workflow(tmp_path, snakefile)
    assert outcome.status == 0, outcome.output
    assert (tmp_path / "benchmarks/results/summary.csv").is_file()
    assert (tmp_path / "benchmarks/img/walltime_lammps.png").is_file()
    assert not (tmp_path / "results").exists()
    assert other_workflow(tmp_path, snakefile).nothing_done


def test_a_mistake_in_a_modules_configuration_is_told_in_words(tmp_path: Path) -> None:
    config = {**CONFIG, "runs": {"run9": {"directory": "raw/run9"}}}
    snakefile = WITH_PREFIX.format(snakefile=REPOSITORY / "Snakefile", config=config)
    outcome = other_workflow(tmp_path, snakefile)
    assert outcome.status == 1
    assert "runs.run9.directory: there is no folder raw/run9" in outcome.output
    assert "Traceback" not in outcome.output
