"""Lines that stand together are read at once, which must make no difference but in time.

The reference is the same table without its passages, which reads line by line.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heteroscope.logs import flux_operator, lammps, mpi_operator
from heteroscope.logs.lines import Line, LineTable
from rendering import (
    read_figures,
    render_flux_operator,
    render_lammps,
    render_mpi_operator,
)

DATA = Path(__file__).resolve().parents[3] / "data"
SAMPLES = sorted((Path(__file__).parent / "samples").rglob("*.*"))
FORMATS = {
    "flux-operator": (flux_operator, render_flux_operator),
    "mpi-operator": (mpi_operator, render_mpi_operator),
    "lammps": (lammps, render_lammps),
}
TRIALS = read_figures(DATA / "measured.csv")[::23]
LOGS = [
    *(
        (module, render(trial))
        for name, (module, render) in FORMATS.items()
        for trial in TRIALS
        if name in (trial["operator"], "lammps")
    ),
    *((lammps, sample.read_bytes()) for sample in SAMPLES if sample.is_file()),
]
LINES = sorted({line for _, log in LOGS for line in log.split(b"\n")})


def read_both_ways(module, data):
    """Return what the format's reader says with the passages of its table, and without them."""
    with pytest.MonkeyPatch.context() as patch:
        at_once = module.read(data, {})
        patch.setattr(module, "_TABLE", LineTable(module._TABLE.lines))
        return at_once, module.read(data, {})


def edit(data, edits):
    """Return a log with lines taken out, cut off, copied, moved, indented and changed."""
    lines = data.split(b"\n")
    for what, where, other, byte in edits:
        at, to = where % len(lines), other % len(lines)
        line = lines[at]
        match what:
            case "take out" if len(lines) > 1:
                del lines[at]
            case "copy":
                lines.insert(to, line)
            case "move":
                lines[at], lines[to] = lines[to], lines[at]
            case "insert":
                lines.insert(at, LINES[other % len(LINES)])
            case "cut off":
                lines[at] = line[: other % (len(line) + 1)]
            case "change" if line:
                place = other % len(line)
                lines[at] = line[:place] + bytes([byte]) + line[place + 1 :]
            case "indent":
                lines[at : at + 1] = [b"", b" \t" + line + b" \r", b" "]
            case "end":
                del lines[at + 1 :]
    return b"\n".join(lines)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            ["take out", "copy", "move", "insert", "cut off", "change", "indent", "end"]
        ),
        st.integers(0, 400),
        st.integers(0, 400),
        st.sampled_from(b"0123456789.-+e: \t|\rnaf\xc6"),
    ),
    max_size=6,
)


@pytest.mark.parametrize("number", range(len(LOGS)))
def test_a_passage_says_what_its_lines_say(number):
    module, data = LOGS[number]
    at_once, one_by_one = read_both_ways(module, data)
    assert at_once == one_by_one


@settings(max_examples=400)
@given(st.sampled_from(LOGS), EDITS)
def test_a_damaged_passage_says_what_its_lines_say(log, edits):
    module, data = log
    at_once, one_by_one = read_both_ways(module, edit(data, edits))
    assert at_once == one_by_one


def test_most_lines_of_a_log_are_read_at_once():
    module, render = FORMATS["flux-operator"]
    data = render(next(trial for trial in TRIALS if trial["operator"] == "flux-operator"))
    at_once = list(module._TABLE.findings(data))
    one_by_one = list(LineTable(module._TABLE.lines).findings(data))
    assert len(at_once) < len(one_by_one) / 1.5


LOST = Line("rank {:integer} lost due to {:rest}", count="lost")
PAIR = Line("Pair took {pair_time:number s} s", per_run=True)
COMM = Line("Comm took {comm_time:number s} s", per_run=True)
WORD = Line("{:name} --> {:word}", count="mapped")


def findings(lines, passage, text):
    return [
        (line.template[:4], figures, times)
        for _, line, _, figures, times in LineTable(lines, [passage]).findings(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"Pair took 1 s\nx\nComm took 2 s\n", [("Pair", {"pair_time": 1, "comm_time": 2}, 1)]),
        (b"Pair took 1 s", [("Pair", {"pair_time": 1}, 1)]),
        # What stands between starts like a line of a known kind.
        (
            b"Pair took 1 s\nComm too slow\nComm took 2 s",
            [("Pair", {"pair_time": 1}, 1), ("Comm", {"comm_time": 2}, 1)],
        ),
        # A number that is none: each line speaks for itself.
        (
            b"Pair took 1 s\nComm took 1.2.3 s\n",
            [("Pair", {"pair_time": 1}, 1), ("Comm", None, 1)],
        ),
    ],
)
def test_neighbours_are_one_finding(text, expected):
    passage = "Pair took 1 s\n...\nComm took 1 s\n"
    assert findings([PAIR, COMM], passage, text) == expected


def test_a_figure_that_two_lines_of_a_passage_contradict_is_read_line_by_line():
    passage = "Pair took 1 s\nPair took 1 s\n"
    same, other = b"Pair took 1 s\nPair took 1 s\n", b"Pair took 1 s\nPair took 2 s\n"
    assert findings([PAIR], passage, same) == [("Pair", {"pair_time": 1}, 1)]
    assert findings([PAIR], passage, other) == [
        ("Pair", {"pair_time": 1}, 1),
        ("Pair", {"pair_time": 2}, 1),
    ]


def test_lines_that_are_counted_are_one_finding():
    text = b"rank 1 lost due to x\r\n  rank 2 lost due to y\nrank 3 lost due to \nrank 4 lost"
    assert findings([LOST], "rank 1 lost due to x", text) == [("rank", {}, 2)]


def test_a_line_that_starts_with_any_word_is_not_passed_over():
    text = b"Pair took 1 s\na --> b\nComm took 2 s\n"
    assert findings([PAIR, COMM, WORD], "Pair took 1 s\n...\nComm took 1 s\n", text) == [
        ("Pair", {"pair_time": 1}, 1),
        ("{:na", {}, 1),
        ("Comm", {"comm_time": 2}, 1),
    ]
