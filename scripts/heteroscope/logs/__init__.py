"""Readers of raw logs: what a launcher wrote around what an application printed.

`plain` undoes what collectors did to a log; `lines` and `kinds` say what a line is.  A module each
says what a launcher writes and what an application prints, as tables of lines; `deaths` who tells
that a job died.  `scan` sorts the lines of a file into jobs, and `jobs` judges and chooses.

A new launcher is one new module with a `LAUNCHER`, and its name in the tuple below.  A new
application is a few lines of YAML (`declared`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from heteroscope import metrics
from heteroscope.logs import (
    alone,
    flux_jobs,
    flux_operator,
    lammps_log,
    metrics_operator,
    mpi_operator,
    mpi_results,
    numbers,
    slurm,
)
from heteroscope.logs.declared import application as as_declared
from heteroscope.logs.jobs import combine
from heteroscope.logs.reader import Application, Launcher, Reader

LAUNCHERS: Mapping[str, Launcher] = {
    module.LAUNCHER.name: module.LAUNCHER
    for module in (flux_jobs, flux_operator, metrics_operator, mpi_operator, slurm, alone)
}
# LAMMPS, and what the campaign declares.
APPLICATIONS: dict[str, Application] = {"lammps": lammps_log.APPLICATION}
# Files of numbers, and the columns of them that the campaign declares.
_FILES: dict[str, Reader] = {}


@lru_cache
def readers(application: str = "lammps") -> Mapping[str, Reader]:
    """Return the readers of an application's logs, by name: one a launcher, and one for none.

    Those of files that hold results and no logs go with any.
    """
    return readers_with(APPLICATIONS[application])


def readers_with(application: Application) -> dict[str, Reader]:
    """Return the readers of an application that need not be declared."""
    combined = (combine(launcher, application) for launcher in LAUNCHERS.values())
    return {r.name: r for r in (*combined, mpi_results.READER, *_FILES.values())}


READERS: Mapping[str, Reader] = readers()


def declare(vocabulary: Mapping[str, Any]) -> None:
    """Make what a campaign declares known to this process, instead of what any did before.

    Parameters
    ----------
    vocabulary
        ``applications``: by name, as declared; ``files``: the columns of each format of numbers
        that are figures; the rest as `metrics.declare` takes it.
    """
    if vocabulary or _FILES or len(APPLICATIONS) > 1:
        readers.cache_clear()
    for name in [name for name in APPLICATIONS if name != "lammps"]:
        del APPLICATIONS[name]
    for name, declared in vocabulary.get("applications", {}).items():
        APPLICATIONS[name] = as_declared(name, declared)
    _FILES.clear()
    for name, columns in vocabulary.get("files", {}).items():
        _FILES[name] = numbers.reader(name, columns)
    metrics.declare(vocabulary)


def figure_units() -> dict[str, str]:
    """Return the unit of each figure that any reader gives, by name, in the order of the table."""
    every = (reader for name in APPLICATIONS for reader in readers(name).values())
    return {name: unit for reader in every for name, unit in reader.figures.items()}


def figure_texts() -> frozenset[str]:
    """Return the figures of declared applications and files that are words, and no numbers."""
    declared = (application.texts for application in APPLICATIONS.values())
    return frozenset().union(*declared, numbers.TEXTS if _FILES else ())


def applications_of(data: bytes) -> list[str]:
    """Return the names of the applications that printed any of a log."""
    return [name for name, application in APPLICATIONS.items() if application.recognises(data)]


def readers_of(data: bytes, application: str = "lammps") -> list[Reader]:
    """Return the readers of an application that recognise a log by what stands in it."""
    return recognising(readers(application).values(), data)


def recognising(known: Iterable[Reader], data: bytes) -> list[Reader]:
    """Return those of an application's readers that recognise a log, its launchers' first."""
    found = [reader for reader in known if reader.recognises(data)]
    return [reader for reader in found if reader.name != reader.application] or found
