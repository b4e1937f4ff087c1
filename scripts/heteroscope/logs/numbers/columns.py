"""What the columns of a file of trials mean: figures, metrics, and which trials are meant."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from heteroscope.logs.reader import Reading
from heteroscope.logs.starts import began
from heteroscope.metrics import Figure, Status, UserError
from heteroscope.redaction import redact
from heteroscope.words import in_words, listed, size_of

Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """What a figure is made of.

    Attributes
    ----------
    column
        The file's own name for it.
    unit
        That of the figure; a file that has a column of units beside it must agree.
    better
        ``lower`` or ``higher``.
    title
        What it is, in words.
    times
        The factor from the file's unit into `unit`.
    """

    column: str
    unit: str = ""
    better: str = "lower"
    title: str = ""
    times: float | str = 1


@dataclass(slots=True)
class Trial:
    """A trial under the names of its file.

    Attributes
    ----------
    cells
        What the file says of it, by the file's own names; nothing where it cannot be read.
    told
        Where it stands in the file, for messages.
    of
        What was measured; empty where the file does not name it.
    status, reason
        Why it cannot be used or, where it can, what else there is to know.
    figures
        What comes unasked.
    """

    cells: Cells
    told: str
    of: str = ""
    status: Status = Status.OK
    reason: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    title
        Who wrote it.
    trials
        Maps the bytes of a file, and the names that are asked for, to its trials; raises ValueError
        where there are none.
    names
        The key that tells what was measured: two of them are not one sample.
    columns
        The figures that come unasked.
    beside
        Other figures that come unasked, which are no metrics.
    better
        What is better of a figure that is asked for and says nothing of it.
    """

    title: str
    trials: Callable[[bytes, Collection[str]], list[Trial]]
    names: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    better: str = "lower"

    def read(self, data: bytes, options: Mapping[str, Any]) -> list[Reading]:
        """Read the trials of one file, in their order.

        Parameters
        ----------
        data
            The file.
        options
            ``columns``: the file's own name of each figure, or what a `Column` says, by figure.
            ``where``: what its own columns must be, a value or a glob, by name.

        Raises
        ------
        UserError
            If the file has no such column, if no trial is as wanted, or if different things were
            measured and nothing says which of them is meant.
        """
        columns = self._columns(options)
        where: Mapping[str, Any] = options.get("where") or {}
        wanted = {*where, *(column.column for column in columns.values())}
        try:
            trials = self.trials(data, wanted)
        except ValueError as error:
            return [Reading({}, Status.UNREADABLE, redact(str(error)))]
        for record, trial in enumerate(trials, 1):
            # By this, two trials of one file with the same time are known to be two.
            trial.figures["record"] = record
        chosen = _chosen(trials, where)
        if columns.keys() <= _ABOUT and all(trial.figures.keys() == {"record"} for trial in chosen):
            known = _values(name for trial in chosen for name in trial.cells)
            raise UserError(f"columns: say which column is which figure; the file has {known}")
        if any(trial.cells and trial.status is not Status.UNREADABLE for trial in chosen):
            # What comes unasked may be missing.
            asked = [columns[name].column for name in options.get("columns") or {}]
            _check_names("columns", asked, chosen)
        units: dict[str, Any] = {}
        readings = [_reading(trial, columns, units) for trial in chosen]
        self._check_alike(chosen, readings)
        return readings

    def metrics(self, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the metrics that its files have, with what `options` ask for.

        Returns
        -------
        list of dict
            Keywords of `MetricDefinition` for each, all plain values.
        """
        return [
            {
                "name": name,
                "title": column.title or in_words(name[0].upper() + name[1:]),
                "unit": column.unit,
                "clock": self.title,
                "higher_is_better": column.better == "higher",
                "speedup": column.unit == "s" and column.better == "lower",
            }
            for name, column in self._columns(options).items()
            if name not in _ABOUT
        ]

    def figures(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Return the unit of each figure that its files give, by name."""
        asked = {name: column.unit for name, column in self._columns(options).items()}
        # Of a table, its columns are named unless it is our own.
        unasked = () if options.get("columns") and not self.columns else self.beside
        return {"record": "", **dict.fromkeys(unasked, ""), **asked}

    def _columns(self, options: Mapping[str, Any]) -> dict[str, Column]:
        columns = dict(self.columns)
        known = {column.column: column for column in self.columns.values()}
        for name, asked in (options.get("columns") or {}).items():
            said = asked if isinstance(asked, Mapping) else {"column": asked}
            said = {key: value for key, value in said.items() if value != ""}
            if not isinstance(said.get("column"), str):
                raise UserError(f"columns.{name}: say which column of the file it is")
            if unknown := said.keys() - _KEYS:
                raise UserError(
                    f"columns.{name}: unknown key {listed(sorted(unknown))}; "
                    f"the keys are {', '.join(_KEYS)}"
                )
            column = replace(known.get(said["column"], Column("", better=self.better)), **said)
            if column.better not in ("lower", "higher"):
                raise UserError(f"columns.{name}.better is {column.better!r}: say lower or higher")
            if not isinstance(number(column.times), float | int):
                raise UserError(f"columns.{name}.times is {column.times!r}, and no number")
            columns[name] = column
        return columns

    def _check_alike(self, trials: Iterable[Trial], readings: Iterable[Reading]) -> None:
        """Stop where one sample would be of several things."""
        measured: dict[Any, dict[str, None]] = defaultdict(dict)
        for trial, reading in zip(trials, readings, strict=True):
            if trial.of:
                size = reading.figures.get("size", reading.figures.get(size_of()))
                measured[size][trial.of] = None
        mixed = [names for names in measured.values() if len(names) > 1]
        if mixed:
            raise UserError(
                f"where: the file has several of {self.names}: {_values(mixed[0])}; name one by "
                f"where: {{{self.names}: …}}, or say columns: {{size: …}} if they differ in size"
            )


_KEYS = tuple(attribute.name for attribute in fields(Column))
# Figures that say where a trial belongs and what it was: no metrics.
_WHOLE = frozenset(
    ("size", "repetition", "ranks", "threads", "nodes", "nodes_requested", "atoms", "steps")
)
_WORDS = frozenset(("version", "lammps_version", "problem", "command", "compiler"))
_ABOUT = _WHOLE | _WORDS | {"started_at"}
TEXTS = _WORDS | {"cpu_scaling_enabled", "library_build_type"}
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "-"))
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# More digits than a double has, or an int needs.
_DIGITS = 18
_TOO_LARGE = 10**308
# As many values as a message lists, and as much of one.
_LISTED, _QUOTED = 8, 100


def number(value: Any) -> Figure | None:
    """Return a cell as a number if it is one, else as its text, and None if it is empty."""
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in _MISSING:
            return None
        if not _NUMBER.fullmatch(text):
            return text
        value = int(text) if text.isdigit() and len(text) <= _DIGITS else float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None if value is None else str(value).lower()
    double = float(value) if abs(value) < _TOO_LARGE else math.nan
    whole = isinstance(value, int) and abs(value) < 10**_DIGITS
    return value if whole else double if math.isfinite(double) else None


def _values(values: Iterable[Any]) -> str:
    """Return some of what stands in a column, as it may be published."""
    every = list(dict.fromkeys("empty" if value is None else _quote(value) for value in values))
    more = [f"{len(every) - _LISTED} more"] if len(every) > _LISTED else []
    return listed([*every[:_LISTED], *more])


def _quote(value: Any) -> str:
    # What is left after a cut can look private again.
    text = redact(" ".join(str(value).split()))
    return repr(text if len(text) <= _QUOTED else redact(f"{text[: _QUOTED - 1]}…"))


def _check_names(key: str, names: Iterable[str], trials: Iterable[Trial]) -> None:
    known = list(dict.fromkeys(name for trial in trials for name in trial.cells))
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise UserError(f"{key}: the file has no {name!r}{hint}; it has {_values(known)}")


def _chosen(trials: list[Trial], where: Mapping[str, Any]) -> list[Trial]:
    """Return the trials that are meant, and those of which that cannot be known."""
    if not any(trial.cells for trial in trials):
        return trials
    _check_names("where", where, trials)
    chosen = [trial for trial in trials if not trial.cells or _matches(where, trial.cells)]
    if not any(trial.cells for trial in chosen):
        found = {name: _values(trial.cells.get(name) for trial in trials) for name in where}
        told = "; ".join(f"{name} is {values}" for name, values in found.items())
        raise UserError(f"where: no trial has {dict(where)}: {told}")
    return chosen


def _matches(where: Mapping[str, Any], cells: Cells) -> bool:
    return all(
        name in cells
        and (number(cells[name]) == number(wanted) or fnmatchcase(str(cells[name]), str(wanted)))
        for name, wanted in where.items()
    )


def _reading(trial: Trial, columns: Mapping[str, Column], units: dict[str, Any]) -> Reading:
    figures = dict(trial.figures)
    faults = []
    for name, column in columns.items():
        if trial.status is Status.UNREADABLE and name not in _ABOUT:
            continue  # a mean, say
        try:
            value = _figure(name, column, trial.cells, units)
        except ValueError as error:
            faults.append(f"{trial.told}: {column.column} {error}")
        else:
            if value is not None:
                figures[name] = value
    if trial.status is not Status.OK:
        return Reading(figures, trial.status, redact(trial.reason))
    metrics = [name for name in columns if name not in _ABOUT]
    needed = metrics if figures.keys().isdisjoint(metrics) else []
    if missing := [name for name in ("size", *needed) if name in columns.keys() - figures.keys()]:
        empty = listed(columns[name].column for name in missing)
        faults = faults or [f"{trial.told}: nothing stands under {empty}"]
    if faults:
        return Reading(figures, Status.INCOMPLETE, redact("; ".join(faults)))
    return Reading(figures, Status.OK, redact(trial.reason))


def _figure(name: str, column: Column, cells: Cells, units: dict[str, Any]) -> Figure | None:
    value = number(cells.get(column.column))
    if value is None:
        return None
    if name == "started_at":
        return moment(value)
    if name in _WORDS:
        return redact(value) if isinstance(value, str) else value
    if isinstance(value, str):
        raise ValueError(f"is {_quote(value)}, expected a number")
    if name in _WHOLE:
        if value != int(value):
            raise ValueError(f"is {value}, expected a whole number")
        return int(value)
    # As ReFrame writes it: bandwidth_value|bandwidth_unit.
    unit = cells.get(f"{column.column.removesuffix('_value')}_unit")
    if unit:
        own = column.unit if number(column.times) == 1 else ""
        expected = own or units.setdefault(column.column, unit)
        if unit != expected:
            raise ValueError(f"is in {_quote(unit)}, expected {_quote(expected)}")
    return value if number(column.times) == 1 else scaled(value, column.times)


def scaled(value: float, factor: float | str) -> float:
    """Return a product with no more digits than its factors.

    >>> scaled(0.07, 100), 0.07 * 100
    (7.0, 7.000000000000001)
    """
    product = float(Decimal(str(value)) * Decimal(str(factor)))
    if not math.isfinite(product):
        raise ValueError(f"is {value}, too large a number")
    return product


def moment(value: Figure) -> str:
    """Return a time as other logs tell it: ISO 8601 in UTC, where that is known."""
    if (time := began(str(value))) is None:
        raise ValueError(f"is {_quote(value)}, expected a date like 2026-11-28T08:15:00")
    return time
