"""Tables in text, a row a trial: of any program, of ReFrame, and our own."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from heteroscope.logs.numbers.columns import Format, Trial, number
from heteroscope.metrics import METRICS, Status
from heteroscope.redaction import redact
from heteroscope.words import listed

_SEPARATORS = (",", ";", "\t", "|")
# Our own table of trials is known by these; it says itself what became of each.
_OWN = frozenset(("run", "status", "reason", "excluded", "fingerprint", "sha256"))
# What is taken from it unasked; other figures are for `columns` to declare.
_FIGURES = (
    *("size", "ranks", "threads", "repetition", "started_at", "atoms", "steps"),
    *("nodes_requested", "command", "lammps_version"),
    *dict.fromkeys(name for m in METRICS.values() for name in (m.name, *m.of, *m.minus)),
)
_REFRAME = ["result", "job_completion_time"]


def _table(data: bytes, wanted: Collection[str]) -> list[Trial]:
    text = data.decode("utf-8-sig", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise ValueError("the file is empty")
    header, separator = max(
        ((_split(first, separator), separator) for separator in _SEPARATORS),
        key=lambda found: (len({*found[0]} & {*wanted}), len(found[0])),
    )
    if twice := sorted(name for name in {*wanted} if header.count(name) > 1):
        raise ValueError(f"more than one column is called {listed(twice)}")
    trials = list(_rows(text, separator, header))
    if not trials:
        raise ValueError("no row below the header")
    return trials


def _split(line: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], **_dialect(separator)))]
    except csv.Error:
        return []


def _dialect(separator: str) -> dict[str, Any]:
    # ReFrame writes fields as they are: a quotation mark in them is one.
    quoting = csv.QUOTE_NONE if separator == "|" else csv.QUOTE_MINIMAL
    return {"delimiter": separator, "quoting": quoting, "skipinitialspace": True, "strict": True}


def _rows(text: str, separator: str, header: Sequence[str]) -> Iterator[Trial]:
    rows = csv.reader(io.StringIO(text, newline=""), **_dialect(separator))
    while True:
        told = f"line {rows.line_num + 1}"
        try:
            row = [cell.strip() for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"{told}: {error}; what follows cannot be read"
            yield Trial({}, told, status=Status.UNREADABLE, reason=reason)
            return
        # Tables that were put together have their header again.
        if any(row) and row != header:
            yield _row(told, header, row)


def _row(told: str, header: Sequence[str], row: Sequence[str]) -> Trial:
    if len(row) < len(header) or any(row[len(header) :]):
        cells = f"{told} has {len(row)} cells, the header {len(header)}"
        return Trial({}, told, status=Status.INCOMPLETE, reason=cells)
    trial = Trial(dict(zip(header, row, strict=False)), told)
    if header[:2] == _REFRAME and trial.cells["result"] != "pass":
        # It also says so of a trial that is slower than its reference: that one is measured.
        trial.reason = f"{told}: ReFrame's result is {trial.cells['result']}"
    if set(header) >= _OWN:
        _take_own(trial)
    return trial


def _take_own(trial: Trial) -> None:
    """Take a row of a table of trials as it was: its figures, its status, whether it counts."""
    cells = trial.cells
    trial.of = cells["run"]
    if cells["status"] in list(Status):
        trial.status = Status(cells["status"])
    trial.reason = cells["reason"]
    for name, cell in cells.items():
        value = number(cell)
        if value is not None and name in _FIGURES:
            trial.figures[name] = redact(value) if isinstance(value, str) else value
    if cells["excluded"]:
        trial.figures["excluded"] = redact(cells["excluded"])


TABLE = Format(title="a table", trials=_table, names="run", beside=_FIGURES)
