"""What can be done beside the workflow: try a log, redact logs, show what was found, plan more."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from heteroscope.metrics import UserError
from heteroscope.redaction import redact_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        As on the command line, by default those of this process.

    Returns
    -------
    int
        0 if nothing was found or a copy was written, 1 if something was found, 2 for a mistake;
        0 for a plan.
    """
    parser = argparse.ArgumentParser(prog="python -m heteroscope", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser(
        "redact",
        help="find keys, addresses, host names and paths in logs",
        description="List the keys, addresses, host names, e-mail addresses and absolute paths in "
        "the files of a folder. Nothing is written unless --output is given.",
    )
    command.add_argument("folder", type=Path, help="the folder, which is only ever read")
    command.add_argument("--output", type=Path, help="a new folder for a copy without them")
    command.set_defaults(call=_redact)
    command = commands.add_parser(
        "summary",
        help="show what was found, as text",
        description="Show the main finding of a campaign, and each comparison, a line a size.",
    )
    command.add_argument("results", type=Path, help="where the workflow wrote its tables")
    command.add_argument("--metric", default="", help="by default the one that the report is about")
    command.set_defaults(call=_summary)
    command = commands.add_parser(
        "plan",
        help="how many more trials would decide it",
        description="Tell, a line a run, baseline and size, how many more trials would "
        "find a difference of the margin in four of five cases, with the scatter that was seen.",
    )
    command.add_argument("results", type=Path, help="the folder of tables, such as results")
    command.add_argument("--margin", type=float, default=0.05, help="such as 0.03 (default: 0.05)")
    command.add_argument(
        "--metric",
        action="append",
        default=[],
        help="of this one; default: the first that was tested",
    )
    command.set_defaults(call=_plan)
    command = commands.add_parser(
        "try",
        help="show what is read of one log, and why",
        description="Show line by line which template of an application matches, which figures "
        "come out, what is missing and why.",
    )
    command.add_argument("config", type=Path, help="a configuration, or an application's own file")
    command.add_argument("log", type=Path, help="the log")
    command.set_defaults(call=_try)
    command = commands.add_parser(
        "guess",
        help="propose templates for the figures of a log",
        description="Print, as YAML to begin with, the lines of a log that hold a number beside a "
        "word such as time, rate, bandwidth or FOM.",
    )
    command.add_argument("log", type=Path, help="the log")
    command.set_defaults(call=_guess)
    options = parser.parse_args(arguments)
    try:
        return int(options.call(options))
    except BrokenPipeError:  # whoever reads, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UserError as error:
        print(error, file=sys.stderr)
        return 2


def _redact(options: argparse.Namespace) -> int:
    files = redact_folder(options.folder, options.output)
    for file in files:
        if file.skipped:
            print(f"{file.path}: left out: {file.skipped}")
        for finding in file.findings:
            print(f"{file.path}:{finding.line}: {finding.kind}: {finding.shown}")
    found = sum(len(file.findings) for file in files)
    skipped = sum(bool(file.skipped) for file in files)
    written = f", copied to {options.output}" if options.output else "; nothing was written"
    print(f"{len(files)} files, {found} findings, {skipped} left out{written}", file=sys.stderr)
    return int(found > 0 and not options.output)


def _summary(options: argparse.Namespace) -> int:
    from heteroscope import report

    print(report.summary(options.results, options.metric), flush=True)
    return 0


def _plan(options: argparse.Namespace) -> int:
    # The tables need pandas, which the other command does without.
    from heteroscope.analysis.plan import plan

    if not options.margin > 0:
        raise UserError(f"--margin: a margin is above 0, such as 0.03, not {options.margin:g}")
    for line in plan(options.results, options.margin, options.metric):
        print(line)
    return 0


def _try(options: argparse.Namespace) -> int:
    from heteroscope.campaign.tryout import tryout

    for line in tryout(options.config, options.log):
        print(line)
    return 0


def _guess(options: argparse.Namespace) -> int:
    from heteroscope.logs.guess import propose

    for line in propose(options.log):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
