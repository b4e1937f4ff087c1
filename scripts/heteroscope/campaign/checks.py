"""What no schema can check: names that mean nothing, and claims that no test fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heteroscope.campaign.configuration import nearest
from heteroscope.campaign.runs import Run
from heteroscope.metrics import METRICS, UserError


def check(config: Mapping[str, Any], runs: Mapping[str, Run]) -> None:
    """Refuse a configuration whose parts do not fit each other.

    Parameters
    ----------
    config
        The configuration, with its defaults.
    runs
        Its runs, by name.

    Raises
    ------
    UserError
        Which names the place and the remedy.
    """
    _check_names(config, runs)
    _check_report(config, runs)
    _check_claims(config, runs)


def _check_names(config: Mapping[str, Any], runs: Mapping[str, Run]) -> None:
    for name, run in runs.items():
        for baseline in run.against:
            if baseline not in runs or baseline == name:
                raise UserError(
                    f"runs.{name}.against: there is no other run "
                    f"{baseline!r}{nearest(baseline, runs)}; runs are {', '.join(runs)}"
                )
    for number, pair in enumerate(config["controls"]):
        for run in pair:
            if run not in runs:
                raise UserError(
                    f"controls[{number}]: there is no run {run!r}{nearest(run, runs)}; "
                    f"runs are {', '.join(runs)}"
                )
    for rule in config["exclude"]:
        if rule["run"] not in runs:
            raise UserError(
                f"exclude: there is no run {rule['run']!r}{nearest(rule['run'], runs)}; "
                f"runs are {', '.join(runs)}"
            )
    named = [("metrics", metric) for metric in config["metrics"]] + [
        (f"figures.{name}.metric", figure["metric"])
        for name, figure in config["figures"].items()
        if figure["metric"]
    ]
    for where, metric in named:
        if metric not in METRICS:
            raise UserError(
                f"{where}: there is no metric {metric!r}{nearest(metric, METRICS)}; "
                f"known are {', '.join(METRICS)}"
            )


def _check_report(config: Mapping[str, Any], runs: Mapping[str, Run]) -> None:
    primary, main, metrics = config["primary"], config["main"]["runs"], config["metrics"]
    if primary and primary not in metrics:
        raise UserError(
            f"primary: {primary!r} is not among the metrics{nearest(primary, metrics)}; "
            f"metrics are {', '.join(metrics)}"
        )
    pairs = [[run.name, baseline] for run in runs.values() for baseline in run.against]
    if main and list(main) not in pairs:
        known = ", ".join(f"[{run}, {baseline}]" for run, baseline in pairs) or "none"
        raise UserError(
            f"main.runs: [{', '.join(main)}] is no run with a baseline that it names in `against`; "
            f"there are {known}"
        )


def _check_claims(config: Mapping[str, Any], runs: Mapping[str, Run]) -> None:
    """Refuse claims that no test fits."""
    ids: set[str] = set()
    for number, claim in enumerate(config["claims"]):
        name, test, across = claim["id"], claim["test"], len(claim["runs"]) == 1
        where = f"claims[{number}] ({name})"
        for run in claim["runs"]:
            if run not in runs:
                raise UserError(
                    f"{where}.runs: there is no run {run!r}{nearest(run, runs)}; "
                    f"runs are {', '.join(runs)}"
                )
        for key in ("metric", "baseline_metric"):
            if claim[key] and claim[key] not in METRICS:
                raise UserError(
                    f"{where}.{key}: there is no metric {claim[key]!r}"
                    f"{nearest(claim[key], METRICS)}; known are {', '.join(METRICS)}"
                )
        sizes, expect = len(claim["sizes"]), claim["expect"]
        alone, bound = test in ("trend", "bound"), test == "bound"
        beyond = {*claim["sizes"]} - {*(config["sizes"] or claim["sizes"])}
        # What must not be, and how to mend it.
        rules = (
            (name in ids, "id", "another claim has this id; give each its own"),
            (alone and not across, "runs", f"a {test} is of one run; name one"),
            (
                not bound and not expect,
                "expect",
                "say less, greater, equivalent, different, not_greater or not_less",
            ),
            (
                test == "trend" and expect not in ("less", "greater", "different"),
                "expect",
                "a trend is less, greater or different; equal ends do not make equal sizes",
            ),
            (bound and expect, "expect", "a bound expects nothing; leave it out"),
            (not bound and "maximum" in claim, "maximum", "only a bound has one; leave it out"),
            (alone and claim["factor"] != 1, "factor", f"a {test} has no baseline; leave it out"),
            (
                across and claim["baseline_metric"],
                "baseline_metric",
                "one run has no baseline; name two runs",
            ),
            (beyond, "sizes", f"{min(beyond, default=0)} is not among the sizes of the study"),
            (
                test == "location" and across and sizes != 2,
                "sizes",
                "one run is compared across two sizes; name two, or test a trend",
            ),
            (
                test == "spread" and across and sizes != 2 and (sizes < 2 or expect != "different"),
                "sizes",
                "one run is compared across two sizes, or more if spreads are to be different",
            ),
            (
                test == "trend" and sizes in (1, 2),
                "sizes",
                "a trend needs three sizes; name them, or none for all",
            ),
        )
        for wrong, key, remedy in rules:
            if wrong:
                raise UserError(f"{where}.{key}: {remedy}")
        ids.add(name)
