"""A section a question: what the tests say of it, and which figures belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroscope.metrics import METRICS
from heteroscope.report import views
from heteroscope.report.document import Figure, Order, Section
from heteroscope.report.findings import Finding, Judge
from heteroscope.report.text import estimate, missing, nodes, number, p_value
from heteroscope.report.views import Cell, Table, records

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
# A question's tables, and its findings in words.
Parts = tuple[list[Table], list[str]]
Builder = Callable[[Order, Tables, Judge], Parts]


def _of_pairs(table: pd.DataFrame | None) -> pd.DataFrame | None:
    if table is None or not len(table):
        return None
    pairs = table[table["scope"] == "pair"] if "scope" in table else table
    return pairs if len(pairs) else None


def main_metric(order: Order, table: pd.DataFrame) -> str:
    """Return the first metric of the study that a table has."""
    found = set(table["metric"])
    return next((metric for metric in order.metrics if metric in found), str(min(found)))


def _finding_cell(finding: Finding) -> Cell:
    return Cell(finding.word, tone=finding.tone)


def _estimate(row: Mapping[str, Any], name: str) -> Cell:
    return views.value(row[name], estimate(row, name))


def _confidence(order: Order) -> str:
    return f"{number(100 * (1 - order.alpha))} %"


def _has_claims(tables: Tables) -> bool:
    return "claims" in tables and len(tables["claims"]) > 0


def _faster(order: Order, tables: Tables, judge: Judge) -> Parts:
    location = _of_pairs(tables.get("location"))
    if location is None:
        return [], []
    metric = METRICS[main_metric(order, location)]
    rows, findings = [], []
    for row in records(location[location["metric"] == metric.name]):
        finding = judge.location(row)
        findings.append(finding.sentence)
        rows.append(
            [
                judge.name(row["run"]),
                judge.name(row["baseline"]),
                views.value(row["size"]),
                _finding_cell(finding),
                Cell(f"{row['n_run']} / {row['n_baseline']}", float(row["n_run"])),
                views.value(row["median_run"]),
                views.value(row["median_baseline"]),
                _estimate(row, "ratio"),
                _estimate(row, "shift"),
                views.value(row["mann_whitney_p_holm"], p_value(row["mann_whitney_p_holm"])),
            ]
        )
    unit = f" ({metric.unit})" if metric.unit else ""
    headings = [
        "run", "baseline", "nodes", "finding", "n", f"median{unit}", f"baseline median{unit}",
        "ratio", f"shift{unit}", "p",
    ]  # fmt: skip
    note = (
        f"{_confidence(order)} intervals in brackets. p: exact Mann-Whitney test, adjusted by "
        "Holm's method over the sizes of a comparison."
    )
    table = views.simple(
        "at-a-glance-location",
        f"{metric.title}: medians and their ratio",
        headings,
        rows,
        numeric=["nodes", *headings[4:]],
        note=note,
    )
    return [table], findings if _has_claims(tables) else []


def _steadier(order: Order, tables: Tables, judge: Judge) -> Parts:
    variance = _of_pairs(tables.get("variance"))
    if variance is None:
        return [], []
    metric = METRICS[main_metric(order, variance)]
    rows, findings = [], []
    for row in records(variance[variance["metric"] == metric.name]):
        finding = judge.spread(row)
        findings.append(finding.sentence)
        rows.append(
            [
                judge.name(row["run"]),
                judge.name(row["baseline"]),
                views.value(row["size"]),
                _finding_cell(finding),
                views.value(row["sd_run"]),
                views.value(row["sd_baseline"]),
                _estimate(row, "sd_ratio"),
                views.value(row["levene_median_p_holm"], p_value(row["levene_median_p_holm"])),
            ]
        )
    unit = f" ({metric.unit})" if metric.unit else ""
    headings = ["run", "baseline", "nodes", "finding", f"sd{unit}", f"baseline sd{unit}", "ratio",
                "p"]  # fmt: skip
    table = views.simple(
        "at-a-glance-variance",
        f"{metric.title}: standard deviations and their ratio",
        headings,
        rows,
        numeric=["nodes", *headings[4:]],
        note=f"{_confidence(order)} intervals in brackets. p: Levene's test about the median "
        "(Brown-Forsythe), adjusted by Holm's method over the sizes of a comparison.",
    )
    return [table], findings


def _scaling(order: Order, tables: Tables, judge: Judge) -> Parts:
    scaling = tables.get("scaling")
    if scaling is None or not len(scaling):
        return [], []
    metric = METRICS[main_metric(order, scaling)]
    columns = [
        (name, words)
        for name, words in (
            ("median", f"median ({metric.unit})"),
            ("speedup", "speed-up"),
            ("efficiency", "parallel efficiency"),
            ("node_seconds", "node seconds"),
            ("cost", "cost"),
        )
        if name in scaling and scaling[name].notna().any()
    ]
    of_metric = scaling[scaling["metric"] == metric.name]
    rows = [
        [
            judge.name(row["run"]),
            views.value(row["size"]),
            views.value(row["n"]),
            *(_estimate(row, name) for name, _ in columns),
        ]
        for row in records(of_metric)
    ]
    headings = ["run", "nodes", "n", *(words for _, words in columns)]
    table = views.simple(
        "at-a-glance-scaling",
        f"{metric.title}: what more nodes bring",
        headings,
        rows,
        numeric=headings[1:],
        note=f"{_confidence(order)} intervals in brackets. Speed-up and efficiency stand against "
        "the smallest size of the same run.",
    )
    findings = []
    for run, group in of_metric.groupby("run", sort=False):
        last = records(group.sort_values("size"))[-1]
        if not missing(last["efficiency"]) and last["size"] != last["base_size"]:
            findings.append(
                f"{judge.name(run)}: from {int(last['base_size'])} to "
                f"{nodes(last['size'])} the speed-up is {estimate(last, 'speedup')}, a parallel "
                f"efficiency of {estimate(last, 'efficiency')}."
            )
    return [table], findings


def _again(order: Order, tables: Tables, judge: Judge) -> Parts:
    drift = tables.get("drift")
    if drift is None or not len(drift):
        return [], []
    metric = METRICS[main_metric(order, drift)]
    rows, moved, tested = [], [], 0
    for row in records(drift[drift["metric"] == metric.name]):
        finding = judge.drift(row)
        tested += finding.tone != "none"
        if finding.tone == "bad":
            moved.append(finding.sentence)
        rows.append(
            [
                judge.name(row["run"]),
                views.value(row["size"]),
                _finding_cell(finding),
                views.value(row["n"]),
                views.value(row["kendall_tau"]),
                views.value(row["kendall_p"], p_value(row["kendall_p"])),
                views.value(row["lag1"]),
                views.value(row["ljung_box_p"], p_value(row["ljung_box_p"])),
                views.value(row["first_z"]),
                "" if missing(row["design"]) else str(row["design"]),
            ]
        )
    headings = ["run", "nodes", "finding", "n", "Kendall τ", "p of τ", "lag-1 correlation",
                "Ljung-Box p", "first trial, z", "design"]  # fmt: skip
    table = views.simple(
        "at-a-glance-drift",
        f"{metric.title}: the trials in their order of execution",
        headings,
        rows,
        numeric=["nodes", *headings[3:-1]],
        note="p-values here are not adjusted: a group in twenty shows a trend by chance alone.",
    )
    quiet = (
        f"{tested - len(moved)} of {tested} groups of {metric.title} show no trend over their "
        "trials."
    )
    return [table], [quiet, *moved]


def _time(order: Order, tables: Tables, judge: Judge) -> Parts:
    """Return the medians of all times side by side: a row a group, a column a metric."""
    summary = tables["summary"]
    times = [
        metric
        for metric in order.metrics
        if METRICS[metric].unit == "s" and metric in set(summary["metric"])
    ]
    if len(times) < 2:
        return [], []
    medians = {(row["run"], row["size"], row["metric"]): row["median"] for row in records(summary)}
    groups = list(dict.fromkeys((run, size) for run, size, _ in medians))
    headings = ["run", "nodes", *(METRICS[metric].title for metric in times)]
    rows = [
        [
            judge.name(run),
            views.value(size),
            *(views.value(medians.get((run, size, metric))) for metric in times),
        ]
        for run, size in groups
    ]
    table = views.simple(
        "at-a-glance-times",
        "Medians of all times, in s",
        headings,
        rows,
        numeric=headings[1:],
        note="Each is measured by a clock of its own; the dictionary of metrics says which.",
    )
    return [table], []


@dataclass(frozen=True, slots=True)
class Question:
    """What belongs to a question.

    Attributes
    ----------
    name, title, lead
        For links, as a heading, and what is asked.
    build
        Makes its table and its findings.
    kinds, metrics
        Kinds of figures that belong here, and metrics of the figures of all other kinds.
    """

    name: str
    title: str
    lead: str
    build: Builder
    kinds: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "faster",
        "Is it faster?",
        "Each run against its baselines: the medians, their ratio, and whether the difference "
        "is more than chance.",
        _faster,
        kinds=("effects", "ecdf"),
        metrics=(
            "walltime", "loop_time", "end_to_end_walltime_fluxsubmit",
            "end_to_end_walltime_fluxstart", "timesteps_per_s", "matom_steps_per_s",
        ),
    ),
    Question(
        "steadier",
        "Is it steadier?",
        "Whether trials of a run lie closer together than those of its baselines.",
        _steadier,
        kinds=("spread",),
    ),
    Question(
        "scaling",
        "Does it scale?",
        "What more nodes bring, against the smallest size of each run.",
        _scaling,
        kinds=("efficiency",),
    ),
    Question(
        "again",
        "Would I see it again?",
        "Whether the trials of a group can stand for one another: a machine that warms up, fills "
        "up or changes leaves a trend in the order of execution.",
        _again,
        kinds=("repetitions",),
    ),
    Question(
        "time",
        "Where does the time go?",
        "The wall time within LAMMPS, and what launching it and building its cluster add.",
        _time,
        kinds=("sections",),
        metrics=(
            "cluster_time", "start_submit_difference", "submit_lammps_difference",
            "submit_loop_difference", "walltime_loop_difference",
        ),
    ),
)  # fmt: skip


def question_of(figure: Figure) -> str:
    """Return the question that a figure belongs to: by its kind, else by its metric."""
    for question in QUESTIONS:
        if figure.kind in question.kinds:
            return question.name
    for question in QUESTIONS:
        if figure.metric in question.metrics:
            return question.name
    return "time" if METRICS[figure.metric].unit == "s" else "faster"


def _in_order(question: Question, order: Order, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of a question: its first kind, then the metrics, then its other kinds."""
    ranks = {metric: rank for rank, metric in enumerate(order.metrics)}

    def place(figure: Figure) -> tuple[int, int]:
        own = question.kinds.index(figure.kind) if figure.kind in question.kinds else -1
        return (0 if own == 0 else 1 if own < 0 else 2), ranks.get(figure.metric, len(ranks))

    return sorted((f for f in figures if question_of(f) == question.name), key=place)


def sections(
    order: Order, tables: Tables, judge: Judge, figures: Sequence[Figure]
) -> Iterator[Section]:
    """Yield a section for each question that has an answer or a figure."""
    for question in QUESTIONS:
        shown = tuple(_in_order(question, order, figures))
        made, findings = question.build(order, tables, judge)
        if shown or made:
            yield Section(
                question.name,
                question.title,
                question.lead,
                shown,
                tuple(made),
                tuple(findings),
            )
