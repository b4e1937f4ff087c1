"""Tables of the workflow -> everything that the report says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS, Status
from heteroscope.report import appendix, views
from heteroscope.report.answers import answers
from heteroscope.report.document import Document, Figure, Order
from heteroscope.report.findings import Judge
from heteroscope.report.questions import sections
from heteroscope.report.text import listed, missing, plain, plural
from heteroscope.report.views import records

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]


def compose(
    order: Order,
    tables: Tables,
    figures: Sequence[Figure],
    files: Mapping[str, str],
    manifest: Mapping[str, Any],
) -> Document:
    """Say everything.

    Parameters
    ----------
    order
        What is shown.
    tables
        By name, as the workflow wrote them; ``trials`` and ``summary`` are needed, and what else
        is there is shown.
    figures
        In the order in which they are shown.
    files
        Where the tables lie, relative to the report, by name.
    manifest
        What the results were made of; empty if that is not known.
    """
    labels = {run: plain(label) for run, label in order.labels.items()}
    judge = Judge(labels, order.alpha, order.margin, _blocked(tables.get("guards")))
    found, note = answers(order, tables, judge)
    checks, check_notes = appendix.checks(tables, labels, files)
    return Document(
        title=plain(order.title),
        facts=tuple(_facts(order, tables)),
        answers=tuple(found),
        answers_note=note,
        sections=tuple(sections(order, tables, judge, figures)),
        checks=tuple(checks),
        check_notes=tuple(check_notes),
        attention=tuple(appendix.attention(tables)),
        tables=tuple(_all_tables(tables, labels, files)),
        metrics=appendix.metric_dictionary(order, tables),
        methods=tuple(appendix.methods(order, manifest)),
        references=appendix.REFERENCES,
        provenance=appendix.provenance(manifest, files),
        inputs=appendix.inputs(tables["trials"], labels),
        files=tuple(sorted(files.items())),
    )


def _all_tables(
    tables: Tables, labels: Mapping[str, str], files: Mapping[str, str]
) -> Iterator[views.Table]:
    for view in views.VIEWS:
        if view.name in tables and len(tables[view.name]) and view.name != "exclusions":
            yield views.show(view, tables[view.name], labels, files.get(view.name, ""))
    if "fields" in tables:
        yield appendix.field_table(tables["fields"], labels, files.get("fields", ""))


def _facts(order: Order, tables: Tables) -> Iterator[str]:
    trials = tables["trials"]
    usable = trials[trials["status"] == Status.OK]
    left_out = int((usable["excluded"] != "").sum())
    unusable = len(trials) - len(usable)
    sizes = order.sizes or sorted({int(size) for size in trials["size"].dropna()})
    yield f"{len(order.labels)} run{plural(len(order.labels))}"
    yield f"{listed([str(size) for size in sizes])} node{plural(max(sizes, default=0))}"
    yield f"{len(trials)} trials"
    if left_out:
        yield f"{left_out} left out, with reasons"
    if unusable:
        yield f"{unusable} log{plural(unusable)} not usable"


def _blocked(guards: pd.DataFrame | None) -> dict[tuple[str, str, int, str], str]:
    """Return why comparisons must not be made, by run, baseline, size and metric."""
    blocked: dict[tuple[str, str, int, str], str] = {}
    if guards is None:
        return blocked
    for row in records(guards[guards["level"] == "block"]):
        named = [str(row["metric"])] if not missing(row["metric"]) else list(METRICS)
        for metric in named:
            key = (str(row["run"]), str(row["baseline"]), int(row["size"]), metric)
            blocked.setdefault(key, plain(row["sentence"]))
    return blocked
