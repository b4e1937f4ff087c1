"""How long tests and figures take by themselves, without a workflow around them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from measure import REPOSITORY, in_turn, ratios, table
from scipy import stats

from heteroscope import figures, inference
from heteroscope.analysis.comparisons import Settings, location_of_pair, spread_of_pair
from heteroscope.campaign import campaign
from heteroscope.tables.trials import ReadingPlan, columns, read_run, write_rows

SIZES = [8, 16, 32, 64]
RUNS = ("run4", "run6")
SCIPY = "scipy's Mann-Whitney, asymptotic"


def _samples(n: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    # Whole seconds, so that there are ties; new ones at each call, since results may be kept.
    generator = np.random.default_rng(1)
    while True:
        yield generator.normal(80, 4, n).round(), generator.normal(82, 4, n).round()


def tests(repeats: int) -> list[list[str]]:
    """Return a row a test, next to scipy's where it has one."""
    rows = []
    settings = Settings()
    methods: dict[str, Callable[[np.ndarray, np.ndarray], object]] = {
        "exact Mann-Whitney": inference.mann_whitney,
        SCIPY: lambda x, y: stats.mannwhitneyu(x, y, method="asymptotic"),
        "all of location": lambda x, y: location_of_pair(x, y, settings),
        "all of spread": lambda x, y: spread_of_pair(x, y, settings),
    }
    for n in (5, 20, 50):
        samples = _samples(n)
        times = in_turn(
            {
                name: lambda method=method, samples=samples: method(*next(samples))
                for name, method in methods.items()
            },
            repeats,
        )
        reference = times[SCIPY]
        rows += [
            [name, f"{n} + {n}", taken.told(1e3), ratios(taken, reference).told()]
            for name, taken in times.items()
        ]
    return rows


def drawing(repeats: int) -> list[list[str]]:
    """Return how long a figure takes: made of a table of trials, and written in each format."""
    root = REPOSITORY / "data"
    study = campaign.load(
        {"sizes": SIZES, "runs": {run: {"directory": str(root / run)} for run in RUNS}}
    )
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for run in study.runs.values():
            file = f"{folder}/{run.name}.csv"
            plan = ReadingPlan(**run.plan(study.sizes))
            write_rows(read_run(plan, run.logs, run.companions).rows, columns(), file)
            files.append(file)
        order = {
            "kind": "distribution",
            "metric": "walltime",
            "title": "",
            "runs": RUNS,
            "labels": {},
            "styles": figures.styles(list(RUNS), {}),
            "sizes": SIZES,
        }

        def load() -> figures.Tables:
            return figures.read("distribution", "walltime", {"trials": files})

        loaded = load()
        drawn = figures.draw(loaded, **order)
        times = in_turn(
            {
                "read two tables of trials": load,
                "draw": lambda: figures.draw(loaded, **order),
                **{
                    f"write as {suffix}": lambda suffix=suffix: figures.save(
                        drawn, Path(folder) / f"it.{suffix}"
                    )
                    for suffix in ("png", "svg", "pdf")
                },
            },
            max(3, repeats // 3),
        )
    return [[name, taken.told(1e3)] for name, taken in times.items()]


def section(repeats: int) -> str:
    """Measure, and tell it in Markdown."""
    return "\n".join(
        [
            "## Tests and figures by themselves",
            "",
            "Two samples with ties, as of whole seconds; location and spread are all columns of "
            "their tables.",
            "",
            table(["what", "n", "ms", "× scipy's Mann-Whitney"], tests(repeats)),
            "",
            f"The figure of the wall time of {len(RUNS)} runs at {len(SIZES)} sizes:",
            "",
            table(["what", "ms"], drawing(repeats)),
        ]
    )
