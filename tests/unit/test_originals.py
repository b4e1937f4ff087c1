"""Fetching published files from a server that lies, stalls, truncates and forgets."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from heteroscope.campaign import campaign, originals
from heteroscope.metrics import UserError

FILES = {f"run/{number}/log.out": f"log {number}\r\n".encode() * 50 for number in range(12)}
DIGESTS = {path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()}


@dataclass
class Server:
    """A server on loopback, and the faults that it has in store, by path, one an answer."""

    url: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/base/")
            state.asked.append(path)
            fault = state.faults[path].pop(0) if state.faults.get(path) else ""
            content = FILES.get(path)
            if fault == "unavailable" or content is None:
                self.send_error(503 if content else 404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if fault == "stalls":
                time.sleep(1.5)
            elif fault == "lies":
                self.wfile.write(content.replace(b"log", b"lie"))
            elif fault == "truncates":
                self.wfile.write(content[: len(content) // 2])
            else:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    state.url = f"http://127.0.0.1:{http.server_port}/base"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield state
    http.shutdown()
    http.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, where a user's call would wait a few seconds first."""
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def targets(tmp_path: Path) -> list[Path]:
    """Return the files to make, whose folders exist, as in a job."""
    paths = [tmp_path / "original" / path for path in FILES]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    return paths


def fetch(server: Server, folder: Path, targets: list[Path]) -> None:
    originals.fetch(
        server.url,
        DIGESTS,
        folder / "cache",
        map(str, targets),
        str(folder / "original"),
        timeout=0.5,
    )


def made(folder: Path) -> dict[str, bytes]:
    root = folder / "original"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_every_file_is_fetched_and_put_in_its_place(
    server: Server, tmp_path: Path, targets: list[Path]
) -> None:
    fetch(server, tmp_path, targets)
    assert made(tmp_path) == FILES


def test_threads_do_not_race_for_a_folder(
    server: Server, tmp_path: Path, targets: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_was_faster(path: str, *_: object, **__: object) -> None:
        raise FileExistsError(path)

    monkeypatch.setattr("os.makedirs", another_was_faster)
    fetch(server, tmp_path, targets)
    assert made(tmp_path) == FILES


@pytest.mark.parametrize("fault", ["unavailable", "stalls", "lies", "truncates"])
def test_a_fault_that_passes_is_survived(
    server: Server, tmp_path: Path, targets: list[Path], fault: str
) -> None:
    server.faults["run/3/log.out"] = [fault]
    fetch(server, tmp_path, targets)
    assert made(tmp_path) == FILES
    assert server.asked.count("run/3/log.out") == 2


@pytest.mark.parametrize("fault", ["unavailable", "lies", "truncates"])
def test_a_fault_that_stays_is_told_leaves_no_partial_file_and_is_taken_up_again(
    server: Server, tmp_path: Path, targets: list[Path], fault: str
) -> None:
    server.faults["run/3/log.out"] = [fault] * 4
    with pytest.raises(UserError, match=r"1 of 12 files could not be fetched.*\n  run/3/log.out"):
        fetch(server, tmp_path, targets)
    assert made(tmp_path) == {}
    cached = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(cached) == len(FILES) - 1
    assert all(path.read_bytes() in FILES.values() for path in cached)

    server.asked.clear()
    fetch(server, tmp_path, targets)
    assert server.asked == ["run/3/log.out"]
    assert made(tmp_path) == FILES


@pytest.mark.parametrize(
    "line", ["abc  run/log.out", f"{'0' * 64}  ../etc/passwd", f"{'0' * 64}  /etc/passwd", "x" * 70]
)
def test_a_list_of_digests_that_is_none_names_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "sums"
    path.write_text(f"{'0' * 64}  a/log.out\n{line}\n")
    with pytest.raises(UserError, match="line 2: expected a SHA-256"):
        originals.read_checksums(path)


def test_a_missing_list_of_digests_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"source\.checksums: .* cannot be read"):
        originals.read_checksums(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "logs"),
    [
        # As published: 20 trials at 4 sizes; run2 has 30 at 32 nodes, and a warm-up.
        ("usernetes", {"bare-metal": 80, "container": 80, "usernetes": 80}),
        ("original", {"run2": 91, "run6-mpi": 80}),
    ],
)
def test_a_shipped_campaign_knows_its_logs_before_they_are_fetched(
    name: str, logs: dict[str, int]
) -> None:
    root = Path(__file__).resolve().parents[2]
    config = yaml.safe_load((root / "config" / f"{name}.yaml").read_text(encoding="utf-8"))
    runs = campaign.load(config, root).runs
    assert {run: len(runs[run].logs) for run in logs} == logs
