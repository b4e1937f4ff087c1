"""The parts of the documentation that are made of the code."""

from __future__ import annotations

import pytest

import generated
from heteroscope.campaign.configuration import schema
from heteroscope.tables import columns

MERMAID = """---
title: DAG
---
flowchart TB
	id0[all]
	id1[aggregate]
	id2[parse_run]
	style id0 fill:#D9A157,stroke-width:2px,color:#333333
	id1 --> id0
	id2 --> id1
	id2 --> id0
"""


def test_a_rule_graph_leaves_out_what_a_longer_way_says_too() -> None:
    assert generated.rule_graph(MERMAID).splitlines() == [
        "```mermaid",
        "flowchart LR",
        "    logs([raw logs]) --> parse_run",
        "    aggregate --> all",
        "    parse_run --> aggregate",
        "```",
    ]


def test_every_key_of_the_schema_has_a_row_with_its_description() -> None:
    page = generated.configuration_keys()
    run = schema()["properties"]["runs"]["additionalProperties"]["properties"]
    for key, rules in run.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `runs.<name>.{key}` ")]
        assert rules["description"].split()[0] in row
    assert "| `exclude[].reason` | string | – |" in page
    assert "| `statistics.alpha` | number | `0.05` |" in page


def test_every_column_of_every_table_has_a_row() -> None:
    page = generated.table_columns()
    for name, (_, defined) in columns.TABLES.items():
        section = page.partition(f"\n## {name}\n")[2]
        for column in defined:
            assert f"| `{column.name}` |" in section, (name, column.name)


def test_a_section_is_replaced_between_its_marks() -> None:
    text = "a\n<!-- graph: made -->\nold\n<!-- /graph -->\nb\n"
    replaced = generated.replace_section(text, "graph", "new")
    assert replaced == "a\n<!-- graph: made -->\nnew\n<!-- /graph -->\nb\n"
    with pytest.raises(ValueError, match="no section 'none'"):
        generated.replace_section(text, "none", "new")
