"""Tables in, matplotlib figures out, one module a kind of figure.

A kind is a module with three functions of a table and a `Request`: `draw`, `caption` and
`alt_text`.  It is added by importing it here and naming it in `KINDS`.  Nothing here imports
matplotlib before a figure is drawn, since the workflow reads the names of the kinds at each start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from heteroscope.figures import distribution
from heteroscope.figures.data import Request
from heteroscope.figures.output import save
from heteroscope.figures.theme import PALETTE, SIZES, Style, styles, themed
from heteroscope.records import METRICS, UserError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "KINDS",
    "PALETTE",
    "SIZES",
    "Kind",
    "Request",
    "Style",
    "alt_text",
    "caption",
    "draw",
    "save",
    "styles",
]


class Kind(Protocol):
    """What the module of a kind of figure offers."""

    def draw(self, table: pd.DataFrame, request: Request) -> Figure:
        """Return the figure."""

    def caption(self, table: pd.DataFrame, request: Request) -> str:
        """Return what a reader must know to read the figure."""

    def alt_text(self, table: pd.DataFrame, request: Request) -> str:
        """Return what the figure shows, for those who cannot see it."""


KINDS: Mapping[str, Kind] = {
    "distribution": distribution,
}


def draw(
    trials: pd.DataFrame,
    *,
    kind: str,
    metric: str,
    title: str,
    labels: Mapping[str, str],
    styles: Mapping[str, Style],
    sizes: Sequence[int],
    runs: Sequence[str],
    size: str = "screen",
) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    trials
        One row a log; columns `run`, `size`, `ranks`, `excluded`, `status` and the metrics.
    kind, metric
        Names in `KINDS` and in `heteroscope.records.METRICS`.
    title
        Heading of the figure; any text.
    labels
        Words for the runs, by name; any text.  A run without one is called by its name.
    styles
        Looks of the runs, by name, as `heteroscope.figures.styles` gives them.
    sizes, runs
        What is shown, in this order.
    size
        Name in `SIZES`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserError
        Where a kind, a metric or a size has no such name.
    """
    request = _request(
        metric=metric,
        runs=runs,
        sizes=sizes,
        labels=labels,
        styles=styles,
        title=title,
        size=size,
    )
    with themed():
        return _kind(kind).draw(trials, request)


def caption(
    trials: pd.DataFrame,
    *,
    kind: str,
    metric: str,
    labels: Mapping[str, str],
    sizes: Sequence[int],
    runs: Sequence[str],
) -> str:
    """Return the caption of a figure: how many trials, of what, measured how, shown how.

    The parameters are those of `draw`.
    """
    request = _request(metric=metric, runs=runs, sizes=sizes, labels=labels)
    return _kind(kind).caption(trials, request)


def alt_text(
    trials: pd.DataFrame,
    *,
    kind: str,
    metric: str,
    labels: Mapping[str, str],
    sizes: Sequence[int],
    runs: Sequence[str],
) -> str:
    """Return what a figure shows in words, for readers who cannot see it.

    The parameters are those of `draw`.
    """
    request = _request(metric=metric, runs=runs, sizes=sizes, labels=labels)
    return _kind(kind).alt_text(trials, request)


def _kind(name: str) -> Kind:
    return KINDS[_known(name, KINDS, "kind of figure")]


def _request(
    *,
    metric: str,
    runs: Sequence[str],
    sizes: Sequence[int],
    labels: Mapping[str, str],
    styles: Mapping[str, Style] | None = None,
    title: str = "",
    size: str = "screen",
) -> Request:
    return Request(
        metric=METRICS[_known(metric, METRICS, "metric")],
        runs=runs,
        sizes=sizes,
        labels=labels,
        styles=styles or {},
        title=title,
        size=_known(size, SIZES, "size of a figure"),
    )


def _known(name: str, names: Iterable[str], what: str) -> str:
    """Return a name that exists, or tell the user which one it may have been meant to be."""
    choices = list(names)
    if name in choices:
        return name
    near = get_close_matches(name, choices, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(choices)}"
    raise UserError(f"{name!r} is no {what}: {hint}")
