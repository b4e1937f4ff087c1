"""Files beside the logs: whose they are, what they say, and what becomes of it.

The numbers of the info are those of one public job; hosts and names are made up.
"""

import json

import pytest

from heteroscope.logs import READERS
from heteroscope.logs.companions import (
    is_companion,
    read_companion,
    read_info,
    said_of,
    with_companion,
)
from heteroscope.metrics import Status

INFO = {
    **{"id": 77, "userid": 1000, "t_submit": 1687735836.72, "t_run": 1687735838.22},
    **{"t_cleanup": 1687735935.619, "t_inactive": 1687735935.7, "state": "INACTIVE"},
    **{"ntasks": 768, "nnodes": 8, "nodelist": "secret-[0-7]", "cwd": "/home/ada/x"},
    **{"success": True, "returncode": 0, "runtime": 97.399},
}
LOG = (
    b"LAMMPS (29 Sep 2021)\nLoop time of 1.5 on 1 procs for 100 steps with 304 atoms\n"
    b"Total wall time: 0:00:02\n"
)


def test_a_companion_is_known_by_its_name():
    assert is_companion("a/meta.json")
    assert is_companion("meta.json")
    assert is_companion("a/lammps-3-info.json")
    assert not is_companion("a/mpi_operator_results.json")
    assert not is_companion("a/meta.json.log")


def test_the_info_of_a_job_gives_nodes_tasks_and_times():
    assert read_info(json.dumps(INFO).encode()) == {
        **{"nodes_requested": 8, "tasks_requested": 768, "job_id": "77", "returncode": 0},
        # t_run - t_submit and t_cleanup - t_run, which is its runtime.
        **{"queue_time": 1.5, "job_runtime": 97.399},
        "started_at": "2023-06-25T23:30:38.220000",
    }


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"id": 1}', b"[" * 100_000])
def test_what_is_no_info_is_refused(data):
    with pytest.raises(ValueError):
        read_info(data)


@pytest.mark.parametrize(
    "changed", [{"nnodes": "8"}, {"nnodes": 2.5}, {"t_run": None}, {"t_run": 1e300}, {"id": [1]}]
)
def test_an_odd_info_gives_what_it_has(changed):
    figures = read_info(json.dumps({**INFO, **changed}).encode())
    assert figures["tasks_requested"] == 768


SAID = {
    "run/results": {"lammps-3": {"queue_time": 1.5}},
    "run": {"lmp-8-1-minicluster-size-8": {"minicluster_total": 50.0, "order": 1}},
    "": {"lammps-3": {"job_id": "far away"}},
}


@pytest.mark.parametrize(
    ("log", "figures"),
    [
        ("run/results/lammps-3.log", {"queue_time": 1.5, "job_id": "far away"}),
        ("run/results/lammps-3.out.gz", {"queue_time": 1.5, "job_id": "far away"}),
        ("run/results/lammps-30.log", {}),
        ("other/lammps-3.log", {"job_id": "far away"}),
        ("run/lmp-8-1-minicluster-size-8/log.out", {"minicluster_total": 50.0, "order": 1}),
        ("run/_lmp-8-1-minicluster-size-8/log.out", {"minicluster_total": 50.0, "order": 1}),
        ("run/deep/lmp-8-1-minicluster-size-8.log", {"minicluster_total": 50.0, "order": 1}),
        ("lmp-8-1-minicluster-size-8/log.out", {}),
    ],
)
def test_a_companion_speaks_of_the_trial_below_it_by_name(log, figures):
    assert said_of(log, SAID) == figures


def test_what_the_log_says_itself_counts_and_a_failed_job_has_failed():
    (reading,) = READERS["lammps"].read(LOG, {})
    together = with_companion(reading, {"queue_time": 1.5, "order": 3, "returncode": 0})
    assert (together.status, together.figures["queue_time"]) == (Status.OK, 1.5)
    assert not {"order", "returncode"} & together.figures.keys()
    failed = with_companion(reading, {"returncode": 143})
    assert (failed.status, failed.reason) == (Status.FAILED, "the job ended with exit code 143")


def test_meta_is_read_by_name():
    data = b'{"times": {"minicluster-run-a": 1.5, "create-cluster": 9, "minicluster-run-b": 2}}'
    assert read_companion("x/meta.json", data) == {
        "a": {"order": 1, "minicluster_total": 1.5},
        "b": {"order": 2, "minicluster_total": 2.0},
    }
    assert read_companion("x/lammps-3-info.json", json.dumps(INFO).encode()).keys() == {"lammps-3"}
