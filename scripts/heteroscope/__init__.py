"""Raw logs of a benchmark campaign in; checked tables, tests and figures out."""

__version__ = "0.1.0"
