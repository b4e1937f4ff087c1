"""What a result was made of: digests of the code that made it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
    digest = hashlib.sha256()
    for module in sorted(modules):
        digest.update(module.relative_to(_LIBRARY).as_posix().encode() + b"\0")
        digest.update(module.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Return the modules of this library that a file imports, with the packages they lie in."""
    return frozenset(_modules_in(ast.parse(path.read_bytes())))


def _modules_in(tree: ast.Module) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # What is imported may be a module itself, or something in it.
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            package, *parts = name.split(".")
            if package == _LIBRARY.name:
                yield from _files_of(parts)


def _files_of(parts: list[str]) -> Iterator[Path]:
    folder = _LIBRARY
    yield folder / "__init__.py"
    for part in parts:
        if (folder / part).is_dir():
            folder /= part
            yield folder / "__init__.py"
        elif (module := folder / f"{part}.py").is_file():
            yield module
