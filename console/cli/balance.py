"""``console report balance``: how unevenly work was shared in a span of time, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from console.cli.shared import print_json
from console.cli.work_span import Work, fill_span, opened
from console.errors import UsageError
from console.i18n import N_, _

if TYPE_CHECKING:
    from console.models.queries.balance_history import Point

ABOUT = N_(
    """How unevenly work was shared in a span of time (--from included, --to not; default: the last 24 hours).

A contact counts for everybody who answered the customer in it, spoke on the telephone or resolved it. Agents stand in
the order of contacts per capacity, which is staffed hours times the contacts they may have at once, so a short shift
does not look idle; the busiest are those who make up 30 percent of the capacity (balance.busiest of the policy). For
minutes the capacity is the staffed hours alone. How many contacts at once is what the log-in allows, and for each
channel balance.places of the policy at most.

Keys of the JSON form:
  from, to, time_zone  the span, ISO 8601 with offset, and the zone that times without offset were read in
  measure              "handled": what was done in the span; or "open", see below
  agents               how many were staffed; where skills are told, of those who may handle some of the contacts
  contacts, minutes, staffed_hours
                       sums over them; minutes of handling as the source says, else read from what people did
  presence             "told" by the sources, or "from_acts" where no source tells who is there
  top30_share          the share of the contacts that the busiest carry
  gini, lorenz         the coefficient, and the points [share of capacity, share of contacts] of the curve
  expected_share       what the busiest would carry on a fair day: each contact to anybody eligible for its queue and
                       language by skill, or where no source tells skills by what they handled before
  p_value              how often a fair day is as uneven
  share_interval       [low, high]: the true share with 95 percent
  uneven               whether chance does not explain it (balance.chance)
  alarm                whether it is uneven and the true share may be 70 percent or more (balance.alarm_share)
  in_minutes           top30_share, gini, lorenz, expected_share, p_value, share_interval, uneven and alarm, in minutes
  causes               why, by head: share and excess of the busiest 30 percent of the agents, and parts, which add up
                       to the excess: shift_length, specialisation, and by how contacts came to people routed, picked,
                       transferred, sticky (a returning customer), by_hand, untold; behind has for each part agents,
                       types and queues with their share of it, each of the three adding up to the part
  by_agent             agent, team, contacts, minutes, staffed_hours, places (contacts at once), fair_contacts (on a
                       fair day, on average); the busiest first
  left_out             who handled contacts and had no staffed time
  history              with --history: for each local hour or day of the span from, to, agents, contacts, minutes, and
                       where something was handled top30_share, share_interval and gini, also in_minutes

Where nothing was handled, or nobody was there, only the span and "agents": 0 are told.

With --measure open it is what is assigned at --to, or now, to those who are there, in contacts and in the minutes that
are left to do, per places; the two measures are never mixed. Then as_of stands for from and to, staffed_hours and
causes are null, by_agent has busy (contacts that take a place) and waiting (customers who wait) instead of hours, and
there are away (agent, contacts, waiting of those who are not there) and unassigned."""
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the report."""
    parser.description = _(ABOUT)
    fill_span(parser)
    parser.add_argument(
        "--measure", choices=("handled", "open"), default="handled", help=_("what was done, or what is open")
    )
    parser.add_argument("--history", choices=("hour", "day"), help=_("also the index of each hour or day of the span"))
    parser.set_defaults(run=report_balance)


def report_balance(options: argparse.Namespace) -> int:
    """Print the balance of a span."""
    from console.cli import balance_output
    from console.models.queries.balance import balance

    if options.measure == "open":
        return _report_open(options)
    with opened(options) as work:
        found = balance(work.log, work.board, *work.span, work.policy.skew, work.directory, work.chosen)
        points = _history(work, options.history)
    if options.json:
        print_json(balance_output.as_json(found, work.span, work.zone, points))
    else:
        sys.stdout.write(balance_output.as_text(found, work.span, work.zone, points))
    return 0


def _report_open(options: argparse.Namespace) -> int:
    from console.cli import open_output
    from console.models.queries.open_load import open_load

    if any(asked is not None for asked in (options.start, options.window, options.history)):
        raise UsageError(
            _("What is open is open at one moment."), _("Give --to alone, without --from, --window and --history.")
        )
    with opened(options) as work:
        found = open_load(work.board, work.directory, work.span.end, work.policy, work.chosen)
    if options.json:
        print_json(open_output.as_json(found, work.span.end, work.zone))
    else:
        sys.stdout.write(open_output.as_text(found, work.span.end, work.zone))
    return 0


def _history(work: Work, by: str | None) -> tuple[Point, ...] | None:
    from console.models.queries.balance_history import BalanceHistory
    from console.models.queries.balance_windows import days, hours

    if by is None:
        return None
    spans = (hours if by == "hour" else days)(work.span, work.policy)
    history = BalanceHistory(work.policy.skew)
    return history.points(work.log, work.board, work.directory, spans, work.span.end, work.chosen)
