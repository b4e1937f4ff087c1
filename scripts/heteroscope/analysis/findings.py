"""The findings of a campaign: is a run faster than its baseline, is it steadier, size by size."""

from __future__ import annotations

from typing import Any

import pandas as pd

from heteroscope.analysis.comparisons import Settings
from heteroscope.analysis.guards import Guards, Level
from heteroscope.analysis.outcomes import Controls, Outcome, location_outcome, spread_outcome
from heteroscope.metrics import METRICS
from heteroscope.tables import columns


def findings(
    location: pd.DataFrame,
    variance: pd.DataFrame,
    guards: Guards,
    controls: Controls,
    settings: Settings,
) -> pd.DataFrame:
    """Say of each comparison what it comes to.

    Parameters
    ----------
    location, variance
        The tables of these names; of the second, the pairs.
    guards
        Asked of each comparison.
    controls
        What pairs that should not differ differ by.
    settings
        Level and margin.

    Returns
    -------
    pandas.DataFrame
        A row a run, baseline, size, metric and question, in the order of the tables, location
        first.
    """
    spread = variance[variance["scope"] == "pair"]
    rows = [
        _row(question, row, guards, controls, settings)
        for question, table in (("location", location), ("spread", spread))
        for row in table.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=[column.name for column in columns.FINDINGS])


def _row(
    question: str, row: dict[Any, Any], guards: Guards, controls: Controls, settings: Settings
) -> dict[str, Any]:
    run, baseline, size, metric = (row[key] for key in ("run", "baseline", "size", "metric"))
    size = int(size)
    step = METRICS[metric].step
    control = controls.of(question, metric, run, baseline, size)
    if question == "location":
        measure, p = "median", row["mann_whitney_p_holm"]
        outcome = location_outcome(row, p, row["brunner_munzel_p_holm"], settings, step, control)
    else:
        measure, p = "distance", row["levene_p_holm"]
        outcome = spread_outcome(row, p, settings, step, control)
    asked = guards.of(run, size, baseline, size, metric, metric)
    blocking = [found.guard for found in asked if found.level is Level.BLOCK]
    if blocking and outcome.reason != "n":
        outcome = Outcome("not_comparable", f"guard:{blocking[0]}")
    return {
        **{key: row.get(key) for key in (column.name for column in columns.FINDINGS)},
        "question": question,
        "value_run": row[f"{measure}_run"],
        "value_baseline": row[f"{measure}_baseline"],
        "p_holm": p,
        "finding": outcome.finding,
        "reason": outcome.reason,
        "control": control,
    }
