"""How the tables of the workflow are shown: which columns, under which heading, how spelled.

A table is added to the report by one row in `VIEWS`; its columns are described by
`heteroscope.tables.columns`, and a table that a campaign does not have is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS, Status
from heteroscope.report.text import estimate, missing, number, p_value, plain
from heteroscope.tables import columns

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and the number that it is sorted by, if it is one.

    Attributes
    ----------
    text
        As it is shown.
    number
        For sorting; None for text and for an empty cell.
    tone
        Of an outcome: ``good``, ``bad``, ``same``, ``open``, ``none`` or ``part``; empty for
        anything else.
    """

    text: str
    number: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A column as it is shown: heading, meaning, and whether its cells are numbers."""

    label: str
    meaning: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is ready to be shown.

    Attributes
    ----------
    name, title, note
        For links, for its caption, and what stands below it.
    headers, rows
        Every row has a cell for every header.
    file
        The whole table beside the report; empty if there is none.
    """

    name: str
    title: str
    headers: tuple[Header, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file: str = ""
    note: str = ""

    @property
    def described(self) -> tuple[Header, ...]:
        """The columns whose meaning is known."""
        return tuple(header for header in self.headers if header.meaning)


@dataclass(frozen=True, slots=True)
class View:
    """Which columns of a table are shown.

    Attributes
    ----------
    name, title
        The table's name and its caption.
    shown
        Names of columns, apart by spaces; ``name~`` is a number with its interval, from
        ``name_low`` and ``name_high``.
    """

    name: str
    title: str
    shown: str


VIEWS = (
    View(
        "claims",
        "Claims, size by size",
        "claim sizes test metric run baseline n_run n_baseline median_run median_baseline ratio~ "
        "shift~ method p p_holm check check_p_holm practical guards verdict "
        "verdict_without_exclusions verdict_without_guards",
    ),
    View(
        "summary",
        "Every metric: size by size",
        "run size ranks metric unit n n_excluded n_missing median~ mean sd cv mad min max "
        "outliers_mild outliers_severe",
    ),
    View(
        "location",
        "Is it faster? Every comparison",
        "run baseline size metric unit n_run n_baseline median_run median_baseline ratio~ shift~ "
        "mann_whitney_p mann_whitney_p_holm brunner_munzel_p_holm a12~ smallest_p reason",
    ),
    View(
        "variance",
        "Is it steadier? Every comparison",
        "scope run baseline size metric unit n_run n_baseline sd_run sd_baseline sd_ratio~ "
        "levene_median_statistic levene_median_p levene_median_p_holm levene_mean_p_holm "
        "levene_log_median_p fligner_p_holm reason",
    ),
    View(
        "scaling",
        "Does it scale? Every run and size",
        "run size base_size metric unit n median~ speedup~ efficiency~ karp_flatt~ "
        "matom_steps_per_s~ node_seconds~ cost~",
    ),
    View(
        "drift",
        "Would I see it again? The order of the trials",
        "run size metric n kendall_tau kendall_p lag1 ljung_box_p first_z design ordered_by",
    ),
    View("exclusions", "Trials that are left out", "run size repetition log rule reason"),
)

_LABELS = {
    "n_run": "n, run",
    "n_baseline": "n, baseline",
    "median_run": "median, run",
    "median_baseline": "median, baseline",
    "mann_whitney_p": "Mann-Whitney p",
    "mann_whitney_p_holm": "Mann-Whitney p (Holm)",
    "brunner_munzel_p_holm": "Brunner-Munzel p (Holm)",
    "levene_median_statistic": "Levene W",
    "levene_median_p": "Levene p",
    "levene_median_p_holm": "Levene p (Holm)",
    "levene_mean_p_holm": "Levene about the mean, p (Holm)",
    "levene_log_median_p": "Levene of logarithms, p",
    "fligner_p_holm": "Fligner-Killeen p (Holm)",
    "p_holm": "p (Holm)",
    "check_p_holm": "check, p (Holm)",
    "a12": "A12",
    "size": "nodes",
    "base_size": "base, nodes",
    "sd_run": "sd, run",
    "sd_baseline": "sd, baseline",
    "kendall_tau": "Kendall τ",
    "kendall_p": "Kendall p",
    "lag1": "lag-1 correlation",
    "ljung_box_p": "Ljung-Box p",
    "first_z": "first trial, z",
    "matom_steps_per_s": "Matom-steps/s",
    "mad": "MAD",
    "cv": "CV",
}
_TONES = {
    "supported": "good",
    "refuted": "bad",
    "equivalent": "same",
    "inconclusive": "open",
    "not_testable": "none",
    "not_comparable": "none",
    "ok": "good",
    "warn": "open",
    "block": "bad",
}
_MEANINGS: Mapping[str, Mapping[str, columns.Column]] = {
    name: {column.name: column for column in described}
    for name, (_, described) in columns.TABLES.items()
}


def label_of(column: str) -> str:
    """Return the heading of a column."""
    return _LABELS.get(column, column.replace("_", " "))


def tone_of(word: str) -> str:
    """Return how a verdict or the level of a guard is shown."""
    return _TONES.get(word, "none")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def show(view: View, table: pd.DataFrame, labels: Mapping[str, str], file: str) -> Table:
    """Return a table of the workflow as the report shows it.

    Parameters
    ----------
    view
        Which columns; those that the table lacks, or that are empty throughout, are left out.
    table
        As it was read.
    labels
        Words for the runs, by name.
    file
        Where the whole of it lies, relative to the report.
    """
    wanted = [
        column
        for column in view.shown.split()
        if (name := column.rstrip("~")) in table and table[name].notna().any()
    ]
    known = _MEANINGS.get(view.name, {})
    headers = tuple(_header(column, known, table) for column in wanted)
    rows = tuple(tuple(_cell(column, row, labels) for column in wanted) for row in records(table))
    return Table(view.name, view.title, headers, rows, file)


def _header(column: str, known: Mapping[str, columns.Column], table: pd.DataFrame) -> Header:
    name = column.rstrip("~")
    meaning = known[name].meaning if name in known else ""
    if column.endswith("~"):
        meaning += ", and its confidence interval"
    numeric = table[name].dtype.kind in "iuf" and name not in ("claim", "sizes")
    return Header(label_of(name), meaning, numeric)


def _cell(column: str, row: Mapping[str, Any], labels: Mapping[str, str]) -> Cell:
    name = column.rstrip("~")
    value = row[name]
    if missing(value):
        return Cell("")
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int | float):
        return Cell(p_value(value) if _is_p(name) else estimate(row, name), float(value))
    return worded(name, str(value), labels)


def worded(name: str, value: str, labels: Mapping[str, str]) -> Cell:
    """Return a cell of text, in the words that the report uses for it."""
    if name in ("run", "baseline"):
        return Cell(plain(labels.get(value, value)))
    if name == "status":
        return Cell(Status(value).words)
    if name == "metric" and value in METRICS:
        return Cell(METRICS[value].title)
    if name.startswith("verdict") or name in ("guards", "level"):
        return Cell(value.replace("_", " "), tone=tone_of(value))
    return Cell(plain(value))


def _is_p(name: str) -> bool:
    return name in {"p", "smallest_p"} or name.endswith(("_p", "_p_holm"))


def simple(
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numeric: Sequence[str] = (),
    file: str = "",
    note: str = "",
) -> Table:
    """Return a table that is made for the report alone."""
    return Table(
        name,
        title,
        tuple(Header(heading, numeric=heading in numeric) for heading in headings),
        tuple(
            tuple(cell if isinstance(cell, Cell) else Cell(plain(cell)) for cell in row)
            for row in rows
        ),
        file,
        note,
    )


def value(figure: Any, shown: str | None = None) -> Cell:
    """Return a cell that holds a number."""
    return Cell("" if missing(figure) else shown or number(figure),
                None if missing(figure) else float(figure))  # fmt: skip
