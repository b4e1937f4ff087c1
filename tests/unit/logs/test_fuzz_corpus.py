"""What the fuzzer found once is read in every test run; see tests/fuzz/README.md."""

import math
import tarfile
from pathlib import Path

import pytest

from heteroscope.logs import READERS
from heteroscope.logs.companions import read_meta
from heteroscope.metrics import Status
from heteroscope.redaction import find_secrets

FUZZ = Path(__file__).resolve().parents[2] / "fuzz"
CORPUS = FUZZ / "corpus"
FILES = sorted(file for file in CORPUS.glob("*/*") if file.parent.name != "meta")


def found(what):
    """Yield what the fuzzer found and kept: of logs, or of companions."""
    with tarfile.open(FUZZ / "found.tar.xz") as archive:
        for member in archive:
            if member.isfile() and (member.name.split("/")[1] == "meta") == (what == "meta"):
                yield archive.extractfile(member).read()


def check(name, data):
    reader = READERS[name]
    readings = reader.read(data, {})
    assert readings
    for reading in readings:
        # What can be used may have a note as well.
        assert reading.status is Status.OK or reading.reason
        assert "\n" not in reading.reason
        assert reading.figures.keys() <= reader.figures.keys()
        texts = [value for value in reading.figures.values() if isinstance(value, str)]
        assert not [text for text in (*texts, reading.reason) if find_secrets(text)]
        assert all(math.isfinite(v) for v in reading.figures.values() if not isinstance(v, str))


def check_meta(data):
    try:
        trials = read_meta(data)
    except ValueError:
        return
    assert all(figures.keys() <= {"order", "minicluster_total"} for figures in trials.values())


def test_the_corpus_is_there():
    assert {file.parent.name for file in FILES} == set(READERS)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_a_reader_keeps_its_promises(file):
    check(file.parent.name, file.read_bytes())


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reader_keeps_its_promises_whatever_was_found(name):
    # What was found of one reader is given to all of them.
    inputs = list(found("logs"))
    assert len(inputs) > 1000
    for data in inputs:
        check(name, data)


@pytest.mark.parametrize("file", sorted((CORPUS / "meta").iterdir()), ids=lambda file: file.name)
def test_a_companion_is_read_or_refused(file):
    check_meta(file.read_bytes())


def test_a_companion_is_read_or_refused_whatever_was_found():
    for data in found("meta"):
        check_meta(data)
