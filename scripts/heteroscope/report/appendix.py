"""What stands behind the answers: checks, the dictionary of metrics, methods, provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS, MetricDefinition, Status
from heteroscope.report import views
from heteroscope.report.document import Order
from heteroscope.report.text import MISSING, missing, number, plural
from heteroscope.report.views import Cell, Header, Table, records

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]


def checks(
    tables: Tables, labels: Mapping[str, str], files: Mapping[str, str]
) -> tuple[list[Table], list[str]]:
    """Return guards, exclusions, and what logs lack, and what is to say of them."""
    checks, notes = [], []
    if (guards := tables.get("guards")) is not None:
        raised = guards[guards["level"] != "ok"]
        notes.append(
            f"{len(guards) - len(raised)} of {len(guards)} guards found like compared with like."
            if len(guards)
            else "There was nothing to guard."
        )
        if len(raised):
            checks.append(_guard_table(raised, labels, files.get("guards", "")))
    exclusions = tables.get("exclusions")
    if exclusions is not None and len(exclusions):
        view = next(view for view in views.VIEWS if view.name == "exclusions")
        checks.append(views.show(view, exclusions, labels, files.get("exclusions", "")))
    else:
        notes.append("No trial was left out.")
    logs = tables.get("parse", tables["trials"])
    broken = logs[logs["status"] != Status.OK]
    if len(broken):
        view = views.View(
            "parse", "Logs that are not in order", "run log status reason conflicts fields_missing"
        )
        checks.append(views.show(view, broken, labels, files.get("parse", "")))
    else:
        notes.append(f"All {len(logs)} logs are in order.")
    if "foreign_lines" in logs and (foreign := int((logs["foreign_lines"] > 0).sum())):
        notes.append(
            f"In {foreign} log{plural(foreign)}, lines of the launcher stand inside LAMMPS' own "
            "output; the figures were read around them."
        )
    if (fields := tables.get("fields")) is not None:
        uneven, told = _uneven_fields(fields, labels, files.get("fields", ""))
        checks += uneven
        notes.append(told)
    return checks, notes


def attention(tables: Tables) -> Iterator[str]:
    """Yield what a person should look at, in a line each."""
    logs = tables.get("parse", tables["trials"])
    broken = logs[logs["status"] != Status.OK]
    if len(broken):
        counts = broken["status"].value_counts(sort=False)
        told = ", ".join(f"{count} {Status(str(word)).words}" for word, count in counts.items())
        yield f"{len(broken)} log{plural(len(broken))} not in order: {told}"
    guards = tables.get("guards")
    if guards is not None and (raised := guards[guards["level"] != "ok"]).size:
        counts = raised["level"].value_counts().reindex(["warn", "block"], fill_value=0)
        pairs = len(raised[["run", "baseline"]].drop_duplicates())
        yield (
            f"Guards: {counts['warn']} warn and {counts['block']} block, in {pairs} "
            f"comparison{plural(pairs)} of runs"
        )


_FIELDS_NOTE = (
    f"Empty: the run's format does not have the field. {MISSING}: no log has it, and none needs to."
)


def field_table(fields: pd.DataFrame, labels: Mapping[str, str], file: str) -> Table:
    """Return in how many logs of each run each field was found: a row a field, a column a run."""
    rows = []
    for field, of_runs in _by_field(fields).items():
        unit = of_runs[0]["unit"]
        rows.append((Cell(field), Cell("" if missing(unit) else unit), *map(_found, of_runs)))
    headers = (Header("field"), Header("unit"), *_run_headers(fields, labels))
    title = "Fields: in how many logs of each run"
    return Table("fields", title, headers, tuple(rows), file, _FIELDS_NOTE)


def _uneven_fields(
    fields: pd.DataFrame, labels: Mapping[str, str], file: str
) -> tuple[list[Table], str]:
    """Return the fields of which runs or logs differ, or lack what they need, and a word on others.

    Those of which the same is to say share a row.
    """
    every = _by_field(fields)
    outcomes = {field: {*map(_outcome, of_runs)} - {""} for field, of_runs in every.items()}
    merged: dict[tuple[Cell, ...], list[str]] = {}
    for field, of_runs in every.items():
        if outcomes[field] not in ({"all"}, {"unused"}):
            merged.setdefault(tuple(map(_found, of_runs)), []).append(field)
    found = list(outcomes.values())
    told = (
        f"{found.count({'all'})} of {len(every)} fields were found in every log of the runs whose "
        f"format has them; {found.count({'unused'})} that no log needs to have were found in none."
    )
    if not merged:
        return [], told
    headers = (Header("fields"), *_run_headers(fields, labels))
    rows = tuple((Cell(", ".join(names)), *cells) for cells, names in merged.items())
    title = "Fields that not every log gave"
    return [Table("uneven-fields", title, headers, rows, file, _FIELDS_NOTE)], told


def _by_field(fields: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    return {str(name): records(rows) for name, rows in fields.groupby("field", sort=False)}


def _run_headers(fields: pd.DataFrame, labels: Mapping[str, str]) -> Iterator[Header]:
    """Yield a short heading a run: many stand side by side, and their words stand below."""
    for run in map(str, fields["run"].unique()):
        yield Header(run, labels.get(run, run), numeric=True)


def _outcome(row: Mapping[str, Any]) -> str:
    """Return whether all, some or none of the logs gave a field; empty if they cannot give it.

    What none of them gave is ``unused`` if no log needs to.
    """
    if missing(row["found"]):
        return ""
    return "unused" if row["found"] == "none" and not row["expected"] else str(row["found"])


def _found(row: Mapping[str, Any]) -> Cell:
    """Return in how many logs a field was found, so that what a log lacks stands out."""
    outcome = _outcome(row)
    if not outcome:
        return Cell("")
    found, logs = int(row["n_found"]), int(row["n_logs"])
    text, tone = {
        "all": (f"all {logs}", ""),
        "some": (f"{found} of {logs}", "part" if row["expected"] else ""),
        "none": (f"none of {logs}", "bad"),
        "unused": (MISSING, ""),
    }[outcome]
    return Cell(text, found / logs, tone)


def _guard_table(raised: pd.DataFrame, labels: Mapping[str, str], file: str) -> Table:
    """Return the guards that are not ok, those that say the same of several sizes as one row."""
    merged: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for row in records(raised):
        key = tuple(
            "" if missing(row[name]) else str(row[name])
            for name in ("run", "baseline", "guard", "level", "sentence")
        )
        sizes, metrics = merged.setdefault(key, ([], []))
        if (size := str(int(row["size"]))) not in sizes:
            sizes.append(size)
        metric = "all" if missing(row["metric"]) else METRICS[str(row["metric"])].title
        if metric not in metrics:
            metrics.append(metric)
    rows = [
        [
            labels.get(run, run),
            labels.get(baseline, baseline),
            ", ".join(sizes),
            ", ".join(metrics),
            guard.replace("_", " "),
            views.worded("level", level, {}),
            sentence,
        ]
        for (run, baseline, guard, level, sentence), (sizes, metrics) in merged.items()
    ]
    headings = ["run", "baseline", "nodes", "metric", "guard", "level", "what was found"]
    return views.simple(
        "guards", "Is like compared with like? What the guards found", headings, rows, file=file
    )


def metric_dictionary(order: Order, tables: Tables) -> Table:
    """Return what each metric is that a table of the campaign shows."""
    used = {*order.metrics, *(name for table in tables.values() if "metric" in table
                              for name in table["metric"].dropna())}  # fmt: skip
    headings = ["metric", "name", "unit", "resolution", "from", "to", "clock", "includes"]
    rows = [
        [
            metric.title,
            metric.name,
            metric.unit or "–",
            views.value(metric.resolution),
            metric.start or "–",
            metric.stop or "–",
            metric.clock,
            _includes(metric),
        ]
        for metric in METRICS.values()
        if metric.name in used
    ]
    return views.simple(
        "metrics", "What is measured, and by which clock", headings, rows, numeric=["resolution"]
    )


def _includes(metric: MetricDefinition) -> str:
    if metric.higher_is_better:
        return f"{metric.includes}; higher is better" if metric.includes else "higher is better"
    return metric.includes


def methods(order: Order, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the figures were found, a paragraph each."""
    level = number(order.alpha)
    yield (
        "Values are rounded to the resolution of their clock before they are ranked, so that "
        "ties count as ties. Outliers are counted and shown, and never dropped."
    )
    yield (
        "Medians have distribution-free intervals by order statistics; ratios of medians and of "
        "standard deviations have percentile bootstrap intervals; shifts are Hodges-Lehmann "
        "estimates with exact intervals."
    )
    yield (
        "Faster or slower: the exact conditional Mann-Whitney test with ties (asymptotic above "
        "100 values), and the Brunner-Munzel test, which holds where spreads are unequal, must "
        f"agree at the level {level}; if they do not, the finding is inconclusive."
    )
    yield (
        "Steadier: Levene's test about the median (Brown-Forsythe) decides; Levene's test about "
        "the mean, of the logarithms, and the Fligner-Killeen test stand beside it."
    )
    yield (
        "p-values are adjusted by Holm's method within a family: one test of one metric over the "
        f"sizes of one comparison. A difference within ±{number(100 * order.margin)} % is held "
        "to have no practical meaning."
    )
    if not missing(manifest.get("seed")):
        yield f"Random numbers of the bootstrap start at the seed {manifest['seed']}."


REFERENCES = (
    "Brown, M. B., & Forsythe, A. B. (1974). Robust tests for the equality of variances. "
    "Journal of the American Statistical Association, 69, 364–367.",
    "Brunner, E., & Munzel, U. (2000). The nonparametric Behrens-Fisher problem. "
    "Biometrical Journal, 42, 17–25.",
    "Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.",
    "Fligner, M. A., & Killeen, T. J. (1976). Distribution-free two-sample tests for scale. "
    "Journal of the American Statistical Association, 71, 210–213.",
    "Hodges, J. L., & Lehmann, E. L. (1963). Estimates of location based on rank tests. "
    "Annals of Mathematical Statistics, 34, 598–611.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. "
    "Scandinavian Journal of Statistics, 6, 65–70.",
    "Karp, A. H., & Flatt, H. P. (1990). Measuring parallel processor performance. "
    "Communications of the ACM, 33, 539–543.",
    "Kendall, M. G. (1938). A new measure of rank correlation. Biometrika, 30, 81–93.",
    "Mann, H. B., & Whitney, D. R. (1947). On a test of whether one of two random variables is "
    "stochastically larger than the other. Annals of Mathematical Statistics, 18, 50–60.",
    "Vargha, A., & Delaney, H. D. (2000). A critique and improvement of the CL common language "
    "effect size statistics of McGraw and Wong. Journal of Educational and Behavioral "
    "Statistics, 25, 101–132.",
)


def provenance(manifest: Mapping[str, Any], files: Mapping[str, str]) -> Table:
    """Return versions and digests; without any row if there is no manifest."""
    rows: list[list[str]] = []
    for key, words in (
        ("heteroscope", "heteroscope"),
        ("commit", "commit of the workflow"),
        ("config_sha256", "configuration, SHA-256"),
        ("lock_sha256", "lock file of the packages, SHA-256"),
        ("seed", "seed"),
        ("python", "Python"),
    ):
        if not missing(manifest.get(key)):
            rows.append([words, str(manifest[key])])
    rows += [[name, version] for name, version in sorted(manifest.get("packages", {}).items())]
    rows += [[f"{entry['path']}, SHA-256", entry["sha256"]] for entry in manifest.get("tables", [])]
    return views.simple(
        "provenance",
        "What the results were made of",
        ["what", "which"],
        rows,
        file=files.get("manifest", ""),
    )


def inputs(trials: pd.DataFrame, labels: Mapping[str, str]) -> Table | None:
    """Return a digest of the logs of each run, since one a log would fill pages."""
    if "sha256" not in trials:
        return None
    rows = []
    for run, group in trials.groupby("run", sort=False):
        # What cannot be opened has none.
        digests = sorted(set(group["sha256"].dropna()))
        joined = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        logs = group["log"].nunique()
        rows.append([labels.get(str(run), str(run)), str(run), views.value(logs), joined])
    return views.simple(
        "inputs",
        "The raw logs of each run",
        ["run", "name", "files", "SHA-256 of their sorted SHA-256"],
        rows,
        numeric=["files"],
    )
