"""The shipped applications read samples of what their programs print (data/applications)."""

from pathlib import Path

import pytest
import yaml

from heteroscope import logs
from heteroscope.campaign.vocabulary import SHIPPED, applications, vocabulary
from heteroscope.logs.declared import alternatives
from heteroscope.metrics import Status

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "data" / "applications"
NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))

# Sample: its application, and every figure in it, as one reads them there.
FIGURES = {
    "amg2023": (
        "amg2023",
        {
            **{"fom_overall": 8.875304e07, "fom_setup": 4.218035e08, "fom_solve": 3.372261e08},
            **{"problem_id": 2, "problem": "512, 512, 256", "grid": "4, 4, 2"},
        },
    ),
    "gromacs": (
        "gromacs",
        {
            **{"gromacs_ns_per_day": 83.075, "gromacs_wall_time": 41.603, "version": "2023.3"},
            **{"ranks": 16, "threads": 4, "steps": 20000},
        },
    ),
    "hpcg": (
        "hpcg",
        {
            **{"hpcg_rating": 26.9043, "hpcg_raw": 27.3118, "hpcg_time": 61.4077},
            **{"version": "3.1", "ranks": 32, "threads": 2, "equations": 35995648},
        },
    ),
    # 187.42 + 190.05 s, of which the first was the better.
    "hpl": (
        "hpl",
        {
            **{"hpl_performance": 768.39, "hpl_time": 377.47, "version": "2.3"},
            **{"problem": 60000, "block": 232, "process_rows": 4, "process_columns": 8},
        },
    ),
    "kripke": (
        "kripke",
        {
            **{"grind_time": 2.294946e-09, "throughput": 4.357401e08},
            **{"sweep_efficiency": 88.14706, "version": "1.2.7-dev", "ranks": 16, "threads": 2},
            **{"problem": "32 x 32 x 32", "groups": 64, "iterations": 10, "unknowns": 209715200},
        },
    ),
    "laghos": (
        "laghos",
        {
            **{"kernels_rate": 54.3120447718, "kernels_time": 30.1177245092},
            **{"mesh_zones": 4096, "kinematic_dofs": 107811, "energy_dofs": 32768},
        },
    ),
    "minife": (
        "minife",
        {
            **{"cg_performance": 56369.9, "cg_time": 1.90334, "program_time": 2.71806},
            **{"version": "2.0", "ranks": 64, "threads": 1, "nx": 200, "ny": 200, "nz": 200},
        },
    ),
    "mt-gemm": (
        "mt-gemm",
        {"gemm_performance": 30963.518204, "matrix": 8192, "repeats": 50},
    ),
    "mt-gemm-cpu": ("mt-gemm", {"gemm_performance": 412.66, "operations": 2000000000}),
    # Two benchmark times: 0.213082 and 0.210888 days/ns, 0.0184103 and 0.0182207 s.
    "namd": (
        "namd",
        {
            **{"namd_days_per_ns": 0.211985, "namd_step_time": 0.0183155},
            **{"namd_wall_clock": 21.337518, "version": "2.14", "cpus": 32, "atoms": 92224},
        },
    ),
    # 9.38605 and 9.48372 ns/day.
    "namd3": (
        "namd3",
        {
            **{"namd_ns_per_day": 9.434885, "namd_step_time": 0.0183155},
            **{"namd_wall_clock": 21.337518, "version": "3.0.1", "cpus": 32, "atoms": 92224},
        },
    ),
    "nccl-tests": (
        "nccl-tests",
        {
            **{"avg_bus_bandwidth": 80.4713, "peak_bus_bandwidth": 124.83, "version": "2.17.6"},
            **{"test": "all_reduce_perf", "threads": 1, "gpus_per_thread": 1, "ranks": 4},
        },
    ),
    "openfoam": (
        "openfoam",
        {
            **{"execution_time": 4.4, "clock_time": 5, "ranks": 32, "steps": 3},
            "version": "_7bdb509494-20201222 OPENFOAM=2012",
        },
    ),
    "osu-allreduce": (
        "osu-allreduce",
        {
            **{"allreduce_8": 14.03, "allreduce_1024": 15.42, "allreduce_65536": 103.42},
            **{"allreduce_1048576": 1444.35, "version": "7.3", "datatype": "MPI_INT"},
        },
    ),
    "osu-bandwidth": (
        "osu-bandwidth",
        {
            **{"bandwidth_8": 25.75, "bandwidth_1024": 2584.31, "bandwidth_65536": 11242.81},
            **{"bandwidth_1048576": 11832.76, "bandwidth_4194304": 11863.89},
            **{"version": "7.3", "datatype": "MPI_CHAR"},
        },
    ),
    "osu-latency": (
        "osu-latency",
        {
            **{"latency_8": 1.76, "latency_1024": 1.94, "latency_65536": 7.78},
            **{"latency_1048576": 95.49, "latency_4194304": 376.04, "version": "5.8"},
        },
    ),
    "quicksilver": (
        "quicksilver",
        {"quicksilver_fom": 2.417e07, "version": "1.0", "ranks": 32, "threads": 2},
    ),
    # Two runs, of which the last counts.
    "sparta": (
        "sparta",
        {
            **{"sparta_loop_time": 4.11826, "moves_rate": 1.51763e06, "version": "18 Jul 2022"},
            **{"ranks": 16, "steps": 100, "particles": 1000000},
        },
    ),
    "stream": (
        "stream",
        {
            **{"stream_copy": 91204.4, "stream_scale": 80217.9, "stream_add": 88031.6},
            **{"stream_triad": 88417.2, "tables": 1, "threads": 16, "elements": 80000000},
        },
    ),
}
# Sample: before which words it is cut, and the line of which the log then says that it is missing.
CUTS = {
    "amg2023": (b"Figure of Merit", "Figure of Merit (FOM): {...}"),
    "gromacs": (b"Performance:", "no gromacs_ns_per_day: no line is `Performance: {} {_}`"),
    "hpcg": (b"Final Summary::HPCG result", "Final Summary::HPCG result is VALID with a GFLOP/s"),
    "hpl": (b"End of Tests.", "End of Tests."),
    "kripke": (b"END\n", "END"),
    "laghos": (b"Major kernels total rate", "Major kernels total rate (megadofs x time steps"),
    "minife": (b"Total Program Time", "Total Program Time: {_}"),
    "mt-gemm": (b"GFLOP/s rate", "GFLOP/s rate: {_} GF/s"),
    "namd": (b"WallClock", "WallClock: {_} CPUTime: {_} Memory: {_} MB"),
    "namd3": (b"WallClock", "WallClock: {_} CPUTime: {_} Memory: {_} MB"),
    "nccl-tests": (b"# Avg bus", "# Avg bus bandwidth : {...}"),
    "openfoam": (b"End\n", "End"),
    "osu-allreduce": (b"1048576 ", "1048576 {...}"),
    "osu-bandwidth": (b"4194304 ", "4194304 {...}"),
    "osu-latency": (b"4194304 ", "4194304 {...}"),
    "quicksilver": (b"Figure Of Merit", "Figure Of Merit {_} [Num Segments / Cycle Tracking Time]"),
    "sparta": (b"Particle moves", "no moves_rate: no line is `Particle-moves/CPUsec/proc: {}`"),
    "stream": (b"Solution Validates", "Solution Validates: avg error less than {_} on all three"),
}
# Sample: what stands there, what stands in its place where the result is wrong, and what is told.
WRONG = {
    "amg2023": (b"Iterations =", b"ERROR detected by Hypre ...  BEGIN\nIterations =", "by Hypre"),
    "gromacs": (b"starting mdrun", b"Fatal error:\nstarting", "Fatal error:"),
    "hpcg": (
        b"HPCG result is VALID with a GFLOP/s rating of=26.9043",
        b"HPCG result is=INVALID.",
        "HPCG result is=INVALID.",
    ),
    "hpl": (b" ...... PASSED", b" ...... FAILED", "...... FAILED"),
    "kripke": (b"Steady State Solve", b"Unknwon options --zone", "Unknwon options --zone"),
    "laghos": (b"step ", b"MFEM abort: The time step crashed!\nstep ", "time step crashed!"),
    "mt-gemm": (b"PASSED successfully.", b"FAILED.", "-> Solution check FAILED."),
    "namd": (b"TIMING:", b"FATAL ERROR: Periodic cell\nTIMING:", "FATAL ERROR: Periodic cell"),
    "namd3": (b"TIMING:", b"FATAL ERROR: Periodic cell\nTIMING:", "FATAL ERROR: Periodic cell"),
    "nccl-tests": (b"values : 0 OK", b"values : 3 FAILED", "# Out of bounds values : 3 FAILED"),
    "openfoam": (b"End\n", b"[7] --> FOAM FATAL ERROR: \n", "--> FOAM FATAL ERROR:"),
    "osu-allreduce": (b"         100\n", b"         100     Fail\n", "Fail"),
    "osu-bandwidth": (b"Pass\n", b"Fail\n", "Fail"),
    "osu-latency": (
        b"# Size",
        b"[x.c:9] MPI call failed with 15 \n# Size",
        "MPI call failed with 15",
    ),
    "quicksilver": (
        b"PASS:: No Particles Lost During Run",
        b"FAIL:: Particles Were Lost During Run, test for done should have failed",
        "FAIL:: Particles Were Lost",
    ),
    "sparta": (b"Loop time", b"ERROR: Cannot open input script in.x\nLoop time", "Cannot open"),
    "stream": (
        b"Solution Validates: ",
        b"Failed Validation on array a[], AvgRelAbsErr > epsilon (1.000000e-13)\n",
        "Failed Validation on array a[]",
    ),
}
# Spellings of other versions and options: application, lines, figure, its value.
SPELLINGS = [
    (
        "amg2023",
        "Figure of Merit (FOM): nnz_AP / (Setup Phase Time + Solve Phase Time) 1.010854e+07",
        *("fom_overall", 1.010854e07),
    ),
    ("amg2023", "FOM_Solve: nnz_AP / Solve Phase Time: 2.5e+07", "fom_solve", 2.5e07),
    (
        "kripke",
        "  Grind time :       4.100000e-09 [seconds/unknown/iterations]",
        *("grind_time", 4.1e-9),
    ),
    ("gromacs", "Performance:    612.4    31.02     14.25      1.684", "gromacs_ns_per_day", 14.25),
    ("gromacs", "Using 1 MPI process", "ranks", 1),
    ("gromacs", "Using 8 MPI threads", "ranks", 8),
    ("gromacs", "Using 1 OpenMP thread", "threads", 1),
    ("gromacs", "Using 4 OpenMP threads per tMPI thread", "threads", 4),
    (
        "hpl",
        "WC0           90112   384     2     2              13.27              3.676e+04",
        *("hpl_performance", 36760.0),
    ),
    (
        "hpl",
        "WR03L8R2     264192  1024     4     2      142.93     8.602e+04 ( 1.075e+04)",
        *("hpl_performance", 86020.0),
    ),
    (
        "hpl",
        "WR03L8R2     264192  1024     4     2      142.93     8.602e+04 ( 1.075e+04)",
        *("hpl_time", 142.93),
    ),
    (
        "hpcg",
        " Final Summary ::HPCG result is VALID with a GFLOP/s rating of=33.2424",
        *("hpcg_rating", 33.2424),
    ),
    (
        "mt-gemm",
        "Performance= 1.50 GFlop/s, Time= 2.0 msec, Size= 8 Ops, WorkgroupSize= 1024 threads/block",
        *("gemm_performance", 1.5),
    ),
    ("nccl-tests", "# Avg bus bandwidth    : 1.15 OK", "avg_bus_bandwidth", 1.15),
    (
        "nccl-tests",
        "  1048576  262144   float     sum   100.0  10.49  18.35  0e+00  101.0  10.38  18.1  0e+00",
        *("peak_bus_bandwidth", 18.35),
    ),
    (
        "nccl-tests",
        " 1048576  262144  bfloat16  sum  -1  41.37  25.3  38.0  N/A  40.88  25.6  38.5  N/A",
        *("peak_bus_bandwidth", 38.0),
    ),
    ("osu-latency", "8                       1.60                Pass", "latency_8", 1.6),
    ("osu-latency", "# OSU MPI-CUDA Latency Test v7.3", "version", "7.3"),
    (
        "osu-latency",
        "# Send Buffer on DEVICE (D) and Receive Buffer on HOST (H)",
        *("buffers", "DEVICE (D) and Receive Buffer on HOST (H)"),
    ),
    ("osu-bandwidth", "4194304             12000.25", "bandwidth_4194304", 12000.25),
    ("osu-allreduce", "1024        17.10", "allreduce_1024", 17.1),
    ("osu-allreduce", "1024   17.10   15.2   19.9   1000   Pass", "allreduce_1024", 17.1),
    ("osu-allreduce", "1024   17.10   19.9   18.2   17.0", "allreduce_1024", 17.1),
]


def declared():
    """Return every shipped application, as a campaign that has a run of each declares them."""
    config = {
        "applications": {},
        "sizes_of": "nodes",
        "runs": {name: {"application": name} for name in (*NAMES, "lammps")},
    }
    found = applications(config, ROOT)
    return found, vocabulary(config, found)


@pytest.fixture(autouse=True)
def known():
    """Make the shipped applications known for the time of a test."""
    _, words = declared()
    logs.declare(words)
    yield
    logs.declare({})


def read(data, application):
    """Return the one reading of a log that no launcher wrote around."""
    (reading,) = logs.readers(application)[application].read(data, {})
    return reading


def sample(name):
    return (SAMPLES / f"{name}.out").read_bytes()


def test_every_application_has_a_sample_and_every_sample_an_application():
    assert {application for application, _ in FIGURES.values()} == set(NAMES)
    assert {file.stem for file in SAMPLES.glob("*.out")} == set(FIGURES)
    assert set(CUTS) == set(NAMES)
    without = {name for name in NAMES if not declared()[0][name]["failed"]}
    assert set(WRONG) == set(NAMES) - without


@pytest.mark.parametrize("name", FIGURES)
def test_a_sample_is_recognised_by_its_application_alone(name):
    application, _ = FIGURES[name]
    assert logs.applications_of(sample(name)) == [application]
    assert [reader.name for reader in logs.readers_of(sample(name), application)] == [application]


@pytest.mark.parametrize("name", FIGURES)
def test_a_sample_is_whole_and_gives_the_figures_that_stand_in_it(name):
    application, figures = FIGURES[name]
    reading = read(sample(name), application)
    assert (reading.status, reading.reason) == (Status.OK, "")
    assert dict(reading.figures) == figures


@pytest.mark.parametrize("name", FIGURES)
def test_the_prefix_of_a_launcher_changes_nothing(name):
    application, figures = FIGURES[name]
    lines = sample(name).splitlines(keepends=True)
    data = b"".join(b"[1,0]<stdout>:" + line for line in lines)
    assert logs.applications_of(data) == [application]
    reading = read(data, application)
    assert reading.status is Status.OK
    assert dict(reading.figures) == {**figures, "prefix": "[1,0]<stdout>:"}


@pytest.mark.parametrize("name", FIGURES)
def test_what_the_flux_operator_writes_around_a_sample_changes_no_figure_of_it(name):
    application, figures = FIGURES[name]
    log = (ROOT / "data" / "run6" / "lmp-8-1-minicluster-size-8" / "log.out").read_bytes()
    begin = log.index(b"LAMMPS (")
    end = log.index(b"\n", log.index(b"Total wall time")) + 1
    data = log[:begin] + sample(name) + log[end:]
    assert logs.applications_of(data) == [application]
    (reader,) = logs.readers_of(data, application)
    (reading,) = reader.read(data, {})
    assert (reader.name, reading.status) == ("flux-operator", Status.OK)
    assert {key: reading.figures[key] for key in figures} == figures
    assert reading.figures["flux_start"] > 0


@pytest.mark.parametrize("name", CUTS)
def test_a_log_that_is_cut_before_its_end_says_which_line_is_missing(name):
    before, told = CUTS[name]
    data = sample(name)
    reading = read(data[: data.index(before)], name)
    assert reading.status is Status.INCOMPLETE
    assert told in reading.reason


@pytest.mark.parametrize("name", WRONG)
def test_a_log_that_says_so_itself_has_failed(name):
    one, other, told = WRONG[name]
    data = sample(name)
    assert one in data
    reading = read(data.replace(one, other), name)
    assert reading.status is Status.FAILED
    assert told in reading.reason


@pytest.mark.parametrize(("application", "line", "figure", "value"), SPELLINGS)
def test_other_versions_and_options_are_read(application, line, figure, value):
    assert read(line.encode() + b"\n", application).figures[figure] == value


def test_of_several_tables_of_stream_the_slowest_counts():
    table = sample("stream")
    slower = table.replace(b"88417.2", b"70021.9").replace(b"91204.4", b"91300.1")
    reading = read(table + slower, "stream")
    assert reading.status is Status.OK
    assert reading.figures["stream_triad"] == 70021.9
    assert reading.figures["stream_copy"] == 91204.4
    assert reading.figures["tables"] == 2


def test_what_makes_meshes_begins_no_log_of_a_solver_of_openfoam():
    mesher = sample("openfoam").replace(b"simpleFoam", b"snappyHexMesh")
    reading = read(mesher.replace(b"ExecutionTime", b"Done after") + sample("openfoam"), "openfoam")
    assert (reading.status, reading.figures["execution_time"]) == (Status.OK, 4.4)


def test_a_row_of_osu_that_has_another_shape_is_not_read_in_part():
    row = b"8                       1.76\n"
    data = sample("osu-latency")
    assert data.count(row) == 1
    reading = read(data.replace(row, b"8 1.76 us\n"), "osu-latency")
    assert reading.status is Status.OK
    assert "latency_8" not in reading.figures
    assert reading.reason == ("no latency_8: line 7 begins like `8 {}`, and is none: 8 1.76 us")


def test_each_metric_of_a_shipped_application_has_a_title_of_its_own():
    _, words = declared()
    titles = [metric["title"] for metric in words["metrics"]]
    assert len(titles) == len(set(titles))
    for name in NAMES:
        entry = yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
        for figure in entry["figures"].values():
            assert bool(figure.get("unit")) == bool(figure.get("title"))
            assert alternatives(figure["line"])
