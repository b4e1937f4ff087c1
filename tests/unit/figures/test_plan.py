"""Each figure is made for the runs that it has something to show of, and for no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from heteroscope import words
from heteroscope.campaign import campaign
from heteroscope.figures import plan
from heteroscope.metrics import UserError

REPOSITORY = Path(__file__).parents[3]


def load(*runs, **others):
    entries = {}
    for name, _, against in (run.partition("/") for run in runs):
        entries[name] = {"directory": f"data/{name}"}
        if against:
            entries[name]["against"] = [against]
    return campaign.load({"runs": entries, **others}, REPOSITORY)


def test_a_run_alone_has_nothing_to_compare():
    found = load("run4")
    assert {"walltime", "close_up", "sections", "efficiency"} <= set(plan.of_all(found))
    assert not {"effects", "spread"} & set(plan.of_all(found))
    assert plan.of_runs(found) == []


def test_figures_of_a_run_are_those_that_it_can_show():
    found = load("mpi-reference", "run4/mpi-reference")
    own = {figure for run, figure in plan.of_runs(found) if run == "run4"}
    assert own == set(plan.of_all(found)) == set(found.figures)
    assert not any(run == "mpi-reference" for run, _ in plan.of_runs(found))


def test_a_comparison_needs_the_metric_on_both_sides():
    figures = {"e": {"kind": "effects", "metric": "loop_time"}, "w": {"metric": "loop_time"}}
    found = load("mpi-reference", "run4/mpi-reference", figures=figures)
    assert plan.of_all(found) == ["w"]
    assert plan.of_runs(found) == [("run4", "w")]
    (sentence,) = plan.left_out(found)
    assert sentence.startswith("figures.e: not made, since no run that gives loop_time stands")
    assert plan.of_all(load("run5", "run4/run5", figures=figures)) == ["e", "w"]


def test_what_is_not_tested_is_not_compared():
    figures = {"effects": {"kind": "effects", "metric": "walltime"}}
    found = load("run5", "run4/run5", metrics=["loop_time"], figures=figures)
    assert plan.of_all(found) == []
    assert "walltime is not among the metrics" in plan.left_out(found)[-1]


def test_a_metric_that_a_kind_cannot_show_is_refused_before_any_job():
    figures = {"s": {"kind": "sections", "metric": "walltime"}}
    with pytest.raises(UserError, match=r"figures\.s: a figure of the kind sections cannot show"):
        plan.check(load("run4", figures=figures))
    plan.check(load("run4"))


def test_sections_need_a_format_that_has_them():
    figures = {"s": {"kind": "sections", "metric": "loop_time"}}
    assert plan.of_all(load("run4", figures=figures)) == ["s"]
    assert plan.of_all(load("mpi-reference", figures=figures)) == []


def test_one_size_has_no_efficiency():
    assert "efficiency" not in plan.of_all(load("run4", sizes=[8]))
    assert "efficiency" in plan.of_all(load("run4", sizes=[8, 16]))


def test_trials_without_sizes_have_no_efficiency():
    found = load("run4")
    words.count_sizes_in("")
    try:
        assert "efficiency" not in plan.of_all(found)
    finally:
        words.count_sizes_in()


def test_a_request_heeds_no_more_of_the_statistics_than_its_kind_needs():
    found = load("run5", "run4/run5", statistics={"alpha": 0.05, "margin": 0.1})
    assert plan.request(found, "walltime")["settings"] == {}
    assert plan.request(found, "effects")["settings"] == {"alpha": 0.05, "margin": 0.1}


def test_a_request_of_one_run_shows_it_against_its_baselines():
    found = load("run6", "run5", "run4/run5")
    assert plan.request(found, "walltime")["runs"] == ["run6", "run5", "run4"]
    own = plan.request(found, "effects", "run4")
    assert (own["runs"], own["pairs"]) == (["run5", "run4"], [["run4", "run5"]])


def test_every_kind_can_be_asked_for_of_the_primary_metric():
    found = load("run4", primary="loop_time")
    assert {"ecdf", "repetitions"} <= plan.every(found).keys() - set(plan.of_all(found))
    assert plan.request(found, "ecdf")["metric"] == "loop_time"
