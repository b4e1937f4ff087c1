"""The parts of the documentation that are made of the code, so that the two cannot differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from heteroscope.campaign.configuration import checked, schema
from heteroscope.campaign.vocabulary import SHIPPED
from heteroscope.tables import columns, trials

_INTRODUCTION = """\
# The configuration

<!-- Made of schemas/config.schema.yaml by `make docs`. -->

A campaign is one YAML file. `config.yaml` in this folder is the example campaign;
`snakemake --configfile my-campaign.yaml` takes another one, which then stands alone. The first line
`# yaml-language-server: $schema=…/config.schema.yaml` lets an editor complete and check keys.
An unknown key, a wrong type, a run without logs or a name that does not exist stops the workflow
before any job starts, and says what was expected.

Only `runs` is required, and of a run only its `directory`.

| key | type | default | meaning |
|---|---|---|---|
"""


def configuration_keys() -> str:
    """Return ``config/README.md``: every key of the configuration, from its schema."""
    rows = "".join(
        f"| `{key}` | {_type(rules)} | {_default(rules)} | {_meaning(rules)} |\n"
        for key, rules in _keys("", schema())
    )
    return _INTRODUCTION + rows


def _keys(prefix: str, rules: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every key below a part of the schema, and its rules."""
    for name, sub in rules.get("properties", {}).items():
        yield f"{prefix}{name}", sub
        yield from _keys(f"{prefix}{name}.", sub)
    free = rules.get("additionalProperties")
    if isinstance(free, Mapping):
        yield f"{prefix}<name>", free
        yield from _keys(f"{prefix}<name>.", free)
    if "properties" in rules.get("items", {}):
        yield from _keys(f"{prefix.rstrip('.')}[].", rules["items"])


def _type(rules: Mapping[str, Any]) -> str:
    if "enum" in rules:
        return "one of " + ", ".join(f"`{value}`" for value in rules["enum"] if value != "")
    kind = str(rules.get("type", "any"))
    items = rules.get("items", {}).get("type")
    return f"{kind} of {items}s" if items else kind


def _default(rules: Mapping[str, Any]) -> str:
    default = rules.get("default")
    if default in (None, "", [], {}):
        return "–"
    if isinstance(default, Mapping):
        return ", ".join(f"`{key}`" for key in default)
    if isinstance(default, list):
        return ", ".join(f"`{value}`" for value in default)
    return f"`{default}`"


def _meaning(rules: Mapping[str, Any]) -> str:
    return str(rules.get("description", "")).strip().replace("|", "\\|")


_TABLES_INTRODUCTION = """\
# Every column of every table

<!-- Made of scripts/heteroscope/columns.py by `make docs`. -->

Tables are CSV files in `results/`: a header, a row a line, full precision, an empty cell where
there is nothing to say. Each is held against this dictionary when it is written. How to read them:
[how-to-read-the-results.md](how-to-read-the-results.md).
"""


def table_columns() -> str:
    """Return ``docs/tables.md``: every column of every table, from the dictionary of columns."""
    described = {"trials": ("One row a log, or a record of it.", trials.table_columns())}
    sections = (
        f"\n## {name}\n\n{meaning}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n"
        + "".join(map(_column_row, table))
        for name, (meaning, table) in {**described, **columns.TABLES}.items()
    )
    return _TABLES_INTRODUCTION + "".join(sections)


def _column_row(column: columns.Column) -> str:
    choices = ", ".join(f"`{choice}`" for choice in column.choices)
    told = f"{column.meaning}: {choices}" if choices else column.meaning
    cells = (f"`{column.name}`", column.kind, column.unit, told)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def shipped_applications() -> str:
    """Return a table of the figures with a unit of the applications in config/applications."""
    rows = ["| application | figure | unit | better | of several |", "|---|---|---|---|---|"]
    for file in sorted(SHIPPED.glob("*.yaml")):
        entry = checked(yaml.safe_load(file.read_text(encoding="utf-8")), "applications")
        named = f"{entry['title']}: [`{file.stem}`](../config/applications/{file.name})"
        for name, figure in entry["figures"].items():
            if figure["unit"]:
                cells = (named, f"`{name}`", figure["unit"], figure["better"], figure["take"])
                rows.append(f"| {' | '.join(cells)} |")
                named = ""
    return "\n".join(rows)


def rule_graph(mermaid: str) -> str:
    """Return Snakemake's rule graph without its colours, as a Markdown block.

    Parameters
    ----------
    mermaid
        What ``snakemake --rulegraph mermaid-js`` prints.
    """
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)\]", mermaid, re.M))
    after: dict[str, set[str]] = {name: set() for name in names.values()}
    for start, end in re.findall(r"^\s*(id\d+) --> (id\d+)", mermaid, re.M):
        after[names[start]].add(names[end])

    def reached(name: str) -> set[str]:
        return after[name].union(*map(reached, after[name]))

    # An arrow that a longer way makes too says nothing new.
    arrows = [
        f"    {start} --> {end}"
        for start, ends in sorted(after.items())
        for end in sorted(ends.difference(*map(reached, ends)))
    ]
    return "\n".join(["```mermaid", "flowchart LR", "    logs([raw logs]) --> parse_run", *arrows,
                      "```"])  # fmt: skip


def replace_section(text: str, name: str, content: str) -> str:
    """Return a Markdown text with what stands between two comments of a name replaced.

    Raises
    ------
    ValueError
        If the text has no such section.
    """
    pattern = rf"(<!-- {name}:[^>]*-->\n).*?(<!-- /{name} -->)"
    replaced, count = re.subn(
        pattern, lambda found: f"{found[1]}{content}\n{found[2]}", text, flags=re.S
    )
    if count != 1:
        raise ValueError(f"there is no section {name!r}")
    return replaced
