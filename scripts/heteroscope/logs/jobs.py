"""A file becomes the readings of its trials: what a launcher wrote around an application's output.

A file may hold one job or several: a job that was started again after its node had failed writes
into the same file.  Each is judged by itself, and then it is chosen which of them counts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from heteroscope.logs import companions, deaths
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.plain import plain
from heteroscope.logs.reader import (
    Application,
    Fault,
    Launcher,
    Reader,
    Reading,
    Scan,
    Trial,
    Within,
)
from heteroscope.logs.scan import scan
from heteroscope.metrics import Figure, Status, UserError

# What a job script of the study writes around a job, whatever launched it.
LINES = (
    Line("Start time: {started_at:unix}", part="begin"),
    Line("End time: {ended_at:unix}", collect="ends", part="done"),
    # What Flux says and deaths.py does not know is harmless.
    Line("{:number}s: flux-shell[{:integer}]: {:text}", foreign=True),
)
# Figures of any log, whatever its launcher.
_COMMON = {
    **companions.FIGURES,
    "command": "",
    "problem": "",
    "prefix": "",
    "garbled_lines": "",
}
# Of so many of the jobs in a file that do not count is told why.
_OTHERS = 3

_NODES = re.compile(r" (?:-N ?|--nodes[= ])(\d{1,9})(?= |$)")
_TASKS = re.compile(r" (?:-np? ?|--ntasks[= ]|--tasks[= ])(\d{1,9})(?= |$)")
_EXTENT = re.compile(r" -v(?:ar)? ([xyz]) (\d{1,9})(?= |$)")


def combine(launcher: Launcher, application: Application) -> Reader:
    """Return the reader of what a launcher wrote around the output of an application."""
    form = _Format(launcher, application)
    return Reader(
        name=launcher.name or application.name,
        operator=launcher.operator or application.title,
        application=application.name,
        figures=form.figures,
        read=form.read,
        recognises=launcher.recognises if launcher.name else application.recognises,
        required=application.required,
        expected=(*application.expected, *launcher.expected),
        layout=launcher.layout,
        spelled=launcher.spelled,
        started_at=launcher.started_at,
        options=application.options | launcher.options | {"job"},
    )


class _Format:
    """The logs of one launcher, with one application inside."""

    def __init__(self, launcher: Launcher, application: Application) -> None:
        self._launcher, self._application = launcher, application
        self._table = LineTable((*application.lines, *launcher.lines, *deaths.LINES, *LINES))
        self._times = (*application.times, *launcher.times)
        self.figures = {
            **self._table.names(),
            **application.figures,
            **launcher.figures,
            **_COMMON,
        }

    def read(self, data: bytes, options: Mapping[str, Any]) -> list[Reading]:
        """Read one file.

        Parameters
        ----------
        data
            The file.
        options
            ``job``: which of several jobs in a file counts, from 1, or ``last``; by default the
            only whole one.  Others as of the application and of the launcher.
        """
        log = plain(data, self._application.anchors)
        if not log.text or log.text.isspace():
            return [Reading({}, Status.NO_OUTPUT, self._application.empty)]
        prefix = {"prefix": log.prefix} if log.prefix else {}
        return [self._read(trial, options, prefix) for trial in self._launcher.split(log.text)]

    def _read(
        self, trial: Trial, options: Mapping[str, Any], prefix: Mapping[str, Figure]
    ) -> Reading:
        of = self._application
        jobs = scan(trial.text, self._table, of.begin, of.progress, trial.first)
        judged = [self._judge(job, trial, options, prefix) for job in jobs]
        return _choose(judged, options, of.title)

    def _judge(
        self, job: Scan, trial: Trial, options: Mapping[str, Any], prefix: Mapping[str, Figure]
    ) -> Reading:
        figures = {
            **job.launched.figures,
            **self._application.figures_of(job, options),
            **trial.figures,
        }
        figures |= {name: job.launched.counts[name] for name in self._table.counts}
        self._launcher.complete(figures, job, options)
        # What the launcher says itself counts before its command.
        figures = {
            **_of_command(str(figures.get("command", ""))),
            **figures,
            **_of_script(job),
            **prefix,
        }
        if job.garbled_lines:
            figures["garbled_lines"] = job.garbled_lines
        for name in job.conflicts:
            figures.pop(name, None)
        faults = itertools.chain(
            self._told(trial, job, figures),
            self._application.faults_of(job, figures, options),
            _faults_of_script(figures, job),
            self._launcher.faults(figures),
            _faults_of_figures(figures, job, self._times),
        )
        if fault := next(faults, None):
            status, reason = fault
        else:
            status, reason = Status.OK, "; ".join(self._application.notes_of(job, figures))
        return Reading(figures, status, reason, job.foreign_lines, tuple(job.conflicts))

    def _told(self, trial: Trial, job: Scan, figures: Mapping[str, Figure]) -> Iterator[Fault]:
        """Yield what those say who know that the job failed, with the cause that another tells."""
        of = self._application
        cause = of.stopped(job) or job.died(ended=not of.missing_in(job, figures))
        for status, reason in (
            *([trial.fault] if trial.fault and trial.fault[0] is Status.FAILED else []),
            *(fault for fault in self._launcher.faults(figures) if fault[0] is Status.FAILED),
        ):
            yield status, f"{reason}: {cause}" if cause else reason
        if cause:
            yield Status.FAILED, cause
        if trial.fault:
            yield trial.fault


def _of_command(command: str) -> dict[str, Figure]:
    """Return what a command says of the job: nodes, tasks, and how large the problem is."""
    figures: dict[str, Figure] = {}
    for name, pattern in (("nodes_requested", _NODES), ("tasks_requested", _TASKS)):
        if match := pattern.search(command):
            figures[name] = int(match[1])
    extents = dict(_EXTENT.findall(command))
    if len(extents) == len("xyz"):
        figures["problem"] = "x".join(extents[axis] for axis in "xyz")
    return figures


def _of_script(job: Scan) -> dict[str, Figure]:
    """Return how long a job took by the clock of its script."""
    ends = job.launched.collected["ends"][:1]
    # The application may have a clock of its own.
    if not ends or not job.parts["begin"] or "started_at" not in job.launched.figures:
        return {}
    started, ended = str(job.launched.figures["started_at"]), str(ends[0]["ended_at"])
    span = datetime.fromisoformat(ended) - datetime.fromisoformat(started)
    return {"job_runtime": span.total_seconds()}


def _faults_of_script(figures: Mapping[str, Figure], job: Scan) -> Iterator[Fault]:
    if job.parts["begin"] and not job.parts["done"]:
        yield Status.INCOMPLETE, "no End time: the job was cancelled, or failed"


def _faults_of_figures(
    figures: Mapping[str, Figure], job: Scan, times: Sequence[Within]
) -> Iterator[Fault]:
    for name, (one, other) in job.conflicts.items():
        yield Status.INCOMPLETE, f"conflict: {name} stands as {one} and {other}"
    for time in times:
        inner, outer = figures.get(time.inner), figures.get(time.outer)
        if inner is not None and outer is not None and float(inner) > float(outer) + time.slack:
            yield (
                Status.INCOMPLETE,
                (
                    f"{time.inner} of {inner} s is longer than {time.outer} of {outer} s, "
                    "which includes it: a clock was wrong"
                ),
            )


def _choose(readings: Sequence[Reading], options: Mapping[str, Any], title: str) -> Reading:
    """Return the reading of the job in a file that counts."""
    some = [of for of in readings if of.status is not Status.NO_OUTPUT] or [readings[-1]]
    wanted = options.get("job") or ""
    if wanted not in ("", "last") and not re.fullmatch(r"[1-9]\d{0,8}", str(wanted)):
        raise UserError(f"job: expected `last` or a number from 1 on, and found {wanted!r}")
    if len(some) == 1:
        return some[0]
    if wanted:
        number = len(some) if wanted == "last" else int(wanted)
        if number > len(some):
            told = f"there is no job {wanted}: the log holds {len(some)}"
            return Reading({}, Status.INCOMPLETE, told)
        return some[number - 1]
    usable = [number for number, of in enumerate(some, 1) if of.status is Status.OK]
    if len(usable) > 1:
        return Reading(
            {},
            Status.FAILED,
            f"{len(usable)} {title} logs stand in this file, one after the other: which of them "
            "counts is for the key `job` of the run to say (`job: last`, `job: 1`, …)",
        )
    if not usable:
        told = f"{some[-1].reason} (the last of {len(some)} jobs in this file, none of them whole)"
        return replace(some[-1], reason=told)
    others = [
        f"job {number} is not whole: {of.reason}"
        for number, of in enumerate(some, 1)
        if number != usable[0]
    ][:_OTHERS]
    counts = some[usable[0] - 1]
    notes = (f"job {usable[0]} of {len(some)} in this file counts", *others, counts.reason)
    return replace(counts, reason="; ".join(filter(None, notes)))
