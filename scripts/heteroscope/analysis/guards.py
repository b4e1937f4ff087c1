"""Is like compared with like? Guards look at all else that logs and configuration say of trials.

A test tells whether two groups of trials differ, never why.  Each guard looks at one other thing
that could be the cause: it is ``ok`` if that is alike, a ``warn`` if it differs, and a ``block`` if
the comparison means nothing.  What is not known is never taken to be alike, and no warning either:
a comparison has one line, ``unknown``, of all that nobody declared or logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from heteroscope import inference
from heteroscope.analysis.checks import (
    FACTS,
    SPECIFIC,
    Finding,
    Group,
    Level,
    Pair,
    date,
    facts,
    figures,
    general,
    order,
)
from heteroscope.tables import columns
from heteroscope.tables.frames import groups
from heteroscope.words import in_words, p_equals

__all__ = ["FACTS", "Finding", "Group", "Guards", "Level", "figures", "worst"]

_Comparison = tuple[str, int, str, int]


class Guards:
    """Every guard of the comparisons of a campaign, each asked once.

    Parameters
    ----------
    trials
        The table of trials, with `figures`.
    declared
        What the configuration declares, by run.
    labels
        What runs are called in sentences; by default their names.
    alpha
        Level of the test of drift.
    """

    def __init__(
        self,
        trials: pd.DataFrame,
        declared: Mapping[str, Mapping[str, Any]],
        labels: Mapping[str, str] | None = None,
        alpha: float = 0.05,
    ) -> None:
        self._alpha = alpha
        self._groups: dict[tuple[str, int], Group] = {}
        started = {str(run): rows["started_at"] for run, rows in trials.groupby("run", sort=False)}
        for run, size, rows in groups(trials, ()):
            about = declared.get(run, {})
            days = _days(started[run], about)
            label = (labels or {}).get(run, run)
            self._groups[run, size] = Group(
                run, size, rows.sort_values("order"), days, about, label
            )
        # By what is compared; under no metric, what does not depend on it.
        self._asked: dict[_Comparison, dict[tuple[str, str], tuple[Finding, ...]]] = {}
        self._drifts = cache(self._drifts_of)

    def of(
        self, run: str, size: int, baseline: str, baseline_size: int, metric: str, other: str
    ) -> tuple[Finding, ...]:
        """Return what the guards of one comparison found, of a metric of the run and of the other.

        What is unknown is told by one of them. None where one of the groups has no trials. Of a
        group against itself: what blocks, as its trials are of several kinds.
        """
        mine, theirs = self._groups.get((run, size)), self._groups.get((baseline, baseline_size))
        if mine is None or theirs is None:
            return ()
        pair = Pair(mine, theirs, metric, other)
        if mine is theirs:
            of_one = (fact.check(pair) for fact in facts(pair))
            return tuple(finding for finding in of_one if finding.level is Level.BLOCK)
        key = run, size, baseline, baseline_size
        if key not in self._asked:
            self._asked[key] = {("", ""): tuple(general(pair))}
        asked = self._asked[key]
        if (metric, other) not in asked:
            asked[metric, other] = (*(look(pair) for look in SPECIFIC), *self._drift(pair))
        return _folded(asked["", ""] + asked[metric, other])

    def unlike(self, run: str, baseline: str) -> frozenset[str]:
        """Return which of image, cluster, machine and date are not known to be alike."""
        of_run = {name: group for (name, _), group in self._groups.items()}
        if not {run, baseline} <= {*of_run}:
            return frozenset()
        pair = Pair(of_run[run], of_run[baseline])
        checks = [*(fact.check for fact in FACTS if fact.of_run), date]
        findings = [check(pair) for check in checks]
        return frozenset(found.guard for found in findings if found.level is not Level.OK)

    def table(self) -> pd.DataFrame:
        """Return all that was asked, comparison by comparison, as the table of guards."""
        rows = [
            (run, baseline, size, other, *metrics, found.guard, found.level, found.sentence)
            for (run, size, baseline, other), asked in self._asked.items()
            for metrics, findings in asked.items()
            for found in _folded(findings)
        ]
        return pd.DataFrame(rows, columns=[column.name for column in columns.GUARDS])

    def _drift(self, pair: Pair) -> list[Finding]:
        """Ask whether values moved while trials ran, and whether that could be the difference."""
        drifts = self._drifts(pair.run.run, pair.baseline.run, pair.metric, pair.other)
        told = [
            f"{name} {'rises' if tau > 0 else 'falls'} from trial to trial (Holm, {p_equals(p)})"
            for group, name, _ in pair.sides
            for tau, p in [drifts.get((group.run, group.size), (0, 1))]
            if p <= self._alpha
        ]
        if not told and not (pair.run.in_order and pair.baseline.in_order):
            return []  # `order` tells that it is not known
        level = Level.WARN if told else Level.OK
        if told and order(pair).level is Level.WARN:
            level = Level.BLOCK
            told.append("and as the two did not take turns, that alone could make them differ")
        return [Finding("drift", level, f"drift: {', '.join(told) or 'no trend is seen'}")]

    def _drifts_of(
        self, run: str, baseline: str, metric: str, other: str
    ) -> dict[tuple[str, int], tuple[float, float]]:
        """Return Kendall's tau and p of each group of two runs; Holm counts all of them."""
        values = {
            key: group.values(metric if key[0] == run else other)
            for key, group in self._groups.items()
            if key[0] in (run, baseline) and group.in_order
        }
        trends = [inference.kendall_trend(range(len(v)), v) for v in values.values()]
        adjusted = inference.holm([trend.p_value for trend in trends])
        return {
            key: (trend.statistic, float(p))
            for key, trend, p in zip(values, trends, adjusted, strict=True)
        }


def _folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tell what is unknown in one finding: "not recorded: image of a, and machine of either"."""
    told: list[Finding] = []
    lacking: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.level is Level.UNKNOWN:
            name = in_words(finding.guard).replace("lammps", "LAMMPS")
            lacking.setdefault(finding.sentence, {})[name] = None
        else:
            told.append(finding)
    if lacking:
        sentence = ", and ".join(f"{', '.join(names)} of {who}" for who, names in lacking.items())
        told.append(Finding("not_recorded", Level.UNKNOWN, f"not recorded: {sentence}"))
    return tuple(told)


def _days(started: pd.Series[Any], declared: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first and last day of a run by its logs or, where they do not say, as declared."""
    days = sorted(time[:10] for time in started.dropna() if time) or [declared.get("date")]
    return (days[0], days[-1]) if days[0] else None


def worst(findings: Iterable[Finding]) -> Level:
    """Return the worst level among findings."""
    return max((finding.level for finding in findings), key=list(Level).index, default=Level.OK)
