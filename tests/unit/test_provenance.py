"""Digests of the code that a result was made with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the scripts and the library, which may be edited."""
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=ignore))


def digest(scripts: Path, script: str) -> str:
    """Return the digest that a new process computes."""
    code = f"from heteroscope.provenance import source_digest; print(source_digest({script!r}))"
    environment = {**os.environ, "PYTHONPATH": str(scripts)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=scripts, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("module", "script", "changes"),
    [
        ("logs/lines.py", "parse_run.py", True),
        ("logs/mpi_results.py", "parse_run.py", True),
        ("records.py", "parse_run.py", True),
        ("records.py", "draw_figures.py", True),
        ("figures/theme.py", "draw_figures.py", True),
        ("figures/theme.py", "parse_run.py", False),
        ("inference/mann_whitney.py", "compare_location.py", True),
        ("inference/mann_whitney.py", "parse_run.py", False),
        ("logs/lines.py", "draw_figures.py", False),
    ],
)
def test_a_digest_changes_with_the_modules_that_a_script_uses_and_no_others(
    scripts: Path, module: str, script: str, changes: bool
) -> None:
    before = digest(scripts, script)
    path = scripts / "heteroscope" / module
    path.write_text(path.read_text() + "\n# edited\n")
    assert (digest(scripts, script) != before) is changes


def test_a_digest_does_not_depend_on_where_and_when_the_files_lie(scripts: Path) -> None:
    for path in scripts.rglob("*.py"):
        os.utime(path, (0, 0))
    assert digest(scripts, "parse_run.py") == digest(SCRIPTS, "parse_run.py")
