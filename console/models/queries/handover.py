"""The hand-over sheet: what the next shift takes over, as of an instant. `handover_words` says it in words.

It is made in two steps: `gather` reads what is owed out of the database (in a worker), `sheet` joins it with the
tickets of a board (on the thread that owns the board).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from console.clock import HOUR, MINUTE
from console.models.domain.call_backs import CallBack
from console.models.domain.contacts import Channel, Tier
from console.models.domain.escalation import Happening, State, Urgency
from console.models.domain.follow_ups import FollowUp
from console.models.domain.hand_over import HandOverReader, Moved, Signed
from console.models.domain.ports import TicketText
from console.models.domain.requests import Request
from console.models.live.board import Board
from console.models.queries.inbox_lines import Line, line_of

SHIFT = 8 * HOUR
"""How far a first sheet looks back; later ones begin where the last one was signed."""

FIRST_STRETCH = 30 * MINUTE
"""What breaches this soon is the first work of the next shift."""

MOST_LISTED = 200
"""More promises or breaches than this are counted and not listed: nobody reads a sheet of thirty pages."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What this shift saw: moves of the inbox, and the entries that used up their chain."""

    raised: int = 0
    resolved: int = 0
    reopened: int = 0
    closed: int = 0
    exhausted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """What the database says is owed at an instant."""

    as_of: int
    since: int
    lines: tuple[Line, ...]
    changes: Changes
    requests: tuple[Request, ...]
    call_backs: tuple[CallBack, ...]
    follow_ups: tuple[FollowUp, ...]
    signed: Signed | None
    """The last sheet that was signed before."""


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket as the sheet names it; of one that is not on the board only the number is known."""

    ticket: int
    ref: str = ""
    customer: str = ""
    subject: str = ""
    channel: Channel = Channel.UNKNOWN
    tier: Tier = Tier.UNKNOWN
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A ticket and the instant at which something falls due; ``since`` when the customer began to wait, 0 if not."""

    ticket: Known
    due_at: int
    since: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """What one person has: entries by urgency, requests for compensation, call backs and follow-ups."""

    name: str
    p1: int
    p2: int
    p3: int
    requests: int
    call_backs: int
    follow_ups: int
    next_due_at: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet. ``promises`` and ``breaching`` hold `MOST_LISTED` at most, the counts beside them all."""

    owed: Owed
    tickets: Mapping[int, Known]
    promises: tuple[Due, ...]
    promised: int
    breaching: tuple[Due, ...]
    breaches: int
    holders: tuple[Holder, ...]

    @property
    def as_of(self) -> int:
        """The instant that it tells of."""
        return self.owed.as_of

    def known(self, ticket: int) -> Known:
        """A ticket by its number."""
        return self.tickets.get(ticket, Known(ticket))


def gather(reader: HandOverReader, as_of: int, since: int | None = None) -> Owed:
    """Read what is owed at an instant. Without ``since`` the shift began when the last sheet was signed, `SHIFT` ago
    at most."""
    signed = reader.signed_before(as_of)
    if since is None:
        since = max(as_of - SHIFT, signed.as_of if signed is not None else 0)
    entries = [entry for entry in reader.entries_at(as_of) if entry.state is not State.RESOLVED]
    return Owed(
        as_of,
        since,
        tuple(line_of(entry, None) for entry in entries),
        _changes(reader.moves(since, as_of)),
        tuple(reader.requests_at(as_of)),
        tuple(reader.call_backs_at(as_of)),
        tuple(reader.follow_ups_at(as_of)),
        signed,
    )


def listed_tickets(owed: Owed, board: Board) -> list[int]:
    """The tickets whose words a sheet needs, where the board has none."""
    promises, _promised = _promises(board)
    breaching, _breaches = _breaching(board, owed.as_of)
    columns = board.columns
    of_board = [int(columns.id[slot]) for slot in (*promises, *breaching)]
    return sorted({*_owed_tickets(owed), *of_board})


def sheet(owed: Owed, board: Board, words: Mapping[int, TicketText] | None = None) -> Sheet:
    """Join what is owed with its tickets. ``words`` stand in where the board was made without them."""
    words = words or {}
    promises, promised = _promises(board)
    breaching, breaches = _breaching(board, owed.as_of)
    columns = board.columns
    slots = {ticket: board.slot(ticket) for ticket in _owed_tickets(owed)}
    slots |= {int(columns.id[slot]): int(slot) for slot in (*promises, *breaching)}
    tickets = {ticket: _known(board, ticket, slot, words.get(ticket)) for ticket, slot in slots.items()}

    def due(slot: int, due_at: int) -> Due:
        return Due(tickets[int(columns.id[slot])], due_at, int(columns.waiting_since[slot]))

    return Sheet(
        replace(owed, lines=tuple(_joined(line, board, words) for line in owed.lines)),
        tickets,
        tuple(due(slot, int(columns.promise_at[slot])) for slot in promises),
        promised,
        tuple(due(slot, int(columns.due_at[slot])) for slot in breaching),
        breaches,
        _holders(owed),
    )


def _owed_tickets(owed: Owed) -> set[int]:
    lists: tuple[Iterable[Request | CallBack | FollowUp], ...] = (owed.requests, owed.call_backs, owed.follow_ups)
    return {one.ticket for part in lists for one in part} | {line.entry.ticket for line in owed.lines}


def _changes(moves: list[Moved]) -> Changes:
    reached = Counter(move.state for move in moves if move.state is not move.before)
    exhausted = [move.entry for move in moves if move.state is State.EXHAUSTED and move.before is not State.EXHAUSTED]
    return Changes(
        raised=sum(move.what is Happening.RAISE for move in moves),
        resolved=reached[State.RESOLVED],
        reopened=sum(move.before is State.RESOLVED and move.state is State.RAISED for move in moves),
        closed=reached[State.CLOSED],
        exhausted=tuple(dict.fromkeys(exhausted)),
    )


def _promises(board: Board) -> tuple[list[int], int]:
    """The slots of tickets with a promise that is open, the earliest first."""
    promise = board.columns.promise_at[: board.columns.count]
    slots = np.flatnonzero(promise)
    order = np.argsort(promise[slots], kind="stable")[:MOST_LISTED]
    return slots[order].tolist(), len(slots)


def _breaching(board: Board, as_of: int) -> tuple[list[int], int]:
    """The slots of tickets whose clock is up in the next shift's first stretch, the earliest first."""
    due = board.columns.due_at[: board.columns.count]
    slots = np.flatnonzero((due > as_of) & (due <= as_of + FIRST_STRETCH))
    order = np.argsort(due[slots], kind="stable")[:MOST_LISTED]
    return slots[order].tolist(), len(slots)


def _known(board: Board, ticket: int, slot: int | None, words: TicketText | None) -> Known:
    if slot is None:
        return Known(ticket, words.ref, words.customer, words.subject) if words else Known(ticket)
    columns = board.columns
    ref, subject, customer = (words.ref, words.subject, words.customer) if words else board.texts.get(slot)
    agent = board.names.text("agent", int(columns.assignee[slot]))
    return Known(ticket, ref, customer, subject, Channel(columns.channel[slot]), Tier(columns.tier[slot]), agent)


def _joined(line: Line, board: Board, words: Mapping[int, TicketText]) -> Line:
    joined = line_of(line.entry, board)
    text = words.get(line.entry.ticket)
    return joined if text is None else replace(joined, ref=text.ref, subject=text.subject, customer=text.customer)


def _holders(owed: Owed) -> tuple[Holder, ...]:
    """Who has what, the one with the most urgent first."""
    names = {line.entry.owner for line in owed.lines} | {call.owner for call in owed.call_backs}
    names |= {task.owner for task in owed.follow_ups} | {request.proposed_by for request in owed.requests}
    holders = []
    for name in names - {""}:
        entries = [line.entry for line in owed.lines if line.entry.owner == name]
        urgencies = Counter(entry.urgency for entry in entries)
        calls = [call.due_at for call in owed.call_backs if call.owner == name]
        tasks = [task.promised_at for task in owed.follow_ups if task.owner == name]
        asked = [request.due_at for request in owed.requests if request.proposed_by == name]
        dues = [at for at in (*(entry.due_at for entry in entries), *calls, *tasks) if at is not None]
        counts = (urgencies[Urgency.P1], urgencies[Urgency.P2], urgencies[Urgency.P3])
        holders.append(Holder(name, *counts, len(asked), len(calls), len(tasks), min(dues, default=None)))
    return tuple(sorted(holders, key=lambda one: (-one.p1, -one.p2, -one.p3, -one.call_backs, one.name)))
