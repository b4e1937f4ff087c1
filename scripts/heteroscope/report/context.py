"""What surrounds the findings: can they be believed, what differs, what is left out, how made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from heteroscope import words
from heteroscope.metrics import Status
from heteroscope.report.document import Order, Row, Table, Tables
from heteroscope.report.headline import main_rows
from heteroscope.report.matrix import share, sizes

_BOTH = ("n_run", "n_baseline")
# As many logs as a line names.
_NAMED = 3


def facts(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the campaign is made of."""
    logs = tables["parse"]
    yield words.counted(len(order.labels), "run")
    found = sizes(order, tables["findings"] or tables["summary"])
    if found and words.size_of():
        yield words.of_sizes(found)
    good = [int(row["trials"]) for row in logs if row["status"] == Status.OK]
    yield words.counted(sum(good), "trial")
    if left := len(tables["exclusions"]):
        yield f"{left} left out, with reasons"
    if broken := len(logs) - len(good):
        yield f"{words.counted(broken, 'log')} not usable"


def belief(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the headline rests on: p, trials, controls, and what else differs."""
    rows = main_rows(order, tables["findings"], "location")
    if p := _known(rows, "p_holm"):
        ends = dict.fromkeys(words.p_value(end) for end in (min(p), max(p)))
        trials = words.extent([int(n) for n in _known(rows, *_BOTH)])
        each = "side and size" if words.size_of() else "side"
        yield f"p (Holm) {' to '.join(ends)}, with {trials} trials a {each}."
    if found := _known(rows, "detectable_percent"):
        yield f"That is enough to show a difference of {share(max(found) / 100)} (80 % power)."
    if controls := _known(rows, "control"):
        yield f"Controls, which should not differ, differ by up to {share(max(controls))}."
    differs, unknown = _differences(order, tables["guards"]).get(tuple(order.main), ("", ""))
    if rows:
        yield f"What else differs: {differs or 'nothing that is recorded'}."
    if unknown:
        yield f"Not recorded: {unknown}."


def fair(order: Order, guards: Sequence[Row]) -> tuple[tuple[str, str, str], ...]:
    """Return a row a pair: what differs, and what is not recorded."""
    found = _differences(order, guards)
    return tuple(
        (order.pair(pair), found[pair][0] or "nothing", found[pair][1] or "nothing")
        for pair in dict.fromkeys((str(run), str(baseline)) for run, baseline in order.pairs)
        if pair in found
    )


def _differences(order: Order, guards: Sequence[Row]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return of each pair what differs and what is unknown, at the primary metric."""
    found: dict[tuple[str, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for row in guards:
        differs, unknown = found.setdefault((str(row["run"]), str(row["baseline"])), ({}, {}))
        if row["level"] != "ok" and row["metric"] in ("", order.primary):
            name, _, told = str(row["sentence"]).partition(": ")
            if row["level"] == "unknown":
                unknown[told] = None
            else:
                differs[name] = None
    return {pair: (", ".join(told[0]), "; ".join(told[1])) for pair, told in found.items()}


def again(order: Order, tables: Tables) -> Table:
    """Return a row a pair: trials, what they can find, what controls differ by, and drift."""
    of_pairs: dict[tuple[str, ...], list[Row]] = {}
    for row in tables["findings"]:
        if (row["metric"], row["question"]) == (order.primary, "location"):
            of_pairs.setdefault((str(row["run"]), str(row["baseline"])), []).append(row)
    drifts: dict[tuple[str, ...], list[str]] = {}
    for row in tables["guards"]:
        if row["guard"] == "drift" and row["metric"] == order.primary:
            told = drifts.setdefault((str(row["run"]), str(row["baseline"])), [])
            if row["level"] != "ok":
                sentence = str(row["sentence"]).removeprefix("drift: ")
                told.append(f"{words.at_sizes([int(row['size'])])} {sentence}")
    headings = (
        "pair",
        "trials a side",
        "finds differences from",
        f"trials needed for {order.within}",
        "controls differ by",
        "drift while trials ran",
    )
    known = {tuple(pair) for pair in order.pairs}
    rows = [
        (
            order.pair(pair) + ("" if pair in known or not known else " (control)"),
            words.extent([int(n) for n in _known(rows, *_BOTH)]),
            _extent(_known(rows, "detectable_percent"), " %"),
            _extent(_known(rows, "trials_needed")),
            _extent([100 * control for control in _known(rows, "control")], " %"),
            "; ".join(drifts.get(pair, ["not known: a run does not say when its trials began"]))
            or "none seen",
        )
        for pair, rows in of_pairs.items()
    ]
    return Table(headings, tuple(rows))


def _known(rows: Sequence[Row], *columns: str) -> list[float]:
    return [row[column] for row in rows for column in columns if not words.missing(row[column])]


def _extent(values: Sequence[float], unit: str = "") -> str:
    if not values:
        return words.MISSING
    ends = dict.fromkeys(words.number(end, 2) for end in (min(values), max(values)))
    return f"{' to '.join(ends)}{unit}"


def left_out(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what does not count and why, like cases together."""
    trials: dict[tuple[str, str], list[Row]] = {}
    for row in tables["exclusions"]:
        if row["rule"] == "status":  # told below, with the log's name
            continue
        trials.setdefault((str(row["run"]), str(row["reason"])), []).append(row)
    for (run, reason), rows in trials.items():
        at = sorted({int(size) for size in _known(rows, "size")})
        where = f" {words.at_sizes(at)}" if at else ""
        yield f"{order.label(run)}: {words.counted(len(rows), 'trial')}{where} left out: {reason}."
    logs: dict[tuple[str, Status, str], list[str]] = {}
    for row in tables["parse"]:
        if row["status"] != Status.OK:
            key = (str(row["run"]), Status(str(row["status"])), str(row["reason"]).rstrip("."))
            logs.setdefault(key, []).append(str(row["log"]))
    for (run, status, reason), names in logs.items():
        shown = names[:_NAMED] + [f"{len(names) - _NAMED} more"] * (len(names) > _NAMED)
        yield (
            f"{order.label(run)}: {words.counted(len(names), 'log')} {status.words}: {reason} "
            f"({words.listed(shown)})."
        )


def made(manifest: bytes) -> tuple[tuple[str, str], ...]:
    """Return how the results were made; without a manifest, nothing."""
    known: dict[str, Any] = json.loads(manifest or b"{}")
    commit = f" (commit {known['commit']})" if known.get("commit") else ""
    versions = [
        f"heteroscope {known.get('heteroscope')}{commit}",
        f"Python {known.get('python')}",
        *(f"{name} {version}" for name, version in sorted(known.get("packages", {}).items())),
    ]
    logs = words.counted(len(known.get("inputs", [])), "file")
    rows = (
        ("versions", ", ".join(versions)),
        ("manifest.json, SHA-256", hashlib.sha256(manifest).hexdigest()),
        ("configuration, SHA-256", str(known.get("config_sha256", words.MISSING))),
        ("raw logs", f"{logs}, each with its SHA-256 in the manifest"),
        ("to repeat it", "snakemake --cores 4 report"),
    )
    return rows if known else ()
