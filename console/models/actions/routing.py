"""R-ROUTE: the console gives a contact to somebody by its rules. One audited transaction, as when a person does it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from console.models.actions.authorize import done
from console.models.domain.command_ports import CommandReader, Commands, Order
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Target
from console.models.domain.routing import ROUTER

_DONE = (Delivery.APPLIED, Delivery.ALREADY)


class RoutingActions:
    """What the routing asks for. Raises SetupError when the database cannot take it now."""

    def __init__(
        self,
        commands: Commands,
        reader: CommandReader,
        clock: Clock,
        ordered: Callable[[], None] = lambda: None,
        connected: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """``ordered`` is called after each change, for who sends; ``connected`` names the sources that take
        commands."""
        self._commands = commands
        self._reader = reader
        self._clock = clock
        self._ordered = ordered
        self._connected = connected

    def give(self, ticket: int, agent: str, former: str, why: str) -> Ordered | None:
        """Give a contact to an agent. None where its owner is not ``former`` (empty: nobody) any more, something that
        was asked for is still on its way, or nobody knows the agent: whoever did that meanwhile goes first."""
        if self._reader.pending([ticket]).get(ticket):
            return None
        now = self._clock.now()
        with self._commands.change() as change:
            places = change.places([ticket])
            if not places or places[0].assignee != former or not change.knows_agent(agent):
                return None
            is_sent = places[0].source in self._connected()
            (made,) = change.order([Order(places[0], Verb.ASSIGN, agent, is_sent=is_sent)], ROUTER, now)
            change.record(
                done(
                    now,
                    Actor(""),
                    Action.TICKET_ROUTE,
                    Target("ticket", str(ticket)),
                    Decision(),
                    reason=why,
                    before={"assignee": former},
                    after={Verb.ASSIGN.value: agent, "commands": [made.key]},
                )
            )
        self._ordered()
        return made

    def refused(self, ids: Collection[int]) -> dict[int, bool]:
        """Of these commands those that came to an end, and whether nothing came of them."""
        ended = [one for one in self._reader.ordered(list(ids)) if not one.pending]
        return {one.id: one.state not in _DONE for one in ended}
