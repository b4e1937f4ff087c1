"""Claims -> success, or failure if a claim with a gate is refuted."""

import logging

import pandas as pd

from heteroscope.analysis.claims import check_gate
from heteroscope.job import logged

with logged(snakemake.log[0]):
    logging.info(check_gate(pd.read_csv(snakemake.input.claims)))
