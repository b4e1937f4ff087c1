"""What a reader is, and how the lines of one log become one reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heteroscope.metrics import Figure, Status
from heteroscope.redaction import redact

Fault = tuple[Status, str]

# As much of a line as a reason quotes.
_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """What one log says of one trial.

    Attributes
    ----------
    figures
        Every figure that was found, by name.
    status, reason
        Whether the trial can be used and, where it cannot, why.
    foreign_lines
        Lines of the launcher or the scheduler that stand inside the application's own output.
    conflicts
        Names of the figures that stand in the log with two values, and so have none.
    """

    figures: Mapping[str, Figure]
    status: Status
    reason: str = ""
    foreign_lines: int = 0
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One format of logs.

    Attributes
    ----------
    name
        As the configuration spells it.
    operator
        What launched the trials, in words.
    figures
        Unit of each figure that the format can give, by name, in the order of the table.
    read
        Maps a log's bytes and the run's options to its readings: one, or one a record.
    recognises
        Whether the bytes are of this format.
    required
        Figures without which a trial is not whole.
    expected
        Figures that every whole log of the format has, the required ones among them.
    layout
        Matches a log's path below the run's directory; the groups ``size``, ``repetition`` and
        ``warmup`` are used where the layout spells them.  None where the format has no layout.
    spelled
        The layout in words, for messages.
    companion, read_companion
        Name of a file beside the folders of the logs that says more of the trials, and how it is
        read: figures by name of a trial's folder.  Raises ValueError where it cannot be.
    many
        A file holds many trials, and not one.
    started_at
        When a trial began, from its log's path (ISO 8601, empty where it does not say).
    options
        Keys of a run's configuration that this reader understands.
    """

    name: str
    operator: str
    figures: Mapping[str, str]
    read: Callable[[bytes, Mapping[str, Any]], list[Reading]]
    recognises: Callable[[bytes], bool]
    required: tuple[str, ...]
    expected: tuple[str, ...]
    layout: re.Pattern[str] | None = None
    spelled: str = ""
    companion: str = ""
    read_companion: Callable[[bytes], Mapping[str, Mapping[str, Figure]]] | None = None
    many: bool = False
    started_at: Callable[[str], str] | None = None
    options: frozenset[str] = frozenset()


# What the name of a log may end with; what is packed is unpacked as it is read.
PACKED = r"(?:\.(?:gz|xz|zst))?"


@dataclass(frozen=True, slots=True)
class Garbled:
    """A line that begins like one of a known kind, and is none.

    Attributes
    ----------
    number
        Which line of the log it is, from 1.
    text
        The line itself.
    """

    number: int
    text: bytes

    def told(self) -> str:
        """Say what stands there, so that it can be found, and published."""
        text = redact(self.text.decode("utf-8", "replace"))
        # What is left after a cut can look private again: a path, say.
        quote = text if len(text) <= _QUOTED else redact(f"{text[: _QUOTED - 1]}…")
        return f"line {self.number} is cut short or garbled: {quote}"


@dataclass(slots=True)
class Scan:
    """The lines of one log, sorted.

    Attributes
    ----------
    figures
        Figures of the log as a whole.
    runs
        Figures of each run of the application in the log, in their order.
    collected
        The figures of each occurrence of a line that is collected, by the line's name for them.
    parts
        How often each part of a log, and each line that is counted, stands in it.
    conflicts
        Figures that stand twice with different values, and the first two of these.
    garbled
        The first line that begins like one of a known kind, and is none.
    foreign_lines
        Foreign lines between the application's first line and its last.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    runs: list[dict[str, Figure]] = field(default_factory=list)
    collected: dict[str, list[dict[str, Figure]]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    conflicts: dict[str, tuple[Figure, Figure]] = field(default_factory=dict)
    garbled: Garbled | None = None
    foreign_lines: int = 0

    def keep(self, scope: dict[str, Figure], figures: Mapping[str, Figure]) -> None:
        """Add figures to a scope; a second value that differs makes a conflict of both."""
        if scope.keys().isdisjoint(figures):
            scope.update(figures)
            return
        for name, value in figures.items():
            if scope.setdefault(name, value) != value:
                self.conflicts.setdefault(name, (scope[name], value))

    def garble(self, number: int, text: bytes) -> None:
        """Take notice of a line that begins like one of a known kind, and is none."""
        if self.garbled is None:
            self.garbled = Garbled(number, text)


@dataclass(frozen=True, slots=True)
class Within:
    """A time that another one includes, up to a slack in s, whatever the clocks' steps."""

    inner: str
    outer: str
    slack: float


def judge(
    scan: Scan,
    figures: dict[str, Figure],
    required: Sequence[str],
    faults: Iterable[Fault],
    times: Sequence[Within] = (),
) -> Reading:
    """Make a reading of figures: whether the trial can be used and, if not, why.

    Parameters
    ----------
    scan
        Where the figures come from.
    figures
        All figures of the trial; those in conflict are taken out.
    required
        Figures without which the trial did not end as it should.
    faults
        What the reader already knows to be wrong, the gravest first.
    times
        Which time includes which.
    """
    for name in scan.conflicts:
        figures.pop(name, None)
    # The gravest comes first: a log that failed also lacks figures.
    fault = next(iter(faults), None) or _fault_of_lines(scan) or _fault_of(figures, required, times)
    status, reason = fault or (Status.OK, "")
    return Reading(figures, status, reason, scan.foreign_lines, tuple(scan.conflicts))


def _fault_of_lines(scan: Scan) -> Fault | None:
    if scan.garbled:
        return Status.INCOMPLETE, scan.garbled.told()
    if scan.conflicts:
        name, (one, other) = next(iter(scan.conflicts.items()))
        return Status.INCOMPLETE, f"conflict: {name} stands as {one} and {other}"
    return None


def _fault_of(
    figures: Mapping[str, Figure], required: Sequence[str], times: Sequence[Within]
) -> Fault | None:
    if missing := [name for name in required if name not in figures]:
        return Status.INCOMPLETE, f"no {', no '.join(missing)}: the log ends too early"
    for time in times:
        inner, outer = figures.get(time.inner), figures.get(time.outer)
        if inner is not None and outer is not None and float(inner) > float(outer) + time.slack:
            return Status.INCOMPLETE, (
                f"{time.inner} of {inner} s is longer than {time.outer} of {outer} s, "
                "which includes it: a clock was wrong"
            )
    return None
