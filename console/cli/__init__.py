"""The command line: the parser, and the one place that turns failures into messages and exit codes.

Importing this package must stay cheap: no Qt, no numpy, no SQLAlchemy. What a sub-command needs is imported inside it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from console import __version__, i18n
from console.cli.accounts import ACCOUNTS
from console.cli.audit import AUDIT
from console.cli.doctor import DOCTOR
from console.cli.escalations import ESCALATIONS
from console.cli.failures import EXIT_CODES, guarded
from console.cli.importing import IMPORT
from console.cli.policy import POLICY
from console.cli.rebalance import REBALANCE
from console.cli.report import REPORT
from console.cli.shared import Parser, add_common
from console.cli.window import SNAPSHOT, add_window_arguments, open_window
from console.errors import KnownError
from console.i18n import _
from console.invocation import started_as
from console.settings import Settings

SUB_COMMANDS = (SNAPSHOT, IMPORT, REPORT, REBALANCE, ESCALATIONS, POLICY, DOCTOR, ACCOUNTS, AUDIT)


def build_parser() -> Parser:
    """The whole command line, with help in the language in use."""
    parser = Parser(
        prog=started_as(),
        description=_("A console for the supervisors of a contact centre. Without a command it opens the window."),
        epilog=_(EXIT_CODES),
    )
    parser.add_argument(
        "--version", action="version", version=f"supervisor-console {__version__}", help=_("show the version and leave")
    )
    add_window_arguments(parser)
    add_common(parser, top=True)
    parser.set_defaults(run=open_window)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="command")
    for command in SUB_COMMANDS:
        command.add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and return its exit code; raises nothing."""
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _run(words), debug="--debug" in words)


def _run(words: list[str]) -> int:
    _choose_language(words)
    options = build_parser().parse_args(words)
    exit_code: int = options.run(options)
    return exit_code


def _choose_language(words: Sequence[str]) -> None:
    """Choose the language before the parser is built, so that even ``--help`` is in it."""
    asked = _asked_language(words)
    try:
        chosen = asked or Settings().text("language") or i18n.preferred()
        i18n.use(chosen)
    except (ValueError, OSError, KnownError):
        # A wrong --lang is reported by the parser, a broken settings file by whoever needs a setting; and a catalogue
        # that is not built must not stop the console.
        i18n.use("en")


def _asked_language(words: Sequence[str]) -> str:
    for index, word in enumerate(words):
        if word == "--lang":
            return words[index + 1] if index + 1 < len(words) else ""
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return ""
