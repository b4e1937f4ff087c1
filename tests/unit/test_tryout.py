"""`try` shows which template matches which line; `guess` proposes templates."""

from pathlib import Path

import pytest
import yaml

from heteroscope import logs
from heteroscope.__main__ import main
from heteroscope.campaign import vocabulary
from heteroscope.campaign.configuration import checked
from heteroscope.campaign.tryout import tryout
from heteroscope.logs.guess import guess
from heteroscope.metrics import UserError

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "applications").glob("*.out"))
APPLICATION = """
figures:
  rate: {line: "Rate: {} GB/s", unit: GB/s, better: higher}
  time: {line: "Elapsed time = {} s", unit: s}
done: END
"""


def files(folder: Path, log: str, config: str = APPLICATION) -> tuple[Path, Path]:
    (folder / "code.yaml").write_text(config)
    (folder / "run.log").write_text(log)
    return folder / "code.yaml", folder / "run.log"


def test_each_line_that_matches_is_shown_with_its_figure(tmp_path: Path) -> None:
    told = list(tryout(*files(tmp_path, "Rate: 3.5 GB/s\nElapsed time = 2 s\nEND\n")))
    assert told == [
        "run.log: code",
        "  line 1: rate = 3.5: Rate: 3.5 GB/s",
        "  line 2: time = 2.0: Elapsed time = 2 s",
        "  line 3: done: END",
        "figures:",
        "  rate: 3.5 GB/s",
        "  time: 2 s",
        "status: ok",
    ]


def test_what_is_missing_is_told_with_the_nearest_line(tmp_path: Path) -> None:
    told = list(tryout(*files(tmp_path, "Rate: nan GB/s\nElapsed time was 2 s\n")))
    assert "  line 1: begins like rate, but is not `Rate: {} GB/s`: Rate: nan GB/s" in told
    assert any(
        "no time: no line is `Elapsed time = {} s`; the nearest is Elapsed time was" in line
        for line in told
    )
    assert told[-1].startswith("status: no_output")


def test_a_campaign_is_tried_with_the_application_of_the_run(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    other = "{figures: {n: {line: 'Rate: {} GB/s', unit: GB/s}}}"
    indented = APPLICATION.replace("\n", "\n    ")
    config, log = files(
        tmp_path,
        "Rate: 3.5 GB/s\nEND\n",
        f"applications:\n  other: {other}\n  code:{indented}\n"
        "runs:\n  a: {directory: ., application: code}\n",
    )
    assert next(tryout(config, log)) == "run.log: code"


def test_of_two_runs_in_one_folder_the_one_whose_logs_it_is_counts(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    figures = "{figures: {n: {line: 'Rate: {} GB/s', unit: GB/s}}}"
    config, log = files(
        tmp_path,
        "Rate: 3.5 GB/s\n",
        f"applications: {{one: {figures}, other: {figures}}}\nruns:\n"
        "  a: {directory: ., application: one, logs: 'one-{repetition}.log'}\n"
        "  b: {directory: ., application: other, logs: '{repetition}un.log'}\n"
        "  c: {directory: ., application: other, logs: '{name}.log'}\n",
    )
    assert next(tryout(config, log)) == "run.log: other"


def test_the_nearest_line_of_a_short_template_is_found(tmp_path: Path) -> None:
    told = list(
        tryout(*files(tmp_path, "FOM = 3.5 (z/s)\n", "figures: {n: {line: 'FOM = {}', unit: z}}"))
    )
    assert "  line 1: begins like n, but is not `FOM = {}`: FOM = 3.5 (z/s)" in told
    assert "  no n: no line is `FOM = {}`; the nearest is FOM = 3.5 (z/s)" in told


def test_the_output_of_a_shipped_application_is_known(tmp_path: Path) -> None:
    hpl = (SAMPLES[0].parent / "hpl.out").read_text()
    told = list(tryout(*files(tmp_path, hpl)))
    assert told[-1] == "it looks like the output of hpl: `application: hpl`"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("figures: {a: {line: FOM: {} s}}", "is no YAML: while parsing a flow mapping at line 1"),
        ("figures:\n  a:\n    line: FOM: {}\n", "(are all templates in quotes?)"),
        ("figures: &f {a: *f}", "is no YAML: it is nested without an end"),
        ("a: &a [*a]", "is no YAML: it is nested without an end"),
        ("- a", "expected a campaign"),
        ("", "expected a campaign"),
        ("applications: {x: none.yaml}", "applications.x: none.yaml cannot be read: No such file"),
    ],
)
def test_a_mistake_in_yaml_is_told(tmp_path: Path, config: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        list(tryout(*files(tmp_path, "FOM 3\n", config)))
    assert told in str(caught.value)


def test_a_file_that_is_no_configuration_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="expected a campaign"):
        list(tryout(*files(tmp_path, "", "just words")))
    with pytest.raises(UserError, match="No such file"):
        list(tryout(tmp_path / "none.yaml", tmp_path / "run.log"))


@pytest.mark.parametrize(
    ("line", "template", "unit", "higher"),
    [
        ("Rate: 3.5 GB/s", "Rate: {} GB/s", "GB/s", True),
        ("  Grind time :   8.3e-09 [(seconds/iteration)/unknowns]",
         "Grind time : {} [(seconds/iteration)/unknowns]", "(seconds/iteration)/unknowns", False),
        ("Figure of Merit (FOM): nnz / (Setup + 3 * Solve) 8.9e+08",
         "Figure of Merit (FOM): nnz / (Setup + {_} * Solve) {}", "1/s", True),
        ("FOM_Setup: nnz_AP / Setup Phase Time: 4.7e+09",
         "FOM_Setup: nnz_AP / Setup Phase Time: {}", "1/s", True),
        # As LULESH, CoMD, HPCC, Graph 500, WRF, pgbench, redis-benchmark, sysbench print theirs.
        ("FOM                  =  19501.176 (z/s)", "FOM = {} (z/s)", "z/s", True),
        ("Grind time (us/z/c)  = 0.4102 (per dom)  (0.0512 overall)",
         "Grind time (us/z/c) = {} (per dom) ({_} overall)", "us/z/c", False),
        (" Average atom update rate:       1.46 us/atom/task",
         "Average atom update rate: {} us/atom/task", "us/atom/task", False),
        ("HPL_Tflops=0.412042", "HPL_Tflops={}", "Tflops", True),
        ("MaxPingPongLatency_usec=1.71", "MaxPingPongLatency_usec={}", "us", False),
        ("Time for BFS 0 is 0.042042", "Time for BFS {_} is {}", "s", False),
        ("bfs  harmonic_mean_TEPS:     !  3.88e+08", "bfs harmonic_mean_TEPS: ! {}", "TEPS", True),
        ("Timing for main: time 2024-11-25_00:01:12 on domain   1:    4.20420 elapsed seconds",
         "Timing for main: time {_} on domain {_}: {} elapsed seconds", "s", False),
        ("tps = 700.84 (without initial connection time)",
         "tps = {} (without initial connection time)", "1/s", True),
        ("  throughput summary: 108695.65 requests per second",
         "throughput summary: {} requests per second", "requests/s", True),
        ("    total time:                          10.0007s", "total time: {}s", "s", False),
        ("[  5]   0.00-10.00  sec  10.9 GBytes  9.40 Gbits/sec    2             sender",
         "[ {_}] {_} sec {_} GBytes {} Gbits/sec {_} sender", "Gbits/s", True),
        ("real\t1m36.570s", "real {}", "s", False),
        ("Total wall time: 0:01:24", "Total wall time: {}", "s", False),
    ],
)  # fmt: skip
def test_lines_of_merit_become_templates(line: str, template: str, unit: str, higher: bool) -> None:
    (found,) = guess(f"hello 3\n{line}\n".encode())
    assert (found.template, found.unit, found.higher) == (template, unit, higher)


def test_each_figure_of_a_line_is_proposed() -> None:
    """The lines are those of NAMD, of a GEMM and of Quantum ESPRESSO."""
    found = guess(
        b"WallClock: 20.5 CPUTime: 20.4 Memory: 1257.9 MB\n"
        b"Performance= 370.99 GFlop/s, Time= 5.391 msec, Size= 2000 Ops\n"
        b"     PWSCF        :   1h 2m CPU   1h 5m WALL\n"
    )
    assert [(each.template, each.unit, each.higher, each.kind) for each in found] == [
        ("WallClock: {} CPUTime: {_} Memory: {_} MB", "s", False, "number"),
        ("WallClock: {_} CPUTime: {} Memory: {_} MB", "s", False, "number"),
        ("Performance= {} GFlop/s, Time= {_} msec, Size= {_} Ops", "GFlop/s", True, "number"),
        ("Performance= {_} GFlop/s, Time= {} msec, Size= {_} Ops", "ms", False, "number"),
        ("PWSCF : {} CPU {_} {_} WALL", "s", False, "duration"),
        ("PWSCF : {_} {_} CPU {} WALL", "s", False, "duration"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Problem 1: AMG Setup Time:", "Number of iterations: 3", "SUMMARY rate: (of 1 iterations)",
        "StartTime           : Mon Nov 25 10:10:10 2024", "cpu: usr=24.12%", "ranks 8 of 16",
    ],
)  # fmt: skip
def test_what_is_no_figure_is_not_proposed(line: str) -> None:
    assert guess(f"{line}\n".encode()) == []


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("# Size     Latency (us)\n0   1.50\n8   1.60\n\nother 3 4\n",
         [("0 {}", "us"), ("8 {}", "us")]),
        ("# Size  Bandwidth (MB/s)\n# Datatype: MPI_CHAR.\n8   25.7   Pass\n",
         [("8 {} {_}", "MB/s")]),
        ("Timer    Count   Seconds\n-----    -----   -------\nLTimes   10      1.25\n",
         [("LTimes {_} {}", "s")]),
        ("access    bw(MiB/s)  IOPS       Latency(s)  block(KiB) xfer(KiB)\n------    ---------\n"
         "write     1024.50    1030.10    0.031010    16384      1024.00\n",
         [("write {} {_} {_} {_} {_}", "MiB/s")]),
        ("SUMMARY rate: (of 1 iterations)\n   Operation      Max       Min      Mean   Std Dev\n"
         "   ---------      ---       ---      ----   -------\n"
         "   File creation        :   6540.124    6540.120    6540.122      0.000\n",
         [("File creation : {_} {_} {} {_}", "1/s")]),
        ("Latency (ms):\n    min:   0.90\n    95th percentile:    0.97\n",
         [("min: {}", "ms"), ("95th percentile: {}", "ms")]),
        ("  latency summary (msec):\n     avg       min\n   0.242     0.080\n",
         [("{} {_}", "ms")]),
        # What says itself what it is, and what stands apart, is no row.
        ("Memory and Timing\ntotal GFLOPS:   4.2\n\nwarnings: 3\n",
         [("total GFLOPS: {}", "GFLOPS")]),
    ],
)  # fmt: skip
def test_rows_of_a_table_become_templates(table: str, rows: list[tuple[str, str]]) -> None:
    assert [(each.template, each.unit) for each in guess(table.encode())] == rows


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_proposal_finds_its_figure_in_the_log_that_it_is_from(sample: Path) -> None:
    data = sample.read_bytes()
    found = guess(data)
    figures = {each.name: {**yaml.safe_load(each.yaml())[each.name], "take": "first"}
               for each in found}  # fmt: skip
    entry = checked({"figures": figures}, "applications")
    vocabulary.check(entry, "")
    logs.declare({"applications": {"code": entry}})
    (reading,) = logs.readers("code")["code"].read(data, {})
    assert found
    assert figures.keys() <= reading.figures.keys()


def test_what_is_proposed_can_be_read_back(tmp_path: Path, capsys) -> None:
    log = "Rate: 3.5 GB/s\nElapsed time = 2 s\n"
    _, path = files(tmp_path, log)
    assert main(["guess", str(path)]) == 0
    proposed = yaml.safe_load(capsys.readouterr().out)
    (tmp_path / "new.yaml").write_text(
        yaml.safe_dump(proposed["applications"]["my-application"], sort_keys=False)
    )
    told = list(tryout(tmp_path / "new.yaml", path))
    assert told[-3:] == ["  rate: 3.5 GB/s", "  elapsed_time: 2 s", "status: ok"]


def test_a_log_without_merit_is_told(tmp_path: Path, capsys) -> None:
    _, path = files(tmp_path, "hello\n")
    assert main(["guess", str(path)]) == 2
    assert "no line holds a number beside a word" in capsys.readouterr().err
