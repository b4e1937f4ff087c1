"""LAMMPS as an application: the lines of its log are sorted into the runs to which they belong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from heteroscope.logs import lammps
from heteroscope.logs.lammps import LINES, MEMORY, THERMO
from heteroscope.logs.lines import Line
from heteroscope.logs.reader import Application, Launched
from heteroscope.logs.scan import Job
from heteroscope.metrics import Figure


class Runs(Job):
    """Sorts the lines of one job into the runs of LAMMPS, of which the last is being read."""

    def __init__(self, launched: Launched) -> None:
        super().__init__(launched, LINES)
        self._threads = False
        self._step = b""
        self._columns: list[str]
        self._row: tuple[int, bytes, list[bytes]] | None
        self._handlers: Mapping[str, Callable[[int, bytes], None]] = {
            "banner": self._begin_log,
            "set-up": self._set_up,
            "table": self._begin_table,
            "row": self._take_row,
            "multi-row": self._begin_multi_row,
            "cells": self._take_cells,
            "loop": self._end_loop,
            "threads": self._begin_threads,
            "end": self._end_log,
        }
        self._begin_run()

    def garble(self, number: int, line: Line, text: bytes) -> None:
        """Take notice of a garbled line, and of one without which no run is whole."""
        super().garble(number, line, text)
        self.found.parts["garbled"] += line.part in ("loop", "end")
        self.found.parts["garbled speed"] += line.part == "speed"

    def sort(self, number: int, line: Line, text: bytes, figures: dict[str, Figure]) -> bool:
        """Take notice of a part of the log; the sections of threads are not those of ranks."""
        if line.part == "loop" and self._run.get("loop_time") not in (None, figures["loop_time"]):
            self._begin_run()
        if handler := self._handlers.get(line.part):
            handler(number, text)
        return not (line.part == "section" and self._threads)

    def _begin_log(self, *_: object) -> None:
        self._ended = False
        # What stopped with an error before was another program.
        self.found.collected.pop("errors", None)
        self.found.hints.clear()

    def _begin_run(self) -> None:
        self._run: dict[str, Figure] = {}
        # A run that was broken off leaves its table open.
        self._columns, self._row = [], None
        self._threads = False
        self.found.runs.append(self._run)

    def _set_up(self, *_: object) -> None:
        if "loop_time" in self._run or not self._run.keys().isdisjoint(MEMORY):
            self._begin_run()

    def _begin_table(self, number: int, text: bytes) -> None:
        # A run that does without set-up (`pre no`) begins with its table.
        if "thermo_rows" in self._run or "loop_time" in self._run:
            self._begin_run()
        words = text.decode("utf-8", "replace")
        if words.startswith("keywords:"):
            self._columns = re.findall(r"[^\s',\"]+", words.partition("[")[2].rpartition("]")[0])
        else:
            self._columns = words.split()
        self._row = None
        self._run["thermo_rows"] = 0

    def _take_row(self, number: int, text: bytes) -> None:
        """Take notice of a row of the table; what has another number of cells is none."""
        cells = (text.strip(b"- [],").replace(b",", b" ") if text[:2] == b"- " else text).split()
        if not self._columns and MEMORY[1] in self._run and "loop_time" not in self._run:
            # The names of the user's own columns are of no kind.
            self._columns, self._run["thermo_rows"] = ["?"] * len(cells), 0
        if self._columns and len(cells) == len(self._columns):
            self._row = number, text, cells
            self._run["thermo_rows"] = int(self._run["thermo_rows"]) + 1
            if b"n" in text and "Temp" in self._columns:
                self._look_at(cells[self._columns.index("Temp")], cells[0])

    def _begin_multi_row(self, number: int, text: bytes) -> None:
        if "loop_time" in self._run:
            self._begin_run()
        self._run["thermo_rows"] = int(self._run.get("thermo_rows", 0)) + 1
        self._step = text.split()[2]

    def _take_cells(self, number: int, text: bytes) -> None:
        if "thermo_rows" not in self._run or "loop_time" in self._run:
            return
        for column, cell in re.findall(rb"(\S{1,99})\s{1,99}=\s{1,99}(\S{1,99})", text):
            self._keep_cell(column.decode("utf-8", "replace"), cell, number, text)
            if column == b"Temp":
                self._look_at(cell, self._step)

    def _look_at(self, temperature: bytes, step: bytes) -> None:
        """Take notice of the first temperature that is none."""
        words = temperature.lstrip(b"-+").decode("utf-8", "replace").lower()
        if words in ("nan", "inf") and not self.found.collected["blown"]:
            self.found.collected["blown"].append({"temperature": words, "step": step.decode()})

    def _keep_cell(self, column: str, cell: bytes, number: int, text: bytes) -> None:
        if column not in THERMO:
            return
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            self._run[THERMO[column]] = value
        else:
            self._run.pop(THERMO[column], None)
            self.found.garble(number, text)

    def _end_loop(self, *_: object) -> None:
        """Keep the last row of the table."""
        if self._row:
            number, text, cells = self._row
            for column, cell in zip(self._columns, cells, strict=True):
                self._keep_cell(column, cell, number, text)
        self._columns, self._row = [], None

    def _begin_threads(self, *_: object) -> None:
        self._threads = True

    def _end_log(self, *_: object) -> None:
        self._ended = True
        # LAMMPS says how long it took only where nothing stopped it: an error before that is not
        # its own, but of the loader, say.
        self.found.collected.pop("errors", None)


APPLICATION = Application(
    name="lammps",
    title="LAMMPS",
    lines=LINES,
    figures=lammps.DERIVED,
    required=lammps.REQUIRED,
    expected=lammps.EXPECTED,
    times=lammps.TIMES,
    options=lammps.OPTIONS,
    recognises=lammps.recognises,
    begin=Runs,
    progress=("set-up", "table", "row", "multi-row", "loop", "end", "death"),
    figures_of=lammps.figures_of,
    faults_of=lammps.faults_of,
    notes_of=lammps.notes_of,
    missing_in=lammps.missing_in,
    stopped=lammps.stopped,
    empty="the log is empty: nothing was printed (`-screen none`? LAMMPS then writes its own "
    "log.lammps alone)",
)
