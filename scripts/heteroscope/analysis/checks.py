"""What guards look at: one thing each that could make two groups of trials differ, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from heteroscope import inference, metrics
from heteroscope.analysis import commands
from heteroscope.metrics import METRICS
from heteroscope.words import (
    at_sizes,
    counted,
    in_words,
    listed,
    number,
    p_equals,
    sizes_are_nodes,
)

_READ = (
    "started_at", "ordered_by", "lammps_version", "command", "problem", "atoms", "steps", "threads",
    "nodes_requested", "flux_submit_source", "fingerprint", "sha256", "record",
)  # fmt: skip

# What is said of a run in the configuration.
_DECLARED = ("image", "machine", "cluster")

FEWEST = 6
"""Values below which a median has no interval at 95 %."""

FAR = 3.5
"""Robust standard deviations beyond which a value is far (Iglewicz and Hoaglin, 1993)."""


def figures() -> list[str]:
    """Return what is read of trials, beside their keys and the metrics that are compared."""
    return list(dict.fromkeys([*_READ, *metrics.FACTS, *_measured()]))


def _measured() -> list[str]:
    terms = (name for metric in METRICS.values() for name in (*metric.of, *metric.minus))
    return list(dict.fromkeys(terms))


class Level(StrEnum):
    """What a guard makes of a comparison, the worst last."""

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

    `trials` are all rows of the table of trials in order of execution, those that are left out,
    too; `days` the first and last day of the whole run; `declared` what the configuration says of
    it; `label` what it is called in sentences.
    """

    run: str
    size: int
    trials: pd.DataFrame
    days: tuple[str, str] | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The trials that count."""
        return self.trials[self.trials["excluded"] == ""]

    @cached_property
    def known(self) -> dict[str, frozenset[Any]]:
        """The different values of each column and fact; none where no trial that counts has one."""
        found = {
            str(column): frozenset(_plain(cell) for cell in cells.dropna().unique() if cell != "")
            for column, cells in self.counted.items()
        }
        launched = sorted(found["command"])
        return {
            **found,
            **{key: frozenset(filter(None, [self.declared.get(key)])) for key in _DECLARED},
            "input": commands.problems(launched) or found["problem"],
            "options": commands.options(launched),
            "binding": commands.bindings(launched),
            "ranks": self._a_node(found["ranks"]),
            "nodes": self._a_node(found["nodes_requested"]),
        }

    def _a_node(self, counts: Iterable[Any]) -> frozenset[Any]:
        """Divide by the size, so that sizes can be compared; at one size it is all the same."""
        return frozenset(_plain(n / self.size) if sizes_are_nodes() else n for n in counts)

    @property
    def in_order(self) -> bool:
        """Whether it is known when each trial began: a listing is no order of execution."""
        return self.known["ordered_by"] == {"start"}

    def values(self, metric: str) -> NDArray[np.float64]:
        """Return the values of a metric that count, in the order of execution."""
        resolution = METRICS[metric].resolution
        return inference.clean(self.counted[metric].to_numpy(), resolution=resolution)

    def figure(self, metric: str) -> str | None:
        """Return the name of the figure from which a metric is read here."""
        return next((name for name in METRICS[metric].of if self.known.get(name)), None)

    def name(self, other: Group) -> str:
        """Return what tells this group from another one."""
        return self.label if self.run != other.run else f"{self.label} {at_sizes([self.size])}"


def _plain(value: Any) -> Any:
    """Return a whole number as int: a column with gaps holds it as float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _spell(values: Iterable[Any]) -> str:
    return " or ".join(sorted(map(str, values)))


def unknown(guard: str, run: Group, baseline: Group, mine: object, other: object) -> Finding:
    """Say for whom something is not known."""
    who = run.name(baseline) if other else baseline.name(run) if mine else "either"
    return Finding(guard, Level.UNKNOWN, who)


def _warn(guard: str, differs: object, sentence: str) -> Finding:
    return Finding(guard, Level.WARN if differs else Level.OK, sentence)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that should be the same in both groups, and in all trials of each.

    `guard` is its name, also in what a group knows. If it differs that means `at_one_size`,
    `across_sizes`, or `within` one group; what is `of_run` is alike at all sizes of a run.
    """

    guard: str
    title: str
    at_one_size: Level = Level.WARN
    across_sizes: Level = Level.WARN
    within: Level = Level.WARN
    of_run: bool = False

    def check(self, run: Group, baseline: Group) -> Finding:
        """Compare what two groups say."""
        title = self.title if sizes_are_nodes() else self.title.removesuffix(" a node")
        if self.of_run and run.run == baseline.run:
            return Finding(self.guard, Level.OK, f"{title}: one run")
        mine, other = run.known[self.guard], baseline.known[self.guard]
        mixed = max(len(mine), len(other)) > 1
        if not (mine and other) and not mixed:
            return unknown(self.guard, run, baseline, mine, other)
        if mine == other and not mixed:
            return Finding(self.guard, Level.OK, f"{title}: {_spell(mine)} in both")
        told = [
            f"{_spell(values) or 'not recorded'} in {group.name(beside)}"
            for group, beside, values in ((run, baseline, mine), (baseline, run, other))
        ]
        level = self.at_one_size if run.size == baseline.size else self.across_sizes
        if mine == other:
            level, told = self.within, told[: 1 if run is baseline else 2]
        elif mixed:
            level = max(level, self.within, key=list(Level).index)
        elif not sizes_are_nodes() and (*mine, *other) == (run.size, baseline.size):
            level = Level.OK  # it is what sizes count
        return Finding(self.guard, level, f"{title}: {' and '.join(told)}")


FACTS = (
    Fact("image", "container image", of_run=True),
    Fact("lammps_version", "LAMMPS version"),
    Fact("input", "input of LAMMPS", at_one_size=Level.BLOCK),
    Fact("options", "further arguments of LAMMPS"),
    # What `input` does not tell: several problems within one group.
    Fact("problem", "problem", Level.OK, Level.OK, Level.BLOCK),
    Fact("atoms", "atoms", Level.BLOCK, Level.WARN, Level.BLOCK),
    Fact("steps", "time steps", Level.BLOCK, Level.BLOCK, Level.BLOCK),
    Fact("ranks", "MPI ranks a node", Level.BLOCK, Level.WARN, Level.BLOCK),
    Fact("nodes", "nodes asked for, times the size"),
    Fact("threads", "threads a rank"),
    Fact("binding", "binding flags of the launcher"),
    Fact("machine", "machine", of_run=True),
    Fact("cluster", "cluster", of_run=True),
)
# What is asked of LAMMPS alone.
_OF_LAMMPS = {"lammps_version", "input", "options", "atoms", "steps"}
# A figure with more values than these in one group is measured, and no fact.
_MOST_VALUES = 3


def facts(run: Group, baseline: Group) -> list[Fact]:
    """Return what should be the same in two groups: the usual, and what the campaign declares."""
    known = [group.known for group in (run, baseline)]
    others = any(not metric.resolution for metric in METRICS.values())
    of_lammps = not others or any(of[name] for of in known for name in _OF_LAMMPS)
    unasked = set() if of_lammps else _OF_LAMMPS
    if not sizes_are_nodes():
        unasked = {*unasked, "nodes"}
    usual = [fact for fact in FACTS if fact.guard not in unasked]
    declared = [
        Fact(name, in_words(name))
        for name in metrics.FACTS
        if name not in {fact.guard for fact in FACTS}
        and all(len(of.get(name, ())) <= _MOST_VALUES for of in known)
    ]
    return [*usual, *declared]


def date(run: Group, baseline: Group) -> Finding:
    """Compare the days on which two runs took place."""
    if run.run == baseline.run:
        return Finding("date", Level.OK, "date: one run")
    if run.days is None or baseline.days is None:
        return unknown("date", run, baseline, run.days, baseline.days)
    overlap = run.days[0] <= baseline.days[1] and baseline.days[0] <= run.days[1]
    told = " and ".join(
        f"{group.name(other)} {' to '.join(dict.fromkeys(group.days or ()))}"
        for group, other in ((run, baseline), (baseline, run))
    )
    return _warn("date", not overlap, f"date: {told}")


def order(run: Group, baseline: Group) -> Finding:
    """Find out whether the trials of both were dealt in turn, or in blocks."""
    if not (run.in_order and baseline.in_order):
        return unknown("order", run, baseline, run.in_order, baseline.in_order)
    times = [sorted(group.counted["started_at"]) for group in (run, baseline)]
    placed = sorted((time, mine) for mine, of in zip((1, 0), times, strict=True) for time in of)
    p = inference.too_few_runs([mine for _, mine in placed])
    first, second = sorted(
        (of[0], of[-1], name)
        for of, name in zip(times, (run.name(baseline), baseline.name(run)), strict=True)
    )
    apart = first[1] < second[0] and len(placed) > 2
    told = f"{first[2]} and {second[2]} took turns"
    if apart:
        last, begin = (time[:16].replace("T", " ") for time in (first[1], second[0]))
        told = f"all of {first[2]} came before {second[2]} (last {last}, first {begin})"
    elif p <= 0.05:
        told = (
            f"{first[2]} and {second[2]} came in blocks, too few turns for chance ({p_equals(p)})"
        )
    if blocked := apart or p <= 0.05:
        told += ", so a change of the machine in between looks the same"
    return _warn("order", blocked, f"order of the trials: {told}")


def _copies(run: Group, baseline: Group) -> Finding:
    """Find trials that stand in both groups: the same file and figures, or the same times."""
    names = ["sha256", *(name for name in ("record", *_measured()) if name in run.trials)]
    mine, other = (
        {*map(tuple, rows.loc[rows["sha256"].notna(), names].astype(str).to_numpy())}
        for rows in (run.counted, baseline.counted)
    )
    measured = run.known["fingerprint"] & baseline.known["fingerprint"]
    if shared := max(len(mine & other), len(measured)):
        told = f"{counted(shared, 'trial')} of {len(run.counted)} in both, and so not two samples"
        return Finding("copies", Level.BLOCK, f"copies: {told}")
    return Finding("copies", Level.OK, "copies: no trial is in both")


def general(run: Group, baseline: Group) -> list[Finding]:
    """Ask the guards that do not depend on the metric."""
    asked = [fact.check(run, baseline) for fact in facts(run, baseline)]
    asked += [check(run, baseline) for check in (date, order, _copies)]
    return [found for found in asked if found.guard != "problem" or found.level is Level.BLOCK]


def _definition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Compare what the clocks of a metric start and stop at."""

    def found(level: Level, told: str) -> Finding:
        return Finding("metric", level, f"definition of the metric: {told}")

    mine, theirs = run.figure(metric), baseline.figure(other)
    names = run.name(baseline), baseline.name(run)
    if mine is None or theirs is None:
        return unknown("metric", run, baseline, mine, theirs)
    if METRICS[metric].minus != METRICS[other].minus:
        return found(Level.BLOCK, f"{metric} in {names[0]}, {other} in {names[1]}")
    if mine == theirs:
        sources = run.known["flux_submit_source"], baseline.known["flux_submit_source"]
        if "flux_submit" in (mine, *METRICS[metric].minus) and sources[0] != sources[1]:
            told = [f"{_spell(of)} in {name}" for of, name in zip(sources, names, strict=True)]
            told[1] += " (rc2 counts in 0.1 s)"
            return found(Level.WARN, f"flux_submit is read from {' and '.join(told)}")
        return found(Level.OK, f"{mine} in both")
    told_ = f"{_clock_of(mine)} in {names[0]}, {_clock_of(theirs)} in {names[1]}"
    if any(
        mine in definition.of and theirs in definition.of and definition.like_for_like
        for definition in METRICS.values()
    ):
        return found(Level.OK, f"{told_}; like events")
    return found(Level.BLOCK, f"{told_}: two clocks that start at different events")


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
    if few := min(sizes) < FEWEST:
        told.append(f"below {FEWEST} a median has no interval")
    return _warn("samples", few, f"values: {', '.join(told)}")


def _first_repetition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Ask whether first trials were kept by one rule, and whether one that was kept stands out."""
    told, kept, far = [], [], False
    for group, beside, name in ((run, baseline, metric), (baseline, run, other)):
        kept.append(group.trials["excluded"].iloc[0] == "")
        values = group.values(name)
        if not kept[-1]:
            told.append(f"left out in {group.name(beside)}")
        elif len(values):
            z = inference.robust_z(
                values, METRICS[name].resolution or METRICS[name].step_of(values)
            )
            told.append(
                f"kept in {group.name(beside)}, {number(z[0], 2)} robust sd from the median"
            )
            far |= bool(abs(z[0]) > FAR)
    differs = far or kept[0] != kept[1]
    return _warn("first_repetition", differs, f"first trial: {', '.join(told) or 'none'}")


SPECIFIC: tuple[Callable[[Group, Group, str, str], Finding], ...] = (
    _definition,
    _samples,
    _first_repetition,
)
"""The guards that depend on the metric."""
