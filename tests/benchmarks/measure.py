"""How things are measured: several times, and in turn, so that all meet the same machine."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Spread:
    """Repeated measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def told(self, scale: float = 1, digits: int = 3) -> str:
        """Say the median, and from where to where the values go."""
        low, middle, high = (
            f"{scale * value:.{digits}g}"
            for value in (min(self.values), self.median, max(self.values))
        )
        return middle if len(self.values) == 1 else f"{middle} ({low}–{high})"


def in_turn(actions: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, Spread]:
    """Time actions in s: each once to warm up, then all in turn, as often as is asked for."""
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    return {name: Spread(tuple(values)) for name, values in times.items()}


def ratios(of: Spread, to: Spread) -> Spread:
    """Return the ratios of two things that were measured in turn."""
    return Spread(tuple(a / b for a, b in zip(of.values, to.values, strict=True)))


@dataclass(frozen=True)
class Call:
    """What a call of a program took.

    Attributes
    ----------
    seconds
        From its start to its end.
    megabytes
        The peak memory of the largest process among it and all that it started.
    output
        What it printed.
    """

    seconds: float
    megabytes: float
    output: str


def call(*command: object, cwd: Path) -> Call:
    """Call a program, and fail if it does."""
    start = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        # wait4 took what Popen would wait for.
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{output}")
    # Linux counts in kB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Call(seconds, usage.ru_maxrss / unit, output)


def snakemake(*arguments: object, cwd: Path) -> Call:
    """Call this workflow in a folder, on two cores."""
    return call(
        sys.executable, "-m", "snakemake", "-s", REPOSITORY / "Snakefile", "--cores", "2",
        *arguments, "--quiet", "rules", cwd=cwd,
    )  # fmt: skip


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown: the first column to the left, all others to the right."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Say what the figures were measured on, and how busy it was."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    load = os.getloadavg()[0]
    busy = (
        f" **It was busy with other work: {load:.1f} processes wanted to run.**"
        if load > 0.5
        else ""
    )
    return (
        f"Measured on {os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, "
        f"{platform.system()}.{busy}"
    )
