"""Made-up campaigns, and what a figure owes its reader: no word is cut or lies over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from heteroscope import figures


def campaign(
    runs: int | Sequence[str] = 2,
    sizes: int | Sequence[int] = 2,
    repetitions: int = 20,
    metric: str = "loop_time",
    value: Callable[[np.random.Generator, int], Any] | None = None,
) -> pd.DataFrame:
    """Return a table of trials: `value` draws the metric of one group's repetitions."""
    names = [f"run{i}" for i in range(runs)] if isinstance(runs, int) else list(runs)
    nodes = [8 * 2**i for i in range(sizes)] if isinstance(sizes, int) else list(sizes)
    draw = value or (lambda random, n: 40 + random.gamma(2, 3, n))
    random = np.random.default_rng(20)
    tables = [
        pd.DataFrame(
            {
                "run": run,
                "operator": "flux",
                "size": size,
                "ranks": 94 * size,
                "repetition": np.arange(1, repetitions + 1),
                "order": np.arange(1, repetitions + 1),
                "excluded": "",
                "status": "ok",
                metric: draw(random, repetitions),
            }
        )
        for run in names
        for size in nodes
    ]
    return pd.concat(tables, ignore_index=True)


SECTIONS = ("pair", "neigh", "comm", "output", "modify", "other")


def with_sections(trials: pd.DataFrame) -> pd.DataFrame:
    """Return trials whose loop time is split into sections: Modify takes what others leave."""
    shares = dict(zip(SECTIONS[:4], (0.5, 0.05, 0.1, 0.01), strict=True))
    parts = {f"{name}_time": share * trials["loop_time"] for name, share in shares.items()}
    parts["other_time"] = 0.001 * trials["loop_time"]
    rest = trials["loop_time"] - sum(parts.values())
    return trials.assign(**parts, modify_time=rest)


def tables(trials: pd.DataFrame, metric: str = "loop_time") -> dict[str, pd.DataFrame]:
    """Return a campaign's trials with computed tables of a like shape: each run against the first.

    The numbers of the computed tables are made up: what is drawn is held against them.
    """
    runs = list(dict.fromkeys(trials["run"]))
    sizes = sorted({int(size) for size in trials["size"]})
    random = np.random.default_rng(3)

    def ratios(name: str, n: int) -> dict[str, Any]:
        value = np.exp(random.normal(0, 0.05, n))
        return {name: value, f"{name}_low": 0.97 * value, f"{name}_high": 1.04 * value}

    pairs = [(run, runs[0], size) for run in runs[1:] or runs for size in sizes]
    n = len(pairs)
    comparisons = pd.DataFrame(pairs, columns=["run", "baseline", "size"]).assign(
        metric=metric, n_run=20, n_baseline=21, reason=""
    )
    groups = pd.DataFrame([(run, size) for run in runs for size in sizes], columns=["run", "size"])
    m = len(groups)
    return {
        "trials": trials,
        "location": comparisons.assign(
            **ratios("ratio", n),
            a12=random.uniform(0, 1, n),
            mann_whitney_p_holm=random.uniform(0, 0.1, n),
            brunner_munzel_p_holm=random.uniform(0, 0.1, n),
            tests_disagree=False,
            within_margin=random.uniform(0, 1, n) < 0.5,
        ),
        "variance": comparisons.assign(
            **ratios("sd_ratio", n),
            scope="pair",
            sd_run=1.0,
            sd_baseline=2.0,
            levene_median_p_holm=random.uniform(0, 0.1, n),
        ),
        "scaling": groups.assign(
            **ratios("efficiency", m), base_size=sizes[0], metric=metric, n=20
        ),
        "drift": groups.assign(
            metric=metric,
            kendall_tau=random.uniform(-1, 1, m),
            kendall_p=random.uniform(0, 0.2, m),
        ),
    }


def words_of(
    make: Callable[..., str], given: Any, kind: str, metric: str = "loop_time", **options: Any
) -> str:
    """Return the caption or the alternative text of a figure of all runs and sizes."""
    table = given if isinstance(given, pd.DataFrame) else given["trials"]
    settings: dict[str, Any] = {
        "labels": {},
        "sizes": sorted(set(table["size"])),
        "runs": list(dict.fromkeys(table["run"])),
    }
    return make(given, kind=kind, metric=metric, **(settings | options))


def drawn(given: Any, metric: str = "loop_time", **options: Any) -> Figure:
    """Draw all runs and sizes of a table of trials, which may stand among others."""
    trials = given if isinstance(given, pd.DataFrame) else given["trials"]
    runs = list(dict.fromkeys(trials["run"]))
    settings: dict[str, Any] = {
        "kind": "distribution",
        "title": "A title",
        "labels": {},
        "styles": figures.styles(runs),
        "sizes": sorted(set(trials["size"])),
        "runs": runs,
    }
    return figures.draw(given, metric=metric, **(settings | options))


def texts(figure: Figure) -> list[Text]:
    """Return every text that is seen."""
    found = figure.findobj(Text)
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def words(figure: Figure) -> list[str]:
    """Return what the texts say."""
    return [text.get_text() for text in texts(figure)]


def marks(figure: Figure, kind: str) -> np.ndarray:
    """Return places of the marks of a kind ("trials", "excluded", "trials-over" …), x and y."""
    found = [
        line.get_xydata()
        for line in figure.findobj(Line2D)
        if (line.get_gid() or "").rpartition("-")[0] == kind
    ]
    return np.concatenate([np.empty((0, 2)), *found])


def lines(figure: Figure, name: str) -> list[Line2D]:
    """Return the lines of a name, in the order in which they were drawn."""
    return [line for line in figure.findobj(Line2D) if line.get_gid() == name]


def collection(figure: Figure, name: str) -> Collection:
    """Return the boxes, the whiskers or the medians."""
    (found,) = [each for each in figure.findobj(Collection) if each.get_gid() == name]
    return found


def assert_legible(figure: Figure, least_font: float = 5.0) -> None:
    """Fail where a text reaches beyond the figure, touches another, or is too small to read."""
    with figures.theme.themed():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        boxes = [(text, text.get_window_extent(renderer)) for text in texts(figure)]
    page = figure.bbox
    for text, box in boxes:
        assert text.get_fontsize() >= least_font, text
        assert box.x0 >= page.x0, f"{text} is cut at the left"
        assert box.y0 >= page.y0, f"{text} is cut at the bottom"
        assert box.x1 <= page.x1, f"{text} is cut at the right"
        assert box.y1 <= page.y1, f"{text} is cut at the top"
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one} overlaps {other}"
