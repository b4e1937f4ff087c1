"""What the fuzzer found once is read in every test run; see tests/fuzz/README.md."""

import math
from pathlib import Path

import pytest

from heteroscope.logs import READERS
from heteroscope.logs.flux_operator import read_meta
from heteroscope.records import Status
from heteroscope.redaction import find_secrets

CORPUS = Path(__file__).resolve().parents[2] / "fuzz" / "corpus"
FILES = sorted(file for file in CORPUS.glob("*/*") if file.parent.name != "meta")


def test_the_corpus_is_there():
    assert {file.parent.name for file in FILES} == set(READERS)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_a_reader_keeps_its_promises(file):
    reader = READERS[file.parent.name]
    readings = reader.read(file.read_bytes(), {})
    assert readings
    for reading in readings:
        assert (reading.status is Status.OK) == (reading.reason == "")
        assert reading.figures.keys() <= reader.figures.keys()
        texts = [value for value in reading.figures.values() if isinstance(value, str)]
        assert not [text for text in (*texts, reading.reason) if find_secrets(text)]
        assert all(math.isfinite(v) for v in reading.figures.values() if not isinstance(v, str))


@pytest.mark.parametrize("file", sorted((CORPUS / "meta").iterdir()), ids=lambda file: file.name)
def test_a_companion_is_read_or_refused(file):
    try:
        trials = read_meta(file.read_bytes())
    except ValueError:
        return
    assert all(figures.keys() <= {"order", "minicluster_total"} for figures in trials.values())
