"""Tables and figures -> the report, as a page, as Markdown, and as a few lines."""

from pathlib import Path

from heteroscope import report
from heteroscope.job import logged
from heteroscope.metrics import declare

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    document = report.read(
        report.Order(**snakemake.params.order),
        [*snakemake.input.tables, snakemake.input.manifest],
        snakemake.params.figures,
        snakemake.input.figures,
        snakemake.output.page,
    )
    report.write(document, **snakemake.output)
    print(Path(snakemake.output.summary).read_text(encoding="utf-8"))
