"""Logs become tables: trials, what became of each log, and summaries."""
