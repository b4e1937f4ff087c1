"""Tables and figures -> the report: one page, its twin in Markdown, and the matrix as text.

`read` makes a document of everything that there is to say: `matrix` puts findings into cells,
`headline` the main one into a sentence, `claims` and `context` say the rest.  `render` gives it
two forms, which share `templates/body.j2`: what is said is a name of the document (`compose`) and
a place there.  `console` gives it a third.  Every text is made safe on its way out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from heteroscope.metrics import UserError, declare
from heteroscope.report import claims, context
from heteroscope.report.document import Document, Figure, Order, Tables
from heteroscope.report.headline import alarms, headline
from heteroscope.report.matrix import matrices, sizes
from heteroscope.tables import columns

__all__ = ["Order", "compose", "read", "summary", "write"]

TABLES = ("findings", "claims", "guards", "summary", "exclusions", "parse")
# The figures that the page shows: their kinds by preference, and the place of each.
_PLACES = {
    "effects": "effects",
    "close_up": "trials",
    "distribution": "trials",
    "efficiency": "efficiency",
    "sections": "sections",
}
# Not every metric has these; the heading names theirs.
_ANY_METRIC = ("efficiency", "sections")


def read(
    order: Order,
    files: Iterable[str],
    figures: Sequence[Mapping[str, Any]],
    pictures: Sequence[str],
    page: str,
) -> Document:
    """Read everything that the report shows.

    Parameters
    ----------
    order
        What is shown.
    files
        Tables of the workflow (``.csv``) and its ``manifest.json``.
    figures
        What each figure shows, as `heteroscope.figures.words` takes it, with its `name`, and the
        `format` of the file that is linked to.
    pictures
        The file of each figure, in the same order.
    page
        Where the report will lie: links are relative to it.
    """
    from heteroscope.figures import read, words

    def link(path: str | Path) -> str:
        return Path(os.path.relpath(path, Path(page).parent)).as_posix()

    paths = {Path(file).stem: file for file in files}
    asked, made = [dict(figure) for figure in figures], []
    for what, picture in zip(asked, pictures, strict=True):
        file = Path(picture).with_name(f"{what.pop('name')}.{what.pop('format')}")
        made.append(Figure(what["kind"], what["metric"], picture, link(file)))
    on_page = _on_page(order, made).values()
    for figure, what in zip(made, asked, strict=True):
        if figure in on_page:
            tables = read(
                figure.kind, figure.metric, {name: [path] for name, path in paths.items()}
            )
            figure.title, figure.caption, figure.alt = words(tables, **what)
    links = {name: link(path) for name, path in paths.items()}
    return compose(order, _tables(paths), made, links, Path(paths["manifest"]).read_bytes())


def compose(
    order: Order,
    tables: Tables,
    figures: Sequence[Figure] = (),
    files: Mapping[str, str] = MappingProxyType({}),
    manifest: bytes = b"",
) -> Document:
    """Say everything.

    Parameters
    ----------
    order
        What is shown.
    tables
        Those of `TABLES`, as rows.
    figures
        All that were made.
    files
        Where tables lie, relative to the page, by name.
    manifest
        What the results were made of, as its file holds it.
    """
    findings = tables["findings"]
    on_page = _on_page(order, figures)
    return {
        "order": order,
        "facts": list(context.facts(order, tables)),
        "headline": headline(order, tables),
        "alarms": list(alarms(order, tables)),
        "belief": list(context.belief(order, tables)),
        "sizes": sizes(order, findings),
        "matrices": list(matrices(order, findings, order.primary)),
        "others": [
            found
            for metric in order.metrics
            if metric != order.primary and (found := list(matrices(order, findings, metric)))
        ],
        "figures": on_page,
        "more_figures": [
            (each.named, each.link, "") for each in figures if each not in on_page.values()
        ],
        "again": list(context.again(order, tables)),
        "fair": list(context.fair(order, tables)),
        "claims": list(claims.claims(order, tables["claims"])),
        "tally": list(claims.tally(order, tables["claims"])),
        "left_out": list(context.left_out(order, tables)),
        "made": context.made(manifest),
        "files": [
            (name, link, columns.TABLES.get(name, ("",))[0]) for name, link in sorted(files.items())
        ],
    }


def write(document: Document, *, page: str, markdown: str, summary: str) -> None:
    """Write the report in its three forms: as a page, as Markdown, and as a few lines."""
    from heteroscope.report import console, render

    Path(page).write_text(render.page(document), encoding="utf-8")
    Path(markdown).write_text(render.text(document), encoding="utf-8")
    Path(summary).write_text("\n".join(console.lines(document)) + "\n", encoding="utf-8")


def summary(folder: Path, metric: str = "") -> str:
    """Return the matrix as text, of a folder of results.

    Parameters
    ----------
    folder
        Where the workflow wrote its tables.
    metric
        Of which metric; by default that of the report.

    Raises
    ------
    UserError
        Where the folder has no findings, or none of the metric.
    """
    from heteroscope.report import console

    path = folder / "findings.csv"
    if not path.is_file():
        raise UserError(
            f"{path} does not exist: name the folder of results of a campaign, such as `results`"
        )
    tables = _tables({name: str(folder / f"{name}.csv") for name in TABLES})
    manifest = folder / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    order = Order(**known.get("report", {}))
    declare(order.vocabulary)
    found = list(dict.fromkeys(row["metric"] for row in tables["findings"]))
    primary = metric or order.primary or next(iter(found), "")
    if found and primary not in found:
        raise UserError(f"{path} has no findings of {primary!r}: choose from {', '.join(found)}")
    pairs = [(row["run"], row["baseline"]) for row in tables["findings"]]
    main = order.main or (pairs[-1] if pairs else ())
    return "\n".join(console.lines(compose(replace(order, primary=primary, main=main), tables)))


def _tables(paths: Mapping[str, str]) -> Tables:
    """Return the tables that the report reads, as rows; one that is not there has none."""
    from heteroscope.tables.frames import read_table

    return {
        name: read_table(paths[name], columns.TABLES[name][1]).to_dict("records")
        if Path(paths.get(name, "")).is_file()
        else []
        for name in TABLES
    }


def _on_page(order: Order, figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return what stands at each place: of the first kind that there is, of the primary metric."""
    found: dict[str, Figure] = {}
    for kind, place in _PLACES.items():
        for figure in sorted(figures, key=lambda each: each.metric != order.primary):
            if figure.kind == kind and (figure.metric == order.primary or kind in _ANY_METRIC):
                found.setdefault(place, figure)
    return found
