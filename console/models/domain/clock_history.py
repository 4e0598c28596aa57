"""A ticket's events, one after the other, turned into the cycles of its clocks. Pure; one ticket at a time.

What an event means is the same as for the board (`live.fold`): a reply of a bot is no answer, on the telephone picking
up is the answer, and a ticket that ends is answered. The rule of a cycle is chosen by what the ticket is when the cycle
stops, or at the moment asked for while it runs: a complaint that is found out later is judged as a complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from console.models.domain.attributes import unpack
from console.models.domain.clock_states import Cycle, Pause
from console.models.domain.clock_targets import ClockName, ClockTargets, Reopening, Traits
from console.models.domain.contacts import IN_PROGRESS, Channel, ComplaintTier, InquiryType, Role, Stage, Status
from console.models.domain.events import Kind

Happening = tuple[int, int, int, int]
"""What a clock needs of an event: kind, at (microseconds since the epoch), value, role."""

_FROM_A_PERSON = frozenset({Role.UNKNOWN, Role.AGENT, Role.SUPERVISOR})
_NAMED_BY_STATUS = {Status.RESOLVED: Stage.FEEDBACK}
"""R-STAGE: any other status that is final makes a ticket archived."""
_WITHDRAWS = frozenset({Status.SPAM, Status.DELETED})
_OF_COMPLAINTS = (ClockName.COMPLAINT_ACKNOWLEDGEMENT, ClockName.PLAN, ClockName.UPDATE)
_ANSWERED = (
    ClockName.ACKNOWLEDGEMENT,
    ClockName.FIRST_RESPONSE,
    ClockName.NEXT_RESPONSE,
    ClockName.PROMISE,
    ClockName.COMPLAINT_ACKNOWLEDGEMENT,
)
_TRAIT_OF: dict[int, str] = {
    Kind.PRIORITY_CHANGED: "priority",
    Kind.CHANNEL_CHANGED: "channel",
    Kind.EMOTION_CHANGED: "emotion",
    Kind.TYPE_CHANGED: "type",
}


def cycles_of(ticket: int, events: Iterable[Happening], targets: ClockTargets) -> list[Cycle]:
    """The cycles of one ticket's clocks, of its events in order; those still running have no ``stopped_at``."""
    story = _Story(ticket, targets)
    for kind, at, value, role in events:
        story.tell(kind, at, value, role)
    return story.cycles()


@dataclass(slots=True)
class _Run:
    """A cycle that may still go on."""

    number: int
    started_at: int
    due_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)

    def pause(self, at: int) -> None:
        if not self.pauses or self.pauses[-1].end is not None:
            self.pauses.append(Pause(at, None))

    def go_on(self, at: int) -> None:
        if self.pauses and self.pauses[-1].end is None:
            start = self.pauses.pop().start
            if start < at:
                self.pauses.append(Pause(start, at))


class _Story:
    """The state of one ticket, as far as its clocks depend on it."""

    def __init__(self, ticket: int, targets: ClockTargets) -> None:
        self._ticket = ticket
        self._targets = targets
        self._traits = Traits()
        self._status = Status.UNKNOWN
        self._begun = False
        self._wrote = False
        """The customer has written since the status says that we wait for them."""
        self._owned = False
        self._replied = False
        self._running: dict[ClockName, _Run] = {}
        self._counts: dict[ClockName, int] = {}
        self._done: list[Cycle] = []
        self._resolved: _Run | None = None
        """The resolution cycle that re-opening continues."""

    def tell(self, kind: int, at: int, value: int, role: int) -> None:
        """Take one event."""
        if not self._begun:
            self._begun = True
            for clock in (ClockName.ACKNOWLEDGEMENT, ClockName.FIRST_RESPONSE, ClockName.RESOLUTION, ClockName.STAGE):
                self._start(clock, at)
        trait = _TRAIT_OF.get(kind)
        handler = _HANDLERS.get(kind)
        if trait is not None:
            setattr(self._traits, trait, value)
        elif handler is not None:
            handler(self, at, value, role)
        self._follow_stage(at)

    def cycles(self) -> list[Cycle]:
        """All cycles in the order in which they started."""
        running = [self._cycle(clock, run) for clock, run in self._running.items()]
        found = [cycle for cycle in (*self._done, *running) if cycle is not None]
        return sorted(found, key=lambda cycle: (cycle.started_at, cycle.clock, cycle.number))

    def _start(self, clock: ClockName, at: int, due_at: int | None = None) -> None:
        if clock in self._running:
            return
        self._counts[clock] = self._counts.get(clock, 0) + 1
        run = self._running[clock] = _Run(self._counts[clock], at, due_at)
        if self._rests(clock):
            run.pause(at)

    def _stop(self, clock: ClockName, at: int, *, withdrawn: bool = False) -> None:
        run = self._running.pop(clock, None)
        if run is None:
            return
        if clock is ClockName.STAGE and run.started_at == at:
            # A stage that was only passed through, for example of a ticket that is born with type and owner.
            self._counts[clock] -= 1
            return
        run.go_on(at)
        cycle = self._cycle(clock, run, at, withdrawn)
        if cycle is not None:
            self._done.append(cycle)
        if clock is ClockName.RESOLUTION and not withdrawn:
            self._resolved = run

    def _cycle(
        self, clock: ClockName, run: _Run, stopped_at: int | None = None, withdrawn: bool = False
    ) -> Cycle | None:
        name, target = self._targets.promise_rule, 0
        if run.due_at is None:
            rule = self._targets.choose(clock, self._traits)
            if rule is None:
                return None
            name, target = rule.name, rule.target
        return Cycle(
            self._ticket,
            clock,
            run.number,
            name,
            target,
            run.started_at,
            stopped_at,
            tuple(run.pauses),
            run.due_at,
            withdrawn,
        )

    def created(self, at: int, value: int, _role: int) -> None:
        """Its attributes are known; its clocks began with its first event."""
        told = unpack(value)
        for name in ("priority", "channel", "emotion", "type"):
            setattr(self._traits, name, told[name] or getattr(self._traits, name))
        if told["complaint"]:
            self.complaint(at, told["complaint"], Role.UNKNOWN)
        self._become(told["status"] or self._status or Status.NEW, at)

    def customer_message(self, at: int, _value: int, _role: int) -> None:
        """The customer waits on us, and owes us nothing any more."""
        self._wrote = True
        self._follow_status(at)
        if ClockName.FIRST_RESPONSE not in self._running:
            self._start(ClockName.NEXT_RESPONSE, at)

    def public_reply(self, at: int, _value: int, role: int) -> None:
        """A person's reply is an answer, a bot's at best an acknowledgement."""
        if role in _FROM_A_PERSON:
            self._answer(at)
        elif role != Role.CUSTOMER:
            self._stop(ClockName.ACKNOWLEDGEMENT, at)

    def assigned(self, _at: int, value: int, _role: int) -> None:
        """It has an owner."""
        self._owned = value > 0

    def unassigned(self, _at: int, _value: int, _role: int) -> None:
        """It has none any more."""
        self._owned = False

    def connected(self, at: int, _value: int, _role: int) -> None:
        """Somebody picked up."""
        self._stop(ClockName.ACKNOWLEDGEMENT, at)
        if self._traits.channel == Channel.PHONE:
            self._answer(at)

    def _answer(self, at: int) -> None:
        self._replied = True
        for clock in _ANSWERED:
            self._stop(clock, at)
        if ClockName.UPDATE in self._running:
            self._stop(ClockName.UPDATE, at)
            self._start(ClockName.UPDATE, at)
        self._wrote = False
        self._follow_status(at)

    def promise(self, at: int, value: int, _role: int) -> None:
        """A time was promised: a clock of its own, and of a complaint the plan."""
        self._stop(ClockName.PROMISE, at)
        if value > 0:
            self._start(ClockName.PROMISE, at, value)
            if ClockName.PLAN in self._running:
                self._stop(ClockName.PLAN, at)
                self._start(ClockName.UPDATE, at)

    def complaint(self, at: int, value: int, _role: int) -> None:
        """The ticket is a complaint of this tier from now on, or none any more."""
        before, self._traits.complaint = self._traits.complaint, value
        if value == ComplaintTier.NONE:
            # Told by the former tier, because without one no rule would match.
            self._traits.complaint = before
            for clock in _OF_COMPLAINTS:
                self._stop(clock, at, withdrawn=True)
            self._traits.complaint = value
        elif before == ComplaintTier.NONE and self._status in IN_PROGRESS:
            self._start(ClockName.COMPLAINT_ACKNOWLEDGEMENT, at)
            self._start(ClockName.PLAN, at)

    def status(self, at: int, value: int, _role: int) -> None:
        """The helpdesk says a new status."""
        self._become(value, at)

    def reopened(self, at: int, _value: int, _role: int) -> None:
        """Somebody has to do something again."""
        self._become(Status.OPEN, at)

    def withdrawn(self, at: int, _value: int, _role: int) -> None:
        """Merged, deleted or left: nobody can answer any more."""
        self._end(at, withdrawn=True)
        self._status = Status.CLOSED

    def ended(self, at: int, _value: int, _role: int) -> None:
        """A telephone call that has ended is over; a chat or a mail may still be open in the helpdesk."""
        if self._traits.channel == Channel.PHONE and self._status in IN_PROGRESS:
            self._become(Status.CLOSED, at)

    def _become(self, value: int, at: int) -> None:
        status = Status(value) if value < len(Status) else Status.UNKNOWN
        was_final, final = self._status not in IN_PROGRESS, status not in IN_PROGRESS
        self._status = status
        if final:
            self._end(at, withdrawn=status in _WITHDRAWS)
            return
        if was_final:
            self._reopen(at)
        self._wrote = False
        self._follow_status(at)

    def _end(self, at: int, *, withdrawn: bool) -> None:
        """Stop what runs; a stage ends only with the stage, for it may be told twice that a ticket is resolved."""
        for clock in tuple(self._running):
            if withdrawn or clock is not ClockName.STAGE:
                self._stop(clock, at, withdrawn=withdrawn)

    def _reopen(self, at: int) -> None:
        run, self._resolved = self._resolved, None
        if run is not None and self._targets.reopening is Reopening.CONTINUE:
            stopped = [cycle for cycle in self._done if cycle.clock is ClockName.RESOLUTION]
            if stopped and stopped[-1].number == run.number:
                self._done.remove(stopped[-1])
                run.pauses.append(Pause(stopped[-1].stopped_at or at, at))
                self._running[ClockName.RESOLUTION] = run
                return
        self._start(ClockName.RESOLUTION, at)

    def _follow_stage(self, at: int) -> None:
        """R-STAGE: a clock for each stage that the work order stays in."""
        stage = self._stage()
        if stage == self._traits.stage:
            return
        self._stop(ClockName.STAGE, at)
        self._traits.stage = stage
        if stage is not Stage.ARCHIVED:
            self._start(ClockName.STAGE, at)

    def _stage(self) -> Stage:
        if self._status not in IN_PROGRESS:
            return _NAMED_BY_STATUS.get(self._status, Stage.ARCHIVED)
        if self._replied:
            return Stage.IN_PROCESS
        if self._owned:
            return Stage.ASSIGNED
        return Stage.CREATED if self._traits.type == InquiryType.UNCLASSIFIED else Stage.CLASSIFIED

    def _rests(self, clock: ClockName) -> bool:
        if self._wrote and self._status == Status.PENDING_CUSTOMER:
            return False
        return self._status in self._targets.paused_by.get(clock, ())

    def _follow_status(self, at: int) -> None:
        for clock, run in self._running.items():
            if self._rests(clock):
                run.pause(at)
            else:
                run.go_on(at)


_HANDLERS: dict[int, Callable[[_Story, int, int, int], None]] = {
    Kind.CREATED: _Story.created,
    Kind.ASSIGNED: _Story.assigned,
    Kind.UNASSIGNED: _Story.unassigned,
    Kind.CUSTOMER_MESSAGE: _Story.customer_message,
    Kind.QUEUED: _Story.customer_message,
    Kind.PUBLIC_REPLY: _Story.public_reply,
    Kind.CONNECTED: _Story.connected,
    Kind.PROMISE_MADE: _Story.promise,
    Kind.COMPLAINT: _Story.complaint,
    Kind.STATUS_CHANGED: _Story.status,
    Kind.REOPENED: _Story.reopened,
    Kind.ENDED: _Story.ended,
    Kind.MERGED: _Story.withdrawn,
    Kind.DELETED: _Story.withdrawn,
    Kind.ABANDONED: _Story.withdrawn,
    Kind.TIMED_OUT: _Story.withdrawn,
}
"""Kinds that are not listed here or in `_TRAIT_OF` touch no clock."""
