"""What people ask of tickets. Each call is one audited transaction that writes commands into the outbox, and blocks.

Nothing is sent here: the dispatcher sends, and a ticket shows the change when its source has read it back. Until then
`CommandReader.pending` tells what is on its way. Many tickets are asked for together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from console.models.actions.authorize import Refused, done, permit, refusal
from console.models.domain.call_backs import ENDS, CallBack, Kept
from console.models.domain.command_ports import CommandChange, Commands, Order, Place
from console.models.domain.commands import OWN, Ordered, Verb
from console.models.domain.contacts import ComplaintTier, Emotion, InquiryType, Priority, Status
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Refusal, Target, same_person

Check = Callable[[CommandChange, Sequence[Place]], Refusal | None]
"""Why it cannot be asked for, beside the roles."""


class TicketActions:
    """The verbs of tickets. Each raises `Refused` once the refusal is on the trail, SetupError when the database
    cannot take it now."""

    def __init__(
        self,
        commands: Commands,
        clock: Clock,
        ordered: Callable[[], None] = lambda: None,
        connected: Callable[[], Collection[str]] = tuple,
        answers: Callable[[Sequence[Ordered], float], list[Ordered]] = lambda made, _seconds: list(made),
    ) -> None:
        """``ordered`` is called after each change, for who sends; ``connected`` names the sources that take
        commands; ``answers`` waits for what becomes of some."""
        self._commands = commands
        self._clock = clock
        self._connected = connected
        self._answers = answers
        self._ordered = ordered

    def assign(self, actor: Actor, tickets: Sequence[int], agent: str) -> list[Ordered]:
        """Give tickets to an agent that the log has heard of."""

        def check(change: CommandChange, _places: Sequence[Place]) -> Refusal | None:
            return None if change.knows_agent(agent) else Refusal.NO_SUCH_AGENT

        return self._ask(actor, Action.TICKET_ASSIGN, tickets, lambda place: [Order(place, Verb.ASSIGN, agent)], check)

    def share_out(self, actor: Actor, moves: Sequence[tuple[int, str, str]]) -> list[Ordered]:
        """R-ROUTE: give each ticket to an agent of its own: (ticket, the owner it is taken from, the agent). All or
        none: refused where one has another owner by now, or an agent is not known."""
        owner = {ticket: name for ticket, name, _to in moves}
        to = {ticket: name for ticket, _owner, name in moves}

        def check(change: CommandChange, places: Sequence[Place]) -> Refusal | None:
            if len(owner) < len(moves):
                return Refusal.ILLEGAL
            if any(place.assignee != owner[place.ticket] for place in places):
                return Refusal.OWNER_CHANGED
            return None if all(map(change.knows_agent, set(to.values()))) else Refusal.NO_SUCH_AGENT

        def orders(place: Place) -> list[Order]:
            return [Order(place, Verb.ASSIGN, to[place.ticket])]

        return self._ask(actor, Action.TICKET_ASSIGN, list(owner), orders, check)

    def unassign(self, actor: Actor, tickets: Sequence[int]) -> list[Ordered]:
        """Take tickets from their owners."""
        return self._ask(actor, Action.TICKET_ASSIGN, tickets, lambda place: [Order(place, Verb.UNASSIGN)])

    def set_priority(self, actor: Actor, tickets: Sequence[int], priority: Priority) -> list[Ordered]:
        """Give tickets a priority."""
        return self._change(actor, tickets, Verb.PRIORITY, value=priority)

    def set_status(self, actor: Actor, tickets: Sequence[int], status: Status) -> list[Ordered]:
        """Give tickets a status."""
        return self._change(actor, tickets, Verb.STATUS, value=status)

    def move(self, actor: Actor, tickets: Sequence[int], queue: str) -> list[Ordered]:
        """Move tickets to a queue."""
        return self._change(actor, tickets, Verb.QUEUE, name=queue)

    def note(self, actor: Actor, ticket: int, text: str) -> list[Ordered]:
        """Write a note that customers do not see."""
        said = text.strip()
        return self._ask(
            actor,
            Action.TICKET_NOTE,
            [ticket],
            lambda place: [Order(place, Verb.NOTE, text=said)],
            lambda _change, _places: None if said else Refusal.NOTHING_SAID,
        )

    def classify(
        self,
        actor: Actor,
        ticket: int,
        type: InquiryType | None,  # noqa: A002 - it is what the field calls it
        emotion: Emotion | None = None,
        complaint: ComplaintTier | None = None,
    ) -> list[Ordered]:
        """R-CLASSIFY: correct what the classifier or the source says of a ticket; None leaves as it is."""
        wanted = {Verb.TYPE: type, Verb.EMOTION: emotion, Verb.COMPLAINT: complaint}
        said = {verb: int(code) for verb, code in wanted.items() if code is not None}
        return self._ask(
            actor,
            Action.TICKET_CLASSIFY,
            [ticket],
            lambda place: [Order(place, verb, value=value) for verb, value in said.items()],
            lambda _change, _places: None if said else Refusal.NOTHING_SAID,
        )

    def call_back(self, actor: Actor, ticket: int, due_at: int, agent: str, text: str) -> list[Ordered]:
        """Promise the customer a call by an instant (microseconds), and make it an agent's task."""
        now = self._clock.now()

        def check(change: CommandChange, _places: Sequence[Place]) -> Refusal | None:
            if due_at <= now:
                return Refusal.TIME_PAST
            return None if change.knows_agent(agent) else Refusal.NO_SUCH_AGENT

        def orders(place: Place) -> list[Order]:
            return [Order(place, Verb.CALL_BACK, agent, due_at, text.strip())]

        def promise(change: CommandChange, who: Actor, at: int) -> Mapping[str, object]:
            made = change.promise(ticket, agent, due_at, text.strip(), who.name, at)
            return {"call_back": made.id, "due_at": due_at, "owner": agent}

        return self._ask(actor, Action.TICKET_CHANGE, [ticket], orders, check, promise)

    def answers(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        """What became of commands, once all of them came to an end or after so long; blocks, so ask on a reader."""
        return self._answers(made, seconds)

    def settle_call_back(self, actor: Actor, call_back: int, state: Kept, outcome: str = "") -> CallBack:
        """The customer was called, was not reached, or need not be called any more."""
        now, target = self._clock.now(), Target("call_back", str(call_back))
        settled: CallBack | None = None
        with self._commands.change() as change:
            actor = change.standing(actor.name)
            decision = permit(change.record, now, actor, Action.TICKET_CHANGE, target)
            why, found = decision.refusal, change.call_back(call_back)
            if why is None and (found is None or found.state is not Kept.PROMISED or state not in ENDS):
                why = Refusal.NO_SUCH_CALL_BACK
                change.record(refusal(now, actor, Action.TICKET_CHANGE, target, why))
            if why is None and found is not None:
                settled = change.settle_call_back(call_back, state, outcome.strip(), actor.name, now)
                before, after = {"state": found.state.key}, {"state": state.key, "ticket": found.ticket}
                entry = done(
                    now, actor, Action.TICKET_CHANGE, target, decision, reason=outcome, before=before, after=after
                )
                change.record(entry)
        if why is not None or settled is None:
            raise Refused(why or Refusal.NO_SUCH_CALL_BACK)
        return settled

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> list[Ordered] | None:
        """Bring tickets back to their former owners; None for anything but an assignment. Refused to anybody else, and
        where somebody has moved a ticket on meanwhile."""
        if not made or any(ordered.verb not in (Verb.ASSIGN, Verb.UNASSIGN) for ordered in made):
            return None
        former = {ordered.ticket: ordered for ordered in made}

        def check(_change: CommandChange, places: Sequence[Place]) -> Refusal | None:
            if not all(same_person(actor.name, ordered.actor) for ordered in made):
                return Refusal.NOT_OWN
            # What is pending still shows its former owner; both ways lead back.
            known = ((place.assignee, former[place.ticket]) for place in places)
            moved_on = any(now not in (ordered.name, ordered.former) for now, ordered in known)
            return Refusal.ILLEGAL if moved_on else None

        def back(place: Place) -> list[Order]:
            owner = former[place.ticket].former
            return [Order(place, Verb.ASSIGN, owner) if owner else Order(place, Verb.UNASSIGN)]

        return self._ask(actor, Action.TICKET_ASSIGN, list(former), back, check)

    def _change(
        self, actor: Actor, tickets: Sequence[int], verb: Verb, name: str = "", value: int = 0
    ) -> list[Ordered]:
        def check(_change: CommandChange, _places: Sequence[Place]) -> Refusal | None:
            return None if name or value else Refusal.NOTHING_SAID

        def orders(place: Place) -> list[Order]:
            return [Order(place, verb, name, int(value))]

        return self._ask(actor, Action.TICKET_CHANGE, tickets, orders, check)

    def _ask(
        self,
        actor: Actor,
        action: Action,
        tickets: Sequence[int],
        orders: Callable[[Place], list[Order]],
        check: Check = lambda _change, _places: None,
        also: Callable[[CommandChange, Actor, int], Mapping[str, object]] = lambda _change, _actor, _at: {},
    ) -> list[Ordered]:
        now, all_of_them = self._clock.now(), Target("ticket", ",".join(map(str, dict.fromkeys(tickets))))
        made: list[Ordered] = []
        with self._commands.change() as change:
            actor_now = change.standing(actor.name)
            decision = permit(change.record, now, actor_now, action, all_of_them)
            why = decision.refusal
            if why is None:
                places = change.places(tickets)
                if not tickets:
                    why = Refusal.NOTHING_SAID
                elif len(places) < len(set(tickets)):
                    why = Refusal.NO_SUCH_TICKET
                else:
                    why = check(change, places)
                if why is not None:
                    change.record(refusal(now, actor_now, action, all_of_them, why))
                else:
                    asked = [one for place in places for one in orders(place)]
                    made = change.order([self._addressed(one) for one in asked], actor_now.name, now)
                    more = also(change, actor_now, now)
                    _record(change, actor_now, action, decision, places, made, more)
        if why is not None:
            raise Refused(why)
        self._ordered()
        return made

    def _addressed(self, order: Order) -> Order:
        return order._replace(is_sent=order.verb not in OWN and order.place.source in self._connected())


def _record(
    change: CommandChange,
    actor: Actor,
    action: Action,
    decision: Decision,
    places: Sequence[Place],
    made: Sequence[Ordered],
    more: Mapping[str, object],
) -> None:
    """One row for each ticket. A note's words are not on the trail: the trail cannot be erased."""
    for place in places:
        asked = [ordered for ordered in made if ordered.ticket == place.ticket]
        after: dict[str, object] = {ordered.verb.value: ordered.name or ordered.value for ordered in asked}
        after["commands"] = [ordered.key for ordered in asked]
        before = {"assignee": place.assignee} if action is Action.TICKET_ASSIGN else None
        target = Target("ticket", str(place.ticket))
        at = asked[0].requested_at
        change.record(done(at, actor, action, target, decision, before=before, after={**after, **more}))
