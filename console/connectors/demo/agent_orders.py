"""What a supervisor's command changes for an agent of the day that is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import MINUTE
from console.connectors.demo.asked import ALREADY, APPLIED, refused
from console.connectors.demo.contact import Agent
from console.connectors.demo.people import staff
from console.models.domain.commands import SETTABLE, Command, Result, Verb
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day

SENT_AWAY = {AgentState.BREAK: 15 * MINUTE, AgentState.AWAY: 30 * MINUTE}
"""How long somebody stays away whom a supervisor sends; then they come back by themselves."""


def carry_out_on_agent(day: Day, command: Command) -> Result:
    """Set an agent's state or queues, or answer who asked for a break."""
    a = day.floor.by_name.get(command.agent)
    if a is None or day.tail is not None or a.shown is AgentState.OFFLINE:
        if a is not None and command.verb is Verb.AGENT_STATE and command.value == AgentState.OFFLINE:
            return ALREADY
        return refused(f"{command.agent} is not on duty")
    if command.verb is Verb.BREAK:
        return day.breaks.decide(command)
    if command.verb is Verb.AGENT_QUEUES:
        return _queues(day, a, command)
    return _state(day, a, command)


def _state(day: Day, a: Agent, command: Command) -> Result:
    if command.value not in SETTABLE:
        return refused(f"nobody can be set to state {command.value}")
    state = AgentState(command.value)
    if state is AgentState.AVAILABLE and a.seated:
        return ALREADY
    if not a.seated and a.away is state:
        return ALREADY
    if a.ending and state in SENT_AWAY:
        return refused(f"the shift of {a.name} is over")
    a.shown = state
    day.kernel.emit(Kind.AGENT_STATE, a.name, command.actor, Role.SUPERVISOR, int(state))
    if state is AgentState.AVAILABLE:
        day.floor.call_back(a)
    elif state is AgentState.OFFLINE:
        day.floor.send_home(a)
    else:
        day.floor.send_away(a, state, day.kernel.now + SENT_AWAY[state])
    return APPLIED


def _queues(day: Day, a: Agent, command: Command) -> Result:
    if a.person.supervisor:
        return refused(f"{a.name} leads a shift and takes no contacts from the routing")
    keys = {name: key for key, name in staff().queues.items()}
    for name in command.queues:
        if name not in keys:
            return refused(f"there is no queue named {name}")
    wanted = tuple(keys[name] for name in command.queues)
    if set(wanted) == set(a.serves):
        return ALREADY
    # In the directory's order: it says which queue somebody looks into first.
    order = dict.fromkeys((*a.person.serves, *day.queues))
    day.routing.set_queues(a, tuple(key for key in order if key in wanted))
    detail = {"skills": [day.queues[key] for key in a.serves], "helps": [day.queues[key] for key in a.helps]}
    day.kernel.emit(Kind.AGENT_QUEUES, a.name, command.actor, Role.SUPERVISOR, detail=detail)
    day.floor.refresh(a)
    return APPLIED
