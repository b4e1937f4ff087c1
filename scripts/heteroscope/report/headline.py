"""The first things to be said: the main comparison as one sentence, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from heteroscope import words
from heteroscope.metrics import Status
from heteroscope.report.document import Order, Row, Tables, groups, known
from heteroscope.report.matrix import better, why, word

_DECIDED = ("less", "greater", "equivalent")
_STEADY = {"less": "steadier", "greater": "less steady", "equivalent": "as steady"}


def alarms(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what must be known before anything else: runs whose logs are mostly refused."""
    for run, (share, told) in _refused(order, tables).items():
        if share == 1:
            against = [order.label(one) for one, other in order.pairs if other == run]
            lost = f" Nothing can be said of {words.listed(against)} against it." if against else ""
            yield f"The {told}.{lost}"
        elif share > 0.5:
            yield f"Most {told}. What is said of it rests on the others."


def _refused(order: Order, tables: Tables) -> dict[str, tuple[float, str]]:
    """Return of each run the share of its logs that are not in order, and what became of them."""
    found = {}
    left = Counter(row["log"] for row in tables["exclusions"] if row["rule"] == "status")
    for (run,), rows in groups(tables["parse"], "run").items():
        # Of a log of many trials, the status is that of the first that is not in order.
        broken = Counter(
            Status(row["status"]).words
            for row in rows
            if row["status"] != Status.OK
            and (row["trials"] <= 1 or left[row["log"]] == row["trials"])
        )
        told = words.listed(f"{n} of {len(rows)} {what}" for what, n in broken.items())
        every = "all " if broken.total() == len(rows) else ""
        found[run] = (
            broken.total() / len(rows),
            f"logs of {order.label(run)} are {every}refused: {told}",
        )
    return found


def headline(order: Order, tables: Tables) -> str:
    """Return what was found of the main comparison, at the primary metric."""
    rows = main_rows(order, tables["findings"])
    if not rows:
        pair = words.listed(map(order.label, order.main))
        what = f"{pair} are not compared" if pair and tables["findings"] else "Nothing is compared"
        return f"{what}: {_why_not(order, tables)}."
    run, baseline = map(order.label, order.main)
    lead = f"{order.context}, " if order.context else ""
    # What both labels end in is said once.
    (start, _, end), (other, _, other_end) = run.rpartition(", "), baseline.rpartition(", ")
    if start and other and end == other_end and start != other:
        run, baseline, lead = start, other, lead or f"{words.capital(end)}: "
    if any(row["finding"] in _DECIDED for row in rows):
        told = f"{run} is {_decided(order, rows, baseline)}"
        return f"{lead}{told}{_steadier(main_rows(order, tables['findings'], 'spread'))}."
    reasons = {why(row) for row in rows}
    reason = f": {reasons.pop()}" if len(reasons) == 1 and reasons != {""} else ""
    if all(row["finding"] == "not_comparable" for row in rows):
        # A label begins as its user writes it.
        return f"{lead}{run} and {baseline} cannot be compared{reason}."
    whether = "whether" if lead else "Whether"
    than = f"{better(order.metric)} than {baseline}{_of(order)}"
    return f"{lead}{whether} {run} is {than} is {_open(rows)}{reason}."


def _why_not(order: Order, tables: Tables) -> str:
    """Return why there are no findings of the main comparison."""
    lost = [
        f"the {told}"
        for run, (share, told) in _refused(order, tables).items()
        if share == 1 and (run in order.main or not order.main)
    ]
    if lost:
        return words.listed(lost)
    if not order.main:
        return "no run of the campaign has a baseline"
    of = words.listed(map(order.label, order.main))
    return f"there are no values of {order.metric.title} of {of}"


def main_rows(order: Order, findings: Sequence[Row], question: str = "location") -> list[Row]:
    """Return the rows of the main comparison, by size."""
    found = groups(findings, "run", "baseline", metric=order.primary, question=question)
    return sorted(found.get(order.main, []), key=lambda row: int(row["size"]))


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
        for (finding,), group in groups(rows, "finding").items()
        if finding not in _DECIDED
    )


def _decided(order: Order, rows: Sequence[Row], baseline: str) -> str:
    """Return what was found, and where there is no finding."""
    clauses: list[str] = []
    for (finding,), group in groups(rows, "finding").items():
        if finding in _DECIDED:
            other = "" if clauses else f"{baseline}{_of(order)}"
            clauses.append(f"{_by(order, finding, group, other)}{_where(group, rows)}")
    rest = _open(rows)
    return f"{words.listed(clauses)}{rest and f' ({rest})'}"


def _timed(order: Order) -> bool:
    metric = order.metric
    return words.is_time(metric.unit, higher_is_better=metric.higher_is_better)


def _of(order: Order) -> str:
    return "" if _timed(order) else f" in {order.metric.title}"


def _by(order: Order, finding: str, group: Sequence[Row], other: str) -> str:
    """Return by how much the run differs, as a range over the sizes."""
    timed = _timed(order)
    than, as_much = (f" {link} {other}" if other else "" for link in ("than", "as"))
    if finding == "equivalent":
        return f"as {'fast' if timed else 'high'}{as_much} (within {order.within})"
    how = word(order.metric, finding)
    so = "" if timed else " (better)" if how == better(order.metric) else " (worse)"
    ratios = known(group, "ratio")
    if len(ratios) < len(group):
        return f"{how}{so}{than}"
    if any(not 0.5 <= ratio <= 2 for ratio in ratios):
        if timed and finding == "less":
            ratios = [1 / ratio for ratio in ratios]
        ends = dict.fromkeys(words.number(end, 2) for end in (min(ratios), max(ratios)))
        as_what = {"less": "fast", "greater": "slow"}[finding] if timed else "high"
        return f"{'–'.join(ends)} times as {as_what}{so}{as_much}"
    if len(group) == 1:
        shown = words.change(*(group[0][key] for key in ("ratio", "ratio_low", "ratio_high")))
        by = shown.partition(" (")[0].lstrip("+−")
    else:
        low, *_, high = sorted(round(100 * abs(ratio - 1)) for ratio in ratios)
        by = (
            f"{low}–{high} %" if 0 < low < high else f"up to {high} %" if low < high else f"{low} %"
        )
        by = by if high else "slightly"
    return f"{by} {how}{so}{than}"


def _steadier(rows: Sequence[Row]) -> str:
    """Return what follows of the spread; what is not decided is never called as steady."""
    found = groups(rows, "finding")
    told = [
        f"{_STEADY[name]}{_where(group, rows)}"
        for (name,), group in found.items()
        if name in _STEADY
    ]
    if told and len(found) == 1:
        return f", and {_STEADY[rows[0]['finding']]}"
    if told:
        return f"; it is {words.listed(told)}"
    return "; no difference in steadiness is shown" if ("undecided",) in found else ""
