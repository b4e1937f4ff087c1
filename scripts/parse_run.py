"""Raw logs of one run -> its trials, and what became of each log."""

from heteroscope.job import logged
from heteroscope.logs import declare, readers
from heteroscope.tables import columns, trials
from heteroscope.tables.parse_report import parse_table

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    plan = trials.ReadingPlan(**snakemake.params.plan)
    read = trials.read_run(plan, *trials.find(plan))
    trials.write_rows(read.rows, trials.columns(), snakemake.output.trials)
    logs = parse_table(read.rows, readers(plan.application)[plan.reader])
    trials.write_rows(logs, [column.name for column in columns.PARSE], snakemake.output.parse)
