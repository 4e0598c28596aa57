"""A centre on a real log whose work is piled on a few, and the balance screen over it; workers run inline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

from console.clock import HOUR, MINUTE, FixedClock, SystemClock
from console.models.actions.session import Session
from console.models.domain.attributes import pack
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.domain.contacts import AgentState, Channel, InquiryType, Role, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Actor
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.store.database import place
from console.models.store.log import EventLog, open_log
from console.views.bridge import LiveBoard
from console.views.desk import Desk
from console.views.feed import SourceAge
from console.views.layout import Layout
from console.views.ops import InlineExecutor, Ops
from console.views.screen import Context
from console.views.screens.balance.screen import BalanceScreen

NOON = 1_772_452_800_000_000  # 2026-03-02T12:00Z
TEAM = tuple(f"Agent {number:02d}" for number in range(10))
ADMIN = Actor("test", frozenset({AccountRole.ADMIN}))


def fill(log: EventLog, handled: Sequence[int], still_open: Sequence[int], *, timed: bool) -> None:
    """``handled[i]`` contacts of the last hour were answered and ended by the i-th of the team, ``still_open[i]`` are
    theirs and wait; the routing gave them, and to the first two of the team not all. ``timed``: the source says how
    long work took."""
    events: list[Event] = []

    def tell(kind: Kind, subject: str, at: int, **more: object) -> None:
        key = len(events) + 1
        events.append(Event(kind, subject, at, key, key, **more))  # type: ignore[arg-type]  # by name

    for number, name in enumerate(TEAM):
        skills = {"skills": ["Chat"], "team": "Day" if number % 2 else "Night", "seniority": "regular"}
        tell(Kind.AGENT_LOGIN, name, NOON - 3 * HOUR, value=8, detail=skills)
        tell(Kind.AGENT_STATE, name, NOON - 3 * HOUR + 1, value=AgentState.AVAILABLE)
    ticket = 0
    for number, (name, done, left) in enumerate(zip(TEAM, handled, still_open, strict=True)):
        for place_in_line in range(done + left):
            ticket += 1
            ref, at = f"T{ticket:03d}", NOON - 50 * MINUTE + ticket * 1_000_000
            about = pack(channel=Channel.WEB_CHAT, type=InquiryType.ORDER_STATUS, status=Status.OPEN)
            words = {"subject": "", "customer": f"Customer {ticket}"}
            tell(Kind.CREATED, ref, at, value=about, name="Chat", detail=words)
            at_first = TEAM[5] if number == 1 and ticket % 4 == 0 else name
            if number == 0 and ticket % 3:
                # The first of the team picks most of the work.
                tell(Kind.ASSIGNED, ref, at + MINUTE, name=name, actor=name, role=Role.AGENT)
            else:
                tell(Kind.ASSIGNED, ref, at + MINUTE, name=at_first, role=Role.SYSTEM)
            if at_first != name:
                # What a colleague passed on to the second.
                tell(Kind.TRANSFERRED, ref, at + MINUTE + 1, actor=at_first, role=Role.AGENT)
                tell(Kind.ASSIGNED, ref, at + MINUTE + 2, name=name, role=Role.SYSTEM)
            if place_in_line < done:
                tell(Kind.PUBLIC_REPLY, ref, at + 2 * MINUTE, actor=name, role=Role.AGENT)
                closed = Status.RESOLVED
                tell(Kind.STATUS_CHANGED, ref, at + 3 * MINUTE, actor=name, role=Role.AGENT, value=closed)
                if timed:
                    tell(Kind.ENDED, ref, at + 3 * MINUTE, actor=name, role=Role.AGENT, value=2 * MINUTE)
    assert log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)


class Helpdesk:
    """Takes moves as a helpdesk would."""

    def __init__(self) -> None:
        self.moved: list[tuple[int, str, str]] = []
        self.undone = 0
        self.refuses = 0
        """Of a request so many are refused."""
        self.given: list[tuple[list[int], str]] = []
        self.queued: list[tuple[list[int], str]] = []
        self.set: list[tuple[str, list[str]]] = []

    def pending(self) -> dict[int, list[Ordered]]:
        return {}

    def share_out(self, actor: Actor, moves: Sequence[tuple[int, str, str]]) -> list[Ordered]:
        self.moved += moves
        return [
            Ordered(
                at, f"k{at}", ticket, "desk", f"T{ticket:03d}", Verb.ASSIGN, actor.name, NOON, Delivery.APPLIED, None
            )
            for at, (ticket, _owner, _to) in enumerate(moves)
        ]

    def assign(self, actor: Actor, tickets: list[int], agent: str) -> list[Ordered]:
        self.given.append((tickets, agent))
        return []

    def move(self, actor: Actor, tickets: list[int], queue: str) -> list[Ordered]:
        self.queued.append((tickets, queue))
        return []

    def set_queues(self, actor: Actor, agent: str, queues: list[str]) -> list[Ordered]:
        self.set.append((agent, queues))
        return []

    def answers(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        assert seconds > 0
        refused = {one.id: Delivery.REFUSED for one in made[: self.refuses]}
        return [replace(one, state=refused.get(one.id, one.state), reason="closed") for one in made]

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> list[Ordered]:
        self.undone += len(made)
        return [replace(one, former="") for one in made]


class BalanceStage:
    """``open_screen`` makes a screen in sight."""

    def __init__(self, folder: Path, handled: Sequence[int], still_open: Sequence[int], *, timed: bool = True) -> None:
        self.clock = FixedClock(NOON)
        self.log = open_log(place(folder), SystemClock())
        self.log.start()
        if sum(handled) or sum(still_open):
            fill(self.log, handled, still_open, timed=timed)
        self.helpdesk = Helpdesk()
        zone = ZoneInfo("UTC")
        policy = replace(policies.default(), time_zone=zone)
        self.live = LiveBoard(self.clock, policy, zone)
        self.live.watch_sources(lambda: [SourceAge("desk", NOON)])
        self.live.start(load_board(self.log.reader, None, policy, NOON, Progress()))
        self.ops = Ops(InlineExecutor(), InlineExecutor())
        self.context = Context(
            self.clock,
            zone,
            self.ops,
            self.live,
            Layout(None),
            Session.of(ADMIN, self.clock),
            SimpleNamespace(log=self.log.reader),  # type: ignore[arg-type]  # it is asked for nothing else
            desk=cast(Desk, SimpleNamespace(tickets=self.helpdesk, agents=self.helpdesk, commands=self.helpdesk)),
        )
        self.jumps: list[tuple[str, object]] = []
        self.toasts: list[str] = []
        self.undos: list[object] = []
        self._later = 0

    def open_screen(self, width: int = 1200, height: int = 760) -> BalanceScreen:
        """A new screen, as a person sees it."""
        screen = BalanceScreen(self.context)
        screen.resize(width, height)
        screen.show()
        screen.jump_requested.connect(lambda key, what: self.jumps.append((key, what)))
        screen.toast_requested.connect(lambda text, _state: self.toasts.append(text))
        screen.undo_offered.connect(lambda _text, _state, _word, call: self.undos.append(call))
        screen.activated()
        return screen

    def go_on(self, agent: str, contacts: int, *, replied: bool) -> None:
        """A moment later this person has got so many contacts more, and has answered them where ``replied``."""
        self.clock.advance(1.0)
        at = self.clock.now() - 1
        events: list[Event] = []
        for number in range(contacts):
            self._later += 1
            ref, key = f"L{self._later}", 100_000 + 10 * self._later
            about = pack(channel=Channel.WEB_CHAT, type=InquiryType.ORDER_STATUS, status=Status.OPEN)
            words = {"subject": "", "customer": f"Late customer {number}"}
            came = at - 2 * MINUTE
            events.append(Event(Kind.CREATED, ref, came, key, key, value=about, name="Chat", detail=words))
            events.append(Event(Kind.ASSIGNED, ref, came, key + 1, key + 1, name=agent, role=Role.SYSTEM))
            if replied:
                events.append(Event(Kind.PUBLIC_REPLY, ref, at, key + 2, key + 2, actor=agent, role=Role.AGENT))
        assert self.log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)
        board = self.live.board
        assert board is not None
        self.live.frame.emit(board.apply(self.log.reader.read(board.seq, 10_000)))

    def ids(self, *refs: str) -> set[int]:
        """The numbers of tickets."""
        board = self.live.board
        assert board is not None
        return {int(board.columns.id[slot]) for slot in range(board.columns.count) if board.texts.get(slot)[0] in refs}

    def close(self) -> None:
        """Take everything apart."""
        self.live.stop()
        self.ops.close()
        self.log.stop()
