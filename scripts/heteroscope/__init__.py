"""Raw logs of a benchmark campaign in; checked tables, tests and figures out.

Programs use `heteroscope.read` and `heteroscope.compare`; see `heteroscope.library`.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["Comparison", "compare", "read"]


def __getattr__(name: str) -> Any:
    # The workflow imports this package at each start and in each job, so nothing is imported here
    # before it is asked for; nor by an import statement, which would count this package's every
    # module into what a job is made of (see `provenance.source_digest`).
    if name in __all__:
        return getattr(import_module("heteroscope.library"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
