"""What every kind of figure owes its reader, however many runs, sizes and trials there are."""

from __future__ import annotations

import numpy as np
import pytest

from heteroscope import figures
from heteroscope.analysis.scaling import TIMES
from heteroscope.campaign.configuration import schema
from heteroscope.figures.output import _METADATA
from heteroscope.figures.theme import SECTIONS as LOOKS_OF_SECTIONS
from heteroscope.metrics import METRICS, SECTIONS, UserError
from heteroscope.tables import columns

from .support import assert_legible, campaign, drawn, tables, with_sections, words, words_of
from .test_legible import LONG_TITLE, VALUES, names

KINDS = [kind for kind in figures.KINDS if kind != "distribution"]
HOSTILE = "<script>alert('$x_1$')</script> \\frac{%s} {0} \u202eevil\u202c 🚀\n\t" + "w" * 200


def made(runs, sizes, repetitions, **options):
    trials = campaign(names(runs) if isinstance(runs, int) else runs, sizes, repetitions, **options)
    return tables(with_sections(trials))


def properties(key):
    return schema()["properties"][key]


def test_the_schema_knows_the_kinds_the_pages_and_the_formats():
    figure = properties("figures")["additionalProperties"]["properties"]
    assert set(figure["kind"]["enum"]) == set(figures.KINDS)
    assert set(properties("page")["enum"]) == set(figures.SIZES)
    assert {f".{name}" for name in properties("formats")["items"]["enum"]} == set(_METADATA)


def test_the_figures_that_are_drawn_by_default_can_be_drawn():
    default = properties("figures")["default"]
    assert len(default) == 13
    assert {what.get("kind", "distribution") for what in default.values()} == set(figures.KINDS)
    tested = set(properties("metrics")["default"])
    for what in default.values():
        assert what["metric"] in METRICS
        if "kind" in what:
            assert what["metric"] in tested


@pytest.mark.parametrize("kind", figures.KINDS)
def test_the_tables_that_a_kind_needs_have_its_columns(kind):
    needs = figures.KINDS[kind].NEEDS
    for name, used in needs.tables.items():
        if name != "trials":
            known = {column.name for column in columns.TABLES[name][1]}
            assert set(used) <= known
    assert set(needs.settings) <= set(properties("statistics")["properties"])


def test_every_section_has_a_look():
    assert set(LOOKS_OF_SECTIONS) == set(SECTIONS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("runs", "sizes", "repetitions", "page"),
    [
        (1, 1, 1, "screen"),
        (1, 10, 1, "one-column"),
        (12, 1, 200, "one-column"),
        (4, 4, 20, "screen"),
        (12, 4, 2, "one-column"),
    ],
)
def test_any_number_of_runs_sizes_and_trials(kind, runs, sizes, repetitions, page):
    given = made(runs, sizes, repetitions)
    trials = given["trials"]
    trials.loc[trials["repetition"] == 2, "excluded"] = "warm-up"
    trials.loc[trials["repetition"] == 2, ["loop_time", "modify_time"]] = 98765.4
    assert_legible(drawn(given, kind=kind, size=page, title=LONG_TITLE))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", ["two-column", "slide"])
def test_wider_pages(kind, page):
    assert_legible(drawn(made(5, 4, 10), kind=kind, size=page, title=LONG_TITLE))


@pytest.mark.parametrize("kind", ["ecdf", "repetitions"])
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_values_of_any_kind(kind, values):
    given = made(3, 4, 20, value=values)
    assert_legible(drawn(given, kind=kind, size="one-column", title=LONG_TITLE))


@pytest.mark.parametrize("value", [1e-6, 42.0, 1e6])
def test_sections_of_any_size(value):
    given = made(3, 4, 20, value=lambda random, n: value * (1 + random.random(n)))
    assert_legible(drawn(given, kind="sections", size="one-column", title=LONG_TITLE))


@pytest.mark.parametrize("kind", ["effects", "spread", "efficiency"])
@pytest.mark.parametrize("factor", [1e-6, 1e-2, 1e6, np.nan, np.inf])
def test_ratios_of_any_size(kind, factor):
    given = made(3, 4, 2)
    name = {"effects": "ratio", "spread": "sd_ratio", "efficiency": "efficiency"}[kind]
    table = given[figures.KINDS[kind].NEEDS.shown]
    table.loc[1, [name, f"{name}_low", f"{name}_high"]] *= factor
    table.loc[2, [f"{name}_low", f"{name}_high"]] = np.nan
    table.loc[3, f"{name}_high"] = np.nan
    assert_legible(drawn(given, kind=kind, size="one-column"))


@pytest.mark.parametrize("kind", figures.KINDS)
def test_hostile_labels_harm_nothing(kind, tmp_path):
    given = made(["a", "b"], 2, 6)
    figure = drawn(given, kind=kind, labels={"a": HOSTILE, "b": HOSTILE[::-1]}, title=HOSTILE)
    assert_legible(figure)
    figures.save(figure, tmp_path / "figure.svg")
    assert "<script" not in (tmp_path / "figure.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", figures.KINDS)
def test_no_data_is_said_in_the_figure_its_caption_and_its_alternative_text(kind):
    given = made(2, 3, 4)
    given = {name: table.iloc[:0] for name, table in given.items()}
    settings = {"runs": ["a", "b"], "sizes": [8, 16, 32]}
    figure = drawn(given, kind=kind, styles=figures.styles(["a", "b"]), **settings)
    (sentence,) = [word for word in words(figure) if word.startswith("No data")]
    for make in (figures.caption, figures.alt_text):
        assert words_of(make, given, kind, **settings) == sentence.replace("\n", " ")


@pytest.mark.parametrize("kind", figures.KINDS)
def test_a_caption_states_n_the_clock_the_interval_and_what_does_not_count(kind):
    given = made(3, 3, 9)
    given["trials"].loc[0, "excluded"] = "node failed"
    text = words_of(figures.caption, given, kind)
    for fact in ("n = ", "LAMMPS loop time", "Stop: last step of the loop.", "resolution 0.0001 s"):
        assert fact in text
    assert "node failed (1)" in text or "excluded trials do not count" in text
    assert "interval" in text or kind == "distribution"
    assert "  " not in text
    assert text.endswith(".")


@pytest.mark.parametrize("kind", figures.KINDS)
def test_words_name_the_runs_by_their_labels(kind):
    given = made(["one", "two"], 2, 9)
    text = words_of(figures.alt_text, given, kind, labels={"two": "the second"})
    assert "the second" in text
    assert text.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_tables_give_the_same_bytes(kind, suffix, tmp_path):
    for name in ("one", "other"):
        figures.save(drawn(made(2, 2, 5), kind=kind), tmp_path / f"{name}.{suffix}")
    one, other = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "other"))
    assert one == other


@pytest.mark.parametrize("kind", figures.KINDS)
def test_only_what_is_asked_for_is_shown(kind):
    given = made(["a", "b", "c"], 3, 6)
    fewer = {
        name: table[table["run"].isin(["a", "b"]) & (table["size"] < 32)]
        for name, table in given.items()
    }
    settings = {"runs": ["a", "b"], "sizes": [8, 16]}
    for make in (figures.caption, figures.alt_text):
        assert words_of(make, given, kind, **settings) == words_of(make, fewer, kind, **settings)


@pytest.mark.parametrize("kind", figures.KINDS)
def test_without_sizes_all_that_are_found_are_shown(kind):
    given = made(2, 3, 6)
    every = words_of(figures.alt_text, given, kind)
    assert words_of(figures.alt_text, given, kind, sizes=[]) == every


@pytest.mark.parametrize("kind", figures.KINDS)
def test_what_a_kind_reads_from_files_is_what_it_needs(kind, tmp_path):
    given = made(["007", "1e5"], 2, 6)
    needs = figures.KINDS[kind].NEEDS
    files = {}
    for name, table in given.items():
        files[name] = [str(tmp_path / f"{name}.csv")]
        table.assign(
            rule="", reason="", log="", threads=np.nan, unused=1.0
        ).to_csv(files[name][0], index=False)  # fmt: skip
    read = figures.read(kind, "loop_time", files)
    assert list(read) == list(needs.tables)
    assert all("unused" not in table for table in read.values())
    settings = {"runs": ["007", "1e5"], "sizes": [8, 16]}
    for make in (figures.caption, figures.alt_text):
        assert words_of(make, {**given, **read}, kind, **settings) == words_of(
            make, given, kind, **settings
        )


def test_a_metric_that_a_kind_cannot_show_is_refused():
    with pytest.raises(UserError, match="sections cannot show walltime: say `metric: loop_time`"):
        drawn(campaign(metric="walltime"), "walltime", kind="sections")
    assert set(figures.KINDS["efficiency"].NEEDS.metrics) == set(TIMES)
