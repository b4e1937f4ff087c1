"""How much faster or slower a run is than its baseline: ratios of medians, size by size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heteroscope.figures import blank
from heteroscope.figures.data import Request
from heteroscope.figures.forest import (
    Meaning,
    Row,
    chosen,
    compared,
    draw_forest,
    in_words,
    samples,
)
from heteroscope.figures.needs import Needs
from heteroscope.figures.words import measurement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEEDS = Needs(
    {
        "location": (
            "run", "baseline", "size", "metric", "n_run", "n_baseline", "a12",
            "ratio", "ratio_low", "ratio_high", "mann_whitney_p_holm", "brunner_munzel_p_holm",
            "tests_disagree", "within_margin", "reason",
        ),
    },
    settings=("alpha", "margin"),
    pairs=True,
)  # fmt: skip

_MISSING = "comparison"


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the ratio of medians of each comparison, with the margin and the verdict."""
    rows = _rows(table, request)
    return draw_forest(rows, _meaning(request), request) if rows else blank.draw(request, _MISSING)


def _meaning(request: Request) -> Meaning:
    margin = request.settings.margin
    confidence = 100 * request.settings.confidence
    return Meaning(
        axis=f"Ratio of medians of {request.metric.title}, run / baseline (log scale)",
        heads=(f"ratio [{confidence:g} % interval]", "p (Holm)", "what is shown"),
        band=(1 / (1 + margin), 1 + margin),
        band_name=f"margin: ±{100 * margin:g} %",
        filled="a difference is shown",
        hollow="no difference is shown",
    )


def _rows(table: pd.DataFrame, request: Request) -> list[Row]:
    return [_row(found, request) for found in chosen(table, request).to_dict("records")]


def _row(found: Mapping[Any, Any], request: Request) -> Row:
    p = float(found["mann_whitney_p_holm"])
    within = found["within_margin"] is True
    direction = "lower" if found["a12"] < 0.5 else "higher"
    shown = False
    if found["reason"] == "floor":
        p = math.nan
    if found["tests_disagree"] is True:
        verdict = "tests disagree"
    elif p <= request.settings.alpha:
        verdict, shown = f"{direction}, within the margin" if within else direction, True
    else:
        verdict = "equivalent" if within else "inconclusive"
    return compared(found, "ratio", p, verdict, shown=shown)


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what the ratios are of, how they were tested, and what the words beside them mean."""
    rows = _rows(table, request)
    if not rows:
        return blank.reason(request, _MISSING)
    settings = request.settings
    return " ".join(
        [
            f"Ratios of the median {request.metric.title}, run / baseline, by cluster size: "
            f"{samples(rows)}.",
            *measurement(request.metric),
            f"Lines are percentile-bootstrap intervals of {100 * settings.confidence:g} %; the "
            f"band is the margin of ±{100 * settings.margin:g} % within which a difference has no "
            "practical meaning. The axis is logarithmic.",
            "p: exact Mann-Whitney test, Holm-adjusted over the sizes of a pair. A difference is "
            f"shown, and the mark filled, where it and Brunner-Munzel's test have p ≤ "
            f"{settings.alpha:g}; elsewhere the tests disagree, or the outcome is equivalent "
            f"({100 * (1 - 2 * settings.alpha):g} % interval inside the margin) or inconclusive.",
        ]
    )


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return every ratio with its interval and what it shows."""
    rows = _rows(table, request)
    if not rows:
        return blank.reason(request, _MISSING)
    lead = f"Forest plot of ratios of the median {request.metric.title}, run / baseline."
    return " ".join([lead, *in_words(rows, request)])
