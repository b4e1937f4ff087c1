"""What a kind of figure is made of: told by its module, read by the workflow before any job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heteroscope.metrics import UserError

TRIALS = "trials"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of figure is made of.

    Attributes
    ----------
    tables
        The columns that are used of each table, by its name.  The first table is the one that is
        shown.  Of the trials, the keys and the metric of the figure are always used.
    metrics
        The only metrics that it can show; any, if none is named.
    settings
        The keys of the configuration's `statistics` that change the figure.
    pairs
        It shows runs against their baselines: without one there is nothing to see.
    scaling
        It shows sizes against each other: of a run of one size there is nothing to see.
    """

    tables: Mapping[str, Sequence[str]]
    metrics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    pairs: bool = False
    scaling: bool = False

    @property
    def shown(self) -> str:
        """The name of the table that is shown."""
        return next(iter(self.tables))

    def check(self, kind: str, metric: str) -> None:
        """Refuse a metric that a kind of figure cannot show."""
        if self.metrics and metric not in self.metrics:
            raise UserError(
                f"a figure of the kind {kind} cannot show {metric}: "
                f"say `metric: {'` or `'.join(self.metrics)}`"
            )
