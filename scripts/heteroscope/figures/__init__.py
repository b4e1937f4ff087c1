"""Tables in, matplotlib figures out, one module a kind of figure.

A kind is a module (or an object) that says what it `NEEDS`: it selects from a table what is shown,
draws that, and says it in words.  It is added by importing it here and naming it in `KINDS`.
Nothing here imports matplotlib or pandas before a figure is drawn, since the workflow reads the
kinds at each start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from heteroscope.figures import (
    close_up,
    distribution,
    ecdf,
    efficiency,
    forest,
    page,
    repetitions,
    sections,
)
from heteroscope.figures.data import TRIALS, Needs, Request, Words
from heteroscope.figures.page import save
from heteroscope.figures.theme import PALETTE, SIZES, Style, styles, themed
from heteroscope.metrics import METRICS, UserError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    Tables: TypeAlias = pd.DataFrame | Mapping[str, pd.DataFrame]

__all__ = [
    "KINDS",
    "PALETTE",
    "SIZES",
    "Kind",
    "Needs",
    "Request",
    "Style",
    "Words",
    "draw",
    "read",
    "save",
    "save_all",
    "styles",
    "themed",
    "words",
]


class Kind(Protocol):
    """What a kind of figure offers."""

    @property
    def NEEDS(self) -> Needs:  # noqa: N802  # a constant of the module
        """What it is made of."""

    def select(self, table: pd.DataFrame, request: Request) -> Any:
        """Return what of the table is shown: false if it is nothing."""

    def draw(self, shown: Any, request: Request) -> Figure:
        """Return the figure."""

    def words(self, shown: Any, request: Request) -> Words:
        """Return what the figure shows, in words."""


KINDS: Mapping[str, Kind] = {
    "distribution": distribution,
    "close_up": close_up,
    "effects": forest.EFFECTS,
    "spread": forest.SPREAD,
    "efficiency": efficiency,
    "sections": sections,
    "repetitions": repetitions,
    "ecdf": ecdf,
}


def read(kind: str, metric: str, files: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """Read what a figure shows: only the columns that its kind uses.

    Parameters
    ----------
    kind, metric
        As of `draw`.
    files
        Of each table that the kind needs, by its name; several for the trials, one a run.
    """
    from heteroscope.tables import columns
    from heteroscope.tables.frames import read_table, read_trials

    return {
        name: read_trials(files[name], [metric, *used])
        if name == TRIALS
        else read_table(files[name][0], columns.TABLES[name][1])[list(used)]
        for name, used in _known(kind, KINDS, "kind of figure").NEEDS.tables.items()
    }


def draw(tables: Tables, *, kind: str, metric: str, **asked: Any) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    tables
        What `read` returns or, alone, the table that the kind shows.  Of trials, one row a log
        with columns `run`, `size`, `ranks`, `order`, `excluded`, `status` and the metrics; of
        other tables, what `heteroscope.tables.columns` says.
    kind, metric
        Names in `KINDS` and in `heteroscope.metrics.METRICS`.
    asked
        The other attributes of `Request`; `alpha` and `margin` as `settings`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserError
        Where a kind, a metric or a size has no such name, or the kind cannot show the metric.
    """
    module, shown, request = _selected(tables, kind, metric, **asked)
    with themed(_known(request.size, SIZES, "size of a figure").font):
        if not shown:
            return page.draw_blank(request)
        title = request.title or module.words(shown, request).title
        return module.draw(shown, replace(request, title=title))


def words(tables: Tables, *, kind: str, metric: str, **asked: Any) -> Words:
    """Return the title of a figure, its caption, and its alternative text.

    The title is the user's or, without one, what the figure shows.  What is `asked` is as of
    `draw`, but for the styles.
    """
    module, shown, request = _selected(tables, kind, metric, **asked)
    told = module.words(shown, request) if shown else Words(*[page.blank(request)] * 3)
    return told._replace(title=request.title or told.title)


def save_all(figure: Figure, paths: Iterable[str | Path]) -> None:
    """Write a figure to several files, each in the format that its suffix names."""
    for path in paths:
        save(figure, path)


def _selected(
    tables: Tables,
    kind: str,
    metric: str,
    *,
    sizes: Sequence[int],
    pairs: Sequence[Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
    **asked: Any,
) -> tuple[Kind, Any, Request]:
    """Return the module of a kind, what it shows of its table, and the request."""
    module: Kind = _known(kind, KINDS, "kind of figure")
    definition = _known(metric, METRICS, "metric")
    module.NEEDS.check(kind, metric)
    table = tables[module.NEEDS.shown] if isinstance(tables, Mapping) else tables
    request = Request(
        metric=definition,
        sizes=sizes or sorted({int(nodes) for nodes in table["size"].dropna()}),
        pairs=None if pairs is None else [(run, baseline) for run, baseline in pairs],
        **(settings or {}),
        **asked,
    )
    return module, module.select(table, request), request


def _known(name: str, things: Mapping[str, Any], what: str) -> Any:
    """Return what has this name, or tell the user which one it may have been meant to be."""
    if name in things:
        return things[name]
    near = get_close_matches(name, things, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(things)}"
    raise UserError(f"{name!r} is no {what}: {hint}")
