"""``console report``: numbers out of the log, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from console.cli.failures import EXIT_CODES
from console.cli.shared import Command, add_common, add_place, folder, local_zone, print_json
from console.clock import SystemClock
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, written

if TYPE_CHECKING:
    from console.models.domain.contacts import Code
    from console.models.queries.board_report import BoardReport, Part

BOARD_ABOUT = N_(
    """The board's numbers at any moment of the log.

Keys of the JSON form:
  as_of                the moment, ISO 8601 with offset
  time_zone            the zone that a time without offset was read in
  tickets              every ticket that existed at that moment
  waiting              tickets whose customer waits on us: the last customer message is unanswered, or the ticket is
                       open (new or open) and was never answered
  oldest_wait_seconds  the longest of these waits, null when nobody waits
  in_progress          tickets that are neither resolved nor closed, spam or deleted, or whose customer wrote again
  unassigned           those of them without an agent
  new, open, pending_customer, pending_internal, resolved, closed
                       tickets with exactly that status
  by_status            the number of tickets by status
  by_channel, by_type, by_priority, by_tier, by_agent, by_queue
                       for every part with a ticket waiting or in progress:
                       {"waiting": n, "in_progress": n, "oldest_wait_seconds": n or null}
                       agents and queues by name, the others by key (web_chat, order_status, urgent, vip ...)"""
)
STATUS_KEYS = ("new", "open", "pending_customer", "pending_internal", "resolved", "closed")


def _fill_report(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    reports = parser.add_subparsers(title=_("reports"), metavar=_("REPORT"), required=True)
    board = reports.add_parser(
        "board",
        help=_("the board's numbers at a moment"),
        description=_(BOARD_ABOUT),
        epilog=_(EXIT_CODES),
    )
    board.add_argument("--at", metavar=_("TIME"), help=_("the moment, ISO 8601 (default: now)"))
    board.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    board.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(board)
    add_common(board)
    board.set_defaults(run=report_board)


def report_board(options: argparse.Namespace) -> int:
    """Print the board's numbers at a moment."""
    from console.models.domain.ports import Progress
    from console.models.live.history.manifest import FOLDER
    from console.models.live.history.past import Past
    from console.models.policy import policy
    from console.models.queries.board_report import board_report
    from console.models.store.database import place
    from console.models.store.log import open_reader

    settings = Settings()
    zone = local_zone(options, settings)
    at = SystemClock().now() if options.at is None else instant(options.at, zone)
    where = place(folder(options, settings))
    reader = open_reader(where)
    try:
        board = Past(reader, where.directory / FOLDER, policy.default()).board_at(at, Progress())
        report = board_report(board, at)
    finally:
        reader.close()
    if options.json:
        print_json(as_json(report, zone))
    else:
        sys.stdout.write(as_text(report, zone))
    return 0


def as_json(report: BoardReport, zone: tzinfo) -> dict[str, object]:
    """The report as the documented keys."""
    from dataclasses import asdict

    data = asdict(report)
    return {
        "as_of": written(report.as_of, zone),
        "time_zone": str(zone),
        **{name: data[name] for name in ("tickets", "waiting", "oldest_wait_seconds", "in_progress", "unassigned")},
        **{key: report.by_status[key] for key in STATUS_KEYS},
        **{name: part for name, part in data.items() if name.startswith("by_")},
    }


def as_text(report: BoardReport, zone: tzinfo) -> str:
    """The report for people: the totals, then one table for each way to cut the board."""
    from console.models.domain.contacts import Channel, InquiryType, Priority, Status
    from console.models.domain.glossary import word

    lines = [
        _("Board at {time} ({zone})").format(time=written(report.as_of, zone), zone=zone),
        "",
        _("{count} waiting, the oldest for {wait}").format(
            count=report.waiting, wait=_duration(report.oldest_wait_seconds)
        ),
        _("{count} in progress, {unassigned} of them unassigned").format(
            count=report.in_progress, unassigned=report.unassigned
        ),
        ", ".join(f"{word(Status.of(key))} {count}" for key, count in report.by_status.items() if count),
    ]
    for title, parts in (
        (_("Channel"), _in_words(report.by_channel, Channel)),
        (_("Type"), _in_words(report.by_type, InquiryType)),
        (_("Priority"), _in_words(report.by_priority, Priority)),
        (_("Queue"), report.by_queue),
        (_("Agent"), report.by_agent),
    ):
        lines += ["", *_table(title, parts)]
    return "\n".join(lines) + "\n"


def _in_words(parts: Mapping[str, Part], codes: type[Code]) -> dict[str, Part]:
    from console.models.domain.glossary import word

    return {word(codes.of(key)): part for key, part in parts.items()}


def _table(title: str, parts: Mapping[str, Part]) -> list[str]:
    rows = [(title, _("waiting"), _("in progress"), _("oldest"))]
    for name, part in parts.items():
        rows.append((name, str(part.waiting), str(part.in_progress), _duration(part.oldest_wait_seconds)))
    name_width = max(24, *(_columns(row[0]) for row in rows))
    return [
        row[0] + " " * (name_width - _columns(row[0])) + "".join(" " * (13 - _columns(text)) + text for text in row[1:])
        for row in rows
    ]


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes; Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _duration(seconds: int | None) -> str:
    """Days, hours, minutes, seconds: the two largest that are not zero."""
    if seconds is None:
        return "–"
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    pieces = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((place for place, (number, _unit) in enumerate(pieces) if number), 3)
    return " ".join(f"{number} {unit}" for number, unit in pieces[first : first + 2])


REPORT = Command("report", N_("numbers out of the log: report board"), _fill_report)
