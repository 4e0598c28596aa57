"""What finds cases for the inbox in a log: clocks and waits, stalled owners, slow agents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.models.domain.escalation import Entry
from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Batch, Clock, LogReader, Progress
from console.models.live.board import Board
from console.models.live.deadlines import RECALL, Deadlines
from console.models.live.open_tickets import OpenTickets
from console.models.live.slow_agents import SlowAgents
from console.models.live.stalled_owners import StalledOwners
from console.models.policy.policy import Policy
from console.scheduling.escalations.settling import Settling


class Finders:
    """Made before events come, so that none is missed: `receive` is safe on any thread, `begin` and `load` follow each
    other, and what `load` gives is the sweep's."""

    def __init__(self, log: LogReader, policy: Policy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._deadlines = Deadlines(log, policy)
        self._tickets = OpenTickets(policy, log.of_tickets)
        self._settling: list[Settling] = []

    def receive(self, batch: Batch) -> None:
        """Take a batch from the tail; only stores it away."""
        self._deadlines.receive(batch)
        self._tickets.receive(batch)
        for finder in self._settling:
            finder.receive(batch)

    def begin(self, board: Board) -> None:
        """Take over what a board that nobody changes meanwhile knows of tickets in progress and of agents."""
        self._tickets.begin(board)

    def load(self, since: int, running: Iterable[Entry], progress: Progress) -> Sequence[Crossings]:
        """Read the clocks of all tickets in progress from the log.

        What was due after ``since`` is found even if it is over, unless it was over long before anybody looked;
        ``running`` are the entries that the last run left open. Raises `ports.Cancelled` when the progress says so.
        """
        self._deadlines.load(since, progress, self._clock.now() - RECALL)
        stalled = StalledOwners(self._tickets, self._policy)
        self._settling = [Settling(finder, self._clock) for finder in (self._deadlines, stalled)]
        return [*self._settling, SlowAgents(self._tickets, self._policy, running)]
