"""Logs of Slurm jobs whose script wrote when it began and when it ended, around what ran."""

from __future__ import annotations

import re

from heteroscope.logs.reader import PACKED, Launcher

_START = re.compile(rb"(?m)^Start time: 1\d{9}\r?$")

# The lines themselves are in `jobs`: any script may write them.
LAUNCHER = Launcher(
    name="slurm",
    operator="Slurm",
    recognises=lambda data: bool(_START.search(data)),
    layout=re.compile(
        r"(?:.*/)?(?:(?P<warmup>_)[^/]*/)?[^/]*?-(?P<size>\d+)n-\d+-iter-(?P<repetition>\d+)\.out"
        + PACKED
    ),
    spelled="<application>-<nodes>n-<job>-iter-<repetition>.out",
)
