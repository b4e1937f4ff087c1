"""What the report says, before it has any form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heteroscope.report.findings import Finding
from heteroscope.report.views import Table


@dataclass(frozen=True, slots=True)
class Order:
    """What the report is to show, apart from the tables: the workflow's part of it.

    Attributes
    ----------
    title
        Of the campaign.
    labels
        Words for the runs, by name, in the order of the campaign.
    metrics, sizes
        Of the study; the first metric is the one that the short answers are about.
    alpha, margin
        Level of the tests; largest relative difference without practical meaning.
    """

    title: str
    labels: Mapping[str, str]
    metrics: Sequence[str]
    sizes: Sequence[int]
    alpha: float
    margin: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is shown.

    Attributes
    ----------
    name, kind, metric
        As the configuration has it.
    title, caption, alt
        In words.
    path
        The file, to be embedded.
    link
        Where it lies, relative to the report.
    of_runs
        The same for single runs: label and link.
    """

    name: str
    kind: str
    metric: str
    title: str
    caption: str
    alt: str
    path: str
    link: str
    of_runs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one claim or of one comparison.

    Attributes
    ----------
    name
        The claim's id, or which runs are compared at which size.
    question
        The claim as it was made, or what is compared.
    verdict, tone
        In a word, and how it is shown.
    sentence
        The outcome, in plain words.
    notes
        What would change the verdict.
    sizes
        The same size by size: verdict, how it is shown, and sentence.
    warnings
        What the guards found.
    """

    name: str
    question: str
    verdict: str
    tone: str
    sentence: str
    notes: tuple[str, ...] = ()
    sizes: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A question, with all that answers it."""

    name: str
    title: str
    lead: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The report.

    Attributes
    ----------
    title, facts
        Heading, and what the campaign is made of in a few words.
    answers, answers_note
        The verdicts, and what they are about.
    sections
        A section a question.
    checks, check_notes
        Guards, exclusions, logs that could not be used.
    attention
        What of these a person should look at, in a line each.
    tables
        The tables of the workflow.
    metrics
        The dictionary of metrics, as far as the campaign uses it.
    methods, references
        How the figures were found, and by whose methods.
    provenance, inputs
        What the results were made of.
    """

    title: str
    facts: tuple[str, ...]
    answers: tuple[Answer, ...]
    answers_note: str
    sections: tuple[Section, ...]
    checks: tuple[Table, ...]
    check_notes: tuple[str, ...]
    attention: tuple[str, ...]
    tables: tuple[Table, ...]
    metrics: Table
    methods: tuple[str, ...]
    references: tuple[str, ...]
    provenance: Table
    inputs: Table | None
    files: tuple[tuple[str, str], ...]

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """How often there is each verdict: in a word, how it is shown, and the number."""
        counts: dict[tuple[str, str], int] = {}
        for answer in self.answers:
            key = (answer.verdict, answer.tone)
            counts[key] = counts.get(key, 0) + 1
        return [(verdict, tone, count) for (verdict, tone), count in counts.items()]

    @property
    def questions(self) -> list[tuple[str, list[Answer]]]:
        """The answers by what they are asked of, in their order."""
        grouped: dict[str, list[Answer]] = {}
        for answer in self.answers:
            grouped.setdefault(answer.question, []).append(answer)
        return list(grouped.items())
