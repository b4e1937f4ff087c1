"""The table of claims: a row each, and no verdict without a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from heteroscope import words
from heteroscope.metrics import METRICS
from heteroscope.report.document import Cell, Order, Row, groups, known

_TONES = {"supported": "good", "refuted": "bad", "equivalent": "same", "inconclusive": "open"}
_MARKS = {**words.MARKS, "supported": "✓", "refuted": "✗", "inconclusive": "?"}


def claims(order: Order, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield every claim with its verdict, and the effect and p at each size."""
    parts = groups(rows, "claim", overall=False)
    for row in rows:
        if row["overall"]:
            of_sizes = parts.get((row["claim"],), [row])
            yield {
                "name": row["claim"],
                "statement": row["statement"],
                "verdict": words.in_words(row["verdict"]),
                "tone": _TONES.get(row["verdict"], "none"),
                "about": list(_about(order, row, of_sizes)),
                "cells": [_cell(part, several=len(of_sizes) > 1) for part in of_sizes],
                "caveats": list(filter(None, row["caveats"].split("; "))),
            }


def tally(order: Order, rows: Sequence[Row]) -> Iterator[str]:
    """Yield how many claims were tested, and which would not survive their own number."""
    whole = [row for row in rows if row["overall"]]
    if not whole:
        return
    counts = Counter(words.in_words(row["verdict"]) for row in whole).items()
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts)
    yield f"{words.counted(len(whole), 'claim')}: {told}."
    decided = [row for row in whole if row["verdict"] in ("supported", "refuted")]
    lost = [row["claim"] for row in decided if row["p_campaign"] > order.alpha]
    if decided:
        yield (
            f"Of the {len(decided)} that are supported or refuted, "
            f"{f'all but {words.listed(lost)}' if lost else 'all'} would keep their verdict if p "
            "were adjusted for all claims of the campaign (Holm)."
        )
    before = sum(bool(row["preregistered"]) for row in whole)
    yield f"Written down before the data were seen: {before or 'none'}."


def _about(order: Order, row: Row, parts: Sequence[Row]) -> Iterator[str]:
    """Yield what is compared, and what makes or would change the verdict."""
    alone = row["baseline"] in ("", row["run"])
    yield order.label(row["run"]) if alone else order.pair((row["run"], row["baseline"]))
    of = "spread of " if row["test"] == "spread" else ""
    against = row["baseline_metric"] and f" against {METRICS[row['baseline_metric']].title}"
    yield f"{of}{METRICS[row['metric']].title}{against}"
    if row["factor"] != 1:
        yield f"held against {words.number(row['factor'])} times the baseline"
    yield from filter(None, dict.fromkeys(words.reason(part["reason"]) for part in parts))
    for column, told in (("exclusions", "with no trial left out"), ("guards", "by numbers alone")):
        other = row[f"verdict_without_{column}"]
        if other != row["verdict"]:
            yield f"{told} {words.in_words(other)}"


def _cell(row: Row, *, several: bool) -> Cell:
    """Return the numbers that a verdict rests on."""
    verdict, of, unit = row["verdict"], row["baseline_sizes"], METRICS[row["metric"]].unit
    told = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
    if row["test"] == "bound" and not words.missing(row["largest"]):
        told = f"largest value {words.quantity(row['largest'], unit)}"
        if not words.missing(row["maximum"]):
            told += f", bound {words.quantity(row['maximum'], unit)}"
    elif row["test"] == "trend" and not words.missing(row["median_run"]):
        before = words.number(row["median_baseline"])
        told = f"median {before} → {words.quantity(row['median_run'], unit)}, {told}"
    elif words.missing(row["ratio"]):
        counts = map(words.number, known([row], "n_run", "n_baseline"))
        told = f"{' against '.join(counts) or 0} trials"
    where = words.of_sizes(row["sizes"].split(", "))
    if row["run"] == row["baseline"] and "," not in row["sizes"] and of not in ("", row["sizes"]):
        where += f" against {of}"
    return Cell(
        where,
        _MARKS[verdict] if several else "",
        words.in_words(verdict),
        _TONES.get(verdict, "none"),
        told,
        p="" if words.missing(row["p_holm"]) else words.p_equals(row["p_holm"]),
    )
