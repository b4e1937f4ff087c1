"""The same trials give the same bytes, wherever and by whomever they are drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from heteroscope import figures

from .support import campaign, drawn

DRAW = """
import sys
import pandas as pd
from heteroscope import figures

trials = pd.read_csv("trials.csv")
runs = ["run0", "run1", "_$é"]
figure = figures.draw(
    trials, kind="distribution", metric="loop_time", title="Ünïcode $title$", labels={},
    styles=figures.styles(runs), sizes=[8, 16], runs=runs,
)
for suffix in ("png", "svg", "pdf"):
    figures.save(figure, f"figure.{suffix}")
assert "matplotlib.pyplot" not in sys.modules
"""

# What a user may have set, and what would change every figure if it were heeded.
MATPLOTLIBRC = """
font.family: serif
font.size: 20
axes.grid: True
savefig.bbox: tight
savefig.transparent: True
svg.fonttype: path
timezone: Asia/Kathmandu
lines.linewidth: 9
text.parse_math: True
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> list[Path]:
    """Draw one table in two processes that differ in all that should not matter."""
    folders = []
    for seed, locale, zone, matplotlibrc in (
        ("1", "C", "UTC", ""),
        ("2", "de_DE.UTF-8", "Asia/Kathmandu", MATPLOTLIBRC),
    ):
        folder = tmp_path_factory.mktemp("figures")
        trials = campaign(["run0", "run1", "_$é"], 2)
        trials.loc[0, "excluded"] = "warm-up"
        trials.to_csv(folder / "trials.csv", index=False)
        (folder / "matplotlibrc").write_text(matplotlibrc)
        subprocess.run(
            [sys.executable, "-W", "error", "-c", DRAW],
            cwd=folder,
            check=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "LC_ALL": locale,
                "TZ": zone,
                "PYTHONUTF8": "1",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
        )
        folders.append(folder)
    return folders


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_bytes_depend_on_the_trials_alone(written, suffix):
    one, other = ((folder / f"figure.{suffix}").read_bytes() for folder in written)
    assert len(one) > 5000
    assert one == other


def test_another_trial_gives_other_bytes(tmp_path):
    trials = campaign()
    figures.save(drawn(trials), tmp_path / "one.png")
    trials.loc[0, "loop_time"] += 1
    figures.save(drawn(trials), tmp_path / "other.png")
    assert (tmp_path / "one.png").read_bytes() != (tmp_path / "other.png").read_bytes()


def test_a_figure_saved_twice_is_the_same(tmp_path):
    figure = drawn(campaign())
    for suffix in ("svg", "pdf", "png"):
        figures.save(figure, tmp_path / f"one.{suffix}")
    for suffix in ("png", "pdf", "svg"):
        figures.save(figure, tmp_path / f"other.{suffix}")
        one, other = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "other"))
        assert one == other


@pytest.mark.parametrize(
    ("suffix", "signature"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("PDF", b"%PDF")]
)
def test_the_suffix_names_the_format(tmp_path, suffix, signature):
    path = tmp_path / f"figure.{suffix}"
    figures.save(drawn(campaign(repetitions=2)), path)
    assert path.read_bytes().startswith(signature)


def test_files_tell_neither_date_nor_version(written):
    for suffix in ("png", "svg", "pdf"):
        content = (written[0] / f"figure.{suffix}").read_bytes()
        for word in (b"CreationDate", b"dc:date", b"Software", b"Matplotlib v"):
            assert word not in content


def test_text_in_an_svg_stays_text_and_harmless(tmp_path):
    label = "<script>alert('x')</script>"
    figure = drawn(campaign(["a"], repetitions=5), labels={"a": label}, title="wall time")
    figures.save(figure, tmp_path / "figure.svg")
    content = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert ">wall time</text>" in content
    assert "<script" not in content
    assert "&lt;script&gt;" in content
    # A browser without the font takes one that is as wide.
    assert "font-family: 'DejaVu Sans', 'Verdana', sans-serif" in content


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(figures.UserError, match=r"\.png, \.svg, \.pdf, not '\.gif'"):
        figures.save(drawn(campaign(repetitions=2)), tmp_path / "figure.gif")


def test_the_names_of_the_kinds_cost_no_import_of_matplotlib():
    code = "import sys; import heteroscope.figures; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_one_call_writes_all_formats(tmp_path):
    paths = [tmp_path / f"figure.{suffix}" for suffix in ("png", "svg", "pdf")]
    figures.save_all(drawn(campaign(repetitions=2)), paths)
    assert all(path.stat().st_size > 1000 for path in paths)
