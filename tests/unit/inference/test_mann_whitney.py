"""The exact Mann-Whitney test: enumeration, other programs, and what must hold for any data."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from heteroscope.inference import mann_whitney, smallest_p

few_seconds = st.lists(st.integers(70, 76), min_size=1, max_size=5)
seconds = st.lists(st.integers(60, 100), min_size=1, max_size=25)


def u_of(x: tuple[float, ...], y: tuple[float, ...]) -> Fraction:
    """Count the pairs that x wins: the definition, without ranks."""
    return sum((Fraction((a > b) - (a < b) + 1, 2) for a in x for b in y), Fraction(0))


def enumerate_p(x: list[int], y: list[int]) -> dict[str, Fraction]:
    """Deal the pooled values in all possible ways and count."""
    pooled, mean = x + y, Fraction(len(x) * len(y), 2)
    observed = u_of(tuple(x), tuple(y))
    outcomes = []
    for chosen in combinations(range(len(pooled)), len(x)):
        rest = (value for i, value in enumerate(pooled) if i not in chosen)
        outcomes.append(u_of(tuple(pooled[i] for i in chosen), tuple(rest)))

    def share(holds: list[bool]) -> Fraction:
        return Fraction(sum(holds), len(outcomes))

    return {
        "u": observed,
        "p_value": share([abs(u - mean) >= abs(observed - mean) for u in outcomes]),
        "p_less": share([u <= observed for u in outcomes]),
        "p_greater": share([u >= observed for u in outcomes]),
    }


def count_in_integers(x: list[int], y: list[int]) -> Fraction:
    """Two-sided p by generating functions over tie groups, in Python's unlimited integers."""
    pooled, n_x, n_y = sorted(x + y), len(x), len(y)
    # ways[j][u]: j values dealt to x so far, winning u / 2 against those dealt to y.
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    dealt = 0
    for value in sorted(set(pooled)):
        size = pooled.count(value)
        new: dict[tuple[int, int], int] = {}
        for (j, u), count in ways.items():
            below_in_y = dealt - j
            for i in range(max(0, size - n_y + below_in_y), min(size, n_x - j) + 1):
                key = (j + i, u + i * (2 * below_in_y + size - i))
                new[key] = new.get(key, 0) + count * math.comb(size, i)
        ways, dealt = new, dealt + size
    distance = abs(2 * u_of(tuple(x), tuple(y)) - n_x * n_y)
    extreme = sum(
        count for (j, u), count in ways.items() if j == n_x and abs(u - n_x * n_y) >= distance
    )
    return Fraction(extreme, math.comb(n_x + n_y, n_x))


@given(few_seconds, few_seconds)
def test_all_figures_are_those_of_enumeration(x: list[int], y: list[int]):
    result = mann_whitney(x, y)
    for name, exact in enumerate_p(x, y).items():
        figure = result.u_x if name == "u" else getattr(result, name)
        assert figure == float(exact), name


@pytest.mark.parametrize("spread", [1, 3, 10, 1000], ids="scale={}".format)
@pytest.mark.parametrize(("n_x", "n_y"), [(20, 20), (20, 21), (28, 28)])
def test_up_to_56_values_p_is_the_nearest_double(n_x: int, n_y: int, spread: int):
    generator = np.random.default_rng(7)
    x = np.rint(generator.normal(75, spread, n_x)).astype(int).tolist()
    y = np.rint(generator.normal(75.5, spread, n_y)).astype(int).tolist()
    assert mann_whitney(x, y).p_value == float(count_in_integers(x, y))


@pytest.mark.parametrize(("n_x", "n_y"), [(50, 50), (80, 20), (1, 99)])
def test_at_100_values_the_relative_error_is_below_the_one_stated(n_x: int, n_y: int):
    generator = np.random.default_rng(8)
    x = np.rint(generator.normal(77, 3, n_x)).astype(int).tolist()
    y = np.rint(generator.normal(75, 3, n_y)).astype(int).tolist()
    result = mann_whitney(x, y)
    assert result.method == "exact"
    assert result.p_value == pytest.approx(float(count_in_integers(x, y)), rel=1.5e-14)


@pytest.mark.parametrize(("n_x", "n_y"), [(4, 9), (20, 20), (30, 21), (50, 50)])
def test_without_ties_it_is_scipys_exact_test(n_x: int, n_y: int):
    generator = np.random.default_rng(9)
    x, y = generator.normal(size=n_x), generator.normal(0.5, 1, size=n_y)
    result = mann_whitney(x, y)
    for alternative, p in [
        ("two-sided", result.p_value),
        ("less", result.p_less),
        ("greater", result.p_greater),
    ]:
        oracle = stats.mannwhitneyu(x, y, alternative=alternative, method="exact")
        assert result.u_x == oracle.statistic
        assert p == pytest.approx(oracle.pvalue, rel=1e-10)


@given(seconds, seconds)
def test_the_asymptotic_p_is_scipys_with_ties_and_continuity(x: list[int], y: list[int]):
    if len(set(x + y)) == 1:
        assert mann_whitney(x, y, exact_up_to=0).p_value == 1
        return
    result = mann_whitney(x, y, exact_up_to=0)
    assert result.method == "asymptotic"
    for alternative, p in [
        ("two-sided", result.p_value),
        ("less", result.p_less),
        ("greater", result.p_greater),
    ]:
        oracle = stats.mannwhitneyu(x, y, alternative=alternative, method="asymptotic")
        assert p == pytest.approx(oracle.pvalue, rel=1e-9)


def test_above_100_values_the_p_is_asymptotic():
    assert mann_whitney(range(50), range(50)).method == "exact"
    assert mann_whitney(range(51), range(50)).method == "asymptotic"


@given(seconds, seconds)
def test_swapping_the_samples_keeps_p_to_the_last_bit(x: list[int], y: list[int]):
    one, other = mann_whitney(x, y), mann_whitney(y, x)
    assert one.p_value == other.p_value <= 1
    assert one.p_less == other.p_greater
    assert one.u_x + other.u_x == len(x) * len(y)


@pytest.mark.parametrize(("n_x", "n_y"), [(50, 50), (60, 40), (30, 51)])
def test_swapping_large_samples_keeps_p_to_the_last_bit(n_x: int, n_y: int):
    """Where counts are rounded, one and the same sum must be taken both ways."""
    generator = np.random.default_rng(10)
    for _ in range(20):
        x, y = generator.normal(75, 3, n_x).round(1), generator.normal(75, 3, n_y).round(1)
        assert mann_whitney(x, y).p_value == mann_whitney(y, x).p_value


@given(seconds, seconds)
def test_p_depends_on_the_order_of_values_alone(x: list[int], y: list[int]):
    result = mann_whitney(x, y)
    assert mann_whitney(np.exp(np.array(x) / 30), np.exp(np.array(y) / 30)) == result
    assert mann_whitney(np.array(x) + 0.5, np.array(y) + 0.5) == result
    mirrored = mann_whitney(-np.array(x), -np.array(y))
    assert mirrored.p_value == result.p_value
    assert mirrored.u_x == len(x) * len(y) - result.u_x


@given(st.lists(st.integers(70, 74), min_size=7, max_size=7), st.sampled_from([0.05, 0.2]))
def test_under_the_null_p_rejects_at_most_alpha_of_all_deals(pooled: list[int], alpha: float):
    """The definition of a valid test, over all 35 ways to deal seven values into 3 and 4."""
    rejected = 0
    for chosen in combinations(range(7), 3):
        x = [pooled[i] for i in chosen]
        y = [pooled[i] for i in range(7) if i not in chosen]
        rejected += mann_whitney(x, y).p_value <= alpha
    assert rejected <= alpha * 35


def test_the_smallest_p_without_ties_is_that_of_separation():
    for n_x in range(1, 8):
        for n_y in range(1, 8):
            x, y = range(n_x), range(n_x, n_x + n_y)
            assert smallest_p(n_x, n_y) == mann_whitney(x, y).p_value
    assert math.isnan(smallest_p(0, 5))
