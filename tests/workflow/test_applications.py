"""A campaign of an application that is declared in YAML, from its logs to the page."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
from calls import REPOSITORY, Workplace

KRIPKE = {
    "begins": "Kripke version {...}",
    "figures": {
        "throughput": {
            "line": "Throughput: {} [unknowns/(second/iteration)]",
            "unit": "unknowns/s",
            "better": "higher",
        },
        "grind_time": {"line": "Grind time : {} [(seconds/iteration)/unknowns]", "unit": "s"},
    },
    "done": "END",
}
LOGS = "threads-{size}/{repetition}.log"
CONFIG = {
    "title": "A sweep of threads",
    "sizes": {"of": "threads"},
    "applications": {"kripke": KRIPKE},
    "runs": {
        "old": {"directory": "logs/old", "logs": LOGS},
        "new": {"directory": "logs/new", "logs": LOGS, "against": ["old"]},
    },
    "claims": [
        {"id": "faster", "statement": "The new one has more throughput.", "test": "location",
         "metric": "throughput", "runs": ["new", "old"], "expect": "greater"},
        {"id": "slower", "statement": "The new one takes longer.", "test": "location",
         "metric": "grind_time", "runs": ["new", "old"], "expect": "greater"},
    ],
}  # fmt: skip


def log(value: float) -> str:
    return (
        "Kripke version 1.2.7\n"
        f"  Throughput:         {value:e} [unknowns/(second/iteration)]\n"
        f"  Grind time :        {1 / value:e} [(seconds/iteration)/unknowns]\nEND\n"
    )


def make_logs(folder: Path) -> None:
    """Write logs in which the new one has 6 % more throughput, with a scatter of 1 %."""
    chance = random.Random(3)
    for run, better in (("old", 1.0), ("new", 1.06)):
        for threads in (1, 2, 4):
            for number in range(10):
                path = folder / f"logs/{run}/threads-{threads}/{number}.log"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(log(2.8e10 * threads * better * chance.gauss(1, 0.01)))
    (path.parent / "99.log").write_text(log(1)[:60])


def test_a_declared_application_comes_to_a_page_of_its_own(workplace: Workplace) -> None:
    make_logs(workplace.folder)
    workplace.write_config(CONFIG)
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    claims = pd.read_csv(workplace.path("results/claims.csv"))
    assert dict(zip(claims["claim"], claims["verdict"], strict=True)) == {
        "faster": "supported",
        "slower": "refuted",
    }
    trials = pd.read_csv(workplace.path("results/trials.csv"))
    assert (trials["status"] == "ok").sum() == 60
    assert trials.loc[trials["status"] != "ok", "reason"].item().startswith("no line `END`")
    told = workplace.path("results/report.txt").read_text()
    assert "6 % higher (better)" in told
    page = workplace.path("results/report.html").read_text()
    for text in (told, page, claims["sentence"].str.cat()):
        assert not re.search(r"\d nodes?\b", text)
        assert "threads" in text
    assert workplace.path("img/throughput_kripke.svg").is_file()
    assert workplace.snakemake().nothing_done
    for command, words in (("summary", "2.97"), ("plan", "4 threads, throughput: 10 and 10")):
        shown = subprocess.run(
            [sys.executable, "-m", "heteroscope", command, "results"],
            cwd=workplace.folder, env={"PYTHONPATH": str(REPOSITORY / "scripts")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert words in shown.stdout


def test_another_unit_or_direction_is_another_result(workplace: Workplace) -> None:
    """A change in the declaration is seen, and all that follows from it made anew."""
    make_logs(workplace.folder)
    workplace.write_config(CONFIG)
    assert workplace.snakemake("results/report.txt").status == 0
    figures = {**KRIPKE["figures"], "throughput": {**KRIPKE["figures"]["throughput"], "times": 1e-9,
                                                   "unit": "Gunknowns/s"}}  # fmt: skip
    workplace.write_config({**CONFIG, "applications": {"kripke": {**KRIPKE, "figures": figures}}})
    assert workplace.snakemake("results/report.txt").status == 0
    assert "Gunknowns/s" in workplace.path("results/report.txt").read_text()
