"""Runs against their baselines, size by size: tests of spread and of location, as tables.

A family of tests, within which p-values are adjusted, is one test of one metric over the sizes of
one comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from heteroscope import inference
from heteroscope.inference import Reason
from heteroscope.metrics import METRICS
from heteroscope.tables import columns
from heteroscope.tables.frames import samples

Sample = NDArray[np.float64]
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How tests are made.

    Attributes
    ----------
    alpha
        Level of the tests; intervals have 1 - alpha.
    margin
        The largest relative difference that has no practical meaning.
    """

    alpha: float = 0.05
    margin: float = 0.05

    @property
    def confidence(self) -> float:
        """Confidence of the intervals."""
        return 1 - self.alpha


def step_between(
    values: Mapping[tuple[str, int], Sample], metric: str, runs: Container[str]
) -> float:
    """Return one step of the clock of a metric; one that is declared without counts in digits."""
    of_runs = (sample for (name, _), sample in values.items() if name in runs)
    return METRICS[metric].step_of(*of_runs)


def location_of_pair(x: Sample, y: Sample, settings: Settings, step: float = 0.0) -> dict[str, Any]:
    """Compare the location of two samples.

    Parameters
    ----------
    x, y
        Values of the run and of its baseline.
    settings
        How.
    step
        One step of the clock, by which an interval is widened before it is held against a margin:
        a truncated clock reads v for anything from v to v + step.

    Returns
    -------
    dict
        The keys are columns of the table of location.
    """
    enough = min(len(x), len(y)) >= inference.LEAST_VALUES
    ranks = inference.mann_whitney(x, y)
    near = inference.median_ratio(x, y, confidence=1 - 2 * settings.alpha)
    medians = median(x), median(y)
    return {
        "step": step,
        "median_run": medians[0],
        "median_baseline": medians[1],
        "mann_whitney_p": ranks.p_value if enough else math.nan,
        "mann_whitney_method": ranks.method if enough else "",
        "brunner_munzel_p": inference.brunner_munzel(x, y).p_value if enough else math.nan,
        **_limits("a12", inference.superiority(x, y, confidence=settings.confidence)),
        **_limits("ratio", inference.median_ratio(x, y, confidence=settings.confidence)),
        **_limits("shift", inference.hodges_lehmann(x, y, confidence=settings.confidence)),
        **_widened(near, *medians, step),
        "reason": str(ranks.reason_at(settings.alpha) if enough else Reason.N),
    }


def spread_of_pair(x: Sample, y: Sample, settings: Settings, step: float = 0.0) -> dict[str, Any]:
    """Compare the spread of two samples; as `location_of_pair`, for the table of variance."""
    near = inference.spread_ratio(x, y, confidence=1 - 2 * settings.alpha)
    distances = inference.distance(x), inference.distance(y)
    return {
        "step": step,
        "sd_run": _sd(x),
        "sd_baseline": _sd(y),
        "distance_run": distances[0],
        "distance_baseline": distances[1],
        **_limits("ratio", inference.spread_ratio(x, y, confidence=settings.confidence)),
        **_widened(near, *distances, step),
        **spread_tests([x, y]),
    }


def spread_tests(groups: Sequence[Sample]) -> dict[str, Any]:
    """Test whether samples spread alike; the keys are columns of the table of variance."""
    decision = inference.levene(groups)
    return {
        "levene_statistic": decision.statistic,
        "levene_p": decision.p_value,
        "fligner_p": inference.fligner_killeen(groups).p_value,
        "reason": str(decision.reason),
    }


def _limits(name: str, found: inference.Estimate) -> dict[str, float]:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _widened(
    near: inference.Estimate, run: float, baseline: float, step: float
) -> dict[str, float]:
    """Return the limits of a ratio that one step of the clock more on either side allows for."""
    if not min(run, baseline) > 0:
        return {"equivalence_low": math.nan, "equivalence_high": math.nan}
    return {
        "equivalence_low": near.low * baseline / (baseline + step),
        "equivalence_high": near.high * (run + step) / run,
    }


def power_of_location(x: Sample, y: Sample, settings: Settings, sizes: int) -> dict[str, float]:
    """Return what samples of this scatter can show, if so many sizes are tested together.

    As for normal values with the mean distance from the median that is seen, which slow outliers
    move less than the sd.
    """
    spreads = [
        math.sqrt(math.pi / 2) * inference.distance(s) * len(s) / max(1, len(s) - 1) for s in (x, y)
    ]
    middle = median(y)
    return _power(inference.detectable_shift, x, y, spreads, settings, sizes, unit=middle)


def power_of_spread(x: Sample, y: Sample, settings: Settings, sizes: int) -> dict[str, float]:
    """Return by how much spreads can be seen to differ; as `power_of_location`."""
    cvs = [
        np.abs(s - np.median(s)).std() / d if (d := inference.distance(s)) > 0 else math.nan
        for s in (x, y)
    ]
    return _power(inference.detectable_ratio, x, y, cvs, settings, sizes, base=1)


def _power(
    detectable: Callable[..., float],
    x: Sample,
    y: Sample,
    scatter: Sequence[float],
    settings: Settings,
    sizes: int,
    *,
    unit: float = 1,
    base: float = 0,
) -> dict[str, float]:
    if min(len(x), len(y)) < 2 or not unit > 0 or not math.isfinite(sum(scatter)):
        return {"detectable_percent": math.nan, "trials_needed": math.nan}

    def found(n_run: int, n_baseline: int) -> float:
        alpha = settings.alpha / sizes
        return detectable(n_run, n_baseline, *scatter, alpha=alpha) / unit - base

    needed = inference.sizes_needed(lambda n: found(n, n), settings.margin)
    return {"detectable_percent": 100 * found(len(x), len(y)), "trials_needed": needed}


def _sd(values: Sample) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan


def median(values: Sample) -> float:
    """Return the median; NaN of nothing."""
    return float(np.median(values)) if len(values) else math.nan


def variance(
    trials: pd.DataFrame,
    pairs: Pairs,
    metrics: Sequence[str],
    sizes: Sequence[int],
    settings: Settings,
) -> pd.DataFrame:
    """Test whether spreads differ: of a run and its baseline, and of one run across its sizes.

    Parameters
    ----------
    trials
        The table of trials.
    pairs
        Each run with a baseline.
    metrics, sizes
        What is tested; every size that is found if none is named.
    settings
        How.

    Returns
    -------
    pandas.DataFrame
        `scope` is ``pair``, with a baseline and a size, or ``sizes``, a run across its sizes.
        The decision is Levene's test about the median (Brown-Forsythe).
    """
    asked = spread_of_pair, power_of_spread
    rows = _pair_rows(trials, pairs, metrics, sizes, settings, *asked)
    rows = [{"scope": "pair", **row} for row in rows]
    rows += [{"scope": "sizes", **row} for row in _across_sizes(trials, metrics, sizes)]
    return _table(rows, columns.VARIANCE, ("levene_p", "fligner_p"))


def location(
    trials: pd.DataFrame,
    pairs: Pairs,
    metrics: Sequence[str],
    sizes: Sequence[int],
    settings: Settings,
) -> pd.DataFrame:
    """Test whether the values of a run and of its baseline differ in location.

    Parameters and rows are as of `variance`, for pairs alone.  The decision is the exact
    Mann-Whitney test, and Brunner and Munzel's, which holds for unequal spreads, must agree.
    """
    asked = location_of_pair, power_of_location
    rows = _pair_rows(trials, pairs, metrics, sizes, settings, *asked)
    return _table(rows, columns.LOCATION, ("mann_whitney_p", "brunner_munzel_p"))


def _pair_rows(
    trials: pd.DataFrame,
    pairs: Pairs,
    metrics: Sequence[str],
    sizes: Sequence[int],
    settings: Settings,
    compare: Callable[[Sample, Sample, Settings, float], Mapping[str, Any]],
    power: Callable[[Sample, Sample, Settings, int], Mapping[str, float]],
) -> list[dict[str, Any]]:
    """Compare each pair at each size where both runs have logs that could have the metric."""
    by_metric = {metric: samples(trials, metric) for metric in metrics if metric in trials}
    rows = []
    for run, baseline in pairs:
        for metric, values in by_metric.items():
            both = [
                size
                for size in sizes or sorted({size for _, size in values})
                if (run, size) in values and (baseline, size) in values
            ]
            if not (_has(values, run) and _has(values, baseline)):
                continue
            step = step_between(values, metric, (run, baseline))
            for size in both:
                x, y = values[run, size], values[baseline, size]
                rows.append(
                    {
                        "run": run,
                        "baseline": baseline,
                        "size": size,
                        "metric": metric,
                        "unit": METRICS[metric].unit,
                        "n_run": len(x),
                        "n_baseline": len(y),
                        **compare(x, y, settings, step),
                        **power(x, y, settings, len(both)),
                    }
                )
    return rows


def _has(values: Mapping[tuple[str, int], Sample], run: str) -> bool:
    return any(name == run and len(sample) for (name, _), sample in values.items())


def _across_sizes(
    trials: pd.DataFrame, metrics: Sequence[str], sizes: Sequence[int]
) -> list[dict[str, Any]]:
    by_metric = {metric: samples(trials, metric) for metric in metrics if metric in trials}
    rows = []
    for run in dict.fromkeys(map(str, trials["run"])):
        for metric, values in by_metric.items():
            of_run = [
                values[run, size]
                for size in sizes or sorted({size for _, size in values})
                if len(values.get((run, size), ()))
            ]
            if len(of_run) > 1:
                about = {"run": run, "metric": metric, "unit": METRICS[metric].unit}
                counts = {"n_groups": len(of_run), "n_run": sum(map(len, of_run))}
                rows.append({**about, **counts, **spread_tests(of_run)})
    return rows


def _table(
    rows: Sequence[Mapping[str, Any]], described: Sequence[columns.Column], tests: Sequence[str]
) -> pd.DataFrame:
    """Return rows as a table, with p-values adjusted in families of all but the size."""
    table = pd.DataFrame(rows)
    keys = [key for key in ("scope", "run", "baseline", "metric") if key in table]
    for test in tests:
        if len(table):
            table[f"{test}_holm"] = table.groupby(keys, sort=False, dropna=False)[test].transform(
                lambda family: inference.holm(family.to_numpy())
            )
    return table.reindex(columns=[column.name for column in described])
