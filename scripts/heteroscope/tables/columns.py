"""What every column of every table means: one dictionary, which checks tables and documents them.

A table that is written is held against its columns here (`conform`), and `docs/tables.md` is made
of them, so that neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "integer", "number", "boolean"]

METRIC_UNIT = "of the metric"
SIZE_UNIT = "nodes, or what sizes count"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name, kind, unit, meaning
        As the documentation shows them.  The unit is empty for text and for pure numbers.
    required
        It has a value in every row.
    choices
        The only values that it may have besides none.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


def conform(table: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Check a table against its columns, and give each its type.

    Parameters
    ----------
    table
        As it was computed.
    columns
        What it should be.

    Returns
    -------
    pandas.DataFrame
        The same values; whole numbers and truth values that may be missing have types that say so.

    Raises
    ------
    ValueError
        If columns are missing, added or in another order, if a value is of another type or is none
        of the choices, or if a required one is missing.  That is a fault of the program.
    """
    expected = [column.name for column in columns]
    found = list(table.columns)
    if found != expected:
        differing = sorted({*found} ^ {*expected}) or ["their order"]
        raise ValueError(f"the columns of a table are not as documented: {', '.join(differing)}")
    typed = {column.name: _typed(table[column.name], column) for column in columns}
    return table.assign(**typed)


_DTYPES: Mapping[Kind, Any] = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
}


def _typed(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    if column.kind == "text":
        values = values.mask(values == "")
        strange = [value for value in values.dropna().unique() if not isinstance(value, str)]
        if strange:
            raise ValueError(f"{column.name} holds {strange[0]}, which is no text")
    try:
        typed: pd.Series[Any] = values.astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        raise ValueError(f"{column.name} is no column of type {column.kind}: {error}") from None
    if column.required and typed.isna().any():
        raise ValueError(f"{column.name} lacks a value in row {int(typed.isna().argmax())}")
    if column.choices and (unknown := {*typed.dropna()} - {*column.choices}):
        raise ValueError(f"{column.name} holds {min(unknown)!r}, which is none of its choices")
    return typed


def _limits(name: str, of: str, unit: str = "", kind: str = "") -> tuple[Column, Column]:
    """Return the columns of an interval's two limits."""
    return tuple(
        Column(f"{name}_{end}", "number", f"{side} confidence limit of {of}{kind}", unit)
        for end, side in (("low", "lower"), ("high", "upper"))
    )  # type: ignore[return-value]


def _pair_of(name: str, meaning: str, unit: str = "") -> tuple[Column, Column]:
    """Return a column for the run, and one for its baseline."""
    return tuple(
        Column(f"{name}_{side}", "number", f"{meaning} of the {side}", unit)
        for side in ("run", "baseline")
    )  # type: ignore[return-value]


def _quantile(name: str, title: str) -> tuple[Column, ...]:
    told = f"{title}; empty where too few values leave it without limits"
    return (
        Column(name, "number", told, METRIC_UNIT),
        *_limits(name, f"the {title} (order statistics)", METRIC_UNIT),
    )


RUN = Column("run", "text", "name of the run in the configuration", required=True)
OPERATOR = Column("operator", "text", "what launched its trials", required=True)
SIZE = Column("size", "integer", "size of the trial", SIZE_UNIT, required=True)
METRIC = Column("metric", "text", "name of the metric", required=True)
UNIT = Column("unit", "text", "unit of the metric; empty for a pure number")
REASON = Column(
    "reason",
    "text",
    "why figures of the row are empty, or vacuous: `n` too few values, `floor` no outcome of "
    "samples so small could reach the level, `zero_variance` the values do not vary, "
    "`constant_deviations` their distances from the centre do not vary",
)

_BYTES = Column("bytes", "integer", "size of the log as it lies on disk, if it can be read", "B")
_SHA256 = Column("sha256", "text", "SHA-256 of the log as it lies on disk, if it can be read")

TRIAL: Mapping[str, Column] = {
    column.name: column
    for column in (
        RUN,
        OPERATOR,
        Column("size", "integer", "size of the trial, if path or log tell", SIZE_UNIT),
        Column("ranks", "integer", "MPI ranks"),
        Column("threads", "integer", "OpenMP threads a rank"),
        Column("repetition", "integer", "repetition at this size, from 1"),
        Column("order", "integer", "place in the order of execution of its run, from 1"),
        Column(
            "ordered_by",
            "text",
            "what tells that place: its `start`, or the mere `listing` of a companion or of names",
            choices=("start", "listing"),
        ),
        Column("started_at", "text", "when it began, where a log says so (ISO 8601, UTC)"),
        Column("excluded", "text", "why it is left out of summaries and tests; empty if it counts"),
        Column("rule", "text", "which rule leaves it out"),
        Column("status", "text", "what became of its log", required=True),
        Column(
            "reason",
            "text",
            "why the log cannot be used; of one that can, what else there is to know of it",
        ),
        Column("foreign_lines", "integer", "lines of others inside the output of LAMMPS"),
        Column("conflicts", "text", "figures that stand in its log with two values"),
        Column(
            "fingerprint",
            "text",
            "digest of what was measured: two trials that have the same are copies of one",
        ),
        Column("log", "text", "path of the log", required=True),
        _BYTES,
        _SHA256,
        Column("command", "text", "the command that launched it"),
        Column("job_id", "text", "name of the job in its scheduler"),
        Column("scheduler", "text", "scheduler of the pods"),
        Column("lammps_version", "text", "version of LAMMPS, by its banner"),
        Column("grid_read", "text", "processor grid while the unit cell is read"),
        Column("grid", "text", "processor grid of the run"),
        Column("atoms_read", "number", "atoms of the unit cell"),
        Column("thermo_rows", "number", "rows of the thermo table"),
        Column("temp_last", "number", "temperature in the last row of the thermo table"),
        Column("poteng_last", "number", "potential energy in that row"),
        Column("press_last", "number", "pressure in that row"),
        Column("units", "text", "unit style of LAMMPS, which these three figures follow"),
        Column("accelerator", "text", "package that LAMMPS runs with: KOKKOS, GPU or INTEL"),
        Column(
            "problem", "text", "extents of the problem, by the command's `-v x … -v y … -v z …`"
        ),
        Column("prefix", "text", "what was taken off the lines of the log, without names"),
        Column("garbled_lines", "number", "lines that are cut short or garbled"),
        Column(
            "flux_submit_source",
            "text",
            "where flux_submit comes from: FLUXTIME, rc2 (the broker's own count) or events",
        ),
        Column("nodes_requested", "number", "nodes that the launcher was asked for", "nodes"),
        Column("cores_per_task", "number", "cores that each task was to get"),
        Column("gpus_per_task", "number", "GPUs that each task was to get"),
        Column("binding", "text", "how tasks were bound to cores and GPUs"),
        Column("study", "text", "name of the trial in its study"),
        Column("time_limit", "number", "time limit of the job", "s"),
        Column("queue_time", "number", "from the submission of the job to its start", "s"),
        Column("job_runtime", "number", "from the start of the job's tasks to its end", "s"),
        Column("hookup_time", "number", "job_runtime minus the wall time of LAMMPS", "s"),
        *(
            Column(f"event_{event}", "number", f"event of the job: {told}", "s after its init")
            for event, told in (
                ("starting", "its shells are started"),
                ("shell_init", "they are there"),
                ("shell_start", "its tasks start"),
                ("shell_task_exit", "the first task ends"),
                ("complete", "all tasks have ended"),
                ("done", "it is over"),
            )
        ),
        Column("hosts", "number", "hosts that the log lists; some lists are incomplete"),
        Column("zones", "number", "availability zones of these hosts"),
        Column("max_pods_per_host", "number", "most pods on one host"),
    )
}
"""The columns of a trial that are neither a metric nor read from one line alone."""

SUMMARY = (
    RUN,
    OPERATOR,
    SIZE,
    Column("ranks", "integer", "MPI ranks, if all trials agree"),
    METRIC,
    UNIT,
    Column("n_logs", "integer", "trials that have a log", required=True),
    Column("n_excluded", "integer", "trials that are left out", required=True),
    Column("n_missing", "integer", "trials that count and lack the metric", required=True),
    Column("n", "integer", "values that count", required=True),
    Column("n_distinct", "integer", "different values among them"),
    Column("tied_fraction", "number", "share of the values that stand more than once"),
    Column("median", "number", "median", METRIC_UNIT),
    *_limits("median", "the median (order statistics)", METRIC_UNIT),
    Column("mean", "number", "mean", METRIC_UNIT),
    Column("sd", "number", "standard deviation (n - 1)", METRIC_UNIT),
    Column("cv", "number", "sd / mean; empty where the median is 0 or less"),
    Column("mad", "number", "median absolute deviation from the median, not scaled", METRIC_UNIT),
    Column("iqr", "number", "interquartile range; quantiles interpolate linearly", METRIC_UNIT),
    Column("min", "number", "smallest value", METRIC_UNIT),
    *_quantile("p05", "5th percentile"),
    *_quantile("p95", "95th percentile"),
    Column("max", "number", "largest value", METRIC_UNIT),
    Column(
        "outliers_mild",
        "integer",
        "values more than 1.5 and up to 3 iqr beyond a quartile; none is dropped",
    ),
    Column("outliers_severe", "integer", "values more than 3 iqr beyond a quartile; none dropped"),
    REASON,
)

EXCLUSIONS = (
    RUN,
    Column("size", "integer", "size of the trial, if the log tells", SIZE_UNIT),
    Column("repetition", "integer", "repetition"),
    Column("log", "text", "path of the log", required=True),
    Column("rule", "text", "which rule leaves it out", required=True),
    Column("reason", "text", "why", required=True),
)

PARSE = (
    RUN,
    Column("log", "text", "path of the log", required=True),
    Column("status", "text", "what became of it", required=True),
    Column("reason", "text", "why it cannot be used"),
    Column("trials", "integer", "how many trials stand in it", required=True),
    Column("fields_found", "integer", "how many figures it gave", required=True),
    Column("fields_missing", "text", "figures that a whole log of its format has, and it has not"),
    Column("foreign_lines", "integer", "lines of others inside the output of LAMMPS"),
    Column("conflicts", "text", "figures that stand in it with two values"),
    _BYTES,
    _SHA256,
)

FIELDS = (
    Column("field", "text", "name of the figure, as in the table of trials", required=True),
    Column("unit", "text", "unit of the figure; empty for text and for a pure number"),
    RUN,
    Column("n_logs", "integer", "logs of the run; of a file of many trials, each record counts",
           required=True),
    Column("n_found", "integer", "how many of these gave the figure; one that stands in a log with "
           "two values is not found. Empty where the format of the run's logs does not have it"),
    Column("found", "text", "the same in a word; empty as `n_found` is",
           choices=("all", "some", "none")),
    Column("expected", "boolean", "every whole log of the format has it, so that a log without it "
           "lacks something; empty as `n_found` is"),
)  # fmt: skip

_PAIR = (
    RUN,
    Column("baseline", "text", "name of the run that it is compared with", required=True),
    SIZE,
    METRIC,
    UNIT,
)
_N_RUN = Column("n_run", "integer", "values of the run", required=True)
_N_BASELINE = Column("n_baseline", "integer", "values of the baseline", required=True)


_STEP = Column("step", "number", "one step of the clock; of a declared metric without one, that "
               "of the last digit that values of the two runs have", METRIC_UNIT)  # fmt: skip
_POWER = (
    Column("detectable_percent", "number", "difference (of the medians, or of the mean distances "
           "from the median) that is found with a chance of 80 %, with the trials and the scatter "
           "seen, at the level divided by the sizes; empty where so few trials find none", "%"),
    Column("trials_needed", "integer", "trials a side that find the margin with that chance"),
)  # fmt: skip
_RATIO_90 = _limits("equivalence", "ratio at 1 - 2 alpha (90 %), one step of the clock wider")


def _test(name: str, title: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_p", "number", f"p of {title}"),
        Column(f"{name}_p_holm", "number", "the same, adjusted by Holm over the sizes"),
    )


VARIANCE = (
    Column(
        "scope",
        "text",
        "a run against a baseline at one size, or one run across all its sizes",
        required=True,
        choices=("pair", "sizes"),
    ),
    RUN,
    Column("baseline", "text", "name of the run that it is compared with; empty across sizes"),
    Column("size", "integer", "size of the trials; empty across sizes", SIZE_UNIT),
    METRIC,
    UNIT,
    Column("n_groups", "integer", "sizes that are compared; empty for a pair"),
    Column("n_run", "integer", "values of the run, in all", required=True),
    Column("n_baseline", "integer", "values of the baseline; empty across sizes"),
    _STEP,
    Column("levene_statistic", "number", "Levene's W, distances from the median"),
    *_test("levene", "Levene's test about the median (Brown-Forsythe): the decision"),
    *_test("fligner", "Fligner and Killeen's test: a cross-check by ranks"),
    *_pair_of("sd", "standard deviation", METRIC_UNIT),
    *_pair_of("distance", "mean distance from the median, what Levene compares,", METRIC_UNIT),
    Column("ratio", "number", "distance of the run / of the baseline"),
    *_limits("ratio", "ratio (all that Levene's test does not reject)"),
    *_RATIO_90,
    *_POWER,
    REASON,
)

LOCATION = (
    *_PAIR,
    _N_RUN,
    _N_BASELINE,
    _STEP,
    *_pair_of("median", "median", METRIC_UNIT),
    *_test("mann_whitney", "the Mann-Whitney test, two-sided: the decision"),
    Column(
        "mann_whitney_method",
        "text",
        "how p was found; exact counts ties as they are",
        choices=("exact", "asymptotic"),
    ),
    *_test("brunner_munzel", "Brunner and Munzel's test, which allows for unequal spreads and "
           "must agree; empty where the samples do not overlap"),
    Column("a12", "number", "chance that a value of the run is the larger one, ties half"),
    *_limits("a12", "a12"),
    Column("ratio", "number", "median of the run / median of the baseline"),
    *_limits("ratio", "ratio (order statistics)"),
    *_RATIO_90,
    Column("shift", "number", "Hodges-Lehmann: what the run has on top", METRIC_UNIT),
    *_limits("shift", "shift (exact)", METRIC_UNIT),
    *_POWER,
    REASON,
)  # fmt: skip

FINDINGS_OF = (
    "less",
    "greater",
    "equivalent",
    "undecided",
    "not_testable",
    "not_comparable",
)
FINDINGS = (
    *_PAIR,
    Column("question", "text", "is it faster (location), or steadier (spread)?", required=True,
           choices=("location", "spread")),
    _N_RUN,
    _N_BASELINE,
    *_pair_of("value", "what is compared, median or mean distance from the median,", METRIC_UNIT),
    Column("ratio", "number", "value of the run / value of the baseline"),
    *_limits("ratio", "ratio"),
    Column("p_holm", "number", "p of Mann-Whitney's or Levene's test, by Holm over the sizes"),
    Column("finding", "text", "what the comparison comes to, of the run against the baseline",
           required=True, choices=FINDINGS_OF),
    Column("reason", "text", "why it is not a plain less, greater or equivalent: as in the tables "
           "of location and variance; `within_margin` the difference lies inside the margin, "
           "`not_significant`, `tests_disagree` Mann-Whitney and Brunner-Munzel, "
           "`measures_disagree` ranks and medians, or sd and distance, point opposite ways, "
           "`below_resolution` less than a step of the clock, `control` a pair that should not "
           "differ does by as much, `guard:…` blocks"),
    Column("control", "number", "largest relative difference of the controls that speak for it"),
    *_POWER,
)  # fmt: skip

LEVELS = ("ok", "unknown", "warn", "block")
GUARDS = (
    RUN,
    Column("baseline", "text", "what it is compared with; the run itself across sizes"),
    SIZE,
    Column("baseline_size", "integer", "size of the baseline", SIZE_UNIT, required=True),
    Column("metric", "text", "name of the metric; empty where the guard is of all metrics"),
    Column("baseline_metric", "text", "metric of the baseline; empty as `metric` is"),
    Column("guard", "text", "what is guarded", required=True),
    Column(
        "level",
        "text",
        "alike; not declared or logged; different, so that a difference has more than one cause; "
        "not comparable at all",
        required=True,
        choices=LEVELS,
    ),
    Column("sentence", "text", "what was found, in words", required=True),
)

VERDICTS = (
    "supported",
    "refuted",
    "equivalent",
    "inconclusive",
    "not_testable",
    "not_comparable",
)
TESTS = ("location", "spread", "trend", "bound")
EXPECTATIONS = ("less", "greater", "equivalent", "different", "not_greater", "not_less")

CLAIMS = (
    Column("claim", "text", "its id in the configuration", required=True),
    Column("statement", "text", "what is claimed, in words", required=True),
    Column("overall", "boolean", "this row holds the verdict of the whole claim", required=True),
    Column("test", "text", "what is tested", required=True, choices=TESTS),
    METRIC,
    Column("baseline_metric", "text", "metric of the baseline, where it is another"),
    UNIT,
    RUN,
    Column("baseline", "text", "what it is compared with; the run itself across sizes"),
    Column("sizes", "text", "size or sizes of the run in this row", SIZE_UNIT, required=True),
    Column("baseline_sizes", "text", "size of the baseline in this row", SIZE_UNIT),
    Column("expect", "text", "what is claimed of the run", choices=EXPECTATIONS),
    Column("factor", "number", "the baseline counts as many times over", required=True),
    Column("margin", "number", "largest relative difference without practical meaning"),
    Column("maximum", "number", "the bound that no value is to exceed", METRIC_UNIT),
    Column("gate", "boolean", "it must hold: `snakemake gate` fails unless it is supported or "
           "equivalent", required=True),
    Column("preregistered", "boolean", "it was written before the data were seen", required=True),
    Column("n_run", "integer", "values of the run"),
    Column("n_baseline", "integer", "values of the baseline"),
    Column("median_run", "number", "median of the run (largest size of a trend)", METRIC_UNIT),
    Column("median_baseline", "number", "median of the baseline (smallest size)", METRIC_UNIT),
    *_pair_of("sd", "standard deviation", METRIC_UNIT),
    *_pair_of("distance", "mean distance from the median", METRIC_UNIT),
    Column("method", "text", "the test that decides"),
    Column("statistic", "number", "its statistic: U of the run, W of Levene, tau, values over"),
    Column("p", "number", "its p"),
    Column("p_holm", "number", "the same, adjusted by Holm over the sizes of the claim"),
    Column("p_campaign", "number", "of the claim as a whole, adjusted by Holm over all claims: its "
           "largest p where all sizes must hold, the smallest where one refutes it"),
    Column("check", "text", "the test that must agree, or that is shown beside"),
    Column("check_p", "number", "its p"),
    Column("check_p_holm", "number", "the same, adjusted by Holm over the sizes of the claim"),
    Column("ratio", "number", "run / baseline: of medians, or of mean distances for a spread"),
    *_limits("ratio", "ratio"),
    *_RATIO_90,
    Column("control", "number", "largest relative difference of the controls that speak for it"),
    Column("shift", "number", "Hodges-Lehmann: what the run has on top", METRIC_UNIT),
    *_limits("shift", "shift (exact)", METRIC_UNIT),
    Column("largest", "number", "largest value, for a bound", METRIC_UNIT),
    Column("exceeding_high", "number", "upper limit of the share of trials beyond a bound"),
    Column("significant", "boolean", "the decision after adjustment: it is not at random"),
    Column(
        "practical",
        "text",
        "whether it matters: the interval of the ratio lies inside the margin, outside, or across",
        choices=("negligible", "relevant", "unclear"),
    ),
    Column("guards", "text", "the worst level of the guards", choices=LEVELS),
    Column("caveats", "text", "what differs beside, by the guards, in words"),
    Column("verdict", "text", "what the data say of the claim", required=True, choices=VERDICTS),
    Column("verdict_without_exclusions", "text", "the verdict if no trial were left out",
           required=True, choices=VERDICTS),
    Column("verdict_without_guards", "text", "the verdict that the numbers alone would give",
           required=True, choices=VERDICTS),
    Column("reason", "text", "why the verdict is not a plain yes or no"),
    Column("sentence", "text", "the outcome in plain words", required=True),
)  # fmt: skip

DRIFT = (
    RUN,
    SIZE,
    METRIC,
    UNIT,
    Column("n", "integer", "values that count", required=True),
    Column("kendall_tau", "number", "-1 falls throughout, 1 rises throughout, over the trials"),
    Column("kendall_p", "number", "p of Kendall's test that there is no trend"),
    Column("lag1", "number", "correlation of each value with the one before"),
    Column("first_z", "number", "the first trial's distance from the median", "robust sd"),
    Column(
        "ordered_by",
        "text",
        "what tells the order of execution; of a mere listing nothing is computed (`listing`)",
        required=True,
        choices=("start", "listing"),
    ),
    Column(
        "design",
        "text",
        "whether the trials of this size ran one after the other, or between those of other sizes; "
        "empty where there is one size, or no time",
        choices=("blocked", "interleaved"),
    ),
    REASON,
)

SCALING = (
    RUN,
    SIZE,
    Column("base_size", "integer", "the base case: smallest size of the run", SIZE_UNIT),
    METRIC,
    UNIT,
    Column("n", "integer", "values that count", required=True),
    Column("n_base", "integer", "values of the base case", required=True),
    Column("median", "number", "median", METRIC_UNIT),
    *_limits("median", "the median", METRIC_UNIT),
    Column("speedup", "number", "median of the base case / median"),
    *_limits("speedup", "speedup (order statistics)"),
    Column("efficiency", "number", "parallel efficiency: speedup × base_size / size"),
    *_limits("efficiency", "efficiency"),
    Column("karp_flatt", "number", "serial fraction that Amdahl's law finds in the speedup"),
    *_limits("karp_flatt", "karp_flatt"),
    Column("matom_steps_per_s", "number", "atoms × steps / median", "Matom-step/s"),
    *_limits("matom_steps_per_s", "matom_steps_per_s", "Matom-step/s"),
    Column("node_seconds", "number", "size × mean: what a job occupies on average; empty "
           "where sizes are no nodes, as the cost is", "node s"),
    *_limits("node_seconds", "node_seconds (t)", "node s"),
    Column("cost", "number", "node_seconds × price of a node", "currency of the price"),
    *_limits("cost", "cost", "currency of the price"),
    Column("reason", "text", "why figures of the row are empty: `n` too few values, `base` the "
           "base case itself, `atoms` number of atoms or steps unknown, `price` none declared"),
)  # fmt: skip

TABLES: Mapping[str, tuple[str, tuple[Column, ...]]] = {
    "summary": ("One row a run, size and metric.", SUMMARY),
    "exclusions": ("One row a trial that is left out of summaries and tests.", EXCLUSIONS),
    "parse": ("What became of each log. One row a log.", PARSE),
    "fields": (
        "Which figures do the logs of each run give? One row a figure that some run's format has, "
        "and run.",
        FIELDS,
    ),
    "variance": (
        "Do the spreads differ? One row a run, baseline, size and metric, and one a run and "
        "metric across its sizes.",
        VARIANCE,
    ),
    "location": (
        "Is one of the two faster? One row a run, baseline, size and metric.",
        LOCATION,
    ),
    "findings": (
        "What does each comparison come to? One row a run, baseline, size, metric and question.",
        FINDINGS,
    ),
    "drift": (
        "Did the values move while the trials ran? One row a run, size and metric.",
        DRIFT,
    ),
    "scaling": ("What do larger sizes bring? One row a run, size and time.", SCALING),
    "guards": ("Is like compared with like? One row a comparison and guard.", GUARDS),
    "claims": (
        "What do the data say? One row a claim and size, and one, `overall`, a claim.",
        CLAIMS,
    ),
}
"""What a row of each table is, and its columns; those of the trials are `trials.table_columns`."""
