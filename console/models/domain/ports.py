"""What the rooms ask of each other, as Protocols, so that each can be built and tested alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from console.models.domain.commands import Command, Result
from console.models.domain.events import Event, Origin

Rows = NDArray[np.void]
"""An array of `events.ROW`."""


class Clock(Protocol):
    """The only source of time. Tests, drills and the demonstration centre bring their own."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps."""
        ...


class TicketText(NamedTuple):
    """The words of a ticket that was seen for the first time (or whose words changed)."""

    id: int
    ref: str
    subject: str
    customer: str


class NameText(NamedTuple):
    """A name that was interned: dimension is ``agent``, ``queue``, ``tag`` or ``source``; ids start at 1 in each."""

    dimension: str
    id: int
    text: str


class PolicyTold(NamedTuple):
    """What the log was told of the policy: from this instant on these values of the site (by dotted key, as written)
    held over the shipped ones."""

    at: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Encoded events on their way to every consumer: rows, and the words that they mention for the first time.

    ``stored`` is False while the rows are only in the spool. ``arrived_at`` is when they came in (microseconds).
    """

    rows: Rows
    tickets: Sequence[TicketText] = ()
    names: Sequence[NameText] = ()
    stored: bool = True
    arrived_at: int = 0


class Receipt(Protocol):
    """The promise that a submission becomes durable."""

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the events are fsync'd in the log or the spool; False when the time ran out.

        Raises the error that made both impossible.
        """
        ...


class Intake(Protocol):
    """The door that every source uses: connectors, files, the demonstration centre, the console's own actions."""

    def submit(
        self,
        source: str,
        events: Sequence[Event],
        *,
        origin: Origin,
        cursor: Mapping[str, object] | None = None,
    ) -> Receipt:
        """Hand in events; blocks only when the queue is full. The cursor is saved in the same transaction."""
        ...


class Tail(Protocol):
    """Live data out of the log."""

    def subscribe(self, receive: Callable[[Batch], None]) -> Callable[[], None]:
        """Call ``receive`` (on the intake's thread; it must only store the batch away) for each batch; returns the
        call that ends the subscription."""
        ...


class LogReader(Protocol):
    """Reads the log without writing; every call is safe on any thread."""

    def last_seq(self) -> int:
        """The highest committed place in the log, 0 when it is empty."""
        ...

    def read(self, after: int, limit: int) -> Batch:
        """Up to ``limit`` events with ``seq > after`` in seq order, with the words of tickets first seen in them."""
        ...

    def rows(self, after: int, until: int) -> Rows:
        """All events with ``after < seq <= until`` in seq order."""
        ...

    def scan(self, after: int = 0, until: int | None = None) -> Iterator[Rows]:
        """The same piece by piece (up to the last event when ``until`` is None)."""
        ...

    def details(self, seqs: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """What the events at these places in the log tell beside their columns, of those that tell more."""
        ...

    def first_at(self) -> int:
        """The time of the earliest event, 0 when the log is empty."""
        ...

    def names(self) -> Mapping[str, Mapping[str, int]]:
        """Every interned name and its id, by dimension."""
        ...

    def texts(self, tickets: Iterable[int]) -> Iterable[TicketText]:
        """The words of these tickets, of those that the log knows."""
        ...

    def text_blocks(self, after: int = 0) -> Iterable[tuple[NDArray[np.int64], bytes]]:
        """The words of all tickets with ``id > after`` in large pieces: ids, and for each ``ref US subject US customer
        RS`` in UTF-8 (US and RS are the separators 1F and 1E)."""
        ...

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        """All events of these tickets with ``at <= until``, in any order."""
        ...

    def between(self, start: int, end: int) -> Rows:
        """All events with ``start < at <= end``, in any order."""
        ...

    def policies(self) -> Sequence[PolicyTold]:
        """What the console told of its policy, oldest first; few, however long the log is."""
        ...


class Cancelled(Exception):
    """The work was stopped on request; what was finished stays."""


@dataclass(slots=True)
class Progress:
    """Where a long piece of work reports, and learns that it should stop."""

    report: Callable[[int, int], None] = lambda _done, _total: None
    cancelled: Callable[[], bool] = lambda: False
    label: str = field(default="")

    def step(self, done: int, total: int) -> None:
        """Report and raise `Cancelled` when asked to stop."""
        if self.cancelled():
            raise Cancelled
        self.report(done, total)


class Connector(Protocol):
    """A source of events, and where it allows, the place that commands go to."""

    name: str

    def start(self, intake: Intake) -> None:
        """Begin to hand events to the intake, on threads of its own."""
        ...

    def stop(self) -> None:
        """Stop and join those threads; returns when nothing more will be handed in."""
        ...

    def heard_at(self) -> int:
        """When the source last answered, even with nothing new (microseconds since the epoch, 0 when never): a quiet
        night is no silence."""
        ...

    def apply(self, command: Command) -> Result:
        """Carry out a command and read it back; blocks, so never called on the GUI thread."""
        ...
