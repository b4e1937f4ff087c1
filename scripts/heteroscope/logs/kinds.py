"""What a placeholder in the template of a line matches, and what becomes of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from heteroscope.metrics import Figure
from heteroscope.redaction import redact

Converter = Callable[[bytes], Figure | None]

# Every repetition is bounded, and none can give to the next what it took: no line, whatever stands
# in it, takes more than linear time, and no number is too large for its type.  Two points in a
# number pass the pattern, which is the simpler for it, and fail in `float`.
_NUMBER = rb"[\d.]{1,24}(?:[eE][-+]?\d{1,2})?"
_UNITS = {
    **{b"ns": 1e-9, b"us": 1e-6, b"ms": 1e-3, b"s": 1.0},
    **{b"m": 60.0, b"min": 60.0, b"h": 3600.0, b"d": 86400.0},
}
_MILLIONS = {b"": 1e-6, b"k": 1e-3, b"M": 1.0, b"G": 1e3, b"T": 1e6}


def _clock(text: bytes) -> float:
    """Seconds of ``H:MM:SS``, ``M:SS.cc`` or ``H:MM:SS.cc``; an hour is 3600 s."""
    *hours, minutes, seconds = text.split(b":")
    total = 60 * int(minutes) + float(seconds)
    # At most hundredths are printed: the sum must equal the decimal number that stands there.
    return round(total + 3600 * int(hours[0]) if hours else total, 2)


def _posix_time(text: bytes) -> float:
    """Seconds of what ``time`` prints: ``36.57``, ``0m36.570s`` or ``1h2m3.5s``."""
    total = 0.0
    for value, unit in re.findall(rb"([\d.]+)([hms]?)", text):
        total += float(value) * _UNITS[unit or b"s"]
    return round(total, 6)


def _real(text: bytes) -> float:
    """Return a number as any program prints it; Fortran writes ``1.5D+03``."""
    value = float(text.translate(bytes.maketrans(b"dD", b"ee")))
    if not math.isfinite(value):
        raise ValueError
    return value


def _watch(text: bytes) -> float:
    """Seconds of ``M:SS``, ``H:MM:SS``, ``D-HH:MM:SS``, each with decimals or without."""
    days, _, clock = text.rpartition(b"-")
    *hours, minutes, seconds = clock.split(b":")
    total = 86400 * int(days or 0) + sum(3600 * int(hour) for hour in hours) + 60 * int(minutes)
    return round(total + float(seconds), 9)


def _span(text: bytes) -> float:
    """Seconds of a duration in parts, each with its unit: ``1h2m3.5s``, ``250 ms``."""
    parts = re.findall(rb"([\d.]+) ?([a-z]+)", text.replace("µ".encode(), b"u"))
    return round(sum(float(value) * _UNITS[unit] for value, unit in parts), 12)


def _duration(text: bytes) -> float:
    """Seconds of a duration with its unit: ``47.8813ms``, ``1.53267m``."""
    value = text.rstrip(b"abcdefghijklmnopqrstuvwxyz")
    return round(float(value) * _UNITS[text[len(value) :]], 12)


def _rate(text: bytes) -> float:
    """Millions of atom-steps per second: of ``14.297 katom-step/s``, 0.014297."""
    value, unit = text.split()
    return round(float(value) * _MILLIONS[unit.removesuffix(b"atom-step/s")], 9)


def _threads(text: bytes) -> int:
    """Threads of each rank; a LAMMPS that was built without OpenMP says ``no``."""
    return 1 if text == b"no" else int(text)


# The same ids and commands stand in a log again and again.
@lru_cache(maxsize=4096)
def _text(text: bytes) -> str:
    # What a log says in words is redacted as it is read, so that nothing raw gets any further.
    return redact(text.decode("utf-8", "replace"))


def _spread(text: bytes) -> float | None:
    """Return the spread of a section over the ranks, which was nan where there was none."""
    return None if b"n" in text else float(text)


def moment(text: bytes | float) -> str:
    """Return when seconds of UNIX were, in ISO 8601 (UTC).

    >>> moment(1724600089.3808329)
    '2024-08-25T15:34:49.380833'
    """
    return datetime.fromtimestamp(float(text), UTC).isoformat().removesuffix("+00:00")


def _grid(text: bytes) -> str:
    """``47 by 4 by 8`` as ``47x4x8``."""
    return text.decode().replace(" by ", "x")


# What a shell says of its child, and how it says so in some of its languages.
SIGNALS = {
    "segmentation fault": (
        *("Segmentation fault", "Speicherzugriffsfehler", "Erreur de segmentation", "段错误"),
        *("Violación de segmento", "Errore di segmentazione", "Falha de segmentação"),
        "Ошибка сегментирования",
    ),
    "killed": ("Killed", "Getötet", "Processus arrêté", "已杀死"),
    "aborted": ("Aborted", "Abgebrochen", "Abandon", "Abortado", "已放弃"),
    "bus error": ("Bus error", "Bus-Zugriffsfehler", "Erreur du bus"),
    "illegal instruction": ("Illegal instruction", "Ungültiger Maschinenbefehl"),
    "floating point exception": ("Floating point exception", "Gleitkomma-Ausnahme"),
}
_ENDED = {**SIGNALS, "terminated": ("Terminated", "Beendet", "Complété", "Terminado", "已终止")}
_UNFOUND = {
    "command not found": (
        *("command not found", "command not found...", "Kommando nicht gefunden.", "未找到命令"),
        *("Befehl nicht gefunden.", "commande introuvable", "comando no encontrado"),
        *("orden no encontrada", "comando non trovato", "comando não encontrado"),
        *("команда не найдена", "コマンドが見つかりません"),
    ),
    "not found": ("not found",),
    "no such file or directory": (
        *("No such file or directory", "Datei oder Verzeichnis nicht gefunden"),
        *("Aucun fichier ou dossier de ce type", "No existe el fichero o el directorio"),
        *("没有那个文件或目录", "Нет такого файла или каталога"),
    ),
    "permission denied": (
        *("Permission denied", "Keine Berechtigung", "Permission non accordée"),
        *("Permiso denegado", "权限不够"),
    ),
    "cannot execute binary file: exec format error": (
        "cannot execute binary file: Exec format error",
    ),
    "cannot execute: required file not found": ("cannot execute: required file not found",),
}


def _said(words: Mapping[str, tuple[str, ...]]) -> tuple[bytes, Converter]:
    """Return the pattern of words, and what tells them in English."""
    told = {word.encode(): english for english, spelled in words.items() for word in spelled}
    return b"|".join(map(re.escape, sorted(told, key=len, reverse=True))), told.__getitem__


@dataclass(frozen=True, slots=True)
class Kind:
    """How a placeholder is matched and converted.

    Attributes
    ----------
    pattern
        What it matches.
    convert
        Makes a figure of it; raises ValueError for what looks right and is not.
    numeric
        It holds a number, so that a line that lacks it is garbled.
    """

    pattern: bytes
    convert: Converter
    numeric: bool = True


# What is longer than this is no line of ours, and the rest of it not worth the time.
LONGEST = 1 << 16
_ANY = rb".{0,%d}" % (2 * LONGEST)
# What stands for any words, and for one that is not looked at, in a template of a user's.
ANY, MARK = "any", "mark"
_WORD = rb"\S{1,%d}" % (2 * LONGEST)

# Each pattern demands as many digits as the program prints: a line that was cut short must not be
# read as another number.  A number has no sign unless its kind says so: times and counts are never
# negative.
KINDS: Mapping[str, Kind] = {
    "integer": Kind(rb"\d{1,18}", int),
    "number": Kind(_NUMBER, float),
    "signed": Kind(rb"-?" + _NUMBER, float),
    "numbers": Kind(rb"[-+.,\dEe naif]{1,%d}" % LONGEST, _text, numeric=False),
    "clock": Kind(rb"\d{1,6}:[0-5]\d:[0-5]\d", _clock),
    "elapsed": Kind(rb"\d{1,6}:[0-5]\d(?:\.\d\d|:[0-5]\d)", _clock),
    "posix": Kind(
        rb"\d{1,9}\.\d\d|(?:\d{1,6}h)?\d{1,6}m\d{1,6}\.\d{1,9}s",
        _posix_time,
    ),
    "duration": Kind(_NUMBER + rb"(?:us|ms|s|m|h|d)", _duration),
    "rate": Kind(_NUMBER + rb" [kMGT]?atom-step/s", _rate),
    "spread": Kind(_NUMBER + rb"|-?nan", _spread),
    "unix": Kind(rb"1\d{9}(?:\.\d{1,9})?", moment, numeric=False),
    "threads": Kind(rb"\d{1,6}|no", _threads),
    "grid": Kind(rb"\d{1,9} by \d{1,9} by \d{1,9}", _grid),
    # The names of a table's columns, and no sentence: `Step 2: equilibration`.
    "columns": Kind(rb"[^\W\d][^ :]{0,200}(?: [^\W\d][^ :]{0,200}){0,400}", _text, numeric=False),
    "signal": Kind(*_said(_ENDED), numeric=False),
    "unfound": Kind(*_said(_UNFOUND), numeric=False),
    "killed": Kind(rb"[Kk]ill", _text, numeric=False),
    "failure": Kind(rb"[1-9]\d{0,8}", int),
    # An error of LAMMPS, and not one of the loader, of modules, POE or GitLab.
    "complaint": Kind(
        rb"(?!ld\.so: |Job failed: |0031-\d|Unable to locate a modulefile|Module )\S(?:"
        + _ANY
        + rb"\S)?",
        _text,
        numeric=False,
    ),
    "name": Kind(rb"[\w.-]{1,%d}" % LONGEST, _text, numeric=False),
    "word": Kind(_WORD, _text, numeric=False),
    "text": Kind(rb"\S(?:" + _ANY + rb"\S)?", _text, numeric=False),
    "rest": Kind(_ANY, _text, numeric=False),
    # Of declared applications.
    "real": Kind(rb"[-+]?(?:\d{1,24}(?:\.\d{0,24})?|\.\d{1,24})(?:[eEdD][-+]?\d{1,3})?", _real),
    "watch": Kind(rb"(?:\d{1,4}-)?(?:\d{1,6}:)?\d{1,6}:[0-5]\d(?:\.\d{0,9})?", _watch),
    "span": Kind(rb"(?:\d[\d.]{0,23} ?(?:ns|us|\xc2\xb5s|ms|s|min|m|h|d) ?){1,6}", _span),
    MARK: Kind(rb"\S{1,256}", _text, numeric=False),
    ANY: Kind(rb".{0,%d}" % LONGEST, _text, numeric=False),
    # What follows a whole word, if anything: `realloc` is no claim to be `real`.
    "claim": Kind(rb"(?:\W" + _ANY + rb")?", _text, numeric=False),
}
