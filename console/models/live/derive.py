"""What follows from a ticket's state under the policy: is the customer waiting on us, since when, until when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Stage, Status
from console.models.live.columns import Columns, Slots
from console.models.live.fold import IS_FINAL
from console.models.policy.policy import Policy

_IS_OPEN = np.isin(np.arange(len(Status)), [Status.UNKNOWN, Status.NEW, Status.OPEN])
_IS_GONE = np.isin(np.arange(len(Status)), [Status.SPAM, Status.DELETED])


def derive(columns: Columns, slots: Slots | slice, policy: Policy) -> None:
    """Compute the derived columns of these rows.

    Waiting: the customer's last message is unanswered, or the ticket is open and was never answered by a person. A
    ticket that was never answered waits since it was created, else since the first message that is unanswered.
    """
    status = columns.status[slots]
    unanswered = columns.unanswered_since[slots]
    never = (columns.first_reply_at[slots] == 0) & ~IS_FINAL[status]
    asks = (unanswered > 0) & ~_IS_GONE[status]
    waits = asks | (never & _IS_OPEN[status])
    created = columns.created_at[slots]
    born = np.where(created > 0, created, columns.last_at[slots])
    since = np.where(never, np.where(asks & (created == 0), unanswered, born), unanswered)
    columns.waiting_since[slots] = np.where(waits, since, 0)
    target = policy.response_target(columns.channel[slots], columns.emotion[slots], columns.complaint[slots], ~never)
    # Nothing is added where nobody waits: the calendar would go back to 1970 to count from there.
    due = policy.due(since, np.where(waits, target, 0), ~never)
    columns.due_at[slots] = np.where(waits, due, 0)


def stage(columns: Columns, slots: Slots) -> NDArray[np.uint8]:
    """R-STAGE of these tickets; *feedback* is told from *archived* by the status resolved or closed."""
    status = columns.status[slots]
    stages = np.full(slots.size, Stage.CREATED, dtype=np.uint8)
    stages[columns.type[slots] > 0] = Stage.CLASSIFIED
    stages[columns.assignee[slots] > 0] = Stage.ASSIGNED
    stages[columns.first_reply_at[slots] > 0] = Stage.IN_PROCESS
    stages[status == Status.RESOLVED] = Stage.FEEDBACK
    stages[IS_FINAL[status] & (status != Status.RESOLVED)] = Stage.ARCHIVED
    return stages
