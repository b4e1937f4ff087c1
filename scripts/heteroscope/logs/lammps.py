"""LAMMPS' own output: what stands in every log, whatever launched it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from heteroscope.logs.lines import Line
from heteroscope.logs.reader import Fault, Scan, Within
from heteroscope.metrics import SECTIONS, Figure, Status

_SECTIONS = (*SECTIONS[:-1], "Sync")
_SECTION = "* | {*_min:number s} | {*_avg:number s} | {*_max:number s} | {*_varavg:spread %} "
# What the lines of the thermo style `multi` may begin with.
CELLS = (
    *("TotEng", "KinEng", "Temp", "PotEng", "E_bond", "E_angle", "E_dihed", "E_impro", "E_vdwl"),
    *("E_coul", "E_long", "Press", "Volume"),
)

LINES = (
    Line("LAMMPS ({version:text})", collect="banners", part="banner"),
    Line("Running on {:integer} partitions of processors", part="partitions"),
    # A row of the thermo table: the most frequent line comes first.
    Line("{:integer} {:numbers}", part="row"),
    Line("{grid:grid} MPI processor grid", collect="grids"),
    Line("{atoms:integer} atoms", collect="atoms"),
    # To the middle of 2020 the unit was spelled in short.
    *(
        Line(f"{what} CPU = {{{name}:number s}} {unit}", per_run=True, part="set-up")
        for what, name in (("read_data", "read_data_cpu"), ("replicate", "replicate_cpu"))
        for unit in ("seconds", "secs")
    ),
    # On the screen, and of the input script in log.lammps.
    Line("Unit style : {units:name}"),
    Line("units {units:name}"),
    Line("KOKKOS mode with Kokkos version {:name} is enabled {:rest}", part="KOKKOS"),
    Line("KOKKOS mode is enabled {:rest}", part="KOKKOS"),
    Line("will use up to {gpus_per_node:integer} GPU(s) per node"),
    Line("- Using acceleration for {:rest}", part="GPU"),
    Line("Using INTEL Package {:rest}", part="INTEL"),
    Line(
        "Per MPI rank memory allocation (min/avg/max) = "
        "{memory_min:number MB} | {memory_avg:number MB} | {memory_max:number MB} Mbytes",
        per_run=True,
        part="set-up",
    ),
    # Before 2017.
    Line(
        "Memory usage per processor = {memory_per_processor:number MB} Mbytes",
        per_run=True,
        part="set-up",
    ),
    # The thermo table has three styles: one (or custom), yaml, and multi.
    Line("Step {:columns}", part="table"),
    Line("keywords: [{:rest}]", part="table"),
    Line("- [{:numbers}]", part="row"),
    Line("--{:word} Step {:integer} ----- CPU = {:number} (sec) {:word}", part="multi-row"),
    Line("* = {:rest}", keys=CELLS, part="cells"),
    Line(
        "Loop time of {loop_time:number s} on {procs:integer} procs "
        "for {steps:integer} steps with {atoms:integer} atoms",
        per_run=True,
        part="loop",
    ),
    Line(
        "Loop time of {loop_time:number s} on {procs:integer} procs "
        "({ranks:integer} MPI x {threads:integer} OpenMP) "
        "for {steps:integer} steps with {atoms:integer} atoms",
        per_run=True,
        part="loop",
    ),
    # What comes before the time steps goes by the unit style; the rate was added in August 2023.
    *(
        Line(
            f"Performance: {speed}{{timesteps_per_s:number 1/s}} timesteps/s{rate}",
            per_run=True,
            part="speed",
        )
        for speed in (
            "{ns_per_day:number ns/day} ns/day, {hours_per_ns:number h/ns} hours/ns, ",
            "{tau_per_day:number tau/day} tau/day, ",
            "{fs_per_day:number fs/day} fs/day, {hours_per_fs:number h/fs} hours/fs, ",
        )
        for rate in ("", ", {matom_steps_per_s:rate Matom-step/s}")
    ),
    # In 2014 there were no commas.
    *(
        Line(
            f"Performance: {speed} {{timesteps_per_s:number 1/s}} timesteps/s",
            per_run=True,
            part="speed",
        )
        for speed in (
            "{ns_per_day:number ns/day} ns/day {hours_per_ns:number h/ns} hours/ns",
            "{tau_per_day:number tau/day} tau/day",
            "{fs_per_day:number fs/day} fs/day {hours_per_fs:number h/fs} hours/fs",
        )
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
    # Before 2015.
    Line(
        "* time (%) = {*_avg:signed s} ({*_percent:signed %})",
        keys=("Pair", "Bond", "Neigh", "Comm", "Other"),
        per_run=True,
    ),
    Line("Kspce time (%) = {kspace_avg:number s} ({kspace_percent:number %})", per_run=True),
    Line("Outpt time (%) = {output_avg:number s} ({output_percent:number %})", per_run=True),
    # What is left of the loop: rounding can make it negative.
    Line("Other | | {other_avg:signed s} | | | {other_percent:signed %}", per_run=True),
    Line("Other | | {other_avg:signed s} | | | | {other_percent:signed %}", per_run=True),
    Line(
        "*: {*_ave:number} ave {*_max:number} max {*_min:number} min",
        keys=("Nlocal", "Nghost", "Neighs"),
        per_run=True,
    ),
    # What a run begins with on the screen, and what the statistics after it end with.
    Line("Setting up {:text} ...", part="set up"),
    Line("Neighbor list info ...", part="neighbours"),
    Line("Dangerous builds = {:integer}", part="told"),
    Line("Dangerous builds not checked", part="told"),
    Line("Total wall time: {walltime:clock s}", part="end"),
    Line("ERROR: {message:complaint}", collect="errors"),
    Line("ERROR on proc {:integer}: {message:text}", collect="errors"),
    # Since July 2025 the place in the source stands on the line after the error.
    Line("For more information see {where:text}", collect="places"),
)

# Figures that are made of several lines.
DERIVED = {
    "lammps_version": "",
    "grid_read": "",
    "grid": "",
    "atoms_read": "",
    "thermo_rows": "",
    # In the units of LAMMPS' unit style, which `units` names: energies of a log in eV are no
    # kcal/mol.
    "temp_last": "",
    "poteng_last": "",
    "press_last": "",
    "matom_steps_per_s": "Matom-step/s",
    "accelerator": "",
}
_PACKAGES = ("KOKKOS", "GPU", "INTEL")
THERMO = {"Temp": "temp_last", "PotEng": "poteng_last", "Press": "press_last"}
# What is set up once serves all runs after it.
MEMORY = ("memory_min", "memory_avg", "memory_max", "memory_per_processor")
_SET_UP_ONCE = ("read_data_cpu", "replicate_cpu", *MEMORY)

# A trial that lacks one of these did not come to its end.
REQUIRED = ("loop_time",)
# What LAMMPS tells after the loop, if it tells anything (`post no`).
_TOLD_AFTER = ("cpu_percent", "timesteps_per_s", "pair_avg", "nlocal_ave")
# Before, not every LAMMPS printed how long it took in all.
_WALLTIME_SINCE = 2017
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

# What LAMMPS prints where it stops before its banner.
_EARLY = re.compile(rb"ERROR[^\n]{0,1000}\(\S{0,200}\.cpp:\d{1,9}\)")
# SPARTA is made of the same code, and counts particles.
_LOOP = re.compile(rb"Loop time of (?![^\n]{0,200} particles)")
_PLACE = re.compile(r" ?\((?:\S{0,255}/)?([\w.-]{1,255}:\d{1,9})\)$")


def recognises(data: bytes) -> bool:
    """Return whether LAMMPS printed any of a log."""
    return b"LAMMPS (" in data or bool(_LOOP.search(data) or _EARLY.search(data))


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
    for package in _PACKAGES:
        if found.parts[package]:
            figures["accelerator"] = package
    for name, style in (("tau_per_day", "lj"), ("fs_per_day", "electron")):
        if name in figures:
            figures.setdefault("units", style)
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
    if (banners := found.parts["banner"]) > 1:
        yield Status.FAILED, _tell_several(banners)
    if found.parts["end"] > 1:
        yield Status.FAILED, f"the total wall time stands {found.parts['end']} times: several logs"
    if found.parts["partitions"]:
        yield (
            Status.INCOMPLETE,
            "LAMMPS ran in partitions: the figures of each stand in its own log.lammps.N",
        )
    if not begun(found):
        yield Status.NO_OUTPUT, "no LAMMPS output"
    if (wanted := _wanted(options)) > len(found.runs):
        yield Status.INCOMPLETE, f"there is no run {wanted}: the log holds {len(found.runs)}"
    for blown in found.collected["blown"][:1]:
        yield (
            Status.FAILED,
            f"the system blew up: temperature is {blown['temperature']} at step {blown['step']}",
        )
    yield from _faults_of_end(found, figures)
    # Which run is dynamics is what the lines of performance tell.
    several = sum("loop_time" in run for run in found.runs) > 1
    if several and not wanted and found.garbled and found.parts["garbled speed"]:
        yield Status.INCOMPLETE, f"{found.garbled.told()}: which run counts is not known"
    if not found.conflicts:
        yield from _faults_of_loop(figures)


def stopped(found: Scan) -> str:
    """Say with which error LAMMPS stopped, if it did."""
    for error in found.collected["errors"][:1]:
        told = str(error["message"])
        if not (place := _PLACE.search(told)):
            place = next(
                (_PLACE.search(str(more["where"])) for more in found.collected["places"]), None
            )
        words = _PLACE.sub("", told)
        return f"LAMMPS stopped: {words}{f' ({place[1]})' if place else ''}"
    return ""


def begun(found: Scan) -> bool:
    """Say whether there is any output of LAMMPS."""
    return bool(found.parts["banner"] or found.parts["garbled"] or any(found.runs))


def notes_of(found: Scan, figures: Mapping[str, Figure]) -> Iterator[str]:
    """Yield what else there is to know of a log that can be used."""
    if not found.parts["banner"]:
        yield "there is LAMMPS output, but not its first line"
    if "walltime" not in figures:
        yield "this version prints no wall time"
    if found.garbled:
        yield found.garbled.told()


def missing_in(found: Scan, figures: Mapping[str, Figure]) -> list[str]:
    """Return what is missing that LAMMPS prints at its end; nothing if it came to that."""
    missing = [name for name in ("loop_time", "walltime") if name not in figures]
    year = re.search(r"\b[12]\d{3}\b", str(figures.get("lammps_version", "")))
    if missing == ["walltime"] and year and int(year[0]) < _WALLTIME_SINCE and _ended(found):
        return []
    return missing


def _ended(found: Scan) -> bool:
    """Say whether every run that began came to its end, and so did what is told after it."""
    loops = [run for run in found.runs if "loop_time" in run]
    # What is garbled may be what is told after a loop.
    told = [run for run in loops if found.garbled or not run.keys().isdisjoint(_TOLD_AFTER)]
    return (
        "loop_time" in found.runs[-1]
        and max(found.parts["set up"], found.parts["neighbours"]) <= len(loops)
        and found.parts["told"] >= len(told)
    )


def _tell_several(banners: int) -> str:
    return (
        f"{banners} LAMMPS processes wrote this log, each with its own banner: "
        "the launcher and the MPI library do not match"
    )


def _faults_of_end(found: Scan, figures: Mapping[str, Figure]) -> Iterator[Fault]:
    """Yield what shows that LAMMPS did not come to its end."""
    missing = missing_in(found, figures)
    # A run whose end cannot be read must not be passed over for another.
    if found.garbled and (missing or found.parts["garbled"]):
        yield Status.INCOMPLETE, found.garbled.told()
    if not missing:
        return
    if missing == ["loop_time"]:
        yield Status.INCOMPLETE, "no loop_time: no time steps were run, or `timer off`"
    yield Status.INCOMPLETE, f"no {', no '.join(missing)}: the log ends too early"


def _faults_of_loop(figures: Mapping[str, Figure]) -> Iterator[Fault]:
    """Yield what is missing from the lines after the loop, or contradicts itself in them."""
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
