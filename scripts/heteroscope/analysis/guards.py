"""Is like compared with like? Guards look at all else that logs and configuration say of trials.

A test tells whether two groups of trials differ, never why.  Each guard looks at one other thing
that could be the cause: it is ``ok`` if that is alike, a ``warn`` if it differs, and a ``block`` if
the comparison means nothing.  What is not known is never taken to be alike, and no warning either:
a comparison has one line, ``unknown``, of all that nobody declared or logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from heteroscope import inference
from heteroscope.analysis import commands
from heteroscope.metrics import METRICS
from heteroscope.tables import columns
from heteroscope.words import counted, in_words, listed, number, p_equals

# What guards read beside the keys of a trial and the metrics that are compared.
FIGURES = (
    "started_at", "lammps_version", "command", "atoms", "steps", "threads", "nodes_requested",
    "flux_submit_source", "sha256",
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
        label = self.label or self.run
        return label if self.run != other.run else f"{label} at {self.size} nodes"


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


def _ranks(group: Group) -> frozenset[Any]:
    """Return the ranks a node, so that sizes can be compared; at one size it is all the same."""
    return frozenset(_plain(ranks / group.size) for ranks in group.known("ranks"))


FACTS = (
    Fact("image", "container image", _declared("image"), of_run=True),
    Fact("lammps_version", "LAMMPS version", _read("lammps_version")),
    Fact("input", "input of LAMMPS", _of_commands(commands.problems), at_one_size=Level.BLOCK),
    Fact("options", "further arguments of LAMMPS", _of_commands(commands.options)),
    Fact("atoms", "atoms", _read("atoms"), at_one_size=Level.BLOCK),
    Fact("steps", "time steps", _read("steps"), at_one_size=Level.BLOCK, across_sizes=Level.BLOCK),
    Fact("ranks", "MPI ranks a node", _ranks, at_one_size=Level.BLOCK),
    Fact("threads", "threads a rank", _read("threads")),
    Fact("binding", "binding flags of the launcher", _of_commands(commands.bindings)),
    Fact("machine", "machine", _declared("machine"), of_run=True),
    Fact("cluster", "cluster", _declared("cluster"), of_run=True),
)


def _nodes(run: Group, baseline: Group) -> Finding:
    """Compare the size with the nodes that the launcher was asked for."""
    wrong = [
        f"{group.label or group.run} asked for {_spell(group.known('nodes_requested'))} nodes at "
        f"size {group.size}"
        for group in (run, baseline)
        if group.known("nodes_requested") - {group.size}
    ]
    if wrong:
        return Finding("nodes", Level.WARN, f"nodes: {' and '.join(wrong)}")
    sizes = " against ".join(str(size) for size in dict.fromkeys((run.size, baseline.size)))
    return Finding("nodes", Level.OK, f"nodes: {sizes}")


def _date(run: Group, baseline: Group) -> Finding:
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


def _order(run: Group, baseline: Group) -> Finding:
    """Find out whether the trials of both were dealt in turn, or in blocks."""
    times = [sorted(group.counted["started_at"].dropna()) for group in (run, baseline)]
    times = [[time for time in of_group if time] for of_group in times]
    if not all(times):
        return _unknown("order", run, baseline, bool(times[0]), bool(times[1]))
    placed = sorted(
        (time, mine) for mine, of in zip((True, False), times, strict=True) for time in of
    )
    p = inference.too_few_runs([mine for _, mine in placed])
    names = run.name(baseline), baseline.name(run)
    (_, end, first), (start, _, second) = sorted(
        (of[0], of[-1], name) for of, name in zip(times, names, strict=True)
    )
    beware = "so a change of the machine in between looks the same"
    if end < start and len(placed) > 2:
        told = f"all of {first} came before {second} (last {_minute(end)}, first {_minute(start)})"
        return Finding("order", Level.WARN, f"order of the trials: {told}, {beware}")
    if p <= 0.05:
        told = f"{first} and {second} came in blocks, too few turns for chance ({p_equals(p)})"
        return Finding("order", Level.WARN, f"order of the trials: {told}, {beware}")
    return Finding("order", Level.OK, f"order of the trials: {first} and {second} took turns")


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
    _nodes,
    _date,
    _order,
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

_Comparison = tuple[str, int, str, int]


class Guards:
    """Every guard of the comparisons of a campaign, each asked once.

    Parameters
    ----------
    trials
        The table of trials, with `FIGURES`.
    declared
        What the configuration declares, by run.
    labels
        What runs are called in sentences; by default their names.
    alpha
        Level of the test of drift.
    """

    def __init__(
        self,
        trials: pd.DataFrame,
        declared: Mapping[str, Mapping[str, Any]],
        labels: Mapping[str, str] | None = None,
        alpha: float = 0.05,
    ) -> None:
        self._alpha = alpha
        self._groups: dict[tuple[str, int], Group] = {}
        for name, of_run in trials.groupby("run", sort=False):
            run = str(name)
            about = declared.get(run, {})
            days = _days(of_run, about)
            label = (labels or {}).get(run, run)
            ordered = of_run.sort_values("order")
            for size in sorted({int(size) for size in of_run["size"].dropna()}):
                rows = ordered[ordered["size"] == size]
                self._groups[run, size] = Group(run, size, rows, days, about, label)
        self._general: dict[_Comparison, tuple[Finding, ...]] = {}
        self._specific: dict[_Comparison, dict[tuple[str, str], tuple[Finding, ...]]] = {}
        self._drifts: dict[
            tuple[str, str, str, str], dict[tuple[str, int], tuple[float, float]]
        ] = {}

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
            What is unknown is told by one of them. None where one of the groups has no trials.
        """
        return _folded(self._asked(run, size, baseline, baseline_size, metric, other))

    def unlike(self, run: str, baseline: str) -> frozenset[str]:
        """Return which of image, cluster, machine and date are not known to be alike."""
        mine, other = (
            next((group for (name, _), group in self._groups.items() if name == wanted), None)
            for wanted in (run, baseline)
        )
        if mine is None or other is None:
            return frozenset()
        checks = [*(fact.check for fact in FACTS if fact.of_run), _date]
        findings = [check(mine, other) for check in checks]
        return frozenset(found.guard for found in findings if found.level is not Level.OK)

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
                        self._asked(run, size, baseline, size, metric, metric)

    def table(self) -> pd.DataFrame:
        """Return all that was asked, comparison by comparison, as the table of guards."""
        rows = [
            (run, baseline, size, other, *metrics, finding.guard, finding.level, finding.sentence)
            for (run, size, baseline, other), general in self._general.items()
            for metrics, findings in (
                (("", ""), general),
                *self._specific[run, size, baseline, other].items(),
            )
            for finding in _folded(findings)
        ]
        return pd.DataFrame(rows, columns=[column.name for column in columns.GUARDS])

    def _asked(
        self, run: str, size: int, baseline: str, baseline_size: int, metric: str, other: str
    ) -> tuple[Finding, ...]:
        key = run, size, baseline, baseline_size
        mine, theirs = self._groups.get((run, size)), self._groups.get((baseline, baseline_size))
        if mine is None or theirs is None:
            return ()
        if key not in self._general:
            self._general[key] = tuple(check(mine, theirs) for check in GENERAL)
            self._specific[key] = {}
        specific = self._specific[key]
        if (metric, other) not in specific:
            specific[metric, other] = (
                *(look(mine, theirs, metric, other) for look in SPECIFIC),
                self._drift(mine, theirs, metric, other),
            )
        return self._general[key] + specific[metric, other]

    def _sizes(self, run: str) -> list[int]:
        return [size for name, size in self._groups if name == run]

    def _drift(self, run: Group, baseline: Group, metric: str, other: str) -> Finding:
        """Ask whether values moved while the trials ran, and whether that could be the difference.

        Holm counts all groups of the two runs; a listing is no order of execution.
        """
        key = run.run, baseline.run, metric, other
        if key not in self._drifts:
            keys = dict.fromkeys(
                (name, size, of)
                for name, of in ((run.run, metric), (baseline.run, other))
                for size in self._sizes(name)
            )
            trends = [
                inference.kendall_trend(range(len(values)), values)
                for group, of in ((self._groups[name, size], of) for name, size, of in keys)
                for values in [group.values(of) if group.known("started_at") else np.empty(0)]
            ]
            adjusted = inference.holm([trend.p_value for trend in trends])
            self._drifts[key] = {
                (name, size): (trend.tau, float(p))
                for (name, size, _), trend, p in zip(keys, trends, adjusted, strict=True)
            }
        drifts = self._drifts[key]
        told = [
            f"{group.name(beside)} {'rises' if tau > 0 else 'falls'} from trial to trial "
            f"({p_equals(p)})"
            for group, beside in ((run, baseline), (baseline, run))
            for tau, p in [drifts[group.run, group.size]]
            if p <= self._alpha
        ]
        if not told:
            return Finding("drift", Level.OK, "drift: no trend is seen")
        if _order(run, baseline).level is Level.WARN:
            told.append("and as the two did not take turns, that alone could make them differ")
            return Finding("drift", Level.BLOCK, f"drift: {', '.join(told)}")
        return Finding("drift", Level.WARN, f"drift: {', '.join(told)}")


def _folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tell what is unknown in one finding: "not recorded: image of a; machine of either"."""
    told: list[Finding] = []
    unknown: dict[str, list[str]] = {}
    for finding in findings:
        if finding.level is Level.UNKNOWN:
            unknown.setdefault(finding.sentence, []).append(in_words(finding.guard))
        else:
            told.append(finding)
    if unknown:
        sentence = "; ".join(f"{', '.join(guards)} of {who}" for who, guards in unknown.items())
        told.append(Finding("not_recorded", Level.UNKNOWN, f"not recorded: {sentence}"))
    return tuple(told)


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
