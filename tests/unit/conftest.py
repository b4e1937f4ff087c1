"""What is set for a whole process is set back after each test."""

from collections.abc import Iterator

import pytest

from heteroscope import metrics, words


@pytest.fixture(autouse=True)
def _as_by_default() -> Iterator[None]:
    yield
    metrics.declare()
    words.count_sizes_in()
