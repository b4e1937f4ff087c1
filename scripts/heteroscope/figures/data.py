"""The trials that a figure shows, grouped by size and run, and what captions say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.metrics import MetricDefinition, Status
from heteroscope.words import counted, extent

if TYPE_CHECKING:
    import pandas as pd

    from heteroscope.figures.theme import Style

Values = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn, apart from the table that is shown.

    Attributes
    ----------
    metric
        What is on the axis of values.
    runs, sizes
        What is shown, in this order.
    labels, styles
        Words and looks of the runs.
    title
        Heading of the figure.
    size
        Name in `theme.SIZES`.
    alpha, margin
        The level of the tests, and the largest ratio minus 1 that has no practical meaning.
    pairs
        Runs and their baselines; None for every pair of the runs that are shown.
    """

    metric: MetricDefinition
    runs: Sequence[str]
    sizes: Sequence[int]
    labels: Mapping[str, str]
    styles: Mapping[str, Style]
    title: str
    size: str
    alpha: float = 0.05
    margin: float = 0.05
    pairs: Sequence[tuple[str, str]] | None = None

    def label(self, run: str) -> str:
        """Return the words for a run: its label or, where it has none, its name."""
        return self.labels.get(run) or run

    @property
    def measured(self) -> str:
        """What is measured, and in which unit."""
        return f"{self.metric.title} in {self.metric.unit}" if self.metric.unit else (
            self.metric.title
        )  # fmt: skip

    @property
    def clock(self) -> str:
        """Whose clock it is, as the end of a sentence on what is measured."""
        return f"clock: {self.metric.clock}"

    @property
    def confidence(self) -> str:
        """Of the intervals, in percent."""
        return f"{100 * (1 - self.alpha):g} %"


def _no_rows() -> Rows:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Group:
    """The trials of one run at one size: finite values that count, and those that are excluded.

    Attributes
    ----------
    values, excluded
        Of the metric.
    rows, excluded_rows
        Where they stand in the table: positions, for what else is to be known of the trials.
    """

    run: str
    values: Values
    excluded: Values
    rows: Rows = field(default_factory=_no_rows)
    excluded_rows: Rows = field(default_factory=_no_rows)

    @property
    def every(self) -> Values:
        """All values that are drawn, those that count first."""
        return np.concatenate([self.values, self.excluded])

    @property
    def median(self) -> float:
        """Of the values that count; NaN without any."""
        return float(np.median(self.values)) if self.values.size else float("nan")


@dataclass(frozen=True, slots=True)
class Category:
    """One cluster size and the groups that were measured at it.

    Attributes
    ----------
    size
        Nodes.
    ranks
        MPI ranks, or None where they are unknown or differ between the trials.
    groups
        In the order of the request; a run without any log at this size has none.
    """

    size: int
    ranks: int | None
    groups: tuple[Group, ...]

    @property
    def label(self) -> str:
        """Ranks and nodes, as they stand at the axis."""
        return self.nodes if self.ranks is None else f"{self.ranks} ({self.size})"

    @property
    def nodes(self) -> str:
        """The size in words."""
        return counted(self.size, "node")


@dataclass(frozen=True, slots=True)
class Selection:
    """The data of one figure.

    Attributes
    ----------
    categories
        One a size of the request, with trials or without.
    absent
        Runs of the request that have no value of the metric at any size: they take no room.
    unusable
        Logs of the runs that are shown that give no value: status not ok, or the figure missing.
    """

    categories: tuple[Category, ...]
    absent: tuple[str, ...]
    unusable: int

    @property
    def groups(self) -> list[Group]:
        """All groups with a value, size by size."""
        every = (group for category in self.categories for group in category.groups)
        return [group for group in every if group.every.size]

    @property
    def runs(self) -> list[str]:
        """The runs that are shown, in the order of the request."""
        there = {group.run: None for category in self.categories for group in category.groups}
        return list(there)

    def counts(self, drawn: str) -> str:
        """Return how many trials count, and what became of those that do not: a sentence."""
        n = [group.values.size for group in self.groups]
        words = f"n = {extent(n)} trials a group, {sum(n)} in all"
        if excluded := sum(group.excluded.size for group in self.groups):
            words += f"; {excluded} excluded ({drawn})"
        if self.unusable:
            words += f"; {counted(self.unusable, 'log')} without a usable value"
        return f"{words}."

    def told(self, request: Request, tell: Callable[[Group], str]) -> list[str]:
        """Return what is to tell of each group with a value: a sentence a size."""
        return [
            f"{category.nodes}: "
            + ("; ".join(
                f"{request.label(group.run)} {tell(group)}"
                for group in category.groups if group.values.size
            ) or "no data") + "."
            for category in self.categories
        ]  # fmt: skip


def select(trials: pd.DataFrame, request: Request) -> Selection:
    """Return the part of the table of trials that a figure shows.

    Parameters
    ----------
    trials
        One row a log; columns `run`, `size`, `ranks`, `excluded`, `status` and the metrics.
    request
        Which runs, sizes and metric.
    """
    runs, sizes = trials["run"].to_numpy(dtype=object), _floats(trials, "size")
    ranks, values = _floats(trials, "ranks"), _floats(trials, request.metric.name)
    excluded = (trials["excluded"].fillna("").astype(str).str.strip() != "").to_numpy()
    usable = np.isfinite(values) & (trials["status"] == Status.OK.value).fillna(False).to_numpy()
    asked = np.isin(sizes, list(request.sizes))
    shown = [run for run in request.runs if np.any(usable & asked & (runs == run))]
    chosen = asked & np.isin(runs, np.array([*shown, None], dtype=object)[:-1])
    categories = []
    for size in request.sizes:
        groups = []
        for run in shown:
            here = (sizes == size) & (runs == run)
            if here.any():
                rows = np.flatnonzero(here & usable & ~excluded)
                out = np.flatnonzero(here & usable & excluded)
                groups.append(Group(run, values[rows], values[out], rows, out))
        known = np.unique(ranks[chosen & (sizes == size) & np.isfinite(ranks)])
        categories.append(Category(size, int(known[0]) if known.size == 1 else None, tuple(groups)))
    return Selection(
        categories=tuple(categories),
        absent=tuple(run for run in request.runs if run not in shown),
        unusable=int(np.sum(chosen & ~usable)),
    )


def _floats(table: pd.DataFrame, name: str) -> Values:
    """Return a column as numbers, NaN where there is none."""
    if name not in table:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype=float, na_value=np.nan)


def without(absent: Iterable[str], request: Request) -> list[str]:
    """Return which runs have nothing to show: a sentence, if there is one."""
    names = ", ".join(request.label(run) for run in absent)
    return [f"Not measured: {names}."] if names else []
