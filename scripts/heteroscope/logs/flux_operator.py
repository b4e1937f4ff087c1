"""Logs of the Flux Operator: LAMMPS' output inside that of ``flux start`` and ``flux mini submit``.

One log is one MiniCluster.  How long it lived stands in ``meta.json``, beside the folders of the
logs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from heteroscope.logs.lines import Line
from heteroscope.logs.reader import PACKED, Fault, Launcher, Scan, Within
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
    # The command of the first form is wrapped in GNU time, whose format repeats our own label; one
    # that failed is told of as an error.
    *(
        Line(
            f"*[0]: rc2.0: {wrapped}"
            "{command:text} Exited (rc={rc2_status:integer}) {rc2_elapsed:number s}s",
            keys=("broker.info", "broker.err"),
            like="*[0]: rc2.0: {:rest} Exited {:rest}",
            foreign=True,
        )
        for wrapped in ("{:word} -f FLUXTIME fluxsubmit wall time %E ", "")
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
FIGURES = {"flux_submit": "s", "flux_submit_source": "", "flux_start": "s"}
EXPECTED = (
    *("command", "nodes_requested", "tasks_requested", "flux_submit", "flux_start"),
    *("rc2_status", "rc2_elapsed"),
    *(f"state_{state}" for state in STATES),
    "minicluster_total",
)
# Both clocks are GNU time's, in steps of 0.01 s; the total of LAMMPS is truncated.
TIMES = (
    Within("walltime", "flux_submit", 0.1),
    Within("flux_submit", "flux_start", 0.1),
    # Events are timed from the job's submission.
    Within("event_alloc", "event_start", 0.0),
    Within("event_start", "event_finish", 0.0),
)

# The broker counts in steps of 0.1 s.
_SAME_COMMAND = 0.5
_CLOCKS = {"flux_submit", "rc2_elapsed"}

# The labels of FLUXTIME lines, and the figures that they stand for.
_WRAPPED = {"fluxsubmit": "flux_submit", "fluxstart": "flux_start"}


def complete(figures: dict[str, Figure], found: Scan, options: Mapping[str, Any]) -> None:
    """Add the times of ``flux start`` and ``flux submit``.

    Parameters
    ----------
    figures
        Those of the lines.
    found
        The lines themselves.
    options
        ``relabel`` maps the label of a FLUXTIME line to what its clock truly wrapped, for campaigns
        whose script wrote the wrong word.
    """
    relabel: Mapping[str, str] = options.get("relabel", {})
    for line in found.launched.collected["fluxtimes"]:
        wrapped = relabel.get(str(line["label"]), str(line["label"]))
        if wrapped in _WRAPPED:
            found.keep(figures, {_WRAPPED[wrapped]: line["seconds"]})
    if "flux_submit" in figures:
        figures["flux_submit_source"] = "FLUXTIME"
    elif "rc2_elapsed" in figures:
        # The broker times the same command, only more coarsely.
        figures["flux_submit"] = figures["rc2_elapsed"]
        figures["flux_submit_source"] = "rc2"
    elif "event_clean" in figures:
        # Of the events, the last is timed from the job's submission.
        figures["flux_submit"] = figures["event_clean"]
        figures["flux_submit_source"] = "events"


def faults_of(figures: Mapping[str, Figure]) -> Iterator[Fault]:
    """Yield what Flux says went wrong."""
    for name, told in (("job_status", "job"), ("rc2_status", "command")):
        if (status := int(figures.get(name, 0))) != 0:
            code = f" ({spelled(status)})" if name == "job_status" else ""
            yield Status.FAILED, f"the {told} ended with status {status}{code}"
    if figures.get("flux_submit_source") == "FLUXTIME" and figures.keys() >= _CLOCKS:
        submit, rc2 = float(figures["flux_submit"]), float(figures["rc2_elapsed"])
        if abs(submit - rc2) > _SAME_COMMAND:
            yield (
                Status.INCOMPLETE,
                (
                    f"flux_submit of {submit} s is not the {rc2} s that the broker counted for the "
                    "same command: did its clock wrap flux start (`relabel`)?"
                ),
            )


def spelled(status: int) -> str:
    """Say what a wait status means.

    >>> spelled(36608), spelled(9)
    ('exit code 143', 'signal 9')
    """
    return f"signal {status & 127}" if status & 127 else f"exit code {status >> 8}"


LAUNCHER = Launcher(
    name="flux-operator",
    operator="Flux Operator",
    recognises=lambda data: any(
        words in data
        for words in (b"FLUXTIME", b"broker.info[0]:", b"broker.err[0]:", b": complete: status=")
    ),
    lines=LINES,
    figures=FIGURES,
    expected=EXPECTED,
    times=TIMES,
    complete=complete,
    faults=faults_of,
    layout=re.compile(
        r"(?:.*/)?(?P<warmup>_?)[^/]*?-(?P<size>\d+)-(?P<repetition>\d+)"
        r"-minicluster-size-(?P=size)/log\.out" + PACKED
    ),
    spelled="[_]<job>-<size>-<repetition>-minicluster-size-<size>/log.out",
    options=frozenset({"relabel"}),
)
