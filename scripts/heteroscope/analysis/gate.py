"""The gate: open only if every claim that must hold does."""

from __future__ import annotations

import pandas as pd

from heteroscope.analysis.claims import Verdict
from heteroscope.metrics import UserError
from heteroscope.words import counted, in_words

HOLDS = (Verdict.SUPPORTED, Verdict.EQUIVALENT)


def check_gate(claims: pd.DataFrame) -> str:
    """Return what was judged, one line a claim, if the gate is open.

    Parameters
    ----------
    claims
        The table of claims.

    Raises
    ------
    UserError
        If a claim with a gate is neither supported nor equivalent, or if no claim has a gate.
    """
    gated = claims[claims["gate"].astype(bool) & claims["overall"].astype(bool)]
    told = "\n".join(
        f"  {row.claim}: {in_words(str(row.verdict))}. {row.sentence}" for row in gated.itertuples()
    )
    if not len(gated):
        raise UserError("the gate is closed: no claim has `gate: true`, so nothing was judged")
    failed = int((~gated["verdict"].isin(HOLDS)).sum())
    if failed:
        raise UserError(
            f"the gate is closed: {failed} of {counted(len(gated), 'claim')} with a gate "
            f"{'does' if failed == 1 else 'do'} not hold\n{told}"
        )
    return f"the gate is open: {counted(len(gated), 'claim')} with a gate held\n{told}"
