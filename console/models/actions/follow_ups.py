"""R-CMP-FOLLOW: makes the tasks that a resolved complaint leaves, ends them, and names those whose time has passed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from console.clock import SECOND
from console.i18n import _
from console.models.actions.authorize import Refused, done, permit
from console.models.domain import attributes
from console.models.domain.contacts import InquiryType
from console.models.domain.escalation import Occurrence
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.follow_ups import (
    ENDS,
    Duty,
    FollowUp,
    FollowUpChange,
    FollowUps,
    Resolved,
    dropped,
    finished,
    is_overdue,
    owed,
    resolution,
    score,
)
from console.models.domain.ports import Clock, LogReader, Rows
from console.models.domain.roles import Action, Actor, Target
from console.models.policy.rules import FollowUpRules

_TELLING = (
    *(
        Kind.STATUS_CHANGED,
        Kind.REOPENED,
        Kind.COMPLAINT,
        Kind.TYPE_CHANGED,
        Kind.CREATED,
        Kind.DELETED,
        Kind.MERGED,
        Kind.CSAT,
    ),
)
"""Only these can change whether a ticket is a resolved complaint, or answer for one."""

LOOK_EVERY = 5 * SECOND
"""The tasks are due in hours and days: nobody has to read each event of the log for them at once."""

_STEP = 50_000
"""So many events at a time."""

_KEPT_EVERY = 5_000
"""Events after which it is kept how far it looked, though there was nothing to make."""


class FollowUpActions:
    """What people do with the tasks. Blocks on the database."""

    def __init__(self, follow_ups: FollowUps, clock: Clock) -> None:
        self._follow_ups = follow_ups
        self._clock = clock

    def outstanding(self) -> list[FollowUp]:
        """All that have not ended, the one that is due first at the top."""
        return self._follow_ups.outstanding()

    def finish(self, actor: Actor, task: int, outcome: str) -> FollowUp:
        """End a task with what came of it. Raises `Refused`, `FollowUpRefused`, KeyError where there is none."""
        now, target = self._clock.now(), Target("follow_up", str(task))
        with self._follow_ups.change() as change:
            actor = change.as_stored(actor)
            decision = permit(change.record, now, actor, Action.FOLLOW_UP_CLOSE, target)
            if decision.refusal is None:
                found = change.find(task)
                if found is None:
                    raise KeyError(task)
                made = finished(found, now, actor.name, outcome)
                change.write(made)
                after = {"ticket": made.ticket, "duty": made.duty.key, "state": made.state.key}
                row = done(now, actor, Action.FOLLOW_UP_CLOSE, target, decision, reason=made.outcome, after=after)
                change.record(row)
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        return made


class OverdueFollowUps:
    """`escalation_ports.Crossings`: looks through what is new in the log for resolved complaints, and names the tasks
    whose time has passed.

    How far it looked is kept with the tasks it made, so a crash makes it look again and adds nothing twice.
    """

    def __init__(self, follow_ups: FollowUps, log: LogReader, rules: Callable[[], FollowUpRules]) -> None:
        self._follow_ups = follow_ups
        self._log = log
        self._rules = rules
        self._looked_at = 0
        self._read_to: int | None = None
        self._kept_to = 0
        self._late_since: int | None = 0
        self._named_at: int | None = None

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """Every task that became due with ``after < due_at <= until``, and any that became known too late for that.

        Those are named until a later ``after`` shows that they were raised; by the first turn all that are late are,
        for the last run may have ended before it could raise what it made.
        """
        if self._named_at is not None and after >= self._named_at:
            self._late_since = self._named_at = None
        if not self._looked_at <= until < self._looked_at + LOOK_EVERY:
            self.look(until)
            self._looked_at = until
        if self._late_since is not None:
            after, self._named_at = min(after, self._late_since), until
        return [is_overdue(task) for task in self._follow_ups.due_between(after, until)]

    def next_after(self, at: int) -> int | None:
        """When the next task falls due."""
        return self._follow_ups.next_due(at)

    def look(self, now: int) -> None:
        """Make the tasks of complaints resolved since the last look; at the first one, of those that became complaints
        recently enough for their second follow-up to be still to come."""
        last = self._log.last_seq()
        if self._read_to is None:
            kept = self._follow_ups.read_to()
            if kept is None:
                rows = self._log.between(now - self._rules().follow_up_within, now)
                # From here on nothing may be missed, so it is kept at once.
                self._settle(_both(rows), last, set(), even_if_quiet=True)
                kept = last
            self._read_to = self._kept_to = kept
        while self._read_to < last:
            until = min(self._read_to + _STEP, last)
            rows = self._log.rows(self._read_to, until)
            waiting = self._follow_ups.waiting_tickets()
            self._settle(_concerned(rows, waiting), until, waiting)
            self._read_to = until

    def _settle(self, tickets: list[int], until: int, waiting: Collection[int], *, even_if_quiet: bool = False) -> None:
        """Make the tasks of those of these tickets that are resolved complaints, drop those of the others; ``waiting``
        are the tickets that have tasks."""
        rules = self._rules()
        stories = self._stories(tickets)
        ends = {ticket: resolution(rows) for ticket, rows in stories.items()}
        changed = {ticket: end for ticket, end in ends.items() if end is not None or ticket in waiting}
        if not changed and not even_if_quiet and until - self._kept_to < _KEPT_EVERY:
            # Most turns bring no complaint: then nothing is written.
            return
        people = {number: name for name, number in self._log.names().get("agent", {}).items()}
        with self._follow_ups.change() as change:
            for ticket, end in changed.items():
                for task in change.outstanding(ticket):
                    if end is None or end[0] != task.resolved_at:
                        change.write(dropped(task, int(stories[ticket]["at"].max())))
                if end is not None:
                    complaint = Resolved(ticket, end[0], people.get(end[1], ""))
                    tasks = owed(complaint, rules.follow_up_within, rules.satisfaction_within)
                    if change.add(tasks):
                        self._remember(tasks)
                    _take_score(change, ticket, score(stories[ticket], end[0]))
            change.read_to(until)
        self._kept_to = until

    def _remember(self, tasks: Sequence[FollowUp]) -> None:
        """They may be late already, where the ticket was resolved long before the console heard of it."""
        first = min(task.promised_at for task in tasks) - 1
        self._late_since = first if self._late_since is None else min(first, self._late_since)

    def _stories(self, tickets: list[int]) -> dict[int, Rows]:
        """The events of each of these tickets."""
        if not tickets:
            return {}
        rows = self._log.of_tickets(tickets)
        rows = rows[rows["kind"] < FIRST_AGENT_KIND]
        order = np.argsort(rows["subject"], kind="stable")
        starts = np.flatnonzero(np.diff(rows["subject"][order], prepend=-1))
        parts = np.split(rows[order], starts[1:]) if len(rows) else []
        return {int(part["subject"][0]): part for part in parts}


def _take_score(change: FollowUpChange, ticket: int, found: tuple[int, int] | None) -> None:
    """A score that the customer gave is the answer to the question: nobody has to ask any more."""
    if found is None:
        return
    points, at = found
    for task in change.outstanding(ticket):
        if task.duty is Duty.SATISFACTION:
            change.write(finished(task, at, "", _("The customer gave {points} of 5.").format(points=points)))


def _concerned(rows: Rows, waiting: Collection[int]) -> list[int]:
    """The tickets of these rows that may have become resolved complaints, or may be such no more."""
    kind, value = rows["kind"], rows["value"]
    status = attributes.BY_NAME["status"]
    born_ended = (kind == Kind.CREATED) & np.isin((value >> status.shift) & status.mask, ENDS)
    ended = (kind == Kind.STATUS_CHANGED) & np.isin(value, ENDS)
    complained = (kind == Kind.COMPLAINT) & (value > 0)
    retyped = (kind == Kind.TYPE_CHANGED) & (value == InquiryType.COMPLAINT)
    ours = np.isin(kind, _TELLING) & np.isin(rows["subject"], list(waiting))
    return [int(ticket) for ticket in np.unique(rows["subject"][born_ended | ended | complained | retyped | ours])]


def _both(rows: Rows) -> list[int]:
    """The tickets that these rows call a complaint and whose status they change."""
    complained = rows["subject"][(rows["kind"] == Kind.COMPLAINT) & (rows["value"] > 0)]
    ended = rows["subject"][(rows["kind"] == Kind.STATUS_CHANGED) & np.isin(rows["value"], ENDS)]
    return [int(ticket) for ticket in np.intersect1d(complained, ended)]
