"""Trials of some runs, or a table computed of them -> one figure."""

from heteroscope import figures
from heteroscope.job import logged

with logged(snakemake.log[0]):
    figure = dict(snakemake.params.figure)
    styles = {run: figures.Style(**style) for run, style in figure.pop("styles").items()}
    tables = figures.read(figure["kind"], figure["metric"], dict(snakemake.input.items()))
    figures.save(figures.draw(tables, **figure, styles=styles), snakemake.output.figure)
