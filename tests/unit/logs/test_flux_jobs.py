"""Logs of Flux jobs: jobspec, events, and what becomes of jobs that failed.

The expected figures are worked out by hand from the jobspec and the events that stand here.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heteroscope.logs import READERS, readers_of
from heteroscope.metrics import Status
from heteroscope.redaction import find_secrets
from rendering import read_figures, render_flux_jobs, render_lammps

DATA = Path(__file__).resolve().parents[3] / "data"
TRIALS = read_figures(DATA / "measured.csv")[::31]

READER = READERS["flux-jobs"]
OUTPUT = """\
LAMMPS (17 Apr 2024 - Development - a8687b5)
Loop time of 3.5 on 8 procs for 100 steps with 2432 atoms
Performance: 2.469 ns/day, 9.722 hours/ns, 28.571 timesteps/s, 69.486 katom-step/s
Total wall time: 0:00:04
"""
COMMAND = "-v x 2 -v y 4 -v z 8 -in in.reaxff.hns"
EVENTS = [
    (0.0, "init", {}),
    (0.1, "starting", {}),
    (0.25, "shell.init", {"service": "0-shell-fx", "leader-rank": 0, "size": 2}),
    (0.5, "shell.start", {"taskmap": {"version": 1, "map": [[0, 2, 4, 1]]}}),
    (5.0, "shell.task-exit", {"rank": 3, "wait_status": 0}),
    (6.0, "complete", {"status": 0}),
    (6.125, "done", {}),
]


def jobspec(**changed):
    """Return a jobspec of 2 nodes with 4 tasks each."""
    spec = {
        "resources": [
            {
                **{"type": "node", "count": 2, "exclusive": True},
                "with": [
                    {
                        **{"type": "slot", "count": 4, "label": "task"},
                        "with": [{"type": "core", "count": 3}, {"type": "gpu", "count": 1}],
                    }
                ],
            }
        ],
        "tasks": [
            {
                "command": ["/opt/x/lmp", *COMMAND.split()],
                **{"slot": "task", "count": {"per_slot": 1}},
            }
        ],
        "attributes": {
            "system": {
                **{"duration": 600, "cwd": "/home/ada/run"},
                "constraints": {"hostlist": ["secret-host-[1-2]"]},
                "shell": {"options": {"cpu-affinity": "per-task", "gpu-affinity": "per-task"}},
            },
            "user": {"study_id": "lammps-2-iter-7"},
        },
        "version": 1,
    }
    return {**spec, **changed}


def eventlog(events=EVENTS, status=0):
    return "".join(
        json.dumps(
            {"timestamp": 1724600000 + at, "name": name}
            | ({"context": {**context, **({"status": status} if name == "complete" else {})}})
        )
        + "\n"
        for at, name, context in events
    )


def log(output=OUTPUT, spec=None, events=None):
    spec = json.dumps(jobspec() if spec is None else spec)
    events = eventlog() if events is None else events
    return f"{output}START OF JOBSPEC\n{spec}\nSTART OF EVENTLOG\n{events}\n".encode()


def read(data, **options):
    (reading,) = READER.read(data, options)
    return reading


def test_the_jobspec_and_the_events_give_their_figures():
    reading = read(log())
    assert (reading.status, reading.reason) == (Status.OK, "")
    expected = {
        **{"size": 2, "nodes_requested": 2, "tasks_requested": 8, "repetition": 7},
        **{"cores_per_task": 3, "gpus_per_task": 1, "study": "lammps-2-iter-7"},
        **{"binding": "cpu-affinity=per-task gpu-affinity=per-task", "time_limit": 600.0},
        **{"command": "lmp -v x 2 -v y 4 -v z 8 -in in.reaxff.hns", "problem": "2x4x8"},
        **{"job_status": 0, "started_at": "2024-08-25T15:33:20"},
        # done - shell.start, and that minus the wall time.
        **{"job_runtime": 5.625, "hookup_time": 1.625},
        **{"event_starting": 0.1, "event_shell_init": 0.25, "event_shell_start": 0.5},
        **{"event_shell_task_exit": 5.0, "event_complete": 6.0, "event_done": 6.125},
        **{"loop_time": 3.5, "walltime": 4.0, "atoms": 2432},
    }
    assert {name: reading.figures.get(name) for name in expected} == expected
    assert reading.figures.keys() <= READER.figures.keys()
    assert [found.name for found in readers_of(log())] == ["flux-jobs"]


def test_nothing_private_of_a_jobspec_is_published():
    texts = " ".join(v for v in read(log()).figures.values() if isinstance(v, str))
    assert "secret-host" not in texts
    assert "ada" not in texts
    assert find_secrets(texts) == []


@pytest.mark.parametrize(
    "data",
    [
        log(OUTPUT.rstrip("\n")),
        log(events=eventlog([EVENTS[0], EVENTS[2], EVENTS[1], *EVENTS[:2:-1]])),
        log(events=eventlog() + "JOB FAILED: stopped by hand\n[1]\n{not json\n"),
        log().replace(b"\n", b"\r\n"),
        b"".join(b"2024-05-18T08:01:52.5Z " + line for line in log().splitlines(keepends=True)),
    ],
    ids=["glued to the output", "another order", "typed by hand", "CRLF", "times of a collector"],
)
def test_the_traps_of_the_trailer_change_nothing(data):
    figures = {n: v for n, v in read(data).figures.items() if n != "prefix"}
    assert figures == read(log()).figures


@pytest.mark.parametrize(
    ("status", "told"),
    [(36608, "exit code 143"), (256, "exit code 1"), (13, "signal 13"), (35584, "exit code 139")],
)
def test_a_job_that_failed_has_failed_though_lammps_came_to_its_end(status, told):
    reading = read(log(events=eventlog(status=status)))
    assert reading.status is Status.FAILED
    assert reading.reason == f"the job ended with status {status} ({told})"
    assert reading.figures["loop_time"] == 3.5


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "9.1s: flux-shell[0]: FATAL: doom: rank 5615 exited and exit-timeout=30s has expired",
            "rank 5615 exited and exit-timeout=30s has expired",
        ),
        ("3.760s: job.exception type=cancel severity=0 interrupted by ctrl-C",
         "the job was cancelled: interrupted by ctrl-C"),
        ('0.0s: job.exception type=alloc severity=0 alloc denied due to type="unsatisfiable"',
         'alloc denied due to type="unsatisfiable"'),
        ("flux-job: task(s) exited with exit code 143", "its tasks exited with exit code 143"),
        ("flux-job: task(s) Broken pipe", "its tasks Broken pipe"),
        ("ERROR: Lost atoms: original 4 current 3 (src/thermo.cpp:526)",
         "LAMMPS stopped: Lost atoms: original 4 current 3 (thermo.cpp:526)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [36608, None])
def test_the_cause_that_another_tells_is_named(line, told, status):
    cut = OUTPUT[: OUTPUT.index("Loop")] + line + "\n"
    if status:
        reading = read(log(cut, events=eventlog(status=status)))
        assert reading.reason == f"the job ended with status 36608 (exit code 143): {told}"
    else:
        reading = read(log(cut, events=""))
        assert reading.reason == told
    assert reading.status is Status.FAILED


@pytest.mark.parametrize(("severity", "status"), [(0, Status.FAILED), (7, Status.OK)])
def test_an_exception_among_the_events_fails_the_job_if_it_is_grave(severity, status):
    context = {"type": "exec", "severity": severity, "note": "rank 3 on host secret7 exited"}
    event = {"timestamp": 1724600007.0, "name": "exception", "context": context}
    reading = read(log(events=f"{eventlog()}{json.dumps(event)}\n"))
    assert reading.status is status
    assert status is Status.OK or reading.reason == ("the job failed: rank 3 on host [host] exited")


def test_half_a_character_in_a_jobspec_can_be_written():
    spec = jobspec(
        tasks=[{"command": ["lmp", "\ud800"]}], attributes={"user": {"study_id": "\udfff"}}
    )
    figures = read(log(spec=spec)).figures
    assert (figures["command"], figures["study"]) == ("lmp ?", "?")


def test_a_harmless_word_of_the_shell_fails_nothing():
    words = "0.036s: flux-shell[1]: ERROR: host n1: Could not change dir to /opt/x: No such file\n"
    reading = read(log(OUTPUT.replace("Loop", words + "Loop")))
    assert (reading.status, reading.foreign_lines) == (Status.OK, 1)


def test_a_job_without_events_was_cancelled_or_cut():
    reading = read(log(events=""))
    assert reading.status is Status.INCOMPLETE
    assert reading.reason == "no complete event: the job was cancelled, or its log cut"
    assert reading.figures["size"] == 2


@pytest.mark.parametrize(
    "spec",
    [
        {"version": 1},
        {"version": 1, "resources": [], "tasks": {}, "attributes": None},
        {"version": 1, "resources": [{"count": True, "with": [{"count": "4"}]}], "tasks": [{}]},
        {"version": 1, "resources": [{"count": -1}], "attributes": {"user": {"study_id": 7}}},
    ],
)
def test_an_odd_jobspec_gives_what_it_has(spec):
    reading = read(log(spec=spec))
    assert reading.status is Status.OK
    assert "size" not in reading.figures


def numbered(*, sections=True):
    data = "".join(
        f"FLUX-RUN START lammps-iter-{n}\n{OUTPUT.replace('3.5 on', f'3.{n} on')}"
        f"FLUX-RUN END lammps-iter-{n}\n"
        for n in (4, 5)
    ).replace("28.571", "29.412")
    for n in (4, 5) if sections else ():
        data += (
            f"FLUX-JOB START 4028{n} lammps-iter-{n}\nFLUX-JOB-JOBSPEC START\n"
            f"{json.dumps(jobspec())}\nFLUX-JOB-JOBSPEC END\nFLUX-JOB-RESOURCES START\n"
            '{"version": 1, "execution": {"nodelist": ["secret-host-[0-3]"]}}\n'
            f"FLUX-JOB-RESOURCES END\nFLUX-JOB-EVENTLOG START\n{eventlog(status=256 * (n == 5))}"
            f"FLUX-JOB-EVENTLOG END\nFLUX-JOB END 4028{n} lammps-iter-{n}\n"
        )
    return data.replace("29.412", "28.571").encode()


def test_trials_that_a_script_numbered_are_trials_of_their_own():
    first, second = READER.read(numbered().replace(b"28.571", b"29.412"), {})
    assert (first.figures["job_id"], second.figures["job_id"]) == ("40284", "40285")
    assert second.status is Status.FAILED
    assert second.reason == "the job ended with status 256 (exit code 1)"
    assert [r.figures["size"] for r in (first, second)] == [2, 2]
    bare = READER.read(numbered(sections=False), {})
    assert [r.figures["repetition"] for r in bare] == [4, 5]
    assert [r.figures["loop_time"] for r in bare] == [3.4, 3.5]


@pytest.mark.parametrize(
    ("path", "repetition", "warmup"),
    [
        ("aws/eks/cpu/size64/results/lammps/lammps-64-iter-3-node-64-1234567.out", "3", None),
        ("size32-placement/results/final/lammps-reax/lammps-reax-32-iter-2-99.out", "2", None),
        ("google/gke/gpu/size8/results/lammps/null-1234567.out", None, None),
        ("size8/results/lammps/-8-iter-4-1234567.out", "4", None),
        ("size8/results/lammps/lammps-8-1234567.out", None, None),
        ("size8/results/_test/lammps/lammps-8-iter-1-ƒX9a.out", "1", "_"),
        ("size8/results/lammps/lammps-iter-1-77.out.gz", "1", None),
    ],
)
def test_the_layout_of_the_study_is_known_without_the_size_of_its_folder(path, repetition, warmup):
    match = READER.layout.fullmatch(path)
    groups = match.groupdict()
    assert (groups["repetition"], groups["warmup"]) == (repetition, warmup)
    assert "size" not in groups


@pytest.mark.parametrize(
    "path",
    ["lammps-4-64-17.out", "size8/results/lammps/lammps-8n-77-iter-2.out", "size8/x/lammps-1.out"],
)
def test_another_layout_is_not_taken_for_that_of_the_study(path):
    assert READER.layout.fullmatch(path) is None


@pytest.mark.parametrize(
    ("name", "status", "reason", "figures"),
    [
        (
            "flux-jobs-lammps-reax-64-iter-1-ok.out",
            Status.OK,
            "",
            # As the study published it: 139.65953636169434.
            {"job_runtime": 139.65953636169434, "size": 64, "tasks_requested": 3584},
        ),
        (
            "flux-jobs-lammps-reax-64-iter-1-status36608.out",
            Status.FAILED,
            "the job ended with status 36608 (exit code 143): "
            "rank 5615 exited and exit-timeout=30s has expired",
            {"size": 64, "tasks_requested": 6144, "loop_time": 357.794},
        ),
        (
            "flux-jobs-lammps-64-iter-1-cancelled-no-events.out",
            Status.FAILED,
            "the job was cancelled: interrupted by ctrl-C",
            {"size": 64, "tasks_requested": 6144, "problem": "128x128x128"},
        ),
    ],
)
def test_the_samples_of_the_study(samples, name, status, reason, figures):
    reading = read((samples / "flux-jobs" / name).read_bytes())
    assert (reading.status, reading.reason) == (status, reason)
    assert {name: reading.figures[name] for name in figures} == figures


@given(
    st.sampled_from(TRIALS),
    st.integers(1, 256),
    st.integers(1, 96),
    st.integers(1, 99),
    st.integers(1_600_000_000, 1_999_999_999),
    st.integers(0, 10**6).map(lambda n: n / 8),
    st.sampled_from([0, 0, 256, 36608]),
)
@settings(max_examples=60, deadline=None)
def test_what_is_rendered_is_read_back(trial, nodes, each, repetition, began, runtime, status):
    study = f"lammps-{nodes}-iter-{repetition}"
    job = {
        **{"size": nodes, "tasks_requested": nodes * each, "study": study, "job_status": status},
        **{"job_runtime": runtime, "command": "lmp -v x 64 -v y 16 -v z 16 -in in.reaxff.hns"},
    }
    reading = read(render_flux_jobs({**trial, **job, "began": began}))
    (bare,) = READERS["lammps"].read(render_lammps(trial), {})
    assert reading.status is (Status.FAILED if status else Status.OK)
    assert {name: reading.figures[name] for name in job} == job
    assert reading.figures["repetition"] == repetition
    assert reading.figures["problem"] == "64x16x16"
    assert {name: reading.figures[name] for name in bare.figures} == bare.figures
