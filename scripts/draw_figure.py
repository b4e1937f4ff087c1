"""Trials, or tables computed of them -> one figure, in three formats."""

from heteroscope import figures
from heteroscope.job import logged
from heteroscope.metrics import declare

with logged(snakemake.log[0]):
    declare(snakemake.params.vocabulary)
    request = snakemake.params.figure
    files = {
        table: [paths] if isinstance(paths, str) else list(paths)
        for table, paths in snakemake.input.items()
    }
    styles = {run: figures.Style(**style) for run, style in request["styles"].items()}
    tables = figures.read(request["kind"], request["metric"], files)
    drawn = figures.draw(tables, **{**request, "styles": styles})
    figures.save_all(drawn, snakemake.output)
