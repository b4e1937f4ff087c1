"""Everything that was read and written -> the manifest, by digests."""

import json
from pathlib import Path

from heteroscope import provenance
from heteroscope.job import logged

with logged(snakemake.log[0]):
    inputs = [*provenance.recorded_inputs(snakemake.input.parse)]
    for directory, companions in snakemake.params.companions:
        inputs += provenance.describe_inputs(directory, companions)
    content = provenance.manifest(
        inputs=inputs, tables=snakemake.input.tables, **snakemake.params.what
    )
    Path(snakemake.output.manifest).write_text(json.dumps(content, indent=1) + "\n")
