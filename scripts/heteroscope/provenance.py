"""What a result was made of: inputs, configuration, code and packages, by their digests."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import heteroscope
from heteroscope.campaign.layout import published
from heteroscope.logs.files import identify
from heteroscope.metrics import UserError

_LIBRARY = Path(__file__).parent


def source_digest(script: str | Path) -> str:
    """Return a digest of the modules of this library that a script uses, however indirectly.

    The workflow runs a job again when this changes; where files lie, and when they were written,
    does not matter.

    Parameters
    ----------
    script
        A Python file; its own text is not part of the digest.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    modules: set[Path] = set()
    waiting = list(_imports(Path(script)))
    while waiting:
        module = waiting.pop()
        if module not in modules:
            modules.add(module)
            waiting.extend(_imports(module))
            # What a package writes by: as much a part of it as its code.
            if module.name == "__init__.py":
                modules.update(module.parent.glob("templates/*"))
    digest = hashlib.sha256()
    for module in sorted(modules):
        digest.update(module.relative_to(_LIBRARY).as_posix().encode() + b"\0")
        digest.update(module.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


# An import of this library, whole: a module, or a module and what is taken of it.
_IMPORT = re.compile(
    rf"^[ \t]*(?:import {_LIBRARY.name}(?P<module>[.\w]*)"
    rf"|from {_LIBRARY.name}(?P<package>[.\w]*) import (?P<names>\([^)]*\)|[^\n#]*))",
    re.MULTILINE,
)
_COMMENT = re.compile(r"#[^\n]*")


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Return the modules of this library that a file imports, with the packages they lie in.

    Every call of the workflow asks this of every module, and Python's own parser takes ten times
    as long.
    """
    return frozenset(_modules_in(path.read_text(encoding="utf-8")))


def _modules_in(text: str) -> Iterator[Path]:
    for found in _IMPORT.finditer(text):
        parts = (found["module"] or found["package"] or "").split(".")[1:]
        yield from _files_of(parts)
        # What is imported may be a module itself, or something in it.
        for name in _COMMENT.sub("", found["names"] or "").strip("()").split(","):
            if words := name.split():
                yield from _files_of([*parts, words[0]])


def _files_of(parts: list[str]) -> Iterator[Path]:
    folder = _LIBRARY
    yield folder / "__init__.py"
    for part in parts:
        if (folder / part).is_dir():
            folder /= part
            yield folder / "__init__.py"
        elif (module := folder / f"{part}.py").is_file():
            yield module


# What figures and tables depend on, beside this library itself.
_PACKAGES = ("jinja2", "matplotlib", "numpy", "pandas", "scipy", "snakemake")
_ROOT = _LIBRARY.parents[1]


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read: the path under which it may be published, size in bytes, SHA-256.

    Of what cannot be read, size and digest are None.
    """

    path: str
    bytes: int | None
    sha256: str | None


def describe_inputs(directory: str, files: Iterable[str]) -> Iterator[Input]:
    """Look at files of a run, as they are now.

    Parameters
    ----------
    directory
        That of the run, with which the path of each file begins.
    files
        Logs and companions.
    """
    for file in files:
        source = identify(file)
        yield Input(published(file, directory), source.bytes, source.sha256 or None)


def recorded_inputs(table: str | Path) -> Iterator[Input]:
    """Return the logs that were read, as the table of what became of them (`parse`) has them."""
    with Path(table).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            size = row["bytes"]
            yield Input(row["log"], int(size) if size else None, row["sha256"] or None)


def manifest(
    *,
    readers: Mapping[str, str],
    inputs: Iterable[Input],
    tables: Iterable[str],
    config: Mapping[str, Any],
    seed: int,
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the results of a campaign were made of.

    Parameters
    ----------
    readers
        Of each run, by its name.
    inputs
        Every log and companion that was read.
    tables
        Every table that was written.
    config
        The configuration, with its defaults.
    seed
        Where random numbers started.
    report
        What the report is about, so that tables can be told of in its words later.
    """
    lock = _ROOT / "envs" / "requirements.txt"
    return {
        "heteroscope": heteroscope.__version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "lock_sha256": file_digest(lock) if lock.is_file() else None,
        "config_sha256": hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest(),
        "seed": seed,
        "report": dict(report),
        "readers": dict(readers),
        "inputs": [asdict(described) for described in sorted(set(inputs), key=_place)],
        "tables": [
            {"path": Path(table).name, "sha256": file_digest(table)} for table in sorted(tables)
        ],
    }


def _place(described: Input) -> tuple[str, str]:
    return described.path, described.sha256 or ""


def _commit() -> str | None:
    """Return the commit of the workflow, with a + if its files differ; None outside of git."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        # A folder within some other repository is not a commit of this workflow.
        if Path(git("rev-parse", "--show-toplevel")) != _ROOT.resolve():
            return None
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest that was written before.

    Raises
    ------
    UserError
        If there is none.
    """
    if not path.is_file():
        raise UserError("there is no manifest yet: make it by `snakemake results/manifest.json`")
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what changed between two manifests, a sentence each."""
    told = [
        f"{key}: was {before.get(key)}, is {now.get(key)}"
        for key in ("heteroscope", "commit", "python", "lock_sha256", "config_sha256", "seed")
        if before.get(key) != now.get(key)
    ]
    for key in ("packages", "readers"):
        was, becomes = before.get(key, {}), now.get(key, {})
        told += [
            f"{key}: {name} was {was.get(name)}, is {becomes.get(name)}"
            for name in sorted({*was, *becomes})
            if was.get(name) != becomes.get(name)
        ]
    for key in ("inputs", "tables"):
        was, becomes = (
            {entry["path"]: entry["sha256"] for entry in side.get(key, [])}
            for side in (before, now)
        )
        for path in sorted({*was, *becomes}):
            if path not in becomes:
                told.append(f"{key}: {path} is gone")
            elif path not in was:
                told.append(f"{key}: {path} is new")
            elif was[path] != becomes[path]:
                told.append(f"{key}: {path} has changed")
    return told
