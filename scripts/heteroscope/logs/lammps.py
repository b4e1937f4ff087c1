"""LAMMPS' own output: what stands in every log, whatever launched it; also the plain reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.reader import Reader, Scan, judge
from heteroscope.records import SECTIONS, Figure, Reading, Status

# The lines that begin and end something.
BANNER = Line("LAMMPS ({version:text})", collect="banners")
MEMORY = Line(
    "Per MPI rank memory allocation (min/avg/max) = "
    "{memory_min:number MB} | {memory_avg:number MB} | {memory_max:number MB} Mbytes",
    per_run=True,
)
THERMO = Line("Step {:text}", per_run=True)
LOOP = Line(
    "Loop time of {loop_time:number s} on {procs:integer} procs "
    "for {steps:integer} steps with {atoms:integer} atoms",
    per_run=True,
)
END = Line("Total wall time: {walltime:clock s}")

LINES = (
    BANNER,
    Line("{grid:grid} MPI processor grid", collect="grids"),
    Line("{atoms:integer} atoms", collect="atoms"),
    Line("read_data CPU = {read_data_cpu:number s} seconds"),
    Line("replicate CPU = {replicate_cpu:number s} seconds"),
    MEMORY,
    THERMO,
    LOOP,
    Line(
        "Performance: {ns_per_day:number ns/day} ns/day, {hours_per_ns:number h/ns} hours/ns, "
        "{timesteps_per_s:number 1/s} timesteps/s{:rest}",
        per_run=True,
    ),
    Line(
        "{cpu_percent:number %}% CPU use with {ranks:integer} MPI tasks "
        "x {threads:integer} OpenMP threads",
        per_run=True,
    ),
    Line(
        "* | {*_min:number s} | {*_avg:number s} | {*_max:number s} "
        "| {*_varavg:number %} | {*_percent:number %}",
        keys=SECTIONS[:-1],
        per_run=True,
    ),
    Line("Other | | {other_avg:number s} | | | {other_percent:number %}", per_run=True),
    Line(
        "*: {*_ave:number} ave {*_max:number} max {*_min:number} min",
        keys=("Nlocal", "Nghost", "Neighs"),
        per_run=True,
    ),
    END,
    Line("ERROR: {message:text}", collect="errors"),
    Line("ERROR on proc {:integer}: {message:text}", collect="errors"),
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
_THERMO_COLUMNS = {b"Temp": "temp_last", b"PotEng": "poteng_last", b"Press": "press_last"}

# A trial that lacks one of these did not come to its end.
REQUIRED = ("loop_time", "walltime")


class _Runs:
    """The runs of one log, of which the last is being read."""

    def __init__(self, found: Scan) -> None:
        self._runs = found.runs
        self._columns: list[bytes] = []
        self._row: list[bytes] = []

    @property
    def current(self) -> dict[str, Figure]:
        """The figures of the run that is being read."""
        if not self._runs:
            self._runs.append({})
        return self._runs[-1]

    def begin(self, line: Line, text: bytes) -> None:
        """Take notice of a line that begins a run, its thermo table, or ends its loop."""
        if "loop_time" in self.current:
            self._runs.append({})
        if line is THERMO:
            self._columns, self._row = text.split(), []
            self.current["thermo_rows"] = 0
        elif line is LOOP:
            self._close_table()

    def thermo_row(self, text: bytes) -> None:
        """Take a line of no known kind for a row of the table, if it is one."""
        if self._columns and text[:1].isdigit() and len(row := text.split()) == len(self._columns):
            self._row = row
            self.current["thermo_rows"] = int(self.current["thermo_rows"]) + 1

    def _close_table(self) -> None:
        for column, cell in zip(self._columns, self._row, strict=False):
            if column in _THERMO_COLUMNS:
                self.current[_THERMO_COLUMNS[column]] = float(cell)
        self._columns = []


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
    found = Scan({line.count: 0 for line in table.lines if line.count})
    runs = _Runs(found)
    inside = False
    for raw in data.splitlines():
        text = raw.strip()
        finding = table.find(text)
        if finding is None:
            runs.thermo_row(text)
            continue
        line = finding.line
        if line.foreign:
            found.foreign_lines += inside
        elif line is BANNER:
            inside = True
        elif line is END:
            inside = False
        elif line is MEMORY or line is THERMO or line is LOOP:
            runs.begin(line, text)
        if line.count:
            found.figures[line.count] = int(found.figures[line.count]) + 1
        if line.collect:
            found.collected[line.collect].append(dict(finding.figures))
        else:
            found.keep(runs.current if line.per_run else found.figures, finding.figures)
    return found


def figures_of(found: Scan) -> dict[str, Figure]:
    """Return the figures of a log: those of the whole, and those of its last dynamics run.

    A run is dynamics if LAMMPS states its performance, which it does not for a minimisation or for
    ``run 0``; where it states none, the last run that ended counts.
    """
    ended = [run for run in found.runs if "loop_time" in run]
    dynamics = [run for run in ended if "timesteps_per_s" in run]
    figures = {**found.figures, **next(iter((dynamics or ended or found.runs or [{}])[-1:]))}
    for name, key, values in (
        ("lammps_version", "version", found.collected["banners"][:1]),
        ("grid_read", "grid", found.collected["grids"][:1]),
        ("grid", "grid", found.collected["grids"][-1:]),
        ("atoms_read", "atoms", found.collected["atoms"][:1]),
    ):
        for value in values:
            figures[name] = value[key]
    if {"atoms", "steps", "loop_time"} <= figures.keys() and float(figures["loop_time"]) > 0:
        rate = float(figures["atoms"]) * float(figures["steps"]) / float(figures["loop_time"])
        figures["matom_steps_per_s"] = round(rate / 1e6, 6)
    return figures


def fault_of(found: Scan) -> tuple[Status, str] | None:
    """Return what LAMMPS itself says went wrong, if anything."""
    if errors := found.collected["errors"]:
        return Status.FAILED, f"LAMMPS stopped: {errors[0]['message']}"
    banners = len(found.collected["banners"])
    if banners > 1:
        return Status.FAILED, (
            f"{banners} LAMMPS processes wrote this log, each with its own banner: "
            "the launcher and the MPI library do not match"
        )
    if not banners and not found.runs:
        return Status.NOT_LAMMPS, "no LAMMPS output"
    return None


_TABLE = LineTable(LINES)


def read(data: bytes, options: Mapping[str, Any]) -> list[Reading]:
    """Read one plain log: LAMMPS' standard output, or its ``log.lammps``.

    Parameters
    ----------
    data
        The log.
    options
        None are known.
    """
    found = scan(data, _TABLE)
    return [judge(found, figures_of(found), REQUIRED, fault_of(found))]


READER = Reader(
    name="lammps",
    operator="LAMMPS",
    figures={**_TABLE.names(), **DERIVED},
    read=read,
    recognises=lambda data: b"LAMMPS (" in data,
)
