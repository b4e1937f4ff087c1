"""The lines of LAMMPS' log are sorted into the jobs and runs to which they belong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from heteroscope.logs.deaths import RANKS
from heteroscope.logs.lammps import LINES, MEMORY, THERMO
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.reader import Launched, Scan
from heteroscope.metrics import Figure


class _Job:
    """Sorts the lines of one job into the runs of LAMMPS, of which the last is being read."""

    def __init__(self, launched: Launched) -> None:
        self.found = Scan(launched)
        self._inside = self._ended = False
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

    def take(self, number: int, line: Line, text: bytes, figures: dict[str, Figure] | None) -> None:
        """Sort one line in."""
        found = self.found
        own = id(line) in _OWN
        if self._ended and own and line.part not in ("banner", "end"):
            return  # words about a log that has ended
        if self._inside and line.foreign:
            found.foreign_lines += 1
        if figures is None:
            found.garble(number, text)
            found.parts["garbled"] += line.part in ("loop", "end")
            return
        if line.part:
            found.parts[line.part] += 1
            if line.part == "loop" and self._run.get("loop_time") not in (
                None,
                figures["loop_time"],
            ):
                self._begin_run()
            if handler := self._handlers.get(line.part):
                handler(number, text)
            elif line.part == "section" and self._threads:
                return
        if line.tells:
            told = found.hints if line.part == "hint" else found.deaths
            told.setdefault(RANKS[line.template], line.tells.format(**figures).strip())
        elif line.count:
            found.launched.counts[line.count] += 1
        elif line.collect:
            scope = found.collected if own else found.launched.collected
            scope[line.collect].append(figures)
        elif figures:
            log = found.figures if own else found.launched.figures
            found.keep(self._run if line.per_run else log, figures)

    def _begin_log(self, *_: object) -> None:
        self._inside, self._ended = True, False
        # What stopped with an error before was another program.
        self.found.collected.pop("errors", None)

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
        self._columns = re.findall(r"[^\s',\[\]]+", text.decode("utf-8", "replace"))
        if self._columns[0] == "keywords:":
            del self._columns[0]
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
        self._inside, self._ended = False, True
        # LAMMPS says how long it took only where nothing stopped it: an error before that is not
        # its own, but of the loader, say.
        self.found.collected.pop("errors", None)


_OWN = frozenset(map(id, LINES))
_MOST_JOBS = 1000
# What shows that a job's LAMMPS had begun its work when another one began.
_PROGRESS = ("set-up", "table", "row", "multi-row", "loop", "end", "death")


def scan(text: bytes, table: LineTable, first: int = 1) -> list[Scan]:
    """Sort the lines of a log.

    Parameters
    ----------
    text
        The log, as it was printed; there may be foreign lines between LAMMPS' own.
    table
        LAMMPS' lines, and those of the launcher.
    first
        The number of the log's first line.

    Returns
    -------
    list of Scan
        One a job: a job that was started again writes into the log of the first.
    """
    launched = Launched()
    jobs = [_Job(launched)]
    for number, line, words, figures in table.findings(text, first):
        parts = jobs[-1].found.parts
        if line.part == "begin" and (parts["banner"] or parts["end"] or parts["begin"]):
            launched = Launched()
            jobs.append(_Job(launched))
        elif line.part == "banner" and any(parts[part] for part in _PROGRESS):
            jobs.append(_Job(launched))
        # Nobody asks for the ones in between.
        del jobs[_MOST_JOBS:-1]
        jobs[-1].take(number, line, words, figures)
    return [job.found for job in jobs]
