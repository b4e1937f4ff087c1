"""Files as they lie on disk become the bytes of a log, or a reason why they cannot."""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

MEGABYTE = 1 << 20
# A log of a benchmark has kilobytes.  What is larger was most likely not meant to be one.
LARGEST = 256 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it lies on disk.

    Attributes
    ----------
    bytes
        Its size; None if there is no regular file, or none that may be read.
    written, moved
        When its contents and its entry in the file system last changed, in ns.
    sha256
        Its digest; empty where there is no size, or one that no log has.
    """

    bytes: int | None = None
    written: int = 0
    moved: int = 0
    sha256: str = ""


class UnreadableError(Exception):
    """A file that cannot be a log; its words say why, and `source` which file it was."""

    def __init__(self, reason: str, source: Source = Source()) -> None:
        super().__init__(reason)
        self.source = source


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a file.

    Attributes
    ----------
    text
        Its bytes, unpacked, in UTF-8 without a byte order mark.
    source
        The file itself.
    """

    text: bytes
    source: Source


# How what is packed is opened, by its first bytes.
_PACKED: Mapping[bytes, Callable[[IO[bytes]], io.BufferedIOBase]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"BZh": bz2.BZ2File,
    b"\x28\xb5\x2f\xfd": lambda file: _zstd().ZstdFile(file),
}
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(path: str | Path, largest: int = LARGEST) -> Content:
    """Read a log.

    Parameters
    ----------
    path
        A file: plain, or packed by gzip, xz, bzip2 or zstd, which its first bytes tell and not
        its name.
    largest
        How many bytes it may have, as it lies on disk and unpacked.

    Raises
    ------
    UnreadableError
        If it is no regular file, too large, damaged, or no text.
    """
    try:
        with _opened(path) as (file, status):
            if status.st_size > largest:
                raise UnreadableError(_too_large(largest), _source(status, ""))
            data = _read_whole(file, status.st_size)
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from None
    source = _source(status, hashlib.sha256(data).hexdigest())
    try:
        return Content(_decode(_unpack(data, largest)), source)
    except UnreadableError as error:
        raise UnreadableError(str(error), source) from None


def identify(path: str | Path) -> Source:
    """Return which file lies under a path, whether or not it can be a log."""
    try:
        with _opened(path) as (file, status):
            return _source(status, _digest(file) if status.st_size <= LARGEST else "")
    except (OSError, UnreadableError):
        return Source()


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[int, os.stat_result]]:
    # `open` takes thrice the time for a file of kilobytes.  A pipe without a writer would be
    # waited for without end.
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("no regular file")
        yield file, status
    finally:
        os.close(file)


def _digest(file: int) -> str:
    with open(file, "rb", closefd=False) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _source(status: os.stat_result, digest: str) -> Source:
    return Source(status.st_size, status.st_mtime_ns, status.st_ctime_ns, digest)


def _read_whole(file: int, size: int) -> bytes:
    # One byte more than there should be tells that this is all, unless the file is being written.
    data = os.read(file, size + 1)
    while more := len(data) != size and os.read(file, MEGABYTE):
        data += more
    return data


def _too_large(largest: int) -> str:
    return f"larger than {largest / MEGABYTE:.0f} MB"


def _zstd() -> ModuleType:
    """Return the module that unpacks zstd, which Python has from 3.14 on."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _unpack(data: bytes, largest: int) -> bytes:
    for start, opened in _PACKED.items():
        if data.startswith(start):
            try:
                data = opened(io.BytesIO(data)).read(largest + 1)
            except Exception as error:  # each of the packers has errors of its own
                raise UnreadableError(f"packed, and damaged: {error}") from None
            break
    if len(data) > largest:
        raise UnreadableError(_too_large(largest))
    return data


def _decode(data: bytes) -> bytes:
    if data.startswith(_UTF_16):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            raise UnreadableError("begins like UTF-16, and is not") from None
    data = data.removeprefix(_BOM)
    if (where := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, where) + 1
        raise UnreadableError(
            f"NUL bytes in line {line}: no text, or a part of it was never written"
        )
    return data
