"""Raw logs of a benchmark campaign in; checked tables, tests, figures and verdicts out.

Where to start: `logs` reads one log, a module a format; `tables` has what every column means;
`analysis` turns tables into answers, by the methods of `inference`; `figures` and `report` show
them.  `metrics` says what is measured.  Programs use `read` and `compare`, see `library`.
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"
__all__ = ["Comparison", "compare", "read"]


def __getattr__(name: str) -> Any:
    # Imported when first used: the workflow needs neither, at any of its starts.
    if name in __all__:
        return getattr(import_module("heteroscope.library"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
