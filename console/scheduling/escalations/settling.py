"""What an old file tells of a ticket is believed when the file is through with it.

An import, or a source that was away for hours, brings a ticket's past piece by piece: between two pieces a customer who
was answered long ago looks as if still waiting. So a ticket of which old events came is left alone until its source
brings no more of them; then whatever still stands is named. Tickets of live events are not held up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.escalation import Entry, Occurrence
from console.models.domain.escalation_ports import Crossings, Endings, Standing
from console.models.domain.events import FIRST_AGENT_KIND
from console.models.domain.ports import Batch, Clock, Progress
from console.models.policy.policy import Policy
from console.scheduling.escalations.crossings import FollowsPolicy
from console.scheduling.escalations.loading import BuildsAnew

OLD = 10 * MINUTE
"""An event that is older than this when it comes is no live one; sources that are polled are later by minutes."""

QUIET = 20.0
"""Seconds without old events after which a source is through with them."""


class Settling:
    """`Crossings`, `Standing`, `FollowsPolicy` and `BuildsAnew` over a finder, as far as that is. `receive` and
    `build_anew` may be called on any thread, the rest is the sweep's."""

    def __init__(self, finder: Crossings, clock: Clock) -> None:
        self._finder = finder
        self._clock = clock
        self._news: deque[tuple[float, NDArray[np.int32], NDArray[np.uint16]]] = deque()
        self._source_of = np.zeros(0, dtype=np.int32)
        self._quiet_at: dict[int, float] = {}

    def receive(self, batch: Batch) -> None:
        """Take a batch from the tail; only what is old in it is noted."""
        rows = batch.rows
        old = (rows["kind"] < FIRST_AGENT_KIND) & (rows["at"] < (batch.arrived_at or self._clock.now()) - OLD)
        if old.any():
            self._news.append((self._clock.monotonic(), rows["subject"][old], rows["source"][old]))

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What stands at an instant, of tickets that are told to their end."""
        self._note()
        return self._told(self._finder.standing(at)) if isinstance(self._finder, Standing) else []

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """What crossed, of tickets that are told to their end; and what stands of those that are now."""
        settled = self._note()
        found = list(self._finder.between(after, until))
        if settled and isinstance(self._finder, Standing):
            found += self._finder.standing(until)
        return self._told(found)

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """What is over, of tickets that are told to their end."""
        told = [entry for entry in entries if not self._is_held(entry.ticket)]
        return self._finder.ended(told) if isinstance(self._finder, Endings) else []

    def next_after(self, at: int) -> int | None:
        """The next instant at which something will cross."""
        return self._finder.next_after(at)

    def set_policy(self, policy: Policy) -> None:
        """Other figures hold from now on."""
        if isinstance(self._finder, FollowsPolicy):
            self._finder.set_policy(policy)

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        """Other figures hold as soon as the log was read for them."""
        if isinstance(self._finder, BuildsAnew):
            self._finder.build_anew(policy, progress)

    def _told(self, found: Sequence[Occurrence]) -> list[Occurrence]:
        return [one for one in found if not self._is_held(one.ticket)]

    def _is_held(self, ticket: int) -> bool:
        """Whether a source still tells the past of this ticket."""
        return bool(self._quiet_at) and ticket < self._source_of.size and bool(self._source_of[ticket])

    def _note(self) -> bool:
        """Learn what came; whether a source is through with what is old."""
        while self._news:
            came_at, tickets, sources = self._news.popleft()
            highest = int(tickets.max())
            if highest >= self._source_of.size:
                grown = np.zeros(max(2 * self._source_of.size, highest + 1), dtype=np.int32)
                grown[: self._source_of.size] = self._source_of
                self._source_of = grown
            # Sources are numbered from 0 or 1 by who made them; 0 in here means that nothing is held.
            self._source_of[tickets] = sources.astype(np.int32) + 1
            for source in np.unique(sources).tolist():
                self._quiet_at[source] = came_at + QUIET
        now = self._clock.monotonic()
        through = [source for source, quiet_at in self._quiet_at.items() if quiet_at <= now]
        for source in through:
            del self._quiet_at[source]
            self._source_of[self._source_of == source + 1] = 0
        return bool(through)
