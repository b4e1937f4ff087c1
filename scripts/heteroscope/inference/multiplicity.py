"""Adjustment of p-values for the number of tests in a family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from heteroscope.inference.samples import FloatArray


def holm(p_values: ArrayLike) -> FloatArray:
    """Adjust the p-values of one family by Holm's step-down method.

    A NaN stands for a test that could not be made. It stays NaN and does not count as a test
    (statsmodels' `multipletests` would count it).

    Parameters
    ----------
    p_values : array_like, shape (m,)
        The p-values of a family, in [0, 1] or NaN.

    Returns
    -------
    ndarray of float64, shape (m,)
        Adjusted p-values in the order given; significant at the family-wise level alpha if
        <= alpha.

    Raises
    ------
    ValueError
        If a p-value lies outside [0, 1].

    References
    ----------
    .. [1] S. Holm, Scand. J. Statist. 6 (1979) 65-70.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.04]).tolist()
    [0.02, nan, 0.04]
    """
    p = np.asarray(p_values, dtype=np.float64)
    made = ~np.isnan(p)
    if np.any((p[made] < 0) | (p[made] > 1)):
        raise ValueError("p-values lie between 0 and 1")
    adjusted = np.full(p.shape, np.nan)
    ascending = np.flatnonzero(made)[np.argsort(p[made], kind="stable")]
    # The smallest counts for all tests, the next for all but one, and none falls below the last.
    stepped = np.maximum.accumulate(p[ascending] * np.arange(ascending.size, 0, -1))
    adjusted[ascending] = np.minimum(stepped, 1)
    return adjusted
