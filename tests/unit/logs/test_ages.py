"""What LAMMPS printed from 2010 to 2025 is read, whole or cut short, in any style of its tables.

The figures are those that the renderer was told to print.
"""

import pytest
from ages import ATOMS, VERSIONS, log, run

from heteroscope.logs import READERS, readers_of
from heteroscope.metrics import Status

YEARS = tuple(VERSIONS)


def read(text, **options):
    (reader,) = readers_of(text.encode())
    assert reader.name == "lammps"
    (reading,) = reader.read(text.encode(), options)
    return reading


def figures_of(text, **options):
    reading = read(text, **options)
    assert reading.status is Status.OK, reading.reason
    told = "" if "Total wall time" in text else "this version prints no wall time"
    assert reading.reason == told
    return reading.figures


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("style", ["one", "multi", "yaml", "custom"])
@pytest.mark.parametrize("units", ["lj", "real", "metal", "si", "cgs", "electron", "micro", "nano"])
def test_every_age_and_style_gives_its_figures(year, style, units):
    expected = {
        **{"lammps_version": VERSIONS[year], "grid": "1x2x2", "atoms": ATOMS, "steps": 100},
        **{"loop_time": 1.53, "procs": 4, "thermo_rows": 3, "temp_last": 1.64},
        **{"press_last": 5.86, "poteng_last": -6.7, "pair_avg": 0.1, "bond_avg": 0.2},
        **{"other_avg": 0.0123, "nlocal_max": 8000.0, "neighs_ave": 296000.0},
    }
    if year >= 2014:
        expected |= {"timesteps_per_s": 65.359, "cpu_percent": 99.8, "ranks": 4, "walltime": 2.0}
    if year >= 2016:
        expected |= {"units": units, "modify_avg": 0.6, "modify_percent": 6.5}
    figures = figures_of(log(year, run(year, style=style, units=units)))
    assert {name: figures.get(name) for name in expected} == expected


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (({"kind": "min", "steps": 37, "loop": 0.3}, {"start": 37}), {"steps": 100}),
        (({"steps": 0, "loop": 1.2e-06}, {}), {"steps": 100, "thermo_rows": 3}),
        (({"last": 1.9}, {"start": 100, "loop": 2.5, "set_up": False}), {"loop_time": 2.5}),
        (({"last": 1.9}, {"start": 100, "set_up": False}), {"temp_last": 1.64}),
        (({"post": False, "last": 1.9}, {"start": 100}), {"temp_last": 1.64}),
        (({"kspace": True, "units": "real"},), {"loop_time": 1.53}),
        (({"threads": 2},), {"procs": 8}),
    ],
    ids=["minimisation", "run 0", "pre no", "equal loops", "post no", "PPPM", "OpenMP"],
)
def test_of_several_runs_the_last_dynamics_counts(year, runs, expected):
    figures = figures_of(log(year, *(run(year, **one) for one in runs), wall="0:00:06"))
    assert {name: figures.get(name) for name in expected} == expected


def test_a_garbled_line_of_performance_is_not_passed_over_for_another_run():
    whole = log(2024, run(2024), run(2024, start=100, loop=2.5), wall="0:00:05")
    text = whole.replace(" 40.000 timesteps/s", " 40.0?0 timesteps/s")
    reading = read(text)
    assert reading.status is Status.INCOMPLETE
    assert reading.reason.endswith("which run counts is not known")
    assert read(text, lammps_run=2).figures["loop_time"] == 2.5
    # Of the only run of a log, it costs its own figures.
    alone = read(log(2024).replace(" 65.359 timesteps/s", " 65.3?9 timesteps/s"))
    assert alone.status is Status.OK
    assert "timesteps_per_s" not in alone.figures


@pytest.mark.parametrize("year", [y for y in YEARS if y >= 2016])
def test_a_timer_gives_what_it_measures(year):
    full = figures_of(log(year, run(year, timer="full")))
    assert (full["pair_cpu_percent"], full["modify_percent"]) == (99.5, 6.5)
    assert "pair_avg" not in figures_of(log(year, run(year, timer="loop")))
    off = read(log(year, run(year, timer="off")))
    assert off.status is Status.INCOMPLETE
    assert "`timer off`" in off.reason


@pytest.mark.parametrize("year", YEARS)
def test_how_long_the_data_took_to_read_is_read_in_either_spelling(year):
    assert figures_of(log(year, read=True))["read_data_cpu"] == 0.234


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_a_log_that_is_cut_short_is_not_whole_and_says_why(year, percent):
    whole = log(year, run(year), run(year, start=100, loop=2.5), wall="0:00:05")
    # Before 2014 no total tells of the end, and the last line of the statistics alone does.
    cut = whole[: len(whole) * percent // 100]
    reading = read(cut)
    assert reading.status is not Status.OK, cut[-200:]
    assert any(
        words in reading.reason
        for words in ("the log ends too early", "is cut short or garbled", "no LAMMPS output")
    )


@pytest.mark.parametrize("words", ["Step 2: production", "Step 50 reached.", "Step 3 of 4"])
@pytest.mark.parametrize("year", [2014, 2024])
def test_a_sentence_that_begins_like_a_table_is_none(year, words):
    whole = log(year)
    for at in (0, whole.index("Loop"), len(whole)):
        text = f"{whole[:at]}{words}\n{whole[at:]}"
        assert read(text) == read(whole)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ERROR: Lost atoms: original 9 current 8", "Lost atoms: original 9 current 8"),
        (
            "ERROR: Lost atoms: original 9 current 8 (src/thermo.cpp:441)\nLast command: run 100",
            "Lost atoms: original 9 current 8 (thermo.cpp:441)",
        ),
        (
            "ERROR: Lost atoms: original 9 current 8\n"
            "For more information see https://docs.lammps.org/err0008 (src/thermo.cpp:526)\n"
            "Last input line: run 100",
            "Lost atoms: original 9 current 8 (thermo.cpp:526)",
        ),
        (
            "ERROR on proc 3: Bond atoms 1 2 missing on proc 3 at step 10 (src/ntopo.cpp:59)",
            "Bond atoms 1 2 missing on proc 3 at step 10 (ntopo.cpp:59)",
        ),
        ("ERROR: Non-numeric pressure - simulation unstable", "Non-numeric pressure - simulation "
         "unstable"),
    ],
    ids=["2010", "2021", "2025", "one rank", "pressure"],
)  # fmt: skip
@pytest.mark.parametrize("year", [2012, 2020, 2025])
def test_the_error_that_stopped_lammps_is_the_reason(year, line, told):
    whole = log(year)
    reading = READERS["lammps"].read(f"{whole[: whole.index('Loop')]}{line}\n".encode(), {})[0]
    assert (reading.status, reading.reason) == (Status.FAILED, f"LAMMPS stopped: {told}")


def test_a_garbled_line_of_performance_counts_after_another_garbled_line():
    whole = log(2024, run(2024), run(2024, start=100, loop=2.5), wall="0:00:05")
    text = whole.replace("Per MPI rank memory", "Per MPI rank memory?", 1)
    text = text.replace(" 40.000 timesteps/s", " 40.0?0 timesteps/s")
    assert read(text).reason.endswith("which run counts is not known")


def test_a_column_with_brackets_is_one_column():
    text = log(2024, run(2024), wall="0:00:03")
    assert " E_pair " in text
    assert figures_of(text.replace(" E_pair ", " c_own[1] ")) == figures_of(text)


def test_what_a_shell_missed_before_the_banner_is_no_death_of_lammps():
    text = log(2024, run(2024), wall="0:00:03")
    cut = "bash: module: command not found\n" + text[: text.index("Loop time")]
    assert "the log ends too early" in read(cut).reason
