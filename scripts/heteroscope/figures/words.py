"""The sentences and numbers that captions and alternative texts of several kinds share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from heteroscope.figures.data import Category, Request, Selection
from heteroscope.metrics import MetricDefinition

_MINUS = "\N{MINUS SIGN}"
# What the tables give as the reason of an empty cell.
_REASONS = {
    "n": "too few trials",
    "floor": "too few trials",
    "zero_variance": "no variation",
    "constant_deviations": "no variation",
    "one_constant": "one is constant",
    "non_positive": "values not above 0",
}


def counted(n: int, noun: str) -> str:
    """Return a number of things: ``1 run``, ``2 runs``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def extent(numbers: Sequence[int]) -> str:
    """Return the range of some numbers: ``20``, ``18 to 20``."""
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def number(value: float) -> str:
    """Return a value in three digits or, where it has more before the point, in whole numbers."""
    text = f"{value:.0f}" if 100 <= abs(value) < 1e6 else f"{value:.3g}"
    return text.replace("e+0", "e").replace("e-0", "e-").replace("-", _MINUS)


def p_value(p: float) -> str:
    """Return a p-value as it is reported: ``p = 0.012``, ``p < 0.001``."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def interval(value: float, low: float, high: float) -> str:
    """Return a ratio with its interval, to three places where it is near 1."""
    if not math.isfinite(value):
        return "no ratio"
    if not math.isfinite(low):
        return _ratio(value)
    # An interval with a lower end alone is unbounded.
    upper = f"{_ratio(high)}]" if math.isfinite(high) else "∞)"
    return f"{_ratio(value)} [{_ratio(low)}, {upper}"


def _ratio(value: float) -> str:
    return f"{value:.3f}" if 0.1 <= value < 10 else number(value)


def reason(word: str) -> str:
    """Return in words why a figure of a table is empty."""
    return _REASONS.get(word, word.replace("_", " "))


def in_unit(unit: str) -> str:
    """Return the unit as it follows the name of a metric; nothing for a pure number."""
    return f" in {unit}" if unit else ""


def bracketed(unit: str) -> str:
    """Return the unit as an axis states it; nothing for a pure number."""
    return f" ({unit})" if unit else ""


def place(category: Category) -> str:
    """Return a cluster size in words."""
    if category.ranks is None:
        return category.label
    return f"{counted(category.ranks, 'rank')} on {counted(category.size, 'node')}"


def measurement(metric: MetricDefinition) -> list[str]:
    """Return how a metric is measured: events, clock, resolution, and what to beware of."""
    sentences = []
    if metric.start:
        sentences.append(f"Start: {metric.start}. Stop: {metric.stop}.")
    unit = f" {metric.unit}" if metric.unit else ""
    sentences.append(f"Clock: {metric.clock}; resolution {metric.resolution:g}{unit}.")
    if metric.includes:
        sentences.append(f"Note: {metric.includes}.")
    return sentences


def exclusions(selection: Selection, drawn: str) -> list[str]:
    """Return how many trials are excluded, and why; `drawn` says what became of them."""
    if not selection.reasons:
        return []
    reasons = "; ".join(f"{word} ({n})" for word, n in selection.reasons.items())
    return [f"Excluded, and {drawn}: {reasons}."]


def missing(selection: Selection, request: Request) -> list[str]:
    """Return what is not shown: logs without a value, and runs without the metric."""
    sentences = []
    if selection.unusable:
        sentences.append(f"Not shown: {counted(selection.unusable, 'log')} without a usable value.")
    return sentences + without(selection.absent, request)


def without(absent: Iterable[str], request: Request) -> list[str]:
    """Return which runs have nothing to show."""
    names = ", ".join(request.label(run) for run in absent)
    return [f"Without this metric: {names}."] if names else []
