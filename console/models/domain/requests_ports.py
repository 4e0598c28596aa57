"""What the actions on compensation requests ask of the store, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from console.models.domain.audit import Entry
from console.models.domain.escalation import Occurrence
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.requests import Request, RequestState, Step
from console.models.domain.roles import Actor


class RequestPast(NamedTuple):
    """One line of a request's history."""

    at: int
    actor: str
    what: Step
    state: RequestState
    reason: str


class Untold(NamedTuple):
    """A step that the ticket's own record does not show yet: the request as it was after it."""

    request: Request
    version: int
    past: RequestPast


class RequestChange(Protocol):
    """Requests inside one transaction: state, history, inbox and audit rows become durable together or not at all."""

    def as_stored(self, actor: Actor) -> Actor:
        """The actor with the roles that hold now: what was granted or taken since signing in counts at once."""
        ...

    def find(self, request: int) -> Request | None:
        """The request as it is now."""
        ...

    def of_ticket(self, ticket: int) -> Sequence[Request]:
        """All of a ticket, newest first."""
        ...

    def add(self, request: Request, what: Step) -> Request:
        """Keep a new one; returns it with its number."""
        ...

    def write(self, before: Request, request: Request, what: Step, at: int, actor: str, reason: str) -> None:
        """Keep a step. Raises `AlreadyDecided` when another one was kept since ``before`` was read."""
        ...

    def escalate(self, occurrence: Occurrence, at: int, rules: EscalationRules, actor: str) -> None:
        """Bring it into the inbox."""
        ...

    def settle(self, request: Request, at: int, actor: str, rules: EscalationRules, reason: str) -> None:
        """Resolve every entry of the inbox that asks for this decision."""
        ...

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        ...


class RequestReader(Protocol):
    """Reads requests without writing; safe on any thread."""

    def request(self, request: int) -> Request:
        """One request; raises KeyError when there is none."""
        ...

    def undecided(self) -> list[Request]:
        """All that wait for a decision, the one that is due first at the top."""
        ...

    def of_ticket(self, ticket: int) -> list[Request]:
        """All of a ticket, newest first."""
        ...

    def lapsing(self, until: int) -> list[Request]:
        """Those that are due by then and undecided."""
        ...

    def lapsed(self, after: int, until: int) -> list[Request]:
        """The undecided ones whose last lapse is ``after < lapsed_at <= until``."""
        ...

    def next_due(self, at: int) -> int | None:
        """The earliest due time after ``at``, None when nothing waits."""
        ...

    def decided_between(self, start: int, end: int) -> list[Request]:
        """Those that ended with ``start <= decided_at < end``, oldest first."""
        ...

    def history(self, request: int) -> Sequence[RequestPast]:
        """Every step of a request, oldest first."""
        ...

    def untold(self, limit: int) -> list[Untold]:
        """Steps that the ticket's own record does not show yet, oldest first."""
        ...


class Requests(RequestReader, Protocol):
    """The requests of one database."""

    def change(self) -> AbstractContextManager[RequestChange]:
        """One transaction; an exception in it takes back everything. Raises SetupError when the database cannot take
        it now."""
        ...

    def told(self, steps: Sequence[Untold]) -> None:
        """The tickets' records show these steps now."""
        ...


class TicketRecord(Protocol):
    """Where a ticket's own record is written, so that who opens the ticket reads what was promised."""

    def note(self, ticket: int, text: str, at: int, key: str, actor: str) -> bool:
        """Add a note; one with a ``key`` that is there already changes nothing. True once it cannot be lost."""
        ...
