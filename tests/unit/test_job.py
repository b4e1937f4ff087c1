"""What every job does around its work."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from heteroscope.job import logged
from heteroscope.metrics import UserError


@contextmanager
def own_logging() -> Iterator[None]:
    """Let a job set up logging as in a process of its own, and undo it afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        logging.captureWarnings(False)
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


def test_records_and_warnings_go_into_the_log_of_the_job(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    with own_logging(), logged(log):
        logging.getLogger("reader").warning("a log is %s", "odd")
        warnings.warn("an old way", stacklevel=1)
    text = log.read_text()
    assert "WARNING: a log is odd\n" in text
    assert "an old way" in text


def test_a_mistake_of_the_users_ends_the_job_without_a_traceback(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    with pytest.raises(SystemExit) as ended, own_logging(), logged(log):
        raise UserError("say which")
    assert ended.value.code == 1
    assert log.read_text() == "ERROR: say which\n"


def test_any_other_error_leaves_its_traceback_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    with pytest.raises(ZeroDivisionError), own_logging(), logged(log):
        _ = 1 / 0
    assert "ZeroDivisionError" in log.read_text()
    assert "Traceback" in log.read_text()
