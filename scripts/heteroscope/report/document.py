"""What the report is asked for, and what its parts are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from heteroscope import words
from heteroscope.metrics import METRICS, MetricDefinition

Row: TypeAlias = Mapping[Any, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]
# What the templates show, by the name that they have for it.
Document: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Order:
    """What the report is to show, apart from the tables: the workflow's part of it.

    Attributes
    ----------
    title, labels
        Of the campaign, and of its runs by name.
    pairs, main
        Each run with a baseline; the one that the headline is about, if any.
    context
        What the headline begins with, such as "With one image for both"; may be empty.
    primary, metrics
        The one metric of the page, and all of the study.
    sizes
        Of the study; empty for all that are found.
    alpha, margin
        Level of the tests; largest relative difference without practical meaning.
    vocabulary
        What the campaign calls things (`metrics.declare`).
    """

    title: str = "Benchmark campaign"
    labels: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, ...]] = ()
    main: tuple[str, ...] = ()
    context: str = ""
    primary: str = ""
    metrics: Sequence[str] = ()
    sizes: Sequence[int] = ()
    alpha: float = 0.05
    margin: float = 0.05
    vocabulary: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # From YAML and JSON they come as lists.
        self.pairs, self.main = list(dict.fromkeys(map(tuple, self.pairs))), tuple(self.main)

    def label(self, run: str) -> str:
        """Return the words for a run."""
        return self.labels.get(run, run)

    def pair(self, pair: Sequence[str]) -> str:
        """Return the words for a run and its baseline."""
        return " against ".join(map(self.label, pair))

    @property
    def metric(self) -> MetricDefinition:
        """The one metric of the page."""
        return METRICS[self.primary]

    @property
    def confidence(self) -> str:
        """Of every interval."""
        return words.percent(1 - self.alpha)

    @property
    def within(self) -> str:
        """The margin."""
        return words.percent(self.margin)


@dataclass(slots=True)
class Figure:
    """A figure: the file that is shown, the one that is linked to, and its words."""

    kind: str
    metric: str
    path: str
    link: str
    title: str = ""
    caption: str = ""
    alt: str = ""

    @property
    def measured(self) -> str:
        """What it shows."""
        return METRICS[self.metric].title

    @property
    def named(self) -> str:
        """What it is called in a list."""
        kind = "" if self.kind == "distribution" else f" ({words.in_words(self.kind)})"
        return f"{self.measured}{kind}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found at one size: mark, word, tone (good or bad news), effect, and reasons."""

    where: str
    mark: str
    word: str
    tone: str
    effect: str
    interval: str = ""
    values: str = ""
    why: str = ""
    p: str = ""

    @property
    def behind(self) -> str:
        """What stands behind the effect."""
        return " · ".join(filter(None, (self.values, self.why)))


def groups(rows: Iterable[Row], *by: str, **where: object) -> dict[tuple[str, ...], list[Row]]:
    """Return the rows of these values together that are alike in some columns, in their order."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if all(row[column] == value for column, value in where.items()):
            found.setdefault(tuple(row[column] for column in by), []).append(row)
    return found


def known(rows: Iterable[Row], *columns: str) -> list[Any]:
    """Return every value in some columns that is not empty."""
    return [row[column] for row in rows for column in columns if not words.missing(row[column])]
