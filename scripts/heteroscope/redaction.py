"""Take out of a text what must never be published: keys, addresses, host names, paths.

Each kind of what is private is one `Rule`.  `redact` replaces what the rules match, `find_secrets`
tells of it; both follow the same rules, so that what has been redacted has no findings.
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from heteroscope.metrics import UserError

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of what must not be published.

    Attributes
    ----------
    name
        What it is, in words.
    pattern
        What it looks like.  Repetitions are bounded: no pattern may take more than linear time.
    replace
        Makes what is published of a match; the match itself where it is harmless.
    hints
        A text that holds none of these has no match, which is the quicker to see.
    """

    name: str
    pattern: re.Pattern[str]
    replace: Callable[[Match], str]
    hints: tuple[str, ...]


def _always(text: str) -> Callable[[Match], str]:
    return lambda _: text


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _value(match: Match) -> str:
    """Keep the name of what is assigned."""
    return f"{match['name']}[secret]"


def _ipv4(match: Match) -> str:
    return "[address]" if all(int(part) < 256 for part in match[0].split(".")) else match[0]


def _ipv6(match: Match) -> str:
    # Times of day have colons, too, but are no addresses.
    text = match[0]
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return text
    return "[address]" if any(char.isdigit() for char in text) else text


def _last_part(match: Match) -> str:
    """Keep the last part of a path, which says what was run; what comes before says where."""
    parts = [part for part in re.split(r"[/\\]", match[0]) if part]
    if len(parts) < 2:
        return match[0]
    # The last part of a home folder is the name of a person.
    return "[home]" if parts[-2].lower() in _HOMES else parts[-1]


def _names_host(pattern: str, *hints: str) -> Rule:
    """Return the rule that keeps what stands before the name of a host."""
    return Rule("host name", re.compile(pattern), lambda match: f"{match['name']}[host]", hints)


_DOMAIN = r"(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_IN_PATH = r"[^\s/:=,;'\"<>|()\[\]{}\\]"
_LONG = "{1,4096}"
_HOMES = ("home", "homes", "user", "users")
# A name that is no number.
_NAME = r"(?=[\w.-]{0,80}[A-Za-z])[\w.-]{1,80}"

RULES = (
    Rule(
        "private key",
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,100000}(?:-----END [A-Z ]{0,40}-----)?"
        ),
        _always("[secret]"),
        ("PRIVATE KEY",),
    ),
    Rule(
        "credentials in an address",
        re.compile(r"(?<=://)[^\s/@:\"']{1,64}:[^\s/@:\"']{1,64}(?=@)"),
        _always("[secret]"),
        ("://",),
    ),
    Rule(
        "key of a cloud or a service",
        re.compile(
            r"\b(?:(?:AKIA|ASIA|AIDA|AROA|AGPA)[A-Z0-9]{16}\b"
            r"|gh[opsru]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,255}"
            r"|AIza[\w-]{35}|ya29\.[\w-]{20,2000}|xox[abprs]-[\w-]{10,255}"
            r"|hf_[A-Za-z0-9]{30,255}|dckr_pat_[\w-]{20,255}|sk-[\w-]{20,255})"
        ),
        _always("[secret]"),
        _words(
            "AKIA ASIA AIDA AROA AGPA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- AIza ya29. xox "
            "hf_ dckr_ sk-"
        ),
    ),
    Rule(
        "token",
        re.compile(
            # What may stand before it in one word is bounded, or it would be looked for again and
            # again.
            r"(?<![\w-])(?P<name>(?:\w{1,40}-){0,4})"
            r"eyJ[\w-]{4,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,4000})?"
        ),
        _value,
        ("eyJ",),
    ),
    Rule(
        "token",
        re.compile(r"(?P<name>\b[Bb]earer\s{1,3})[\w.~+/=-]{8,8000}"),
        _value,
        ("earer",),
    ),
    Rule(
        "key or password",
        re.compile(
            r"(?P<name>(?:(?:secret|public|private|access|account|api)[-_ ]?(?:access[-_ ]?)?key"
            r"|secret|token|passw(?:or)?d|credentials?)[\w-]{0,40}[\"']?\s{0,3}[=:]\s{0,3})"
            r"(?:\"[^\"\n]{1,4000}\"|'[^'\n]{1,4000}'|(?!\d{1,4000}\b|\[)[^\s\"',;]{4,4000})",
            re.IGNORECASE,
        ),
        _value,
        ("=", ":"),
    ),
    Rule(
        # Z85: forty characters, of which some are of no other code.
        "CURVE key",
        re.compile(
            r"(?<=[\"'])(?=[^\"']{0,39}[A-Z])(?=[^\"']{0,39}[a-z])(?=[^\"']{0,39}[0-9])"
            r"(?=[^\"']{0,39}[*^!?&<>()\[\]{}@%$#+=])"
            r"[0-9a-zA-Z.:+=^!/*?&<>()\[\]{}@%$#-]{40}(?=[\"'])"
        ),
        _always("[secret]"),
        ('"', "'"),
    ),
    Rule(
        "e-mail address",
        # `openmpi@4.1.5` is a version: a domain ends in letters.  Several in a chain are one match.
        re.compile(
            rf"(?<![\w.+-])[\w.+-]{{1,1000}}@{_DOMAIN}(?:[\w.+-]{{0,1000}}@{_DOMAIN}){{0,1000}}"
        ),
        _always("[e-mail]"),
        ("@",),
    ),
    Rule(
        "account of AWS",
        re.compile(r"(?P<name>\barn:aws[\w-]{0,20}:[\w-]{0,40}:[\w-]{0,40}:)\d{12}\b"),
        lambda match: f"{match['name']}[account]",
        ("arn:aws",),
    ),
    Rule(
        "host name",
        re.compile(
            r"(?<![\w.-])(?:[\w-]{1,255}\.){1,30}(?:internal|local|amazonaws\.com|googleusercontent\.com"
            r"|cloudapp\.azure\.com|azmk8s\.io)(?![\w-])"
            r"|\bip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}\b"
            r"|(?<![\w.-])(?:gke|aks)-[\w-]{8,80}(?![\w.-])"
            r"|(?<![\w-])i-[0-9a-f]{17}(?![\w-])"
        ),
        _always("[host]"),
        _words("ip- internal local amazonaws googleusercontent azm azure gke- aks- i-"),
    ),
    # As UCX, Open MPI, Slurm, Flux and mpirun write it before or into what they say.
    _names_host(
        rf"(?P<name>\[){_NAME}(?=(?::\d{{1,9}}){{0,2}}:\d{{2,9}}(?::\d{{1,9}}){{0,2}}\])", "["
    ),
    _names_host(rf"(?P<name>\bsrun: (?:error|warning): ){_NAME}(?=: tasks? )", "srun: "),
    _names_host(
        rf"(?P<name>(?:\*\*\* (?:JOB|STEP) \S{{1,40}} ON |\bNode failure on "
        rf"|\bwith PID \d{{1,9}} on (?:node|host) |\brank \d{{1,9}} \(on "
        rf"|\bflux-shell\[\d{{1,9}}\]: {{1,9}}[A-Z]{{1,9}}: host )){_NAME}",
        *(" ON ", "failure on ", "with PID ", " (on ", ": host "),
    ),
    _names_host(
        r"(?P<name>\b(?:SLURM\w{0,20}_NODELIST|SLURMD_NODENAME|HOSTNAME|PBS_O_HOST|LSB_HOSTS)=)"
        r"[^\s;]{1,4000}",
        *("NODE", "HOST"),
    ),
    Rule(
        "host name",
        re.compile(
            r"(?P<name>\"(?:hostlist|nodelist|hostname|nodename|hosts|nodes)\"\s{0,9}:\s{0,9})"
            r"(?:\[\s{0,9}(?:\"[^\"\n]{0,4000}\"[\s,]{0,9}){1,100000}\]|\"[^\"\n]{1,4000}\")"
        ),
        lambda match: f'{match["name"]}"[host]"',
        ("host", "node"),
    ),
    Rule(
        "user name",
        re.compile(r"(?P<name>\b(?:USER|LOGNAME|USERNAME|SUDO_USER)=)[^\s;]{1,400}"),
        lambda match: f"{match['name']}[user]",
        ("USER", "LOGNAME"),
    ),
    Rule(
        "address",
        re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)"),
        _ipv4,
        (".",),
    ),
    Rule(
        "address",
        re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"),
        _ipv6,
        (":",),
    ),
    Rule(
        "absolute path",
        re.compile(
            rf"(?:(?<![\w.~/<])|(?<=:/{{2}}))~?/(?:{_IN_PATH}{_LONG}/){_LONG}{_IN_PATH}{{0,4096}}"
            rf"|\b[A-Za-z]:\\(?:{_IN_PATH}{_LONG}\\){_LONG}{_IN_PATH}{{0,4096}}"
        ),
        _last_part,
        ("/", "\\"),
    ),
)


# Two are usual: the second finds nothing.
_PASSES = 10


def redact(text: str) -> str:
    """Return the text without keys, addresses, host names and absolute paths.

    >>> redact("/opt/view/bin/orted --host ip-10-0-0-1.us-east-2.compute.internal")
    'orted --host [host]'
    """
    # What is left where something was taken out can look private again, once its ends have met.
    for _ in range(_PASSES):
        before = text
        for rule in RULES:
            if any(hint in text for hint in rule.hints):
                text = rule.pattern.sub(rule.replace, text)
        if text == before:
            break
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that must not be published.

    Attributes
    ----------
    kind
        The rule's name.
    line
        In which line it stands, from 1.
    shown
        The line, redacted and shortened, so that the finding itself may be printed.
    """

    kind: str
    line: int
    shown: str


_SHOWN, _LOOKED_AT = 80, 2000
# Embedded pictures are no words, but have the letters of paths.
_EMBEDDED = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]+")


def find_secrets(text: str) -> list[Finding]:
    """Return what must not be published in a text, by line.

    Parameters
    ----------
    text
        A table, a log, a report or the metadata of a picture.

    Returns
    -------
    list of Finding
        Empty if the text may be published; `redact` leaves nothing to be found.
    """
    return sorted(_findings(_EMBEDDED.sub("", text)), key=lambda finding: finding.line)


def _findings(text: str) -> Iterator[Finding]:
    ends = [match.start() for match in re.finditer("\n", text)]
    for rule in RULES:
        if not any(hint in text for hint in rule.hints):
            continue
        for match in rule.pattern.finditer(text):
            if rule.replace(match) == match[0]:
                continue
            line = bisect_left(ends, match.start())
            start = ends[line - 1] + 1 if line else 0
            # Whoever prints a finding must not publish what it found.
            shown = redact(text[start : start + _LOOKED_AT].partition("\n")[0])[:_SHOWN]
            yield Finding(rule.name, line + 1, shown)


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A file of a folder that was looked through.

    Attributes
    ----------
    path
        Below the folder.
    findings
        What it holds that must not be published.
    skipped
        Why it is not in the copy; empty if it is.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    skipped: str = ""


def redact_folder(folder: Path, target: Path | None = None) -> list[RedactedFile]:
    """Look through the files below a folder and, where asked, write a redacted copy of it.

    Parameters
    ----------
    folder
        Is only ever read.
    target
        Where the copy is written; nothing is written if it is None.

    Returns
    -------
    list of RedactedFile
        A file each, by path.

    Raises
    ------
    UserError
        If there is no such folder, or if the target is not a new or empty folder outside of it.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    if target is not None:
        _check_target(folder, target)
    return [
        _redact_file(folder, path, target)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    ]


def _check_target(folder: Path, target: Path) -> None:
    source, copy = folder.resolve(), target.resolve()
    if copy.is_relative_to(source) or source.is_relative_to(copy):
        raise UserError(f"{target} must lie outside of {folder}, whose files stay as they are")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"{target} exists, and nothing is written over: name a new folder")


def _redact_file(folder: Path, path: Path, target: Path | None) -> RedactedFile:
    name = path.relative_to(folder).as_posix()
    if path.is_symlink() or not path.is_file():
        return RedactedFile(name, skipped="no regular file")
    try:
        data = path.read_bytes()
    except OSError as error:
        return RedactedFile(name, skipped=error.strerror or type(error).__name__)
    try:
        # Line ends are kept as they are.
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return RedactedFile(name, skipped="no text in UTF-8, which could hide anything")
    if "\0" in text:
        return RedactedFile(name, skipped="no text: it holds NUL bytes")
    if target is not None:
        copy = target / redact(name)
        if copy.exists():
            return RedactedFile(name, skipped="its redacted name is that of another file")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(redact(text).encode())
    return RedactedFile(name, tuple(find_secrets(text)))
