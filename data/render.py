"""data/*.csv (measured figures) -> the logs of the example campaign below data/."""

import argparse
import sys
from pathlib import Path

from rendering import read_figures, render_campaign, stale_files

DATA = Path(__file__).resolve().parents[1] / "data"

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
parser.add_argument("--data", type=Path, default=DATA, help="directory of the tables and the logs")
arguments = parser.parse_args()

data = arguments.data
trials = read_figures(data / "measured.csv") + read_figures(data / "measured-mpi-reference.csv")
work = stale_files if arguments.check else render_campaign
paths = work(trials, data, read_figures(data / "measured-clusters.csv"))
for path in paths:
    print(f"stale: {path}" if arguments.check else path)
sys.exit(1 if arguments.check and paths else 0)
