"""What a result was made of: inputs, configuration, code and packages, by their digests."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import heteroscope
from heteroscope.campaign.layout import published
from heteroscope.logs.files import identify
from heteroscope.metrics import UserError

_LIBRARY = Path(__file__).parent
# Code, and what a page is written by.
_SOURCES = (".py", ".j2", ".css", ".js")


def source_digest(*parts: str) -> str:
    """Return a digest of the code that a job is made by, so that the workflow sees it change.

    Snakemake itself looks at a rule's script, and not at the modules that the script imports.

    Parameters
    ----------
    *parts
        Folders of this library; the modules beside them always belong to it.

    Returns
    -------
    str
        16 hexadecimal digits; where the files lie, and when they were written, does not matter.
    """
    files = [*_LIBRARY.glob("*.py")]
    for part in parts:
        files += (file for file in (_LIBRARY / part).rglob("*") if file.suffix in _SOURCES)
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(_LIBRARY).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def files_digest(files: Iterable[str]) -> str:
    """Return a digest of names and sizes of files, which need not be there.

    Snakemake goes by times and misses a file that was replaced by an older one, as ``tar`` and
    ``rsync`` put it back.
    """
    digest = hashlib.sha256()
    for file in files:
        try:
            size = Path(file).stat().st_size
        except OSError:
            size = -1
        digest.update(f"{file}\0{size}\0".encode())
    return digest.hexdigest()[:16]


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
        for key in ("heteroscope", "commit", "python", "lock_sha256", "config_sha256")
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
