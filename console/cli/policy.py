"""``console policy``: is a policy file right, and which figures are in force?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.shared import Command, add_common, add_place, folder, print_json
from console.errors import KnownError, UsageError
from console.i18n import N_, _, ngettext
from console.settings import Settings

if TYPE_CHECKING:
    from console.models.policy.document import Problem
    from console.models.policy.policy import LoadedPolicy

ABOUT = N_(
    """Check a policy file, or show the policy in force: the shipped figures with those of the site over them.

exit codes: 0 the file is right, 1 something in it is wrong, 2 wrong usage"""
)
CHECK = N_("check a policy file and tell every mistake with its place")
SHOW = N_("show every figure in force, its rule, and whether it is the site's own")


def _fill(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="policy_command", required=True)
    _fill_check(words.add_parser("check", help=_(CHECK), description=_(CHECK)))
    _fill_show(words.add_parser("show", help=_(SHOW), description=_(SHOW)))
    add_common(parser)


def _fill_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar=_("FILE"), type=Path, help=_("a site's policy.toml"))
    parser.add_argument("--json", action="store_true", help=_("print the problems as JSON"))
    add_common(parser)
    parser.set_defaults(run=check)


def _fill_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print the figures as JSON instead of as a policy file"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=show)


def check(options: argparse.Namespace) -> int:
    """Tell every problem of a file; 1 when there is any."""
    from console.models.policy import policy

    if not options.file.is_file():
        raise UsageError(_("{file} is not a file.").format(file=options.file), _("Name a policy file."))
    problems = policy.problems_of(options.file)
    if options.json:
        print_json({"file": str(options.file), "ok": not problems, "problems": [_as_data(each) for each in problems]})
    else:
        sys.stdout.write("".join(f"{problem}\n" for problem in problems))
        count = len(problems)
        told = ngettext("{count} problem.", "{count} problems.", count) if count else _("The policy is right.")
        sys.stdout.write(told.format(count=count) + "\n")
    return 1 if problems else 0


def show(options: argparse.Namespace) -> int:
    """Print the policy in force; 1 when the site's file is wrong and therefore not it."""
    from console.models.policy import policy, showing

    loaded = policy.load_site(folder(options, Settings()))
    if options.json:
        print_json(_in_force(loaded))
    else:
        sys.stdout.write(showing.to_toml(loaded.entries))
    if loaded.problems and not options.json:
        raise KnownError(
            "\n".join(map(str, loaded.problems)),
            _("The site's file is not in force; what is shown is: {source}.").format(source=loaded.source.value),
        )
    return 1 if loaded.problems else 0


def _in_force(loaded: LoadedPolicy) -> dict[str, object]:
    from console.models.policy import policy, showing

    shipped = policy.default_entries()
    return {
        "source": loaded.source.value,
        "problems": [_as_data(problem) for problem in loaded.problems],
        "values": [
            {
                "key": line.key,
                "value": line.value,
                "unit": line.unit,
                "seconds": line.seconds,
                "rule": line.rule,
                "source": "default" if line.file == shipped[line.key].document.file else "site",
                "file": line.file,
                "line": line.line,
            }
            for line in showing.lines(loaded.entries)
        ],
    }


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "what": problem.what,
        "write": problem.write,
    }


POLICY = Command("policy", N_("check a policy file, or show the policy in force"), _fill, ABOUT)
