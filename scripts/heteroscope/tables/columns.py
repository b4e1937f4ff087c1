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


RUN = Column("run", "text", "name of the run in the configuration", required=True)
OPERATOR = Column("operator", "text", "what launched its trials", required=True)
SIZE = Column("size", "integer", "size of the cluster", "nodes", required=True)
METRIC = Column("metric", "text", "name of the metric", required=True)
UNIT = Column("unit", "text", "unit of the metric; empty for a pure number")
REASON = Column(
    "reason",
    "text",
    "why figures of the row are empty, or vacuous: `n` too few values, `floor` no outcome of "
    "samples so small could reach the level, `zero_variance` the values do not vary, "
    "`constant_deviations` their distances from the centre do not vary, `one_constant` one of two "
    "samples does not vary, `non_positive` a median is 0 or less, `separated` the samples do not "
    "overlap, `unbounded` an interval has no upper end",
)

_BYTES = Column("bytes", "integer", "size of the log as it lies on disk, if it can be read", "B")
_SHA256 = Column("sha256", "text", "SHA-256 of the log as it lies on disk, if it can be read")

TRIAL: Mapping[str, Column] = {
    column.name: column
    for column in (
        RUN,
        OPERATOR,
        Column("size", "integer", "size of the cluster, if path or log tell", "nodes"),
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
        Column("reason", "text", "why the log cannot be used"),
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
        Column("temp_last", "number", "temperature in the last row of the thermo table", "K"),
        Column("poteng_last", "number", "potential energy in that row", "kcal/mol"),
        Column("press_last", "number", "pressure in that row", "atm"),
        Column("flux_submit_source", "text", "which line gave flux_submit: FLUXTIME or rc2"),
        Column("nodes_requested", "number", "nodes that the launcher was asked for", "nodes"),
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
    *_limits("median", "the median, by order statistics", METRIC_UNIT),
    Column("median_coverage", "number", "actual confidence of these limits"),
    Column("mean", "number", "mean", METRIC_UNIT),
    Column("sd", "number", "standard deviation (n - 1)", METRIC_UNIT),
    Column("cv", "number", "sd / mean; empty where the median is 0 or less"),
    Column("mad", "number", "median absolute deviation from the median, not scaled", METRIC_UNIT),
    Column("iqr", "number", "interquartile range; quantiles interpolate linearly", METRIC_UNIT),
    Column("min", "number", "smallest value", METRIC_UNIT),
    Column("p05", "number", "5th percentile", METRIC_UNIT),
    Column("p95", "number", "95th percentile", METRIC_UNIT),
    Column("max", "number", "largest value", METRIC_UNIT),
    Column("outliers_mild", "integer", "values 1.5 to 3 iqr beyond a quartile; none is dropped"),
    Column("outliers_severe", "integer", "values more than 3 iqr beyond a quartile; none dropped"),
    REASON,
)

EXCLUSIONS = (
    RUN,
    Column("size", "integer", "size of the cluster, if the log tells", "nodes"),
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


def _test(name: str, title: str, *, adjusted: bool = True) -> tuple[Column, ...]:
    columns = (
        Column(f"{name}_statistic", "number", f"statistic of {title}"),
        Column(f"{name}_p", "number", f"p of {title}"),
        Column(f"{name}_p_holm", "number", "the same, adjusted by Holm over the sizes"),
    )
    return columns if adjusted else columns[:2]


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
    Column("size", "integer", "size of the cluster; empty across sizes", "nodes"),
    METRIC,
    UNIT,
    Column("n_groups", "integer", "sizes that are compared; empty for a pair"),
    Column("n_run", "integer", "values of the run, in all", required=True),
    Column("n_baseline", "integer", "values of the baseline; empty across sizes"),
    *_test("levene_median", "Levene's test about the median (Brown-Forsythe): the decision"),
    *_test("levene_mean", "Levene's test about the mean"),
    *_test("levene_log_median", "Levene's test of the logarithms, median", adjusted=False),
    *_test("levene_log_mean", "Levene's test of the logarithms, mean", adjusted=False),
    *_test("fligner", "Fligner and Killeen's test: a cross-check by ranks"),
    *_pair_of("sd", "standard deviation", METRIC_UNIT),
    Column("sd_ratio", "number", "sd of the run / sd of the baseline"),
    *_limits("sd_ratio", "sd_ratio (bootstrap)"),
    Column("one_constant", "boolean", "one of the samples does not vary, and another does"),
    REASON,
)

LOCATION = (
    *_PAIR,
    _N_RUN,
    _N_BASELINE,
    *_pair_of("median", "median", METRIC_UNIT),
    *_pair_of("u", "Mann-Whitney U: pairs in which it has the larger value, ties half,"),
    Column("mann_whitney_p", "number", "two-sided p of the Mann-Whitney test: the decision"),
    Column("mann_whitney_p_holm", "number", "the same, adjusted by Holm over the sizes"),
    Column(
        "mann_whitney_method",
        "text",
        "how p was found; exact counts ties as they are",
        choices=("exact", "asymptotic"),
    ),
    Column("smallest_p", "number", "the smallest p that these values could give, dealt anew"),
    *_test("brunner_munzel", "Brunner and Munzel's test, which allows for unequal spreads"),
    Column("separated", "boolean", "the two samples do not overlap"),
    Column("tests_disagree", "boolean", "after adjustment, one of the two tests is significant"),
    Column("a12", "number", "chance that a value of the run is the larger one, ties half"),
    *_limits("a12", "a12"),
    Column("cliffs_delta", "number", "Cliff's delta, 2 a12 - 1"),
    *_limits("cliffs_delta", "cliffs_delta"),
    Column("ratio", "number", "median of the run / median of the baseline"),
    *_limits("ratio", "ratio (bootstrap)"),
    Column("shift", "number", "Hodges-Lehmann: what the run has on top", METRIC_UNIT),
    *_limits("shift", "shift (exact)", METRIC_UNIT),
    Column("shift_confidence", "number", "actual confidence of these limits"),
    *_limits("equivalence", "ratio at 1 - 2 alpha (90 %)"),
    Column("within_margin", "boolean", "these two limits lie inside the margin"),
    Column("smallest_margin", "number", "the smallest margin inside which they lie"),
    Column("detectable_shift_sd", "number", "shift found with a chance of 80 %", "sd"),
    REASON,
)

LEVELS = ("ok", "warn", "block")
GUARDS = (
    RUN,
    Column("baseline", "text", "what it is compared with; the run itself across sizes"),
    SIZE,
    Column("baseline_size", "integer", "size of the baseline", "nodes", required=True),
    Column("metric", "text", "name of the metric; empty where the guard is of all metrics"),
    Column("baseline_metric", "text", "metric of the baseline; empty as `metric` is"),
    Column("guard", "text", "what is guarded", required=True),
    Column(
        "level",
        "text",
        "alike; different or unknown, so that a difference has more than one cause; not "
        "comparable at all",
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
EXPECTATIONS = ("less", "greater", "equivalent", "different")

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
    Column("sizes", "text", "size or sizes of the run in this row, in nodes", required=True),
    Column("baseline_sizes", "text", "size of the baseline in this row, in nodes"),
    Column("expect", "text", "what is claimed of the run", choices=EXPECTATIONS),
    Column("factor", "number", "the baseline counts as many times over", required=True),
    Column("margin", "number", "largest relative difference without practical meaning"),
    Column("maximum", "number", "the bound that no value is to exceed", METRIC_UNIT),
    Column("gate", "boolean", "`snakemake gate` fails if the claim is refuted", required=True),
    Column("n_run", "integer", "values of the run"),
    Column("n_baseline", "integer", "values of the baseline"),
    Column("median_run", "number", "median of the run (largest size of a trend)", METRIC_UNIT),
    Column("median_baseline", "number", "median of the baseline (smallest size)", METRIC_UNIT),
    *_pair_of("sd", "standard deviation", METRIC_UNIT),
    Column("method", "text", "the test that decides"),
    Column("statistic", "number", "its statistic: U of the run, W of Levene, tau, values over"),
    Column("p", "number", "its p"),
    Column("p_holm", "number", "the same, adjusted by Holm over the sizes of the claim"),
    Column("check", "text", "the test that must agree, or that is shown beside"),
    Column("check_p", "number", "its p"),
    Column("check_p_holm", "number", "the same, adjusted by Holm over the sizes of the claim"),
    Column("ratio", "number", "run / baseline: of medians, or of sds for a spread"),
    *_limits("ratio", "ratio (bootstrap)"),
    *_limits("equivalence", "ratio at 1 - 2 alpha (90 %)"),
    Column("shift", "number", "Hodges-Lehmann: what the run has on top", METRIC_UNIT),
    *_limits("shift", "shift (exact)", METRIC_UNIT),
    Column("largest", "number", "largest value, for a bound", METRIC_UNIT),
    Column("exceeding_high", "number", "upper limit of the share of trials beyond a bound"),
    Column("significant", "boolean", "the decision after adjustment: it is no accident"),
    Column(
        "practical",
        "text",
        "whether it matters: the interval of the ratio lies inside the margin, outside, or across",
        choices=("negligible", "relevant", "unclear"),
    ),
    Column("guards", "text", "the worst level of the guards", choices=LEVELS),
    Column("warnings", "text", "what the guards found that is not ok, in words"),
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
    Column("ljung_box_lags", "integer", "lags that the next test takes together"),
    Column("ljung_box_statistic", "number", "statistic of Ljung and Box"),
    Column("ljung_box_p", "number", "p of Ljung and Box' test that values are independent"),
    Column("first_z", "number", "the first trial's distance from the median", "robust sd"),
    Column(
        "ordered_by",
        "text",
        "what tells the order of execution; a listing may not be it",
        required=True,
        choices=("time", "listing"),
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
    Column("base_size", "integer", "the base case: smallest size of the run", "nodes"),
    METRIC,
    UNIT,
    Column("n", "integer", "values that count", required=True),
    Column("n_base", "integer", "values of the base case", required=True),
    Column("median", "number", "median", METRIC_UNIT),
    *_limits("median", "the median", METRIC_UNIT),
    Column("speedup", "number", "median of the base case / median"),
    *_limits("speedup", "speedup (bootstrap)"),
    Column("efficiency", "number", "parallel efficiency: speedup × base_size / size"),
    *_limits("efficiency", "efficiency"),
    Column("karp_flatt", "number", "serial fraction that Amdahl's law finds in the speedup"),
    *_limits("karp_flatt", "karp_flatt"),
    Column("matom_steps_per_s", "number", "atoms × steps / median", "Matom-step/s"),
    *_limits("matom_steps_per_s", "matom_steps_per_s", "Matom-step/s"),
    Column("node_seconds", "number", "size × median: what the job occupies", "node s"),
    *_limits("node_seconds", "node_seconds", "node s"),
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
    "drift": (
        "Did the values move while the trials ran? One row a run, size and metric.",
        DRIFT,
    ),
    "scaling": ("What do more nodes bring? One row a run, size and time.", SCALING),
    "guards": ("Is like compared with like? One row a comparison and guard.", GUARDS),
    "claims": (
        "What do the data say? One row a claim and size, and one, `overall`, a claim.",
        CLAIMS,
    ),
}
"""What a row of each table is, and its columns; those of the trials are `trials.table_columns`."""
