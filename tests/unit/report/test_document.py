"""What the report says, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from heteroscope.report import render, summary_lines
from heteroscope.report.compose import compose
from heteroscope.report.document import Document, Figure
from heteroscope.report.questions import question_of
from heteroscope.report.text import plain

from .support import small_order, small_tables, small_trials

Make = Callable[..., Document]
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; $x_1$ 50 % {{ 7*7 }} "
    "{% raw %} </style> --> | `a` **b** מה \u202eשלום 🚀 " + "w" * 120
)


def claims_table(*verdicts: str, statement: str = "The new way is faster.") -> pd.DataFrame:
    rows = [
        {
            "claim": f"claim-{place}",
            "statement": statement,
            "overall": overall,
            "sizes": sizes,
            "run": "new",
            "baseline": "old",
            "metric": "walltime",
            "verdict": verdict,
            "verdict_without_exclusions": "inconclusive",
            "verdict_without_guards": verdict,
            "warnings": "another image; another date",
            "sentence": f"It is {verdict} at {sizes}.",
        }
        for place, verdict in enumerate(verdicts, 1)
        for overall, sizes in ((False, "8"), (False, "16"), (True, "8, 16"))
    ]
    return pd.DataFrame(rows)


def test_without_claims_the_answers_are_the_comparisons_of_the_first_metric(
    make_document: Make,
) -> None:
    document = make_document()
    assert [answer.verdict for answer in document.answers] == ["faster", "faster"]
    assert document.answers[0].sentence.startswith("At 8 nodes, the new way is faster than the old")
    assert len(document.questions) == 1


def test_without_a_baseline_the_report_says_so(make_document: Make) -> None:
    empty = small_tables(small_trials())["location"].iloc[:0]
    document = make_document({"location": empty})
    assert document.answers == ()
    assert "no run of the campaign has a baseline" in render.page(document)


def test_claims_come_first_with_their_verdict_and_what_would_change_it(make_document: Make) -> None:
    document = make_document({"claims": claims_table("supported", "not_testable")})
    first, second = document.answers
    assert (first.verdict, first.tone) == ("supported", "good")
    assert first.sentence == "It is supported at 8, 16."
    assert first.notes == ("With no trial left out, it would be inconclusive.",)
    assert [part.sentence for part in first.sizes] == [
        "It is supported at 8.",
        "It is supported at 16.",
    ]
    assert first.warnings == ("another image", "another date")
    assert second.verdict == "not testable"


def test_a_terminal_shows_at_most_five_lines_of_verdicts(make_document: Make) -> None:
    verdicts = [
        "supported", "refuted", "equivalent", "inconclusive", "not_testable", "not_comparable",
        *["supported"] * 9,
    ]  # fmt: skip
    lines = summary_lines(make_document({"claims": claims_table(*verdicts)}))
    assert len(lines) == 5
    assert lines[0].startswith("10 supported: claim-1, claim-7")
    assert lines[0].endswith("and 4 more")
    assert lines[4] == "1 not testable: claim-5; 1 not comparable: claim-6"
    assert summary_lines(make_document()) == ["2 faster: new v old at 8, new v old at 16"]


def test_a_log_that_is_not_in_order_is_named_and_told(make_document: Make) -> None:
    trials = small_trials()
    trials.loc[3, ["status", "reason"]] = ["incomplete", "no walltime: the log ends too early"]
    document = make_document({"trials": trials})
    page = render.page(document)
    assert "no walltime: the log ends too early" in page
    assert "data/old/8/4.out" in page
    assert summary_lines(document)[-1] == "1 log not in order: 1 incomplete"


def test_a_status_is_told_in_words(make_document: Make) -> None:
    trials = small_trials()
    trials.loc[3, ["status", "reason"]] = ["not_lammps", "no LAMMPS output"]
    document = make_document({"trials": trials})
    assert "not_lammps" not in render.page(document)
    assert summary_lines(document)[-1] == "1 log not in order: 1 not of LAMMPS"


def fields_table(*rows: tuple[str, str, int, object]) -> pd.DataFrame:
    """A table of fields, as it is read: field, run, logs (of 9) that gave it, whether expected."""
    return pd.DataFrame(
        [
            {
                "field": field,
                "unit": "s" if field.endswith("time") else None,
                "run": run,
                "n_logs": 9,
                "n_found": None if expected is None else found,
                "found": None if expected is None else {0: "none", 9: "all"}.get(found, "some"),
                "expected": expected,
            }
            for field, run, found, expected in rows
        ]
    )


FIELDS = fields_table(
    *(("whole_time", "old", 9, True), ("whole_time", "new", 9, True)),
    *(("alone", "old", 9, True), ("alone", "new", 0, None)),
    *(("unused", "old", 0, False), ("unused", "new", 0, None)),
    *(("torn", "old", 9, True), ("torn", "new", 8, True)),
    *(("lost_time", "old", 0, True), ("lost_time", "new", 0, None)),
    *(("torn_too", "old", 9, True), ("torn_too", "new", 8, True)),
    *(("optional", "old", 8, False), ("optional", "new", 0, False)),
)


def test_every_field_has_a_row_and_every_run_a_column(make_document: Make) -> None:
    (table,) = [t for t in make_document({"fields": FIELDS}).tables if t.name == "fields"]
    assert [(header.label, header.meaning) for header in table.headers] == [
        ("field", ""),
        ("unit", ""),
        ("old", "the old way"),
        ("new", "the new way"),
    ]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["whole_time", "s", "all 9", "all 9"],
        ["alone", "", "all 9", ""],
        ["unused", "", "–", ""],
        ["torn", "", "all 9", "8 of 9"],
        ["lost_time", "s", "none of 9", ""],
        ["torn_too", "", "all 9", "8 of 9"],
        ["optional", "", "8 of 9", "–"],
    ]
    # Only what a log lacks stands out, and the cells are sorted by the share of the logs.
    assert {cell.text for row in table.rows for cell in row if cell.tone} == {"8 of 9", "none of 9"}
    assert [cell.tone for cell in table.rows[-1]] == ["", "", "", ""]
    assert [cell.number for cell in table.rows[3][2:]] == [1, 8 / 9]


def test_fields_that_are_whole_are_summed_up_and_the_others_are_listed(
    make_document: Make,
) -> None:
    document = make_document({"fields": FIELDS})
    assert document.check_notes[-1] == (
        "2 of 7 fields were found in every log of the runs whose format has them; "
        "1 that no log needs to have were found in none."
    )
    (table,) = [t for t in document.checks if t.name == "uneven-fields"]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["torn, torn_too", "all 9", "8 of 9"],
        ["lost_time", "none of 9", ""],
        ["optional", "8 of 9", "–"],
    ]
    assert "torn, torn" in render.text(document)


def test_where_every_field_is_whole_there_is_no_list(make_document: Make) -> None:
    document = make_document({"fields": FIELDS[:4]})
    assert document.check_notes[-1].startswith("2 of 2 fields were found in every log")
    assert "uneven-fields" not in {table.name for table in document.checks}


def test_guards_that_say_the_same_share_a_row(make_document: Make) -> None:
    guards = pd.DataFrame(
        [
            {"run": "new", "baseline": "old", "size": size, "metric": metric, "guard": "image",
             "level": level, "sentence": "another image"}
            for size in (8, 16)
            for metric, level in
            (("walltime", "warn"), ("loop_time", "warn"), ("cpu_percent", "ok"))
        ]
    )  # fmt: skip
    (table,) = [t for t in make_document({"guards": guards}).checks if t.name == "guards"]
    (row,) = table.rows
    assert [cell.text for cell in row][2:4] == ["8, 16", "LAMMPS wall time, LAMMPS loop time"]


@pytest.mark.parametrize(
    ("kind", "metric", "question"),
    [
        ("distribution", "walltime", "faster"),
        ("spread", "walltime", "steadier"),
        ("efficiency", "walltime", "scaling"),
        ("repetitions", "walltime", "again"),
        ("sections", "loop_time", "time"),
        ("distribution", "cluster_time", "time"),
        ("distribution", "comm_time", "time"),
        ("distribution", "cpu_percent", "faster"),
    ],
)
def test_every_figure_has_its_place(kind: str, metric: str, question: str) -> None:
    assert question_of(Figure("f", kind, metric, "t", "c", "a", "p", "l")) == question


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_words_are_shown_and_change_nothing(make_document: Make, tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    words = plain(HOSTILE)
    shown = Figure("f", "distribution", "walltime", words, words, words, str(picture), "a.png")
    friendly = make_document({"claims": claims_table("refuted")}, [shown])
    document = make_document(
        {"claims": claims_table("refuted", statement=HOSTILE)},
        [shown],
        title=HOSTILE,
        labels={"old": HOSTILE, "new": "the new way"},
    )
    page = Elements(render.page(document))
    assert [tag for tag, _ in page.found] == [
        tag for tag, _ in Elements(render.page(friendly)).found
    ]
    assert [tag for tag, _ in page.found].count("script") == 1
    assert not [name for _, attributes in page.found for name in attributes if name[:2] == "on"]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "\u202e" not in page.text
    text = render.text(document)
    assert "<script" not in text
    assert "<img" not in text


def test_the_page_fetches_nothing_and_may_not(make_document: Make, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG")
    document = make_document(
        figures=[Figure("f", "ecdf", "walltime", "t", "c", "a", str(picture), "../img/a.png")]
    )
    page = render.page(document)
    elements = Elements(page)
    policy = next(a["content"] for _, a in elements.found if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for _, attributes in elements.found:
        for name in ("src", "href", "action", "data", "srcset"):
            address = attributes.get(name) or ""
            assert not re.match(r"[a-z]+:|//", address.removeprefix("data:image/")), address
    assert "@import" not in page
    assert "url(" not in page


def test_the_same_tables_give_the_same_bytes(make_document: Make) -> None:
    assert render.page(make_document()) == render.page(make_document())
    assert render.text(make_document()) == render.text(make_document())


def test_markdown_has_tables_of_even_rows_and_links_to_figures(
    make_document: Make, tmp_path: Path
) -> None:
    figure = Figure("f", "ecdf", "walltime", "t", "c", "alt", "unused", "../img/f_lammps.png")
    text = render.text(make_document(figures=[figure]))
    assert "![alt](../img/f_lammps.png)" in text
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (0, cells), line
        width = cells


def test_a_campaign_of_one_run_has_a_report(make_document: Make) -> None:
    trials = small_trials()
    trials = trials[trials["run"] == "old"]
    every = small_tables(trials)
    order = small_order(labels={"old": "the old way"})
    document = compose(order, every, [], {}, {})
    assert "no run of the campaign has a baseline" in render.page(document)
    assert "1 run" in document.facts
