"""What a comparison comes to, by one rule for tables and claims: less, greater, equivalent or not.

`less` and `greater` need a significant test, and nothing that speaks against it: a second test or
measure that disagrees, a clock too coarse, a control that differs by as much.  Where they fail, an
interval inside the margin is `equivalent`, even if the two were as far apart again as a control is,
and all else `undecided`, with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from heteroscope.analysis.comparisons import Sample, Settings
from heteroscope.analysis.guards import Guards
from heteroscope.inference import beyond, distance, inside
from heteroscope.tables.frames import samples

ROUNDING = 0.29
"""The sd of rounding to whole steps, in steps: 1 / sqrt(12)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison comes to.

    Attributes
    ----------
    finding
        One of `columns.FINDINGS_OF`, but for ``not_comparable``, which guards say.
    reason
        Why it is not a plain one of the first three; empty otherwise.
    significant
        The test that decides, after adjustment; None where there is none.
    near
        The ratio's interval of 1 - 2 alpha, a step of the clock and a control wider.
    within
        It lies inside the margin.
    outside
        The interval of 1 - alpha lies below the margin (-1) or above (1), or neither (0).
    """

    finding: str
    reason: str = ""
    significant: bool | None = None
    near: tuple[float, float] = (math.nan, math.nan)
    within: bool = False
    outside: int = 0


def location_outcome(
    figures: Mapping[str, Any],
    p: float,
    check_p: float,
    settings: Settings,
    step: float,
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
    step
        One step of the clock: a smaller shift is not told.
    control
        The relative difference of a control: the ratio's interval must lie beyond it.
    tau
        Kendall's, for a trend, of which the figures compare the last size with the first.

    Returns
    -------
    Outcome
    """
    change = figures["median_run"] - figures["median_baseline"]
    signs = {_sign(figures["a12"] - 0.5), _sign(figures["shift"]), _sign(change)}
    if not math.isnan(tau):
        signs.add(_sign(tau))
    against = (
        (check_p > settings.alpha, "tests_disagree"),
        (abs(figures["shift"]) < step, "below_resolution"),
        (len(signs) > 1, "measures_disagree"),
    )
    direction = _sign(tau if not math.isnan(tau) else figures["a12"] - 0.5)
    doubt = "tests_disagree" if check_p <= settings.alpha else "not_significant"
    return _outcome(figures, p, direction, against, doubt, settings, control)


def spread_outcome(
    figures: Mapping[str, Any],
    p: float,
    settings: Settings,
    step: float,
    control: float = math.nan,
) -> Outcome:
    """Judge a comparison of spread; as `location_outcome`, by Levene's test alone."""
    signs = {
        _sign(figures[f"{measure}_run"] - figures[f"{measure}_baseline"])
        for measure in ("distance", "sd")
    }
    smaller = min(figures["sd_run"], figures["sd_baseline"])
    # An outlier moves the sd far more: both measures must point one way.
    against = (
        (smaller < ROUNDING * step, "below_resolution"),
        (len(signs) > 1, "measures_disagree"),
    )
    direction = _sign(figures["distance_run"] - figures["distance_baseline"])
    return _outcome(figures, p, direction, against, "not_significant", settings, control)


def _outcome(
    figures: Mapping[str, Any],
    p: float,
    direction: int,
    against: Iterable[tuple[bool, str]],
    doubt: str,
    settings: Settings,
    control: float,
) -> Outcome:
    if figures["reason"]:
        return Outcome("not_testable", figures["reason"])
    significant = bool(p <= settings.alpha)
    low, high = figures["ratio_low"], figures["ratio_high"]
    apart = 1 + (0 if math.isnan(control) else control)
    near = figures["equivalence_low"] / apart, figures["equivalence_high"] * apart
    within = inside(*near, settings.margin)
    outside = beyond(low, high, settings.margin)
    reason = next((reason for applies, reason in against if applies), "") if significant else doubt
    if not reason and apart > 1 and beyond(low, high, apart - 1) != direction:
        reason = "control"
    if not reason:
        finding = "less" if direction < 0 else "greater"
        reason = "within_margin" if within else ""
    elif within:
        finding, reason = "equivalent", ""
    else:
        finding = "undecided"
    return Outcome(finding, reason, significant, near, within, outside)


def _sign(value: float) -> int:
    return int(value > 0) - int(value < 0)


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
        self._pairs = [(run, baseline) for run, baseline in pairs]
        self._values: dict[str, dict[tuple[str, int], Sample]] = {}

    def of(self, question: str, metric: str, run: str, baseline: str, size: int) -> float:
        """Return the largest relative difference of the controls that speak for a comparison.

        Parameters
        ----------
        question
            ``location`` (of medians) or ``spread`` (of mean distances from the median).
        metric, run, baseline, size
            What is compared.

        Returns
        -------
        float
            max(ratio, 1 / ratio) - 1; NaN where no control speaks.
        """
        if metric not in self._trials or run == baseline:
            return math.nan
        if metric not in self._values:
            self._values[metric] = samples(self._trials, metric)
        measure = np.median if question == "location" else distance
        differences = []
        for pair in self._pairs:
            differing = self._guards.unlike(*pair)
            speaks = differing and differing <= self._guards.unlike(run, baseline)
            both = [self._values[metric].get((name, size), np.empty(0)) for name in pair]
            if speaks and {*pair} != {run, baseline} and min(map(len, both)):
                one, other = (float(measure(sample)) for sample in both)
                if min(one, other) > 0:
                    differences.append(max(one, other) / min(one, other) - 1)
        return max(differences, default=math.nan)
