"""The table of claims: a row each, and no verdict without a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from heteroscope import words
from heteroscope.metrics import METRICS
from heteroscope.report.document import Claim, Effect, Order, Row

TONES = {"supported": "good", "refuted": "bad", "equivalent": "same", "inconclusive": "open"}
MARKS = {"supported": "✓", "refuted": "✗", "equivalent": "=", "inconclusive": "?",
         "not_testable": "–", "not_comparable": "⊘"}  # fmt: skip


def claims(order: Order, rows: Sequence[Row]) -> tuple[Claim, ...]:
    """Return every claim with its verdict, and the effect and p at each size."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if str(row["overall"]) != "True":
            parts.setdefault(str(row["claim"]), []).append(row)
    return tuple(
        _claim(order, row, parts.get(str(row["claim"])) or [row])
        for row in rows
        if str(row["overall"]) == "True"
    )


def tally(order: Order, rows: Sequence[Row]) -> Iterator[str]:
    """Yield how many claims were tested, and which would not survive their own number."""
    whole = [row for row in rows if str(row["overall"]) == "True"]
    if not whole:
        return
    verdicts: dict[str, int] = {}
    for row in whole:
        verdicts[str(row["verdict"])] = verdicts.get(str(row["verdict"]), 0) + 1
    counts = ", ".join(f"{count} {words.in_words(name)}" for name, count in verdicts.items())
    yield f"{words.counted(len(whole), 'claim')}: {counts}."
    if any(not words.missing(row.get("p_campaign")) for row in whole):
        decided = [row for row in whole if row["verdict"] in ("supported", "refuted")]
        lost = [
            str(row["claim"])
            for row in decided
            if not words.missing(row["p_campaign"]) and row["p_campaign"] > order.alpha
        ]
        told = f"all but {words.listed(lost)}" if lost else "all"
        yield (
            f"Of the {len(decided)} that are supported or refuted, {told} would keep their verdict "
            "if p were adjusted for all claims of the campaign (Holm)."
        )
    if any("preregistered" in row for row in whole):
        before = sum(str(row["preregistered"]) == "True" for row in whole)
        yield f"Written down before the data were seen: {before or 'none'}."


def _claim(order: Order, row: Row, parts: Sequence[Row]) -> Claim:
    verdict = str(row["verdict"])
    run, baseline = row["run"], row["baseline"]
    against = "" if words.missing(baseline) or baseline == run else order.label(baseline)
    about = METRICS[str(row["metric"])].title
    if not words.missing(row.get("baseline_metric")) and row["baseline_metric"] != row["metric"]:
        about = f"{about} against {METRICS[str(row['baseline_metric'])].title}"
    pair = f"{order.label(run)} against {against}" if against else order.label(run)
    what = {"spread": "spread of ", "trend": "trend of "}.get(str(row["test"]), "")
    caveats = row.get("caveats", row.get("warnings"))
    return Claim(
        str(row["claim"]),
        str(row["statement"]),
        words.in_words(verdict),
        TONES.get(verdict, "none"),
        f"{pair}; {what}{about}",
        tuple(_effect(part, len(parts) > 1) for part in parts),
        tuple(_notes(row, parts)),
        () if words.missing(caveats) else tuple(str(caveats).split("; ")),
    )


def _notes(row: Row, parts: Sequence[Row]) -> Iterator[str]:
    verdict = row["verdict"]
    if row["factor"] != 1:
        yield f"held against {words.number(row['factor'])} times the baseline"
    reasons = [str(part["reason"]) for part in parts if not words.missing(part["reason"])]
    for reason in dict.fromkeys(reasons):
        if told := words.reason(reason):
            yield told
    for column, condition in (
        ("verdict_without_exclusions", "with no trial left out"),
        ("verdict_without_guards", "by the numbers alone"),
    ):
        other = row.get(column)
        if not words.missing(other) and other != verdict:
            yield f"{condition} {words.in_words(str(other))}"


def _effect(row: Row, several: bool) -> Effect:
    """Return the numbers that a verdict rests on."""
    verdict = str(row["verdict"])
    unit = "" if words.missing(row["unit"]) else str(row["unit"])
    ratio = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
    if row["test"] == "bound" and not words.missing(row.get("largest")):
        text = f"largest value {words.quantity(row['largest'], unit)}"
        if not words.missing(row["maximum"]):
            text += f", bound {words.quantity(row['maximum'], unit)}"
    elif row["test"] == "trend" and not words.missing(row["median_run"]):
        text = (
            f"median {words.number(row['median_baseline'])} → "
            f"{words.quantity(row['median_run'], unit)}, {ratio}"
        )
    elif not words.missing(row["ratio"]):
        text = ratio
    elif not words.missing(row.get("sd_run")):
        text = (
            f"sd {words.number(row['sd_baseline'])} → {words.quantity(row['sd_run'], unit)}, "
            f"smallest to largest size"
        )
    else:
        counts = [row[key] for key in ("n_run", "n_baseline") if not words.missing(row[key])]
        text = f"{' against '.join(f'{count:.0f}' for count in counts) or 0} trials"
    sizes = str(row["sizes"])
    where = words.at_sizes(sizes.split(", "))
    of = row.get("baseline_sizes")
    if row["run"] == row["baseline"] and not words.missing(of) and str(of) != sizes:
        where = f"{where} against {of}" if "," not in sizes else where
    return Effect(
        where,
        MARKS[verdict] if several else "",
        TONES.get(verdict, "none"),
        text,
        "" if words.missing(row["p_holm"]) else words.p_equals(row["p_holm"]),
    )
