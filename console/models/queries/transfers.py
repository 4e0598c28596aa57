"""R-TRANSFER over a span: how many contacts were passed on, which transfers were needless, by type and by agent.

`domain.transfers` says what counts. A contact's whole past counts for that, also what lies before the span. A contact
is taken to be about what the board says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from console.models.domain.ports import LogReader, Progress, Rows
from console.models.domain.transfers import MOVES, Move, Transfer, transfers
from console.models.live.board import Board
from console.models.queries.balance_windows import Window
from console.models.queries.effort import Handled, handled
from console.models.queries.handle_time import HandleTime, handle_time
from console.models.queries.work_done import Chosen, column, read

GOAL = 0.5
"""R-ROUTE: half the needless transfers."""

_ABOUT = ("queue", "type", "channel")


@dataclass(frozen=True, slots=True)
class Tally:
    """Some transfers; every count has its transfers, and so the ids of the contacts, behind it."""

    all: tuple[Transfer, ...] = ()

    @property
    def needless(self) -> tuple[Transfer, ...]:
        """Returned, repeated, or both."""
        return tuple(one for one in self.all if one.needless)

    @property
    def returned(self) -> tuple[Transfer, ...]:
        """Back to somebody who had had the contact."""
        return tuple(one for one in self.all if one.returned)

    @property
    def repeated(self) -> tuple[Transfer, ...]:
        """Not the first of the contact."""
        return tuple(one for one in self.all if one.repeated)

    @property
    def ping_pong(self) -> tuple[Transfer, ...]:
        """Undoing the one before."""
        return tuple(one for one in self.all if one.ping_pong)

    @property
    def tickets(self) -> tuple[int, ...]:
        """The contacts, each once, by id."""
        return tuple(sorted({one.ticket for one in self.all}))


@dataclass(frozen=True, slots=True)
class Passed:
    """The transfers of a span, among so many contacts that somebody handled or passed on in it."""

    span: Window
    contacts: int
    tally: Tally

    @property
    def transferred_share(self) -> float:
        """The share of contacts that were transferred."""
        return len(self.tally.tickets) / self.contacts if self.contacts else 0.0

    @property
    def needless_per_contact(self) -> float:
        """How many needless transfers there are for each contact."""
        return len(self.tally.needless) / self.contacts if self.contacts else 0.0


@dataclass(frozen=True, slots=True)
class OfType:
    """One inquiry type (a code of `contacts.InquiryType`)."""

    type: int
    contacts: int
    tally: Tally
    handle_time: HandleTime | None


@dataclass(frozen=True, slots=True)
class OfAgent:
    """What somebody passed on and what they were given."""

    agent: int
    name: str
    passed_on: Tally
    received: Tally


@dataclass(frozen=True, slots=True)
class Transfers:
    """The span, the one of the same length before it, and the parts: types with most needless transfers first, agents
    who passed on most of them first."""

    now: Passed
    before: Passed
    handle_time: HandleTime | None
    by_type: tuple[OfType, ...]
    by_agent: tuple[OfAgent, ...]

    @property
    def change(self) -> float | None:
        """How the needless transfers per contact changed: -0.5 is half as many; None where there were none before."""
        before = self.before.needless_per_contact
        return self.now.needless_per_contact / before - 1 if before else None

    @property
    def halved(self) -> bool | None:
        """Whether the goal is reached; None where there were none before."""
        return None if self.change is None else self.change <= GOAL - 1


def transfers_in(
    log: LogReader,
    board: Board,
    span: Window,
    goal: int,
    chosen: Chosen | None = None,
    progress: Progress | None = None,
) -> Transfers:
    """The transfers of a span, and of the one before it. ``goal`` is that of the handle time (microseconds); ``chosen``
    limits `work_done.DIMENSIONS`: of agents it counts what they passed on and what they handled. Blocks, so for
    workers; raises `ports.Cancelled`."""
    progress = progress or Progress()
    progress.step(0, 3)
    earlier = Window(2 * span.begin - span.end, span.begin)
    rows = read(log, earlier.begin, span.end)
    progress.step(1, 3)
    chosen = chosen or {}
    all_moves = [one for one in _transfers(rows) if _fits(one, chosen)]
    all_moves = _about(all_moves, board, chosen)
    progress.step(2, 3)
    done = _chosen(handled(rows, *span), board, chosen)
    before = _passed(all_moves, earlier, _chosen(handled(rows, *earlier), board, chosen))
    now = _passed(all_moves, span, done)
    return Transfers(
        now,
        before,
        handle_time(done, goal),
        _by_type(now.tally, done, board, goal),
        _by_agent(now.tally, board),
    )


def _transfers(rows: Rows) -> list[Transfer]:
    rows = rows[np.isin(rows["kind"], MOVES)]
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"], rows["subject"]))]
    columns = (rows[name].tolist() for name in ("subject", "at", "kind", "role", "actor", "value"))
    found: list[Transfer] = []
    for ticket, moves in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
        found += transfers(ticket, (Move(*move) for _ticket, *move in moves))
    return found


def _fits(one: Transfer, chosen: Chosen) -> bool:
    return "agent" not in chosen or one.giver in chosen["agent"]


def _about(found: list[Transfer], board: Board, chosen: Chosen) -> list[Transfer]:
    fits = _mask(np.array([one.ticket for one in found], dtype=np.int32), board, chosen)
    return [one for one, fit in zip(found, fits.tolist(), strict=True) if fit]


def _chosen(done: Handled, board: Board, chosen: Chosen) -> Handled:
    fits = _mask(done.ticket, board, chosen)
    if "agent" in chosen:
        fits &= np.isin(done.agent, list(chosen["agent"]))
    return done.chosen(fits)


def _mask(tickets: NDArray[np.int32], board: Board, chosen: Chosen) -> NDArray[np.bool_]:
    fits = np.ones(tickets.size, dtype=bool)
    for name in _ABOUT:
        if name in chosen:
            fits &= np.isin(column(board, tickets, name), list(chosen[name]))
    return fits


def _passed(found: Iterable[Transfer], span: Window, done: Handled) -> Passed:
    tally = Tally(tuple(sorted((one for one in found if span.begin <= one.at < span.end), key=lambda one: one.at)))
    return Passed(span, len({*done.ticket.tolist(), *tally.tickets}), tally)


def _by_type(tally: Tally, done: Handled, board: Board, goal: int) -> tuple[OfType, ...]:
    of_done = column(board, done.ticket, "type")
    tickets = np.array(tally.tickets, dtype=np.int32)
    of_ticket = dict(zip(tickets.tolist(), column(board, tickets, "type").tolist(), strict=True))
    by_type = _grouped(tally.all, lambda one: of_ticket[one.ticket])
    found = []
    for code in sorted({*of_done.tolist(), *by_type}):
        mine, part = by_type.get(code, Tally()), done.chosen(of_done == code)
        contacts = len({*part.ticket.tolist(), *mine.tickets})
        found.append(OfType(code, contacts, mine, handle_time(part, goal)))
    return tuple(sorted(found, key=lambda one: (-len(one.tally.needless), -len(one.tally.all), -one.contacts)))


def _by_agent(tally: Tally, board: Board) -> tuple[OfAgent, ...]:
    given, got = _grouped(tally.all, lambda one: one.giver), _grouped(tally.all, lambda one: one.receiver)
    found = [
        OfAgent(agent, board.names.text("agent", agent), given.get(agent, Tally()), got.get(agent, Tally()))
        for agent in {*given, *got} - {0}
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.passed_on.needless), -len(one.passed_on.all), one.name)))


def _grouped(found: Iterable[Transfer], key: Callable[[Transfer], int]) -> Mapping[int, Tally]:
    groups: dict[int, list[Transfer]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return {value: Tally(tuple(some)) for value, some in groups.items()}
