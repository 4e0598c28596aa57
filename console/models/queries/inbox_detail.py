"""One entry of the inbox in full: what was said, every clock of its ticket, what is at stake, and its own history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from console.models.domain.clock_history import cycles_of
from console.models.domain.clock_states import AppliedClock, State, judge
from console.models.domain.clock_targets import ClockTargets
from console.models.domain.contacts import Channel, InquiryType, Status
from console.models.domain.escalation import Entry
from console.models.domain.escalation_ports import EscalationReader, Past
from console.models.domain.events import Kind
from console.models.domain.money import told_amount
from console.models.live.board import Board
from console.models.queries.timeline import Entry as Event
from console.models.queries.timeline import Line, Timelines, timeline

_MOST_OTHERS = 12
_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class EntryStory:
    """What the log and the inbox tell of an entry. ``amount`` is what the complaint is about, as written for people
    (empty: not told); ``clocks`` those that run first, what is due first before the others; ``history`` oldest first.
    """

    lines: tuple[Line, ...] = ()
    clocks: tuple[AppliedClock, ...] = ()
    amount: str = ""
    history: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherTicket:
    """Another ticket of the same customer. ``created_at`` in microseconds since the epoch."""

    id: int
    ref: str
    subject: str
    status: Status
    channel: Channel
    type: InquiryType
    created_at: int


class _Known(Timelines):
    """A timeline that was read already, so that one read serves everything."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def timeline(self, ticket: int) -> Sequence[Event]:
        del ticket
        return self._events


def story(log: Timelines, reader: EscalationReader, entry: Entry, targets: ClockTargets, now: int) -> EntryStory:
    """Read an entry in full; for a worker. Raises `CalendarError` where the working calendar cannot answer."""
    events = log.timeline(entry.ticket) if entry.ticket else ()
    clocks: list[AppliedClock] = []
    if events:
        happened = [(int(event.kind), event.at, event.value, event.role) for event in events if event.at <= now]
        clocks = judge(cycles_of(entry.ticket, happened, targets), targets, now)
        clocks.sort(key=_clock_rank)
    lines = timeline(_Known(events), entry.ticket, now)
    return EntryStory(tuple(lines), tuple(clocks), amount_of(events), tuple(reader.history(entry.id)))


def amounts(log: Timelines, tickets: Iterable[int]) -> dict[int, str]:
    """What the complaints of these tickets are about, as written for people; for a worker."""
    return {ticket: amount_of(log.timeline(ticket)) for ticket in tickets}


def amount_of(events: Iterable[Event]) -> str:
    """The amount that the last complaint event of a ticket told, as written for people; empty when none did."""
    written = ""
    for event in events:
        if event.kind is Kind.COMPLAINT:
            told = told_amount(event.detail.get("amount"), str(event.detail.get("currency", _CURRENCY)))
            written = str(told) if told is not None else written
    return written


def called(ticket: int, board: Board | None) -> str:
    """A ticket as people call it: its customer and its reference, else its number."""
    slot = None if board is None else board.slot(ticket)
    ref, _subject, customer = board.texts.get(slot) if board is not None and slot is not None else ("", "", "")
    return " · ".join(part for part in (customer, ref) if part) or f"#{ticket}"


def others_of(board: Board, customer: str, ticket: int) -> list[OtherTicket]:
    """The customer's other tickets, the newest first. Looks through the words of all tickets: for a worker."""
    if not customer:
        return []
    found = np.flatnonzero(board.texts.find(customer, board.columns.count))[::-1]
    others: list[OtherTicket] = []
    for slot in found.tolist():
        ref, subject, name = board.texts.get(slot)
        columns = board.columns
        if name != customer or int(columns.id[slot]) == ticket:
            continue
        others.append(
            OtherTicket(
                int(columns.id[slot]),
                ref,
                subject,
                Status(int(columns.status[slot])),
                Channel(int(columns.channel[slot])),
                InquiryType(int(columns.type[slot])),
                int(columns.created_at[slot]),
            )
        )
    others.sort(key=lambda other: -other.created_at)
    return others[:_MOST_OTHERS]


_RANK = {State.BREACHED: 1, State.RUNNING: 0, State.PAUSED: 2, State.MET: 3}


def _clock_rank(clock: AppliedClock) -> tuple[int, int, int]:
    """Late and still running, then running by what is due first, then what stands still, then what is over."""
    running = clock.cycle.stopped_at is None
    rank = _RANK[clock.state] if running else 4
    if running and clock.state is State.BREACHED:
        rank = -1
    return rank, clock.due_at or 0, clock.cycle.started_at
