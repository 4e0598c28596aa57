"""What people ask of agents: another state, other queues, an answer to who wants a break (R-ROUTE).

Each call is one audited transaction that writes commands into the outbox, as those of tickets do; an agent shows the
change when the source that keeps them has read it back. Several agents are asked together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from console.models.actions.authorize import Refused, done, permit, refusal
from console.models.domain.break_requests import BreakRequest
from console.models.domain.command_ports import CommandChange, Commands, Order, Seat
from console.models.domain.commands import SETTABLE, Ordered, Verb, as_set, named, queues_of
from console.models.domain.contacts import AgentState
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Refusal, Target, same_person

Check = Callable[[CommandChange, Sequence[Seat]], Refusal | None]
"""Why it cannot be asked for, beside the roles."""
Facts = Mapping[str, object]


class AgentActions:
    """The verbs of agents. Each raises `Refused` once the refusal is on the trail, SetupError when the database cannot
    take it now."""

    def __init__(
        self,
        commands: Commands,
        clock: Clock,
        ordered: Callable[[], None] = lambda: None,
        connected: Callable[[], Collection[str]] = tuple,
        answers: Callable[[Sequence[Ordered], float], list[Ordered]] = lambda made, _seconds: list(made),
    ) -> None:
        """As for `TicketActions`."""
        self._commands = commands
        self._clock = clock
        self._ordered = ordered
        self._connected = connected
        self._answers = answers

    def set_state(self, actor: Actor, agents: Sequence[str], state: AgentState) -> list[Ordered]:
        """Make agents available, or send them on a break, away or home; one of `commands.SETTABLE`."""

        def check(_change: CommandChange, _seats: Sequence[Seat]) -> Refusal | None:
            return None if state in SETTABLE else Refusal.ILLEGAL

        return self._ask(
            actor, Action.AGENT_STATE, agents, lambda seat: Order(seat, Verb.AGENT_STATE, value=state), check
        )

    def set_queues(self, actor: Actor, agent: str, queues: Sequence[str]) -> list[Ordered]:
        """An agent serves these queues from now on, and no others; those they help out in stay."""
        wanted = sorted({name for name in queues if name})

        def check(change: CommandChange, _seats: Sequence[Seat]) -> Refusal | None:
            if not wanted:
                return Refusal.NOTHING_SAID
            return None if all(map(change.knows_queue, wanted)) else Refusal.NO_SUCH_QUEUE

        return self._ask(
            actor, Action.AGENT_QUEUES, [agent], lambda seat: Order(seat, Verb.AGENT_QUEUES, named(wanted)), check
        )

    def decide_break(
        self, actor: Actor, request: BreakRequest, approve: bool, until: int = 0, reason: str = ""
    ) -> list[Ordered]:
        """Grant the break until an instant (microseconds), or decline it; refused when the request is not open."""
        now = self._clock.now()

        def check(_change: CommandChange, seats: Sequence[Seat]) -> Refusal | None:
            if any(seat.asked_at != request.asked_at for seat in seats):
                return Refusal.NO_SUCH_BREAK
            return Refusal.TIME_PAST if approve and until <= now else None

        def order(seat: Seat) -> Order:
            granted = until if approve else 0
            return Order(seat, Verb.BREAK, str(request.asked_at), granted, reason.strip())

        return self._ask(actor, Action.AGENT_BREAK, [request.agent], order, check, reason=reason.strip())

    def answers(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        """What became of commands, once all of them came to an end or after so long; blocks, so ask on a reader."""
        return self._answers(made, seconds)

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> list[Ordered] | None:
        """Bring agents back to their former state or queues; None for a decision on a break, which was told to the
        agent. Refused to anybody else, and where somebody has changed it meanwhile."""
        if not made or any(one.verb not in (Verb.AGENT_STATE, Verb.AGENT_QUEUES) for one in made):
            return None
        before = {one.agent: one for one in made}

        def check(_change: CommandChange, seats: Sequence[Seat]) -> Refusal | None:
            if not all(same_person(actor.name, one.actor) for one in made):
                return Refusal.NOT_OWN
            # What is pending still shows as it was before; both ways lead back.
            return None if all(_leads_back(seat, before[seat.agent]) for seat in seats) else Refusal.ILLEGAL

        action = Action.AGENT_STATE if made[0].verb is Verb.AGENT_STATE else Action.AGENT_QUEUES
        return self._ask(actor, action, list(before), lambda seat: _way_back(seat, before[seat.agent]), check)

    def _ask(
        self,
        actor: Actor,
        action: Action,
        agents: Sequence[str],
        order: Callable[[Seat], Order],
        check: Check,
        *,
        reason: str = "",
    ) -> list[Ordered]:
        now, wanted = self._clock.now(), list(dict.fromkeys(agents))
        made: list[Ordered] = []
        with self._commands.change() as change:
            actor_now, target = change.standing(actor.name), Target("agent", ", ".join(wanted))
            decision = permit(change.record, now, actor_now, action, target)
            why = decision.refusal
            if why is None:
                seats = change.seats(wanted)
                why = _missing(wanted, seats) or check(change, seats)
                if why is not None:
                    change.record(refusal(now, actor_now, action, target, why))
                else:
                    made = change.order([self._addressed(order(seat)) for seat in seats], actor_now.name, now)
                    _record(change, actor_now, action, decision, seats, made, reason)
        if why is not None:
            raise Refused(why)
        self._ordered()
        return made

    def _addressed(self, order: Order) -> Order:
        return order._replace(is_sent=order.place.source in self._connected())


def _missing(wanted: Sequence[str], seats: Sequence[Seat]) -> Refusal | None:
    if not wanted:
        return Refusal.NOTHING_SAID
    return Refusal.NO_SUCH_AGENT if len(seats) < len(wanted) else None


def _leads_back(seat: Seat, made: Ordered) -> bool:
    if made.verb is Verb.AGENT_QUEUES:
        former = set(queues_of(made.former))
        return bool(former) and set(seat.queues) in (set(queues_of(made.name)), former)
    return as_set(seat.state) in (AgentState(made.value), _former_state(made))


def _way_back(seat: Seat, made: Ordered) -> Order:
    if made.verb is Verb.AGENT_QUEUES:
        return Order(seat, Verb.AGENT_QUEUES, made.former)
    return Order(seat, Verb.AGENT_STATE, value=_former_state(made))


def _former_state(made: Ordered) -> AgentState:
    return as_set(AgentState(AgentState.of(made.former)))


def _record(
    change: CommandChange,
    actor: Actor,
    action: Action,
    decision: Decision,
    seats: Sequence[Seat],
    made: Sequence[Ordered],
    reason: str,
) -> None:
    """One row for each agent."""
    for seat, ordered in zip(seats, made, strict=True):
        before, after = _facts(seat, ordered)
        after = {**after, "commands": [ordered.key]}
        target = Target("agent", seat.agent)
        change.record(
            done(ordered.requested_at, actor, action, target, decision, reason=reason, before=before, after=after)
        )


def _facts(seat: Seat, ordered: Ordered) -> tuple[Facts, Facts]:
    if ordered.verb is Verb.AGENT_STATE:
        return {"state": seat.state.key}, {"state": AgentState(ordered.value).key}
    if ordered.verb is Verb.AGENT_QUEUES:
        return {"queues": list(seat.queues)}, {"queues": list(queues_of(ordered.name))}
    granted: Facts = {"approved": True, "until": ordered.value} if ordered.value else {"approved": False}
    return {"asked_at": seat.asked_at}, granted
