"""What must never be published looks like: keys, addresses, host names, names of persons, paths."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

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
    return "[home]" if _names_person(parts) else parts[-1]


def _names_person(parts: list[str]) -> bool:
    """Say whether the last part of a path is the name of a person, whose folder it is."""
    *above, parent, name = (part.lower() for part in parts)
    if parent in _HOMES or name in _CLOUD_USERS:
        return True
    if re.match(r"(?:lmp|lammps|in\b|.*\.)", name):
        return False  # what was run
    grand = above[-1] if above else ""
    return (
        bool(_SPACES.fullmatch(parent))
        or (len(parent) == 1 and name.startswith(parent) and len(name) > 1 and bool(grand))
        or (grand == "g" and bool(re.fullmatch(r"g\d{1,4}", parent)))
        or (parent.isdigit() and bool(grand) and bool(_SPACES.fullmatch(grand)))
    )


def _names_host(pattern: str, *hints: str) -> Rule:
    """Return the rule that keeps what stands before the name of a host."""
    return Rule("host name", re.compile(pattern), lambda match: f"{match['name']}[host]", hints)


_DOMAIN = r"(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_IN_PATH = r"[^\s/:=,;'\"<>|()\[\]{}\\]"
_LONG = "{1,4096}"
_HOMES = ("home", "homes", "user", "users")
_CLOUD_USERS = ("ubuntu", "azureuser", "ec2-user", "centos", "rocky", "opc")
# Folders of a cluster in which each person has one.
_SPACES = re.compile(r"(?:home|work|u|scratch|lustre|vast|gpfs|fsx|workspace)\d{0,4}")
# A name that is no number, and one that has a number; lists of them have brackets.
_NAME = r"(?=[\w.-]{0,80}[A-Za-z])[\w.-]{1,80}"
_NUMBERED = r"(?=[\w.-]{0,80}[A-Za-z])(?=[\w.-]{0,80}\d)[\w.-]{0,80}\w"
_SOME = r"(?=[\w.-]{0,80}[A-Za-z])[\w.-]{1,80}(?:\[[\d,-]{1,400}\][\w.-]{0,80})?"

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
            r"|hf_[A-Za-z0-9]{30,255}|dckr_pat_[\w-]{20,255}|sk-[\w-]{20,255}"
            r"|npm_[A-Za-z0-9]{30,255}|AAAA[BC]3NzaC1[\w+/]{4,4000}={0,2})"
        ),
        _always("[secret]"),
        _words(
            "AKIA ASIA AIDA AROA AGPA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- AIza ya29. xox "
            "hf_ dckr_ sk- npm_ NzaC1"
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
        re.compile(
            r"(?P<name>\b(?:[Bb]earer|Authorization: Basic)\s{1,3}|[?&]sig=)[\w.~+/=%-]{8,8000}"
        ),
        _value,
        ("earer", "Basic", "sig="),
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
            r"|(?<![\w.-])(?:[\w-]{1,255}\.){2,30}svc(?![\w-])"
            r"|(?<![\w./-])(?:[\w-]{1,63}\.){3,8}(?:gov|edu|mil)(?![\w-])"
            r"|(?<![\w.-])(?:gke|aks)-[\w-]{8,80}(?![\w.-])"
            r"|\bnid\d{5,6}\b|\bx\d{4}c\d{1,2}s\d{1,2}b\dn\d\b"
            r"|(?<![\w-])i-[0-9a-f]{17}(?![\w-])"
        ),
        _always("[host]"),
        _words(
            "ip- internal local amazonaws googleusercontent azm azure gke- aks- i- svc nid b0n b1n"
        )
        + _words(".gov .edu .mil"),
    ),
    # As UCX, Open MPI, Slurm, Flux and mpirun write it before or into what they say.
    _names_host(
        rf"(?P<name>\[){_NAME}(?=(?::\d{{1,9}}){{0,2}}:\d{{2,9}}(?::\d{{1,9}}){{0,2}}\]"
        r"|:mpi(?:_rank|spawn|run_rsh))",
        "[",
    ),
    _names_host(
        rf"(?P<name>\[(?:mpiexec@|proxy:[\d:]{{1,20}}@|prterun-)){_NAME}(?=\]|-\d{{1,9}}@)",
        *("@", "prterun-"),
    ),
    _names_host(rf"(?P<name>\bsrun: (?:error|warning): ){_SOME}(?=: tasks? )", "srun: "),
    _names_host(rf"(?P<name>\bslurmd\[){_NAME}(?=\])", "slurmd["),
    _names_host(
        rf"(?P<name>(?:\*\*\* (?:JOB|STEP) \S{{1,40}} ON |\bNode failure on "
        rf"|\bSTEPD TERMINATED ON |\bwith PID \d{{1,9}} on (?:node|host) "
        rf"|\brank \d{{1,9}} \(on |\btask \d{{1,9}} \(host |\bRUNNING AT "
        rf"|\bconnect to host |\bresolve hostname "
        rf"|\bflux-shell\[\d{{1,9}}\]: {{1,9}}[A-Z]{{1,9}}: host )){_SOME}",
        *(" ON ", "failure on ", "with PID ", " (on ", " (host ", ": host ", " AT ", "to host "),
        "hostname ",
    ),
    # What could be a word as well is the name of a host if it has a number.
    _names_host(
        rf"(?P<name>\bon (?:node|host) |\btasks? on |\b[Ll]ocal host: {{1,40}}"
        rf"|\b(?:Host|Hostname|Node|Remote host): {{1,40}}"
        rf"|(?<![\w-])(?:-H|-w|--?hosts?|--nodelist|--requires=hosts?)[ =:]){_NUMBERED}"
        rf"(?:[,:\w.-]{{0,4000}}\w)?",
        *("on node", "on host", "task", "ost:", "ostname:", "ode:", "-H", "-w", "-host"),
        *("-nodelist", "host:", "hosts:"),
    ),
    _names_host(
        rf"(?P<name>\bssh (?:-\w{{1,40}} (?:\d{{1,9}} )?){{0,9}}[\w.-]{{1,40}}@){_NAME}", "ssh "
    ),
    _names_host(rf"(?P<name>\brank \d{{1,9}} in job \d{{1,9}} {{1,9}}){_NAME}", "in job "),
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
        "address",
        # Of a network card; with dashes it could be a time, but for its letters.
        re.compile(
            r"(?<![\w:-])[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?![\w:-])"
            r"|(?<![\w:-])(?=[\d-]{0,17}[A-Fa-f])[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?![\w:-])"
        ),
        _always("[address]"),
        (":", "-"),
    ),
    Rule(
        "absolute path",
        re.compile(
            rf"(?:(?<![\w.~/<])|(?<=:/{{2}})|(?<=\s-[IL]))(?:~[\w-]{{0,40}})?/(?:{_IN_PATH}{_LONG}/){_LONG}{_IN_PATH}{{0,4096}}"
            rf"|\b[A-Za-z]:\\(?:{_IN_PATH}{_LONG}\\){_LONG}{_IN_PATH}{{0,4096}}"
        ),
        _last_part,
        ("/", "\\"),
    ),
)
