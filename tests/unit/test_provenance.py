"""Digests of the code that a result was made with."""

from __future__ import annotations

import ast
import os
import re
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


def digest(scripts: Path, *parts: str) -> str:
    """Return the digest that a new process computes."""
    code = f"from heteroscope.provenance import source_digest; print(source_digest(*{parts!r}))"
    environment = {**os.environ, "PYTHONPATH": str(scripts)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=scripts, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("module", "changes"),
    [
        ("logs/lines.py", True),
        ("logs/new.py", True),
        ("metrics.py", True),
        ("report/templates/style.css", True),
        ("figures/theme.py", False),
    ],
)
def test_a_digest_changes_with_the_named_folders_and_the_modules_beside_them(
    scripts: Path, module: str, changes: bool
) -> None:
    before = digest(scripts, "logs", "report")
    path = scripts / "heteroscope" / module
    path.write_text((path.read_text() if path.exists() else "") + "\n# edited\n")
    assert (digest(scripts, "logs", "report") != before) is changes


def test_a_digest_does_not_depend_on_where_and_when_the_files_lie(scripts: Path) -> None:
    for path in scripts.rglob("*.py"):
        os.utime(path, (0, 0))
    assert digest(scripts, "logs") == digest(SCRIPTS, "logs")


RULE = re.compile(r"^rule (\w+):\n((?:(?:    .*)?\n)+)", re.M)
RULES = {
    name: body
    for file in sorted((SCRIPTS.parent / "rules").glob("*.smk"))
    for name, body in RULE.findall(file.read_text())
    if "source_digest(" in body
}


def imported(file: Path) -> set[Path]:
    """Return the modules of the library that a file imports, but for those of types alone."""
    library = SCRIPTS / "heteroscope"
    found = set()
    waiting: list[ast.AST] = [ast.parse(file.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                path = library.joinpath(*name.split(".")[1:])
                found |= {path.with_suffix(".py"), path / "__init__.py"}
    return {path for path in found if path.is_file() and path.is_relative_to(library)}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_every_folder_that_its_script_imports(rule: str) -> None:
    named = re.findall(r'"(\w+)"', RULES[rule].partition("source_digest(")[2].partition(")")[0])
    waiting, modules = [SCRIPTS / f"{rule}.py"], set[Path]()
    while waiting:
        new = imported(waiting.pop()) - modules
        modules |= new
        waiting += new
    places = [path.relative_to(SCRIPTS / "heteroscope").parts for path in modules]
    folders = {parts[0] for parts in places if len(parts) > 1}
    assert folders == {*named}


def test_files_are_told_apart_by_their_names_and_sizes(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    names = [str(tmp_path / "a"), str(tmp_path / "gone")]
    before = provenance.files_digest(names)
    os.utime(tmp_path / "a", (0, 0))
    assert provenance.files_digest(names) == before
    (tmp_path / "gone").touch()
    assert provenance.files_digest(names) != before
    (tmp_path / "gone").unlink()
    (tmp_path / "a").write_text("12")
    assert provenance.files_digest(names) != before


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
    campaign_files |= {"tables": ["more.csv"], "readers": {"run4": "lammps"}}
    now = provenance.manifest(**campaign_files)
    now["commit"] = before["commit"]
    assert provenance.differences(before, now) == [
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
