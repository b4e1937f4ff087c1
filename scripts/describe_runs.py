"""Trials -> how each run drifted while it ran, and how it scales."""

from heteroscope.analysis import comparisons, drift, scaling
from heteroscope.job import logged
from heteroscope.metrics import declare
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    metrics, sizes = snakemake.params.metrics, snakemake.params.sizes
    trials = frames.read_trials(
        snakemake.input.trials, [*metrics, *scaling.figures(), "ordered_by"]
    )
    frames.write_table(drift.drift(trials, metrics, sizes), columns.DRIFT, snakemake.output.drift)
    settings = comparisons.Settings(**snakemake.params.settings)
    table = scaling.scaling(trials, sizes, snakemake.params.prices, settings)
    frames.write_table(table, columns.SCALING, snakemake.output.scaling)
