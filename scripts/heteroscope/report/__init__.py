"""Tables and figures -> the report: one page that tells everything, and its twin in Markdown.

`compose` collects what there is to say in a `document`: the short `answers`, a section for each of
the `questions`, and an `appendix`.  `findings` puts tests into sentences, `views` chooses the
columns of tables, and `render` gives it all a form by the templates.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS
from heteroscope.report.compose import compose
from heteroscope.report.document import Document, Figure, Order
from heteroscope.report.text import plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Order", "read", "summary_lines", "write"]

_SUMMARY_LINES = 5
_SUMMARY_NAMES = 6
# What a figure is called that has no title of its own, by its kind; else as its metric.
_TITLES = {
    "effects": "{}: ratios to the baselines",
    "spread": "{}: ratios of the standard deviations",
    "ecdf": "{}: distribution functions",
    "efficiency": "{}: parallel efficiency",
    "repetitions": "{}: the trials in their order",
    "sections": "{}: where it is spent",
}
# Of a figure's request, what its caption and its alternative text depend on.
_CAPTION = ("kind", "metric", "labels", "sizes", "runs", "pairs", "settings")


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
        `title`, the `format` of the file that is linked to, and `of_runs`: the runs that have such
        a figure of their own.
    pictures
        The file of each figure, in the same order.
    page
        Where the report will lie: links are relative to it.
    """
    paths = {Path(file).stem: file for file in files}
    manifest = json.loads(Path(paths["manifest"]).read_text()) if "manifest" in paths else {}
    tables = {
        name: _read_table(name, path) for name, path in paths.items() if path.endswith(".csv")
    }
    start = Path(page).parent
    links = {name: _link(path, start) for name, path in paths.items()}
    shown = [
        _figure(figure, picture, order.labels, paths, start)
        for figure, picture in zip(figures, pictures, strict=True)
    ]
    return compose(order, tables, shown, links, manifest)


def write(document: Document, *, page: str, markdown: str, summary: str) -> None:
    """Write the report in its three forms: as a page, as Markdown, and as a few lines.

    Parameters
    ----------
    document
        What it says.
    page, markdown, summary
        Where to.
    """
    from heteroscope.report import render

    Path(page).write_text(render.page(document), encoding="utf-8")
    Path(markdown).write_text(render.text(document), encoding="utf-8")
    Path(summary).write_text("\n".join(summary_lines(document)) + "\n", encoding="utf-8")


def summary_lines(document: Document) -> list[str]:
    """Return what a terminal shows: the answers by their verdict, and what needs attention.

    There are at most five lines of verdicts; those that come after share the last one.
    """
    if not document.answers:
        return [document.answers_note]
    by_verdict: dict[str, list[str]] = {}
    for answer in document.answers:
        by_verdict.setdefault(answer.verdict, []).append(answer.name)
    lines = [_line(verdict, names) for verdict, names in by_verdict.items()]
    shown, rest = lines[: _SUMMARY_LINES - 1], lines[_SUMMARY_LINES - 1 :]
    return [*shown, *(["; ".join(rest)] if rest else []), *document.attention]


def _line(verdict: str, names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SUMMARY_NAMES])
    more = f", and {len(names) - _SUMMARY_NAMES} more" if len(names) > _SUMMARY_NAMES else ""
    return f"{len(names)} {verdict}: {shown}{more}"


def _read_table(name: str, path: str) -> pd.DataFrame:
    import pandas as pd

    from heteroscope.tables import columns
    from heteroscope.tables.frames import read_trials

    if name == "trials":
        return read_trials([path])
    known = columns.TABLES[name][1] if name in columns.TABLES else ()
    # A run may be called 007 or NA, and a claim 1.
    text = {column.name: "str" for column in known if column.kind == "text"}
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])


def _link(path: str, start: Path) -> str:
    return Path(os.path.relpath(path, start)).as_posix()


def _figure(
    figure: Mapping[str, Any],
    picture: str,
    labels: Mapping[str, str],
    paths: Mapping[str, str],
    start: Path,
) -> Figure:
    from heteroscope import figures

    what = {key: figure[key] for key in _CAPTION if key in figure}
    files = {name: [path] for name, path in paths.items()}
    tables = figures.read(figure["kind"], figure["metric"], files)
    folder = Path(picture).parent
    name = figure["name"]
    title = _TITLES.get(figure["kind"], "{}")
    file = f"{name}_lammps.{figure['format']}"
    of_runs = tuple(
        (plain(labels[run]), _link(str(folder / run / file), start)) for run in figure["of_runs"]
    )
    return Figure(
        name=name,
        kind=figure["kind"],
        metric=figure["metric"],
        title=plain(figure["title"] or title.format(METRICS[figure["metric"]].title)),
        caption=plain(figures.caption(tables, **what)),
        alt=plain(figures.alt_text(tables, **what)),
        path=picture,
        link=_link(str(folder / file), start),
        of_runs=of_runs,
    )
