"""Trials -> how each run drifted while it ran, and how it scales."""

from heteroscope import columns, comparisons, drift, scaling, tables
from heteroscope.job import logged

with logged(snakemake.log[0]):
    metrics, sizes = snakemake.params.metrics, snakemake.params.sizes
    trials = tables.read_trials(snakemake.input.trials, [*metrics, *scaling.FIGURES, "started_at"])
    tables.write_table(drift.drift(trials, metrics, sizes), columns.DRIFT, snakemake.output.drift)
    settings = comparisons.Settings(**snakemake.params.settings)
    table = scaling.scaling(trials, sizes, snakemake.params.prices, settings)
    tables.write_table(table, columns.SCALING, snakemake.output.scaling)
