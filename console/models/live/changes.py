"""The changes that the counts have not seen yet.

To count the hundred changes of a frame takes the interpreter as many steps as to count a thousand. So they are
collected, every ticket once and as it was before its first change, and counted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.live.columns import Columns, Slots


class Seen(NamedTuple):
    """What the counts look at, of some tickets at one moment."""

    slots: Slots
    channel: NDArray[np.uint8]
    status: NDArray[np.uint8]
    type: NDArray[np.uint8]
    priority: NDArray[np.uint8]
    tier: NDArray[np.uint8]
    complaint: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    queue: NDArray[np.int64]
    assignee: NDArray[np.int64]
    handle_ms: NDArray[np.int32]
    created_at: NDArray[np.int64]
    first_reply_at: NDArray[np.int64]
    resolved_at: NDArray[np.int64]
    waiting_since: NDArray[np.int64]
    due_at: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Columns, slots: Slots) -> Seen:
        """These tickets as they are now."""
        values: list[Any] = [getattr(columns, name)[slots] for name in cls._fields[1:]]
        return cls(slots, *values)

    @classmethod
    def everything(cls, columns: Columns) -> Seen:
        """All tickets as they are now, and as they will be: the columns themselves."""
        values: list[Any] = [columns.of(name) for name in cls._fields[1:]]
        return cls(np.arange(columns.count), *values)

    @classmethod
    def nothing(cls) -> Seen:
        """No tickets."""
        return cls.of(Columns(), np.empty(0, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Seen]) -> Seen:
        """One after the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True))) if parts else cls.nothing()


class Changes:
    """Belongs to one board. `begin` and `end` enclose a change; `take` hands over what was collected."""

    def __init__(self) -> None:
        self._before: list[Seen] = []
        self._new: list[Slots] = []
        self._noted: NDArray[np.bool_] = np.zeros(1024, dtype=bool)
        self.count = 0
        """How many tickets have changed since the last `take`."""

    def begin(self, columns: Columns, known: Slots) -> None:
        """These tickets, each once, are about to change."""
        if self._noted.size < columns.count:
            grown = np.zeros(columns.count + columns.count // 4, dtype=bool)
            grown[: self._noted.size] = self._noted
            self._noted = grown
        fresh = known[~self._noted[known]]
        if fresh.size:
            self._note(fresh)
            self._before.append(Seen.of(columns, fresh))

    def end(self, changed: Slots) -> None:
        """They have changed, and these of them are new: all that were never begun."""
        new = changed[~self._noted[changed]]
        if new.size:
            self._note(new)
            self._new.append(new)

    def take(self, columns: Columns) -> tuple[Seen, Seen]:
        """The tickets that changed as they were, and as they are now with the new ones behind them."""
        before = Seen.joined(self._before)
        slots = np.concatenate([before.slots, *self._new])
        self._noted[slots] = False
        self._before, self._new, self.count = [], [], 0
        return before, Seen.of(columns, slots)

    @property
    def nbytes(self) -> int:
        """Memory of the marks, in bytes."""
        return self._noted.nbytes

    def _note(self, slots: Slots) -> None:
        self._noted[slots] = True
        self.count += slots.size
