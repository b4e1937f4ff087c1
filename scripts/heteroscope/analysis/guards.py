"""Is like compared with like? Guards look at all else that logs and configuration say of trials.

A test tells whether two groups of trials differ, never why.  Each guard looks at one other thing
that could be the cause: it is ``ok`` if that is alike, a ``warn`` if it differs or is not known,
and a ``block`` if the comparison means nothing.  What is not known is never taken to be alike.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from heteroscope.inference import clean
from heteroscope.inference.sequences import first_z
from heteroscope.metrics import METRICS
from heteroscope.tables import columns

# What guards read beside the keys of a trial and the metrics that are compared.
FIGURES = (
    "started_at", "lammps_version", "command", "atoms", "steps", "threads", "nodes_requested",
    "flux_submit_source",
    *dict.fromkeys(name for metric in METRICS.values() for name in (*metric.of, *metric.minus)),
)  # fmt: skip

FEWEST = 6
"""Values below which a median has no interval at 95 %."""

FAR = 3.5
"""Robust standard deviations beyond which a value is far (Iglewicz and Hoaglin, 1993)."""

# Flags of launchers that say where ranks go, and how many values follow each.
_BINDING = {
    "--bind-to": 1, "-bind-to": 1, "--map-by": 1, "-map-by": 1, "--rank-by": 1, "-rank-by": 1,
    "--cpu-bind": 1, "--cpu_bind": 1, "--mem-bind": 1, "--distribution": 1, "--hint": 1,
    "--cpus-per-task": 1, "-c": 1, "--cores-per-slot": 1, "--gpu-bind": 1, "--exclusive": 0,
}  # fmt: skip
_BINDING_OPTION = re.compile(r"(?:-o)?((?:cpu|gpu|mem)-(?:affinity|bind)\S*)")
_APPLICATION = re.compile(r"(?:lmp|lammps)(?:[._-].*)?", re.IGNORECASE)
# Arguments of LAMMPS that make another problem of it, and the long forms of their names.
_PROBLEM = {"-in": "-in", "-i": "-in", "-var": "-var", "-v": "-var"}


class Level(StrEnum):
    """What a guard makes of a comparison."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one guard found, in words."""

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
        All rows of the table of trials, those that are left out, too.
    days
        First and last day of the whole run, as far as its logs or its declaration tell.
    declared
        What the configuration declares of the run.
    """

    run: str
    size: int
    trials: pd.DataFrame
    days: tuple[str, str] | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
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
        ordered = self.counted.sort_values("order")
        return clean(ordered[metric].to_numpy(), resolution=METRICS[metric].resolution).values

    def figure(self, metric: str) -> str | None:
        """Return the name of the figure from which a metric is read here."""
        return next((name for name in METRICS[metric].of if self.known(name)), None)


def _plain(value: Any) -> Any:
    """Return a whole number as int: a column with gaps holds it as float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
            return self._found(Level.OK, "one run")
        mine, other = self.of(run), self.of(baseline)
        unknown = [
            _name(group, run, baseline)
            for group, known in ((run, mine), (baseline, other))
            if not known
        ]
        if len(unknown) == 2:
            return self._found(Level.WARN, "not known for either")
        if unknown:
            told = _spell(mine or other)
            return self._found(Level.WARN, f"not known for {unknown[0]}, {told} for the other")
        if mine == other and len(mine) == 1:
            return self._found(Level.OK, f"{_spell(mine)} in both")
        level = self.at_one_size if run.size == baseline.size else self.across_sizes
        told = " and ".join(
            f"{_spell(known)} in {_name(group, run, baseline)}"
            for group, known in ((run, mine), (baseline, other))
        )
        # The same mixture on both sides is still a mixture.
        return self._found(Level.WARN if mine == other else level, told)

    def _found(self, level: Level, told: str) -> Finding:
        return Finding(self.guard, level, f"{self.title}: {told}")


def _name(group: Group, run: Group, baseline: Group) -> str:
    return group.run if run.run != baseline.run else f"{group.run} at {group.size} nodes"


def _spell(values: Iterable[Any]) -> str:
    return " or ".join(sorted(map(str, values)))


def _split(command: str) -> tuple[list[str], list[str]] | None:
    """Return the words of a command before LAMMPS, and its arguments; None if it is not there."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    for place, word in enumerate(words):
        if _APPLICATION.fullmatch(PurePosixPath(word).name):
            return words[:place], words[place + 1 :]
    return None


def _commands(group: Group) -> Iterator[tuple[list[str], list[str]]]:
    for command in sorted(group.known("command")):
        words = _split(command)
        if words is not None:
            yield words


def _problem(group: Group) -> frozenset[str]:
    """Return the arguments of LAMMPS that say what is computed."""
    return frozenset(_arguments(words, problem=True) for _, words in _commands(group))


def _options(group: Group) -> frozenset[str]:
    """Return all other arguments of LAMMPS: packages, suffixes, output."""
    return frozenset(_arguments(words, problem=False) for _, words in _commands(group))


def _arguments(words: Sequence[str], *, problem: bool) -> str:
    """Return arguments sorted by their flag, for their order makes no difference."""
    flags: list[list[str]] = []
    for word in words:
        if re.match(r"-[A-Za-z]", word) or not flags:
            flags.append([word])
        else:
            flags[-1].append(word)
    wanted = (
        [_PROBLEM.get(flag, flag), *rest] for flag, *rest in flags if (flag in _PROBLEM) == problem
    )
    return " ".join(" ".join(words) for words in sorted(wanted)) or "none"


def _binding(group: Group) -> frozenset[str]:
    """Return the flags of the launcher that bind ranks to cores."""
    found = set()
    for launcher, _ in _commands(group):
        flags = []
        for place, word in enumerate(launcher):
            name, equals, _value = word.partition("=")
            if name in _BINDING:
                follow = 0 if equals else _BINDING[name]
                flags.append(" ".join(launcher[place : place + 1 + follow]))
            elif option := _BINDING_OPTION.fullmatch(word):
                flags.append(f"-o {option[1]}")
        found.add(" ".join(flags) or "none")
    return frozenset(found)


def _declared(key: str) -> Callable[[Group], frozenset[Any]]:
    return lambda group: frozenset([group.declared[key]] if group.declared.get(key) else [])


def _read(column: str) -> Callable[[Group], frozenset[Any]]:
    return lambda group: group.known(column)


def _ranks(group: Group) -> frozenset[Any]:
    """Return the ranks a node, so that sizes can be compared; at one size it is all the same."""
    return frozenset(_plain(ranks / group.size) for ranks in group.known("ranks"))


FACTS = (
    Fact("image", "container image", _declared("image"), of_run=True),
    Fact("lammps_version", "LAMMPS version", _read("lammps_version")),
    Fact("input", "input of LAMMPS", _problem, at_one_size=Level.BLOCK),
    Fact("options", "further arguments of LAMMPS", _options),
    Fact("atoms", "atoms", _read("atoms"), at_one_size=Level.BLOCK),
    Fact("steps", "time steps", _read("steps"), at_one_size=Level.BLOCK, across_sizes=Level.BLOCK),
    Fact("ranks", "MPI ranks a node", _ranks, at_one_size=Level.BLOCK),
    Fact("threads", "threads a rank", _read("threads")),
    Fact("binding", "binding flags of the launcher", _binding),
    Fact("machine", "machine", _declared("machine"), of_run=True),
    Fact("cluster", "cluster", _declared("cluster"), of_run=True),
)


def _nodes(run: Group, baseline: Group) -> Finding:
    """Compare the size with the nodes that the launcher was asked for."""
    asked = {group.run: group.known("nodes_requested") for group in (run, baseline)}
    if wrong := [
        f"{group.run} asked for {_spell(group.known('nodes_requested'))} nodes at size {group.size}"
        for group in (run, baseline)
        if group.known("nodes_requested") - {group.size}
    ]:
        return Finding("nodes", Level.WARN, f"nodes: {' and '.join(wrong)}")
    sizes = " against ".join(str(size) for size in dict.fromkeys((run.size, baseline.size)))
    told = "" if all(asked.values()) else ", by where the logs lie"
    return Finding("nodes", Level.OK, f"nodes: {sizes}{told}")


def _date(run: Group, baseline: Group) -> Finding:
    """Compare the days on which two runs took place."""
    if run.run == baseline.run:
        return Finding("date", Level.OK, "date: one run")
    if unknown := [group.run for group in (run, baseline) if group.days is None]:
        return Finding("date", Level.WARN, f"date: not known for {' nor '.join(unknown)}")
    assert run.days is not None
    assert baseline.days is not None
    overlap = run.days[0] <= baseline.days[1] and baseline.days[0] <= run.days[1]
    told = " and ".join(
        f"{group.run} {' to '.join(dict.fromkeys(group.days or ()))}" for group in (run, baseline)
    )
    return Finding("date", Level.OK if overlap else Level.WARN, f"date: {told}")


def _order(run: Group, baseline: Group) -> Finding:
    """Find out whether the trials of both came in turn, or all of one before the other."""
    spans = []
    for group in (run, baseline):
        times = sorted(group.known("started_at"))
        if not times:
            name = _name(group, run, baseline)
            return Finding("order", Level.WARN, f"order of the trials: not known for {name}")
        spans.append((times[0], times[-1], _name(group, run, baseline)))
    (_, end, first), (start, _, second) = sorted(spans)
    if start <= end:
        return Finding("order", Level.OK, f"order of the trials: {first} and {second} interleave")
    return Finding(
        "order",
        Level.WARN,
        f"order of the trials: all of {first} came before {second} (last {_minute(end)}, "
        f"first {_minute(start)}), so a change of the machine in between looks the same",
    )


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


GENERAL: tuple[Callable[[Group, Group], Finding], ...] = (
    *(fact.check for fact in FACTS),
    _nodes,
    _date,
    _order,
)
"""The guards that do not depend on the metric."""


def _definition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Compare what the clocks of a metric start and stop at."""

    def found(level: Level, told: str) -> Finding:
        return Finding("metric", level, f"definition of the metric: {told}")

    figures = run.figure(metric), baseline.figure(other)
    if None in figures:
        lacking = " nor ".join(
            group.run
            for group, figure in zip((run, baseline), figures, strict=True)
            if figure is None
        )
        return found(Level.WARN, f"not known for {lacking}, which has no such figure")
    mine, theirs = (str(figure) for figure in figures)
    if METRICS[metric].minus != METRICS[other].minus:
        return found(Level.BLOCK, f"{metric} in {run.run}, {other} in {baseline.run}")
    if mine == theirs:
        return _source(run, baseline, metric) or found(Level.OK, f"{mine} in both")
    told = f"{_clock_of(mine)} in {run.run}, {_clock_of(theirs)} in {baseline.run}"
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
    told = " and ".join(
        f"{_spell(source)} in {group.run}"
        for source, group in zip(sources, (run, baseline), strict=True)
    )
    return Finding(
        "metric",
        Level.WARN,
        f"definition of the metric: flux_submit is read from {told} (rc2 counts in 0.1 s)",
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
    for group, name in ((run, metric), (baseline, other)):
        n = len(group.values(name))
        sizes.append(n)
        missing, excluded = len(group.counted) - n, len(group.trials) - len(group.counted)
        gone = [f"{missing} missing"] * bool(missing) + [f"{excluded} left out"] * bool(excluded)
        why = f" ({', '.join(gone)})" if gone else ""
        told.append(f"{n} in {_name(group, run, baseline)}{why}")
    level = Level.OK
    if min(sizes) < FEWEST:
        level = Level.BLOCK if min(sizes) == 0 else Level.WARN
        told.append(f"below {FEWEST} a median has no interval")
    return Finding("samples", level, f"values: {', '.join(told)}")


def _first_repetition(run: Group, baseline: Group, metric: str, other: str) -> Finding:
    """Ask whether first trials were kept by one rule, and whether one that was kept stands out."""
    told, level = [], Level.OK
    kept = []
    for group, name in ((run, metric), (baseline, other)):
        first = group.trials.sort_values("order").iloc[0]
        kept.append(first["excluded"] == "")
        values = group.values(name)
        if not kept[-1]:
            told.append(f"left out in {_name(group, run, baseline)}")
        elif len(values):
            z = first_z(values, METRICS[name].resolution)
            told.append(
                f"kept in {_name(group, run, baseline)}, {z:+.1f} robust sd from the median"
            )
            if abs(z) > FAR:
                level = Level.WARN
    if kept[0] != kept[1]:
        level = Level.WARN
    return Finding("first_repetition", level, f"first trial: {', '.join(told) or 'none'}")


SPECIFIC: tuple[Callable[[Group, Group, str, str], Finding], ...] = (
    _definition,
    _samples,
    _first_repetition,
)
"""The guards that depend on the metric."""


class Guards:
    """Every guard of the comparisons of a campaign, each asked once.

    Parameters
    ----------
    trials
        The table of trials, with `FIGURES`.
    declared
        What the configuration declares, by run.
    """

    def __init__(self, trials: pd.DataFrame, declared: Mapping[str, Mapping[str, Any]]) -> None:
        self._groups: dict[tuple[str, int], Group] = {}
        for name, of_run in trials.groupby("run", sort=False):
            run = str(name)
            about = declared.get(run, {})
            days = _days(of_run, about)
            for size in of_run["size"].dropna().unique():
                rows = of_run[of_run["size"] == size]
                self._groups[run, int(size)] = Group(run, int(size), rows, days, about)
        self._general: dict[_Comparison, tuple[Finding, ...]] = {}
        self._specific: dict[_Comparison, dict[tuple[str, str], tuple[Finding, ...]]] = {}

    def of(
        self, run: str, size: int, baseline: str, baseline_size: int, metric: str, other: str
    ) -> tuple[Finding, ...]:
        """Return what the guards of one comparison found.

        Parameters
        ----------
        run, size, baseline, baseline_size
            Which groups are compared.
        metric, other
            The metric of the run, and of the baseline.

        Returns
        -------
        tuple of Finding
            None where one of the groups has no trials.
        """
        key = run, size, baseline, baseline_size
        groups = self._groups.get((run, size)), self._groups.get((baseline, baseline_size))
        if groups[0] is None or groups[1] is None:
            return ()
        if key not in self._general:
            self._general[key] = tuple(check(groups[0], groups[1]) for check in GENERAL)
            self._specific[key] = {}
        specific = self._specific[key]
        if (metric, other) not in specific:
            specific[metric, other] = tuple(
                look(groups[0], groups[1], metric, other) for look in SPECIFIC
            )
        return self._general[key] + specific[metric, other]

    def ask(
        self, pairs: Iterable[tuple[str, str]], metrics: Sequence[str], sizes: Sequence[int]
    ) -> None:
        """Ask of each run and baseline at each size, for all metrics that both have.

        Parameters
        ----------
        pairs
            Each run with a baseline.
        metrics, sizes
            What is compared; every size that is found if none is named.
        """
        for run, baseline in pairs:
            for size in sizes or sorted({size for _, size in self._groups}):
                both = self._groups.get((run, size)), self._groups.get((baseline, size))
                for metric in metrics:
                    if all(group is not None and group.figure(metric) for group in both):
                        self.of(run, size, baseline, size, metric, metric)

    def table(self) -> pd.DataFrame:
        """Return all that was asked, comparison by comparison, as the table of guards."""
        rows = [
            (*_keys(key), *metrics, finding.guard, finding.level.value, finding.sentence)
            for key, general in self._general.items()
            for metrics, findings in ((("", ""), general), *self._specific[key].items())
            for finding in findings
        ]
        return pd.DataFrame(rows, columns=[column.name for column in columns.GUARDS])


_Comparison = tuple[str, int, str, int]


def _keys(comparison: _Comparison) -> tuple[str, str, int, int]:
    """Return a comparison in the order of the table's columns."""
    run, size, baseline, baseline_size = comparison
    return run, baseline, size, baseline_size


def _days(of_run: pd.DataFrame, declared: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first and last day of a run by its logs or, where they do not say, as declared."""
    times = sorted(time for time in of_run["started_at"].dropna() if time)
    if times:
        return times[0][:10], times[-1][:10]
    day = declared.get("date")
    return (day, day) if day else None


def worst(findings: Iterable[Finding]) -> Level:
    """Return the worst level among findings."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)
