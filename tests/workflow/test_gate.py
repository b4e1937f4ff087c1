"""Claims and the gate, the way a user calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from calls import Workplace

Campaign = Callable[[Workplace], dict[str, Any]]

# run6 is faster than run4 at both sizes.
FASTER = {
    "id": "faster",
    "statement": "run6 is faster than run4",
    "test": "location",
    "metric": "walltime",
    "runs": ["run6", "run4"],
    "expect": "less",
    "gate": True,
}


@pytest.mark.parametrize(("expect", "status"), [("less", 0), ("greater", 1)])
def test_the_gate_fails_if_a_claim_is_refuted(
    workplace: Workplace, small_campaign: Campaign, expect: str, status: int
) -> None:
    config = small_campaign(workplace)
    workplace.write_config({**config, "claims": [{**FASTER, "expect": expect}]})
    outcome = workplace.snakemake("gate")
    assert outcome.status == status, outcome.output
    assert outcome.jobs == {
        "parse_run": 2, "compare_location": 1, "compare_variance": 1, "make_claims": 1, "gate": 1,
    }  # fmt: skip
    assert "Traceback" not in outcome.output
    if status:
        assert "the gate is closed: 1 of 1 claim with a gate does not hold" in outcome.output
        assert "faster: refuted." in outcome.output
    else:
        assert "the gate is open: 1 claim with a gate held" in outcome.output
        assert "faster: supported." in outcome.output


def test_without_claims_the_table_is_empty_and_the_gate_closed(
    workplace: Workplace, small_campaign: Campaign
) -> None:
    small_campaign(workplace)
    outcome = workplace.snakemake("gate")
    assert outcome.status == 1, outcome.output
    assert "no claim has `gate: true`, so nothing was judged" in outcome.output
    assert len(pd.read_csv(workplace.path("results/claims.csv"))) == 0
    guards = pd.read_csv(workplace.path("results/guards.csv"))
    assert {*guards["run"]} == {"run6"}


def test_another_claim_parses_no_log_again(workplace: Workplace, small_campaign: Campaign) -> None:
    config = small_campaign(workplace)
    assert workplace.snakemake("tables").status == 0
    workplace.write_config({**config, "claims": [FASTER]})
    assert workplace.snakemake("tables").jobs == {"make_claims": 1}


def test_a_price_is_of_scaling_alone(workplace: Workplace, small_campaign: Campaign) -> None:
    config = small_campaign(workplace)
    assert workplace.snakemake("tables").status == 0
    config["runs"]["run4"]["declared"] = {"price_per_node_hour": 2.88}
    workplace.write_config(config)
    assert workplace.snakemake("tables").jobs == {"describe_runs": 1}
    scaling = pd.read_csv(workplace.path("results/scaling.csv"))
    assert set(scaling.loc[scaling["cost"].notna(), "run"]) == {"run4"}
