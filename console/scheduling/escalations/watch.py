"""The inbox at work: the sweep, its auditor and the dispatcher of notices, each on a thread of its own.

They know the database through Protocols only, so that one console or several, and tests, run the same watch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from console.models.domain.escalation_ports import Crossings, EscalationReader, EscalationWriter, Outbox
from console.models.domain.ports import Clock, Progress
from console.models.policy.policy import Policy
from console.scheduling.escalations.auditor import Auditor, Finding
from console.scheduling.escalations.crossings import AllCrossings
from console.scheduling.escalations.leavers import Leavers
from console.scheduling.escalations.loading import Load, Loading
from console.scheduling.escalations.notices import Notices
from console.scheduling.escalations.sweeper import Sweeper, Swept

logger = logging.getLogger("console.escalations")


class Watch:
    """Made once for an open inbox; nothing runs before `start`."""

    def __init__(
        self, writer: EscalationWriter, reader: EscalationReader, outbox: Outbox, clock: Clock, policy: Policy
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._policy = policy
        self._finding = Finding()
        self._hear: Callable[[Finding], None] = lambda _finding: None
        self._crossings: AllCrossings | None = None
        self._sweeper: Sweeper | None = None
        self._auditor: Auditor | None = None
        self._loading: Loading | None = None
        self.notices = Notices(outbox, clock)
        self.leavers = Leavers(writer, reader)

    @property
    def policy(self) -> Policy:
        """The policy whose figures hold."""
        return self._policy

    @property
    def finding(self) -> Finding:
        """What the auditor saw last; any thread may ask."""
        return self._finding

    def on_finding(self, hear: Callable[[Finding], None]) -> None:
        """Call ``hear`` (on the auditor's thread) with each finding that is not well, and once that it is again."""
        self._hear = hear

    def set_policy(self, policy: Policy) -> None:
        """These figures hold from the next turn on, for finders that must read the log as soon as they have; entries
        that are open keep the chain they were raised with."""
        self._policy = policy
        if self._crossings is not None:
            self._crossings.set_policy(policy)
        if self._loading is not None:
            self._loading.set_policy(policy)
        self.poke()

    def start(self, crossings: Sequence[Crossings], load: Load | None = None, since: int | None = None) -> None:
        """Begin. ``load`` makes finders that take their time, on a thread of its own: meanwhile what is due is carried
        out, and what crosses is owed to them. ``since`` is where to begin in a log that was never swept; now, if not
        given. Raises RuntimeError when it has begun before."""
        found, sweeper, auditor = self._make(crossings, since, expects_more=load is not None)
        self._loading = Loading(found, crossings, load, self.poke)
        self.notices.start()
        sweeper.start()
        auditor.start()
        self._loading.start()

    def sweep_once(self, crossings: Sequence[Crossings], load: Load | None = None, since: int | None = None) -> Swept:
        """One turn on this thread and no threads at all, as a picture needs it; `stop` is harmless afterwards."""
        loaded = load(Progress()) if load is not None else ()
        return self._make([*crossings, *loaded], since)[1].sweep()

    def sweep_again(self) -> Swept:
        """Another turn on this thread, after `sweep_once`; raises RuntimeError before it."""
        if self._sweeper is None:
            raise RuntimeError("the inbox is not watched yet")
        return self._sweeper.sweep()

    def poke(self) -> None:
        """An entry was moved, or an instant changed: look at once."""
        self.notices.poke()
        if self._sweeper is not None:
            self._sweeper.poke()

    def look_anew(self) -> None:
        """Finders have lost what they knew: they read the log again. Any thread may call."""
        if self._loading is not None:
            self._loading.set_policy(self._policy)

    def stop(self) -> None:
        """End the threads, each after its present turn: what a turn began is written, and nothing begins any more."""
        if self._loading is not None:
            self._loading.stop()
        if self._auditor is not None:
            self._auditor.stop()
        if self._sweeper is not None:
            self._sweeper.stop()
        self.notices.stop()

    def _make(
        self, crossings: Sequence[Crossings], since: int | None, *, expects_more: bool = False
    ) -> tuple[AllCrossings, Sweeper, Auditor]:
        if self._sweeper is not None:
            raise RuntimeError("the inbox is watched already")
        found = AllCrossings(crossings, expects_more=expects_more)
        sweeper = Sweeper(
            self._writer,
            self._reader,
            found,
            lambda: self._policy.escalation,
            self._clock,
            leave=self.leavers.turn,
            since=since,
        )
        auditor = Auditor(
            self._reader,
            self._clock,
            self._report,
            swept_at=lambda: sweeper.finished_at,
            blind=lambda: found.failures,
        )
        self._crossings, self._sweeper, self._auditor = found, sweeper, auditor
        return found, sweeper, auditor

    def _report(self, finding: Finding) -> None:
        if finding.is_well:
            logger.info("the inbox is well again")
        elif finding != self._finding:
            logger.error("the inbox is not well: %s", finding)
        self._finding = finding
        self._hear(finding)
