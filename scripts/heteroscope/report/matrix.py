"""Findings -> the matrix: a run against a baseline a line, a size a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from heteroscope import words
from heteroscope.metrics import METRICS
from heteroscope.report.document import Cell, Line, Matrix, Order, Row

QUESTIONS = {"location": "Is it faster?", "spread": "Is it steadier?"}


def matrix(order: Order, rows: Sequence[Row], question: str, metric: str) -> Matrix | None:
    """Return what a metric says to a question; None if nothing was compared.

    Parameters
    ----------
    order
        What is shown.
    rows
        The table of findings.
    question, metric
        Which of them.
    """
    definition = METRICS[metric]
    of_both = [row for row in rows if (row["question"], row["metric"]) == (question, metric)]
    found = {(row["run"], row["baseline"], int(row["size"])): row for row in of_both}
    if not found:
        return None
    pairs = dict.fromkeys((run, baseline) for run, baseline, _ in found)
    lines = [
        Line(
            order.label(run),
            order.label(baseline),
            tuple(
                cell(order, found[run, baseline, size]) if (run, baseline, size) in found else None
                for size in sizes(order, rows)
            ),
            main=(run, baseline) == tuple(order.main),
        )
        # What the headline is about comes first.
        for run, baseline in sorted(pairs, key=lambda pair: pair != tuple(order.main))
    ]
    title = QUESTIONS[question]
    if question == "location" and definition.unit != "s":
        title = "Is it higher?"
    counts = Counter(each.word for line in lines for each in line.cells if each)
    told = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    return Matrix(
        f"{question}-{metric}",
        title,
        definition.title,
        f"{words.counted(len(found), 'comparison')}: {told}",
        tuple(lines),
    )


def sizes(order: Order, rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the columns of a matrix."""
    found = {int(row["size"]) for row in rows}
    return tuple(size for size in order.sizes if size in found) or tuple(sorted(found))


def tone(finding: str, question: str, metric: str) -> str:
    """Return whether a finding is good news, as the style sheet calls it."""
    higher = question == "location" and METRICS[metric].higher_is_better
    return {
        "less": "bad" if higher else "good",
        "greater": "good" if higher else "bad",
        "equivalent": "same",
        "undecided": "open",
    }.get(finding, "none")


def share(value: float) -> str:
    """Return a share in percent with two digits, as the whole report has it.

    >>> share(0.02631)
    '2.6 %'
    """
    return f"{words.number(100 * value, 2)} %"


def cell(order: Order, row: Row) -> Cell:
    """Return a finding, ready to be shown."""
    finding, question = str(row["finding"]), str(row["question"])
    definition = METRICS[str(row["metric"])]
    word = words.finding(finding, question, unit=definition.unit)
    effect, _, limits = words.change(row["ratio"], row["ratio_low"], row["ratio_high"]).partition(
        " ("
    )
    if finding == "not_comparable" or words.missing(row["ratio"]):
        effect, limits = word, ""
    values = (
        f"{words.number(row['value_baseline'])} → "
        f"{words.quantity(row['value_run'], '' if words.missing(row['unit']) else row['unit'])}"
    )
    if finding == "not_comparable" or words.missing(row["value_run"]):
        values = ""
    return Cell(
        words.MARKS[finding],
        word,
        tone(finding, question, definition.name),
        effect,
        limits and f"({limits}",
        values,
        why(order, row),
        words.p_equals(row["p_holm"]) if not words.missing(row["p_holm"]) else "",
    )


def why(order: Order, row: Row) -> str:
    """Return why a finding is no plain one, in words."""
    reason = "" if words.missing(row["reason"]) else str(row["reason"])
    if reason == "control" and not words.missing(row["control"]):
        return f"{words.reason(reason)} ({share(row['control'])})"
    if reason in ("n", "floor"):
        return f"{row['n_run']} against {row['n_baseline']} trials are too few"
    return words.reason(reason)
