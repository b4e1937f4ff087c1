"""LAMMPS' own output: what stands in every log, whatever launched it; also the plain reader."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from heteroscope.logs.lines import Line, LineTable, unified
from heteroscope.logs.reader import Fault, Reader, Reading, Scan, Within, judge
from heteroscope.metrics import SECTIONS, Figure, Status
from heteroscope.redaction import redact

_SECTIONS = (*SECTIONS[:-1], "Sync")
_SECTION = "* | {*_min:number s} | {*_avg:number s} | {*_max:number s} | {*_varavg:number %} "

LINES = (
    Line("LAMMPS ({version:text})", collect="banners", part="banner"),
    Line("Running on {:integer} partitions of processors", part="partitions"),
    Line("{grid:grid} MPI processor grid", collect="grids"),
    Line("{atoms:integer} atoms", collect="atoms"),
    Line("read_data CPU = {read_data_cpu:number s} seconds", per_run=True, part="set-up"),
    Line("replicate CPU = {replicate_cpu:number s} seconds", per_run=True, part="set-up"),
    Line(
        "Per MPI rank memory allocation (min/avg/max) = "
        "{memory_min:number MB} | {memory_avg:number MB} | {memory_max:number MB} Mbytes",
        per_run=True,
        part="set-up",
    ),
    # The thermo table has three styles: one (or custom), yaml, and multi.
    Line("Step {:text}", part="table"),
    Line("{:integer} {:numbers}", part="row"),
    Line("keywords: [{:rest}]", part="table"),
    Line("- [{:numbers}]", part="row"),
    Line("--{:word} Step {:integer} ----- CPU = {:number} (sec) {:word}", part="multi-row"),
    Line(
        "TotEng = {:signed} KinEng = {:signed} Temp = {temp_last:signed}",
        collect="cells",
        part="cells",
    ),
    Line(
        "PotEng = {poteng_last:signed} E_bond = {:signed} E_angle = {:signed}",
        collect="cells",
        part="cells",
    ),
    Line(
        "E_coul = {:signed} E_long = {:signed} Press = {press_last:signed}",
        collect="cells",
        part="cells",
    ),
    Line(
        "Loop time of {loop_time:number s} on {procs:integer} procs "
        "for {steps:integer} steps with {atoms:integer} atoms",
        per_run=True,
        part="loop",
    ),
    # What comes before the time steps goes by the unit style; the rate was added in August 2023.
    *(
        Line(f"Performance: {speed}{{timesteps_per_s:number 1/s}} timesteps/s{rate}", per_run=True)
        for speed in (
            "{ns_per_day:number ns/day} ns/day, {hours_per_ns:number h/ns} hours/ns, ",
            "{tau_per_day:number tau/day} tau/day, ",
            "{fs_per_day:number fs/day} fs/day, {hours_per_fs:number h/fs} hours/fs, ",
        )
        for rate in ("", ", {matom_steps_per_s:rate Matom-step/s}")
    ),
    Line(
        "{cpu_percent:number %}% CPU use with {ranks:integer} MPI tasks "
        "x {threads:threads} OpenMP threads",
        like="{:rest}% CPU use{:rest}",
        per_run=True,
    ),
    # With OpenMP and `timer full`, a second table of the same sections follows, for one rank.
    Line("Thread timing breakdown (MPI rank {:integer}):", part="threads"),
    Line(_SECTION + "| {*_percent:number %}", keys=_SECTIONS, per_run=True, part="section"),
    Line(
        _SECTION + "| {*_cpu_percent:number %} | {*_percent:number %}",
        keys=_SECTIONS,
        per_run=True,
        part="section",
    ),
    # What is left of the loop: rounding can make it negative.
    Line("Other | | {other_avg:signed s} | | | {other_percent:signed %}", per_run=True),
    Line("Other | | {other_avg:signed s} | | | | {other_percent:signed %}", per_run=True),
    Line(
        "*: {*_ave:number} ave {*_max:number} max {*_min:number} min",
        keys=("Nlocal", "Nghost", "Neighs"),
        per_run=True,
    ),
    Line("Total wall time: {walltime:clock s}", part="end"),
    Line("ERROR: {message:text}", collect="errors"),
    Line("ERROR on proc {:integer}: {message:text}", collect="errors"),
    # Since July 2025 the place in the source stands on the line after the error.
    Line("For more information see {where:text}", collect="places"),
    # Words of the MPI libraries.
    Line("MPI_ABORT was invoked on rank {:rest}", part="abort"),
    Line("application called MPI_Abort({:rest}", part="abort"),
    Line("Abort({:rest}", part="abort"),
    Line("= BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES", part="abort"),
    Line("mpirun detected that one or more processes exited with non-zero{:rest}", part="abort"),
    Line("mpirun noticed that process rank {:rest}", part="abort"),
    Line("Primary job terminated normally, but {:rest}", part="abort"),
    Line("There are not enough slots available in the system{:rest}", part="abort"),
    Line("It looks like MPI_INIT failed for some reason{:rest}", part="abort"),
)

# Figures that are made of several lines.
DERIVED = {
    "lammps_version": "",
    "grid_read": "",
    "grid": "",
    "atoms_read": "",
    "thermo_rows": "",
    "temp_last": "K",
    "poteng_last": "kcal/mol",
    "press_last": "atm",
    "matom_steps_per_s": "Matom-step/s",
}
_THERMO = {"Temp": "temp_last", "PotEng": "poteng_last", "Press": "press_last"}
# What is set up once serves all runs after it.
_SET_UP_ONCE = ("read_data_cpu", "replicate_cpu", "memory_min", "memory_avg", "memory_max")

# A trial that lacks one of these did not come to its end.
REQUIRED = ("loop_time", "walltime")
EXPECTED = (
    *("lammps_version", "grid", "memory_min", "memory_avg", "memory_max", "thermo_rows"),
    *("loop_time", "procs", "steps", "atoms", "timesteps_per_s", "matom_steps_per_s"),
    *("cpu_percent", "ranks", "threads"),
    *(
        f"{section}_{what}"
        for section in ("pair", "neigh", "comm", "output", "modify")
        for what in ("min", "avg", "max", "varavg", "percent")
    ),
    *("other_avg", "other_percent"),
    *(f"{what}_{of}" for what in ("nlocal", "nghost", "neighs") for of in ("ave", "max", "min")),
    "walltime",
)
# The total has whole seconds, truncated.
TIMES = (Within("loop_time", "walltime", 1.0),)
# Times steps a second are printed with three digits, the loop time with six that count.
_RATE_STEP, _LOOP_PRECISION = 6e-4, 1e-5

OPTIONS = frozenset({"lammps_run"})
LAST = "last"

_EMPTY = (
    "the log is empty: nothing was printed (`-screen none`? LAMMPS then writes its own log.lammps "
    "alone)"
)

_PLACE = re.compile(r" ?\((?:\S{0,255}/)?([\w.-]{1,255}:\d{1,9})\)$")


class _Scanner:
    """Sorts the lines of one log into its runs, of which the last is being read."""

    def __init__(self, table: LineTable) -> None:
        self.found = Scan()
        self._table = table
        self._inside = False
        self._threads = False
        self._columns: list[str]
        self._row: tuple[int, bytes, list[bytes]] | None
        self._handlers: Mapping[str, Callable[[int, bytes], None]] = {
            "banner": self._begin_log,
            "set-up": self._set_up,
            "table": self._begin_table,
            "row": self._take_row,
            "multi-row": self._begin_multi_row,
            "loop": self._end_loop,
            "threads": self._begin_threads,
            "end": self._end_log,
            "abort": self._take_abort,
        }
        self._begin_run()

    def scan(self, data: bytes) -> Scan:
        """Sort the lines of a log."""
        found, handlers = self.found, self._handlers
        found.parts["blank"] = not data or data.isspace()
        for number, line, text, figures in self._table.findings(unified(data)):
            found.foreign_lines += line.foreign and self._inside
            if line.count:
                found.parts[line.count] += 1
                continue
            if figures is None:
                found.garble(number, text)
                continue
            if line.part:
                found.parts[line.part] += 1
                if handler := handlers.get(line.part):
                    handler(number, text)
                elif line.part == "section" and self._threads:
                    continue
            if line.part == "cells":
                self._run.update(figures)
            elif line.collect:
                found.collected[line.collect].append(figures)
            elif figures:
                found.keep(self._run if line.per_run else found.figures, figures)
        found.figures |= {count: found.parts[count] for count in self._table.counts}
        return found

    def _begin_log(self, *_: object) -> None:
        self._inside = True
        self.found.parts["apart"] += "end" in self.found.parts

    def _begin_run(self) -> None:
        self._run: dict[str, Figure] = {}
        # A run that was broken off leaves its table open.
        self._columns, self._row = [], None
        self._threads = False
        self.found.runs.append(self._run)

    def _set_up(self, *_: object) -> None:
        if "memory_avg" in self._run or "loop_time" in self._run:
            self._begin_run()

    def _begin_table(self, number: int, text: bytes) -> None:
        # A run that does without set-up (`pre no`) begins with its table.
        if "thermo_rows" in self._run or "loop_time" in self._run:
            self._begin_run()
        self._columns = re.findall(r"[^\s',\[\]]+", text.decode("utf-8", "replace"))
        if self._columns[0] == "keywords:":
            del self._columns[0]
        self._row = None
        self._run["thermo_rows"] = 0

    def _take_row(self, number: int, text: bytes) -> None:
        """Take notice of a row of the table; what has another number of cells is none."""
        cells = (
            text.strip(b"- [],").replace(b",", b" ").split() if text[:2] == b"- " else text.split()
        )
        if self._columns and len(cells) == len(self._columns):
            self._row = number, text, cells
            self._run["thermo_rows"] = int(self._run["thermo_rows"]) + 1

    def _begin_multi_row(self, *_: object) -> None:
        if "loop_time" in self._run:
            self._begin_run()
        self._run["thermo_rows"] = int(self._run.get("thermo_rows", 0)) + 1

    def _end_loop(self, *_: object) -> None:
        """Keep the last row of the table."""
        if self._row is None:
            return
        number, text, cells = self._row
        for column, cell in zip(self._columns, cells, strict=True):
            if column in _THERMO:
                # A system that has blown up has a temperature that is none.
                try:
                    value = float(cell)
                except ValueError:
                    value = math.nan
                if math.isfinite(value):
                    self._run[_THERMO[column]] = value
                else:
                    self.found.garble(number, text)
        self._columns, self._row = [], None

    def _begin_threads(self, *_: object) -> None:
        self._threads = True

    def _end_log(self, *_: object) -> None:
        self._inside = False
        # LAMMPS says how long it took only where nothing stopped it: an error before that is not
        # its own, but of the loader, say.
        self.found.collected.pop("errors", None)

    def _take_abort(self, number: int, text: bytes) -> None:
        if not self.found.collected["aborts"]:
            message = redact(text.decode("utf-8", "replace"))
            self.found.collected["aborts"].append({"message": message})


def scan(data: bytes, table: LineTable) -> Scan:
    """Sort the lines of one log.

    Parameters
    ----------
    data
        The log; any line ends, and any foreign lines between LAMMPS' own.
    table
        LAMMPS' lines, and those of the launcher.

    Returns
    -------
    Scan
        The figures, each in its scope.
    """
    return _Scanner(table).scan(data)


def figures_of(found: Scan, options: Mapping[str, Any]) -> dict[str, Figure]:
    """Return the figures of a log: those of the whole, and those of the run that is meant.

    Parameters
    ----------
    found
        The lines of the log.
    options
        ``lammps_run``: which run is meant, from 1, or ``last`` (the default): the last dynamics
        run.  A run is dynamics if LAMMPS states its performance, which it does not for a
        minimisation or for ``run 0``; where it states none, the last run that ended counts.
    """
    wanted = _wanted(options)
    if not wanted:
        ended = [run for run in found.runs if "loop_time" in run]
        dynamics = [run for run in ended if "timesteps_per_s" in run]
        chosen = (dynamics or ended or found.runs)[-1]
    else:
        chosen = found.runs[wanted - 1] if wanted <= len(found.runs) else {}
    figures = dict(found.figures)
    for run in found.runs:
        figures |= {name: run[name] for name in _SET_UP_ONCE if name in run}
        if run is chosen:
            break
    figures |= chosen
    for name, key, values in (
        ("lammps_version", "version", found.collected["banners"][:1]),
        ("grid_read", "grid", found.collected["grids"][:1]),
        ("grid", "grid", found.collected["grids"][-1:]),
        ("atoms_read", "atoms", found.collected["atoms"][:1]),
    ):
        for value in values:
            figures[name] = value[key]
    # Before August 2023 the rate was not printed.
    loop_time = float(figures.get("loop_time", 0))
    if loop_time > 0 and "matom_steps_per_s" not in figures:
        rate = float(figures["atoms"]) * float(figures["steps"]) / loop_time
        figures["matom_steps_per_s"] = round(rate / 1e6, 6)
    return figures


def _wanted(options: Mapping[str, Any]) -> int:
    """Return the number of the run that is meant, and 0 for the last dynamics run."""
    wanted = options.get("lammps_run") or LAST
    return 0 if wanted == LAST else int(wanted)


def faults_of(
    found: Scan, figures: Mapping[str, Figure], options: Mapping[str, Any]
) -> Iterator[Fault]:
    """Yield what is wrong with LAMMPS' output, the gravest first.

    Parameters
    ----------
    found
        The lines of the log.
    figures
        The figures that `figures_of` made of them.
    options
        As of `figures_of`.
    """
    for error in found.collected["errors"][:1]:
        told = str(error["message"])
        if not (place := _PLACE.search(told)):
            place = next(
                (_PLACE.search(str(more["where"])) for more in found.collected["places"]), None
            )
        words = _PLACE.sub("", told)
        yield Status.FAILED, f"LAMMPS stopped: {words}{f' ({place[1]})' if place else ''}"
    for abort in found.collected["aborts"][:1]:
        yield Status.FAILED, f"MPI stopped the job: {abort['message']}"
    if (banners := found.parts["banner"]) > 1:
        yield Status.FAILED, _tell_several(banners, found)
    if found.parts["end"] > 1:
        yield Status.FAILED, f"the total wall time stands {found.parts['end']} times: several logs"
    if found.parts["partitions"]:
        yield (
            Status.INCOMPLETE,
            "LAMMPS ran in partitions: the figures of each stand in its own log.lammps.N",
        )
    if not banners and not any(found.runs):
        yield Status.NOT_LAMMPS, _EMPTY if found.parts["blank"] else "no LAMMPS output"
    if (wanted := _wanted(options)) > len(found.runs):
        yield Status.INCOMPLETE, f"there is no run {wanted}: the log holds {len(found.runs)}"
    if not found.garbled and not found.conflicts:
        yield from _faults_of_loop(figures)


def _tell_several(banners: int, found: Scan) -> str:
    if found.parts["apart"]:
        return f"{banners} LAMMPS logs stand in this file, one after the other"
    return (
        f"{banners} LAMMPS processes wrote this log, each with its own banner: "
        "the launcher and the MPI library do not match"
    )


def _faults_of_loop(figures: Mapping[str, Figure]) -> Iterator[Fault]:
    """Yield what is missing from the lines after the loop, or contradicts itself in them."""
    if "loop_time" not in figures and "walltime" in figures:
        yield Status.INCOMPLETE, "no loop_time: no time steps were run, or `timer off`"
    if {"procs", "ranks", "threads"} <= figures.keys():
        procs, ranks, threads = (int(figures[name]) for name in ("procs", "ranks", "threads"))
        if procs != ranks * threads:
            yield Status.INCOMPLETE, f"{procs} procs are not {ranks} ranks x {threads} threads"
    if {"loop_time", "steps", "timesteps_per_s"} <= figures.keys():
        time, steps, rate = (
            float(figures[name]) for name in ("loop_time", "steps", "timesteps_per_s")
        )
        if abs(rate * time - steps) > _RATE_STEP * time + _LOOP_PRECISION * steps:
            yield (
                Status.INCOMPLETE,
                (f"loop_time of {time} s for {steps:.0f} steps contradicts {rate} timesteps/s"),
            )


_TABLE = LineTable(LINES)


def read(data: bytes, options: Mapping[str, Any]) -> list[Reading]:
    """Read one plain log: LAMMPS' standard output, or its ``log.lammps``.

    Parameters
    ----------
    data
        The log.
    options
        As of `figures_of`.
    """
    found = scan(data, _TABLE)
    figures = figures_of(found, options)
    return [judge(found, figures, REQUIRED, faults_of(found, figures, options), TIMES)]


READER = Reader(
    name="lammps",
    operator="LAMMPS",
    figures={**_TABLE.names(), **DERIVED},
    read=read,
    recognises=lambda data: b"LAMMPS (" in data,
    required=REQUIRED,
    expected=EXPECTED,
    options=OPTIONS,
)
