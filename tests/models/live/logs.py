"""Random logs of events, and a log in memory that a board can read late tickets back from."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.live.counters import Counters
from console.models.policy.policy import Policy

START = 1_792_000_000_000_000
TICKET_KINDS = [kind for kind in Kind if kind < 64]

_values = st.one_of(
    st.integers(0, 8),
    st.builds(
        pack,
        channel=st.integers(0, 10),
        type=st.integers(0, 25),
        tier=st.integers(0, 3),
        priority=st.integers(0, 4),
        status=st.integers(0, 8),
        complaint=st.integers(0, 3),
        emotion=st.integers(0, 3),
        queue=st.integers(0, 5),
    ),
)


@st.composite
def _event(draw: st.DrawFn, tickets: int) -> tuple[int, ...]:
    kind = draw(st.sampled_from(TICKET_KINDS))
    packed = draw(_values)
    value = packed if kind is Kind.CREATED else packed % 4
    if kind is Kind.STATUS_CHANGED:
        value = packed % len(Status)
    if kind in (Kind.PROMISE_MADE, Kind.ENDED):
        value = packed * 1_000_003 % 10**12
    at = START + draw(st.integers(0, 40)) * 60_000_000
    role = draw(st.sampled_from(list(Role)))
    return (at, draw(st.integers(0, 3)), value, draw(st.integers(1, tickets)), draw(st.integers(0, 4)), kind, role)


@st.composite
def logs(draw: st.DrawFn, tickets: int = 4, most: int = 60) -> Rows:
    """A log in order of seq, with many ties of time, each event with a key of its own."""
    events = draw(st.lists(_event(tickets), min_size=1, max_size=most))
    rows = np.zeros(len(events), dtype=ROW)
    for place, (at, native, value, subject, actor, kind, role) in enumerate(events):
        row = rows[place]
        row["seq"] = row["key"] = place + 1
        row["at"], row["native"], row["value"], row["subject"] = at, native, value, subject
        row["actor"], row["kind"], row["role"] = actor, kind, role
        row["source"] = 1 + place % 2
    return rows


_turn = st.tuples(
    st.integers(0, 180),
    st.integers(1, 3),
    st.sampled_from([Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY, Kind.PUBLIC_REPLY, Kind.ASSIGNED]),
    st.integers(1, 2),
)


@st.composite
def chats(draw: st.DrawFn) -> Rows:
    """An hour of three web chats with two agents, to the third of a minute."""
    turns = draw(st.lists(_turn, min_size=draw(st.sampled_from([0, 20])), max_size=40))
    rows = np.zeros(len(turns) + 3, dtype=ROW)
    for ticket in (1, 2, 3):
        born = pack(channel=Channel.WEB_CHAT)
        rows[ticket - 1] = (ticket, START, 0, ticket, born, ticket, 0, Kind.CREATED, Role.CUSTOMER, 1)
    for place, (third, ticket, kind, agent) in enumerate(turns, 4):
        role = Role.CUSTOMER if kind is Kind.CUSTOMER_MESSAGE else Role.AGENT
        at = START + third * 20_000_000
        rows[place - 1] = (place, at, place, place, agent, ticket, agent, kind, role, 1)
    return rows


class MemoryLog:
    """What was stored so far, by seq."""

    def __init__(self) -> None:
        self.rows = np.zeros(0, dtype=ROW)

    def store(self, rows: Rows) -> None:
        """Keep the rows that are not kept yet (by source and key)."""
        both = np.concatenate([self.rows, rows])
        identity = np.stack([both["source"].astype(np.int64), both["key"]], axis=1)
        _, first = np.unique(identity, axis=0, return_index=True)
        self.rows = both[np.sort(first)]

    def of_tickets(self, tickets: list[int]) -> Rows:
        return self.rows[np.isin(self.rows["subject"], tickets)]


def arrive(
    board: Board, log: MemoryLog, batches: list[Rows], *, refold_each_time: bool, counted: frozenset[int] = frozenset()
) -> None:
    """Let batches reach a board as they would live: shown, stored, and late tickets read back now or at the end.

    Somebody asks for the counts after those batches whose places are in ``counted``.
    """
    for place, rows in enumerate(batches):
        board.apply(Batch(rows))
        if place in counted:
            assert board.counters.equals(Counters.recount(board.columns))
        log.store(rows)
        if refold_each_time:
            refold(board, log)
    refold(board, log)


def refold(board: Board, log: MemoryLog) -> None:
    """Read the late tickets back and fold them anew."""
    if board.late:
        board.replace(log.of_tickets(list(board.late)), until=board.seq)


def new_board(policy: Policy) -> Board:
    return Board(policy)
