"""Results of the MPI Operator as a campaign's own script collected them: a JSON array."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from heteroscope.logs.reader import Reader
from heteroscope.records import Figure, Reading, Status

# Key of a record, figure, unit, factor.
_KEYS = (
    ("pods", "size", "", 1),
    ("ranks", "ranks", "", 1),
    ("lammps_time", "walltime", "s", 1),
    ("real", "mpirun_real", "s", 1),
    ("startup_time", "mpijob_startup", "s", 1),
    ("runtime", "mpijob_runtime", "s", 1),
    ("end_to_end_time", "mpijob_end_to_end", "s", 1),
    ("timesteps/s", "timesteps_per_s", "1/s", 1),
    ("FOM", "matom_steps_per_s", "Matom-step/s", 1e-6),
    ("zones", "zones", "", 1),
    ("max_ppn", "max_pods_per_host", "", 1),
)
_WHOLE = {"size", "ranks", "zones", "max_pods_per_host"}
# The other scheduler of that campaign is another experiment.
_SCHEDULER = "default-scheduler"


def read(data: bytes, options: Mapping[str, Any]) -> list[Reading]:
    """Read the records of one file, in their order.

    Parameters
    ----------
    data
        The file.
    options
        ``scheduler``: the records of which scheduler count (default ``default-scheduler``).
    """
    try:
        records = json.loads(data)
    except ValueError as error:
        return [Reading({}, Status.UNREADABLE, f"no JSON: {error}")]
    if not isinstance(records, list):
        return [Reading({}, Status.UNREADABLE, "expected a JSON array of records")]
    scheduler = options.get("scheduler", _SCHEDULER)
    return [
        _reading(record)
        for record in records
        if not isinstance(record, dict) or record.get("scheduler") == scheduler
    ]


def _reading(record: Any) -> Reading:
    if not isinstance(record, dict):
        return Reading({}, Status.UNREADABLE, "expected an object")
    figures: dict[str, Figure] = {"scheduler": str(record["scheduler"])}
    for key, name, _, factor in _KEYS:
        value = record.get(key)
        if type(value) in (int, float) and math.isfinite(value):
            number = round(value * factor, 9) if factor != 1 else value
            figures[name] = int(number) if name in _WHOLE else float(number)
    missing = [key for key, name, _, _ in _KEYS if name not in figures]
    if missing:
        return Reading(figures, Status.INCOMPLETE, f"no number for {', '.join(missing)}")
    return Reading(figures, Status.OK)


READER = Reader(
    name="mpi-results",
    operator="MPI Operator",
    figures={"scheduler": "", **{name: unit for _, name, unit, _ in _KEYS}},
    read=read,
    recognises=lambda data: data.lstrip()[:1] == b"[" and b'"scheduler"' in data,
    layout=re.compile(r"(?:.*/)?[^/]*operator_results\.json"),
    spelled="*operator_results.json",
    many=True,
    options=frozenset({"scheduler"}),
)
