"""What the sub-commands have in common: the parser's manners, shared options, folders and times."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import east_asian_width

from console import paths, zones
from console.cli.failures import EXIT_CODES
from console.errors import UsageError
from console.i18n import LANGUAGES, _
from console.settings import Settings

EXIT_CODES_WORD = "exit codes:"


class Manner(argparse.RawDescriptionHelpFormatter):
    """Help with our own line breaks and in our own words."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The usage line in the language in use."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """argparse that speaks our languages and reports wrong usage as `UsageError`: failures leave by one door."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"add_help": False, "formatter_class": Manner}))
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and leave"))

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the whole usage and exiting."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", _("See {command} --help.").format(command=self.prog))


@dataclass(frozen=True, slots=True)
class Command:
    """A sub-command: its word, one line about it, and the call that adds its own arguments to a parser."""

    word: str
    about: str
    fill: Callable[[argparse.ArgumentParser], None]
    description: str = ""

    def add_to(self, commands: argparse._SubParsersAction[Parser]) -> None:
        """Add the sub-command and what all sub-commands share."""
        parser = commands.add_parser(
            self.word,
            help=_(self.about),
            description=_(self.description or self.about),
            epilog="" if EXIT_CODES_WORD in self.description else _(EXIT_CODES),
        )
        self.fill(parser)


def add_common(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    """``--lang`` and ``--debug``, understood before and after the command's word."""
    unset = None if top else argparse.SUPPRESS
    parser.add_argument("--lang", choices=LANGUAGES, default=unset, help=_("language of everything that is said"))
    parser.add_argument(
        "--debug",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help=_("show the traceback of an unexpected error"),
    )


def add_place(parser: argparse.ArgumentParser, *, demo: bool = True, top: bool = False) -> None:
    """``--data-dir`` and where it makes sense ``--demo``: whose data."""
    if demo:
        parser.add_argument(
            "--demo",
            action="store_true",
            default=False if top else argparse.SUPPRESS,
            help=_("the built-in demonstration centre instead of real data"),
        )
    parser.add_argument(
        "--data-dir",
        metavar=_("DIR"),
        type=Path,
        default=None if top else argparse.SUPPRESS,
        help=_("folder of the database (default: {folder})").format(folder=str(paths.data_dir()).replace("%", "%%")),
    )


def asked_folder(options: argparse.Namespace, settings: Settings) -> Path | None:
    """The data folder that the options or the settings name; None where the default holds."""
    chosen: Path | None = getattr(options, "data_dir", None)
    if chosen is None and not getattr(options, "demo", False) and settings.text("data_dir"):
        return Path(settings.text("data_dir")).expanduser()
    return chosen


def folder(options: argparse.Namespace, settings: Settings) -> Path:
    """The data folder that the options, the settings or the defaults mean."""
    default = paths.demo_dir() if getattr(options, "demo", False) else paths.data_dir()
    return asked_folder(options, settings) or default


def local_zone(options: argparse.Namespace, settings: Settings) -> tzinfo:
    """The console's time zone: ``--time-zone`` where it was offered, else the setting, else the system's."""
    asked = getattr(options, "time_zone", None) or settings.text("time_zone")
    return zones.zone(asked) if asked else zones.system_zone()


def columns(text: str) -> int:
    """How many columns of a terminal the text takes; Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with the first column on the left and the others under each other on the right."""
    name_width = max(24, *(columns(row[0]) for row in rows))
    widths = [
        max(13, *(2 + columns(text) for text in column)) for column in zip(*(row[1:] for row in rows), strict=True)
    ]
    return [
        row[0]
        + " " * (name_width - columns(row[0]))
        + "".join(" " * (width - columns(text)) + text for width, text in zip(widths, row[1:], strict=True))
        for row in rows
    ]


def print_json(data: object) -> None:
    """Data on standard output, and nothing else there."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()
