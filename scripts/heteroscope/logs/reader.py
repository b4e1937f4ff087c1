"""What a reader is, and how the lines of one log become one reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heteroscope.records import Figure, Reading, Status
from heteroscope.redaction import redact


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
        Keys of a run's configuration that this reader alone understands.
    """

    name: str
    operator: str
    figures: Mapping[str, str]
    read: Callable[[bytes, Mapping[str, Any]], list[Reading]]
    recognises: Callable[[bytes], bool]
    layout: re.Pattern[str] | None = None
    spelled: str = ""
    companion: str = ""
    read_companion: Callable[[bytes], Mapping[str, Mapping[str, Figure]]] | None = None
    many: bool = False
    started_at: Callable[[str], str] | None = None
    options: frozenset[str] = frozenset()


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
    conflicts
        Figures that stand twice with different values; they are not among the figures.
    foreign_lines
        Foreign lines between the application's first line and its last.
    """

    figures: dict[str, Figure]
    runs: list[dict[str, Figure]] = field(default_factory=list)
    collected: dict[str, list[dict[str, Figure]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    conflicts: dict[str, list[Figure]] = field(default_factory=dict)
    foreign_lines: int = 0

    def keep(self, scope: dict[str, Figure], items: Iterable[tuple[str, Figure]]) -> None:
        """Add figures to a scope; a second value that differs makes a conflict of both."""
        for name, value in items:
            if scope.setdefault(name, value) != value:
                self.conflicts.setdefault(name, [scope[name]]).append(value)


def judge(
    scan: Scan,
    figures: Mapping[str, Figure],
    required: Sequence[str],
    fault: tuple[Status, str] | None,
) -> Reading:
    """Make a reading of figures: whether the trial can be used and, if not, why.

    Parameters
    ----------
    scan
        Where the figures come from.
    figures
        All figures of the trial.
    required
        Figures without which the trial did not end as it should.
    fault
        What the reader already knows to be wrong.
    """
    kept = {
        name: redact(value) if isinstance(value, str) else value
        for name, value in figures.items()
        if name not in scan.conflicts
    }
    if fault is None and scan.conflicts:
        name, values = next(iter(scan.conflicts.items()))
        told = " and ".join(redact(str(value)) for value in dict.fromkeys(values))
        fault = Status.INCOMPLETE, f"conflict: {name} stands as {told}"
    if fault is None:
        missing = [name for name in required if name not in kept]
        if missing:
            fault = Status.INCOMPLETE, f"no {', no '.join(missing)}: the log ends too early"
    status, reason = fault or (Status.OK, "")
    return Reading(kept, status, reason, scan.foreign_lines)

