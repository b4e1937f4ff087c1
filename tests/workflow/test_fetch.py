"""The published logs, fetched by the workflow itself from a server on loopback."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
import yaml
from calls import REPOSITORY, Workplace, copy_logs

from heteroscope.campaign.originals import read_checksums

REAL = os.environ.get("HETEROSCOPE_REAL_DATA")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder that a server on loopback publishes, and its address."""
    folder = tmp_path / "published"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=os.fspath(folder))
    )
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


def sums(folder: Path) -> str:
    """Return the digests of a folder, as sha256sum prints them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def test_logs_are_fetched_checked_and_then_read(
    workplace: Workplace, served: tuple[Path, str]
) -> None:
    folder, url = served
    copy_logs("run4", folder / "run4/deep", repetitions=3)
    workplace.path("sums").write_text(sums(folder))
    workplace.write_config(
        {
            "source": {"url": url, "checksums": "sums", "directory": "original"},
            "runs": {"run4": {"directory": "original/run4"}},
            "metrics": ["walltime"],
        }
    )
    log = folder / "run4/deep/lmp-8-2-minicluster-size-8/log.out"
    right = log.read_bytes()
    log.write_bytes(right.replace(b"Total", b"Totem"))
    outcome = workplace.snakemake("results/trials/run4.csv")
    assert outcome.status != 0
    assert "1 of 4 files could not be fetched" in outcome.output
    assert not list(workplace.path("original").rglob("log.out"))

    log.write_bytes(right)
    outcome = workplace.snakemake("results/trials/run4.csv")
    assert outcome.status == 0, outcome.output
    trials = pd.read_csv(workplace.path("results/trials/run4.csv"))
    assert list(trials["status"]) == ["ok"] * 3
    assert workplace.snakemake("results/trials/run4.csv").nothing_done


@pytest.mark.skipif(not REAL, reason="HETEROSCOPE_REAL_DATA does not name the real logs")
def test_the_list_of_published_digests_fits_the_logs_at_hand() -> None:
    """But for logs whose secret keys were made unreadable, which changes their digest."""
    folder = Path(str(REAL)) / "kubecon"
    digests = read_checksums(REPOSITORY / "config/original.sha256")
    assert len(digests) == 379
    for path, digest in digests.items():
        content = (folder / path).read_bytes()
        if b"secret-key" not in content:
            assert hashlib.sha256(content).hexdigest() == digest, path


def test_the_configuration_of_the_originals_plans_the_whole_campaign(workplace: Workplace) -> None:
    workplace.path("config").symlink_to(REPOSITORY / "config")
    config = yaml.safe_load((REPOSITORY / "config/original.yaml").read_text())
    workplace.write_config(config)
    outcome = workplace.snakemake("tables", "-n")
    assert outcome.status == 0, outcome.output
    assert outcome.jobs["fetch_originals"] == 1
    assert outcome.jobs["parse_run"] == len(config["runs"]) == 6
