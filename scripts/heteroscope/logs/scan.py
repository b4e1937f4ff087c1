"""The lines of a file are sorted into its jobs, and within a job by who printed them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heteroscope.logs.deaths import RANKS
from heteroscope.logs.lines import Line, LineTable
from heteroscope.logs.reader import Launched, Scan
from heteroscope.metrics import Figure


class Job:
    """Sorts the lines of one job: the application's own, and those of whatever launched it.

    Parameters
    ----------
    launched
        What was said of the launch.
    own
        The application's lines.
    """

    def __init__(self, launched: Launched, own: Sequence[Line]) -> None:
        self.found = Scan(launched)
        self._own = frozenset(map(id, own))
        self._inside = self._ended = False
        # Where the figures of a run of the application belong, if it has several.
        self._run = self.found.figures

    def take(self, number: int, line: Line, text: bytes, figures: dict[str, Figure] | None) -> None:
        """Sort one line in."""
        found, own = self.found, id(line) in self._own
        if own and self._ended and line.part not in ("banner", "end"):
            return  # words about a log that has ended
        if self._inside and line.foreign:
            found.foreign_lines += 1
        if figures is None:
            self.garble(number, line, text)
            return
        if line.part:
            found.parts[line.part] += 1
            if line.part in ("banner", "end"):
                self._inside = line.part == "banner"
            if not self.sort(number, line, text, figures):
                return
        if line.tells:
            told = found.hints if line.part == "hint" else found.deaths
            told.setdefault(RANKS[line.template], line.tells.format(**figures).strip())
        elif line.count:
            found.launched.counts[line.count] += 1
        elif line.collect:
            scope = found.collected if own else found.launched.collected
            scope[line.collect].append(figures)
        elif figures:
            log = found.figures if own else found.launched.figures
            found.keep(self._run if line.per_run else log, figures)

    def garble(self, number: int, line: Line, text: bytes) -> None:
        """Take notice of a line that begins like one of a known kind, and is none."""
        self.found.garble(number, text)

    def sort(self, number: int, line: Line, text: bytes, figures: dict[str, Figure]) -> bool:
        """Take notice of a part of the log; return whether the line's figures count."""
        return True


_MOST_JOBS = 1000


def scan(
    text: bytes,
    table: LineTable,
    begin: Callable[[Launched], Job],
    progress: Sequence[str],
    first: int = 1,
) -> list[Scan]:
    """Sort the lines of a log.

    Parameters
    ----------
    text
        The log, as it was printed; there may be foreign lines between the application's own.
    table
        The lines of the application, and those of the launcher.
    begin
        Begins a job of the application.
    progress
        Parts of a log which show that the application had begun its work.
    first
        The number of the log's first line.

    Returns
    -------
    list of Scan
        One a job: a job that was started again writes into the log of the first.
    """
    launched = Launched()
    jobs = [begin(launched)]
    for number, line, words, figures in table.findings(text, first):
        parts = jobs[-1].found.parts
        if line.part == "begin" and any(parts[part] for part in ("begin", "banner", "end")):
            launched = Launched()
            jobs.append(begin(launched))
        elif line.part == "banner" and any(parts[part] for part in progress):
            jobs.append(begin(launched))
        # Nobody asks for the ones in between.
        del jobs[_MOST_JOBS:-1]
        jobs[-1].take(number, line, words, figures)
    return [job.found for job in jobs]
