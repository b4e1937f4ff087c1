"""Logs of the MPI Operator: a launcher's shell trace, LAMMPS' output, and Kubernetes' times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from heteroscope.logs.lines import Line
from heteroscope.logs.reader import PACKED, Launcher, Scan, Within
from heteroscope.metrics import Figure

LINES = (
    Line("+ mpirun {arguments:text}", collect="commands"),
    Line("real {mpirun_real:posix s}"),
    Line("user {mpirun_user:posix s}"),
    Line("sys {mpirun_sys:posix s}"),
    Line("Mapping for job {job_id:name} for scheduler {scheduler:word}"),
    Line("{:name} --> {:word}", count="mapped_workers"),
    Line("{:word} ran {pods:integer} pods in zone {zone:word}", collect="hosts"),
    # The value of "pods per node" may be missing.
    Line(
        "Ranks: {tasks_requested:integer}, pods: {size:integer}, pods per node: {:rest}"
        "Slots per pod: {slots_per_pod:integer}, GiB memory per pod: {memory_per_pod:number GiB}"
    ),
    Line("MPIJob startup time for job {:word} is {mpijob_startup:number s} seconds"),
    Line("MPIJob runtime for job {:word} is {mpijob_runtime:number s} seconds"),
    Line("MPIJob end-to-end time for job {:word} {mpijob_end_to_end:number s} seconds"),
)
FIGURES = {"hosts": "", "zones": "", "max_pods_per_host": ""}
EXPECTED = (
    *("mpirun_real", "mpirun_user", "mpirun_sys", "command", "job_id", "scheduler"),
    *("hosts", "zones", "size", "tasks_requested", "slots_per_pod", "memory_per_pod"),
    *("mpijob_startup", "mpijob_runtime", "mpijob_end_to_end"),
)
TIMES = (Within("walltime", "mpirun_real", 0.1),)


def complete(figures: dict[str, Figure], found: Scan, options: Mapping[str, Any]) -> None:
    """Add the command, and what the lines of all hosts say together."""
    for command in found.launched.collected["commands"][:1]:
        figures["command"] = f"mpirun {command['arguments']}"
    if hosts := found.launched.collected["hosts"]:
        figures["hosts"] = len(hosts)
        figures["zones"] = len({host["zone"] for host in hosts})
        figures["max_pods_per_host"] = max(int(host["pods"]) for host in hosts)


def started_at(path: str) -> str:
    """Return when a log was begun, as its name spells it (UTC, ISO 8601); empty if it does not."""
    stamp = re.search(rf"_(\d{{4}}-\d\d-\d\d_T\d{{4}}_\d\d)\.out{PACKED}$", path)
    if not stamp:
        return ""
    try:
        return datetime.strptime(stamp[1], "%Y-%m-%d_T%H%M_%S").isoformat()
    except ValueError:
        return ""  # as many digits as a time has, and none


LAUNCHER = Launcher(
    name="mpi-operator",
    operator="MPI Operator",
    recognises=lambda data: b"MPIJob" in data or b"+ mpirun " in data,
    lines=LINES,
    figures=FIGURES,
    expected=EXPECTED,
    times=TIMES,
    complete=complete,
    layout=re.compile(
        r"(?:.*/)?[^/_]+_[0-9a-f]{12}_[^/_]+_\d{4}-\d\d-\d\d_T\d{4}_\d\d\.out" + PACKED
    ),
    spelled="<name>_<12 hexadecimal digits>_<scheduler>_YYYY-MM-DD_THHMM_SS.out",
    started_at=started_at,
)
