"""The parts of the documentation that are made of the code."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import yaml

import generated
from heteroscope import logs
from heteroscope.campaign.configuration import schema
from heteroscope.campaign.tryout import tryout
from heteroscope.campaign.vocabulary import SHIPPED
from heteroscope.tables import columns

DOCS = Path(generated.__file__).parent

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


def test_every_shipped_application_has_a_row_and_every_metric_of_it() -> None:
    page = generated.shipped_applications()
    for file in SHIPPED.glob("*.yaml"):
        assert f"[`{file.stem}`](../config/applications/{file.name})" in page
        for name, figure in yaml.safe_load(file.read_text())["figures"].items():
            assert (f"| `{name}` | {figure.get('unit')} |" in page) == ("unit" in figure)
    text = (DOCS / "applications.md").read_text(encoding="utf-8")
    assert generated.replace_section(text, "shipped", page) == text


def test_the_example_of_an_application_reads_a_log(tmp_path: Path) -> None:
    text = (DOCS / "applications.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n   # kripke.yaml\n")[2].partition("   ```")[0]
    (tmp_path / "kripke.yaml").write_text(textwrap.dedent(example))
    sample = DOCS.parent / "data" / "applications" / "kripke.out"
    told = list(tryout(tmp_path / "kripke.yaml", sample))
    assert told[-5:] == [
        "figures:",
        "  grind_time: 2.294946e-09 s/iteration/unknown",
        "  throughput: 435740100 unknowns/(s/iteration)",
        "  ranks: 16",
        "status: ok",
    ]
    logs.declare({})


def test_a_section_is_replaced_between_its_marks() -> None:
    text = "a\n<!-- graph: made -->\nold\n<!-- /graph -->\nb\n"
    replaced = generated.replace_section(text, "graph", "new")
    assert replaced == "a\n<!-- graph: made -->\nnew\n<!-- /graph -->\nb\n"
    with pytest.raises(ValueError, match="no section 'none'"):
        generated.replace_section(text, "none", "new")
