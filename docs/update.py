"""Write what the documentation takes from the code: rule graph, keys, columns, example, picture.

``update.py`` writes, ``update.py --check`` names what is stale and exits with 1.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import generated

ROOT = Path(__file__).parents[1]
PICTURES = {"walltime.png": "img/walltime_lammps.png"}


def snakemake(*arguments: str, directory: Path = ROOT) -> str:
    """Call this workflow, and return what it prints."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    done = subprocess.run(
        [*command, *arguments], cwd=directory, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def contents() -> dict[Path, bytes]:
    """Return every generated file of the documentation, as it should be."""
    graph = generated.rule_graph(snakemake("--quiet", "all", "--rulegraph", "mermaid-js"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for needed in ("config", "data"):
            (folder / needed).symlink_to(ROOT / needed)
        snakemake("--quiet", "all", "--cores", "2", "report", *PICTURES.values(), directory=folder)
        matrix = (folder / "results" / "report.txt").read_text(encoding="utf-8")
        pictures = {
            ROOT / "docs" / to: (folder / made).read_bytes() for to, made in PICTURES.items()
        }
    readme = generated.replace_section(readme, "rule graph", graph)
    readme = generated.replace_section(readme, "matrix", f"```text\n{matrix}```")
    return {
        ROOT / "README.md": readme.encode(),
        ROOT / "config" / "README.md": generated.configuration_keys().encode(),
        ROOT / "docs" / "tables.md": generated.table_columns().encode(),
        ROOT / "docs" / "applications.md": generated.replace_section(
            (ROOT / "docs" / "applications.md").read_text(encoding="utf-8"),
            "shipped",
            generated.shipped_applications(),
        ).encode(),
        **pictures,
    }


if __name__ == "__main__":
    stale = {
        path: content
        for path, content in contents().items()
        if not path.exists() or path.read_bytes() != content
    }
    for path, content in stale.items():
        print(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.write_bytes(content)
    sys.exit("stale; run `make docs`" if stale and "--check" in sys.argv else 0)
