"""Whatever stands in a configuration: it is accepted, or refused in words."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from heteroscope.campaign import campaign
from heteroscope.campaign.configuration import complete, schema
from heteroscope.figures import plan
from heteroscope.metrics import UserError

REPOSITORY = Path(__file__).parents[2]

# Every key of the schema has a place in it.
WHOLE = yaml.safe_load("""
title: A campaign
source: {url: "https://example.org", checksums: config/original.sha256, directory: original}
sizes: {of: nodes, values: [8, 16]}
strict: true
applications:
  code:
    title: A code
    begins: "Code {...}"
    done: [END, "Done in {_} s"]
    failed: "ERROR {...}"
    figures:
      rate: {line: ["Rate: {} 1/s", "FOM {}"], unit: 1/s, better: higher, title: The rate,
             take: last, kind: number, times: 0.001, check: {value: 5, tolerance: 0.1}}
runs:
  run4: {directory: data/run4}
  run5:
    directory: data/run5
    reader: flux-operator
    application: lammps
    logs: "lmp-{size}-{repetition,[0-9]+}-{rest}/log.out"
    where: {atoms: 4980736}
    label: new
    operator: Flux
    against: [run4]
    sizes: [8]
    color: blue
    job: 1
    lammps_run: 1
    relabel: {fluxsubmit: fluxstart, fluxstart: fluxstart}
    declared:
      {image: a, machine: b, cluster: c, date: "2023-02-09", price_per_node_hour: 1.5}
exclude:
  - {run: run5, match: lmp-16-1-*, size: 16, repetition: 1, reason: pulled}
metrics: [walltime, loop_time]
primary: walltime
main: {runs: [run5, run4], context: With one image}
controls: [[run5, run4]]
claims:
  - {id: a, statement: b, test: location, metric: walltime, baseline_metric: loop_time,
     runs: [run5, run4], sizes: [8], expect: less, factor: 1.5, margin: 0.1, gate: true,
     preregistered: true}
  - {id: c, statement: d, test: bound, metric: walltime, runs: [run5], maximum: 3}
figures: {walltime: {kind: distribution, metric: walltime, title: A figure}}
page: screen
statistics: {alpha: 0.05, margin: 0.05}
""")

ODD = (
    None, "", " ", "x", "../x", "{", "{size", "a/b", "no such", 0, 1, -1, 1.5, 10**30,
    float("nan"), float("inf"), True, False, datetime.date(2023, 2, 9),
    datetime.datetime(2023, 2, 9, 12), [], [None], [[]], [1, 1], ["x", "x"], {}, {"x": None},
    {1: 2}, {None: {}}, {"a": {"b": []}},
)  # fmt: skip


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where everything stands in a configuration."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(entry, (*path, key))


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    config = copy.deepcopy(WHOLE)
    parent: Any = config
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return config


def test_the_whole_configuration_is_whole() -> None:
    campaign.load({**WHOLE, "source": None}, REPOSITORY)

    def keys(rules: Mapping[str, Any], value: Any, where: str) -> None:
        for key, sub in rules.get("properties", {}).items():
            found = [item.get(key) for item in (value if isinstance(value, list) else [value])]
            assert any(item is not None for item in found), f"{where}.{key} has no value above"
            keys(sub, next(item for item in found if item is not None), f"{where}.{key}")
        if isinstance(free := rules.get("additionalProperties"), Mapping):
            keys(free, list(value.values()), where)
        if isinstance(value, list) and isinstance(items := rules.get("items"), Mapping):
            keys(items, value, where)

    known = copy.deepcopy(schema())
    # A run can have the keys of one reader, and a directory of logs or a file.
    for key in ("scheduler", "file", "format", "columns", "repetitions"):
        known["properties"]["runs"]["additionalProperties"]["properties"].pop(key)
    keys(known, WHOLE, "")


@pytest.mark.parametrize("path", list(places(WHOLE)), ids=lambda p: ".".join(map(str, p)))
def test_odd_values_are_accepted_or_refused_in_words(path: tuple[str | int, ...]) -> None:
    for value in ODD:
        config = changed(path, value)
        config["source"] = config["source"] if path[0] == "source" else None
        try:
            plan.check(campaign.load(config, REPOSITORY))
        except UserError as error:
            told = str(error)
            assert len(told) > 20, told
            assert "None is" not in told
            assert "is not of type" not in told
            assert not told.rstrip().endswith(":"), told


ODD_NAMES = (1, 7.5, True, False, None, datetime.date(2023, 2, 9), "007", "NA", "nan", "null")


@pytest.mark.parametrize("name", ODD_NAMES, ids=str)
def test_names_are_text_whatever_yaml_makes_of_them(name: Any) -> None:
    config = {
        "runs": {name: {"directory": "data/run4"}, "b": {"directory": "data/run5"}},
        "metrics": ["walltime"],
        "figures": {"f": {"metric": "walltime", "title": name}},
    }
    config["runs"]["b"]["against"] = [name]
    if name is None:
        del config["runs"]["b"]["against"]
    found = campaign.load(config, REPOSITORY)
    assert all(isinstance(run, str) for run in found.runs)
    first = next(iter(found.runs))
    assert found.runs["b"].against == (() if name is None else (first,))
    words = {"True": "yes", "False": "no", "None": "null"}
    assert first == words.get(str(name), str(name))


def test_a_name_of_a_figure_may_be_a_number() -> None:
    config = {"runs": {"a": {"directory": "data/run4"}}, "figures": {1: {"metric": "walltime"}}}
    assert list(campaign.load(config, REPOSITORY).figures) == ["1"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("sizes",), 8, "sizes: found the number 8; expected: a list or keys with"),
        (
            ("sizes",),
            ["eight"],
            "sizes[0]: found the text 'eight'; expected: a whole number from 1",
        ),
        (("sizes",), [8, 8], "sizes: the number 8 stands twice; name each once"),
        (
            ("runs", "run4", "directory"),
            None,
            "runs.run4: the key 'directory' is missing; expected",
        ),
        (("runs", "run4"), None, "runs.run4: found nothing; expected: keys with values (a run;"),
        (("runs",), ["run4"], "runs: found a list of 1; expected: keys with values of at least"),
        (("statistics", "alpha"), "5 %", "statistics.alpha: found the text '5 %'; expected: a num"),
        (("statistics", "alpha"), 0, "the number 0; expected: a number above 0 up to 0.5 (the lev"),
        (("page",), "paper", "page: found the text 'paper'; expected: one of screen, one-column"),
        (("claims", 0, "runs"), [], "claims[0].runs: found a list of 0; expected: a list of at l"),
        (("claims", 0, "gate"), "maybe", "claims[0].gate: found the text 'maybe'; expected: true"),
        (("figures",), {"A b": {}}, "figures: 'A b' is no valid name: use small letters"),
    ],
)
def test_a_message_says_what_was_found_and_what_is_expected(
    path: tuple[str | int, ...], value: Any, told: str
) -> None:
    with pytest.raises(UserError) as caught:
        complete(changed(path, value))
    assert told in str(caught.value)


def test_a_key_without_a_value_counts_as_left_out() -> None:
    config = {"runs": {"a": {"directory": "data/run4", "against": None}}, "claims": None}
    found = campaign.load(config, REPOSITORY)
    assert (found.claims, found.runs["a"].against) == ((), ())


def test_two_keys_that_are_one_text_are_refused() -> None:
    with pytest.raises(UserError, match="runs: the key '1' stands twice"):
        complete({"runs": {1: {"directory": "a"}, "1": {"directory": "b"}}})
