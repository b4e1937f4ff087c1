"""What all rules share: the campaign of the configuration, checked, and the names made of it."""

import sys
from dataclasses import asdict
from pathlib import Path

from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.current_basedir).parent / "scripts"
if str(SCRIPTS) not in sys.path:
    sys.path.insert(0, str(SCRIPTS))

from heteroscope import campaign, figures, provenance
from heteroscope.records import UserError

# A mistake is told here, before any job starts: Snakemake itself does not miss the logs of a run
# whose figures exist already.
try:
    CAMPAIGN = campaign.load(config)
except UserError as error:
    raise WorkflowError(f"Configuration: {error}") from None

for warning in CAMPAIGN.warnings:
    logger.warning(f"Configuration: {warning}")

RUNS = CAMPAIGN.runs
TABLES = ["trials", "summary", "exclusions", "variance", "location"]
FIGURES = list(CAMPAIGN.figures)
RUN_FIGURES = [
    f"<img>/{run.name}/{figure}_lammps.png"
    for run in RUNS.values()
    if run.against
    for figure, what in CAMPAIGN.figures.items()
    if run.gives(what["metric"])
]
STYLES = figures.styles(list(RUNS), {run.name: run.color for run in RUNS.values() if run.color})


wildcard_constraints:
    run="|".join(map(re.escape, RUNS)),
    # The folder of a run's own figures, or nothing for the figures of all runs.
    scope="|".join(["", *(re.escape(f"{run}/") for run in RUNS)]),
    figure="|".join(map(re.escape, FIGURES)),
    format="png|svg|pdf",


def source_digest(script):
    """Return what changes when the library code that a script uses does."""
    return provenance.source_digest(SCRIPTS / script)


def runs_shown(scope):
    """Return the runs of a figure: all, or one run and what it stands against."""
    if not scope:
        return list(RUNS.values())
    run = RUNS[scope.rstrip("/")]
    return [RUNS[baseline] for baseline in run.against] + [run]


def figure_request(scope, figure):
    """Return what a figure shows, and how: all that the job that draws it needs."""
    what = CAMPAIGN.figures[figure]
    shown = runs_shown(scope)
    return {
        "kind": what["kind"],
        "metric": what["metric"],
        "title": what["title"],
        "runs": [run.name for run in shown],
        "labels": {run.name: run.label for run in shown},
        "styles": {run.name: asdict(STYLES[run.name]) for run in shown},
        "sizes": list(CAMPAIGN.sizes),
    }
