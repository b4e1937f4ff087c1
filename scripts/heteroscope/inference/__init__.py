"""Statistics of samples: arrays of floats in, named results out.

Knows of no table, no configuration and no file. Whatever a method cannot do for a sample is NaN
with a `Reason`, never a warning and never a silent number. scipy is imported where it is used, so
that importing this package costs no more than numpy.
"""

from heteroscope.inference.intervals import (
    LEAST_VALUES,
    MedianRatio,
    QuantileInterval,
    beyond,
    inside,
    median_ratio,
    median_ratio_tail,
    quantile_interval,
)
from heteroscope.inference.location import (
    BrunnerMunzel,
    Shift,
    Superiority,
    brunner_munzel,
    detectable_shift,
    hodges_lehmann,
    sizes_needed,
    superiority,
)
from heteroscope.inference.mann_whitney import EXACT_UP_TO, MannWhitney, mann_whitney, smallest_p
from heteroscope.inference.multiplicity import holm
from heteroscope.inference.samples import Cleaned, Reason, clean
from heteroscope.inference.sequences import Trend, kendall_trend, lag1, too_few_runs
from heteroscope.inference.spread import (
    LEAST_N,
    SpreadRatio,
    SpreadTest,
    distance,
    fligner_killeen,
    levene,
    robust_z,
    spread_ratio,
)

__all__ = [
    "EXACT_UP_TO",
    "LEAST_N",
    "LEAST_VALUES",
    "BrunnerMunzel",
    "Cleaned",
    "MannWhitney",
    "MedianRatio",
    "QuantileInterval",
    "Reason",
    "Shift",
    "SpreadRatio",
    "SpreadTest",
    "Superiority",
    "Trend",
    "beyond",
    "brunner_munzel",
    "clean",
    "detectable_shift",
    "distance",
    "fligner_killeen",
    "hodges_lehmann",
    "holm",
    "inside",
    "kendall_trend",
    "lag1",
    "levene",
    "mann_whitney",
    "median_ratio",
    "median_ratio_tail",
    "quantile_interval",
    "robust_z",
    "sizes_needed",
    "smallest_p",
    "spread_ratio",
    "superiority",
    "too_few_runs",
]
