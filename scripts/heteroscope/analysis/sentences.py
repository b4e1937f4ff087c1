"""A claim's outcome in plain words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from heteroscope import inference
from heteroscope.analysis.comparisons import Settings
from heteroscope.analysis.guards import Finding, Level
from heteroscope.analysis.measures import Claim, Measured
from heteroscope.metrics import METRICS
from heteroscope.words import (
    at_sizes,
    change,
    counted,
    estimate,
    in_words,
    number,
    of_sizes,
    p_equals,
    percent,
    quantity,
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
    "margin": "the interval of the ratio reaches across the margin of {margin}",
    "below_resolution": "the clock counts too coarsely to tell, in steps of {step}",
    "control": "a control, two runs that should not differ, differs by as much ({control})",
    "not_significant": "so much may come about at random",
    "no_maximum": "a limit without a number cannot be shown; a sample always has a largest value",
    "too_few": "so few trials do not rule out that {alpha} of all would",
}


class Teller:
    """Tells the rows of one claim.

    Parameters
    ----------
    claim
        What is claimed.
    settings
        Level and margin.
    labels
        What runs are called.
    rows
        How many sizes are tested together.
    """

    def __init__(
        self, claim: Claim, settings: Settings, labels: Mapping[str, str], rows: int
    ) -> None:
        self._claim, self._settings, self._labels, self._rows = claim, settings, labels, rows
        self._unit = METRICS[claim.metric].unit
        self._title = METRICS[claim.metric].title
        if claim.baseline_metric:
            self._title += f" against {METRICS[claim.baseline_metric].title}"

    def label(self, run: str) -> str:
        """Return what a run is called."""
        return self._labels.get(run, run)

    def row(self, row: Mapping[str, Any], measured: Measured, found: Sequence[Finding]) -> str:
        """Tell one size."""
        verdict = row["verdict"]
        told = {
            "location": self._location,
            "spread": self._spread,
            "trend": self._trend,
            "bound": self._bound,
        }[self._claim.test]
        numbers = "" if math.isnan(measured.p) else f"{told(row, measured)} "
        outcome = _OUTCOMES.get(verdict) or (
            f"Their {'spreads' if self._claim.test == 'spread' else 'medians'} are within "
            f"{percent(self._settings.margin)}"
        )
        negligible = row["practical"] == "negligible" and verdict in ("supported", "refuted")
        if negligible and self._claim.expect in ("less", "greater", "different"):
            outcome += f", though the difference lies within {percent(self._settings.margin)}"
        why = [self._why(row, measured, found)]
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

    def _why(self, row: Mapping[str, Any], measured: Measured, found: Sequence[Finding]) -> str:
        reason = row["reason"]
        if reason == "guard":
            return "; ".join(f.sentence for f in found if f.level is Level.BLOCK)
        if reason in ("n", "floor"):
            return self._few(row, measured)
        if reason == "measures_disagree":
            spread = self._claim.test == "spread"
            return (
                f"{'sd and mean distance' if spread else 'ranks and medians'} point opposite ways"
            )
        return _REASONS.get(reason, "").format(
            alpha=percent(self._settings.alpha),
            margin=percent(self._settings.margin),
            step=quantity(METRICS[self._claim.metric].step, self._unit),
            control=change(1 + row["control"]),
        )

    def _few(self, row: Mapping[str, Any], measured: Measured) -> str:
        """Say how many values are needed, and what can be said until then."""
        n = [row[name] for name in ("n_run", "n_baseline") if name in row]
        have = " against ".join(map(str, n))
        if self._claim.test in ("bound", "trend"):
            return f"there are too few values ({have})"
        if self._claim.test == "spread":
            return f"{have} values; at least {inference.LEAST_N} each are needed"
        alpha = self._settings.alpha
        least, more = (
            next(n for n in itertools.count(1) if inference.smallest_p(n, n) <= alpha / sizes)
            for sizes in (1, self._rows)
        )
        also = f" ({more} for all {self._rows} sizes to count)" if more > least else ""
        told = f"{have} values; at least {least} each are needed{also}"
        if min(n) > 1 and measured.told["separated"]:
            above = row["statistic"] > 0
            told += (
                f"; until then: every value of {self.label(row['run'])} lies "
                f"{'above' if above else 'below'} all of {self._baseline(row)}"
            )
        return told

    def _baseline(self, row: Mapping[str, Any]) -> str:
        if row["run"] != row["baseline"]:
            return self.label(row["baseline"])
        return of_sizes([row["baseline_sizes"]])

    def _location(self, row: Mapping[str, Any], measured: Measured) -> str:
        time = self._unit == "s"
        verb, less, more = ("takes", "less", "longer") if time else ("has", "less", "more")
        shift, low, high = row["shift"], row["shift_low"], row["shift_high"]
        side = more if shift > 0 else less
        if shift < 0:
            shift, low, high = -shift, -high, -low
        told = f"{verb} {estimate(shift, low, high, self._unit)} {side} than"
        if shift == 0:
            told = f"{verb} as {'long' if time else 'much'} as"
        scaled = f", tested against {number(self._claim.factor)} times it"
        return (
            f"{self._title}: {self._subject(row)} {told} {self._other(row)} (medians "
            f"{quantity(row['median_run'], self._unit)} and "
            f"{quantity(row['median_baseline'], self._unit)}{self._ratio(row)}"
            f"{scaled * (self._claim.factor != 1)}; {self._p(row)})."
        )

    def _spread(self, row: Mapping[str, Any], measured: Measured) -> str:
        values = [quantity(row[f"distance_{side}"], self._unit) for side in ("run", "baseline")]
        disagree = (row["p_holm"] <= self._settings.alpha) != (
            row["check_p_holm"] <= self._settings.alpha
        )
        check = (
            f"; Fligner-Killeen, by ranks, disagrees: {p_equals(row['check_p_holm'])}" * disagree
        )
        if "n_baseline" not in row:
            return (
                f"{self._title}: {self.label(row['run'])} over "
                f"{of_sizes(row['sizes'].split(', '))}, mean distance from the median {values[1]} "
                f"at the smallest and {values[0]} at the largest ({self._p(row)}{check})."
            )
        return (
            f"{self._title}: the mean distance from the median is {values[0]} for "
            f"{self._subject(row)} and {values[1]} for {self._other(row).removeprefix('at ')}"
            f"{self._ratio(row)} ({self._p(row)}{check})."
        )

    def _trend(self, row: Mapping[str, Any], measured: Measured) -> str:
        values = [quantity(row[f"median_{side}"], self._unit) for side in ("baseline", "run")]
        between = [f"from {low} to {high}" for low, high in measured.told["moves"]]
        moves = f"it moves {of_sizes(between)}" if between else "no two neighbours differ"
        return (
            f"{self._title} of {self.label(row['run'])} over {of_sizes(row['sizes'].split(', '))}: "
            f"medians {values[0]} at the smallest and {values[1]} at the largest{self._ratio(row)} "
            f"(tau {number(row['statistic'])}; {self._p(row)}); {moves}."
        )

    def _bound(self, row: Mapping[str, Any], measured: Measured) -> str:
        over, n = int(row["statistic"]), row["n_run"]
        truncated = METRICS[self._claim.metric].beyond
        clock = f", {quantity(truncated, self._unit)} added for the clock" * (truncated > 0)
        return (
            f"{self._title}: {over or 'none'} of {counted(n, 'trial')} of {self._subject(row)} "
            f"{'is' if over < 2 else 'are'} above {quantity(self._claim.maximum, self._unit)} "
            f"(largest {quantity(row['largest'], self._unit)}{clock}); with "
            f"{percent(self._settings.confidence)} confidence no more than "
            f"{percent(row['exceeding_high'])} of all trials are."
        )

    def _subject(self, row: Mapping[str, Any]) -> str:
        return f"{self.label(row['run'])} {at_sizes([row['sizes']])}"

    def _other(self, row: Mapping[str, Any]) -> str:
        """Name the baseline: another run, or the same at another size."""
        if row["run"] != row["baseline"]:
            return self.label(row["baseline"])
        return at_sizes([row["baseline_sizes"]])

    def _ratio(self, row: Mapping[str, Any]) -> str:
        told = change(row["ratio"], row["ratio_low"], row["ratio_high"])
        return "" if math.isnan(row["ratio"]) else f", {told}"

    def _p(self, row: Mapping[str, Any]) -> str:
        p = p_equals(row["p_holm"]).replace("p", "p (Holm)", 1)
        claimed = {
            "equivalent": "a difference of less than {}",
            "not_greater": "at most {} more",
            "not_less": "at most {} less",
        }.get(self._claim.expect)
        margin = percent(self._settings.margin)
        return f"{p} for {claimed.format(margin)}" if claimed else p
