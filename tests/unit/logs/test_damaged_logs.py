"""What is wrong with a log, what becomes of it, and the reason in words.

Every log is rendered from the figures of one measured trial, and then damaged.
"""

import re
from pathlib import Path

import pytest

from heteroscope.logs import READERS
from heteroscope.metrics import Status
from rendering import (
    read_figures,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
    render_mpi_results,
)

DATA = Path(__file__).resolve().parents[3] / "data"
TRIALS = read_figures(DATA / "measured.csv")
FLUX = next(trial for trial in TRIALS if trial["run"] == "run6" and trial["size"] == 8)
MPI = next(trial for trial in TRIALS if trial["run"] == "run6-mpi" and trial["size"] == 8)
RESULTS = read_figures(DATA / "measured-mpi-reference.csv")[:3]
LOGS = {
    "flux-operator": render_flux_operator(FLUX),
    "mpi-operator": render_mpi_operator(MPI),
    "lammps": render_lammps(FLUX),
}


def read(reader, data, **options):
    (reading,) = READERS[reader].read(data, options)
    return reading


def swap(old, new):
    """Return the function that replaces a text that stands once in a log."""

    def damage(data):
        assert len(re.findall(old, data)) == 1, old
        return re.sub(old, lambda _: new, data)

    return damage


def again(pattern, old=b"", new=b""):
    """Return the function that repeats a line, changed."""

    def damage(data):
        line = re.search(rb"(?m)^" + pattern + rb".*\r?\n", data)
        return data[: line.end()] + line[0].replace(old, new) + data[line.end() :]

    return damage


# Name, reader, damage, status, reason (a pattern), the figure that must be missing.
FAULTS = [
    (
        "loop time nan",
        "lammps",
        swap(rb"Loop time of [\d.]+", b"Loop time of nan"),
        Status.INCOMPLETE,
        r"line \d+ is cut short or garbled: Loop time of nan on 752 procs for 100 steps with",
        "loop_time",
    ),
    (
        "decimal comma",
        "lammps",
        swap(rb"Loop time of [\d.]+", b"Loop time of 12,5"),
        Status.INCOMPLETE,
        r"line \d+ is cut short or garbled: Loop time of 12,5 on",
        "loop_time",
    ),
    (
        "negative loop time",
        "lammps",
        swap(rb"Loop time of ", b"Loop time of -"),
        Status.INCOMPLETE,
        r"garbled: Loop time of -",
        "loop_time",
    ),
    (
        "nan in the last row of thermo",
        "lammps",
        swap(rb"(?<= 100 )\s*302\.\d+", b"         -nan"),
        Status.FAILED,
        r"^the system blew up: temperature is nan at step 100$",
        "temp_last",
    ),
    (
        "section cut short",
        "flux-operator",
        swap(rb"(?<=Comm {4}).*(?=\r\n)", b"| 0.5 | 2.2"),
        Status.OK,
        r"garbled: Comm    \| 0.5 \| 2.2$",
        "comm_avg",
    ),
    (
        "absurd loop time",
        "lammps",
        swap(rb"(?<=Loop time of )[\d.]+", b"1e30"),
        Status.INCOMPLETE,
        r"loop_time of 1e\+30 s for 100 steps contradicts [\d.]+ timesteps/s",
        "",
    ),
    (
        "loop longer than the whole",
        "lammps",
        swap(rb"(?<=Total wall time: )0:01:\d\d", b"0:00:12"),
        Status.INCOMPLETE,
        r"loop_time of [\d.]+ s is longer than walltime of 12.0 s, which includes it: a clock",
        "",
    ),
    (
        "flux submit longer than flux start",
        "flux-operator",
        swap(rb"(?<=FLUXTIME fluxstart wall time )[\d:.]+", b"0:01.00"),
        Status.INCOMPLETE,
        r"flux_submit of [\d.]+ s is longer than flux_start of 1.0 s",
        "",
    ),
    (
        "a job that ends before it starts",
        "flux-operator",
        swap(rb"[\d.]+(?=s finish)", b"0.000"),
        Status.INCOMPLETE,
        r"event_start of [\d.]+ s is longer than event_finish of 0.0 s",
        "",
    ),
    (
        "LAMMPS longer than mpirun",
        "mpi-operator",
        swap(rb"(?<=\nreal )[\d.]+", b"2.00"),
        Status.INCOMPLETE,
        r"walltime of [\d.]+ s is longer than mpirun_real of 2.0 s",
        "",
    ),
    (
        "ranks and procs disagree",
        "lammps",
        swap(rb"(?<=CPU use with )752", b"700"),
        Status.INCOMPLETE,
        r"752 procs are not 700 ranks x 1 threads",
        "",
    ),
    (
        "two rates of one loop",
        "lammps",
        again(rb"Performance", b" timesteps/s", b"1 timesteps/s"),
        Status.INCOMPLETE,
        r"conflict: timesteps_per_s stands as [\d.]+ and [\d.]+1$",
        "timesteps_per_s",
    ),
    (
        "two times of one label",
        "flux-operator",
        again(rb"FLUXTIME fluxstart", b"wall time ", b"wall time 1"),
        Status.INCOMPLETE,
        r"conflict: flux_start stands as [\d.]+ and [\d.]+$",
        "flux_start",
    ),
    (
        "the same log twice",
        "lammps",
        lambda data: data + data,
        Status.FAILED,
        r"2 LAMMPS logs stand in this file, one after the other: .* key `job` of the run",
        "",
    ),
    (
        "two totals",
        "lammps",
        again(rb"Total wall time"),
        Status.FAILED,
        r"the total wall time stands 2 times: several logs",
        "",
    ),
    (
        "two processes",
        "flux-operator",
        again(rb"LAMMPS \("),
        Status.FAILED,
        r"2 LAMMPS processes wrote this log, each with its own banner",
        "",
    ),
    (
        "job that failed",
        "flux-operator",
        swap(rb"complete: status=0", b"complete: status=256"),
        Status.FAILED,
        r"the job ended with status 256",
        "",
    ),
    (
        "command that failed",
        "flux-operator",
        swap(rb"(?<=rc2\.0: ).*\(rc=0\)", b"flux mini submit Exited (rc=1)"),
        Status.FAILED,
        r"the command ended with status 1",
        "",
    ),
    (
        "killed",
        "flux-operator",
        swap(rb"(?s)Loop time of.*", b""),
        Status.INCOMPLETE,
        r"no loop_time, no walltime: the log ends too early",
        "loop_time",
    ),
    (
        "no LAMMPS at all",
        "flux-operator",
        swap(rb"(?s)LAMMPS \(.*", b"FLUXTIME fluxstart wall time 0:12.00\n"),
        Status.NO_OUTPUT,
        r"no LAMMPS output",
        "loop_time",
    ),
    (
        "a secret in a garbled line",
        "mpi-operator",
        swap(rb"(?<=\nreal )[\d.]+", b"ada@example.org /home/ada/x/y 10.0.0.1 " + b"z" * 300),
        Status.OK,
        r"garbled: real \[e-mail\] y \[address\] z+…$",
        "mpirun_real",
    ),
]


@pytest.mark.parametrize(
    ("reader", "damage", "status", "reason", "missing"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_damaged_log_is_refused_with_the_reason(reader, damage, status, reason, missing):
    whole = read(reader, LOGS[reader])
    assert (whole.status, whole.reason) == (Status.OK, "")
    reading = read(reader, damage(LOGS[reader]))
    assert reading.status is status
    assert re.search(reason, reading.reason), reading.reason
    if missing:
        assert missing in whole.figures
        assert missing not in reading.figures


@pytest.mark.parametrize("reader", ["lammps", "flux-operator", "mpi-operator"])
@pytest.mark.parametrize("data", [b"", b"\r\n \n"], ids=["empty", "blank"])
def test_an_empty_log_is_told_from_one_of_something_else(reader, data):
    reading = read(reader, data)
    assert reading.status is Status.NO_OUTPUT
    assert reading.reason.startswith("the log is empty: nothing was printed")
    assert read(reader, data + b"x").reason == "no LAMMPS output"


def test_the_number_of_a_garbled_line_is_that_of_an_editor():
    data = LOGS["flux-operator"].replace(b"Total wall time: 0:", b"Total wall time: ?:")
    number = 1 + data.decode().replace("\r\r\n", "\n").split("Total wall")[0].count("\n")
    assert read("flux-operator", data).reason.startswith(f"line {number} is cut short")


def test_a_conflict_is_named_for_the_report_and_its_figure_is_gone():
    reading = read("lammps", again(rb"[\d.]+% CPU use", b"752 MPI", b"753 MPI")(LOGS["lammps"]))
    assert reading.conflicts == ("ranks",)
    assert "ranks" not in reading.figures
    assert "loop_time" in reading.figures


def test_the_same_line_twice_is_no_conflict():
    reading = read("lammps", again(rb"Performance")(LOGS["lammps"]))
    assert (reading.status, reading.conflicts) == (Status.OK, ())


@pytest.mark.parametrize("reader", LOGS)
def test_cut_at_any_byte_a_log_is_whole_or_not_ok(reader):
    data = LOGS[reader]
    whole = read(reader, data).figures
    end = data.index(b"\n", data.index(b"Total wall time"))
    for size in range(len(data)):
        reading = read(reader, data[:size])
        if size < end - len(b"\r"):
            assert reading.status is not Status.OK, size
        elif reading.status is Status.OK:
            # What the launcher writes after LAMMPS may be missing, but never another number.
            found = {name: reading.figures[name] for name in whole if name in reading.figures}
            differs = {name for name in found if found[name] != whole[name]}
            assert differs <= {
                "flux_submit",
                "flux_submit_source",
                "broker_lost",
                "exec_log_lines",
                "mapped_workers",
                "hosts",
                "zones",
                "max_pods_per_host",
            }, size
            assert size < len(data.rstrip()) or reading.figures == whole


def test_cut_at_any_byte_results_are_unreadable():
    data = render_mpi_results(RESULTS)
    reader = READERS["mpi-results"]
    for size in range(len(data.rstrip())):
        (reading,) = reader.read(data[:size], {})
        assert reading.status is Status.UNREADABLE, size


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        (b"", Status.UNREADABLE, "no JSON: Expecting value"),
        (b"{}", Status.UNREADABLE, "expected a JSON array of records"),
        (b"[]", Status.UNREADABLE, "none of 0 records is of default-scheduler"),
        (b"[3]", Status.UNREADABLE, "record 1 is no object"),
        (b'[{"scheduler": "kubeflux"}]', Status.UNREADABLE, "none of 1 records is of default-"),
        (b'[{"real": 3}]', Status.INCOMPLETE, "record 1 does not say its scheduler"),
        (b'[{"real": 3, "real": 4}]', Status.UNREADABLE, "conflict: real stands as 3 and 4"),
        (b"[" * 100_000, Status.UNREADABLE, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", Status.UNREADABLE, "no JSON"),
        ("[\ud800]".encode("utf-8", "surrogatepass"), Status.UNREADABLE, "no JSON"),
    ],
    ids=[
        *("empty", "object", "no record", "number", "other scheduler", "no scheduler"),
        *("key twice", "deep", "huge number", "no UTF-8"),
    ],
)
def test_results_that_are_none(text, status, reason):
    (reading,) = READERS["mpi-results"].read(text, {})
    assert reading.status is status
    assert reason in reading.reason


@pytest.mark.parametrize(
    "value",
    ['"36.57"', "null", "true", "NaN", "-1", "0", "1e999", "9" * 400, "[36.57]"],
    ids=["text", "null", "true", "nan", "negative", "zero", "infinite", "huge", "array"],
)
def test_a_result_that_is_no_positive_number_is_missing(value):
    data = render_mpi_results(RESULTS[:1])
    old = re.search(rb'"real": ([\d.]+)', data)
    (reading,) = READERS["mpi-results"].read(
        data.replace(old[0], b'"real": ' + value.encode()),
        {"scheduler": RESULTS[0]["scheduler"]},
    )
    assert (reading.status, reading.reason) == (
        Status.INCOMPLETE,
        "record 1 has no number for real",
    )
    assert "mpirun_real" not in reading.figures
    assert reading.figures["walltime"] == RESULTS[0]["walltime"]


def test_a_count_with_a_fraction_is_missing():
    data = render_mpi_results(RESULTS[:1]).replace(b'"pods": ', b'"pods": 0.5, "x": ')
    (reading,) = READERS["mpi-results"].read(data, {"scheduler": RESULTS[0]["scheduler"]})
    assert reading.reason == "record 1 has no number for pods"
