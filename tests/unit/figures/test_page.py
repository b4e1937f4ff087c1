"""The user's words are drawn as they are written, and cut to the room they have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from heteroscope.figures.page import plain, width, wrapped

from .support import assert_legible, campaign, drawn, words

HOSTILE = [
    "$x^2_1$ costs 100% of \\frac{1}{2}",
    "unbalanced $ sign",
    "<script>alert('x')</script> & <b>",
    "שלום עולם",
    "مرحبا بالعالم",
    "emoji 😀🚀 👩‍👩‍👧",
    "漢字の名前",
    "_leading underscore",
    "x" * 200,
    "a\ttab, a\nnewline and a \u202e mark",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_words_are_drawn_in_title_and_legend(label):
    trials = campaign(runs=["a", "b"], sizes=2, repetitions=5)
    figure = drawn(trials, title=label, labels={"a": label})
    assert_legible(figure)
    assert len(figure.legends[0].get_texts()) == 2
    assert not any(text.get_parse_math() for text in figure.findobj(Text))


@pytest.mark.parametrize("label", HOSTILE[:3] + HOSTILE[7:8])
def test_signs_of_markup_are_kept_as_they_are(label):
    figure = drawn(campaign(runs=["a"], repetitions=5), labels={"a": label})
    assert label in words(figure)


def test_long_labels_end_in_an_ellipsis_after_forty_characters():
    figure = drawn(campaign(runs=["a"], repetitions=5), labels={"a": "x" * 41})
    assert "x" * 39 + "…" in words(figure)
    figure = drawn(campaign(runs=["a"], repetitions=5), labels={"a": "x" * 40})
    assert "x" * 40 in words(figure)


def test_a_run_without_a_label_is_called_by_its_name():
    assert {"a", "B"} <= set(words(drawn(campaign(runs=["a", "b"]), labels={"b": "B"})))


def test_characters_that_the_font_lacks_are_replaced():
    assert plain("run 漢") == "run \N{REPLACEMENT CHARACTER}"


def test_marks_of_direction_and_controls_are_dropped():
    assert plain("a\u202eb\x00c\u200dd\ufe0f") == "abcd"


@given(st.text(max_size=80))
def test_any_text_becomes_one_line_that_can_be_drawn(text):
    safe = plain(text)
    assert "\n" not in safe
    assert plain(safe) == safe
    assert width(safe, 10.0) >= 0


@given(st.text(alphabet="ab W", max_size=200), st.integers(30, 300), st.integers(1, 4))
@settings(derandomize=True)
def test_wrapped_text_fits_its_lines(text, room, lines):
    rows = wrapped(text, 10.0, room, lines).split("\n")
    assert len(rows) <= lines
    assert all(width(row, 10.0) <= room for row in rows)
    if not rows[-1].endswith("…"):
        assert "".join(rows).replace(" ", "") == plain(text).replace(" ", "")


def test_words_are_kept_whole_where_they_fit():
    assert wrapped("one two three four", 10.0, 60.0, 3) == "one two\nthree four"


def test_lines_are_of_like_length():
    assert wrapped("one two three four (s)", 10.0, 110.0, 2) == "one two three\nfour (s)"


def test_one_long_word_is_cut_and_not_dropped():
    assert wrapped("w" * 200, 10.0, 100.0).startswith("wwww")
    assert wrapped("w" * 200, 10.0, 100.0).endswith("w…")
