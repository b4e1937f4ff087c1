"""Trials and tests -> what guards find, what each comparison comes to, what the claims come to."""

from heteroscope.analysis import comparisons, guards
from heteroscope.analysis.claims import make_claims
from heteroscope.analysis.findings import findings
from heteroscope.analysis.measures import Claim
from heteroscope.analysis.outcomes import Controls
from heteroscope.job import logged
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    params = snakemake.params
    claims = [Claim(**claim) for claim in params.claims]
    metrics = [*params.what["metrics"], *(m for c in claims for m in (c.metric, c.other_metric))]
    trials = frames.read_trials(snakemake.input.trials, [*guards.FIGURES, *metrics])
    settings = comparisons.Settings(**params.settings)
    asked = guards.Guards(trials, params.declared, params.labels, settings.alpha)
    asked.ask(**params.what)
    controls = Controls(trials, params.controls, asked)
    location = frames.read_table(snakemake.input.location, columns.LOCATION)
    variance = frames.read_table(snakemake.input.variance, columns.VARIANCE)
    found = findings(location, variance, asked, controls, settings)
    table = make_claims(
        trials, claims, params.what["sizes"], asked, settings, controls, params.labels
    )
    frames.write_table(found, columns.FINDINGS, snakemake.output.findings)
    frames.write_table(table, columns.CLAIMS, snakemake.output.claims)
    frames.write_table(asked.table(), columns.GUARDS, snakemake.output.guards)
