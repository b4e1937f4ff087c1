"""Numbers that exist already: files of trials that other tools wrote, and tables in general.

A format turns a file into trials under the file's own names (`tools`, `tables`); what these mean is
the same for all (`columns`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heteroscope.logs.numbers.columns import TEXTS, Column, Format
from heteroscope.logs.numbers.tables import TABLE
from heteroscope.logs.numbers.tools import GOOGLE_BENCHMARK, HYPERFINE, PYTEST_BENCHMARK
from heteroscope.logs.reader import Reader

__all__ = ["FORMATS", "TEXTS", "Column", "Format", "reader"]

FORMATS: Mapping[str, Format] = {
    "hyperfine": HYPERFINE,
    "google-benchmark": GOOGLE_BENCHMARK,
    "pytest-benchmark": PYTEST_BENCHMARK,
    "csv": TABLE,
}


def reader(name: str, columns: Mapping[str, Any] | None = None) -> Reader:
    """Return the reader of a format's files, of which certain columns are figures."""
    kind = FORMATS[name]
    figures = kind.figures({"columns": columns})
    return Reader(
        name=name,
        operator=kind.title,
        figures=figures,
        read=kind.read,
        recognises=lambda _: False,
        required=(),
        expected=tuple(kind.columns) or tuple(columns or ()),
        many=True,
        options=frozenset(("columns", "where")),
    )
