"""What a reader is: a launcher, and an application; and what they say of one log."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from heteroscope.logs.lines import Line
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
        Whether the trial can be used and, where it cannot, why; of one that can, what else there
        is to know of its log, if anything.
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
    application
        The name of the application.
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
    many: bool = False
    started_at: Callable[[str], str] | None = None
    options: frozenset[str] = frozenset()
    application: str = "lammps"


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
        return f"line {self.number} is cut short or garbled: {self.quoted()}"

    def quoted(self) -> str:
        """Return the line, as much of it as a reason quotes."""
        text = redact(self.text.decode("utf-8", "replace"))
        # What is left after a cut can look private again: a path, say.
        return text if len(text) <= _QUOTED else redact(f"{text[: _QUOTED - 1]}…")


@dataclass(slots=True)
class Launched:
    """What stands in a log about the launch of its jobs.

    Attributes
    ----------
    figures
        Figures of the launcher's lines.
    collected
        The figures of each occurrence of a line that is collected, by the line's name for them.
    counts
        How often each line that is counted stands.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    collected: dict[str, list[dict[str, Figure]]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Scan:
    """The lines of one job's log, sorted.

    Attributes
    ----------
    launched
        What the launcher said; jobs that were launched together share it.
    figures
        Figures of the application as a whole.
    runs
        Figures of each run of the application, in their order.
    collected
        The figures of each occurrence of a line that is collected, by the line's name for them.
    parts
        How often each part of a log stands in it.
    conflicts
        Figures that stand twice with different values, and the first two of these.
    garbled, garbled_lines
        The first line that begins like one of a known kind, and is none; and how many there are.
    like
        Of a declared application: the first line that begins like that of a figure, and is none.
    foreign_lines
        Foreign lines between the application's first line and its last.
    deaths, hints
        How the job died, in words, by the rank of what tells it; hints count only where the
        application did not come to its end.
    """

    launched: Launched = field(default_factory=Launched)
    figures: dict[str, Figure] = field(default_factory=dict)
    runs: list[dict[str, Figure]] = field(default_factory=list)
    collected: dict[str, list[dict[str, Figure]]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    conflicts: dict[str, tuple[Figure, Figure]] = field(default_factory=dict)
    garbled: Garbled | None = None
    garbled_lines: int = 0
    like: dict[str, Garbled] = field(default_factory=dict)
    foreign_lines: int = 0
    deaths: dict[int, str] = field(default_factory=dict)
    hints: dict[int, str] = field(default_factory=dict)

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
        self.garbled = self.garbled or Garbled(number, text)
        self.garbled_lines += 1

    def died(self, ended: bool) -> str:
        """Say how the job died, if anything in the log tells that it did.

        Parameters
        ----------
        ended
            The application came to its end.
        """
        told = self.deaths if ended else {**self.hints, **self.deaths}
        return told[min(told)] if told else ""


@dataclass(frozen=True, slots=True)
class Trial:
    """The part of a file that holds one trial.

    Attributes
    ----------
    text
        Its lines.
    first
        The number of its first line in the file.
    figures
        What else the file says of this trial.
    fault
        What the file says went wrong with it.
    """

    text: bytes
    first: int = 1
    figures: Mapping[str, Figure] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """A time that another one includes, up to a slack in s, whatever the clocks' steps."""

    inner: str
    outer: str
    slack: float


def whole(text: bytes) -> list[Trial]:
    """Take a file as one trial."""
    return [Trial(text)]


def _leave(figures: dict[str, Figure], found: Scan, options: Mapping[str, Any]) -> None:
    """Add nothing."""


def _find_nothing(_: object) -> Iterator[Any]:
    """Find no fault."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Launcher:
    """What a launcher writes around what an application prints.

    Attributes
    ----------
    name
        As the configuration spells it.
    operator
        What it is, in words.
    recognises
        Whether it wrote any of a log.
    lines
        Its rows.
    figures
        Unit of each figure that it gives besides those of its rows.
    expected
        The figures that a log has where the campaign had its clocks.
    times
        Which time includes which.
    complete
        Adds to the figures of a trial what follows from several lines; it gets the run's options.
    faults
        What the launcher says went wrong, the gravest first.
    split
        Parts a file into its trials.
    layout, spelled, started_at
        As of a `Reader`.
    options
        Keys of a run's configuration that it understands.
    """

    name: str
    operator: str
    recognises: Callable[[bytes], bool]
    lines: tuple[Line, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    times: tuple[Within, ...] = ()
    complete: Callable[[dict[str, Figure], Scan, Mapping[str, Any]], None] = _leave
    faults: Callable[[Mapping[str, Figure]], Iterator[Fault]] = _find_nothing
    split: Callable[[bytes], list[Trial]] = whole
    layout: re.Pattern[str] | None = None
    spelled: str = ""
    started_at: Callable[[str], str] | None = None
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Application:
    """What a program prints, whatever launched it.

    Attributes
    ----------
    name, title
        As the configuration spells it, and in words.
    lines
        Its rows.
    figures
        Unit of each figure that it gives besides those of its rows.
    texts
        The figures of these that are words.
    required, expected
        As of a `Reader`.
    recognises
        Whether it printed any of a log.
    begin
        Begins the sorting of one job's lines.
    progress
        Parts of a log which show that the program had begun its work.
    figures_of
        Makes the figures of a job from its lines; it gets the run's options, as the next.
    faults_of
        What is wrong with its output, the gravest first.
    notes_of
        What else there is to know of a log that can be used.
    missing_in
        What is missing that it prints at its end; nothing if it came to that.
    stopped
        With which error it stopped, if it did.
    anchors
        How lines begin that it surely prints, from which the prefix of all lines is told.
    empty
        What an empty log means.
    times
        Which time includes which.
    options
        Keys of a run's configuration that it understands.
    """

    name: str
    title: str
    lines: tuple[Line, ...]
    figures: Mapping[str, str]
    required: tuple[str, ...]
    expected: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    begin: Callable[[Launched], Any]
    progress: tuple[str, ...]
    figures_of: Callable[[Scan, Mapping[str, Any]], dict[str, Figure]]
    faults_of: Callable[[Scan, Mapping[str, Figure], Mapping[str, Any]], Iterator[Fault]]
    notes_of: Callable[[Scan, Mapping[str, Figure]], Iterator[str]]
    missing_in: Callable[[Scan, Mapping[str, Figure]], list[str]]
    stopped: Callable[[Scan], str]
    anchors: tuple[bytes, ...] = ()
    empty: str = "the log is empty: nothing was printed"
    times: tuple[Within, ...] = ()
    options: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
