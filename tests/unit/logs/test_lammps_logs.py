"""LAMMPS' own logs: which run is meant, what each release prints, and why a log is refused.

The figures were read off the samples by eye.
"""

import pytest

from heteroscope.logs import READERS, readers_of
from heteroscope.metrics import Status
from heteroscope.redaction import redact

read = READERS["lammps"].read


def figures_of(data, **options):
    (reading,) = read(data, options)
    assert (reading.status, reading.reason) == (Status.OK, "")
    return reading.figures


def part_of(figures, expected):
    return {name: figures.get(name) for name in expected}


HNS_2022 = {
    "lammps_version": "23 Jun 2022 - Update 4",
    **{"grid_read": "2x1x1", "grid": "2x1x1", "atoms_read": 304, "atoms": 2432},
    **{"read_data_cpu": 0.092, "replicate_cpu": 0.076},
    **{"memory_min": 143.9, "memory_avg": 143.9, "memory_max": 143.9},
    **{"loop_time": 14.664, "procs": 2, "steps": 10, "walltime": 18.0},
    **{"ns_per_day": 0.006, "hours_per_ns": 4073.333, "timesteps_per_s": 0.682},
    **{"cpu_percent": 47.7, "ranks": 2, "threads": 1},
    **{"pair_min": 1.2659, "pair_avg": 1.3109, "pair_max": 1.3559},
    **{"pair_varavg": 3.9, "pair_percent": 8.94, "other_avg": 0.00801, "other_percent": 0.05},
    **{"nlocal_ave": 1216.0, "nlocal_max": 1216.0, "nlocal_min": 1216.0},
    # 2432 atoms × 10 steps / 14.664 s, in millions; this release does not print it.
    "matom_steps_per_s": 0.001658,
    **{"thermo_rows": 2, "temp_last": 299.38517, "poteng_last": -113.27631},
    "press_last": 1439.2824,
}


def test_a_whole_log_of_2022(sample):
    assert part_of(figures_of(sample("2022-06-hns")), HNS_2022) == HNS_2022


def test_multi_line_thermo_and_the_sections_of_molecules(sample):
    expected = {
        **{"thermo_rows": 3, "temp_last": 299.9978, "poteng_last": -46857.6878},
        **{"press_last": 477.301, "loop_time": 1.76396, "kspace_avg": 0.21165},
        # 362.819 katom-step/s stand there.
        **{"kspace_percent": 12.0, "matom_steps_per_s": 0.362819, "walltime": 3.0},
    }
    assert part_of(figures_of(sample("2024-08-rhodo")), expected) == expected


def test_yaml_thermo_and_two_runs(sample):
    expected = {
        **{"thermo_rows": 2, "temp_last": 1.64447506913092, "press_last": 5.86142109924278},
        **{"loop_time": 0.0609105, "steps": 50, "tau_per_day": 354618.906},
    }
    assert part_of(figures_of(sample("2023-08-yaml")), expected) == expected


def test_procs_are_ranks_times_threads(sample):
    expected = {"procs": 2, "ranks": 1, "threads": 2, "cpu_percent": 196.6, "loop_time": 0.146027}
    assert part_of(figures_of(sample("2025-07-openmp")), expected) == expected


def test_lines_of_print_inside_the_table_are_no_rows(sample):
    first = figures_of(sample("2023-08-prints"), lammps_run=1)
    assert part_of(first, ["thermo_rows", "steps"]) == {"thermo_rows": 5, "steps": 200}


# Of the run: its kind, steps, loop time, rows of thermo, temperature.
RUNS_2025 = [
    (1, "run 0", 0, 1.763e-06, 1, 3.0),
    (2, "minimize", 1, 0.00278457, 2, 3.0),
    (3, "run", 50, 0.0547734, 2, 1.6842865),
    (4, "thermo style multi", 20, 0.0252535, 2, 1.6640),
    (5, "timer full", 50, 0.0611792, 3, 1.6640323),
    (6, "timer sync", 50, 0.0611558, 3, 1.6480963),
    (8, "timer loop", 20, 0.0257516, 3, 1.6355304),
    (9, "run every", 20, 0.0263776, 3, 1.6148168),
    (10, "run every, again", 20, 0.0263091, 3, 1.6041007),
    (11, "post no", 20, 0.0264743, 3, 1.5588441),
    (12, "pre no", 20, 0.0265852, 3, 1.4960464),
]


@pytest.mark.parametrize("run", RUNS_2025, ids=[run[1] for run in RUNS_2025])
def test_each_run_of_a_log_can_be_meant(sample, run):
    number, _, steps, loop_time, rows, temperature = run
    expected = {
        **{"steps": steps, "loop_time": loop_time, "thermo_rows": rows, "temp_last": temperature}
    }
    assert part_of(figures_of(sample("2025-07-multi"), lammps_run=number), expected) == expected


def test_the_last_dynamics_run_is_meant_by_default(sample):
    last = figures_of(sample("2025-07-multi"))
    assert last["loop_time"] == 0.0265852
    assert last == figures_of(sample("2025-07-multi"), lammps_run="last")
    # Without the last run's Performance line, that of the run before `post no` is the last.
    data = sample("2025-07-multi")
    start = data.rindex(b"Performance:")
    cut = data[:start] + data[data.index(b"\n", start) :]
    assert figures_of(cut)["loop_time"] == 0.0263091


def test_a_timer_gives_what_it_measures(sample):
    full = figures_of(sample("2025-07-multi"), lammps_run=5)
    assert (full["output_cpu_percent"], full["other_avg"]) == (99.7, 0.0002101)
    assert "sync_avg" not in full
    assert figures_of(sample("2025-07-multi"), lammps_run=6)["sync_avg"] == 1.3852e-05
    loop = figures_of(sample("2025-07-multi"), lammps_run=8)
    assert "pair_avg" not in loop
    assert loop["nlocal_ave"] == 4000.0
    assert figures_of(sample("2025-07-multi"), lammps_run=1)["other_percent"] == 100.0


@pytest.mark.parametrize(
    ("name", "options", "status", "reason"),
    [
        (
            "2021-09-crash",
            {},
            Status.FAILED,
            "LAMMPS stopped: Lost atoms: original 4000 current 63 (thermo.cpp:439)",
        ),
        (
            "2025-07-crash",
            {},
            Status.FAILED,
            "LAMMPS stopped: Lost atoms: original 4000 current 63 (thermo.cpp:526)",
        ),
        (
            "2025-07-partitions",
            {},
            Status.INCOMPLETE,
            "LAMMPS ran in partitions: the figures of each stand in its own log.lammps.N",
        ),
        (
            "2024-08-mismatch",
            {},
            Status.FAILED,
            "2 LAMMPS processes wrote this log, each with its own banner: "
            "the launcher and the MPI library do not match",
        ),
        (
            "2025-07-multi",
            {"lammps_run": 7},
            Status.INCOMPLETE,
            "no loop_time: no time steps were run, or `timer off`",
        ),
        (
            "2025-07-multi",
            {"lammps_run": 13},
            Status.INCOMPLETE,
            "there is no run 13: the log holds 12",
        ),
    ],
    ids=["crash of 2021", "crash of 2025", "partitions", "mismatch", "timer off", "no such run"],
)
def test_a_log_that_cannot_be_used_says_why(sample, name, options, status, reason):
    (reading,) = read(sample(name), options)
    assert (reading.status, reading.reason) == (status, reason)


def test_an_empty_log_says_where_the_figures_may_stand():
    for data in (b"", b"\n \r\n"):
        (reading,) = read(data, {})
        assert reading.status is Status.NO_OUTPUT
        assert "-screen none" in reading.reason
        assert "log.lammps" in reading.reason


def test_something_else_is_no_lammps():
    (reading,) = read(b"hello\nworld\n", {})
    assert (reading.status, reading.reason) == (Status.NO_OUTPUT, "no LAMMPS output")
    assert readers_of(b"hello\nworld\n") == []


def test_an_error_before_a_whole_log_is_not_that_of_lammps(sample):
    noise = b"ERROR: ld.so: object 'x.so' from LD_PRELOAD cannot be preloaded: ignored.\n"
    assert figures_of(noise + sample("2022-06-hns")) == figures_of(sample("2022-06-hns"))


@pytest.mark.parametrize(
    "line",
    [
        b"MPI_ABORT was invoked on rank 3 in communicator MPI_COMM_WORLD\n",
        b"mpirun noticed that process rank 1 with PID 7 on node a exited on signal 9 (Killed).\n",
    ],
)
@pytest.mark.parametrize("banner", [True, False])
def test_an_abort_of_mpi_fails_the_trial_with_or_without_a_banner(line, banner):
    (reading,) = read((b"LAMMPS (2 Aug 2023)\n" if banner else b"") + line, {})
    assert reading.status is Status.FAILED
    assert reading.reason == f"MPI stopped the job: {redact(line.decode().strip())}"


def test_the_breakdown_of_the_threads_of_one_rank_is_not_that_of_all(sample):
    data = sample("2025-07-openmp")
    threads = (
        b"\nThread timing breakdown (MPI rank 0):\nTotal threaded time 0.14 / 97.0%\n"
        b"Pair    | 0.9        | 0.9        | 0.9        |   0.0 | 80.23\n"
    )
    at = data.index(b"\nNlocal:")
    assert figures_of(data[:at] + threads + data[at:]) == figures_of(data)


def test_what_is_set_up_once_serves_every_run(sample):
    data = sample("2022-06-hns")
    again = data[data.index(b"Per MPI rank") :]
    first, total = data[: data.index(b"Total wall")], b"Total wall time: 0:00:30\n"
    two = first + again[: again.index(b"Total wall")].replace(b"14.664 on", b"14.665 on") + total
    last = figures_of(two)
    assert part_of(last, ["loop_time", "read_data_cpu"]) == {
        **{"loop_time": 14.665, "read_data_cpu": 0.092}
    }
