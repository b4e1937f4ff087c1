"""Which figures a campaign has: over all runs, and of each run with what it stands against."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from heteroscope.figures import KINDS
from heteroscope.figures.needs import TRIALS
from heteroscope.metrics import METRICS, UserError

if TYPE_CHECKING:
    from heteroscope.campaign.campaign import Campaign, Run


def check(campaign: Campaign) -> None:
    """Refuse a configured figure whose kind cannot show its metric."""
    for name, what in campaign.figures.items():
        try:
            KINDS[what["kind"]].NEEDS.check(what["kind"], what["metric"])
        except UserError as error:
            raise UserError(f"figures.{name}: {error}") from None


def of_all(campaign: Campaign) -> list[str]:
    """Return the names of the figures over all runs, of those that are configured."""
    return [
        name
        for name, what in campaign.figures.items()
        if any(_shows(what, run, campaign) for run in campaign.runs.values())
    ]


def of_runs(campaign: Campaign) -> list[tuple[str, str]]:
    """Return each run that has baselines with the name of each figure of its own."""
    return [
        (run.name, name)
        for run in campaign.runs.values()
        if run.against
        for name, what in campaign.figures.items()
        if _shows(what, run, campaign)
    ]


def of_trials(figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names of the figures that are made of trials alone, and of no computed table."""
    return [
        name for name, what in figures.items() if set(KINDS[what["kind"]].NEEDS.tables) == {TRIALS}
    ]


def asked_for(
    targets: Collection[str], folder: str, figures: Iterable[str], runs: Iterable[str]
) -> tuple[list[tuple[str, str, str]], bool]:
    """Return the figures among the targets of a call, and whether it asks for nothing else.

    Parameters
    ----------
    targets
        What the call asks for.
    folder
        Where figures are made.
    figures, runs
        Their names.

    Returns
    -------
    asked : list of tuple
        Run (empty for all runs), figure and format.
    only : bool
    """
    one_of = {key: "|".join(map(re.escape, names)) for key, names in
              {"run": runs, "figure": figures}.items()}  # fmt: skip
    path = re.compile(
        rf"{re.escape(folder)}/(?:({one_of['run']})/)?({one_of['figure']})_lammps\.(png|svg|pdf)"
    )
    found = [path.fullmatch(target) for target in sorted(targets)]
    asked = [(match[1] or "", match[2], match[3]) for match in found if match]
    return asked, bool(asked) and len(asked) == len(found)


def left_out(campaign: Campaign) -> list[str]:
    """Return which configured figures would be empty, and why: a sentence each."""
    made = of_all(campaign)
    sentences = []
    for name, what in campaign.figures.items():
        if name in made:
            continue
        kind, metric = what["kind"], what["metric"]
        why = f"no run gives what the kind {kind} shows"
        if KINDS[kind].NEEDS.pairs:
            why = f"no run that gives {metric} stands against one that does"
            if metric not in campaign.metrics:
                why = f"{metric} is not among the metrics that are tested (`metrics`)"
        sentences.append(f"figures.{name}: not made, since {why}")
    return sentences


def settings(kind: str, statistics: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a kind of figure heeds of the configuration's statistics."""
    return {key: statistics[key] for key in KINDS[kind].NEEDS.settings}


def _shows(what: Mapping[str, Any], run: Run, campaign: Campaign) -> bool:
    """Return whether a figure has something to show of a run."""
    needs, metric = KINDS[what["kind"]].NEEDS, what["metric"]
    if not run.gives(metric):
        return False
    if needs.pairs:
        tested = metric in campaign.metrics
        return tested and any(campaign.runs[other].gives(metric) for other in run.against)
    if needs.scaling:
        return len(run.sizes) != 1
    others = [name for name in needs.tables.get(TRIALS, ()) if name in METRICS]
    return not others or any(run.gives(name) for name in others)
