"""Trials for tests: those of the example campaign, and made ones."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from heteroscope.analysis import comparisons, guards
from heteroscope.analysis.claims import make_claims
from heteroscope.analysis.measures import Claim
from heteroscope.analysis.outcomes import Controls
from heteroscope.campaign import campaign
from heteroscope.metrics import METRICS, MetricDefinition
from heteroscope.tables import frames, trials

REPOSITORY = Path(__file__).parents[2]
SETTINGS = comparisons.Settings()


@cache
def example_campaign() -> campaign.Campaign:
    """The campaign of the default configuration."""
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
    return campaign.load(config, REPOSITORY)


@cache
def _example_trials() -> pd.DataFrame:
    study = example_campaign()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for run in study.runs.values():
            plan = trials.ReadingPlan(
                **{**run.plan(study.sizes), "directory": str(REPOSITORY / run.directory)}
            )
            rows = trials.read_run(
                plan,
                [str(REPOSITORY / log) for log in run.logs],
                [str(REPOSITORY / file) for file in run.companions],
            ).rows
            paths.append(Path(folder) / f"{run.name}.csv")
            trials.write_rows(rows, trials.columns(), paths[-1])
        return frames.read_trials(paths)


def example_trials() -> pd.DataFrame:
    """The trials of the example campaign, read from its logs; a copy that may be changed."""
    return _example_trials().copy()


def declare_metric(name: str, unit: str, *, higher_is_better: bool = False) -> None:
    """Make a metric known as one that a campaign declares: without a step of its own."""
    METRICS[name] = MetricDefinition(
        name, "FOM", unit, 0, (name,), higher_is_better=higher_is_better
    )


def made_trials(
    values: Mapping[tuple[str, int], Sequence[float]],
    metric: str = "loop_time",
    **columns: Any,
) -> pd.DataFrame:
    """Return trials that have a metric's values by run and size, and are alike in all else.

    Other columns are given for all trials, or by run.
    """
    rows = []
    for number, ((run, size), sample) in enumerate(values.items()):
        for repetition, value in enumerate(sample, 1):
            rows.append(
                {
                    **dict.fromkeys((*guards.figures(), *METRICS), np.nan),
                    "run": run,
                    "operator": "Flux Operator",
                    "size": size,
                    "ranks": 94 * size,
                    "threads": 1,
                    "repetition": repetition,
                    "order": 1000 * number + repetition,
                    "started_at": f"2023-01-31T07:{repetition:02}:00",
                    "ordered_by": "start",
                    "excluded": "",
                    "rule": "",
                    "status": "ok",
                    "reason": "",
                    "log": f"{run}/{size}/{repetition}.log",
                    "lammps_version": "29 Sep 2021",
                    "command": f"flux mini submit -N {size} -n {94 * size} lmp -v x 64 -in in.hns",
                    "atoms": 4980736,
                    "steps": 100,
                    "nodes_requested": size,
                    metric: value,
                    **{
                        name: given[run] if isinstance(given, Mapping) else given
                        for name, given in columns.items()
                    },
                }
            )
    return pd.DataFrame(rows)


DECLARED = {"image": "lammps:1", "machine": "hpc6a", "cluster": "one"}


def judge(
    table: pd.DataFrame,
    *claims: Mapping[str, Any],
    declared: Mapping[str, Mapping[str, Any]] | None = None,
    settings: comparisons.Settings = SETTINGS,
    controls: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Return the table of claims; what a claim leaves out is filled in."""
    about = dict.fromkeys(table["run"].unique(), DECLARED) if declared is None else declared
    filled = [
        Claim(**{"id": f"c{n}", "statement": "s", "metric": "loop_time", **claim})
        for n, claim in enumerate(claims)
    ]
    asked = guards.Guards(table, about)
    return make_claims(table, filled, [], asked, settings, Controls(table, controls, asked))
