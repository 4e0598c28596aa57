"""A slow, plain fold of one event after the other, written from the rules and not from the code under test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from console.models.domain.attributes import unpack
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import Kind
from console.models.live.columns import Flag

FINAL = {Status.RESOLVED, Status.CLOSED, Status.SPAM, Status.DELETED}


@dataclass
class Ticket:
    last_at: int = 0
    last_native: int = 0
    created_at: int = 0
    first_reply_at: int = 0
    unanswered_since: int = 0
    last_customer_at: int = 0
    last_agent_at: int = 0
    asked_since: int = 0
    assigned_at: int = 0
    resolved_at: int = 0
    promise_at: int = 0
    handle_ms: int = 0
    queue: int = 0
    assignee: int = 0
    first_agent: int = 0
    source: int = 0
    flags: int = 0
    messages: int = 0
    replies: int = 0
    sent: int = 0
    transfers: int = 0
    reopens: int = 0
    csat: int = 0
    status: int = 0
    priority: int = 0
    channel: int = 0
    type: int = 0
    tier: int = 0
    language: int = 0
    complaint: int = 0
    emotion: int = 0

    def answer(self, row: np.void) -> None:
        if not self.first_reply_at:
            self.first_reply_at = int(row["at"])
            self.first_agent = int(row["actor"])
        self.last_agent_at = int(row["at"])
        self.unanswered_since = self.promise_at = 0
        self.flags &= ~(Flag.READ | Flag.BOT)

    def become(self, status: int, at: int) -> None:
        if status in FINAL and self.status not in FINAL:
            self.resolved_at = at
        if status not in FINAL and self.status in FINAL:
            self.resolved_at = 0
            self.reopens += 1
        if status in FINAL:
            self.unanswered_since = self.promise_at = self.asked_since = 0
            self.flags &= ~(Flag.READ | Flag.BOT)
        self.status = status

    def apply(self, row: np.void) -> None:  # noqa: C901 - one branch for each kind, as plain as can be
        kind, at, value = Kind(int(row["kind"])), int(row["at"]), int(row["value"])
        if kind is Kind.CREATED:
            self.created_at, self.source = at, int(row["source"])
            self.flags |= Flag.BORN
            born = unpack(value)
            status = born.pop("status")
            for name, code in born.items():
                if code:
                    setattr(self, name, code)
            self.become(status or self.status or Status.NEW, at)
        elif kind in (Kind.CUSTOMER_MESSAGE, Kind.QUEUED):
            self.unanswered_since = self.unanswered_since or at
            if kind is Kind.CUSTOMER_MESSAGE:
                self.last_customer_at = at
                self.messages += 1
                if self.sent or not self.asked_since:
                    self.asked_since = at
                self.sent = 0
                self.flags &= ~Flag.READ
        elif kind is Kind.PUBLIC_REPLY:
            self.sent += row["role"] != Role.CUSTOMER
            if row["role"] in (Role.BOT, Role.SYSTEM, Role.CUSTOMER):
                self.flags |= Flag.BOT
            else:
                self.answer(row)
                self.replies += 1
        elif kind is Kind.CONNECTED:
            self.flags |= Flag.CONNECTED
            if self.channel == Channel.PHONE:
                self.answer(row)
        elif kind is Kind.ASSIGNED:
            self.assignee, self.assigned_at = value, at
        elif kind is Kind.UNASSIGNED:
            self.assignee = self.assigned_at = 0
        elif kind is Kind.STATUS_CHANGED:
            self.become(value if value < len(Status) else Status.UNKNOWN, at)
        elif kind is Kind.REOPENED:
            self.become(Status.OPEN, at)
        elif kind in SETS:
            setattr(self, SETS[kind], value)
        elif kind is Kind.READ:
            if self.unanswered_since or not self.first_reply_at:
                self.flags |= Flag.READ
        elif kind in ENDS:
            status, flag = ENDS[kind]
            self.flags |= flag
            self.become(status, at)
        elif kind is Kind.TRANSFERRED:
            self.transfers += 1
        elif kind is Kind.ENDED:
            self.handle_ms += value // 1000
            if self.channel == Channel.PHONE and self.status not in FINAL:
                self.become(Status.CLOSED, at)
        self.last_at, self.last_native = at, int(row["native"])

    def waiting_since(self) -> int:
        never = not self.first_reply_at and self.status not in FINAL
        asks = self.unanswered_since > 0 and self.status not in (Status.SPAM, Status.DELETED)
        if never and (asks or self.status in (Status.UNKNOWN, Status.NEW, Status.OPEN)):
            return self.created_at or (self.unanswered_since if asks else self.last_at)
        return self.unanswered_since if asks else 0


SETS = {
    Kind.PRIORITY_CHANGED: "priority",
    Kind.QUEUE_CHANGED: "queue",
    Kind.TYPE_CHANGED: "type",
    Kind.TIER_CHANGED: "tier",
    Kind.CHANNEL_CHANGED: "channel",
    Kind.EMOTION_CHANGED: "emotion",
    Kind.COMPLAINT: "complaint",
    Kind.CSAT: "csat",
    Kind.PROMISE_MADE: "promise_at",
}
ENDS = {
    Kind.MERGED: (Status.CLOSED, Flag.MERGED),
    Kind.DELETED: (Status.DELETED, Flag(0)),
    Kind.ABANDONED: (Status.CLOSED, Flag.ABANDONED),
    Kind.TIMED_OUT: (Status.CLOSED, Flag.TIMED_OUT),
}


def fold(rows: Iterable[np.void]) -> dict[int, Ticket]:
    """Every ticket after these rows, taken in the order of (at, native, source, key)."""
    tickets: dict[int, Ticket] = {}
    seen = set()
    order = ("at", "native", "source", "key")
    for row in sorted(rows, key=lambda row: tuple(int(row[name]) for name in order)):
        identity = (int(row["subject"]), int(row["source"]), int(row["key"]))
        if row["kind"] < 64 and identity not in seen:
            seen.add(identity)
            tickets.setdefault(int(row["subject"]), Ticket()).apply(row)
    return tickets
