"""Trials of every run -> one table, its summary, what was left out, what the logs gave."""

from heteroscope.job import logged
from heteroscope.logs import declare
from heteroscope.tables import columns, frames
from heteroscope.tables.parse_report import field_table
from heteroscope.tables.trials import table_columns

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    texts = [column.name for column in table_columns() if column.kind == "text"]
    trials = frames.read_trials(snakemake.input.trials, texts=texts)
    summary = frames.summary(trials, **snakemake.params.what)
    left_out = frames.exclusions(trials)
    frames.write_table(trials, table_columns(), snakemake.output.trials)
    frames.write_table(left_out, columns.EXCLUSIONS, snakemake.output.exclusions)
    frames.write_table(summary, columns.SUMMARY, snakemake.output.summary)
    fields = field_table(trials, snakemake.params.readers)
    frames.write_table(fields, columns.FIELDS, snakemake.output.fields)
    parse = frames.read_parse(snakemake.input.parse)
    frames.write_table(parse, columns.PARSE, snakemake.output.parse)
