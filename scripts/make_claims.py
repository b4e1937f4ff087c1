"""Trials -> what guards make of each comparison, and what the data say of each claim."""

from heteroscope.analysis import comparisons, guards
from heteroscope.analysis.claims import Claim, make_claims
from heteroscope.job import logged
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    params = snakemake.params
    claims = [Claim(**claim) for claim in params.claims]
    metrics = [*params.what["metrics"], *(m for c in claims for m in (c.metric, c.other_metric))]
    trials = frames.read_trials(snakemake.input.trials, [*guards.FIGURES, *metrics])
    asked = guards.Guards(trials, params.declared)
    asked.ask(**params.what)
    settings = comparisons.Settings(**params.settings)
    table = make_claims(trials, claims, params.what["sizes"], asked, settings)
    frames.write_table(table, columns.CLAIMS, snakemake.output.claims)
    frames.write_table(asked.table(), columns.GUARDS, snakemake.output.guards)
