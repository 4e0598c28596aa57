"""R-CMP-FOLLOW: what is owed to a customer after a complaint was resolved: a second follow-up and a question.

Each is a row with a due time, an owner and an outcome. All instants and durations are microseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from console.errors import KnownError
from console.i18n import N_, _
from console.models.domain import attributes
from console.models.domain.audit import Entry
from console.models.domain.contacts import Code, InquiryType, Status
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.events import Kind
from console.models.domain.ports import Rows
from console.models.domain.roles import Actor

RULE = "R-CMP-FOLLOW"
CYCLE = "follow_up:"
"""What the cycle of an overdue task's entry begins with; its number follows."""


class Duty(Code):
    """What is owed."""

    SECOND_CONTACT = 1
    SATISFACTION = 2


DUTY_WORDS = {Duty.SECOND_CONTACT: N_("Second follow-up"), Duty.SATISFACTION: N_("Satisfaction question")}
"""What people read for each; English sources of the catalogue."""


class FollowUpState(Code):
    """Where it stands."""

    OUTSTANDING = 1
    DONE = 2
    DROPPED = 3
    """The complaint was taken up again: there is nothing to follow up yet."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One task. ``due_at`` is None once it ended; ``promised_at`` keeps what it was."""

    id: int
    ticket: int
    duty: Duty
    resolved_at: int
    state: FollowUpState
    due_at: int | None
    promised_at: int
    owner: str
    done_at: int | None = None
    done_by: str = ""
    outcome: str = ""
    version: int = 1


class FollowUpRefused(KnownError):
    """It cannot be ended now; the message says why."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A complaint that was resolved, and whose it was ("" where it had no owner)."""

    ticket: int
    at: int
    owner: str


def owed(complaint: Resolved, follow_up_within: int, satisfaction_within: int) -> tuple[FollowUp, FollowUp]:
    """The two tasks of a resolved complaint, without their numbers."""

    def task(duty: Duty, within: int) -> FollowUp:
        due_at = complaint.at + within
        state = FollowUpState.OUTSTANDING
        return FollowUp(0, complaint.ticket, duty, complaint.at, state, due_at, due_at, complaint.owner)

    return task(Duty.SECOND_CONTACT, follow_up_within), task(Duty.SATISFACTION, satisfaction_within)


def finished(task: FollowUp, at: int, actor: str, outcome: str) -> FollowUp:
    """The task with its outcome; raises `FollowUpRefused` without one, or where it has ended."""
    if task.state is not FollowUpState.OUTSTANDING:
        raise FollowUpRefused(_("{person} has ended it already.").format(person=task.done_by or _("The console")))
    if not outcome.strip():
        raise FollowUpRefused(_("Say what came of it."))
    done = replace(task, state=FollowUpState.DONE, due_at=None, done_at=at, done_by=actor, outcome=outcome.strip())
    return replace(done, version=task.version + 1)


def dropped(task: FollowUp, at: int) -> FollowUp:
    """The task of a complaint that was taken up again."""
    gone = replace(task, state=FollowUpState.DROPPED, due_at=None, done_at=at)
    return replace(gone, version=task.version + 1)


def task_of(key: Key) -> int:
    """The number of the task that an entry is about; 0 for any other matter."""
    return int(key.cycle.removeprefix(CYCLE)) if key.cycle.startswith(CYCLE) else 0


def is_overdue(task: FollowUp) -> Occurrence:
    """The entry of a task whose time has passed."""
    key = Key(ObjectKind.TICKET, task.ticket, Cause.BREACH, f"{CYCLE}{task.id}")
    return Occurrence(key, RULE, task.resolved_at, task.promised_at, Urgency.P3, task.ticket)


ENDS = (Status.RESOLVED, Status.CLOSED)
"""With these a ticket is resolved."""


def resolution(rows: Rows) -> tuple[int, int] | None:
    """When the complaint of these events (all of one ticket, in any order) was resolved, and by whom (an agent's
    number, 0 for nobody). None where it is no complaint, or is not resolved as things stand."""
    rows = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))]
    is_complaint, owner, ended = False, 0, 0
    for kind, value, at in zip(rows["kind"].tolist(), rows["value"].tolist(), rows["at"].tolist(), strict=True):
        if kind == Kind.CREATED:
            born = attributes.unpack(value)
            is_complaint |= born["complaint"] > 0 or born["type"] == InquiryType.COMPLAINT
            ended = at if born["status"] in ENDS else ended
        elif kind == Kind.COMPLAINT:
            is_complaint |= value > 0
        elif kind == Kind.TYPE_CHANGED:
            is_complaint |= value == InquiryType.COMPLAINT
        elif kind == Kind.ASSIGNED:
            owner = value
        elif kind == Kind.UNASSIGNED:
            owner = 0
        elif kind == Kind.STATUS_CHANGED:
            ended = (ended or at) if value in ENDS else 0
        elif kind in (Kind.REOPENED, Kind.DELETED, Kind.MERGED):
            ended = 0
    return (ended, owner) if is_complaint and ended else None


def have_ended(rows: Rows) -> NDArray[np.bool_]:
    """Which of these events resolve or close their ticket."""
    kind, value, status = rows["kind"], rows["value"], attributes.BY_NAME["status"]
    born = (kind == Kind.CREATED) & np.isin((value >> status.shift) & status.mask, ENDS)
    ended: NDArray[np.bool_] = born | (kind == Kind.STATUS_CHANGED) & np.isin(value, ENDS)
    return ended


def are_complaints(rows: Rows) -> NDArray[np.bool_]:
    """Which of these events call their ticket a complaint."""
    kind, value, tier, type_ = rows["kind"], rows["value"], attributes.BY_NAME["complaint"], attributes.BY_NAME["type"]
    born = (value >> tier.shift) & tier.mask > 0
    born |= (value >> type_.shift) & type_.mask == InquiryType.COMPLAINT
    called: NDArray[np.bool_] = (kind == Kind.CREATED) & born
    called |= (kind == Kind.COMPLAINT) & (value > 0)
    called |= (kind == Kind.TYPE_CHANGED) & (value == InquiryType.COMPLAINT)
    return called


def may_be_resolved(rows: Rows) -> NDArray[np.int32]:
    """The tickets among these events that were ever called a complaint and ever ended: of all others `resolution` is
    None, and few tickets are complaints."""
    found: NDArray[np.int32] = np.intersect1d(rows["subject"][are_complaints(rows)], rows["subject"][have_ended(rows)])
    return found


def score(rows: Rows, since: int) -> tuple[int, int] | None:
    """The last satisfaction score in these events that came at ``since`` or later, and when; None without one."""
    rows = rows[(rows["kind"] == Kind.CSAT) & (rows["at"] >= since) & (rows["value"] > 0)]
    if not len(rows):
        return None
    last = rows[np.argmax(rows["at"])]
    return int(last["value"]), int(last["at"])


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands by all of its events: its resolution (None where it is no resolved complaint), when the last
    of them happened, and the score that the customer gave since, with its time."""

    ticket: int
    resolved: Resolved | None
    last_at: int
    scored: tuple[int, int] | None = None


def settled(
    standing: Standing, tasks: Collection[FollowUp], follow_up_within: int, satisfaction_within: int
) -> tuple[list[FollowUp], list[FollowUp]]:
    """What a ticket leaves to be kept anew, and what changes of ``tasks``, which are all that were ever made of it."""
    resolved, new = standing.resolved, []
    changed = [
        dropped(task, standing.last_at)
        for task in tasks
        if task.state is FollowUpState.OUTSTANDING and (resolved is None or task.resolved_at != resolved.at)
    ]
    if resolved is not None:
        known = {task.duty: task for task in tasks if task.resolved_at == resolved.at}
        for task in owed(resolved, follow_up_within, satisfaction_within):
            kept = known.get(task.duty, task)
            answered = _answered(kept, standing.scored)
            if task.duty not in known:
                new.append(answered)
            elif answered is not kept:
                changed.append(answered)
    return new, changed


def _answered(task: FollowUp, scored: tuple[int, int] | None) -> FollowUp:
    """A score that the customer gave is the answer to the question: nobody has to ask any more."""
    if scored is None or task.duty is not Duty.SATISFACTION or task.state is not FollowUpState.OUTSTANDING:
        return task
    points, at = scored
    return finished(task, at, "", _("The customer gave {points} of 5.").format(points=points))


class FollowUpChange(Protocol):
    """Tasks inside one transaction, with their audit rows."""

    def as_stored(self, actor: Actor) -> Actor:
        """The actor with the roles that hold now."""
        ...

    def find(self, task: int) -> FollowUp | None:
        """The task as it is now."""
        ...

    def of_tickets(self, tickets: Collection[int]) -> list[FollowUp]:
        """All that were ever made of these tickets, ended or not."""
        ...

    def add(self, tasks: Sequence[FollowUp]) -> None:
        """Keep new ones. There is only one of each ticket, duty and resolution."""
        ...

    def write(self, tasks: Sequence[FollowUp]) -> None:
        """Keep what became of them."""
        ...

    def read_to(self, seq: int) -> None:
        """Remember how far the log was looked through."""
        ...

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        ...


class FollowUps(Protocol):
    """The follow-ups of one database."""

    def outstanding(self, ticket: int | None = None, most: int | None = None) -> list[FollowUp]:
        """All that have not ended, or those of a ticket, the one that is due first at the top; at most so many."""
        ...

    def still_owed(self, tasks: Collection[int]) -> set[int]:
        """Those of these that have not ended."""
        ...

    def waiting_tickets(self) -> NDArray[np.int64]:
        """The tickets that have one which has not ended, each once."""
        ...

    def due_between(self, after: int, until: int) -> list[FollowUp]:
        """The outstanding ones with ``after < due_at <= until``."""
        ...

    def next_due(self, at: int) -> int | None:
        """The earliest due time after ``at`` of one that has not ended."""
        ...

    def read_to(self) -> int | None:
        """How far the log was looked through for resolved complaints; None before the first look."""
        ...

    def change(self, *, records: bool = True) -> AbstractContextManager[FollowUpChange]:
        """One transaction; an exception in it takes back everything. ``records``: it adds to the audit trail."""
        ...
