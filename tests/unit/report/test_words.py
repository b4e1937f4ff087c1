"""Numbers, words and sentences."""

from __future__ import annotations

import math
from typing import Any

import pytest

from heteroscope.report.findings import Judge
from heteroscope.report.text import estimate, interval, listed, markdown, number, p_value, plain


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (76.5, "76.5"),
        (49.0, "49"),
        (1234.56, "1235"),
        (0.123456, "0.1235"),
        (-3.0, "−3"),
        (0.00004, "4 × 10⁻⁵"),
        (2.5e7, "2.5 × 10⁷"),
        (math.inf, "∞"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_numbers_are_short_and_never_in_e_notation(value: float | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.8421, "0.84"), (0.0312, "0.031"), (3.14e-10, "3.1 × 10⁻¹⁰"), (0, "0")]
)
def test_p_values_have_two_digits(value: float, shown: str) -> None:
    assert p_value(value) == shown


def test_a_ratio_comes_with_its_interval_where_it_has_one() -> None:
    row = {"ratio": 0.95836, "ratio_low": 0.9512, "ratio_high": 0.9689}
    assert estimate(row, "ratio") == "0.958 [0.951, 0.969]"
    assert estimate({"ratio": 0.95836, "ratio_low": math.nan}, "ratio") == "0.958"
    assert interval(1, None) == ""


def test_what_is_private_or_reverses_a_line_is_taken_out() -> None:
    assert plain("a\u202eb\x00c\u2066d\n e") == "abcd e"
    assert plain("from /home/ada/runs/log.out on ip-10-0-0-1.ec2.internal") == (
        "from log.out on [host]"
    )
    assert plain("مرحبا 👩‍🚀") == "مرحبا 👩‍🚀"


@pytest.mark.parametrize(
    "text", ["a|b", "<script>", "**bold**", "[x](http://y)", "`code`", "a_b_c", "$x$", "@someone"]
)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    shown = markdown(text)
    for sign in "|<*[`_$@":
        assert sign not in shown.replace(f"\\{sign}", "")


def test_words_of_a_list() -> None:
    assert listed(["8"]) == "8"
    assert listed(["8", "16"]) == "8 and 16"


JUDGE = Judge({"new": "the new way", "old": "the old way"}, 0.05, 0.05, {})
LOCATION: dict[str, Any] = {
    "run": "new",
    "baseline": "old",
    "size": 16,
    "metric": "walltime",
    "unit": "s",
    "median_run": 43.0,
    "median_baseline": 49.0,
    "mann_whitney_p_holm": 1e-9,
    "tests_disagree": False,
    "within_margin": False,
    "a12": 0.01,
    "ratio": 0.8776,
    "ratio_low": 0.86,
    "ratio_high": 0.917,
    "reason": "",
}


@pytest.mark.parametrize(
    ("changes", "word", "tone"),
    [
        ({}, "faster", "good"),
        ({"median_run": 55.0, "ratio": 1.12}, "slower", "bad"),
        ({"within_margin": True}, "faster", "same"),
        ({"mann_whitney_p_holm": 0.4}, "inconclusive", "open"),
        ({"mann_whitney_p_holm": 0.4, "within_margin": True}, "alike", "same"),
        ({"tests_disagree": True}, "inconclusive", "open"),
        ({"reason": "floor"}, "not testable", "none"),
        ({"mann_whitney_p_holm": math.nan, "reason": "n"}, "not testable", "none"),
        ({"median_run": 49.0, "a12": 0.2}, "faster", "good"),
        ({"metric": "timesteps_per_s", "unit": "1/s", "median_run": 55.0}, "higher", "good"),
        ({"metric": "timesteps_per_s", "unit": "1/s"}, "lower", "bad"),
    ],
)
def test_a_comparison_in_a_word(changes: dict[str, Any], word: str, tone: str) -> None:
    finding = JUDGE.location({**LOCATION, **changes})
    assert (finding.word, finding.tone) == (word, tone)


def test_a_comparison_in_a_sentence() -> None:
    assert JUDGE.location(LOCATION).sentence == (
        "At 16 nodes, the new way is faster than the old way: median 43 s against 49 "
        "(ratio 0.878, 95 % interval [0.86, 0.917]; p = 1 × 10⁻⁹)."
    )


def test_a_guard_that_blocks_leaves_no_verdict() -> None:
    blocked = {("new", "old", 16, "walltime"): "the clocks start at different events"}
    finding = Judge(JUDGE.labels, 0.05, 0.05, blocked).location(LOCATION)
    assert finding.word == "not comparable"
    assert "the clocks start at different events" in finding.sentence
    assert "43" not in finding.sentence


SPREAD: dict[str, Any] = {
    **LOCATION,
    "levene_median_p_holm": 0.013,
    "sd_run": 0.76,
    "sd_baseline": 3.06,
    "sd_ratio": 0.248,
    "sd_ratio_low": 0.127,
    "sd_ratio_high": 0.5,
}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "steadier"),
        ({"sd_run": 6.0, "sd_ratio_low": 1.5, "sd_ratio_high": 3.0}, "less steady"),
        ({"levene_median_p_holm": 0.5}, "inconclusive"),
        ({"sd_ratio_high": 1.4}, "inconclusive"),
        ({"levene_median_p_holm": math.nan, "reason": "zero_variance"}, "not testable"),
    ],
)
def test_a_spread_in_a_word(changes: dict[str, Any], word: str) -> None:
    assert JUDGE.spread({**SPREAD, **changes}).word == word
