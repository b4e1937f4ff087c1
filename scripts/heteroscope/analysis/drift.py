"""Did a machine change while the trials ran? Each metric of a run at a size, in execution order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from heteroscope.inference import clean, kendall_trend, lag1, robust_z
from heteroscope.metrics import METRICS
from heteroscope.tables import columns
from heteroscope.tables.frames import groups


def drift(trials: pd.DataFrame, metrics: Sequence[str], sizes: Sequence[int]) -> pd.DataFrame:
    """Look for trends, and for dependence of each trial on the one before.

    Parameters
    ----------
    trials
        The table of trials, with ``ordered_by``.
    metrics, sizes
        What is looked at; every size that is found if none is named.

    Returns
    -------
    pandas.DataFrame
        A row for each metric that a trial of the group has.  Trials that are left out are no part
        of the sequence, and a mere listing is none; `first_z` counts in robust sd, of one step of
        the clock at least.
    """
    designs = {str(run): _designs(rows) for run, rows in trials.groupby("run", sort=False)}
    rows = []
    for run, size, group in groups(trials, sizes):
        counted = group[group["excluded"] == ""].sort_values("order")
        about = {"ordered_by": _ordered_by(group), "design": designs[run].get(size, "")}
        rows += [
            {"run": run, "size": size, "metric": metric, **_sequence(counted, metric), **about}
            for metric in metrics
            if metric in counted and counted[metric].notna().any()
        ]
    table = pd.DataFrame(rows, columns=[column.name for column in columns.DRIFT])
    listing = table["ordered_by"] == "listing"
    table.loc[listing, ["kendall_tau", "kendall_p", "lag1", "first_z"]] = np.nan
    table.loc[listing, "reason"] = "listing"
    return table


def _sequence(counted: pd.DataFrame, metric: str) -> dict[str, Any]:
    definition = METRICS[metric]
    values = clean(counted[metric].to_numpy(), resolution=definition.resolution)
    trend = kendall_trend(np.arange(len(values)), values)
    first = robust_z(values, definition.resolution or definition.step_of(values))[:1]
    return {
        "unit": definition.unit,
        "n": len(values),
        "kendall_tau": trend.statistic,
        "kendall_p": trend.p_value,
        "lag1": lag1(values),
        "first_z": first[0] if len(first) else np.nan,
        "reason": str(trend.reason),
    }


def _ordered_by(trials: pd.DataFrame) -> str:
    return "start" if (trials["ordered_by"] == "start").all() else "listing"


def _designs(of_run: pd.DataFrame) -> dict[int, str]:
    """Say how the trials of each size lie in the order of a run's; nothing if there is none."""
    placed = of_run.dropna(subset=["size"]).sort_values("order")
    in_order = placed["size"].to_numpy(dtype=np.int64)
    distinct = np.unique(in_order)
    if len(distinct) < 2 or _ordered_by(placed) == "listing":
        return {}
    # A size whose trials all follow one another begins exactly once.
    begins = in_order[np.flatnonzero(np.diff(in_order, prepend=in_order[0] - 1))]
    return {
        int(size): "blocked" if (begins == size).sum() == 1 else "interleaved" for size in distinct
    }
