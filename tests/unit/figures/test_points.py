"""Points are moved sideways only, no farther than needed, and the same way each time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heteroscope.figures.points import spread

HEIGHTS = st.lists(st.floats(0, 300), max_size=40).map(np.array)


@given(HEIGHTS)
def test_with_room_no_two_points_overlap(heights):
    offsets = spread(heights, diameter=4.0, room=1e6)
    for i, j in combinations(range(len(heights)), 2):
        assert np.hypot(offsets[i] - offsets[j], heights[i] - heights[j]) >= 4.0 - 1e-6


@given(HEIGHTS, st.floats(0, 30))
def test_points_stay_in_the_room(heights, room):
    offsets = spread(heights, diameter=4.0, room=room)
    assert np.all(np.abs(offsets) <= max(room - 4.0, 0) / 2 + 1e-9)


def test_points_far_apart_stay_in_the_middle():
    assert spread(np.array([30.0, 0.0, 10.0]), 4.0, 20.0).tolist() == [0.0, 0.0, 0.0]


def test_equal_points_lie_side_by_side_around_the_middle():
    offsets = spread(np.zeros(5), 4.0, 100.0)
    assert sorted(offsets) == [-8.0, -4.0, 0.0, 4.0, 8.0]


@given(HEIGHTS)
def test_points_of_one_height_swap_places_and_nothing_else(heights):
    one = sorted(zip(heights, spread(heights, 4.0, 20.0), strict=True))
    other = sorted(zip(heights[::-1], spread(heights[::-1], 4.0, 20.0), strict=True))
    assert one == other


def test_a_large_swarm_lies_in_lanes_around_the_middle_and_then_overlaps():
    heights = np.concatenate([np.zeros(1_500), [50.0, 51.0]])
    offsets = spread(heights, 4.0, 1e6)
    assert sorted(set(offsets[:1_500])) == [4.0 * place for place in range(-500, 501)]
    assert offsets[1_500:].tolist() == [0.0, -4.0]
    narrowed = spread(heights, 4.0, 24.0)
    assert (narrowed.min(), narrowed.max()) == (-10.0, 10.0)
