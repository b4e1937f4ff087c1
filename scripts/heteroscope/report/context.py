"""What surrounds the findings: can they be believed, what differs, what is left out, how made."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from heteroscope import words
from heteroscope.metrics import Status
from heteroscope.report.document import Order, Row, Table, Tables
from heteroscope.report.headline import main_rows
from heteroscope.report.matrix import share, sizes


def facts(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the campaign is made of."""
    logs = tables["parse"]
    trials = sum(int(row["trials"]) for row in logs if row["status"] == Status.OK)
    yield words.counted(len(order.labels), "run")
    if found := sizes(order, tables["findings"] or tables["summary"]):
        yield words.at_sizes(found)
    yield words.counted(trials, "trial")
    if left := len(tables["exclusions"]):
        yield f"{left} left out, with reasons"
    if broken := sum(row["status"] != Status.OK for row in logs):
        yield f"{words.counted(broken, 'log')} not usable"


def alarms(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what must be known before anything else: runs whose logs are mostly refused."""
    for run, logs in _by_run(tables["parse"]).items():
        broken = Counter(str(row["status"]) for row in logs if row["status"] != Status.OK)
        if 2 * broken.total() <= len(logs):
            continue
        told = words.listed(f"{count} {Status(name).words}" for name, count in broken.items())
        if broken.total() == len(logs):
            against = [order.label(one) for one, other in order.pairs if other == run]
            lost = f" Nothing can be said of {words.listed(against)} against it." if against else ""
            yield (
                f"None of the {words.counted(len(logs), 'log')} of {order.label(run)} could be "
                f"used: {told}.{lost}"
            )
        else:
            yield (
                f"{order.label(run)}: {broken.total()} of {words.counted(len(logs), 'log')} could "
                f"not be used ({told}). What is said of it rests on the others."
            )


def belief(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what the headline rests on: p, controls, trials, and what else differs."""
    rows = main_rows(order, tables["findings"], "location")
    tested = [row for row in rows if not words.missing(row["p_holm"])]
    if tested:
        ends = dict.fromkeys(
            words.p_value(end(row["p_holm"] for row in tested)) for end in (min, max)
        )
        trials = [int(row[side]) for row in tested for side in ("n_run", "n_baseline")]
        yield f"p (Holm) {' to '.join(ends)}, with {words.extent(trials)} trials a side and size."
    if found := [row for row in tested if not words.missing(row["detectable_percent"])]:
        worst = max(row["detectable_percent"] for row in found) / 100
        yield f"That is enough to show a difference of {share(worst)} (80 % power)."
    controls = [row["control"] for row in rows if not words.missing(row["control"])]
    if controls:
        yield f"Controls, which should not differ, differ by up to {share(max(controls))}."
    for _, differs, unknown in _differences(order, tables["guards"]).get(tuple(order.main), ()):
        told = [f"What else differs: {differs or 'nothing that is recorded'}."]
        yield " ".join([*told, f"Not recorded: {unknown}."] if unknown else told)


def fair(order: Order, guards: Sequence[Row]) -> Table:
    """Return a row a pair: what differs, and what is not recorded."""
    found = _differences(order, guards)
    rows = [
        (
            f"{order.label(run)} against {order.label(baseline)}",
            differs or "nothing",
            unknown or "–",
        )
        for run, baseline in dict.fromkeys(map(tuple, order.pairs))
        for _, differs, unknown in found.get((run, baseline), ())
    ]
    return Table(("pair", "differs", "not recorded"), tuple(rows))


def _differences(order: Order, guards: Sequence[Row]) -> dict[tuple[str, ...], list[Any]]:
    """Return of each pair what differs and what is unknown, at the primary metric."""
    found: dict[tuple[str, ...], tuple[dict[str, str], dict[str, str]]] = {}
    for row in guards:
        pair = str(row["run"]), str(row["baseline"])
        differs, unknown = found.setdefault(pair, ({}, {}))
        if row["level"] == "ok" or not (
            words.missing(row["metric"]) or row["metric"] == order.primary
        ):
            continue
        name, _, _ = str(row["sentence"]).partition(":")
        (unknown if "not known" in str(row["sentence"]) else differs)[str(row["guard"])] = name
    return {
        pair: [(pair, ", ".join(differs.values()), ", ".join(unknown.values()))]
        for pair, (differs, unknown) in found.items()
    }


def again(order: Order, tables: Tables) -> Table:
    """Return a row a pair: trials, what they can find, what controls differ by, and drift."""
    drifting = _drift(order, tables["drift"])
    rows = []
    for pair in dict.fromkeys(
        (str(row["run"]), str(row["baseline"])) for row in tables["findings"]
    ):
        of_pair = [
            row
            for row in tables["findings"]
            if (row["run"], row["baseline"]) == pair
            and (row["metric"], row["question"]) == (order.primary, "location")
        ]
        if not of_pair:
            continue
        drift = [drifting[run] for run in pair if run in drifting]
        rows.append(
            (
                f"{order.label(pair[0])} against {order.label(pair[1])}",
                words.extent(
                    [int(row[side]) for row in of_pair for side in ("n_run", "n_baseline")]
                ),
                _range(of_pair, "detectable_percent", " %"),
                _range(of_pair, "trials_needed", ""),
                _range(of_pair, "control", " %", 100),
                "; ".join(drift) or "none seen",
            )
        )
    headings = (
        "pair",
        "trials a side",
        "finds differences from",
        f"trials needed for {words.percent(order.margin)}",
        "controls differ by",
        "drift while trials ran",
    )
    return Table(headings, tuple(rows))


def _range(rows: Sequence[Row], column: str, unit: str, factor: float = 1) -> str:
    values = [factor * float(row[column]) for row in rows if not words.missing(row[column])]
    ends = dict.fromkeys(words.number(end(values), 2) for end in (min, max)) if values else ()
    return f"{' to '.join(ends)}{unit}" if ends else words.MISSING


def _drift(order: Order, drift: Sequence[Row]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for row in drift:
        p = row.get("kendall_p_holm", row["kendall_p"])
        if row["metric"] == order.primary and not words.missing(p) and p <= order.alpha:
            way = "rises" if row["kendall_tau"] > 0 else "falls"
            found.setdefault(str(row["run"]), []).append(
                f"{way} at {words.at_sizes([int(row['size'])])} ({words.p_equals(p)})"
            )
    return {run: f"{order.label(run)} {words.listed(told)}" for run, told in found.items()}


def left_out(order: Order, tables: Tables) -> Iterator[str]:
    """Yield what does not count and why, like cases together."""
    trials: dict[tuple[str, str], list[Row]] = {}
    for row in tables["exclusions"]:
        trials.setdefault((str(row["run"]), str(row["reason"])), []).append(row)
    for (run, reason), rows in trials.items():
        at = sorted({int(row["size"]) for row in rows if not words.missing(row["size"])})
        where = f" at {words.at_sizes(at)}" if at else ""
        yield f"{order.label(run)}: {words.counted(len(rows), 'trial')}{where} left out: {reason}."
    logs: dict[tuple[str, str, str], int] = {}
    for row in tables["parse"]:
        if row["status"] != Status.OK:
            key = (str(row["run"]), str(row["status"]), str(row["reason"]))
            logs[key] = logs.get(key, 0) + 1
    for (run, status, reason), count in logs.items():
        yield (
            f"{order.label(run)}: {words.counted(count, 'log')} {Status(status).words}: "
            f"{reason.rstrip('.')}."
        )


def made(manifest: Mapping[str, Any], digest: str) -> Table:
    """Return how the results were made."""
    if not manifest:
        return Table((), ())
    packages = manifest.get("packages", {})
    commit = f" (commit {manifest['commit']})" if manifest.get("commit") else ""
    versions = [
        f"heteroscope {manifest['heteroscope']}{commit}",
        f"Python {manifest['python']}",
        *(f"{name} {version}" for name, version in sorted(packages.items())),
    ]
    inputs = manifest.get("inputs", [])
    rows = (
        ("versions", ", ".join(versions)),
        ("manifest.json, SHA-256", digest),
        ("configuration, SHA-256", str(manifest.get("config_sha256", words.MISSING))),
        (
            "raw logs",
            f"{words.counted(len(inputs), 'file')}, each with its SHA-256 in the manifest",
        ),
        ("to repeat it", "snakemake --cores 4 report"),
    )
    return Table(("what", "which"), rows)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def _by_run(rows: Sequence[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(str(row["run"]), []).append(row)
    return grouped
