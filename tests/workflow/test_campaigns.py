"""Whole campaigns: the default one, one that has nothing in common with it, the real one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from calls import Outcome, Workplace, call_snakemake, copy_logs
from PIL import Image

from heteroscope.redaction import find_secrets
from rendering import render_lammps

FIGURES = (
    "cluster_time",
    "end_to_end_walltime_fluxstart",
    "end_to_end_walltime_fluxsubmit",
    "start_submit_difference",
    "submit_lammps_difference",
    "walltime",
    "loop_time",
    "close_up",
    "effects",
    "spread",
    "efficiency",
    "sections",
)


def test_the_default_campaign_makes_every_figure_and_table(
    default_campaign: tuple[Path, Outcome],
) -> None:
    folder, outcome = default_campaign
    assert outcome.status == 0, outcome.output
    for figure in FIGURES:
        assert (folder / f"img/{figure}_lammps.png").is_file()
    assert call_snakemake(cwd=folder).nothing_done


def check_fields(folder: Path, directories: dict[str, Path]) -> None:
    """Compare the counts of fields with those of a plain search in the logs."""
    fields = pd.read_csv(folder / "results/fields.csv").set_index(["field", "run"])
    sought = {
        "read_data_cpu": b"read_data CPU =",
        "walltime": b"Total wall time:",
        "event_alloc": b"s alloc",
        "tau_per_day": b" tau/day",
    }
    for run, directory in directories.items():
        logs = [log.read_bytes() for log in directory.rglob("log.out")]
        for field, words in sought.items():
            row = fields.loc[(field, run)]
            assert row["n_logs"] == len(logs), run
            assert row["n_found"] == sum(words in log for log in logs), (field, run)
    # The reference has no logs, but a list of records.
    assert fields.loc[("mpirun_real", "mpi-reference"), "n_found"] == 60
    assert pd.isna(fields.loc[("read_data_cpu", "mpi-reference"), "n_found"])


def test_fields_are_counted_as_a_search_in_the_logs_counts_them(
    default_campaign: tuple[Path, Outcome],
) -> None:
    folder, _ = default_campaign
    check_fields(folder, {run: folder / "data" / run for run in ("run2", "run4", "run5", "run6")})


def test_a_truncated_log_is_told_of_wherever_a_user_looks(
    workplace: Workplace, small_campaign: Callable[[Workplace], dict[str, Any]]
) -> None:
    small_campaign(workplace)
    name = "logs/run6/lmp-16-2-minicluster-size-16/log.out"
    text = workplace.path(name).read_bytes()
    workplace.path(name).write_bytes(text[: text.index(b"Total wall time")])
    outcome = workplace.snakemake("report")
    assert outcome.status == 0, outcome.output

    told = (
        "WARNING: run6: the logs of 1 of 12 trials are not ok:\n"
        f"  {name} (incomplete: no walltime: the log ends too early)\n"
    )
    assert told in outcome.output
    assert workplace.path("logs/parse_run/run6.log").read_text() == told
    assert workplace.path("logs/parse_run/run4.log").read_text() == ""

    fields = pd.read_csv(workplace.path("results/fields.csv")).set_index(["field", "run"])
    counts = fields[["n_logs", "n_found"]]
    assert counts.loc[("loop_time", "run6")].tolist() == [12, 12]
    assert counts.loc[("walltime", "run6")].tolist() == [12, 11]
    assert counts.loc[("walltime", "run4")].tolist() == [12, 12]
    page = workplace.path("results/report.html").read_text(encoding="utf-8")
    assert f"1 log incomplete: no walltime: the log ends too early ({name})" in page


def test_no_job_of_the_default_campaign_warns(default_campaign: tuple[Path, Outcome]) -> None:
    folder, _ = default_campaign
    logs = sorted((folder / "logs").rglob("*.log"))
    assert logs
    assert [log.name for log in logs if log.read_text()] == []


def mann_whitney_u(rows: pd.DataFrame) -> pd.Series:
    """Return the U of the run, of which A12 is the share of all pairs."""
    return (rows["a12"] * rows["n_run"] * rows["n_baseline"]).round(6)


def check_published_figures(folder: Path) -> None:
    """Compare tables with an independent computation (scipy, on figures of another parser)."""
    summary = (
        pd.read_csv(folder / "results/summary.csv")
        .set_index(["run", "metric", "size"])
        .sort_index()
    )
    # flux_submit is what `end_to_end_walltime_fluxsubmit` is made of in a Flux run.
    medians = summary.loc["run4", "end_to_end_walltime_fluxsubmit"]["median"]
    assert medians.round(6).to_dict() == {8: 84.785, 16: 57.575, 32: 42.71, 64: 41.295}

    variance = pd.read_csv(folder / "results/variance.csv")
    across = variance[variance["scope"] == "sizes"].set_index(["run", "metric"]).sort_index()
    walltime = across.loc[("run4", "walltime")]
    assert walltime["levene_statistic"] == pytest.approx(5.311, abs=5e-4)
    assert walltime["levene_p"] == pytest.approx(0.002235, abs=5e-7)
    cluster = across.loc[("run4", "cluster_time")]
    assert cluster["levene_statistic"] == pytest.approx(0.806, abs=5e-4)

    location = pd.read_csv(folder / "results/location.csv")
    pairs = location.set_index(["run", "baseline", "metric", "size"]).sort_index()
    run6 = pairs.loc[("run6", "run6-mpi", "loop_time")]
    assert mann_whitney_u(run6).to_dict() == {8: 52, 16: 39, 32: 24, 64: 29}
    ratios = {8: 0.957515, 16: 0.958374, 32: 0.963482, 64: 0.949528}
    assert run6["ratio"].to_dict() == pytest.approx(ratios, abs=5e-7)
    exact = pairs.loc[("run6", "run6-mpi", "walltime", 32)]
    assert exact["mann_whitney_p"] == pytest.approx(3.05e-10, rel=2e-3)


def test_the_default_campaign_shows_the_published_figures(
    default_campaign: tuple[Path, Outcome],
) -> None:
    check_published_figures(default_campaign[0])


def test_what_was_left_out_stands_in_a_table_with_its_reason(
    default_campaign: tuple[Path, Outcome],
) -> None:
    table = pd.read_csv(default_campaign[0] / "results/exclusions.csv")
    assert list(zip(table["run"], table["size"], table["rule"], strict=True)) == [
        ("run2", 64, "warm-up"),
        ("run4", 64, "warm-up"),
        ("run5", 16, "exclude"),
    ]
    assert (table["reason"] != "").all()


def secrets_in(folder: Path) -> dict[str, list[str]]:
    """Return what stands in results, figures and logs of jobs that must not be published."""
    found = {}
    for name in ("results", "img", "logs"):
        for path in sorted((folder / name).rglob("*")):
            if path.is_dir():
                continue
            if path.suffix == ".png":
                with Image.open(path) as picture:
                    text = repr(picture.info)
            elif path.suffix == ".pdf":
                # What is drawn is packed in streams, and stands in the SVG as well.
                text = re.sub(rb"stream.*?endstream", b"", path.read_bytes(), flags=re.S).decode(
                    "latin-1"
                )
            else:
                text = path.read_text("utf-8")
            if told := find_secrets(text):
                found[path.relative_to(folder).as_posix()] = [str(secret) for secret in told[:3]]
    return found


def test_nothing_that_is_published_holds_a_secret(
    default_campaign: tuple[Path, Outcome],
) -> None:
    folder, _ = default_campaign
    assert secrets_in(folder) == {}


REAL = os.environ.get("HETEROSCOPE_REAL_DATA")


@pytest.mark.skipif(not REAL, reason="HETEROSCOPE_REAL_DATA does not name the real logs")
@pytest.mark.parametrize("excluded", [True, False], ids=["as-configured", "nothing-excluded"])
def test_the_real_logs_in_their_published_folders(tmp_path: Path, excluded: bool) -> None:
    config = yaml.safe_load((Path(__file__).parent / "real.yaml").read_text())
    if not excluded:
        del config["exclude"]
        config["runs"]["run4"]["against"].append("run5")
    (tmp_path / "campaign.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    (tmp_path / "real").symlink_to(Path(str(REAL)).resolve())
    outcome = call_snakemake("tables", "--configfile", "campaign.yaml", cwd=tmp_path)
    assert outcome.status == 0, outcome.output
    assert secrets_in(tmp_path) == {}
    real = tmp_path / "real/kubecon"
    check_fields(tmp_path, {run: real / run for run in ("run2", "run4", "run5", "run6")})
    if excluded:
        check_published_figures(tmp_path)
        return
    pairs = (
        pd.read_csv(tmp_path / "results/location.csv")
        .set_index(["run", "baseline", "metric", "size"])
        .sort_index()
    )
    at_16 = pairs.xs(16, level="size").loc[("run4", "run5")]
    assert mann_whitney_u(at_16)[["loop_time", "walltime"]].to_dict() == {
        "loop_time": 360,
        "walltime": 417,
    }
    assert at_16.loc["walltime", ["shift", "shift_low", "shift_high"]].tolist() == [6, 5, 7]


def test_a_campaign_that_shares_nothing_with_the_default_one(workplace: Workplace) -> None:
    """Three sizes, seven repetitions, one run, no baseline, no meta.json, another layout."""
    for size in (1, 3, 12):
        for repetition in range(7):
            log = workplace.path(f"bench/node a/size-{size}/run-{repetition}.log")
            log.parent.mkdir(parents=True, exist_ok=True)
            seconds = 50.5 / size + repetition / 8
            log.write_bytes(
                render_lammps(
                    {
                        "lammps_version": "2 Aug 2023",
                        "loop_time": seconds,
                        "procs": 2 * size,
                        "steps": 100,
                        "atoms": 4000,
                        "timesteps_per_s": round(100 / seconds, 3),
                        "ns_per_day": 1.0,
                        "hours_per_ns": 24.0,
                        "cpu_percent": 99.0,
                        "ranks": 2 * size,
                        "threads": 1,
                        "walltime": 60.0,
                    }
                )
            )
    workplace.write_config(
        {
            "sizes": [1, 3, 12],
            "runs": {
                "workstation": {
                    "directory": "bench",
                    "logs": "{machine}/size-{size}/run-{repetition}.log",
                }
            },
        }
    )
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    summary = pd.read_csv(workplace.path("results/summary.csv"))
    loop = summary[summary["metric"] == "loop_time"].set_index("size")
    assert loop["n"].to_dict() == {1: 7, 3: 7, 12: 7}
    assert loop["median"].to_dict() == pytest.approx({1: 50.875, 3: 17.2083, 12: 4.58333}, rel=1e-5)
    assert set(summary["operator"]) == {"LAMMPS"}
    # Of the default figures, only what plain logs of one run can show is drawn.
    made = workplace.path("img").glob("*.png")
    assert {path.name.removesuffix("_lammps.png") for path in made} == {
        "walltime", "loop_time", "close_up", "efficiency", "sections",
    }  # fmt: skip


def test_the_same_input_gives_the_same_bytes_wherever_it_is_made(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch, default_campaign: tuple[Path, Outcome]
) -> None:
    folder, _ = default_campaign
    for name in ("config", "data"):
        workplace.path(name).symlink_to((folder / name).resolve())
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "4711")
    outcome = call_snakemake(cwd=workplace.folder)
    assert outcome.status == 0, outcome.output
    made = [
        path
        for name in ("results", "img")
        for path in sorted(workplace.path(name).rglob("*"))
        if path.is_file()
    ]
    # Every table, every figure in every format that is made by default, and the report.
    assert {path.suffix for path in made} == {
        ".csv",
        ".png",
        ".svg",
        ".pdf",
        ".json",
        ".html",
        ".md",
        ".txt",
    }
    assert len(made) > 50
    for path in made:
        twin = folder / path.relative_to(workplace.folder)
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_folders_of_any_name_are_read_and_run_nothing(workplace: Workplace) -> None:
    names = ["with space", 'it\'s "quoted"', "a;touch hacked", "$(touch hacked)", "-rf", "ü"]
    for name in names:
        copy_logs("run4", workplace.path("logs") / name, repetitions=2)
    runs = {f"run{number}": {"directory": f"logs/{name}"} for number, name in enumerate(names)}
    workplace.write_config({"runs": runs, "metrics": ["walltime"]})
    outcome = workplace.snakemake("results/trials.csv")
    assert outcome.status == 0, outcome.output
    trials = pd.read_csv(workplace.path("results/trials.csv"))
    assert list(trials["status"]) == ["ok"] * 12
    assert not list(workplace.folder.rglob("hacked"))


def test_a_folder_whose_name_is_a_wildcard_is_refused(workplace: Workplace) -> None:
    copy_logs("run4", workplace.path("logs/{x}"), repetitions=1)
    workplace.write_config({"runs": {"run4": {"directory": "logs"}}})
    outcome = workplace.snakemake("-n")
    assert outcome.status != 0
    assert "'logs/{x}/lmp-8-1-minicluster-size-8/log.out' holds a brace" in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("figure", ["../../outside", "a/b", "A b"])
def test_a_figure_cannot_leave_its_folder(workplace: Workplace, figure: str) -> None:
    copy_logs("run4", workplace.path("logs"), repetitions=1)
    workplace.write_config(
        {"runs": {"run4": {"directory": "logs"}}, "figures": {figure: {"metric": "walltime"}}}
    )
    outcome = workplace.snakemake("-n")
    assert outcome.status != 0
    assert "is no valid name" in outcome.output
    assert "Traceback" not in outcome.output
