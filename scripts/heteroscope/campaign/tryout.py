"""What is read of one log, and why: the templates that match, and what is missing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from heteroscope import logs
from heteroscope.campaign import vocabulary
from heteroscope.campaign.configuration import checked, complete
from heteroscope.campaign.layout import compile_pattern
from heteroscope.logs.declared import lines_of
from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.lines import LineTable
from heteroscope.logs.plain import plain
from heteroscope.metrics import Status, UserError
from heteroscope.redaction import redact
from heteroscope.words import counted

# As much of a line is shown, so many of a kind, and so many are searched for one that is missing.
_SHOWN, _MOST, _SEARCHED, _COMPARED = 100, 3, 5000, 300


def tryout(config: Path, log: Path) -> Iterator[str]:
    """Read one log as a campaign would.

    Parameters
    ----------
    config
        A configuration, or the file of one application.
    log
        The log.

    Yields
    ------
    str
        A line for each line of the log that a template matches, then the figures, what is missing
        and why, and what becomes of the log.

    Raises
    ------
    UserError
        If a file cannot be read, or is not as the schema says.
    """
    declared, of_log = _declared(config, log)
    logs.declare({"applications": declared})
    try:
        data = read_file(log).text
    except UnreadableError as error:
        raise UserError(f"{log}: {error}") from None
    name = of_log or next(iter(logs.applications_of(data)), next(iter(declared), "lammps"))
    found = logs.readers_of(data, name) or [logs.readers(name)[name]]
    title = logs.APPLICATIONS[name].title
    yield f"{log.name}: {title}{'' if found[0].name == name else f', as of {found[0].operator}'}"
    if name in declared:
        yield from _matches(declared[name], data, logs.APPLICATIONS[name].anchors)
    for reading in found[0].read(data, {}):
        yield "figures:"
        for figure, value in reading.figures.items():
            shown = f"{value:.10g}" if isinstance(value, float) else str(value)
            yield f"  {figure}: {shown} {found[0].figures.get(figure, '')}".rstrip()
        yield f"status: {reading.status.value}" + f" ({reading.reason})" * bool(reading.reason)
        if reading.status is Status.NO_OUTPUT:
            for known in vocabulary.shipped_of(data)[:1]:
                yield f"it looks like the output of {known}: `application: {known}`"


def _declared(config: Path, log: Path) -> tuple[dict[str, Any], str]:
    """Return the applications of a file, by name, and of which the log is, if a run says so."""
    try:
        content = vocabulary.parsed(config)
    except OSError as error:
        raise UserError(f"{config}: {error.strerror}") from None
    except ValueError as error:
        raise UserError(f"{config} is no YAML: {error}") from None
    if not isinstance(content, dict):
        raise UserError(f"{config}: expected a campaign (`runs`) or an application (`figures`)")
    if "figures" in content and "runs" not in content:
        entry = checked(content, "applications")
        vocabulary.check(entry, "")
        return {config.stem: entry}, config.stem
    filled = complete(content if "runs" in content else {**content, "runs": {"a": {"file": "a"}}})
    declared = vocabulary.applications(filled, Path())
    runs = (run for run in filled["runs"].values() if _is_of(run, log.resolve()))
    return declared, next((run["application"] for run in runs if run["application"]), "")


def _is_of(run: Mapping[str, Any], log: Path) -> bool:
    """Return whether a log lies where those of a run do."""
    folder = Path(run["directory"]).resolve()
    if not run["directory"] or not log.is_relative_to(folder):
        return False
    below = log.relative_to(folder).as_posix()
    return not run["logs"] or bool(compile_pattern(run["logs"])(below))


def _matches(declared: Mapping[str, Any], data: bytes, anchors: tuple[bytes, ...]) -> Iterator[str]:
    """Yield which template each line matches, and of the missing ones which line is the nearest."""
    rows = {id(line): (key, template, line) for key, template, line in lines_of(declared)}
    table = LineTable([line for _, _, line in rows.values()])
    log = plain(data, anchors)
    if log.prefix:
        yield f"  every line begins with `{log.prefix}`, which is taken off"
    seen: dict[str, int] = {}
    for number, line, text, figures in table.findings(log.text):
        key, template, _ = rows[id(line)]
        kind = key if figures is not None else f"like {key}"
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > _MOST:
            continue
        shown = redact(text.decode("utf-8", "replace"))[:_SHOWN]
        if figures is None:
            yield f"  line {number}: begins like {key}, but is not `{template}`: {shown}"
        else:
            value = f" = {figures['value']}" if "value" in figures else ""
            yield f"  line {number}: {key}{value}: {shown}"
    for kind, n in seen.items():
        if n > _MOST:
            yield f"  and {counted(n - _MOST, 'more line')}: {kind}"
    yield from _missing(declared, log.text, seen)


def _missing(declared: Mapping[str, Any], text: bytes, seen: Mapping[str, int]) -> Iterator[str]:
    lines = [
        line.strip()
        for line in text.decode("utf-8", "replace").split("\n")[:_SEARCHED]
        if len(line) < _COMPARED
    ]
    told: set[str] = set()
    for key, template, _ in lines_of(declared):
        if key in seen or key == "failed":
            continue
        again = "  or" if key in told else f"  no {key}: no line is"
        told.add(key)
        literal = [word for word in template.split() if "{" not in word]
        words = [word for word in literal if len(word) > 3] or literal
        alike = [line for line in lines if any(word in line for word in words)]
        near = difflib.get_close_matches(template, alike, n=1, cutoff=0.5)
        nearest = f"; the nearest is {redact(near[0])[:_SHOWN]}" if near else ""
        yield f"{again} `{template}`{nearest}"
