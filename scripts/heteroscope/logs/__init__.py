"""Readers of raw logs, one a format; all give the same type.

A log is what a launcher wrote around what an application printed.  `plain` undoes what collectors
did to it; `lines` and `kinds` say what a line is, `lammps` which lines the application prints, and
a module each which its launcher; `deaths` who tells that a job died.  `runs` sorts the lines into
jobs and runs, and `jobs` judges and chooses.  A new launcher is one new module with a `READER`, and
its name in the tuple below.
"""

from __future__ import annotations

from collections.abc import Mapping

from heteroscope.logs import (
    alone,
    flux_jobs,
    flux_operator,
    metrics_operator,
    mpi_operator,
    mpi_results,
)
from heteroscope.logs.reader import Reader

# The plain reader comes last: every operator's log holds LAMMPS' output, too.
READERS: Mapping[str, Reader] = {
    module.READER.name: module.READER
    for module in (flux_jobs, flux_operator, metrics_operator, mpi_operator, mpi_results, alone)
}


def figure_units() -> dict[str, str]:
    """Return the unit of each figure that any reader gives, by name, in the order of the table."""
    return {name: unit for reader in READERS.values() for name, unit in reader.figures.items()}


def readers_of(data: bytes) -> list[Reader]:
    """Return the readers that recognise a log by what stands in it."""
    operators = [
        reader
        for reader in READERS.values()
        if reader is not alone.READER and reader.recognises(data)
    ]
    if operators:
        return operators
    return [alone.READER] if alone.READER.recognises(data) else []
