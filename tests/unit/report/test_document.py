"""What the report says beside its headline: cells, claims, and what they rest on."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd
import pytest

from heteroscope.metrics import UserError
from heteroscope.report import console, render, summary
from heteroscope.report.document import Figure

from .support import Row, claim, finding, first_line, guard, log, make, small_tables, spread


def figure(kind: str, metric: str = "walltime", name: str = "") -> Figure:
    return Figure(kind, metric, "unused", f"{name or kind}.png")


@pytest.mark.parametrize(
    ("row", "mark", "word", "tone"),
    [
        (finding("less", 0.9), "▼", "faster", "good"),
        (finding("greater", 1.1), "▲", "slower", "bad"),
        (finding("equivalent", 1.0), "=", "within the margin", "same"),
        (finding("undecided", 1.0), "?", "undecided", "open"),
        (finding("not_testable", 1.0), "–", "not testable", "none"),
        (finding("not_comparable", 1.0), "⊘", "not comparable", "none"),
        (finding("greater", 1.1, metric="timesteps_per_s", unit="1/s"), "▲", "higher", "good"),
        (finding("less", 0.9, metric="timesteps_per_s", unit="1/s"), "▼", "lower", "bad"),
        (spread("less", 0.5), "▼", "steadier", "good"),
        (spread("greater", 2.0), "▲", "less steady", "bad"),
        # A spread is good news the same way, whatever the metric.
        (spread("less", 0.5, metric="timesteps_per_s", unit="1/s"), "▼", "steadier", "good"),
    ],
)
def test_a_cell_says_its_finding_by_mark_word_and_colour(
    row: Row, mark: str, word: str, tone: str
) -> None:
    (matrix,) = make({"findings": [row]}, primary=row["metric"])["matrices"]
    (cell, *_) = first_line(matrix)
    assert cell
    assert (cell.mark, cell.word, cell.tone) == (mark, word, tone)


def test_a_cell_holds_effect_interval_and_both_medians() -> None:
    matrix = make()["matrices"][0]
    cell = first_line(matrix)[0]
    assert cell
    assert (cell.effect, cell.interval, cell.values) == (
        "−5.0 %",
        "(−6.0 to −4.0)",
        "100 → 95 s",
    )
    assert matrix.summary == "2 comparisons: 2 faster"


def test_what_is_not_comparable_shows_no_number() -> None:
    rows = [finding("not_comparable", 0.9, reason="guard:metric")]
    cell = first_line(make({"findings": rows})["matrices"][0])[0]
    assert cell
    assert (cell.effect, cell.interval, cell.values) == ("not comparable", "", "")
    assert cell.why == "the clocks start at different events"


def test_what_the_headline_is_about_stands_first_and_a_size_without_values_is_empty() -> None:
    rows = [finding("less", 0.9, 16, run="other"), finding("less", 0.9, 8)]
    pairs = [("other", "old"), ("new", "old")]
    document = make({"findings": rows}, pairs=pairs)
    matrix = document["matrices"][0]
    assert list(matrix.lines) == [("new", "old"), ("other", "old")]
    main = re.findall(r'<tr role="row" class="main">.*?<bdi>(.*?)</bdi>', render.page(document))
    assert main == ["the new way"]
    assert matrix.lines["other", "old"][0] is None


def test_a_control_is_no_comparison_of_the_study() -> None:
    rows = [finding("less", 0.9), finding("less", 0.97, run="control", trials_needed=4)]
    document = make({"findings": rows})
    assert list(document["matrices"][0].lines) == [("new", "old")]
    assert document["matrices"][0].summary == "1 comparison: 1 faster"
    assert [row["pair"] for row in document["again"]] == [
        "the new way against the old way",
        "control against the old way (control)",
    ]


def test_other_metrics_have_the_same_form() -> None:
    rows = [finding("less", 0.9), finding("greater", 1.2, metric="loop_time")]
    document = make({"findings": rows})
    ((matrix,),) = document["others"]
    assert matrix.metric == "LAMMPS loop time"
    assert first_line(matrix)[0].word == "slower"  # type: ignore[union-attr]
    assert "The same for 1 other metric<" in render.page(document)


def test_the_headline_rests_on_p_trials_controls_and_what_differs() -> None:
    rows = [
        finding("less", 0.9, p_holm=1e-9, control=0.012),
        finding("less", 0.9, 16, control=0.0345, detectable_percent=4.44),
    ]
    guards = [
        guard("image", "ok", "container image: the same"),
        guard("cluster", "warn", "cluster: a in new and b in old"),
        guard("not_recorded", "unknown", "not recorded: date of the old way"),
        guard("order", "warn", "order of the trials: old came first", "loop_time"),
    ]
    assert make({"findings": rows, "guards": guards})["belief"] == [
        "p (Holm) < 0.001 to 0.012, with 20 to 21 trials a side and size.",
        "That is enough to show a difference of 4.4 % (80 % power).",
        "Controls, which should not differ, differ by up to 3.5 %.",
        "What else differs: cluster.",
        "Not recorded: date of the old way.",
    ]


def test_a_run_most_of_whose_logs_are_refused_is_an_alarm() -> None:
    half = [log("new"), log("new"), log("new", "incomplete"), log("new", "failed")]
    assert make({"parse": [log("old"), *half]})["alarms"] == []
    most = [*half, log("new", "failed")]
    assert make({"parse": [log("old"), *most]})["alarms"] == [
        "Most logs of the new way are refused: 1 of 5 incomplete and 2 of 5 failed. What is said "
        "of it rests on the others.",
    ]


def test_a_file_of_many_trials_is_refused_only_where_all_of_them_are() -> None:
    parse = [log("old"), {**log("new", "incomplete"), "log": "times.csv", "trials": 2}]
    one = {"run": "new", "rule": "status", "log": "times.csv", "size": 8, "reason": "cut"}
    assert make({"parse": parse, "exclusions": [one]})["alarms"] == []
    assert make({"parse": parse, "exclusions": [one, one]})["alarms"] == [
        "The logs of the new way are all refused: 1 of 1 incomplete.",
    ]


def test_a_baseline_all_of_whose_logs_are_refused_is_told() -> None:
    parse = [log("new"), log("old", "failed"), log("old", "failed")]
    document = make({"parse": parse, "findings": []})
    assert document["alarms"] == [
        "The logs of the old way are all refused: 2 of 2 failed. Nothing can be said of the "
        "new way against it.",
    ]
    assert document["alarms"][0] in render.page(document)
    assert document["alarms"][0] in "\n".join(console.lines(document))


def test_pairs_are_fair_or_not_in_a_line_each() -> None:
    guards = [
        guard("image", "ok", "container image: the same"),
        guard("cluster", "block", "cluster: a in new and b in old"),
        guard("cluster", "block", "cluster: a in new and b in old", size=16),
        guard("threads", "ok", "threads a rank: 1", run="other"),
    ]
    document = make({"guards": guards}, pairs=[("new", "old"), ("other", "old")])
    assert document["fair"] == [
        ("the new way against the old way", "Differs: cluster. Not recorded: nothing."),
        ("other against the old way", "Differs: nothing. Not recorded: nothing."),
    ]


def test_what_would_be_seen_again_is_one_line_a_pair() -> None:
    rises = "drift: the new way rises from trial to trial (p = 0.009)"
    guards = [
        guard("drift", "ok", "drift: no trend is seen", "walltime"),
        guard("drift", "warn", rises, "walltime", size=16),
        guard("drift", "warn", rises, "loop_time", size=16),
    ]
    rows = [finding("less", 0.9), finding("less", 0.9, 16, trials_needed=24)]
    (row,) = make({"findings": rows, "guards": guards})["again"]
    assert (*row.values(),) == (
        "the new way against the old way",
        "20 to 21",
        "2.5 %",
        "9 to 24",
        "–",
        "at 16 nodes the new way rises from trial to trial (p = 0.009)",
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "−5.0 % (−6.0 to −4.0)"),
        ({"ratio": 3.2, "ratio_low": 2.8, "ratio_high": 3.7}, "× 3.20 (2.80 to 3.70)"),
        ({"test": "bound", "largest": 4.55, "maximum": 3.0}, "largest value 4.55 s, bound 3 s"),
        ({"test": "bound", "largest": 4.55}, "largest value 4.55 s"),
        ({"test": "trend"}, "median 100 → 95 s, −5.0 % (−6.0 to −4.0)"),
        ({"ratio": math.nan, "median_run": math.nan}, "20 against 21 trials"),
        ({"ratio": math.nan, "n_run": math.nan, "n_baseline": math.nan}, "0 trials"),
    ],
)  # fmt: skip
def test_no_verdict_is_without_a_number(changes: dict[str, Any], text: str) -> None:
    (only,) = make({"claims": [claim("supported", **changes)]})["claims"]
    (effect,) = only["cells"]
    assert effect.effect == text
    assert effect.p == "p = 0.012"


def test_a_claim_has_an_effect_a_size_and_says_what_would_change_it() -> None:
    rows = [
        claim("supported", overall=False, sizes="8"),
        claim("inconclusive", overall=False, sizes="16", reason="control"),
        claim(
            "inconclusive",
            sizes="8, 16",
            factor=1.25,
            verdict_without_guards="supported",
            caveats="another image; another date",
        ),
    ]
    (only,) = make({"claims": rows})["claims"]
    assert [(each.where, each.mark) for each in only["cells"]] == [
        ("8 nodes", "✓"),
        ("16 nodes", "?"),
    ]
    assert only["about"] == [
        "the new way against the old way",
        "LAMMPS wall time",
        "held against 1.25 times the baseline",
        "no more than controls differ",
        "by numbers alone supported",
    ]
    assert only["caveats"] == ["another image", "another date"]


def test_a_run_against_itself_names_both_sizes() -> None:
    row = claim("supported", baseline="new", sizes="64", baseline_sizes="8")
    (only,) = make({"claims": [row]})["claims"]
    assert only["about"] == ["the new way", "LAMMPS wall time"]
    assert only["cells"][0].where == "64 nodes against 8"


def test_it_is_told_how_many_claims_were_tested_and_which_would_not_survive() -> None:
    rows = [
        claim("supported", "one", preregistered=True),
        claim("refuted", "two", p_campaign=0.2),
        claim("inconclusive", "three", p_campaign=0.9),
    ]
    assert make({"claims": rows})["tally"] == [
        "3 claims: 1 supported, 1 refuted, 1 inconclusive.",
        "Of the 2 that are supported or refuted, all but two would keep their verdict if p were "
        "adjusted for all claims of the campaign (Holm).",
        "Written down before the data were seen: 1.",
    ]


def test_every_claim_can_be_linked() -> None:
    page = render.page(make({"claims": [claim("supported", "quick")]}))
    assert 'id="claim-quick"' in page
    assert 'href="#claim-quick"' in page


def test_what_is_left_out_is_told_with_its_reason_and_like_cases_once() -> None:
    exclusions = [
        {"run": "new", "size": size, "rule": "exclude", "reason": "pulled the image"}
        for size in (16, 8, 8)
    ] + [
        {"run": "old", "size": math.nan, "rule": "warm-up", "reason": "a warm-up"},
        # Told as what became of the log.
        {
            "run": "new",
            "size": 8,
            "rule": "status",
            "log": "data/new/1.out",
            "reason": "it ends too early",
        },
    ]
    parse = [log("old"), *[log("new", "incomplete", "the log ends too early.")] * 2]
    assert make({"exclusions": exclusions, "parse": parse})["left_out"] == [
        ("the new way", "3 trials at 8 and 16 nodes left out: pulled the image."),
        ("the old way", "1 trial left out: a warm-up."),
        (
            "the new way",
            "2 logs incomplete: the log ends too early (data/new/1.out and data/new/1.out).",
        ),
    ]


def test_figures_of_the_primary_metric_are_shown_and_all_others_linked() -> None:
    figures = (
        figure("distribution", name="six"),
        figure("close_up", "loop_time"),
        figure("close_up", name="own"),
        figure("effects", "loop_time"),
        figure("efficiency", "loop_time"),
        figure("sections", "loop_time"),
    )
    document = make({}, figures)
    assert {place: each.link for place, each in document["figures"].items()} == {
        "trials": "own.png",
        "efficiency": "efficiency.png",
        "sections": "sections.png",
    }
    assert [link for _, link, _ in document["more_figures"]] == [
        "six.png",
        "close_up.png",
        "effects.png",
    ]


def test_the_digest_of_the_manifest_is_that_of_its_file() -> None:
    rows = make()["made"]
    # sha256sum of the manifest as support.py writes it.
    assert rows["manifest.json, SHA-256"] == DIGEST
    assert rows["versions"] == "heteroscope 0.1, Python 3.11.0, scipy 1.0"


DIGEST = "14e1675f3f3f4a1c931fde16c6aa2c58cd48bb608914a4af5dc92fc19fcd2894"


def test_the_matrix_as_text_is_a_line_a_size_in_columns() -> None:
    rows = [
        finding("less", 0.95),
        finding("undecided", 1.02, 16, reason="control", control=0.0263),
        spread("greater", 3.2, ratio_low=2.8, ratio_high=3.7, p_holm=1e-5),
    ]
    lines = list(console.lines(make({"findings": rows})))
    assert lines[2:] == [
        "LAMMPS wall time",
        "nodes  baseline → run  Is it faster?  95 % interval  p (Holm)  Is it steadier?  "
        "95 % interval  p (Holm)",
        "the new way against the old way",
        "    8  100 → 95 s      ▼ −5.0 %       −6.0 to −4.0   0.012     ▲ × 3.20         "
        "2.80 to 3.70   < 0.001",
        "   16  100 → 102 s     ? +2.0 % [1]   +1.0 to +3.0   0.012",
        "[1] no more than controls differ (2.6 %)",
        "▼ ▲ lower, higher; = within 5 %; ? undecided; ⊘ not comparable; – not testable",
    ]


def test_columns_of_the_text_are_as_wide_as_a_terminal_shows_them() -> None:
    document = make({"findings": [finding("less", 0.95, run="流")]}, pairs=[("流", "old")])
    assert "流 against the old way" in list(console.lines(document))


def test_a_folder_of_results_is_summed_up(tmp_path: Any) -> None:
    rows = [finding("less", 0.95), finding("less", 0.9, metric="loop_time")]
    pd.DataFrame(rows).to_csv(tmp_path / "findings.csv", index=False)
    assert summary(tmp_path).startswith("new is 5.0 % faster than old at 8 nodes.")
    assert "LAMMPS loop time" in summary(tmp_path, "loop_time")
    (tmp_path / "manifest.json").write_text(
        '{"report": {"labels": {"new": "the new way"}, "primary": "loop_time", '
        '"main": ["new", "old"]}}'
    )
    assert summary(tmp_path).startswith("the new way is 10.0 % faster than old at 8 nodes.")
    with pytest.raises(UserError, match="no findings of 'cpu_percent'"):
        summary(tmp_path, "cpu_percent")
    with pytest.raises(UserError, match="does not exist"):
        summary(tmp_path / "elsewhere")


def test_a_campaign_without_a_baseline_has_a_report() -> None:
    document = make({"findings": [], "summary": [{"size": 8}]}, pairs=(), main=())
    assert document["headline"].startswith("Nothing is compared")
    assert document["facts"] == ["2 runs", "8 nodes", "2 trials"]
    assert small_tables()["findings"]
    assert "Is it faster?" not in render.page(document)
