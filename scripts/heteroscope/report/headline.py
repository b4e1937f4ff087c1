"""The main comparison as one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from heteroscope import words
from heteroscope.report.document import Order, Row
from heteroscope.report.matrix import why

_DECIDED = ("less", "greater", "equivalent")
_STEADY = {"less": "steadier", "greater": "less steady", "equivalent": "as steady"}


def headline(order: Order, findings: Sequence[Row]) -> str:
    """Return what was found of the main comparison, at the primary metric.

    Parameters
    ----------
    order
        What is shown.
    findings
        The table of findings.
    """
    if not order.main:
        return "Nothing is compared: no run of the campaign has a baseline."
    shared, run, baseline = _names(order)
    lead = f"{order.context}, " if order.context else f"{shared}: " if shared else ""
    location, spread = (main_rows(order, findings, question) for question in ("location", "spread"))
    if not location:
        lacking = f"there are no values of {order.metric.title} to compare"
        return f"{lead}{run} and {baseline} are not compared: {lacking}."
    if any(row["finding"] in _DECIDED for row in location):
        told = _decided(order, location, run, baseline) + _steadier(spread)
    else:
        told = _undecided(order, location, run, baseline)
    return f"{lead}{told}." if lead or not told.startswith("whether") else f"W{told[1:]}."


def main_rows(order: Order, findings: Sequence[Row], question: str) -> list[Row]:
    """Return the rows of the main comparison, by size."""
    wanted = (*order.main, order.primary, question)
    keys = ("run", "baseline", "metric", "question")
    rows = [row for row in findings if tuple(row[key] for key in keys) == wanted]
    return sorted(rows, key=lambda row: int(row["size"]))


def _names(order: Order) -> tuple[str, str, str]:
    """Return what both labels end in, and what is left of each."""
    run, baseline = (order.label(name) for name in order.main)
    (start, _, end), (other, _, other_end) = run.rpartition(", "), baseline.rpartition(", ")
    if start and other and end == other_end and start != other:
        return end[0].upper() + end[1:], start, other
    return "", run, baseline


def _groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["finding"]), []).append(row)
    return groups


def _where(group: Sequence[Row], rows: Sequence[Row], every: str = "every") -> str:
    if len(group) == len(rows) > 1:
        return f"at {every} size"
    return words.at_sizes(int(row["size"]) for row in group)


def _open(rows: Sequence[Row]) -> str:
    """Return where there is no finding: "undecided at 8 nodes and not testable at 16 nodes"."""
    return words.listed(
        f"{words.finding(finding)} {_where(group, rows, 'any')}"
        for finding, group in _groups(rows).items()
        if finding not in _DECIDED
    )


def _of(order: Order) -> str:
    return "" if order.metric.unit == "s" else f" in {order.metric.title}"


def _undecided(order: Order, rows: Sequence[Row], run: str, baseline: str) -> str:
    reasons = {why(row) for row in rows}
    reason = f": {reasons.pop()}" if len(reasons) == 1 and reasons != {""} else ""
    if set(_groups(rows)) == {"not_comparable"}:
        return f"{run} and {baseline} cannot be compared{reason}"
    better = "greater" if order.metric.higher_is_better else "less"
    word = words.finding(better, unit=order.metric.unit)
    return f"whether {run} is {word} than {baseline}{_of(order)} is {_open(rows)}{reason}"


def _decided(order: Order, rows: Sequence[Row], run: str, baseline: str) -> str:
    clauses: list[str] = []
    for finding, group in _groups(rows).items():
        if finding in _DECIDED:
            other = "" if clauses else f"{baseline}{_of(order)}"
            clauses.append(f"{_by(order, finding, group, other)} {_where(group, rows)}")
    rest = _open(rows)
    return f"{run} is {words.listed(clauses)}{f' ({rest})' if rest else ''}"


def _by(order: Order, finding: str, group: Sequence[Row], other: str) -> str:
    """Return by how much the run differs, as a range over the sizes."""
    timed = order.metric.unit == "s"
    than, as_much = (f" {word} {other}" if other else "" for word in ("than", "as"))
    if finding == "equivalent":
        return f"as {'fast' if timed else 'high'}{as_much} (within {order.within})"
    word = words.finding(finding, unit=order.metric.unit)
    if order.metric.higher_is_better:
        word += " (better)" if finding == "greater" else " (worse)"
    ratios = [float(row["ratio"]) for row in group if not words.missing(row["ratio"])]
    if len(ratios) < len(group):
        return f"{word}{than}"
    if any(not 0.5 <= ratio <= 2 for ratio in ratios):
        if timed and finding == "less":
            ratios = [1 / ratio for ratio in ratios]
        ends = dict.fromkeys(words.number(end, 2) for end in (min(ratios), max(ratios)))
        as_what = {"less": "fast", "greater": "slow"}[finding] if timed else "high"
        return f"{'–'.join(ends)} times as {as_what}{as_much}"
    if len(group) == 1:
        row = group[0]
        shown = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
        return f"{shown.partition(' (')[0].lstrip('+−')} {word}{than}"
    low, *_, high = sorted(round(100 * abs(ratio - 1)) for ratio in ratios)
    by = f"{low}–{high} %" if 0 < low < high else f"up to {high} %" if low < high else f"{low} %"
    return f"{by if high else 'slightly'} {word}{than}"


def _steadier(rows: Sequence[Row]) -> str:
    """Return what follows of the spread; what is not decided is never called as steady."""
    groups = {name: group for name, group in _groups(rows).items() if name in _STEADY}
    if not groups:
        shown = any(row["finding"] == "undecided" for row in rows)
        return "; no difference in steadiness is shown" if shown else ""
    told = [f"{_STEADY[name]} {_where(group, rows)}" for name, group in groups.items()]
    if len(told) == 1 and len(rows) == len(next(iter(groups.values()))):
        return f", and {_STEADY[next(iter(groups))]}"
    return f"; it is {words.listed(told)}"
