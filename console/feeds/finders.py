"""What finds cases for the inbox in the log of a running engine: clocks and waits, stalled owners, slow agents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.engine import Engine
from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Progress
from console.models.live.board import Board
from console.models.live.deadlines import RECALL, Deadlines
from console.models.live.open_tickets import OpenTickets
from console.models.live.slow_agents import SlowAgents
from console.models.live.stalled_owners import StalledOwners
from console.models.policy.policy import Policy
from console.scheduling.escalations.settling import Settling


class Finders:
    """Made before events come, so that none is missed; `load` is the watch's, on a thread of its own."""

    def __init__(self, engine: Engine, policy: Callable[[], Policy]) -> None:
        """``policy`` gives the one in force."""
        self._engine = engine
        self._policy = policy
        self.deadlines = Deadlines(engine.log, policy())
        """The clocks that run; safe on any thread."""
        self._tickets = OpenTickets(policy(), engine.log.of_tickets)
        engine.tail.subscribe(self.deadlines.receive)
        engine.tail.subscribe(self._tickets.receive)
        self._source_is_there: Callable[[Progress], None] = lambda _progress: None

    def wait_for(self, source_is_there: Callable[[Progress], None]) -> None:
        """Before it loads, wait for a source that brings its own past: until then its customers seem to wait."""
        self._source_is_there = source_is_there

    def begin(self, board: Board) -> None:
        """Take over what a board knows, before anybody changes it: tickets in progress, agents and their answers."""
        self._tickets.begin(board)
        names = board.names.all()
        agents = {name.text: name.id for name in names if name.dimension == "agent"}
        self._engine.watching.leavers.know(agents, board.agents.export())

    def load(self, progress: Progress) -> Sequence[Crossings]:
        """Read the clocks of all tickets in progress from the log. Raises `Cancelled` when the progress says so."""
        self._source_is_there(progress)
        engine, inbox, policy = self._engine, self._engine.inbox, self._policy()
        kept = inbox.watermark()
        # What the last run heard of too late it may not have raised before it ended; what it has, is known.
        since = None if kept is None else kept.swept_to - RECALL
        self.deadlines.load(engine.clock.now(), since, progress)
        stalled = StalledOwners(self._tickets, policy)
        finders = [Settling(finder, engine.clock) for finder in (self.deadlines, stalled)]
        for finder in finders:
            engine.tail.subscribe(finder.receive)
        return [*finders, SlowAgents(self._tickets, policy, inbox.open_entries())]
