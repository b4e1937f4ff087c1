"""A claim's outcome in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from heteroscope import inference
from heteroscope.analysis.comparisons import Settings
from heteroscope.analysis.guards import Finding, Level
from heteroscope.analysis.measures import Claim
from heteroscope.metrics import METRICS
from heteroscope.words import (
    TIMES,
    at_sizes,
    change,
    counted,
    estimate,
    in_words,
    missing,
    number,
    of_sizes,
    p_equals,
    percent,
    quantity,
    size_of,
)

_OUTCOMES = {
    "supported": "This supports the claim",
    "refuted": "This refutes the claim",
    "inconclusive": "This neither supports nor refutes the claim",
    "not_testable": "This cannot be tested",
    "not_comparable": "The two cannot be compared",
}
_REASONS = {
    "zero_variance": "no value varies",
    "constant_deviations": "all values lie equally far from their median",
    "tests_disagree": "the two tests do not agree",
    "measures_disagree": "{measures} point opposite ways",
    "margin": "the interval of the ratio reaches across the margin of {margin}",
    "below_resolution": "the clock counts too coarsely to tell, in steps of {step}",
    "control": "a control, two runs that should not differ, differs by as much ({control})",
    "not_significant": "so much may come about at random",
    "no_maximum": "a limit without a number cannot be shown; a sample always has a largest value",
    "too_few": "so few trials do not rule out that {alpha} of all would",
}


@dataclass(frozen=True)
class Teller:
    """Tells the rows of one claim, of which so many sizes are tested together."""

    claim: Claim
    settings: Settings
    labels: Mapping[str, str]
    sizes: int

    def label(self, run: str) -> str:
        """Return what a run is called."""
        return self.labels.get(run, run)

    def row(self, row: Mapping[str, Any], found: Sequence[Finding]) -> str:
        """Tell one size."""
        verdict, margin = row["verdict"], percent(self.settings.margin)
        told = {
            "location": self._location,
            "spread": self._spread,
            "trend": self._trend,
            "bound": self._bound,
        }[self.claim.test]
        of = " of" if self.claim.test == "trend" else ":"
        numbers = "" if math.isnan(row["p"]) else f"{self._title()}{of} {told(row)} "
        what = "spreads" if self.claim.test == "spread" else "medians"
        outcome = _OUTCOMES.get(verdict) or f"Their {what} are within {margin}"
        if verdict == "not_comparable" and self.claim.test == "bound":
            outcome = "Its trials are not of one kind"
        negligible = row["practical"] == "negligible" and verdict in ("supported", "refuted")
        if negligible and not self.claim.by_margin:
            outcome += f", though the difference lies within {margin}"
        why = [self._why(row, found)]
        if row["verdict_without_exclusions"] != verdict:
            undone = in_words(row["verdict_without_exclusions"])
            why.append(f"with no trial left out it would be {undone}")
        because = "; ".join(filter(None, why))
        caveats = dict.fromkeys(f.guard for f in found if f.level is Level.WARN)
        beware = f" Caveats: {', '.join(map(in_words, caveats))}." if caveats else ""
        return f"{numbers}{outcome}{f': {because}' if because else ''}.{beware}"

    def whole(self, rows: Sequence[Mapping[str, Any]], verdict: str) -> str:
        """Tell all sizes together, like ones at once."""
        at: dict[str, list[str]] = {}
        for row in rows:
            at.setdefault(row["verdict"], []).append(row["sizes"])
        told = ", ".join(f"{in_words(each)} {at_sizes(sizes)}" for each, sizes in at.items())
        return f"As a whole {in_words(verdict)}: {told}."

    def _title(self) -> str:
        metric = METRICS[self.claim.metric]
        title = metric.title + " (more is better)" * metric.higher_is_better
        if not self.claim.baseline_metric:
            return title
        return f"{title} against {METRICS[self.claim.baseline_metric].title}"

    def _quantity(self, value: Any) -> str:
        return quantity(value, METRICS[self.claim.metric].unit)

    def _why(self, row: Mapping[str, Any], found: Sequence[Finding]) -> str:
        reason = row["reason"]
        if reason == "guard":
            return "; ".join(f.sentence for f in found if f.level is Level.BLOCK)
        if reason in ("n", "floor"):
            return self._few(row)
        spread = self.claim.test == "spread"
        return _REASONS.get(reason, "").format(
            alpha=percent(self.settings.alpha),
            margin=percent(self.settings.margin),
            measures="sd and mean distance" if spread else "ranks and medians",
            step=self._quantity(row["step"]),
            control=change(1 + row["control"]),
        )

    def _few(self, row: Mapping[str, Any]) -> str:
        """Say how many values are needed, and what can be said until then."""
        n = [row[name] for name in ("n_run", "n_baseline") if name in row]
        have = " against ".join(map(str, n))
        if self.claim.test in ("bound", "trend"):
            return f"there are too few values ({have})"
        if self.claim.test == "spread":
            return f"{have} values; at least {inference.LEAST_N} each are needed"
        least, more = (
            next(n for n in count(1) if inference.smallest_p(n, n) <= self.settings.alpha / sizes)
            for sizes in (1, self.sizes)
        )
        also = f" ({more} for all {self.sizes} sizes to count)" if more > least else ""
        told = f"{have} values; at least {least} each are needed{also}"
        if min(n) > 1 and row["statistic"] in (0, math.prod(n)):
            side = "above" if row["statistic"] > 0 else "below"
            told += f"; until then: every value of {self.label(row['run'])} lies {side} all of "
            told += self._other(row, of_sizes)
        return told

    def _location(self, row: Mapping[str, Any]) -> str:
        unit = METRICS[self.claim.metric].unit
        verb, more, equally = (
            ("takes", "longer", "as long as") if unit in TIMES else ("has", "more", "as much as")
        )
        shift, low, high = row["shift"], row["shift_low"], row["shift_high"]
        if shift < 0:
            shift, low, high, more = -shift, -high, -low, "less"
        told = f"{estimate(shift, low, high, unit)} {more} than" if shift else equally
        scaled = f", tested against {number(self.claim.factor)} times it"
        return (
            f"{self._subject(row)} {verb} {told} {self._other(row)} (medians "
            f"{self._quantity(row['median_run'])} and {self._quantity(row['median_baseline'])}"
            f"{self._ratio(row)}{scaled * (self.claim.factor != 1)}; {self._p(row)})."
        )

    def _spread(self, row: Mapping[str, Any]) -> str:
        run, baseline = (self._quantity(row[f"distance_{of}"]) for of in ("run", "baseline"))
        p, check_p = row["p_holm"], row["check_p_holm"]
        disagree = (p <= self.settings.alpha) != (check_p <= self.settings.alpha)
        check = f"; Fligner-Killeen, by ranks, disagrees: {p_equals(check_p)}" * disagree
        if "n_baseline" not in row:
            return (
                f"{self._over(row)}, mean distance from the median {baseline} at the smallest and "
                f"{run} at the largest ({self._p(row)}{check})."
            )
        return (
            f"the mean distance from the median is {run} for {self._subject(row)} and {baseline} "
            f"for {self._other(row, of_sizes)}{self._ratio(row)} ({self._p(row)}{check})."
        )

    def _trend(self, row: Mapping[str, Any]) -> str:
        between = [f"from {low} to {high}" for low, high in row["moves"]]
        moves = f"it moves {of_sizes(between)}" if between else "no two neighbours differ"
        return (
            f"{self._over(row)}: medians {self._quantity(row['median_baseline'])} at the smallest "
            f"and {self._quantity(row['median_run'])} at the largest{self._ratio(row)} "
            f"(tau {number(row['statistic'])}; {self._p(row)}); {moves}."
        )

    def _bound(self, row: Mapping[str, Any]) -> str:
        over, n = int(row["statistic"]), row["n_run"]
        truncated = METRICS[self.claim.metric].beyond
        clock = f", {self._quantity(truncated)} added for the clock" * (truncated > 0)
        return (
            f"{over or 'none'} of {counted(n, 'trial')} of {self._subject(row)} "
            f"{'is' if over < 2 else 'are'} above {self._quantity(self.claim.maximum)} "
            f"(largest {self._quantity(row['largest'])}{clock}); with "
            f"{percent(self.settings.confidence)} confidence no more than "
            f"{percent(row['exceeding_high'])} of all trials are."
        )

    def _subject(self, row: Mapping[str, Any]) -> str:
        label = self.label(row["run"])
        return f"{label} {at_sizes([row['sizes']])}" if size_of() else label

    def _over(self, row: Mapping[str, Any]) -> str:
        return f"{self.label(row['run'])} over {of_sizes(row['sizes'].split(', '))}"

    def _other(self, row: Mapping[str, Any], spell: Callable[[list[str]], str] = at_sizes) -> str:
        """Name the baseline: another run, or the same at another size."""
        if row["run"] != row["baseline"]:
            return self.label(row["baseline"])
        return spell([row["baseline_sizes"]])

    def _ratio(self, row: Mapping[str, Any]) -> str:
        told = change(row["ratio"], row["ratio_low"], row["ratio_high"])
        return "" if missing(row["ratio"]) else f", {told}"

    def _p(self, row: Mapping[str, Any]) -> str:
        p = p_equals(row["p_holm"]).replace("p", "p (Holm)", 1)
        claimed = {
            "equivalent": "a difference of less than {}",
            "not_greater": "at most {} more",
            "not_less": "at most {} less",
        }.get(self.claim.expect)
        margin = percent(self.settings.margin)
        return f"{p} for {claimed.format(margin)}" if claimed else p
