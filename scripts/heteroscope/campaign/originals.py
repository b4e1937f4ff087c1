"""Fetch published logs, and believe nothing but their digests."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from heteroscope.metrics import UserError

# So many times a file is asked for again, and so long an answer may stall, in s.
_RETRIES = 3
_TIMEOUT = 30.0
_AT_ONCE = 8


def read_checksums(path: str | Path) -> dict[str, str]:
    """Read a list of digests in the format of ``sha256sum``.

    Parameters
    ----------
    path
        The file: a line each of 64 hexadecimal digits, two spaces, and a relative path; lines
        that begin with # are comments.

    Returns
    -------
    dict
        SHA-256 by path.

    Raises
    ------
    UserError
        If the file is missing, or a line is not of this format.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"source.checksums: {path} cannot be read: {error.strerror}") from None
    digests = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        found = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
        if found is None or ".." in (parts := PurePosixPath(found[2]).parts) or parts[0] == "/":
            raise UserError(
                f"{path}, line {number}: expected a SHA-256, two spaces and a relative path"
            )
        digests[found[2]] = found[1]
    return digests


def fetch(
    url: str,
    digests: Mapping[str, str],
    cache: str | Path,
    targets: Iterable[str],
    directory: str | Path,
    *,
    timeout: float = _TIMEOUT,
) -> None:
    """Download files, check each, and put them in place once all are there.

    What was fetched and is right stays in the cache, so that a call that failed is taken up where
    it ended.

    Parameters
    ----------
    url
        Of the folder that the paths are relative to.
    digests
        SHA-256 by path.
    cache
        A folder for what is fetched.
    targets
        The files to make, each in `directory`.
    directory
        The folder of the files.
    timeout
        How long an answer may stall, in s.

    Raises
    ------
    UserError
        If a file cannot be fetched, or is not what its digest says.
    """
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    registry = {path: f"sha256:{digest}" for path, digest in digests.items()}
    store = pooch.create(cache, f"{url.rstrip('/')}/", registry=registry, retry_if_failed=_RETRIES)
    downloader = pooch.HTTPDownloader(timeout=timeout)

    def get(path: str) -> str:
        try:
            store.fetch(path, downloader=downloader)
        except (OSError, ValueError) as error:
            return f"{path}: {error}"
        return ""

    # pooch makes a missing folder itself, and fails if another thread was faster.
    for path in registry:
        (Path(cache) / path).parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        failed = [reason for reason in pool.map(get, registry) if reason]
    if failed:
        raise UserError(
            f"{len(failed)} of {len(registry)} files could not be fetched from {url}; "
            "what is right was kept, so call again to fetch the rest:\n  " + "\n  ".join(failed[:5])
        )
    for target in targets:
        shutil.copyfile(Path(cache) / Path(target).relative_to(directory), target)
