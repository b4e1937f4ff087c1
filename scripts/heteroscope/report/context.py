"""What surrounds the findings: can they be believed, what differs, what is left out, how made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from heteroscope import words
from heteroscope.metrics import Status
from heteroscope.report.document import Order, Row, Tables, groups, known
from heteroscope.report.headline import main_rows
from heteroscope.report.matrix import sizes

_BOTH = ("n_run", "n_baseline")
# As many logs as a line names.
_NAMED = 3


def facts(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the campaign is made of."""
    yield words.counted(len(order.labels), "run")
    found = sizes(order, tables["findings"] or tables["summary"])
    if found and words.size_of():
        yield words.of_sizes(found)
    good = [int(row["trials"]) for row in tables["parse"] if row["status"] == Status.OK]
    yield words.counted(sum(good), "trial")
    if left := len(tables["exclusions"]):
        yield f"{left} left out, with reasons"
    if broken := len(tables["parse"]) - len(good):
        yield f"{words.counted(broken, 'log')} not usable"


def belief(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the headline rests on: p, trials, controls, and what else differs."""
    rows = main_rows(order, tables["findings"])
    if p := known(rows, "p_holm"):
        ends = dict.fromkeys(words.p_value(end) for end in (min(p), max(p)))
        each = "side and size" if words.size_of() else "side"
        trials = _extent(known(rows, *_BOTH))
        yield f"p (Holm) {' to '.join(ends)}, with {trials} trials a {each}."
    if found := known(rows, "detectable_percent"):
        share = words.percent(max(found) / 100, 2)
        yield f"That is enough to show a difference of {share} (80 % power)."
    if controls := known(rows, "control"):
        share = words.percent(max(controls), 2)
        yield f"Controls, which should not differ, differ by up to {share}."
    guards = groups(tables["guards"], "run", "baseline").get(order.main, [])
    differs, unknown = _differences(order, guards)
    if rows:
        yield f"What else differs: {differs or 'nothing that is recorded'}."
    if unknown:
        yield f"Not recorded: {unknown}."


def fair(order: Order, tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield each pair, and what of it differs and what is not recorded."""
    guards = groups(tables["guards"], "run", "baseline")
    for pair in filter(guards.get, order.pairs):
        differs, unknown = (told or "nothing" for told in _differences(order, guards[pair]))
        yield order.pair(pair), f"Differs: {differs}. Not recorded: {unknown}."


def _differences(order: Order, guards: Sequence[Row]) -> tuple[str, str]:
    """Return what differs in a pair and what is unknown of it, at the primary metric."""
    told = [
        (row["level"], *row["sentence"].partition(": ")[::2])
        for row in guards
        if row["level"] != "ok" and row["metric"] in ("", order.primary)
    ]
    differs = dict.fromkeys(name for level, name, _ in told if level != "unknown")
    unknown = dict.fromkeys(what for level, _, what in told if level == "unknown")
    return ", ".join(differs), "; ".join(unknown)


def again(order: Order, tables: Tables) -> Iterator[dict[str, str]]:
    """Yield a row a pair: trials, what they can find, what controls differ by, and drift."""
    of_pairs = groups(
        tables["findings"], "run", "baseline", metric=order.primary, question="location"
    )
    drifts = groups(tables["guards"], "run", "baseline", metric=order.primary, guard="drift")
    for pair, rows in of_pairs.items():
        told = [
            f"{words.at_sizes([int(row['size'])])} {row['sentence'].removeprefix('drift: ')}"
            for row in drifts.get(pair, ())
            if row["level"] != "ok"
        ]
        unknown = "not known: a run does not say when its trials began"
        control = order.pairs and pair not in order.pairs
        yield {
            "pair": order.pair(pair) + (" (control)" if control else ""),
            "trials a side": _extent(known(rows, *_BOTH)),
            "finds differences from": _extent(known(rows, "detectable_percent"), " %"),
            f"trials needed for {order.within}": _extent(known(rows, "trials_needed")),
            "controls differ by": _extent([100 * each for each in known(rows, "control")], " %"),
            "drift while trials ran": "; ".join(told)
            or ("none seen" if pair in drifts else unknown),
        }


def _extent(values: Sequence[float], unit: str = "") -> str:
    if not values:
        return words.MISSING
    ends = dict.fromkeys(words.number(end, 2) for end in (min(values), max(values)))
    return f"{' to '.join(ends)}{unit}"


def left_out(order: Order, tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield each run, and what of it does not count and why, like cases together."""
    # What has a status is told below, with the log's name.
    trials = [row for row in tables["exclusions"] if row["rule"] != "status"]
    for (run, reason), rows in groups(trials, "run", "reason").items():
        at = sorted({int(size) for size in known(rows, "size")})
        where = f" {words.at_sizes(at)}" if at else ""
        yield order.label(run), f"{words.counted(len(rows), 'trial')}{where} left out: {reason}."
    logs = [row for row in tables["parse"] if row["status"] != Status.OK]
    for (run, status, reason), rows in groups(logs, "run", "status", "reason").items():
        names = [row["log"] for row in rows]
        shown = names[:_NAMED] + [f"{len(names) - _NAMED} more"] * (len(names) > _NAMED)
        told = f"{words.counted(len(names), 'log')} {Status(status).words}: {reason.rstrip('.')}"
        yield order.label(run), f"{told} ({words.listed(shown)})."


def made(manifest: bytes) -> dict[str, str]:
    """Return how the results were made; without a manifest, nothing."""
    if not manifest:
        return {}
    known: dict[str, Any] = json.loads(manifest)
    commit = f" (commit {known['commit']})" if known.get("commit") else ""
    packages = {"Python": known["python"], **dict(sorted(known["packages"].items()))}
    versions = [f"{name} {version}" for name, version in packages.items()]
    return {
        "versions": ", ".join([f"heteroscope {known['heteroscope']}{commit}", *versions]),
        "manifest.json, SHA-256": hashlib.sha256(manifest).hexdigest(),
        "configuration, SHA-256": known["config_sha256"],
        "raw logs": f"{words.counted(len(known['inputs']), 'file')}, each with its SHA-256 in the "
        "manifest",
        "to repeat it": "snakemake --cores 4 report",
    }
