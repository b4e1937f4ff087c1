"""What the data say of a claim: its numbers, a verdict, and one plain sentence; and the gate.

A claim is a statement that someone made of the campaign, spelled as a test.  Each of its sizes gets
a verdict, adjusted for how many sizes there are, and all together give the verdict of the claim:

``refuted`` if one size is refuted; else ``not_comparable`` if one is; ``supported`` or
``equivalent`` if every size is, ``not_testable`` if none can be tested; and ``inconclusive`` for
all else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from heteroscope import inference
from heteroscope.analysis.comparisons import Sample, Settings, step_between
from heteroscope.analysis.guards import Finding, Guards, Level, worst
from heteroscope.analysis.measures import MEASURES, Case, Claim
from heteroscope.analysis.outcomes import Controls, Outcome
from heteroscope.analysis.sentences import Teller
from heteroscope.inference import Reason
from heteroscope.metrics import METRICS, UserError
from heteroscope.tables import columns
from heteroscope.tables.frames import samples
from heteroscope.words import at_sizes, counted, in_words


class Verdict(StrEnum):
    """What the data say of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTABLE = "not_testable"
    NOT_COMPARABLE = "not_comparable"


HOLDS = (Verdict.SUPPORTED, Verdict.EQUIVALENT)

Values = Mapping[str, Mapping[tuple[str, int], Sample]]


def make_claims(
    trials: pd.DataFrame,
    claims: Iterable[Claim],
    sizes: Sequence[int],
    guards: Guards,
    settings: Settings,
    controls: Controls | None = None,
    labels: Mapping[str, str] | None = None,
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
    controls
        What pairs that should not differ differ by; by default there are none.
    labels
        What runs are called in sentences; by default their names.

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
    kept, every = (
        {metric: samples(rows, metric) if metric in rows else {} for metric in metrics}
        for rows in (trials, undone)
    )
    study = list(sizes) or sorted({int(size) for size in trials["size"].dropna()})
    controls = controls or Controls(trials, [], guards)
    judge = _Judge(kept, every, study, guards, controls, settings, labels or {})
    rows = [row for claim in claims for row in judge.rows(claim)]
    # Adjust the p of each claim for the number of claims.
    wholes = [row for row in rows if row["overall"]]
    for row, p in zip(wholes, inference.holm([row["own_p"] for row in wholes]), strict=True):
        row["p_campaign"] = float(p)
    return pd.DataFrame(rows, columns=[column.name for column in columns.CLAIMS])


@dataclass(frozen=True)
class _Judge:
    """What all claims are judged by."""

    counted: Values
    every: Values
    study: Sequence[int]
    guards: Guards
    controls: Controls
    settings: Settings
    labels: Mapping[str, str]

    def rows(self, claim: Claim) -> list[dict[str, Any]]:
        """Return the rows of one claim."""
        settings = self.settings
        if claim.margin is not None:
            settings = replace(settings, margin=claim.margin)
        cases, lacking = self._cases(claim, settings)
        tell = Teller(claim, settings, self.labels, len(cases))
        asked = [self._ask(case) for case in cases]
        judged, without = (self._judge(claim, cases, of) for of in (self.counted, self.every))
        for case, row, undone, found in zip(cases, judged, without, asked, strict=True):
            verdict, reason = _guarded(row, found)
            row |= {
                **_about(case),
                "guards": worst(found) if found else "",
                "caveats": _caveats(found),
                "overall": len(cases) == 1,
                "verdict": verdict,
                "verdict_without_exclusions": _guarded(undone, found)[0],
                "verdict_without_guards": row["verdict"],
                "reason": reason,
                "own_p": row["own_p"] if verdict is not Verdict.NOT_COMPARABLE else math.nan,
            }
            row["sentence"] = tell.row(row, found)
        rows = judged
        if len(cases) > 1:
            every = tuple(size for case in cases for size in case.sizes)
            beside = tuple(size for case in cases for size in case.baseline_sizes)
            whole = replace(cases[0], sizes=every, baseline_sizes=beside)
            rows = [*judged, {**_about(whole), **_overall(judged, asked, tell)}]
        if lacking:
            told = f" {tell.label(claim.runs[1])} has no values {at_sizes(lacking)}."
            rows[-1]["sentence"] += told
        return rows

    def _cases(self, claim: Claim, settings: Settings) -> tuple[list[Case], list[int]]:
        """Return what the rows of a claim compare, and the sizes that the baseline lacks."""
        run, *others = claim.runs

        def having(name: str, metric: str) -> list[int]:
            return [s for s in self.study if len(_sample(self.counted, metric, name, s))]

        mine = claim.sizes or having(run, claim.metric) or self.study
        if others:
            theirs = claim.sizes or having(others[0], claim.other_metric)
            both = [size for size in mine if size in theirs] or mine
            cases = [Case(claim, settings, run, (size,), others[0], (size,)) for size in both]
            return cases, [size for size in mine if size not in theirs]
        if claim.test == "bound":
            return [Case(claim, settings, run, (size,)) for size in mine], []
        if claim.test == "trend" or len(mine) > 2:
            ascending = tuple(sorted(mine))
            return [Case(claim, settings, run, ascending, run, ascending[:1])], []
        return [Case(claim, settings, run, (mine[0],), run, (mine[-1],))], []

    def _ask(self, case: Case) -> tuple[Finding, ...]:
        """Return what the guards find of all that a row compares, each sentence once."""
        baseline = case.baseline or case.run  # a bound: are its trials of one kind?
        asked = (
            finding
            for size in case.sizes
            for other in case.baseline_sizes or case.sizes
            if not case.baseline or (case.run, size) != (baseline, other)
            for finding in self.guards.of(
                case.run, size, baseline, other, case.claim.metric, case.claim.other_metric
            )
        )
        return tuple(dict.fromkeys(asked))

    def _judge(self, claim: Claim, cases: Sequence[Case], values: Values) -> list[dict[str, Any]]:
        """Test each row of a claim, adjust over all of them, and give each its verdict."""
        metrics = claim.metric, claim.other_metric
        step = max(step_between(values[metric], metric, claim.runs) for metric in metrics)

        def taken(metric: str, run: str, sizes: Sequence[int]) -> list[Sample]:
            return [_sample(values, metric, run, size) for size in sizes]

        filled = [
            replace(
                case,
                x=taken(claim.metric, case.run, case.sizes),
                y=taken(claim.other_metric, case.baseline, case.baseline_sizes),
                step=step,
                control=self.controls.of(
                    claim.test, claim.metric, case.run, case.baseline, case.sizes[-1]
                ),
            )
            for case in cases
        ]
        measured = [MEASURES[claim.test](case) for case in filled]
        # Every size of a bound must hold, and each is told on its own: no size is one of many.
        adjust = np.asarray if claim.test == "bound" else inference.holm
        adjusted = (
            adjust([getattr(found, name) for found in measured]).tolist()
            for name in ("p", "check_p", "margin_p")
        )
        rows = []
        for case, found, p, check_p, margin_p in zip(filled, measured, *adjusted, strict=True):
            outcome = found.outcome(p, check_p)
            verdict, reason = _verdict(claim, outcome, margin_p, case.settings)
            by_margin = claim.by_margin or verdict is Verdict.EQUIVALENT
            own = found.margin_p if by_margin else found.p
            if claim.test == "bound" and verdict is Verdict.REFUTED:
                own = math.nan  # a value beyond is a fact, and no test
            rows.append(
                {
                    **found.figures,
                    "p": found.margin_p if claim.by_margin else found.p,
                    "p_holm": margin_p if claim.by_margin else p,
                    "check_p": found.check_p,
                    "check_p_holm": check_p,
                    "control": case.control,
                    "step": case.step,
                    "significant": outcome.significant,
                    "practical": outcome.practical,
                    "verdict": verdict,
                    "reason": reason,
                    "own_p": own,
                }
            )
        return rows


def _sample(values: Values, metric: str, run: str, size: int) -> Sample:
    return values[metric].get((run, size), np.empty(0))


def _verdict(
    claim: Claim, outcome: Outcome, margin_p: float, settings: Settings
) -> tuple[Verdict, str]:
    """Hold an outcome against what is claimed."""
    expect, found = claim.expect, outcome.finding
    if found == "not_testable" or claim.test == "bound":
        return Verdict(found), outcome.reason
    if claim.by_margin:
        return _margin_verdict(expect, outcome, margin_p, settings)
    if found == "undecided":
        return Verdict.INCONCLUSIVE, outcome.reason
    if found == "equivalent":
        return Verdict.EQUIVALENT, ""
    return (Verdict.SUPPORTED if expect in (found, "different") else Verdict.REFUTED), ""


def _margin_verdict(
    expect: str, outcome: Outcome, margin_p: float, settings: Settings
) -> tuple[Verdict, str]:
    """Hold an outcome against a margin, on the side or sides that are claimed."""
    enough = margin_p <= settings.alpha
    inside, against = {
        "equivalent": (outcome.within, ("less", "greater")),
        "not_greater": (enough and outcome.near[1] < 1 + settings.margin, ("greater",)),
        "not_less": (enough and outcome.near[0] > 1 / (1 + settings.margin), ("less",)),
    }[expect]
    if inside:
        return Verdict.EQUIVALENT if expect == "equivalent" else Verdict.SUPPORTED, ""
    if outcome.finding in against and outcome.outside:
        return Verdict.REFUTED, ""
    return Verdict.INCONCLUSIVE, "control" if enough else "margin"


def _guarded(judged: Mapping[str, Any], found: Sequence[Finding]) -> tuple[Verdict, str]:
    """Return the verdict if no guard blocks it; where there are too few values, none need."""
    if worst(found) is Level.BLOCK and judged["reason"] != Reason.N:
        return Verdict.NOT_COMPARABLE, "guard"
    return judged["verdict"], judged["reason"]


def _about(case: Case) -> dict[str, Any]:
    """Return the columns that say what is claimed, and of what."""
    claim = case.claim
    return {
        **asdict(claim),
        "claim": claim.id,
        "unit": METRICS[claim.metric].unit,
        "run": case.run,
        "baseline": case.baseline,
        "sizes": ", ".join(map(str, case.sizes)),
        "baseline_sizes": ", ".join(map(str, case.baseline_sizes)),
        "margin": math.nan if claim.test in ("bound", "trend") else case.settings.margin,
    }


def _caveats(found: Iterable[Finding]) -> str:
    return "; ".join(each.sentence for each in found if each.level is not Level.OK)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
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
    rows: Sequence[Mapping[str, Any]], asked: Sequence[Sequence[Finding]], tell: Teller
) -> dict[str, Any]:
    """Return what the rows of its sizes, and what guards found of each, make of a claim."""
    found = [each for of_size in asked for each in of_size]
    # Of each guard what it found first: the rest stands in the rows of the sizes.
    first = {each.guard: each for each in found[::-1] if each.level is not Level.OK}
    kinds = ("verdict", "verdict_without_exclusions", "verdict_without_guards")
    verdicts = {kind: combine(row[kind] for row in rows) for kind in kinds}
    refuting = [row["p_holm"] for row in rows if row["verdict"] is Verdict.REFUTED]
    # Where all sizes must hold, the weakest counts; a single one refutes.
    by_one = refuting and tell.claim.test != "bound"
    return {
        **verdicts,
        "overall": True,
        "guards": worst(found) if found else "",
        "caveats": _caveats([*first.values()][::-1]),
        "reason": "" if len({row["verdict"] for row in rows}) == 1 else "sizes_differ",
        "sentence": tell.whole(rows, verdicts["verdict"]),
        "own_p": min(refuting) if by_one else float(np.max([row["own_p"] for row in rows])),
    }


def check_gate(claims: pd.DataFrame) -> str:
    """Return what was judged, one line a claim, if the gate is open: every claim with one holds.

    Parameters
    ----------
    claims
        The table of claims.

    Raises
    ------
    UserError
        If a claim with a gate is neither supported nor equivalent, or if no claim has a gate.
    """
    gated = claims[claims["gate"].astype(bool) & claims["overall"].astype(bool)]
    told = "\n".join(
        f"  {row.claim}: {in_words(str(row.verdict))}. {row.sentence}" for row in gated.itertuples()
    )
    if not len(gated):
        raise UserError("the gate is closed: no claim has `gate: true`, so nothing was judged")
    failed = int((~gated["verdict"].isin(HOLDS)).sum())
    if failed:
        raise UserError(
            f"the gate is closed: {failed} of {counted(len(gated), 'claim')} with a gate "
            f"{'does' if failed == 1 else 'do'} not hold\n{told}"
        )
    return f"the gate is open: {counted(len(gated), 'claim')} with a gate held\n{told}"
