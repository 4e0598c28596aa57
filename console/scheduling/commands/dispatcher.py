"""Sends what people asked for, each command once, and finds out what became of it.

A command of a source that is connected goes to that source, which reads it back; of any other ticket the console's own
event is the truth. What was being sent when somebody died, or got no answer, is unknown: the source is asked, or the
log read back, and only what the source never got is sent again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from console.clock import SECOND
from console.errors import KnownError
from console.models.domain.command_ports import Answering, Claimed, CommandOutbox, CommandReader
from console.models.domain.commands import Delivery, Ordered, Outcome, Result, deed, wish
from console.models.domain.events import OWN_SOURCE, Origin
from console.models.domain.ports import Clock, Connector, Intake
from console.scheduling.escalations.waiting import Alarm, Waiter

logger = logging.getLogger("console.commands")

LEASE = 30 * SECOND
"""How long a claim lasts: what a console that died was sending is asked about this much later at most."""

AT_ONCE = 50
LONGEST_WAIT = 2.0
"""Seconds; what nobody announced is seen within this."""
SHORTEST_WAIT = 0.01
STORE_SECONDS = 10.0
"""How long the log may take to make an event durable before its command counts as unknown."""
LONGEST_BACKOFF = 300
"""Seconds between two questions about a command that stays unknown."""
AHEAD = 2 * LONGEST_BACKOFF * SECOND
"""No due time lies further ahead than this, unless the clock went back."""


class Dispatcher:
    """One turn is `dispatch`; `start` runs turns on a thread of its own until `stop`."""

    def __init__(
        self,
        outbox: CommandOutbox,
        reader: CommandReader,
        intake: Intake,
        connected: Callable[[], Mapping[str, Connector]],
        clock: Clock,
        *,
        waiter: Waiter | None = None,
        on_settled: Callable[[Ordered], None] = lambda _ordered: None,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        """``connected`` gives the sources that take commands and run now, by name; ``on_settled`` hears (on this
        thread) of each command that came to an end. ``tell`` is called in each turn, for who has notes on
        tickets that a crash or a full disk kept back."""
        self._outbox = outbox
        self._reader = reader
        self._intake = intake
        self._connected = connected
        self._clock = clock
        self._waiter = waiter or Alarm()
        self._on_settled = on_settled
        self._tell = tell
        self._thread = threading.Thread(target=self._run, name="command-dispatch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread once the command that is being sent has its answer."""
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()

    def poke(self) -> None:
        """Something was asked for: look at once."""
        self._waiter.wake()

    def dispatch(self) -> int:
        """One turn: everything that is due, and what that lets follow; returns how many came to an end. Raises
        KnownError when the database cannot take it now."""
        settled = 0
        # Most turns find nothing: only a reader is asked then, which keeps nobody from writing.
        if not self._is_due(self._reader.next_due()):
            return 0
        while claims := self._outbox.claim(self._clock.now(), LEASE, AT_ONCE, AHEAD):
            settled += sum(self._carry_out(claimed) for claimed in claims)
        return settled

    def wait_seconds(self) -> float:
        """How long to sleep: until the next command is due, at most `LONGEST_WAIT`."""
        due = self._reader.next_due()
        if due is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(SHORTEST_WAIT, (due - self._clock.now()) / SECOND))

    def _is_due(self, due: int | None) -> bool:
        now = self._clock.now()
        return due is not None and not now < due <= now + AHEAD

    def _run(self) -> None:
        while True:
            wait = LONGEST_WAIT
            try:
                self._tell()
                self.dispatch()
                wait = self.wait_seconds()
            except KnownError as error:
                logger.warning("commands have to wait: %s", error)
            except Exception:
                # A bug in one command must not end the thread that all the others depend on.
                logger.exception("the dispatcher failed")
            if not self._waiter.wait(wait):
                return

    def _carry_out(self, claimed: Claimed) -> bool:
        """Send or ask about one command; whether it came to an end."""
        ordered = claimed.ordered
        again_at = self._clock.now() + min(2 ** min(ordered.attempts, 10), LONGEST_BACKOFF) * SECOND
        try:
            result = self._send_or_ask(claimed) if ordered.is_sent else self._keep(claimed)
        except KnownError as error:
            result = Result(Outcome.UNKNOWN, str(error))
        except Exception as error:
            logger.exception("command %s failed", ordered.key)
            result = Result(Outcome.UNKNOWN, str(error))
        if result is None:
            self._outbox.release(claimed, self._clock.now())
            return False
        settled = (
            self._outbox.settle(claimed, result, self._clock.now(), again_at) and result.outcome is not Outcome.UNKNOWN
        )
        if result.outcome not in (Outcome.APPLIED, Outcome.ALREADY):
            logger.info("command %s on %s: %s, %s", ordered.key, ordered.ref, result.outcome.value, result.reason)
        if settled:
            self._on_settled(ordered)
        return settled

    def _keep(self, claimed: Claimed) -> Result:
        """No other system keeps it: the console's own event is the truth. It is keyed, so twice is once."""
        receipt = self._intake.submit(OWN_SOURCE, [deed(claimed.ordered)], origin=Origin.OUTBOX)
        if receipt.wait(STORE_SECONDS):
            return Result(Outcome.APPLIED)
        return Result(Outcome.UNKNOWN, "the log does not take it yet")

    def _send_or_ask(self, claimed: Claimed) -> Result | None:
        """The source's answer; None when it never got it."""
        ordered = claimed.ordered
        connector = self._connected().get(ordered.source)
        if connector is None:
            # It may have got it before it went away: whoever comes back is asked.
            return Result(Outcome.UNKNOWN, f"{ordered.source} is not connected")
        if ordered.state is Delivery.SENDING:
            if ordered.ticket:
                self._intake.submit(OWN_SOURCE, [wish(ordered)], origin=Origin.OUTBOX)
            return connector.apply(ordered.command)
        answer: Result | None = Result(Outcome.UNKNOWN, ordered.reason)
        if isinstance(connector, Answering):
            answer = connector.ask(ordered.command)
        if answer is not None and answer.outcome is Outcome.UNKNOWN and self._outbox.read_back(ordered):
            return Result(Outcome.APPLIED)
        return answer
