"""snakemake with a broker of Flux that is none: `flux_stand_in.py FOLDER SNAKEMAKE-ARGUMENTS...`.

The plugin and Flux' own module of job specifications are the real ones.  What they submit is
validated by Flux' code, written to FOLDER, and then run on this machine.  Only what needs
libflux-core, which no package registry has, is replaced.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

FOLDER = Path(sys.argv.pop(1))


def import_without_libflux() -> Any:
    """Make `flux.job` importable with its real `JobspecV1`, and return that module."""
    bindings = importlib.util.find_spec("_flux")
    assert bindings is not None and bindings.submodule_search_locations, "no flux-python"
    packages = Path(bindings.submodule_search_locations[0]).parent
    for name in ("flux", "flux.job"):
        module = ModuleType(name)
        # Its modules are found; its __init__, which imports all of them, is not run.
        module.__path__ = [str(packages / name.replace(".", "/"))]
        sys.modules[name] = module
    native = ("_core", "_hostlist", "_idset", "_security")
    missing = ("core", "core.inner", "hostlist", "idset", "cli", "cli.plugin")
    for name in (
        *(f"_flux.{name}" for name in native),
        *(f"flux.{name}" for name in missing),
    ):
        sys.modules[name] = MagicMock()
    for name in ("job", "hostlist", "idset"):
        setattr(sys.modules["flux"], name, sys.modules[f"flux.{name}"])
    sys.modules["flux"].Flux = MagicMock  # type: ignore[attr-defined]
    return sys.modules["flux.job"]


job = import_without_libflux()
from flux.job.Jobspec import JobspecV1, validate_jobspec  # noqa: E402


class Future:
    """A submitted job, as `flux.job.FluxExecutorFuture`."""

    def __init__(self, number: int, process: subprocess.Popen[bytes]) -> None:
        self._number = number
        self._process = process

    def jobid(self) -> int:
        return self._number

    def done(self) -> bool:
        return self._process.poll() is not None

    def result(self, timeout: float) -> int:
        return self._process.wait(timeout)


class Broker:
    """What stands in for `flux.job.FluxExecutor`."""

    def __init__(self) -> None:
        self._submitted = 0

    def submit(self, jobspec: JobspecV1) -> Future:
        self._submitted += 1
        text = jobspec.dumps()
        valid, _ = validate_jobspec(text, require_version=1)
        assert valid
        (FOLDER / f"{self._submitted}.json").write_text(text)
        system = jobspec.jobspec["attributes"]["system"]
        log = Path(system["shell"]["options"]["output"]["stderr"]["path"]).open("wb")  # noqa: SIM115
        process = subprocess.Popen(
            jobspec.jobspec["tasks"][0]["command"],
            cwd=system["cwd"],
            env=system["environment"],
            stderr=log,
        )
        return Future(self._submitted, process)


job.JobspecV1 = JobspecV1
job.FluxExecutor = Broker

from snakemake.cli import main  # noqa: E402

sys.exit(main())
