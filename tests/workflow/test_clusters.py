"""Profiles for clusters that cannot be had in a test: the plugins are real, the clusters are not.

`tests/clusters/` says what stands in for them.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from calls import REPOSITORY, Outcome, Workplace, results

STAND_INS = REPOSITORY / "tests" / "clusters"
TARGETS = ("results/location.csv", "img/run6/walltime_lammps.png")
PROFILES = REPOSITORY / "config" / "profiles"
Campaign = Callable[[Workplace], dict[str, Any]]


def needs(*modules: str) -> None:
    """Skip where a plugin, or what it is tested with, is not installed."""
    for module in modules:
        if not importlib.util.find_spec(module):
            pytest.skip(f"{module} is not installed: see tests/clusters/run.sh")


def call(*command: object, cwd: Path) -> Outcome:
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=400,
    )
    return Outcome(done.returncode, done.stdout)


@pytest.fixture
def alone(
    tmp_path_factory: pytest.TempPathFactory, small_campaign: Campaign
) -> tuple[Outcome, dict[str, bytes]]:
    """What one machine makes of the small campaign, without any cluster."""
    place = Workplace(tmp_path_factory.mktemp("alone"), REPOSITORY)
    small_campaign(place)
    outcome = place.snakemake(*TARGETS)
    assert outcome.status == 0, outcome.output
    return outcome, results(place.folder)


@pytest.mark.parametrize("name", ["slurm", "flux", "kubernetes"])
def test_a_dry_run_with_the_profile_plans_what_a_local_one_does(
    workplace: Workplace, small_campaign: Campaign, name: str
) -> None:
    needs(f"snakemake_executor_plugin_{name}")
    if name == "kubernetes":
        needs("snakemake_storage_plugin_fs")
    small_campaign(workplace)
    here = workplace.snakemake("--dry-run")
    there = call(
        "-m", "snakemake", "-s", REPOSITORY / "Snakefile", "--dry-run",
        "--configfile", "campaign.yaml", "--workflow-profile", PROFILES / name,
        cwd=workplace.folder,
    )  # fmt: skip
    assert there.status == 0, there.output
    assert there.jobs == here.jobs


def test_every_job_is_a_valid_job_of_flux_with_time_enough(
    workplace: Workplace,
    small_campaign: Campaign,
    alone: tuple[Outcome, dict[str, bytes]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    needs("snakemake_executor_plugin_flux", "_flux", "ply")
    small_campaign(workplace)
    submitted = tmp_path_factory.mktemp("jobspecs")
    outcome = call(
        STAND_INS / "flux_stand_in.py", submitted, "-s", REPOSITORY / "Snakefile", *TARGETS,
        "--configfile", "campaign.yaml",
        "--workflow-profile", PROFILES / "flux",
        "--seconds-between-status-checks", "1", "--latency-wait", "5", "--jobs", "2",
        cwd=workplace.folder,
    )  # fmt: skip
    assert outcome.status == 0, outcome.output
    specs = [json.loads(file.read_text()) for file in submitted.glob("*.json")]
    assert len(specs) == sum(alone[0].jobs.values())
    for spec in specs:
        assert spec["version"] == 1
        system = spec["attributes"]["system"]
        # Flux counts seconds: an hour, and not an hour's sixty minutes as sixty seconds.
        assert system["duration"] >= 3600, spec["tasks"][0]["command"]
        assert Path(system["cwd"]) == workplace.folder
    assert results(workplace.folder) == alone[1]


def test_every_job_is_a_valid_job_of_kubernetes_and_needs_the_volume_alone(
    own_workflow: Workplace,
    small_campaign: Campaign,
    alone: tuple[Outcome, dict[str, bytes]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    needs("snakemake_executor_plugin_kubernetes", "snakemake_storage_plugin_fs")
    if not shutil.which("rsync"):
        pytest.skip("rsync is not installed, which the storage plugin calls")
    # What jobs get of the sources is what git tracks below the folder of the call.
    place = Workplace(own_workflow.workflow, own_workflow.workflow)
    small_campaign(place)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=place.folder, check=True)
    cluster, volume = (tmp_path_factory.mktemp(name) for name in ("cluster", "volume"))
    outcome = call(
        STAND_INS / "kubernetes_stand_in.py", cluster, "-s", place.folder / "Snakefile", *TARGETS,
        "--configfile", "campaign.yaml",
        "--workflow-profile", PROFILES / "kubernetes",
        "--kubernetes-persistent-volumes", f"campaign:{volume}",
        "--default-storage-prefix", f"{volume}/",
        "--seconds-between-status-checks", "1", "--latency-wait", "5", "--jobs", "2",
        cwd=place.folder,
    )  # fmt: skip
    logs = "".join(file.read_text() for file in cluster.glob("*.log"))
    assert outcome.status == 0, outcome.output + logs
    jobs = [json.loads(file.read_text()) for file in cluster.glob("*.json")]
    # The logs are read where they lie, by the machine that calls; all else runs in pods.
    counts = alone[0].jobs
    assert len(jobs) == sum(counts.values()) - counts["parse_run"]
    for job in jobs:
        pod = job["spec"]["template"]["spec"]
        container = pod["containers"][0]
        assert container["image"] == "heteroscope:latest"
        assert container["resources"]["requests"]["memory"] == "2000M"
        assert {"name": "campaign", "mountPath": str(volume)} in container["volumeMounts"]
        claims = [volume.get("persistentVolumeClaim") for volume in pod["volumes"]]
        assert {"claimName": "campaign"} in claims
    assert results(volume) == alone[1]
