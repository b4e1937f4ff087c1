"""Runs against their baselines, size by size: tests of spread and of location, as tables.

A family of tests, within which p-values are adjusted, is one test of one metric over the sizes of
one comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from heteroscope import inference
from heteroscope.metrics import METRICS
from heteroscope.tables import columns
from heteroscope.tables.frames import samples

Sample = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How tests are made.

    Attributes
    ----------
    alpha
        Level of the tests; intervals have 1 - alpha.
    margin
        The largest relative difference that has no practical meaning.
    resamples, seed
        Of the bootstrap.
    """

    alpha: float = 0.05
    margin: float = 0.05
    resamples: int = inference.RESAMPLES
    seed: int = 0

    @property
    def confidence(self) -> float:
        """Confidence of the intervals."""
        return 1 - self.alpha


def spread_of_pair(x: Sample, y: Sample, settings: Settings) -> dict[str, Any]:
    """Compare the spread of two samples; the keys are columns of the table of variance."""
    tests = _spread_tests([x, y])
    ratio = inference.sd_ratio(
        x,
        y,
        seed=settings.seed,
        confidence=settings.confidence,
        resamples=settings.resamples,
    )
    return {
        "sd_run": _sd(x),
        "sd_baseline": _sd(y),
        "sd_ratio": ratio.ratio,
        "sd_ratio_low": ratio.low,
        "sd_ratio_high": ratio.high,
        **tests,
    }


def _spread_tests(groups: Sequence[Sample]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    decision = inference.levene(groups, center="median")
    for name, test in (
        ("levene_median", decision),
        ("levene_mean", inference.levene(groups, center="mean")),
        ("levene_log_median", inference.levene(groups, center="median", log=True)),
        ("levene_log_mean", inference.levene(groups, center="mean", log=True)),
        ("fligner", inference.fligner_killeen(groups)),
    ):
        figures[f"{name}_statistic"] = test.statistic
        figures[f"{name}_p"] = test.p_value
    return {**figures, "one_constant": decision.one_constant, "reason": str(decision.reason)}


def _sd(values: Sample) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan


def _median(values: Sample) -> float:
    return float(np.median(values)) if len(values) else math.nan


def location_of_pair(x: Sample, y: Sample, settings: Settings) -> dict[str, Any]:
    """Compare the location of two samples; the keys are columns of the table of location."""
    resampling = {"seed": settings.seed, "resamples": settings.resamples}
    ranks = inference.mann_whitney(x, y)
    robust = inference.brunner_munzel(x, y)
    superiority = inference.superiority(x, y, confidence=settings.confidence)
    ratio = inference.median_ratio(x, y, confidence=settings.confidence, **resampling)
    shift = inference.hodges_lehmann(x, y, confidence=settings.confidence)
    near = inference.equivalence(x, y, margin=settings.margin, alpha=settings.alpha, **resampling)
    detectable = inference.minimum_detectable_effect(len(x), len(y), alpha=settings.alpha)
    return {
        "median_run": _median(x),
        "median_baseline": _median(y),
        "u_run": ranks.u_x,
        "u_baseline": ranks.u_y,
        "mann_whitney_p": ranks.p_value,
        "mann_whitney_method": ranks.method,
        "smallest_p": ranks.smallest_p,
        "brunner_munzel_statistic": robust.statistic,
        "brunner_munzel_p": robust.p_value,
        "separated": ranks.separated,
        "a12": superiority.a12,
        "a12_low": superiority.a12_low,
        "a12_high": superiority.a12_high,
        "cliffs_delta": superiority.delta,
        "cliffs_delta_low": superiority.delta_low,
        "cliffs_delta_high": superiority.delta_high,
        "ratio": ratio.ratio,
        "ratio_low": ratio.low,
        "ratio_high": ratio.high,
        "shift": shift.shift,
        "shift_low": shift.low,
        "shift_high": shift.high,
        "shift_confidence": shift.confidence,
        "equivalence_low": near.low,
        "equivalence_high": near.high,
        "within_margin": near.within,
        "smallest_margin": near.smallest_margin,
        "detectable_shift_sd": detectable.shift_sd,
        "reason": str(ranks.reason_at(settings.alpha)),
    }


def variance(
    trials: pd.DataFrame,
    pairs: Iterable[tuple[str, str]],
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
    pair_rows = _pair_table(trials, pairs, metrics, sizes, settings, spread_of_pair)
    pair_rows.insert(0, "scope", "pair")
    across = _across_sizes(trials, metrics, sizes)
    across.insert(0, "scope", "sizes")
    table = pd.concat([pair_rows, across], ignore_index=True) if len(pair_rows) else across
    for test in ("levene_median", "levene_mean", "fligner"):
        _adjust(table, f"{test}_p")
    return table.reindex(columns=[column.name for column in columns.VARIANCE])


def location(
    trials: pd.DataFrame,
    pairs: Iterable[tuple[str, str]],
    metrics: Sequence[str],
    sizes: Sequence[int],
    settings: Settings,
) -> pd.DataFrame:
    """Test whether the values of a run and of its baseline differ in location.

    Parameters and rows are as of `variance`, for pairs alone.  The decision is the exact
    Mann-Whitney test, and Brunner and Munzel's, which holds for unequal spreads, must agree.
    """
    table = _pair_table(trials, pairs, metrics, sizes, settings, location_of_pair)
    for test in ("mann_whitney", "brunner_munzel"):
        _adjust(table, f"{test}_p")
    if len(table):
        exact = table["mann_whitney_p_holm"] <= settings.alpha
        robust = table["brunner_munzel_p_holm"] <= settings.alpha
        table["tests_disagree"] = (exact != robust) & table["brunner_munzel_p"].notna()
    return table.reindex(columns=[column.name for column in columns.LOCATION])


def _pair_table(
    trials: pd.DataFrame,
    pairs: Iterable[tuple[str, str]],
    metrics: Sequence[str],
    sizes: Sequence[int],
    settings: Settings,
    compare: Callable[[Sample, Sample, Settings], Mapping[str, Any]],
) -> pd.DataFrame:
    """Compare each pair at each size where both runs have logs that could have the metric."""
    by_metric = {metric: samples(trials, metric) for metric in metrics if metric in trials}
    rows = []
    for run, baseline in pairs:
        for metric, values in by_metric.items():
            if not (_has(values, run) and _has(values, baseline)):
                continue
            for size in sizes or _sizes_of(values):
                if (run, size) not in values or (baseline, size) not in values:
                    continue
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
                        **compare(x, y, settings),
                    }
                )
    return pd.DataFrame(rows)


def _has(values: Mapping[tuple[str, int], Sample], run: str) -> bool:
    return any(name == run and len(sample) for (name, _), sample in values.items())


def _sizes_of(values: Mapping[tuple[str, int], Sample]) -> list[int]:
    return sorted({size for _, size in values})


def _across_sizes(
    trials: pd.DataFrame, metrics: Sequence[str], sizes: Sequence[int]
) -> pd.DataFrame:
    rows = []
    for metric in metrics:
        if metric not in trials:
            continue
        values = samples(trials, metric)
        for run in dict.fromkeys(name for name, _ in values):
            of_run = [
                values[run, size]
                for size in sizes or _sizes_of(values)
                if (run, size) in values and len(values[run, size])
            ]
            if len(of_run) < 2:
                continue
            rows.append(
                {
                    "run": run,
                    "metric": metric,
                    "unit": METRICS[metric].unit,
                    "n_groups": len(of_run),
                    "n_run": sum(map(len, of_run)),
                    **_spread_tests(of_run),
                }
            )
    table = pd.DataFrame(rows)
    runs = {run: place for place, run in enumerate(dict.fromkeys(trials["run"]))}
    if len(table):
        table = table.sort_values("run", key=lambda run: run.map(runs), kind="stable")
    return table


def _adjust(table: pd.DataFrame, column: str) -> None:
    """Add the Holm-adjusted p-values of a test; its families are told apart by all but the size."""
    if not len(table):
        return
    keys = [key for key in ("scope", "run", "baseline", "metric") if key in table]
    table[f"{column}_holm"] = table.groupby(keys, sort=False, dropna=False)[column].transform(
        lambda family: inference.holm(family.to_numpy())
    )
