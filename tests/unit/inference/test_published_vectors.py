"""Every published vector, with its source: what others hold true of the same methods."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heteroscope.inference import (
    brunner_munzel,
    fligner_killeen,
    levene,
    mann_whitney,
    quantile_interval,
    robust_z,
    smallest_p,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors.json").read_text())


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    vectors = [vector for vector in VECTORS if vector["kind"] in kinds]
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


def test_there_are_26_vectors_and_each_kind_is_run_below():
    kinds = [vector["kind"] for vector in VECTORS]
    assert len(kinds) == 26
    assert set(kinds) == {"mwu", "levene", "fligner", "bm", "median_ci", "min_p", "outlier_mad"}


@of_kind("mwu")
def test_mann_whitney(vector: dict[str, Any]):
    limit = 100 if vector["method"] == "exact" else 0
    result = mann_whitney(vector["x"], vector["y"], exact_up_to=limit)
    assert result.method == vector["method"]
    if vector["U"] is not None:
        assert vector["U"] in (result.u_x, result.n_x * result.n_y - result.u_x)
    published = {
        "two_sided": result.p_value,
        "less": result.p_less,
        "greater": result.p_greater,
    }
    expected = {name: vector[name] for name in published if vector[name] is not None}
    assert expected
    for name, p in expected.items():
        assert published[name] == pytest.approx(p, abs=vector["tol"]), name


@of_kind("levene")
def test_levene(vector: dict[str, Any]):
    trim = vector["kw"].get("proportiontocut", 0.05)
    result = levene(vector["groups"], center=vector["center"], trim=trim)
    assert result.statistic == pytest.approx(vector["W"], rel=vector["tol"])
    assert result.p_value == pytest.approx(vector["p"], rel=vector["tol"])


@of_kind("fligner")
def test_fligner_killeen(vector: dict[str, Any]):
    result = fligner_killeen(vector["groups"])
    assert result.statistic == pytest.approx(vector["W"], abs=vector["tol"])
    assert result.p_value == pytest.approx(vector["p"], abs=5e-6)  # the digits that R prints


@of_kind("bm")
def test_brunner_munzel(vector: dict[str, Any]):
    result = brunner_munzel(vector["x"], vector["y"])
    assert abs(result.statistic) == pytest.approx(vector["W"], abs=vector["tol"])
    two_sided = vector.get("two_sided") or 2 * min(vector["greater"], 1 - vector["greater"])
    assert result.p_value == pytest.approx(two_sided, abs=vector["tol"])


@of_kind("median_ci")
def test_median_interval(vector: dict[str, Any]):
    interval = quantile_interval(vector["x"], confidence=vector["conf"])
    if vector["lo"] is None:
        assert np.isnan([interval.low, interval.high]).all()
        assert interval.reason == "n"
    else:
        limits = pytest.approx((vector["lo"], vector["hi"]), abs=vector["tol"])
        assert (interval.low, interval.high) == limits


@of_kind("min_p")
def test_the_smallest_p(vector: dict[str, Any]):
    for n, p in vector["values"].items():
        assert smallest_p(int(n), int(n)) == pytest.approx(p, rel=1e-12)


@of_kind("outlier_mad")
def test_outliers_by_robust_z(vector: dict[str, Any]):
    """|x - median| / MAD > 14.826 is |z| > 10 in units of 1.4826 MAD."""
    for values, outliers in vector["cases"]:
        assert np.count_nonzero(np.abs(robust_z(values)) > 10) == outliers, values
