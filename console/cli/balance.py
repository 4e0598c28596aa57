"""``console report balance``: how unevenly work was shared in a span of time, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.cli.failures import EXIT_CODES
from console.cli.shared import add_common, add_place, aligned, folder, local_zone, print_json
from console.clock import DAY, SystemClock
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, written

if TYPE_CHECKING:
    from console.models.queries.balance import Balance, Measured
    from console.models.store.database import Place

ABOUT = N_(
    """How unevenly work was shared in a span of time (--from included, --to not; default: the last 24 hours).

A contact counts for everybody who answered the customer in it, spoke on the telephone or resolved it. Agents stand in
the order of contacts per capacity, which is staffed hours times the contacts they may have at once, so a short shift
does not look idle; the busiest are those who make up 30 percent of the capacity (balance.busiest of the policy).

Keys of the JSON form:
  from, to, time_zone  the span, ISO 8601 with offset, and the zone that times without offset were read in
  measure              "handled": what was done in the span, not what is open
  agents               how many were staffed
  contacts, minutes, staffed_hours
                       sums over them; minutes of handling as the source says, else read from what people did
  presence             "told" by the sources, or "from_acts" where no source tells who is there
  top30_share          the share of the contacts that the busiest carry
  gini, lorenz         the coefficient, and the points [share of capacity, share of contacts] of the curve
  expected_share       what the busiest would carry on a fair day: each contact to anybody eligible for its queue
  p_value              how often a fair day is as uneven
  share_interval       [low, high]: the true share with 95 percent
  uneven               whether chance does not explain it (balance.chance)
  alarm                whether it is uneven and the true share may be 70 percent or more (balance.alarm_share)
  in_minutes           top30_share, gini, lorenz, expected_share, p_value, share_interval, uneven and alarm, in minutes
  causes               why, by head: share and excess of the busiest 30 percent of the agents, and parts, which add up
                       to the excess: shift_length, specialisation, and by how contacts came to people routed, picked,
                       transferred, sticky (a returning customer), by_hand, untold
  by_agent             agent, contacts, minutes, staffed_hours, places (contacts at once), fair_contacts (on a fair day,
                       on average); the busiest first
  left_out             who handled contacts and had no staffed time

Where nothing was handled, or nobody was there, only the span and "agents": 0 are told."""
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the report."""
    parser.description, parser.epilog = _(ABOUT), _(EXIT_CODES)
    parser.add_argument("--from", dest="start", metavar=_("TIME"), help=_("start of the span, ISO 8601"))
    parser.add_argument("--to", dest="end", metavar=_("TIME"), help=_("end of the span, ISO 8601 (default: now)"))
    parser.add_argument("--queue", metavar=_("NAME"), help=_("only contacts of this queue"))
    parser.add_argument("--channel", metavar=_("KEY"), help=_("only contacts of this channel: web_chat, email ..."))
    parser.add_argument("--type", metavar=_("KEY"), help=_("only contacts of this type: order_status, complaint ..."))
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=report_balance)


def report_balance(options: argparse.Namespace) -> int:
    """Print the balance of a span."""
    from console.models.store.database import place

    settings = Settings()
    zone = local_zone(options, settings)
    end = SystemClock().now() if options.end is None else instant(options.end, zone)
    start = end - DAY if options.start is None else instant(options.start, zone)
    if start >= end:
        raise UsageError(_("The span ends before it starts."), _("Give --from a time before --to."))
    found = _balance(place(folder(options, settings)), start, end, options)
    if options.json:
        print_json(as_json(found, start, end, zone))
    else:
        sys.stdout.write(as_text(found, start, end, zone))
    return 0


def _balance(where: Place, start: int, end: int, options: argparse.Namespace) -> Balance | None:
    from console.models.domain.ports import Progress
    from console.models.live.history.manifest import FOLDER
    from console.models.live.history.past import Past
    from console.models.policy import policy
    from console.models.queries.balance import balance
    from console.models.store.log import open_reader

    reader = open_reader(where)
    try:
        rules = policy.load_site(where.directory).policy
        board = Past(reader, where.directory / FOLDER, rules).board_at(end, Progress(), rules)
        return balance(reader, board, start, end, rules.skew, _chosen(options, reader.names().get("queue", {})))
    finally:
        reader.close()


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


def as_json(found: Balance | None, start: int, end: int, zone: tzinfo) -> dict[str, object]:
    """The report as the documented keys."""
    span: dict[str, object] = {"from": written(start, zone), "to": written(end, zone), "time_zone": str(zone)}
    if found is None:
        return span | {"measure": "handled", "agents": 0}
    return span | {
        "measure": "handled",
        "agents": len(found.people),
        "contacts": round(found.contacts.total),
        "minutes": round(found.minutes.total, 1),
        "staffed_hours": round(sum(person.staffed_hours for person in found.people), 2),
        "presence": "told" if found.measured_presence else "from_acts",
        **_measured_as_json(found.contacts),
        "in_minutes": _measured_as_json(found.minutes),
        "causes": {"share": found.causes.share, "excess": found.causes.excess, "parts": found.causes.parts},
        "by_agent": [
            {
                "agent": person.name,
                "contacts": person.contacts,
                "minutes": round(person.minutes, 1),
                "staffed_hours": round(person.staffed_hours, 3),
                "places": person.places,
                "fair_contacts": round(person.fair, 2),
            }
            for person in found.people
        ],
        "left_out": list(found.left_out),
    }


def _measured_as_json(measured: Measured) -> dict[str, object]:
    verdict = measured.verdict
    return {
        "top30_share": verdict.share,
        "gini": measured.gini,
        "lorenz": [list(point) for point in zip(*(side.tolist() for side in measured.curve), strict=True)],
        "expected_share": verdict.expected,
        "p_value": verdict.p_value,
        "share_interval": [verdict.low, verdict.high],
        "uneven": verdict.uneven,
        "alarm": verdict.alarm,
    }


def as_text(found: Balance | None, start: int, end: int, zone: tzinfo) -> str:
    """The report for people: what it comes to, why, and everybody's part."""
    from console.models.domain.skew_causes import WORDS

    lines = [_("Work from {start} to {end}").format(start=written(start, zone), end=written(end, zone)), ""]
    if found is None:
        return "\n".join([*lines, _("Nothing was handled, or nobody was there.")]) + "\n"
    verdict = found.contacts.verdict
    if verdict.alarm:
        lines.append(_("ALARM: the work is piled on a few, and chance does not explain it."))
    elif verdict.uneven:
        lines.append(_("Uneven: chance does not explain it."))
    else:
        lines.append(_("Chance may explain how it was shared."))
    for name, measured in ((_("contacts"), found.contacts), (_("minutes"), found.minutes)):
        seen = measured.verdict
        lines.append(
            _("{measure}: the busiest carry {share:.0%} (on a fair day {fair:.0%}), Gini {gini:.2f}").format(
                measure=name, share=seen.share, fair=seen.expected, gini=measured.gini
            )
        )
    lines += ["", _("By head they carry {share:.0%}, in points above their part:").format(share=found.causes.share)]
    parts = sorted(found.causes.parts.items(), key=lambda part: -part[1])
    lines += [f"  {100 * part:+6.1f}  {_(WORDS[name])}" for name, part in parts if abs(part) >= 0.0005]
    head = (_("Agent"), _("contacts"), _("fair"), _("minutes"), _("hours there"))
    rows = [
        (p.name, str(p.contacts), f"{p.fair:.1f}", f"{p.minutes:.0f}", f"{p.staffed_hours:.1f}") for p in found.people
    ]
    lines += ["", *aligned([head, *rows])]
    if found.left_out:
        lines += ["", _("Without staffed time, and left out: {names}").format(names=", ".join(found.left_out))]
    return "\n".join(lines) + "\n"
