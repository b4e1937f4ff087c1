"""The main comparison as one sentence, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from heteroscope import words
from heteroscope.report.document import Order, Row
from heteroscope.report.matrix import why

DECIDED = ("less", "greater", "equivalent")


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
    context, run, baseline = _names(order)
    lead = f"{context}, " if order.context else f"{context}: " if context else ""
    location, spread = (main_rows(order, findings, question) for question in ("location", "spread"))
    if not location:
        why_not = f"there are no values of {order.metric.title} to compare"
        return f"{lead}{run} and {baseline} are not compared: {why_not}."
    told = _faster(order, location, run, baseline) + _steadier(spread, decided=_decided(location))
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
    (start, comma, end), (other, _, other_end) = run.rpartition(", "), baseline.rpartition(", ")
    if comma and start and other and end == other_end and start != other:
        run, baseline = start, other
        shared = end[0].upper() + end[1:]
    else:
        shared = ""
    return order.context or shared, run, baseline


def _decided(rows: Iterable[Row]) -> bool:
    return any(row["finding"] in DECIDED for row in rows)


def _groups(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["finding"]), []).append(row)
    return groups


def _where(group: Sequence[Row], rows: Sequence[Row]) -> str:
    """Return at which sizes something was found."""
    if len(group) == len(rows) > 1:
        return "at every size"
    return f"at {words.at_sizes(int(row['size']) for row in group)}"


def _faster(order: Order, rows: Sequence[Row], run: str, baseline: str) -> str:
    groups = _groups(rows)
    decided = {finding: groups[finding] for finding in groups if finding in DECIDED}
    subject = "" if order.metric.unit == "s" else f" in {order.metric.title}"
    word = words.finding("less", unit=order.metric.unit)
    if order.metric.higher_is_better:
        word = words.finding("greater", unit=order.metric.unit)
    if not decided:
        if len(groups) == 1:
            (finding,) = groups
            reason = why(order, rows[0])
            reason = f": {reason}" if reason and len({why(order, row) for row in rows}) == 1 else ""
            if finding == "not_comparable":
                return f"{run} and {baseline} cannot be compared{reason}"
            told = "is not decided" if finding == "undecided" else "cannot be tested"
            where = _where(rows, rows).replace("every", "any")
            return f"whether {run} is {word} than {baseline}{subject} {told} {where}{reason}"
        told = words.listed(
            f"{_OPEN[finding]} {_where(group, rows)}" for finding, group in groups.items()
        )
        return f"whether {run} is {word} than {baseline}{subject} is {told}"
    clauses = []
    for finding, group in decided.items():
        other = f" {baseline}{subject}" if not clauses else ""
        clauses.append(f"{_by(order, finding, group, other)} {_where(group, rows)}")
    told = f"{run} is {words.listed(clauses)}"
    rest = [
        f"{_OPEN[finding]} {_where(group, rows)}"
        for finding, group in groups.items()
        if finding not in DECIDED
    ]
    return f"{told} ({words.listed(rest)})" if rest else told


_OPEN = {
    "undecided": "not decided",
    "not_testable": "not testable",
    "not_comparable": "not comparable",
}


def _by(order: Order, finding: str, group: Sequence[Row], other: str) -> str:
    """Return by how much the run differs, as a range over the sizes."""
    timed = order.metric.unit == "s"
    if finding == "equivalent":
        as_what = "as fast" if timed else "as high"
        return f"{as_what}{' as' if other else ''}{other} (within {words.percent(order.margin)})"
    word = words.finding(finding, unit=order.metric.unit)
    if order.metric.higher_is_better:
        word += " (better)" if finding == "greater" else " (worse)"
    than = f" than{other}" if other else ""
    ratios = [float(row["ratio"]) for row in group if not words.missing(row["ratio"])]
    if len(ratios) < len(group):
        return f"{word}{than}"
    if all(0.5 <= ratio <= 2 for ratio in ratios):
        if len(group) == 1:
            (row,) = group
            shown = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
            return f"{shown.split(' (')[0].lstrip('+−')} {word}{than}"
        low, high = (round(100 * abs(end - 1)) for end in sorted(ratios, key=lambda r: abs(r - 1))
                     [:: len(ratios) - 1])  # fmt: skip
        by = f"{high} %" if low == high else f"{low}–{high} %" if low else f"up to {high} %"
        return f"{by if high else 'slightly'} {word}{than}"
    if timed and finding == "less":
        ratios = [1 / ratio for ratio in ratios]
    ends = dict.fromkeys(words.number(end, 2) for end in (min(ratios), max(ratios)))
    as_what = {"less": "fast", "greater": "slow"}[finding] if timed else "high"
    return f"{'–'.join(ends)} times as {as_what}{' as' if other else ''}{other}"


_STEADY = {
    "less": "steadier",
    "greater": "less steady",
    "equivalent": "as steady",
    "undecided": "of undecided steadiness",
}


def _steadier(rows: Sequence[Row], *, decided: bool) -> str:
    """Return what follows of the spread."""
    groups = {finding: group for finding, group in _groups(rows).items() if finding in _STEADY}
    if not groups:
        return ""
    if set(groups) == {"undecided"}:
        return "; no difference in steadiness is shown" if decided else ""
    if len(groups) == 1 and decided:
        ((finding, group),) = groups.items()
        where = "" if len(group) == len(rows) else f" {_where(group, rows)}"
        return f", and {_STEADY[finding]}{where}"
    clauses = [f"{_STEADY[finding]} {_where(group, rows)}" for finding, group in groups.items()
               if finding != "undecided"]  # fmt: skip
    return f"; it is {words.listed(clauses)}"
