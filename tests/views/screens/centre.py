"""A morning of the demonstration centre on a board in memory, and a log that answers for its timelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from console.clock import SECOND, FixedClock, micros
from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.site import Site
from console.models.actions.session import Session
from console.models.domain.attributes import with_queue
from console.models.domain.events import NAMED_BY, ROW, Event, Kind
from console.models.domain.ports import Batch, NameText, Progress, TicketText
from console.models.domain.roles import AccountRole, Actor
from console.models.live.board import Board
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from console.views.bridge import LiveBoard
from console.views.feed import SourceAge
from console.views.layout import Layout
from console.views.ops import InlineExecutor, Ops
from console.views.screen import Context
from console.views.screens.board.screen import BoardScreen

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = micros(datetime(2026, 11, 23, 10, 42, 10, tzinfo=SHANGHAI))  # a Monday, in the peak


class Interner:
    """Gives references small integers, as the store does, and keeps every event for the timelines."""

    def __init__(self, source: str = "demo") -> None:
        self.ids: dict[str, dict[str, int]] = {name: {} for name in ("agent", "queue", "tag", "source", "ticket")}
        self.source = source
        self.seq = 0
        self.of_ticket: dict[int, list[SimpleNamespace]] = {}
        self._of_agents: dict[int, Mapping[str, Any]] = {}
        self._names: list[NameText] = []

    def batch(self, events: Sequence[Event]) -> Batch:
        """These events as the board takes them."""
        rows = np.zeros(len(events), dtype=ROW)
        tickets: list[TicketText] = []
        self._names = []
        for row, event in zip(rows, events, strict=True):
            self._encode(row, event, tickets)
        return Batch(rows, tickets, self._names)

    def _encode(self, row: np.void, event: Event, tickets: list[TicketText]) -> None:
        self.seq += 1
        kind = event.kind
        row["seq"] = row["key"] = self.seq
        row["at"], row["native"], row["kind"], row["role"] = event.at, event.native, kind, event.role
        row["source"] = self._id("source", self.source)
        row["actor"] = self._id("agent", event.actor)
        row["value"] = event.value
        named = self._id(NAMED_BY[kind], event.name) if kind in NAMED_BY else 0
        if kind == Kind.CREATED:
            row["value"] = with_queue(event.value, named)
        elif named:
            row["value"] = named
        if kind < 64:
            known = event.subject in self.ids["ticket"]
            row["subject"] = self._id("ticket", event.subject)
            detail = event.detail or {}
            if not known or kind == Kind.CREATED:
                words = (str(detail.get("subject", "")), str(detail.get("customer", "")))
                tickets.append(TicketText(int(row["subject"]), event.subject, *words))
            self._keep(int(row["subject"]), int(row["value"]), event)
        elif kind < 96:
            row["subject"] = self._id("agent", event.subject)
            self._of_agents[self.seq] = event.detail or {}

    def _keep(self, ticket: int, value: int, event: Event) -> None:
        entry = SimpleNamespace(
            seq=self.seq,
            at=event.at,
            kind=event.kind,
            role=event.role,
            actor=event.actor,
            value=value,
            name=event.name,
            body=event.body,
            detail=event.detail or {},
        )
        self.of_ticket.setdefault(ticket, []).append(entry)

    def _id(self, dimension: str, text: str) -> int:
        if not text:
            return 0
        ids = self.ids[dimension]
        if text not in ids:
            ids[text] = len(ids) + 1
            if dimension != "ticket":
                self._names.append(NameText(dimension, ids[text], text))
        return ids[text]

    def read(self, after: int, limit: int) -> Batch:
        """Nothing has come since."""
        return Batch(np.zeros(0, dtype=ROW))

    def last_seq(self) -> int:
        """The last event."""
        return self.seq

    def details(self, seqs: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """What log-ins and changes of queues tell."""
        return {seq: self._of_agents[seq] for seq in seqs if self._of_agents.get(seq)}

    def timeline(self, ticket: int) -> Sequence[SimpleNamespace]:
        """Every event of a ticket, as the store's reader answers."""
        return sorted(self.of_ticket.get(ticket, ()), key=lambda entry: (entry.at, entry.seq))


def shipped_policy() -> Policy:
    """The shipped policy in the centre's zone."""
    from dataclasses import replace

    return replace(policies.default(), time_zone=SHANGHAI)


@cache
def _day(until: int, seed: int) -> tuple[Batch, Interner]:
    log = Interner()
    return log.batch(DemoCentre(Site(seed, SHANGHAI), until).advance(until)), log


def morning(until: int = MORNING, seed: int = 7) -> tuple[Board, Interner]:
    """A new board of a demonstration day at a moment, and the log behind it, which all boards of it share."""
    batch, log = _day(until, seed)
    board = Board(shipped_policy())
    board.load([batch])
    board.pass_time(until)
    return board, log


def board_of(events: Iterable[Event]) -> tuple[Board, Interner]:
    """A board of these events alone."""
    log = Interner()
    board = Board(shipped_policy())
    board.load([log.batch(list(events))])
    return board, log


class Stage:
    """What a board screen needs around it: live data at a fixed time, a log, and inline workers."""

    def __init__(self, board: Board | None, log: Interner, folder: Path | None, clock: FixedClock) -> None:
        self.clock = clock
        self.log = log
        self.sources = [SourceAge("demo", clock.now() - SECOND)]
        self.live = LiveBoard(clock, shipped_policy(), SHANGHAI)
        self.live.watch_sources(lambda: self.sources)
        self.ops = Ops(InlineExecutor(), InlineExecutor())
        self.asked: list[int] = []
        session = Session.of(Actor("test", frozenset({AccountRole.ADMIN})), clock)
        self.context = Context(clock, SHANGHAI, self.ops, self.live, Layout(folder), session, self)
        self._screens: list[BoardScreen] = []
        if board is not None:
            self.live.start(board)

    def screen(self) -> BoardScreen:
        """A new screen on this stage."""
        self._screens.append(BoardScreen(self.context))
        return self._screens[-1]

    def board_at(self, at: int, progress: Progress) -> Board:
        """The demonstration day at an earlier moment."""
        self.asked.append(at)
        progress.step(1, 2)
        return morning(at)[0]

    def close(self) -> None:
        """Take everything apart."""
        for screen in self._screens:
            screen.deactivated()
            screen.close()
            screen.deleteLater()
        self.live.stop()
        self.ops.close()
