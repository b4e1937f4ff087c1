"""What all rules share: the campaign of the configuration, checked, and the names made of it."""

import hashlib
import json
import os
import re
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from snakemake.cli import get_argument_parser
from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.current_basedir).parent / "scripts"
if str(SCRIPTS) not in sys.path:
    sys.path.insert(0, str(SCRIPTS))

from heteroscope.campaign import campaign
from heteroscope.tables import columns
from heteroscope import figures
from heteroscope import progress
from heteroscope import provenance
from heteroscope import seen
from heteroscope.figures import plan
from heteroscope.metrics import UserError

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
OWN_FIGURES = plan.of_runs(CAMPAIGN)
RUN_FIGURES = [
    f"<img>/{run}/{figure}_lammps.{format}" for run, figure in OWN_FIGURES for format in FORMATS
]
# Text and lines of an SVG are sharp at any size; where there are very many marks to draw, a PNG is
# the smaller one.
REPORT_FORMAT = "svg" if sum(len(run.logs) for run in RUNS.values()) <= 2000 else "png"
STYLES = figures.styles(list(RUNS), {run.name: run.color for run in RUNS.values() if run.color})


wildcard_constraints:
    run="|".join(map(re.escape, RUNS)),


def source_digest(script):
    """Return what changes when the library code that a script uses does."""
    return provenance.source_digest(SCRIPTS / script)


def fetched(runs):
    """Return the logs of runs as inputs if a job of this workflow fetches them.

    They are read where they lie: a module's prefix and a default storage are not for them.
    """
    return local([log for run in runs for log in run.logs]) if CAMPAIGN.source else []


def here(run):
    """Return one log of a run that is not fetched, as an input that says where all of them lie.

    Where no file system is shared, a job with a local input runs on the machine that calls.
    """
    return [] if CAMPAIGN.source else local(next(filter(os.path.isfile, run.logs), []))


def notes(run):
    """Return where the job that reads a run notes which files it read.

    The name tells what is read and not who asks, so that modules can share it.
    """
    plan = run.plan([])
    what = json.dumps([plan["directory"], plan["reader"], plan["pattern"]])
    return f".snakemake/heteroscope/{run.name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"


@cache
def state(name):
    """Return the name of the state of a run's logs, which changes when one of them does."""
    if CAMPAIGN.source:
        return ""
    run = RUNS[name]
    found = seen.state([*run.logs, *run.companions], notes(run))
    if found.changed:
        logger.info(f"{name}: {len(found.changed)} changed: {', '.join(found.changed[:5])}")
    return found.name


def memory(runs):
    """Return the memory in MB that a job asks for that holds the trials of these runs.

    The libraries take 0.3 GB, and a trial 11 KB as it is read; this is room for twice as much.
    """
    return 500 + sum(len(run.logs) for run in runs) // 40


def minutes(runs):
    """Return the time that a job asks for: as if a log took 20 ms, which is a slow file system."""
    return 10 + sum(len(run.logs) for run in runs) // 3000


def targets():
    """Return what this call of snakemake asks for, as far as it can be known this early."""
    if Path(sys.argv[0]).name not in ("snakemake", "__main__.py"):
        return []
    return get_argument_parser().parse_known_args(sys.argv[1:])[0].targets


# Most of the time of a job that draws is its start, so figures that are made of the same are drawn
# by one job; only a call that asks for nothing but figures gets just those.
ASKED, ONLY_FIGURES = plan.asked_for(
    targets(), workflow.pathvars.apply("<img>"), CAMPAIGN.figures, RUNS
)


def drawn(own, of_trials):
    """Return name and format of the figures that one job draws.

    Those of a run's own or of all runs; those that are made of trials alone or the others.
    """
    names = {name for _, name in OWN_FIGURES} if own else FIGURES
    formats = FORMATS if own else [*FORMATS, REPORT_FORMAT]
    usual = [] if ONLY_FIGURES else [(name, format) for name in names for format in formats]
    asked = [(name, format) for run, name, format in ASKED if bool(run) == own]
    of_the_kind = set(plan.of_trials(CAMPAIGN.figures))
    return sorted(pair for pair in {*usual, *asked} if (pair[0] in of_the_kind) == of_trials)


def figure_files(folder, figures_drawn, runs):
    """Return figures as outputs that Snakemake's own report shows, too."""
    look = {"caption": "../config/captions/figure.rst", "category": "Figures"}
    files = []
    for name, format in figures_drawn:
        labels = {"figure": name, "runs": runs, "format": format}
        files.append(report(f"{folder}/{name}_lammps.{format}", labels=labels, **look))
    return files


def runs_shown(run=None):
    """Return the runs of a figure: all, or one run and what it stands against."""
    if run is None:
        return list(RUNS.values())
    return [RUNS[baseline] for baseline in RUNS[run].against] + [RUNS[run]]


def trials_shown(wildcards):
    """Return the trials of the runs of a figure."""
    runs = [run.name for run in runs_shown(wildcards.get("run"))]
    return collect("<results>/trials/{run}.csv", run=runs)


def manifest_request():
    """Return what the manifest needs beside files: names and settings of the campaign."""
    return {
        "readers": {run.name: run.reader.name for run in RUNS.values()},
        "config": CAMPAIGN.config,
        "seed": CAMPAIGN.statistics["seed"],
    }


def figure_request(figure, run=None):
    """Return what a figure shows, and how: all that the job that draws it needs."""
    what = CAMPAIGN.figures[figure]
    shown = runs_shown(run)
    request = {
        "kind": what["kind"],
        "metric": what["metric"],
        "title": what["title"],
        "runs": [run.name for run in shown],
        "labels": {run.name: run.label for run in shown},
        "styles": {run.name: asdict(STYLES[run.name]) for run in shown},
        "sizes": list(CAMPAIGN.sizes),
        "size": CAMPAIGN.page,
        "settings": plan.settings(what["kind"], CAMPAIGN.statistics),
    }
    if figures.KINDS[what["kind"]].NEEDS.pairs:
        subjects = RUNS.values() if run is None else [RUNS[run]]
        request["pairs"] = [
            [subject.name, other] for subject in subjects for other in subject.against
        ]
    return request


def figure_requests(of_trials, run=None):
    """Return what every figure shows that one job may draw, by name."""
    of_the_kind = plan.of_trials(CAMPAIGN.figures)
    return {
        name: figure_request(name, run)
        for name in CAMPAIGN.figures
        if (name in of_the_kind) == of_trials
    }


def tables_compared(names):
    """Return the computed tables that figures are made of, and trials where they need them, too."""
    kinds = [figures.KINDS[CAMPAIGN.figures[name]["kind"]] for name in names]
    tables = {table for kind in kinds for table in kind.NEEDS.tables}
    return {table: f"<results>/{table}.csv" for table in sorted(tables - {"trials"})}


def table_output(table):
    """Return a table as an output that Snakemake's own report shows, too."""
    return report(
        f"<results>/{table}.csv",
        caption=f"../config/captions/{table}.rst",
        category="Tables",
        labels={"table": table},
    )


def report_order():
    """Return what the report shows, apart from tables and figures."""
    return {
        "title": CAMPAIGN.title,
        "labels": {run.name: run.label for run in RUNS.values()},
        "metrics": list(CAMPAIGN.metrics),
        "sizes": list(CAMPAIGN.sizes),
        "alpha": CAMPAIGN.statistics["alpha"],
        "margin": CAMPAIGN.statistics["margin"],
    }


def report_figures():
    """Return what each figure of the report shows, and which runs have it on their own, too."""
    return [
        {
            "name": figure,
            **figure_request(figure),
            "format": FORMATS[0],
            "of_runs": [run for run in RUNS if (run, figure) in OWN_FIGURES],
        }
        for figure in FIGURES
    ]
