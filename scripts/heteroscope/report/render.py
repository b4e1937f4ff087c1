"""A document -> one self-contained page, and Markdown."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroscope.report.text import markdown, plain
from heteroscope.words import of_sizes

if TYPE_CHECKING:
    from jinja2 import Environment

    from heteroscope.report.document import Document

_TEMPLATES = Path(__file__).parent / "templates"
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
# Figures name the font that they were measured with; where it is not installed, these have
# letters of the same width.
_FONT = ("'DejaVu Sans'", "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif")


def page(document: Document) -> str:
    """Return the report as HTML: no address in it is ever fetched, and no script runs."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8").strip()
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{fingerprint}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment(html=True).get_template("report.html.j2")
    return template.render(document=document, style=style, policy=policy)


def text(document: Document) -> str:
    """Return the report as GitHub-flavoured Markdown, with links to figures and tables."""
    return _environment(html=False).get_template("report.md.j2").render(document=document)


def data_uri(path: str) -> str:
    """Return a picture as an address that holds it."""
    content = Path(path).read_bytes()
    suffix = Path(path).suffix
    if suffix == ".svg":
        # As a picture, and not as a part of the page, an SVG can neither run nor fetch anything.
        content = content.decode().replace(*_FONT).encode()
    return f"data:{_TYPES[suffix]};base64,{base64.b64encode(content).decode()}"


def _environment(*, html: bool) -> Environment:
    """Return templates that make every text safe as it is put out, so that none is forgotten."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        if isinstance(value, Markup):
            return value
        return plain(value) if html else markdown(value)

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=html,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["of_size"] = lambda size: of_sizes([size])
    environment.filters["data_uri"] = lambda path: Markup(data_uri(path))
    return environment
