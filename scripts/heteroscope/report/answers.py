"""The short answers: each claim with its verdict or, without claims, each comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS
from heteroscope.report import views
from heteroscope.report.document import Answer, Order
from heteroscope.report.findings import Finding, Judge
from heteroscope.report.questions import main_metric
from heteroscope.report.text import in_words, missing, plain
from heteroscope.report.views import records

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]


def answers(order: Order, tables: Tables, judge: Judge) -> tuple[list[Answer], str]:
    """Return the short answers, and a sentence on what they are about."""
    claims = tables.get("claims")
    if claims is not None and len(claims):
        overall = claims["overall"].astype(str) == "True"
        parts: dict[str, list[Finding]] = {}
        for row in records(claims[~overall]):
            verdict = str(row["verdict"])
            parts.setdefault(str(row["claim"]), []).append(
                Finding(in_words(verdict), views.tone_of(verdict), plain(row["sentence"]))
            )
        note = (
            "What was claimed, and what the data say of it: a verdict over all sizes of a claim, "
            "after adjustment for their number."
        )
        whole = records(claims[overall])
        return [_answer(row, parts.get(str(row["claim"]), [])) for row in whole], note
    location = tables.get("location")
    if location is None or not len(location):
        return [], "Nothing is compared: no run of the campaign has a baseline."
    metric = main_metric(order, location)
    rows = records(location[location["metric"] == metric])
    answers = []
    for row in rows:
        finding = judge.location(row)
        question = f"{judge.name(row['run'])} against {judge.name(row['baseline'])}"
        name = f"{row['run']} v {row['baseline']} at {row['size']}"
        answers.append(Answer(name, question, finding.word, finding.tone, finding.sentence))
    title = METRICS[metric].title
    return answers, f"{title}: each run against its baselines, size by size."


def _answer(row: Mapping[str, Any], sizes: Sequence[Finding]) -> Answer:
    verdict = str(row["verdict"])
    notes = []
    for column, words in (
        ("verdict_without_exclusions", "With no trial left out, it would be"),
        ("verdict_without_guards", "By the numbers alone, it would be"),
    ):
        other = row.get(column)
        if not missing(other) and other != verdict:
            notes.append(f"{words} {in_words(str(other))}.")
    warnings = "" if missing(row.get("warnings")) else plain(row["warnings"])
    return Answer(
        plain(row["claim"]),
        plain(row["statement"]),
        in_words(verdict),
        views.tone_of(verdict),
        plain(row["sentence"]),
        tuple(notes),
        # The one size of a claim says what the claim says.
        tuple(sizes) if len(sizes) > 1 else (),
        tuple(warnings.split("; ")) if warnings else (),
    )
