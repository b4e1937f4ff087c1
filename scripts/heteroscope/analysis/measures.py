"""The tests that a claim may be spelled as: location, spread, trend and bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from heteroscope import inference
from heteroscope.analysis.comparisons import (
    Sample,
    Settings,
    location_of_pair,
    spread_of_pair,
    spread_tests,
)
from heteroscope.analysis.outcomes import ROUNDING, Outcome, location_outcome, spread_outcome
from heteroscope.inference import Reason
from heteroscope.metrics import METRICS


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, spelled as a test; see the configuration's schema.

    Attributes
    ----------
    id, statement
        Its name, and what is claimed in words.
    test
        ``location``, ``spread``, ``trend`` or ``bound``.
    metric, baseline_metric
        What is compared; the second is empty if it is the same.
    runs
        A run and its baseline, or one run.
    sizes
        Of the claim; for one run the first is compared with the second.
    expect
        ``less``, ``greater``, ``equivalent``, ``different``, ``not_greater`` or ``not_less`` (by
        more than the margin); empty for a bound.
    factor
        The baseline counts as many times over: "less than 1.25 times the baseline".
    margin
        The largest relative difference without practical meaning; that of the study if None.
    maximum
        What no value is to exceed; None for "there is some limit".
    gate
        It must hold: the workflow's gate fails otherwise.
    preregistered
        It was written before the data were seen.
    """

    id: str
    statement: str
    test: str
    metric: str
    runs: Sequence[str]
    baseline_metric: str = ""
    sizes: Sequence[int] = ()
    expect: str = ""
    factor: float = 1.0
    margin: float | None = None
    maximum: float | None = None
    gate: bool = False
    preregistered: bool = False

    @property
    def other_metric(self) -> str:
        """The metric of the baseline."""
        return self.baseline_metric or self.metric


@dataclass(frozen=True, slots=True)
class Groups:
    """Which groups of trials one row of a claim compares.

    Attributes
    ----------
    run, sizes
        Of the run: one size, or all sizes of a trend, ascending.
    baseline, baseline_sizes
        What it stands against; empty for a bound.
    """

    run: str
    sizes: tuple[int, ...]
    baseline: str = ""
    baseline_sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a test found of one row, before adjustment.

    Attributes
    ----------
    figures
        Columns of the table of claims.
    outcome
        What the row comes to, from its adjusted p, check_p, settings, step and control.
    p, check_p
        Of the test that decides, and of the other one.
    margin_p
        Of "the ratio lies inside the margin", on the side or sides that are claimed.
    ratio
        There is a ratio that may matter or not.
    told
        What else the sentence says.
    """

    figures: Mapping[str, Any]
    outcome: Callable[[float, float, Settings, float, float], Outcome]
    p: float = math.nan
    check_p: float = math.nan
    margin_p: float = math.nan
    ratio: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)


_Samples = Sequence[Sample]
_RATIO = ("ratio", "ratio_low", "ratio_high", "equivalence_low", "equivalence_high")
_EFFECT = (*_RATIO, "shift", "shift_low", "shift_high")


def _location(
    claim: Claim, run: _Samples, baseline: _Samples, sizes: Sequence[int], settings: Settings
) -> Measured:
    x, y = run[0], baseline[0]
    step = METRICS[claim.metric].step
    # What is tested is the claim; what is shown is the difference itself.
    plain, tested = (location_of_pair(x, y * k, settings, step) for k in (1, claim.factor))
    figures = {
        "n_run": len(x),
        "n_baseline": len(y),
        "median_run": plain["median_run"],
        "median_baseline": plain["median_baseline"],
        "method": f"Mann-Whitney, {tested['mann_whitney_method'] or 'none'}",
        "statistic": tested["a12"] * len(x) * len(y),
        "check": "Brunner-Munzel",
        **{name: plain[name] for name in _EFFECT},
    }
    medians = tested["median_run"], tested["median_baseline"]
    tail = inference.median_ratio_tail
    return Measured(
        figures,
        lambda p, check_p, now, step, control: location_outcome(
            tested, p, check_p, now, step, control
        ),
        p=tested["mann_whitney_p"],
        check_p=tested["brunner_munzel_p"],
        margin_p=_margin_p(claim, x, y * claim.factor, medians, settings, tail),
        ratio=not math.isnan(plain["ratio_low"]),
        told={"separated": tested["a12"] in (0, 1)},
    )


def _spread(
    claim: Claim, run: _Samples, baseline: _Samples, sizes: Sequence[int], settings: Settings
) -> Measured:
    x, y = run[-1], baseline[0]
    step = METRICS[claim.metric].step
    plain, tested = (spread_of_pair(x, y * k, settings, step) for k in (1, claim.factor))
    across = len(run) > 1
    tests = spread_tests(run) if across else tested
    shown = ("sd_run", "sd_baseline", "distance_run", "distance_baseline", *_RATIO)
    figures = {
        "n_run": sum(map(len, run)),
        **({} if across else {"n_baseline": len(y)}),
        "median_run": float(np.median(x)) if len(x) else math.nan,
        "median_baseline": float(np.median(y)) if len(y) else math.nan,
        **{name: plain[name] for name in shown},
        "method": "Levene, about the median",
        "statistic": tests["levene_statistic"],
        "check": "Fligner-Killeen",
    }

    def outcome(p: float, check_p: float, now: Settings, step: float, control: float) -> Outcome:
        if not across:
            return spread_outcome(tested, p, now, step, control)
        if tests["reason"]:
            return Outcome("not_testable", tests["reason"])
        significant = bool(p <= now.alpha)
        sds = [sample.std(ddof=1) for sample in run]
        coarse = min(sds) < ROUNDING * step
        reason = "below_resolution" if coarse else "" if significant else "not_significant"
        return Outcome("undecided" if reason else "different", reason, significant)

    distances = tested["distance_run"], tested["distance_baseline"]
    return Measured(
        figures,
        outcome,
        p=tests["levene_p"],
        check_p=tests["fligner_p"],
        margin_p=_margin_p(claim, x, y * claim.factor, distances, settings, _spread_tail),
        ratio=not across and not math.isnan(plain["ratio_low"]),
    )


def _spread_tail(x: Sample, y: Sample, bound: float) -> float:
    """Return the one-sided p of "x spreads less than `bound` times as much as y" by Levene."""
    p = inference.levene([x, bound * y]).p_value
    return p / 2 if inference.distance(x) < bound * inference.distance(y) else 1 - p / 2


def _margin_p(
    claim: Claim,
    x: Sample,
    y: Sample,
    values: tuple[float, float],
    settings: Settings,
    tail: Callable[[Sample, Sample, float], float],
) -> float:
    """Return the p of "no more than the margin": greater, less, or neither.

    The margin is narrowed by one step of the clock, as an interval is widened.
    """
    if not min(values) > 0 or min(len(x), len(y)) < inference.LEAST_VALUES:
        return math.nan
    step, bound = METRICS[claim.metric].step, 1 + settings.margin
    above = tail(x, y, bound * values[0] / (values[0] + step))
    below = tail(y, x, bound * values[1] / (values[1] + step))
    return {"not_greater": above, "not_less": below}.get(claim.expect, max(above, below))


def _trend(
    claim: Claim, run: _Samples, baseline: _Samples, sizes: Sequence[int], settings: Settings
) -> Measured:
    step = METRICS[claim.metric].step
    positions = np.repeat(sizes, [len(sample) for sample in run])
    trend = inference.kendall_trend(positions, np.concatenate(run))
    ends = location_of_pair(run[-1], run[0], settings, step)
    lacking = any(len(sample) == 0 for sample in run)
    reason = str(Reason.N if lacking else trend.reason) or ends["reason"]
    # Where first and last do not overlap the one test does not exist, and the other will do.
    apart = ends["a12"] in (0, 1)
    check_p = ends["mann_whitney_p"] if apart else ends["brunner_munzel_p"]
    figures = {
        "n_run": len(positions),
        "median_run": ends["median_run"],
        "median_baseline": ends["median_baseline"],
        "method": "Kendall's tau-b of size and value (Jonckheere-Terpstra)",
        "statistic": trend.statistic,
        "check": "Mann-Whitney, last against first" if apart else "Brunner-Munzel, last to first",
        **{name: ends[name] for name in _EFFECT},
    }

    def outcome(p: float, check_p: float, now: Settings, step: float, control: float) -> Outcome:
        found = location_outcome(
            {**ends, "reason": reason}, p, check_p, now, step, tau=trend.statistic
        )
        if found.finding == "equivalent":  # the ends may be alike, and all between them not
            against = "not_significant" if not found.significant else "measures_disagree"
            return Outcome("undecided", against, found.significant)
        return found

    return Measured(
        figures,
        outcome,
        p=math.nan if reason else trend.p_value,
        check_p=math.nan if reason else check_p,
        told={"moves": _moves(run, sizes, settings)},
    )


def _moves(run: _Samples, sizes: Sequence[int], settings: Settings) -> list[tuple[int, int]]:
    """Return the neighbouring sizes between which values differ, after Holm."""
    p = inference.holm([inference.mann_whitney(a, b).p_value for a, b in pairwise(run)])
    return [pair for pair, each in zip(pairwise(sizes), p, strict=True) if each <= settings.alpha]


def _bound(
    claim: Claim, run: _Samples, baseline: _Samples, sizes: Sequence[int], settings: Settings
) -> Measured:
    x = run[0]
    if len(x) == 0 or claim.maximum is None:
        reason = str(Reason.N) if len(x) == 0 else "no_maximum"
        return Measured({"n_run": len(x)}, lambda *_: Outcome("not_testable", reason))
    from scipy import stats

    over = int((x > claim.maximum).sum())
    unsure = int((x + METRICS[claim.metric].beyond > claim.maximum).sum()) - over
    # The chance of so few if the share of all trials beyond the bound were alpha (Clopper and
    # Pearson, 1934; without one beyond it, this is the tolerance limit of Wilks, 1941).
    test = stats.binomtest(over + unsure, len(x), settings.alpha, alternative="less")
    high = test.proportion_ci(settings.confidence, method="exact").high
    figures = {
        "n_run": len(x),
        "median_run": float(np.median(x)),
        "sd_run": float(x.std(ddof=1)) if len(x) > 1 else math.nan,
        "method": "binomial, exact: share of trials beyond the bound",
        "statistic": over + unsure,
        "largest": float(x.max()),
        "exceeding_high": float(high),
    }

    def outcome(p: float, check_p: float, now: Settings, step: float, control: float) -> Outcome:
        significant = bool(p <= now.alpha)
        if over:
            return Outcome("refuted", "", significant)
        if unsure:
            return Outcome("inconclusive", "below_resolution", significant)
        reason = "" if significant else "too_few"
        return Outcome("inconclusive" if reason else "supported", reason, significant)

    return Measured(figures, outcome, p=float(test.pvalue))


MEASURES: Mapping[str, Callable[[Claim, _Samples, _Samples, Sequence[int], Settings], Measured]] = {
    "location": _location,
    "spread": _spread,
    "trend": _trend,
    "bound": _bound,
}
"""By the name of a test: what it finds of the samples of a run and of its baseline."""
