"""The main comparison in one sentence: correct, and English, whatever was found."""

from __future__ import annotations

from typing import Any

import pytest

from heteroscope.report.headline import headline

from .support import Row, finding, log, small_order, small_tables, spread

LESS, GREATER, EQUAL, OPEN = "less", "greater", "equivalent", "undecided"


def told(rows: list[Row], **order: Any) -> str:
    return headline(small_order(**order), small_tables(findings=rows))


def found(*pairs: tuple[str, float], of: Any = finding, **changes: Any) -> list[Row]:
    """Rows of 8, 16, 32, … nodes."""
    return [of(name, ratio, 8 * 2**place, **changes) for place, (name, ratio) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([(LESS, 0.956)], "the new way is 4.4 % faster than the old way at 8 nodes."),
        (
            [(LESS, 0.956), (LESS, 0.95)],
            "the new way is 4–5 % faster than the old way at every size.",
        ),
        (
            [(LESS, 0.951), (LESS, 0.949)],
            "the new way is 5 % faster than the old way at every size.",
        ),
        (
            [(GREATER, 1.04), (GREATER, 1.17)],
            "the new way is 4–17 % slower than the old way at every size.",
        ),
        (
            [(LESS, 0.998), (LESS, 0.97)],
            "the new way is up to 3 % faster than the old way at every size.",
        ),
        (
            [(LESS, 0.998), (LESS, 0.999)],
            "the new way is slightly faster than the old way at every size.",
        ),
        (
            [(EQUAL, 0.99), (EQUAL, 1.01)],
            "the new way is as fast as the old way (within 5 %) at every size.",
        ),
        (
            [(LESS, 0.9), (GREATER, 1.1)],
            "the new way is 10.0 % faster than the old way at 8 nodes and 10.0 % slower at 16 "
            "nodes.",
        ),
        (
            [(LESS, 0.9), (EQUAL, 1.0), (GREATER, 1.1)],
            "the new way is 10.0 % faster than the old way at 8 nodes, as fast (within 5 %) at 16 "
            "nodes and 10.0 % slower at 32 nodes.",
        ),
        (
            [(EQUAL, 1.0), (LESS, 0.9)],
            "the new way is as fast as the old way (within 5 %) at 8 nodes and 10.0 % faster at 16 "
            "nodes.",
        ),
        (
            [(LESS, 0.96), (LESS, 0.9), (OPEN, 0.97), (OPEN, 1.2)],
            "the new way is 4–10 % faster than the old way at 8 and 16 nodes (undecided at 32 "
            "and 64 nodes).",
        ),
        (
            [(LESS, 0.9), ("not_testable", 0.9), ("not_comparable", 0.9)],
            "the new way is 10.0 % faster than the old way at 8 nodes (not testable at 16 nodes "
            "and not comparable at 32 nodes).",
        ),
        (
            [(OPEN, 0.98), (OPEN, 1.01)],
            "Whether the new way is faster than the old way is undecided at any size.",
        ),
        ([(OPEN, 0.98)], "Whether the new way is faster than the old way is undecided at 8 nodes."),
        (
            [(OPEN, 0.98), ("not_testable", 0.9)],
            "Whether the new way is faster than the old way is undecided at 8 nodes and not "
            "testable at 16 nodes.",
        ),
        (
            [(LESS, 0.4), (LESS, 0.25)],
            "the new way is 2.5–4 times as fast as the old way at every size.",
        ),
        (
            [(GREATER, 3.2), (GREATER, 1.6)],
            "the new way is 1.6–3.2 times as slow as the old way at every size.",
        ),
        (
            [(EQUAL, 1.0), (GREATER, 3.0)],
            "the new way is as fast as the old way (within 5 %) at 8 nodes and 3 times as slow at "
            "16 nodes.",
        ),
        (
            [(LESS, float("nan"))],
            "the new way is faster than the old way at 8 nodes.",
        ),
    ],
)  # fmt: skip
def test_what_was_found_of_a_time(pairs: list[tuple[str, float]], sentence: str) -> None:
    assert told(found(*pairs)) == sentence


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        (
            [(GREATER, 1.04), (GREATER, 1.05)],
            "the new way is 4–5 % higher (better) than the old way in LAMMPS throughput at every "
            "size.",
        ),
        (
            [(LESS, 0.9)],
            "the new way is 10.0 % lower (worse) than the old way in LAMMPS throughput at 8 nodes.",
        ),
        (
            [(EQUAL, 1.0)],
            "the new way is as high as the old way in LAMMPS throughput (within 5 %) at 8 nodes.",
        ),
        (
            [(GREATER, 3.0), (GREATER, 2.5)],
            "the new way is 2.5–3 times as high (better) as the old way in LAMMPS throughput at "
            "every size.",
        ),
        (
            [(OPEN, 1.0)],
            "Whether the new way is higher than the old way in LAMMPS throughput is undecided at "
            "8 nodes.",
        ),
    ],
)
def test_what_was_found_of_a_rate(pairs: list[tuple[str, float]], sentence: str) -> None:
    rows = found(*pairs, metric="matom_steps_per_s", unit="Matom-step/s")
    assert told(rows, primary="matom_steps_per_s") == sentence


@pytest.mark.parametrize(
    ("spreads", "tail"),
    [
        ([(LESS, 0.5), (LESS, 0.4)], ", and steadier."),
        ([(GREATER, 2.5), (GREATER, 3.4)], ", and less steady."),
        ([(EQUAL, 1.0), (EQUAL, 1.0)], ", and as steady."),
        ([(OPEN, 0.8), (OPEN, 1.3)], "; no difference in steadiness is shown."),
        ([(OPEN, 0.8), (LESS, 0.3)], "; it is steadier at 16 nodes."),
        ([(GREATER, 4.0), (LESS, 0.3)], "; it is less steady at 8 nodes and steadier at 16 nodes."),
        ([("not_testable", 0.8), ("not_testable", 0.3)], "."),
    ],
)
def test_the_spread_follows_and_what_is_not_decided_is_not_called_as_steady(
    spreads: list[tuple[str, float]], tail: str
) -> None:
    rows = [*found((LESS, 0.9), (LESS, 0.9)), *found(*spreads, of=spread)]
    assert told(rows) == f"the new way is 10 % faster than the old way at every size{tail}"


@pytest.mark.parametrize(
    ("name", "reason", "sentence"),
    [
        (
            "not_comparable",
            "guard:metric",
            "the new way and the old way cannot be compared: the clocks start at different events.",
        ),
        (
            "not_testable",
            "n",
            "Whether the new way is faster than the old way is not testable at 8 nodes: 20 "
            "against 21 trials are too few.",
        ),
        (
            "undecided",
            "measures_disagree",
            "Whether the new way is faster than the old way is undecided at 8 nodes: measures "
            "disagree.",
        ),
    ],
)
def test_where_nothing_is_decided_the_one_reason_is_told(
    name: str, reason: str, sentence: str
) -> None:
    assert told([finding(name, 0.9, reason=reason)]) == sentence


def test_a_control_that_differs_as_much_is_told_with_its_number() -> None:
    rows = [finding("undecided", 0.98, reason="control", control=0.0263)]
    assert told(rows).endswith("at 8 nodes: no more than controls differ (2.6 %).")


def test_what_both_labels_end_in_is_said_once() -> None:
    labels = {"new": "Flux Operator, same image", "old": "MPI Operator, same image"}
    sentence = "Flux Operator is 10.0 % faster than MPI Operator at 8 nodes."
    assert told(found((LESS, 0.9)), labels=labels) == f"Same image: {sentence}"
    given = told(found((LESS, 0.9)), labels=labels, context="With one image for both")
    assert given == f"With one image for both, {sentence}"
    apart = {"new": "Flux, one image", "old": "MPI, another image"}
    assert told(found((LESS, 0.9)), labels=apart).startswith("Flux, one image is 10.0 % faster")


def test_without_a_pair_or_without_values_the_sentence_says_so() -> None:
    assert told([], main=()) == "Nothing is compared: no run of the campaign has a baseline."
    assert told([]) == (
        "Nothing is compared: there are no values of LAMMPS wall time of the new way and the old "
        "way."
    )


def test_other_comparisons_may_stand_where_the_main_one_cannot() -> None:
    other = finding("less", 0.9, run="other")
    tables = small_tables(findings=[other], parse=[log("new", "failed"), log("old")])
    assert headline(small_order(), tables) == (
        "the new way and the old way are not compared: the logs of the new way are all refused: "
        "1 of 1 failed."
    )


@pytest.mark.parametrize("main", [("new", "old"), ()])
def test_a_baseline_whose_logs_are_all_refused_is_why_nothing_is_compared(main: Any) -> None:
    logs = [log("new"), log("old", "failed"), log("old", "failed"), log("old", "incomplete")]
    assert headline(small_order(main=main), small_tables(findings=[], parse=logs)) == (
        "Nothing is compared: the logs of the old way are all refused: 2 of 3 failed and 1 of 3 "
        "incomplete."
    )
