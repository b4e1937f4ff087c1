"""The trials that a figure shows, grouped by size and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heteroscope.metrics import MetricDefinition, Status

if TYPE_CHECKING:
    import pandas as pd

    from heteroscope.analysis.comparisons import Settings
    from heteroscope.figures.theme import Style

Values = NDArray[np.float64]
Rows = NDArray[np.intp]


def _no_rows() -> Rows:
    return np.empty(0, dtype=np.intp)


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
    settings
        How the tests were made.
    pairs
        Runs and their baselines; None for every pair of the runs that are shown.
    tables
        What else the kind of figure needs, by the name of the table.
    """

    metric: MetricDefinition
    runs: Sequence[str]
    sizes: Sequence[int]
    labels: Mapping[str, str]
    styles: Mapping[str, Style]
    title: str
    size: str
    settings: Settings
    pairs: Sequence[tuple[str, str]] | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def label(self, run: str) -> str:
        """Return the words for a run: its label or, where it has none, its name."""
        return self.labels.get(run) or run


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
        if self.ranks is not None:
            return f"{self.ranks} ({self.size})"
        return f"{self.size} node" if self.size == 1 else f"{self.size} nodes"


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
    reasons
        How many trials are excluded, by the reason given.
    """

    categories: tuple[Category, ...]
    absent: tuple[str, ...]
    unusable: int
    reasons: Mapping[str, int]

    @property
    def groups(self) -> list[Group]:
        """All groups, size by size."""
        return [group for category in self.categories for group in category.groups]

    @property
    def runs(self) -> list[str]:
        """The runs that are shown, in the order of the request."""
        return list(dict.fromkeys(group.run for group in self.groups))


def select(trials: pd.DataFrame, request: Request) -> Selection:
    """Return the part of the table of trials that a figure shows.

    Parameters
    ----------
    trials
        One row a log; columns `run`, `size`, `ranks`, `excluded`, `status` and the metrics.
    request
        Which runs, sizes and metric.
    """
    n_sizes = len(request.sizes)
    run_code = {run: i for i, run in enumerate(request.runs)}
    size_code = {size: i for i, size in enumerate(request.sizes)}
    runs = trials["run"].map(run_code).to_numpy(dtype=float, na_value=np.nan)
    sizes = trials["size"].map(size_code).to_numpy(dtype=float, na_value=np.nan)
    codes = np.where(np.isfinite(runs) & np.isfinite(sizes), runs * n_sizes + sizes, -1)

    ranks = trials["ranks"].to_numpy(dtype=float, na_value=np.nan)
    reasons = trials["excluded"].fillna("").astype(str).str.strip().to_numpy(dtype=object)
    excluded = reasons != ""
    name = request.metric.name
    if name in trials:
        values = trials[name].to_numpy(dtype=float, na_value=np.nan)
    else:
        values = np.full(len(trials), np.nan)
    usable = np.isfinite(values) & (trials["status"] == Status.OK.value).fillna(False).to_numpy()

    shown = {
        run
        for run, code in run_code.items()
        if np.any(usable & (codes >= code * n_sizes) & (codes < (code + 1) * n_sizes))
    }
    chosen = np.isin(codes, [run_code[run] * n_sizes + i for run in shown for i in range(n_sizes)])
    categories = []
    for size, j in size_code.items():
        groups = []
        for run in (run for run in request.runs if run in shown):
            here = codes == run_code[run] * n_sizes + j
            if here.any():
                rows = np.flatnonzero(here & usable & ~excluded)
                out = np.flatnonzero(here & usable & excluded)
                groups.append(Group(run, values[rows], values[out], rows, out))
        known = np.unique(ranks[chosen & (sizes == j) & np.isfinite(ranks)])
        categories.append(Category(size, int(known[0]) if known.size == 1 else None, tuple(groups)))
    words, counts = np.unique(reasons[chosen & usable & excluded].astype(str), return_counts=True)
    return Selection(
        categories=tuple(categories),
        absent=tuple(run for run in request.runs if run not in shown),
        unusable=int(np.sum(chosen & ~usable)),
        reasons={str(word): int(count) for word, count in zip(words, counts, strict=True)},
    )
