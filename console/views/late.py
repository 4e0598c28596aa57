"""Stand-ins for what a context holds before the database is open: they ask for the real thing at each call, which
raises RuntimeError until then.
"""

from __future__ import annotations

from collections.abc import Callable

from console.models.actions.compensation import CompensationActions
from console.models.actions.follow_ups import FollowUpActions
from console.models.actions.hand_over import HandOverActions
from console.models.domain.command_ports import CommandReader
from console.models.domain.escalation import Entry
from console.models.domain.escalation_ports import EscalationReader, Overdue, Past, Waiting, Watermark
from console.views.desk import AgentDesk, Desk, EscalationDesk, TicketDesk


class LateInbox:
    """The `EscalationReader` of a database that a worker opens."""

    def __init__(self, find: Callable[[], EscalationReader]) -> None:
        self._find = find

    def entry(self, entry: int) -> Entry:
        """One entry; raises KeyError when there is none."""
        return self._find().entry(entry)

    def open_entries(self) -> list[Entry]:
        """All that have not ended."""
        return self._find().open_entries()

    def stamp(self) -> tuple[int, ...]:
        """Numbers that differ when something changed."""
        return self._find().stamp()

    def of_owner(self, owner: str) -> list[Entry]:
        """What a person has."""
        return self._find().of_owner(owner)

    def owners(self) -> frozenset[str]:
        """Everybody who has something."""
        return self._find().owners()

    def history(self, entry: int) -> list[Past]:
        """Every move of an entry."""
        return self._find().history(entry)

    def next_due(self, at: int) -> int | None:
        """The earliest due time."""
        return self._find().next_due(at)

    def overdue(self, at: int) -> Overdue | None:
        """What was due before ``at``."""
        return self._find().overdue(at)

    def watermark(self) -> Watermark | None:
        """How far the sweep came."""
        return self._find().watermark()

    def waiting(self, limit: int) -> list[Waiting]:
        """The notices that are to be sent."""
        return self._find().waiting(limit)


class LateDesk:
    """The `Desk` of a console that is opening."""

    def __init__(self, find: Callable[[], Desk]) -> None:
        self._find = find

    @property
    def escalations(self) -> EscalationDesk:
        """What is done in the inbox."""
        return self._find().escalations

    @property
    def compensation(self) -> CompensationActions:
        """What customers are offered."""
        return self._find().compensation

    @property
    def follow_ups(self) -> FollowUpActions:
        """What is owed after resolved complaints."""
        return self._find().follow_ups

    @property
    def hand_over(self) -> HandOverActions:
        """The sheet that ends a shift."""
        return self._find().hand_over

    @property
    def tickets(self) -> TicketDesk:
        """What is asked of the helpdesk."""
        return self._find().tickets

    @property
    def agents(self) -> AgentDesk:
        """What is asked of agents."""
        return self._find().agents

    @property
    def commands(self) -> CommandReader:
        """What is on its way."""
        return self._find().commands
