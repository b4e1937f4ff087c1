"""Trials of every run -> one table, its summary, what was left out, what the logs gave."""

from heteroscope import columns, tables
from heteroscope.job import logged
from heteroscope.parse_report import field_table
from heteroscope.trials import table_columns

with logged(snakemake.log[0]):
    trials = tables.read_trials(snakemake.input.trials)
    summary = tables.summary(trials, **snakemake.params.what)
    left_out = tables.exclusions(trials)
    tables.write_table(trials, table_columns(), snakemake.output.trials)
    tables.write_table(left_out, columns.EXCLUSIONS, snakemake.output.exclusions)
    tables.write_table(summary, columns.SUMMARY, snakemake.output.summary)
    fields = field_table(trials, snakemake.params.readers)
    tables.write_table(fields, columns.FIELDS, snakemake.output.fields)
    parse = tables.read_parse(snakemake.input.parse)
    tables.write_table(parse, columns.PARSE, snakemake.output.parse)
