"""What the board screen reads of the log behind it: the story of a ticket, and the board of an earlier moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from console.models.domain.ports import Batch, Progress
from console.models.live.board import Board
from console.models.queries.timeline import Entry
from console.views.screen import Context, Store


@runtime_checkable
class History(Protocol):
    """Whoever can go back in time. Called on workers, never twice at a time."""

    def board_at(self, at: int, progress: Progress) -> Board:
        """The board at an instant, with the words of its tickets; raises `Cancelled` when asked to stop."""
        ...


class StoreLog:
    """The log of the running console; it is open as soon as there is a board."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def timeline(self, ticket: int) -> Sequence[Entry]:
        """All events of a ticket in its order."""
        return self._store.log.timeline(ticket)

    def read(self, after: int, limit: int) -> Batch:
        """Up to ``limit`` events with ``seq > after`` in seq order."""
        return self._store.log.read(after, limit)


def history_of(context: Context) -> History | None:
    """The history of the store, None where it has none."""
    return context.store if isinstance(context.store, History) else None
