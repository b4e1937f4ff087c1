"""Logs of the Flux Operator: LAMMPS' output inside that of ``flux start`` and ``flux mini submit``.

One log is one MiniCluster.  How long it lived stands in ``meta.json``, beside the folders of the
logs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from heteroscope.logs import lammps
from heteroscope.logs.json_text import positive, read_json
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.reader import PACKED, Fault, Reader, Reading, Within, judge
from heteroscope.metrics import Figure, Status

EVENTS = (
    *("submit", "validate", "depend", "priority", "alloc", "start"),
    *("exec.init", "exec.starting", "exec.shell.init", "finish", "release", "free", "clean"),
)
STATES = (
    *("none", "join", "init", "quorum", "run"),
    *("cleanup", "shutdown", "finalize", "goodbye"),
)

LINES = (
    Line(
        "FLUXTIME {label:word} wall time {seconds:elapsed}",
        collect="fluxtimes",
        like="FLUXTIME {:rest}",
    ),
    # The command of the first form is wrapped in GNU time, whose format repeats our own label.
    Line(
        "broker.info[0]: rc2.0: {:word} -f FLUXTIME fluxsubmit wall time %E "
        "{command:text} Exited (rc={rc2_status:integer}) {rc2_elapsed:number s}s",
        like="broker.info[0]: rc2.0: {:rest} Exited {:rest}",
        foreign=True,
    ),
    Line(
        "broker.info[0]: rc2.0: "
        "{command:text} Exited (rc={rc2_status:integer}) {rc2_elapsed:number s}s",
        like="broker.info[0]: rc2.0: {:rest} Exited {:rest}",
        foreign=True,
    ),
    Line(
        "broker.info[0]: {:name}: *->{:name} {state_*:duration s}",
        keys=STATES,
        like="broker.info[0]: {:name}: *->{:rest}",
        foreign=True,
    ),
    Line(
        "broker.err[0]: {:word} (rank {:integer}) transitioning to LOST due to {:rest}",
        count="broker_lost",
    ),
    Line("ƒ{:name}: {:number}s exec.log", count="exec_log_lines", foreign=True),
    Line(
        "ƒ{job_id:name}: {event_*:number s}s *",
        keys=EVENTS,
        like="ƒ{:name}: {:word} *",
        foreign=True,
    ),
    Line(
        "ƒ{job_id:name}: complete: status={job_status:integer}",
        like="ƒ{:name}: complete:{:rest}",
        foreign=True,
    ),
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
EXPECTED = (
    *lammps.EXPECTED,
    *("command", "nodes_requested", "tasks_requested", "flux_submit", "flux_start"),
    *("rc2_status", "rc2_elapsed"),
    *(f"state_{state}" for state in STATES),
    "minicluster_total",
)
# Both clocks are GNU time's, in steps of 0.01 s; the total of LAMMPS is truncated.
TIMES = (
    *lammps.TIMES,
    Within("walltime", "flux_submit", 0.1),
    Within("flux_submit", "flux_start", 0.1),
    # Events are timed from the job's submission.
    Within("event_alloc", "event_start", 0.0),
    Within("event_start", "event_finish", 0.0),
)

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
        whose script wrote the wrong word; ``lammps_run`` as of `lammps.figures_of`.
    """
    found = lammps.scan(data, _TABLE)
    figures = lammps.figures_of(found, options)
    relabel: Mapping[str, str] = options.get("relabel", {})
    for line in found.collected["fluxtimes"]:
        wrapped = relabel.get(str(line["label"]), str(line["label"]))
        if wrapped in _WRAPPED:
            found.keep(figures, {_WRAPPED[wrapped]: line["seconds"]})
    if "flux_submit" in figures:
        figures["flux_submit_source"] = "FLUXTIME"
    elif "rc2_elapsed" in figures:
        # The broker times the same command, only more coarsely.
        figures["flux_submit"] = figures["rc2_elapsed"]
        figures["flux_submit_source"] = "rc2"
    if request := _REQUEST.search(str(figures.get("command", ""))):
        figures["nodes_requested"], figures["tasks_requested"] = map(int, request.groups())
    faults = itertools.chain(_faults_of(figures), lammps.faults_of(found, figures, options))
    return [judge(found, figures, REQUIRED, faults, TIMES)]


def _faults_of(figures: Mapping[str, Figure]) -> Iterator[Fault]:
    """Yield what Flux says went wrong."""
    for name, told in (("job_status", "job"), ("rc2_status", "command")):
        if figures.get(name, 0) != 0:
            yield Status.FAILED, f"the {told} ended with status {figures[name]}"


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


READER = Reader(
    name="flux-operator",
    operator="Flux Operator",
    figures={**_TABLE.names(), **lammps.DERIVED, **DERIVED, **COMPANION_FIGURES},
    read=read,
    recognises=lambda data: b"FLUXTIME" in data or b"broker.info[0]:" in data,
    required=REQUIRED,
    expected=EXPECTED,
    layout=re.compile(
        r"(?:.*/)?(?P<warmup>_?)[^/]*?-(?P<size>\d+)-(?P<repetition>\d+)"
        r"-minicluster-size-(?P=size)/log\.out" + PACKED
    ),
    spelled="[_]<job>-<size>-<repetition>-minicluster-size-<size>/log.out",
    companion="meta.json",
    read_companion=read_meta,
    options=lammps.OPTIONS | {"relabel"},
)
