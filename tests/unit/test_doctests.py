"""The examples in docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import heteroscope


def test_examples_in_docstrings_do_what_they_say() -> None:
    attempted = 0
    for module in pkgutil.walk_packages(heteroscope.__path__, "heteroscope."):
        if not module.name.endswith("__main__"):
            result = doctest.testmod(importlib.import_module(module.name))
            assert result.failed == 0, module.name
            attempted += result.attempted
    assert attempted > 5
