"""Reads late tickets back from the log on a thread of its own, while the board goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from heapq import nsmallest

from console.models.domain.ports import LogReader, Rows

logger = logging.getLogger("console.board")

TICKETS_PER_READ = 500
"""So that folding what was read fits into a frame."""

_WAIT_SECONDS = 1.0
_RETRY_SECONDS = 5.0


class Refolder:
    """Takes what a board has `late`, waits until the log holds it, and hands over all events of those tickets."""

    def __init__(
        self,
        log: LogReader,
        wait_committed: Callable[[int, float | None], bool],
        hand_over: Callable[[Rows, int], None],
    ) -> None:
        """``wait_committed(seq, timeout)`` waits until the log holds everything up to ``seq``.

        ``hand_over(rows, until)`` is called on the refolder's thread; the owner of the board passes both on to
        `Board.replace`.
        """
        self._log = log
        self._wait_committed = wait_committed
        self._hand_over = hand_over
        self._wanted: dict[int, int] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="refolder", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing is handed over any more when this returns."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def ask(self, late: Mapping[int, int]) -> None:
        """Read these tickets again, each up to its seq at least; of two wishes for one ticket the later counts."""
        with self._changed:
            for ticket, seq in late.items():
                self._wanted[ticket] = max(seq, self._wanted.get(ticket, 0))
            self._changed.notify_all()

    def _run(self) -> None:
        while tickets := self._take():
            try:
                self._read(tickets)
            except Exception:
                # The database may be locked or gone for a while; the tickets stay late until they were read.
                logger.exception("late tickets cannot be read")
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, _RETRY_SECONDS)

    def _take(self) -> dict[int, int]:
        """The tickets to read next, oldest first; none when the thread must end."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._wanted)
            if self._stopping:
                return {}
            return dict(nsmallest(TICKETS_PER_READ, self._wanted.items(), key=lambda wish: wish[1]))

    def _read(self, tickets: Mapping[int, int]) -> None:
        first = min(tickets.values())
        if not self._wait_committed(first, _WAIT_SECONDS):
            self._pause()
            return
        # Only what was committed before the reading began is surely in it. The log may end below ``first`` all the
        # same: when that event was known already, its place stays empty.
        until = max(first, self._log.last_seq())
        ready = [ticket for ticket, seq in tickets.items() if seq <= until]
        rows = self._log.of_tickets(ready)
        with self._changed:
            if self._stopping:
                return
            for ticket in ready:
                if self._wanted[ticket] <= until:
                    del self._wanted[ticket]
        self._hand_over(rows, until)

    def _pause(self) -> None:
        """A store that was closed says no at once: do not ask it in a loop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, _WAIT_SECONDS / 10)
