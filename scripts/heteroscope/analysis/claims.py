"""What the data say of a claim: its numbers, a verdict, and one plain sentence.

A claim is a statement that someone made of the campaign, spelled as a test.  Each of its sizes gets
a verdict, adjusted for how many sizes there are, and all together give the verdict of the claim:

``refuted`` if one size is refuted; else ``not_comparable`` if one is; ``supported`` or
``equivalent`` if every size is, ``not_testable`` if none can be tested; and ``inconclusive`` for
all else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from heteroscope import inference
from heteroscope.analysis.comparisons import Sample, Settings, location_of_pair, spread_of_pair
from heteroscope.analysis.guards import Finding, Guards, Level, worst
from heteroscope.inference import Reason
from heteroscope.inference.sequences import kendall_trend
from heteroscope.metrics import METRICS, UserError
from heteroscope.tables import columns
from heteroscope.tables.frames import samples


class Verdict(StrEnum):
    """What the data say of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTABLE = "not_testable"
    NOT_COMPARABLE = "not_comparable"


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
        ``less``, ``greater``, ``equivalent`` or ``different``; empty for a bound.
    factor
        The baseline counts as many times over: "less than 1.25 times the baseline".
    margin
        The largest relative difference without practical meaning; that of the study if None.
    maximum
        What no value is to exceed; None for "there is some limit".
    gate
        The workflow's gate fails if it is refuted.
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
    p, check_p
        Of the test that decides, and of the other one.
    check_decides
        The other test must agree.
    direction
        -1 if the run has the smaller values (spread, trend), 1 if it has the larger ones.
    below_resolution
        The difference is smaller than one step of the clock.
    within, outside
        The ratio's interval of 1 - 2 alpha lies inside the margin; that of 1 - alpha outside.
    reason
        Why there is no test.
    """

    figures: Mapping[str, Any] = field(default_factory=dict)
    p: float = math.nan
    check_p: float = math.nan
    check_decides: bool = False
    direction: int = 0
    below_resolution: bool = False
    within: bool = False
    outside: bool = False
    reason: str = ""

    @property
    def practical(self) -> str:
        """Whether the difference matters."""
        if math.isnan(self.figures.get("ratio_low", math.nan)):
            return ""
        return "negligible" if self.within else "relevant" if self.outside else "unclear"


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one row, with the adjusted p-values it rests on."""

    verdict: Verdict
    reason: str
    significant: bool | None
    p_holm: float
    check_p_holm: float
    measured: Measured


Values = Mapping[str, Mapping[tuple[str, int], Sample]]


def make_claims(
    trials: pd.DataFrame,
    claims: Iterable[Claim],
    sizes: Sequence[int],
    guards: Guards,
    settings: Settings,
) -> pd.DataFrame:
    """Judge claims.

    Parameters
    ----------
    trials
        The table of trials.
    claims
        What is claimed.
    sizes
        Of the study; every size that is found if none is named.
    guards
        Asked of each comparison.
    settings
        How tests are made.

    Returns
    -------
    pandas.DataFrame
        A row a claim and size, and after those of a claim, if there are several, one for the whole
        claim; `overall` marks the one row of each claim that holds its verdict.
    """
    claims = list(claims)
    metrics = dict.fromkeys(name for claim in claims for name in (claim.metric, claim.other_metric))
    # A log that failed has no figures that could be trusted; all else that was left out has.
    undone = trials.assign(excluded=trials["excluded"].where(trials["rule"] == "status", ""))
    counted = {metric: samples(trials, metric) for metric in metrics}
    every = {metric: samples(undone, metric) for metric in metrics}
    study = list(sizes) or sorted({int(size) for size in trials["size"].dropna()})
    rows = [
        row for claim in claims for row in _rows(claim, study, counted, every, guards, settings)
    ]
    return pd.DataFrame(rows, columns=[column.name for column in columns.CLAIMS])


def check_gate(claims: pd.DataFrame) -> str:
    """Return what there is to say of a gate that holds.

    Parameters
    ----------
    claims
        The table of claims.

    Raises
    ------
    UserError
        If a claim with a gate is refuted.
    """
    gated = claims[claims["gate"].astype(bool)]
    whole = gated[gated["overall"].astype(bool)]
    refuted = whole.loc[whole["verdict"] == Verdict.REFUTED, "claim"]
    if len(refuted):
        against = gated[gated["claim"].isin(refuted) & (gated["verdict"] == Verdict.REFUTED)]
        told = "\n".join(f"  {row.claim}: {row.sentence}" for row in against.itertuples())
        raise UserError(
            f"the gate is closed: of {len(whole)} claims with a gate {len(refuted)} "
            f"{'is' if len(refuted) == 1 else 'are'} refuted\n{told}"
        )
    if not len(whole):
        return "the gate is open: no claim has `gate: true`"
    told = ", ".join(f"{row.claim} is {row.verdict}" for row in whole.itertuples())
    return f"the gate is open: {told}"


def _rows(
    claim: Claim,
    study: Sequence[int],
    counted: Values,
    every: Values,
    guards: Guards,
    settings: Settings,
) -> list[dict[str, Any]]:
    """Return the rows of one claim."""
    if claim.margin is not None:
        settings = replace(settings, margin=claim.margin)
    groups, missing = _groups(claim, study, counted)
    judged = _judge(claim, groups, counted, settings)
    without = _judge(claim, groups, every, settings)
    rows: list[dict[str, Any]] = []
    verdicts: list[tuple[Verdict, Verdict, Verdict]] = []
    for place, outcome, undone in zip(groups, judged, without, strict=True):
        findings = _ask(claim, place, guards)
        reached = _guarded(outcome, findings), _guarded(undone, findings)
        verdicts.append((*reached, outcome.verdict))
        rows.append(
            {
                **_about(claim, place, settings),
                **outcome.measured.figures,
                "overall": len(groups) == 1,
                "p": outcome.measured.p,
                "p_holm": outcome.p_holm,
                "check_p": outcome.measured.check_p,
                "check_p_holm": outcome.check_p_holm,
                "significant": outcome.significant,
                "practical": outcome.measured.practical,
                "guards": worst(findings).value if findings else "",
                "warnings": "; ".join(f.sentence for f in findings if f.level is not Level.OK),
                "verdict": reached[0].value,
                "verdict_without_exclusions": reached[1].value,
                "verdict_without_guards": outcome.verdict.value,
                "reason": "guard" if reached[0] is Verdict.NOT_COMPARABLE else outcome.reason,
            }
        )
        rows[-1]["sentence"] = _sentence(claim, rows[-1], findings, settings)
    if len(groups) > 1:
        rows.append(_overall(claim, rows, verdicts, missing, settings))
    elif missing:
        rows[-1]["sentence"] += f" {missing}"
    return rows


def _groups(claim: Claim, study: Sequence[int], values: Values) -> tuple[list[Groups], str]:
    """Return what the rows of a claim compare, and in words where data are missing."""
    run, *others = claim.runs

    def has(name: str, metric: str, size: int) -> bool:
        return len(values[metric].get((name, size), ())) > 0

    mine = [size for size in claim.sizes or study if claim.sizes or has(run, claim.metric, size)]
    if others:
        lacking = (
            [] if claim.sizes else [s for s in mine if not has(others[0], claim.other_metric, s)]
        )
        both = [size for size in mine if size not in lacking] or list(study)
        told = f"{others[0]} has no values at {_nodes(lacking)}." if lacking else ""
        return [Groups(run, (size,), others[0], (size,)) for size in both], told
    if claim.test == "bound":
        return [Groups(run, (size,)) for size in mine or study], ""
    if claim.test == "trend" or len(mine) > 2:
        ascending = tuple(sorted(mine))
        return [Groups(run, ascending, run, ascending[:1])], ""
    first, second = mine
    return [Groups(run, (first,), run, (second,))], ""


def _about(claim: Claim, groups: Groups, settings: Settings) -> dict[str, Any]:
    """Return the columns that say what is claimed, and of what."""
    bound = claim.test == "bound"
    return {
        "claim": claim.id,
        "statement": claim.statement,
        "test": claim.test,
        "metric": claim.metric,
        "baseline_metric": claim.baseline_metric,
        "unit": METRICS[claim.metric].unit,
        "run": groups.run,
        "baseline": groups.baseline,
        "sizes": _list(groups.sizes),
        "baseline_sizes": _list(groups.baseline_sizes),
        "expect": claim.expect,
        "factor": claim.factor,
        "margin": math.nan if bound else settings.margin,
        "maximum": claim.maximum if claim.maximum is not None else math.nan,
        "gate": claim.gate,
    }


def _ask(claim: Claim, groups: Groups, guards: Guards) -> tuple[Finding, ...]:
    """Return what the guards find of all that a row compares, each sentence once."""
    base = groups.baseline_sizes[:1]
    return tuple(
        dict.fromkeys(
            finding
            for size in groups.sizes
            for other in base
            if (groups.run, size) != (groups.baseline, other)
            for finding in guards.of(
                groups.run, size, groups.baseline, other, claim.metric, claim.other_metric
            )
        )
    )


def _guarded(judged: Judged, findings: Sequence[Finding]) -> Verdict:
    """Return the verdict if a guard does not block it; where there are no data, none can."""
    if worst(findings) is Level.BLOCK and not (
        judged.reason == Reason.N and judged.verdict is Verdict.NOT_TESTABLE
    ):
        return Verdict.NOT_COMPARABLE
    return judged.verdict


# Measuring -----------------------------------------------------------------------------------


def _judge(
    claim: Claim, groups: Sequence[Groups], values: Values, settings: Settings
) -> list[Judged]:
    """Test each row of a claim, adjust over all of them, and give each its verdict."""
    measured = []
    for place in groups:
        run = [_sample(values, claim.metric, place.run, size) for size in place.sizes]
        baseline = [
            _sample(values, claim.other_metric, place.baseline, size)
            for size in place.baseline_sizes
        ]
        measured.append(_MEASURES[claim.test](claim, place, run, baseline, settings))
    adjusted = inference.holm([each.p for each in measured])
    checked = inference.holm([each.check_p for each in measured])
    return [
        Judged(
            *_DECISIONS[claim.test](claim, *each, settings), float(each[1]), float(each[2]), each[0]
        )
        for each in zip(measured, adjusted, checked, strict=True)
    ]


def _sample(values: Values, metric: str, run: str, size: int) -> Sample:
    return values[metric].get((run, size), np.empty(0))


def _measure_location(
    claim: Claim, groups: Groups, run: list[Sample], baseline: list[Sample], settings: Settings
) -> Measured:
    x, y = run[0], baseline[0]
    plain = location_of_pair(x, y, settings)
    # What is tested is the claim; what is shown is the difference itself.
    tested = plain if claim.factor == 1 else location_of_pair(x, y * claim.factor, settings)
    figures = {
        **_sizes_of(x, y),
        "median_run": plain["median_run"],
        "median_baseline": plain["median_baseline"],
        "method": f"Mann-Whitney, {tested['mann_whitney_method'] or 'none'}",
        "statistic": tested["u_run"],
        "check": "Brunner-Munzel",
        **{name: plain[name] for name in _EFFECT},
    }
    separated = bool(tested["separated"])
    return Measured(
        figures,
        p=tested["mann_whitney_p"],
        # Where the samples do not overlap there is no such test, and no need for one.
        check_p=tested["brunner_munzel_p"],
        check_decides=not separated,
        direction=_sign(tested["u_run"] - tested["u_baseline"]),
        below_resolution=abs(tested["shift"]) < METRICS[claim.metric].resolution,
        **_against_margin(plain, settings),
        reason=tested["reason"],
    )


_EFFECT = (
    "ratio", "ratio_low", "ratio_high", "equivalence_low", "equivalence_high",
    "shift", "shift_low", "shift_high",
)  # fmt: skip


def _measure_spread(
    claim: Claim, groups: Groups, run: list[Sample], baseline: list[Sample], settings: Settings
) -> Measured:
    x, y = run[-1], baseline[0]
    scaled = y * claim.factor
    plain = spread_of_pair(x, y, settings)
    tested = spread_of_pair(x, scaled, settings) if claim.factor != 1 else plain
    if len(run) > 1:
        decision, check = inference.levene(run), inference.fligner_killeen(run)
        tested = {
            "levene_median_statistic": decision.statistic,
            "levene_median_p": decision.p_value,
            "fligner_p": check.p_value,
            "reason": str(decision.reason),
        }
    near = inference.sd_ratio(
        x, y, seed=settings.seed, confidence=1 - 2 * settings.alpha, resamples=settings.resamples
    )
    figures = {
        **_sizes_of(*([np.concatenate(run)] if len(run) > 1 else [x, y])),
        "median_run": _median(x),
        "median_baseline": _median(y),
        "sd_run": plain["sd_run"],
        "sd_baseline": plain["sd_baseline"],
        "method": "Levene, about the median",
        "statistic": tested["levene_median_statistic"],
        "check": "Fligner-Killeen",
        "ratio": plain["sd_ratio"],
        "ratio_low": plain["sd_ratio_low"],
        "ratio_high": plain["sd_ratio_high"],
        "equivalence_low": near.low,
        "equivalence_high": near.high,
    }
    # Both measures of spread must point one way: an outlier moves the one far more.
    signs = {_sign(_sd(x) - _sd(scaled)), _sign(_deviation(x) - _deviation(scaled))}
    spreads = [_sd(sample) for sample in run] if len(run) > 1 else [_sd(x), _sd(scaled)]
    return Measured(
        figures,
        p=tested["levene_median_p"],
        check_p=tested["fligner_p"],
        direction=signs.pop() if len(signs) == 1 else 0,
        below_resolution=max(spreads) - min(spreads) < METRICS[claim.metric].resolution,
        **_against_margin(figures, settings),
        reason=tested["reason"],
    )


def _measure_trend(
    claim: Claim, groups: Groups, run: list[Sample], baseline: list[Sample], settings: Settings
) -> Measured:
    sizes = np.repeat(groups.sizes, [len(sample) for sample in run])
    trend = kendall_trend(sizes, np.concatenate(run))
    ends = location_of_pair(run[-1], run[0], settings)
    figures = {
        "n_run": len(sizes),
        "median_run": ends["median_run"],
        "median_baseline": ends["median_baseline"],
        "method": "Kendall's tau-b of size and value (Jonckheere-Terpstra)",
        "statistic": trend.tau,
        **{name: ends[name] for name in _EFFECT},
    }
    lacking = any(len(sample) == 0 for sample in run)
    return Measured(
        figures,
        p=math.nan if lacking else trend.p_value,
        direction=0 if math.isnan(trend.tau) else _sign(trend.tau),
        below_resolution=abs(ends["shift"]) < METRICS[claim.metric].resolution,
        **_against_margin(ends, settings),
        reason=str(Reason.N) if lacking else str(trend.reason),
    )


def _measure_bound(
    claim: Claim, groups: Groups, run: list[Sample], baseline: list[Sample], settings: Settings
) -> Measured:
    x = run[0]
    if len(x) == 0:
        return Measured({"n_run": 0}, reason=str(Reason.N))
    from scipy import stats

    largest = float(x.max())
    over = int((x > (largest if claim.maximum is None else claim.maximum)).sum())
    # The chance of so few if the share of all trials beyond the bound were alpha (Clopper and
    # Pearson, 1934; without one beyond it, this is the tolerance limit of Wilks, 1941).
    test = stats.binomtest(over, len(x), settings.alpha, alternative="less")
    high = test.proportion_ci(settings.confidence, method="exact").high
    figures = {
        "n_run": len(x),
        "median_run": _median(x),
        "sd_run": _sd(x),
        "method": "binomial, exact: share of trials beyond the bound",
        "statistic": over,
        "largest": largest,
        "exceeding_high": float(high),
    }
    return Measured(figures, p=float(test.pvalue))


_MEASURES: Mapping[
    str, Callable[[Claim, Groups, list[Sample], list[Sample], Settings], Measured]
] = {
    "location": _measure_location,
    "spread": _measure_spread,
    "trend": _measure_trend,
    "bound": _measure_bound,
}


def _sizes_of(*samples: Sample) -> dict[str, int]:
    return dict(zip(("n_run", "n_baseline"), map(len, samples), strict=False))


def _against_margin(figures: Mapping[str, Any], settings: Settings) -> dict[str, bool]:
    """Say how the intervals of a ratio lie to the margin; where there is none, nowhere."""
    low, high = 1 / (1 + settings.margin), 1 + settings.margin
    return {
        "within": low < figures["equivalence_low"] and figures["equivalence_high"] < high,
        "outside": figures["ratio_high"] < low or figures["ratio_low"] > high,
    }


def _median(sample: Sample) -> float:
    return float(np.median(sample)) if len(sample) else math.nan


def _sd(sample: Sample) -> float:
    return float(sample.std(ddof=1)) if len(sample) > 1 else math.nan


def _deviation(sample: Sample) -> float:
    """Return the mean distance from the median, which is what Levene's test compares."""
    return float(np.abs(sample - np.median(sample)).mean()) if len(sample) else math.nan


def _sign(value: float) -> int:
    return int(value > 0) - int(value < 0)


# Deciding ------------------------------------------------------------------------------------

_Decision = tuple[Verdict, str, bool | None]
_DIRECTIONS = {"less": -1, "greater": 1}


def _decide(
    claim: Claim, found: Measured, p: float, check_p: float, settings: Settings
) -> _Decision:
    """Give the verdict of a comparison from its adjusted p-values: the first rule that applies."""
    significant = bool(p <= settings.alpha)
    equivalent = claim.expect == "equivalent"
    clear = significant and not found.below_resolution
    expected = claim.expect == "different" or found.direction == _DIRECTIONS.get(claim.expect)
    disagree = found.check_decides and significant != (check_p <= settings.alpha)
    rules = (
        (bool(found.reason), Verdict.NOT_TESTABLE, found.reason),
        (disagree, Verdict.INCONCLUSIVE, "tests_disagree"),
        (equivalent and found.within, Verdict.EQUIVALENT, ""),
        (equivalent and clear and found.outside, Verdict.REFUTED, ""),
        (equivalent, Verdict.INCONCLUSIVE, "margin"),
        (clear and expected, Verdict.SUPPORTED, ""),
        (clear and found.direction == 0, Verdict.INCONCLUSIVE, "direction"),
        (clear, Verdict.REFUTED, ""),
        (found.within, Verdict.EQUIVALENT, ""),
        (significant, Verdict.INCONCLUSIVE, "resolution"),
        (True, Verdict.INCONCLUSIVE, "not_significant"),
    )
    verdict, reason = next((verdict, reason) for applies, verdict, reason in rules if applies)
    return verdict, reason, None if found.reason else significant


def _decide_bound(
    claim: Claim, found: Measured, p: float, check_p: float, settings: Settings
) -> _Decision:
    """Give the verdict of a bound: one value beyond refutes it, many below support it."""
    if found.reason:
        return Verdict.NOT_TESTABLE, found.reason, None
    significant = bool(p <= settings.alpha)
    if claim.maximum is None:
        return Verdict.INCONCLUSIVE, "no_maximum", None
    if found.figures["statistic"]:
        return Verdict.REFUTED, "", significant
    if significant:
        return Verdict.SUPPORTED, "", significant
    return Verdict.INCONCLUSIVE, "too_few", significant


_DECISIONS: Mapping[str, Callable[[Claim, Measured, float, float, Settings], _Decision]] = {
    "location": _decide,
    "spread": _decide,
    "trend": _decide,
    "bound": _decide_bound,
}


def combine(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a claim from those of its sizes.

    Examples
    --------
    >>> combine([Verdict.SUPPORTED, Verdict.REFUTED])
    <Verdict.REFUTED: 'refuted'>
    >>> combine([Verdict.SUPPORTED, Verdict.NOT_TESTABLE])
    <Verdict.INCONCLUSIVE: 'inconclusive'>
    """
    found = set(verdicts)
    for verdict in (Verdict.REFUTED, Verdict.NOT_COMPARABLE):
        if verdict in found:
            return verdict
    return found.pop() if len(found) == 1 else Verdict.INCONCLUSIVE


def _overall(
    claim: Claim,
    rows: Sequence[Mapping[str, Any]],
    verdicts: Sequence[tuple[Verdict, Verdict, Verdict]],
    missing: str,
    settings: Settings,
) -> dict[str, Any]:
    """Return the row of a claim as a whole."""
    by_rows, without_exclusions, without_guards = (
        combine(column) for column in zip(*verdicts, strict=True)
    )
    every = Groups(
        rows[0]["run"],
        tuple(int(row["sizes"]) for row in rows),
        rows[0]["baseline"],
        tuple(int(row["baseline_sizes"]) for row in rows if row["baseline_sizes"]),
    )
    at = {
        verdict: [row["sizes"] for row in rows if row["verdict"] == verdict]
        for verdict in dict.fromkeys(row["verdict"] for row in rows)
    }
    told = ", ".join(f"{_words(verdict)} at {_nodes(sizes)}" for verdict, sizes in at.items())
    levels = [Level(row["guards"]) for row in rows if row["guards"]]
    return {
        **_about(claim, every, settings),
        "overall": True,
        "guards": max(levels, key=list(Level).index).value if levels else "",
        "warnings": "; ".join(
            dict.fromkeys(told for row in rows for told in row["warnings"].split("; ") if told)
        ),
        "verdict": by_rows.value,
        "verdict_without_exclusions": without_exclusions.value,
        "verdict_without_guards": without_guards.value,
        "reason": "" if len(at) == 1 else "sizes_differ",
        "sentence": f"As a whole {_words(by_rows.value)}: {told}. {missing}".rstrip(),
    }


# Words ---------------------------------------------------------------------------------------

_OUTCOMES = {
    Verdict.SUPPORTED: "This supports the claim",
    Verdict.REFUTED: "This refutes the claim",
    Verdict.EQUIVALENT: "The two are the same, give or take the margin",
    Verdict.INCONCLUSIVE: "This neither supports nor refutes the claim",
    Verdict.NOT_TESTABLE: "This cannot be tested",
    Verdict.NOT_COMPARABLE: "The two cannot be compared",
}
_REASONS = {
    str(Reason.N): "there are too few values",
    str(Reason.FLOOR): "no outcome of so few values could be significant",
    str(Reason.ZERO_VARIANCE): "no value varies",
    str(Reason.CONSTANT_DEVIATIONS): "all values lie equally far from their median",
    "tests_disagree": "Mann-Whitney and Brunner-Munzel do not agree",
    "margin": "the interval of the ratio reaches across the margin",
    "direction": "standard deviation and mean deviation point opposite ways",
    "resolution": "the difference is smaller than one step of the clock",
    "not_significant": "so much may come about by accident",
    "no_maximum": "a sample always has a largest value, and shows no limit of what it came from",
    "too_few": "so few trials do not rule out that more than {alpha} of all would",
}


def _sentence(
    claim: Claim, row: Mapping[str, Any], findings: Sequence[Finding], settings: Settings
) -> str:
    """Tell one row in plain words."""
    verdict = Verdict(row["verdict"])
    numbers = _SENTENCES[claim.test](claim, row, settings) if _has_numbers(row) else ""
    outcome = _OUTCOMES[verdict]
    why = _REASONS.get(row["reason"], "").format(alpha=_percent(settings.alpha))
    if verdict is Verdict.NOT_COMPARABLE:
        why = "; ".join(found.sentence for found in findings if found.level is Level.BLOCK)
    elif not numbers:
        counts = f"{row.get('n_run', 0)} values of {row['run']}"
        if row["baseline"]:
            counts += f", {row.get('n_baseline', 0)} of {row['baseline']}"
        why = f"{why} ({counts})"
    if verdict in (Verdict.SUPPORTED, Verdict.REFUTED) and row["practical"] == "negligible":
        outcome += f", though the difference lies within {_percent(settings.margin)}"
    if row["verdict_without_exclusions"] != verdict:
        why = f"{why}; " * bool(why) + (
            f"with no trial left out it would be {_words(row['verdict_without_exclusions'])}"
        )
    warned = [found.guard for found in findings if found.level is Level.WARN]
    told = ", ".join(dict.fromkeys(name.replace("_", " ") for name in warned))
    beware = f" Beware: {told}." if warned else ""
    return f"{numbers} {outcome}{': ' + why if why else ''}.{beware}".lstrip()


def _has_numbers(row: Mapping[str, Any]) -> bool:
    counts = [row.get("n_run", 0), row.get("n_baseline", 1)]
    return min(counts) > 0 and not math.isnan(row["p"])


def _tell_location(claim: Claim, row: Mapping[str, Any], settings: Settings) -> str:
    unit = row["unit"]
    time = unit == "s"
    words = ("takes", "less", "longer") if time else ("has", "less", "more")
    amount = _amount(row["shift"], row["shift_low"], row["shift_high"], unit)
    more = f"{words[0]} {amount} {words[2] if row['shift'] > 0 else words[1]} than"
    if row["shift"] == 0:
        more = f"{words[0]} as {'long' if time else 'much'} as"
    run, baseline = _sides(row)
    than = f", tested against {_number(claim.factor)} times the baseline" * (claim.factor != 1)
    return (
        f"{_titled(claim)}: {run} {more} {baseline} (median {_valued(row['median_run'], unit)} "
        f"against {_valued(row['median_baseline'], unit)}{_ratio(row)}{than}; {_p(row)})."
    )


def _tell_spread(claim: Claim, row: Mapping[str, Any], settings: Settings) -> str:
    unit = row["unit"]
    if "n_baseline" not in row:
        return (
            f"{_titled(claim)}: the spread of {row['run']} over {_nodes(row['sizes'].split(', '))} "
            f"(sd {_valued(row['sd_baseline'], unit)} at the smallest, "
            f"{_valued(row['sd_run'], unit)} at the largest; {_p(row)})."
        )
    run, baseline = _sides(row)
    return (
        f"{_titled(claim)}: the sd of {run} is {_valued(row['sd_run'], unit)} against "
        f"{_valued(row['sd_baseline'], unit)} of {baseline}{_ratio(row)} ({_p(row)})."
    )


def _tell_trend(claim: Claim, row: Mapping[str, Any], settings: Settings) -> str:
    moves = "rises" if row["statistic"] > 0 else "falls"
    unit = row["unit"]
    return (
        f"{_titled(claim)} of {row['run']} {moves} from {_valued(row['median_baseline'], unit)} to "
        f"{_valued(row['median_run'], unit)} over {_nodes(row['sizes'].split(', '))}"
        f"{_ratio(row)} (tau {_number(row['statistic'])}; {_p(row)})."
    )


def _tell_bound(claim: Claim, row: Mapping[str, Any], settings: Settings) -> str:
    unit, n = row["unit"], row["n_run"]
    largest = _valued(row["largest"], unit)
    share = _percent(row["exceeding_high"])
    at = f"{n} trials of {row['run']} at {_nodes([row['sizes']])}"
    if claim.maximum is None:
        return (
            f"{_titled(claim)}: the largest of {at} is {largest}; with "
            f"{_percent(settings.confidence)} confidence no more than {share} of all trials lie "
            "above it."
        )
    over = int(row["statistic"])
    return (
        f"{_titled(claim)}: {over or 'none'} of {at} {'is' if over < 2 else 'are'} above "
        f"{_valued(claim.maximum, unit)} (largest {largest}); with "
        f"{_percent(settings.confidence)} confidence no more than {share} of all trials are."
    )


_SENTENCES: Mapping[str, Callable[[Claim, Mapping[str, Any], Settings], str]] = {
    "location": _tell_location,
    "spread": _tell_spread,
    "trend": _tell_trend,
    "bound": _tell_bound,
}


def _sides(row: Mapping[str, Any]) -> tuple[str, str]:
    """Name run and baseline, and where: "run5 at 16 nodes", "run4"."""
    at = _nodes([row["sizes"]])
    if row["run"] != row["baseline"]:
        return f"{row['run']} at {at}", row["baseline"]
    return f"{row['run']} at {at}", f"at {_nodes([row['baseline_sizes']])}"


def _titled(claim: Claim) -> str:
    title = METRICS[claim.metric].title
    if claim.baseline_metric:
        title += f" against {METRICS[claim.baseline_metric].title}"
    return title


def _words(verdict: str) -> str:
    return verdict.replace("_", " ")


def _nodes(sizes: Iterable[Any]) -> str:
    *most, last = (str(size) for size in sizes)
    return f"{', '.join(most)} and {last} nodes" if most else f"{last} nodes"


def _list(sizes: Iterable[int]) -> str:
    return ", ".join(map(str, sizes))


def _number(value: float) -> str:
    """Spell a number with three significant digits, and no exponent."""
    if not math.isfinite(value) or value == 0:
        return str(value) if value else "0"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _valued(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".rstrip()


def _amount(value: float, low: float, high: float, unit: str) -> str:
    """Spell a difference without its sign, its interval turned round with it."""
    if value < 0:
        value, low, high = -value, -high, -low
    interval = "" if math.isnan(low) else f" [{_number(low)}, {_number(high)}]"
    return f"{_valued(value, unit)}{interval}"


def _ratio(row: Mapping[str, Any]) -> str:
    if math.isnan(row["ratio"]):
        return ""
    ratio, low, high = (_number(row[name]) for name in ("ratio", "ratio_low", "ratio_high"))
    return f", ratio {ratio} [{low}, {high}]"


def _p(row: Mapping[str, Any]) -> str:
    return f"p = {row['p_holm']:.2g}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
