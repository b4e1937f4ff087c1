"""Faults of the machine: the next call ends with the bytes of an undisturbed one."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from calls import REPOSITORY, Workplace, results

Campaign = Callable[[Workplace], dict[str, Any]]

ROOT_ON_LINUX = sys.platform == "linux" and os.geteuid() == 0


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of everything that was made, by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in results(folder).items()}


def start(place: Workplace) -> subprocess.Popen[str]:
    """Start a call in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "-s", REPOSITORY / "Snakefile", "--cores", "2",
         "--rerun-incomplete", "--configfile", "campaign.yaml"],
        cwd=place.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )  # fmt: skip


def running_scripts(group: int) -> set[str]:
    """Return the rules whose scripts run in a process group."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) != group:
                continue
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        for part in command:
            if b"/.snakemake/scripts/" in part:
                name = os.path.basename(part.decode())  # noqa: PTH119 - a part of a command line
                found.add(name.partition(".")[2].removesuffix(".py"))
    return found


def end_in_rule(place: Workplace, rule: str, how: signal.Signals) -> bool:
    """Call, and end the call as soon as a job of a rule runs; False if it never came to that."""
    call = start(place)
    try:
        while call.poll() is None:
            if rule in running_scripts(call.pid):
                if how is signal.SIGKILL:
                    os.killpg(call.pid, how)
                else:
                    call.send_signal(how)
                call.communicate(timeout=60)
                return True
            time.sleep(0.02)
        return False
    finally:
        if call.poll() is None:
            os.killpg(call.pid, signal.SIGKILL)
        if call.stdout:
            call.stdout.close()
        call.wait()


@pytest.fixture
def undisturbed(
    workplace: Workplace, small_campaign: Campaign
) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Make the small campaign once; return its digests and its rules, and forget its results."""
    small_campaign(workplace)
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    expected = digests(workplace.folder)
    forget(workplace)
    # What is needed first is ended first: else it would be done when its turn came.
    yield expected, sorted(outcome.jobs, key=lambda rule: (rule != "parse_run", rule))


def forget(place: Workplace) -> None:
    for name in ("results", "img", "logs/parse_run", ".snakemake"):
        subprocess.run(["rm", "-rf", place.path(name)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_kill_in_any_rule_is_mended_by_the_next_call(
    workplace: Workplace, undisturbed: tuple[dict[str, str], list[str]]
) -> None:
    expected, rules = undisturbed
    hit = [rule for rule in rules if end_in_rule_and_unlock(workplace, rule)]
    assert {"parse_run", "aggregate", "draw_figures"} <= {*hit}
    outcome = workplace.snakemake("--rerun-incomplete")
    assert outcome.status == 0, outcome.output
    assert digests(workplace.folder) == expected


def end_in_rule_and_unlock(place: Workplace, rule: str) -> bool:
    hit = end_in_rule(place, rule, signal.SIGKILL)
    place.snakemake("--unlock")
    return hit


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_an_interrupted_call_is_taken_up_by_the_next(
    workplace: Workplace, undisturbed: tuple[dict[str, str], list[str]]
) -> None:
    expected, _ = undisturbed
    assert end_in_rule(workplace, "parse_run", signal.SIGINT)
    outcome = workplace.snakemake("--rerun-incomplete")
    assert outcome.status == 0, outcome.output
    assert digests(workplace.folder) == expected


def test_a_second_call_at_once_is_refused_and_harms_nothing(
    workplace: Workplace, undisturbed: tuple[dict[str, str], list[str]]
) -> None:
    expected, _ = undisturbed
    first = start(workplace)
    locks = workplace.path(".snakemake/locks")
    while not (locks.is_dir() and any(locks.iterdir())):
        assert first.poll() is None
        time.sleep(0.02)
    second = workplace.snakemake("--rerun-incomplete")
    first.communicate(timeout=120)
    assert second.status != 0
    assert "cannot be locked" in second.output
    assert first.returncode == 0
    assert digests(workplace.folder) == expected


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
    workplace: Workplace, undisturbed: tuple[dict[str, str], list[str]], options: str
) -> None:
    expected, _ = undisturbed
    results = workplace.path("results")
    with small_disk(results, options):
        outcome = workplace.snakemake()
        assert outcome.status != 0
        assert "No space left on device" in outcome.output or "Read-only" in outcome.output
        left = [path for path in results.rglob("*.csv") if path.stat().st_size == 0]
        assert left == []
    results.rmdir()
    outcome = workplace.snakemake("--rerun-incomplete")
    assert outcome.status == 0, outcome.output
    assert digests(workplace.folder) == expected
