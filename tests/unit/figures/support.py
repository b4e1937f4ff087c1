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


def drawn(trials: pd.DataFrame, metric: str = "loop_time", **options: Any) -> Figure:
    """Draw all runs and sizes of a table."""
    runs = list(dict.fromkeys(trials["run"]))
    settings: dict[str, Any] = {
        "kind": "distribution",
        "title": "A title",
        "labels": {},
        "styles": figures.styles(runs),
        "sizes": sorted(set(trials["size"])),
        "runs": runs,
    }
    return figures.draw(trials, metric=metric, **(settings | options))


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
