"""LAMMPS' output alone: standard output, or its own log.lammps, whatever launched it."""

from __future__ import annotations

import re

from heteroscope.logs.jobs import Format
from heteroscope.logs.reader import Launcher, Reader

_FORMAT = Format(Launcher())
# What LAMMPS prints where it stops before its banner.
_EARLY = re.compile(rb"ERROR[^\n]{0,1000}\(\S{0,200}\.cpp:\d{1,9}\)")

READER = Reader(
    name="lammps",
    operator="LAMMPS",
    figures=_FORMAT.figures,
    read=_FORMAT.read,
    recognises=lambda data: (
        b"LAMMPS (" in data or b"Loop time of " in data or bool(_EARLY.search(data))
    ),
    required=_FORMAT.required,
    expected=_FORMAT.expected,
    options=_FORMAT.options,
)
