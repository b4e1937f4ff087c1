"""Everything that was read and written -> the manifest, by digests."""

import json
from pathlib import Path

from heteroscope import provenance
from heteroscope.job import logged

with logged(snakemake.log[0]):
    content = provenance.manifest(
        files=[*snakemake.input.logs, *snakemake.input.companions],
        tables=snakemake.input.tables,
        **snakemake.params.what,
    )
    Path(snakemake.output.manifest).write_text(json.dumps(content, indent=1) + "\n")
