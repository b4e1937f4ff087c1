"""Statistics of samples: arrays of floats in, named results out.

Knows of no table, no configuration and no file. Whatever a method cannot do for a sample is NaN
with a `Reason`, never a warning and never a silent number. scipy is imported where it is used, so
that importing this package costs no more than numpy.
"""

from heteroscope.inference.intervals import (
    GENERATOR,
    RESAMPLES,
    MedianInterval,
    median_interval,
)
from heteroscope.inference.location import (
    BrunnerMunzel,
    DetectableEffect,
    Equivalence,
    MedianRatio,
    Shift,
    Superiority,
    brunner_munzel,
    equivalence,
    hodges_lehmann,
    median_ratio,
    minimum_detectable_effect,
    superiority,
)
from heteroscope.inference.mann_whitney import (
    EXACT_UP_TO,
    MannWhitney,
    mann_whitney,
    smallest_p_untied,
)
from heteroscope.inference.multiplicity import holm
from heteroscope.inference.samples import Cleaned, Reason, clean
from heteroscope.inference.spread import (
    LEAST_N,
    SpreadRatio,
    SpreadTest,
    fligner_killeen,
    levene,
    robust_z,
    sd_ratio,
)

__all__ = [
    "EXACT_UP_TO",
    "GENERATOR",
    "LEAST_N",
    "RESAMPLES",
    "BrunnerMunzel",
    "Cleaned",
    "DetectableEffect",
    "Equivalence",
    "MannWhitney",
    "MedianInterval",
    "MedianRatio",
    "Reason",
    "Shift",
    "SpreadRatio",
    "SpreadTest",
    "Superiority",
    "brunner_munzel",
    "clean",
    "equivalence",
    "fligner_killeen",
    "hodges_lehmann",
    "holm",
    "levene",
    "mann_whitney",
    "median_interval",
    "median_ratio",
    "minimum_detectable_effect",
    "robust_z",
    "sd_ratio",
    "smallest_p_untied",
    "superiority",
]
