"""The table of claims: a row each, and no verdict without a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from heteroscope import words
from heteroscope.metrics import METRICS
from heteroscope.report.document import Cell, Claim, Order, Row

_TONES = {"supported": "good", "refuted": "bad", "equivalent": "same", "inconclusive": "open"}
_MARKS = {**words.MARKS, "supported": "✓", "refuted": "✗", "inconclusive": "?"}


def claims(order: Order, rows: Sequence[Row]) -> Iterator[Claim]:
    """Yield every claim with its verdict, and the effect and p at each size."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if not row["overall"]:
            parts.setdefault(str(row["claim"]), []).append(row)
    for row in _whole(rows):
        of_sizes = parts.get(str(row["claim"])) or [row]
        caveats = "" if words.missing(row["caveats"]) else str(row["caveats"])
        verdict = str(row["verdict"])
        yield Claim(
            str(row["claim"]),
            str(row["statement"]),
            words.in_words(verdict),
            _TONES.get(verdict, "none"),
            tuple(_about(order, row, of_sizes)),
            tuple(_cell(part, several=len(of_sizes) > 1) for part in of_sizes),
            tuple(caveats.split("; ")) if caveats else (),
        )


def tally(order: Order, rows: Sequence[Row]) -> Iterator[str]:
    """Yield how many claims were tested, and which would not survive their own number."""
    whole = _whole(rows)
    if not whole:
        return
    counts = Counter(words.in_words(str(row["verdict"])) for row in whole).items()
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts)
    yield f"{words.counted(len(whole), 'claim')}: {told}."
    decided = [row for row in whole if row["verdict"] in ("supported", "refuted")]
    lost = [str(row["claim"]) for row in decided if row["p_campaign"] > order.alpha]
    if decided:
        yield (
            f"Of the {len(decided)} that are supported or refuted, "
            f"{f'all but {words.listed(lost)}' if lost else 'all'} would keep their verdict if p "
            "were adjusted for all claims of the campaign (Holm)."
        )
    before = sum(bool(row["preregistered"]) for row in whole)
    yield f"Written down before the data were seen: {before or 'none'}."


def _whole(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["overall"]]


def _about(order: Order, row: Row, parts: Sequence[Row]) -> Iterator[str]:
    """Yield what is compared, and what makes or would change the verdict."""
    pair = row["run"], row["baseline"]
    alone = words.missing(pair[1]) or pair[0] == pair[1]
    yield order.label(pair[0]) if alone else order.pair(pair)
    what = "spread of " if row["test"] == "spread" else ""
    against = "" if words.missing(row["baseline_metric"]) else str(row["baseline_metric"])
    other = f" against {METRICS[against].title}" if against else ""
    yield f"{what}{METRICS[str(row['metric'])].title}{other}"
    if row["factor"] != 1:
        yield f"held against {words.number(row['factor'])} times the baseline"
    yield from filter(None, dict.fromkeys(words.reason(part["reason"]) for part in parts))
    for column, told in (("exclusions", "with no trial left out"), ("guards", "by numbers alone")):
        other = str(row[f"verdict_without_{column}"])
        if other != row["verdict"]:
            yield f"{told} {words.in_words(other)}"


def _cell(row: Row, *, several: bool) -> Cell:
    """Return the numbers that a verdict rests on."""
    verdict, sizes = str(row["verdict"]), str(row["sizes"])
    unit = METRICS[str(row["metric"])].unit
    change = words.change(row["ratio"], row["ratio_low"], row["ratio_high"])
    if row["test"] == "bound" and not words.missing(row["largest"]):
        told = f"largest value {words.quantity(row['largest'], unit)}"
        if not words.missing(row["maximum"]):
            told += f", bound {words.quantity(row['maximum'], unit)}"
    elif row["test"] == "trend" and not words.missing(row["median_run"]):
        before = words.number(row["median_baseline"])
        told = f"median {before} → {words.quantity(row['median_run'], unit)}, {change}"
    elif not words.missing(row["ratio"]):
        told = change
    else:
        counts = [row[key] for key in ("n_run", "n_baseline") if not words.missing(row[key])]
        told = f"{' against '.join(words.number(count) for count in counts) or 0} trials"
    where = words.of_sizes(sizes.split(", "))
    of = row["baseline_sizes"]
    if row["run"] == row["baseline"] and "," not in sizes and not words.missing(of) and of != sizes:
        where += f" against {of}"
    return Cell(
        where,
        _MARKS[verdict] if several else "",
        words.in_words(verdict),
        _TONES.get(verdict, "none"),
        told,
        p="" if words.missing(row["p_holm"]) else words.p_equals(row["p_holm"]),
    )
