"""A campaign with every damage that a log can have: all of it is told, the rest is compared."""

from __future__ import annotations

import csv
import gzip
import html
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from calls import Workplace, copy_logs

from heteroscope.logs.files import LARGEST

Damage = Callable[[Path, bytes], object]


def sparse(file: Path, size: int) -> None:
    with file.open("wb") as opened:
        opened.truncate(size)


# What is done to a log, and what becomes of it: status, and the start of the reason.
DAMAGES: list[tuple[Damage, str, str]] = [
    (lambda file, _: file.write_bytes(b""), "no_output", "the log is empty"),
    (lambda file, _: file.mkdir(), "unreadable", "Is a directory"),
    (lambda file, _: file.symlink_to("nowhere"), "unreadable", "No such file or directory"),
    (lambda file, _: file.symlink_to(file.name), "unreadable", "Too many levels of symbolic links"),
    (lambda file, _: os.mkfifo(file), "unreadable", "no regular file"),
    (lambda file, log: file.write_bytes(log[:900] + bytes(99)), "unreadable", "NUL bytes in line"),
    (lambda file, _: sparse(file, LARGEST + 1), "unreadable", "larger than 256 MB"),
    (lambda file, log: file.write_bytes(gzip.compress(log)[:900]), "unreadable", "packed, and"),
    (lambda file, log: file.write_bytes(log[: len(log) // 2]), "incomplete", "line "),
    (lambda file, log: file.write_bytes(log + log), "failed", "2 LAMMPS logs stand in this file"),
    (lambda file, log: file.write_bytes(gzip.compress(log)), "ok", ""),
    (lambda file, log: file.write_bytes(lzma.compress(log)), "ok", ""),
    (lambda file, log: file.write_bytes(log.decode().encode("utf-16")), "ok", ""),
    (lambda file, log: file.write_bytes(b"\xfd\xff\xfe\n" + log), "ok", ""),
    (lambda file, log: file.write_bytes(log.replace(b"\r\n", b"\r")), "ok", ""),
]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes on this system")
def test_every_damaged_log_is_told_and_the_rest_is_compared(workplace: Workplace) -> None:
    folder = workplace.path("logs/run6")
    copy_logs("run6", folder, sizes=(8, 16), repetitions=20)
    logs = sorted(folder.glob("lmp-8-*/log.out"))
    expected = {}
    for file, (damage, status, reason) in zip(logs, DAMAGES, strict=False):
        log = file.read_bytes()
        file.unlink()
        damage(file, log)
        expected[file.parent.name] = status, reason
    (folder / "meta.json").write_text('{"times": {"minicluster-run-lmp-8-1-minicluster-size-8": ')
    workplace.write_config({"sizes": [8, 16], "runs": {"run6": {"directory": "logs/run6"}}})

    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    assert "meta.json cannot be read, and its times are missing" in outcome.output
    with workplace.path("results/parse.csv").open(newline="") as table:
        found = {row["log"].split("/")[-2]: row for row in csv.DictReader(table)}
    for name, (status, reason) in expected.items():
        assert found[name]["status"] == status, (name, found[name]["reason"])
        assert found[name]["reason"].startswith(reason), name
    others = found.keys() - expected.keys()
    assert {found[name]["status"] for name in others} == {"ok"}
    with workplace.path("results/trials.csv").open(newline="") as table:
        trials = {row["log"].split("/")[-2]: row for row in csv.DictReader(table)}
    assert trials.keys() == found.keys()
    report = html.unescape(workplace.path("results/report.html").read_text())
    for name, (status, reason) in expected.items():
        assert bool(trials[name]["excluded"]) == (status != "ok")
        if status != "ok":
            assert name in report
            assert reason in report

    assert workplace.snakemake().nothing_done
    verified = workplace.snakemake("verify")
    assert verified.status == 0
    assert "Nothing has changed" in verified.output
