"""Tables of trials and of their summaries: read, made and written in one way.

Tables are tidy, in a fixed order of rows and columns, and written with full precision; a cell is
empty where there is nothing to say, and then the row has a reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from heteroscope.inference import clean, quantile_interval
from heteroscope.metrics import METRICS
from heteroscope.tables import columns as documented
from heteroscope.tables.columns import Column, conform

# Columns of the table of trials that say which trial it is and whether it counts.
KEYS = (
    "run", "operator", "size", "ranks", "repetition", "order",
    "excluded", "rule", "status", "reason", "log",
)  # fmt: skip
_TEXT = ("run", "operator", "excluded", "rule", "status", "reason", "log", "started_at", "command")

Path = str | os.PathLike[str]


def read_trials(
    paths: Iterable[Path], figures: Sequence[str] | None = None, texts: Iterable[str] = ()
) -> pd.DataFrame:
    """Read tables of trials into one.

    Parameters
    ----------
    paths
        One table a run; the rows keep their order.
    figures
        The figures that are wanted beside the keys; None for every column.
    texts
        Figures that are words, whatever they look like.

    Returns
    -------
    pandas.DataFrame
        Text columns hold text, empty where there is none; all others are float64 or int64.
    """
    words = {*_TEXT, *texts}
    wanted = None if figures is None else {*KEYS, *figures}
    frames = []
    for path in paths:
        frame = pd.read_csv(
            path,
            usecols=None if wanted is None else lambda name: name in wanted,
            dtype=dict.fromkeys(words, str),
            keep_default_na=False,
            na_values=[""],
        )
        frame = frame.fillna({name: "" for name in words if name in frame})
        frames.append(frame)
    # A column without a value in one run would set the type of all.
    filled = [frame.dropna(axis="columns", how="all") for frame in frames]
    joined = pd.concat(filled, ignore_index=True)
    return joined.reindex(columns=frames[0].columns)


def read_table(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    """Read a table as it was written by `write_table`; empty text is empty text."""
    text = {column.name: str for column in columns if column.kind == "text"}
    others = {column.name: "" for column in columns if column.kind != "text"}
    return pd.read_csv(path, keep_default_na=False, na_values=others, dtype=text)


def read_parse(paths: Iterable[Path]) -> pd.DataFrame:
    """Read the tables of what became of logs into one."""
    return pd.concat([read_table(path, documented.PARSE) for path in paths], ignore_index=True)


def write_table(table: pd.DataFrame, columns: Sequence[Column], path: Path) -> None:
    """Write a table as CSV: full precision, no index, Unix line ends.

    Parameters
    ----------
    table
        As it was computed.
    columns
        What it should be, see `columns.conform`.
    path
        Where it goes.
    """
    conform(table, columns).to_csv(path, index=False, lineterminator="\n")


def samples(trials: pd.DataFrame, metric: str) -> dict[tuple[str, int], NDArray[np.float64]]:
    """Return the values that count of one metric, by run and size.

    Parameters
    ----------
    trials
        Rows of the table of trials.
    metric
        Name of the metric.

    Returns
    -------
    dict
        Each value an array of shape (n,), in the metric's unit, rounded to its resolution, in the
        order of the table; finite and not excluded.
    """
    counted = trials[trials["excluded"] == ""]
    resolution = METRICS[metric].resolution
    return {
        (str(run), int(group["size"].iloc[0])): clean(
            group[metric].to_numpy(), resolution=resolution
        )
        for run, of_run in counted.groupby("run", sort=False)
        for _, group in of_run.groupby("size", sort=False)
    }


def exclusions(trials: pd.DataFrame) -> pd.DataFrame:
    """Return every trial that is left out: the log, by which rule, and why."""
    left_out = trials[trials["excluded"] != ""]
    columns = ["run", "size", "repetition", "log", "rule", "excluded"]
    return left_out[columns].rename(columns={"excluded": "reason"})


def groups(trials: pd.DataFrame, sizes: Sequence[int]) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Yield run, size and rows, runs in the order of the table and sizes in that of the study.

    A log whose size is unknown belongs to no group.
    """
    every = sizes or sorted({int(size) for size in trials["size"].dropna()})
    for run, of_run in trials.groupby("run", sort=False):
        for size in every:
            rows = of_run[of_run["size"] == size]
            if len(rows):
                yield str(run), int(size), rows


def summary(
    trials: pd.DataFrame, metrics: Sequence[str], sizes: Sequence[int], confidence: float
) -> pd.DataFrame:
    """Summarise each metric of each run at each size.

    Parameters
    ----------
    trials
        The table of trials.
    metrics, sizes
        What is summarised; every size that is found if none is named.
    confidence
        Of the interval of the median.

    Returns
    -------
    pandas.DataFrame
        A row for each metric that at least one log of the run has. The mean of a rate is harmonic:
        what all trials did in all their time. `mad` is the median absolute deviation, not scaled;
        quantiles interpolate linearly; outliers are Tukey's, more than 1.5 (mild) and 3 (severe)
        interquartile ranges from a quartile: they are counted and never dropped.
    """
    rows = []
    for run, size, group in groups(trials, sizes):
        for metric in metrics:
            if metric not in group or not group[metric].notna().any():
                continue
            rows.append(
                {
                    "run": run,
                    "operator": group["operator"].iloc[0],
                    "size": size,
                    "ranks": _only(group["ranks"]),
                    "metric": metric,
                    "unit": METRICS[metric].unit,
                    **_counts(group, metric),
                    **_describe(group, metric, confidence),
                }
            )
    return pd.DataFrame(rows, columns=[column.name for column in documented.SUMMARY])


def _only(values: pd.Series[Any]) -> int | None:
    """Return the value that all rows share, if they do."""
    distinct = values.dropna().unique()
    return int(distinct[0]) if len(distinct) == 1 else None


def _counts(group: pd.DataFrame, metric: str) -> dict[str, int]:
    counted = group["excluded"] == ""
    return {
        "n_logs": len(group),
        "n_excluded": int((~counted).sum()),
        "n_missing": int((counted & ~np.isfinite(group[metric])).sum()),
    }


def _describe(group: pd.DataFrame, metric: str, confidence: float) -> dict[str, Any]:
    counted = group.loc[group["excluded"] == "", metric]
    values = clean(counted.to_numpy(), resolution=METRICS[metric].resolution)
    n = len(values)
    if n == 0:
        return {"n": 0, "reason": "n"}
    _, repeats = np.unique(values, return_counts=True)
    interval = quantile_interval(values, confidence=confidence)
    q1, q3 = (float(q) for q in np.quantile(values, (0.25, 0.75)))
    rate = METRICS[metric].unit.endswith("/s") and values.min() > 0
    mean = float(n / (1 / values).sum() if rate else values.mean())
    sd = float(values.std(ddof=1)) if n > 1 else None
    # A value on a fence is not beyond it: binary noise of the subtraction must not decide.
    beyond = np.round(np.maximum(q1 - values, values - q3), 9)
    fences = np.round(1.5 * (q3 - q1), 9), np.round(3 * (q3 - q1), 9)
    return {
        "n": n,
        "n_distinct": len(repeats),
        "tied_fraction": float(repeats[repeats > 1].sum() / n),
        "median": interval.value,
        "median_low": interval.low,
        "median_high": interval.high,
        "mean": mean,
        "sd": sd,
        "cv": sd / mean if sd is not None and interval.value > 0 else None,
        "mad": float(np.median(np.abs(values - interval.value))),
        "iqr": q3 - q1,
        "min": float(values.min()),
        **_tail_quantile("p05", values, 0.05, confidence),
        **_tail_quantile("p95", values, 0.95, confidence),
        "max": float(values.max()),
        "outliers_mild": int(((beyond > fences[0]) & (beyond <= fences[1])).sum()),
        "outliers_severe": int((beyond > fences[1]).sum()),
        "reason": str(interval.reason),
    }


def _tail_quantile(
    name: str, values: NDArray[np.float64], share: float, confidence: float
) -> dict[str, float]:
    """Return a quantile with its limits, or nothing: 20 values have no 95th percentile to tell."""
    interval = quantile_interval(values, share, confidence=confidence)
    if interval.reason:
        return {}
    return {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
