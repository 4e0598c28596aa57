"""The sweep: raises what crossed since the watermark and carries out what is due, each once, within a second.

It sleeps until the next due instant, at most a second, on a monotonic wait. A database that is locked or full makes
it try again at the next turn: the watermark stays where it was, so nothing is skipped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from console.clock import MINUTE, SECOND
from console.errors import KnownError
from console.models.domain.escalation import (
    Entry,
    Occurrence,
    State,
    Transition,
)
from console.models.domain.escalation_ports import Claim, Crossings, EscalationReader, EscalationWriter, Outcome
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.ports import Clock
from console.scheduling.escalations.crossings import AllCrossings
from console.scheduling.escalations.jumps import Jumps
from console.scheduling.escalations.past import Past
from console.scheduling.escalations.waiting import Alarm, Waiter

logger = logging.getLogger("console.escalations")

LONGEST_WAIT = 1.0
"""Seconds; crossings and entries that nobody announced are seen within this."""

LEASE = 5 * SECOND
"""How long a claim lasts: after a crash, what was claimed is carried out this much later at most."""

AT_ONCE = 50
"""So many in one transaction, so that an urgent one waits for no long one, nor the log's writer."""

TICK_EVERY = 2 * SECOND
"""How often the watermark is kept when nothing happens: people see by it that the clocks are looked at, and a step back
of the clock while the console is off is seen to this accuracy."""

SHORTEST_WAIT = 0.25
"""Seconds; in a flood of crossings many are raised in one transaction rather than each in its own."""

REST = 6.0
LONGEST_REST = 0.5
"""Behind a turn the thread rests so many times as long as it took, at most so many seconds: in a flood the window has
the machine, and what is urgent goes first in the next turn."""

SETTLE_EVERY = 2.0
"""Seconds between two looks for entries whose matter is over."""

SETTLE_REST = 20.0
"""With very many entries at least so many times as long as the last look took."""

_UNOWNED = frozenset({State.RAISED, State.EXHAUSTED})

Item = TypeVar("Item", Occurrence, Claim)
Result = TypeVar("Result")


class Swept(NamedTuple):
    """What one turn did: the entries raised or raised again, and the moves carried out."""

    raised: tuple[Entry, ...]
    moved: tuple[Transition, ...]


class Sweeper:
    """One turn is `sweep`; `start` runs turns on a thread of its own until `stop`."""

    def __init__(
        self,
        writer: EscalationWriter,
        reader: EscalationReader,
        crossings: Sequence[Crossings] | AllCrossings,
        rules: Callable[[], EscalationRules],
        clock: Clock,
        *,
        leave: Callable[[int, EscalationRules], Sequence[Transition]] = lambda _at, _rules: (),
        waiter: Waiter | None = None,
        on_swept: Callable[[Swept], None] = lambda _swept: None,
        since: int | None = None,
    ) -> None:
        """``rules`` gives the figures in force; ``leave`` hands over what those who went off shift had; ``on_swept``
        hears (on this thread) of turns that changed something.

        ``since`` is where to begin on a database that was never swept; now, if not given. What stands at that first
        start is raised with it, see `escalation_ports.Standing`.
        """
        self._writer = writer
        self._reader = reader
        self._crossings = crossings if isinstance(crossings, AllCrossings) else AllCrossings(crossings)
        self._rules = rules
        self._leave = leave
        self._clock = clock
        self._waiter = waiter or Alarm()
        self._on_swept = on_swept
        self._since = since
        self._jumps = Jumps(clock)
        self._owed = 0
        self._settle_again = 0.0
        self._swept_to: int | None = None
        self._past = Past(0)
        self._ticked_at = 0
        self._finished_at = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="escalation-sweep", daemon=True)

    @property
    def finished_at(self) -> float:
        """When the last complete turn ended, in seconds of the monotonic clock; for the auditor."""
        return self._finished_at

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its present turn."""
        self._waiter.end()
        if self._thread.ident is not None:
            self._thread.join()

    def poke(self) -> None:
        """Something was raised or edited: look at once. What the sweep itself did needs no second look."""
        if threading.current_thread() is not self._thread:
            self._waiter.wake()

    def sweep(self) -> Swept:
        """One turn. Raises KnownError when the database cannot take it now; the next turn does what is left."""
        raised: list[Entry] = []
        if self._swept_to is None:
            raised += self._begin()
        else:
            self._settle_jump(self._jumps.look())
        now, rules = self._clock.now(), self._rules()
        crossed, complete = self._raise(now, rules)
        raised += crossed
        moved = self._settle(now, rules)
        moved += self._fire(now, rules)
        moved += self._leave(now, rules)
        if complete:
            self._keep(now, even_if_quiet=bool(raised))
            self._finished_at = self._clock.monotonic()
        return Swept(tuple(raised), tuple(moved))

    def wait_seconds(self) -> float:
        """How long to sleep: until the next due instant, at most `LONGEST_WAIT`."""
        now = self._clock.now()
        known = (self._reader.next_due(now), self._crossings.next_after(now))
        soonest = min((at for at in known if at is not None), default=now + MINUTE)
        return min(LONGEST_WAIT, max(SHORTEST_WAIT, (soonest - now) / SECOND))

    def _run(self) -> None:
        while True:
            rest, wait = 0.0, LONGEST_WAIT
            began = self._clock.monotonic()
            try:
                swept = self.sweep()
                if swept.raised or swept.moved:
                    self._on_swept(swept)
                rest = min(LONGEST_REST, REST * (self._clock.monotonic() - began))
                wait = self.wait_seconds()
            except KnownError as error:
                logger.warning("the sweep has to wait: %s", error)
            except Exception:
                # A bug in one rule must not end the thread that all the others depend on.
                logger.exception("the sweep failed")
            if not self._waiter.rest(rest) or not self._waiter.wait(max(0.0, wait - rest)):
                return

    def _begin(self) -> list[Entry]:
        """The first turn: go on where the last run ended, which also shows a step back while we were off.

        On a log that has a past but was never swept, what stands is raised, and nothing that is over.
        """
        now = self._clock.now()
        kept = self._reader.watermark()
        raised: list[Entry] = []
        if kept is None:
            begin = now if self._since is None else min(now, self._since)
            self._past = Past(begin)
            raised, _complete = self._raise_found(self._crossings.standing(begin), now, self._rules())
            # Only now: a crash before this finds the same again, and knows it.
            self._writer.tick(now, begin)
            self._swept_to = begin
        else:
            self._past = Past(kept.began_at)
            self._owed = min(0, now - kept.ticked_at)
            self._settle_jump(min(0, self._jumps.look() - self._owed))
            self._swept_to = min(kept.swept_to, now)
        self._ticked_at = now
        return raised

    def _settle_jump(self, jump: int) -> None:
        """When the clock went back, what is still to come keeps the time that was left to it."""
        if jump > 0:
            # What fell due meanwhile is carried out by this turn: late, once, and never skipped.
            logger.info("the clock went forward by %d s", jump // SECOND)
        # A step back that the database could not take yet is owed to it.
        self._owed += min(jump, 0)
        if not self._owed:
            return
        now = self._clock.now()
        count = self._writer.rebase(self._owed, now)
        self._past.end_at(now)
        logger.warning("the clock went back by %d s: %d entries keep the time left", -self._owed // SECOND, count)
        self._owed = 0
        self._swept_to = min(now, self._swept_to or now)
        self._ticked_at = now

    def _keep(self, now: int, *, even_if_quiet: bool) -> None:
        """Move the watermark: behind what was raised at once, else now and then. A crash before this makes the next
        run look at the same crossings again, and know them by key and instant."""
        self._swept_to = now
        if even_if_quiet or now - self._ticked_at >= TICK_EVERY:
            self._writer.tick(now, self._crossings.answered_to(now))
            self._ticked_at = now

    def _raise(self, now: int, rules: EscalationRules) -> tuple[list[Entry], bool]:
        """Raise what crossed; the entries, and whether none had to be left out."""
        after = now if self._swept_to is None else self._swept_to
        return self._raise_found(self._crossings.between(after, now), now, rules)

    def _raise_found(self, found: Sequence[Occurrence], now: int, rules: EscalationRules) -> tuple[list[Entry], bool]:
        urgent_first = sorted(self._past.sift(found), key=lambda one: (one.urgency, one.occurred_at))
        results, complete = _in_pieces(urgent_first, lambda some: self._writer.raise_all(some, now, rules))
        return [one.entry for some in results for one in some if one.outcome is not Outcome.KNOWN], complete

    def _settle(self, now: int, rules: EscalationRules) -> list[Transition]:
        """Resolve what nobody has taken on and is over, with the reason; it is shown until its window ends."""
        began = self._clock.monotonic()
        if not rules.settle_answered or began < self._settle_again:
            return []
        free = [entry for entry in self._reader.open_entries() if entry.state in _UNOWNED]
        # The others have their turn in the next look; what is due must not wait for them.
        over = self._crossings.ended(free)[:AT_ONCE]
        moved = self._writer.settle(over, now, rules) if over else []
        ended = self._clock.monotonic()
        self._settle_again = ended + max(SETTLE_EVERY, SETTLE_REST * (ended - began))
        return moved

    def _fire(self, now: int, rules: EscalationRules) -> list[Transition]:
        moved: list[Transition] = []
        # Most turns find nothing: only a reader is asked then, which keeps nobody from writing.
        while self._is_due(now) and (claims := self._writer.claim_due(now, LEASE, AT_ONCE)):
            # What cannot be carried out stays claimed until its lease ends, and is the auditor's business.
            results, _complete = _in_pieces(claims, lambda some: self._writer.fire(some, now, rules))
            for some in results:
                moved.extend(some)
        return moved

    def _is_due(self, now: int) -> bool:
        due = self._reader.next_due(now)
        return due is not None and due <= now


def _in_pieces(
    items: Sequence[Item], write: Callable[[Sequence[Item]], Result], size: int = AT_ONCE
) -> tuple[list[Result], bool]:
    """Write in transactions of ``size``; the results, and whether all could be written.

    Where a transaction fails by a bug, its items are written one by one, so that a single bad one keeps no other out.
    """
    written, complete = [], True
    for begin in range(0, len(items), size):
        piece = items[begin : begin + size]
        try:
            written.append(write(piece))
        except KnownError:
            raise
        except Exception:
            logger.exception("%d cannot be written: %s", len(piece), piece[0])
            if size == 1:
                complete = False
            else:
                singles, complete_here = _in_pieces(piece, write, 1)
                written += singles
                complete = complete and complete_here
    return written, complete
