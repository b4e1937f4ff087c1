"""Sixty logs of Flux jobs, of two clouds, with two problems in one folder: a campaign of them."""

from collections import Counter
from pathlib import Path

import pytest

from heteroscope.campaign import campaign
from heteroscope.metrics import METRICS
from heteroscope.redaction import find_secrets
from heteroscope.tables import frames, trials
from heteroscope.tables.trials import ReadingPlan
from rendering import render_flux_jobs

CLOUDS = {"eks": "aws/eks", "gke": "google/gke"}
# Extents, and atoms: 304 in a unit cell.
PROBLEMS = {"large": ((64, 64, 32), 39845888), "small": ((16, 16, 8), 622592)}
NODES, ITERATIONS = (8, 16), range(1, 8)
# The folder tells the size of the cluster, of which the jobs use a part.
RESULTS = "size256/results/lammps"
DOOM = b"9.1s: flux-shell[0]: FATAL: doom: rank 5 exited and exit-timeout=30s has expired\n"


def job(problem, nodes, began, **more):
    """Return the figures of one job; no two have the same."""
    (x, y, z), atoms = PROBLEMS[problem]
    loop = round(1000 * atoms / 39845888 / nodes + began % 977 / 8, 4)
    return {
        **{"lammps_version": "17 Apr 2024", "atoms": atoms, "steps": 100, "loop_time": loop},
        **{"timesteps_per_s": round(100 / loop, 3), "ns_per_day": 0.01, "hours_per_ns": 2400.0},
        **{"procs": nodes * 56, "ranks": nodes * 56, "threads": 1, "cpu_percent": 99.5},
        **{"walltime": int(loop) + 2, "size": nodes, "tasks_requested": nodes * 56},
        **{"command": f"lmp -v x {x} -v y {y} -v z {z} -in in.reaxff.hns", "began": began},
        **{"job_runtime": int(loop) + 4.5, **more},
    }


@pytest.fixture(scope="module")
def logs():
    """Return the logs of the campaign, by path."""
    files = {}
    began = 1_724_600_000
    for cloud in CLOUDS.values():
        folder = f"{cloud}/{RESULTS}"
        for problem in PROBLEMS:
            for nodes in NODES:
                for iteration in ITERATIONS:
                    began += 131
                    study = f"lammps-{nodes}-iter-{iteration}"
                    name = f"{study}-node-{nodes}-{began}.out"
                    files[f"{folder}/{name}"] = render_flux_jobs(
                        job(problem, nodes, began, study=study)
                    )
            began += 131
            files[f"{folder}/null-{began}.out"] = render_flux_jobs(job(problem, 8, began))
    # One job had failed before, at its end, and was submitted again; two pulled the containers.
    study = "lammps-16-iter-4"
    failed = render_flux_jobs(job("large", 16, 1_724_500_000, study=study, job_status=36608))
    files[f"aws/eks/{RESULTS}/{study}-node-16-77.out"] = failed.replace(
        b"START OF JOBSPEC", DOOM + b"START OF JOBSPEC"
    )
    for number, cloud in enumerate(CLOUDS.values()):
        files[f"{cloud}/size256/results/_pull/lammps-8-iter-1-{number}.out"] = render_flux_jobs(
            job("large", 8, 1_724_400_000 + number, study="lammps-8-iter-1")
        )
    return files


@pytest.fixture(scope="module")
def rows(logs, tmp_path_factory):
    """Return the rows of each run of the campaign, and the campaign."""
    root = tmp_path_factory.mktemp("flux")
    for path, content in logs.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    where = {
        "eks-large": {"problem": "64x64x32"},
        "eks-small": {"command": "*-v x 16 *"},
        "gke-large": {"atoms": 39845888},
        "gke-small": {"atoms": 622592},
    }
    runs = {run: {"directory": CLOUDS[run[:3]], "where": wanted} for run, wanted in where.items()}
    metrics = ["loop_time", "job_runtime", "hookup_time"]
    loaded = campaign.load({"runs": runs, "metrics": metrics}, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        read = {
            name: trials.read_run(
                ReadingPlan(**run.plan(loaded.sizes)), run.logs, run.companions
            ).rows
            for name, run in loaded.runs.items()
        }
        paths = []
        for name, of_run in read.items():
            paths.append(root / f"{name}.csv")
            trials.write_rows(of_run, trials.columns(), paths[-1])
        return read, loaded, frames.read_trials(paths)


def counted(of_run):
    return [row for row in of_run if not row["excluded"]]


def test_there_are_sixty_trials_and_thirty_of_each_problem(rows, logs):
    read, loaded, _ = rows
    assert len(logs) == 63
    assert {run.reader.name for run in loaded.runs.values()} == {"flux-jobs"}
    assert {name: len(counted(of_run)) for name, of_run in read.items()} == dict.fromkeys(read, 15)
    problems = Counter(row["problem"] for of_run in read.values() for row in counted(of_run))
    assert problems == {"64x64x32": 30, "16x16x8": 30}


def test_the_size_is_that_of_the_jobspec_and_never_the_folders(rows):
    for of_run in rows[0].values():
        assert Counter(row["size"] for row in counted(of_run)) == {8: 8, 16: 7}
        assert all(row["tasks_requested"] == 56 * row["size"] for row in of_run)


def test_repetitions_are_those_of_the_names_and_each_job_has_its_own(rows):
    for of_run in rows[0].values():
        for size, most in ((8, 8), (16, 7)):
            repetitions = [row["repetition"] for row in counted(of_run) if row["size"] == size]
            named = [row for row in counted(of_run) if row["size"] == size and "study" in row]
            assert all(f"-iter-{row['repetition']}-" in row["log"] for row in named)
            # One log has no number of its own, and gets one that is free.
            assert len(repetitions) == len({*repetitions}) == most


def test_warm_ups_are_left_out(rows):
    for name, of_run in rows[0].items():
        pulled = [row for row in of_run if "/_pull/" in row["log"]]
        assert len(pulled) == name.endswith("large")
        assert all(row["excluded"] for row in pulled)


def test_the_job_that_failed_is_told_with_its_reason_and_its_successor_counts(rows):
    first, second = (
        row
        for row in sorted(rows[0]["eks-large"], key=lambda row: row["order"])
        if row.get("study") == "lammps-16-iter-4"
    )
    assert first["status"] == "failed"
    assert first["reason"] == (
        "the job ended with status 36608 (exit code 143): "
        "rank 5 exited and exit-timeout=30s has expired"
    )
    assert first["excluded"]
    assert (second["status"], second["excluded"]) == ("ok", "")


def test_the_order_of_execution_is_that_of_the_starts(rows):
    for of_run in rows[0].values():
        started = [row["started_at"] for row in sorted(of_run, key=lambda row: row["order"])]
        assert started == sorted(started)
        assert {row["ordered_by"] for row in of_run} == {"start"}


def test_the_times_of_the_jobs_are_summarised(rows):
    _, loaded, table = rows
    summary = frames.summary(table, loaded.metrics, loaded.sizes, 0.95)
    assert len(summary) == 4 * 2 * 3
    ns = {(row["size"], row["n"]) for row in summary.to_dict("records")}
    assert ns == {(8, 8), (16, 7)}
    # The runtime is 2.5 s more than the wall time, by construction.
    hookup = summary[summary["metric"] == "hookup_time"]
    assert set(hookup["median"]) == {2.5}
    assert set(hookup["unit"]) == {"s"}


def test_the_times_of_a_job_are_metrics_and_can_be_drawn(rows):
    assert METRICS["job_runtime"].step == METRICS["queue_time"].step == 1e-6
    # The wall time has whole seconds.
    assert METRICS["hookup_time"].step == 1.0
    of_job = ("job_runtime", "hookup_time", "queue_time")
    run = rows[1].runs["eks-large"]
    assert all(run.gives(metric) for metric in of_job)
    figures = {metric: {"metric": metric} for metric in of_job}
    config = {
        "runs": {"a": {"directory": "data/run4"}},
        **{"metrics": ["walltime", *of_job], "figures": figures},
    }
    loaded = campaign.load(config, Path(__file__).parents[2])
    assert set(loaded.figures) == set(of_job)
    assert loaded.metrics == ("walltime", *of_job)


def test_nothing_private_is_in_the_table(rows):
    assert find_secrets(rows[2].to_csv()) == []
    assert Path.cwd().as_posix() not in rows[2].to_csv()
