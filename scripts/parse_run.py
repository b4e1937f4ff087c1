"""Raw logs of one run -> its trials, and what became of each log."""

from heteroscope import seen
from heteroscope.job import logged
from heteroscope.tables import columns, trials
from heteroscope.tables.parse_report import parse_table

with logged(snakemake.log[0]):
    plan = trials.ReadingPlan(**snakemake.params.plan)
    read = trials.read_run(plan, *trials.find(plan))
    trials.write_rows(read.rows, trials.columns(), snakemake.output.trials)
    logs = parse_table(read.rows, plan.reader)
    trials.write_rows(logs, [column.name for column in columns.PARSE], snakemake.output.parse)
    seen.note(snakemake.params.notes, snakemake.params.state, read.sources)
