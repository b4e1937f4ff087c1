"""What do larger sizes bring? Speed-up, efficiency, throughput and cost of a run over its sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from heteroscope import inference
from heteroscope.analysis.comparisons import Sample, Settings
from heteroscope.inference import Estimate, Reason
from heteroscope.metrics import METRICS, speedups
from heteroscope.tables import columns
from heteroscope.tables.frames import groups, samples
from heteroscope.words import sizes_are_nodes

_SECONDS_PER_HOUR = 3600


def figures() -> list[str]:
    """Return what is needed of trials."""
    return [*speedups(), "atoms", "steps"]


def scaling(
    trials: pd.DataFrame,
    sizes: Sequence[int],
    prices: Mapping[str, float],
    settings: Settings,
) -> pd.DataFrame:
    """Compare each size of a run with its smallest one: the base case.

    Parameters
    ----------
    trials
        The table of trials, with `figures`.
    sizes
        Of the study; every size that is found if none is named.
    prices
        Of a node and hour, by run.
    settings
        How intervals are made.

    Returns
    -------
    pandas.DataFrame
        A row a run, size and time.  Efficiency and the serial fraction of Karp and Flatt [1]_ are
        of the growth in whatever sizes count; they are monotone in the speed-up, as throughput is
        in the median: their limits are those of the speed-up and of the median, carried over.
        Node-seconds and cost, where sizes are nodes, are of the mean, for slow trials are paid,
        too; its limits are Student's.

    References
    ----------
    .. [1] A. H. Karp, H. P. Flatt, Communications of the ACM 33 (1990) 539-543.
    """
    values = {metric: samples(trials, metric) for metric in speedups()}
    rows = []
    for run, size, group in groups(trials, sizes):
        for metric, of_metric in values.items():
            of_run = {s: sample for (name, s), sample in of_metric.items() if name == run}
            having = [s for s, sample in of_run.items() if len(sample)]
            if size in having:
                base = min(having)
                about = {"run": run, "size": size, "base_size": base, "metric": metric}
                figures = _row(of_run[size], of_run[base], size / base, _work(group), settings)
                paid = _paid(of_run[size], size, prices.get(run), settings)
                reason = ", ".join(filter(None, (figures.pop("reason"), paid.pop("reason"))))
                unit = METRICS[metric].unit
                rows.append({**about, "unit": unit, **figures, **paid, "reason": reason})
    return pd.DataFrame(rows, columns=[column.name for column in columns.SCALING])


def _row(
    sample: Sample, base_sample: Sample, growth: float, work: float | None, settings: Settings
) -> dict[str, Any]:
    """Return what a size brings: medians against those of the base case."""
    median = inference.quantile_interval(sample, confidence=settings.confidence)
    row: dict[str, Any] = {"n": len(sample), "n_base": len(base_sample)}
    reasons = [str(median.reason)]
    row |= _carried("median", median, lambda seconds: seconds)
    if growth == 1:
        row |= {"speedup": 1.0, "efficiency": 1.0}
        reasons.append("base")
    else:
        speedup = inference.median_ratio(base_sample, sample, confidence=settings.confidence)
        row |= _carried("speedup", speedup, lambda s: s)
        row |= _carried("efficiency", speedup, lambda s: s / growth)
        row |= _carried("karp_flatt", speedup, lambda s: (1 / s - 1 / growth) / (1 - 1 / growth))
    if work is None:
        reasons.append("atoms")
    else:
        row |= _carried("matom_steps_per_s", median, lambda seconds: work / seconds / 1e6)
    return {**row, "reason": ", ".join(filter(None, reasons))}


def _paid(sample: Sample, size: int, price: float | None, settings: Settings) -> dict[str, Any]:
    """Return what a size costs, on average; nothing where it is no number of nodes."""
    if not sizes_are_nodes():
        return {"reason": ""}
    mean = _mean(sample, settings.confidence)
    row: dict[str, Any] = _carried("node_seconds", mean, lambda seconds: size * seconds)
    if price is None:
        return {**row, "reason": "price"}
    row |= _carried("cost", mean, lambda s: price * size * s / _SECONDS_PER_HOUR)
    return {**row, "reason": ""}


def _mean(sample: Sample, confidence: float) -> Estimate:
    """Return the mean with Student's limits, if there are two values."""
    mean = float(sample.mean())
    if len(sample) < 2:
        return Estimate(mean, math.nan, math.nan, Reason.N)
    from scipy.special import stdtrit

    error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
    half = float(stdtrit(len(sample) - 1, (1 + confidence) / 2)) * error
    return Estimate(mean, mean - half, mean + half)


def _carried(name: str, of: Estimate, convert: Callable[[float], float]) -> dict[str, float]:
    """Return the columns of a quantity that is a monotone function of an estimate above 0."""
    value, low, high = (
        convert(x) if math.isfinite(x) and x > 0 else math.nan for x in (of.value, of.low, of.high)
    )
    low, high = (high, low) if low > high else (low, high)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _work(group: pd.DataFrame) -> float | None:
    """Return atoms × steps of a group's trials, if they all agree."""
    counted = group[group["excluded"] == ""]
    per_trial = (counted["atoms"] * counted["steps"]).dropna().unique()
    return float(per_trial[0]) if len(per_trial) == 1 else None
