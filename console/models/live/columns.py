"""One row per ticket in typed columns; never one object per ticket.

`STATE` is what the events say, `DERIVED` what the policy makes of it. Each column grows on its own, so that a growing
board can spread the copying over several frames.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from console.models.domain.ports import Rows

Slots = NDArray[np.int64]
"""Places of tickets in the columns."""


class Flag(IntFlag):
    """Small facts of a ticket, in the column ``flags``."""

    BORN = 1
    """Its *created* event is known."""
    READ = 2
    """R-READ: an agent has read the waiting message and not answered."""
    ABANDONED = 4
    """The customer left before anybody answered."""
    BOT = 8
    """The last reply came from a bot; no person has answered since."""
    CONNECTED = 16
    """A live contact was picked up."""
    MERGED = 32
    TIMED_OUT = 64
    """The queue gave up before the customer did."""


STATE: dict[str, DTypeLike] = {
    "id": np.int32,
    "last_at": np.int64,
    "last_native": np.int64,
    "created_at": np.int64,
    "first_reply_at": np.int64,
    "unanswered_since": np.int64,
    "last_customer_at": np.int64,
    "last_agent_at": np.int64,
    "asked_since": np.int64,
    "assigned_at": np.int64,
    "resolved_at": np.int64,
    "promise_at": np.int64,
    "handle_ms": np.int32,
    "queue": np.uint16,
    "assignee": np.uint16,
    "first_agent": np.uint16,
    "source": np.uint16,
    "flags": np.uint16,
    "messages": np.uint16,
    "replies": np.uint16,
    "sent": np.uint8,
    "transfers": np.uint8,
    "reopens": np.uint8,
    "csat": np.uint8,
    "status": np.uint8,
    "priority": np.uint8,
    "channel": np.uint8,
    "type": np.uint8,
    "tier": np.uint8,
    "language": np.uint8,
    "complaint": np.uint8,
    "emotion": np.uint8,
}
"""What the events say. Times are microseconds since the epoch, 0 for *not yet*; words are the codes of `contacts`."""

DERIVED: dict[str, DTypeLike] = {"waiting_since": np.int64, "due_at": np.int64, "expected_wait": np.int32}
"""What follows: since when the customer waits on us (0: does not wait), when that answer is due, and after how many
seconds from now it is expected (`live.outlook`)."""

ALL = STATE | DERIVED
SPARE = 4096


class Sink(Protocol):
    """Hears what the fold is about to do to tickets, which are still as they were before."""

    def note(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """A person answers."""
        ...

    def note_bots(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """A bot answers."""
        ...

    def note_ends(self, columns: Columns, slots: Slots, at: NDArray[np.int64]) -> None:
        """They are finished."""
        ...


class Columns:
    """The columns, addressed as attributes of the same name; rows from ``count`` on are spare and zero."""

    id: NDArray[np.int32]
    last_at: NDArray[np.int64]
    last_native: NDArray[np.int64]
    created_at: NDArray[np.int64]
    first_reply_at: NDArray[np.int64]
    unanswered_since: NDArray[np.int64]
    last_customer_at: NDArray[np.int64]
    last_agent_at: NDArray[np.int64]
    asked_since: NDArray[np.int64]
    """The customer's first message since anybody's last, a bot's too."""
    assigned_at: NDArray[np.int64]
    resolved_at: NDArray[np.int64]
    promise_at: NDArray[np.int64]
    handle_ms: NDArray[np.int32]
    queue: NDArray[np.uint16]
    assignee: NDArray[np.uint16]
    first_agent: NDArray[np.uint16]
    source: NDArray[np.uint16]
    flags: NDArray[np.uint16]
    messages: NDArray[np.uint16]
    replies: NDArray[np.uint16]
    sent: NDArray[np.uint8]
    """Messages of ours since the customer's last, a bot's too: some platforms allow only so many."""
    transfers: NDArray[np.uint8]
    reopens: NDArray[np.uint8]
    csat: NDArray[np.uint8]
    status: NDArray[np.uint8]
    priority: NDArray[np.uint8]
    channel: NDArray[np.uint8]
    type: NDArray[np.uint8]
    tier: NDArray[np.uint8]
    language: NDArray[np.uint8]
    complaint: NDArray[np.uint8]
    emotion: NDArray[np.uint8]
    waiting_since: NDArray[np.int64]
    due_at: NDArray[np.int64]
    expected_wait: NDArray[np.int32]

    def __init__(self, capacity: int = SPARE) -> None:
        self.count = 0
        self.answers: Sink | None = None
        """Who hears of answers and ends while events are applied."""
        for name, dtype in ALL.items():
            setattr(self, name, np.zeros(max(capacity, 1), dtype=dtype))

    def of(self, name: str) -> NDArray[np.generic]:
        """The used part of a column, by name; raises KeyError for a name that is not a column."""
        if name not in ALL:
            raise KeyError(name)
        column: NDArray[np.generic] = getattr(self, name)
        return column[: self.count]

    def reserve(self, count: int) -> None:
        """Make room for ``count`` rows in every column at once."""
        for name in ALL:
            self._grow(name, count)

    def make_room(self) -> None:
        """Give every column a quarter of spare rows, at once: after loading."""
        self.reserve(self.count + max(SPARE, self.count >> 2))

    def grow_ahead(self) -> bool:
        """Give the tightest column a quarter more room when less than an eighth is left; True when one was copied.

        Called once a frame, so that a board of a million tickets never copies all of its columns in one frame.
        """
        name = min(ALL, key=lambda column: getattr(self, column).size)
        if getattr(self, name).size - self.count > max(SPARE // 2, self.count >> 3):
            return False
        self._grow(name, self.count + max(SPARE, self.count >> 2))
        return True

    def add(self, ids: NDArray[np.int32]) -> Slots:
        """Append rows for these tickets and return their slots."""
        first, self.count = self.count, self.count + ids.size
        self.reserve(self.count)
        self.id[first : self.count] = ids
        return np.arange(first, self.count)

    def copy_rows(self, slots: Slots, other: Columns, rows: Slots) -> None:
        """Take over whole rows of another set of columns."""
        for name in ALL:
            getattr(self, name)[slots] = getattr(other, name)[rows]

    def clear_rows(self, slots: Slots) -> None:
        """Forget what the events said about these rows, but not whose rows they are."""
        for name in ALL:
            if name != "id":
                getattr(self, name)[slots] = 0

    @property
    def nbytes(self) -> int:
        """Memory of the used rows, in bytes."""
        return sum(self.of(name).nbytes for name in ALL)

    def _grow(self, name: str, count: int) -> None:
        column = getattr(self, name)
        if column.size >= count:
            return
        grown = np.zeros(max(count, column.size + column.size // 4, SPARE), dtype=column.dtype)
        grown[: column.size] = column
        setattr(self, name, grown)
