"""The small campaign, as a document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .support import Document, make


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """Return what composes the small campaign, with tables or words of one's own."""
    return make
