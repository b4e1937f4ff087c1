"""One run of a campaign, and its logs on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heteroscope.campaign.configuration import nearest
from heteroscope.campaign.layout import Place, excludes, files_below, sort_out
from heteroscope.campaign.recognition import choose_reader
from heteroscope.logs import READERS, figure_units, readers
from heteroscope.logs.reader import Reader
from heteroscope.metrics import METRICS, UserError


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the campaign, and its logs.

    Attributes
    ----------
    name, label, operator
        What it is called in files, in figures, and what launched it.
    directory
        The folder of its logs.
    reader
        The format of its logs.
    pattern
        Where its logs lie below the folder, in wildcard syntax; empty for the reader's own layout.
    logs, companions
        Its files, sorted: paths that begin with `directory`.
    sizes
        The sizes of the study that it covers, as far as its paths or its configuration tell.
    against
        Names of its baselines.
    options
        Keys for its reader alone.
    declared
        What the configuration says of it and no log does.
    exclude
        The entries of the configuration that leave out trials of this run.
    where
        The figures that its logs must have to be of the run.
    strict
        Whether its reading fails if most of its logs are not ok.
    file
        Its one file, below the directory; empty if it has a directory of logs.
    made
        A rule makes its logs.
    """

    name: str
    label: str
    operator: str
    directory: str
    reader: Reader
    pattern: str
    logs: tuple[str, ...]
    companions: tuple[str, ...]
    sizes: tuple[int, ...]
    against: tuple[str, ...]
    color: str
    options: Mapping[str, Any]
    declared: Mapping[str, Any]
    exclude: tuple[Mapping[str, Any], ...]
    where: Mapping[str, Any]
    strict: bool
    file: str
    made: bool

    def gives(self, metric: str) -> bool:
        """Return whether the run's format has the figures that a metric is made of."""
        definition = METRICS[metric]
        figures = self.reader.figures
        return any(name in figures for name in definition.of) and (
            not definition.minus or any(name in figures for name in definition.minus)
        )

    def plan(self, sizes: Sequence[int]) -> dict[str, Any]:
        """Return what `trials.ReadingPlan` holds, for a study of these sizes, as plain values."""
        return {
            "run": self.name,
            "operator": self.operator,
            "directory": self.directory,
            "reader": self.reader.name,
            "application": self.reader.application,
            "pattern": self.pattern,
            "sizes": list(sizes),
            "options": dict(self.options),
            "exclude": [dict(rule) for rule in self.exclude],
            "where": dict(self.where),
            "strict": self.strict,
            "file": self.file,
        }


def find_run(
    name: str,
    entry: Mapping[str, Any],
    config: Mapping[str, Any],
    root: Path,
    to_come: Sequence[str],
) -> Run:
    """Find the logs of a run, and check what the configuration says of it.

    Parameters
    ----------
    name, entry
        Of the run, as the configuration has it.
    config
        The whole configuration, with its defaults.
    root
        What relative paths are relative to.
    to_come
        Paths of logs that are still to be fetched.

    Raises
    ------
    UserError
        If it has no logs, or if a key does not fit them.
    """
    where = f"runs.{name}"
    prefix, files = _files(where, entry, config, root, to_come)
    folder = root / prefix
    if entry["file"]:
        reader, pattern = readers()[entry["format"]], files[0]
    else:
        reader, pattern = choose_reader(where, entry, folder, files)
    placed, companions = sort_out(files, reader, pattern)
    if not placed:
        raise UserError(
            f"{name} has no logs: nothing below {prefix} matches "
            f"{pattern or reader.spelled} (is {prefix} unpacked, and complete?)"
        )
    for path in placed:
        if {*"{}"} & {*prefix, *path}:
            raise UserError(
                f"{where}: '{prefix}/{path}' holds a brace, which Snakemake takes for a wildcard; "
                "rename the folder or file"
            )
    _check_twice(name, placed)
    unknown = sorted(_reader_options(entry) - reader.options)
    if unknown:
        owners = [other.name for other in READERS.values() if unknown[0] in other.options]
        raise UserError(
            f"{where}.{unknown[0]}: the reader {reader.name} does not know this key; "
            f"it belongs to {', '.join(owners)}"
        )
    figures = figure_units()
    for figure in () if entry["file"] else entry["where"]:
        if figure not in figures:
            raise UserError(
                f"{where}.where: no reader gives a figure {figure!r}"
                f"{nearest(figure, figures)}; docs/tables.md lists those of the trials"
            )
    exclude = tuple(rule for rule in config["exclude"] if rule["run"] == name)
    for rule in exclude:
        if not any(excludes(rule, path, placed[path]) for path in placed):
            raise UserError(
                f"exclude: nothing of {name} is matched by {_spell(rule)}; "
                f"its logs are spelled like {min(placed)}"
            )
    sizes = {spelled.size for spelled in placed.values()}
    return Run(
        name=name,
        label=entry["label"] or name,
        operator=entry["operator"] or reader.operator,
        directory=prefix,
        reader=reader,
        pattern=pattern,
        logs=tuple(f"{prefix}/{path}" for path in placed),
        companions=tuple(f"{prefix}/{path}" for path in companions),
        sizes=tuple(entry["sizes"] or [size for size in config["sizes"] if size in sizes]),
        against=tuple(entry["against"]),
        color=entry["color"],
        options={key: entry[key] for key in sorted(_reader_options(entry))},
        declared=entry["declared"],
        exclude=exclude,
        # The reader of a file of numbers chooses among them itself.
        where={} if entry["file"] else entry["where"],
        strict=config["strict"],
        file=Path(entry["file"]).name,
        made=bool(entry["repetitions"]),
    )


def _files(
    where: str,
    entry: Mapping[str, Any],
    config: Mapping[str, Any],
    root: Path,
    to_come: Sequence[str],
) -> tuple[str, list[str]]:
    """Return the folder of a run, and the files below it, there and to come."""
    if key := next((key for key in ("format", "columns") if entry[key] and not entry["file"]), ""):
        raise UserError(f"{where}.{key}: it is of a `file` of numbers, and there is none")
    if entry["file"]:
        if entry["directory"]:
            raise UserError(f"{where}.file: a run has a file or a directory; leave one out")
        if not (root / entry["file"]).is_file():
            raise UserError(f"{where}.file: there is no file {entry['file']}")
        return str(Path(entry["file"]).parent), [Path(entry["file"]).name]
    prefix = entry["directory"].rstrip("/")
    listed = [path[len(prefix) + 1 :] for path in to_come if path.startswith(f"{prefix}/")]
    if entry["repetitions"]:
        listed += _made(where, entry, config)
    if not (root / prefix).is_dir() and not listed:
        raise UserError(
            f"{where}.directory: there is no folder {entry['directory']}; "
            "a relative path is relative to the folder that the workflow works in"
        )
    return prefix, sorted({*files_below(root / prefix), *listed})


def _made(where: str, entry: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """Return the logs that a rule is to make, below the run's directory."""
    sizes = entry["sizes"] or config["sizes"]
    if not sizes:
        raise UserError(f"{where}.repetitions: of which sizes? name them in `sizes`")
    try:
        return [
            entry["logs"].format(size=size, repetition=repetition)
            for size in sizes
            for repetition in range(1, entry["repetitions"] + 1)
        ]
    except (KeyError, IndexError, ValueError):
        raise UserError(
            f"{where}.logs: with `repetitions`, it says where their logs will lie, with no "
            'wildcards but {size} and {repetition}; for example "{size}/{repetition}.log"'
        ) from None


def _reader_options(entry: Mapping[str, Any]) -> set[str]:
    every = set().union(*(reader.options for reader in READERS.values()))
    if entry["file"]:
        every |= {"columns", "where"}
    return {key for key in every if entry.get(key)}


def _check_twice(name: str, placed: Mapping[str, Place]) -> None:
    seen: dict[tuple[int | None, int | None], str] = {}
    for path, place in placed.items():
        if place.size is None or place.repetition is None:
            continue
        other = seen.setdefault((place.size, place.repetition), path)
        if other != path:
            raise UserError(
                f"{name} has two logs for size {place.size}, repetition {place.repetition}: "
                f"{other} and {path}; make two runs of them, or narrow the run's directory or logs"
            )


def _spell(rule: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {rule[key]}" for key in ("match", "size", "repetition") if rule[key])
