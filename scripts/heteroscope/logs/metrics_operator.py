"""Logs of the Metrics Operator: several trials in a file, each after a line that marks its time."""

from __future__ import annotations

import json
import re
from typing import Any

from heteroscope.logs.reader import Launcher, Trial
from heteroscope.metrics import Figure
from heteroscope.redaction import redact

_METADATA = re.compile(rb"(?m)^METADATA START (\{.*\})$")
_TIMEPOINT = re.compile(rb"(?m)^METRICS OPERATOR TIMEPOINT[^\n]{0,400}$")
_END = b"METRICS OPERATOR COLLECTION END"


def split(text: bytes) -> list[Trial]:
    """Part a log into its trials, each with what the metadata say of all."""
    common = _of_metadata(text)
    starts = list(_TIMEPOINT.finditer(text))
    trials, line, counted = [], 1, 0
    for number, start in enumerate(starts, 1):
        after = starts[number].start() if number < len(starts) else len(text)
        line += text.count(b"\n", counted, start.end())
        counted = start.end()
        part = text[start.end() : after].partition(_END)[0]
        trials.append(Trial(part, line, {"repetition": number, **common}))
    return trials or [Trial(text, 1, common)]


def _of_metadata(text: bytes) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    if not (match := _METADATA.search(text)):
        return figures
    try:
        content: Any = json.loads(match[1])
    except (ValueError, RecursionError):
        return figures
    if isinstance(content, dict):
        pods, options = content.get("pods"), content.get("metricOptions")
        if type(pods) is int and 0 < pods < 10**9:
            figures["size"] = figures["nodes_requested"] = pods
        if isinstance(options, dict) and isinstance(options.get("command"), str):
            figures["command"] = redact(" ".join(options["command"].split()))
    return figures


LAUNCHER = Launcher(
    name="metrics-operator",
    operator="Metrics Operator",
    recognises=lambda data: b"METRICS OPERATOR TIMEPOINT" in data,
    figures={"size": "", "repetition": ""},
    expected=("size", "command", "tasks_requested"),
    split=split,
)
