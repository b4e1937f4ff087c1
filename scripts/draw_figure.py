"""Trials of some runs -> one figure."""

from heteroscope import figures, tables
from heteroscope.job import logged

with logged(snakemake.log[0]):
    figure = dict(snakemake.params.figure)
    trials = tables.read_trials(snakemake.input.trials, [figure["metric"]])
    styles = {run: figures.Style(**style) for run, style in figure.pop("styles").items()}
    figures.save(figures.draw(trials, **figure, styles=styles), snakemake.output.figure)
