"""Whatever heads the lines of a log, or colours them: the figures are those of the bare log."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heteroscope.logs import READERS, readers_of
from heteroscope.logs.plain import plain
from heteroscope.redaction import find_secrets
from rendering import (
    read_figures,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
)

DATA = Path(__file__).resolve().parents[3] / "data"
TRIALS = [t for t in read_figures(DATA / "measured.csv") if t["run"] != "run2"][::7]
RENDER = {
    "flux-operator": render_flux_operator,
    "mpi-operator": render_mpi_operator,
    "lammps": render_lammps,
}


def stamp(n):
    """Return a time of day with fractions of a second as long as they happen to be."""
    fraction = f"{(n * 7919) % 10**9:09d}".rstrip("0")
    return f"2024-05-18T08:{n // 60 % 60:02d}:{n % 60:02d}" + (f".{fraction}" if fraction else "")


# What stands before line n, and whether an empty line keeps the blanks of its end.
PREFIXES = {
    "srun -l": (lambda n: "0: ", True),
    "srun -l with many tasks": (lambda n: f"{n % 1000:4d}: ", True),
    "mpirun --tag-output": (lambda n: "[1,0]<stdout>:", True),
    "mpirun --tag-output with a blank": (lambda n: f"[1,{n % 96}]<stdout>: ", True),
    "mpirun --tag-output with both streams": (
        lambda n: f"[1,{n % 96}]<{'stderr' if n % 5 == 1 else 'stdout'}>:",
        True,
    ),
    "mpirun --timestamp-output": (
        lambda n: f"Sat May 18 08:{n // 60 % 60:02d}:{n % 60:02d} 2024<stdout>:",
        True,
    ),
    "mpiexec -prepend-rank": (lambda n: "[0] ", True),
    "prterun --output tag": (lambda n: f"[prterun-n01-77@1,{n % 96}]<stdout>: ", True),
    "kubectl logs --timestamps": (lambda n: f"{stamp(n)}Z ", False),
    "kubectl logs --prefix": (lambda n: "[pod/lammps-0-x2k9p/lammps] ", True),
    "containerd": (lambda n: f"{stamp(n)}+02:00 stdout F ", True),
    "docker compose": (lambda n: "lammps-1  | ", True),
    "docker compose, trimmed": (lambda n: "lammps-1  | ", False),
    "ctest -V": (lambda n: "60: ", True),
    "grep": (lambda n: "run-1.txt:", True),
    "grep -n": (lambda n: f"{n}:", True),
    "cat -n": (lambda n: f"{n:6d}\t", True),
    "ts": (lambda n: f"May 18 08:{n // 60 % 60:02d}:{n % 60:02d} ", True),
    "ts at the end of a month": (
        lambda n: f"{'May 31 23' if n < 70 else 'Jun 01 00'}:{n % 60:02d}:07 ",
        True,
    ),
    "journalctl": (lambda n: f"May 18 08:{n % 60:02d}:07 n01 lammps[77]: ", True),
    "jenkins": (lambda n: f"[{stamp(n)}Z] ", True),
    "seconds in brackets": (lambda n: f"[{n / 7:12.6f}] ", True),
    "quoted mail": (lambda n: "> ", True),
    "aprun": (lambda n: "x1001c0s0b0n0.hostmgmt.cm.example.com 0: ", True),
    "GitHub Actions": (lambda n: f"build\tRun lmp\t{stamp(n)}Z ", True),
    "GitLab CI": (lambda n: f"{stamp(n)}Z 00O ", True),
    "stern": (lambda n: "lammps-0-x2k9p lammps ", True),
    "stern in colour": (lambda n: "\x1b[38;5;33mlammps-0-x2k9p\x1b[0m \x1b[1mlammps\x1b[0m ", True),
    "docker compose with times": (lambda n: f"lammps-1  | {stamp(n)}Z ", True),
    "pdsh": (lambda n: "n01: ", True),
    "clush": (lambda n: "node[01-04]: ", True),
    "parallel --tag": (lambda n: "lmp -in in.lj\t", True),
    "ts -s": (lambda n: f"00:{n // 60:02d}:{n % 60:02d} ", True),
    "ts %.s": (lambda n: f"{1716019312 + n * 0.31:.6f} ", True),
    "syslog of 2001": (
        lambda n: f"<14>May 18 08:{n // 60 % 60:02d}:{n % 60:02d} n01 lmp[7]: ",
        True,
    ),
    "syslog of 2009": (lambda n: f"<14>1 {stamp(n)}Z n01 lammps 77 - - ", True),
    "journalctl -o short-iso": (lambda n: f"{stamp(n).partition('.')[0]}+0000 n01 lmp[7]: ", True),
    "logging": (lambda n: f"2024-05-18 08:01:{n % 60:02d},{n % 1000:03d} - lmp - INFO - ", True),
    "Airflow": (
        lambda n: f"[2024-05-18, 08:01:{n % 60:02d} UTC] {{subprocess.py:93}} INFO - ",
        True,
    ),
    "logcli": (lambda n: f'{stamp(n)}Z {{app="lammps", pod="lammps-0"}} ', True),
    "jsrun": (lambda n: "[0,0]", True),
    "PALS": (lambda n: "x1000c0s0b0n0 0: ", True),
    "Ray": (lambda n: "\x1b[36m(lmp pid=1234, ip=10.0.0.7)\x1b[0m ", True),
    "grep -n in files": (lambda n: f"run-1/log.lammps:{n}:", True),
    "a comment": (lambda n: "# ", True),
    "colours": (lambda n: "\x1b[36mlammps-1  |\x1b[0m ", True),
    "colours of a time": (lambda n: f"\x1b[1;32m{stamp(n)}Z\x1b[0m \x1b[K", True),
}


def head(data, name):
    """Return a log each of whose lines is headed."""
    prefix, keeps = PREFIXES[name]
    lines = []
    for n, line in enumerate(data.replace(b"\r", b"").split(b"\n")[:-1], 1):
        headed = prefix(n).encode() + line
        lines.append(headed if keeps else headed.rstrip(b" "))
    return b"\n".join(lines) + b"\n"


def reading_of(reader, data):
    (reading,) = READERS[reader].read(data, {})
    return reading


def test_there_are_many_forms():
    assert len(PREFIXES) >= 45


@given(st.data())
@settings(max_examples=12, deadline=None)
@pytest.mark.parametrize("name", PREFIXES)
def test_any_prefix_of_a_rendered_log_leaves_its_figures(name, data):
    trial = data.draw(st.sampled_from(TRIALS))
    reader = data.draw(st.sampled_from(sorted({trial["operator"], "lammps"} & RENDER.keys())))
    log = RENDER[reader](trial)
    bare = reading_of(reader, log)
    headed = reading_of(reader, head(log, name))
    prefix = headed.figures["prefix"]
    assert prefix
    assert find_secrets(prefix) == []
    assert {n: v for n, v in headed.figures.items() if n != "prefix"} == bare.figures
    assert (headed.status, headed.reason) == (bare.status, bare.reason)
    assert [found.name for found in readers_of(head(log, name))] == [
        found.name for found in readers_of(log)
    ]


@pytest.mark.parametrize("name", PREFIXES)
def test_a_prefix_can_be_taken_off_a_log_of_each_sample(name, sample):
    for case in ("2021-09-crash", "2023-08-yaml", "2024-08-rhodo", "2025-07-multi"):
        bare, headed = (
            reading_of("lammps", log) for log in (sample(case), head(sample(case), name))
        )
        figures = {n: v for n, v in headed.figures.items() if n != "prefix"}
        assert (figures, headed.status, headed.reason) == (bare.figures, bare.status, bare.reason)


def test_a_log_without_a_prefix_has_none(sample):
    assert "prefix" not in reading_of("lammps", sample("2024-08-rhodo")).figures


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2024-05-18T08:01:52.223912064Z LAMMPS (29 Sep 2021)", "2024-05-18T08:01:52.223912064Z"),
        ("[1,0]<stdout>:LAMMPS (29 Sep 2021)", "[1,0]<stdout>:"),
        ("lammps-1  | LAMMPS (29 Sep 2021)", "lammps-1 |"),
        (
            "May 18 08:01:07 n01 lammps[77]: LAMMPS (29 Sep 2021)",
            "May 18 08:01:07 [name]01 lammps[77]:",
        ),
        ("[worker] LAMMPS (29 Sep 2021)", "[[name]]"),
        ("(pid=77, ip=10.0.0.7) LAMMPS (29 Sep 2021)", "([name]=77, [name]=[address])"),
        ("cluster-a.example.com 0: LAMMPS (29 Sep 2021)", "[name]-[name].[name].[name] 0:"),
    ],
    ids=["time", "task", "container", "journal", "brackets", "address", "host"],
)
def test_what_was_taken_off_is_said_without_names(line, published):
    assert plain(f"{line}\n".encode()).prefix == published


def test_the_words_of_a_job_script_about_lammps_are_no_prefix():
    log = b"Running LAMMPS (29 Sep 2021)\nLAMMPS (29 Sep 2021)\nRunning 1\n"
    assert plain(log).text == log


def test_lines_of_others_keep_what_looks_otherwise():
    log = b"0: LAMMPS (29 Sep 2021)\n12: Loop time\nsrun: error: n01: task 3: Killed\n1:2: x\n"
    assert (
        plain(log).text
        == b"LAMMPS (29 Sep 2021)\nLoop time\nsrun: error: n01: task 3: Killed\n1:2: x\n"
    )


def test_what_heads_a_log_in_which_lammps_never_began_is_taken_off_as_well():
    for head_of in ("2024-05-18T08:01:52.1Z ", "0: ", "[1,3]<stderr>:"):
        log = f"{head_of}bash: lmp: command not found\n{head_of}bye\n".encode()
        reading = reading_of("lammps", log)
        assert reading.reason == "the application did not start: command not found", head_of


def test_a_log_that_was_packed_into_json_is_unpacked(sample):
    lines = sample("2024-08-rhodo").decode().splitlines()
    packed = json.dumps({"data": {"data": ["METRICS OPERATOR TIMEPOINT", *lines]}}).encode()
    figures = reading_of("metrics-operator", packed).figures
    bare = reading_of("lammps", sample("2024-08-rhodo")).figures
    assert {name: figures[name] for name in bare} == bare


TIME = "2024-05-18T08:01:52Z"
# What a collector makes of a line.
RECORDS = {
    "Docker": lambda line: {"log": f"{line}\n", "stream": "stdout", "time": TIME},
    "a message": lambda line: {"message": line},
    "Loki": lambda line: {"labels": {"app": "x"}, "line": line, "timestamp": TIME},
    "journald": lambda line: {"_HOSTNAME": "n01", "MESSAGE": line},
    "Google": lambda line: {"insertId": "x", "textPayload": f"{line}\n", "timestamp": TIME},
    "Azure": lambda line: {"TimeGenerated": TIME, "LogEntry": line},
    "OpenTelemetry": lambda line: {"body": {"stringValue": line}, "severityText": "INFO"},
    "Elasticsearch": lambda line: {"_source": {"message": line}},
}


@pytest.mark.parametrize("collector", RECORDS)
@pytest.mark.parametrize("form", ["a line each", "after a time", "a list", "in an object"])
def test_a_log_of_records_is_unpacked(sample, collector, form):
    log = sample("2024-08-rhodo")
    records = [RECORDS[collector](line) for line in log.decode().splitlines()]
    head = "2024-05-18 08:01:52 +0000 kube.lammps: " if form == "after a time" else ""
    if form in ("a line each", "after a time"):
        packed = "".join(f"{head}{json.dumps(record)}\n" for record in records)
    else:
        packed = json.dumps(records if form == "a list" else {"events": records}, indent=1)
    assert reading_of("lammps", packed.encode()) == reading_of("lammps", log)


def test_records_of_a_log_in_which_lammps_never_began_are_unpacked_as_well():
    packed = json.dumps({"log": "bash: lmp: command not found\n", "stream": "stderr"})
    assert reading_of("lammps", packed.encode()).reason.endswith("command not found")


@pytest.mark.parametrize(
    "around",
    [
        "section_start:1560896352:step\r\x1b[0K{}section_end:1560896353:step\r\x1b[0K\n",
        '\x1b[?25lScript started on 2024-05-18 [TERM="xterm"]\n{}\nScript done on x\n',
        "\x1b]0;title\x07{}",
        "##[group]Run lmp\n{}##[endgroup]\n",
        "```\n{}```\n",
    ],
    ids=["GitLab", "script", "title", "GitHub", "Markdown"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
def test_what_a_terminal_writes_about_a_log_changes_nothing(sample, around, end):
    log = sample("2024-08-rhodo").decode()
    packed = around.format(log).replace("\n", end)
    assert reading_of("lammps", packed.encode()) == reading_of("lammps", log.encode())
