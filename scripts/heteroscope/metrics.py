"""The types that every floor of the library shares, and the dictionary of metrics.

A *figure* is a value that stands in a log (``loop_time``, ``event_alloc``).  A *metric* is a
figure, or a difference of two, that is compared between runs: its definition says when its clock
starts and stops, because two clocks that start at different events are not comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from heteroscope.words import count_sizes_in

Figure = float | int | str


class UserError(Exception):
    """A mistake in the user's configuration or data, told in the user's words, with the remedy."""


class Status(StrEnum):
    """What became of one log."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    NO_OUTPUT = "no_output"
    UNREADABLE = "unreadable"

    @property
    def words(self) -> str:
        """As it is told to people."""
        return "without output" if self is Status.NO_OUTPUT else self.value


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """What is compared, and what its clock includes.

    The value of a trial is the first figure of `of` that its log gives, minus the first of `minus`
    if there is any.  Alternatives serve the same question under different launchers.

    Attributes
    ----------
    name
        The name in configuration and tables.
    title
        What it is, in words, for axes and headings.
    unit
        ``s``, ``%``, …; empty for a pure number.
    resolution
        The step in which the source counts, in `unit`; values are rounded to it before ranking.  0
        where it follows from the digits of the values (`step_of`), which are taken as they are.
    of, minus
        Names of the figures that it is made of.
    start, stop
        The events between which its clock runs (empty where it is not a time).
    clock
        Whose clock it is.
    includes
        What a reader could take it for and should not.
    higher_is_better
        A rate, then, and not a time.
    like_for_like
        The alternatives of `of` start and stop at like events.
    truncated
        The clock reads v for anything from v to v + resolution.
    speedup
        A time of which the speed-up from size to size means something.
    """

    name: str
    title: str
    unit: str
    resolution: float
    of: tuple[str, ...]
    minus: tuple[str, ...] = ()
    start: str = ""
    stop: str = ""
    clock: str = ""
    includes: str = ""
    higher_is_better: bool = False
    like_for_like: bool = True
    truncated: bool = False
    speedup: bool = False

    @property
    def step(self) -> float:
        """The coarsest step among its terms: smaller differences are not told from none."""
        terms = (METRICS[name].resolution for name in (*self.of, *self.minus) if name in METRICS)
        return max([self.resolution, *terms])

    @property
    def beyond(self) -> float:
        """How far the true value may lie above one that is read: a step, if it was truncated."""
        terms = (METRICS[name] for name in self.of if name in METRICS)
        return max((term.resolution for term in terms if term.truncated), default=0.0)

    def step_of(self, *samples: Iterable[float]) -> float:
        """Return the step of some values: the clock's, or else that of their last digit.

        >>> rate = MetricDefinition("fom", "FOM", "1/s", 0, ("fom",))
        >>> rate.step_of([1.15129e9, 1.151e9], [9.8e8]), rate.step_of([12.0, 13.5], [11])
        (10000.0, 0.1)
        """
        if self.step > 0:
            return self.step
        # A value that ends in zeros shows fewer digits than were printed: the finest one counts.
        places = (
            Decimal(repr(float(value))).normalize().as_tuple().exponent
            for sample in samples
            for value in sample
            if value
        )
        return float(10.0 ** min((place for place in places if isinstance(place, int)), default=0))

    def value(self, figures: Mapping[str, Figure]) -> float | None:
        """Return the metric of one trial, or None where a figure that it needs is missing."""
        minuend = _first(figures, self.of)
        if minuend is None or not self.minus:
            return minuend
        subtrahend = _first(figures, self.minus)
        # No source counts finer than a microsecond: what lies below it is noise of the binary
        # subtraction, which would break ties.
        return None if subtrahend is None else round(minuend - subtrahend, 6)


def _first(figures: Mapping[str, Figure], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = figures.get(name)
        if value is not None:
            return float(value)
    return None


SECTIONS = ("Pair", "Bond", "Kspace", "Neigh", "Comm", "Output", "Modify", "Other")


def _section(name: str) -> MetricDefinition:
    return MetricDefinition(
        name=f"{name.lower()}_time",
        title=f"LAMMPS {name} time",
        unit="s",
        resolution=1e-6,
        of=(f"{name.lower()}_avg",),
        start="first step of the loop",
        stop="last step of the loop",
        clock="LAMMPS, mean over ranks",
        includes="five significant digits",
    )


_DEFINITIONS = (
    MetricDefinition(
        name="walltime",
        title="LAMMPS wall time",
        unit="s",
        resolution=1.0,
        of=("walltime",),
        start="LAMMPS starts",
        stop="LAMMPS ends",
        clock="LAMMPS, Total wall time",
        includes="set-up and output; whole seconds, truncated",
        truncated=True,
        speedup=True,
    ),
    MetricDefinition(
        name="loop_time",
        title="LAMMPS loop time",
        unit="s",
        resolution=1e-4,
        of=("loop_time",),
        start="first step of the loop",
        stop="last step of the loop",
        clock="LAMMPS, Loop time",
        includes="the time steps alone, without set-up",
        speedup=True,
    ),
    MetricDefinition(
        name="flux_submit",
        title="flux submit",
        unit="s",
        resolution=0.01,
        of=("flux_submit",),
        start="flux mini submit is called",
        stop="flux mini submit returns",
        clock="GNU time around flux mini submit; where a log has no such line, the broker's own "
        "elapsed time of the same command, in steps of 0.1 s",
        includes="queueing, start of the job and LAMMPS",
    ),
    MetricDefinition(
        name="flux_start",
        title="flux start",
        unit="s",
        resolution=0.01,
        of=("flux_start",),
        start="flux start is called",
        stop="flux start returns",
        clock="GNU time around flux start",
        includes="start and shutdown of the Flux instance, and flux submit",
    ),
    MetricDefinition(
        name="mpirun_real",
        title="mpirun",
        unit="s",
        resolution=0.01,
        of=("mpirun_real",),
        start="mpirun is called",
        stop="mpirun returns",
        clock="time -p around mpirun",
        includes="start of the daemons on the nodes, and LAMMPS",
    ),
    MetricDefinition(
        name="mpijob_end_to_end",
        title="MPIJob, end to end",
        unit="s",
        resolution=1e-6,
        of=("mpijob_end_to_end",),
        start="the MPIJob is created",
        stop="the MPIJob is complete",
        clock="Kubernetes",
        includes="start of the pods, mpirun and LAMMPS",
    ),
    MetricDefinition(
        name="minicluster_total",
        title="MiniCluster, in all",
        unit="s",
        resolution=1e-3,
        of=("minicluster_total",),
        start="the MiniCluster is created",
        stop="the MiniCluster is deleted",
        clock="the script that ran the campaign (meta.json)",
        includes="the job itself, and what is left of the previous cluster's teardown",
    ),
    MetricDefinition(
        name="cluster_time",
        title="MiniCluster creation and deletion",
        unit="s",
        resolution=1e-3,
        of=("minicluster_total",),
        minus=("flux_submit",),
        start="the MiniCluster is created",
        stop="the MiniCluster is deleted",
        clock="MiniCluster in all, minus flux submit",
        includes="about 31 s in which the previous cluster is still going away",
    ),
    MetricDefinition(
        name="end_to_end_walltime_fluxstart",
        title="End to end: flux start, MPIJob",
        unit="s",
        resolution=0.01,
        of=("flux_start", "mpijob_end_to_end"),
        start="flux start is called; the MPIJob is created",
        stop="flux start returns; the MPIJob is complete",
        clock="GNU time; Kubernetes",
        includes="the two clocks start at different events: the MPIJob's includes the pods' start",
        like_for_like=False,
    ),
    MetricDefinition(
        name="end_to_end_walltime_fluxsubmit",
        title="End to end: flux submit, mpirun",
        unit="s",
        resolution=0.01,
        of=("flux_submit", "mpirun_real"),
        start="the launcher is called",
        stop="the launcher returns",
        clock="GNU time around flux mini submit; time -p around mpirun",
        includes="like for like: both launchers, from call to return",
        speedup=True,
    ),
    MetricDefinition(
        name="start_submit_difference",
        title="flux start minus flux submit",
        unit="s",
        resolution=0.01,
        of=("flux_start",),
        minus=("flux_submit",),
        clock="difference of the two",
        includes="start and shutdown of the Flux instance",
    ),
    MetricDefinition(
        name="submit_lammps_difference",
        title="Launcher minus LAMMPS wall time",
        unit="s",
        resolution=0.01,
        of=("flux_submit", "mpirun_real"),
        minus=("walltime",),
        clock="difference of the two",
        includes="up to one second of truncation, since the wall time has whole seconds",
    ),
    MetricDefinition(
        name="submit_loop_difference",
        title="Launcher minus LAMMPS loop time",
        unit="s",
        resolution=0.01,
        of=("flux_submit", "mpirun_real"),
        minus=("loop_time",),
        clock="difference of the two",
        includes="LAMMPS' set-up",
    ),
    MetricDefinition(
        name="walltime_loop_difference",
        title="LAMMPS wall time minus loop time",
        unit="s",
        resolution=1e-4,
        of=("walltime",),
        minus=("loop_time",),
        clock="difference of the two",
        includes="LAMMPS' set-up, minus up to one second of truncation",
    ),
    MetricDefinition(
        name="job_runtime",
        title="Job runtime",
        unit="s",
        resolution=1e-6,
        of=("job_runtime",),
        start="the job's shell starts",
        stop="the job is done",
        clock="Flux: shell.start to done, or t_run to t_cleanup; a job script's Start and End time "
        "count whole seconds",
        includes="start of the tasks and their end, without queueing",
    ),
    MetricDefinition(
        name="hookup_time",
        title="Hook-up time",
        unit="s",
        resolution=1e-6,
        of=("job_runtime",),
        minus=("walltime",),
        clock="job runtime minus LAMMPS wall time",
        includes="up to one second of truncation, since the wall time has whole seconds",
    ),
    MetricDefinition(
        name="queue_time",
        title="Queueing time",
        unit="s",
        resolution=1e-6,
        of=("queue_time",),
        start="the job is submitted",
        stop="the job is started",
        clock="Flux: t_submit to t_run",
        includes="what the scheduler waits for, without the start of the job",
    ),
    MetricDefinition(
        name="timesteps_per_s",
        title="LAMMPS time steps per second",
        unit="1/s",
        resolution=1e-3,
        of=("timesteps_per_s",),
        clock="LAMMPS, Performance",
        higher_is_better=True,
    ),
    MetricDefinition(
        name="matom_steps_per_s",
        title="LAMMPS throughput",
        unit="Matom-step/s",
        resolution=1e-6,
        of=("matom_steps_per_s",),
        clock="LAMMPS: atoms × steps / loop time",
        higher_is_better=True,
    ),
    MetricDefinition(
        name="cpu_percent",
        title="LAMMPS CPU use",
        unit="%",
        resolution=0.1,
        of=("cpu_percent",),
        clock="LAMMPS",
        higher_is_better=True,
    ),
    *(_section(name) for name in SECTIONS),
)

# Those of LAMMPS and its launchers, and what the campaign declares.
METRICS: dict[str, MetricDefinition] = {metric.name: metric for metric in _DEFINITIONS}
# Figures without a unit that the campaign declares.
FACTS: list[str] = []


def declare(vocabulary: Mapping[str, Any]) -> None:
    """Add a campaign's own metrics to `METRICS`, in the place of those of any campaign before.

    A process works on one campaign: whoever reads its configuration or its tables calls this first.

    Parameters
    ----------
    vocabulary
        ``metrics``: for each, keywords of `MetricDefinition`; ``facts``: names of the figures that
        should be the same wherever like is compared with like; ``sizes``: what a size counts.
    """
    own = (
        MetricDefinition(resolution=0, of=(metric["name"],), **metric)
        for metric in vocabulary.get("metrics", ())
    )
    FACTS[:] = vocabulary.get("facts", ())
    METRICS.clear()
    METRICS.update({metric.name: metric for metric in (*_DEFINITIONS, *own)})
    count_sizes_in(vocabulary.get("sizes", "nodes"))


def speedups() -> list[str]:
    """Return the metrics of which a speed-up means something, the most general first."""
    return [metric.name for metric in reversed(METRICS.values()) if metric.speedup]
