"""A believable inbox of the demonstration centre's morning, in a real database, with a desk that acts on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from console.clock import HOUR, MINUTE, SECOND
from console.models.actions.authorize import Refused, authorize
from console.models.actions.compensation import CompensationActions
from console.models.actions.follow_ups import FollowUpActions
from console.models.actions.hand_over import HandOverActions
from console.models.actions.session import Session
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.command_ports import CommandReader
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.domain.contacts import LIVE_CHANNELS, Channel, ComplaintTier, InquiryType, Tier
from console.models.domain.escalation import (
    Cause,
    Entry,
    Event,
    Happening,
    Key,
    ObjectKind,
    Occurrence,
    State,
    Transition,
    Urgency,
)
from console.models.domain.escalation_ports import Raised
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Action, Actor, Target
from console.models.live.board import Board
from console.models.store import database, schema
from console.models.store.database import place
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.views.inbox_watch import InboxWatch
from console.views.screen import Context
from tests.views.screens.centre import MORNING, Stage, shipped_policy

ME = Actor("wang.fang", frozenset({AccountRole.SUPERVISOR}))
_ACTIONS = {
    Happening.ACKNOWLEDGE: Action.ESCALATION_ACKNOWLEDGE,
    Happening.RAISE: Action.ESCALATION_RAISE,
}


class StoreInbox:
    """Writer and reader over a database of its own."""

    def __init__(self, folder: Path) -> None:
        home = place(folder)
        home.directory.mkdir(parents=True, exist_ok=True)
        schema.upgrade(home.file, Progress())
        self._readers = database.reader(home.file)
        self.write = SqlEscalations(database.writer(home.file), threading.Lock(), lambda _connection, _made: None)
        self.read = SqlEscalationReader(self._readers)

    def close(self) -> None:
        self.write.close()
        self._readers.dispose()


class StoreMoves:
    """The moves of a person, on the store."""

    def __init__(self, inbox: StoreInbox, now: Callable[[], int], rules: EscalationRules) -> None:
        self._inbox, self._now, self._rules = inbox, now, rules

    def acknowledge(self, actor: Actor, entry: int, version: int | None = None) -> Transition:
        return self._move(actor, entry, version, Event(Happening.ACKNOWLEDGE))

    def progress(self, actor: Actor, entry: int, version: int | None, note: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.PROGRESS, note))

    def snooze(self, actor: Actor, entry: int, version: int | None, until: int, reason: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.SNOOZE, reason, until=until))

    def give_back(self, actor: Actor, entry: int, version: int | None, to: str, until: int, reason: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.RETURN, reason, until=until, to=to))

    def resolve(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.RESOLVE, reason))

    def reopen(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.REOPEN, reason))

    def hand_over(self, actor: Actor, entry: int, version: int | None, to: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.HAND_OVER, to=to))

    def merge(self, actor: Actor, entry: int, version: int | None, into: int, reason: str) -> Transition:
        return self._move(actor, entry, version, Event(Happening.MERGE, reason, into=into))

    def raise_by_hand(self, actor: Actor, ticket: int, to: str, reason: str) -> Raised:
        self._permit(actor, Action.ESCALATION_RAISE, str(ticket))
        now = self._now()
        rules = replace(self._rules, chain=(to, *(level for level in self._rules.chain if level != to)))
        key = Key(ObjectKind.TICKET, ticket, Cause.BY_HAND)
        occurrence = Occurrence(key, "R-ESC", now, now, Urgency.P3, ticket, reason)
        return self._inbox.write.raise_all([occurrence], now, rules, actor.name)[0]

    def undo(self, actor: Actor, made: Transition) -> Transition | None:
        if made.event.what is not Happening.RESOLVE:
            return None
        return self._move(actor, made.entry.id, made.entry.version, Event(Happening.REOPEN))

    def _move(self, actor: Actor, entry: int, version: int | None, event: Event) -> Transition:
        self._permit(actor, _ACTIONS.get(event.what, Action.ESCALATION_RESOLVE), str(entry))
        return self._inbox.write.move(entry, event, self._now(), actor.name, self._rules, version=version)

    def _permit(self, actor: Actor, action: Action, target: str) -> None:
        decision = authorize(actor, action, Target("escalation", target))
        if decision.refusal is not None:
            raise Refused(decision.refusal)


class AskedTickets:
    """Keeps what was asked of the helpdesk."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.state = Delivery.APPLIED
        self.reason = ""

    def assign(self, actor: Actor, tickets: Sequence[int], agent: str) -> Sequence[Ordered]:
        self.asked.append(("assign", actor.name, tuple(tickets), agent))
        ordered = Ordered(1, "k", 0, "demo", "T", Verb.ASSIGN, actor.name, 0, self.state, 0, reason=self.reason)
        return [replace(ordered, ticket=ticket) for ticket in tickets]

    def call_back(self, actor: Actor, ticket: int, due_at: int, agent: str, text: str) -> Sequence[Ordered]:
        self.asked.append(("call back", actor.name, ticket, due_at, agent, text))
        return ()

    def settle_call_back(self, actor: Actor, call_back: int, state: Kept, outcome: str = "") -> CallBack:
        raise AssertionError("its own tests ask for it")

    def classify(self, actor: Actor, ticket: int, type: InquiryType | None) -> Sequence[Ordered]:  # noqa: A002 - its name
        self.asked.append(("classify", actor.name, ticket, type))
        return ()

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> Sequence[Ordered] | None:
        self.asked.append(("undo", actor.name, len(made)))
        return None

    def answers(self, made: Sequence[Ordered], seconds: float) -> Sequence[Ordered]:
        del seconds
        return made


class StoreDesk:
    """The desk as the screen needs it. Compensation and hand-over have desks of their own, given where a test acts on
    them."""

    def __init__(self, inbox: StoreInbox, now: Callable[[], int], rules: EscalationRules) -> None:
        self.escalations = StoreMoves(inbox, now, rules)
        self.tickets = AskedTickets()
        self.own_commands: CommandReader | None = None
        self.own_compensation: CompensationActions | None = None
        self.own_hand_over: HandOverActions | None = None

    @property
    def compensation(self) -> CompensationActions:
        assert self.own_compensation is not None
        return self.own_compensation

    @property
    def follow_ups(self) -> FollowUpActions:
        raise AssertionError("no test asks for it")

    @property
    def commands(self) -> CommandReader:
        assert self.own_commands is not None
        return self.own_commands

    @property
    def hand_over(self) -> HandOverActions:
        assert self.own_hand_over is not None
        return self.own_hand_over


def with_inbox(stage: Stage, inbox: StoreInbox | None, actor: Actor = ME) -> tuple[Context, StoreDesk | None]:
    """The stage's context with an inbox, a desk on it, and a watch that has looked once."""
    session = Session.of(actor, stage.clock)
    if inbox is None:
        return replace(stage.context, session=session), None
    desk = StoreDesk(inbox, stage.clock.now, shipped_policy().escalation)
    watch = InboxWatch(inbox.read, stage.ops, stage.clock)
    watch.look()
    return replace(stage.context, session=session, inbox=inbox.read, watch=watch, desk=desk), desk


def fill(inbox: StoreInbox, board: Board, now: int = MORNING) -> list[Entry]:
    """A busy hour: waits, breaches and complaints of the board's tickets, in every state."""
    rules = shipped_policy().escalation
    found = sorted(_found(board, now), key=lambda occurrence: occurrence.occurred_at)
    for occurrence in found:
        inbox.write.raise_all([occurrence], occurrence.occurred_at, rules)
        _run_until(inbox, occurrence.occurred_at, rules)
    _act(inbox, now, rules)
    inbox.write.tick(now - SECOND, now - SECOND)
    return inbox.read.open_entries()


def _run_until(inbox: StoreInbox, now: int, rules: EscalationRules) -> None:
    due = inbox.read.next_due(now)
    while due is not None and due <= now:
        inbox.write.fire(inbox.write.claim_due(due, 5 * SECOND, 1_000), due, rules)
        due = inbox.read.next_due(now)


def _act(inbox: StoreInbox, now: int, rules: EscalationRules) -> None:
    """Some are taken, put aside, given back and resolved in the last minutes; the rest climbs."""
    start = now - 9 * MINUTE
    _run_until(inbox, start, rules)
    opened = inbox.read.open_entries()

    def take(entry: Entry, who: str, at: int) -> None:
        inbox.write.move(entry.id, Event(Happening.ACKNOWLEDGE), at, who, rules)

    for number, entry in enumerate(opened):
        kind = number % 9 if number > 3 else number
        at = start + 10 * SECOND * number
        _run_until(inbox, at, rules)
        entry = inbox.read.entry(entry.id)
        if kind not in (0, 3, 6) and entry.state in (State.RAISED, State.EXHAUSTED):
            take(entry, ("wang.fang", "zhou.jie", "ann.lee")[number % 3], at)
            if kind == 5:
                until = at + 18 * MINUTE
                owner = inbox.read.entry(entry.id).owner
                inbox.write.move(
                    entry.id, Event(Happening.SNOOZE, "waits for the warehouse", until=until), at + SECOND, owner, rules
                )
            if kind == 8:
                owner = inbox.read.entry(entry.id).owner
                inbox.write.move(entry.id, Event(Happening.RESOLVE, "called back"), at + MINUTE, owner, rules)
    _run_until(inbox, now, rules)


def _found(board: Board, now: int) -> list[Occurrence]:
    columns = board.columns
    count = columns.count
    found: list[Occurrence] = []
    waiting = np.flatnonzero(columns.waiting_since[:count])
    oldest = waiting[np.argsort(columns.waiting_since[waiting])]
    for slot in oldest[:60].tolist():
        ticket, since = int(columns.id[slot]), int(columns.waiting_since[slot])
        vip = int(columns.tier[slot]) == Tier.VIP
        live = Channel(int(columns.channel[slot])) in LIVE_CHANNELS
        urgency = Urgency.P1 if vip else Urgency.P2
        if live and since + 30 * MINUTE <= now:
            key = Key(ObjectKind.TICKET, ticket, Cause.WAIT, "wait:1")
            found.append(Occurrence(key, "R-ESC", since, since + 30 * MINUTE, urgency, ticket))
        elif int(columns.due_at[slot]) and int(columns.due_at[slot]) <= now:
            clock = "next_response" if columns.first_reply_at[slot] else "first_response"
            rule = "R-FRT-CHAT" if live else "R-FRT-CHANNEL"
            key = Key(ObjectKind.TICKET, ticket, Cause.BREACH, f"{clock}:1")
            found.append(Occurrence(key, rule, since, int(columns.due_at[slot]), urgency, ticket))
    complaints = np.flatnonzero(columns.complaint[:count] >= ComplaintTier.MEDIUM)
    recent = complaints[np.argsort(-columns.last_at[complaints])]
    for slot in recent[:5].tolist():
        ticket, at = int(columns.id[slot]), int(columns.last_at[slot])
        high = int(columns.complaint[slot]) == ComplaintTier.HIGH
        key = Key(ObjectKind.TICKET, ticket, Cause.COMPLAINT, "complaint:1")
        found.append(
            Occurrence(
                key,
                "R-CMP-TIER",
                at,
                at,
                Urgency.P1 if high else Urgency.P2,
                ticket,
                "" if high else "asks for a manager",
            )
        )
    for slot in oldest[60:63].tolist():
        ticket = int(columns.id[slot])
        key = Key(ObjectKind.TICKET, ticket, Cause.BY_HAND)
        at = now - 12 * MINUTE
        found.append(Occurrence(key, "R-ESC", at, at, Urgency.P3, ticket, "customer threatens a review"))
    return [occurrence for occurrence in found if occurrence.occurred_at > now - 3 * HOUR]
