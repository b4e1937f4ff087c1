"""A small part of `make calibration`: claims of which none is true, judged as the workflow does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "calibration/run.py"


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibration_run", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["location", "spread", "trend", "equivalent", "not_greater"])
@pytest.mark.parametrize("name", ["normal", "whole seconds"])
def test_few_verdicts_are_false_where_trials_are_independent(
    calibration: ModuleType, name: str, kind: str
) -> None:
    cell = calibration.false_verdicts(name, kind, 10, 60)
    # 5 % of 60 are 3; more than 8 come about once in 200 such tests.
    assert cell.false <= 8


@pytest.mark.parametrize("name", ["AR(0.5), in blocks", "slowing, in blocks", "clusters differ"])
def test_where_they_are_not_false_verdicts_are_warned_of(
    calibration: ModuleType, name: str
) -> None:
    cell = calibration.false_verdicts(name, "location", 10, 60)
    assert cell.false
    assert cell.warned == cell.false


def test_a_controlled_campaign_has_fewer_false_verdicts(calibration: ModuleType) -> None:
    controlled = calibration.SCENARIOS["clusters differ"]
    values = list(calibration.campaigns(controlled, "location", 20, 1, 60))
    # The tests alone call a quarter and more of them different.
    alone = sum(calibration.may_be_decided("location", each) for each in values)
    decided = sum(
        calibration.judged(controlled, "location", each)["verdict"] != "inconclusive"
        for each in values
        if calibration.may_be_decided("location", each)
    )
    assert alone >= 15
    assert decided <= alone / 2
