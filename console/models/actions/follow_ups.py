"""R-CMP-FOLLOW: makes the tasks that a resolved complaint leaves, ends them, and names those whose time has passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from console import turns
from console.clock import HOUR, SECOND
from console.models.actions.authorize import Refused, done, permit
from console.models.domain.escalation import Entry, Occurrence
from console.models.domain.events import Kind
from console.models.domain.follow_ups import (
    ENDS,
    FollowUp,
    FollowUps,
    Resolved,
    Standing,
    are_complaints,
    finished,
    have_ended,
    is_overdue,
    may_be_resolved,
    resolution,
    score,
    settled,
    task_of,
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
"""After so many events at the latest it is kept how far it looked."""

_SPAN = 3 * HOUR
"""So much of the past is read at once at the first look."""

_TOGETHER = 100
"""So many tickets are read, and written in one transaction: the window waits for the first, the log for the second."""

_KEPT_EVERY = 5_000
"""Events after which it is kept how far it looked, though there was nothing to make."""

_Many = TypeVar("_Many", NDArray[np.int64], list[Standing])


class FollowUpActions:
    """What people do with the tasks. Blocks on the database."""

    def __init__(self, follow_ups: FollowUps, clock: Clock) -> None:
        self._follow_ups = follow_ups
        self._clock = clock

    def outstanding(self, ticket: int | None = None, most: int | None = None) -> list[FollowUp]:
        """All that have not ended, or those of a ticket, the one that is due first at the top; at most so many."""
        return self._follow_ups.outstanding(ticket, most)

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
                change.write([made])
                after = {"ticket": made.ticket, "duty": made.duty.key, "state": made.state.key}
                row = done(now, actor, Action.FOLLOW_UP_CLOSE, target, decision, reason=made.outcome, after=after)
                change.record(row)
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        return made


class OverdueFollowUps:
    """`escalation_ports.Crossings` and `Endings`: looks through what is new in the log for resolved complaints, names
    the tasks whose time has passed, and those of them that ended after all.

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
        self._names: dict[int, str] = {}

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

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose task has ended: somebody did it, or the complaint was taken up again."""
        ours = {task_of(entry.key): entry for entry in entries}
        ours.pop(0, None)
        owed = self._follow_ups.still_owed(ours.keys()) if ours else ()
        return [entry for task, entry in ours.items() if task not in owed]

    def look(self, now: int) -> None:
        """Make the tasks of complaints resolved since the last look; at the first one, of those that became complaints
        recently enough for their second follow-up to be still to come."""
        last = self._log.last_seq()
        if self._read_to is None:
            kept = self._follow_ups.read_to()
            if kept is None:
                recent = self._recent(now - self._rules().follow_up_within, now)
                # From here on nothing may be missed, so it is kept at once.
                self._settle(recent, last, np.empty(0, np.int64), even_if_quiet=True)
                kept = last
            self._read_to = self._kept_to = kept
        while self._read_to < last:
            until = min(self._read_to + _STEP, last)
            waiting = self._follow_ups.waiting_tickets()
            self._settle(self._concerned(self._read_to, until, waiting), until, waiting)
            self._read_to = until

    def _settle(
        self, tickets: NDArray[np.int64], until: int, waiting: NDArray[np.int64], *, even_if_quiet: bool = False
    ) -> None:
        """Make the tasks of those of these tickets that are resolved complaints, drop those of the others; ``waiting``
        are the tickets that have tasks.

        In pieces, since the window and the writer of the log wait for each of them. Only with the last one it is kept
        how far this reached: after a crash between them all are looked at again.
        """
        found = [standing for piece in _pieces(tickets) for standing in self._standings(piece, waiting)]
        if not found and not even_if_quiet and until - self._kept_to < _KEPT_EVERY:
            # Most turns bring no complaint: then nothing is written.
            return
        *earlier, last = _pieces(found) or [[]]
        for piece in earlier:
            self._keep(piece)
        self._keep(last, until)
        self._kept_to = until

    def _keep(self, standings: Sequence[Standing], read_to: int | None = None) -> None:
        """Write what these tickets leave and what changes of their tasks."""
        rules = self._rules()
        turns.after_the_frame()
        new: list[FollowUp] = []
        changed: list[FollowUp] = []
        with self._follow_ups.change(records=False) as change:
            tasks: dict[int, list[FollowUp]] = {}
            for task in change.of_tickets([standing.ticket for standing in standings]):
                tasks.setdefault(task.ticket, []).append(task)
            for standing in standings:
                known = tasks.get(standing.ticket, ())
                made, moved = settled(standing, known, rules.follow_up_within, rules.satisfaction_within)
                new += made
                changed += moved
            change.add(new)
            change.write(changed)
            if read_to is not None:
                change.read_to(read_to)
        if new:
            # They may be late already, where the ticket was resolved long before the console heard of it.
            first = min(task.promised_at for task in new) - 1
            self._late_since = first if self._late_since is None else min(first, self._late_since)

    def _standings(self, tickets: NDArray[np.int64], waiting: NDArray[np.int64]) -> list[Standing]:
        """Those of these tickets that are resolved complaints or have tasks, by all of their events."""
        turns.after_the_frame()
        rows = self._log.of_tickets(tickets)
        with_tasks = np.intersect1d(tickets, waiting)
        rows = rows[np.isin(rows["subject"], np.union1d(may_be_resolved(rows), with_tasks))]
        found = [self._standing(story) for story in _by_ticket(rows)]
        # A ticket without tasks that is no resolved complaint has nothing to drop.
        keeps = set(with_tasks.tolist())
        return [standing for standing in found if standing.resolved is not None or standing.ticket in keeps]

    def _standing(self, rows: Rows) -> Standing:
        ticket, end, last_at = int(rows["subject"][0]), resolution(rows), int(rows["at"].max())
        if end is None:
            return Standing(ticket, None, last_at)
        return Standing(ticket, Resolved(ticket, end[0], self._name(end[1])), last_at, score(rows, end[0]))

    def _name(self, agent: int) -> str:
        """The agent's name; "" for nobody."""
        if agent and agent not in self._names:
            self._names = {number: name for name, number in self._log.names().get("agent", {}).items()}
        return self._names.get(agent, "")

    def _concerned(self, after: int, until: int, waiting: NDArray[np.int64]) -> NDArray[np.int64]:
        """The tickets of the events with ``after < seq <= until`` that may have become resolved complaints, or may be
        such no more."""
        found = [np.empty(0, np.int64)]
        for piece in self._log.scan(after, until):
            turns.after_the_frame()
            rows = piece[np.isin(piece["kind"], _TELLING)]
            telling = have_ended(rows) | are_complaints(rows) | np.isin(rows["subject"], waiting)
            found.append(rows["subject"][telling])
        return np.unique(np.concatenate(found))

    def _recent(self, start: int, end: int) -> NDArray[np.int64]:
        """The tickets that were called a complaint and those whose status ended in ``start < at <= end``, of which only
        those that are both."""
        complaints, ended = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for after in range(start, end, _SPAN):
            turns.after_the_frame()
            rows = self._log.between(after, min(after + _SPAN, end))
            complaints.append(rows["subject"][(rows["kind"] == Kind.COMPLAINT) & (rows["value"] > 0)])
            ended.append(rows["subject"][(rows["kind"] == Kind.STATUS_CHANGED) & np.isin(rows["value"], ENDS)])
        return np.intersect1d(np.concatenate(complaints), np.concatenate(ended))


def _pieces(all_of_them: _Many) -> list[_Many]:
    return [all_of_them[start : start + _TOGETHER] for start in range(0, len(all_of_them), _TOGETHER)]


def _by_ticket(rows: Rows) -> list[Rows]:
    """The events of each ticket apart."""
    if not len(rows):
        return []
    rows = rows[np.argsort(rows["subject"], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(rows["subject"])) + 1)
