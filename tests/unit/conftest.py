"""What is set for a whole process is set back after each test."""

from collections.abc import Iterator

import pytest

from heteroscope.metrics import METRICS
from heteroscope.words import count_sizes_in


@pytest.fixture(autouse=True)
def _as_by_default() -> Iterator[None]:
    before = dict(METRICS)
    yield
    METRICS.clear()
    METRICS.update(before)
    count_sizes_in()
