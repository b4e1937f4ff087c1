"""Trials -> what guards make of each comparison, and what the data say of each claim."""

from heteroscope import columns, comparisons, guards, tables
from heteroscope.claims import Claim, make_claims
from heteroscope.job import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    claims = [Claim(**claim) for claim in params.claims]
    metrics = [*params.what["metrics"], *(m for c in claims for m in (c.metric, c.other_metric))]
    trials = tables.read_trials(snakemake.input.trials, [*guards.FIGURES, *metrics])
    asked = guards.Guards(trials, params.declared)
    asked.ask(**params.what)
    settings = comparisons.Settings(**params.settings)
    table = make_claims(trials, claims, params.what["sizes"], asked, settings)
    tables.write_table(table, columns.CLAIMS, snakemake.output.claims)
    tables.write_table(asked.table(), columns.GUARDS, snakemake.output.guards)
