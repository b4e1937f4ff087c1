"""What a person sees while the workflow runs: a line a finished job, with its place in the whole.

Snakemake announces a job in ten lines, and its end in four, and no option of it leaves one.  But
its logger is one of Python's own, and each record says what it is about; so a handler beside
Snakemake's can say the same in a line.  The full account goes into ``.snakemake/log`` as ever, and
to the terminal too where it is asked for (``--verbose``), where nothing is run (``-n``), and where
a plugin writes (``--logger``).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TextIO

# What the lines of this module stand for, and the machine's account of itself, which the log file
# keeps: by the names of Snakemake's events and, of records without one, by how they begin.
_DROPPED = ("JOB_INFO", "JOB_FINISHED", "PROGRESS", "WORKFLOW_STARTED", "RESOURCES_INFO")
_BEGINNINGS = (
    "Select jobs to execute...",
    "Execute ",
    "Assuming unrestricted shared filesystem usage",
    "Using shell",
    "Conda environments: ignored",
)


def _event(record: logging.LogRecord) -> str:
    return getattr(getattr(record, "event", None), "name", "")


class _Lines(logging.StreamHandler[TextIO]):
    """Writes a line when a job has finished."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._names: dict[int, str] = {}
        self._finished: list[str] = []
        self.made: dict[str, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        match _event(record):
            case "JOB_INFO":
                job = record.__dict__
                self._names[job["jobid"]] = _name(record)
                self.made[job["rule_name"]] = list(job["output"])
            case "JOB_FINISHED":
                number = record.__dict__["job_id"]
                self._finished.append(self._names.pop(number, f"job {number}"))
            case "PROGRESS":
                # The jobs of a group finish together, and are counted together.
                finished, self._finished = self._finished, []
                first, total = record.__dict__["done"] - len(finished) + 1, record.__dict__["total"]
                for place, name in enumerate(finished, first):
                    self.stream.write(f"[{place:{len(str(total))}}/{total}] {name}\n")
                self.flush()


def _name(record: logging.LogRecord) -> str:
    """Return what a job does: its message or, without one, its rule and its first output."""
    job = record.__dict__
    made = list(job["output"])
    return str(job["rule_msg"] or " ".join([job["rule_name"], *made[:1]]))


class _Rest(logging.Filter):
    """Lets through what is not told by a line of progress, and all warnings and errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            return True
        return _event(record) not in _DROPPED and not str(record.msg).startswith(_BEGINNINGS)


class _Silent(logging.Filter):
    """Lets through warnings and errors alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


def follow(logger: logging.Logger, quiet: Collection[object]) -> None:
    """Write progress to where Snakemake writes, in its place.

    Parameters
    ----------
    logger
        Snakemake's.
    quiet
        What the user does not want to hear of: members of Snakemake's ``Quietness``.
    """
    silenced = _names(quiet)
    for handler in list(logger.handlers):
        # Any other handler is a log file, or a plugin that was chosen for what it shows.
        if handler.name == "DefaultStreamHandler" and isinstance(handler, logging.StreamHandler):
            if "PROGRESS" in silenced:
                if "RULES" in silenced:  # what a bare -q stands for
                    handler.addFilter(_Silent())
            elif "ALL" not in silenced:
                handler.addFilter(_Rest())
                logger.addHandler(_Lines(handler.stream))


def _names(quiet: Iterable[object]) -> set[str]:
    return {str(getattr(word, "name", word)).upper() for word in quiet}


def conclude(logger: logging.Logger) -> None:
    """Say where the report lies and what it found, if it was made in this call."""
    for handler in logger.handlers:
        if isinstance(handler, _Lines):
            made = {Path(path).name: Path(path) for path in handler.made.get("make_report", [])}
            if "report.txt" in made:
                verdicts = made["report.txt"].read_text(encoding="utf-8")
                page = made["report.html"].as_posix()
                handler.stream.write(f"\n{verdicts}\nThe report: {page}\n")
                handler.flush()
