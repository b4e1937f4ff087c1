"""The user's words are drawn as they are written, and cut to the room they have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroscope.figures.text import balanced, plain, shortened, width, wrapped

from .support import assert_legible, campaign, drawn, texts, words

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
    assert not any(text.get_parse_math() for text in texts(figure))


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


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=120), st.floats(30, 300))
def test_shortened_text_fits_its_room(text, room):
    short = shortened(plain(text), 10.0, room)
    assert len(short) <= 40
    assert width(short, 10.0) <= room


@given(st.text(alphabet="ab W", max_size=200), st.floats(30, 300), st.integers(1, 4))
def test_wrapped_text_fits_its_lines(text, room, lines):
    rows = wrapped(plain(text), 10.0, room, lines)
    assert len(rows) <= lines
    assert all(width(row, 10.0) <= room for row in rows)


def test_words_are_kept_whole_where_they_fit():
    assert wrapped("one two three four", 10.0, 60.0, 3) == ["one two", "three four"]


def test_lines_are_of_like_length():
    assert balanced("one two three four (s)", 10.0, 110.0, 2) == ["one two", "three four (s)"]
    assert wrapped("one two three four (s)", 10.0, 110.0, 2) == ["one two three four", "(s)"]


@given(st.text(alphabet="ab W", max_size=100), st.floats(30, 300), st.integers(1, 4))
def test_balanced_lines_say_what_wrapped_lines_say(text, room, lines):
    rows = balanced(text, 10.0, room, lines)
    assert " ".join(rows) == " ".join(wrapped(text, 10.0, room, lines))
    assert len(rows) <= lines
