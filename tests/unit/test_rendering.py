"""The renderer: formats to the letter, traps kept, nothing real that is not a figure."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering import (
    campaign_files,
    format_clock,
    format_duration,
    format_elapsed,
    read_figures,
    render_campaign,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
    render_mpi_results,
    stale_files,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
TABLES = ("measured.csv", "measured-mpi-reference.csv", "measured-clusters.csv")
TRIALS = read_figures(DATA / TABLES[0])
REFERENCE = read_figures(DATA / TABLES[1])
CLUSTERS = read_figures(DATA / TABLES[2])
FILES = campaign_files(TRIALS + REFERENCE, CLUSTERS)
LOGS = {path: content for path, content in FILES.items() if path.endswith(".out")}


def trial(run, size, repetition):
    """Return the figures of one trial of the example campaign."""
    (figures,) = (
        figures
        for figures in TRIALS
        if (figures["run"], figures["size"], figures["repetition"]) == (run, size, repetition)
    )
    return figures


# --- Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.4731e-05, "0.014731ms"),
        (0.0993755, "99.3755ms"),
        (0.101075, "0.101075s"),
        (59.6573, "59.6573s"),
        (83.028, "1.3838m"),
        (7200.0, "2h"),
    ],
)
def test_broker_changes_units_where_flux_does(seconds, text):
    assert format_duration(seconds) == text


@given(st.floats(min_value=1e-6, max_value=1e5))
def test_duration_keeps_six_digits(seconds):
    number, unit = re.fullmatch(r"(.+?)(ms|s|m|h)", format_duration(seconds)).groups()
    read = float(number) * {"ms": 1e-3, "s": 1, "m": 60, "h": 3600}[unit]
    assert read == pytest.approx(seconds, rel=5.01e-6)


@given(st.integers(min_value=0, max_value=359_999))
def test_elapsed_is_exact_below_an_hour(hundredths):
    minutes, seconds = format_elapsed(hundredths / 100).split(":")
    assert len(seconds) == len("SS.cc")
    assert round(int(minutes) * 6000 + float(seconds) * 100) == hundredths


def test_elapsed_drops_hundredths_from_an_hour_on():
    assert format_elapsed(3599.99) == "59:59.99"
    assert format_elapsed(3600.0) == "1:00:00"
    assert format_elapsed(3725.89) == "1:02:05"


@given(st.integers(min_value=0, max_value=10**6))
def test_clock_counts_whole_seconds(seconds):
    hours, minutes, rest = format_clock(seconds + 0.999).split(":")
    assert (len(minutes), len(rest)) == (2, 2)
    assert int(hours) * 3600 + int(minutes) * 60 + int(rest) == seconds


# --- One log -----------------------------------------------------------------------------------


def test_a_line_without_its_figure_is_left_out():
    whole = trial("run4", 8, 1)
    without = {name: value for name, value in whole.items() if name != "loop_time"}
    lost = set(render_lammps(whole).splitlines()) - set(render_lammps(without).splitlines())
    assert lost == {b"Loop time of 82.2103 on 752 procs for 100 steps with 4980736 atoms"}


def test_no_figures_give_no_figure_lines():
    for log in (render_flux_operator({}), render_mpi_operator({}), render_lammps({})):
        assert not [line for line in log.decode().splitlines() if FIGURE_LINE.match(line)]
    assert render_mpi_results([]) == b"[]\n"


@given(st.integers(min_value=0, max_value=200))
def test_job_ends_after_as_many_lammps_lines_as_asked(place):
    figures = {**trial("run4", 8, 1), "lammps_lines_before_finish": place}
    lines = render_flux_operator(figures).decode().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("LAMMPS ("))
    finish = next(number for number, line in enumerate(lines) if line.endswith("s finish"))
    # Without LAMMPS' own lines before it, the event stands where LAMMPS' first line would.
    assert finish - min(start, finish) == min(place, 80)


def test_flux_log_has_crlf_a_doubled_cr_and_utf8():
    log = render_flux_operator(trial("run4", 8, 1))
    assert log.count(b"\n") == log.count(b"\r\n")
    assert log.count(b'\r\r\n    secret-key = "NOT-A-REAL-KEY') == 2
    assert "ƒm4ueqV: 0.060s alloc\r\n".encode() in log
    assert "🌀".encode() in log


def test_mpi_log_mixes_line_ends():
    log = render_mpi_operator(TRIALS[-1])
    assert 0 < log.count(b"\r\n") < log.count(b"\n")


def test_run2_ends_with_a_mislabelled_time():
    lines = render_flux_operator(trial("run2", 8, 1)).splitlines()
    times = [line for line in lines if line.startswith(b"FLUXTIME")]
    assert times == [b"FLUXTIME fluxsubmit wall time 1:25.93"] == lines[-1:]


def test_label_stands_again_inside_the_echoed_command():
    log = render_flux_operator(trial("run4", 8, 1)).decode()
    assert "\nbroker.info[0]: rc2.0: /usr/bin/time -f FLUXTIME fluxsubmit wall time %E flux" in log
    assert "\nFLUXTIME fluxsubmit wall time 1:31.95\r\n" in log
    assert log.endswith("\nFLUXTIME fluxstart wall time 1:33.82\r\n")


@pytest.mark.parametrize("figures", TRIALS[::25], ids=lambda figures: figures["run"])
def test_counted_lines_stand_as_often_as_measured(figures):
    render = {"flux-operator": render_flux_operator, "mpi-operator": render_mpi_operator}
    log = render[figures["operator"]](figures).decode()
    assert log.count(" transitioning to LOST due to EHOSTUNREACH") == figures.get("broker_lost", 0)
    assert log.count("s exec.log\r\n") == figures.get("exec_log_lines", 0)
    assert log.count(" --> ") == figures.get("mapped_workers", 0)
    assert log.count(" pods in zone ") == figures.get("hosts", 0)


# --- The example campaign ----------------------------------------------------------------------


def test_data_is_up_to_date_with_its_tables():
    assert stale_files(TRIALS + REFERENCE, DATA, CLUSTERS) == []


def test_campaign_has_the_published_number_of_logs():
    logs = [path.partition("/")[0] for path in LOGS]
    counts = {run: logs.count(run) for run in sorted(set(logs))}
    assert counts == {"run2": 91, "run4": 81, "run5": 41, "run6": 81, "run6-mpi": 80}
    assert sum("/_lmp-64-1-" in path for path in LOGS) == 2
    assert len(REFERENCE) == 120


def test_traps_of_the_campaign_are_kept():
    inside = [
        figures for figures in TRIALS if 0 < figures.get("lammps_lines_before_finish", 0) < 80
    ]
    assert sorted(str(figures["run"]) for figures in inside) == (
        ["run4"] * 5 + ["run5"] * 2 + ["run6"] * 4
    )
    incomplete = [figures for figures in TRIALS if figures.get("hosts", 0) < figures["size"]]
    assert sum("hosts" in figures for figures in incomplete) == 11
    grids = {(figures["grid_read"], figures["grid"]) for figures in TRIALS if figures["size"] == 64}
    assert ("47x8x16", "94x8x8") in grids


def test_logs_are_short():
    # Lost brokers, shell logs, workers and hosts stand as often as measured: up to 64 of each.
    counted = re.compile(rb".*(LOST due to|s exec\.log|-worker-| pods in zone ).*\r?\n")
    for path, content in LOGS.items():
        assert 4_000 < len(content) < 12_500, path
        assert len(counted.sub(b"", content)) < 6_000, path


def test_nothing_real_but_the_figures():
    everything = b"".join(FILES.values())
    assert set(re.findall(rb"\d+\.\d+\.\d+\.\d+", everything)) <= {
        b"192.0.2.%d" % number for number in range(256)
    }
    assert b"compute.internal" not in everything
    assert set(re.findall(rb'-key = "([^"]*)"', everything)) == {
        b"NOT-A-REAL-KEY-NOT-A-REAL-KEY-NOT-A-KEY!"
    }
    for host in re.findall(rb"(\S+) ran \d+ pods", everything):
        assert host.endswith(b".example.invalid")


def run_script(directory, *arguments, **environment):
    """Run the command line in a directory that holds the tables."""
    return subprocess.run(
        [sys.executable, ROOT / "data/render.py", "--data", directory, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tables(tmp_path):
    """Return a directory that holds nothing but the tables."""
    for table in TABLES:
        shutil.copy(DATA / table, tmp_path)
    return tmp_path


def test_locale_and_time_zone_change_no_byte(tables):
    run_script(tables, LC_ALL="C", TZ="Pacific/Auckland", PYTHONHASHSEED="7")
    written = {
        path.relative_to(tables).as_posix(): path.read_bytes()
        for path in tables.glob("*/**/*")
        if path.is_file()
    }
    assert written == FILES


def test_check_names_every_stale_file(tables):
    stale = tables / "run5/lmp-8-1-minicluster-size-8/log.out"
    render_campaign(TRIALS + REFERENCE, tables, CLUSTERS)
    assert run_script(tables, "--check").returncode == 0
    stale.write_bytes(b"")
    (tables / "run4/meta.json").unlink()
    (tables / "run6-mpi/left-over.out").touch()
    checked = run_script(tables, "--check")
    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        "stale: run4/meta.json",
        "stale: run5/lmp-8-1-minicluster-size-8/log.out",
        "stale: run6-mpi/left-over.out",
    ]
    assert stale.read_bytes() == b""


def test_only_stale_files_are_written(tables):
    render_campaign(TRIALS + REFERENCE, tables, CLUSTERS)
    stale = "run5/lmp-8-1-minicluster-size-8/log.out"
    (tables / stale).write_bytes(b"")
    assert render_campaign(TRIALS + REFERENCE, tables, CLUSTERS) == [stale]


# --- The real logs -----------------------------------------------------------------------------

# Lines that carry figures; whatever else stands in a log is filler.
FIGURE_LINE = re.compile(
    r"""
      LAMMPS\ \(  |  \ \ using\ \d+\ OpenMP  |  \ \ \d+\ by\ \d+\ by\  |  \ \ \d+\ (atoms|velo)
    | \ \ (read_data|replicate)\ CPU\ =  |  Per\ MPI\ rank  |  Step\ Temp  |  \ +\d+\ +[\d.]+\ +-
    | Loop\ time  |  Performance:  |  [\d.]+%\ CPU\ use  |  Total\ wall\ time:
    | (Pair|Neigh|Comm|Output|Modify|Other)\ +\|  |  N(local|ghost|eighs):
    | ƒ  |  FLUXTIME  |  broker\.info\[0\]:\ rc2\.0  |  broker\.info\[0\]:\ [\w-]+:\ \w+->
    | broker\.err\[0\]:.*(LOST|delayed)  |  \ +time\ =\ "
    | (real|user|sys)\ \d  |  \+\ mpirun  |  Mapping\ for  |  lammps-\w+-worker-  |  \S+\ ran\ \d
    | Run\ configuration  |  Ranks:  |  MPIJob
    """,
    re.VERBOSE,
)

# What the renderer makes up: which brokers were lost, and the names of jobs and hosts.
MADE_UP = (
    # One real log has its certificate with single CRs.
    (re.compile(r"\r+$"), "\r"),
    (re.compile(r"lammps-\d+ \(rank \d+\)"), "BROKER"),
    (re.compile(r"(job |lammps-)[0-9a-f]{12}\b"), r"\1ID"),
    (re.compile(r"worker-\d+ --> \S+"), "WORKER"),
    (re.compile(r"^\S+( ran \d+ pods in zone )"), r"HOST\1"),
    # Of a row of the thermo table, the step; all of it is compared for the last row, below.
    (re.compile(r"^( +\d+) +[\d.]+ +-[\d.]+ .*"), r"\1"),
)

# Headings that belong to the format and carry no figure.
HEADINGS = re.compile(r"\r*|MPI task timing breakdown:\r?|Section \|.*|-+\r?")


def measured_lines(log):
    """Return the lines that carry figures, each with its place in LAMMPS' output, and filler."""
    measured, filler = [], []
    place = None
    last_row = ""
    for line in log.decode().split("\n"):
        if line.startswith("LAMMPS ("):
            place = 0
        if line.startswith("Loop time"):
            measured.append((place, last_row))
        if not FIGURE_LINE.match(line):
            filler.append(line)
        elif not line.rstrip("\r").endswith("s exec.log"):
            if re.match(r" +\d+ +[\d.]+ +-", line):
                last_row = line[:47]  # step, temperature, potential energy and pressure
            masked = line
            for pattern, replacement in MADE_UP:
                masked = pattern.sub(replacement, masked)
            measured.append((place, masked))
        if line.startswith("Total wall time"):
            place = None
        elif place is not None and not line.startswith("ƒ"):
            place += 1
    return measured, filler


@pytest.fixture(scope="module")
def real_logs():
    """Return the path of each real log, by its run and the name of its folder or its time."""
    if "HETEROSCOPE_REAL_DATA" not in os.environ:
        pytest.skip("HETEROSCOPE_REAL_DATA does not name the folder of the original logs")
    root = Path(os.environ["HETEROSCOPE_REAL_DATA"]) / "kubecon"
    flux = {(log.relative_to(root).parts[0], log.parent.name): log for log in root.rglob("log.out")}
    mpi = {("run6-mpi", log.stem.partition("scheduler_")[2]): log for log in root.rglob("*r_*.out")}
    return flux | mpi


@pytest.mark.parametrize("run", ["run2", "run4", "run5", "run6", "run6-mpi"])
def test_measured_lines_stand_letter_for_letter_in_the_real_log(real_logs, run):
    compared = 0
    for path, rendered in LOGS.items():
        if path.partition("/")[0] != run:
            continue
        folder = Path(path).parent.name if run != "run6-mpi" else path.partition("scheduler_")[2]
        real = real_logs[run, folder.removesuffix(".out")].read_bytes()
        expected, real_filler = measured_lines(real)
        measured, filler = measured_lines(rendered)
        assert measured == expected, path
        assert rendered.count(b"s exec.log") == real.count(b"s exec.log"), path
        copied = {line for line in filler if not HEADINGS.fullmatch(line)} & set(real_filler)
        assert not copied, path
        compared += 1
    assert compared == sum(figures["run"] == run for figures in TRIALS)
