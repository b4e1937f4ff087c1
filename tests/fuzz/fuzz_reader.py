"""Feed a reader with what nobody would write: ``fuzz_reader.py READER [libFuzzer's options]``.

Whatever the bytes, a reader returns readings that keep its promises, and never raises.
"""

import math
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

with atheris.instrument_imports(include=["heteroscope"]):
    from heteroscope.logs import READERS, readers_of
    from heteroscope.logs.companions import read_meta
    from heteroscope.metrics import Status
    from heteroscope.redaction import find_secrets


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
        for figure, value in reading.figures.items():
            if isinstance(value, str):
                assert not find_secrets(value), (figure, value)
            else:
                assert math.isfinite(value), figure
        assert "\n" not in reading.reason
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
