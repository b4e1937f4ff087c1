"""Files as they lie on disk: packed, encoded, damaged, or no files at all."""

import bz2
import gzip
import hashlib
import lzma
import os
import sys
import tracemalloc

import pytest

from heteroscope.logs import READERS
from heteroscope.logs.files import MEGABYTE, UnreadableError, identify, read_file

read = READERS["lammps"].read

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = "LAMMPS (29 Sep 2021)\nTotal wall time: 0:01:00\nƒ\n"


def reason_of(path, **options):
    with pytest.raises(UnreadableError) as caught:
        read_file(path, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        gzip.compress(TEXT.encode()),
        lzma.compress(TEXT.encode()),
        bz2.compress(TEXT.encode()),
        zstd.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("utf-16")),
    ],
    ids=["plain", "BOM", "UTF-16", "UTF-16 BE", "gzip", "xz", "bzip2", "zstd", "gzip of UTF-16"],
)
def test_a_log_is_read_whatever_it_is_packed_in(tmp_path, data):
    file = tmp_path / "log.out"
    file.write_bytes(data)
    content = read_file(file)
    assert content.text.decode() == TEXT
    assert content.source.bytes == len(data)
    assert content.source.sha256 == hashlib.sha256(data).hexdigest()
    assert identify(file) == content.source


def test_what_is_no_utf_8_is_still_a_log(tmp_path):
    file = tmp_path / "log.out"
    file.write_bytes(b"\xff\x80 caf\xe9\n" + TEXT.encode())
    assert read(read_file(file).text, {})[0].figures["walltime"] == 60.0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\nb\n\0\0\0c\n", "NUL bytes in line 3: no text, or a part of it was never written"),
        (TEXT.encode("utf-16-le"), "NUL bytes in line 1"),
        (TEXT.encode("utf-32"), "NUL bytes in line 1"),
        (b"\xff\xfea", "begins like UTF-16, and is not"),
        (gzip.compress(TEXT.encode())[:-9], "packed, and damaged"),
        (gzip.compress(TEXT.encode())[:-1] + b"x", "packed, and damaged"),
        (lzma.compress(TEXT.encode())[:-9], "packed, and damaged"),
        (lzma.compress(TEXT.encode())[:-1] + b"x", "packed, and damaged"),
        (b"\x1f\x8b", "packed, and damaged"),
        (zstd.compress(TEXT.encode())[:-4], "packed, and damaged"),
        (zstd.compress(TEXT.encode())[:9] + b"x" * 20, "packed, and damaged"),
    ],
    ids=[
        *("NUL", "UTF-16 without BOM", "UTF-32", "odd UTF-16", "gzip cut", "gzip damaged"),
        *("xz cut", "xz damaged", "gzip header", "zstd cut", "zstd damaged"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path, data, reason):
    file = tmp_path / "log.out"
    file.write_bytes(data)
    assert reason in reason_of(file)


def test_what_is_no_file_is_refused_with_the_reason(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    assert reason_of(tmp_path / "missing") == "No such file or directory"
    assert reason_of(tmp_path / "dangling") == "No such file or directory"
    assert reason_of(tmp_path / "loop") == "Too many levels of symbolic links"
    assert reason_of(tmp_path / "folder") == "Is a directory"
    assert reason_of(tmp_path / "pipe") == "no regular file"
    assert reason_of("/dev/zero") == "no regular file"


def test_a_file_without_permission_is_refused_with_the_reason(tmp_path, monkeypatch):
    file = tmp_path / "log.out"
    file.write_text(TEXT)

    # Whoever runs the tests may be allowed everything.
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert reason_of(file) == "Permission denied"


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "log.out"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert reason_of(file) == "larger than 256 MB"
    file.write_bytes(gzip.compress(b"x" * (2 * MEGABYTE)))
    assert reason_of(file, largest=MEGABYTE) == "larger than 1 MB"


@pytest.mark.parametrize("line", [b"x" * 70 + b"\n", b"\n", b" 1 2\n", b"x" * 500_000])
def test_a_large_log_needs_memory_for_one_line_at_a_time(line):
    data = b"LAMMPS (x)\n" + line * (500_000 // len(line))
    read(data[:1000], {})  # patterns are compiled once
    tracemalloc.start()
    read(data, {})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000 + 3 * len(line)
