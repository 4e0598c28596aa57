"""What the reports on work have in common: the span or window, what limits it, and what is opened to read it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.cli.failures import EXIT_CODES
from console.cli.shared import add_common, add_place, folder, local_zone
from console.clock import DAY, SystemClock
from console.errors import UsageError
from console.i18n import _
from console.settings import Settings
from console.zones import instant

if TYPE_CHECKING:
    from console.models.domain.skills import Directory
    from console.models.live.board import Board
    from console.models.policy.policy import Policy
    from console.models.queries.balance_windows import Window
    from console.models.store.reader import SqlLogReader

_WINDOWS = ("hour", "shift", "day", "week")


@dataclass(frozen=True, slots=True)
class Work:
    """What a report on work reads: ``board`` stands at the end of ``span``, ``chosen`` is as `work_done.DIMENSIONS`."""

    log: SqlLogReader
    board: Board
    policy: Policy
    directory: Directory
    span: Window
    chosen: dict[str, frozenset[int]]
    zone: tzinfo


def fill_span(parser: argparse.ArgumentParser) -> None:
    """Add the options that all of them understand."""
    parser.epilog = _(EXIT_CODES)
    parser.add_argument("--from", dest="start", metavar=_("TIME"), help=_("start of the span, ISO 8601"))
    parser.add_argument("--to", dest="end", metavar=_("TIME"), help=_("end of the span, ISO 8601 (default: now)"))
    parser.add_argument(
        "--window",
        choices=_WINDOWS,
        help=_("instead of --from: the last hour, the shift, the day or the week that runs at --to"),
    )
    parser.add_argument("--queue", metavar=_("NAME"), help=_("only contacts of this queue"))
    parser.add_argument("--channel", metavar=_("KEY"), help=_("only contacts of this channel: web_chat, email ..."))
    parser.add_argument("--type", metavar=_("KEY"), help=_("only contacts of this type: order_status, complaint ..."))
    parser.add_argument("--team", metavar=_("NAME"), help=_("only this team, as the sources tell it at the log-in"))
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(parser)
    add_common(parser)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Work]:
    """Open what the options ask for; raises `UsageError` for a span, queue, type, channel or team that is none."""
    from console.models.domain.ports import Progress
    from console.models.live.history.manifest import FOLDER
    from console.models.live.history.past import Past
    from console.models.policy import policy
    from console.models.queries.eligibility import directory_for
    from console.models.store.database import place
    from console.models.store.log import open_reader

    settings = Settings()
    zone = local_zone(options, settings)
    where = place(folder(options, settings))
    _refuse_two_starts(options)
    reader = open_reader(where)
    try:
        rules = policy.load_site(where.directory).policy
        span = _span(options, zone, rules, max(SystemClock().now(), reader.last_at()))
        board = Past(reader, where.directory / FOLDER, rules).board_at(span.end, Progress(), rules)
        directory = directory_for(reader, board, rules.skew, span.end)
        chosen = _chosen(options, reader.names().get("queue", {})) | _team(options, directory)
        yield Work(reader, board, rules, directory, span, chosen, zone)
    finally:
        reader.close()


def _refuse_two_starts(options: argparse.Namespace) -> None:
    if options.start is not None and options.window is not None:
        raise UsageError(_("--from and --window both say where the span starts."), _("Give one of them."))


def _span(options: argparse.Namespace, zone: tzinfo, policy: Policy, now: int) -> Window:
    from console.models.queries.balance_windows import Window, custom, window

    end = SystemClock().now() if options.end is None else instant(options.end, zone)
    if options.window is not None:
        return window(options.window, min(end, now), policy)
    start = end - DAY if options.start is None else instant(options.start, zone)
    if start >= end:
        raise UsageError(_("The span ends before it starts."), _("Give --from a time before --to."))
    return custom(start, end, now) if start < now else Window(start, end)


def _chosen(options: argparse.Namespace, queues: dict[str, int]) -> dict[str, frozenset[int]]:
    from console.models.domain.contacts import Channel, InquiryType

    chosen: dict[str, frozenset[int]] = {}
    if options.queue is not None:
        if options.queue not in queues:
            raise UsageError(
                _("There is no queue {name}.").format(name=options.queue),
                _("Queues: {names}.").format(names=", ".join(sorted(queues)) or "-"),
            )
        chosen["queue"] = frozenset({queues[options.queue]})
    for name, codes in (("channel", Channel), ("type", InquiryType)):
        key = getattr(options, name)
        if key is not None:
            known = {code.key: int(code) for code in codes}
            if key not in known:
                raise UsageError(
                    _("There is no {what} {name}.").format(what=f"--{name}", name=key),
                    _("Write one of: {names}.").format(names=", ".join(known)),
                )
            chosen[name] = frozenset({known[key]})
    return chosen


def _team(options: argparse.Namespace, directory: Directory) -> dict[str, frozenset[int]]:
    if options.team is None:
        return {}
    teams = directory.teams()
    if options.team not in teams:
        raise UsageError(
            _("There is no team {name}.").format(name=options.team),
            _("Teams: {names}.").format(names=", ".join(teams) or "-"),
        )
    return {"agent": directory.of_team(options.team)}
