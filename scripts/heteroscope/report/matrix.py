"""Findings -> the matrix: a run against a baseline a line, a size a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from heteroscope import words
from heteroscope.metrics import METRICS, MetricDefinition
from heteroscope.report.document import Cell, Order, Row, groups

_TONES = {"equivalent": "same", "undecided": "open", "less": "bad", "greater": "bad"}


class Matrix(NamedTuple):
    """What one metric says to one question: of each pair a cell a size, or None."""

    title: str
    metric: str
    summary: str
    lines: dict[tuple[str, ...], list[Cell | None]]


def matrices(order: Order, findings: Sequence[Row], metric: str) -> Iterator[Matrix]:
    """Yield what a metric says to each question, as far as something was compared."""
    columns = sizes(order, findings)
    for question in ("location", "spread"):
        asked = groups(findings, "run", "baseline", metric=metric, question=question)
        found = {
            pair: {int(row["size"]): cell(row) for row in rows} for pair, rows in asked.items()
        }
        # What the headline is about comes first; controls are no comparison of the study.
        lines = {
            pair: [found[pair].get(size) for size in columns]
            for pair in sorted(order.pairs or found, key=lambda pair: pair != order.main)
            if pair in found
        }
        shown = [each for cells in lines.values() for each in cells if each]
        counts = Counter(each.word for each in shown).most_common()
        if lines:
            yield Matrix(
                f"Is it {better(METRICS[metric], question)}?",
                METRICS[metric].title,
                f"{words.counted(len(shown), 'comparison')}: "
                + ", ".join(f"{count} {word}" for word, count in counts),
                lines,
            )


def sizes(order: Order, rows: Sequence[Row]) -> list[int]:
    """Return the columns of a matrix."""
    found = {int(row["size"]) for row in rows}
    return [size for size in order.sizes if size in found] or sorted(found)


def better(metric: MetricDefinition, question: str = "location") -> str:
    """Return the word for a change for the better: faster, higher, lower, or steadier."""
    rises = question == "location" and metric.higher_is_better
    return word(metric, "greater" if rises else "less", question)


def word(metric: MetricDefinition, finding: str, question: str = "location") -> str:
    """Return the word for a finding about a metric."""
    return words.finding(
        finding, question, unit=metric.unit, higher_is_better=metric.higher_is_better
    )


def cell(row: Row) -> Cell:
    """Return a finding, ready to be shown."""
    finding, question, metric = row["finding"], row["question"], METRICS[row["metric"]]
    told = effect = word(metric, finding, question)
    interval = values = ""
    if finding != "not_comparable" and not words.missing(row["ratio"]):
        change = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
        effect, opening, limits = change.partition(" (")
        interval = opening.strip() + limits
    if finding != "not_comparable" and not words.missing(row["value_run"]):
        after = words.quantity(row["value_run"], metric.unit)
        values = f"{words.number(row['value_baseline'])} → {after}"
    return Cell(
        words.of_sizes([int(row["size"])]),
        words.MARKS[finding],
        told,
        "good" if told == better(metric, question) else _TONES.get(finding, "none"),
        effect,
        interval,
        values,
        why(row),
        "" if words.missing(row["p_holm"]) else words.p_equals(row["p_holm"]),
    )


def why(row: Row) -> str:
    """Return why a finding is no plain one, in words."""
    if row["reason"] in ("n", "floor"):
        return f"{row['n_run']} against {row['n_baseline']} trials are too few"
    told = words.reason(row["reason"])
    if row["reason"] == "control" and not words.missing(row["control"]):
        told += f" ({words.percent(row['control'], 2)})"
    return told
