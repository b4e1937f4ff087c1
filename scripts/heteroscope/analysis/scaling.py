"""What do more nodes bring? Speed-up, efficiency, throughput and cost of a run over its sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from heteroscope import inference
from heteroscope.analysis.comparisons import Sample, Settings
from heteroscope.metrics import METRICS, speedups
from heteroscope.tables import columns
from heteroscope.tables.frames import groups, samples

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
        monotone in the speed-up, as throughput is in the median: their limits are those of the
        speed-up and of the median, carried over.  Node-seconds and cost are of the mean, for slow
        trials are paid, too; its limits are Student's.

    References
    ----------
    .. [1] A. H. Karp, H. P. Flatt, Commun. ACM 33 (1990) 539-543.
    """
    values = {metric: samples(trials, metric) for metric in speedups()}
    bases: dict[tuple[str, str], int] = {}
    for metric, of_metric in values.items():
        for (run, size), sample in of_metric.items():
            if len(sample):
                bases[run, metric] = min(size, bases.get((run, metric), size))
    rows = []
    for run, size, group in groups(trials, sizes):
        work = _work(group)
        for metric in speedups():
            of_metric = values[metric]
            if len(of_metric.get((run, size), ())) == 0:
                continue
            base = bases[run, metric]
            rows.append(
                {
                    "run": run,
                    "size": size,
                    "base_size": base,
                    "metric": metric,
                    "unit": METRICS[metric].unit,
                    **_row(
                        of_metric[run, size],
                        of_metric[run, base],
                        size,
                        base,
                        work,
                        prices.get(run),
                        settings,
                    ),
                }
            )
    return pd.DataFrame(rows, columns=[column.name for column in columns.SCALING])


def _row(
    sample: Sample,
    base_sample: Sample,
    size: int,
    base: int,
    work: float | None,
    price: float | None,
    settings: Settings,
) -> dict[str, Any]:
    interval = inference.quantile_interval(sample, confidence=settings.confidence)
    time = (interval.value, interval.low, interval.high)
    mean = _mean(sample, settings.confidence)
    row: dict[str, Any] = {"n": len(sample), "n_base": len(base_sample)}
    reasons = [str(interval.reason)]
    row |= _spread_out("median", time, lambda seconds: seconds)
    if size == base:
        row |= {"speedup": 1.0, "efficiency": 1.0}
        reasons.append("base")
    else:
        row |= _speedup(base_sample, sample, size / base, settings)
    if work is None:
        reasons.append("atoms")
    else:
        row |= _spread_out("matom_steps_per_s", time, lambda seconds: work / seconds / 1e6)
    row |= _spread_out("node_seconds", mean, lambda seconds: size * seconds)
    if price is None:
        reasons.append("price")
    else:
        row |= _spread_out("cost", mean, lambda s: price * size * s / _SECONDS_PER_HOUR)
    return {**row, "reason": ", ".join(filter(None, reasons))}


def _speedup(
    base_sample: Sample, sample: Sample, growth: float, settings: Settings
) -> dict[str, float]:
    """Return the speed-up that `growth` times the nodes give, and what follows from it."""
    found = inference.median_ratio(base_sample, sample, confidence=settings.confidence)
    speedup = (found.value, found.low, found.high)
    return {
        **_spread_out("speedup", speedup, lambda s: s),
        **_spread_out("efficiency", speedup, lambda s: s / growth),
        **_spread_out("karp_flatt", speedup, lambda s: (1 / s - 1 / growth) / (1 - 1 / growth)),
    }


def _mean(sample: Sample, confidence: float) -> tuple[float, float, float]:
    """Return the mean with Student's limits, if there are two values."""
    mean = float(sample.mean())
    if len(sample) < 2:
        return mean, math.nan, math.nan
    from scipy.special import stdtrit

    error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
    half = float(stdtrit(len(sample) - 1, (1 + confidence) / 2)) * error
    return mean, mean - half, mean + half


def _spread_out(
    name: str, estimate: tuple[float, float, float], convert: Callable[[float], float]
) -> dict[str, float]:
    """Return the columns of a quantity that is a monotone function of an estimate."""
    value, low, high = (
        convert(number) if math.isfinite(number) and number > 0 else math.nan for number in estimate
    )
    low, high = (high, low) if low > high else (low, high)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _work(group: pd.DataFrame) -> float | None:
    """Return atoms × steps of a group's trials, if they all agree."""
    counted = group[group["excluded"] == ""]
    per_trial = (counted["atoms"] * counted["steps"]).dropna().unique()
    return float(per_trial[0]) if len(per_trial) == 1 else None
