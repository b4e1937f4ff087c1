"""What a metric is made of."""

from __future__ import annotations

import pytest

from heteroscope.metrics import METRICS


def test_a_difference_is_the_decimal_number_and_not_its_binary_noise() -> None:
    figures = {"flux_start": 85.93, "flux_submit": 83.02}
    assert 85.93 - 83.02 != 2.91
    assert METRICS["start_submit_difference"].value(figures) == 2.91


@pytest.mark.parametrize(
    ("figures", "value"),
    [
        ({"flux_submit": 84.5, "walltime": 76}, 8.5),
        ({"mpirun_real": 36.57, "walltime": 28}, 8.57),
        ({"flux_submit": 84.5}, None),
        ({"walltime": 76}, None),
    ],
)
def test_the_launcher_that_a_log_has_stands_in_a_difference(
    figures: dict[str, float], value: float | None
) -> None:
    assert METRICS["submit_lammps_difference"].value(figures) == value


def test_every_metric_says_what_it_is() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.title
        assert metric.resolution > 0
        assert metric.clock
