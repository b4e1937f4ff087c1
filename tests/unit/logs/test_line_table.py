"""The table of lines: line ends, numbers of lines, and time that stays linear."""

import time

import pytest

from heteroscope.logs import READERS
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.plain import plain

TABLE = LineTable(
    [
        Line("Total wall time: {walltime:clock s}"),
        Line("* took {*_time:number s} s", keys=("Pair", "Comm")),
        Line("job {job:name} reached * after {at_*:duration s}", keys=("start", "exec.init")),
        Line("{share:number %}% of all"),
        Line("{:name} ran {pods:integer} pods", collect="hosts"),
    ]
)


def found(data):
    data = plain(data).text
    return [(number, dict(figures or ())) for number, _, _, figures in TABLE.findings(data)]


@pytest.mark.parametrize(
    "end", [b"\n", b"\r\n", b"\r", b"\r\r\n"], ids=["LF", "CRLF", "CR", "CRCRLF"]
)
def test_any_line_end_parts_lines_and_counts_once(end):
    data = end.join([b"x", b"", b"  Pair took 1.5 s  ", b"\tTotal wall time: 0:01:00", b"y"])
    assert found(data) == [(3, {"pair_time": 1.5}), (4, {"walltime": 60.0})]


def test_line_ends_may_be_mixed():
    assert [number for number, _ in found(b"a\nb\r\nc\r\r\nPair took 1 s\rComm took 2 s")] == [4, 5]


def test_a_key_may_stand_at_the_start_or_inside():
    assert found(b"job a reached exec.init after 2ms\n") == [
        (1, {"job": "a", "at_exec_init": 0.002})
    ]
    assert TABLE.names() == {
        **{"walltime": "s", "pair_time": "s", "comm_time": "s"},
        **{"job": "", "at_start": "s", "at_exec_init": "s", "share": "%"},
    }


def test_a_line_may_begin_with_a_figure_or_with_any_word():
    assert found(b"99.5% of all\n.5% of all\nnode-1 ran 3 pods") == [
        (1, {"share": 99.5}),
        (2, {"share": 0.5}),
        (3, {"pods": 3}),
    ]


def test_a_row_that_begins_with_digits_hides_none_that_begins_with_any_number():
    table = LineTable([Line("1024 {latency:real}", shared=True), Line("{share:number %}% of all")])
    lines = b"1024 1.5\n10.5% of all\n1024% of all\n"
    assert [figures for *_, figures in table.findings(lines)] == [
        {"latency": 1.5},
        {"share": 10.5},
        {"share": 1024.0},
    ]


def test_a_number_and_a_word_may_begin_alike():
    table = LineTable([Line("20{told:rest} died"), Line("{step:integer} {temp:number}")])
    lines = b"20 300.5\n200 301\n2014 died\n"
    assert [figures for *_, figures in table.findings(lines)] == [
        {"step": 20, "temp": 300.5},
        {"step": 200, "temp": 301.0},
        {"told": "14"},
    ]


def test_only_whole_lines_match():
    assert found(b"x Total wall time: 0:01:00\n+ echo Pair took 1 s\nnode-1 ran 3 pods!") == []


def test_what_follows_in_a_very_long_line_is_not_forgotten():
    assert found(b"Pair took 1 s" + b" " * 100_000) == [(1, {"pair_time": 1.0})]
    ((_, _, _, figures),) = TABLE.findings(b"Pair took 1 s" + b" " * 100_000 + b"x")
    assert figures is None


MEGABYTES = 10
LONG_LINES = {
    "blanks": b" " * 60_000 + b"x",
    "blanks after a head": b"Loop time of" + b" " * 60_000 + b"x",
    "blanks after a command": b"broker.info[0]: rc2.0: x" + b" " * 60_000 + b"x",
    "ends of a command": b"broker.info[0]: rc2.0: x" + b" Exited (rc=0) 1x" * 3_000,
    "digits": b"1" * 60_000 + b"x",
    "digits after a head": b"Loop time of " + b"1" * 60_000,
    "numbers": b"1 " * 30_000 + b"x",
    "columns": b"Pair | " + b"1 | " * 15_000,
    "dashes": b"-" * 60_000,
    "slots": b"Ranks: 1, pods: 1, pods per node: "
    + b"Slots per pod: 1, GiB memory per pod: x" * 1_500,
    "losses": b"broker.err[0]: a (rank 1) " + b"transitioning to LOST due " * 2_000,
    "arrows": b"a --> b " * 7_000,
    "pods": b"a ran 1 pods in zone " * 2_500,
    "shares": b"9" + b"% CPU use" * 6_000,
    "brackets": b"[" * 60_000,
    "parentheses": b"ERROR: " + b"(" * 60_000,
    "starts of tokens": b"ERROR: " + b"eyJ-" * 15_000,
    "secrets": b"ERROR: " + b"token= /a/b@c.d 1.2.3.4 ip-1-2- eyJ" * 1_500,
}


MANY_LINES = {
    "banners": b"LAMMPS (29 Sep 2021)\n",
    "prefixes": b"1 1 1 1 LAMMPS (29 Sep 2021)\n",
    "jobs": b"LAMMPS (29 Sep 2021)\nTotal wall time: 0:00:01\n",
    "script": b"Start time: 1725159496\nLAMMPS (x)\n",
    "numbered": b"FLUX-RUN START a\nFLUX-JOB START 1 a\n{}\n",
    "jobspecs": b"START OF JOBSPEC\nSTART OF EVENTLOG\n{\n",
    "records": b'{"log": "Loop time of 1 on 1 procs"}\n',
    "timepoints": b"METRICS OPERATOR TIMEPOINT\n",
}


@pytest.mark.parametrize("name", MANY_LINES)
@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_what_stands_again_and_again_takes_linear_time(reader, name):
    lines = MANY_LINES[name]
    start = time.process_time()
    reader.read(lines * (500_000 // len(lines)), {})
    assert time.process_time() - start < 3


def test_a_head_of_many_digits_takes_linear_time():
    head = b"1" * 150
    start = time.process_time()
    plain(head + b"x LAMMPS (29 Sep 2021)\n" + (head + b"\n") * 10_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("name", LONG_LINES)
@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_ten_megabytes_of_nasty_lines_take_less_than_a_second(reader, name):
    line = LONG_LINES[name] + b"\n"
    data = line * (MEGABYTES * 1_000_000 // len(line))
    start = time.process_time()
    reader.read(data, {})
    assert time.process_time() - start < 1


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_one_line_of_ten_megabytes_takes_less_than_a_second(reader):
    for start_of_line in (b"Loop time of ", b"ERROR: ", b"", b"[", "ƒ".encode()):
        start = time.process_time()
        reader.read(start_of_line + b"1" * (MEGABYTES * 1_000_000), {})
        assert time.process_time() - start < 1
