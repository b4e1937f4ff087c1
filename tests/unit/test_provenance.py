"""Digests of the code that a result was made with."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest

from heteroscope import provenance

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
        ("metrics.py", "parse_run.py", True),
        ("metrics.py", "draw_figures.py", True),
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


def imported(file: Path) -> set[str]:
    """Return what a file imports of the library, as Python's own parser finds it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] == "heteroscope"}


@pytest.mark.parametrize(
    "file", sorted(SCRIPTS.rglob("*.py")), ids=lambda file: file.relative_to(SCRIPTS).as_posix()
)
def test_what_a_file_imports_is_found_as_by_pythons_own_parser(file: Path) -> None:
    library = SCRIPTS / "heteroscope"
    expected = set()
    for name in imported(file):
        folder = SCRIPTS
        for part in name.split("."):
            if (folder / part).is_dir():
                folder /= part
                expected.add(folder / "__init__.py")
            elif (folder / f"{part}.py").is_file() and folder != SCRIPTS:
                expected.add(folder / f"{part}.py")
    assert provenance._imports(file) == expected
    assert all(path.is_relative_to(library) for path in expected)


def test_a_digest_does_not_depend_on_where_and_when_the_files_lie(scripts: Path) -> None:
    for path in scripts.rglob("*.py"):
        os.utime(path, (0, 0))
    assert digest(scripts, "parse_run.py") == digest(SCRIPTS, "parse_run.py")


def described(outside: Path) -> list[provenance.Input]:
    """Return what `manifest` needs of the logs of the two runs."""
    return [
        *provenance.describe_inputs("data/run4", ["data/run4/log.out"]),
        *provenance.describe_inputs(str(outside.parent), [str(outside)]),
    ]


@pytest.fixture
def campaign_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Two runs, one of them outside of the folder, and a table; what `manifest` needs of them."""
    work = tmp_path / "work"
    (work / "data/run4").mkdir(parents=True)
    (tmp_path / "elsewhere/run5").mkdir(parents=True)
    (work / "data/run4/log.out").write_bytes(b"one\r\n")
    outside = tmp_path / "elsewhere/run5/log.out"
    outside.write_bytes(b"two")
    (work / "summary.csv").write_text("run\n")
    monkeypatch.chdir(work)
    return {
        "readers": {"run4": "flux-operator", "run5": "lammps"},
        "inputs": described(outside),
        "tables": ["summary.csv"],
        "config": {"runs": {}},
        "seed": 7,
        "report": {"labels": {"run4": "the new way"}},
    }


def test_a_manifest_names_inputs_by_paths_that_may_be_published(
    campaign_files: dict[str, object],
) -> None:
    made = provenance.manifest(**campaign_files)
    # Of `printf 'one\r\n' | sha256sum` and `printf two | sha256sum`.
    assert made["inputs"] == [
        {"path": "data/run4/log.out", "bytes": 5, "sha256": sha256(b"one\r\n").hexdigest()},
        {
            "path": "run5/log.out",
            "bytes": 3,
            "sha256": "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
        },
    ]
    assert made["tables"] == [{"path": "summary.csv", "sha256": sha256(b"run\n").hexdigest()}]
    assert made["seed"] == 7
    assert made["report"] == {"labels": {"run4": "the new way"}}
    assert made["packages"]["pandas"] == version("pandas")


def test_what_changed_is_named_and_nothing_else(
    campaign_files: dict[str, object], tmp_path: Path
) -> None:
    before = provenance.manifest(**campaign_files)
    assert provenance.differences(before, before) == []
    Path("data/run4/log.out").write_bytes(b"another")
    campaign_files["inputs"] = described(tmp_path / "elsewhere/run5/log.out")
    Path("more.csv").write_text("")
    campaign_files |= {"tables": ["more.csv"], "seed": 8, "readers": {"run4": "lammps"}}
    now = provenance.manifest(**campaign_files)
    now["commit"] = before["commit"]
    assert provenance.differences(before, now) == [
        "seed: was 7, is 8",
        "readers: run4 was flux-operator, is lammps",
        "readers: run5 was lammps, is None",
        "inputs: data/run4/log.out has changed",
        "tables: more.csv is new",
        "tables: summary.csv is gone",
    ]


def test_a_workflow_outside_of_git_has_no_commit(
    campaign_files: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(provenance, "_ROOT", tmp_path)
    assert provenance.manifest(**campaign_files)["commit"] is None
