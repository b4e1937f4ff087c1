"""Statistics of samples: arrays of floats in, named results out.

Knows of no table, no configuration and no file. A sample is array_like of shape (n,), two are in
one unit, and values that are not finite are dropped. Whatever a method cannot do for a sample is
NaN with a `Reason`, never a warning and never a silent number. scipy is imported where it is used,
so that importing this package costs no more than numpy.
"""

from heteroscope.inference.intervals import (
    LEAST_VALUES,
    beyond,
    inside,
    median_ratio,
    median_ratio_tail,
    quantile_interval,
)
from heteroscope.inference.location import brunner_munzel, hodges_lehmann, superiority
from heteroscope.inference.mann_whitney import EXACT_UP_TO, MannWhitney, mann_whitney, smallest_p
from heteroscope.inference.power import detectable_ratio, detectable_shift, sizes_needed
from heteroscope.inference.samples import Estimate, Reason, Significance, clean, holm
from heteroscope.inference.sequences import kendall_trend, lag1, too_few_runs
from heteroscope.inference.spread import (
    LEAST_N,
    distance,
    fligner_killeen,
    levene,
    robust_z,
    spread_ratio,
)

__all__ = [
    "EXACT_UP_TO", "LEAST_N", "LEAST_VALUES", "Estimate", "MannWhitney", "Reason",
    "Significance", "beyond", "brunner_munzel", "clean", "detectable_ratio", "detectable_shift",
    "distance", "fligner_killeen", "hodges_lehmann", "holm", "inside", "kendall_trend", "lag1",
    "levene", "mann_whitney", "median_ratio", "median_ratio_tail", "quantile_interval", "robust_z",
    "sizes_needed", "smallest_p", "spread_ratio", "superiority", "too_few_runs",
]  # fmt: skip
