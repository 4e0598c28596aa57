"""``console doctor``: is everything here that the console needs, and is it well?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console import paths
from console.cli.shared import Command, add_common, add_place, folder, print_json
from console.errors import KnownError
from console.i18n import N_, _
from console.settings import Settings

if TYPE_CHECKING:
    from console.cli.checkup import Finding

ABOUT = N_(
    """Look at the environment, the libraries, the folders, the settings, the resources and the database.

exit codes: 0 all is well, 1 something needs attention, 3 the console cannot run like this"""
)
MARKS = {0: "  ", 1: "! ", 3: "X "}


def _fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print the findings as JSON"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=examine_everything)


def examine_everything(options: argparse.Namespace) -> int:
    """Print every finding; the exit code is that of the worst."""
    from console.cli.checkup import State, check_up

    findings = check_up(_folder(options))
    worst = max((finding.state for finding in findings), default=State.OK)
    if options.json:
        print_json(
            {
                "state": worst.name.lower(),
                "findings": [
                    {
                        "group": finding.group,
                        "name": finding.name,
                        "value": finding.value,
                        "state": finding.state.name.lower(),
                        "remedy": finding.remedy,
                    }
                    for finding in findings
                ],
            }
        )
    else:
        sys.stdout.write(_text(findings))
    return int(worst)


def _folder(options: argparse.Namespace) -> Path:
    try:
        return folder(options, Settings())
    except KnownError:
        # A broken settings file is one of the findings, not a reason not to look.
        return options.data_dir or paths.data_dir()


def _text(findings: list[Finding]) -> str:
    lines: list[str] = []
    group = ""
    for finding in findings:
        if finding.group != group:
            group = finding.group
            lines += ["", group] if lines else [group]
        lines.append(f"{MARKS[finding.state]}{finding.name:<20} {finding.value}")
        if finding.remedy:
            lines += [f"    {line}" for line in finding.remedy.splitlines()]
    return "\n".join(lines) + "\n"


DOCTOR = Command("doctor", N_("look at the environment, the database and the settings"), _fill, ABOUT)
