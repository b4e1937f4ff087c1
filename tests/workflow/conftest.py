"""Workplaces for real runs of the workflow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from calls import REPOSITORY, Outcome, Workplace, call_snakemake, copy_logs


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """An empty folder; the workflow is used in place."""
    return Workplace(tmp_path, REPOSITORY)


@pytest.fixture
def own_workflow(tmp_path: Path) -> Workplace:
    """An empty folder, and a copy of the workflow whose code may be edited."""
    copy = tmp_path / "workflow"
    for name in ("rules", "scripts", "config", "envs", "profiles"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, copy / name, ignore=ignore)
    shutil.copy(REPOSITORY / "Snakefile", copy)
    (tmp_path / "work").mkdir()
    return Workplace(tmp_path / "work", copy)


@pytest.fixture
def small_campaign() -> Callable[[Workplace], dict[str, Any]]:
    """Return what puts two short runs into a workplace, and returns their configuration."""

    def make(place: Workplace) -> dict[str, Any]:
        copy_logs("run4", place.path("logs/run4"), sizes=(8, 16))
        copy_logs("run6", place.path("logs/run6"), sizes=(8, 16))
        config = {
            "sizes": [8, 16],
            "runs": {
                "run4": {"directory": "logs/run4"},
                "run6": {"directory": "logs/run6", "against": ["run4"]},
            },
            "metrics": ["walltime", "loop_time"],
            "figures": {"walltime": {"metric": "walltime"}},
        }
        place.write_config(config)
        return config

    return make


@pytest.fixture(scope="session")
def lay_out_default_campaign() -> Callable[[Path], None]:
    """Return what makes a folder in which a call of snakemake makes the default campaign."""

    def make(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "config").symlink_to(REPOSITORY / "config")
        (folder / "data").symlink_to(REPOSITORY / "data")

    return make


@pytest.fixture(scope="session")
def default_campaign(
    tmp_path_factory: pytest.TempPathFactory, lay_out_default_campaign: Callable[[Path], None]
) -> Iterator[tuple[Path, Outcome]]:
    """The default campaign, made once: its folder, and the call that made it."""
    folder = tmp_path_factory.mktemp("default")
    lay_out_default_campaign(folder)
    yield folder, call_snakemake(cwd=folder)
