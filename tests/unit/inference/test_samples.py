"""Cleaning of samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroscope.inference import clean, mann_whitney


def test_what_is_not_finite_is_dropped():
    values = clean([1, float("nan"), 2, float("inf"), -float("inf")])
    assert values.tolist() == [1, 2]
    assert values.dtype == np.float64


def test_a_sample_of_nothing_but_nan_is_empty():
    assert clean([float("nan")] * 2).size == 0


def test_differences_tie_again_once_rounded_to_the_resolution():
    x, y = [85.93 - 83.02], [2.91]
    assert x != y
    rounded = clean(x, resolution=0.01), clean(y, resolution=0.01)
    assert mann_whitney(x, y).u_x != 0.5
    assert mann_whitney(*rounded).u_x == 0.5


@given(st.integers(0, 10_000_000), st.sampled_from([0, 1, 2, 3, 4, 6]))
def test_rounding_gives_the_double_of_the_decimal_number(ticks: int, digits: int):
    """The parser of Python's float is the oracle."""
    decimal = float(f"{ticks}e-{digits}")
    noisy = np.nextafter(decimal, np.inf)
    assert clean([noisy], resolution=float(f"1e-{digits}")).tolist() == [decimal]


def test_a_resolution_may_be_coarser_than_the_unit():
    assert clean([12.4, 14.9, 15.1], resolution=10).tolist() == [10, 10, 20]


@pytest.mark.parametrize(
    ("printed", "rounded"), [("16.595", 16.6), ("16.605", 16.6), ("2.675", 2.68), ("-0.005", 0)]
)
def test_a_printed_half_is_rounded_to_even_whatever_its_double(printed: str, rounded: float):
    """Half to even of the decimal number: 16.595 as a double lies below 16.595, 16.605 above."""
    assert clean([float(printed)], resolution=0.01).tolist() == [rounded]


def test_a_table_is_no_sample():
    with pytest.raises(ValueError, match="one dimension"):
        clean([[1, 2], [3, 4]])


@pytest.mark.parametrize("resolution", [-1, float("nan")])
def test_a_resolution_is_not_below_zero(resolution: float):
    with pytest.raises(ValueError, match="not below zero"):
        clean([1], resolution=resolution)
