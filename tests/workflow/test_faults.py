"""Faults of the machine: the next call ends with the bytes of an undisturbed one."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from calls import Workplace, results

Campaign = Callable[[Workplace], dict[str, Any]]

ROOT_ON_LINUX = sys.platform == "linux" and os.geteuid() == 0


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of everything that was made, by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in results(folder).items()}


# What a job does in place of its work: half of it, and then it waits.
HELD = """
from pathlib import Path
import time

for path in snakemake.output:
    Path(path).write_text("half of it")
Path("held").touch()
while Path("held").exists():
    time.sleep(0.05)
"""


class Held:
    """A call that waits in the middle of a job of a rule; its workflow may be edited."""

    def __init__(self, place: Workplace, rule: str) -> None:
        self.flag = place.path("held")
        script = place.workflow / "scripts" / f"{SCRIPTS.get(rule, rule)}.py"
        whole = script.read_text()
        script.write_text(HELD + whole)
        try:
            self.call = start(place)
            while not self.flag.exists():
                assert self.call.poll() is None, f"{rule} has never run"
                time.sleep(0.05)
        finally:
            script.write_text(whole)

    def end(self, how: signal.Signals) -> None:
        """Send a signal to the call and to all of its jobs, as a terminal does."""
        os.killpg(self.call.pid, how)
        self.call.communicate()
        self.flag.unlink()


SCRIPTS = {"draw_run_figure": "draw_figure"}


def start(place: Workplace) -> subprocess.Popen[str]:
    """Start a call in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "-s", place.workflow / "Snakefile", "--cores", "2",
         "--rerun-incomplete", "--configfile", "campaign.yaml"],
        cwd=place.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # Tests that are run in the background inherit that it is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip


@pytest.fixture
def undisturbed(own_workflow: Workplace, small_campaign: Campaign) -> dict[str, str]:
    """Make the small campaign once, return its digests, and forget its results."""
    small_campaign(own_workflow)
    outcome = own_workflow.snakemake()
    assert outcome.status == 0, outcome.output
    expected = digests(own_workflow.folder)
    for name in ("results", "img", "logs/parse_run", ".snakemake"):
        shutil.rmtree(own_workflow.path(name))
    return expected


def check_next_call(place: Workplace, expected: dict[str, str]) -> None:
    """The next call, told nothing special, ends with the bytes of an undisturbed one."""
    outcome = place.snakemake()
    assert outcome.status == 0, outcome.output
    assert digests(place.folder) == expected


def test_a_kill_in_any_rule_is_mended_by_the_next_call(
    own_workflow: Workplace, undisturbed: dict[str, str]
) -> None:
    rules = ("parse_run", "aggregate", "compare_location", "make_claims", "draw_figure",
             "write_manifest", "make_report")  # fmt: skip
    for rule in rules:
        Held(own_workflow, rule).end(signal.SIGKILL)
        assert "cannot be locked" in own_workflow.snakemake().output
        assert own_workflow.snakemake("--unlock").status == 0
    check_next_call(own_workflow, undisturbed)


def test_an_interrupted_call_is_taken_up_by_the_next(
    own_workflow: Workplace, undisturbed: dict[str, str]
) -> None:
    Held(own_workflow, "parse_run").end(signal.SIGINT)
    check_next_call(own_workflow, undisturbed)


def test_a_second_call_at_once_is_refused_and_harms_nothing(
    own_workflow: Workplace, undisturbed: dict[str, str]
) -> None:
    first = Held(own_workflow, "aggregate")
    second = own_workflow.snakemake()
    assert second.status != 0
    assert "cannot be locked" in second.output
    first.flag.unlink()
    output, _ = first.call.communicate()
    assert first.call.returncode == 0, output
    # The job that waited wrote half of it first, and then all of it.
    assert digests(own_workflow.folder) == undisturbed


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[None]:
    """Mount a file system in memory."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def can_mount() -> bool:
    if not ROOT_ON_LINUX:
        return False
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False,
                           capture_output=True)  # fmt: skip
    return probe.returncode == 0


@pytest.mark.skipif(not can_mount(), reason="mounting a small disk needs root on Linux")
@pytest.mark.parametrize("options", ["size=16k", "size=1m,ro"], ids=["full", "read-only"])
def test_a_disk_that_takes_no_results_is_told_and_the_next_call_ends_well(
    own_workflow: Workplace, undisturbed: dict[str, str], options: str
) -> None:
    results = own_workflow.path("results")
    with small_disk(results, options):
        outcome = own_workflow.snakemake()
        assert outcome.status != 0
        assert "No space left on device" in outcome.output or "Read-only" in outcome.output
        left = [path for path in results.rglob("*.csv") if path.stat().st_size == 0]
        assert left == []
    results.rmdir()
    check_next_call(own_workflow, undisturbed)
