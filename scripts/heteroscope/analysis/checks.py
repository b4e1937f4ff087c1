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
    "nodes_requested", "flux_submit_source", "fingerprint", "sha256", "record", "binding",
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
        launched = [commands.facts(command) for command in found["command"]]
        of_commands = {
            name: frozenset(told[name] for told in launched if told)
            for name in ("input", "options", "binding")
        }
        return {
            **found,
            **{key: frozenset(filter(None, [self.declared.get(key)])) for key in _DECLARED},
            **of_commands,
            "input": of_commands["input"] or found["problem"],
            # A jobspec says it beside the command.
            "binding": found["binding"] or of_commands["binding"],
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


@dataclass(frozen=True)
class Pair:
    """Two groups that are compared, and the metric of each; none, for what asks of no metric."""

    run: Group
    baseline: Group
    metric: str = ""
    other: str = ""

    @property
    def one_run(self) -> bool:
        """Whether two sizes of one run are compared."""
        return self.run.run == self.baseline.run

    @property
    def sides(self) -> tuple[tuple[Group, str, str], tuple[Group, str, str]]:
        """Each group, what it is called to tell it from the other, and its metric."""
        names = [
            f"{group.label} {at_sizes([group.size])}" if self.one_run else group.label
            for group in (self.run, self.baseline)
        ]
        return (self.run, names[0], self.metric), (self.baseline, names[1], self.other)

    def unknown(self, guard: str, mine: object, other: object) -> Finding:
        """Say for whom something is not known."""
        (_, run, _), (_, baseline, _) = self.sides
        return Finding(guard, Level.UNKNOWN, run if other else baseline if mine else "either")


def _plain(value: Any) -> Any:
    """Return a whole number as int: a column with gaps holds it as float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _spell(values: Iterable[Any]) -> str:
    return " or ".join(sorted(map(str, values)))


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

    def check(self, pair: Pair) -> Finding:
        """Compare what two groups say."""
        title = self.title if sizes_are_nodes() else self.title.removesuffix(" a node")
        if self.of_run and pair.one_run:
            return Finding(self.guard, Level.OK, f"{title}: one run")
        run, baseline = pair.run, pair.baseline
        mine, other = run.known[self.guard], baseline.known[self.guard]
        mixed = max(len(mine), len(other)) > 1
        if not (mine and other) and not mixed:
            return pair.unknown(self.guard, mine, other)
        if mine == other and not mixed:
            return Finding(self.guard, Level.OK, f"{title}: {_spell(mine)} in both")
        told = [
            f"{_spell(group.known[self.guard]) or 'not recorded'} in {name}"
            for group, name, _ in pair.sides
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


def facts(pair: Pair) -> list[Fact]:
    """Return what should be the same in two groups: the usual, and what the campaign declares."""
    known = [pair.run.known, pair.baseline.known]
    others = any(not metric.resolution for metric in METRICS.values())
    of_lammps = not others or any(of[name] for of in known for name in _OF_LAMMPS)
    unasked = set() if of_lammps else _OF_LAMMPS
    if not sizes_are_nodes():
        unasked = {*unasked, "nodes"}
    usual = {fact.guard: fact for fact in FACTS}
    declared = [
        Fact(name, in_words(name))
        for name in metrics.FACTS
        if name not in usual and all(len(of.get(name, ())) <= _MOST_VALUES for of in known)
    ]
    return [*(fact for name, fact in usual.items() if name not in unasked), *declared]


def date(pair: Pair) -> Finding:
    """Compare the days on which two runs took place."""
    if pair.one_run:
        return Finding("date", Level.OK, "date: one run")
    mine, other = pair.run.days, pair.baseline.days
    if mine is None or other is None:
        return pair.unknown("date", mine, other)
    told = " and ".join(
        f"{name} {' to '.join(dict.fromkeys(group.days or ()))}" for group, name, _ in pair.sides
    )
    return _warn("date", mine[0] > other[1] or other[0] > mine[1], f"date: {told}")


def order(pair: Pair) -> Finding:
    """Find out whether the trials of both were dealt in turn, or in blocks."""
    if not (pair.run.in_order and pair.baseline.in_order):
        return pair.unknown("order", pair.run.in_order, pair.baseline.in_order)
    times = [(sorted(group.counted["started_at"]), name) for group, name, _ in pair.sides]
    placed = sorted(
        (time, mine) for mine, (of, _) in zip((1, 0), times, strict=True) for time in of
    )
    p = inference.too_few_runs([mine for _, mine in placed])
    (_, last, first), (begin, _, second) = sorted((of[0], of[-1], name) for of, name in times)
    apart = last < begin and len(placed) > 2
    told = f"{first} and {second} took turns"
    if apart:
        last, begin = (time[:16].replace("T", " ") for time in (last, begin))
        told = f"all of {first} came before {second} (last {last}, first {begin})"
    elif p <= 0.05:
        told = f"{first} and {second} came in blocks, too few turns for chance ({p_equals(p)})"
    if blocked := apart or p <= 0.05:
        told += ", so a change of the machine in between looks the same"
    return _warn("order", blocked, f"order of the trials: {told}")


def _copies(pair: Pair) -> Finding:
    """Find trials that stand in both groups: the same file and figures, or the same times."""
    run, baseline = pair.run, pair.baseline
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


def general(pair: Pair) -> list[Finding]:
    """Ask the guards that do not depend on the metric."""
    found = [check(pair) for check in (*(fact.check for fact in facts(pair)), date, order, _copies)]
    return [each for each in found if each.guard != "problem" or each.level is Level.BLOCK]


def _definition(pair: Pair) -> Finding:
    """Compare what the clocks of a metric start and stop at."""
    (run, my_name, metric), (baseline, its_name, other) = pair.sides
    mine, theirs = run.figure(metric), baseline.figure(other)
    if mine is None or theirs is None:
        return pair.unknown("metric", mine, theirs)
    sources = run.known["flux_submit_source"], baseline.known["flux_submit_source"]
    clocks = f"{_clock_of(mine)} in {my_name}, {_clock_of(theirs)} in {its_name}"
    level, told = Level.OK, f"{mine} in both"
    if METRICS[metric].minus != METRICS[other].minus:
        level, told = Level.BLOCK, f"{metric} in {my_name}, {other} in {its_name}"
    elif mine != theirs:
        like = any(of.like_for_like and {mine, theirs} <= {*of.of} for of in METRICS.values())
        level = Level.OK if like else Level.BLOCK
        told = clocks + ("; like events" if like else ": two clocks that start at different events")
    elif "flux_submit" in (mine, *METRICS[metric].minus) and sources[0] != sources[1]:
        told = f"{_spell(sources[0])} in {my_name} and {_spell(sources[1])} in {its_name}"
        told = f"flux_submit is read from {told} (rc2 counts in 0.1 s)"
        return Finding("metric", Level.WARN, told)
    return Finding("metric", level, f"definition of the metric: {told}")


def _clock_of(figure: str) -> str:
    """Say what a figure's clock runs between."""
    definition = METRICS.get(figure)
    if definition is None or not definition.start:
        return figure
    return f"{figure} (from when {definition.start} to when {definition.stop})"


def _samples(pair: Pair) -> Finding:
    """Look at how many values there are, and how many trials lack one."""
    sizes, told = [], []
    for group, name, metric in pair.sides:
        n, counted_, every = len(group.values(metric)), len(group.counted), len(group.trials)
        lacking = {"missing": counted_ - n, "left out": every - counted_}
        gone = listed(f"{count} {why}" for why, count in lacking.items() if count)
        told.append(f"{n} in {name}{f' ({gone})' if gone else ''}")
        sizes.append(n)
    if few := min(sizes) < FEWEST:
        told.append(f"below {FEWEST} a median has no interval")
    return _warn("samples", few, f"values: {', '.join(told)}")


def _first_repetition(pair: Pair) -> Finding:
    """Ask whether first trials were kept by one rule, and whether one that was kept stands out."""
    told, kept, far = [], set(), False
    for group, name, metric in pair.sides:
        values = group.values(metric)
        kept.add(group.trials["excluded"].iloc[0] == "")
        if group.trials["excluded"].iloc[0]:
            told.append(f"left out in {name}")
        elif len(values):
            step = METRICS[metric].resolution or METRICS[metric].step_of(values)
            z = inference.robust_z(values, step)[0]
            told.append(f"kept in {name}, {number(z, 2)} robust sd from the median")
            far |= bool(abs(z) > FAR)
    return _warn(
        "first_repetition", far or len(kept) > 1, f"first trial: {', '.join(told) or 'none'}"
    )


SPECIFIC: tuple[Callable[[Pair], Finding], ...] = (_definition, _samples, _first_repetition)
"""The guards that depend on the metric."""
