"""Made-up campaigns, and what a figure owes its reader: no word is cut or lies over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
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

    found = pd.DataFrame(
        [
            (question, run, runs[0], size)
            for question in ("location", "spread")
            for run in runs[1:] or runs
            for size in sizes
        ],
        columns=["question", "run", "baseline", "size"],
    )
    n = len(found)
    names = ["less", "greater", "equivalent", "undecided"]
    groups = pd.DataFrame([(run, size) for run in runs for size in sizes], columns=["run", "size"])
    return {
        "trials": trials,
        "findings": found.assign(
            metric=metric,
            unit="s",
            n_run=20,
            n_baseline=21,
            value_run=43.0,
            value_baseline=45.0,
            **ratios("ratio", n),
            finding=[names[i % 4] for i in range(n)],
            reason=["measures_disagree" if i % 4 == 3 else "" for i in range(n)],
        ),
        "scaling": groups.assign(
            **ratios("efficiency", len(groups)), base_size=sizes[0], metric=metric, n=20
        ),
    }


def words_of(part: str, given: Any, kind: str, metric: str = "loop_time", **options: Any) -> str:
    """Return the title, caption or alternative text of a figure of all runs and sizes."""
    table = given if isinstance(given, pd.DataFrame) else given["trials"]
    settings: dict[str, Any] = {
        "labels": {},
        "sizes": sorted(set(table["size"])),
        "runs": list(dict.fromkeys(table["run"])),
    }
    told = figures.words(given, kind=kind, metric=metric, **(settings | options))
    return str(getattr(told, part))


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


def words(figure: Figure) -> list[str]:
    """Return what is written in a figure, in one line each."""
    return [text.get_text().replace("\n", " ") for text, _ in _written(figure)]


def lines(figure: Figure, name: str) -> list[Line2D]:
    """Return the lines of a name, or of a name and any run, in the order of drawing."""
    return [
        line for line in figure.findobj(Line2D) if (line.get_gid() or "").partition(":")[0] == name
    ]


def marks(figure: Figure, name: str) -> np.ndarray:
    """Return places of the marks of a name ("trials", "excluded", "trials-far" …), x and y."""
    return np.concatenate([np.empty((0, 2)), *(line.get_xydata() for line in lines(figure, name))])


def segments(figure: Figure, name: str) -> np.ndarray:
    """Return the ends of the lines of a name that no marks belong to: of shape (n, 2, 2)."""
    found = [
        each.get_segments()
        for each in figure.findobj(LineCollection)
        if (each.get_gid() or "").partition(":")[0] == name
    ]
    return np.concatenate([np.empty((0, 2, 2)), *found])


def _written(figure: Figure) -> list[tuple[Text, Any]]:
    """Return every text that is drawn, and its box."""
    drawn: list[Text] = []
    draw = Text.draw

    def recorded(text: Text, *args: Any, **options: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)
        draw(text, *args, **options)

    with figures.themed(), mock.patch.object(Text, "draw", recorded):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        # The box of an annotation would hold its arrow, too.
        return [(text, Text.get_window_extent(text, renderer)) for text in drawn]


def assert_legible(figure: Figure, least_font: float = 5.0) -> None:
    """Fail where a text reaches beyond the figure, touches another, or is too small to read."""
    boxes = _written(figure)
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
