"""Logs of the Flux Operator: LAMMPS' output inside that of ``flux start`` and ``flux mini submit``.

One log is one MiniCluster.  How long it lived stands in ``meta.json``, beside the folders of the
logs.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from heteroscope.logs import lammps
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.reader import Reader, judge
from heteroscope.records import Figure, Reading

EVENTS = (
    "submit validate depend priority alloc start exec.init exec.starting exec.shell.init "
    "finish release free clean"
).split()
STATES = "none join init quorum run cleanup shutdown finalize goodbye".split()

LINES = (
    Line("FLUXTIME {label:word} wall time {seconds:elapsed}", collect="fluxtimes"),
    # The command of the first form is wrapped in GNU time, whose format repeats our own label.
    Line(
        "broker.info[0]: rc2.0: /usr/bin/time -f FLUXTIME fluxsubmit wall time %E "
        "{command:text} Exited (rc={rc2_status:integer}) {rc2_elapsed:number s}s",
        foreign=True,
    ),
    Line(
        "broker.info[0]: rc2.0: "
        "{command:text} Exited (rc={rc2_status:integer}) {rc2_elapsed:number s}s",
        foreign=True,
    ),
    Line(
        "broker.info[0]: {:word}: *->{:word} {state_*:duration s}",
        keys=tuple(STATES),
        foreign=True,
    ),
    Line("broker.err[0]: {:text} transitioning to LOST due to {:text}", count="broker_lost"),
    Line("ƒ{job_id:word}: {event_*:number s}s *", keys=tuple(EVENTS), foreign=True),
    Line("ƒ{job_id:word}: complete: status={job_status:integer}", foreign=True),
    Line("ƒ{:word}: {:number}s exec.log", count="exec_log_lines", foreign=True),
    Line('time = "{started_at:word}"'),
)
DERIVED = {
    "flux_submit": "s",
    "flux_submit_source": "",
    "flux_start": "s",
    "nodes_requested": "",
    "tasks_requested": "",
}
COMPANION_FIGURES = {"minicluster_total": "s"}
REQUIRED = (*lammps.REQUIRED, "flux_start")

_REQUEST = re.compile(r" -N (\d+) -n (\d+) ")
_META_PREFIX = "minicluster-run-"

# The labels of FLUXTIME lines, and the figures that they stand for.
_WRAPPED = {"fluxsubmit": "flux_submit", "fluxstart": "flux_start"}

_TABLE = LineTable((*lammps.LINES, *LINES))


def read(data: bytes, options: Mapping[str, Any]) -> list[Reading]:
    """Read one log of the Flux Operator.

    Parameters
    ----------
    data
        The log.
    options
        ``relabel`` maps the label of a FLUXTIME line to what its clock truly wrapped, for campaigns
        whose script wrote the wrong word.
    """
    found = lammps.scan(data, _TABLE)
    figures = lammps.figures_of(found)
    relabel: Mapping[str, str] = options.get("relabel", {})
    for line in found.collected["fluxtimes"]:
        wrapped = relabel.get(str(line["label"]), str(line["label"]))
        if wrapped in _WRAPPED:
            found.keep(figures, [(_WRAPPED[wrapped], line["seconds"])])
    if "flux_submit" in figures:
        figures["flux_submit_source"] = "FLUXTIME"
    elif "rc2_elapsed" in figures:
        # The broker times the same command, only more coarsely.
        figures["flux_submit"] = figures["rc2_elapsed"]
        figures["flux_submit_source"] = "rc2"
    if request := _REQUEST.search(str(figures.get("command", ""))):
        figures["nodes_requested"], figures["tasks_requested"] = map(int, request.groups())
    return [judge(found, figures, REQUIRED, lammps.fault_of(found))]


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
    content = json.loads(data)
    times = content.get("times") if isinstance(content, dict) else None
    if not isinstance(times, dict):
        raise ValueError("expected an object with the key 'times'")
    trials: dict[str, dict[str, Figure]] = {}
    for key, seconds in times.items():
        if key.startswith(_META_PREFIX):
            entry: dict[str, Figure] = {"order": len(trials) + 1}
            if type(seconds) in (int, float) and math.isfinite(seconds) and seconds > 0:
                entry["minicluster_total"] = float(seconds)
            trials[key.removeprefix(_META_PREFIX)] = entry
    return trials


READER = Reader(
    name="flux-operator",
    operator="Flux Operator",
    figures={**_TABLE.names(), **lammps.DERIVED, **DERIVED, **COMPANION_FIGURES},
    read=read,
    recognises=lambda data: b"FLUXTIME" in data or b"broker.info[0]:" in data,
    layout=re.compile(
        r"(?:.*/)?(?P<warmup>_?)[^/]*?-(?P<size>\d+)-(?P<repetition>\d+)"
        r"-minicluster-size-(?P=size)/log\.out"
    ),
    spelled="[_]<job>-<size>-<repetition>-minicluster-size-<size>/log.out",
    companion="meta.json",
    read_companion=read_meta,
    options=frozenset({"relabel"}),
)
