"""How much steadier or less steady a run is than its baseline: ratios of standard deviations."""

from __future__ import annotations

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
        "variance": (
            "scope", "run", "baseline", "size", "metric", "n_run", "n_baseline",
            "sd_run", "sd_baseline", "sd_ratio", "sd_ratio_low", "sd_ratio_high",
            "levene_median_p_holm", "reason",
        ),
    },
    settings=("alpha",),
    pairs=True,
)  # fmt: skip

_MISSING = "comparison"


def draw(table: pd.DataFrame, request: Request) -> Figure:
    """Draw the ratio of standard deviations of each comparison, with Levene's p."""
    rows = _rows(table, request)
    return draw_forest(rows, _meaning(request), request) if rows else blank.draw(request, _MISSING)


def _meaning(request: Request) -> Meaning:
    confidence = 100 * request.settings.confidence
    return Meaning(
        axis=f"Ratio of standard deviations of {request.metric.title}, run / baseline (log scale)",
        heads=(f"ratio [{confidence:g} % interval]", "Levene, p (Holm)", "spread"),
        band=None,
        band_name="",
        filled="a difference in spread is shown",
        hollow="no difference is shown",
    )


def _rows(table: pd.DataFrame, request: Request) -> list[Row]:
    pairs = table[table["scope"] == "pair"]
    return [_row(found, request) for found in chosen(pairs, request).to_dict("records")]


def _row(found: Mapping[Any, Any], request: Request) -> Row:
    p = float(found["levene_median_p_holm"])
    shown = p <= request.settings.alpha
    # A baseline that is constant leaves no ratio, and yet a direction.
    direction = "larger" if found["sd_run"] > found["sd_baseline"] else "smaller"
    verdict = direction if shown else "inconclusive"
    return compared(found, "sd_ratio", p, verdict, shown=shown)


def caption(table: pd.DataFrame, request: Request) -> str:
    """Return what the ratios are of, how they were tested, and what the words beside them mean."""
    rows = _rows(table, request)
    if not rows:
        return blank.reason(request, _MISSING)
    settings = request.settings
    return " ".join(
        [
            f"Ratios of the standard deviations of {request.metric.title}, run / baseline, by "
            f"cluster size: {samples(rows)}.",
            *measurement(request.metric),
            f"Lines are percentile-bootstrap intervals of {100 * settings.confidence:g} %. The "
            "axis is logarithmic.",
            "p: Levene's test about the median (Brown-Forsythe), Holm-adjusted over the sizes of "
            f"a pair. A difference in spread is shown, and the mark filled, where p ≤ "
            f"{settings.alpha:g}. A single far trial moves the standard deviation much, and the "
            "test little.",
        ]
    )


def alt_text(table: pd.DataFrame, request: Request) -> str:
    """Return every ratio with its interval and what it shows."""
    rows = _rows(table, request)
    if not rows:
        return blank.reason(request, _MISSING)
    lead = (
        f"Forest plot of ratios of the standard deviations of {request.metric.title}, "
        "run / baseline."
    )
    return " ".join([lead, *in_words(rows, request)])
