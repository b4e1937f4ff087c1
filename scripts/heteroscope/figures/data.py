"""What is to be drawn, and the trials that a figure shows, grouped by size and run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from heteroscope.metrics import MetricDefinition, Status, UserError
from heteroscope.words import counted, extent, of_sizes, size_of, sizes_are_nodes

if TYPE_CHECKING:
    import pandas as pd

    from heteroscope.figures.theme import Style

TRIALS = "trials"

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of figure is made of.

    Attributes
    ----------
    tables
        The columns that are used of each table, by its name.  The first table is the one that is
        shown.  Of the trials, the keys and the metric of the figure are always used.
    metrics
        The only metrics that it can show; any, if none is named.
    settings
        The keys of the configuration's `statistics` that change the figure.
    pairs
        It shows runs against their baselines: without one there is nothing to see.
    scaling
        It shows sizes against each other: of a run of one size there is nothing to see.
    """

    tables: Mapping[str, Sequence[str]]
    metrics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    pairs: bool = False
    scaling: bool = False

    @property
    def shown(self) -> str:
        """The name of the table that is shown."""
        return next(iter(self.tables))

    def check(self, kind: str, metric: str) -> None:
        """Refuse a metric that a kind of figure cannot show."""
        if self.metrics and metric not in self.metrics:
            raise UserError(
                f"a figure of the kind {kind} cannot show {metric}: "
                f"say `metric: {'` or `'.join(self.metrics)}`"
            )


class Words(NamedTuple):
    """A figure in words: its title, what a reader must know, and what those hear who cannot see."""

    title: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn, apart from the table that is shown.

    Attributes
    ----------
    metric
        What is measured.
    runs, sizes
        What is shown, in this order; without any size, every one in the table.
    labels
        Words for the runs, by name; any text.  A run without one is called by its name.
    styles
        Looks of the runs, by name, as `heteroscope.figures.styles` gives them.
    title
        Heading of the figure; any text.  Without one it is what the figure shows.
    size
        Name in `heteroscope.figures.SIZES`.
    alpha, margin
        Level of the tests, and within which a ratio has no practical meaning.
    pairs
        Each run with a baseline, for kinds that compare; by default all pairs of `runs`.
    """

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
        """Return what is measured, in which unit and by whose clock, if that is known."""
        unit = f" in {self.metric.unit}" if self.metric.unit else ""
        clock = f" (clock: {self.metric.clock})" if self.metric.clock else ""
        return f"{self.metric.title}{unit}{more}{clock}"

    @property
    def axis(self) -> str:
        """What is measured, as it stands at an axis."""
        return self.metric.title + (f" ({self.metric.unit})" if self.metric.unit else "")

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
    size: int
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
class Selection:
    """The data of one figure; false if there are none.

    Attributes
    ----------
    sizes
        Those of the request, each with the groups that were measured at it: with values or without,
        in the order of the request.
    ranks
        The number of MPI ranks at each size, where it is known and all trials agree.
    runs, absent
        Those of the request that have a value of the metric at some size, and the others.
    unusable
        Logs of the runs that are shown that give no value: status not ok, or the figure missing.
    more
        What a kind of figure makes of each group, by run and size.
    """

    sizes: Mapping[int, Sequence[Group]]
    ranks: Mapping[int, int]
    runs: Sequence[str]
    absent: Sequence[str]
    unusable: int
    more: Mapping[tuple[str, int], Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.runs)

    @property
    def groups(self) -> list[Group]:
        """All groups with a value, size by size."""
        return [group for groups in self.sizes.values() for group in groups if group.every.size]

    @property
    def ticks(self) -> list[str]:
        """Each size as it stands at an axis whose title is `axis`."""
        return [
            f"{self.ranks[size]} ({size})" if size in self.ranks else of_sizes([size])
            for size in self.sizes
        ]

    @property
    def axis(self) -> str:
        """What the numbers of `ticks` are, where these do not say it."""
        return f"MPI ranks ({size_of()})" if self.ranks else ""

    def words(
        self,
        request: Request,
        title: str,
        what: str,
        drawn: str,
        lead: str,
        tell: Callable[[Group], str],
    ) -> Words:
        """Return a figure of trials in words.

        The caption says what is shown, of how many trials, and how excluded ones are `drawn`; the
        alternative text leads with a sentence, and is a sentence a size of what is to `tell` of
        each group.
        """
        n = [group.values.size for group in self.groups]
        caption = f"{what} n = {extent(n)} trials a group, {sum(n)} in all"
        if excluded := sum(group.excluded.size for group in self.groups):
            caption += f"; {excluded} excluded ({drawn})"
        if self.unusable:
            caption += f"; {counted(self.unusable, 'log')} without a usable value"
        sentences = [lead]
        for size, groups in self.sizes.items():
            told = [f"{request.label(g.run)} {tell(g)}" for g in groups if g.values.size]
            sentences.append(f"{of_sizes([size])}: {'; '.join(told) or 'no data'}.")
        return Words(title, f"{caption}.{request.without(self.absent)}", " ".join(sentences))


def select(trials: pd.DataFrame, request: Request) -> Selection:
    """Return the part of the table of trials that a figure shows."""
    runs, sizes = trials["run"].to_numpy(dtype=object), _floats(trials, "size")
    ranks, values = _floats(trials, "ranks"), _floats(trials, request.metric.name)
    excluded = (trials["excluded"].fillna("").astype(str).str.strip() != "").to_numpy()
    usable = np.isfinite(values) & (trials["status"] == Status.OK.value).fillna(False).to_numpy()
    asked = np.isin(sizes, list(request.sizes))
    shown = [run for run in request.runs if np.any(usable & asked & (runs == run))]
    chosen = asked & trials["run"].isin(shown).to_numpy()
    found: dict[int, list[Group]] = {size: [] for size in request.sizes}
    known = {}
    for size, groups in found.items():
        for run in shown:
            here = (sizes == size) & (runs == run)
            if here.any():
                rows = np.flatnonzero(here & usable & ~excluded)
                out = np.flatnonzero(here & usable & excluded)
                every = np.concatenate([rows, out])
                groups.append(Group(run, size, values[rows], values[out], every))
        told = np.unique(ranks[chosen & (sizes == size) & np.isfinite(ranks)])
        if told.size == 1 and sizes_are_nodes():
            known[size] = int(told[0])
    absent = [run for run in request.runs if run not in shown]
    return Selection(found, known, shown, absent, int(np.sum(chosen & ~usable)))


def _floats(table: pd.DataFrame, name: str) -> Values:
    """Return a column as numbers, NaN where there is none."""
    if name not in table:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype=float, na_value=np.nan)
