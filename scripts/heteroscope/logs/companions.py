"""Files beside the logs that say more of their trials, whatever reads these.

``meta.json`` is written by a campaign's script: how long each MiniCluster lived.  It lies above
the logs of its trials.  ``<log>-info.json`` is what ``flux jobs --json`` says of one job; it lies
beside its log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from heteroscope.logs.json_text import positive, read_json
from heteroscope.logs.kinds import moment
from heteroscope.logs.reader import PACKED, Reading
from heteroscope.metrics import Figure, Status
from heteroscope.redaction import redact

FIGURES = {
    "minicluster_total": "s",
    **dict.fromkeys(("nodes_requested", "tasks_requested", "job_id", "started_at"), ""),
    **{"queue_time": "s", "job_runtime": "s"},
}
_META, _INFO = "meta.json", "-info.json"
_META_PREFIX = "minicluster-run-"

# What companions say: by the folder in which they lie, and by the name of a trial.
Said = Mapping[str, Mapping[str, Mapping[str, Figure]]]


def is_companion(path: str) -> bool:
    """Say whether a file is one that says more of the trials beside it, by its name."""
    name = path.rpartition("/")[2]
    return name == _META or name.endswith(_INFO)


def read_companion(path: str, data: bytes) -> dict[str, dict[str, Figure]]:
    """Read a companion.

    Parameters
    ----------
    path
        Where it lies.
    data
        The file.

    Returns
    -------
    dict
        By name of a trial: its figures, and ``order``, its place in the order of execution among
        those of the same file.

    Raises
    ------
    ValueError
        If the file is not such JSON.
    """
    name = path.rpartition("/")[2]
    return read_meta(data) if name == _META else {name.removesuffix(_INFO): read_info(data)}


def said_of(log: str, said: Said) -> Mapping[str, Figure]:
    """Return what companions say of the trial whose log lies at a path; nothing if none does.

    A trial is called as its log, without the end of its name, or as a folder in which that lies,
    without the underscore of a warm-up.
    """
    *folders, file = log.split("/")
    figures: dict[str, Figure] = {}
    names = [*(folder.lstrip("_") for folder in folders), file, _stem(file)]
    for depth in range(len(folders) + 1):
        trials = said.get("/".join(folders[:depth]), {})
        for name in names[depth:]:
            figures |= trials.get(name, {})
    return figures


def with_companion(reading: Reading, said: Mapping[str, Figure]) -> Reading:
    """Return what a log and its companions say of a trial together; where both do, the log counts.

    A job that ended with another code than 0 has failed, whatever stands in its log.
    """
    figures = {name: value for name, value in said.items() if name in FIGURES}
    together = replace(reading, figures={**figures, **reading.figures})
    if (code := said.get("returncode", 0)) and reading.status is Status.OK:
        told = f"the job ended with exit code {code}"
        return replace(together, status=Status.FAILED, reason=told)
    return together


def _stem(file: str) -> str:
    """Return the name of a log without its end: ``lammps-3`` of ``lammps-3.log.gz``."""
    return re.sub(rf"\.\w{{1,9}}{PACKED}$", "", file)


def read_meta(data: bytes) -> dict[str, dict[str, Figure]]:
    """Read ``meta.json``: how long each MiniCluster lived, in the order of execution.

    Parameters
    ----------
    data
        The file.

    Returns
    -------
    dict
        By name of a trial's folder (without the leading underscore of a warm-up):
        ``minicluster_total`` in s, and ``order`` from 1.

    Raises
    ------
    ValueError
        If the file is not such JSON.
    """
    content = read_json(data)
    times = content.get("times") if isinstance(content, dict) else None
    if not isinstance(times, dict):
        raise ValueError("expected an object with the key 'times', itself an object")
    trials: dict[str, dict[str, Figure]] = {}
    for key, seconds in times.items():
        if key.startswith(_META_PREFIX):
            entry: dict[str, Figure] = {"order": len(trials) + 1}
            if (total := positive(seconds)) is not None:
                entry["minicluster_total"] = total
            trials[key.removeprefix(_META_PREFIX)] = entry
    return trials


def read_info(data: bytes) -> dict[str, Figure]:
    """Read what ``flux jobs --json`` says of one job.

    Parameters
    ----------
    data
        The file; its lists of hosts and its folder are private, and not read.

    Returns
    -------
    dict
        Nodes and tasks, ``returncode``, ``started_at``, and in s ``queue_time`` (from submission
        to start) and ``job_runtime``.

    Raises
    ------
    ValueError
        If the file is not such JSON.
    """
    content = read_json(data)
    if not isinstance(content, dict) or "t_submit" not in content:
        raise ValueError("expected an object with the key 't_submit'")
    figures: dict[str, Figure] = {}
    for key, name in (("nnodes", "nodes_requested"), ("ntasks", "tasks_requested")):
        if (count := positive(content.get(key))) is not None and count.is_integer():
            figures[name] = int(count)
    if isinstance(job := content.get("id"), int | str):
        figures["job_id"] = redact(str(job))
    code = content.get("returncode")
    if type(code) is int and 0 <= code < 1 << 16:
        figures["returncode"] = code
    submitted, ran, ended = (
        positive(content.get(key)) for key in ("t_submit", "t_run", "t_cleanup")
    )
    if ran is not None and ran < 1e10:
        figures["started_at"] = moment(ran)
        if submitted is not None and submitted <= ran:
            figures["queue_time"] = round(ran - submitted, 6)
        if ended is not None and ended >= ran:
            figures["job_runtime"] = round(ended - ran, 6)
    return figures
