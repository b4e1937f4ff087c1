"""Changes stand where the findings say, with their words and marks."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon, Rectangle

from heteroscope import figures

from .support import campaign, drawn, lines, segments, tables, words, words_of

QUESTIONS = {"effects": "location", "spread": "spread"}
KINDS = pytest.mark.parametrize("kind", QUESTIONS)


def given(**cells):
    """Return tables of one comparison at one size, with some cells set."""
    made = tables(campaign(["base", "new"], [8], 6))
    return made | {"findings": made["findings"].assign(**cells)}


@KINDS
def test_every_change_stands_at_its_ratio_with_its_interval(kind):
    made = tables(campaign(3, 4, 6))
    table = made["findings"]
    table = table[table["question"] == QUESTIONS[kind]]
    figure = drawn(made, kind=kind)
    points = [line.get_xdata()[0] for line in lines(figure, "ratio") + lines(figure, "ratio-shown")]
    assert np.allclose(np.sort(points), np.sort(table["ratio"]))
    intervals = segments(figure, "interval")
    assert np.allclose(intervals[:, :, 0], table[["ratio_low", "ratio_high"]])
    assert intervals[:, 0, 1].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("kind", "finding", "reason", "told"),
    [
        ("effects", "less", "", "▼ faster"),
        ("effects", "greater", "", "▲ slower"),
        ("effects", "less", "within_margin", "▼ faster"),
        ("effects", "equivalent", "", "= within the margin"),
        ("effects", "undecided", "not_significant", "? undecided"),
        ("effects", "undecided", "measures_disagree", "? undecided: measures disagree"),
        ("effects", "not_testable", "n", "– not testable: too few trials"),
        (
            "effects",
            "not_comparable",
            "guard:metric",
            "⊘ not comparable: the clocks start at different events",
        ),
        ("spread", "less", "", "▼ steadier"),
        ("spread", "greater", "", "▲ less steady"),
        ("spread", "not_testable", "zero_variance", "– not testable: no variation"),
    ],
)
def test_a_row_has_the_mark_and_the_words_of_its_finding(kind, finding, reason, told):
    made = given(finding=finding, reason=reason)
    figure = drawn(made, kind=kind)
    assert told in words(figure)
    (mark,) = lines(figure, "ratio-shown" if finding in ("less", "greater") else "ratio")
    hollow = to_hex(mark.get_markerfacecolor()) == "#ffffff"
    assert hollow == (finding not in ("less", "greater"))
    assert told[2:] in words_of("alt", made, kind)


def test_more_is_better_of_a_rate():
    made = given(finding="greater")
    made["findings"]["metric"] = "timesteps_per_s"
    figure = drawn(made, "timesteps_per_s", kind="effects")
    (text,) = [text for text in figure.findobj() if getattr(text, "_text", "") == "▲ higher"]
    assert text.get_color() == figures.theme.BETTER


def test_values_and_change_stand_beside_their_row():
    made = given(ratio=0.9577, ratio_low=0.9511, ratio_high=0.9694, reason="",
                 value_baseline=45.0, value_run=43.1)  # fmt: skip
    found = set(words(drawn(made, kind="effects")))
    assert {"−4.2 % (−4.9 to −3.1), 45 → 43.1 s", "8 nodes", "new / base"} <= found


def test_the_title_counts_what_was_found():
    made = tables(campaign(3, 2, 6))
    made["findings"]["finding"] = ["less", "less", "greater", "undecided"] * 2
    assert words_of("title", made, "effects") == (
        "LAMMPS loop time: of 4 comparisons, 2 faster, 1 slower, 1 undecided"
    )
    assert words_of("title", made, "spread") == (
        "LAMMPS loop time: of 4 comparisons, 2 steadier, 1 less steady, 1 undecided"
    )


@pytest.mark.parametrize(("margin", "low"), [(0.05, 1 / 1.05), (0.2, 1 / 1.2)])
def test_the_band_is_the_margin_either_way(margin, low):
    figure = drawn(given(), kind="effects", settings={"margin": margin})
    (band,) = [
        patch
        for patch in figure.findobj(lambda each: isinstance(each, Rectangle | Polygon))
        if patch.get_gid() == "margin"
    ]
    ends = band.get_path().transformed(band.get_patch_transform()).vertices[:, 0]
    assert (ends.min(), ends.max()) == pytest.approx((low, 1 + margin))
    assert f"margin: ±{100 * margin:g} %" in words(figure)


def test_the_caption_states_the_confidence():
    text = words_of("caption", given(), "effects", settings={"alpha": 0.01})
    assert "with the 99 % interval" in text
    assert "n = 20 to 21 trials in each sample" in text


@pytest.mark.parametrize(
    ("end", "value", "told"),
    [("high", np.inf, "∞)"), ("high", np.nan, "–)"), ("low", 0.0, "")],
)
def test_an_interval_without_an_end_is_an_arrow_to_the_edge(end, value, told):
    figure = drawn(given(**{f"ratio_{end}": value}), kind="spread")
    (arrow,) = lines(figure, "open-end")
    which = int(end == "high")
    edge = arrow.axes.get_xlim()[which]
    assert arrow.get_xdata()[0] == segments(figure, "interval")[0, which, 0] == edge
    assert any(f"{told}, 45 → 43 s" in word for word in words(figure))


def test_a_ratio_that_does_not_exist_is_said_and_not_drawn():
    made = given(ratio=np.nan, ratio_low=np.nan, ratio_high=np.nan, finding="greater", reason="")
    figure = drawn(made, kind="spread")
    assert not lines(figure, "ratio") + lines(figure, "ratio-shown")
    assert {"–, 45 → 43 s", "▲ less steady"} <= set(words(figure))


@KINDS
def test_only_the_pairs_that_are_asked_for_are_shown(kind):
    made = tables(campaign(["base", "old", "new"], [8], 6))
    found = words(drawn(made, kind=kind, pairs=[["new", "base"]]))
    assert "new / base" in found
    assert "old / base" not in found
