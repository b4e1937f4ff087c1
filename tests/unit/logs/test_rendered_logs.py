"""What is rendered is read back, whatever foreign lines stand between; measured figures agree.

Expected figures are those of ``data/measured.csv``: another, strict parser read them from the
original logs.
"""

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heteroscope.logs import READERS, deaths, flux_operator, jobs, mpi_operator
from heteroscope.logs.lammps import LINES as LAMMPS_LINES
from heteroscope.logs.lines import LineTable
from heteroscope.metrics import Status
from heteroscope.redaction import redact
from rendering import (
    read_figures,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
    render_mpi_results,
)

DATA = Path(__file__).resolve().parents[3] / "data"
TRIALS = read_figures(DATA / "measured.csv")
REFERENCE = read_figures(DATA / "measured-mpi-reference.csv")
RENDER = {
    "flux-operator": render_flux_operator,
    "mpi-operator": render_mpi_operator,
    "lammps": render_lammps,
}
# What the table of measured figures says of a trial beside its figures: of its path, its
# companion, or the renderer.
NOT_IN_A_LOG = {
    *("run", "operator", "repetition", "order", "warmup", "minicluster_total"),
    "lammps_lines_before_finish",
}
# The label of run2's one line says the wrong word, as the configuration knows.
RELABEL = {"relabel": {"fluxsubmit": "fluxstart"}}


def read(reader, data, options=None):
    (reading,) = READERS[reader].read(data, options or {})
    return reading


def expected_of(trial):
    """Return the figures of a measured trial that stand in its log."""
    expected = {name: value for name, value in trial.items() if name not in NOT_IN_A_LOG}
    expected["command"] = redact(expected["command"])
    if trial["operator"] == "mpi-operator":
        del expected["started_at"]
    else:
        del expected["size"]
    return expected


def assert_same(found, expected):
    for name, value in expected.items():
        if name.startswith("state_"):
            # Printed in units with a factor that is no power of two.
            assert math.isclose(found[name], value, rel_tol=1e-12), name
        else:
            assert found.get(name) == value, name


@pytest.mark.parametrize("run", ["run2", "run4", "run5", "run6", "run6-mpi"])
def test_the_rendered_logs_give_the_measured_figures(run):
    trials = [trial for trial in TRIALS if trial["run"] == run]
    assert trials
    for trial in trials:
        reader = trial["operator"]
        options = RELABEL if run == "run2" else {}
        reading = read(reader, RENDER[reader](trial), options)
        assert (reading.status, reading.reason) == (Status.OK, "")
        assert_same(reading.figures, expected_of(trial))


FOLDERS = {
    "run2": "run2/data/*",
    "run4": "run4/data/aws/*",
    "run5": "run5/data/aws/*",
    "run6": "run6/data/aws/*",
}


def real_log(folder, trial):
    if trial["operator"] == "mpi-operator":
        stamp = trial["started_at"].replace("T", "_T").replace(":", "")
        stamp = f"{stamp[:-2]}_{stamp[-2:]}"
        (log,) = folder.glob(f"run6/mpi-operator/logs/lammps_*_{stamp}.out")
        return log
    name = "lmp-{size}-{repetition}-minicluster-size-{size}/log.out".format_map(trial)
    warmup = "_" if trial["warmup"] else ""
    (log,) = folder.glob(f"{FOLDERS[trial['run']]}/{warmup}{name}")
    return log


@pytest.mark.parametrize("run", ["run2", "run4", "run5", "run6", "run6-mpi"])
def test_the_original_logs_give_the_measured_figures(run, real_logs):
    trials = [trial for trial in TRIALS if trial["run"] == run]
    compared = 0
    for trial in trials:
        data = real_log(real_logs, trial).read_bytes()
        reading = read(trial["operator"], data, RELABEL if run == "run2" else {})
        assert (reading.status, reading.reason) == (Status.OK, "")
        expected = expected_of(trial)
        # The renderer made up what would name the original job or its machine.
        if run == "run6-mpi":
            expected = {n: v for n, v in expected.items() if n not in ("job_id", "command")}
        assert_same(reading.figures, expected)
        compared += len(expected)
    assert compared > 70 * len(trials)


def test_the_original_results_give_the_measured_figures(real_logs):
    data = (real_logs / "run5" / "mpi_operator_results.json").read_bytes()
    readings = [
        reading
        for scheduler in ("default-scheduler", "kubeflux")
        for reading in READERS["mpi-results"].read(data, {"scheduler": scheduler})
    ]
    found = sorted((r.figures["mpirun_real"], r.figures["walltime"]) for r in readings)
    assert found == sorted((row["mpirun_real"], row["walltime"]) for row in REFERENCE)


def test_a_redacted_log_gives_the_same_figures():
    for trial in TRIALS[::40]:
        reader = trial["operator"]
        data = RENDER[reader](trial)
        assert read(reader, redact(data.decode()).encode()) == read(reader, data)


def test_a_redacted_original_gives_the_same_figures(real_logs):
    for trial in TRIALS[::20]:
        reader, data = trial["operator"], real_log(real_logs, trial).read_bytes()
        redacted = redact(data.decode("utf-8", "replace")).encode()
        assert read(reader, redacted) == read(reader, data)


def test_where_flux_submit_comes_from():
    for run, source in (("run2", "rc2"), ("run4", "FLUXTIME")):
        trial = next(trial for trial in TRIALS if trial["run"] == run)
        options = RELABEL if run == "run2" else {}
        figures = read("flux-operator", render_flux_operator(trial), options).figures
        assert figures["flux_submit_source"] == source
        assert figures["flux_submit"] == trial["rc2_elapsed" if run == "run2" else "flux_submit"]
        assert figures["nodes_requested"] == trial["size"]
        assert figures["tasks_requested"] == trial["ranks"]


def test_a_result_gives_all_its_figures():
    """The first of the original records; its figure of merit is in atom-steps per second."""
    record = (
        b'[{"scheduler": "default-scheduler", "ranks": 1504, "startup_time": 7.295682, '
        b'"runtime": 55.223677, "lammps_time": 47.0, "end_to_end_time": 62.519359, '
        b'"FOM": 10803216.384, "timesteps/s": 2.169, "max_ppn": 1, "real": 55.2, "zones": 1, '
        b'"pods": 16}]'
    )
    assert read("mpi-results", record).figures == {
        **{"scheduler": "default-scheduler", "ranks": 1504, "size": 16, "walltime": 47.0},
        **{"mpijob_startup": 7.295682, "mpijob_runtime": 55.223677, "zones": 1},
        **{"mpijob_end_to_end": 62.519359, "mpirun_real": 55.2, "max_pods_per_host": 1},
        **{"timesteps_per_s": 2.169, "matom_steps_per_s": 10.803216384},
    }


# --- Properties --------------------------------------------------------------------------------

positive = st.integers(1, 10**6)
seconds = st.integers(1, 10**8).map(lambda n: n / 100)
whole_seconds = st.integers(60, 10**6).map(float)
five_digits = st.integers(1, 99_999).map(lambda n: n / 1000)


@st.composite
def lammps_figures(draw):
    """Draw the figures of a run that agree with each other, as LAMMPS prints them."""
    ranks, threads = draw(st.integers(1, 10_000)), draw(st.integers(1, 16))
    loop_time, steps = draw(st.integers(1, 599).map(lambda n: n / 10)), draw(st.integers(1, 10**5))
    figures = {
        "lammps_version": draw(st.sampled_from(["29 Sep 2021 - Update 2", "2 Aug 2023"])),
        "threads": threads,
        "ranks": ranks,
        "procs": ranks * threads,
        "loop_time": loop_time,
        "steps": steps,
        "timesteps_per_s": round(steps / loop_time, 3),
        "walltime": draw(whole_seconds),
        "atoms": draw(positive),
        "ns_per_day": draw(five_digits),
        "hours_per_ns": draw(five_digits),
        "cpu_percent": draw(st.integers(0, 99_999).map(lambda n: n / 10)),
        "grid": "x".join(str(draw(positive)) for _ in range(3)),
        "other_percent": draw(st.integers(0, 10_000).map(lambda n: n / 100)),
        "other_avg": draw(st.integers(1, 9999).map(lambda n: n / 10_000)),
    }
    sections = st.sampled_from(["pair", "bond", "kspace", "neigh", "comm", "modify"])
    for section in draw(st.sets(sections)):
        for what in ("min", "avg", "max"):
            figures[f"{section}_{what}"] = draw(five_digits)
        figures[f"{section}_varavg"] = draw(st.integers(0, 999).map(lambda n: n / 10))
        figures[f"{section}_percent"] = draw(st.integers(0, 10_000).map(lambda n: n / 100))
    return figures


@given(lammps_figures())
@settings(max_examples=60, deadline=None)
def test_what_lammps_prints_is_read_back(figures):
    reading = read("lammps", render_lammps(figures))
    assert (reading.status, reading.reason) == (Status.OK, "")
    assert_same(reading.figures, figures)


ALL_LINES = LineTable(
    (*LAMMPS_LINES, *flux_operator.LINES, *mpi_operator.LINES, *jobs.LINES, *deaths.LINES)
)
foreign_lines = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
).filter(lambda text: not list(ALL_LINES.findings(text.encode())))


@given(st.data())
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("reader", RENDER)
def test_foreign_lines_between_ours_change_nothing(reader, data):
    trial = next(trial for trial in TRIALS if trial["operator"] == reader or reader == "lammps")
    lines = RENDER[reader](trial).splitlines(keepends=True)
    whole = read(reader, b"".join(lines))
    for text in data.draw(st.lists(foreign_lines, max_size=12)):
        lines.insert(data.draw(st.integers(0, len(lines))), text.encode() + b"\n")
    reading = read(reader, b"".join(lines))
    assert (reading.figures, reading.status) == (whole.figures, whole.status)


EVENTS = [
    b"FLUX ended\n",
    "ƒ2KQKzKh: 9.111s exec.log\n".encode(),
    b"broker.err[0]: a (rank 1) transitioning to LOST due to EHOSTUNREACH error on send\n",
]


@given(st.integers(0, 200), st.sampled_from(EVENTS))
@settings(max_examples=60, deadline=None)
def test_flux_may_speak_inside_the_output_of_lammps(place, event):
    trial = next(trial for trial in TRIALS if trial["run"] == "run6")
    lines = render_flux_operator(trial).splitlines(keepends=True)
    whole = read("flux-operator", b"".join(lines)).figures
    lines.insert(place, event)
    counted = ("exec_log_lines", "broker_lost")
    found = read("flux-operator", b"".join(lines)).figures
    assert found | {name: whole[name] for name in counted} == whole


def test_foreign_lines_inside_the_output_of_lammps_are_counted():
    # Eleven of the original logs have the five events that end the job in there.
    counts = Counter(
        read("flux-operator", render_flux_operator(trial), RELABEL).foreign_lines
        for trial in TRIALS
        if trial["operator"] == "flux-operator"
    )
    assert counts == {0: 283, 5: 11}


@given(st.lists(st.sampled_from(REFERENCE), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_results_are_read_back_in_their_order(records):
    for scheduler in {record["scheduler"] for record in records}:
        of_it = [record for record in records if record["scheduler"] == scheduler]
        readings = READERS["mpi-results"].read(
            render_mpi_results(records), {"scheduler": scheduler}
        )
        assert [r.figures["mpirun_real"] for r in readings] == [r["mpirun_real"] for r in of_it]
        for reading, record in zip(readings, of_it, strict=True):
            wanted = {n: v for n, v in record.items() if n in reading.figures}
            assert reading.status is Status.OK
            assert_same(reading.figures, wanted)
