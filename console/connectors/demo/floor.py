"""The agents at their seats: they come, take breaks, fall ill, and go when their last contact is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import SECOND
from console.connectors.demo.contact import Agent, Contact
from console.connectors.demo.people import Duty, Pause
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day


class Floor:
    """Who is here, and what each of them is doing."""

    def __init__(self, day: Day, duties: list[Duty]) -> None:
        self.day = day
        self.kernel = day.kernel
        self.agents = [Agent(duty) for duty in duties]
        self.by_name = {agent.name: agent for agent in self.agents}
        self.working: dict[str, dict[str, Contact]] = {agent.name: {} for agent in self.agents}
        """The contacts that take a place with each agent."""
        for agent in self.agents:
            self.kernel.at(self._instant(agent.duty.begin), self._log_in, agent)

    def _instant(self, seconds: float) -> int:
        return self.day.local.instant(seconds)

    def _log_in(self, a: Agent) -> None:
        person = a.person
        detail: dict[str, object] = {
            "team": person.team,
            "seniority": person.seniority,
            "skills": [self.day.queues[key] for key in person.serves],
            "helps": [self.day.queues[key] for key in person.helps],
            "languages": list(person.languages),
        }
        self.kernel.emit(Kind.AGENT_LOGIN, a.name, a.name, Role.AGENT, a.room, detail=detail)
        a.seated = True
        if a.duty.end < 24 * 3600:
            self.kernel.at(self._instant(a.duty.end), self._end_shift, a)
        if a.duty.leaves:
            self.kernel.at(self._instant(a.duty.leaves), self._go, a)
        self._plan_pause(a)
        self.refresh(a)

    def _plan_pause(self, a: Agent) -> None:
        if a.pause < len(a.duty.pauses):
            self.kernel.at(self._instant(a.duty.pauses[a.pause].begin), self._want_pause, a)

    def _want_pause(self, a: Agent) -> None:
        """Time for a break: most agents finish what they have, some just go."""
        if a.ending or a.gone:
            return
        if not a.seated:
            # Who is on another break already has had this one.
            a.pause += 1
            self._plan_pause(a)
            return
        pause = a.duty.pauses[a.pause]
        patience = self.kernel.now - self._instant(pause.begin) < 420 * SECOND
        stays = a.leaving or self.kernel.random() >= self.day.behaviour.sudden_break
        if (a.load or a.working) and patience and stays:
            a.leaving = True
            self.kernel.after(25.0, self._want_pause, a)
            self.refresh(a)
            return
        self._begin_pause(a, pause)

    def _begin_pause(self, a: Agent, pause: Pause) -> None:
        a.pause += 1
        away = AgentState.AWAY if pause.away else AgentState.BREAK
        self._leave_seat(a, away, self.kernel.now + int(pause.length * SECOND))

    def _leave_seat(self, a: Agent, state: AgentState, until: int) -> None:
        self.day.breaks.lapse(a)
        a.leaving = a.seated = False
        a.away, a.back = state, until
        self.kernel.at(until, self._come_back, a)
        self.day.routing.release_held(a)
        self.refresh(a)

    def send_away(self, a: Agent, state: AgentState, until: int) -> None:
        """The agent leaves the seat at once, or stays away in another way, for a break that is not on the roster."""
        a.unplanned = a.unplanned or a.seated
        self._leave_seat(a, state, until)

    def call_back(self, a: Agent) -> None:
        """The agent comes back before the break is over."""
        a.back = self.kernel.now
        self._come_back(a)

    def send_home(self, a: Agent) -> None:
        """The agent logs off for the day."""
        self._go(a)

    def _come_back(self, a: Agent) -> None:
        # A break that was cut short or made longer ends at another time than it was to.
        if a.gone or a.ending or a.seated or self.kernel.now < a.back:
            return
        a.seated = True
        if not a.unplanned:
            self._plan_pause(a)
        a.unplanned = False
        self.refresh(a)

    def _end_shift(self, a: Agent) -> None:
        if a.gone:
            return
        self.day.breaks.lapse(a)
        a.ending = a.seated = True
        a.leaving = False
        self.day.routing.release_held(a)
        self.kernel.after(2_400.0, self._go, a)
        self.refresh(a)

    def _go(self, a: Agent) -> None:
        """The agent leaves for good; whatever is still at hand goes back to its queue."""
        if a.gone:
            return
        self.day.breaks.lapse(a)
        a.gone, a.seated = True, False
        self.day.routing.release_held(a)
        self.refresh(a)
        self.kernel.emit(Kind.AGENT_LOGOUT, a.name, a.name, Role.AGENT)
        # Somebody has to notice first that a colleague fell ill.
        delay = 30.0 if a.ending else 420.0
        for t in [*self.working[a.name].values(), *a.own, *a.pile]:
            self.kernel.after(delay + 240.0 * self.kernel.random(), self._hand_back, t)
        a.own.clear()
        a.pile.clear()

    def _hand_back(self, t: Contact) -> None:
        a = t.agent
        if a is not None and a.gone and not t.final:
            self.day.routing.hand_back(t)

    def take_place(self, t: Contact, a: Agent) -> None:
        """The contact takes one of the agent's places."""
        a.load += 1
        t.slot = True
        self.working[a.name][t.ref] = t

    def give_place(self, t: Contact, wrap: float = 0.0) -> None:
        """The contact gives its place back; the agent may write up the case for ``wrap`` seconds first."""
        a = t.agent
        if a is None or not t.slot:
            return
        t.slot = False
        a.load -= 1
        del self.working[a.name][t.ref]
        if wrap and a.seated and not a.wrapping:
            a.wrapping = True
            self.kernel.after(wrap, self._wrapped, a)
        self.refresh(a)

    def _wrapped(self, a: Agent) -> None:
        a.wrapping = False
        self.refresh(a)

    def refresh(self, a: Agent) -> None:
        """Something about the agent changed: take up more work where there is room, and show the new state."""
        a.open = a.seated and not (a.ending or a.wrapping or a.leaving)
        if a.ending and not a.gone and not a.load and not a.working:
            self._go(a)
            return
        if a.seated:
            self.day.routing.fill(a)
        self.show(a)

    def show(self, a: Agent) -> None:
        """Tell the agent's state where it differs from what was told last."""
        if a.gone:
            state = AgentState.OFFLINE
        elif not a.seated:
            state = a.away
        elif a.load >= a.room or a.working:
            state = AgentState.BUSY
        elif a.wrapping:
            state = AgentState.WRAP_UP
        else:
            state = AgentState.AVAILABLE
        if state is not a.shown:
            a.shown = state
            self.kernel.emit(Kind.AGENT_STATE, a.name, a.name, Role.AGENT, int(state))
