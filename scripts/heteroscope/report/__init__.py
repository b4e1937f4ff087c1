"""Tables and figures -> the report: one page, its twin in Markdown, and the matrix as text.

`read` makes a `document` of everything that there is to say: `matrix` puts findings into cells,
`headline` the main one into a sentence, `claims` and `context` say the rest.  `render` and
`console` give it a form by the templates, and make safe every text on its way out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from heteroscope.metrics import UserError, declare
from heteroscope.report import claims, context
from heteroscope.report.document import Document, Figure, Order, Row, Tables
from heteroscope.report.headline import alarms, headline
from heteroscope.report.matrix import matrices, sizes
from heteroscope.tables import columns

__all__ = ["Order", "compose", "read", "summary", "write"]

TABLES = ("findings", "claims", "guards", "summary", "exclusions", "parse")
# The figures that the page shows: for each place, kinds by preference.
_PLACES = {
    "effects": ("effects",),
    "trials": ("close_up", "distribution"),
    "efficiency": ("efficiency",),
    "sections": ("sections",),
}
# Not every metric has these; the heading names theirs.
_ANY_METRIC = ("efficiency", "sections")
# Of a figure's request, what its caption and its alternative text depend on.
_CAPTION = ("kind", "metric", "title", "labels", "sizes", "runs", "pairs", "settings")


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
        Tables of the workflow (``.csv``) and, if there is one, its ``manifest.json``.
    figures
        What each figure shows, as `heteroscope.figures.caption` takes it, with its `name`, its
        `title`, and the `format` of the file that is linked to.
    pictures
        The file of each figure, in the same order.
    page
        Where the report will lie: links are relative to it.
    """
    paths = {Path(file).stem: file for file in files}
    start = Path(page).parent
    bare = [
        _figure(figure, picture, start) for figure, picture in zip(figures, pictures, strict=True)
    ]
    on_page = dict(_on_page(order, bare)).values()
    # Only what the page shows needs words.
    shown = [
        _in_words(figure, request, paths) if figure in on_page else figure
        for figure, request in zip(bare, figures, strict=True)
    ]
    manifest = Path(paths["manifest"]).read_bytes() if "manifest" in paths else b""
    links = {name: _link(path, start) for name, path in paths.items()}
    return compose(order, _tables(paths), shown, links, manifest)


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
    on_page = dict(_on_page(order, figures))
    known = {name: meaning for name, (meaning, _) in columns.TABLES.items()}
    others = [metric for metric in order.metrics if metric != order.primary]
    return Document(
        order=order,
        facts=tuple(context.facts(order, tables)),
        headline=headline(order, tables),
        alarms=tuple(alarms(order, tables)),
        belief=tuple(context.belief(order, tables)),
        sizes=sizes(order, findings),
        matrices=matrices(order, findings, order.primary),
        others=tuple(filter(None, (matrices(order, findings, metric) for metric in others))),
        figures=on_page,
        more_figures=tuple(each for each in figures if each not in on_page.values()),
        again=context.again(order, tables),
        fair=context.fair(order, tables["guards"]),
        claims=tuple(claims.claims(order, tables["claims"])),
        tally=tuple(claims.tally(order, tables["claims"])),
        left_out=tuple(context.left_out(order, tables)),
        made=context.made(manifest),
        files=tuple((name, link, known.get(name, "")) for name, link in sorted(files.items())),
    )


def write(document: Document, *, page: str, markdown: str, summary: str) -> None:
    """Write the report in its three forms: as a page, as Markdown, and as a few lines.

    Parameters
    ----------
    document
        What it says.
    page, markdown, summary
        Where to.
    """
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
    found = list(dict.fromkeys(str(row["metric"]) for row in tables["findings"]))
    primary = metric or order.primary or next(iter(found), "")
    if found and primary not in found:
        raise UserError(f"{path} has no findings of {primary!r}: choose from {', '.join(found)}")
    pairs = [(str(row["run"]), str(row["baseline"])) for row in tables["findings"]]
    main = order.main or (pairs[-1] if pairs else ())
    document = compose(replace(order, primary=primary, main=main), tables)
    return "\n".join(console.lines(document))


def _tables(paths: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return the tables that the report reads, as rows; one that is not there has none."""
    from heteroscope.tables.frames import read_table

    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    for name in TABLES:
        if Path(paths.get(name, "")).is_file():
            table = read_table(paths[name], columns.TABLES[name][1])
            tables[name] = [{str(key): each for key, each in row.items()}
                            for row in table.to_dict("records")]  # fmt: skip
    return tables


def _on_page(order: Order, figures: Sequence[Figure]) -> Iterator[tuple[str, Figure]]:
    """Yield what stands at each place: of the first kind that there is, of the primary metric."""
    for place, kinds in _PLACES.items():
        fitting = [
            figure
            for kind in kinds
            for figure in sorted(figures, key=lambda each: each.metric != order.primary)
            if figure.kind == kind and (place in _ANY_METRIC or figure.metric == order.primary)
        ]
        if fitting:
            yield place, fitting[0]


def _link(path: str, start: Path) -> str:
    return Path(os.path.relpath(path, start)).as_posix()


def _figure(request: Mapping[str, Any], picture: str, start: Path) -> Figure:
    link = Path(picture).parent / f"{request['name']}.{request['format']}"
    return Figure(request["kind"], request["metric"], picture, _link(str(link), start))


def _in_words(figure: Figure, request: Mapping[str, Any], paths: Mapping[str, str]) -> Figure:
    from heteroscope import figures

    what = {key: request[key] for key in _CAPTION if key in request}
    files = {name: [path] for name, path in paths.items()}
    tables = figures.read(figure.kind, figure.metric, files)
    return replace(figure, **figures.words(tables, **what)._asdict())
