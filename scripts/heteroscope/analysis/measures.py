"""The tests that a claim may be spelled as: location, spread, trend and bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from heteroscope import inference
from heteroscope.analysis.comparisons import (
    Sample,
    Settings,
    location_of_pair,
    median,
    spread_of_pair,
    spread_tests,
)
from heteroscope.analysis.outcomes import ROUNDING, Outcome, location_outcome, spread_outcome
from heteroscope.inference import Reason
from heteroscope.metrics import METRICS


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, spelled as a test: the keys of a claim in the configuration's schema."""

    id: str
    statement: str
    test: str
    metric: str
    runs: Sequence[str]
    baseline_metric: str = ""
    sizes: Sequence[int] = ()
    expect: str = ""
    factor: float = 1.0
    margin: float | None = None  # that of the study
    maximum: float | None = None  # there is some limit
    gate: bool = False
    preregistered: bool = False

    @property
    def other_metric(self) -> str:
        """The metric of the baseline."""
        return self.baseline_metric or self.metric

    @property
    def by_margin(self) -> bool:
        """It is the margin that decides, and not whether there is a difference."""
        return self.expect in ("equivalent", "not_greater", "not_less")


@dataclass(frozen=True, slots=True)
class Case:
    """What one row of a claim compares: sizes of a run with one of its baseline, or with none.

    `x` and `y` are the values at each of the sizes, which ascend for a trend. They come with one
    step of the clock, and the relative difference of a control.
    """

    claim: Claim
    settings: Settings
    run: str
    sizes: tuple[int, ...]
    baseline: str = ""
    baseline_sizes: tuple[int, ...] = ()
    x: Sequence[Sample] = ()
    y: Sequence[Sample] = ()
    step: float = 0.0
    control: float = math.nan


@dataclass(frozen=True, slots=True)
class Measured:
    """What a test found of one row, before adjustment.

    `figures` hold columns of the table of claims, and `moves`, the neighbours between which a trend
    moves. `outcome` says what the row comes to, from its adjusted p and check_p. `margin_p` is the
    p of "the ratio lies inside the margin", on the side or sides that are claimed.
    """

    figures: Mapping[str, Any]
    outcome: Callable[[float, float], Outcome]
    p: float = math.nan
    check_p: float = math.nan
    margin_p: float = math.nan


def _location(case: Case) -> Measured:
    x, y, factor = case.x[0], case.y[0], case.claim.factor
    # What is tested is the claim; what is shown is the difference itself.
    plain, tested = (location_of_pair(x, y * k, case.settings, case.step) for k in (1, factor))
    figures = {
        **plain,
        "n_run": len(x),
        "n_baseline": len(y),
        "method": f"Mann-Whitney, {tested['mann_whitney_method'] or 'none'}",
        "statistic": tested["a12"] * len(x) * len(y),
        "check": "Brunner-Munzel",
    }
    medians = tested["median_run"], tested["median_baseline"]
    return Measured(
        figures,
        lambda p, check_p: location_outcome(tested, p, check_p, case.settings, case.control),
        p=tested["mann_whitney_p"],
        check_p=tested["brunner_munzel_p"],
        margin_p=_margin_p(case, x, y * factor, medians, inference.median_ratio_tail),
    )


def _spread(case: Case) -> Measured:
    x, y, factor = case.x[-1], case.y[0], case.claim.factor
    plain, tested = (spread_of_pair(x, y * k, case.settings, case.step) for k in (1, factor))
    across = len(case.x) > 1
    tests = spread_tests(case.x) if across else tested
    figures = {
        **plain,
        "n_run": sum(map(len, case.x)),
        **({} if across else {"n_baseline": len(y)}),
        "median_run": median(x),
        "median_baseline": median(y),
        "method": "Levene, about the median",
        "statistic": tests["levene_statistic"],
        "check": "Fligner-Killeen",
    }

    def outcome(p: float, check_p: float) -> Outcome:
        if not across:
            return spread_outcome(tested, p, case.settings, case.control)
        if tests["reason"]:
            return Outcome("not_testable", tests["reason"])
        significant = bool(p <= case.settings.alpha)
        coarse = min(sample.std(ddof=1) for sample in case.x) < ROUNDING * case.step
        reason = "below_resolution" if coarse else "" if significant else "not_significant"
        return Outcome("undecided" if reason else "different", reason, significant)

    distances = tested["distance_run"], tested["distance_baseline"]
    return Measured(
        figures,
        outcome,
        p=tests["levene_p"],
        check_p=tests["fligner_p"],
        margin_p=_margin_p(case, x, y * factor, distances, _spread_tail),
    )


def _spread_tail(x: Sample, y: Sample, bound: float) -> float:
    """Return the one-sided p of "x spreads less than `bound` times as much as y" by Levene."""
    p = inference.levene([x, bound * y]).p_value
    return p / 2 if inference.distance(x) < bound * inference.distance(y) else 1 - p / 2


def _margin_p(
    case: Case,
    x: Sample,
    y: Sample,
    values: tuple[float, float],
    tail: Callable[[Sample, Sample, float], float],
) -> float:
    """Return the p of "no more than the margin": greater, less, or neither.

    The margin is narrowed by one step of the clock, as an interval is widened.
    """
    if not min(values) > 0 or min(len(x), len(y)) < inference.LEAST_VALUES:
        return math.nan
    bound = 1 + case.settings.margin
    above = tail(x, y, bound * values[0] / (values[0] + case.step))
    below = tail(y, x, bound * values[1] / (values[1] + case.step))
    return {"not_greater": above, "not_less": below}.get(case.claim.expect, max(above, below))


def _trend(case: Case) -> Measured:
    run, alpha = case.x, case.settings.alpha
    positions = np.repeat(case.sizes, [len(sample) for sample in run])
    trend = inference.kendall_trend(positions, np.concatenate(run))
    ends = location_of_pair(run[-1], run[0], case.settings, case.step)
    lacking = any(len(sample) == 0 for sample in run)
    reason = str(Reason.N if lacking else trend.reason) or ends["reason"]
    # Where first and last do not overlap the one test does not exist, and the other will do.
    apart = ends["a12"] in (0, 1)
    check_p = ends["mann_whitney_p"] if apart else ends["brunner_munzel_p"]
    steps = inference.holm([inference.mann_whitney(a, b).p_value for a, b in pairwise(run)])
    figures = {
        **ends,
        "n_run": len(positions),
        "method": "Kendall's tau-b of size and value (Jonckheere-Terpstra)",
        "statistic": trend.statistic,
        "check": "Mann-Whitney, last against first" if apart else "Brunner-Munzel, last to first",
        "moves": [pair for pair, p in zip(pairwise(case.sizes), steps, strict=True) if p <= alpha],
    }

    def outcome(p: float, check_p: float) -> Outcome:
        of_ends = {**ends, "reason": reason}
        found = location_outcome(of_ends, p, check_p, case.settings, tau=trend.statistic)
        if found.finding == "equivalent":  # the ends may be alike, and all between them not
            against = "not_significant" if not found.significant else "measures_disagree"
            return Outcome("undecided", against, found.significant)
        return Outcome(found.finding, found.reason, found.significant)

    return Measured(
        figures,
        outcome,
        p=math.nan if reason else trend.p_value,
        check_p=math.nan if reason else check_p,
    )


def _bound(case: Case) -> Measured:
    x, maximum, settings = case.x[0], case.claim.maximum, case.settings
    if len(x) == 0 or maximum is None:
        reason = str(Reason.N) if len(x) == 0 else "no_maximum"
        return Measured({"n_run": len(x)}, lambda *_: Outcome("not_testable", reason))
    from scipy import stats

    over = int((x > maximum).sum())
    unsure = int((x + METRICS[case.claim.metric].beyond > maximum).sum()) - over
    # The chance of so few if the share of all trials beyond the bound were alpha (Clopper and
    # Pearson, 1934; without one beyond it, this is the tolerance limit of Wilks, 1941).
    test = stats.binomtest(over + unsure, len(x), settings.alpha, alternative="less")
    figures = {
        "n_run": len(x),
        "median_run": median(x),
        "sd_run": float(x.std(ddof=1)) if len(x) > 1 else math.nan,
        "method": "binomial, exact: share of trials beyond the bound",
        "statistic": over + unsure,
        "largest": float(x.max()),
        "exceeding_high": float(test.proportion_ci(settings.confidence, method="exact").high),
    }

    def outcome(p: float, check_p: float) -> Outcome:
        significant = bool(p <= settings.alpha)
        if over:
            return Outcome("refuted", "", significant)
        reason = "below_resolution" if unsure else "" if significant else "too_few"
        return Outcome("inconclusive" if reason else "supported", reason, significant)

    return Measured(figures, outcome, p=float(test.pvalue))


MEASURES: Mapping[str, Callable[[Case], Measured]] = {
    "location": _location,
    "spread": _spread,
    "trend": _trend,
    "bound": _bound,
}
"""By the name of a test: what it finds."""
