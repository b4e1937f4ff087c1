"""Trials and tests -> what guards find, what each comparison comes to, what the claims come to."""

from heteroscope.analysis import claims, comparisons, guards, measures, outcomes
from heteroscope.job import logged
from heteroscope.metrics import declare
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    params = snakemake.params
    stated = [measures.Claim(**claim) for claim in params.claims]
    metrics = [*params.what["metrics"], *(m for c in stated for m in (c.metric, c.other_metric))]
    trials = frames.read_trials(snakemake.input.trials, [*guards.figures(), *metrics])
    settings = comparisons.Settings(**params.settings)
    asked = guards.Guards(trials, params.declared, params.labels, settings.alpha)
    controls = outcomes.Controls(trials, params.controls, asked)
    location = frames.read_table(snakemake.input.location, columns.LOCATION)
    variance = frames.read_table(snakemake.input.variance, columns.VARIANCE)
    found = outcomes.findings(location, variance, asked, controls, settings)
    sizes = params.what["sizes"]
    table = claims.make_claims(trials, stated, sizes, asked, settings, controls, params.labels)
    frames.write_table(found, columns.FINDINGS, snakemake.output.findings)
    frames.write_table(table, columns.CLAIMS, snakemake.output.claims)
    frames.write_table(asked.table(), columns.GUARDS, snakemake.output.guards)
