"""Trials -> the table of location: every run against its baselines."""

from heteroscope import columns, comparisons, tables
from heteroscope.job import logged

with logged(snakemake.log[0]):
    what = snakemake.params.what
    trials = tables.read_trials(snakemake.input.trials, what["metrics"])
    settings = comparisons.Settings(**snakemake.params.settings)
    table = comparisons.location(trials, **what, settings=settings)
    tables.write_table(table, columns.LOCATION, snakemake.output.table)
