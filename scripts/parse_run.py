"""Raw logs of one run -> its trials."""

from heteroscope.job import logged
from heteroscope.trials import ReadingPlan, read_run, write_trials

with logged(snakemake.log[0]):
    rows = read_run(
        ReadingPlan(**snakemake.params.plan), snakemake.input.logs, snakemake.input.companions
    )
    write_trials(rows, snakemake.output.trials)
