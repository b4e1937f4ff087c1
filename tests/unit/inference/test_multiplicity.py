"""Holm's adjustment."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from heteroscope.inference import holm

probabilities = st.floats(0, 1)


def test_five_p_values_by_hand():
    """5 * 0.01, 4 * 0.02, 3 * 0.03, then 2 * 0.04 and 1 * 0.05, which must not fall below 0.09."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])


@settings(max_examples=25, deadline=None)  # each call of statsmodels collects garbage
@given(st.lists(st.one_of(probabilities, st.just(float("nan"))), max_size=12))
def test_it_is_statsmodels_without_the_nan(p_values: list[float]):
    adjusted = holm(p_values)
    made = ~np.isnan(p_values)
    np.testing.assert_array_equal(np.isnan(adjusted), ~made)
    if made.any():
        oracle = multipletests(np.array(p_values)[made], method="holm")[1]
        np.testing.assert_allclose(adjusted[made], oracle)


def test_statsmodels_alone_would_count_the_nan():
    """2 tests made, not 3."""
    assert holm([0.01, 0.04, float("nan")])[0] == pytest.approx(0.02)
    assert multipletests([0.01, 0.04, float("nan")], method="holm")[1][0] == pytest.approx(0.03)


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_p_value_lies_between_0_and_1(p: float):
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, p])
