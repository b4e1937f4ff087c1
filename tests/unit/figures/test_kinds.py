"""What every kind of figure owes its reader, however many runs, sizes and trials there are."""

from __future__ import annotations

import numpy as np
import pytest

from heteroscope import figures
from heteroscope.campaign.configuration import schema
from heteroscope.figures.page import _METADATA
from heteroscope.figures.theme import PALETTE, SECTIONS
from heteroscope.metrics import SECTIONS as SECTIONS_OF_LAMMPS
from heteroscope.metrics import UserError
from heteroscope.tables import columns

from .support import assert_legible, campaign, drawn, words, words_of
from .test_legible import made

WORDS = ("title", "caption", "alt")
HOSTILE = "<script>alert('$x_1$')</script> \\frac{%s} {0} \u202eevil\u202c 🚀\n\t" + "w" * 200


def test_the_schema_knows_the_kinds_the_pages_and_the_formats():
    properties = schema()["properties"]
    figure = properties["figures"]["additionalProperties"]["properties"]
    assert set(figure["kind"]["enum"]) == set(figures.KINDS)
    assert set(properties["page"]["enum"]) == set(figures.SIZES)
    assert set(_METADATA) == {".png", ".svg", ".pdf"}


@pytest.mark.parametrize("kind", figures.KINDS)
def test_the_tables_that_a_kind_needs_have_its_columns(kind):
    needs = figures.KINDS[kind].NEEDS
    for name, used in needs.tables.items():
        if name in columns.TABLES:
            known = {column.name for column in columns.TABLES[name][1]}
            assert set(used) <= known
    assert set(needs.settings) <= {"alpha", "margin"}


def test_every_section_has_a_colour_that_no_run_has():
    assert set(SECTIONS) == set(SECTIONS_OF_LAMMPS)
    looks = figures.styles([f"run{i}" for i in range(16)]).values()
    runs = {look.face.upper() for look in looks} | set(PALETTE.values())
    assert not set(SECTIONS.values()) & runs


@pytest.mark.parametrize("kind", figures.KINDS)
def test_hostile_labels_harm_nothing(kind, tmp_path):
    given = made(["a", "_b"], 2, 6)
    labels = {"a": HOSTILE, "_b": "$x^2_1$ costs 100 %"}
    figure = drawn(given, kind=kind, labels=labels, title=HOSTILE)
    assert_legible(figure)
    figures.save(figure, tmp_path / "figure.svg")
    assert "<script" not in (tmp_path / "figure.svg").read_text(encoding="utf-8")
    if kind in ("effects", "spread"):
        assert any("$x^2_1$ costs 100 % /" in word for word in words(figure))
    elif kind != "efficiency":
        assert "$x^2_1$ costs 100 %" in words(figure)


@pytest.mark.parametrize("kind", figures.KINDS)
def test_no_data_is_said_in_the_figure_and_in_all_its_words(kind):
    given = {name: table.iloc[:0] for name, table in made(2, 3, 4).items()}
    settings = {"runs": ["a", "b"], "sizes": [8, 16, 32]}
    figure = drawn(given, kind=kind, styles=figures.styles(["a", "b"]), **settings)
    sentence = "No data on “LAMMPS loop time” of 2 runs at 8, 16 and 32 nodes."
    assert sentence in words(figure)
    assert {words_of(make, given, kind, **settings) for make in WORDS} == {sentence}


@pytest.mark.parametrize("kind", figures.KINDS)
def test_a_caption_is_short_and_states_n_the_clock_and_what_does_not_count(kind):
    given = made(3, 3, 9)
    given["trials"].loc[0, "excluded"] = "node failed"
    text = words_of("caption", given, kind)
    for fact in ("n = ", "LAMMPS loop time", "clock: LAMMPS, Loop time", "excluded"):
        assert text.count(fact) == 1
    assert len(text.split()) <= 70
    assert "  " not in text
    assert text.endswith(".")


@pytest.mark.parametrize("kind", figures.KINDS)
def test_words_name_the_runs_by_their_labels(kind):
    text = words_of("alt", made(["one", "two"], 2, 9), kind, labels={"two": "the 2nd"})
    assert "the 2nd" in text
    assert text.endswith(".")


@pytest.mark.parametrize("kind", figures.KINDS)
def test_the_title_is_the_users_or_what_the_figure_shows(kind):
    given = made(3, 2, 9)
    finding = words_of("title", given, kind)
    assert finding in words(drawn(given, kind=kind, title=""))
    own = words(drawn(given, kind=kind, title="My words"))
    assert "My words" in own
    assert words_of("title", given, kind, title="My words") == "My words"
    # A plain name of the metric may stand at an axis, too.
    assert finding not in own or finding == "LAMMPS loop time"


@pytest.mark.parametrize("kind", figures.KINDS)
def test_only_what_is_asked_for_is_shown(kind):
    given = made(["a", "b", "c"], 3, 6)
    fewer = {
        name: table[table["run"].isin(["a", "b"]) & (table["size"] < 32)]
        for name, table in given.items()
    }
    settings = {"runs": ["a", "b"], "sizes": [8, 16]}
    for make in WORDS:
        assert words_of(make, given, kind, **settings) == words_of(make, fewer, kind, **settings)


@pytest.mark.parametrize("kind", figures.KINDS)
def test_without_sizes_all_that_are_found_are_shown(kind):
    given = made(2, 3, 6)
    every = words_of("alt", given, kind)
    assert words_of("alt", given, kind, sizes=[]) == every


@pytest.mark.parametrize("kind", figures.KINDS)
def test_what_a_kind_reads_from_files_is_what_it_needs(kind, tmp_path):
    given = made(["007", "1e5"], 2, 6)
    files = {}
    for name, table in given.items():
        files[name] = [str(tmp_path / f"{name}.csv")]
        unread = {"rule": "", "log": "", "threads": np.nan, "unused": 1.0}
        reason = {} if "reason" in table else {"reason": ""}
        table.assign(**unread, **reason).to_csv(files[name][0], index=False)
    read = figures.read(kind, "loop_time", files)
    assert list(read) == list(figures.KINDS[kind].NEEDS.tables)
    assert all("unused" not in table for table in read.values())
    settings = {"runs": ["007", "1e5"], "sizes": [8, 16]}
    for make in WORDS:
        assert words_of(make, {**given, **read}, kind, **settings) == words_of(
            make, given, kind, **settings
        )


def test_a_metric_that_a_kind_cannot_show_is_refused():
    with pytest.raises(UserError, match="sections cannot show walltime: say `metric: loop_time`"):
        drawn(campaign(metric="walltime"), "walltime", kind="sections")


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
