"""Claims -> success, or failure unless every claim with a gate holds."""

import logging

from heteroscope.analysis.claims import check_gate
from heteroscope.job import logged
from heteroscope.tables import columns, frames

with logged(snakemake.log[0]):
    logging.info(check_gate(frames.read_table(snakemake.input.claims, columns.CLAIMS)))
