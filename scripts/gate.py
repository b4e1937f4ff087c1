"""Claims -> success, or failure unless every claim with a gate holds."""

import logging

import pandas as pd

from heteroscope.analysis.claims import check_gate
from heteroscope.job import logged

with logged(snakemake.log[0]):
    logging.info(check_gate(pd.read_csv(snakemake.input.claims)))
