"""What was read is known again, and any change of it is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from heteroscope import seen
from heteroscope.logs.files import identify


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        Path(name).write_text(name)
        os.utime(name, ns=(10**18, 10**18))
    return ["a", "b", "c"]


def read(files: list[str]) -> str:
    """Do as the job does, and return the name of the state."""
    name = seen.state(files, "notes/run").name
    seen.note("notes/run", name, {file: identify(file) for file in files})
    return name


def test_the_state_of_what_was_read_has_the_same_name(files: list[str]) -> None:
    before = seen.state(files, "notes/run")
    assert before.changed == ()
    assert read(files) == before.name
    assert seen.state(files, "notes/run") == before
    os.utime("a")
    Path("b").write_text("b")
    assert seen.state(files, "notes/run") == before
    Path("notes/run").unlink()
    os.utime("a", ns=(10**18, 10**18))
    os.utime("b", ns=(10**18, 10**18))
    assert seen.state(files, "notes/run") == before


def test_whatever_changes_is_named_until_it_is_read(files: list[str]) -> None:
    names = [read(files)]
    # As long, and written at the same time: only the entry in the file system is another.
    Path("a").write_text("A")
    os.utime("a", ns=(10**18, 10**18))
    Path("b").unlink()
    Path("d").write_text("d")
    now = ["a", "c", "d"]
    state = seen.state(now, "notes/run")
    assert state.changed == ("a", "b", "d")
    assert seen.state(now, "notes/run") == state
    names.append(read(now))
    assert seen.state(now, "notes/run").changed == ()
    # Back to what was: for those who read the second state, that is a change again.
    Path("a").write_text("a")
    names.append(read(now))
    assert len(set(names)) == 3


def test_what_cannot_be_opened_stays_the_same_until_it_can(files: list[str]) -> None:
    Path("a").unlink()
    Path("a").symlink_to("nowhere")
    name = read(files)
    assert seen.state(files, "notes/run").name == name
    Path("nowhere").write_text("")
    assert seen.state(files, "notes/run").changed == ("a",)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_damaged_notes_are_no_notes(files: list[str], content: str) -> None:
    name = read(files)
    Path("notes/run").write_text(content)
    assert seen.state(files, "notes/run").name == name
