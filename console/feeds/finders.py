"""The finders of a running engine, in a process of their own. Where the clock stands still they work in this one: no
other process could follow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from console import i18n
from console.clock import FixedClock
from console.engine import Engine
from console.models.domain.escalation import Cause
from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Progress
from console.models.live import snapshot
from console.models.live.board import Board
from console.models.live.deadlines import RECALL
from console.models.policy.policy import Policy
from console.models.store.log import open_reader
from console.scheduling.escalations.finders import Finders
from console.scheduling.escalations.finders_apart import Beginning, FindersApart
from console.scheduling.escalations.finders_process import Setting


class EngineFinders:
    """Made before events come, so that none is missed; `load` is the watch's, on a thread of its own."""

    def __init__(self, engine: Engine, policy: Callable[[], Policy]) -> None:
        """``policy`` gives the one in force."""
        self._engine = engine
        self._here: Finders | None = None
        self._apart: FindersApart | None = None
        if isinstance(engine.clock, FixedClock):
            self._here = Finders(engine.log, policy(), engine.clock)
            engine.tail.subscribe(self._here.receive)
        else:
            place = engine.place
            setting = Setting(
                partial(open_reader, place), place.directory / snapshot.FOLDER, engine.clock, i18n.language()
            )
            self._apart = FindersApart(
                setting, policy, self._beginning, engine.events.wait_committed, engine.watching.look_anew
            )
            engine.tail.subscribe(self._apart.receive)
        self.first_start_at: int | None = None
        """When the watch of a log that was never swept began; now, if not told. What ended before that is its past."""
        self._source_is_there: Callable[[Progress], None] = lambda _progress: None

    def wait_for(self, source_is_there: Callable[[Progress], None]) -> None:
        """Before it loads, wait for a source that brings its own past: until then its customers seem to wait."""
        self._source_is_there = source_is_there

    def begin(self, board: Board) -> None:
        """Take over what a board knows of tickets in progress and of agents, before anybody changes it."""
        names = board.names.all()
        agents = {name.text: name.id for name in names if name.dimension == "agent"}
        self._engine.watching.leavers.know(agents, board.agents.export())
        if self._here is not None:
            self._here.begin(board)

    def load(self, progress: Progress) -> Sequence[Crossings]:
        """Read the clocks of all tickets in progress from the log. Raises `Cancelled` when the progress says so."""
        self._source_is_there(progress)
        if self._apart is not None:
            return self._apart.load(progress)
        assert self._here is not None
        return self._here.load(*self._beginning(), progress)

    def stop(self) -> None:
        """End the process, after the watch."""
        if self._apart is not None:
            self._apart.stop()

    def _beginning(self) -> Beginning:
        kept = self._engine.inbox.watermark()
        if kept is not None:
            # What the last run heard of too late it may not have raised before it ended; what it has, is known.
            since = max(kept.swept_to - RECALL, kept.began_at)
        else:
            since = self._engine.clock.now() if self.first_start_at is None else self.first_start_at
        alarms = [entry for entry in self._engine.inbox.open_entries() if entry.key.cause is Cause.AGENT_ALARM]
        return Beginning(since, alarms)
