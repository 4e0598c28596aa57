"""The thread that hands out what nobody has: it feeds the log to the routing's fold and carries out what that decides.

It reads behind a watermark that is kept in the log's own transactions, so that after a restart it goes on where it was:
the fold is fed the day anew, and only what it decides behind the watermark is carried out. Its rules are in force once
the log tells of them, and its timers fire when the log says that their time has come; where no source speaks, it writes
down the time itself. So a replay of the log decides the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from console import turns
from console.clock import HOUR, SECOND
from console.errors import KnownError
from console.models.actions.routing import RoutingActions
from console.models.domain.contacts import Role
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Batch, Clock, Intake, Rows, Tail
from console.models.domain.routing import ROUTER, Decision, Mode, Orders, RoutingRules
from console.models.domain.routing_contacts import Happening
from console.models.queries.routing_rows import DAY_LIMIT, JUMP, Opened, RoutingLog, opened
from console.scheduling.escalations.waiting import Alarm, Waiter
from console.scheduling.routing.suggestion import suggestion

logger = logging.getLogger("console.routing")

PIECE = 5_000
"""Places of the log in one piece."""
SAVED_EVERY = 5_000
"""Places of the log after which the watermark is saved though there was nothing to say."""
TOLD_EVERY = 12 * HOUR
"""So often the log is told of the rules anew, so that the fold of each day finds them."""
QUIET = JUMP // 2
"""So long the log never stays without a word of the time, so that no source's next word looks like a wrong clock."""
REST = 4.0
"""Behind a flood the thread rests so many times as long as it worked, so that the window has the machine."""
LONGEST_WAIT = 2.0
COMMIT_SECONDS = 2.0
STORE_SECONDS = 10.0


class RouterLog(RoutingLog, Protocol):
    """What is read of the log; safe on any thread."""

    def last_seq(self) -> int:
        """The highest committed place."""
        ...

    def rows(self, after: int, until: int) -> Rows:
        """All events with ``after < seq <= until`` in seq order."""
        ...

    def cursor(self, source: str) -> Mapping[str, object] | None:
        """Where a source wants to go on."""
        ...


class Router:
    """One turn is `turn`; `start` takes turns on a thread of its own until `stop`."""

    def __init__(
        self,
        log: RouterLog,
        intake: Intake,
        act: RoutingActions,
        rules: Callable[[], RoutingRules],
        midnight_before: Callable[[int], int],
        clock: Clock,
        *,
        wait_committed: Callable[[int, float], bool] = lambda _seq, _timeout: True,
        waiter: Waiter | None = None,
    ) -> None:
        """``rules`` gives those of the policy in force, ``midnight_before`` the last local midnight at or before an
        instant; ``wait_committed`` waits until the database holds the log up to a place."""
        self._log = log
        self._intake = intake
        self._act = act
        self._rules = rules
        self._midnight_before = midnight_before
        self._clock = clock
        self._wait_committed = wait_committed
        self._waiter = waiter or Alarm()
        self._told_to = 0
        self._done_to: int | None = None
        self._saved_to = 0
        self._time = 0
        self._told_mode = Mode.OFF
        self._told_at = 0
        self._is_off = False
        self._ticks = 0
        self._day_ends = 0
        self._open: Opened | None = None
        self._sent: dict[int, Decision] = {}
        self._names: dict[int, str] = {}
        self._end_subscription: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="routing", daemon=True)

    @property
    def done_to(self) -> int:
        """The place of the log up to which everything is decided and carried out."""
        return self._done_to or 0

    def begin(self) -> None:
        """Find where the last run ended; a log that was never routed begins with what comes from now on."""
        if self._done_to is not None:
            return
        kept = self._log.cursor(ROUTER) or {}
        done_to, time = kept.get("routed_to"), kept.get("time")
        known = isinstance(done_to, int) and isinstance(time, int)
        self._done_to = self._saved_to = done_to if isinstance(done_to, int) and known else self._log.last_seq()
        self._time = time if isinstance(time, int) and known else self._clock.now()
        mode = kept.get("mode")
        self._told_mode = Mode(mode) if mode in {one.value for one in Mode} else Mode.OFF

    def start(self, tail: Tail) -> None:
        """Begin, with a thread of its own."""
        self.begin()
        self._end_subscription = tail.subscribe(self._on_batch)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its present piece."""
        self._end_subscription()
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()
        if self._open is not None and self.done_to > self._saved_to:
            try:
                self._tell([])
            except KnownError as error:
                # What was carried out is looked at once more then, and found done.
                logger.warning("how far the routing came is not kept: %s", error)

    def turn(self) -> bool:
        """Decide on the next piece of the log and carry that out; False when there was nothing to do. Raises KnownError
        when the database takes nothing."""
        self.begin()
        rules = self._rules()
        if rules.mode is Mode.OFF and self._told_mode is Mode.OFF:
            self._skip()
            return False
        if self._is_off:
            # What came meanwhile was nobody's task.
            self._is_off = False
            self._done_to, self._time = self._log.last_seq(), max(self._time, self._clock.now())
        state = self._opened()
        said = self._refused()
        said += self._announced(state, rules)
        moved = self._read(state)
        said += self._tick() if not moved and not said else []
        if said:
            self._tell(said)
        elif self.done_to - self._saved_to >= SAVED_EVERY:
            self._tell([])
        return moved or bool(said)

    def next_due(self) -> int | None:
        """When the next timer fires (microseconds), None where none is set."""
        return self._open.floor.next_due() if self._open is not None else None

    def wait_seconds(self) -> float:
        """How long to sleep: until the next timer, at most `LONGEST_WAIT`."""
        due = self.next_due()
        if due is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max((due - self._clock.now()) / SECOND, 0.01))

    # -- the log

    def _skip(self) -> None:
        self._is_off = True
        if self._open is not None:
            self._open = None
            self._tell([])

    def _opened(self) -> Opened:
        state = self._open
        if state is None:
            state = self._open_day(self._midnight_before(self._time))
            # What was decided before the watermark was carried out then.
            for happening in state.telling.of(state.rest[state.rest["seq"] <= self.done_to]):
                turns.after_the_frame()
                self._note(happening)
                state.floor.feed(happening)
            state.floor.pass_time(state.telling.time)
        return state

    def _open_day(self, midnight: int) -> Opened:
        state = self._open = opened(self._log, midnight)
        self._day_ends = self._midnight_before(midnight + DAY_LIMIT)
        self._names = {id_: text for text, id_ in self._log.names().get("agent", {}).items()}
        return state

    def _read(self, state: Opened) -> bool:
        until = min(self.done_to + PIECE, self._log.last_seq())
        if until <= self.done_to:
            return False
        rows = self._log.rows(self.done_to, until)
        later = (state.telling.times(rows) >= self._day_ends).nonzero()[0]
        if later.size:
            # A new day of the log begins within this piece: its fold is built from the log, as after a restart.
            rows = rows[: int(later[0])]
            until = int(rows["seq"][-1]) if rows.size else self.done_to
        for happening in state.telling.of(rows):
            turns.after_the_frame()
            self._note(happening)
            self._carry_out(state.floor.feed(happening), state.floor.rules.mode)
        self._carry_out(state.floor.pass_time(state.telling.time), state.floor.rules.mode)
        self._time = max(self._time, state.telling.time)
        self._done_to = until
        if later.size:
            self._open_day(self._day_ends)
        return True

    def _note(self, happening: Happening) -> None:
        if happening.kind == Kind.ROUTING and isinstance(happening.told, Orders):
            self._told_at, self._told_mode = happening.at, happening.told.rules.mode

    def _on_batch(self, batch: Batch) -> None:
        """On the intake's thread: only note that there is something."""
        if batch.rows.size and not self._is_off:
            self._told_to = int(batch.rows["seq"][-1])
            self._waiter.wake()

    def _run(self) -> None:
        while True:
            rest, wait = 0.0, LONGEST_WAIT
            try:
                self._wait_committed(self._told_to, COMMIT_SECONDS)
                turns.after_the_frame()
                began = self._clock.monotonic()
                if self.turn():
                    rest, wait = REST * (self._clock.monotonic() - began), 0.0
                else:
                    wait = self.wait_seconds()
            except KnownError as error:
                logger.warning("handing out has to wait: %s", error)
            except Exception:
                # A bug here must not end the thread for the rest of the day.
                logger.exception("a piece of the log could not be routed")
            if not self._waiter.rest(rest) or not self._waiter.wait(wait):
                return

    # -- what it says

    def _announced(self, state: Opened, rules: RoutingRules) -> list[Event]:
        """The rules, where the log does not tell of them."""
        is_stale = state.telling.time - self._told_at > TOLD_EVERY and rules.mode is not Mode.OFF
        if state.floor.rules == rules and not is_stale:
            return []
        now = self._clock.now()
        return [Event(Kind.ROUTING, ROUTER, now, f"rules:{now}", role=Role.SYSTEM, detail=Orders(rules).detail())]

    def _tick(self) -> list[Event]:
        """The time, where a timer waits for it and no source has told it, and in quiet hours."""
        state = self._open
        due, now = self.next_due(), self._clock.now()
        is_due = due is not None and due <= now
        if state is None or now <= state.telling.time or not (is_due or now - state.telling.time > QUIET):
            return []
        self._ticks += 1
        return [Event(Kind.HEARTBEAT, ROUTER, now, f"time:{now}:{self._ticks}", role=Role.SYSTEM)]

    def _tell(self, events: Sequence[Event]) -> None:
        cursor = {"routed_to": self.done_to, "time": self._time, "mode": self._told_mode.value}
        own = [event for event in events if event.kind is Kind.OFFER_MISSED]
        others = [event for event in events if event.kind is not Kind.OFFER_MISSED]
        if own:
            self._intake.submit(OWN_SOURCE, own, origin=Origin.OUTBOX)
        if self._intake.submit(ROUTER, others, origin=Origin.OUTBOX, cursor=cursor).wait(STORE_SECONDS):
            self._saved_to = self.done_to

    # -- what it does

    def _carry_out(self, decisions: Sequence[Decision], mode: Mode) -> None:
        for decision in decisions:
            name = self._name(decision.agent)
            if mode is Mode.SUGGEST:
                self._intake.submit(OWN_SOURCE, [suggestion(decision, name)], origin=Origin.OUTBOX)
            elif mode is Mode.ASSIGN:
                made = self._act.give(decision.ticket, name, self._name(decision.former), decision.words)
                if made is not None:
                    self._sent[made.id] = decision

    def _refused(self) -> list[Event]:
        """The log is told at once of what a source did not do, so that somebody else is found."""
        if not self._sent:
            return []
        said = []
        for id_, was_refused in self._act.refused(self._sent).items():
            decision = self._sent.pop(id_)
            if was_refused:
                agent = self._name(decision.agent)
                said.append(
                    Event(
                        Kind.OFFER_MISSED,
                        str(decision.ticket),
                        self._clock.now(),
                        f"missed:{id_}",
                        actor=agent,
                        role=Role.AGENT,
                    )
                )
        return said

    def _name(self, agent: int) -> str:
        if agent and agent not in self._names:
            self._names = {id_: text for text, id_ in self._log.names().get("agent", {}).items()}
        return self._names.get(agent, "")
