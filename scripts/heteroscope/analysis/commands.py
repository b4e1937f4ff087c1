"""What a command that launched LAMMPS says: the problem, further options, where ranks are bound."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

# Flags of launchers that say where ranks go, and how many values follow each.
_BINDING = {
    "--bind-to": 1, "-bind-to": 1, "--map-by": 1, "-map-by": 1, "--rank-by": 1, "-rank-by": 1,
    "--cpu-bind": 1, "--cpu_bind": 1, "--mem-bind": 1, "--distribution": 1, "--hint": 1,
    "--cpus-per-task": 1, "-c": 1, "--cores-per-slot": 1, "--gpu-bind": 1, "--exclusive": 0,
}  # fmt: skip
_BINDING_OPTION = re.compile(r"(?:-o)?((?:cpu|gpu|mem)-(?:affinity|bind)\S*)")
_APPLICATION = re.compile(r"(?:lmp|lammps)(?:[._-].*)?", re.IGNORECASE)
# Arguments of LAMMPS that make another problem of it, and the long forms of their names.
_PROBLEM = {"-in": "-in", "-i": "-in", "-var": "-var", "-v": "-var"}


def problems(commands: Iterable[str]) -> frozenset[str]:
    """Return the arguments of LAMMPS that say what is computed."""
    return frozenset(_arguments(words, problem=True) for _, words in _split(commands))


def options(commands: Iterable[str]) -> frozenset[str]:
    """Return all other arguments of LAMMPS: packages, suffixes, output."""
    return frozenset(_arguments(words, problem=False) for _, words in _split(commands))


def bindings(commands: Iterable[str]) -> frozenset[str]:
    """Return the flags of the launcher that bind ranks to cores."""
    found = set()
    for launcher, _ in _split(commands):
        flags = []
        for place, word in enumerate(launcher):
            name, equals, _value = word.partition("=")
            if name in _BINDING:
                follow = 0 if equals else _BINDING[name]
                flags.append(" ".join(launcher[place : place + 1 + follow]))
            elif option := _BINDING_OPTION.fullmatch(word):
                flags.append(f"-o {option[1]}")
        found.add(" ".join(flags) or "none")
    return frozenset(found)


def _split(commands: Iterable[str]) -> list[tuple[list[str], list[str]]]:
    """Return the words of each command before LAMMPS, and its arguments, where it is there."""
    found = []
    for command in commands:
        try:
            words = shlex.split(command)
        except ValueError:
            continue
        programs = (PurePosixPath(word).name for word in words)
        at = next((n for n, name in enumerate(programs) if _APPLICATION.fullmatch(name)), None)
        if at is not None:
            found.append((words[:at], words[at + 1 :]))
    return found


def _arguments(words: Sequence[str], *, problem: bool) -> str:
    """Return arguments sorted by their flag, for their order makes no difference."""
    flags: list[list[str]] = []
    for word in words:
        if re.match(r"-[A-Za-z]", word) or not flags:
            flags.append([word])
        else:
            flags[-1].append(word)
    wanted = (
        [_PROBLEM.get(flag, flag), *rest] for flag, *rest in flags if (flag in _PROBLEM) == problem
    )
    return " ".join(" ".join(words) for words in sorted(wanted)) or "none"
