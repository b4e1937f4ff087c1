"""JSON that somebody else wrote: read strictly, so that nothing odd becomes a figure."""

from __future__ import annotations

import json
import math
from typing import Any


def read_json(data: bytes) -> Any:
    """Read a JSON text in UTF-8, UTF-16 or UTF-32.

    Raises
    ------
    ValueError
        If it is no JSON, if a key stands twice in one object with different values, of which
        neither can be preferred, or if it is nested too deeply to be read.
    """
    try:
        return json.loads(data, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content and content[key] != value:
            one, other = _quote(content[key]), _quote(value)
            raise ValueError(f"conflict: {_quote(key)[1:-1]} stands as {one} and {other}")
        content[key] = value
    return content


# As much of a value as a message quotes.
_QUOTED = 60


def _quote(value: Any) -> str:
    """Return a value as JSON spells it, on one line whatever stands in it."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def positive(value: Any) -> float | None:
    """Return a value as a number if it is a finite one above zero, and None if it is not."""
    if type(value) not in (int, float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number > 0 else None
