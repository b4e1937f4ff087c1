"""Copies: one trial that stands in several logs counts once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from heteroscope.metrics import SECTIONS, Figure

_TIMED = ("loop_time", *(f"{name.lower()}_avg" for name in SECTIONS))
# Fewer measured numbers than these can agree by chance.
_ENOUGH = 4
# So may a log of a few bytes.
_SHORT = 1000


def fingerprint(figures: Mapping[str, Figure]) -> str:
    """Return a digest of what was measured, the same for two logs of one trial.

    It is of the loop time and its sections, which ``log.lammps`` and standard output both hold, or
    else of all fractions; empty where these are too few to tell trials apart.
    """
    names = _TIMED if "loop_time" in figures else sorted(figures)
    measured = {name: value for name in names if isinstance(value := figures.get(name), float)}
    if len({value for value in measured.values() if not value.is_integer()}) < _ENOUGH:
        return ""
    return hashlib.sha256(repr(measured).encode()).hexdigest()[:16]


def leave_out_copies(rows: Sequence[dict[str, Any]]) -> None:
    """Leave out every trial of a run that is a copy of one that counts, and name that one.

    Parameters
    ----------
    rows
        The run's rows of the table of trials, in the order in which the first of them counts.
    """
    logs: dict[str, str] = {}
    for row in rows:
        if row["excluded"]:
            continue
        short = not row["fingerprint"] and row["bytes"] < _SHORT
        same_file = logs.setdefault(f"only {id(row)}" if short else row["sha256"], row["log"])
        same_figures = logs.setdefault(row["fingerprint"] or f"only {id(row)}", row["log"])
        if same_file != row["log"]:
            row |= {"rule": "copy", "excluded": f"a copy of {same_file}"}
        elif same_figures != row["log"]:
            row |= {
                "rule": "copy",
                "excluded": f"all times are to the digit those of {same_figures}",
            }
