"""What people do at a console, put together: the actions, who carries them out, and who finds what was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.models.actions.agents import AgentActions
from console.models.actions.compensation import CompensationActions
from console.models.actions.desk import Desk
from console.models.actions.escalations import EscalationActions
from console.models.actions.follow_ups import FollowUpActions, OverdueFollowUps
from console.models.actions.hand_over import HandOverActions
from console.models.actions.tickets import TicketActions
from console.models.actions.undecided import UndecidedRequests
from console.models.domain.acting_ports import EscalationDesk
from console.models.domain.command_ports import CallBackReader, CommandOutbox, CommandReader, Commands
from console.models.domain.escalation_ports import Crossings
from console.models.domain.follow_ups import FollowUps
from console.models.domain.hand_over import HandOvers
from console.models.domain.ports import Clock, Connector, Intake, LogReader
from console.models.domain.requests_ports import Requests
from console.models.policy.figures import Policy
from console.scheduling.commands.answers import Answers
from console.scheduling.commands.call_backs import CallBacks
from console.scheduling.commands.dispatcher import Dispatcher
from console.scheduling.commands.record import OwnNotes


class Written(Commands, CommandOutbox, Protocol):
    """Commands, as actions write them and as the dispatcher sends them."""


class Read(CommandReader, CallBackReader, Protocol):
    """Commands and call backs for reading."""


class Places(Protocol):
    """Where all of it is kept; `store.inbox.Inbox` is one."""

    @property
    def moves(self) -> EscalationDesk:
        """The inbox as people change it."""
        ...

    @property
    def commands(self) -> Written:
        """What is asked of tickets."""
        ...

    @property
    def orders(self) -> Read:
        """The same for reading."""
        ...

    @property
    def requests(self) -> Requests:
        """Compensations that were asked for."""
        ...

    @property
    def follow_ups(self) -> FollowUps:
        """What is owed after resolved complaints."""
        ...

    @property
    def hand_overs(self) -> HandOvers:
        """What one shift hands over to the next."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """The desk for the screens, the dispatcher to be started and stopped, and what the sweep has to look for."""

    desk: Desk
    dispatcher: Dispatcher
    finders: Sequence[Crossings]


def open_work(
    places: Places,
    intake: Intake,
    log: LogReader,
    connected: Callable[[], Mapping[str, Connector]],
    policy: Callable[[], Policy],
    clock: Clock,
    leave: Callable[[str, str], None],
) -> Work:
    """Put it together; nothing runs before the dispatcher is started. ``policy`` gives the one in force, ``leave``
    gives what the first person has to the second (see `HandOverActions`)."""
    answers = Answers(places.orders)
    compensation = CompensationActions(places.requests, policy, clock, OwnNotes(intake))
    dispatcher = Dispatcher(
        places.commands,
        places.orders,
        intake,
        connected,
        clock,
        on_settled=answers.heard,
        tell=compensation.tell,
    )
    asking = (places.commands, clock, dispatcher.poke, lambda: tuple(connected()), answers.wait)
    desk = Desk(
        EscalationActions(places.moves, lambda: policy().escalation, clock),
        TicketActions(*asking),
        compensation,
        FollowUpActions(places.follow_ups, clock),
        HandOverActions(places.hand_overs, clock, leave),
        AgentActions(*asking),
        places.orders,
    )
    undecided = UndecidedRequests(places.requests, lambda: policy().escalation.request_undecided)
    follow_ups = OverdueFollowUps(places.follow_ups, log, lambda: policy().follow_up)
    return Work(desk, dispatcher, (CallBacks(places.orders), undecided, follow_ups))
