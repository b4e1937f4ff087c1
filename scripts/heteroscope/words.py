"""How numbers, intervals, p-values and sizes are spelled: once, for every sentence and figure.

Two digits of an interval's width decide how many digits it and its estimate have; a ratio near 1 is
told in percent; minus signs are true ones; a p-value has two digits, or is below 0.001.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans(f"-{MINUS}0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def missing(value: Any) -> bool:
    """Return whether a cell of a table is empty."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: Any, digits: int = 3) -> str:
    """Return a number with a few significant digits; whole ones are never cut.

    >>> [number(value) for value in (76.5, 1234.56, 0.00012, 8, -0.0, -1.5, math.inf)]
    ['76.5', '1235', '1.2 × 10⁻⁴', '8', '0', '−1.5', '∞']
    """
    if missing(value):
        return MISSING
    value = float(value)
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e6:
        return _scientific(value, digits)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    shown = f"{value:.{places}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace("-", MINUS)


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    power = str(int(exponent)).translate(_SUPERSCRIPT)
    return f"{mantissa} × 10{power}".replace("-", MINUS)


def quantity(value: Any, unit: str = "") -> str:
    """Return a number with its unit.

    >>> quantity(43.51, "s")
    '43.5 s'
    """
    return number(value) if missing(value) or not unit else f"{number(value)} {unit}"


def percent(share: float, digits: int = 3) -> str:
    """Return a share in percent.

    >>> [percent(share) for share in (0.05, 0.123, 1)], percent(0.02631, 2)
    (['5 %', '12.3 %', '100 %'], '2.6 %')
    """
    return f"{number(100 * share, digits)} %"


def estimate(value: Any, low: Any = None, high: Any = None, unit: str = "") -> str:
    """Return an estimate with its interval, and its unit once.

    >>> estimate(-1.7712, -2.134, -1.402, "s")
    '−1.77 s (−2.13 to −1.40)'
    >>> estimate(5.0, unit="s")
    '5 s'
    """
    if missing(value):
        return MISSING
    if missing(low) and missing(high):
        return quantity(value, unit)
    places = _places(low, high)
    told = f"{_fixed(value, places)} {unit}".rstrip()
    return f"{told} ({_fixed(low, places)} to {_fixed(high, places)})"


def change(ratio: Any, low: Any = None, high: Any = None) -> str:
    """Return a ratio as a change in percent or, if it is far from 1, as a factor.

    >>> change(0.956, 0.948, 0.981)
    '−4.4 % (−5.2 to −1.9)'
    >>> change(3.2, 2.81, 3.76)
    '× 3.20 (2.81 to 3.76)'
    """
    if missing(ratio):
        return MISSING
    bare = missing(low) and missing(high)
    if not 0.5 <= float(ratio) <= 2:
        return f"× {number(ratio)}" if bare else f"× {estimate(ratio, low, high)}"
    value, *limits = (
        None if missing(end) else 100 * (float(end) - 1) for end in (ratio, low, high)
    )
    if bare:
        return f"{_signed(_fixed(value, 1))} %"
    places = max(0, min(1, _places(*limits)))
    told = [_signed(_fixed(end, places)) for end in (value, *limits)]
    return f"{told[0]} % ({told[1]} to {told[2]})"


def _places(low: Any, high: Any) -> int:
    """Return how many places show two digits of an interval's width."""
    ends = [float(end) for end in (low, high) if not missing(end) and math.isfinite(float(end))]
    width = max(ends) - min(ends) if len(ends) == 2 else abs(ends[0]) if ends else 1.0
    return max(0, 1 - math.floor(math.log10(width))) if width > 0 else 2


def _fixed(value: Any, places: int) -> str:
    if missing(value):
        return MISSING
    if math.isinf(value):
        return number(value)
    shown = f"{value:.{places}f}"
    return shown.lstrip("-") if float(shown) == 0 else shown.replace("-", MINUS)


def _signed(shown: str) -> str:
    return shown if shown[0] in f"{MINUS}{MISSING}" or not shown.strip("0.") else f"+{shown}"


def p_value(p: Any) -> str:
    """Return a p-value as it stands in a table.

    >>> [p_value(p) for p in (0.8421, 0.0312, 3.14e-10, 1.0)]
    ['0.84', '0.031', '< 0.001', '1']
    """
    if missing(p):
        return MISSING
    return "< 0.001" if p < 0.001 else f"{float(p):.2g}"


def p_equals(p: Any) -> str:
    """Return a p-value as it stands in a sentence.

    >>> p_equals(0.0312), p_equals(3.14e-10)
    ('p = 0.031', 'p < 0.001')
    """
    shown = p_value(p)
    return f"p {shown}" if shown.startswith("<") else f"p = {shown}"


def counted(n: int, noun: str) -> str:
    """Return a number of things.

    >>> counted(1, "run"), counted(2, "run"), counted(2, "process")
    ('1 run', '2 runs', '2 processes')
    """
    plural = f"{noun}es" if noun.endswith(("s", "x", "ch")) else f"{noun}s"
    return f"{n} {noun if n == 1 else plural}"


def extent(numbers: Sequence[int]) -> str:
    """Return the range of some whole numbers.

    >>> extent([20, 18, 20]), extent([20, 20])
    ('18 to 20', '20')
    """
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def listed(words: Iterable[object]) -> str:
    """Return words as a list within a sentence.

    >>> listed([8, 16, 32]), listed([])
    ('8, 16 and 32', '')
    """
    *most, last = [*map(str, words)] or [""]
    return f"{', '.join(most)} and {last}" if most else last


_NODES = "nodes"
_size_of = _NODES


def count_sizes_in(of: str = _NODES) -> None:
    """Set what a size counts: nodes, threads, cells, B, …; nothing if all trials are of one group.

    It holds for the process, which works on one campaign.
    """
    global _size_of  # noqa: PLW0603
    _size_of = of


def sizes_are_nodes() -> bool:
    """Return whether a size is a number of nodes, which can be paid for."""
    return _size_of == _NODES


def size_of(n: int = 2) -> str:
    """Return the word for what a size counts; empty if there are no sizes.

    >>> size_of(), size_of(1)
    ('nodes', 'node')
    """
    if n != 1 or not _size_of.endswith("s"):
        return _size_of
    return _size_of.removesuffix("es") if _size_of.endswith("sses") else _size_of.removesuffix("s")


def of_sizes(sizes: Iterable[object]) -> str:
    """Return sizes with what they count, or "all trials" where there are no sizes.

    >>> of_sizes([8, 16]), of_sizes([1])
    ('8 and 16 nodes', '1 node')
    """
    every = [str(size) for size in sizes]
    if not _size_of:
        return "all trials"
    return f"{listed(every)} {size_of(1 if every == ['1'] else 2)}"


def at_sizes(sizes: Iterable[object]) -> str:
    """Return where something holds, for a sentence.

    >>> at_sizes([8, 16]), at_sizes([1])
    ('at 8 and 16 nodes', 'at 1 node')
    """
    return f"{'at' if _size_of else 'in'} {of_sizes(sizes)}"


def capital(text: str) -> str:
    """Return words as a sentence begins with them.

    >>> capital("at 8 GPUs")
    'At 8 GPUs'
    """
    return text[:1].upper() + text[1:]


def in_words(name: str) -> str:
    """Return a name of the program as words.

    >>> in_words("not_testable")
    'not testable'
    """
    return name.replace("_", " ")


# Marks of what was found of a comparison: the direction of the value, or why there is none.
MARKS = {
    "less": "▼",
    "greater": "▲",
    "equivalent": "=",
    "undecided": "?",
    "not_comparable": "⊘",
    "not_testable": MISSING,
}
# Units of which less of it is faster.
TIMES = ("s", "ms", "us", "µs", "ns", "min", "h")
_REASONS = {
    "not_significant": "",
    "within_margin": "though within the margin",
    "measures_disagree": "measures disagree",
    "tests_disagree": "the two tests disagree",
    "margin": "the interval crosses the margin",
    "too_few": "too few trials to rule it out",
    "sizes_differ": "not the same at every size",
    "control": "no more than controls differ",
    "below_resolution": "below the step of the clock",
    "n": "too few trials",
    "floor": "too few trials",
    "zero_variance": "no variation",
    "constant_deviations": "no variation",
    "one_constant": "one is constant",
    "non_positive": "values not above 0",
    "separated": "they do not overlap",
    "no_maximum": "no maximum is named",
    "guard": "a guard blocks it",
    "guard:metric": "the clocks start at different events",
    "guard:samples": "too few trials",
    "guard:order": "one ran after the other",
    "guard:drift": "values drift while trials ran",
    "guard:copies": "logs are copies of each other",
}


def is_time(unit: str, *, higher_is_better: bool = False) -> bool:
    """Return whether a metric is a time, of which less is faster.

    >>> is_time("ms"), is_time("GFlop/s", higher_is_better=True), is_time("GB")
    (True, False, False)
    """
    return unit in TIMES and not higher_is_better


def finding(
    name: str, question: str = "location", *, unit: str = "s", higher_is_better: bool = False
) -> str:
    """Return in words what was found of a run against its baseline.

    >>> finding("less"), finding("greater", "spread"), finding("not_testable")
    ('faster', 'less steady', 'not testable')
    >>> finding("greater", unit="%", higher_is_better=True)
    'higher'
    """
    if name == "equivalent":
        return "within the margin"
    if name not in ("less", "greater"):
        return in_words(name)
    less = name == "less"
    if question == "spread":
        return "steadier" if less else "less steady"
    if is_time(unit, higher_is_better=higher_is_better):
        return "faster" if less else "slower"
    return "lower" if less else "higher"


def reason(code: Any) -> str:
    """Return in words why a comparison has no plain outcome.

    >>> reason("measures_disagree"), reason("guard:lammps_version"), reason("not_significant")
    ('measures disagree', 'lammps version differs', '')
    """
    if missing(code):
        return ""
    if str(code).startswith("guard:") and code not in _REASONS:
        return f"{in_words(str(code).removeprefix('guard:'))} differs"
    return _REASONS.get(str(code), in_words(str(code)))
