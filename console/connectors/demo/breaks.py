"""Breaks that agents ask for beside those of the roster: they ask, wait for a word, ask again or let it be.

Who asks when follows from the seed and the day alone, in a stream of chance of its own: a day on which nobody answers
goes its way as if nobody had asked.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from console.clock import MINUTE, SECOND
from console.connectors.demo.asked import APPLIED
from console.connectors.demo.contact import Agent
from console.connectors.demo.kernel import Thing
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day

SHARE = 0.25
"""Of those on duty, how many ask for a break in a full shift."""
SHORTEST, LONGEST = 5, 20
"""How many minutes they want."""
ANSWER_WITHIN = (8 * 60.0, 22 * 60.0)
"""So many seconds they wait for a word, at least and at most."""
ASKS_AGAIN = 0.6
FINISHES_WITHIN = 7 * MINUTE
"""Whoever may go finishes what is at hand, but no longer than this."""


class Wish(Thing):
    """A break that an agent would like: how long (microseconds), and how often they still ask after no answer."""

    def __init__(self, agent: Agent, wanted: int, patience: float, again: bool) -> None:
        super().__init__()
        self.agent = agent
        self.wanted = wanted
        self.patience = patience
        self.again = again
        self.asked_at = 0
        """When they asked last, while they wait for an answer; else 0."""
        self.until = 0
        """Until when it was granted."""


class Breaks:
    """The wishes of a day."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.waiting: dict[str, Wish] = {}
        """Those that wait for an answer, by the agent's name."""
        rng = random.Random(f"breaks {day.site.seed} {day.local.date}")
        for agent in day.floor.agents:
            length = agent.duty.end - agent.duty.begin
            lot, when, wanted = rng.random(), rng.random(), rng.randint(SHORTEST, LONGEST)
            patience, again = rng.uniform(*ANSWER_WITHIN), rng.random() < ASKS_AGAIN
            if lot < SHARE * length / (8 * 3600.0) and not agent.person.supervisor:
                wish = Wish(agent, wanted * MINUTE, patience, again)
                instant = day.local.instant(agent.duty.begin + (0.1 + 0.75 * when) * length)
                self.kernel.at(instant, self._ask, wish)

    def _ask(self, wish: Wish) -> None:
        a = wish.agent
        if a.gone or a.ending or not a.seated or a.leaving:
            self.waiting.pop(a.name, None)
            return
        wish.asked_at = self.kernel.now
        self.waiting[a.name] = wish
        self.kernel.emit(Kind.BREAK_REQUESTED, a.name, a.name, Role.AGENT, wish.wanted)
        self.kernel.after(wish.patience, self._give_up_waiting, wish)

    def _give_up_waiting(self, wish: Wish) -> None:
        """Nobody said anything: once more, or not at all."""
        if wish.again:
            wish.again = False
            self._ask(wish)
        else:
            self.lapse(wish.agent)

    def lapse(self, a: Agent) -> None:
        """The agent wants no answer any more: another break or the end of the shift came first."""
        wish = self.waiting.pop(a.name, None)
        if wish is not None:
            wish.gen += 1
            self.kernel.emit(Kind.BREAK_WITHDRAWN, a.name, a.name, Role.AGENT)

    def decide(self, command: Command) -> Result:
        """A supervisor grants or declines the break that the agent asked for at the instant that the command names."""
        wish = self.waiting.get(command.agent)
        if wish is None or str(wish.asked_at) != command.name:
            return Result(Outcome.CONFLICT, f"{command.agent} does not ask for this break any more")
        del self.waiting[command.agent]
        wish.gen += 1
        detail = {"asked_at": wish.asked_at, "reason": command.text}
        self.kernel.emit(
            Kind.BREAK_DECIDED, command.agent, command.actor, Role.SUPERVISOR, command.value, detail=detail
        )
        if command.value:
            wish.until = command.value
            wish.asked_at = self.kernel.now
            self._leave(wish)
        return APPLIED

    def _leave(self, wish: Wish) -> None:
        """Off as soon as what is at hand is done."""
        a = wish.agent
        if a.gone or a.ending or not a.seated:
            return
        busy = a.load > 0 or a.working
        if busy and self.kernel.now - wish.asked_at < FINISHES_WITHIN:
            a.leaving = True
            self.kernel.after(20.0, self._leave, wish)
            self.day.floor.refresh(a)
            return
        # Who got away late has at least half of the break.
        until = max(wish.until, self.kernel.now + wish.wanted // 2, self.kernel.now + SECOND)
        self.day.floor.send_away(a, AgentState.BREAK, until)
