"""``console report transfers``: what was passed on, what of it was needless, and how long contacts took."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from console.cli.shared import aligned, print_json
from console.cli.work_span import Work, fill_span, opened
from console.i18n import N_, _
from console.zones import to_the_second, written

if TYPE_CHECKING:
    from console.models.domain.transfers import Transfer
    from console.models.queries.handle_time import HandleTime
    from console.models.queries.transfers import Passed, Tally, Transfers

ABOUT = N_(
    """Transfers in a span of time (--from included, --to not; default: the last 24 hours), and how long contacts took.

A transfer takes a contact from the one who has it to somebody else, where the source says so or an agent gives it
away; what the routing gives out anew by itself is none, nor what a supervisor shares out. It is needless when it goes
back to somebody who had the contact before, or when the contact was transferred before. Ping-pong undoes the
transfer before it.

Keys of the JSON form:
  from, to, time_zone  the span, ISO 8601 with offset, and the zone that times without offset were read in
  contacts             how many somebody handled or passed on
  transferred_contacts, transferred_share
                       how many of them were transferred, and their share
  transfers, needless, returned, repeated, ping_pong
                       how many transfers there were, and how many of them were which; needless are those that were
                       returned, repeated or both
  before               from, to, contacts, transfers and needless of the span of the same length before
  needless_change      how the needless transfers per contact changed against that: -0.5 is half as many; null where
                       there were none
  halved               whether that goal is reached; null likewise
  by_type              type, contacts, transfers, needless, ping_pong, handle_time; most needless first
  by_agent             agent, passed_on, needless_passed_on, received, needless_received; most needless first
  needless_transfers   ticket, at, from, to, returned, repeated, ping_pong of each of them, in order of time
  handle_time          goal_minutes (balance.handle_time_goal), contacts, mean_minutes, median_minutes, over_goal_share
                       and met (the mean is not above the goal); null where nothing was handled"""
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the report."""
    parser.description = _(ABOUT)
    fill_span(parser)
    parser.set_defaults(run=report_transfers)


def report_transfers(options: argparse.Namespace) -> int:
    """Print the transfers of a span."""
    from console.models.queries.transfers import transfers_in

    with opened(options) as work:
        found = transfers_in(work.log, work.board, work.span, work.policy.handle_time_goal, work.chosen)
        refs = {text.id: text.ref for text in work.log.texts({one.ticket for one in found.now.tally.needless})}
        told = as_json(found, work, refs) if options.json else as_text(found, work)
    if isinstance(told, str):
        sys.stdout.write(told)
    else:
        print_json(told)
    return 0


def as_json(found: Transfers, work: Work, refs: Mapping[int, str]) -> dict[str, object]:
    """The report as the documented keys; ``refs`` says what the source calls a contact."""
    from console.models.domain.contacts import InquiryType

    now, before = found.now, found.before
    return {
        **_span(now, work),
        "time_zone": str(work.zone),
        "contacts": now.contacts,
        "transferred_contacts": len(now.tally.tickets),
        "transferred_share": now.transferred_share,
        **_counts(now.tally),
        "returned": len(now.tally.returned),
        "repeated": len(now.tally.repeated),
        "before": {
            **_span(before, work),
            "contacts": before.contacts,
            "transfers": len(before.tally.all),
            "needless": len(before.tally.needless),
        },
        "needless_change": found.change,
        "halved": found.halved,
        "by_type": [
            {
                "type": InquiryType(one.type).key,
                "contacts": one.contacts,
                **_counts(one.tally),
                "handle_time": _handle_time(one.handle_time),
            }
            for one in found.by_type
        ],
        "by_agent": [
            {
                "agent": one.name,
                "passed_on": len(one.passed_on.all),
                "needless_passed_on": len(one.passed_on.needless),
                "received": len(one.received.all),
                "needless_received": len(one.received.needless),
            }
            for one in found.by_agent
        ],
        "needless_transfers": [_transfer(one, work, refs) for one in now.tally.needless],
        "handle_time": _handle_time(found.handle_time),
    }


def _span(passed: Passed, work: Work) -> dict[str, str]:
    return {"from": written(passed.span.begin, work.zone), "to": written(passed.span.end, work.zone)}


def _counts(tally: Tally) -> dict[str, object]:
    return {"transfers": len(tally.all), "needless": len(tally.needless), "ping_pong": len(tally.ping_pong)}


def _transfer(one: Transfer, work: Work, refs: Mapping[int, str]) -> dict[str, object]:
    name = work.board.names.text
    return {
        "ticket": refs.get(one.ticket, ""),
        "at": written(one.at, work.zone),
        "from": name("agent", one.giver),
        "to": name("agent", one.receiver),
        "returned": one.returned,
        "repeated": one.repeated,
        "ping_pong": one.ping_pong,
    }


def _handle_time(time: HandleTime | None) -> dict[str, object] | None:
    if time is None:
        return None
    return {
        "goal_minutes": time.goal,
        "contacts": time.contacts,
        "mean_minutes": time.mean,
        "median_minutes": time.median,
        "over_goal_share": time.over_share,
        "met": time.met,
    }


def as_text(found: Transfers, work: Work) -> str:
    """The report for people."""
    from console.models.domain.contacts import InquiryType
    from console.models.domain.glossary import word

    now = found.now
    lines = [
        _("Transfers from {start} to {end}").format(
            start=to_the_second(now.span.begin, work.zone), end=to_the_second(now.span.end, work.zone)
        ),
        "",
        _("{contacts} contacts, {transferred} of them transferred ({share:.1%})").format(
            contacts=now.contacts, transferred=len(now.tally.tickets), share=now.transferred_share
        ),
        _(
            "{count} transfers, {needless} of them needless: {returned} back, {repeated} repeated; {ping} ping-pong"
        ).format(
            count=len(now.tally.all),
            needless=len(now.tally.needless),
            returned=len(now.tally.returned),
            repeated=len(now.tally.repeated),
            ping=len(now.tally.ping_pong),
        ),
        _compared(found),
        *_handle_time_as_text(found.handle_time),
    ]
    if found.by_type:
        head = (_("Type"), _("contacts"), _("transfers"), _("needless"), _("AHT, min"))
        rows = [
            (
                word(InquiryType(one.type)),
                *map(str, (one.contacts, len(one.tally.all), len(one.tally.needless))),
                "-" if one.handle_time is None else f"{one.handle_time.mean:.1f}",
            )
            for one in found.by_type
        ]
        lines += ["", *aligned([head, *rows])]
    if found.by_agent:
        head = (_("Agent"), _("passed on"), _("needless"), _("received"), _("needless"))
        people = [
            (one.name, *(str(len(part)) for tally in (one.passed_on, one.received) for part in _parts(tally)))
            for one in found.by_agent
        ]
        lines += ["", *aligned([head, *people])]
    return "\n".join(lines) + "\n"


def _parts(tally: Tally) -> tuple[tuple[Transfer, ...], ...]:
    return tally.all, tally.needless


def _compared(found: Transfers) -> str:
    if found.change is None:
        return _("There were no needless transfers in the time before.")
    if found.halved:
        said = _(
            "Needless ones per contact: {change:+.0%} against the time before. The goal, half of them, is reached."
        )
    else:
        said = _("Needless ones per contact: {change:+.0%} against the time before. The goal is half of them.")
    return said.format(change=found.change)


def _handle_time_as_text(time: HandleTime | None) -> list[str]:
    if time is None:
        return []
    return [
        _(
            "Handle time: {mean:.1f} min on average, goal {goal:g}; median {median:.1f}; {share:.0%} over the goal"
        ).format(mean=time.mean, goal=time.goal, median=time.median, share=time.over_share)
    ]
