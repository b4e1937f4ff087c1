"""Measure how fast heteroscope is, and write it to docs/benchmarks.md.

``run.py`` measures everything, which takes a quiet machine of two cores about an hour;
``run.py readers parts`` measures these parts alone, and leaves the others of the page as they are.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
sys.path.insert(0, str(Path(__file__).parents[2] / "data"))

import parts
import readers
import scale
import whole
from measure import REPOSITORY, machine

PAGE = REPOSITORY / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

<!-- Made by `make bench`. -->

How fast heteroscope is, as a ratio to something else that was measured at the same time wherever
there is something; `tests/benchmarks/` says how.
"""
SECTIONS = ("readers", "whole", "scale", "parts")


def update(page: str, name: str, text: str) -> str:
    """Put a section into the page, in its place or at the end."""
    marked = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
    pattern = re.compile(rf"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: marked, page)
    return f"{page.rstrip()}\n\n{marked}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sections", nargs="*", default=SECTIONS, help=", ".join(SECTIONS))
    parser.add_argument("--repeats", type=int, default=9, help="rounds of what takes less than 1 s")
    parser.add_argument("--logs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--peers", type=Path, default=REPOSITORY / ".venv" / "peers")
    arguments = parser.parse_args()
    if unknown := set(arguments.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    # Asked before anything is measured, which would itself make the machine busy.
    where = machine()
    for name in arguments.sections:
        print(f"== {name}", flush=True)
        match name:
            case "readers":
                text = readers.section(arguments.repeats, arguments.peers)
            case "whole":
                text = whole.section(max(1, arguments.repeats // 3))
            case "scale":
                text = scale.section(arguments.logs)
            case "parts":
                text = parts.section(arguments.repeats)
        print(text, flush=True)
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
        PAGE.write_text(update(page, name, f"{text}\n\n{where}"), encoding="utf-8")


if __name__ == "__main__":
    main()
