"""R-ESC, stalled ownership: somebody has the ticket, the customer waits, and the owner has said nothing for long.

Live channels only: a mail that lies for a quarter of an hour is no stall, its clock tells when it is late. When a
ticket will have stalled is known as soon as it is assigned or the customer writes, so the instants stand in a heap,
and what has changed meanwhile is recognised when its turn comes; no second looks at every ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from console.clock import MINUTE
from console.i18n import _
from console.models.domain.contacts import IN_PROGRESS, AgentState, ComplaintTier, Status, Tier
from console.models.domain.escalation import Cause, Entry, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.glossary import word
from console.models.live.columns import Columns, Slots
from console.models.live.open_tickets import OpenTickets
from console.models.policy.policy import IS_LIVE, Policy

RULE = "R-ESC"

_GOING = np.isin(np.arange(len(Status)), list(IN_PROGRESS))
_AWAY = frozenset({AgentState.BREAK, AgentState.AWAY, AgentState.OFFLINE})
AT_ONCE = 100
"""So many in one turn: where very many stand at a first start, the window keeps its frames."""
_TOO_MANY = 4


def silent_since(columns: Columns, slots: Slots) -> Slots:
    """Since when the owners of these tickets have said nothing while the customer waits, 0 where that is not so.

    The silence begins when the customer began to wait, or when the ticket was assigned if that came later.
    """
    waits = columns.waiting_since[slots]
    owned = (columns.assignee[slots] > 0) & _GOING[columns.status[slots]] & IS_LIVE[columns.channel[slots]]
    since = np.maximum(np.maximum(waits, columns.assigned_at[slots]), columns.last_agent_at[slots])
    return np.where((waits > 0) & owned, since, 0)


class StalledOwners:
    """`Crossings` over the tickets in progress; shares them with other finders of the same thread."""

    def __init__(self, tickets: OpenTickets, policy: Policy) -> None:
        self._tickets = tickets
        self._after = policy.inbox.stalled_after
        self._heap: list[tuple[int, int, int]] = []
        self._silent: dict[int, int] = {}
        self._named: list[tuple[int, Occurrence]] = []
        tickets.followers.append(self._follow)
        self._follow(None)

    def set_policy(self, policy: Policy) -> None:
        """Other figures hold from now on."""
        if policy is not self._tickets.policy:
            self._tickets.set_policy(policy)
        self._after = policy.inbox.stalled_after
        self._follow(None)

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What has stalled already when a console starts for the first time on a log that has a past."""
        return self.between(0, at)

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """The tickets that stalled in this time, and those that were found too late for that; where there are very
        many, the rest is named by the next calls."""
        self._tickets.catch_up()
        # What was named is named again until it has been taken: the sweep's watermark is behind it then.
        self._named = [(named, occurrence) for named, occurrence in self._named if named > after]
        room = AT_ONCE
        while self._heap and self._heap[0][0] <= until and room:
            at, ticket, since = heappop(self._heap)
            if self._silent.get(ticket) == since:
                self._named.append((until, self._occurrence(ticket, since, at)))
                room -= 1
        return [occurrence for _named, occurrence in self._named]

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose owner has spoken, whose customer waits no more, or who is another one now."""
        self._tickets.catch_up()
        return [
            entry
            for entry in entries
            if entry.key.cause is Cause.STALLED
            and str(self._silent.get(entry.key.object)) != entry.key.cycle
            and not self._tickets.is_behind(entry.key.object)
        ]

    def next_after(self, at: int) -> int | None:
        """When the next owner will have stalled, if nothing happens."""
        while self._heap and self._silent.get(self._heap[0][1]) != self._heap[0][2]:
            heappop(self._heap)
        return max(at, self._heap[0][0]) if self._heap else None

    def _follow(self, slots: Slots | None) -> None:
        """These tickets changed, or all of them."""
        if slots is None:
            self._heap, self._silent = [], {}
            slots = np.arange(self._tickets.columns.count)
        columns = self._tickets.columns
        since = silent_since(columns, slots)
        tickets = columns.id[slots]
        for ticket in tickets[since == 0].tolist():
            self._silent.pop(ticket, None)
        for ticket, begun in zip(tickets[since > 0].tolist(), since[since > 0].tolist(), strict=True):
            if self._silent.get(ticket) != begun:
                self._silent[ticket] = begun
                heappush(self._heap, (begun + self._after, ticket, begun))
        if len(self._heap) > _TOO_MANY * (len(self._silent) + 1_000):
            self._heap = [entry for entry in self._heap if self._silent.get(entry[1]) == entry[2]]
            heapify(self._heap)

    def _occurrence(self, ticket: int, since: int, at: int) -> Occurrence:
        columns = self._tickets.columns
        slot = self._tickets.slot(ticket)
        assert slot is not None
        return Occurrence(
            Key(ObjectKind.TICKET, ticket, Cause.STALLED, str(since)),
            RULE,
            since=since,
            occurred_at=at,
            urgency=_urgency(columns, slot),
            ticket=ticket,
            reason=self._reason(int(columns.assignee[slot])),
        )

    def _reason(self, owner: int) -> str:
        name, agent = self._tickets.names.text("agent", owner), self._tickets.agents[owner]
        minutes = self._after // MINUTE
        if agent.since and agent.state in _AWAY:
            return _("{agent} ({state}) silent for {n} min").format(agent=name, state=word(agent.state), n=minutes)
        return _("{agent} silent for {n} min").format(agent=name, n=minutes)


def _urgency(columns: Columns, slot: int) -> Urgency:
    """R-ESC-LIFE: a stall is no breached clock by itself, so it is as urgent as whom it concerns."""
    if columns.complaint[slot] == ComplaintTier.HIGH:
        return Urgency.P1
    if columns.complaint[slot] == ComplaintTier.MEDIUM or columns.tier[slot] == Tier.VIP:
        return Urgency.P2
    return Urgency.P3
