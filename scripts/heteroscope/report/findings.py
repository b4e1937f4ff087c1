"""What a row of a table of tests says, as one word and as one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heteroscope.metrics import METRICS
from heteroscope.report.text import interval, missing, nodes, number, p_value, quantity

Row = Mapping[str, Any]

REASONS = {
    "n": "there are too few values",
    "floor": "samples so small cannot reach the level of the test, whatever they hold",
    "zero_variance": "the values do not vary at all",
    "constant_deviations": "their distances from the centre do not vary",
    "non_positive": "a median is 0 or less",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome.

    Attributes
    ----------
    word
        What it comes down to: ``faster``, ``steadier``, ``inconclusive``, …
    tone
        How it is shown: ``good``, ``bad``, ``same``, ``open`` or ``none``.
    sentence
        The same in full, with the numbers.
    """

    word: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Turns rows into findings.

    Attributes
    ----------
    labels
        Words for the runs, by name.
    alpha, margin
        Level of the tests; largest relative difference without practical meaning.
    blocked
        For a pair, size and metric that must not be compared: why.
    """

    labels: Mapping[str, str]
    alpha: float
    margin: float
    blocked: Mapping[tuple[str, str, int, str], str]

    def name(self, run: object) -> str:
        """Return the words for a run."""
        return self.labels.get(str(run), str(run))

    def _names(self, row: Row) -> tuple[str, str]:
        return self.name(row["run"]), self.name(row["baseline"])

    def _refused(self, row: Row) -> Finding | None:
        """Return why a row decides nothing, if so."""
        run, baseline = self._names(row)
        key = (str(row["run"]), str(row["baseline"]), int(row["size"]), str(row["metric"]))
        start = f"At {nodes(row['size'])}, {run} and {baseline}"
        if key in self.blocked:
            why = self.blocked[key].rstrip(".")
            return Finding("not comparable", "none", f"{start} are not comparable: {why}.")
        return None

    def location(self, row: Row) -> Finding:
        """Return what a row of the table of location says: which of the two is faster."""
        if refused := self._refused(row):
            return refused
        run, baseline = self._names(row)
        where, unit = f"At {nodes(row['size'])}", row["unit"]
        p = row["mann_whitney_p_holm"]
        if row["reason"] in ("n", "floor") or missing(p):
            why = REASONS.get(str(row["reason"]), "a value is missing")
            sentence = f"{where}, {run} and {baseline} cannot be told apart by a test: {why}."
            return Finding("not testable", "none", sentence)
        medians = f"{quantity(row['median_run'], unit)} against {number(row['median_baseline'])}"
        numbers = f"median {medians} ({self._ratio(row, 'ratio')}p = {p_value(p)})"
        within = row["within_margin"] is True or str(row["within_margin"]) == "True"
        if row["tests_disagree"] is True or str(row["tests_disagree"]) == "True":
            sentence = (
                f"{where}, the two tests disagree on {run} and {baseline}, "
                f"so nothing is concluded: {numbers}."
            )
            return Finding("inconclusive", "open", sentence)
        if p > self.alpha:
            if within:
                return Finding(
                    "alike",
                    "same",
                    f"{where}, {run} and {baseline} are alike, within {self._margin()}: {numbers}.",
                )
            sentence = f"{where}, no difference is shown between {run} and {baseline}: {numbers}."
            return Finding("inconclusive", "open", sentence)
        definition = METRICS[str(row["metric"])]
        larger = _larger(row)
        better = larger == definition.higher_is_better
        if definition.unit == "s":
            word = "slower" if larger else "faster"
        else:
            word = "higher" if larger else "lower"
        tail = f", a difference within {self._margin()}" if within else ""
        return Finding(
            word,
            "same" if within else "good" if better else "bad",
            f"{where}, {run} is {word} than {baseline}: {numbers}{tail}.",
        )

    def spread(self, row: Row) -> Finding:
        """Return what a row of the table of variance says: which of the two is steadier."""
        if refused := self._refused(row):
            return refused
        run, baseline = self._names(row)
        where, unit = f"At {nodes(row['size'])}", row["unit"]
        p = row["levene_median_p_holm"]
        if missing(p):
            why = REASONS.get(str(row["reason"]), "a value is missing")
            sentence = f"{where}, the spreads of {run} and {baseline} cannot be tested: {why}."
            return Finding("not testable", "none", sentence)
        deviations = f"{quantity(row['sd_run'], unit)} against {number(row['sd_baseline'])}"
        numbers = (
            f"standard deviation {deviations} "
            f"({self._ratio(row, 'sd_ratio')}Levene p = {p_value(p)})"
        )
        if p > self.alpha:
            sentence = f"{where}, {run} and {baseline} show no difference in spread: {numbers}."
            return Finding("inconclusive", "open", sentence)
        # Levene's test asks for the mean distance from the median, and the sd may differ the
        # other way round where one trial is far off; then nothing is said of which is steadier.
        low, high = row["sd_ratio_low"], row["sd_ratio_high"]
        if not missing(low) and not missing(high) and low <= 1 <= high:
            sentence = (
                f"{where}, the spreads of {run} and {baseline} differ, and the interval of their "
                f"ratio leaves open which is the steadier: {numbers}."
            )
            return Finding("inconclusive", "open", sentence)
        steadier = row["sd_run"] < row["sd_baseline"]
        word = "steadier" if steadier else "less steady"
        sentence = f"{where}, {run} is {word} than {baseline}: {numbers}."
        return Finding(word, "good" if steadier else "bad", sentence)

    def drift(self, row: Row) -> Finding:
        """Return what a row of the table of drift says: whether values moved while trials ran."""
        p = row["kendall_p"]
        run = self.name(row["run"])
        where = f"At {nodes(row['size'])}"
        if missing(p):
            sentence = f"{where}, the order of {run} cannot be tested."
            return Finding("not testable", "none", sentence)
        if p > self.alpha:
            sentence = f"{where}, {run} shows no trend over its trials (p = {p_value(p)})."
            return Finding("no trend", "good", sentence)
        way = "rises" if row["kendall_tau"] > 0 else "falls"
        sentence = (
            f"{where}, {run} {way} over its trials "
            f"(tau = {number(row['kendall_tau'])}, p = {p_value(p)})."
        )
        return Finding(way, "bad", sentence)

    def _margin(self) -> str:
        return f"±{number(100 * self.margin)} %"

    def _ratio(self, row: Row, name: str) -> str:
        if missing(row[name]):
            return ""
        limits = interval(row[f"{name}_low"], row[f"{name}_high"], 3)
        confidence = f", {number(100 * (1 - self.alpha))} % interval {limits}" if limits else ""
        return f"ratio {number(row[name], 3)}{confidence}; "


def _larger(row: Row) -> bool:
    """Return whether the run's values are the larger ones; ranks decide where medians agree."""
    if row["median_run"] != row["median_baseline"]:
        return bool(row["median_run"] > row["median_baseline"])
    return bool(row["a12"] > 0.5)
