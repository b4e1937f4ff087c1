"""The example campaign on a real Slurm, which these tests start themselves.

That takes root and Debian's packages, so it is asked for: HETEROSCOPE_SLURM=1.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from calls import REPOSITORY, Outcome, results

NODE = REPOSITORY / "tests" / "clusters" / "slurm.sh"
# What a user calls, but for the waiting: this Slurm has no accounting database, and is near.
ON_SLURM = (
    "--executor", "slurm",
    "--workflow-profile", REPOSITORY / "config" / "profiles" / "slurm",
    "--slurm-status-command", "squeue",
    "--slurm-init-seconds-before-status-checks", "1",
    "--seconds-between-status-checks", "1",
    "--latency-wait", "5",
)  # fmt: skip


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Slurm of one node, started here and stopped afterwards: the folder of its logs."""
    if os.environ.get("HETEROSCOPE_SLURM") != "1":
        pytest.skip("HETEROSCOPE_SLURM=1 is not set: this would install and start a Slurm")
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip("a Slurm can only be installed and started by root, on Debian")
    if not importlib.util.find_spec("snakemake_executor_plugin_slurm"):
        pytest.skip("snakemake-executor-plugin-slurm is not installed")
    folder = tmp_path_factory.mktemp("slurm")
    try:
        subprocess.run([NODE, "start", folder], check=True, timeout=300)
        yield folder
    finally:
        subprocess.run([NODE, "stop", folder], check=True, timeout=60)


def start(folder: Path, *arguments: object, log: Path) -> subprocess.Popen[bytes]:
    """Call snakemake in a folder without waiting for it; `log` receives what it prints."""
    snakefile = REPOSITORY / "Snakefile"
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--snakefile", snakefile, *map(str, arguments)],
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def running(comment: str) -> str:
    """Return the id of a running job of this comment, or nothing."""
    listed = subprocess.run(
        ["squeue", "--noheader", "--states=RUNNING", "--format=%i %k"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for line in listed.stdout.splitlines():
        job, _, told = line.partition(" ")
        if told.strip() == comment:
            return job
    return ""


def kill_one(process: subprocess.Popen[bytes], comment: str) -> str:
    """Cancel the first running job of this comment, and return its id."""
    while process.poll() is None:
        if job := running(comment):
            subprocess.run(["scancel", job], check=True)
            return job
        time.sleep(0.1)
    pytest.fail(f"no job {comment} ever ran")


def test_a_killed_job_is_submitted_again_and_the_results_are_those_of_one_machine(
    slurm: Path,
    default_campaign: tuple[Path, Outcome],
    lay_out_default_campaign: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    alone, outcome = default_campaign
    assert outcome.status == 0, outcome.output
    folder = tmp_path / "on-slurm"
    lay_out_default_campaign(folder)

    log = tmp_path / "snakemake.log"
    process = start(folder, *ON_SLURM, log=log)
    try:
        killed = kill_one(process, "rule_parse_run_wildcards_run6")
        status = process.wait(timeout=300)
    finally:
        process.terminate()
    output = log.read_text()
    assert status == 0, output

    controller = (slurm / "slurmctld.log").read_text()
    assert f"_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId={killed} " in controller
    assert f"SLURM-job '{killed}' failed" in output
    assert "Trying to restart job" in output
    # Everything ran as a job of Slurm, the killed one twice.
    submitted = output.count("has been submitted with SLURM jobid")
    assert submitted == sum(outcome.jobs.values()) + 1, output

    made = results(folder)
    assert {"results/trials.csv", "results/claims.csv", "results/manifest.json"} <= made.keys()
    assert {"results/report.html", "img/walltime_lammps.png"} <= made.keys()
    assert made == results(alone)
    print(
        *(line for line in controller.splitlines() if f"JobId={killed}" in line),
        sep="\n",
    )
