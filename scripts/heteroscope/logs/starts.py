"""When a trial began, as programs print it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from heteroscope.logs.kinds import moment

# When a trial began, in words other than those of ISO 8601.
_DATES = (
    *("%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %Z %Y", "%b %d %Y %H:%M:%S", "%d%b%Y %H:%M:%S"),
    *("%d%b%Y at %H:%M:%S", "%d %b %Y %H:%M:%S", "%Y-%m-%d_%H:%M:%S", "%Y/%m/%d %H:%M:%S"),
)
_UNIX_MS = 10**11


def began(text: str) -> str | None:
    """Return a time stamp in ISO 8601, by which trials are put in order; None if it is none.

    Parameters
    ----------
    text
        ISO 8601, seconds or milliseconds of UNIX, or what ``date`` and ``ctime`` print, in
        English.  What names its zone becomes UTC.

    Examples
    --------
    >>> began("Mon Nov 25 10:10:10 2024"), began("2024-11-25T11:10:10+01:00")
    ('2024-11-25T10:10:10', '2024-11-25T10:10:10')
    >>> began("1732529410.0"), began("yesterday")
    ('2024-11-25T10:10:10', None)
    """
    with suppress(ValueError, OverflowError, OSError):
        seconds = float(text)
        return moment(seconds / 1000 if seconds >= _UNIX_MS else seconds)
    words = " ".join(text.split())
    with suppress(ValueError):
        return _in_utc(datetime.fromisoformat(words.removesuffix(" UTC")))
    for form in _DATES:
        with suppress(ValueError):
            return _in_utc(datetime.strptime(words, form))
    return None


def _in_utc(time: datetime) -> str:
    return (time.astimezone(UTC) if time.tzinfo else time).replace(tzinfo=None).isoformat()
