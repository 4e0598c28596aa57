"""The dispatcher of notices: what the outbox holds reaches the consoles that listen, each once as far as anyone knows.

A console that ended while it was told leaves it unknown whether the notice was heard. It is told once more, marked as
such (`Waiting.again`): a person who is told twice loses a second, one who is not told loses the customer. Where nobody
listens nothing is sent: notices wait, newer ones take their place, and the chain climbs as its rules say.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from console.clock import SECOND
from console.errors import KnownError
from console.models.domain.escalation_ports import Delivery, Outbox, Sending, Waiting
from console.models.domain.ports import Clock
from console.scheduling.escalations.waiting import Alarm, Waiter

logger = logging.getLogger("console.escalations")

LONGEST_WAIT = 1.0
"""Seconds until the outbox is looked at though nobody said that there is something."""

LEASE = 5 * SECOND
AT_ONCE = 100

Listener = Callable[[Waiting], None]


class Notices:
    """One turn is `deliver`; `start` takes turns on a thread of its own until `stop`."""

    def __init__(self, outbox: Outbox, clock: Clock, *, waiter: Waiter | None = None) -> None:
        self._outbox = outbox
        self._clock = clock
        self._waiter = waiter or Alarm()
        self._door = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._thread = threading.Thread(target=self._run, name="escalation-notices", daemon=True)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` (on the dispatcher's thread; it must only pass the notice on) for each notice that reaches
        this console; returns the call that ends the subscription."""
        with self._door:
            self._listeners = (*self._listeners, listener)
        self.poke()

        def end() -> None:
            with self._door:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after what it is sending."""
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()

    def poke(self) -> None:
        """There may be something to send."""
        self._waiter.wake()

    def deliver(self) -> int:
        """One turn; how many notices were sent. Raises KnownError when the database cannot take it now."""
        sent = 0
        # Without a listener nothing may be claimed: a notice that nobody heard was not sent.
        while listeners := self._listeners:
            deliveries = self._outbox.claim_notices(self._clock.now(), LEASE, AT_ONCE)
            if not deliveries:
                break
            heard: list[Delivery] = []
            unheard: list[Delivery] = []
            for delivery in deliveries:
                (heard if _tell(listeners, delivery.notice) else unheard).append(delivery)
            sent += self._settle(heard, Sending.SENT)
            self._settle(unheard, Sending.FAILED)
        return sent

    def _settle(self, deliveries: Sequence[Delivery], sending: Sending) -> int:
        return self._outbox.settle_notices(deliveries, sending, self._clock.now()) if deliveries else 0

    def _run(self) -> None:
        while True:
            try:
                self.deliver()
            except KnownError as error:
                logger.warning("notices have to wait: %s", error)
            except Exception:
                # A bug must not end the thread that all news depends on.
                logger.exception("the dispatcher of notices failed")
            if not self._waiter.wait(LONGEST_WAIT):
                return


def _tell(listeners: Sequence[Listener], notice: Waiting) -> bool:
    """Whether anybody took it."""
    heard = False
    for listener in listeners:
        try:
            listener(notice)
        except Exception:
            logger.exception("a console did not take notice %d", notice.id)
        else:
            heard = True
    return heard
