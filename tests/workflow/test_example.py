"""The example that measures a program of this machine: from nothing to the page in one call."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from calls import REPOSITORY, Outcome, call_snakemake

EXAMPLE = REPOSITORY / "config/examples/compression"
RESULTS = "results/compression"


def measured(folder: Path) -> Outcome:
    return call_snakemake(cwd=folder, workflow=EXAMPLE)


def test_two_variants_are_measured_in_turn_read_and_judged_in_one_call(tmp_path: Path) -> None:
    done = measured(tmp_path)
    assert done.status == 0, done.output[-3000:]
    assert done.jobs["measure"] == 1
    assert (tmp_path / RESULTS / "report.html").is_file()
    assert (tmp_path / "img/compression/time_gzip.png").is_file()

    trials = pd.read_csv(tmp_path / RESULTS / "trials.csv")
    assert set(trials["status"]) == {"ok"}
    counts = trials.groupby(["run", "size"]).size()
    groups = [(run, size) for run in ("default", "fast") for size in (2, 4, 8)]
    assert counts.to_dict() == dict.fromkeys(groups, 10)
    # What gzip makes of a file does not depend on how fast the machine is.
    packed = trials.groupby(["run", "size"])["packed"].unique().map(lambda sizes: sizes.tolist())
    for size in (2, 4, 8):
        (fast,), (default,) = packed["fast", size], packed["default", size]
        assert default < fast < size * 2**20
    # Each rate is that of its time, to the digits that the log gives.
    rates = trials["throughput"] * trials["time"] / trials["size"]
    assert rates.between(0.999, 1.001).all()

    guards = pd.read_csv(tmp_path / RESULTS / "guards.csv")
    order = guards[guards["guard"] == "order"]
    assert set(order["level"]) == {"ok"}
    assert order["sentence"].str.contains("took turns").all()
    claims = pd.read_csv(tmp_path / RESULTS / "claims.csv")
    assert claims["sizes"].tolist() == ["2", "4", "8", "2, 4, 8"]
    # How fast this machine is, is not for a test to say: only that there is an answer.
    assert set(claims["verdict"]) <= {"supported", "refuted", "inconclusive"}

    again = measured(tmp_path)
    assert again.nothing_done, again.output[-3000:]
