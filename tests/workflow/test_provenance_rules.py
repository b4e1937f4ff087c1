"""The manifest, and what `snakemake verify` finds changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from calls import Workplace


def test_the_manifest_names_every_input_and_verify_what_changed(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> None:
    small_campaign(workplace)
    assert workplace.snakemake("results/manifest.json").status == 0
    manifest = json.loads(workplace.path("results/manifest.json").read_text())
    logs = sorted(workplace.path("logs").glob("run*/*/log.out"))
    metas = sorted(workplace.path("logs").glob("run*/meta.json"))
    assert {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest["inputs"]} == {
        path.relative_to(workplace.folder).as_posix(): (
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in [*logs, *metas]
    }
    assert manifest["readers"] == {"run4": "flux-operator", "run6": "flux-operator"}

    outcome = workplace.snakemake("verify")
    assert outcome.status == 0, outcome.output
    assert "Nothing has changed" in outcome.output

    logs[0].write_bytes(logs[0].read_bytes() + b"\n")
    table = workplace.path("results/summary.csv")
    table.write_text(table.read_text() + "\n")
    outcome = workplace.snakemake("verify")
    assert outcome.status != 0
    name = logs[0].relative_to(workplace.folder).as_posix()
    changes = [line for line in outcome.output.splitlines() if re.match("(inputs|tables): ", line)]
    assert changes == [f"inputs: {name} has changed", "tables: summary.csv has changed"]
