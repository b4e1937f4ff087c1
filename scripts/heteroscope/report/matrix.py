"""Findings -> the matrix: a run against a baseline a line, a size a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from heteroscope import words
from heteroscope.metrics import METRICS, MetricDefinition
from heteroscope.report.document import Cell, Line, Matrix, Order, Row

QUESTIONS = ("location", "spread")


def matrices(order: Order, findings: Sequence[Row], metric: str) -> tuple[Matrix, ...]:
    """Return what a metric says to each question, as far as something was compared.

    Parameters
    ----------
    order
        What is shown.
    findings
        The table of findings.
    metric
        Which metric.
    """
    definition = METRICS[metric]
    made = []
    for question in QUESTIONS:
        found = {
            (str(row["run"]), str(row["baseline"]), int(row["size"])): cell(row)
            for row in findings
            if (row["question"], row["metric"]) == (question, metric)
        }
        # What the headline is about comes first; controls are no comparison of the study.
        known = dict.fromkeys(key[:2] for key in found)
        pairs = sorted(
            (pair for pair in map(tuple, order.pairs or known) if pair in known),
            key=lambda pair: pair != tuple(order.main),
        )
        lines = [
            Line(
                order.label(pair[0]),
                order.label(pair[1]),
                pair == tuple(order.main),
                tuple(found.get((*pair, size)) for size in sizes(order, findings)),
            )
            for pair in pairs
        ]
        cells = [each for line in lines for each in line.cells if each]
        counts = Counter(each.word for each in cells).most_common()
        told = ", ".join(f"{count} {word}" for word, count in counts)
        if lines:
            made.append(
                Matrix(
                    f"{question}-{metric}",
                    f"Is it {better(definition, question)}?",
                    definition.title,
                    f"{words.counted(len(cells), 'comparison')}: {told}",
                    tuple(lines),
                )
            )
    return tuple(made)


def sizes(order: Order, rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the columns of a matrix."""
    found = {int(row["size"]) for row in rows}
    return tuple(size for size in order.sizes if size in found) or tuple(sorted(found))


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
    finding, question = str(row["finding"]), str(row["question"])
    definition = METRICS[str(row["metric"])]
    told = word(definition, finding, question)
    tones = {"equivalent": "same", "undecided": "open", "less": "bad", "greater": "bad"}
    effect, interval = told, ""
    if finding != "not_comparable" and not words.missing(row["ratio"]):
        change = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
        effect, opening, limits = change.partition(" (")
        interval = f"({limits}" if opening else ""
    values = ""
    if finding != "not_comparable" and not words.missing(row["value_run"]):
        before = words.number(row["value_baseline"])
        values = f"{before} → {words.quantity(row['value_run'], definition.unit)}"
    return Cell(
        words.of_sizes([int(row["size"])]),
        words.MARKS[finding],
        told,
        "good" if told == better(definition, question) else tones.get(finding, "none"),
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
        told += f" ({share(row['control'])})"
    return told


def share(value: float) -> str:
    """Return a share in percent with two digits, as the whole report has it.

    >>> share(0.02631)
    '2.6 %'
    """
    return f"{words.number(100 * value, 2)} %"
