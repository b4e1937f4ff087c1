"""Logs of Flux jobs: what a job printed, then its jobspec and its events, written by a script.

One log is one job, or several that the script numbered::

    FLUX-RUN START lammps-iter-1        what the job printed        FLUX-RUN END lammps-iter-1
    FLUX-JOB START 40281 lammps-iter-1  jobspec, events             FLUX-JOB END 40281 …
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from heteroscope.logs.flux_operator import spelled
from heteroscope.logs.kinds import moment
from heteroscope.logs.reader import PACKED, Fault, Launcher, Scan, Trial
from heteroscope.metrics import Figure, Status
from heteroscope.redaction import redact

_EVENTS = ("starting", "shell.init", "shell.start", "shell.task-exit", "complete", "done")

FIGURES = {
    **dict.fromkeys(("size", "repetition", "nodes_requested", "tasks_requested"), ""),
    **dict.fromkeys(("job_status", "job_id"), ""),
    **dict.fromkeys(("cores_per_task", "gpus_per_task", "binding", "study", "started_at"), ""),
    **{"time_limit": "s", "job_runtime": "s", "hookup_time": "s"},
    **{f"event_{re.sub(r'[.-]', '_', event)}": "s" for event in _EVENTS},
}
EXPECTED = (
    *("size", "nodes_requested", "tasks_requested", "command", "job_status", "started_at"),
    *("job_runtime", "hookup_time"),
)

_JOBSPEC, _EVENTLOG = b"START OF JOBSPEC", b"START OF EVENTLOG"
_RUN = re.compile(rb"(?m)^[ \t]{0,99}FLUX-RUN START (?P<name>[^\n]{1,400})$")
_JOB = re.compile(rb"(?m)^[ \t]{0,99}FLUX-JOB START (?P<id>\S{1,99}) (?P<name>[^\n]{1,400})$")
_RUN_END, _JOB_END = b"FLUX-RUN END", b"FLUX-JOB END"
_REPETITION = re.compile(r"-iter-(\d{1,9})(?!\d)")


def split(text: bytes) -> list[Trial]:
    """Part a log into its trials, each with what its jobspec and its events say."""
    if starts := list(_RUN.finditer(text)):
        return _numbered(text, starts)
    at = text.find(_JOBSPEC)
    if at < 0:
        return [Trial(text)]
    # Where the output does not end its last line, the trailer stands on that.
    figures, fault = _trailer(text[at:])
    return [Trial(text[:at], 1, figures, fault)]


def _numbered(text: bytes, starts: list[re.Match[bytes]]) -> list[Trial]:
    said: dict[bytes, tuple[dict[str, Figure], Fault | None]] = {}
    jobs = list(_JOB.finditer(text))
    for number, job in enumerate(jobs, 1):
        after = jobs[number].start() if number < len(jobs) else len(text)
        figures, fault = _trailer(text[job.end() : after].partition(_JOB_END)[0])
        figures["job_id"] = redact(job["id"].decode("utf-8", "replace"))
        said[job["name"].strip()] = figures, fault
    trials, line, counted = [], 1, 0
    for number, start in enumerate(starts, 1):
        after = starts[number].start() if number < len(starts) else len(text)
        line += text.count(b"\n", counted, start.end())
        counted = start.end()
        name = start["name"].strip()
        figures, fault = said.get(name, ({}, None))
        repetition = _REPETITION.search(name.decode("utf-8", "replace"))
        trials.append(
            Trial(
                text[start.end() : after].partition(_RUN_END)[0],
                line,
                {"repetition": int(repetition[1]) if repetition else number, **figures},
                fault,
            )
        )
    return trials


def _trailer(text: bytes) -> tuple[dict[str, Figure], Fault | None]:
    """Return what the jobspec and the events of a job say."""
    spec: dict[str, Any] = {}
    events: dict[str, dict[str, Any]] = {}
    ended = False
    for line in text.split(b"\n"):
        if _EVENTLOG in line or b"FLUX-JOB-EVENTLOG START" in line:
            ended = True
        content = _object(line[line.find(b"{") :]) if b"{" in line else {}
        if isinstance(content.get("name"), str) and _seconds(content.get("timestamp")):
            events.setdefault(content["name"], content)
        elif "version" in content and "execution" not in content and not spec:
            spec = content
    figures = {**_of_jobspec(spec), **_of_events(events)}
    status = figures.get("job_status")
    if isinstance(status, int) and status != 0:
        told = f"the job ended with status {status} ({spelled(status)})"
        return figures, (Status.FAILED, told)
    exception = _at(events, "exception", "context")
    if _at(exception, "severity") == 0:
        told = redact(" ".join(str(_at(exception, "note") or _at(exception, "type")).split()))
        return figures, (Status.FAILED, f"the job failed: {told}")
    if ended and not {"complete", "done"} & events.keys():
        return figures, (
            Status.INCOMPLETE,
            "no complete event: the job was cancelled, or its log cut",
        )
    return figures, None


def _object(text: bytes) -> dict[str, Any]:
    """Return a JSON object; an empty one where there is something else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _at(content: Any, *path: str | int) -> Any:
    """Return what lies at a path in a JSON document, and None where nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(content, dict):
            content = content.get(step)
        elif isinstance(step, int) and isinstance(content, list) and step < len(content):
            content = content[step]
        else:
            return None
    return content


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 10**9 else None


def _seconds(value: Any) -> float | None:
    """Return seconds of UNIX."""
    return float(value) if type(value) in (int, float) and 0 < value < 10**10 else None


def _of_jobspec(spec: Mapping[str, Any]) -> dict[str, Figure]:
    """Return what was asked for: nothing of hosts and folders, which are private."""
    figures: dict[str, Figure] = {}
    node = _at(spec, "resources", 0)
    slot = _at(node, "with", 0)
    if nodes := _count(_at(node, "count")):
        figures["size"] = figures["nodes_requested"] = nodes
        if tasks := _count(_at(slot, "count")):
            figures["tasks_requested"] = nodes * tasks
    for number in range(2):
        part = _at(slot, "with", number)
        name = {"core": "cores_per_task", "gpu": "gpus_per_task"}.get(str(_at(part, "type")))
        if name and (count := _count(_at(part, "count"))):
            figures[name] = count
    words = _at(spec, "tasks", 0, "command")
    if isinstance(words, list):
        figures["command"] = redact(" ".join(map(str, words)))
    options = _at(spec, "attributes", "system", "shell", "options")
    bound = [
        f"{of}={_at(options, of)}" for of in ("cpu-affinity", "gpu-affinity") if _at(options, of)
    ]
    if bound:
        figures["binding"] = redact(" ".join(bound))
    if limit := _seconds(_at(spec, "attributes", "system", "duration")):
        figures["time_limit"] = limit
    if isinstance(study := _at(spec, "attributes", "user", "study_id"), str):
        figures["study"] = redact(study)
        if match := _REPETITION.search(study):
            figures["repetition"] = int(match[1])
    return figures


def _of_events(events: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    """Return when a job began, and its other events in s since then."""
    times = {name: float(event["timestamp"]) for name, event in events.items()}
    figures: dict[str, Figure] = {}
    if "init" in times:
        figures["started_at"] = moment(times["init"])
        for name in _EVENTS:
            if name in times:
                spelling = re.sub(r"[.-]", "_", name)
                figures[f"event_{spelling}"] = round(times[name] - times["init"], 6)
    if {"shell.start", "done"} <= times.keys():
        figures["job_runtime"] = times["done"] - times["shell.start"]
    status = _at(events, "complete", "context", "status")
    if type(status) is int and 0 <= status < 1 << 16:
        figures["job_status"] = status
    return figures


def complete(figures: dict[str, Figure], found: Scan, options: Mapping[str, Any]) -> None:
    """Add the time of a job before and after LAMMPS, as the study published it."""
    if {"job_runtime", "walltime"} <= figures.keys():
        hookup = float(figures["job_runtime"]) - float(figures["walltime"])
        figures["hookup_time"] = round(hookup, 6)


LAUNCHER = Launcher(
    name="flux-jobs",
    operator="Flux",
    recognises=lambda data: (_JOBSPEC in data and _EVENTLOG in data) or b"FLUX-RUN START" in data,
    figures=FIGURES,
    expected=EXPECTED,
    complete=complete,
    split=split,
    # The size of the folder is the cluster's, and not the job's.
    layout=re.compile(
        r"(?:.*/)?size\d+[^/]*/results/(?:[^/]+/)*?(?:(?P<warmup>_)[^/]*/(?:[^/]+/)*)?"
        r"(?:[^/]*?-iter-(?P<repetition>\d+)(?:-node-\d+)?-|(?:(?!-iter-)[^/])*-)"
        r"[0-9ƒ]\w*\.out" + PACKED
    ),
    spelled="size<N>/results/…/<application>-<size>-iter-<repetition>-<job>.out",
)
