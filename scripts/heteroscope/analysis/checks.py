"""What guards look at: one thing each that could make two groups of trials differ, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from heteroscope import inference
from heteroscope.analysis import commands
from heteroscope.metrics import METRICS
from heteroscope.words import at_sizes, counted, listed, number, p_equals

# What is read beside the keys of a trial and the metrics that are compared.
FIGURES = (
    "started_at", "lammps_version", "command", "atoms", "steps", "threads", "nodes_requested",
    "flux_submit_source", "sha256", "record",
    *dict.fromkeys(name for metric in METRICS.values() for name in (*metric.of, *metric.minus)),
)  # fmt: skip

FEWEST = 6
"""Values below which a median has no interval at 95 %."""

FAR = 3.5
"""Robust standard deviations beyond which a value is far (Iglewicz and Hoaglin, 1993)."""


class Level(StrEnum):
    """What a guard makes of a comparison."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one guard found, in words; of what is unknown, for whom."""

    guard: str
    level: Level
    sentence: str


@dataclass(frozen=True, eq=False)
class Group:
    """The trials of one run at one size, and what is known of them.

    Attributes
    ----------
    run, size
        Whose trials.
    trials
        All rows of the table of trials in order of execution, those that are left out, too.
    days
        First and last day of the whole run, as far as its logs or its declaration tell.
    declared
        What the configuration declares of the run.
    label
        What the run is called in sentences.
    """

    run: str
    size: int
    trials: pd.DataFrame
    days: tuple[str, str] | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    # Guards ask the same again and again, and a group takes part in several comparisons.
    _known: dict[str, frozenset[Any]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The trials that count."""
        return self.trials[self.trials["excluded"] == ""]

    def known(self, column: str) -> frozenset[Any]:
        """Return the different values of a column; none where no trial that counts has one."""
        if column not in self._known:
            values = self.counted[column].dropna().unique()
            self._known[column] = frozenset(_plain(value) for value in values if value != "")
        return self._known[column]

    def values(self, metric: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the values of a metric that count, in the order of execution."""
        resolution = METRICS[metric].resolution
        return inference.clean(self.counted[metric].to_numpy(), resolution=resolution).values

    def figure(self, metric: str) -> str | None:
        """Return the name of the figure from which a metric is read here."""
        return next((name for name in METRICS[metric].of if self.known(name)), None)

    def name(self, other: Group) -> str:
        """Return what tells this group from another one."""
        return self.label if self.run != other.run else f"{self.label} {at_sizes([self.size])}"


def _plain(value: Any) -> Any:
    """Return a whole number as int: a column with gaps holds it as float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _spell(values: Iterable[Any]) -> str:
    return " or ".join(sorted(map(str, values)))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that should be the same in both groups.

    Attributes
    ----------
    guard, title
        Its name in the table, and in words.
    of
        What a group says of it: its values, none if it does not say.
    at_one_size, across_sizes
        What it means if it differs.
    of_run
        It belongs to a run as a whole, and so is alike at all its sizes.
    """

    guard: str
    title: str
    of: Callable[[Group], frozenset[Any]]
    at_one_size: Level = Level.WARN
    across_sizes: Level = Level.WARN
    of_run: bool = False

    def check(self, run: Group, baseline: Group) -> Finding:
        """Compare what two groups say."""
        if self.of_run and run.run == baseline.run:
            return Finding(self.guard, Level.OK, f"{self.title}: one run")
        mine, other = self.of(run), self.of(baseline)
        if not (mine and other):
            return _unknown(self.guard, run, baseline, bool(mine), bool(other))
        if mine == other and len(mine) == 1:
            return Finding(self.guard, Level.OK, f"{self.title}: {_spell(mine)} in both")
        level = self.at_one_size if run.size == baseline.size else self.across_sizes
        if mine == other:  # the same mixture on both sides is still a mixture
            level = Level.WARN
        told = f"{_spell(mine)} in {run.name(baseline)} and {_spell(other)} in {baseline.name(run)}"
        return Finding(self.guard, level, f"{self.title}: {told}")


def _unknown(guard: str, run: Group, baseline: Group, mine: bool, other: bool) -> Finding:
    """Say for whom something is not known."""
    who = run.name(baseline) if other else baseline.name(run) if mine else "either"
    return Finding(guard, Level.UNKNOWN, who)


def _declared(key: str) -> Callable[[Group], frozenset[Any]]:
    return lambda group: frozenset([group.declared[key]] if group.declared.get(key) else [])


def _read(column: str) -> Callable[[Group], frozenset[Any]]:
    return lambda group: group.known(column)


def _of_commands(
    look: Callable[[Iterable[str]], frozenset[str]],
) -> Callable[[Group], frozenset[Any]]:
    return lambda group: look(sorted(group.known("command")))


def _a_node(column: str) -> Callable[[Group], frozenset[Any]]:
    """Divide by the size, so that sizes can be compared; at one size it is all the same."""
    return lambda group: frozenset(_plain(n / group.size) for n in group.known(column))


FACTS = (
    Fact("image", "container image", _declared("image"), of_run=True),
    Fact("lammps_version", "LAMMPS version", _read("lammps_version")),
    Fact("input", "input of LAMMPS", _of_commands(commands.problems), at_one_size=Level.BLOCK),
    Fact("options", "further arguments of LAMMPS", _of_commands(commands.options)),
    Fact("atoms", "atoms", _read("atoms"), at_one_size=Level.BLOCK),
    Fact("steps", "time steps", _read("steps"), at_one_size=Level.BLOCK, across_sizes=Level.BLOCK),
    Fact("ranks", "MPI ranks a node", _a_node("ranks"), at_one_size=Level.BLOCK),
    Fact("nodes", "nodes asked for, times the size", _a_node("nodes_requested")),
    Fact("threads", "threads a rank", _read("threads")),
    Fact("binding", "binding flags of the launcher", _of_commands(commands.bindings)),
    Fact("machine", "machine", _declared("machine"), of_run=True),
    Fact("cluster", "cluster", _declared("cluster"), of_run=True),
)


def date(run: Group, baseline: Group) -> Finding:
    """Compare the days on which two runs took place."""
    if run.run == baseline.run:
        return Finding("date", Level.OK, "date: one run")
    if run.days is None or baseline.days is None:
        return _unknown("date", run, baseline, bool(run.days), bool(baseline.days))
    overlap = run.days[0] <= baseline.days[1] and baseline.days[0] <= run.days[1]
    told = " and ".join(
        f"{group.name(other)} {' to '.join(dict.fromkeys(group.days or ()))}"
        for group, other in ((run, baseline), (baseline, run))
    )
    return Finding("date", Level.OK if overlap else Level.WARN, f"date: {told}")


def order(run: Group, baseline: Group) -> Finding:
    """Find out whether the trials of both were dealt in turn, or in blocks."""
    times = [sorted(filter(None, g.counted["started_at"].dropna())) for g in (run, baseline)]
    if not all(times):
        return _unknown("order", run, baseline, bool(times[0]), bool(times[1]))
    placed = sorted((time, mine) for mine, of in zip((1, 0), times, strict=True) for time in of)
    p = inference.too_few_runs([mine for _, mine in placed])
    first, second = sorted(
        (of[0], of[-1], name)
        for of, name in zip(times, (run.name(baseline), baseline.name(run)), strict=True)
    )
    apart = first[1] < second[0] and len(placed) > 2
    told = f"{first[2]} and {second[2]} took turns"
    if apart:
        told = f"all of {first[2]} came before {second[2]} (last {_minute(first[1])}, first "
        told += f"{_minute(second[0])})"
    elif p <= 0.05:
        told = (
            f"{first[2]} and {second[2]} came in blocks, too few turns for chance ({p_equals(p)})"
        )
    if blocked := apart or p <= 0.05:
        told += ", so a change of the machine in between looks the same"
    return Finding("order", Level.WARN if blocked else Level.OK, f"order of the trials: {told}")


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def _copies(run: Group, baseline: Group) -> Finding:
    """Find trials that stand in both groups: of one file, with the same figures."""
    figures = [
        "sha256",
        *(name for name in FIGURES[FIGURES.index("sha256") :] if name in run.trials),
    ]
    mine, other = (
        {*map(tuple, rows.loc[rows["sha256"].notna(), figures].astype(str).to_numpy())}
        for rows in (run.counted, baseline.counted)
    )
    if shared := len(mine & other):
        told = f"{counted(shared, 'trial')} of {len(mine)} in both, and so not two samples"
        return Finding("copies", Level.BLOCK, f"copies: {told}")
    return Finding("copies", Level.OK, "copies: no trial is in both")


GENERAL: tuple[Callable[[Group, Group], Finding], ...] = (
    *(fact.check for fact in FACTS),
    date,
    order,
    _copies,
)
"""The guards that do not depend on the metric."""


def _definition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Compare what the clocks of a metric start and stop at."""

    def found(level: Level, told: str) -> Finding:
        return Finding("metric", level, f"definition of the metric: {told}")

    mine, theirs = run.figure(metric), baseline.figure(other)
    names = run.name(baseline), baseline.name(run)
    if mine is None or theirs is None:
        return _unknown("metric", run, baseline, bool(mine), bool(theirs))
    if METRICS[metric].minus != METRICS[other].minus:
        return found(Level.BLOCK, f"{metric} in {names[0]}, {other} in {names[1]}")
    if mine == theirs:
        return _source(run, baseline, metric) or found(Level.OK, f"{mine} in both")
    told = f"{_clock_of(mine)} in {names[0]}, {_clock_of(theirs)} in {names[1]}"
    if any(
        mine in definition.of and theirs in definition.of and definition.like_for_like
        for definition in METRICS.values()
    ):
        return found(Level.OK, f"{told}; like events")
    return found(Level.BLOCK, f"{told}: two clocks that start at different events")


def _source(run: Group, baseline: Group, metric: str) -> Finding | None:
    """Warn if one figure has two sources, of which one counts more coarsely."""
    if "flux_submit" not in (run.figure(metric), *METRICS[metric].minus):
        return None
    sources = run.known("flux_submit_source"), baseline.known("flux_submit_source")
    if sources[0] == sources[1]:
        return None
    told = f"{_spell(sources[0])} in {run.name(baseline)} and {_spell(sources[1])} in "
    told += f"{baseline.name(run)} (rc2 counts in 0.1 s)"
    return Finding(
        "metric", Level.WARN, f"definition of the metric: flux_submit is read from {told}"
    )


def _clock_of(figure: str) -> str:
    """Say what a figure's clock runs between."""
    definition = METRICS.get(figure)
    if definition is None or not definition.start:
        return figure
    return f"{figure} (from when {definition.start} to when {definition.stop})"


def _samples(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Look at how many values there are, and how many trials lack one."""
    sizes, told = [], []
    for group, beside, name in ((run, baseline, metric), (baseline, run, other)):
        n = len(group.values(name))
        sizes.append(n)
        missing, excluded = len(group.counted) - n, len(group.trials) - len(group.counted)
        gone = [f"{missing} missing"] * bool(missing) + [f"{excluded} left out"] * bool(excluded)
        told.append(f"{n} in {group.name(beside)}{f' ({listed(gone)})' if gone else ''}")
    if min(sizes) < FEWEST:
        told.append(f"below {FEWEST} a median has no interval")
    level = Level.WARN if min(sizes) < FEWEST else Level.OK
    return Finding("samples", level, f"values: {', '.join(told)}")


def _first_repetition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Ask whether first trials were kept by one rule, and whether one that was kept stands out."""
    told, kept, far = [], [], False
    for group, beside, name in ((run, baseline, metric), (baseline, run, other)):
        kept.append(group.trials["excluded"].iloc[0] == "")
        z = inference.robust_z(group.values(name), METRICS[name].resolution)[:1]
        if not kept[-1]:
            told.append(f"left out in {group.name(beside)}")
        elif len(z):
            told.append(
                f"kept in {group.name(beside)}, {number(z[0], 2)} robust sd from the median"
            )
            far |= bool(abs(z[0]) > FAR)
    level = Level.WARN if far or kept[0] != kept[1] else Level.OK
    return Finding("first_repetition", level, f"first trial: {', '.join(told) or 'none'}")


SPECIFIC: tuple[Callable[[Group, Group, str, str], Finding], ...] = (
    _definition,
    _samples,
    _first_repetition,
)
"""The guards that depend on the metric."""
