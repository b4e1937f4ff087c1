"""Results of the MPI Operator as a campaign's own script collected them: a JSON array."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from heteroscope.logs.json_text import positive, read_json
from heteroscope.logs.reader import PACKED, Reader, Reading
from heteroscope.metrics import Figure, Status
from heteroscope.redaction import redact

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
_FIGURES = {"scheduler": "", **{name: unit for _, name, unit, _ in _KEYS}}
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
        records = read_json(data)
    except ValueError as error:
        return [Reading({}, Status.UNREADABLE, redact(f"no JSON: {error}"))]
    if not isinstance(records, list):
        return [Reading({}, Status.UNREADABLE, "expected a JSON array of records")]
    scheduler = options.get("scheduler", _SCHEDULER)
    readings = [
        _reading(number, record)
        for number, record in enumerate(records, 1)
        # A record that does not say its scheduler is told of, and not passed over.
        if not isinstance(record, dict) or record.get("scheduler", scheduler) == scheduler
    ]
    return readings or [
        Reading({}, Status.UNREADABLE, f"none of {len(records)} records is of {scheduler}")
    ]


def _reading(number: int, record: Any) -> Reading:
    if not isinstance(record, dict):
        return Reading({}, Status.UNREADABLE, f"record {number} is no object")
    if "scheduler" not in record:
        return Reading({}, Status.INCOMPLETE, f"record {number} does not say its scheduler")
    figures: dict[str, Figure] = {"scheduler": redact(str(record["scheduler"]))}
    missing = []
    for key, name, _, factor in _KEYS:
        value = positive(record.get(key))
        if value is None or (name in _WHOLE and not value.is_integer()):
            missing.append(key)
        elif name in _WHOLE:
            figures[name] = int(value)
        else:
            figures[name] = value if factor == 1 else round(value * factor, 9)
    if missing:
        told = ", ".join(missing)
        return Reading(figures, Status.INCOMPLETE, f"record {number} has no number for {told}")
    return Reading(figures, Status.OK)


READER = Reader(
    name="mpi-results",
    operator="MPI Operator",
    figures=_FIGURES,
    read=read,
    recognises=lambda data: data.lstrip()[:1] == b"[" and b'"scheduler"' in data,
    required=tuple(_FIGURES),
    expected=tuple(_FIGURES),
    layout=re.compile(r"(?:.*/)?[^/]*operator_results\.json" + PACKED),
    spelled="*operator_results.json",
    many=True,
    options=frozenset({"scheduler"}),
)
