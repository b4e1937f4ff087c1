"""What all rules share: the campaign of the configuration, checked, and the names made of it."""

import os
import re
import sys
from pathlib import Path

SCRIPTS = Path(workflow.current_basedir).parent / "scripts"
if str(SCRIPTS) not in sys.path:
    sys.path.insert(0, str(SCRIPTS))

from heteroscope.campaign import campaign
from heteroscope.figures import plan
from heteroscope.metrics import UserError
from heteroscope.provenance import files_digest, source_digest
from heteroscope.tables import columns

# A mistake is told here, before any job starts: Snakemake itself does not miss the logs of a run
# whose figures exist already.
try:
    CAMPAIGN = campaign.load(config)
    plan.check(CAMPAIGN)
except UserError as error:
    # An error of Snakemake's own would end in the place of this line, which is not the mistake's.
    sys.exit(f"Configuration: {error}")

for warning in [*CAMPAIGN.warnings, *(plan.left_out(CAMPAIGN) if "figures" in config else [])]:
    logger.warning(f"Configuration: {warning}")

RUNS = CAMPAIGN.runs
SUFFIX = CAMPAIGN.suffix
TABLES = ["trials", *columns.TABLES]
FIGURES = plan.of_all(CAMPAIGN)
RUN_FIGURES = [f"<img>/{run}/{figure}{SUFFIX}.png" for run, figure in plan.of_runs(CAMPAIGN)]
# Text and lines of an SVG are sharp at any size; of very many marks, a PNG is the smaller one.
REPORT_FORMAT = "svg" if sum(len(run.logs) for run in RUNS.values()) <= 2000 else "png"


wildcard_constraints:
    run="|".join(map(re.escape, RUNS)),
    figure="|".join(map(re.escape, plan.every(CAMPAIGN))),


def raw_files(wildcards):
    """Return the logs of a run, and what lies beside them, as inputs.

    They are read where they lie: a module's prefix and a default storage are not for them.  What
    is there and cannot be read (a dangling link, a folder) is no input, but becomes a row.
    """
    run = RUNS[wildcards.run]
    return local(
        [
            file
            for file in [*run.logs, *run.companions]
            if not os.path.lexists(file) or (os.path.isfile(file) and os.access(file, os.R_OK))
        ]
    )


def names_and_sizes(wildcards):
    """Return a digest of a run's files; of files to be fetched, their names alone are known."""
    run = RUNS[wildcards.run]
    return "" if CAMPAIGN.source else files_digest([*run.logs, *run.companions])


def tables_shown(wildcards):
    """Return what a figure is made of: trials of the runs that it shows, or computed tables."""
    runs = plan.runs_shown(CAMPAIGN, wildcards.get("run"))
    return {
        table: (
            collect("<results>/trials/{run}.csv", run=runs)
            if table == "trials"
            else f"<results>/{table}.csv"
        )
        for table in plan.tables(CAMPAIGN, wildcards.figure)
    }


def figure_request(wildcards):
    """Return what a figure shows, and how: all that the job that draws it needs."""
    return plan.request(CAMPAIGN, wildcards.figure, wildcards.get("run"))


def table_output(table):
    """Return a table as an output that Snakemake's own report shows, too."""
    return report(
        f"<results>/{table}.csv",
        caption=f"../config/captions/{table}.rst",
        category="Tables",
        labels={"table": table},
    )


def figure_output(path, runs):
    """Return a figure in its three formats; Snakemake's own report shows the first."""
    return {
        "png": report(
            f"{path}.png",
            caption="../config/captions/figure.rst",
            category="Figures",
            labels={"figure": "{figure}", "runs": runs},
        ),
        "svg": f"{path}.svg",
        "pdf": f"{path}.pdf",
    }
