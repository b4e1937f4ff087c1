"""A against A: how often is a claim decided that nothing speaks for? And what is found, how often?

Every campaign is made so that what is claimed is false: two runs that do not differ, or differ by
just the margin within which they are claimed to lie. It is judged as the workflow does, with its
guards and controls. A cell passes if at most 5 % of the verdicts are false, within two standard
errors, or if a guard warns in 90 % of those that are. One core, a few minutes:

    make calibration
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "scripts"), str(HERE.parent / "unit")]

from example import judge, made_trials  # noqa: E402

from heteroscope import inference  # noqa: E402

Sample = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], Sample]

SIZES = (5, 10, 20)
MARGIN = 0.03
MEDIAN = 70.0


def normal(generator: np.random.Generator, n: int, place: int) -> Sample:
    """2 s of scatter."""
    return generator.normal(MEDIAN, 2, n)


def exponential(generator: np.random.Generator, n: int, place: int) -> Sample:
    """A tail of slow trials, and the same median."""
    return MEDIAN - 2 * math.log(2) + generator.exponential(2, n)


def unequal(generator: np.random.Generator, n: int, place: int) -> Sample:
    """Twice the scatter of the one before: 1, 2, 4 s."""
    return generator.normal(MEDIAN, 2.0**place, n)


def dependent(generator: np.random.Generator, n: int, place: int) -> Sample:
    """AR(0.5): half of a trial's deviation is left in the next."""
    values = generator.normal(0, 2, n + 20)
    for k in range(1, values.size):
        values[k] = 0.5 * values[k - 1] + math.sqrt(0.75) * values[k]
    return MEDIAN + values[20:]


def slowing(generator: np.random.Generator, n: int, place: int) -> Sample:
    """A machine that slows down by two sd while a group runs, and does not recover."""
    return generator.normal(MEDIAN, 2, n) + 4 * (place + np.arange(n) / n)


def clusters(generator: np.random.Generator, n: int, place: int) -> Sample:
    """Each run on a cluster of its own, which differ by half of the scatter within."""
    return generator.normal(MEDIAN + generator.normal(0, 1), 2, n)


@dataclass(frozen=True)
class Scenario:
    """How campaigns are drawn.

    Attributes
    ----------
    draw
        One group of a run: the first, the second ...
    metric
        Whose clock reads the values.
    in_turn
        The groups took turns; else one came after the other.
    controlled
        Two more runs are declared a control.
    without
        Kinds of claims that are not false of it.
    """

    draw: Draw
    metric: str = "loop_time"
    in_turn: bool = True
    controlled: bool = False
    without: tuple[str, ...] = ()


SCENARIOS = {
    "normal": Scenario(normal),
    "exponential": Scenario(exponential),
    "whole seconds": Scenario(normal, metric="walltime"),
    "unequal spread": Scenario(unequal, without=("spread",)),
    "AR(0.5), in blocks": Scenario(dependent, in_turn=False),
    "slowing, in blocks": Scenario(slowing, in_turn=False),
    # Of a trend, all sizes have one cluster.
    "clusters differ": Scenario(clusters, controlled=True, without=("trend",)),
}
KINDS = ("location", "spread", "trend", "equivalent", "not_greater")
RUNS = ("a", "b", "c", "d")


def campaigns(
    scenario: Scenario, kind: str, n: int, seed: int, count: int
) -> Iterator[dict[tuple[str, int], Sample]]:
    """Draw campaigns in which a claim of this kind is false."""
    generator = np.random.default_rng([seed, n, KINDS.index(kind)])
    places = [("a", 8), ("a", 16), ("a", 32)] if kind == "trend" else [("a", 8), ("b", 8)]
    if scenario.controlled:
        places += [("c", 8), ("d", 8)]
    for _ in range(count):
        values = {p: scenario.draw(generator, n, k) for k, p in enumerate(places)}
        if kind in ("equivalent", "not_greater"):
            values["a", 8] = values["a", 8] * (1 + MARGIN)
        if scenario.metric == "walltime":
            values = {place: np.floor(sample) for place, sample in values.items()}
        yield values


def may_be_decided(kind: str, values: dict[tuple[str, int], Sample]) -> bool:
    """Look at the one p that must be small first: the rest of the workflow is slow."""
    samples = list(values.values())
    if kind == "location":
        return inference.mann_whitney(*samples[:2]).p_value <= 0.05
    if kind == "spread":
        return inference.levene(samples[:2]).p_value <= 0.05
    if kind == "trend":
        sizes = np.repeat([8, 16, 32], len(samples[0]))
        return inference.kendall_trend(sizes, np.concatenate(samples[:3])).p_value <= 0.05
    return inference.median_ratio_tail(*samples[:2], 1 + MARGIN) <= 0.05


def claim_of(kind: str, metric: str) -> dict[str, Any]:
    """Return the claim of a kind."""
    test = kind if kind in ("location", "spread", "trend") else "location"
    expect = {"equivalent": kind, "not_greater": kind, "trend": "greater"}.get(kind, "less")
    runs = ["a"] if kind == "trend" else ["a", "b"]
    return {"test": test, "metric": metric, "runs": runs, "expect": expect, "margin": MARGIN}


def judged(scenario: Scenario, kind: str, values: dict[tuple[str, int], Sample]) -> Any:
    """Judge one campaign as the workflow does, and return its one row."""
    table = made_trials(values, scenario.metric)
    if not scenario.in_turn:
        blocks = table.groupby(["run", "size"], sort=False).ngroup()
        hours = (10 + blocks).astype(str)
        table["started_at"] = "2023-01-31T" + hours + table["started_at"].str[13:]
    cluster = RUNS if scenario.controlled else ("one",) * 4
    declared = {
        run: {"image": "i", "machine": "m", "cluster": name}
        for run, name in zip(RUNS, cluster, strict=True)
    }
    controls = [("c", "d")] if scenario.controlled else []
    claim = claim_of(kind, scenario.metric)
    return judge(table, claim, declared=declared, controls=controls).iloc[0]


@dataclass(frozen=True)
class Cell:
    """How many verdicts were false, and in how many of them a guard warned."""

    count: int
    false: int
    warned: int

    @property
    def passes(self) -> bool:
        """At most 5 %, within two standard errors; or warned of in nine of ten."""
        limit = 0.05 + 2 * math.sqrt(0.05 * 0.95 / self.count)
        return self.false <= limit * self.count or self.warned >= 0.9 * self.false


def false_verdicts(name: str, kind: str, n: int, count: int) -> Cell:
    """Count false verdicts of one kind of claim."""
    scenario = SCENARIOS[name]
    wrong = {
        "equivalent": {"equivalent"},
        "not_greater": {"supported"},
    }.get(kind, {"supported", "refuted"})
    false = warned = 0
    for values in campaigns(scenario, kind, n, list(SCENARIOS).index(name), count):
        if may_be_decided(kind, values):
            row = judged(scenario, kind, values)
            if row["verdict"] in wrong:
                false += 1
                warned += row["guards"] in ("warn", "block") and bool(_told(row, n))
    return Cell(count, false, warned)


def _told(row: Any, n: int) -> str:
    """Return the caveats but for that of few values, which is there however they came about."""
    told = [part for part in str(row["caveats"]).split("; ") if not part.startswith("values:")]
    return "; ".join(part for part in told if not part.startswith("not recorded"))


def power(n: int, change: float, scatter: float, count: int = 4_000) -> float:
    """Return how often a change is found: by Mann-Whitney and by Brunner-Munzel."""
    generator = np.random.default_rng([n, round(1000 * change), round(1000 * scatter)])
    x = generator.normal(1 + change, scatter, (count, n))
    y = generator.normal(1, scatter, (count, n))
    exact = stats.mannwhitneyu(x, y, axis=1, method="exact").pvalue
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of samples that do not overlap, which are told apart below
        robust = stats.brunnermunzel(x, y, axis=1).pvalue
    separated = (x.min(axis=1) > y.max(axis=1)) | (y.min(axis=1) > x.max(axis=1))
    return float(np.mean((exact <= 0.05) & (separated | (robust <= 0.05))))


def coverage(name: str, n: int, count: int) -> dict[str, float]:
    """Return how often intervals of 95 % hold what is true of two samples of one kind."""
    draw = SCENARIOS[name].draw
    generator = np.random.default_rng([99, n])
    hits: dict[str, int] = {}
    for _ in range(count):
        x, y = draw(generator, n, 1), draw(generator, n, 1)
        if name == "whole seconds":
            x, y = np.floor(x), np.floor(y)
        ratio, shift = inference.median_ratio(x, y), inference.hodges_lehmann(x, y)
        spread, a12 = inference.spread_ratio(x, y), inference.superiority(x, y)
        median = inference.quantile_interval(x)
        middle = math.floor(MEDIAN) if name == "whole seconds" else MEDIAN
        for interval, held in {
            "median": median.low <= middle <= median.high,
            "ratio of medians": ratio.low <= 1 <= ratio.high,
            "shift": shift.low <= 0 <= shift.high,
            "A12": a12.low <= 0.5 <= a12.high,
            "ratio of spreads": spread.low <= 1 <= spread.high,
        }.items():
            hits[interval] = hits.get(interval, 0) + bool(held)
    return {interval: number / count for interval, number in hits.items()}


def main(count: int = 500) -> int:
    """Print all tables; 1 if a cell does not pass."""
    failed = 0
    print(f"False verdicts in % of {count} campaigns, n = 5, 10, 20 (in brackets: warned of)\n")
    print(f"{'':20}" + "".join(f"{kind:>34}" for kind in KINDS))
    for name, scenario in SCENARIOS.items():
        line = f"{name:20}"
        for kind in KINDS:
            if kind in scenario.without:
                line += f"{'–':>34}"
                continue
            cells = [false_verdicts(name, kind, n, count) for n in SIZES]
            failed += sum(not cell.passes for cell in cells)
            told = " ".join(
                f"{100 * cell.false / count:.1f}"
                + (f" ({100 * cell.warned / cell.false:.0f} %)" if cell.warned else "")
                for cell in cells
            )
            line += f"{told:>34}"
        print(line, flush=True)
    print(f"\nCoverage of intervals of 95 % in {count} pairs of samples, n = 6, 10, 20\n")
    for name in ("normal", "exponential", "whole seconds"):
        found = [coverage(name, n, count) for n in (6, 10, 20)]
        for interval in found[0]:
            rates = " ".join(f"{100 * rates[interval]:5.1f}" for rates in found)
            print(f"{name:16}{interval:18}{rates}", flush=True)
    print("\nPower in %: how often a change of 1, 2, 3, 5 % is found, by scatter (sd / mean)\n")
    for scatter in (0.01, 0.02, 0.04):
        for n in SIZES:
            found_ = " ".join(
                f"{100 * power(n, c, scatter):5.0f}" for c in (0.01, 0.02, 0.03, 0.05)
            )
            print(f"scatter {100 * scatter:.0f} %  n = {n:2}  {found_}", flush=True)
    print(f"\n{failed} cells do not pass" if failed else "\nevery cell passes")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
