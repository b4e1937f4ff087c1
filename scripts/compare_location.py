"""Trials -> the table of location: every run against its baselines."""

from heteroscope.analysis import comparisons
from heteroscope.job import logged
from heteroscope.metrics import declare
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    what = snakemake.params.what
    trials = frames.read_trials(snakemake.input.trials, what["metrics"])
    settings = comparisons.Settings(**snakemake.params.settings)
    table = comparisons.location(trials, **what, settings=settings)
    frames.write_table(table, columns.LOCATION, snakemake.output.table)
