"""Figures -> logs: the readers' inverse.

The original logs of the example campaign carry no licence, so the project ships logs that are
*rendered* from a table of measured figures.  The same functions feed property tests, where
reading what was rendered must give the figures back, and the benchmarks of scale.

A log is a block of templates, one a line.  A line that carries figures follows the format of the
program that prints it to the letter, number of digits included; it is left out where one of its
figures is missing.  Every other line is filler of our own wording.  The traps of the real formats
are kept: foreign lines inside LAMMPS' output, mixed line ends, labels that say something else.

A figure is printed with the digits of its program (the templates show them), so only a value
that has no more digits than that is read back as it was.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Any

from heteroscope.metrics import SECTIONS, Figure

Figures = Mapping[str, Figure]


# --- How numbers are printed -------------------------------------------------------------------


def format_clock(seconds: float) -> str:
    """Print a time as LAMMPS prints its total: ``H:MM:SS``, truncated to whole seconds."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}"


def format_elapsed(seconds: float) -> str:
    """Print a time as GNU time's ``%E``: ``M:SS.cc``, and ``H:MM:SS`` from one hour on."""
    if seconds >= 3600:
        return format_clock(seconds)
    minutes, hundredths = divmod(round(seconds * 100), 6000)
    return f"{minutes}:{hundredths // 100:02d}.{hundredths % 100:02d}"


def format_duration(seconds: float) -> str:
    """Print a time as the Flux broker does: six digits in ms below 0.1 s, then in s, m or h."""
    for limit, unit, name in ((0.1, 1e-3, "ms"), (60, 1, "s"), (3600, 60, "m")):
        if seconds < limit:
            return f"{seconds / unit:.6g}{name}"
    return f"{seconds / 3600:.6g}h"


def format_grid(grid: str) -> str:
    """Print ``47x4x8`` as LAMMPS prints a grid: ``47 by 4 by 8``."""
    return grid.replace("x", " by ")


def _general(value: float, digits: int, width: int = 0) -> str:
    # LAMMPS prints these through libfmt without a type: as %g, but never without a point.  The
    # zero that comes with the point is not counted in the width.
    text = f"{value:.{digits}g}"
    whole = "." not in text and "e" not in text
    return f"{text}.".rjust(width) + "0" if whole else text.rjust(width)


_NAMED_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "clock": format_clock,
    "elapsed": format_elapsed,
    "duration": format_duration,
    "grid": format_grid,
    "mean": lambda value: _general(value, 6, width=11),
    "megabytes": lambda value: _general(value, 4),
    # Python's own seconds, as the script around the MPI Operator prints them.
    "seconds": lambda value: str(round(float(value), 6)),
}


# --- Templates ---------------------------------------------------------------------------------


def _constant(text: str) -> Callable[[Any], str]:
    return lambda _: text


def _formatter(spec: str) -> Callable[[Any], str]:
    return _NAMED_FORMATS.get(spec) or (lambda value: format(value, spec))


class Template:
    """One line of a log.

    Parameters
    ----------
    text
        The line, in the syntax of `str.format`; a field's format is one of `_NAMED_FORMATS` or
        Python's own.
    """

    def __init__(self, text: str) -> None:
        # Parsed once: the benchmarks render a hundred thousand logs.
        self._parts: list[tuple[str, Callable[[Any], str]]] = []
        for literal, name, spec, _ in Formatter().parse(text):
            if literal:
                self._parts.append(("", _constant(literal)))
            if name:
                self._parts.append((name, _formatter(spec or "")))

    def render(self, figures: Figures) -> str | None:
        """Return the line, or None where a figure that it carries is missing."""
        texts = []
        for name, to_text in self._parts:
            if name and name not in figures:
                return None
            texts.append(to_text(figures.get(name)))
        return "".join(texts)


def _block(text: str) -> tuple[Template, ...]:
    # The text begins and ends with a line end; a blank line within is one of the log.
    return tuple(Template(line) for line in text[1:-1].split("\n"))


def _render(templates: Iterable[Template], figures: Figures) -> list[str]:
    lines = (template.render(figures) for template in templates)
    return [line for line in lines if line is not None]


def _encode(lines: Iterable[str], end: str) -> bytes:
    return "".join(line + end for line in lines).encode()


# --- LAMMPS ------------------------------------------------------------------------------------

# As many lines as the campaign's LAMMPS printed, each figure at its real place: foreign lines are
# placed by the number of LAMMPS' lines before them.
_SETTING_UP = _block("""
LAMMPS ({lammps_version})
Filler: where the number of threads comes from
  using {threads:d} OpenMP thread(s) per MPI task
Filler: the unit cell is read
  (its box)
  {grid_read:grid} MPI processor grid
  (its atoms)
  {atoms_read:d} atoms
  (their velocities)
  {atoms_read:d} velocities
  read_data CPU = {read_data_cpu:.3f} seconds
Filler: the unit cell is replicated
  (the box of the system)
  {grid:grid} MPI processor grid
  (the bounding box)
  (its memory)
  (replicas per rank)
  {atoms:d} atoms
  replicate CPU = {replicate_cpu:.3f} seconds
Filler: neighbour lists and set-up
""") + tuple(Template(f"  (line {number} of 20)") for number in range(1, 21))

_MEMORY = Template(
    "Per MPI rank memory allocation (min/avg/max) = "
    "{memory_min:megabytes} | {memory_avg:megabytes} | {memory_max:megabytes} Mbytes"
)

_THERMO_HEADER = "Step Temp PotEng Press E_vdwl E_coul Volume "
_THERMO_ROW = "{:8d} {:12.8g} {:12.8g} {:12.8g} {:12.8g} {:12.8g} {:12.8g} "

_LOOP = _block("""
Loop time of {loop_time:.6g} on {procs:d} procs for {steps:d} steps with {atoms:d} atoms

Performance: {ns_per_day:.3f} ns/day, {hours_per_ns:.3f} hours/ns, {timesteps_per_s:.3f} timesteps/s
{cpu_percent:.1f}% CPU use with {ranks:d} MPI tasks x {threads:d} OpenMP threads

MPI task timing breakdown:
Section |  min time  |  avg time  |  max time  |%varavg| %total
---------------------------------------------------------------
""")

# `*` stands for the name of the section, or of what is counted on each rank.
_SECTION = "| {*_min:<10.5g} | {*_avg:<10.5g} | {*_max:<10.5g} |{*_varavg:6.1f} |{*_percent:6.2f}"
_PER_RANK = "    {*_ave:mean} ave {*_max:11.6g} max {*_min:11.6g} min"

_BREAKDOWN = (
    *(Template(f"{title:<8}" + _SECTION.replace("*", title.lower())) for title in SECTIONS[:-1]),
    Template(
        "Other   |            | {other_avg:<10.4g} |            |       |{other_percent:6.2f}"
    ),
    Template(""),
    *(
        template
        for title in ("Nlocal", "Nghost", "Neighs")
        for template in (
            Template(f"{title}:" + _PER_RANK.replace("*", title.lower())),
            Template("Filler: a histogram of ten numbers"),
        )
    ),
)

_END = _block("""

Filler: neighbours in all
Filler: neighbours per atom
Filler: builds of the neighbour lists
Filler: dangerous builds
Total wall time: {walltime:clock}
""")


def _thermo(figures: Figures) -> list[str]:
    """Return the thermo table: its last row is measured, the other rows are made up."""
    names = ("thermo_rows", "steps", "temp_last", "poteng_last", "press_last")
    if not figures.keys() >= set(names):
        return []
    rows, steps, *last = (figures[name] for name in names)
    lines = [_THERMO_HEADER]
    final = int(rows) - 1
    for row in range(int(rows)):
        values = last if row == final else [300 + row, -100 - row / 8, 1000 + row / 4]
        step = int(steps) if row == final else int(steps) * row // final
        lines.append(_THERMO_ROW.format(step, *values, -90.5, -9.5, 1e6))
    return lines


def _lammps(figures: Figures) -> list[str]:
    return [
        *_render((*_SETTING_UP, _MEMORY), figures),
        *_thermo(figures),
        *_render((*_LOOP, *_BREAKDOWN, *_END), figures),
    ]


def render_lammps(figures: Figures) -> bytes:
    """Render the standard output of LAMMPS (the format of September 2021).

    Parameters
    ----------
    figures
        Measured figures by name; what is missing is left out.

    Returns
    -------
    bytes
        The log, with LF line ends.

    Examples
    --------
    >>> print(render_lammps({"walltime": 3725}).decode().splitlines()[-1])
    Total wall time: 1:02:05
    """
    return _encode(_lammps(figures), "\n")


# --- Flux Operator -----------------------------------------------------------------------------

_FLUX_PREAMBLE = _block("""
👋 Rendered from measured figures: this is not an original log
Filler: host node-0.example.invalid, address 192.0.2.1
""")

# The certificate stands twice in each log, with a doubled CR that comes of two terminals.
_CERTIFICATE = _block("""
#   ****  A rendered certificate: it opens nothing  ****
    time = "{started_at}"
    secret-key = "NOT-A-REAL-KEY-NOT-A-REAL-KEY-NOT-A-KEY!"
""")

_BROKER_STARTS = _block("""

🌀 flux start (its options are left out)
broker.info[0]: start: none->join {state_none:duration}
broker.info[0]: parent-none: join->init {state_join:duration}
broker.info[0]: rc1.0: /rendered/rc1 Exited (rc=0) 0.4s
broker.info[0]: rc1-success: init->quorum {state_init:duration}
""")

_QUORUM = Template("broker.info[0]: quorum-full: quorum->run {state_quorum:duration}")

# The order is Flux' own, and not that of the times.
_JOB_STARTS = _block("""
ƒ{job_id}: {event_submit:.3f}s submit
ƒ{job_id}: {event_validate:.3f}s validate
ƒ{job_id}: {event_depend:.3f}s depend
ƒ{job_id}: {event_priority:.3f}s priority
ƒ{job_id}: {event_alloc:.3f}s alloc
ƒ{job_id}: {event_start:.3f}s start
ƒ{job_id}: {event_exec_init:.3f}s exec.init
ƒ{job_id}: {event_exec_starting:.3f}s exec.starting
""")
_SHELL_LOG = Template("ƒ{job_id}: {event_exec_starting:.3f}s exec.log")
_SHELL_STARTS = Template("ƒ{job_id}: {event_exec_shell_init:.3f}s exec.shell.init")

_JOB_ENDS = _block("""
ƒ{job_id}: {event_finish:.3f}s finish
ƒ{job_id}: complete: status={job_status:d}
ƒ{job_id}: {event_release:.3f}s release
ƒ{job_id}: {event_free:.3f}s free
ƒ{job_id}: {event_clean:.3f}s clean
""")

# The echo of the command repeats the words of the label in the middle of a line.
_SUBMIT_TIMED = _block("""
FLUXTIME fluxsubmit wall time {flux_submit:elapsed}
broker.info[0]: rc2.0: /usr/bin/time -f FLUXTIME fluxsubmit wall time %E \
{command} Exited (rc={rc2_status:d}) {rc2_elapsed:.1f}s
""")
_SUBMIT_UNTIMED = _block("""
broker.info[0]: rc2.0: {command} Exited (rc={rc2_status:d}) {rc2_elapsed:.1f}s
""")

_BROKER_STOPS = _block("""
broker.info[0]: rc2-success: run->cleanup {state_run:duration}
broker.info[0]: cleanup.0: /rendered/cleanup Exited (rc=0) 0.0s
broker.info[0]: cleanup-success: cleanup->shutdown {state_cleanup:duration}
""")
_LOST = (
    "broker.err[0]: lammps-{0} (rank {0}) transitioning to LOST due to EHOSTUNREACH error on send"
)
_BROKER_ENDS = _block("""
broker.info[0]: children-complete: shutdown->finalize {state_shutdown:duration}
broker.info[0]: rc3.0: /rendered/rc3 Exited (rc=0) 0.1s
broker.info[0]: rc3-success: finalize->goodbye {state_finalize:duration}
broker.info[0]: goodbye: goodbye->exit {state_goodbye:duration}
""")

_START_TIMED = Template("FLUXTIME fluxstart wall time {flux_start:elapsed}")
# Where flux submit is not timed, flux start is, and the label says the former: a slip of the
# campaign's second run.
_START_MISLABELLED = Template("FLUXTIME fluxsubmit wall time {flux_start:elapsed}")


def render_flux_operator(figures: Figures) -> bytes:
    """Render a log of the Flux Operator, LAMMPS' output within.

    Parameters
    ----------
    figures
        Measured figures by name; what is missing is left out.  Without ``flux_submit`` the one
        time of the log is mislabelled, as in the campaign's second run.
        ``lammps_lines_before_finish`` says how many of LAMMPS' lines stand before the events that
        end the job: 0 for none, and all if it is missing.

    Returns
    -------
    bytes
        The log, in UTF-8, with CRLF line ends, and CR CR LF in the certificate.
    """
    timed = "flux_submit" in figures
    lammps = _lammps(figures)
    place = int(figures.get("lammps_lines_before_finish", len(lammps)))
    before = [
        *_render(_BROKER_STARTS, figures),
        *_quorum_delayed(figures),
        *_render((_QUORUM, *_JOB_STARTS), figures),
        *_render([_SHELL_LOG] * int(figures.get("exec_log_lines", 0)), figures),
        *_render((_SHELL_STARTS,), figures),
    ]
    after = [
        *_render((*(_SUBMIT_TIMED if timed else _SUBMIT_UNTIMED), *_BROKER_STOPS), figures),
        *(_LOST.format(rank) for rank in range(1, int(figures.get("broker_lost", 0)) + 1)),
        *_render((*_BROKER_ENDS, _START_TIMED if timed else _START_MISLABELLED), figures),
    ]
    certificate = _encode(_render(_CERTIFICATE, figures), "\r\r\n")
    return b"".join(
        (
            _encode(_render(_FLUX_PREAMBLE, figures), "\r\n"),
            certificate * 2,
            _encode([*before, *lammps[:place]], "\r\n"),
            _encode(_render(_JOB_ENDS, figures), "\r\n"),
            _encode([*lammps[place:], *after], "\r\n"),
        )
    )


def _quorum_delayed(figures: Figures) -> Iterator[str]:
    # An error line of the broker that is no lost broker; it comes when a node is late by a minute.
    last = int(figures.get("size", 1)) - 1
    if last > 0 and float(figures.get("state_quorum", 0)) >= 60:
        yield f"broker.err[0]: quorum delayed: waiting for lammps-[1-{last}] (rank 1-{last})"


# --- MPI Operator ------------------------------------------------------------------------------

_MPI_START = _block("""
+ echo 'Rendered from measured figures: this is not an original log'
+ {command}
""")
_HOST_KEY = "Filler: the key of 192.0.2.{} is now known"

_MPI_TIMES = _block("""
real {mpirun_real:.2f}
user {mpirun_user:.2f}
sys {mpirun_sys:.2f}
Mapping for job {job_id} for scheduler {scheduler}
""")
_WORKER = "lammps-{0}-worker-{1} --> node-{1}.example.invalid"
_HOST = "node-{}.example.invalid ran {} pods in zone us-east-2{}"
_ZONES = "bcadef"

# "pods per node" has no value, and the end-to-end time no "is".
_MPI_JOB = _block("""
Run configuration for job {job_id}:
Ranks: {ranks:d}, pods: {size:d}, pods per node: Slots per pod: {slots_per_pod:d}, \
GiB memory per pod: {memory_per_pod:d}
MPIJob startup time for job lammps-{job_id} is {mpijob_startup:seconds} seconds
MPIJob runtime for job lammps-{job_id} is {mpijob_runtime:seconds} seconds
MPIJob end-to-end time for job lammps-{job_id} {mpijob_end_to_end:seconds} seconds
""")


def render_mpi_operator(figures: Figures) -> bytes:
    """Render a log of the MPI Operator, LAMMPS' output within.

    Parameters
    ----------
    figures
        Measured figures by name; what is missing is left out.

    Returns
    -------
    bytes
        The log: LF line ends, but CRLF where ssh speaks.
    """
    workers = int(figures.get("mapped_workers", 0))
    zones = int(figures.get("zones", 1))
    # The fullest host comes first; the others ran one pod each.
    pods = [int(figures.get("max_pods_per_host", 1))] + [1] * int(figures.get("hosts", 0))
    lines = [
        *_lammps(figures),
        *_render(_MPI_TIMES, figures),
        *(_WORKER.format(figures.get("job_id", ""), worker) for worker in range(workers)),
        *(
            _HOST.format(host, pods[host], _ZONES[host % zones])
            for host in range(int(figures.get("hosts", 0)))
        ),
        *_render(_MPI_JOB, figures),
    ]
    return b"".join(
        (
            _encode(_render(_MPI_START, figures), "\n"),
            # A few are enough for the mixed line ends.
            _encode((_HOST_KEY.format(host) for host in (1, 2, 3)), "\r\n"),
            _encode(lines, "\n"),
        )
    )


# Key of the record -> name of the figure.
_RESULT_KEYS = {
    "pods": "size",
    "zones": "zones",
    "max_ppn": "max_pods_per_host",
    "ranks": "ranks",
    "scheduler": "scheduler",
    "real": "mpirun_real",
    "startup_time": "mpijob_startup",
    "runtime": "mpijob_runtime",
    "end_to_end_time": "mpijob_end_to_end",
    "lammps_time": "walltime",
    "timesteps/s": "timesteps_per_s",
}


def render_flux_jobs(figures: Figures) -> bytes:
    """Render a log of a Flux job: LAMMPS' output, then the jobspec and the events.

    Parameters
    ----------
    figures
        Figures by name; of LAMMPS, what is missing is left out.  Of the job there must be ``size``
        (its nodes), ``tasks_requested``, ``command``, ``began`` (UNIX seconds) and
        ``job_runtime``; ``job_status`` is 0 if it is missing, and without ``study`` the job has no
        name.

    Returns
    -------
    bytes
        The log, with LF line ends.
    """
    nodes, began = int(figures["size"]), float(figures["began"])
    slot = {
        **{"type": "slot", "count": int(figures["tasks_requested"]) // nodes, "label": "task"},
        "with": [{"type": "core", "count": 1}],
    }
    spec = {
        "resources": [{"type": "node", "count": nodes, "with": [slot]}],
        "tasks": [{"command": str(figures["command"]).split(), "slot": "task"}],
        "attributes": {
            "system": {"cwd": "/rendered", "shell": {"options": {"cpu-affinity": "per-task"}}},
            "user": {"study_id": figures["study"]} if "study" in figures else {},
        },
        "version": 1,
    }
    end = began + 0.25 + float(figures["job_runtime"])
    events: tuple[tuple[float, str, dict[str, Figure]], ...] = (
        (began, "init", {}),
        (began + 0.125, "starting", {}),
        (began + 0.25, "shell.start", {}),
        (end, "complete", {"status": figures.get("job_status", 0)}),
        (end, "done", {}),
    )
    lines = (
        *_lammps(figures),
        *("START OF JOBSPEC", json.dumps(spec), "START OF EVENTLOG"),
        *(
            json.dumps({"timestamp": at, "name": name, **({"context": said} if said else {})})
            for at, name, said in events
        ),
        "",
    )
    return _encode(lines, "\n")


def render_mpi_results(records: Iterable[Figures]) -> bytes:
    """Render the results of many trials of the MPI Operator: one JSON array, an object a trial.

    Parameters
    ----------
    records
        Measured figures by name, a mapping a trial; what is missing is left out.
    """
    return _encode_json([_result(figures) for figures in records])


def _result(figures: Figures) -> dict[str, Figure]:
    result = {key: figures[name] for key, name in _RESULT_KEYS.items() if name in figures}
    if "atoms" in figures and "timesteps_per_s" in figures:
        # The figure of merit of the format: atom-steps per second.
        result["FOM"] = float(figures["atoms"]) * float(figures["timesteps_per_s"])
    return result


# --- Campaign ----------------------------------------------------------------------------------


def render_meta(trials: Iterable[Figures], cluster: Figures | None = None) -> bytes:
    """Render ``meta.json``: how long each MiniCluster of a run lived, and what it ran.

    Parameters
    ----------
    trials
        Figures of each trial, in order of execution.
    cluster
        Of the run as a whole: ``create_cluster`` and ``destroy_cluster`` in seconds, and
        ``command``, ``cpu``, ``cores`` of each job; what is missing is left out.
    """
    trials = list(trials)
    cluster = cluster or {}
    times: dict[str, Figure] = {}
    if "create_cluster" in cluster:
        times["create-cluster"] = cluster["create_cluster"]
    for trial in trials:
        if "minicluster_total" in trial:
            times[f"minicluster-run-{_folder(trial)}"] = trial["minicluster_total"]
    if "destroy_cluster" in cluster:
        times["destroy-cluster"] = cluster["destroy_cluster"]
    jobs = {
        "lmp-{size}-{repetition}".format_map(trial): {
            **{key: cluster[key] for key in ("command", "cpu", "cores") if key in cluster},
            "tasks": trial["ranks"],
            "size": trial["size"],
        }
        for trial in trials
    }
    return _encode_json({"times": times, "jobs": jobs})


def _folder(trial: Figures) -> str:
    return "lmp-{size}-{repetition}-minicluster-size-{size}".format_map(trial)


def _encode_json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _flux_operator_files(trials: Sequence[Figures], cluster: Figures) -> dict[str, bytes]:
    files = {
        f"{'_' if trial.get('warmup') else ''}{_folder(trial)}/log.out": render_flux_operator(trial)
        for trial in trials
    }
    return {**files, "meta.json": render_meta(trials, cluster)}


def _mpi_operator_files(trials: Sequence[Figures], _: Figures) -> dict[str, bytes]:
    return {
        "lammps_{job_id}_{scheduler}_{time:%Y-%m-%d_T%H%M_%S}.out".format(
            **trial, time=datetime.fromisoformat(str(trial["started_at"]))
        ): render_mpi_operator(trial)
        for trial in trials
    }


def _mpi_results_files(trials: Sequence[Figures], _: Figures) -> dict[str, bytes]:
    return {"mpi_operator_results.json": render_mpi_results(trials)}


_LAYOUTS: Mapping[str, Callable[[Sequence[Figures], Figures], dict[str, bytes]]] = {
    "flux-operator": _flux_operator_files,
    "mpi-operator": _mpi_operator_files,
    "mpi-results": _mpi_results_files,
}


def campaign_files(trials: Iterable[Figures], clusters: Iterable[Figures] = ()) -> dict[str, bytes]:
    """Render all files of a campaign.

    Parameters
    ----------
    trials
        Figures of each trial; also its ``run`` and its ``operator`` (a reader's name), ``size``,
        ``repetition``, ``order`` of execution and, for a warm-up, ``warmup``.
    clusters
        Figures of each ``run`` as a whole (see `render_meta`).

    Returns
    -------
    dict
        Path below the campaign's directory -> content.

    Raises
    ------
    KeyError
        An operator for which there is no layout.
    """
    of_run = {str(cluster["run"]): cluster for cluster in clusters}
    runs: dict[tuple[str, str], list[Figures]] = {}
    for trial in sorted(trials, key=lambda trial: int(trial["order"])):
        runs.setdefault((str(trial["run"]), str(trial["operator"])), []).append(trial)
    return {
        f"{run}/{path}": content
        for (run, operator), members in sorted(runs.items())
        for path, content in _LAYOUTS[operator](members, of_run.get(run, {})).items()
    }


def render_campaign(
    trials: Iterable[Figures], directory: Path, clusters: Iterable[Figures] = ()
) -> list[str]:
    """Write all files of a campaign (see `campaign_files`) below a directory.

    Returns
    -------
    list of str
        Paths of the files that were written, below the directory.
    """
    written = []
    for path, content in campaign_files(trials, clusters).items():
        file = directory / path
        # A file that is up to date keeps its time, or the workflow would read its run again.
        if file.is_file() and file.read_bytes() == content:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        written.append(path)
    return written


def stale_files(
    trials: Iterable[Figures], directory: Path, clusters: Iterable[Figures] = ()
) -> list[str]:
    """Return the files of a campaign that are missing, out of date, or no longer part of it."""
    files = campaign_files(trials, clusters)
    present = {
        file.relative_to(directory).as_posix()
        for run in {path.partition("/")[0] for path in files}
        for file in (directory / run).rglob("*")
        if file.is_file()
    }
    out_of_date = {
        path for path in present & files.keys() if (directory / path).read_bytes() != files[path]
    }
    return sorted(out_of_date | (present ^ files.keys()))


# --- Tables ------------------------------------------------------------------------------------

_TEXT = frozenset(
    {"run", "operator", "scheduler", "job_id", "command", "started_at"}
    | {"lammps_version", "grid_read", "grid"}
)


def read_figures(table: Path) -> list[dict[str, Figure]]:
    """Read a table of figures: a row a trial, a column a figure, an empty cell where it is missing.

    Parameters
    ----------
    table
        A CSV file.
    """
    with table.open(encoding="utf-8", newline="") as file:
        return [
            {name: _figure(name, cell) for name, cell in row.items() if cell != ""}
            for row in csv.DictReader(file)
        ]


def _figure(name: str, cell: str) -> Figure:
    if name in _TEXT:
        return cell
    try:
        return int(cell)
    except ValueError:
        return float(cell)
