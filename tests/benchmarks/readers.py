"""How fast logs are read, next to a bare read of the same bytes and to parsers of others."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from measure import REPOSITORY, in_turn, ratios, table

from heteroscope.logs import READERS
from heteroscope.logs.files import read_file

Parse = Callable[[Path], object]


def metricsoperator() -> Parse:
    """Return the parser of metricsoperator, which reads LAMMPS' own output alone."""
    from metricsoperator.metrics.app.lammps import parse_lammps

    return lambda path: parse_lammps(path.read_text(encoding="utf-8", errors="replace"))


def log_lammps_reader() -> Parse:
    """Return the parser of log-lammps-reader, which is Rust and reads the thermo table alone."""
    import log_lammps_reader as peer
    import polars  # noqa: F401  # it needs this, and does not say so

    return lambda path: peer.parse(str(path))


def lammps_logfile() -> Parse:
    """Return the parser of lammps-logfile, which reads the thermo table alone."""
    import lammps_logfile as peer

    return lambda path: peer.File(str(path))


PEERS: Mapping[str, Callable[[], Parse]] = {
    "metricsoperator": metricsoperator,
    "log-lammps-reader (thermo table alone)": log_lammps_reader,
    "lammps-logfile (thermo table alone)": lammps_logfile,
}


def bare(path: Path) -> bytes:
    """Read the bytes of a log."""
    with path.open("rb") as file:
        return file.read()


def ours(path: Path) -> object:
    """Read every figure of a log, as the workflow does."""
    # The format is known from the layout before any log is opened.
    reader = READERS["flux-operator" if path.name == "log.out" else "mpi-operator"]
    return reader.read(read_file(path).text, {})


def logs_below(folder: Path) -> list[Path]:
    """Return the logs of both operators below a folder."""
    return sorted([*folder.rglob("log.out"), *folder.rglob("lammps_*.out")])


def readable(parse: Parse, logs: list[Path]) -> list[Path]:
    """Return the logs that a parser of others does not fail on."""
    good = []
    for log in logs:
        # A panic of Rust is no Exception.
        with contextlib.suppress(BaseException):
            parse(log)
            good.append(log)
    return good


def compare(logs: list[Path], repeats: int) -> list[list[str]]:
    """Return a row a parser: each is measured in turn with ours and the bare read."""

    def through(parse: Parse, files: list[Path]) -> Callable[[], None]:
        def action() -> None:
            for file in files:
                parse(file)

        return action

    def row(name: str, parse: Parse, files: list[Path]) -> list[str]:
        times = in_turn(
            {
                "bare": through(bare, files),
                "ours": through(ours, files),
                "it": through(parse, files),
            },
            repeats,
        )
        it, megabytes = times["it"], sum(file.stat().st_size for file in files) / 1e6
        return [
            name,
            f"{len(files)} of {len(logs)}",
            it.told(1e6 / len(files)),
            f"{len(files) / it.median:,.0f}",
            f"{megabytes / it.median:,.0f}",
            ratios(it, times["bare"]).told(),
            ratios(it, times["ours"]).told(),
        ]

    rows = [row("bare read", bare, logs), row("heteroscope (every figure)", ours, logs)]
    for name, load in PEERS.items():
        try:
            parse = load()
        except ImportError as error:
            rows.append([name, f"not installed ({error.name})", *[""] * 5])
            continue
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            files = readable(parse, logs)
        if files:
            rows.append(row(name, parse, files))
        else:
            rows.append([name, f"0 of {len(logs)}", *[""] * 5])
    return rows


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Keep this process to one core: parsers that would use more do not gain by it, nor lose."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def section(repeats: int, peers: Path) -> str:
    """Measure, and tell it in Markdown."""
    with one_core():
        return _section(repeats, peers)


def _section(repeats: int, peers: Path) -> str:
    # Behind all else: what this project uses itself has precedence over what came with a peer.
    sys.path.append(str(peers))
    header = ["parser", "logs", "µs a log", "logs/s", "MB/s", "× bare read", "× heteroscope"]
    text = [
        "## Reading logs",
        "",
        "One core; a log that a parser fails on is left out of its row, and of what it is compared "
        f"with. Medians of {repeats} rounds, with the smallest and the largest.",
    ]
    sources = {"the rendered logs of `data/`": REPOSITORY / "data"}
    if real := os.environ.get("HETEROSCOPE_REAL_DATA"):
        sources["the campaign's original logs"] = Path(real) / "kubecon"
    for name, folder in sources.items():
        logs = logs_below(folder)
        size = sum(log.stat().st_size for log in logs) / len(logs) / 1e3
        text += ["", f"On {name} ({len(logs)} of {size:.1f} kB each):", ""]
        text.append(table(header, compare(logs, repeats)))
    return "\n".join(text)
