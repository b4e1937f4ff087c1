"""Figures to files: the same figure gives the same bytes, whoever writes it, where and when."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from heteroscope.figures.theme import themed
from heteroscope.metrics import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What a format would state of the day and of the program; None leaves it out.
_METADATA: Mapping[str, Mapping[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, as the suffix of the path says.

    Raises
    ------
    UserError
        Where the suffix is none of these.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _METADATA:
        raise UserError(
            f"{path}: a figure is written as {', '.join(_METADATA)}, not {suffix or 'no suffix'!r}"
        )
    with themed():
        figure.savefig(path, format=suffix[1:], dpi="figure", metadata=dict(_METADATA[suffix]))
