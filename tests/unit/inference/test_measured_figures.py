"""Known answers on measured run times (`figures.json`), computed by other means.

The expected numbers come from an independent analysis of the campaign; where a comment says so,
from scipy here and now.
"""

import pytest
from scipy import stats

from heteroscope.inference import (
    brunner_munzel,
    hodges_lehmann,
    levene,
    mann_whitney,
    median_ratio,
)


def test_run6_at_32_nodes_wall_time_has_the_exact_p_that_scipy_does_not(figures):
    """Heavy ties: scipy's "exact" takes them for untied, its "auto" turns asymptotic."""
    flux, mpi = (figures(run, 32, "walltime") for run in ("run6", "run6-mpi"))
    assert mann_whitney(flux, mpi).p_value == pytest.approx(3.05e-10, rel=2e-3)
    assert stats.mannwhitneyu(flux, mpi, method="exact").pvalue == pytest.approx(3.9e-8, rel=0.02)
    assert stats.mannwhitneyu(flux, mpi).pvalue == pytest.approx(1.3e-7, rel=0.02)


def test_the_affinity_flag_at_16_nodes_changes_loop_time(figures):
    run4, run5 = (figures(run, 16, "loop_time") for run in ("run4", "run5"))
    result = mann_whitney(run4, run5, exact_up_to=0)
    assert (run4.size, run5.size, result.u_x) == (20, 21, 360)
    assert result.p_value == pytest.approx(9.649e-5, rel=1e-4)
    assert levene([run4, run5]).p_value == pytest.approx(0.0454, abs=5e-5)
    assert levene([run4, run5], center="mean").p_value == pytest.approx(0.00482, abs=5e-6)


def test_the_affinity_flag_at_16_nodes_separates_the_submit_times(figures):
    run4, run5 = (figures(run, 16, "flux_submit") for run in ("run4", "run5"))
    assert mann_whitney(run4, run5).u_x == 420
    assert brunner_munzel(run4, run5).reason == "separated"
    assert levene([run4, run5]).p_value == pytest.approx(2.09e-4, abs=5e-7)


def test_the_affinity_flag_at_16_nodes_saves_six_seconds_of_wall_time(figures):
    run4, run5 = (figures(run, 16, "walltime") for run in ("run4", "run5"))
    shift = hodges_lehmann(run4, run5)
    assert mann_whitney(run4, run5).u_x == 417
    assert (shift.value, shift.low, shift.high) == (6, 5, 7)
    assert levene([run4, run5]).p_value == pytest.approx(0.00816, abs=5e-6)


@pytest.mark.parametrize(
    ("metric", "u", "p"), [("walltime", 143, 0.125), ("loop_time", 134, 0.0764)]
)
def test_run4_is_not_significantly_faster_on_64_nodes_than_on_32(figures, metric, u, p):
    """The p are asymptotic; the exact ones agree to three decimals."""
    of_64, of_32 = (figures("run4", nodes, metric) for nodes in (64, 32))
    result = mann_whitney(of_64, of_32, exact_up_to=0)
    assert result.u_x == u
    assert result.p_value == pytest.approx(p, abs=5e-4)
    assert mann_whitney(of_64, of_32).p_value == pytest.approx(p, abs=1e-3)


@pytest.mark.parametrize(
    ("metric", "w", "p"),
    [
        ("walltime", 5.311, 0.002235),
        ("loop_time", 5.638, 0.001527),
        ("cluster_time", 0.806, 0.494),
    ],
)
def test_the_spread_of_run4_over_its_four_sizes(figures, metric, w, p):
    outcome = levene([figures("run4", nodes, metric) for nodes in (8, 16, 32, 64)])
    assert outcome.statistic == pytest.approx(w, abs=5e-4)
    assert outcome.p_value == pytest.approx(p, rel=1e-3)


@pytest.mark.parametrize(
    ("nodes", "u", "ratio", "low", "high"),
    [
        (8, 52, 0.958, 0.951, 0.969),
        (16, 39, 0.958, 0.952, 0.969),
        (32, 24, 0.963, 0.948, 0.974),
        (64, 29, 0.950, 0.930, 0.968),
    ],
)
def test_run6_flux_loops_faster_than_mpi(figures, nodes, u, ratio, low, high):
    """The limits are those of a percentile bootstrap of 9,999 resamples, to 0.001."""
    flux, mpi = (figures(run, nodes, "loop_time") for run in ("run6", "run6-mpi"))
    result = median_ratio(flux, mpi)
    assert mann_whitney(flux, mpi).u_x == u
    assert result.value == pytest.approx(ratio, abs=6e-4)
    assert (result.low, result.high) == pytest.approx((low, high), abs=1e-3)
