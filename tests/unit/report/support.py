"""A small campaign of two runs, as tables, and what the report makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from heteroscope.analysis import comparisons
from heteroscope.report.compose import compose
from heteroscope.report.document import Document, Figure, Order
from heteroscope.tables import frames

SIZES = (8, 16)
SETTINGS = comparisons.Settings()
MANIFEST = {
    "heteroscope": "0.1",
    "config_sha256": "c0ffee",
    "seed": 1,
    "python": "3.11.0",
    "packages": {"scipy": "1.0"},
    "tables": [{"path": "summary.csv", "sha256": "abcd"}],
}


def small_trials(faster: float = 10.0) -> pd.DataFrame:
    """Two runs of ten trials at two sizes; the second one takes `faster` s less, and one is out."""
    random = np.random.default_rng(3)
    rows = [
        {
            "run": run,
            "operator": "LAMMPS",
            "size": size,
            "ranks": 94 * size,
            "repetition": repetition,
            "order": repetition,
            "excluded": "pulled the image" if (run, size, repetition) == ("new", 8, 1) else "",
            "rule": "",
            "status": "ok",
            "reason": "",
            "log": f"data/{run}/{size}/{repetition}.out",
            "foreign_lines": 0,
            "walltime": float(round(800 / size + less + random.normal(0, 2))),
            "loop_time": 790 / size + less + random.normal(0, 2),
            "sha256": f"{run}-{size}-{repetition}",
        }
        for run, less in (("old", 0.0), ("new", -faster))
        for size in SIZES
        for repetition in range(1, 11)
    ]
    return pd.DataFrame(rows)


def small_tables(trials: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables that the workflow makes of such trials."""
    what: dict[str, Any] = {"metrics": ["walltime", "loop_time"], "sizes": SIZES}
    pairs = [("new", "old")]
    return {
        "trials": trials,
        "summary": frames.summary(trials, **what, confidence=0.95),
        "exclusions": frames.exclusions(trials),
        "location": comparisons.location(trials, pairs, **what, settings=SETTINGS),
        "variance": comparisons.variance(trials, pairs, **what, settings=SETTINGS),
    }


def small_order(**changes: Any) -> Order:
    """What the workflow asks of the report."""
    what: dict[str, Any] = {
        "title": "A study",
        "labels": {"old": "the old way", "new": "the new way"},
        "metrics": ["walltime", "loop_time"],
        "sizes": SIZES,
        "alpha": 0.05,
        "margin": 0.05,
    }
    return Order(**{**what, **changes})


def make(
    extra: dict[str, pd.DataFrame] | None = None,
    figures: list[Figure] | None = None,
    **changes: Any,
) -> Document:
    """Compose the small campaign, with tables or words of one's own."""
    every = {**small_tables(small_trials()), **(extra or {})}
    files = {name: f"{name}.csv" for name in every}
    return compose(small_order(**changes), every, figures or [], files, MANIFEST)
