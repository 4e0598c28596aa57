"""``console escalations``: what is in the inbox, why, since when, and what became of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.cli.shared import Command, add_common, add_place, folder, local_zone, print_json
from console.clock import SystemClock
from console.errors import KnownError
from console.i18n import N_, _, ngettext
from console.settings import Settings
from console.zones import to_the_second, written

if TYPE_CHECKING:
    from console.models.domain.escalation import Entry
    from console.models.domain.escalation_ports import Past, Told
    from console.models.store.database import Place

ABOUT = N_(
    """The escalation inbox: every ticket that needs a supervisor, which rule put it there, since when, who has it and
when the console acts by itself if nobody does. It is read beside a running console; nothing is changed."""
)
LIST = N_("list the inbox, most urgent first")
SHOW = N_("show one entry with its history and everybody who was told")
_URGENCIES = ("p1", "p2", "p3")


def _fill(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    listed = verbs.add_parser("list", help=_(LIST), description=_(LIST))
    listed.add_argument("--all", action="store_true", help=_("also what is closed or merged, by number"))
    listed.add_argument("--urgency", choices=_URGENCIES, help=_("only this urgency"))
    listed.add_argument("--ticket", metavar=_("NAME"), help=_("only this ticket, by its reference"))
    listed.set_defaults(run=list_entries)
    shown = verbs.add_parser("show", help=_(SHOW), description=_(SHOW))
    shown.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the entry's number"))
    shown.set_defaults(run=show_entry)
    for verb in (listed, shown):
        verb.add_argument("--json", action="store_true", help=_("print JSON"))
        verb.add_argument("--time-zone", metavar=_("ZONE"), help=_("zone of the times shown (default: the console's)"))
        add_place(verb)
        add_common(verb)
    add_common(parser)


def list_entries(options: argparse.Namespace) -> int:
    """Print the entries that were asked for."""
    from console.models.store.database import place
    from console.models.store.inbox import read_inbox

    settings = Settings()
    where, zone = place(folder(options, settings)), local_zone(options, settings)
    with read_inbox(where) as inbox:
        entries = inbox.all_entries() if options.all else inbox.open_entries()
        watermark = inbox.watermark()
    names = _names(where, entries)
    entries = [
        entry
        for entry in entries
        if options.urgency in (None, entry.urgency.key) and options.ticket in (None, names.get(entry.ticket))
    ]
    if options.json:
        print_json(
            {
                "as_of": written(SystemClock().now(), zone),
                "swept_to": None if watermark is None else written(watermark.swept_to, zone),
                "entries": [_as_data(entry, names, zone) for entry in entries],
            }
        )
        return 0
    for entry in entries:
        sys.stdout.write(_line(entry, names, zone) + "\n")
    count = len(entries)
    sys.stdout.write(ngettext("{count} entry.", "{count} entries.", count).format(count=count) + "\n")
    return 0


def show_entry(options: argparse.Namespace) -> int:
    """Print one entry; raises KnownError when there is none of this number."""
    from console.models.store.database import place
    from console.models.store.inbox import read_inbox

    settings = Settings()
    where, zone = place(folder(options, settings)), local_zone(options, settings)
    with read_inbox(where) as inbox:
        try:
            entry = inbox.entry(options.number)
        except KeyError:
            raise KnownError(
                _("There is no escalation {number}.").format(number=options.number),
                _("`escalations list --all` lists them."),
            ) from None
        past, told = inbox.history(entry.id), inbox.notices(entry.id)
    names = _names(where, [entry])
    if options.json:
        data = _as_data(entry, names, zone)
        data["history"] = [_step(step, zone) for step in past]
        data["notices"] = [_notice(notice, zone) for notice in told]
        print_json(data)
        return 0
    sys.stdout.write(_line(entry, names, zone) + "\n")
    for step in past:
        facts = (written(step.at, zone), step.what.key, step.state.key, step.actor, step.owner, step.reason)
        sys.stdout.write("  " + "  ".join(fact for fact in facts if fact) + "\n")
    for notice in told:
        to = f"{notice.notice.to.audience.key} {notice.notice.to.name}"
        at = written(notice.notice.created_at, zone)
        sys.stdout.write(f"  {at}  {notice.notice.news.key} → {to}  {notice.sending.key}\n")
    return 0


def _names(where: Place, entries: Iterable[Entry]) -> Mapping[int, str]:
    """The references of the entries' tickets."""
    from console.models.store.log import open_reader

    log = open_reader(where)
    try:
        return {text.id: text.ref for text in log.texts({entry.ticket for entry in entries if entry.ticket})}
    finally:
        log.close()


def _as_data(entry: Entry, names: Mapping[int, str], zone: tzinfo) -> dict[str, object]:
    return {
        "number": entry.id,
        "ticket": names.get(entry.ticket),
        "urgency": entry.urgency.key,
        "state": entry.state.key,
        "cause": entry.key.cause.key,
        "rule": entry.rule,
        "cycle": entry.key.cycle,
        "object": {"kind": entry.key.kind.key, "id": entry.key.object},
        "since": written(entry.since, zone),
        "occurred_at": written(entry.occurred_at, zone),
        "raised_at": written(entry.raised_at, zone),
        "due_at": _time(entry.due_at, zone),
        "level": entry.chain[entry.level],
        "chain": list(entry.chain),
        "owner": entry.owner or None,
        "count": entry.count,
        "reopened": entry.reopened,
        "reason": entry.reason,
        "acknowledged_at": _time(entry.acknowledged_at, zone),
        "resolved_at": _time(entry.resolved_at, zone),
        "merged_into": entry.merged_into,
        "version": entry.version,
    }


def _step(step: Past, zone: tzinfo) -> dict[str, object]:
    return {
        "at": written(step.at, zone),
        "actor": step.actor,
        "what": step.what.key,
        "before": None if step.before is None else step.before.key,
        "state": step.state.key,
        "urgency": step.urgency.key,
        "level": step.level,
        "owner": step.owner or None,
        "due_at": _time(step.due_at, zone),
        "reason": step.reason,
    }


def _notice(told: Told, zone: tzinfo) -> dict[str, object]:
    return {
        "at": written(told.notice.created_at, zone),
        "news": told.notice.news.key,
        "audience": told.notice.to.audience.key,
        "to": told.notice.to.name,
        "state": told.sending.key,
        "settled_at": _time(told.settled_at, zone),
    }


def _time(at: int | None, zone: tzinfo) -> str | None:
    return None if at is None else written(at, zone)


def _line(entry: Entry, names: Mapping[int, str], zone: tzinfo) -> str:
    ticket = names.get(entry.ticket) or f"{entry.key.kind.key} {entry.key.object}"
    parts = [
        f"{entry.id:>6}  {entry.urgency.key.upper()}  {entry.state.key:<12}",
        ticket,
        f"{entry.rule} ({entry.key.cause.key})",
        _("since {time}").format(time=to_the_second(entry.since, zone)),
        entry.owner or entry.chain[entry.level],
        "" if entry.due_at is None else _("next at {time}").format(time=to_the_second(entry.due_at, zone)),
    ]
    return "  ".join(part for part in parts if part)


ESCALATIONS = Command("escalations", N_("the escalation inbox: list it, show an entry"), _fill, ABOUT)
