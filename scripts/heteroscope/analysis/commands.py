"""What a command that launched LAMMPS says: the problem, further options, where ranks are bound."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
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


def facts(command: str) -> dict[str, str]:
    """Return what a command says; nothing where LAMMPS is not named.

    ``input`` are the arguments of LAMMPS that say what is computed, ``options`` all others
    (packages, suffixes, output), and ``binding`` the flags of the launcher that bind ranks.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return {}
    programs = (PurePosixPath(word).name for word in words)
    at = next((n for n, name in enumerate(programs) if _APPLICATION.fullmatch(name)), None)
    if at is None:
        return {}
    return {
        "input": _arguments(words[at + 1 :], problem=True),
        "options": _arguments(words[at + 1 :], problem=False),
        "binding": _binding(words[:at]),
    }


def _arguments(words: Sequence[str], *, problem: bool) -> str:
    """Return arguments sorted by their flag, for their order makes no difference."""
    flags: list[list[str]] = []
    for word in words:
        if re.match(r"-[A-Za-z]", word) or not flags:
            flags.append([_PROBLEM.get(word, word)])
        else:
            flags[-1].append(word)
    wanted = sorted(flag for flag in flags if (flag[0] in _PROBLEM) == problem)
    return " ".join(word for flag in wanted for word in flag) or "none"


def _binding(launcher: Sequence[str]) -> str:
    flags = []
    for place, word in enumerate(launcher):
        name, equals, _value = word.partition("=")
        if name in _BINDING:
            follow = 0 if equals else _BINDING[name]
            flags.append(" ".join(launcher[place : place + 1 + follow]))
        elif option := _BINDING_OPTION.fullmatch(word):
            flags.append(f"-o {option[1]}")
    return " ".join(flags) or "none"
