"""The manifest against what is there now: name what changed."""

import sys
from pathlib import Path

from heteroscope import provenance
from heteroscope.job import logged
from heteroscope.logs import declare
from heteroscope.tables import trials

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    before = provenance.read_manifest(path := Path(snakemake.params.manifest))
    inputs = []
    for plan in snakemake.params.plans:
        for files in trials.find(trials.ReadingPlan(**plan)):
            inputs += provenance.describe_inputs(plan["directory"], files)
    now = provenance.manifest(
        inputs=inputs,
        tables=[path.parent / entry["path"] for entry in before["tables"]],
        **snakemake.params.what,
    )
    changes = provenance.differences(before, now)
    print("\n".join(changes or ["Nothing has changed since the results were made."]))
    sys.exit(bool(changes))
