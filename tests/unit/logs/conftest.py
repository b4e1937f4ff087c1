import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).parent / "samples"


def folder_of(variable, what):
    """Return the folder that a variable of the environment names, or skip the test."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{variable} is not set: it names the folder of {what}")
    return Path(folder)


@pytest.fixture(scope="session")
def sample():
    """Return the function that gives a committed sample of LAMMPS' output, by its name."""
    return lambda name: (SAMPLES / f"{name}.out").read_bytes()


@pytest.fixture(scope="session")
def samples():
    """Return the folder of the samples that are not committed."""
    return folder_of("HETEROSCOPE_SAMPLES", "the samples that are not committed")


@pytest.fixture(scope="session")
def all_samples():
    """Return every sample: release, case, file."""
    folder = folder_of("HETEROSCOPE_SAMPLES", "the samples that are not committed") / "lammps"
    files = [file for file in sorted(folder.glob("*/*")) if not file.name.endswith(".err")]
    assert files, f"no samples below {folder}"
    return [(file.parent.name, file.name, file) for file in files]


@pytest.fixture(scope="session")
def real_logs():
    """Return the folder of the original logs, which carry no licence and are not committed."""
    return folder_of("HETEROSCOPE_REAL_DATA", "the original logs") / "kubecon"
