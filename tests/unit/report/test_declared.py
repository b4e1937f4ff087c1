"""Reports of campaigns whose metric, unit, direction or sizes are none of LAMMPS'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from heteroscope import metrics, words
from heteroscope.report import console, render
from heteroscope.report.document import Document

from .support import claim, finding, first_line, log, make, spread

RATE = metrics.MetricDefinition("fom", "Throughput", "GFlop/s", 0, ("fom",), higher_is_better=True)
MEMORY = metrics.MetricDefinition("memory", "Peak memory", "GB", 0, ("memory",))
LATENCY = metrics.MetricDefinition("latency", "Latency", "us", 0, ("latency",))


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for metric in (RATE, MEMORY, LATENCY):
        monkeypatch.setitem(metrics.METRICS, metric.name, metric)
    yield
    words.count_sizes_in()


def report(metric: str, found: str, sizes: tuple[int, ...] = (8, 16)) -> Document:
    ratio = 1.1 if found == "greater" else 0.9
    of: dict[str, Any] = {"metric": metric, "unit": metrics.METRICS[metric].unit}
    rows = [finding(found, ratio, size, **of) for size in sizes]
    rows += [spread(found, 3 * ratio - 2, size, **of) for size in sizes]
    verdict = claim("supported", metric=metric, sizes=", ".join(map(str, sizes)))
    left = {"run": "new", "size": 8, "rule": "x", "reason": "warm-up"}
    tables = {
        "findings": rows,
        "claims": [verdict, {**verdict, "overall": False}],
        "parse": [log("old"), log("new")],
        "exclusions": [left],
    }
    return make(tables, primary=metric, metrics=[metric], sizes=sizes)


@pytest.mark.parametrize(
    ("metric", "found", "head", "word", "tone", "sentence"),
    [
        ("fom", "greater", "Is it higher?", "higher", "good",
         "the new way is 10 % higher (better) than the old way in Throughput at every size"),
        ("fom", "less", "Is it higher?", "lower", "bad",
         "the new way is 10 % lower (worse) than the old way in Throughput at every size"),
        ("memory", "less", "Is it lower?", "lower", "good",
         "the new way is 10 % lower (better) than the old way in Peak memory at every size"),
        ("memory", "greater", "Is it lower?", "higher", "bad",
         "the new way is 10 % higher (worse) than the old way in Peak memory at every size"),
        ("latency", "less", "Is it faster?", "faster", "good",
         "the new way is 10 % faster than the old way at every size"),
    ],
)  # fmt: skip
def test_words_and_tones_follow_the_direction_of_the_metric(
    metric: str, found: str, head: str, word: str, tone: str, sentence: str
) -> None:
    document = report(metric, found)
    location, steady = document["matrices"]
    assert (location.title, steady.title) == (head, "Is it steadier?")
    (cell, *_), (of_spread, *_) = map(first_line, (location, steady))
    assert cell is not None
    assert of_spread is not None
    assert (cell.word, cell.tone) == (word, tone)
    told = ("steadier", "good") if found == "less" else ("less steady", "bad")
    assert (of_spread.word, of_spread.tone) == told
    assert document["headline"].startswith(sentence)
    assert any(head in line for line in console.lines(document))


@pytest.mark.parametrize(("of", "sizes"), [("threads", (1, 8)), ("", (1,))])
def test_no_form_of_the_report_speaks_of_nodes_where_sizes_are_none(
    of: str, sizes: tuple[int, ...]
) -> None:
    words.count_sizes_in(of)
    document = report("fom", "greater", sizes)
    forms = [render.page(document), render.text(document), "\n".join(console.lines(document))]
    for form in forms:
        assert "node" not in form.lower()
        assert of in form
        assert ("at every size" in form) == (of != "")
    assert all(("all trials" in form) == (of == "") for form in forms)
    assert len(first_line(document["matrices"][0])) == len(sizes)
