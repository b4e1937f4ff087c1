"""Write what the documentation takes from the code: rule graph, configuration keys, pictures.

``update_docs.py`` writes, ``update_docs.py --check`` names what is stale and exits with 1.
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
    files = {
        ROOT / "README.md": generated.replace_section(readme, "rule graph", graph).encode(),
        ROOT / "config" / "README.md": generated.configuration_keys().encode(),
        ROOT / "docs" / "tables.md": generated.table_columns().encode(),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in ("config", "data"):
            (Path(folder) / name).symlink_to(ROOT / name)
        snakemake("--quiet", "all", "--cores", "2", *PICTURES.values(), directory=Path(folder))
        for name, made in PICTURES.items():
            files[ROOT / "docs" / name] = (Path(folder) / made).read_bytes()
    return files


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
