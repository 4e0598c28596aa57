"""The auditor: an independent look, every half minute, at whether the sweep does its work.

It shares nothing with the sweep but the database, which it only reads. Its own failure is reported too: an auditor
that cannot look must not look content.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from console.clock import SECOND
from console.models.domain.escalation_ports import EscalationReader
from console.models.domain.ports import Clock
from console.scheduling.escalations.waiting import Alarm, Waiter

logger = logging.getLogger("console.escalations")

LOOK_EVERY = 30.0
"""Seconds."""

TOO_LATE = 10 * SECOND
"""What is overdue by more than this was not carried out by a sweep that works."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the auditor saw: how many entries are overdue, by how much the oldest is (microseconds), how long the sweep
    has been silent (seconds), the failure of its own look, and the finders that cannot say what crossed."""

    overdue: int = 0
    oldest_late: int = 0
    silent_seconds: float = 0.0
    failure: str = ""
    blind: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to report."""
        return not self.overdue and not self.silent_seconds and not self.failure and not self.blind


class Auditor:
    """One look is `look`; `start` looks on a thread of its own until `stop`."""

    def __init__(
        self,
        reader: EscalationReader,
        clock: Clock,
        report: Callable[[Finding], None],
        *,
        swept_at: Callable[[], float] | None = None,
        blind: Callable[[], tuple[str, ...]] = lambda: (),
        waiter: Waiter | None = None,
    ) -> None:
        """``report`` hears every finding that is not well, and once that it is well again; ``swept_at`` says when the
        sweep of this process last ended a turn (monotonic seconds), ``blind`` what is wrong with its finders."""
        self._reader = reader
        self._clock = clock
        self._report = report
        self._swept_at = swept_at
        self._blind = blind
        self._waiter = waiter or Alarm()
        self._was_well = True
        self._thread = threading.Thread(target=self._run, name="escalation-audit", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()

    def look(self) -> Finding:
        """One look, reported unless all is and was well."""
        finding = self._find()
        if not finding.is_well or not self._was_well:
            self._report(finding)
        self._was_well = finding.is_well
        return finding

    def _find(self) -> Finding:
        silent = 0.0 if self._swept_at is None else self._clock.monotonic() - self._swept_at()
        silent = silent if silent * SECOND > TOO_LATE else 0.0
        blind = self._blind()
        now = self._clock.now()
        try:
            late = self._reader.overdue(now - TOO_LATE)
        except Exception as error:
            logger.exception("the auditor could not look")
            return Finding(silent_seconds=silent, failure=str(error) or type(error).__name__, blind=blind)
        if late is None:
            return Finding(silent_seconds=silent, blind=blind)
        return Finding(late.count, now - late.oldest_due_at, silent, blind=blind)

    def _run(self) -> None:
        while self._waiter.wait(LOOK_EVERY):
            try:
                self.look()
            except Exception:
                # Whoever is told may fail; the next look must still come.
                logger.exception("the auditor's finding was not taken")
