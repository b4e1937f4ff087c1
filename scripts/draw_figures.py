"""Trials of some runs, or tables computed of them -> the figures that show them."""

import logging
from pathlib import Path

from heteroscope import figures
from heteroscope.job import logged

# A PDF holds a part of its font, and a hundred records of how it was cut out.
logging.getLogger("fontTools").setLevel(logging.WARNING)

with logged(snakemake.log[0]):
    tables = {
        name: [files] if isinstance(files, str) else list(files)
        for name, files in snakemake.input.items()
    }
    for name, figure in snakemake.params.figures.items():
        # A call that asks for one figure gets that one alone.
        paths = [path for path in snakemake.output if Path(path).stem == f"{name}_lammps"]
        if paths:
            styles = {run: figures.Style(**style) for run, style in figure["styles"].items()}
            shown = figures.read(figure["kind"], figure["metric"], tables)
            drawn = figures.draw(shown, **{**figure, "styles": styles})
            figures.save_all(drawn, paths)
