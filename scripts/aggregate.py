"""Trials of every run -> one table of trials, their summary, and what was left out."""

from heteroscope import tables
from heteroscope.job import logged

with logged(snakemake.log[0]):
    trials = tables.read_trials(snakemake.input.trials)
    tables.write_table(trials, snakemake.output.trials)
    tables.write_table(tables.exclusions(trials), snakemake.output.exclusions)
    tables.write_table(tables.summary(trials, **snakemake.params.what), snakemake.output.summary)
