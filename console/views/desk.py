"""What screens ask of the actions; `models.actions` answers, and tests stand in for it.

Every call of an action blocks: it goes through `Ops.write`. It raises `authorize.Refused` where the roles do not permit
it, an `EscalationRefused` where things stand otherwise, SetupError where the database cannot take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from console.models.actions.compensation import CompensationActions
from console.models.actions.follow_ups import FollowUpActions
from console.models.actions.hand_over import HandOverActions
from console.models.domain.break_requests import BreakRequest
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.command_ports import CommandReader
from console.models.domain.commands import Ordered
from console.models.domain.contacts import AgentState, InquiryType
from console.models.domain.escalation import Transition
from console.models.domain.escalation_ports import Raised
from console.models.domain.roles import Actor


class EscalationDesk(Protocol):
    """The moves of a person. ``version`` is the entry's as the person saw it; instants are microseconds since the
    epoch, UTC."""

    def acknowledge(self, actor: Actor, entry: int, version: int | None = None) -> Transition:
        """Take it."""
        ...

    def progress(self, actor: Actor, entry: int, version: int | None, note: str) -> Transition:
        """Say how it goes; the next word is due anew."""
        ...

    def snooze(self, actor: Actor, entry: int, version: int | None, until: int, reason: str) -> Transition:
        """Put it aside."""
        ...

    def give_back(self, actor: Actor, entry: int, version: int | None, to: str, until: int, reason: str) -> Transition:
        """Give it to an agent, who has until then."""
        ...

    def resolve(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        """It is done."""
        ...

    def reopen(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        """It is not done after all."""
        ...

    def hand_over(self, actor: Actor, entry: int, version: int | None, to: str) -> Transition:
        """Give it to another person of the desk."""
        ...

    def merge(self, actor: Actor, entry: int, version: int | None, into: int, reason: str) -> Transition:
        """It belongs to another entry."""
        ...

    def raise_by_hand(self, actor: Actor, ticket: int, to: str, reason: str) -> Raised:
        """Bring a ticket into the inbox."""
        ...

    def undo(self, actor: Actor, made: Transition) -> Transition | None:
        """Take a move back where the machine knows a way; None where it has none."""
        ...


class TicketDesk(Protocol):
    """What is asked of the helpdesk for a ticket."""

    def assign(self, actor: Actor, tickets: Sequence[int], agent: str) -> Sequence[Ordered]:
        """Give tickets to an agent."""
        ...

    def share_out(self, actor: Actor, moves: Sequence[tuple[int, str, str]]) -> Sequence[Ordered]:
        """Give each ticket to an agent of its own, all or none: (ticket, its owner, the agent)."""
        ...

    def move(self, actor: Actor, tickets: Sequence[int], queue: str) -> Sequence[Ordered]:
        """Move tickets to a queue."""
        ...

    def call_back(self, actor: Actor, ticket: int, due_at: int, agent: str, text: str) -> Sequence[Ordered]:
        """Have an agent call the customer by then."""
        ...

    def settle_call_back(self, actor: Actor, call_back: int, state: Kept, outcome: str = "") -> CallBack:
        """Say what became of a promised call."""
        ...

    def classify(self, actor: Actor, ticket: int, type: InquiryType | None) -> Sequence[Ordered]:  # noqa: A002 - its name
        """Correct what a contact is about."""
        ...

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> Sequence[Ordered] | None:
        """Bring tickets back to their former owners; None where there is no way back."""
        ...

    def answers(self, made: Sequence[Ordered], seconds: float) -> Sequence[Ordered]:
        """What became of it, once everything came to an end or after so long; ask by `Ops.read`."""
        ...


class AgentDesk(Protocol):
    """What is asked of agents, or of the helpdesk for one."""

    def set_state(self, actor: Actor, agents: Sequence[str], state: AgentState) -> Sequence[Ordered]:
        """Make them available, or send them on a break, away or home."""
        ...

    def set_queues(self, actor: Actor, agent: str, queues: Sequence[str]) -> Sequence[Ordered]:
        """These queues are theirs from now on."""
        ...

    def decide_break(
        self, actor: Actor, request: BreakRequest, approve: bool, until: int = 0, reason: str = ""
    ) -> Sequence[Ordered]:
        """Grant a break until an instant, or decline it."""
        ...

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> Sequence[Ordered] | None:
        """Bring agents back to their former state or queues; None where there is no way back."""
        ...

    def answers(self, made: Sequence[Ordered], seconds: float) -> Sequence[Ordered]:
        """What became of it, once everything came to an end or after so long; ask by `Ops.read`."""
        ...


class Desk(Protocol):
    """All actions."""

    @property
    def escalations(self) -> EscalationDesk:
        """Those of the inbox."""
        ...

    @property
    def compensation(self) -> CompensationActions:
        """What customers are offered."""
        ...

    @property
    def follow_ups(self) -> FollowUpActions:
        """What is owed after resolved complaints."""
        ...

    @property
    def hand_over(self) -> HandOverActions:
        """The sheet that ends a shift."""
        ...

    @property
    def tickets(self) -> TicketDesk:
        """Those of the helpdesk."""
        ...

    @property
    def agents(self) -> AgentDesk:
        """Those on agents."""
        ...

    @property
    def commands(self) -> CommandReader:
        """What is on its way, and the calls that were promised."""
        ...
