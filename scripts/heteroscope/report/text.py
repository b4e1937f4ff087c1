"""Words and numbers as the report shows them: safe, short, and the same in every locale."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from heteroscope.redaction import redact

# Joiners of scripts and of emoji are invisible and harmless; all other format characters can
# reverse or hide what stands beside them.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$<>&@:-])")
MISSING = "–"


def plain(text: object) -> str:
    r"""Return any text on one line, without control characters and without what is private.

    >>> plain("Flux\n\u202eoperator /home/ada/run5/log.out")
    'Flux operator log.out'
    """
    words = " ".join(str(text).split())
    kept = (
        char for char in words if char in _JOINERS or not unicodedata.category(char).startswith("C")
    )
    return redact("".join(kept))


def markdown(text: object) -> str:
    r"""Return a text that GitHub's Markdown shows as it is, also inside a table.

    >>> print(markdown("a_b | <b>"))
    a\_b \| &lt;b&gt;
    """
    escaped = _MARKDOWN.sub(r"\\\1", plain(text))
    for sign, entity in (("\\&", "&amp;"), ("\\<", "&lt;"), ("\\>", "&gt;"), ("\\@", "&#64;")):
        escaped = escaped.replace(sign, entity)
    # A colon and a hyphen mean something only where a link or a list begins.
    return re.sub(r"\\([:()+-])", r"\1", escaped).replace("://", "&#58;//")


def missing(value: Any) -> bool:
    """Return whether a cell of a table is empty."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: Any, digits: int = 4) -> str:
    """Return a number with a few significant digits.

    >>> [number(value) for value in (76.5, 1234.56, 0.00012, 8, -0.0)]
    ['76.5', '1235', '1.2 × 10⁻⁴', '8', '0']
    """
    if missing(value):
        return MISSING
    value = float(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if 1e-3 <= size < 1e6:
        shown = f"{value:.0f}" if size >= 1000 else f"{value:.{digits}g}"
    else:
        shown = _scientific(value, 3)
    return shown.replace("-", "−")


def p_value(value: Any) -> str:
    """Return a p-value with two significant digits.

    >>> [p_value(value) for value in (0.8421, 0.0312, 3.14e-10)]
    ['0.84', '0.031', '3.1 × 10⁻¹⁰']
    """
    if missing(value):
        return MISSING
    value = float(value)
    if value == 0:
        return "0"
    return f"{value:.2g}" if value >= 1e-3 else _scientific(value, 2)


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def interval(low: Any, high: Any, digits: int = 4) -> str:
    """Return an interval in brackets, or nothing where there is none."""
    if missing(low) or missing(high):
        return ""
    return f"[{number(low, digits)}, {number(high, digits)}]"


def estimate(row: Mapping[str, Any], name: str) -> str:
    """Return a number of a row with its interval, if it has one.

    A ratio has one digit less: its fourth would say less than its interval is wide.
    """
    digits = 3 if name.endswith(("ratio", "speedup", "efficiency")) else 4
    limits = interval(row.get(f"{name}_low"), row.get(f"{name}_high"), digits)
    return f"{number(row[name], digits)} {limits}".rstrip()


def quantity(value: Any, unit: object) -> str:
    """Return a number with its unit, if it has one."""
    unit = "" if missing(unit) else plain(unit)
    return f"{number(value)} {unit}".rstrip()


def nodes(size: Any) -> str:
    """Return a cluster size in words."""
    return "1 node" if int(size) == 1 else f"{int(size)} nodes"


def listed(words: list[str]) -> str:
    """Return words as a list within a sentence.

    >>> listed(["8", "16", "32"])
    '8, 16 and 32'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 2 else words)


def in_words(name: str) -> str:
    """Return a name of the program as words."""
    return name.replace("_", " ")


def plural(count: int) -> str:
    """Return the ending of a noun that is counted."""
    return "" if count == 1 else "s"
