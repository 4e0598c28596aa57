"""What actions ask of the store: one transaction with the actor's present roles, what is changed, and the trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from console.models.domain.audit import Entry as AuditEntry
from console.models.domain.escalation import Entry, Event, Occurrence, Transition
from console.models.domain.escalation_ports import Raised
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.roles import Actor

RecordMove = Callable[[Transition], None]
"""Writes the audit row of a move, in the move's own transaction."""


class Ledger(Protocol):
    """What every act needs in its transaction: everything in it becomes durable together with its rows, or not."""

    def standing(self, name: str) -> Actor:
        """The account of this name with the roles that it has now; without any where there is no such account."""
        ...

    def record(self, entry: AuditEntry) -> None:
        """Add a row to the audit trail."""
        ...

    def knows_agent(self, name: str) -> bool:
        """Whether the log has heard of an agent of this name."""
        ...

    def knows_ticket(self, ticket: int) -> bool:
        """Whether the log holds this ticket."""
        ...


class EscalationChange(Ledger, Protocol):
    """The inbox inside one transaction."""

    def moves(
        self,
        entry: int,
        events: Sequence[Event],
        at: int,
        actor: str,
        rules: EscalationRules,
        record: RecordMove,
        version: int | None = None,
    ) -> list[Transition]:
        """Make moves one after the other, all or none; raises as `EscalationWriter.move` does, and then the
        transaction goes on as if they had not been tried. ``version`` is what the actor saw before the first."""
        ...

    def raise_one(
        self, occurrence: Occurrence, at: int, rules: EscalationRules, actor: str, record: RecordMove
    ) -> Raised:
        """Bring one occurrence into the inbox."""
        ...

    def entry(self, entry: int) -> Entry:
        """An entry as it stands; raises KeyError when there is none."""
        ...

    def keep_call_back(self, call_back: int, outcome: str, actor: str, at: int) -> bool:
        """The promised call was made, for whoever resolves its entry says so; False when it is not open any more."""
        ...

    def promise_again(self, call_back: int, kept_at: int) -> bool:
        """The call that a resolution kept at that instant (microseconds) is still to be made, for the resolution was
        taken back; False when it ended otherwise."""
        ...


class EscalationDesk(Protocol):
    """The inbox as people change it."""

    def change(self) -> AbstractContextManager[EscalationChange]:
        """One transaction; an exception in it takes back everything. Raises SetupError when the database cannot take
        it now."""
        ...
