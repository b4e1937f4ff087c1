"""Points of one group moved sideways, so that each is seen."""

from __future__ import annotations

import numpy as np

from heteroscope.figures.data import Values

# More marks than that overlap in any room, and to place each by its neighbours would take minutes.
_MOST = 1000


def spread(heights: Values, diameter: float, room: float) -> Values:
    """Move points sideways until they do not overlap, nearest to the middle first.

    The lowest point is placed first, and each next one as near to the middle as the points below
    let it; the same values always give the same picture.  Where a row does not fit into the room
    the whole swarm is narrowed, and its points overlap.  Of more than a thousand points, each
    takes the next place in a row as high as a mark.

    Parameters
    ----------
    heights
        Where the points are, in points of the page.
    diameter
        Of a mark.
    room
        Width of the swarm.

    Returns
    -------
    ndarray
        Offsets from the middle, in the order of the heights.

    Examples
    --------
    >>> spread(np.array([10.0, 10.0, 10.0, 50.0]), diameter=4.0, room=20.0).tolist()
    [0.0, -4.0, 4.0, 0.0]
    """
    order = np.argsort(heights, kind="stable")
    y = heights[order]
    x = _in_rows(y, diameter) if y.size > _MOST else _side_by_side(y, diameter)
    widest = float(np.max(np.abs(x), initial=0.0))
    limit = max(room - diameter, 0.0) / 2
    if widest > limit:
        x *= limit / widest
    offsets = np.empty_like(x)
    offsets[order] = x
    return offsets


def _in_rows(y: Values, diameter: float) -> Values:
    rows = np.floor((y - y[0]) / diameter)
    _, first, size = np.unique(rows, return_index=True, return_counts=True)
    place = np.arange(y.size) - np.repeat(first, size)
    # 0, -1, 1, -2, 2, …
    steps = ((place + 1) // 2).astype(np.float64)
    return steps * np.where(place % 2, -diameter, diameter)


def _side_by_side(y: Values, diameter: float) -> Values:
    x = np.zeros(y.size)
    for i in range(y.size):
        first = int(np.searchsorted(y[:i], y[i] - diameter, side="right"))
        near_x, near_y = x[first:i], y[first:i]
        reach = np.sqrt(np.maximum(diameter**2 - (y[i] - near_y) ** 2, 0.0))
        candidates = np.concatenate([[0.0], near_x + reach, near_x - reach])
        apart = np.abs(candidates[:, None] - near_x[None, :]) >= reach[None, :] - 1e-9
        free = candidates[apart.all(axis=1)]
        # Sides alternate, so that a swarm does not lean to one of them.
        side = 1e-6 if i % 2 else -1e-6
        x[i] = free[np.argmin(np.abs(free + side))]
    return x
