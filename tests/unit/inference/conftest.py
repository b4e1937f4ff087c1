"""What the tests of the statistics share."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def figures() -> Callable[[str, int, str], NDArray[np.float64]]:
    """Return a look-up of measured figures by run, nodes and metric."""
    table = json.loads((HERE / "figures.json").read_text())["figures"]
    return lambda run, nodes, metric: np.array(table[run][str(nodes)][metric])
