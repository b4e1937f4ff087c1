"""The distribution figure shows what was measured: all of it, where it is, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from heteroscope import figures

from .support import campaign, collection, drawn, marks, words


def paths(figure, name):
    """Return the corners of the boxes, or the ends of the lines, from left to right."""
    return [path.vertices for path in collection(figure, name).get_paths()]


def test_every_trial_is_a_point_at_its_value():
    trials = campaign(runs=3, sizes=4, repetitions=20)
    points = marks(drawn(trials), "trials")
    assert len(points) == 240
    assert np.allclose(np.sort(points[:, 1]), np.sort(trials["loop_time"]))


def test_points_stand_in_the_slot_of_their_group():
    trials = campaign(runs=["a", "b"], sizes=[8, 16], repetitions=9)
    trials["loop_time"] = trials["run"].map({"a": 10.0, "b": 14.0}) + trials["size"]
    figure = drawn(trials)
    medians = paths(figure, "medians")
    assert [round(line[0, 1]) for line in medians] == [18, 22, 26, 30]
    centres = [line[:, 0].mean() for line in medians]
    assert centres == sorted(centres)
    for x, y in marks(figure, "trials"):
        nearest = int(np.argmin(np.abs(np.array(centres) - x)))
        assert medians[nearest][0, 1] == y
        assert abs(centres[nearest] - x) < 0.5


def test_rows_in_another_order_give_the_same_groups():
    trials = campaign(runs=3, sizes=2)
    mixed = trials.sample(frac=1, random_state=1)
    one, other = (
        paths(drawn(table, runs=["run0", "run1", "run2"]), "boxes") for table in (trials, mixed)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_box_is_the_quartiles_and_the_line_the_median():
    trials = campaign(runs=1, sizes=1, repetitions=9)
    trials["loop_time"] = [40, 41, 42, 43, 44, 45, 46, 47, 54]
    figure = drawn(trials)
    (box,) = paths(figure, "boxes")
    assert (box[:, 1].min(), box[:, 1].max()) == (42, 46)
    (median,) = paths(figure, "medians")
    assert set(median[:, 1]) == {44}
    low, high = paths(figure, "whiskers")
    assert (low[:, 1].min(), high[:, 1].max()) == (40, 47)  # 54 is beyond 46 + 1.5 × 4


def test_fewer_than_five_trials_have_a_median_and_no_box():
    figure = drawn(campaign(runs=1, sizes=1, repetitions=4))
    assert not paths(figure, "boxes")
    assert len(paths(figure, "medians")) == 1
    assert len(marks(figure, "trials")) == 4


def test_excluded_trials_are_hollow_and_count_in_nothing():
    trials = campaign(runs=2, sizes=2, repetitions=20)
    trials.loc[trials["repetition"] <= 2, "excluded"] = "warm-up"
    figure = drawn(trials)
    kept = trials[trials["excluded"] == ""]
    assert len(marks(figure, "excluded")) == 8
    assert len(marks(figure, "trials")) == len(kept) == 72
    assert words(figure).count("n=18") == 4
    first = kept[(kept["run"] == "run0") & (kept["size"] == 8)]["loop_time"]
    assert paths(figure, "medians")[0][0, 1] == pytest.approx(first.median())
    faces = {
        to_hex(line.get_markerfacecolor())
        for line in figure.findobj(Line2D)
        if (line.get_gid() or "").startswith("excluded-")
    }
    assert faces == {"#ffffff"}
    assert "excluded" in words(figure)


def test_without_exclusions_the_legend_has_the_runs_alone():
    (legend,) = drawn(campaign(runs=2)).legends
    assert [text.get_text() for text in legend.get_texts()] == ["run0", "run1"]


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
    assert "n=16" in words(figure)


def test_n_stands_under_its_own_group():
    trials = campaign(runs=["a", "b"], sizes=[8, 16], repetitions=20)
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 8) & (trials["repetition"] > 7))]
    figure = drawn(trials)
    (axes,) = figure.axes
    ns = sorted(
        (text.get_position()[0], text.get_text())
        for text in axes.texts
        if text.get_text().startswith("n=")
    )
    assert [word for _, word in ns] == ["n=20", "n=7", "n=20", "n=20"]
    centres = [line[:, 0].mean() for line in paths(figure, "medians")]
    assert np.allclose([x for x, _ in ns], centres)


def test_many_groups_have_bare_numbers_with_one_heading():
    figure = drawn(campaign(runs=9, sizes=4, repetitions=5))
    assert words(figure).count("5") == 36
    assert words(figure).count("n =") == 1


def test_a_run_takes_room_only_where_it_was_measured():
    trials = campaign(runs=["a", "b", "c"], sizes=[8, 16])
    trials = trials[~((trials["run"] == "b") & (trials["size"] == 16))]
    figure = drawn(trials)
    centres = [line[:, 0].mean() for line in paths(figure, "medians")]
    assert len(centres) == 5
    assert centres[4] - centres[3] == pytest.approx(1)
    assert "no data" not in words(figure)


def test_a_group_without_a_value_says_so():
    trials = campaign(runs=["a", "b"], sizes=[8, 16])
    trials.loc[(trials["run"] == "b") & (trials["size"] == 16), "loop_time"] = np.nan
    figure = drawn(trials)
    assert words(figure).count("no data") == 1
    assert "n=0" in words(figure)
    assert len(paths(figure, "boxes")) == 3


def test_a_size_without_a_log_says_so():
    figure = drawn(campaign(sizes=[8, 16]), sizes=[8, 16, 32])
    assert words(figure).count("no data") == 1
    assert "32 nodes" in words(figure)


def test_a_run_without_the_metric_is_left_out_and_named_in_the_caption():
    trials = campaign(runs=["flux", "mpi"])
    trials.loc[trials["run"] == "mpi", "loop_time"] = np.nan
    figure = drawn(trials)
    assert "no data" not in words(figure)
    assert "mpi" not in words(figure)
    text = figures.caption(
        trials,
        kind="distribution",
        metric="loop_time",
        labels={"mpi": "MPI Operator"},
        sizes=[8, 16],
        runs=["flux", "mpi"],
    )
    assert "Without this metric: MPI Operator." in text


@pytest.mark.parametrize("metric", ["loop_time", "walltime"])
def test_no_data_at_all_is_a_figure_that_says_so(metric):
    trials = campaign(runs=2, sizes=3).assign(loop_time=np.nan)
    (sentence,) = [word for word in words(drawn(trials, metric)) if word.startswith("No data")]
    assert "2 runs at 3 sizes" in sentence.replace("\n", " ")


def test_an_empty_table_is_a_figure_that_says_so():
    trials = campaign().iloc[:0]
    figure = drawn(trials, runs=["run0"], sizes=[8], styles=figures.styles(["run0"]))
    assert any(word.startswith("No data") for word in words(figure))


def test_ticks_name_ranks_and_nodes():
    figure = drawn(campaign(sizes=[8, 64]))
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["752 (8)", "6016 (64)"]
    assert axes.get_xlabel() == "MPI ranks (nodes)"


def test_unknown_or_varying_ranks_leave_the_nodes():
    trials = campaign(sizes=[8, 16, 32])
    trials["ranks"] = trials["ranks"].astype("Int64")
    trials.loc[trials["size"] == 8, "ranks"] = pd.NA
    trials.loc[trials.index[trials["size"] == 16][0], "ranks"] = 1
    labels = [label.get_text() for label in drawn(trials).axes[0].get_xticklabels()]
    assert labels == ["8 nodes", "16 nodes", "3008 (32)"]


def test_a_far_trial_is_marked_at_the_edge_with_its_value():
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[4, "loop_time"] = 1234.5
    figure = drawn(trials)
    assert len(marks(figure, "trials")) == 19
    ((_, height),) = marks(figure, "trials-over")
    assert height == figure.axes[0].get_ylim()[1] < 100
    assert {"1234", "n=20", "beyond the axis: value given"} <= set(words(figure))


def test_a_far_excluded_trial_is_hollow_at_the_edge_with_its_value():
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[4, ["loop_time", "excluded"]] = [236.0, "warm-up"]
    figure = drawn(trials)
    assert len(marks(figure, "excluded-over")) == 1
    assert {"236", "n=19", "excluded, beyond the axis"} <= set(words(figure))


def test_two_far_trials_of_a_group_are_given_as_a_range():
    trials = campaign(runs=1, sizes=1, repetitions=20)
    trials.loc[[4, 5], "loop_time"] = [-4000.0, -3000.0]
    figure = drawn(trials)
    assert len(marks(figure, "trials-under")) == 2
    assert "−4000 to −3000" in words(figure)


def test_marks_keep_to_their_slot_at_two_hundred_equal_values():
    figure = drawn(campaign(runs=3, sizes=2, repetitions=200, value=lambda r, n: np.full(n, 42.0)))
    (axes,) = figure.axes
    points = marks(figure, "trials")
    centres = np.array([line[:, 0].mean() for line in paths(figure, "medians")])
    offsets = np.abs(points[:, :1] - centres).min(axis=1)
    assert len(points) == 1200
    assert offsets.max() < 0.5
    assert axes.get_ylim()[0] < 42 < axes.get_ylim()[1]


def test_the_baseline_stands_only_where_the_axis_starts_at_zero():
    wide = drawn(campaign(value=lambda r, n: r.uniform(5, 50, n))).axes[0]
    narrow = drawn(campaign(value=lambda r, n: r.uniform(99, 100, n))).axes[0]
    assert wide.get_ylim()[0] == 0
    assert wide.spines["bottom"].get_visible()
    assert narrow.get_ylim()[0] > 90
    assert not narrow.spines["bottom"].get_visible()


def test_a_logarithmic_axis_says_so():
    trials = campaign(runs=1, sizes=2)
    trials.loc[trials["size"] == 16, "loop_time"] *= 100
    axes = drawn(trials).axes[0]
    assert axes.get_yscale() == "log"
    assert axes.get_ylabel() == "LAMMPS loop time (s, log scale)"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"kind": "distributon"}, "did you mean 'distribution'"),
        ({"metric": "looptime"}, "did you mean 'loop_time'"),
        ({"size": "poster"}, "choose from screen, one-column, two-column, slide"),
    ],
)
def test_unknown_names_are_answered_with_the_known_ones(option, message):
    with pytest.raises(figures.UserError, match=message):
        drawn(campaign(), **option)


@pytest.mark.parametrize("size", figures.SIZES)
def test_a_usual_figure_has_the_page_that_its_size_names(size):
    page = figures.SIZES[size]
    figure = drawn(campaign(runs=2, sizes=4), size=size)
    assert figure.get_size_inches() == pytest.approx([page.width, page.height])
    assert figure.dpi == page.dpi
