"""What the report says, before it has any form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heteroscope import words
from heteroscope.metrics import METRICS, MetricDefinition

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
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
    pairs: Sequence[Sequence[str]] = ()
    main: Sequence[str] = ()
    context: str = ""
    primary: str = ""
    metrics: Sequence[str] = ()
    sizes: Sequence[int] = ()
    alpha: float = 0.05
    margin: float = 0.05
    vocabulary: Mapping[str, Any] = field(default_factory=dict)

    def label(self, run: object) -> str:
        """Return the words for a run."""
        return self.labels.get(str(run), str(run))

    def pair(self, pair: Sequence[object]) -> str:
        """Return the words for a run and its baseline."""
        return f"{self.label(pair[0])} against {self.label(pair[1])}"

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Line:
    """A pair of runs, with a cell a size; None where it was not measured."""

    run: str
    baseline: str
    main: bool
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What one metric says to one question: faster, or steadier."""

    name: str
    title: str
    metric: str
    summary: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its verdict, the numbers that it rests on, notes, and caveats."""

    name: str
    statement: str
    verdict: str
    tone: str
    about: tuple[str, ...]
    cells: tuple[Cell, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: headings, and rows of text."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The report, from top to bottom.

    Attributes
    ----------
    order, facts
        What was asked for; what the campaign is made of.
    headline, alarms, belief
        The main finding in a sentence, what must be known first, and what it rests on.
    sizes, matrices, others
        The columns of each matrix; those of the primary metric, and of each other one.
    figures, more_figures
        Those of the page by their place, and all others.
    again, fair
        Whether the trials would come out the same again; what differs, a row a pair each.
    claims, tally
        Each claim; how many were tested, and what would not survive.
    left_out, made, files
        What does not count and why; how it was made; name, link and meaning of each table.
    """

    order: Order
    facts: tuple[str, ...]
    headline: str
    alarms: tuple[str, ...]
    belief: tuple[str, ...]
    sizes: tuple[int, ...]
    matrices: tuple[Matrix, ...]
    others: tuple[tuple[Matrix, ...], ...]
    figures: Mapping[str, Figure]
    more_figures: tuple[Figure, ...]
    again: Table
    fair: tuple[tuple[str, str, str], ...]
    claims: tuple[Claim, ...]
    tally: tuple[str, ...]
    left_out: tuple[str, ...]
    made: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, str], ...]
