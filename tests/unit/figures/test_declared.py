"""Figures of campaigns whose metric, unit, direction or sizes are none of LAMMPS'."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from heteroscope import figures, metrics, words
from heteroscope.figures.axis import choose
from heteroscope.figures.data import Group

from .support import assert_legible, campaign, drawn, tables, words_of
from .support import words as written

RATE = metrics.MetricDefinition(
    "fom", "Figure of merit", "GFlop/s", 0, ("fom",), higher_is_better=True, speedup=True
)
LATENCY = metrics.MetricDefinition("latency", "Latency", "us", 0, ("latency",))
ANY_METRIC = [kind for kind, module in figures.KINDS.items() if not module.NEEDS.metrics]
SIZES = {"threads": [1, 8], "": [1]}


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for metric in (RATE, LATENCY):
        monkeypatch.setitem(metrics.METRICS, metric.name, metric)
    yield
    words.count_sizes_in()


def given(metric: str = "fom", sizes: list[int] | None = None) -> dict[str, pd.DataFrame]:
    value = {"fom": 6.59e9, "latency": 3e-7}[metric]
    return tables(
        campaign(
            ["one", "other"],
            sizes or [8, 16],
            9,
            metric,
            lambda random, n: value * (1 + 0.03 * random.random(n)),
        ),
        metric,
    )


@pytest.mark.parametrize("of", SIZES)
@pytest.mark.parametrize("kind", ANY_METRIC)
def test_no_figure_speaks_of_nodes_where_sizes_are_none(kind: str, of: str) -> None:
    words.count_sizes_in(of)
    made = given(sizes=SIZES[of])
    figure = drawn(made, "fom", kind=kind, title="")
    assert_legible(figure)
    told = [words_of(part, made, kind, "fom") for part in ("title", "caption", "alt")]
    every = " ".join([*written(figure), *told])
    assert "node" not in every.lower()
    assert "ranks" not in every
    assert of in every
    assert of or kind == "efficiency" or "all trials" in every


@pytest.mark.parametrize("metric", ["fom", "latency"])
@pytest.mark.parametrize("kind", ANY_METRIC)
def test_values_of_any_magnitude_without_a_step_are_legible(kind: str, metric: str) -> None:
    for page in ("screen", "one-column"):
        assert_legible(drawn(given(metric), metric, kind=kind, size=page, title=""))
    assert "(clock: )" not in words_of("caption", given(metric), kind, metric)


@pytest.mark.parametrize("value", [0.0, 1e-9, -3.0, 6.59e9, 1e15])
def test_an_axis_copes_without_a_step_whatever_the_magnitude(value: float) -> None:
    for values in ([value] * 5, [value, value * 1.001]):
        scale = choose([Group("run", 8, np.array(values))], 0)
        assert scale.low < min(values) or scale.low == min(values) == 0
        assert scale.high > max(values) or scale.high == max(values) == 0
        assert np.isfinite([scale.low, scale.high]).all()


@pytest.mark.parametrize(
    ("metric", "finding", "told", "good"),
    [
        ("fom", "greater", "▲ higher", True),
        ("fom", "less", "▼ lower", False),
        ("latency", "less", "▼ faster", True),
        ("latency", "greater", "▲ slower", False),
    ],
)
def test_colour_and_word_follow_the_direction_of_the_metric(
    metric: str, finding: str, told: str, good: bool
) -> None:
    made = given(metric)
    made["findings"] = made["findings"].assign(finding=finding, reason="")
    figure = drawn(made, metric, kind="effects")
    colours = {each.get_color() for each in figure.findobj(Text) if each.get_text() == told}
    assert colours == {figures.theme.BETTER if good else figures.theme.WORSE}
    better = "higher is better" if metric == "fom" else "lower is better"
    assert any(better in each for each in written(figure))
    spread = drawn(made, metric, kind="spread")
    assert any("lower is better" in each for each in written(spread))
    steady = "▼ steadier" if finding == "less" else "▲ less steady"
    (colour,) = {each.get_color() for each in spread.findobj(Text) if each.get_text() == steady}
    assert colour == (figures.theme.BETTER if finding == "less" else figures.theme.WORSE)


def test_the_best_of_a_rate_is_the_highest() -> None:
    made = given()
    made["trials"].loc[made["trials"]["run"] == "other", "fom"] *= 1.1
    told = words_of("title", made, "close_up", "fom")
    assert told.startswith("Highest median at every size: other, 7.")


def test_efficiency_of_a_rate_is_measured_from_the_smallest_size_upwards() -> None:
    told = words_of("caption", given(), "efficiency", "fom")
    assert "median / median at the smallest size of each run (8 nodes)" in told
    told = words_of("caption", given("latency"), "efficiency", "latency")
    assert "median at the smallest size of each run (8 nodes) / median," in told
