"""What is set for a whole process is set back after each test."""

from collections.abc import Iterator

import pytest

from heteroscope.logs import declare


@pytest.fixture(autouse=True)
def _as_by_default() -> Iterator[None]:
    yield
    declare({})
