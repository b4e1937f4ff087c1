"""Captions and alternative texts state what the figure shows."""

from __future__ import annotations

import numpy as np

from heteroscope import figures

from .support import campaign


def caption(trials, metric="loop_time", **options):
    settings = {"labels": {}, "sizes": [8, 16], "runs": ["run0", "run1"]} | options
    return figures.caption(trials, kind="distribution", metric=metric, **settings)


def test_a_caption_states_n_the_clock_and_its_resolution():
    text = caption(campaign())
    assert "LAMMPS loop time in s" in text
    assert "80 trials, n = 20 in each group" in text
    assert "Start: first step of the loop. Stop: last step of the loop." in text
    assert "resolution 0.0001 s" in text
    assert "without set-up" in text


def test_a_caption_gives_the_range_of_n_and_the_exclusions_by_reason():
    trials = campaign()
    trials.loc[[0, 1], "excluded"] = "containers were pulled"
    trials.loc[25, "excluded"] = "node failed"
    text = caption(trials)
    assert "77 trials, n = 18 to 20 in each group" in text
    assert "drawn hollow: containers were pulled (2); node failed (1)." in text


def test_a_caption_counts_the_logs_without_a_value():
    trials = campaign()
    trials.loc[0, "status"] = "failed"
    trials.loc[1, "loop_time"] = np.nan
    assert "Not shown: 2 logs without a usable value." in caption(trials)


def test_a_caption_is_silent_on_what_is_not_there():
    text = caption(campaign(value=lambda random, n: random.uniform(5, 50, n)))
    for word in ("hollow", "Not shown", "beyond", "logarithmic", "start at zero", "no box"):
        assert word not in text


def test_a_caption_tells_of_the_axis():
    assert "does not start at zero" in caption(campaign())
    trials = campaign()
    trials.loc[trials["size"] == 16, "loop_time"] *= 100
    assert "logarithmic" in caption(trials)
    trials = campaign()
    trials.loc[3, "loop_time"] = 1234.0
    assert "1 trial beyond the axis" in caption(trials)


def test_few_trials_are_said_to_have_no_box():
    assert "fewer than 5 trials have no box" in caption(campaign(repetitions=3))


def test_no_data_is_said_in_caption_and_alternative_text():
    trials = campaign().assign(loop_time=np.nan)
    settings = {"kind": "distribution", "metric": "loop_time", "labels": {}, "sizes": [8]}
    for words in (figures.caption, figures.alt_text):
        text = words(trials, runs=["run0"], **settings)
        assert text == "No data: no trial of 1 run at 1 size has a value of “LAMMPS loop time”."


def test_an_alternative_text_gives_the_medians_by_label():
    trials = campaign(runs=["a", "b"], sizes=[8], repetitions=3)
    trials["loop_time"] = [1.0, 2.0, 9.0, 1.5, 2.5, 9.0]
    text = figures.alt_text(
        trials,
        kind="distribution",
        metric="loop_time",
        labels={"a": "with affinity"},
        sizes=[8, 16],
        runs=["a", "b"],
    )
    assert "752 ranks on 8 nodes: medians with affinity 2, b 2.5." in text
    assert "16 nodes: no data." in text
