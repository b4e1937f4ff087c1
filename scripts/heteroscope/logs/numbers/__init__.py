"""Numbers that exist already: files of trials that other tools wrote, and tables in general.

A format turns a file into trials under the file's own names (`tools`, `tables`); what these mean is
the same for all (`columns`).
"""

from __future__ import annotations

from collections.abc import Mapping

from heteroscope.logs.numbers.columns import Column, Format
from heteroscope.logs.numbers.tables import TABLE
from heteroscope.logs.numbers.tools import GOOGLE_BENCHMARK, HYPERFINE, PYTEST_BENCHMARK

__all__ = ["FORMATS", "Column", "Format"]

FORMATS: Mapping[str, Format] = {
    "hyperfine": HYPERFINE,
    "google-benchmark": GOOGLE_BENCHMARK,
    "pytest-benchmark": PYTEST_BENCHMARK,
    "csv": TABLE,
}
