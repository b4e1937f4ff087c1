"""What a comparison comes to, by one rule for findings and claims: less, greater, equivalent, none.

`less` and `greater` need a significant test, and nothing that speaks against it: a second test or
measure that disagrees, a clock too coarse, a control that differs by as much.  Where they fail, an
interval inside the margin is `equivalent`, even if the two were as far apart again as a control is,
and all else `undecided`, with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from heteroscope.analysis.comparisons import Settings
from heteroscope.analysis.guards import Guards, Level
from heteroscope.inference import beyond, distance, inside
from heteroscope.tables import columns
from heteroscope.tables.frames import samples

ROUNDING = 0.29
"""The sd of rounding to whole steps, in steps: 1 / sqrt(12)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison comes to.

    `finding` is one of `columns.FINDINGS_OF` but ``not_comparable``, which guards say, and of a
    bound a verdict; `reason` says why it is not a plain one. `significant` is the test that
    decides, after adjustment; None where there is none. `near` is the ratio's interval of
    1 - 2 alpha, a step of the clock and a control wider, and `within` that it lies inside the
    margin; `outside`, that the interval of 1 - alpha lies below the margin (-1) or above (1).
    """

    finding: str
    reason: str = ""
    significant: bool | None = None
    near: tuple[float, float] = (math.nan, math.nan)
    within: bool = False
    outside: int = 0

    @property
    def practical(self) -> str:
        """Whether it matters; empty where there is no test or no ratio."""
        if self.significant is None or math.isnan(self.near[0]):
            return ""
        return "negligible" if self.within else "relevant" if self.outside else "unclear"


def location_outcome(
    figures: Mapping[str, Any],
    p: float,
    check_p: float,
    settings: Settings,
    control: float = math.nan,
    *,
    tau: float = math.nan,
) -> Outcome:
    """Judge a comparison of location.

    Parameters
    ----------
    figures
        Of `comparisons.location_of_pair`.
    p, check_p
        Adjusted, of Mann-Whitney (Kendall for a trend) and of Brunner-Munzel, which must agree;
        NaN where the samples do not overlap, and there is no such test.
    settings
        Level and margin.
    control
        The relative difference of a control: the ratio's interval must lie beyond it.
    tau
        Kendall's, for a trend, of which the figures compare the last size with the first.
    """
    directions = [
        tau if not math.isnan(tau) else figures["a12"] - 0.5,
        figures["a12"] - 0.5,
        figures["shift"],
        figures["median_run"] - figures["median_baseline"],
    ]
    coarse = abs(figures["shift"]) < figures["step"]
    return _outcome(figures, p, check_p, directions, coarse, settings, control)


def spread_outcome(
    figures: Mapping[str, Any], p: float, settings: Settings, control: float = math.nan
) -> Outcome:
    """Judge a comparison of spread; as `location_outcome`, by Levene's test alone."""
    # An outlier moves the sd far more: both measures must point one way.
    directions = [figures[f"{of}_run"] - figures[f"{of}_baseline"] for of in ("distance", "sd")]
    coarse = min(figures["sd_run"], figures["sd_baseline"]) < ROUNDING * figures["step"]
    return _outcome(figures, p, math.nan, directions, coarse, settings, control)


def _outcome(
    figures: Mapping[str, Any],
    p: float,
    check_p: float,
    directions: Sequence[float],
    coarse: bool,
    settings: Settings,
    control: float,
) -> Outcome:
    if figures["reason"]:
        return Outcome("not_testable", figures["reason"])
    significant, direction = bool(p <= settings.alpha), np.sign(directions[0])
    low, high = figures["ratio_low"], figures["ratio_high"]
    apart = 0 if math.isnan(control) else control
    near = figures["equivalence_low"] / (1 + apart), figures["equivalence_high"] * (1 + apart)
    within = inside(*near, settings.margin)
    against = {
        "not_significant": not (significant or check_p <= settings.alpha),
        "tests_disagree": not significant or check_p > settings.alpha,
        "below_resolution": coarse,
        "measures_disagree": len({*np.sign(directions)}) > 1,
        "control": apart > 0 and beyond(low, high, apart) != direction,
    }
    reason = next((name for name, applies in against.items() if applies), "")
    if not reason:
        finding, reason = "less" if direction < 0 else "greater", "within_margin" if within else ""
    elif within:
        finding, reason = "equivalent", ""
    else:
        finding = "undecided"
    return Outcome(finding, reason, significant, near, within, beyond(low, high, settings.margin))


class Controls:
    """Pairs of runs that do not differ in what is claimed, and by how much they differ anyway.

    Two clusters are never quite alike, and tests on one cluster a side cannot tell.  A control
    speaks for a comparison of runs that differ in what it differs in: which of image, cluster,
    machine and date are not alike.

    Parameters
    ----------
    trials
        The table of trials.
    pairs
        Two runs each.
    guards
        Asked what is alike.
    """

    def __init__(
        self, trials: pd.DataFrame, pairs: Iterable[tuple[str, str]], guards: Guards
    ) -> None:
        self._trials, self._guards = trials, guards
        self._pairs = [tuple(pair) for pair in pairs]
        self._samples = cache(partial(samples, trials))

    def of(self, question: str, metric: str, run: str, baseline: str, size: int) -> float:
        """Return the largest relative difference of the controls that speak for a comparison.

        It is max(ratio, 1 / ratio) - 1 of the medians (`question` is ``location``) or of the mean
        distances from the median (``spread``); NaN where no control speaks.
        """
        if metric not in self._trials or run == baseline:
            return math.nan
        values = self._samples(metric)
        measure = np.median if question == "location" else distance
        differences = []
        for pair in self._pairs:
            differing = self._guards.unlike(*pair)
            speaks = differing and differing <= self._guards.unlike(run, baseline)
            both = [values.get((name, size), np.empty(0)) for name in pair]
            if speaks and {*pair} != {run, baseline} and min(map(len, both)):
                less, more = sorted(float(measure(sample)) for sample in both)
                if less > 0:
                    differences.append(more / less - 1)
        return max(differences, default=math.nan)


def findings(
    location: pd.DataFrame,
    variance: pd.DataFrame,
    guards: Guards,
    controls: Controls,
    settings: Settings,
) -> pd.DataFrame:
    """Say of each comparison what it comes to: is a run faster than its baseline, is it steadier.

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
    rows = []
    for question, table in (("location", location), ("spread", spread)):
        records: list[dict[Any, Any]] = table.to_dict("records")
        for row in records:
            run, baseline, metric = row["run"], row["baseline"], row["metric"]
            size = int(row["size"])
            control = controls.of(question, metric, run, baseline, size)
            if question == "location":
                measure, p = "median", row["mann_whitney_p_holm"]
                check_p = row["brunner_munzel_p_holm"]
                outcome = location_outcome(row, p, check_p, settings, control)
            else:
                measure, p = "distance", row["levene_p_holm"]
                outcome = spread_outcome(row, p, settings, control)
            found = guards.of(run, size, baseline, size, metric, metric)
            blocking = [each.guard for each in found if each.level is Level.BLOCK]
            if blocking and outcome.reason != "n":
                outcome = Outcome("not_comparable", f"guard:{blocking[0]}")
            values = {f"value_{of}": row[f"{measure}_{of}"] for of in ("run", "baseline")}
            told = {"finding": outcome.finding, "reason": outcome.reason, "control": control}
            rows.append({**row, "question": question, **values, "p_holm": p, **told})
    return pd.DataFrame(rows, columns=[column.name for column in columns.FINDINGS])
