"""Readers of raw logs, one a format; all give the same type.

A new format is one new module with a `READER`, and its name in the tuple below.
"""

from __future__ import annotations

from collections.abc import Mapping

from heteroscope.logs import flux_operator, lammps, mpi_operator, mpi_results
from heteroscope.logs.reader import Reader

# The plain reader comes last: every operator's log holds LAMMPS' output, too.
READERS: Mapping[str, Reader] = {
    module.READER.name: module.READER
    for module in (flux_operator, mpi_operator, mpi_results, lammps)
}


def figure_units() -> dict[str, str]:
    """Return the unit of each figure that any reader gives, by name, in the order of the table."""
    return {name: unit for reader in READERS.values() for name, unit in reader.figures.items()}


def readers_of(data: bytes) -> list[Reader]:
    """Return the readers that recognise a log by what stands in it."""
    operators = [
        reader
        for reader in READERS.values()
        if reader is not lammps.READER and reader.recognises(data)
    ]
    if operators:
        return operators
    return [lammps.READER] if lammps.READER.recognises(data) else []
