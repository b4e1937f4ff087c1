"""Documentation and code say the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import yaml
from calls import REPOSITORY
from packaging.markers import Marker


def test_what_the_documentation_takes_from_the_code_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, REPOSITORY / "docs/update.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def locked_versions(python: str) -> dict[str, str]:
    """Return the version of each package of the lock file for one version of Python."""
    environment = {
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
        "platform_machine": "x86_64",
    }
    versions = {}
    lock = (REPOSITORY / "envs/requirements.txt").read_text()
    for name, version, marker in re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", lock, re.M):
        if not marker or Marker(marker).evaluate(environment):
            assert name not in versions, f"{name} is locked twice for Python {python}"
            versions[name] = version
    return versions


def test_conda_environment_and_lock_file_state_the_same_versions() -> None:
    environment = yaml.safe_load((REPOSITORY / "envs/analysis.yaml").read_text())
    stated = dict(entry.split(" =") for entry in environment["dependencies"])
    locked = locked_versions(stated.pop("python"))
    assert len(stated) > 5
    for package, version in stated.items():
        assert locked[package.removesuffix("-base").replace(".", "-")] == version, package


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_supported_python_has_one_version_of_each_package(python: str) -> None:
    assert {"snakemake", "pandas", "scipy", "matplotlib"} <= locked_versions(python).keys()


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lock = (REPOSITORY / "envs" / name).read_text()
        entries = re.findall(r"^[\w.-]+==.*?(?=^[\w.-]+==|\Z)", lock, re.M | re.S)
        assert len(entries) > 30
        assert all("--hash=sha256:" in entry for entry in entries)
        assert "://" not in lock


def test_every_rule_has_a_docstring_and_a_script_of_its_name() -> None:
    files = [REPOSITORY / "Snakefile", *(REPOSITORY / "rules").glob("*.smk")]
    rule = re.compile(r"^rule (\w+):\n((?:(?:    .*)?\n)+)", re.M)
    rules = {name: body for file in files for name, body in rule.findall(file.read_text())}
    assert len(rules) > 5
    for name, body in rules.items():
        assert body.startswith('    """'), name
        if script := re.search(r'script:\n\s+"\.\./scripts/(\w+)\.py"', body):
            assert script[1] == name
            text = (REPOSITORY / "scripts" / f"{name}.py").read_text()
            assert len(text.splitlines()) <= 25, name


def test_the_library_knows_nothing_of_snakemake() -> None:
    for module in (REPOSITORY / "scripts/heteroscope").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:import|from) snakemake", text, re.M), module.name


# What may import what: a module uses only what stands in a lower line.
FLOORS = (
    ("__main__", "library"),
    ("report",),
    ("figures",),
    ("analysis",),
    ("tables",),
    ("inference", "provenance"),
    ("campaign",),
    ("logs", "job"),
    ("redaction",),
    ("metrics", "private"),
    ("words",),
)


def test_imports_only_point_down() -> None:
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    library = REPOSITORY / "scripts/heteroscope"
    seen = set()
    for module in library.rglob("*.py"):
        own = module.relative_to(library).with_suffix("").parts[0]
        if own == "__init__":
            continue
        assert own in floor, f"{own} has no floor"
        seen.add(own)
        text = module.read_text(encoding="utf-8")
        for other in re.findall(r"^\s*(?:from|import) heteroscope\.(\w+)", text, re.M):
            assert other == own or floor[other] > floor[own], f"{own} imports {other}"
    assert len(seen) > 8


def test_what_git_tracks_holds_no_large_file_and_no_machine_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = REPOSITORY / name
        if path.is_file():
            assert path.stat().st_size < 700_000, name
            assert os.fsencode("/wo" + "rk/") not in path.read_bytes(), name
