"""A document -> one self-contained page, and Markdown; any text is made safe on its way out."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroscope.redaction import redact
from heteroscope.words import of_sizes

if TYPE_CHECKING:
    from heteroscope.report.document import Document

_TEMPLATES = Path(__file__).parent / "templates"
# Figures name the font that they were measured with; where it is not installed, these have
# letters of the same width.
_FONT = ("'DejaVu Sans'", "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif")
# Joiners of scripts and of emoji are invisible and harmless; all other format characters can
# reverse or hide what stands beside them.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#!|~$<>&@])")
_ENTITIES = {"\\&": "&amp;", "\\<": "&lt;", "\\>": "&gt;", "\\@": "&#64;", "://": "&#58;//"}


def page(document: Document) -> str:
    """Return the report as HTML: no address in it is ever fetched, and no script runs."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8").strip()
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{fingerprint}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _fill("report.html.j2", {**document, "style": style, "policy": policy}, html=True)


def text(document: Document) -> str:
    """Return the report as GitHub-flavoured Markdown, with links to figures and tables."""
    filled = _fill("report.md.j2", document, html=False)
    return re.sub(r"\n{3,}", "\n\n", filled).strip() + "\n"


def _fill(template: str, document: Document, *, html: bool) -> str:
    """Fill a template; every text is made safe as it is put out, so that none is forgotten."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        if isinstance(value, Markup):
            return value
        return plain(value) if html else Markup(markdown(value))

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["of_size"] = lambda size: of_sizes([size])
    environment.filters["data_uri"] = lambda path: Markup(data_uri(path))
    return environment.get_template(template).render(document)


def data_uri(path: str) -> str:
    """Return a picture as an address that holds it."""
    content, kind = Path(path).read_bytes(), "png"
    if Path(path).suffix == ".svg":
        # As a picture, and not as a part of the page, an SVG can neither run nor fetch anything.
        content, kind = content.decode().replace(*_FONT).encode(), "svg+xml"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


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
    for sign, entity in _ENTITIES.items():
        escaped = escaped.replace(sign, entity)
    return escaped
