"""R-ROUTE: the queues as they stand: who waits in them, and who is there to serve them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.clock import SECOND
from console.models.domain.contacts import AgentState
from console.models.domain.skills import Directory, Level, Skilled
from console.models.live.board import Board
from console.models.live.counters import PROGRESSING
from console.models.live.reasons import count_floor

_THERE = frozenset({AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP})


class Server(NamedTuple):
    """Somebody who serves a queue, or ``helps`` out in it. ``load`` is the live contacts they are busy with, ``limit``
    how many they may have at once (0: not said)."""

    agent: int
    name: str
    team: str
    state: AgentState
    load: int
    limit: int
    helps: bool

    @property
    def there(self) -> bool:
        """Whether they take contacts now."""
        return self.state in _THERE

    @property
    def free(self) -> int:
        """How many more live contacts they may take now."""
        return max(0, self.limit - self.load) if self.there else 0


class QueueRow(NamedTuple):
    """A queue. ``waiting`` customers wait in it, the first since ``oldest_wait`` seconds (None: nobody); ``open``
    contacts are in progress. ``servers`` are its own first, who is there and has most room before the others."""

    id: int
    name: str
    waiting: int
    oldest_wait: float | None
    open: int
    servers: tuple[Server, ...]

    @property
    def there(self) -> int:
        """How many of its own people take contacts now."""
        return sum(one.there and not one.helps for one in self.servers)

    @property
    def free(self) -> int:
        """How many more live contacts its own people could take now."""
        return sum(one.free for one in self.servers if not one.helps)


def queue_rows(board: Board, directory: Directory, now: int) -> tuple[QueueRow, ...]:
    """Every queue with something in it or somebody for it; those in which most wait for each free place first. Looks
    at every ticket, so for workers."""
    count = board.columns.count
    since = board.columns.waiting_since[:count]
    slots = np.flatnonzero(since > 0)
    queue = board.columns.queue[slots].astype(np.int64)
    size = board.names.size("queue")
    waiting = np.bincount(queue, minlength=size)
    oldest = np.full(max(size, waiting.size), now, dtype=np.int64)
    np.minimum.at(oldest, queue, since[slots])
    in_progress = board.counters.by["queue"][:, PROGRESSING]
    load = count_floor(board)
    rows = []
    for id_ in range(1, size):
        servers = [_server(board, person, id_, load.load_of(person.agent)) for person in _serving(directory, id_)]
        open_ = int(in_progress[id_]) if id_ < in_progress.size else 0
        if not servers and not open_ and not waiting[id_]:
            continue
        servers.sort(key=lambda one: (one.helps, not one.there, -one.free, one.name))
        wait = (now - int(oldest[id_])) / SECOND if waiting[id_] else None
        rows.append(QueueRow(id_, board.names.text("queue", id_), int(waiting[id_]), wait, open_, tuple(servers)))
    rows.sort(key=lambda row: (-row.waiting / (1 + row.free), row.name))
    return tuple(rows)


def _serving(directory: Directory, queue: int) -> list[Skilled]:
    people = directory.people.values()
    return [one for one in people if one.level is not Level.LEAD and (queue in one.queues or queue in one.helps)]


def _server(board: Board, person: Skilled, queue: int, load: int) -> Server:
    state = board.agents[person.agent].state
    return Server(person.agent, person.name, person.team, state, load, person.limit, queue not in person.queues)
