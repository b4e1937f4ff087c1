"""Feed a reader with what nobody would write: ``fuzz_reader.py READER [libFuzzer's options]``.

Whatever the bytes, a reader returns readings that keep its promises, and never raises.
"""

import math
import re
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

with atheris.instrument_imports(include=["heteroscope"]):
    from heteroscope.logs import READERS, readers_of
    from heteroscope.logs.companions import read_meta
    from heteroscope.logs.plain import plain
    from heteroscope.metrics import Status
    from heteroscope.redaction import find_secrets


# What an accepted log must say of itself somewhere, in words that need no reader.
STATED = {
    "loop_time": rb"Loop\s+time\s+of\s+([\d.]+(?:e[-+]\d+)?)",
    "walltime": rb"Total\s+wall\s+time:\s+(\d+:\d\d:\d\d)",
    "timesteps_per_s": rb"([\d.]+(?:[eE][-+]?\d+)?)\s+timesteps/s",
}


def seconds(text):
    """Return the number that a text spells, in s if it is a time of day; None if it is none."""
    value = 0.0
    try:
        for part in text.split(b":"):
            value = 60 * value + float(part)
    except ValueError:
        return None
    return value


def check_stated(figures, data):
    """Hold figures of an accepted log against the lines that state them."""
    text = plain(data).text
    for figure, pattern in STATED.items():
        if figure in figures:
            stated = [seconds(found) for found in re.findall(pattern, text)]
            assert figures[figure] in stated, (figure, figures[figure], stated)
    assert figures.get("job_status", 0) == 0, figures["job_status"]


def check_reader(name, data):
    """Read a log, and hold what comes out against the promises of `Reading`."""
    reader = READERS[name]
    readers_of(data)
    readings = reader.read(data, {})
    assert readings
    for reading in readings:
        assert reading.status is Status.OK or reading.reason, reading
        assert reading.figures.keys() <= reader.figures.keys(), reading.figures.keys()
        if reading.status is Status.OK:
            assert not reading.conflicts
            assert reading.figures.keys() >= set(reader.required)
            if name != "mpi-results":
                check_stated(reading.figures, data)
        for figure, value in reading.figures.items():
            if isinstance(value, str):
                assert not find_secrets(value), (figure, value)
                value.encode()
            else:
                assert math.isfinite(value), figure
        assert "\n" not in reading.reason
        reading.reason.encode()
        assert not find_secrets(reading.reason), reading.reason


def check_meta(data):
    """Read a companion: figures, or a ValueError that says why not."""
    try:
        trials = read_meta(data)
    except ValueError:
        return
    for figures in trials.values():
        assert figures.keys() <= {"order", "minicluster_total"}
        assert 0 < figures.get("minicluster_total", 1.0) < math.inf


def main():
    """Fuzz what the first argument names."""
    name = sys.argv.pop(1)
    check = check_meta if name == "meta" else lambda data: check_reader(name, data)
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
