"""``console rebalance``: which open contacts to give to whom, so that work no longer piles on a few."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.cli.progress import Shown
from console.cli.shared import Command, add_common, add_place, aligned, folder, local_zone, print_json
from console.clock import SystemClock
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, to_the_second, written

if TYPE_CHECKING:
    from console.models.domain.rebalance import Problem, Proposal, Standing
    from console.models.store.database import Place

DESCRIPTION = N_(
    """Which open contacts to give to whom, so that the busiest no longer carry too much. It proposes, and changes
nothing: a supervisor makes the moves on the screen Balance, all at once, and can undo them.

As few contacts as possible are moved, each to somebody who may handle it and has room. Open promises, conversations and
telephone calls that go on, contacts whose platform ends the free reply soon, and VIPs whom somebody has answered stay.
Customers who wait for somebody who is away are taken back. The figures stand in the table rebalance of the policy.

Keys of the JSON form:
  at, time_zone        the moment, ISO 8601 with offset, and the zone that a time without offset was read in
  measure              "open": what is assigned at that moment, not what was handled
  agents               how many are there
  target               the share of the open contacts that the busiest 30 percent of the capacity may keep
  before, after        of the people who are there: top30_share, gini, lorenz (points [share of capacity, share of
                       contacts]), contacts, minutes (left to do); beside them breaches (contacts that will fall
                       overdue) and away (contacts to be taken back from who is away)
  moves                ticket, queue, from, to, reason
  violations           what forbids moves: ticket (or null), agent, says; none in a proposal
  optimal              whether it is proven that fewer moves cannot do it
  infeasible_reason    why the target is out of reach (the moves then come as near as can be); null where it is reached
  by_agent             agent, places (contacts at once), before, after: open contacts; the busiest first"""
)


def _fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--propose", action="store_true", required=True, help=_("say what to move; nothing is changed"))
    parser.add_argument("--at", metavar=_("TIME"), help=_("the moment, ISO 8601 (default: now)"))
    parser.add_argument(
        "--target", metavar=_("SHARE"), type=float, help=_("another target than the policy's: 0.45 is 45 percent")
    )
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=rebalance)


def rebalance(options: argparse.Namespace) -> int:
    """Print a proposal."""
    from console.scheduling.rebalance.apart import propose

    settings = Settings()
    zone = local_zone(options, settings)
    at = SystemClock().now() if options.at is None else instant(options.at, zone)
    if options.target is not None and not 0 < options.target < 1:
        raise UsageError(
            _("{value} is not a share.").format(value=options.target),
            _("Give --target between 0 and 1: 0.45 is 45 percent."),
        )
    problem = _problem(options, settings, at)
    with Shown(_("looking for moves")) as shown:
        found = propose(problem, shown.progress)
    if options.json:
        print_json(as_json(problem, found, zone))
    else:
        sys.stdout.write(as_text(problem, found, zone))
    return 0


def _problem(options: argparse.Namespace, settings: Settings, at: int) -> Problem:
    from console.models.domain.ports import Progress
    from console.models.live.history.manifest import FOLDER
    from console.models.live.history.past import Past
    from console.models.policy import policy
    from console.models.queries.eligibility import directory_for
    from console.models.queries.rebalance_problem import rebalance_problem
    from console.models.store.database import place
    from console.models.store.log import open_reader

    where = place(folder(options, settings))
    reader = open_reader(where)
    try:
        rules = policy.load_site(where.directory).policy
        board = Past(reader, where.directory / FOLDER, rules).board_at(at, Progress(), rules)
        people = directory_for(reader, board, rules.skew, at)
        pending = _pending(where) if options.at is None else ()
        problem = rebalance_problem(board, people, at, options.target, pending)
        # A board of the past knows no words.
        refs = {text.id: text.ref for text in reader.texts([ticket.ticket for ticket in problem.tickets])}
        return replace(problem, tickets=tuple(t._replace(ref=refs.get(t.ticket, "")) for t in problem.tickets))
    finally:
        reader.close()


def _pending(where: Place) -> Collection[int]:
    """Tickets of which something was asked that they do not show yet."""
    from console.models.store.command_rows import SqlCommandReader
    from console.models.store.database import reader
    from console.models.store.log import pending_revisions

    if pending_revisions(where):
        # Of an older version, which knew no commands or keeps them in another way.
        return ()
    rows = reader(where.file)
    try:
        return SqlCommandReader(rows).pending().keys()
    finally:
        rows.dispose()


def as_json(problem: Problem, found: Proposal, zone: tzinfo) -> dict[str, object]:
    """The proposal as the documented keys."""
    from console.models.domain.rebalance_words import fault, infeasible_reason, reason

    name = {person.agent: person.name for person in problem.people}
    tickets, pools = problem.ticket_of, problem.pools
    return {
        "at": written(problem.at, zone),
        "time_zone": str(zone),
        "measure": "open",
        "agents": sum(person.there for person in problem.people),
        "target": problem.target,
        "before": _standing_as_json(problem, found.before),
        "after": _standing_as_json(problem, found.after),
        "moves": [
            {
                "ticket": tickets[move.ticket].ref,
                "queue": pools[tickets[move.ticket].pool].name,
                "from": name[move.owner],
                "to": name[move.to],
                "reason": reason(move),
            }
            for move in found.moves
        ],
        "violations": [
            {
                "ticket": tickets[one.ticket].ref if one.ticket in tickets else None,
                "agent": name.get(one.agent, ""),
                "says": fault(problem, one),
            }
            for one in found.violations
        ],
        "optimal": found.optimal,
        "infeasible_reason": infeasible_reason(problem, found) or None,
        "by_agent": [
            {"agent": agent, "places": places, "before": before, "after": after}
            for agent, places, before, after in _by_agent(problem, found)
        ],
    }


def _standing_as_json(problem: Problem, standing: Standing) -> dict[str, object]:
    there = [load for person, load in zip(problem.people, standing.loads, strict=True) if person.there]
    return {
        "top30_share": standing.share,
        "gini": standing.gini,
        "lorenz": [list(point) for point in zip(*(side.tolist() for side in standing.curve), strict=True)],
        "contacts": sum(load.contacts for load in there),
        "minutes": round(sum(load.minutes for load in there), 1),
        "breaches": standing.breaches,
        "away": standing.away,
    }


def _by_agent(problem: Problem, found: Proposal) -> list[tuple[str, float, int, int]]:
    rows = [
        (person.name, person.capacity, before.contacts, after.contacts)
        for person, before, after in zip(problem.people, found.before.loads, found.after.loads, strict=True)
        if person.there
    ]
    return sorted(rows, key=lambda row: (-row[2] / row[1], row[0]))


def as_text(problem: Problem, found: Proposal, zone: tzinfo) -> str:
    """The proposal for people: what it comes to, every move with its reason, and everybody's part."""
    from console.models.domain.rebalance_words import infeasible_reason

    before, after = found.before, found.after
    lines = [
        _("Open contacts at {time}").format(time=to_the_second(problem.at, zone)),
        "",
        _("The busiest carry {before:.0%}; with these moves {after:.0%} (target {target:.0%}).").format(
            before=before.share, after=after.share, target=problem.target
        ),
        _("Fall overdue: {before}, then {after}. To be taken back from who is away: {away}, then {left}.").format(
            before=before.breaches, after=after.breaches, away=before.away, left=after.away
        ),
    ]
    if why := infeasible_reason(problem, found):
        lines.append(why)
    lines.append(_proof(found))
    if found.moves:
        lines += ["", *_said(problem, found)]
    head = (_("Agent"), _("places"), _("now"), _("then"))
    rows = [(agent, f"{places:g}", str(now), str(then)) for agent, places, now, then in _by_agent(problem, found)]
    return "\n".join([*lines, "", *aligned([head, *rows])]) + "\n"


def _said(problem: Problem, found: Proposal) -> Iterable[str]:
    """The moves, those of one kind in one line."""
    from console.models.domain.rebalance_words import reason

    name = {person.agent: person.name for person in problem.people}
    together: dict[tuple[str, str, str], list[str]] = {}
    for move in found.moves:
        key = (name[move.owner], name[move.to], reason(move))
        together.setdefault(key, []).append(problem.ticket_of[move.ticket].ref)
    for (owner, taker, why), refs in together.items():
        said = _("{owner} to {taker}: {tickets} ({reason})")
        yield "  " + said.format(owner=owner, taker=taker, tickets=", ".join(refs), reason=why)


def _proof(found: Proposal) -> str:
    if not found.moves:
        return _("Nothing is to be moved.")
    count = len(found.moves)
    if found.optimal:
        return _("Moves: {n}; fewer cannot do it.").format(n=count)
    return _("Moves: {n}; fewer might do.").format(n=count)


REBALANCE = Command("rebalance", N_("which open contacts to give to whom"), _fill, DESCRIPTION)
