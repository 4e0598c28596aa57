"""Everything that people can do at this console, in one place for the screens."""

from __future__ import annotations

from dataclasses import dataclass

from console.models.actions.agents import AgentActions
from console.models.actions.compensation import CompensationActions
from console.models.actions.escalations import EscalationActions
from console.models.actions.follow_ups import FollowUpActions
from console.models.actions.hand_over import HandOverActions
from console.models.actions.tickets import TicketActions
from console.models.domain.command_ports import CommandReader


@dataclass(frozen=True)
class Desk:
    """The actions; each call blocks, so screens go through `Ops.write`. ``commands`` tells what is on its way."""

    escalations: EscalationActions
    tickets: TicketActions
    compensation: CompensationActions
    follow_ups: FollowUpActions
    hand_over: HandOverActions
    agents: AgentActions
    commands: CommandReader
