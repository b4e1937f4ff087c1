"""Applications that are declared in YAML: templates, what is taken, and what is refused."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from heteroscope import logs
from heteroscope.campaign import vocabulary
from heteroscope.campaign.configuration import checked
from heteroscope.logs.reader import Reading
from heteroscope.metrics import METRICS, Status, UserError


def declare(text: str) -> dict[str, Any]:
    """Declare an application called code, as its own file would."""
    entry = checked(yaml.safe_load(text), "applications")
    vocabulary.check(entry, "")
    logs.declare({"applications": {"code": entry}})
    return entry


def read(log: str, reader: str = "code") -> Reading:
    (reading,) = logs.readers("code")[reader].read(log.encode(), {})
    return reading


def figure(line: str, text: str, **keys: Any) -> Any:
    """Return what a figure of one line is of a log; None where it is missing."""
    declare(yaml.safe_dump({"figures": {"x": {"line": line, "unit": "s", **keys}}}))
    return read(text + "\n").figures.get("x")


@pytest.mark.parametrize(
    ("line", "text", "value"),
    [
        ("FOM {}", "FOM 6.59e+09", 6.59e9),
        ("FOM {}", "FOM   6.59e+09   ", 6.59e9),
        ("FOM {}", "\tFOM\t-1.5", -1.5),
        ("FOM {}", "FOM +.5", 0.5),
        ("FOM {}", "FOM 1.5D+03", 1500.0),
        ("FOM {}", "FOM 7", 7.0),
        # A template is a whole line: part of a number is no number, and part of a line no line.
        ("FOM {}", "FOM 6.59e+", None),
        ("FOM {}", "FOM 6.59 GB", None),
        ("FOM {}", "the FOM 6.59", None),
        ("FOM {}", "FOM nan", None),
        ("FOM {}", "FOM inf", None),
        ("FOM {}", "FOM 1e999", None),
        ("FOM {}", "FOM 1.2.3", None),
        # Nothing else is special.
        ("a*b (c|d) [^e] {} $%\\", "a*b (c|d) [^e] 3 $%\\", 3.0),
        ("{x} {} {y", "{x} 3 {y", 3.0),
        ("{x} {} }", "{x} 3 }", 3.0),
        ("| max | {} |", "| max | 3 |", 3.0),
        # A word, attached to others or not.
        ("W{_} {_} {}", "WR11C2R4 29184 5.89e+02", 589.0),
        ("rank={_}, time={}s", "rank=12, time=3.5s", 3.5),
        ("{_}: {}", "node: 4", 4.0),
        ("{_} {}", "two words 4", None),
        # The rest, be it nothing.
        ("FOM {} {...}", "FOM 4 GB/s, good", 4.0),
        ("FOM {} {...}", "FOM 4", 4.0),
        ("{...} FOM {}", "run 3 of FOM FOM 4", 4.0),
        ("{...} {}", "as much as is needed: 4.5", 4.5),
        ("a{...}b{...}c {}", "a1b2b3c c 7", 7.0),
        ("a{...}b{...}c {}", "a1c 7", None),
        ("µ {}", "µ 3", 3.0),
    ],
)
def test_a_template_is_a_whole_line(line: str, text: str, value: float | None) -> None:
    assert figure(line, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("clock", "1:02:03", 3723.0),
        ("clock", "02:03.5", 123.5),
        ("clock", "1-00:00:01", 86401.0),
        ("duration", "250ms", 0.25),
        ("duration", "1h2m3.5s", 3723.5),
        ("duration", "12 µs", 12e-6),
        ("duration", "3 min", 180.0),
        ("duration", "3", None),
        ("clock", "3", None),
    ],
)
def test_kinds_of_figures(kind: str, text: str, value: float | None) -> None:
    assert figure("T = {}", f"T = {text}", kind=kind) == value


@pytest.mark.parametrize(
    ("take", "value"),
    [("first", 3.0), ("last", 2.0), ("min", 1.0), ("max", 3.0), ("sum", 6.0), ("mean", 2.0)],
)
def test_which_of_several_counts(take: str, value: float) -> None:
    assert figure("t {}", "t 3\nt 1\nt 2", take=take) == value


def test_lines_are_counted() -> None:
    assert figure("step {_} done", "step 1 done\nstep 2 done\nstep 3", take="count") == 2
    assert figure("step {_} done", "none", take="count") == 0


def test_two_values_are_a_conflict_and_the_remedy_is_told() -> None:
    assert figure("t {}", "t 3\nt 3.0") == 3
    assert figure("t {}", "t 3\nt 1") is None
    reading = read("t 3\nt 1\n")
    assert (reading.status, reading.conflicts) == (Status.INCOMPLETE, ("x",))
    assert "x stands as 3.0 and 1.0; which counts is for `take` to say" in reading.reason


def test_a_factor_leaves_no_binary_noise() -> None:
    assert figure("t {} ms", "t 1234.5 ms", times=0.001) == 1.2345
    assert figure("t {}", "t 0.7", times=3) == 2.1


def test_one_line_has_several_figures() -> None:
    declare("""
    figures:
      n: {line: "W{_} {} {_} {_}"}
      time: {line: "W{_} {_} {} {_}", unit: s}
      gflops: {line: "W{_} {_} {_} {}", unit: GFlop/s, better: higher}
    """)
    reading = read("WR11C2R4 29184 28.14 5.890e+02\n")
    assert reading.figures == {"n": 29184, "time": 28.14, "gflops": 589.0}
    assert isinstance(reading.figures["n"], int)


def test_alternatives_of_versions() -> None:
    text = 'figures: {x: {line: ["FOM {}", "Figure of merit = {}"], unit: 1/s}}'
    declare(text)
    assert read("Figure of merit = 3\n").figures == read("FOM 3\n").figures == {"x": 3.0}


WHOLE = """
title: The code
begins: "Code version {...}"
done: [END, "Finished in {_} s"]
failed: "ERROR: {...}"
figures:
  version: {line: "Code version {}", kind: text}
  time: {line: "Time: {}", unit: s}
  energy: {line: "E = {}", check: {value: -1.5, tolerance: 0.01}}
"""
LOG = "Code version 1.2 beta\nTime: 3\nE = -1.495\nEND\n"


@pytest.mark.parametrize(
    ("log", "status", "reason"),
    [
        (LOG, Status.OK, ""),
        (LOG.replace("END", "Finished in 3 s"), Status.OK, ""),
        (
            LOG.replace("END\n", ""),
            Status.INCOMPLETE,
            "no line `END` or `Finished in {_} s`: the",
        ),
        (LOG.replace("END", "END of all"), Status.INCOMPLETE, "no line `END`"),
        (LOG.replace("Time: 3\n", ""), Status.INCOMPLETE, "no time: no line is `Time: {}`"),
        (
            LOG.replace("3", "nan"),
            Status.INCOMPLETE,
            "no time: line 2 begins like `Time: {}`, and is none: Time: nan",
        ),
        (
            LOG.replace("-1.495", "-1.4"),
            Status.FAILED,
            "the result is wrong: energy is -1.4, and",
        ),
        (LOG + "ERROR: no memory\n", Status.FAILED, "The code says: ERROR: no memory"),
        (LOG + "slurmstepd: error: Detected 1 oom_kill event\n", Status.FAILED, "memory"),
        ("hello\n", Status.NO_OUTPUT, "no output of The code"),
        ("", Status.NO_OUTPUT, "the log is empty: nothing was printed"),
        (LOG + LOG, Status.FAILED, "2 The code logs stand in this file"),
        (LOG[:30] + "\n" + LOG, Status.OK, "job 2 of 2 in this file counts; job 1 is not whole"),
    ],
)
def test_what_becomes_of_a_log(log: str, status: Status, reason: str) -> None:
    declare(WHOLE)
    reading = read(log)
    assert reading.status is status, reading.reason
    assert reason in reading.reason
    assert bool(reading.reason) == bool(reason)


def test_a_missing_figure_of_a_whole_log_is_told_and_costs_itself() -> None:
    declare(WHOLE.replace("figures:", "figures:\n  rate: {line: 'Rate {}', unit: 1/s}"))
    reading = read(LOG)
    assert reading.status is Status.OK
    assert reading.reason == "no rate: no line is `Rate {}`"
    assert reading.figures["time"] == 3


@pytest.mark.parametrize(
    "prefix", ["0: ", "[1,0]<stdout>:", "2024-05-18T08:01:52.22Z ", "app-1  | "]
)
def test_prefixes_are_taken_off(prefix: str) -> None:
    declare(WHOLE)
    reading = read("".join(f"{prefix}{line}\n" for line in LOG.splitlines()))
    assert (reading.status, reading.figures["time"]) == (Status.OK, 3)
    assert reading.figures["prefix"]


@pytest.mark.parametrize(
    "launcher", ["flux-operator", "flux-jobs", "mpi-operator", "metrics-operator"]
)
def test_every_launcher_goes_with_every_application(launcher: str) -> None:
    declare(WHOLE)
    reading = read(LOG, launcher)
    assert (reading.status, reading.figures["time"]) == (Status.OK, 3)


def test_a_launcher_says_its_own_of_any_application() -> None:
    declare(WHOLE)
    log = (
        LOG + 'START OF JOBSPEC\n{"resources": [{"type": "node", "count": 4, "with": []}], '
        '"version": 1}\nSTART OF EVENTLOG\n{"timestamp": 1724600089.0, "name": "complete", '
        '"context": {"status": 36608}}\n'
    )
    (found,) = logs.readers_of(log.encode(), "code")
    assert found.name == "flux-jobs"
    (reading,) = found.read(log.encode(), {})
    assert (reading.status, reading.figures["size"]) == (Status.FAILED, 4)
    assert "exit code 143" in reading.reason


def test_an_application_is_recognised_by_how_it_begins() -> None:
    declare(WHOLE)
    assert logs.applications_of(LOG.encode()) == ["code"]
    assert logs.applications_of(LOG.replace("Code", "Other").encode()) == []
    declare("figures: {time: {line: 'Time: {}', unit: s}}")
    assert logs.applications_of(LOG.encode()) == ["code"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("figures: {x: {line: 'FOM'}}", "figures.x.line: 'FOM' has no `{}`; expected: one"),
        ("figures: {x: {line: '{} a {}'}}", "figures.x.line: column 6: '{} a {}' has 2 `{}`"),
        (
            "figures: {x: {line: 'a {}{_}'}}",
            "x.line: column 5: nothing parts `{}` and `{_}`",
        ),
        ("figures: {x: {line: '{...}{}'}}", "column 6: nothing parts `{...}` and `{}`"),
        ('figures: {x: {line: "a {}\\nb"}}', "figures.x.line: a template is one line"),
        ("{done: 'END {}', figures: {x: {line: '{}'}}}", "done: column 5: 'END {}' has 1 `{}`"),
        ("{begins: '{...}', figures: {x: {line: '{}'}}}", "begins: '{...}' matches any line"),
        ("figures: {x: {line: 'a {}', take: count}}", "figures.x.line: column 3"),
        (
            "figures: {x: {line: 'a {}', kind: text, unit: s}}",
            "figures.x.unit: a text is no num",
        ),
        ("figures: {x: {line: 'a {}', kind: text, take: mean}}", "figures.x.take: a text is no"),
        ("figures: {status: {line: 'a {}'}}", "figures.status: the table of trials has a column"),
        ("figures: {loop_time: {line: 'a {}'}}", "figures.loop_time.unit: loop_time is a metric"),
        ("figures: {x: {line: 'a {}', takes: last}}", "unknown key 'takes' (did you mean 'take'?)"),
        ("figures: {x: {line: 'a {}', better: more}}", "found the text 'more'"),
        ("{failed: END, done: END, figures: {x: {line: 'x {}'}}}", "failed: 'END' stands in every"),
        ("figures: {x: {line: 'x {}'}}", "figures: none has a unit, so that nothing would be"),
        ("figures: {x: {line: 'x {}', better: higher}}", "figures.x.unit: only a figure with a un"),
        ("figures: {x: {line: 'x', take: count, times: 2}}", "x.times: lines are counted, and not"),
        ("figures: {x: {line: 'x {}', kind: text, times: 2}}", "figures.x.times: a text is no num"),
        (
            "figures: {x: {line: 'x {}', times: 1.0e+300}}",
            "figures.x.times: expected a factor from",
        ),
        ("figures: {nodes: {line: 'x {}', unit: s}}", "figures.nodes.unit: nodes tells trials ap"),
        ("figures: {size: {line: 'x {}', kind: text}}", "figures.size.kind: size tells trials"),
        ('{title: "a\\nb", figures: {x: {line: "x {}", unit: s}}}', "title: 'a\\nb' holds a line"),
        ('figures: {x: {line: "x {}", unit: "s\\t"}}', "figures.x.unit: 's\\t' holds a line"),
        ("figures: {}", "figures"),
        ("done: END", "the key 'figures' is missing"),
    ],
)
def test_mistakes_name_key_and_column(text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        declare(text)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("line", "text", "value"),
    [
        # After one letter, too, any blank is like any other.
        ("x {}", "x\t3", 3.0),
        ("x {}", "x   3\t", 3.0),
        # No part of a number is read as one, whatever is written between its digits.
        ("x {}", "x 1,234.5", None),
        ("x {}", "x 12,5", None),
        ("x {}ms", "x 12,5ms", None),
        ("x {}", "x 1 234", None),
        ("x {}", "x 1'234", None),
        ("x {}", "x 1_000", None),
        ("x {}", "x 0x1f", None),
        ("x {}", "x 5/3", None),
        ("x {}", "x ********", None),
        ("x {}", "x 1.234-100", None),
        ("x {}", "x 1.23E+004", 12300.0),
        ("x {}ms", "x 12.5ms", 12.5),
        ("x {}%", "x 12.5%", 12.5),
        ("x {} %", "x 12.5%", None),
    ],
)
def test_numbers_as_programs_print_them(line: str, text: str, value: float | None) -> None:
    assert figure(line, text) == value


def test_a_number_that_ends_a_log_without_a_line_feed_may_be_cut_and_the_remedy_is_told() -> None:
    declare("figures: {x: {line: 'x {}', unit: s}, y: {line: 'y {} ms', unit: s}}")
    reading = read("y 3 ms\nx 3")
    assert (reading.status, reading.figures) == (Status.INCOMPLETE, {"y": 3.0})
    assert "line 2 is the last, and no line feed ends it" in reading.reason
    assert "end the file with a line feed" in reading.reason
    assert "begins like `x {}`, and is none" in read("y 3 ms\nx nan").reason
    assert read("x 3\ny 3 ms").status is Status.OK


@pytest.mark.parametrize("take", ["same", "last", "min", "max", "mean", "sum"])
@pytest.mark.parametrize("value", ["nan", "-NaN", "inf", "Infinity", "********"])
def test_of_several_values_one_that_is_no_number_costs_the_figure(take: str, value: str) -> None:
    assert figure("x {} s", f"x 1 s\nx {value} s\nx 1 s", take=take) is None
    assert "line 2 begins like `x {} s`" in read(f"x 1 s\nx {value} s\n").reason
    # A line of something else that begins alike does not.
    assert figure("x {} s", f"x 1 s\nx is {value} s\nx marks", take=take) == 1


def test_a_few_letters_alike_are_no_output() -> None:
    declare("figures: {x: {line: 'T: {}', unit: s}, y: {line: 'Total time: {}', unit: s}}")
    reading = read("T: shirt\n")
    assert (reading.status, reading.reason) == (
        Status.NO_OUTPUT,
        "no output of code; line 1 begins like `T: {}`, and is none: T: shirt",
    )
    assert read("Total time: nan\n").status is Status.INCOMPLETE


def test_a_figure_that_cannot_be_held_is_missing() -> None:
    assert figure("x {}", "x 1e308\nx 1e308", take="sum") is None
    assert figure("x {}", "x 1e308\nx 1e308", take="mean") is None
    assert figure("x {}", "x 1e308", times=1e20) is None


def test_what_tells_trials_apart_is_a_whole_number() -> None:
    declare("figures: {x: {line: 'x {}', unit: s}, repetition: {line: 'r {}'}}")
    assert read("x 1\nr 3\n").figures["repetition"] == 3
    for wrong in ("1.5", "-1", "1e30"):
        assert "repetition" not in read(f"x 1\nr {wrong}\n").figures


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("2024-11-25T10:10:10Z", "2024-11-25T10:10:10"),
        ("2024-11-25 11:10:10.5+01:00", "2024-11-25T10:10:10.500000"),
        ("2024-11-25_10:10:10", "2024-11-25T10:10:10"),
        ("Mon Nov 25 10:10:10 2024", "2024-11-25T10:10:10"),
        ("Mon Nov  5 10:10:10 UTC 2024", "2024-11-05T10:10:10"),
        ("25Nov2024 at 10:10:10", "2024-11-25T10:10:10"),
        ("1732529410", "2024-11-25T10:10:10"),
        ("1732529410250", "2024-11-25T10:10:10.250000"),
        ("some day", None),
        ("1e300", None),
    ],
)
def test_a_start_is_read_as_programs_print_it(printed: str, told: str | None) -> None:
    declare("figures: {x: {line: 'x {}', unit: s}, started_at: {line: 'on {}', kind: text}}")
    assert read(f"on {printed}\nx 1\n").figures.get("started_at") == told


def test_the_clock_of_a_script_is_not_that_of_the_application() -> None:
    declare("figures: {x: {line: 'x {}', unit: s}, started_at: {line: 'on {}', kind: text}}")
    log = "Start time: 1732529400\non 2020-01-01T00:00:00\nx 1\nEnd time: 1732529410\n"
    figures = read(log, "slurm").figures
    assert (figures["job_runtime"], figures["started_at"]) == (10, "2020-01-01T00:00:00")


def test_a_hostile_line_takes_linear_time() -> None:
    """Each of these takes hours where every place is tried again for each place before it."""
    declare("""
    figures:
      a: {line: "{...}a{...}b{...}c {}", unit: s}
      b: {line: "{_},{_},{_},{_} {}", unit: s}
      c: {line: "{...} {_}: {}", unit: s}
    """)
    for piece in ("a", "ab", ",", "a,", "x ", "1", "1.", "1e", "a:"):
        log = (piece * 30_000)[:60_000] + "\n"
        assert read(log).status is not Status.OK


def campaign(applications: Mapping[str, Any], **runs: Any) -> dict[str, Any]:
    filled = {name: checked(entry, "applications") for name, entry in applications.items()}
    return {"applications": filled, "runs": runs, "sizes_of": ""}


def test_figures_with_a_unit_become_metrics_with_their_direction() -> None:
    config = campaign(
        {"code": {"figures": {"grind_time": {"line": "g {}", "unit": "s"},
                              "fom": {"line": "f {}", "unit": "1/s", "better": "higher",
                                      "title": "FOM"},
                              "ranks": {"line": "r {}"}}}},
        a={"application": "code"},
    )  # fmt: skip
    logs.declare(vocabulary.vocabulary(config, config["applications"]))
    assert [name for name in METRICS if name in ("grind_time", "fom", "ranks")] == [
        "grind_time",
        "fom",
    ]
    time, rate = METRICS["grind_time"], METRICS["fom"]
    assert (time.title, time.unit, time.higher_is_better, time.speedup) == (
        "Grind time",
        "s",
        False,
        True,
    )
    assert (rate.title, rate.unit, rate.higher_is_better, rate.speedup) == (
        "FOM",
        "1/s",
        True,
        False,
    )
    logs.declare({})
    assert "fom" not in METRICS


def test_a_bare_number_is_a_metric_whose_unit_is_not_shown() -> None:
    entry = {"figures": {"score": {"line": "s {}", "unit": "1", "better": "higher"}}}
    config = campaign({"code": entry}, a={"application": "code"})
    logs.declare(vocabulary.vocabulary(config, config["applications"]))
    assert (METRICS["score"].unit, METRICS["score"].higher_is_better) == ("", True)
    assert logs.readers("code")["code"].figures["score"] == ""


def test_a_name_means_one_thing() -> None:
    one = {"figures": {"fom": {"line": "f {}", "unit": "1/s"}}}
    other = {"figures": {"fom": {"line": "f {}", "unit": "GB/s"}}}
    config = campaign({"a": one, "b": other}, x={"application": "a"}, y={"application": "b"})
    with pytest.raises(
        UserError, match=r"applications\.b\.figures\.fom: another application has a"
    ):
        vocabulary.vocabulary(config, config["applications"])
    own = {"figures": {"loop_time": {"line": "f {}", "unit": "s"}}}
    config = campaign({"a": own}, x={"application": "a"})
    assert (
        vocabulary.vocabulary(config, config["applications"])["metrics"][0]["name"] == "loop_time"
    )
    config = campaign({"a": own}, x={"application": "a"}, y={"application": "lammps"})
    with pytest.raises(UserError, match=r"LAMMPS or a launcher .* call this one a_loop"):
        vocabulary.vocabulary(config, config["applications"])
