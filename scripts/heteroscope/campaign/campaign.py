"""A configuration becomes a campaign: its runs, their logs on disk, and what is compared.

All that can be wrong with a configuration is found here, before any job starts.  Only names and
paths are looked at, so that this stays quick however many logs there are; a log is opened only
where neither its path nor the configuration says what it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heteroscope import logs
from heteroscope.campaign import checks, vocabulary
from heteroscope.campaign.configuration import complete
from heteroscope.campaign.layout import NODES, place_of, size_inside
from heteroscope.campaign.originals import read_checksums
from heteroscope.campaign.runs import Run, find_run
from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.reader import Reading
from heteroscope.metrics import METRICS, Status, UserError

__all__ = ["Campaign", "Run", "load"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything that the configuration says, checked.

    Attributes
    ----------
    config
        The configuration itself, with its defaults.
    title
        A name for it, for headings.
    source, published
        Where its logs are fetched from, and their paths there; empty if they are here already.
    sizes
        The sizes of the study; empty if every size that is found belongs to it.
    runs
        By name, in the order of the configuration.
    metrics
        Names of the metrics that are summarised and tested.
    figures
        By name: what is drawn.
    primary
        The one metric that the report tells of.
    page
        Where figures are to stand.
    claims
        Statements to be judged.
    statistics
        Level and margin.
    warnings
        What is not wrong but would surprise.
    vocabulary
        What it calls things, for jobs (`logs.declare`).
    """

    config: Mapping[str, Any]
    title: str
    source: Mapping[str, str]
    published: tuple[str, ...]
    sizes: tuple[int, ...]
    runs: Mapping[str, Run]
    metrics: tuple[str, ...]
    primary: str
    figures: Mapping[str, Mapping[str, Any]]
    page: str
    claims: tuple[Mapping[str, Any], ...]
    statistics: Mapping[str, Any]
    warnings: tuple[str, ...] = field(default=())
    vocabulary: Mapping[str, Any] = field(default_factory=dict)

    def summarised(self) -> dict[str, Any]:
        """Return what a summary needs: metrics, sizes, and the confidence of its intervals."""
        return {
            "metrics": list(self.metrics),
            "sizes": list(self.sizes),
            "confidence": 1 - self.statistics["alpha"],
        }

    def compared(self) -> dict[str, Any]:
        """Return what comparisons need: each run with each of its baselines, metrics and sizes.

        Controls are compared like any pair.
        """
        pairs = [[run.name, baseline] for run in self.runs.values() for baseline in run.against]
        return {
            "pairs": pairs + [pair for pair in self.config["controls"] if pair not in pairs],
            "metrics": list(self.metrics),
            "sizes": list(self.sizes),
        }

    def report_order(self) -> dict[str, Any]:
        """Return what the report is to show, as `report.Order` takes it."""
        pairs = [[run.name, baseline] for run in self.runs.values() for baseline in run.against]
        # The run that was added last, among those of which the report is.
        given = [pair for pair in pairs if all(self.runs[n].gives(self.primary) for n in pair)]
        default: list[str] = next(
            (p for p in given or pairs if p[0] == (given or pairs)[-1][0]), []
        )
        return {
            "title": self.title,
            "labels": {run.name: run.label for run in self.runs.values()},
            "main": list(self.config["main"]["runs"]) or default,
            "context": self.config["main"]["context"],
            "primary": self.primary,
            "alpha": self.statistics["alpha"],
            "margin": self.statistics["margin"],
            "pairs": pairs,
            "metrics": list(self.metrics),
            "sizes": list(self.sizes),
            "vocabulary": {
                key: self.vocabulary[key]
                for key in ("metrics", "facts", "sizes")
                if key in self.vocabulary
            },
        }

    @property
    def suffix(self) -> str:
        """What the names of its figures' files end in: the application, if all runs have one."""
        names = {"" if run.file else run.reader.application for run in self.runs.values()}
        return f"_{names.pop()}" if len(names) == 1 and "" not in names else ""

    def declared(self) -> dict[str, Mapping[str, Any]]:
        """Return what is declared of each run, but for its price."""
        return {
            run.name: {key: run.declared[key] for key in run.declared if key != _PRICE}
            for run in self.runs.values()
        }

    def provenance(self) -> dict[str, Any]:
        """Return what the manifest tells beside files: readers, configuration, what is reported."""
        return {
            "readers": {run.name: run.reader.name for run in self.runs.values()},
            "config": self.config,
            "report": self.report_order(),
        }

    def prices(self) -> dict[str, float]:
        """Return the price of a node and hour of each run that declares one."""
        return {
            run.name: run.declared[_PRICE] for run in self.runs.values() if _PRICE in run.declared
        }


_PRICE = "price_per_node_hour"
# So many logs of a run are read to learn what a size counts.
_LOOKED_AT = 3
# So many declared metrics have a figure if none is asked for.
_DRAWN = 6


def load(config: Mapping[str, Any], directory: str | os.PathLike[str] = ".") -> Campaign:
    """Check a configuration and find the logs of its runs.

    Parameters
    ----------
    config
        As it stands in the file.
    directory
        What relative paths are relative to.

    Returns
    -------
    Campaign

    Raises
    ------
    UserError
        If anything is wrong with the configuration or if logs are missing.
    """
    complete_config = complete(config)
    logs.declare({})
    applications = vocabulary.applications(complete_config, Path(directory))
    logs.declare(vocabulary.vocabulary(complete_config, applications))
    source = complete_config["source"] or {}
    published = read_checksums(Path(directory) / source["checksums"]) if source else {}
    to_come = [f"{source['directory']}/{path}" for path in published]
    runs = {
        name: find_run(name, entry, complete_config, Path(directory), to_come)
        for name, entry in complete_config["runs"].items()
    }
    wanted = complete_config["sizes_of"]
    complete_config["sizes_of"] = wanted or _counted(runs, Path(directory))
    words = vocabulary.vocabulary(complete_config, applications)
    logs.declare(words)
    complete_config["metrics"] = _metrics(config, complete_config, words, runs)
    checks.check(complete_config, runs)
    if wanted not in ("", "none"):
        _check_told(wanted, runs, Path(directory))
    _check_sizes(complete_config, runs, Path(directory))
    primary = complete_config["primary"] or next(
        (metric for metric in complete_config["metrics"] if _given(metric, runs)),
        complete_config["metrics"][0],
    )
    declared = [metric["name"] for metric in words.get("metrics", ())][:_DRAWN]
    figures, warnings = _choose_figures(config, complete_config, primary, declared, runs)
    return Campaign(
        config=complete_config,
        title=complete_config["title"],
        source=source,
        published=tuple(published),
        sizes=tuple(complete_config["sizes"]),
        runs=runs,
        metrics=tuple(complete_config["metrics"]),
        primary=primary,
        figures=figures,
        page=complete_config["page"],
        claims=tuple(complete_config["claims"]),
        statistics=complete_config["statistics"],
        warnings=tuple(warnings),
        vocabulary=words,
    )


def _counted(runs: Mapping[str, Run], root: Path) -> str:
    """Return what sizes count, as paths or the first logs of each run tell."""
    for run in runs.values():
        place = place_of(run.reader, run.pattern)
        start = len(run.directory) + 1
        if any((found := place(log[start:])) and found.size for log in run.logs):
            return "nodes"
    told = {
        name
        for run in runs.values()
        for log in run.logs[:_LOOKED_AT]
        for reading in _readings(run, root / log)
        for name in reading.figures
    }
    return "nodes" if told & {*NODES} else "ranks" if "ranks" in told else "none"


def _metrics(
    config: Mapping[str, Any],
    complete_config: Mapping[str, Any],
    words: Mapping[str, Any],
    runs: Mapping[str, Run],
) -> list[str]:
    """Return what is tested: by default what is declared, and what runs give of the usual."""
    usual: list[str] = complete_config["metrics"]
    declared = [metric["name"] for metric in words.get("metrics", ())]
    if "metrics" in config or not declared:
        return usual
    return list(dict.fromkeys([*declared, *(m for m in usual if _given(m, runs))]))


def _readings(run: Run, log: Path) -> list[Reading]:
    """Return what a log says; nothing if it is still to come or cannot be read."""
    try:
        return run.reader.read(read_file(log).text, run.options)
    except UnreadableError:
        return []
    except UserError as error:
        raise UserError(f"runs.{run.name}.{error}") from None


def _sizes_inside(run: Run, log: Path) -> set[int]:
    """Return the sizes that a log itself tells."""
    told = (size_inside(reading.figures) for reading in _readings(run, log))
    return {size for size in told if size}


def _check_told(of: str, runs: Mapping[str, Run], root: Path) -> None:
    """Refuse what a size is to count if neither the paths nor the first whole logs tell it."""
    whole = False
    for run in runs.values():
        place = place_of(run.reader, run.pattern)
        for log in run.logs[:_LOOKED_AT]:
            found = place(log[len(run.directory) + 1 :])
            readings = _readings(run, root / log)
            if (found and found.size) or any(size_inside(told.figures) for told in readings):
                return
            whole |= any(told.status is Status.OK for told in readings)
    if whole:
        raise UserError(
            f"sizes.of: nothing tells the {of} of a log; say {{size}} in the `logs:` of the runs, "
            "or declare a figure `size` of the application, or say `of: none`"
        )


def _check_sizes(config: Mapping[str, Any], runs: Mapping[str, Run], root: Path) -> None:
    """Refuse a size that no log has; only sizes that no path spells cost the reading of logs."""

    def check(where: str, sizes: Iterable[int], candidates: Sequence[Run]) -> None:
        wanted = set(sizes)
        found: set[int] = set()
        for run in candidates:
            place = place_of(run.reader, run.pattern)
            start = len(run.directory) + 1
            places = (place(log[start:]) for log in run.logs)
            found |= {p.size for p in places if p is not None and p.size is not None}
        for run in candidates:
            if wanted <= found:
                return
            place = place_of(run.reader, run.pattern)
            start = len(run.directory) + 1
            for log in run.logs:
                if wanted <= found:
                    return
                spelled = place(log[start:])
                if spelled is not None and spelled.size is None:
                    found |= _sizes_inside(run, root / log)
        if missing := sorted(wanted - found):
            raise UserError(
                f"{where}: no log has size {missing[0]}; "
                f"there are logs of {', '.join(map(str, sorted(found))) or 'no size'}"
            )

    check("sizes", config["sizes"], list(runs.values()))
    for name, entry in config["runs"].items():
        check(f"runs.{name}.sizes", entry["sizes"], [runs[name]])


def _given(metric: str, runs: Mapping[str, Run]) -> bool:
    return any(run.gives(metric) for run in runs.values())


def _choose_figures(
    config: Mapping[str, Any],
    complete_config: Mapping[str, Any],
    primary: str,
    declared: Sequence[str],
    runs: Mapping[str, Run],
) -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """Return what is drawn, and a warning for whatever no run can give.

    The figures that are drawn by default are only those that some run has the figures for.
    """
    given = {metric for metric in METRICS if _given(metric, runs)}
    figures: dict[str, Mapping[str, Any]] = {}
    warnings = []
    wanted = complete_config["figures"]
    if "figures" not in config:
        kind = {"kind": "distribution", "title": ""}
        wanted = {**{name: {**kind, "metric": name} for name in declared}, **wanted}
    for name, entry in wanted.items():
        figure = {**entry, "metric": entry["metric"] or primary}
        if figure["metric"] in given:
            figures[name] = figure
        elif "figures" in config:
            figures[name] = figure
            warnings.append(f"figures.{name}: no run's reader gives {figure['metric']}")
    if "metrics" in config:
        warnings += [
            f"metrics: no run's reader gives {metric}"
            for metric in complete_config["metrics"]
            if metric not in given
        ]
    return figures, warnings
