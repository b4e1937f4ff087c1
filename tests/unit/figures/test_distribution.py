"""The distribution figure shows what was measured: all of it, where it is, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from heteroscope import figures

from .support import campaign, drawn, lines, marks, segments, words, words_of


def boxes(figure):
    """Return the lower and the upper end of the boxes."""
    found = figure.findobj(lambda each: (each.get_gid() or "").startswith("box:"))
    return [(box.get_y(), box.get_y() + box.get_height()) for box in found]


def medians(figure):
    """Return place and height of the medians, from left to right."""
    found = segments(figure, "median")
    return found[:, :, 0].mean(axis=1)[order := found[:, 0, 0].argsort()], found[order, 0, 1]


def axes_of(figure):
    (axes,) = figure.axes
    return axes


def test_every_trial_is_a_point_at_its_value():
    trials = campaign(runs=3, sizes=4, repetitions=20)
    points = marks(drawn(trials), "trials")
    assert len(points) == 240
    assert np.allclose(np.sort(points[:, 1]), np.sort(trials["loop_time"]))


def test_points_stand_in_the_slot_of_their_group_whatever_the_order_of_rows():
    trials = campaign(runs=["a", "b"], sizes=[8, 16], repetitions=9)
    trials["loop_time"] = trials["run"].map({"a": 10.0, "b": 14.0}) + trials["size"]
    mixed = trials.sample(frac=1, random_state=1)
    figure = drawn(mixed, runs=["a", "b"])
    centres, heights = medians(figure)
    assert heights.round().tolist() == [18, 22, 26, 30]
    for x, y in marks(figure, "trials"):
        nearest = int(np.argmin(np.abs(centres - x)))
        assert heights[nearest] == y
        assert abs(centres[nearest] - x) < 0.5


def test_the_box_is_the_quartiles_and_the_line_the_median():
    trials = campaign(runs=1, sizes=1, repetitions=9)
    trials["loop_time"] = [40, 41, 42, 43, 44, 45, 46, 47, 54]
    figure = drawn(trials)
    assert boxes(figure) == [(42, 46)]
    assert medians(figure)[1] == [44]
    whiskers = segments(figure, "whisker")[:, :, 1]
    assert whiskers.tolist() == [[40, 42], [46, 47]]  # 54 is beyond 46 + 1.5 × 4


def test_fewer_than_five_trials_have_a_median_and_no_box():
    figure = drawn(campaign(runs=1, sizes=1, repetitions=4))
    assert not boxes(figure)
    assert len(medians(figure)[0]) == 1
    assert len(marks(figure, "trials")) == 4
    assert "fewer than 5 trials have no box" in words_of(
        "caption", campaign(repetitions=3), "distribution"
    )


def test_excluded_trials_are_hollow_and_count_in_nothing():
    trials = campaign(runs=2, sizes=2, repetitions=20)
    trials.loc[trials["repetition"] <= 2, "excluded"] = "warm-up"
    figure = drawn(trials)
    kept = trials[trials["excluded"] == ""]
    assert len(marks(figure, "excluded")) == 8
    assert len(marks(figure, "trials")) == len(kept) == 72
    assert words(figure).count("18") == 4
    first = kept[(kept["run"] == "run0") & (kept["size"] == 8)]["loop_time"]
    assert medians(figure)[1][0] == pytest.approx(first.median())
    assert {to_hex(line.get_markerfacecolor()) for line in lines(figure, "excluded")} == {"#ffffff"}
    assert "excluded" in words(figure)
    caption = words_of("caption", trials, "distribution")
    assert caption.endswith("n = 18 trials a group, 72 in all; 8 excluded (hollow).")


def test_the_legend_names_each_mark_and_reads_row_by_row():
    runs = ["a", "bb", "ccc", "dddd", "e" * 30, "f" * 30, "g" * 30]
    looks = figures.styles(runs)
    figure = drawn(campaign(runs, 1, 5), styles=looks)
    FigureCanvasAgg(figure).draw()
    (legend,) = figure.legends
    found = []
    for box, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        place = text.get_window_extent()
        found.append((-round(place.y0), place.x0, text.get_text(), to_hex(box.get_facecolor())))
    assert [entry[2:] for entry in sorted(found)] == [
        (run, looks[run].tint.lower()) for run in runs
    ]
    assert len({entry[0] for entry in found}) > 1


@pytest.mark.parametrize("missing", ["", np.nan, None])
def test_an_empty_reason_excludes_nothing(missing):
    trials = campaign(runs=1, sizes=1)
    trials["excluded"] = pd.Series([missing] * len(trials), dtype=object)
    assert len(marks(drawn(trials), "trials")) == 20


def test_failed_trials_and_missing_values_are_not_drawn_and_not_counted():
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[0, "status"] = "failed"
    trials.loc[1, "status"] = None
    trials.loc[2, "loop_time"] = np.nan
    trials.loc[3, "loop_time"] = np.inf
    figure = drawn(trials)
    assert len(marks(figure, "trials")) == 16
    assert {"n =", "16"} <= set(words(figure))
    assert "4 logs without a usable value" in words_of("caption", trials, "distribution")


def test_n_stands_under_its_own_group():
    trials = campaign(runs=["a", "b"], sizes=[8, 16], repetitions=20)
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 8) & (trials["repetition"] > 7))]
    figure = drawn(trials)
    counts = [each for each in axes_of(figure).texts if each.get_text().isdigit()]
    assert [each.get_text() for each in counts] == ["20", "7", "20", "20"]
    assert np.allclose([each.xy[0] for each in counts], medians(figure)[0])


def test_a_run_takes_room_only_where_it_was_measured():
    trials = campaign(runs=["a", "b", "c"], sizes=[8, 16])
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 16))]
    figure = drawn(trials)
    centres, _ = medians(figure)
    assert len(centres) == 5
    assert centres[4] - centres[3] == pytest.approx(1)
    assert "no data" not in words(figure)


def test_a_group_without_a_value_and_a_size_without_a_log_say_so():
    trials = campaign(runs=["a", "b"], sizes=[8, 16])
    trials.loc[(trials["run"] == "b") & (trials["size"] == 16), "loop_time"] = np.nan
    found = words(drawn(trials, sizes=[8, 16, 32]))
    assert found.count("no data") == 2
    assert {"0", "32 nodes"} <= set(found)


def test_a_run_without_the_metric_is_left_out_and_named_in_the_caption():
    trials = campaign(runs=["flux", "mpi"])
    trials.loc[trials["run"] == "mpi", "loop_time"] = np.nan
    found = words(drawn(trials))
    assert not {"no data", "mpi"} & set(found)
    text = words_of("caption", trials, "distribution", labels={"mpi": "MPI Operator"})
    assert text.endswith("Not measured: MPI Operator.")


def test_ticks_name_ranks_and_nodes_or_the_nodes_alone():
    trials = campaign(sizes=[8, 16, 32])
    trials["ranks"] = trials["ranks"].astype("Int64")
    trials.loc[trials["size"] == 8, "ranks"] = pd.NA
    trials.loc[trials.index[trials["size"] == 16][0], "ranks"] = 1
    found = words(drawn(trials))
    assert {"8 nodes", "16 nodes", "3008 (32)", "MPI ranks (nodes)"} <= set(found)


@pytest.mark.parametrize(
    ("excluded", "kind", "legend"),
    [
        ("", "trials-far", "beyond the axis: value given"),
        ("warm-up", "excluded-far", "excluded, beyond the axis"),
    ],
)
def test_a_far_trial_is_marked_at_the_edge_with_its_value(excluded, kind, legend):
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[4, ["loop_time", "excluded"]] = [1234.5, excluded]
    figure = drawn(trials)
    assert len(marks(figure, "trials")) == 19
    ((_, height),) = marks(figure, kind)
    assert height == axes_of(figure).get_ylim()[1] < 100
    assert {"1234", legend} <= set(words(figure))


def test_two_far_trials_of_a_group_are_given_as_a_range():
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[[4, 5], "loop_time"] = [-4000.0, -3000.0]
    figure = drawn(trials)
    assert len(marks(figure, "trials-far")) == 2
    assert "−4000 to −3000" in words(figure)
    assert "Triangles lie beyond the axis" in words_of("caption", trials, "distribution")


def test_marks_keep_to_their_slot_at_two_hundred_equal_values():
    figure = drawn(campaign(runs=3, sizes=2, repetitions=200, value=lambda r, n: np.full(n, 42.0)))
    points = marks(figure, "trials")
    offsets = np.abs(points[:, :1] - medians(figure)[0]).min(axis=1)
    assert len(points) == 1200
    assert offsets.max() < 0.5


def test_the_baseline_stands_only_where_the_axis_starts_at_zero():
    wide = campaign(value=lambda r, n: r.uniform(5, 50, n))
    narrow = campaign(value=lambda r, n: r.uniform(99, 100, n))
    assert axes_of(drawn(wide)).spines["bottom"].get_visible()
    assert not axes_of(drawn(narrow)).spines["bottom"].get_visible()
    assert "does not start at zero" not in words_of("caption", wide, "distribution")
    assert "does not start at zero" in words_of("caption", narrow, "distribution")


def test_a_logarithmic_axis_says_so():
    trials = campaign(runs=1, sizes=2)
    trials.loc[trials["size"] == 16, "loop_time"] *= 100
    figure = drawn(trials)
    assert axes_of(figure).get_yscale() == "log"
    assert "LAMMPS loop time (s, log scale)" in words(figure)
    assert "logarithmic" in words_of("caption", trials, "distribution")


def test_an_alternative_text_gives_the_medians_by_label():
    trials = campaign(runs=["a", "b"], sizes=[8], repetitions=3)
    trials["loop_time"] = [1.0, 2.0, 9.0, 1.5, 2.5, 9.0]
    text = words_of("alt", trials, "distribution", labels={"a": "with affinity"}, sizes=[8, 16])
    assert text == (
        "Medians of LAMMPS loop time (s). 8 nodes: with affinity 2; b 2.5. 16 nodes: no data."
    )
