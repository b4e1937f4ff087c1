"""The first things to be said: the main comparison as one sentence, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from heteroscope import words
from heteroscope.metrics import Status
from heteroscope.report.document import Order, Row, Tables
from heteroscope.report.matrix import better, why, word

_DECIDED = ("less", "greater", "equivalent")
_STEADY = {"less": "steadier", "greater": "less steady", "equivalent": "as steady"}


def alarms(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what must be known before anything else: runs whose logs are mostly refused."""
    for run, (total, broken) in _refused(tables).items():
        if broken.total() == total:
            against = [order.label(one) for one, other in order.pairs if other == run]
            lost = f" Nothing can be said of {words.listed(against)} against it." if against else ""
            yield f"{words.capital(_lost(order, run, total, broken))}.{lost}"
        elif 2 * broken.total() > total:
            yield (
                f"Most logs of {order.label(run)} are refused: {_told(total, broken)}. What is "
                "said of it rests on the others."
            )


def _refused(tables: Tables) -> dict[str, tuple[int, Counter[str]]]:
    """Return of each run the number of its logs, and what became of those that are not in order."""
    found: dict[str, tuple[int, Counter[str]]] = {}
    left = Counter(row.get("log") for row in tables["exclusions"] if row["rule"] == "status")
    for row in tables["parse"]:
        total, broken = found.get(str(row["run"]), (0, Counter()))
        # Of a log of many trials, the status is that of the first that is not in order.
        lost = int(row["trials"]) <= 1 or left[row["log"]] == int(row["trials"])
        if row["status"] != Status.OK and lost:
            broken[str(row["status"])] += 1
        found[str(row["run"])] = (total + 1, broken)
    return found


def _told(total: int, broken: Counter[str]) -> str:
    return words.listed(f"{n} of {total} {Status(name).words}" for name, n in broken.items())


def _lost(order: Order, run: str, total: int, broken: Counter[str]) -> str:
    return f"the logs of {order.label(run)} are all refused: {_told(total, broken)}"


def headline(order: Order, tables: Tables) -> str:
    """Return what was found of the main comparison, at the primary metric.

    Parameters
    ----------
    order
        What is shown.
    tables
        Those that the report reads.
    """
    findings = tables["findings"]
    location, spread = (main_rows(order, findings, question) for question in ("location", "spread"))
    if not location:
        pair = " and ".join(map(order.label, order.main))
        what = f"{pair} are not compared" if pair and findings else "Nothing is compared"
        return f"{what}: {_why_not(order, tables)}."
    shared, run, baseline = _names(order)
    lead = f"{order.context}, " if order.context else f"{shared}: " if shared else ""
    if any(row["finding"] in _DECIDED for row in location):
        told = _decided(order, location, run, baseline) + _steadier(spread)
    else:
        told = _undecided(order, location, run, baseline)
    # A label begins as its user writes it.
    return f"{lead}{told}." if lead or not told.startswith("whether") else f"W{told[1:]}."


def _why_not(order: Order, tables: Tables) -> str:
    """Return why there are no findings of the main comparison."""
    refused = _refused(tables)
    lost = [
        _lost(order, run, *refused[run])
        for run in refused
        if refused[run][1].total() == refused[run][0] and (run in order.main or not order.main)
    ]
    if lost:
        return words.listed(lost)
    if not order.main:
        return "no run of the campaign has a baseline"
    of = words.listed(map(order.label, order.main))
    return f"there are no values of {order.metric.title} of {of}"


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
    if not words.size_of():
        return ""
    if len(group) == len(rows) > 1:
        return f" at {every} size"
    return f" {words.at_sizes(int(row['size']) for row in group)}"


def _open(rows: Sequence[Row]) -> str:
    """Return where there is no finding: "undecided at 8 nodes and not testable at 16 nodes"."""
    return words.listed(
        f"{words.finding(finding)}{_where(group, rows, 'any')}"
        for finding, group in _groups(rows).items()
        if finding not in _DECIDED
    )


def _timed(order: Order) -> bool:
    metric = order.metric
    return words.is_time(metric.unit, higher_is_better=metric.higher_is_better)


def _of(order: Order) -> str:
    return "" if _timed(order) else f" in {order.metric.title}"


def _undecided(order: Order, rows: Sequence[Row], run: str, baseline: str) -> str:
    reasons = {why(row) for row in rows}
    reason = f": {reasons.pop()}" if len(reasons) == 1 and reasons != {""} else ""
    if set(_groups(rows)) == {"not_comparable"}:
        return f"{run} and {baseline} cannot be compared{reason}"
    than = f"{better(order.metric)} than {baseline}{_of(order)}"
    return f"whether {run} is {than} is {_open(rows)}{reason}"


def _decided(order: Order, rows: Sequence[Row], run: str, baseline: str) -> str:
    clauses: list[str] = []
    for finding, group in _groups(rows).items():
        if finding in _DECIDED:
            other = "" if clauses else f"{baseline}{_of(order)}"
            clauses.append(f"{_by(order, finding, group, other)}{_where(group, rows)}")
    rest = _open(rows)
    return f"{run} is {words.listed(clauses)}{f' ({rest})' if rest else ''}"


def _by(order: Order, finding: str, group: Sequence[Row], other: str) -> str:
    """Return by how much the run differs, as a range over the sizes."""
    timed = _timed(order)
    than, as_much = (f" {link} {other}" if other else "" for link in ("than", "as"))
    if finding == "equivalent":
        return f"as {'fast' if timed else 'high'}{as_much} (within {order.within})"
    how = word(order.metric, finding)
    so = "" if timed else " (better)" if how == better(order.metric) else " (worse)"
    how += so
    ratios = [float(row["ratio"]) for row in group if not words.missing(row["ratio"])]
    if len(ratios) < len(group):
        return f"{how}{than}"
    if any(not 0.5 <= ratio <= 2 for ratio in ratios):
        if timed and finding == "less":
            ratios = [1 / ratio for ratio in ratios]
        ends = dict.fromkeys(words.number(end, 2) for end in (min(ratios), max(ratios)))
        as_what = {"less": "fast", "greater": "slow"}[finding] if timed else "high"
        return f"{'–'.join(ends)} times as {as_what}{so}{as_much}"
    if len(group) == 1:
        row = group[0]
        shown = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
        return f"{shown.partition(' (')[0].lstrip('+−')} {how}{than}"
    low, *_, high = sorted(round(100 * abs(ratio - 1)) for ratio in ratios)
    by = f"{low}–{high} %" if 0 < low < high else f"up to {high} %" if low < high else f"{low} %"
    return f"{by if high else 'slightly'} {how}{than}"


def _steadier(rows: Sequence[Row]) -> str:
    """Return what follows of the spread; what is not decided is never called as steady."""
    groups = {name: group for name, group in _groups(rows).items() if name in _STEADY}
    if not groups:
        shown = any(row["finding"] == "undecided" for row in rows)
        return "; no difference in steadiness is shown" if shown else ""
    told = [f"{_STEADY[name]}{_where(group, rows)}" for name, group in groups.items()]
    if len(told) == 1 and len(rows) == len(next(iter(groups.values()))):
        return f", and {_STEADY[next(iter(groups))]}"
    return f"; it is {words.listed(told)}"
