"""What is to be drawn, and the trials that a figure shows, grouped by size and run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heteroscope.metrics import MetricDefinition, Status
from heteroscope.words import counted, extent, of_sizes

if TYPE_CHECKING:
    import pandas as pd

    from heteroscope.figures.theme import Style

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn, apart from the table that is shown; the fields are those of `draw`."""

    metric: MetricDefinition
    runs: Sequence[str]
    sizes: Sequence[int]
    labels: Mapping[str, str]
    styles: Mapping[str, Style] = field(default_factory=dict)
    title: str = ""
    size: str = "screen"
    alpha: float = 0.05
    margin: float = 0.05
    pairs: Sequence[tuple[str, str]] | None = None

    def label(self, run: str) -> str:
        """Return the words for a run: its label or, where it has none, its name."""
        return self.labels.get(run) or run

    def measured(self, more: str = "") -> str:
        """Return what is measured, in which unit and by whose clock."""
        unit = f" in {self.metric.unit}" if self.metric.unit else ""
        return f"{self.metric.title}{unit}{more} (clock: {self.metric.clock})"

    @property
    def axis(self) -> str:
        """What is measured, as it stands at an axis."""
        unit = f" ({self.metric.unit})" if self.metric.unit else ""
        return f"{self.metric.title}{unit}"

    @property
    def confidence(self) -> str:
        """Of the intervals, in percent."""
        return f"{100 * (1 - self.alpha):g} %"

    def without(self, absent: Iterable[str]) -> str:
        """Return which runs have nothing to show: a sentence, if there is one."""
        names = ", ".join(map(self.label, absent))
        return f" Not measured: {names}." if names else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The trials of one run at one size: finite values that count, and those that are excluded.

    `rows` says where they stand in the table: those that count first, then the excluded ones.
    """

    run: str
    values: Values
    excluded: Values = field(default_factory=lambda: np.empty(0))
    rows: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    @property
    def every(self) -> Values:
        """All values that are drawn, those that count first."""
        return np.concatenate([self.values, self.excluded])

    @property
    def median(self) -> float:
        """Of the values that count."""
        return float(np.median(self.values))


@dataclass(frozen=True, slots=True)
class Category:
    """One cluster size, and the groups that were measured at it, in the order of the request.

    The number of MPI ranks is None where it is unknown or differs between the trials.
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
        return of_sizes([self.size])


@dataclass(frozen=True, slots=True)
class Selection:
    """The data of one figure; false if there are none.

    Attributes
    ----------
    categories
        One a size of the request, with trials or without.
    runs
        Those of the request that have a value of the metric at some size; the others are absent.
    unusable
        Logs of the runs that are shown that give no value: status not ok, or the figure missing.
    more
        What a kind of figure makes of each group, by run and size.
    """

    categories: tuple[Category, ...]
    runs: list[str]
    absent: list[str]
    unusable: int
    more: Mapping[tuple[str, int], Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.runs)

    @property
    def groups(self) -> list[Group]:
        """All groups with a value, size by size."""
        every = (group for category in self.categories for group in category.groups)
        return [group for group in every if group.every.size]

    def caption(self, what: str, drawn: str, request: Request) -> str:
        """Return what is shown, how many trials count, and what became of the others."""
        n = [group.values.size for group in self.groups]
        words = f"{what} n = {extent(n)} trials a group, {sum(n)} in all"
        if excluded := sum(group.excluded.size for group in self.groups):
            words += f"; {excluded} excluded ({drawn})"
        if self.unusable:
            words += f"; {counted(self.unusable, 'log')} without a usable value"
        return f"{words}.{request.without(self.absent)}"

    def told(self, what: str, request: Request, tell: Callable[[Group, int], str]) -> str:
        """Return what is to tell of each group with trials that count: a sentence a size."""
        sentences = [what]
        for category in self.categories:
            groups = [group for group in category.groups if group.values.size]
            told = [f"{request.label(each.run)} {tell(each, category.size)}" for each in groups]
            sentences.append(f"{category.nodes}: {'; '.join(told) or 'no data'}.")
        return " ".join(sentences)


def select(trials: pd.DataFrame, request: Request) -> Selection:
    """Return the part of the table of trials that a figure shows."""
    runs, sizes = trials["run"].to_numpy(dtype=object), _floats(trials, "size")
    ranks, values = _floats(trials, "ranks"), _floats(trials, request.metric.name)
    excluded = (trials["excluded"].fillna("").astype(str).str.strip() != "").to_numpy()
    usable = np.isfinite(values) & (trials["status"] == Status.OK.value).fillna(False).to_numpy()
    asked = np.isin(sizes, list(request.sizes))
    shown = [run for run in request.runs if np.any(usable & asked & (runs == run))]
    chosen = asked & trials["run"].isin(shown).to_numpy()
    categories = []
    for size in request.sizes:
        groups = []
        for run in shown:
            here = (sizes == size) & (runs == run)
            if here.any():
                rows = np.flatnonzero(here & usable & ~excluded)
                out = np.flatnonzero(here & usable & excluded)
                groups.append(Group(run, values[rows], values[out], np.concatenate([rows, out])))
        known = np.unique(ranks[chosen & (sizes == size) & np.isfinite(ranks)])
        categories.append(Category(size, int(known[0]) if known.size == 1 else None, tuple(groups)))
    absent = [run for run in request.runs if run not in shown]
    return Selection(tuple(categories), shown, absent, int(np.sum(chosen & ~usable)))


def _floats(table: pd.DataFrame, name: str) -> Values:
    """Return a column as numbers, NaN where there is none."""
    if name not in table:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype=float, na_value=np.nan)
