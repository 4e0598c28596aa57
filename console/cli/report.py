"""``console report``: numbers out of the log, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import balance, handover, routing, transfers
from console.cli.failures import EXIT_CODES
from console.cli.shared import Command, add_common, add_place, aligned, folder, local_zone, print_json
from console.clock import SECOND, SystemClock
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, to_the_second, written

if TYPE_CHECKING:
    from console.models.domain.clock_states import AppliedClock
    from console.models.domain.contacts import Code
    from console.models.queries.board_report import BoardReport, Part
    from console.models.queries.sla import SlaReport, SlaTotals

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
SLA_ABOUT = N_(
    """Every clock of the tickets in a span of time, and how many were met.

A clock belongs to the span in which it started (--from included, --to not), so neighbouring spans count each clock
once. It is shown as it stood at --to, or now when that is still to come.

One policy judges all of them, those of the past too, so that spans can be compared: the one of --policy, else the
site's of today.

Keys of the JSON form:
  from, to, as_of      the span, and the moment as of which the clocks stand; ISO 8601 with offset
  time_zone            the zone that times without offset were read in
  clocks               one entry for every run of a clock:
    ticket             the ticket's reference
    clock              acknowledgement, first_response, next_response, resolution, promise, complaint_acknowledgement,
                       plan, update or stage
    rule               the rule that gave the target
    started_at         when it started
    due_at             when the target is used up: the first instant by which the clock, outside pauses and in its own
                       time, has run so long; null while it is paused, because nobody knows when it goes on
    stopped_at         when it stopped, null while it has not
    state              met: stopped at due_at or before; breached: stopped later, or not stopped and due_at has passed;
                       running; paused
    margin_seconds     due_at minus stopped_at (as_of while it has not stopped), on the wall clock: negative exactly
                       when it is breached; of a paused clock what is left of the target
    target_seconds, elapsed_seconds
                       the target (null for a promise) and how long the clock has run, both in its own time: working
                       time or round the clock, without pauses
    pauses             when it stood still: {"from": time, "to": time or null}
  totals               for every clock that occurs:
                       {"started": n, "met": n, "breached": n, "running": n, "paused": n,
                        "compliance": {"numerator": met, "denominator": met + breached, "ratio": r or null}}
                       running and paused clocks count in neither numerator nor denominator

A resolution clock that was stopped and whose ticket is re-opened goes on, and the time that it lay resolved is a pause;
clocks.reopening = "again" in the policy starts another clock instead."""
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
    sla = reports.add_parser(
        "sla",
        help=_("every clock, its due time and whether it was met"),
        description=_(SLA_ABOUT),
        epilog=_(EXIT_CODES),
    )
    sla.add_argument(
        "--from", dest="start", metavar=_("TIME"), help=_("start of the span, ISO 8601 (default: the first event)")
    )
    sla.add_argument("--to", dest="end", metavar=_("TIME"), help=_("end of the span, ISO 8601 (default: now)"))
    sla.add_argument("--policy", metavar=_("FILE"), type=Path, help=_("policy file instead of the site's"))
    sla.add_argument("--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)"))
    sla.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(sla)
    add_common(sla)
    sla.set_defaults(run=report_sla)
    balance.fill(reports.add_parser("balance", help=_("how unevenly work was shared, and why")))
    routing.fill(
        reports.add_parser("routing", help=_("what a span would have come to under routing rules")),
    )
    transfers.fill(
        reports.add_parser("transfers", help=_("what was passed on, what of it needlessly, and handle times"))
    )
    handover.fill(reports.add_parser("handover", help=_("what the next shift takes over")))


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
        rules = policy.load_site(where.directory).policy
        # Of now it is the site's file that holds, which somebody may have changed since the console last ran.
        now = rules if options.at is None else None
        board = Past(reader, where.directory / FOLDER, rules).board_at(at, Progress(), now)
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

    heading = _("Board at {time} ({zone})").format(time=to_the_second(report.as_of, zone), zone=zone)
    if not report.tickets:
        return "\n".join([heading, "", _("No ticket had come in by then."), ""])
    lines = [
        heading,
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


def report_sla(options: argparse.Namespace) -> int:
    """Print every clock that started in a span, and the totals."""
    from console.models.policy import policy
    from console.models.queries.sla import sla_report
    from console.models.store.database import place
    from console.models.store.log import open_reader

    settings = Settings()
    zone = local_zone(options, settings)
    place_of_log = place(folder(options, settings))
    if options.policy is None:
        told = policy.load_site(place_of_log.directory).policy
    else:
        told = policy.load_over_default(options.policy)
    now = SystemClock().now()
    end = now if options.end is None else instant(options.end, zone)
    reader = open_reader(place_of_log)
    try:
        start = reader.first_at() if options.start is None else instant(options.start, zone)
        if start > end:
            raise UsageError(_("The span ends before it starts."), _("Give --from a time before --to."))
        report = sla_report(reader, told.targets, start, end, now, listed=options.json)
    finally:
        reader.close()
    if options.json:
        print_json(sla_as_json(report, zone))
    else:
        sys.stdout.write(sla_as_text(report, zone))
    return 0


def sla_as_json(report: SlaReport, zone: tzinfo) -> dict[str, object]:
    """The report as the documented keys."""
    return {
        "from": written(report.start, zone),
        "to": written(report.end, zone),
        "as_of": written(report.as_of, zone),
        "time_zone": str(zone),
        "clocks": [_clock_as_json(clock, report.tickets[clock.cycle.ticket], zone) for clock in report.clocks],
        "totals": {name.value: _total_as_json(total) for name, total in report.totals.items()},
    }


def _clock_as_json(clock: AppliedClock, ticket: str, zone: tzinfo) -> dict[str, object]:
    cycle = clock.cycle
    return {
        "ticket": ticket,
        "clock": cycle.clock.value,
        "rule": cycle.rule,
        "started_at": written(cycle.started_at, zone),
        "due_at": _written_or_none(clock.due_at, zone),
        "stopped_at": _written_or_none(cycle.stopped_at, zone),
        "state": clock.state.value,
        "margin_seconds": clock.margin // SECOND,
        "target_seconds": cycle.target // SECOND or None,
        "elapsed_seconds": clock.elapsed // SECOND,
        "pauses": [
            {"from": written(pause.start, zone), "to": _written_or_none(pause.end, zone)} for pause in cycle.pauses
        ],
    }


def _total_as_json(total: SlaTotals) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(total) | {
        "compliance": {"numerator": total.met, "denominator": total.decided, "ratio": total.compliance}
    }


def _written_or_none(at: int | None, zone: tzinfo) -> str | None:
    return None if at is None else written(at, zone)


def sla_as_text(report: SlaReport, zone: tzinfo) -> str:
    """The report for people: how many of each clock were met, of how many."""
    rows: list[tuple[str, ...]] = [(_("clock"), _("met"), _("of"), _("breached"), _("running"), _("paused"))]
    for name, total in report.totals.items():
        rows.append((name.value, *map(str, (total.met, total.decided, total.breached, total.running, total.paused))))
    title = _("Clocks that started from {start} to {end}, as of {as_of} ({zone})").format(
        start=to_the_second(report.start, zone),
        end=to_the_second(report.end, zone),
        as_of=to_the_second(report.as_of, zone),
        zone=zone,
    )
    return "\n".join([title, "", *aligned(rows)]) + "\n"


def _in_words(parts: Mapping[str, Part], codes: type[Code]) -> dict[str, Part]:
    from console.models.domain.glossary import word

    return {word(codes.of(key)): part for key, part in parts.items()}


def _table(title: str, parts: Mapping[str, Part]) -> list[str]:
    rows = [(title, _("waiting"), _("in progress"), _("oldest"))]
    for name, part in parts.items():
        rows.append((name, str(part.waiting), str(part.in_progress), _duration(part.oldest_wait_seconds)))
    return aligned(rows)


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


REPORT = Command("report", N_("numbers out of the log: the board, clocks, balance, the hand-over"), _fill_report)
