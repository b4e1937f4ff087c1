"""Ratios stand where the tables say, with the words that their tests allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon, Rectangle

from heteroscope import figures
from heteroscope.analysis.comparisons import Settings, location, variance

from .support import campaign, drawn, lines, tables, words, words_of

TABLES = {"effects": "location", "spread": "variance"}
RATIOS = {"effects": "ratio", "spread": "sd_ratio"}


def given(**changes):
    """Return tables of one comparison at one size, with some cells set."""
    made = tables(campaign(["base", "new"], [8], 6))
    for name in TABLES.values():
        known = {key: value for key, value in changes.items() if key in made[name]}
        made[name] = made[name].assign(**known)
    return made


@pytest.mark.parametrize("kind", TABLES)
def test_every_ratio_stands_at_its_value_with_its_interval(kind):
    made = tables(campaign(3, 4, 6))
    table, name = made[TABLES[kind]], RATIOS[kind]
    figure = drawn(made, kind=kind)
    points = [line.get_xdata()[0] for line in lines(figure, "ratio") + lines(figure, "ratio-shown")]
    assert np.allclose(np.sort(points), np.sort(table[name]))
    intervals = np.array([line.get_xdata() for line in lines(figure, "interval")])
    assert np.allclose(intervals, table[[f"{name}_low", f"{name}_high"]])
    levels = [line.get_ydata()[0] for line in lines(figure, "interval")]
    assert levels == sorted(levels, reverse=True)
    assert figure.axes[0].get_xscale() == "log"


@pytest.mark.parametrize("kind", TABLES)
def test_the_mark_is_filled_where_a_difference_is_shown_and_nowhere_else(kind):
    made = given(mann_whitney_p_holm=0.04, levene_median_p_holm=0.04, tests_disagree=False, a12=0.1)
    shown = drawn(made, kind=kind)
    (mark,) = lines(shown, "ratio-shown")
    assert to_hex(mark.get_markerfacecolor()) != "#ffffff"
    stricter = drawn(made, kind=kind, settings={"alpha": 0.01})
    (mark,) = lines(stricter, "ratio")
    assert to_hex(mark.get_markerfacecolor()) == "#ffffff"
    assert "inconclusive" in words(stricter) or "equivalent" in words(stricter)


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"mann_whitney_p_holm": 0.01, "a12": 0.2, "within_margin": False}, "lower"),
        ({"mann_whitney_p_holm": 0.01, "a12": 0.8, "within_margin": False}, "higher"),
        (
            {"mann_whitney_p_holm": 0.01, "a12": 0.2, "within_margin": True},
            "lower, within the margin",
        ),
        ({"mann_whitney_p_holm": 0.01, "tests_disagree": True}, "tests disagree"),
        ({"mann_whitney_p_holm": 0.3, "tests_disagree": True}, "tests disagree"),
        ({"mann_whitney_p_holm": 0.3, "within_margin": True}, "equivalent"),
        ({"mann_whitney_p_holm": 0.3, "within_margin": False}, "inconclusive"),
        ({"mann_whitney_p_holm": np.nan, "reason": "n"}, "not tested: too few trials"),
        ({"mann_whitney_p_holm": 0.1, "reason": "floor"}, "not tested: too few trials"),
    ],
)
def test_a_location_has_the_words_that_its_tests_allow(cells, verdict):
    figure = drawn(given(**{"tests_disagree": False, **cells}), kind="effects")
    assert verdict in words(figure)
    assert len(lines(figure, "ratio-shown")) == (verdict.split(",")[0] in ("lower", "higher"))


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"levene_median_p_holm": 0.01, "sd_run": 3.0, "sd_baseline": 2.0}, "larger"),
        ({"levene_median_p_holm": 0.01, "sd_run": 1.0, "sd_baseline": 2.0}, "smaller"),
        ({"levene_median_p_holm": 0.2}, "inconclusive"),
        ({"levene_median_p_holm": np.nan, "reason": "zero_variance"}, "not tested: no variation"),
    ],
)
def test_a_spread_has_the_words_that_its_test_allows(cells, verdict):
    assert verdict in words(drawn(given(**cells), kind="spread"))


def test_numbers_stand_beside_their_row():
    made = given(
        ratio=0.9577, ratio_low=0.9511, ratio_high=0.9694, mann_whitney_p_holm=0.0004, a12=0.1,
        within_margin=False,
    )  # fmt: skip
    figure = drawn(made, kind="effects")
    assert {"0.958 [0.951, 0.969]", "p < 0.001", "lower", "8 nodes", "new / base"} <= set(
        words(figure)
    )


@pytest.mark.parametrize(("margin", "low"), [(0.05, 1 / 1.05), (0.2, 1 / 1.2)])
def test_the_band_is_the_margin_either_way(margin, low):
    figure = drawn(given(), kind="effects", settings={"margin": margin})
    (band,) = [
        patch
        for patch in figure.findobj(lambda each: isinstance(each, Rectangle | Polygon))
        if patch.get_gid() == "band"
    ]
    ends = band.get_path().transformed(band.get_patch_transform()).vertices[:, 0]
    assert (ends.min(), ends.max()) == pytest.approx((low, 1 + margin))
    assert f"±{100 * margin:g} %" in words_of(
        figures.caption, given(), "effects", settings={"margin": margin}
    )


def test_an_interval_without_an_upper_end_is_an_arrow_to_the_edge():
    figure = drawn(given(sd_ratio_high=np.nan), kind="spread")
    (arrow,) = lines(figure, "open-end")
    assert arrow.get_xdata()[0] == figure.axes[0].get_xlim()[1]
    assert any(word.endswith("∞)") for word in words(figure))


def test_a_ratio_that_does_not_exist_is_said_and_not_drawn():
    made = given(sd_ratio=np.nan, sd_ratio_low=np.nan, sd_ratio_high=np.nan,
                 levene_median_p_holm=0.01, sd_run=0.5, sd_baseline=0.0)  # fmt: skip
    figure = drawn(made, kind="spread")
    assert not lines(figure, "ratio") + lines(figure, "ratio-shown")
    assert {"no ratio", "larger"} <= set(words(figure))


@pytest.mark.parametrize("kind", TABLES)
def test_only_the_pairs_that_are_asked_for_are_shown(kind):
    made = tables(campaign(["base", "old", "new"], [8], 6))
    figure = drawn(made, kind=kind, pairs=[["new", "base"]])
    assert "new / base" in words(figure)
    assert "old / base" not in words(figure)


def test_the_spread_across_sizes_is_no_comparison():
    made = tables(campaign(["base", "new"], [8], 6))
    across = made["variance"].assign(scope="sizes", sd_ratio=77.0)
    made["variance"] = pd.concat([made["variance"], across])
    figure = drawn(made, kind="spread")
    assert len(lines(figure, "interval")) == 1


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_was_computed_is_drawn_as_it_stands(kind):
    trials = campaign(["base", "new"], [8, 16], 12).assign(rule="", reason="")
    trials.loc[trials["run"] == "new", "loop_time"] *= 0.5
    settings = Settings()
    compute = {"effects": location, "spread": variance}[kind]
    table = compute(trials, [("new", "base")], ["loop_time"], [8, 16], settings)
    text = words_of(
        figures.alt_text, {"trials": trials, TABLES[kind]: table}, kind, runs=["base", "new"]
    )
    if kind == "effects":
        medians = trials.groupby(["run", "size"])["loop_time"].median()
        assert f"16 nodes {medians['new', 16] / medians['base', 16]:.3f} [" in text
        assert text.count(", lower") == 2
    else:
        sds = trials.groupby(["run", "size"])["loop_time"].std()
        assert f"16 nodes {sds['new', 16] / sds['base', 16]:.3f} [" in text
