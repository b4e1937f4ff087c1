"""What all rules share: the campaign of the configuration, checked, and the names made of it."""

import sys
from dataclasses import asdict
from pathlib import Path

from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.current_basedir).parent / "scripts"
if str(SCRIPTS) not in sys.path:
    sys.path.insert(0, str(SCRIPTS))

from heteroscope import campaign, columns, figures, progress, provenance
from heteroscope.figures import plan
from heteroscope.records import UserError

# A mistake is told here, before any job starts: Snakemake itself does not miss the logs of a run
# whose figures exist already.
try:
    CAMPAIGN = campaign.load(config)
    plan.check(CAMPAIGN)
except UserError as error:
    raise WorkflowError(f"Configuration: {error}") from None

# A dry run and --verbose are asked for to see everything.
if not (workflow.output_settings.dryrun or workflow.output_settings.verbose):
    progress.follow(logger, workflow.output_settings.quiet or ())

# Who lists figures is told which of them would be empty; of the defaults they are left out.
for warning in [*CAMPAIGN.warnings, *(plan.left_out(CAMPAIGN) if "figures" in config else [])]:
    logger.warning(f"Configuration: {warning}")

RUNS = CAMPAIGN.runs
TABLES = ["trials", *columns.TABLES]
FORMATS = CAMPAIGN.formats
FIGURES = plan.of_all(CAMPAIGN)
RUN_FIGURES = [
    f"<img>/{run}/{figure}_lammps.{format}"
    for run, figure in plan.of_runs(CAMPAIGN)
    for format in FORMATS
]
STYLES = figures.styles(list(RUNS), {run.name: run.color for run in RUNS.values() if run.color})


wildcard_constraints:
    run="|".join(map(re.escape, RUNS)),
    # The folder of a run's own figures, or nothing for the figures of all runs.
    scope="|".join(["", *(re.escape(f"{run}/") for run in RUNS)]),
    figure="|".join(map(re.escape, CAMPAIGN.figures)),
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


def manifest_request():
    """Return what the manifest needs beside files: names and settings of the campaign."""
    return {
        "directories": {run.name: run.directory for run in RUNS.values()},
        "readers": {run.name: run.reader.name for run in RUNS.values()},
        "config": CAMPAIGN.config,
        "seed": CAMPAIGN.statistics["seed"],
    }


def pairs_shown(scope, kind):
    """Return the comparisons of a figure, if it is one that compares."""
    if not figures.KINDS[kind].NEEDS.pairs:
        return {}
    subjects = [RUNS[scope.rstrip("/")]] if scope else RUNS.values()
    return {"pairs": [[run.name, other] for run in subjects for other in run.against]}


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
        "size": CAMPAIGN.page,
        "settings": plan.settings(what["kind"], CAMPAIGN.statistics),
        **pairs_shown(scope, what["kind"]),
    }


def figure_tables(wildcards):
    """Return the tables that a figure is made of: trials, of the runs that it shows alone."""
    shown = [run.name for run in runs_shown(wildcards.scope)]
    return {
        table: (
            collect("<results>/trials/{run}.csv", run=shown)
            if table == "trials"
            else [f"<results>/{table}.csv"]
        )
        for table in figures.KINDS[CAMPAIGN.figures[wildcards.figure]["kind"]].NEEDS.tables
    }


def table_output(table):
    """Return a table as an output that Snakemake's own report shows, too."""
    return report(
        f"<results>/{table}.csv",
        caption=f"../config/captions/{table}.rst",
        category="Tables",
        labels={"table": table},
    )


def figure_labels(wildcards):
    """Return what tells a figure from the others in Snakemake's own report."""
    return {
        "figure": wildcards.figure,
        "runs": wildcards.scope.rstrip("/") or "all",
        "format": wildcards.format,
    }
