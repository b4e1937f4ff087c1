"""A small campaign of two runs, as the tables that the report reads, and what it makes of them."""

from __future__ import annotations

import json
import math
from typing import Any

from heteroscope.report import TABLES, compose
from heteroscope.report.document import Cell, Document, Figure, Order
from heteroscope.report.matrix import Matrix

SIZES = (8, 16)
MANIFEST = {
    "heteroscope": "0.1",
    "config_sha256": "c0ffee",
    "python": "3.11.0",
    "packages": {"scipy": "1.0"},
    "inputs": [{"path": "data/new/1.out", "sha256": "abcd"}],
}
Row = dict[str, Any]


def finding(found: str, ratio: float = math.nan, size: int = 8, **changes: Any) -> Row:
    """A row of findings; its interval reaches 1 % to either side."""
    return {
        "run": "new",
        "baseline": "old",
        "size": size,
        "metric": "walltime",
        "unit": "s",
        "question": "location",
        "n_run": 20,
        "n_baseline": 21,
        "value_run": 100 * ratio,
        "value_baseline": 100.0,
        "ratio": ratio,
        "ratio_low": ratio - 0.01,
        "ratio_high": ratio + 0.01,
        "p_holm": math.nan if found in ("not_testable", "not_comparable") else 0.0123,
        "finding": found,
        "reason": "",
        "control": math.nan,
        "detectable_percent": 2.5,
        "trials_needed": 9,
        **changes,
    }


def spread(found: str, ratio: float = math.nan, size: int = 8, **changes: Any) -> Row:
    """The same of the spread."""
    return finding(found, ratio, size, question="spread", **changes)


def claim(verdict: str, name: str = "quick", sizes: str = "8", **changes: Any) -> Row:
    """A row of claims: the verdict of a whole claim."""
    return {
        "claim": name,
        "statement": "The new way is faster.",
        "overall": True,
        "test": "location",
        "metric": "walltime",
        "baseline_metric": "",
        "unit": "s",
        "run": "new",
        "baseline": "old",
        "sizes": sizes,
        "baseline_sizes": "8",
        "factor": 1.0,
        "maximum": math.nan,
        "n_run": 20.0,
        "n_baseline": 21.0,
        "median_run": 95.0,
        "median_baseline": 100.0,
        "ratio": 0.95,
        "ratio_low": 0.94,
        "ratio_high": 0.96,
        "p_holm": 0.0123,
        "p_campaign": 0.04,
        "preregistered": False,
        "verdict": verdict,
        "verdict_without_exclusions": verdict,
        "verdict_without_guards": verdict,
        "reason": "",
        "caveats": "",
        "largest": math.nan,
        **changes,
    }


def log(run: str, status: str = "ok", reason: str = "") -> Row:
    """A row of what became of the logs."""
    return {"run": run, "log": f"data/{run}/1.out", "status": status, "reason": reason, "trials": 1}


def guard(name: str, level: str, sentence: str, metric: str = "", **changes: Any) -> Row:
    """A row of guards."""
    return {"run": "new", "baseline": "old", "size": 8, "metric": metric, "guard": name,
            "level": level, "sentence": sentence, **changes}  # fmt: skip


def small_tables(**tables: list[Row]) -> dict[str, list[Row]]:
    """All tables of a campaign in which the new way is faster, and less steady at 16 nodes."""
    known = {
        "findings": [
            finding("less", 0.95),
            finding("less", 0.9, 16),
            spread("undecided", 0.8, reason="not_significant"),
            spread("greater", 3.2, 16, ratio_low=2.8, ratio_high=3.7),
        ],
        "parse": [log("old"), log("new")],
    }
    return {name: tables.get(name, known.get(name, [])) for name in TABLES}


def small_order(**changes: Any) -> Order:
    """What the workflow asks of the report."""
    what: dict[str, Any] = {
        "title": "A study",
        "labels": {"old": "the old way", "new": "the new way"},
        "pairs": [("new", "old")],
        "main": ("new", "old"),
        "primary": "walltime",
        "metrics": ["walltime", "loop_time"],
        "sizes": SIZES,
    }
    return Order(**{**what, **changes})


def make(
    tables: dict[str, list[Row]] | None = None, figures: tuple[Figure, ...] = (), **changes: Any
) -> Document:
    """Compose the small campaign, with tables or words of one's own."""
    every = small_tables(**(tables or {}))
    files = {name: f"{name}.csv" for name in every}
    manifest = json.dumps(MANIFEST).encode()
    return compose(small_order(**changes), every, figures, files, manifest)


def first_line(matrix: Matrix) -> list[Cell | None]:
    """The cells of the first pair of a matrix."""
    return next(iter(matrix.lines.values()))
