"""Any text of others, made safe to be published: on a page, in Markdown, on a terminal."""

from __future__ import annotations

import re
import unicodedata

from heteroscope.redaction import redact

# Joiners of scripts and of emoji are invisible and harmless; all other format characters can
# reverse or hide what stands beside them.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$<>&@:-])")


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
