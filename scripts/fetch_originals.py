"""The published logs of a campaign, from where they were published, by their digests."""

from heteroscope.campaign import originals
from heteroscope.job import logged

with logged(snakemake.log[0]):
    source = snakemake.params.source
    originals.fetch(
        source["url"],
        originals.read_checksums(source["checksums"]),
        cache=source["directory"] + ".fetched",
        targets=snakemake.output,
        directory=source["directory"],
    )
