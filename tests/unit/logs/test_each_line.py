"""Every kind of line, by name: a line as its program prints it, and the figures that stand in it.

The lines are of the original logs and of the samples; the figures were read off them by eye.
"""

import pytest

from heteroscope.logs import READERS, flux_operator, jobs, lammps, mpi_operator
from heteroscope.logs.lines import LineTable

# Name, reader's module, line, figures with their units.
EXAMPLES = [
    ("banner", lammps, "LAMMPS (29 Sep 2021 - Update 2)", {"version": "29 Sep 2021 - Update 2"}),
    ("partitions", lammps, "Running on 2 partitions of processors", {}),
    ("grid", lammps, "  47 by 4 by 8 MPI processor grid", {"grid": "47x4x8"}),
    ("atoms", lammps, "  4980736 atoms", {"atoms": 4980736}),
    ("read_data", lammps, "  read_data CPU = 0.436 seconds", {"read_data_cpu": (0.436, "s")}),
    ("replicate", lammps, "  replicate CPU = 0.431 seconds", {"replicate_cpu": (0.431, "s")}),
    (
        "read_data of 2020",
        lammps,
        "  read_data CPU = 0.00178814 secs",
        {"read_data_cpu": (0.00178814, "s")},
    ),
    ("replicate of 2020", lammps, "  replicate CPU = 0.1 secs", {"replicate_cpu": (0.1, "s")}),
    ("units", lammps, "  Unit style    : metal", {"units": "metal"}),
    ("units of the input script", lammps, "units           lj", {"units": "lj"}),
    (
        "Kokkos",
        lammps,
        "KOKKOS mode with Kokkos version 4.3.1 is enabled (src/KOKKOS/kokkos.cpp:72)",
        {},
    ),
    ("Kokkos of 2021", lammps, "KOKKOS mode is enabled (src/KOKKOS/kokkos.cpp:97)", {}),
    ("GPUs of Kokkos", lammps, "  will use up to 8 GPU(s) per node", {"gpus_per_node": 8}),
    ("GPU package", lammps, "- Using acceleration for lj/cut:", {}),
    ("INTEL package", lammps, "Using INTEL Package without Coprocessor.", {}),
    (
        "memory until 2016",
        lammps,
        "Memory usage per processor = 5.2 Mbytes",
        {"memory_per_processor": (5.2, "MB")},
    ),
    (
        "memory",
        lammps,
        "Per MPI rank memory allocation (min/avg/max) = 119.1 | 121.5 | 123.3 Mbytes",
        {"memory_min": (119.1, "MB"), "memory_avg": (121.5, "MB"), "memory_max": (123.3, "MB")},
    ),
    ("thermo header of 2021", lammps, "Step Temp PotEng Press ", {}),
    ("thermo header of 2022", lammps, "   Step          Temp          PotEng", {}),
    ("thermo row", lammps, "     100    302.58671   -113.28532    10369.054 ", {}),
    ("thermo row that blew up", lammps, "  100   nan   -nan   inf", {}),
    ("set-up", lammps, "Setting up Verlet run ...", {}),
    ("neighbour lists", lammps, "Neighbor list info ...", {}),
    ("end of the statistics", lammps, "Dangerous builds = 0", {}),
    ("another end of the statistics", lammps, "Dangerous builds not checked", {}),
    ("yaml header", lammps, "keywords: ['Step', 'Temp', 'Press', ]", {}),
    ("yaml row", lammps, "  - [0, 3, -6.77336805325925, 1.5e-05, ]", {}),
    (
        "multi row",
        lammps,
        "------------ Step             10 ----- CPU =    0.7148921 (sec) -------------",
        {},
    ),
    (
        "multi row of 2021",
        lammps,
        "---------------- Step        0 ----- CPU =      0.0000 (sec) ----------------",
        {},
    ),
    *(
        (f"multi {name}", lammps, f"{name:8} =    -25356.2057 own[1]   =     2.1", {})
        for name in lammps.CELLS
    ),
    (
        "loop",
        lammps,
        "Loop time of 82.2103 on 752 procs for 100 steps with 4980736 atoms",
        {"loop_time": (82.2103, "s"), "procs": 752, "steps": 100, "atoms": 4980736},
    ),
    (
        "loop in microseconds",
        lammps,
        "Loop time of 1.763e-06 on 1 procs for 0 steps with 4000 atoms",
        {"loop_time": (1.763e-06, "s"), "procs": 1, "steps": 0, "atoms": 4000},
    ),
    (
        "loop of 2013",
        lammps,
        "Loop time of 2 on 8 procs (4 MPI x 2 OpenMP) for 10 steps with 1000 atoms",
        {
            **{"loop_time": (2.0, "s"), "procs": 8, "ranks": 4, "threads": 2},
            **{"steps": 10, "atoms": 1000},
        },
    ),
    *(
        (
            f"performance of 2014, {speed}",
            lammps,
            f"Performance: {printed}  5.000 timesteps/s",
            {**figures, "timesteps_per_s": (5.0, "1/s")},
        )
        for speed, printed, figures in (
            (
                "real units",
                "17.280 ns/day  1.389 hours/ns",
                {"ns_per_day": (17.28, "ns/day"), "hours_per_ns": (1.389, "h/ns")},
            ),
            ("lj units", "2160.000 tau/day", {"tau_per_day": (2160.0, "tau/day")}),
            (
                "electron units",
                "1.500 fs/day  16.000 hours/fs",
                {"fs_per_day": (1.5, "fs/day"), "hours_per_fs": (16.0, "h/fs")},
            ),
        )
    ),
    (
        "performance until 2023, real units",
        lammps,
        "Performance: 0.011 ns/day, 2283.621 hours/ns, 1.216 timesteps/s",
        {
            "ns_per_day": (0.011, "ns/day"),
            "hours_per_ns": (2283.621, "h/ns"),
            "timesteps_per_s": (1.216, "1/s"),
        },
    ),
    (
        "performance since 2023, real units",
        lammps,
        "Performance: 0.051 ns/day, 472.522 hours/ns, 5.879 timesteps/s, 14.297 katom-step/s",
        {
            "ns_per_day": (0.051, "ns/day"),
            "hours_per_ns": (472.522, "h/ns"),
            "timesteps_per_s": (5.879, "1/s"),
            "matom_steps_per_s": (0.014297, "Matom-step/s"),
        },
    ),
    (
        "performance until 2023, lj units",
        lammps,
        "Performance: 216344.982 tau/day, 500.799 timesteps/s",
        {"tau_per_day": (216344.982, "tau/day"), "timesteps_per_s": (500.799, "1/s")},
    ),
    (
        "performance since 2023, lj units",
        lammps,
        "Performance: 394352.118 tau/day, 912.852 timesteps/s, 3.651 Matom-step/s",
        {
            "tau_per_day": (394352.118, "tau/day"),
            "timesteps_per_s": (912.852, "1/s"),
            "matom_steps_per_s": (3.651, "Matom-step/s"),
        },
    ),
    (
        "performance until 2023, electron units",
        lammps,
        "Performance: 1.500 fs/day, 16.000 hours/fs, 2.000 timesteps/s",
        {
            "fs_per_day": (1.5, "fs/day"),
            "hours_per_fs": (16.0, "h/fs"),
            "timesteps_per_s": (2.0, "1/s"),
        },
    ),
    (
        "performance since 2023, electron units",
        lammps,
        "Performance: 1.500 fs/day, 16.000 hours/fs, 2.000 timesteps/s, 2.500 Gatom-step/s",
        {
            "fs_per_day": (1.5, "fs/day"),
            "hours_per_fs": (16.0, "h/fs"),
            "timesteps_per_s": (2.0, "1/s"),
            "matom_steps_per_s": (2500.0, "Matom-step/s"),
        },
    ),
    (
        "cpu",
        lammps,
        "99.8% CPU use with 752 MPI tasks x 1 OpenMP threads",
        {"cpu_percent": (99.8, "%"), "ranks": 752, "threads": 1},
    ),
    (
        "cpu of a LAMMPS without OpenMP",
        lammps,
        "196.6% CPU use with 2 MPI tasks x no OpenMP threads",
        {"cpu_percent": (196.6, "%"), "ranks": 2, "threads": 1},
    ),
    ("thread breakdown", lammps, "Thread timing breakdown (MPI rank 0):", {}),
    *(
        (
            f"section {name}",
            lammps,
            f"{name:8}| 0.42043    | 0.43566    | 1.0756     |   2.7 |  1.01",
            {
                f"{name.lower()}_min": (0.42043, "s"),
                f"{name.lower()}_avg": (0.43566, "s"),
                f"{name.lower()}_max": (1.0756, "s"),
                f"{name.lower()}_varavg": (2.7, "%"),
                f"{name.lower()}_percent": (1.01, "%"),
            },
        )
        for name in ("Pair", "Bond", "Kspace", "Neigh", "Comm", "Output", "Modify", "Sync")
    ),
    *(
        (
            f"section {name} with timer full",
            lammps,
            f"{name:8}| 0.05093    | 0.05094    | 0.05095    |   0.3 |  99.9 |100.00",
            {
                f"{name.lower()}_min": (0.05093, "s"),
                f"{name.lower()}_avg": (0.05094, "s"),
                f"{name.lower()}_max": (0.05095, "s"),
                f"{name.lower()}_varavg": (0.3, "%"),
                f"{name.lower()}_cpu_percent": (99.9, "%"),
                f"{name.lower()}_percent": (100.0, "%"),
            },
        )
        for name in ("Pair", "Bond", "Kspace", "Neigh", "Comm", "Output", "Modify", "Sync")
    ),
    (
        "section without a spread",
        lammps,
        "Pair    | 1.5        | 1.6        | 1.7        |  -nan | 80.00",
        {
            **{"pair_min": (1.5, "s"), "pair_avg": (1.6, "s"), "pair_max": (1.7, "s")},
            "pair_percent": (80.0, "%"),
        },
    ),
    *(
        (
            f"section {printed} before 2015",
            lammps,
            f"{printed:5} time (%) = 0.0203 (1.26)",
            {f"{name}_avg": (0.0203, "s"), f"{name}_percent": (1.26, "%")},
        )
        for printed, name in (
            *(("Pair", "pair"), ("Bond", "bond"), ("Kspce", "kspace"), ("Neigh", "neigh")),
            *(("Comm", "comm"), ("Outpt", "output"), ("Other", "other")),
        )
    ),
    (
        "other",
        lammps,
        "Other   |            | 1.763e-06  |            |       |100.00",
        {"other_avg": (1.763e-06, "s"), "other_percent": (100.0, "%")},
    ),
    (
        "other with timer full",
        lammps,
        "Other   |            | -2.101e-07 |            |       |       | -0.34",
        {"other_avg": (-2.101e-07, "s"), "other_percent": (-0.34, "%")},
    ),
    *(
        (
            name,
            lammps,
            f"{name}    2.08661e+06 ave 2.14592e+06 max     1990000 min",
            {
                f"{name[:-1].lower()}_ave": 2086610.0,
                f"{name[:-1].lower()}_max": 2145920.0,
                f"{name[:-1].lower()}_min": 1990000.0,
            },
        )
        for name in ("Nlocal:", "Nghost:", "Neighs:")
    ),
    ("total", lammps, "Total wall time: 1:02:05", {"walltime": (3725.0, "s")}),
    (
        "error",
        lammps,
        "ERROR: Lost atoms (thermo.cpp:439)",
        {"message": "Lost atoms (thermo.cpp:439)"},
    ),
    ("error of a rank", lammps, "ERROR on proc 3: Bad", {"message": "Bad"}),
    (
        "error's second line",
        lammps,
        "For more information see https://docs.lammps.org/err0008 (src/thermo.cpp:526)",
        {"where": "https://docs.lammps.org/err0008 (src/thermo.cpp:526)"},
    ),
    (
        "FLUXTIME",
        flux_operator,
        "FLUXTIME fluxsubmit wall time 1:31.95",
        {"label": "fluxsubmit", "seconds": 91.95},
    ),
    (
        "FLUXTIME from one hour on",
        flux_operator,
        "FLUXTIME fluxstart wall time 1:00:01",
        {"label": "fluxstart", "seconds": 3601.0},
    ),
    (
        "rc2, timed",
        flux_operator,
        "broker.info[0]: rc2.0: /usr/bin/time -f FLUXTIME fluxsubmit wall time %E "
        "flux mini submit -N 8 -n 752 lmp Exited (rc=0) 92.0s",
        {
            "command": "flux mini submit -N 8 -n 752 lmp",
            "rc2_status": 0,
            "rc2_elapsed": (92.0, "s"),
        },
    ),
    *(
        (
            f"rc2 that failed, {how}",
            flux_operator,
            f"broker.err[0]: rc2.0: {words}flux submit lmp Exited (rc=1) 83.0s",
            {"command": "flux submit lmp", "rc2_status": 1, "rc2_elapsed": (83.0, "s")},
        )
        for how, words in (
            ("timed", "/usr/bin/time -f FLUXTIME fluxsubmit wall time %E "),
            ("plain", ""),
        )
    ),
    (
        "rc2",
        flux_operator,
        "broker.info[0]: rc2.0: flux mini submit -N 8 -n 752 lmp Exited (rc=1) 83.0s",
        {
            "command": "flux mini submit -N 8 -n 752 lmp",
            "rc2_status": 1,
            "rc2_elapsed": (83.0, "s"),
        },
    ),
    *(
        (
            f"state {state}",
            flux_operator,
            f"broker.info[0]: some-event: {state}->next {printed}",
            {f"state_{state}": (seconds, "s")},
        )
        for state, printed, seconds in (
            ("none", "47.8813ms", 0.0478813),
            ("join", "15.1us", 0.0000151),
            ("init", "1.31468s", 1.31468),
            ("quorum", "1.53267m", 91.9602),
            ("run", "2.5h", 9000.0),
            ("cleanup", "1d", 86400.0),
            ("shutdown", "1e-05s", 1e-05),
            ("finalize", "0.1s", 0.1),
            ("goodbye", "0.021741ms", 0.000021741),
        )
    ),
    (
        "a broker that is lost",
        flux_operator,
        "broker.err[0]: lammps-3 (rank 3) transitioning to LOST due to EHOSTUNREACH error on send",
        {},
    ),
    *(
        (
            f"event {event}",
            flux_operator,
            f"ƒ2KQKzKh: 0.166s {event}",
            {"job_id": "2KQKzKh", f"event_{event.replace('.', '_')}": (0.166, "s")},
        )
        for event in flux_operator.EVENTS
    ),
    (
        "end of the job",
        flux_operator,
        "ƒm4ueqV: complete: status=0",
        {"job_id": "m4ueqV", "job_status": 0},
    ),
    ("exec.log", flux_operator, "ƒ2KQKzKh: 0.166s exec.log", {}),
    (
        "time of the certificate",
        flux_operator,
        '    time = "2023-01-31T06:41:08"',
        {"started_at": "2023-01-31T06:41:08"},
    ),
    (
        "flux-shell warns",
        jobs,
        "997.727s: flux-shell[0]:  WARN: exception: shell rank 211 (on n1): Terminated",
        {},
    ),
    ("start by the script", jobs, "Start time: 1725159496", {"started_at": "2024-09-01T02:58:16"}),
    ("end by the script", jobs, "End time: 1725159538", {"ended_at": "2024-09-01T02:58:58"}),
    ("mpirun", mpi_operator, "+ mpirun -np 4 lmp", {"arguments": "-np 4 lmp"}),
    ("real, by time -p", mpi_operator, "real 36.57", {"mpirun_real": (36.57, "s")}),
    ("real, by the shell", mpi_operator, "real\t1m26.500s", {"mpirun_real": (86.5, "s")}),
    ("user, by the shell", mpi_operator, "user 1h2m3.25s", {"mpirun_user": (3723.25, "s")}),
    ("sys", mpi_operator, "sys 0m0.720s", {"mpirun_sys": (0.72, "s")}),
    (
        "mapping",
        mpi_operator,
        "Mapping for job 000c775cf727 for scheduler default-scheduler",
        {"job_id": "000c775cf727", "scheduler": "default-scheduler"},
    ),
    ("worker", mpi_operator, "lammps-1-worker-0 --> node-1.example.invalid", {}),
    (
        "host",
        mpi_operator,
        "node-1.example.invalid ran 2 pods in zone us-east-2b",
        {"pods": 2, "zone": "us-east-2b"},
    ),
    (
        "configuration without pods per node",
        mpi_operator,
        "Ranks: 3008, pods: 32, pods per node: Slots per pod: 94, GiB memory per pod: 340",
        {
            "tasks_requested": 3008,
            "size": 32,
            "slots_per_pod": 94,
            "memory_per_pod": (340.0, "GiB"),
        },
    ),
    (
        "configuration",
        mpi_operator,
        "Ranks: 3008, pods: 32, pods per node: 1 Slots per pod: 94, GiB memory per pod: 340",
        {
            "tasks_requested": 3008,
            "size": 32,
            "slots_per_pod": 94,
            "memory_per_pod": (340.0, "GiB"),
        },
    ),
    (
        "start of the MPIJob",
        mpi_operator,
        "MPIJob startup time for job lammps-78b12e73b4ba is 45.375333 seconds",
        {"mpijob_startup": (45.375333, "s")},
    ),
    (
        "run of the MPIJob",
        mpi_operator,
        "MPIJob runtime for job lammps-78b12e73b4ba is 2.026945 seconds",
        {"mpijob_runtime": (2.026945, "s")},
    ),
    (
        "all of the MPIJob, without is",
        mpi_operator,
        "MPIJob end-to-end time for job lammps-78b12e73b4ba 47.402278 seconds",
        {"mpijob_end_to_end": (47.402278, "s")},
    ),
]
NAMES = [name for name, *_ in EXAMPLES]
# Of several lines, of the path, of the companion, or counted; each has a test of its own.
DERIVED_UNITS = {
    **dict.fromkeys(("lammps_version", "grid_read", "grid", "atoms_read", "thermo_rows"), ""),
    # In the units that `units` names.
    **dict.fromkeys(("temp_last", "poteng_last", "press_last", "accelerator"), ""),
    "matom_steps_per_s": "Matom-step/s",
    **{"flux_submit": "s", "flux_submit_source": "", "flux_start": "s", "minicluster_total": "s"},
    **dict.fromkeys(("nodes_requested", "tasks_requested", "command"), ""),
    **dict.fromkeys(("hosts", "zones", "max_pods_per_host"), ""),
    **dict.fromkeys(("broker_lost", "exec_log_lines", "mapped_workers"), ""),
    **dict.fromkeys(("problem", "repetition", "prefix", "garbled_lines"), ""),
    **dict.fromkeys(("cores_per_task", "gpus_per_task", "binding", "study"), ""),
    **dict.fromkeys(("job_runtime", "hookup_time", "time_limit", "queue_time"), "s"),
    **{
        f"event_{event}": "s"
        for event in (
            "starting",
            "shell_init",
            "shell_start",
            "shell_task_exit",
            "complete",
            "done",
        )
    },
}


def findings(module, text):
    table = LineTable((*lammps.LINES, *getattr(module, "LINES", ())))
    return list(table.findings(text.encode() + b"\n"))


def test_the_names_of_the_examples_are_unique():
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(("module", "text", "expected"), [e[1:] for e in EXAMPLES], ids=NAMES)
def test_a_line_gives_its_figures_with_their_units(module, text, expected):
    ((_, line, _, figures),) = findings(module, text)
    assert figures is not None
    values = {name: e[0] if isinstance(e, tuple) else e for name, e in expected.items()}
    found = dict(figures)
    assert found == values
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in values.items()
    }
    if not line.collect:
        units = dict(line.figures())
        for name, e in expected.items():
            assert units[name] == (e[1] if isinstance(e, tuple) else ""), name


@pytest.mark.parametrize("module", [lammps, flux_operator, jobs, mpi_operator])
def test_every_kind_of_line_has_an_example(module):
    # A kind with keys needs an example for each of them.
    def kinds(line):
        return {(line.template, key) for key in line.keys or ("",)}

    wanted = set().union(*map(kinds, module.LINES))
    seen = set()
    for _, owner, text, _ in EXAMPLES:
        if owner is module:
            ((_, line, _, _),) = findings(module, text)
            seen |= {(line.template, key) for key in line.keys or ("",) if key in text}
    assert wanted - seen == set()


def test_every_figure_of_the_table_of_trials_has_a_pinned_unit():
    pinned = dict(DERIVED_UNITS)
    for *_, expected in EXAMPLES:
        pinned |= {
            n: e[1] if isinstance(e, tuple) else pinned.get(n, "") for n, e in expected.items()
        }
    for reader in READERS.values():
        for name, unit in reader.figures.items():
            assert pinned[name] == unit, f"{reader.name}: {name}"


# What a line that is one of ours can be mistaken for, or what may be mistaken for it.
NOT_OURS = [
    (
        "the label inside an echoed command",
        flux_operator,
        "x: FLUXTIME fluxsubmit wall time 1:31.95",
    ),
    ("atoms that were made", lammps, "Created 4000 atoms"),
    ("velocities", lammps, "  304 velocities"),
    ("the header of the sections", lammps, "Section |  min time  |  avg time  |  max time  |"),
    ("a histogram", lammps, "Histogram: 1 0 0 0 0 0 0 0 0 0"),
    ("neighbours", lammps, "Neighbor list builds = 5"),
    ("neighbours per atom", lammps, "Ave neighs/atom = 329.76183"),
    ("another step of rc2", flux_operator, "broker.info[0]: rc2.0: running somewhere"),
    ("another broker line", flux_operator, "broker.info[0]: online: lammps-[0-3] (ranks 0-3)"),
    ("another job event", flux_operator, "ƒm4ueqV: 0.060s memo"),
    ("performance of something else", lammps, "Performance"),
    ("a word that begins like real", mpi_operator, "realloc(): invalid pointer"),
    ("a word that begins like user", mpi_operator, "userland 1.5"),
    ("a word that begins like sys", mpi_operator, "system: 1.5"),
]


@pytest.mark.parametrize(
    ("module", "text"), [e[1:] for e in NOT_OURS], ids=[e[0] for e in NOT_OURS]
)
def test_a_line_of_another_kind_is_passed_over(module, text):
    assert findings(module, text) == []


GARBLED = [
    (lammps, "Loop time of nan on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of -nan on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of inf on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of -3.2 on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of 12,5 on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of 1e999 on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of 12.5 on 4 procs for 100 st"),
    (lammps, "Loop time of"),
    (lammps, "Loop time of 1.2.3 on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of " + "9" * 400 + " on 4 procs for 100 steps with 4000 atoms"),
    (lammps, "Loop time of 1 on 4 procs for " + "9" * 5000 + " steps with 4000 atoms"),
    (lammps, "Performance: inf ns/day, 0.000 hours/ns, inf timesteps/s"),
    (lammps, "Performance: 1.0 parsec/day, 2.000 timesteps/s"),
    (lammps, "-nan% CPU use with 4 MPI tasks x 1 OpenMP threads"),
    (lammps, "99,8% CPU use with 4 MPI tasks x 1 OpenMP threads"),
    (lammps, "99.8% CPU use with 4 MPI tasks"),
    (lammps, "Pair    | 1.0   | nan  | 2.0   |  13.9 | 44.30"),
    (lammps, "Comm    | 1.0   | 1.5  | 2.0"),
    (lammps, "Other   |       | nan  |       |       |  0.00"),
    (lammps, "Nlocal:  nan ave 6835 max 6485 min"),
    (lammps, "Total wall time: 0:0"),
    (lammps, "Total wall time: 0:99:99"),
    (lammps, "Total wall time: 1:31.95"),
    (lammps, "Per MPI rank memory allocation (min/avg/max) = -1 | 121.5 | 123.3 Mbytes"),
    (lammps, "read_data CPU = 0,4 seconds"),
    (flux_operator, "FLUXTIME fluxsubmit wall time 1:31.9"),
    (flux_operator, "FLUXTIME fluxsubmit wall time 1:31,95"),
    (flux_operator, "FLUXTIME fluxstart wall time -1:31.95"),
    (flux_operator, "broker.info[0]: rc2.0: flux mini submit Exited (rc=0) nans"),
    (flux_operator, "broker.info[0]: rc2-success: run->cleanup -57.0064s"),
    (flux_operator, "broker.info[0]: rc2-success: run->cleanup 57.0064"),
    (flux_operator, "ƒm4ueqV: -0.060s alloc"),
    (flux_operator, "ƒm4ueqV: complete: status="),
    (mpi_operator, "real 36,57"),
    (mpi_operator, "real 36.5"),
    (mpi_operator, "Ranks: many, pods: 32, pods per node: Slots per pod: 94"),
    (mpi_operator, "MPIJob end-to-end time for job lammps-78b12e73b4ba nan seconds"),
]


@pytest.mark.parametrize(("module", "text"), GARBLED, ids=[text[:50] for _, text in GARBLED])
def test_a_line_that_begins_like_ours_and_is_not_is_garbled(module, text):
    ((_, _, _, figures),) = findings(module, text)
    assert figures is None


# What tells that a job died, and what it tells.
