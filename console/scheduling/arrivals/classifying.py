"""The thread that judges what is written: type, emotion and complaint tier of what customers write, where nobody has
said them yet, and what agents promise; and that puts a supervisor's correction back where a source has overwritten it.

It reads the log behind a watermark that is saved in the same transaction as what it says, so that nothing is missed or
said twice whatever happens between. The tail only wakes it: a flood of messages makes it late, never large.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import numpy as np

from console import turns
from console.clock import DAY
from console.errors import KnownError
from console.models.domain.arrival import CHANGES, Change, Message, Standing, Words, judged, kept, standings
from console.models.domain.complaints import ComplaintRules
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Batch, Clock, Intake, Rows, Tail, TicketText
from console.models.domain.spoken_promises import Reading, promises, replies_of
from console.scheduling.escalations.waiting import Alarm, Waiter

logger = logging.getLogger("console.arrivals")

CURSOR = "classified_to"
"""The key of the watermark in the cursor of the console's own source."""

PIECE = 2_000
"""Places of the log in one piece. A message takes about 0.06 ms of a core, and lets the window's frame go first."""

SAVED_EVERY = 5_000
"""Places of the log after which the watermark is saved though there was nothing to say."""

OLDEST = DAY
"""What was written longer ago is history that was brought in, no arrival."""

REST = 9.0
"""Behind a flood the thread rests so many times as long as it worked, so that the window has the machine."""

LONGEST_WAIT = 5.0
COMMIT_SECONDS = 2.0
STORE_SECONDS = 10.0


_WAKES = np.isin(np.arange(256), [Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY, *CHANGES])


class ArrivalLog(Protocol):
    """What is read of the log; safe on any thread."""

    def last_seq(self) -> int:
        """The highest committed place."""
        ...

    def rows(self, after: int, until: int) -> Rows:
        """All events with ``after < seq <= until`` in seq order."""
        ...

    def of_tickets(self, tickets: Iterable[int]) -> Rows:
        """All events of these tickets, in any order."""
        ...

    def bodies(self, seqs: Iterable[int]) -> Mapping[int, str]:
        """What was written at these places."""
        ...

    def texts(self, tickets: Iterable[int]) -> Iterable[TicketText]:
        """The subjects of these tickets."""
        ...

    def names(self) -> Mapping[str, Mapping[str, int]]:
        """Every interned name and its number, by dimension."""
        ...

    def cursor(self, source: str) -> Mapping[str, object] | None:
        """Where a source wants to go on."""
        ...


class Classifying:
    """One turn is `judge_piece`; `start` takes turns on a thread of its own until `stop`."""

    def __init__(
        self,
        log: ArrivalLog,
        intake: Intake,
        words: Callable[[], Words],
        rules: Callable[[], ComplaintRules],
        clock: Clock,
        *,
        promised_at: Reading = lambda _text, _at: None,
        enabled: Callable[[], bool] = lambda: True,
        wait_committed: Callable[[int, float], bool] = lambda _seq, _timeout: True,
        waiter: Waiter | None = None,
    ) -> None:
        """``words`` loads the lexicons (at the first turn, since it takes a moment); ``promised_at`` reads what an
        agent's words promise; ``enabled`` is the policy's switch, which leaves corrections in force;
        ``wait_committed`` waits until the database holds the log up to a place."""
        self._log = log
        self._intake = intake
        self._load = words
        self._words: Words | None = None
        self._rules = rules
        self._promised_at = promised_at
        self._clock = clock
        self._enabled = enabled
        self._wait_committed = wait_committed
        self._waiter = waiter or Alarm()
        self._told_to = 0
        self._own = 0
        self._done_to: int | None = None
        self._saved_to: int | None = None
        self._end_subscription: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="classifying", daemon=True)

    def begin(self) -> None:
        """Find where the last run ended; a log that was never judged begins with what comes from now on."""
        self._begin()

    def start(self, tail: Tail) -> None:
        """Begin, with a thread of its own."""
        self._begin()
        self._end_subscription = tail.subscribe(self._on_batch)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its present piece."""
        self._end_subscription()
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()

    def judge_piece(self) -> bool:
        """Judge the next piece of the log; False when there is none. Raises KnownError when the log takes nothing."""
        done_to = self._begin()
        until = min(done_to + PIECE, self._log.last_seq())
        if until <= done_to:
            return False
        rows = self._log.rows(done_to, until)
        # Interned once and for ever: asked for until it is there.
        own = self._own = self._own or self._log.names().get("source", {}).get(OWN_SOURCE, 0)
        events = self._judged(rows[rows["kind"] == Kind.CUSTOMER_MESSAGE], own)
        events += self._promised(replies_of(rows), own)
        events += self._kept(rows[np.isin(rows["kind"], list(CHANGES)) & (rows["source"] != own)], own)
        if events or self._saved_to is None or until - self._saved_to >= SAVED_EVERY:
            receipt = self._intake.submit(OWN_SOURCE, events, origin=Origin.OUTBOX, cursor={CURSOR: until})
            # The next piece has to see what this one said.
            if not receipt.wait(STORE_SECONDS):
                return False
            self._saved_to = until
        self._done_to = until
        return True

    def _begin(self) -> int:
        if self._done_to is None:
            kept = (self._log.cursor(OWN_SOURCE) or {}).get(CURSOR)
            self._saved_to = kept if isinstance(kept, int) else None
            self._done_to = self._log.last_seq() if self._saved_to is None else self._saved_to
        return self._done_to

    def _on_batch(self, batch: Batch) -> None:
        """On the intake's thread: only note that there is something."""
        if _WAKES[batch.rows["kind"]].any():
            self._told_to = int(batch.rows["seq"][-1])
            self._waiter.wake()

    def _run(self) -> None:
        while True:
            rest, wait = 0.0, LONGEST_WAIT
            try:
                self._wait_committed(self._told_to, COMMIT_SECONDS)
                turns.after_the_frame()
                began = self._clock.monotonic()
                if self.judge_piece():
                    # There may be more: a flood of messages would wake it without end.
                    rest, wait = REST * (self._clock.monotonic() - began), 0.0
            except KnownError as error:
                logger.warning("judging what comes in has to wait: %s", error)
            except Exception:
                # A bug here must not end the thread for the rest of the day.
                logger.exception("a piece of the log could not be judged")
            if not self._waiter.rest(rest) or not self._waiter.wait(wait):
                return

    def _kept(self, said: Rows, own: int) -> list[Event]:
        """Corrections that a source has overwritten are put back."""
        # Where the console has never spoken there is no correction.
        if not own or not said.size:
            return []
        known = standings(self._log.of_tickets(np.unique(said["subject"]).tolist()), own)
        columns = (said[name].tolist() for name in ("subject", "kind", "at", "source", "key"))
        changes = (Change(ticket, Kind(kind), *rest) for ticket, kind, *rest in zip(*columns, strict=True))
        found = (kept(change, known[change.ticket]) for change in changes)
        return [event for event in found if event is not None]

    def _promised(self, replies: Rows, own: int) -> list[Event]:
        if not self._enabled():
            return []
        replies = replies[replies["at"] >= self._clock.now() - OLDEST]
        bodies = self._log.bodies(replies["seq"].tolist()) if replies.size else {}
        # Few replies promise anything: only of their tickets the rest is read.
        columns = zip(replies["seq"].tolist(), replies["at"].tolist(), strict=True)
        replies = replies[[self._promised_at(bodies.get(seq, ""), at) is not None for seq, at in columns]]
        if not replies.size:
            return []
        known = self._log.of_tickets(np.unique(replies["subject"]).tolist())
        return list(promises(replies, bodies, known, own, self._promised_at))

    def _judged(self, messages: Rows, own: int) -> list[Event]:
        if not self._enabled():
            return []
        messages = messages[messages["at"] >= self._clock.now() - OLDEST]
        bodies = self._log.bodies(messages["seq"].tolist()) if messages.size else {}
        if not bodies:
            return []
        words = self._words = self._words or self._load()
        tickets = np.unique(messages["subject"]).tolist()
        known = standings(self._log.of_tickets(tickets), own)
        subjects = {text.id: text.subject for text in self._log.texts(tickets)}
        events: list[Event] = []
        messages.sort(order=("subject", "at", "native", "source", "key"))
        columns = (messages[name].tolist() for name in ("seq", "subject", "at", "source", "key"))
        rules, seen = self._rules(), set[int]()
        for seq, ticket, at, source, key in zip(*columns, strict=True):
            turns.after_the_frame()
            text = bodies.get(seq, "")
            standing = known.get(ticket)
            if text and standing is not None:
                if ticket not in seen and not standing.type:
                    text = f"{subjects.get(ticket, '')}\n{text}"
                seen.add(ticket)
                events += _judged_alone(Message(ticket, at, source, key, text), standing, words, rules)
        return events


def _judged_alone(message: Message, standing: Standing, words: Words, rules: ComplaintRules) -> list[Event]:
    try:
        return list(judged(message, standing, words, rules))
    except Exception:
        # One text that nobody foresaw keeps no other from being judged.
        logger.exception("a message of ticket %d could not be judged", message.ticket)
        return []
