"""What a program that is no workflow uses: one log read, two samples compared.

Both are names of the package itself, `heteroscope.read` and `heteroscope.compare`, which imports
this module when one of them is first used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heteroscope import inference
from heteroscope.logs import READERS, readers_with, recognising
from heteroscope.logs.files import UnreadableError, read_file
from heteroscope.logs.numbers import FORMATS
from heteroscope.logs.numbers import reader as file_reader
from heteroscope.logs.reader import Reader, Reading
from heteroscope.metrics import UserError


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one sample differs from another, in location and in spread.

    Every figure is of `a` against `b`: a ratio below 1 or a shift below 0 says that `a` has the
    smaller values.

    Attributes
    ----------
    n_a, n_b : int
        Finite values in each sample.
    median_a, median_b : float
        NaN where a sample is empty.
    mann_whitney : inference.MannWhitney
        Is one of them larger? Exact, ties included: the test that decides.
    brunner_munzel : inference.Significance
        The same question, for unequal spreads: the test that must agree.
    superiority : inference.Estimate
        The chance that a value of `a` is the larger one.
    ratio : inference.Estimate
        median(a) / median(b), with its interval.
    equivalent : bool
        The interval of this ratio of the confidence 1 - 2 alpha lies within the margin.
    shift : inference.Estimate
        What `a` has on top of `b`, in the unit of the samples, with its exact interval.
    levene : inference.Significance
        Do the spreads differ? About the median (Brown-Forsythe).
    spread_ratio : inference.Estimate
        Mean distance from the median of `a` / of `b`, with its interval.
    """

    n_a: int
    n_b: int
    median_a: float
    median_b: float
    mann_whitney: inference.MannWhitney
    brunner_munzel: inference.Significance
    superiority: inference.Estimate
    ratio: inference.Estimate
    equivalent: bool
    shift: inference.Estimate
    levene: inference.Significance
    spread_ratio: inference.Estimate


def read(
    path: str | os.PathLike[str], reader: str = "", *, application: str = "lammps", **options: Any
) -> Reading | list[Reading]:
    """Read one log.

    Parameters
    ----------
    path
        The log, packed or not.
    reader
        The name of its format; by default the format is recognised from what stands in the log.
    application
        What ran: the name of one that is known, such as ``kripke``, or the path of a YAML file.
    **options
        Keys of a run's configuration that this reader understands, such as
        ``relabel={"fluxsubmit": "fluxstart"}``.

    Returns
    -------
    Reading or list of Reading
        The figures of the log and its status: a log that is incomplete, or of a job that failed,
        is a reading too, with a reason.  A list where a file of the format holds many trials.

    Raises
    ------
    UserError
        If the file cannot be read, no reader knows it, or the reader does not know an option.

    Examples
    --------
    >>> heteroscope.read("log.out").figures["loop_time"]  # doctest: +SKIP
    88.9247
    """
    try:
        text = read_file(os.fspath(path)).text
    except UnreadableError as error:
        raise UserError(f"{os.fspath(path)}: {error}") from None
    known = _readers(application)
    chosen = _named(reader, known) if reader else _recognised(known, text, os.fspath(path))
    if unknown := sorted(options.keys() - chosen.options):
        told = ", ".join(sorted(chosen.options)) or "none"
        raise UserError(f"the reader {chosen.name} has no option {unknown[0]!r}; it has {told}")
    readings = chosen.read(text, options)
    return readings if chosen.many or len(readings) > 1 else readings[0]


def _readers(application: str) -> Mapping[str, Reader]:
    if application == "lammps":
        return READERS
    from heteroscope.campaign.vocabulary import known_application

    return readers_with(known_application(application))


def _named(name: str, known: Mapping[str, Reader]) -> Reader:
    if name in FORMATS:
        return file_reader(name)
    if name not in known:
        told = ", ".join([*known, *FORMATS])
        raise UserError(f"there is no reader {name!r}; known are {told}")
    return known[name]


def _recognised(known: Mapping[str, Reader], text: bytes, path: str) -> Reader:
    found = recognising(known.values(), text)
    if len(found) == 1:
        return found[0]
    if found:
        names = " and ".join(reader.name for reader in found)
        raise UserError(f"{path} is known to {names}; say which is meant: reader={found[0].name!r}")
    raise UserError(f"{path} is a log that no reader knows; known are {', '.join(known)}")


def compare(
    a: ArrayLike,
    b: ArrayLike,
    *,
    alpha: float = 0.05,
    margin: float = 0.05,
) -> Comparison:
    """Compare two samples of one metric, as the workflow compares a run with its baseline.

    Parameters
    ----------
    a, b : array_like, shapes (n_a,) and (n_b,)
        Samples in one unit, a value a trial; non-finite values are dropped.
    alpha
        Level of the tests; intervals have 1 - alpha.
    margin
        The largest relative difference that has no practical meaning.

    Returns
    -------
    Comparison
        Whatever a sample is too small or too uniform for is NaN, with a reason.  No p-value is
        adjusted for others: `inference.holm` does that.
    """
    x, y = inference.clean(a), inference.clean(b)
    confidence = 1 - alpha
    near = inference.median_ratio(x, y, confidence=1 - 2 * alpha)
    return Comparison(
        n_a=len(x),
        n_b=len(y),
        median_a=float(np.median(x)) if len(x) else float("nan"),
        median_b=float(np.median(y)) if len(y) else float("nan"),
        mann_whitney=inference.mann_whitney(x, y),
        brunner_munzel=inference.brunner_munzel(x, y),
        superiority=inference.superiority(x, y, confidence=confidence),
        ratio=inference.median_ratio(x, y, confidence=confidence),
        shift=inference.hodges_lehmann(x, y, confidence=confidence),
        equivalent=inference.inside(near.low, near.high, margin),
        levene=inference.levene([x, y]),
        spread_ratio=inference.spread_ratio(x, y, confidence=confidence),
    )
