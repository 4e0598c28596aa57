"""What the rooms of commands and call backs ask of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

from console.models.domain.acting_ports import Ledger
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.commands import Command, Ordered, Result, Verb
from console.models.domain.contacts import AgentState


class Place(NamedTuple):
    """A ticket in its source's own words, and who has it now (empty: nobody)."""

    ticket: int
    source: str
    ref: str
    assignee: str


class Seat(NamedTuple):
    """An agent as the log knows them: the source that keeps them (empty: none does), what they do, which queues they
    serve, and when they asked for a break that waits for a decision (microseconds, 0: they do not)."""

    agent: str
    source: str
    state: AgentState
    queues: tuple[str, ...]
    asked_at: int


class Order(NamedTuple):
    """What is to be written into the outbox, for one ticket or one agent."""

    place: Place | Seat
    verb: Verb
    name: str = ""
    value: int = 0
    text: str = ""
    is_sent: bool = False
    """Its source takes commands: only what it reads back is true."""


class CommandChange(Ledger, Protocol):
    """Commands and call backs inside one transaction."""

    def places(self, tickets: Sequence[int]) -> list[Place]:
        """The tickets that there are, in the order asked for."""
        ...

    def seats(self, agents: Sequence[str]) -> list[Seat]:
        """The agents that the log has heard of, in the order asked for."""
        ...

    def knows_queue(self, name: str) -> bool:
        """Whether the log has heard of a queue of this name."""
        ...

    def order(self, orders: Sequence[Order], actor: str, at: int) -> list[Ordered]:
        """Write commands into the outbox, to be sent at once."""
        ...

    def promise(self, ticket: int, owner: str, due_at: int, text: str, actor: str, at: int) -> CallBack:
        """Write down a call back."""
        ...

    def call_back(self, id_: int) -> CallBack | None:
        """One call back."""
        ...

    def settle_call_back(self, id_: int, state: Kept, outcome: str, actor: str, at: int) -> CallBack:
        """It ended; one of `call_backs.ENDS`."""
        ...


class Commands(Protocol):
    """Where actions write what they ask for."""

    def change(self) -> AbstractContextManager[CommandChange]:
        """One transaction; an exception in it takes back everything. Raises SetupError when the database cannot take
        it now."""
        ...


class CommandReader(Protocol):
    """What is on its way, for screens; safe on any thread."""

    def pending(self, tickets: Iterable[int] | None = None) -> Mapping[int, Sequence[Ordered]]:
        """What these tickets (all, when None) do not show yet, oldest first."""
        ...

    def pending_of_agents(self) -> Mapping[str, Sequence[Ordered]]:
        """What agents (by name) do not show yet, oldest first."""
        ...

    def of_agent(self, agent: str) -> Sequence[Ordered]:
        """Everything that was asked of an agent, newest first."""
        ...

    def of_ticket(self, ticket: int) -> Sequence[Ordered]:
        """Everything that was asked of a ticket, newest first."""
        ...

    def next_due(self) -> int | None:
        """When something is to be sent or asked about next; None when nothing is."""
        ...

    def ordered(self, ids: Sequence[int]) -> list[Ordered]:
        """These commands as they stand."""
        ...

    def call_backs(self, ticket: int | None = None) -> Sequence[CallBack]:
        """The open ones by due time; with a ticket all of its own, the settled ones too."""
        ...


class Claimed(NamedTuple):
    """The right to send a command, or to ask about it where its state is `Delivery.UNKNOWN`."""

    ordered: Ordered
    epoch: int


class CommandOutbox(Protocol):
    """The outbox as the dispatcher sees it; every call is one transaction."""

    def claim(self, at: int, lease: int, limit: int, ahead: int) -> list[Claimed]:
        """Take what is due for ``lease`` microseconds: of each ticket and agent only its oldest that is not settled.

        What is due more than ``ahead`` later, or held longer than a lease, was written before the clock went back: it
        is due now.
        """
        ...

    def settle(self, claimed: Claimed, result: Result, at: int, again_at: int) -> bool:
        """Write what became of it; what is still unknown is looked at again at ``again_at``. False when another one
        has taken it over."""
        ...

    def release(self, claimed: Claimed, at: int) -> bool:
        """Its source never got it: it may be sent from an instant on."""
        ...

    def read_back(self, ordered: Ordered) -> bool:
        """Whether the log has an event of another source than the console, since it was asked for, that makes it
        true."""
        ...


@runtime_checkable
class Answering(Protocol):
    """A write-back source that can say what became of a command."""

    def ask(self, command: Command) -> Result | None:
        """The answer that `apply` gave or would have given; None when it never got this command; UNKNOWN when it
        cannot tell. Changes nothing. Blocks."""
        ...


class CallBackReader(Protocol):
    """The promises that may be missed."""

    def overdue_between(self, after: int, until: int) -> Sequence[CallBack]:
        """Open ones with ``after < due_at <= until``."""
        ...

    def next_call_back(self, at: int) -> int | None:
        """When the next open one after ``at`` is due."""
        ...
