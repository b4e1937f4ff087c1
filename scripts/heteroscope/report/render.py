"""A document -> one self-contained page, or Markdown."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from heteroscope.report.text import markdown

if TYPE_CHECKING:
    from jinja2 import Environment

    from heteroscope.report.document import Document

_TEMPLATES = Path(__file__).parent / "templates"
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
# Figures name the font that they were measured with; where it is not installed, these have
# letters of the same width.
_FONT = ("'DejaVu Sans'", "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif")


def page(document: Document) -> str:
    """Return the report as HTML: no address in it is ever fetched, and nothing else is needed."""
    style, script = _part("style.css"), _part("script.js")
    # Only what is known at this point may run: text of the data could not, even unescaped.
    policy = (
        "default-src 'none'; img-src data:; "
        f"style-src '{_fingerprint(style)}'; script-src '{_fingerprint(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("report.html.j2")
    return template.render(document=document, style=style, script=script, policy=policy)


def text(document: Document) -> str:
    """Return the report as GitHub-flavoured Markdown, with links to figures and tables."""
    return _environment().get_template("report.md.j2").render(document=document)


def data_uri(path: str) -> str:
    """Return a picture as an address that holds it."""
    content = Path(path).read_bytes()
    suffix = Path(path).suffix
    if suffix == ".svg":
        # As a picture, and not as a part of the page, an SVG can neither run nor fetch anything.
        content = content.decode().replace(*_FONT).encode()
    return f"data:{_TYPES[suffix]};base64,{base64.b64encode(content).decode()}"


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(data_uri=data_uri, md=markdown)
    return environment


def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _fingerprint(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
