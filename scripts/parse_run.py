"""Raw logs of one run -> its trials, and what became of each log."""

from heteroscope import columns, trials
from heteroscope.job import logged
from heteroscope.parse_report import parse_table

with logged(snakemake.log[0]):
    plan = trials.ReadingPlan(**snakemake.params.plan)
    rows = trials.read_run(plan, snakemake.input.logs, snakemake.input.companions)
    trials.write_rows(rows, trials.columns(), snakemake.output.trials)
    logs = parse_table(rows, plan.reader)
    trials.write_rows(logs, [column.name for column in columns.PARSE], snakemake.output.parse)
