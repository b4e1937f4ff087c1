"""Tables in, matplotlib figures out, one module a kind of figure.

A kind is a module that says what it `NEEDS`, with three functions of a table and a `Request`:
`draw`, `caption` and `alt_text`.  It is added by importing it here and naming it in `KINDS`.
Nothing here imports matplotlib or pandas before a figure is drawn, since the workflow reads the
kinds at each start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from heteroscope.figures import (
    distribution,
    ecdf,
    effects,
    efficiency,
    repetitions,
    sections,
    spread,
)
from heteroscope.figures.data import Request
from heteroscope.figures.needs import TRIALS, Needs
from heteroscope.figures.output import save
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
    "alt_text",
    "caption",
    "draw",
    "read",
    "save",
    "styles",
]


class Kind(Protocol):
    """What the module of a kind of figure offers."""

    @property
    def NEEDS(self) -> Needs:  # noqa: N802  # a constant of the module
        """What it is made of."""

    def draw(self, table: pd.DataFrame, request: Request) -> Figure:
        """Return the figure."""

    def caption(self, table: pd.DataFrame, request: Request) -> str:
        """Return what a reader must know to read the figure."""

    def alt_text(self, table: pd.DataFrame, request: Request) -> str:
        """Return what the figure shows, for those who cannot see it."""


KINDS: Mapping[str, Kind] = {
    "distribution": distribution,
    "ecdf": ecdf,
    "effects": effects,
    "efficiency": efficiency,
    "repetitions": repetitions,
    "sections": sections,
    "spread": spread,
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
    import pandas as pd

    from heteroscope.tables.frames import read_trials

    tables = {}
    for name, columns in _kind(kind).NEEDS.tables.items():
        if name == TRIALS:
            tables[name] = read_trials(files[name], [metric, *columns])
        else:
            (path,) = files[name]
            # A run may be called 007, and a reason may be empty.
            tables[name] = pd.read_csv(
                path,
                usecols=list(columns),
                dtype=dict.fromkeys(("run", "baseline", "reason"), "str"),
                keep_default_na=False,
                na_values=[""],
            )
    return tables


def draw(
    tables: Tables,
    *,
    kind: str,
    metric: str,
    title: str,
    labels: Mapping[str, str],
    styles: Mapping[str, Style],
    sizes: Sequence[int],
    runs: Sequence[str],
    size: str = "screen",
    pairs: Sequence[Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    tables
        What `read` returns or, alone, the table that the kind shows.  Of trials, one row a log
        with columns `run`, `size`, `ranks`, `order`, `excluded`, `status` and the metrics; of
        other tables, what `heteroscope.tables.columns` says.
    kind, metric
        Names in `KINDS` and in `heteroscope.metrics.METRICS`.
    title
        Heading of the figure; any text.
    labels
        Words for the runs, by name; any text.  A run without one is called by its name.
    styles
        Looks of the runs, by name, as `heteroscope.figures.styles` gives them.
    sizes, runs
        What is shown, in this order; without any, every size in the table.
    size
        Name in `SIZES`.
    pairs
        Each run with a baseline, for kinds that compare; by default all pairs of `runs`.
    settings
        How the tests were made, as `heteroscope.analysis.comparisons.Settings` takes them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserError
        Where a kind, a metric or a size has no such name, or the kind cannot show the metric.
    """
    module, table, request = _ordered(
        tables,
        kind=kind,
        metric=metric,
        runs=runs,
        sizes=sizes,
        labels=labels,
        styles=styles,
        title=title,
        size=size,
        pairs=pairs,
        settings=settings,
    )
    with themed():
        return module.draw(table, request)


def caption(
    tables: Tables,
    *,
    kind: str,
    metric: str,
    labels: Mapping[str, str],
    sizes: Sequence[int],
    runs: Sequence[str],
    pairs: Sequence[Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> str:
    """Return the caption of a figure: how many trials, of what, measured how, shown how.

    The parameters are those of `draw`.
    """
    module, table, request = _ordered(
        tables,
        kind=kind,
        metric=metric,
        runs=runs,
        sizes=sizes,
        labels=labels,
        pairs=pairs,
        settings=settings,
    )
    return module.caption(table, request)


def alt_text(
    tables: Tables,
    *,
    kind: str,
    metric: str,
    labels: Mapping[str, str],
    sizes: Sequence[int],
    runs: Sequence[str],
    pairs: Sequence[Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> str:
    """Return what a figure shows in words, for readers who cannot see it.

    The parameters are those of `draw`.
    """
    module, table, request = _ordered(
        tables,
        kind=kind,
        metric=metric,
        runs=runs,
        sizes=sizes,
        labels=labels,
        pairs=pairs,
        settings=settings,
    )
    return module.alt_text(table, request)


def _kind(name: str) -> Kind:
    return KINDS[_known(name, KINDS, "kind of figure")]


def _ordered(
    tables: Tables,
    *,
    kind: str,
    metric: str,
    runs: Sequence[str],
    sizes: Sequence[int],
    labels: Mapping[str, str],
    styles: Mapping[str, Style] | None = None,
    title: str = "",
    size: str = "screen",
    pairs: Sequence[Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> tuple[Kind, pd.DataFrame, Request]:
    """Return the module of a kind, the table that it shows, and the request that it answers."""
    from heteroscope.analysis.comparisons import Settings

    module = _kind(kind)
    module.NEEDS.check(kind, _known(metric, METRICS, "metric"))
    every = tables if isinstance(tables, Mapping) else {module.NEEDS.shown: tables}
    table = every[module.NEEDS.shown]
    request = Request(
        metric=METRICS[metric],
        runs=runs,
        sizes=sizes or sorted({int(nodes) for nodes in table["size"].dropna()}),
        labels=labels,
        styles=styles or {},
        title=title,
        size=_known(size, SIZES, "size of a figure"),
        settings=Settings(**(settings or {})),
        pairs=None if pairs is None else [(run, baseline) for run, baseline in pairs],
        tables=every,
    )
    return module, table, request


def _known(name: str, names: Iterable[str], what: str) -> str:
    """Return a name that exists, or tell the user which one it may have been meant to be."""
    choices = list(names)
    if name in choices:
        return name
    near = get_close_matches(name, choices, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(choices)}"
    raise UserError(f"{name!r} is no {what}: {hint}")
