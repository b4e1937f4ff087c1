"""Which figures a campaign has, and what each of them shows.

A configured figure is drawn of all runs, and on request of each run with what it stands against.
A kind that no configured figure is called after can be asked for by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from heteroscope.figures import KINDS, styles
from heteroscope.figures.data import TRIALS
from heteroscope.metrics import METRICS, UserError
from heteroscope.words import size_of

if TYPE_CHECKING:
    from heteroscope.campaign.campaign import Campaign, Run


def check(campaign: Campaign) -> None:
    """Refuse a configured figure whose kind cannot show its metric."""
    for name, what in campaign.figures.items():
        try:
            KINDS[what["kind"]].NEEDS.check(what["kind"], what["metric"])
        except UserError as error:
            raise UserError(f"figures.{name}: {error}") from None


def every(campaign: Campaign) -> dict[str, Mapping[str, Any]]:
    """Return what can be drawn, by name: the configured figures, then every other kind."""
    by_kind = {
        kind: {
            "kind": kind,
            "metric": (module.NEEDS.metrics or (campaign.primary,))[0],
            "title": "",
        }
        for kind, module in KINDS.items()
    }
    return {**by_kind, **campaign.figures}


def of_all(campaign: Campaign) -> list[str]:
    """Return the names of the configured figures that have something to show."""
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


def runs_shown(campaign: Campaign, run: str | None) -> list[str]:
    """Return the runs of a figure: all, or one run and what it stands against."""
    return list(campaign.runs) if run is None else [*campaign.runs[run].against, run]


def tables(campaign: Campaign, figure: str) -> list[str]:
    """Return the names of the tables that a figure is made of."""
    return list(KINDS[every(campaign)[figure]["kind"]].NEEDS.tables)


def request(campaign: Campaign, figure: str, run: str | None = None) -> dict[str, Any]:
    """Return what `figures.draw` needs beside its tables, as plain values.

    Parameters
    ----------
    campaign
        The campaign.
    figure
        A name among `every`.
    run
        Of one run and what it stands against; None for all runs.
    """
    what = every(campaign)[figure]
    needs = KINDS[what["kind"]].NEEDS
    shown = runs_shown(campaign, run)
    colors = {other.name: other.color for other in campaign.runs.values() if other.color}
    looks = styles(list(campaign.runs), colors)
    wanted = {
        "kind": what["kind"],
        "metric": what["metric"],
        "title": what["title"],
        "runs": shown,
        "labels": {name: campaign.runs[name].label for name in shown},
        "styles": {name: asdict(looks[name]) for name in shown},
        "sizes": list(campaign.sizes),
        "size": campaign.page,
        "settings": {key: campaign.statistics[key] for key in needs.settings},
    }
    if needs.pairs:
        subjects = list(campaign.runs) if run is None else [run]
        wanted["pairs"] = [
            [name, other] for name in subjects for other in campaign.runs[name].against
        ]
    return wanted


def report(campaign: Campaign) -> list[dict[str, Any]]:
    """Return what each figure of the report shows."""
    return [
        {"name": f"{figure}{campaign.suffix}", **request(campaign, figure), "format": "png"}
        for figure in of_all(campaign)
    ]


def _shows(what: Mapping[str, Any], run: Run, campaign: Campaign) -> bool:
    """Return whether a figure has something to show of a run."""
    needs, metric = KINDS[what["kind"]].NEEDS, what["metric"]
    if not run.gives(metric):
        return False
    if needs.pairs:
        tested = metric in campaign.metrics
        return tested and any(campaign.runs[other].gives(metric) for other in run.against)
    if needs.scaling:
        return METRICS[metric].speedup and bool(size_of()) and len(run.sizes) != 1
    others = [name for name in needs.tables.get(TRIALS, ()) if name in METRICS]
    return not others or any(run.gives(name) for name in others)
