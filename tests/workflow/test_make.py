"""What `make` says where it cannot work: one line, with the remedy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from calls import REPOSITORY

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")

# A Python, but for what one of the questions that make asks it finds.
PYTHONS = {
    "broken": "exit 127",
    "old": f'case "$2" in *version_info*) exit 1;; esac\nexec {sys.executable} "$@"',
    "without venv": f'case "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"',
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "heteroscope"
    (folder / "envs").mkdir(parents=True)
    shutil.copy(REPOSITORY / "Makefile", folder)
    for lock in (REPOSITORY / "envs").glob("requirements*.txt"):
        shutil.copy(lock, folder / "envs")
    for name, script in PYTHONS.items():
        python = tmp_path / name.replace(" ", "-")
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    return folder


def refusal(folder: Path, *arguments: str) -> str:
    """Call make, which must refuse, and return what it says before its own last line."""
    # These tests may be called by a make, whose settings this one would inherit.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", *arguments], cwd=folder, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert not (folder / ".venv").exists()
    said, last = done.stderr.splitlines()
    assert last.startswith("make: ***")
    return said


@pytest.mark.parametrize(
    ("python", "told"),
    [
        ("nowhere", "a Python that starts: "),
        ("broken", "a Python that starts: "),
        ("old", "Python 3.11 or newer: "),
        ("without-venv", "Python with its venv module: install python3-venv"),
    ],
)
def test_a_python_that_does_not_do_is_refused(clone: Path, python: str, told: str) -> None:
    said = refusal(clone, f"PYTHON={clone.parent / python}")
    assert said.startswith(f"heteroscope needs {told}")


def test_a_space_in_the_path_is_refused(clone: Path) -> None:
    folder = clone.rename(clone.parent / "hetero scope")
    assert "a path without spaces" in refusal(folder)
