"""The demonstration centre's own people at its inbox: supervisors beside the one at the console, and agents who ask for
compensations and look after resolved complaints.

They have accounts of the centre's database and act through the engine's desk like everybody, so that what they do
stands in history and audit trail. One turn every few seconds on one thread.
"""

from __future__ import annotations

import logging
import threading

from console.clock import SECOND
from console.connectors.demo.callers import Callers
from console.connectors.demo.colleague import Colleague
from console.connectors.demo.proposals import Proposals, authors
from console.engine import Engine
from console.errors import KnownError
from console.models.actions.accounts import grant_role
from console.models.domain.escalation import Entry
from console.models.domain.events import Kind
from console.models.domain.roles import AccountRole, Actor, same_person

logger = logging.getLogger("console.demo")

COLLEAGUES = ("Lin Yue", "Qian Wei")
"""The other supervisors of the shift."""
TURN_SECONDS = 3.0
PER_DEED = 20 * SECOND
"""One of them does something so often at most."""
_MOST_IN_A_TURN = 14
_MOST_CALLS = 60
"""Of follow-ups, which are many after a night and wherever the clock runs fast."""


class DemoPeople:
    """Made for an open engine, before its sources start; `start` and `stop`, or single turns by `act`."""

    def __init__(self, engine: Engine, seed: int) -> None:
        """Open their accounts, where the database has none of these names yet."""
        self._engine = engine
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-people", daemon=True)
        self._stamp: tuple[int, ...] = ()
        self._entries: list[Entry] = []
        actors = self._accounts()
        desk, history = engine.desk(), engine.inbox.history
        self._colleagues = [
            Colleague(seed, actor, desk.escalations, desk.compensation, desk.follow_ups, history, self._owner_of)
            for actor in actors[: len(COLLEAGUES)]
        ]
        self._proposals = Proposals(seed, actors[len(COLLEAGUES) :], lambda: desk.compensation, engine.log.timeline)
        self._callers = Callers(seed, actors[len(COLLEAGUES) :], lambda: desk.follow_ups)
        engine.tail.subscribe(self._proposals.receive)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its present turn; harmless when it never began."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def act(self, most: int = _MOST_IN_A_TURN) -> int:
        """One turn; returns how much was done. Raises SetupError when the database cannot take it now."""
        now = self._engine.clock.now()
        done = int(self._proposals.turn(now)) + self._callers.turn(now, _MOST_CALLS)
        for colleague in self._colleagues:
            done += colleague.turn(self._inbox(), now, most)
        return done

    def _run(self) -> None:
        looked_at = self._engine.clock.now()
        while not self._stopping.wait(TURN_SECONDS):
            now = self._engine.clock.now()
            passed, looked_at = now - looked_at, now
            try:
                # On a clock that runs fast there is more to do in a turn.
                self.act(min(_MOST_IN_A_TURN, max(1, passed // PER_DEED)))
            except KnownError as error:
                logger.info("the centre's people have to wait: %s", error)
            except Exception:
                # Nobody at the console depends on them.
                logger.exception("the centre's people stopped")
                return

    def _inbox(self) -> list[Entry]:
        """The open entries, read again only where something changed."""
        stamp = self._engine.inbox.stamp()
        if stamp != self._stamp:
            self._entries, self._stamp = self._engine.inbox.open_entries(), stamp
        return self._entries

    def _owner_of(self, ticket: int) -> str:
        events = reversed(self._engine.log.timeline(ticket))
        return next((event.name for event in events if event.kind is Kind.ASSIGNED), "")

    def _accounts(self) -> list[Actor]:
        """The supervisors' first, then those of the agents; whom an administrator has changed stays as changed."""
        access, clock = self._engine.access, self._engine.clock
        wanted = [(name, AccountRole.SUPERVISOR) for name in COLLEAGUES]
        wanted += [(name, AccountRole.COACH) for name in authors()]
        admin = Actor(access.creator)
        there = [account.name for account in access.accounts.all()]
        for name, role in wanted:
            if not any(same_person(name, known) for known in there):
                try:
                    grant_role(access.accounts, admin, name, role, clock)
                except KnownError as error:
                    logger.info("%s gets no account: %s", name, error)
                    break
        return [Actor(name, frozenset({role})) for name, role in wanted]
