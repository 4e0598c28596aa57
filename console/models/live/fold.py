"""What each kind of event does to a ticket: a table of small functions over vectors.

A batch is applied in waves: the first event of every ticket, then the second of every ticket, and so on. Within a wave
no ticket occurs twice, so each kind can be applied to all of its tickets at once and the result is exactly that of one
event after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.models.domain.attributes import BY_NAME
from console.models.domain.contacts import IN_PROGRESS, Channel, Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import Rows
from console.models.live.columns import Columns, Flag, Slots

Values = NDArray[np.int64]
Handler = Callable[[Columns, Slots, Rows], None]

IS_FINAL = np.array([Status(code) not in IN_PROGRESS for code in range(len(Status))])
_FROM_A_PERSON = np.array([Role(code) not in (Role.BOT, Role.SYSTEM, Role.CUSTOMER) for code in range(len(Role))])
_BORN_WITH = ("channel", "type", "tier", "priority", "language", "complaint", "emotion", "queue")


def apply(columns: Columns, slots: Slots, rows: Rows) -> None:
    """Apply ticket events; ``slots[i]`` is the ticket of ``rows[i]``, and each ticket's rows stand in its own order."""
    for wave, events in waves(slots, rows):
        kinds = events["kind"]
        for kind in np.flatnonzero(np.bincount(kinds)).tolist():
            handler = HANDLERS.get(kind)
            if handler is not None:
                of_kind = kinds == kind
                handler(columns, wave[of_kind], events[of_kind])
        columns.last_at[wave] = events["at"]
        columns.last_native[wave] = events["native"]


def in_order(rows: Rows) -> NDArray[np.intp]:
    """The permutation that puts each subject's rows together, in the one order that does not depend on arrival."""
    return np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"], rows["subject"]))


def firsts(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of these is not the same as the one before it."""
    found = np.ones(values.size, dtype=bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def differs(rows: Rows) -> NDArray[np.bool_]:
    """Whether each row is another event than the one before it (the same one twice counts once)."""
    found = firsts(rows["subject"])
    for name in ("at", "native", "source", "key"):
        found |= firsts(rows[name])
    return found


def is_ticket(rows: Rows) -> NDArray[np.bool_]:
    """Which rows happened to a ticket."""
    return np.asarray(rows["kind"] < FIRST_AGENT_KIND)


def waves(slots: Slots, rows: Rows) -> Iterator[tuple[Slots, Rows]]:
    """Split into waves, the k-th event of each slot; the rows of one slot stand together and in order."""
    if not slots.size:
        return
    starts = np.flatnonzero(firsts(slots))
    lengths = np.diff(starts, append=slots.size)
    if lengths.max() == 1:
        yield slots, rows
        return
    turn = np.arange(slots.size) - np.repeat(starts, lengths)
    by_turn = np.argsort(turn, kind="stable")
    for wave in np.split(by_turn, np.cumsum(np.bincount(turn))[:-1]):
        yield slots[wave], rows[wave]


def _add(column: NDArray[Any], slots: Slots) -> None:
    """Count one more, and stay at the top of the type instead of wrapping round."""
    value = column[slots]
    column[slots] = value + (value < np.iinfo(column.dtype).max)


def _mark(columns: Columns, slots: Slots, flag: Flag) -> None:
    columns.flags[slots] |= np.uint16(flag)


def _unmark(columns: Columns, slots: Slots, flags: Flag) -> None:
    columns.flags[slots] &= ~np.uint16(flags)


def _created(columns: Columns, slots: Slots, rows: Rows) -> None:
    columns.created_at[slots] = rows["at"]
    columns.source[slots] = rows["source"]
    _mark(columns, slots, Flag.BORN)
    packed = rows["value"]
    for name in _BORN_WITH:
        field = BY_NAME[name]
        told = (packed >> field.shift) & field.mask
        column = getattr(columns, name)
        column[slots] = np.where(told > 0, told, column[slots])
    status = (packed >> BY_NAME["status"].shift) & BY_NAME["status"].mask
    status = np.where(status > 0, status, np.where(columns.status[slots] > 0, columns.status[slots], Status.NEW))
    _set_status(columns, slots, status, rows["at"])


def _customer_message(columns: Columns, slots: Slots, rows: Rows) -> None:
    _queued(columns, slots, rows)
    columns.last_customer_at[slots] = rows["at"]
    first = (columns.sent[slots] > 0) | (columns.asked_since[slots] == 0)
    columns.asked_since[slots[first]] = rows["at"][first]
    columns.sent[slots] = 0
    _unmark(columns, slots, Flag.READ)
    _add(columns.messages, slots)


def _queued(columns: Columns, slots: Slots, rows: Rows) -> None:
    since = columns.unanswered_since[slots]
    columns.unanswered_since[slots] = np.where(since > 0, since, rows["at"])


def _public_reply(columns: Columns, slots: Slots, rows: Rows) -> None:
    person = _FROM_A_PERSON[rows["role"]]
    _answered_by_bot(columns, slots[~person], rows[~person])
    _answered(columns, slots[person], rows[person])
    _add(columns.replies, slots[person])
    _add(columns.sent, slots[rows["role"] != Role.CUSTOMER])


def _answered_by_bot(columns: Columns, slots: Slots, rows: Rows) -> None:
    if columns.answers is not None and slots.size:
        columns.answers.note_bots(columns, slots, rows)
    _mark(columns, slots, Flag.BOT)


def _answered(columns: Columns, slots: Slots, rows: Rows) -> None:
    if columns.answers is not None and slots.size:
        columns.answers.note(columns, slots, rows)
    at = rows["at"]
    first = columns.first_reply_at[slots] == 0
    columns.first_reply_at[slots[first]] = at[first]
    columns.first_agent[slots[first]] = rows["actor"][first]
    columns.last_agent_at[slots] = at
    columns.unanswered_since[slots] = 0
    columns.promise_at[slots] = 0
    _unmark(columns, slots, Flag.READ | Flag.BOT)


def _connected(columns: Columns, slots: Slots, rows: Rows) -> None:
    _mark(columns, slots, Flag.CONNECTED)
    # On the telephone picking up is the answer; in a chat the answer is the first reply.
    voice = columns.channel[slots] == Channel.PHONE
    _answered(columns, slots[voice], rows[voice])


def _set_status(columns: Columns, slots: Slots, status: NDArray[Any], at: NDArray[Any]) -> None:
    was_final = IS_FINAL[columns.status[slots]]
    final = IS_FINAL[status]
    columns.status[slots] = status
    ended = slots[final]
    if columns.answers is not None and ended.size:
        columns.answers.note_ends(columns, ended, at[final])
    columns.unanswered_since[ended] = columns.asked_since[ended] = 0
    columns.promise_at[ended] = 0
    _unmark(columns, ended, Flag.READ | Flag.BOT)
    newly = final & ~was_final
    columns.resolved_at[slots[newly]] = at[newly]
    again = was_final & ~final
    columns.resolved_at[slots[again]] = 0
    _add(columns.reopens, slots[again])


def _status_changed(columns: Columns, slots: Slots, rows: Rows) -> None:
    status = np.where(rows["value"] < IS_FINAL.size, rows["value"], Status.UNKNOWN)
    _set_status(columns, slots, status, rows["at"])


def _becomes(status: Status, flag: Flag | None = None) -> Handler:
    def handler(columns: Columns, slots: Slots, rows: Rows) -> None:
        if flag is not None:
            _mark(columns, slots, flag)
        _set_status(columns, slots, np.full(slots.size, status), rows["at"])

    return handler


def _assigned(columns: Columns, slots: Slots, rows: Rows) -> None:
    columns.assignee[slots] = rows["value"]
    columns.assigned_at[slots] = rows["at"]


def _unassigned(columns: Columns, slots: Slots, _rows: Rows) -> None:
    columns.assignee[slots] = 0
    columns.assigned_at[slots] = 0


def _sets(name: str) -> Handler:
    def handler(columns: Columns, slots: Slots, rows: Rows) -> None:
        getattr(columns, name)[slots] = rows["value"]

    return handler


def _read(columns: Columns, slots: Slots, _rows: Rows) -> None:
    waits = (columns.unanswered_since[slots] > 0) | (columns.first_reply_at[slots] == 0)
    _mark(columns, slots[waits], Flag.READ)


def _transferred(columns: Columns, slots: Slots, _rows: Rows) -> None:
    _add(columns.transfers, slots)


def _ended(columns: Columns, slots: Slots, rows: Rows) -> None:
    handled = columns.handle_ms[slots] + rows["value"] // 1000
    columns.handle_ms[slots] = np.minimum(handled, np.iinfo(np.int32).max)
    # A telephone call that has ended is over; a chat or a mail may still be open in the helpdesk.
    voice = columns.channel[slots] == Channel.PHONE
    slots, rows = slots[voice], rows[voice]
    status = np.where(IS_FINAL[columns.status[slots]], columns.status[slots], Status.CLOSED)
    _set_status(columns, slots, status, rows["at"])


HANDLERS: dict[int, Handler] = {
    Kind.CREATED: _created,
    Kind.CUSTOMER_MESSAGE: _customer_message,
    Kind.QUEUED: _queued,
    Kind.PUBLIC_REPLY: _public_reply,
    Kind.CONNECTED: _connected,
    Kind.ASSIGNED: _assigned,
    Kind.UNASSIGNED: _unassigned,
    Kind.STATUS_CHANGED: _status_changed,
    Kind.REOPENED: _becomes(Status.OPEN),
    Kind.PRIORITY_CHANGED: _sets("priority"),
    Kind.QUEUE_CHANGED: _sets("queue"),
    Kind.TYPE_CHANGED: _sets("type"),
    Kind.TIER_CHANGED: _sets("tier"),
    Kind.CHANNEL_CHANGED: _sets("channel"),
    Kind.EMOTION_CHANGED: _sets("emotion"),
    Kind.COMPLAINT: _sets("complaint"),
    Kind.CSAT: _sets("csat"),
    Kind.PROMISE_MADE: _sets("promise_at"),
    Kind.READ: _read,
    Kind.MERGED: _becomes(Status.CLOSED, Flag.MERGED),
    Kind.DELETED: _becomes(Status.DELETED),
    Kind.ABANDONED: _becomes(Status.CLOSED, Flag.ABANDONED),
    Kind.TIMED_OUT: _becomes(Status.CLOSED, Flag.TIMED_OUT),
    Kind.TRANSFERRED: _transferred,
    Kind.ENDED: _ended,
}
"""Kinds that are not listed are kept in the log and the timeline, and change nothing on the board."""
