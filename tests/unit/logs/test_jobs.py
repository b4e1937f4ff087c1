"""Files that hold more than one job, and what a log tells of its job whatever launched it."""

import re
from pathlib import Path

import pytest

from heteroscope.logs import READERS, readers_of
from heteroscope.metrics import Status, UserError

ONE = b"""\
LAMMPS (29 Sep 2021)
  304 atoms
Per MPI rank memory allocation (min/avg/max) = 5.1 | 5.2 | 5.3 Mbytes
Step Temp
 0 300
 100 301
Loop time of 1.5 on 1 procs for 100 steps with 304 atoms
Total wall time: 0:00:02
"""
OTHER = ONE.replace(b"1.5 on", b"2.5 on").replace(b"0:00:02", b"0:00:03")
BROKEN = ONE[: ONE.index(b" 100 301")]
REQUEUE = b"slurmstepd: error: *** JOB 77 ON n01 CANCELLED AT 2024 DUE TO NODE FAILURE ***\n"


def read(data, reader="lammps", **options):
    (reading,) = READERS[reader].read(data, options)
    return reading


def test_of_a_broken_job_and_a_whole_one_the_whole_one_counts_and_the_reason_says_so():
    reading = read(BROKEN + REQUEUE + ONE)
    assert reading.figures["loop_time"] == 1.5
    assert reading.status is Status.OK
    assert reading.reason == (
        "job 2 of 2 in this file counts; job 1 is not whole: Slurm ended the job: NODE FAILURE"
    )


def test_a_job_that_was_broken_off_without_a_word_is_told_apart_as_well():
    reading = read(BROKEN + ONE)
    assert (reading.status, reading.figures["thermo_rows"]) == (Status.OK, 2)
    assert reading.reason.endswith(
        "job 1 is not whole: no loop_time, no walltime: the log ends too early"
    )


def test_a_whole_job_before_a_broken_one_counts():
    assert read(ONE + BROKEN).figures["loop_time"] == 1.5


def test_of_several_whole_jobs_the_configuration_chooses():
    data = ONE + OTHER
    reading = read(data)
    assert reading.status is Status.FAILED
    assert "2 LAMMPS logs stand in this file" in reading.reason
    assert "`job`" in reading.reason
    assert read(data, job=1).figures["loop_time"] == 1.5
    assert read(data, job=2).figures["loop_time"] == 2.5
    assert read(data, job="last").figures["loop_time"] == 2.5
    assert read(data, job="1").status is Status.OK
    assert read(data, job=3).reason == "there is no job 3: the log holds 2"
    for wrong in ("first", -1, 1.5, "0"):
        with pytest.raises(UserError, match="job: expected `last` or a number"):
            read(data, job=wrong)
    # A file of one job is the same whichever is chosen.
    assert read(ONE, job="last") == read(ONE)


def test_of_several_broken_jobs_the_last_says_why():
    reading = read(BROKEN + REQUEUE + BROKEN)
    assert reading.status is Status.INCOMPLETE
    assert reading.reason == (
        "no loop_time, no walltime: the log ends too early "
        "(the last of 2 jobs in this file, none of them whole)"
    )


def test_the_word_that_says_most_is_the_reason():
    cut = BROKEN + (
        b"[n01:77:0:77] Caught signal 11 (Segmentation fault)\n"
        b"srun: error: n01: task 3: Exited with exit code 139\n"
        b"slurmstepd: error: *** STEP 77.0 ON n01 CANCELLED AT 2024 ***\n"
    )
    assert read(cut).reason == "a process was ended: 11 (Segmentation fault)"
    never = b"bash: line 1: lmp: command not found\ncommand terminated with exit code 127\n"
    assert read(never).reason == "the application did not start: command not found"
    # Of a job that came to its end, a command that was not found is no reason.
    assert read(never + ONE).status is Status.OK
    assert read(ONE + never).reason == "the command ended with exit code 127"


def test_last_words_may_follow_a_line_that_was_not_ended():
    cut = BROKEN + b"  rea" + REQUEUE
    assert read(cut).reason == "Slurm ended the job: NODE FAILURE"
    assert read(cut + ONE).status is Status.OK


def test_processes_that_start_together_are_no_jobs():
    both = ONE.replace(b"\n", b"\nLAMMPS (29 Sep 2021)\n", 1)
    assert "2 LAMMPS processes wrote this log" in read(both).reason


def test_the_times_of_a_job_script_are_those_of_each_job():
    first = b"Start time: 1725159496\n" + ONE + b"End time: 1725159538\n"
    second = b"Start time: 1725159538\n" + OTHER + b"End time: 1725159561\n"
    assert read(first).figures["started_at"] == "2024-09-01T02:58:16"
    assert read(first).figures["job_runtime"] == 42.0
    last = read(first + second, job="last").figures
    assert (last["started_at"], last["job_runtime"]) == ("2024-09-01T02:58:58", 23.0)
    assert (
        read(first[: first.index(b"End")]).reason == "no End time: the job was cancelled, or failed"
    )


def test_a_requeued_job_of_flux_keeps_the_times_of_its_launcher():
    flux = b"broker.info[0]: rc2.0: flux submit -N 1 -n1 lmp Exited (rc=0) 3.0s\n"
    reading = read(BROKEN + ONE + flux, "flux-operator")
    assert (reading.status, reading.figures["flux_submit"]) == (Status.OK, 3.0)


@pytest.mark.parametrize(
    ("command", "nodes", "tasks"),
    [
        ("flux mini submit -N 8 -n 752 lmp", 8, 752),
        ("flux submit -N 5 -n10 --quiet lmp", 5, 10),
        ("flux run -N5 -n10 lmp", 5, 10),
        ("flux run --nodes=5 --ntasks=10 lmp", 5, 10),
        ("srun --nodes 5 --ntasks 10 lmp", 5, 10),
        ("flux submit -n 1 lmp", None, 1),
        ("flux submit lmp -in in.x", None, None),
    ],
)
def test_what_was_asked_for_is_read_from_the_command(command, nodes, tasks):
    flux = f"broker.info[0]: rc2.0: {command} Exited (rc=0) 3.0s\n".encode()
    figures = read(ONE + flux, "flux-operator").figures
    assert figures["command"] == command
    assert (figures.get("nodes_requested"), figures.get("tasks_requested")) == (nodes, tasks)


def test_flux_submit_is_taken_from_the_first_clock_that_there_is():
    fluxtime = b"FLUXTIME fluxsubmit wall time 0:03.12\n"
    rc2 = b"broker.info[0]: rc2.0: flux submit -N 1 -n1 lmp Exited (rc=0) 3.1s\n"
    events = "ƒa: 0.000s submit\nƒa: 3.050s clean\n".encode()
    for lines, seconds, source in (
        (fluxtime + rc2 + events, 3.12, "FLUXTIME"),
        (rc2 + events, 3.1, "rc2"),
        (events, 3.05, "events"),
        (b"", None, None),
    ):
        figures = read(ONE + lines, "flux-operator").figures
        assert (figures.get("flux_submit"), figures.get("flux_submit_source")) == (seconds, source)


def test_a_label_that_contradicts_the_broker_is_no_time_of_flux_submit():
    lines = (
        b"broker.info[0]: rc2.0: flux submit -N 1 -n1 lmp Exited (rc=0) 3.1s\n"
        b"FLUXTIME fluxsubmit wall time 0:05.30\n"
    )
    reading = read(ONE + lines, "flux-operator")
    assert reading.status is Status.INCOMPLETE
    assert "did its clock wrap flux start (`relabel`)?" in reading.reason
    right = read(ONE + lines, "flux-operator", relabel={"fluxsubmit": "fluxstart"})
    assert (right.status, right.figures["flux_start"]) == (Status.OK, 5.3)


@pytest.mark.parametrize("reader", ["lammps", "flux-operator", "mpi-operator", "flux-jobs"])
def test_a_log_is_whole_when_lammps_came_to_its_end(reader):
    assert read(ONE, reader).status is Status.OK


@pytest.mark.parametrize(
    ("version", "status", "reason"),
    [
        (b"1 Aug 2014-ICMS", Status.OK, "this version prints no wall time"),
        (b"14 May 2016", Status.OK, "this version prints no wall time"),
        (b"29 Sep 2021", Status.INCOMPLETE, "no walltime: the log ends too early"),
    ],
)
def test_the_total_is_asked_for_only_of_versions_that_print_it(version, status, reason):
    data = ONE.replace(b"29 Sep 2021", version)
    reading = read(data[: data.index(b"Total")])
    assert (reading.status, reading.reason) == (status, reason)


def test_an_old_log_whose_last_run_is_open_is_not_whole():
    data = ONE.replace(b"29 Sep 2021", b"1 Aug 2014")
    loop = data[: data.index(b"Total")]
    assert read(loop + b"Step Temp\n 0 300\n").status is Status.INCOMPLETE


def test_a_second_loop_is_a_second_run_whatever_its_table_is_called():
    data = (
        ONE.replace(b"Step Temp", b"v_own Temp")
        .replace(
            b"Total", b" 200 302\nLoop time of 2.5 on 1 procs for 200 steps with 304 atoms\nTotal"
        )
        .replace(b"0:00:02", b"0:00:05")
    )
    reading = read(data)
    assert (reading.status, reading.conflicts) == (Status.OK, ())
    assert reading.figures["loop_time"] == 2.5
    assert read(data, lammps_run=1).figures["thermo_rows"] == 2


def test_a_garbled_end_of_a_run_is_not_passed_over_for_another_run():
    second = b"Loop time of nan on 1 procs for 200 steps with 304 atoms\nTotal"
    reading = read(ONE.replace(b"Total", second))
    assert reading.status is Status.INCOMPLETE
    assert "garbled: Loop time of nan" in reading.reason


def test_words_after_the_end_are_not_those_of_lammps():
    after = (
        b"Loop time of -- see above\nERROR: ld.so: object 'x.so' cannot be preloaded\nPair | 7\n"
    )
    assert read(ONE + after) == read(ONE)


def test_a_log_without_its_banner_is_usable_and_says_so():
    reading = read(ONE.partition(b"\n")[2])
    assert reading.status is Status.OK
    assert reading.reason == "there is LAMMPS output, but not its first line"


def test_an_error_before_the_banner_is_that_of_lammps_if_nothing_follows():
    error = b"ERROR on proc 0: Cannot open input script ./in.x: No such file (src/lammps.cpp:542)\n"
    assert read(error).reason == (
        "LAMMPS stopped: Cannot open input script ./in.x: No such file (lammps.cpp:542)"
    )
    assert [reader.name for reader in readers_of(error)] == ["lammps"]
    noise = b"ERROR: Module cannot be loaded due to a conflict.\n"
    assert read(noise + BROKEN).reason == "no loop_time, no walltime: the log ends too early"


@pytest.mark.parametrize(
    ("row", "style", "units"),
    [
        (b"  Unit style    : metal\n", "", "metal"),
        (b"units lj\n", "", "lj"),
        (b"Performance: 216.982 tau/day, 66.667 timesteps/s\n", "rate", "lj"),
        (b"", "", None),
    ],
)
def test_the_unit_style_is_said(row, style, units):
    at = ONE.index(b"Total") if style else ONE.index(b"Per MPI")
    assert read(ONE[:at] + row + ONE[at:]).figures.get("units") == units


@pytest.mark.parametrize(
    ("line", "package"),
    [
        (
            b"KOKKOS mode with Kokkos version 4.3.1 is enabled (src/KOKKOS/kokkos.cpp:72)\n",
            "KOKKOS",
        ),
        (b"- Using acceleration for lj/cut:\n", "GPU"),
        (b"Using INTEL Package without Coprocessor.\n", "INTEL"),
    ],
)
def test_the_package_that_accelerates_is_said(line, package):
    assert (
        read(ONE.replace(b"  304 atoms\n", line + b"  304 atoms\n")).figures["accelerator"]
        == package
    )


def test_a_temperature_that_is_none_is_the_reason_with_its_first_step():
    data = ONE.replace(b" 100 301\n", b" 50 nan\n 100 nan\n")
    reading = read(data)
    assert reading.status is Status.FAILED
    assert reading.reason == "the system blew up: temperature is nan at step 50"


def test_the_trials_of_the_metrics_operator_are_numbered():
    reader = READERS["metrics-operator"]
    metadata = b'METADATA START {"pods":2,"metricOptions":{"command":"mpirun -np 4 lmp"}}\n'
    mark = b"METRICS OPERATOR TIMEPOINT\n"
    data = metadata + mark + ONE + mark + OTHER + b"METRICS OPERATOR COLLECTION END\n"
    readings = reader.read(data, {})
    assert [r.status for r in readings] == [Status.OK, Status.OK]
    assert [r.figures["repetition"] for r in readings] == [1, 2]
    assert [r.figures["loop_time"] for r in readings] == [1.5, 2.5]
    assert {(r.figures["size"], r.figures["tasks_requested"]) for r in readings} == {(2, 4)}
    assert [found.name for found in readers_of(data)] == ["metrics-operator"]


def test_the_number_of_a_garbled_line_is_that_of_the_file():
    data = b"METRICS OPERATOR TIMEPOINT\n" + ONE + b"METRICS OPERATOR TIMEPOINT\n" + ONE
    data = data[: data.rindex(b"Total")] + b"Total wall time: ?\n"
    *_, last = READERS["metrics-operator"].read(data, {})
    assert last.reason.startswith(f"line {data.count(bytes([10]))} is cut short or garbled: Total")


# As `main figures` of what public logs show, minimal inputs of each kind.
SAMPLES = {
    "launchers/1-secs.log": (Status.OK, "", {"read_data_cpu": 0.00141801}),
    "launchers/2-rc2-only.log": (Status.OK, "", {"flux_submit": 3.0, "nodes_requested": 1}),
    "launchers/3-timestamps.log": (Status.OK, "", {"loop_time": 1.5}),
    "launchers/4-job-failed-lammps-whole.log": (Status.FAILED, "status 36608 (exit code 143)", {}),
    "launchers/5-mpi-errors-are-fatal.log": (Status.FAILED, "an error occurred in MPI_Send", {}),
    "launchers/6-error-before-banner.log": (Status.FAILED, "Cannot open input script", {}),
    "launchers/7-two-jobs-in-a-log.log": (Status.FAILED, "2 LAMMPS logs", {}),
    "launchers/flux-operator-rc2-only-no-FLUXTIME.log": (
        Status.OK,
        "",
        {"flux_submit": 6.7, "nodes_requested": 5, "tasks_requested": 10, "modify_avg": 2.9059},
    ),
    "launchers/kubectl-logs-timestamps-flux-operator.log": (
        Status.OK,
        "",
        {
            "flux_submit": 10.3,
            "loop_time": 9.03824,
            "state_quorum": 5.29995,
            "neighs_ave": 123880.0,
        },
    ),
    "launchers/slurm-lammps-16n-209-iter-1-two-runs.out": (Status.FAILED, "2 LAMMPS logs", {}),
    "public/02-replicate-secs-2020.log": (Status.OK, "", {"replicate_cpu": 0.00122}),
    "public/03-varavg-nan-2016.log": (
        Status.OK,
        "",
        {"pair_avg": 1.6, "memory_per_processor": 5.2},
    ),
    "public/04-performance-without-commas-2014.log": (Status.OK, "", {"ns_per_day": 17.28}),
    "public/06-thermo-multi-with-own-column.log": (
        Status.OK,
        "",
        {"temp_last": 300.1, "poteng_last": 113.723601, "press_last": 12.0, "thermo_rows": 2},
    ),
    "public/10-without-banner.log": (Status.OK, "not its first line", {"loop_time": 2.0}),
    "public/16-metal.log": (Status.OK, "", {"units": "metal"}),
    "public/17-lj.log": (Status.OK, "", {"units": "lj"}),
    "public/20-slurm-module-noise.out": (Status.OK, "", {"walltime": 2.0}),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_public_logs_show_is_read(samples: Path, name):
    data = (samples / name).read_bytes()
    (reader,) = readers_of(data)
    (reading,) = reader.read(data, {})
    status, reason, figures = SAMPLES[name]
    assert reading.status is status
    assert re.search(re.escape(reason), reading.reason)
    assert reason or not reading.reason
    assert {figure: reading.figures[figure] for figure in figures} == figures


def test_two_jobs_of_a_public_log_can_be_chosen_between(samples: Path):
    data = (samples / "launchers/slurm-lammps-16n-209-iter-1-two-runs.out").read_bytes()
    first, last = (read(data, job=job).figures for job in (1, "last"))
    assert (first["atoms"], first["job_runtime"], first["accelerator"]) == (
        39845888,
        42.0,
        "KOKKOS",
    )
    assert (last["atoms"], last["gpus_per_node"]) == (19922944, 8)
