"""R-ROUTE: who gets what, as a fold of the log.

The floor is fed the log's events in their order and answers with decisions. It looks at no clock: its time is that of
the log, its timers fire when an event says that their time has come, and between equals a seed decides. So whoever
feeds it the same events gets the same decisions: the running console and a replay of the past alike.
"""

from __future__ import annotations

from collections.abc import Callable

from console.models.domain.contacts import AgentState, Channel, Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.routing import Decision, Orders
from console.models.domain.routing_contacts import Card, Happening
from console.models.domain.routing_line import RoutingLine
from console.models.domain.routing_people import Person, Told

_NO_PEOPLE = frozenset({Role.CUSTOMER, Role.BOT, Role.SYSTEM})
_THERE = frozenset({AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP})
_BECOMES = {
    Kind.REOPENED: Status.OPEN,
    Kind.MERGED: Status.CLOSED,
    Kind.ABANDONED: Status.CLOSED,
    Kind.TIMED_OUT: Status.CLOSED,
    Kind.DELETED: Status.DELETED,
}
_SETS = {
    Kind.PRIORITY_CHANGED: "priority",
    Kind.TYPE_CHANGED: "type",
    Kind.TIER_CHANGED: "tier",
    Kind.CHANNEL_CHANGED: "channel",
    Kind.COMPLAINT: "complaint",
}


class RoutingFloor(RoutingLine):
    """What happens, and what it does to the line. Rules are in force from `begin` on, or on a floor that `follows` from
    when the log tells of some."""

    def apply(self, happening: Happening) -> list[Decision]:
        """Take in the next event; `pass_time` to its instant comes first."""
        self.now = max(self.now, happening.at)
        kind = Kind(happening.kind)
        if kind is Kind.ROUTING:
            self._on_routing(happening)
        elif kind < FIRST_AGENT_KIND:
            handler = _TICKET.get(kind)
            if handler is not None:
                card = self.cards.get(happening.subject)
                if card is None:
                    card = self.cards[happening.subject] = Card(happening.subject)
                handler(self, card, happening)
        elif kind in _AGENT:
            _AGENT[kind](self, self.person(happening.subject), happening)
        self._fill()
        return self._decided()

    def feed(self, happening: Happening) -> list[Decision]:
        """`pass_time` and `apply`."""
        return self.pass_time(happening.at) + self.apply(happening)

    def _on_routing(self, happening: Happening) -> None:
        if isinstance(happening.told, Orders):
            self.told_rules = happening.told.rules
            if self.follows and self.told_rules != self.rules:
                self._take(self.told_rules, self.now)

    # -- what happens to contacts

    def _created(self, card: Card, happening: Happening) -> None:
        card.be_born(happening)
        card.since = card.since or self.now
        had = self._former.get(card.customer) if card.customer else None
        if had is not None and self.now - had[1] <= self.rules.previous_within:
            card.former = had[0]
        self._revise(card)

    def _assigned(self, card: Card, happening: Happening) -> None:
        agent = happening.value
        asked, card.asked = card.asked, 0
        if agent not in (asked, card.owner):
            person = self.person(agent)
            person.given += 1
            person.last_given = self.now
        card.owner = agent
        card.is_suggested = card.is_taken_back = False
        card.former = 0
        self._learn_queue(self.person(agent), card.queue)
        self._remember(card)
        self._revise(card)

    def _unassigned(self, card: Card, _happening: Happening) -> None:
        # Whoever gives it back does not get it again.
        card.owner = card.asked = card.former = 0
        card.is_suggested = card.is_taken_back = False
        card.since = self.now
        self._revise(card)

    def _status(self, card: Card, status: int) -> None:
        was_over, card.status = card.is_over, status
        if card.is_over:
            card.waits = card.is_taken_back = False
            card.asked = 0
            if not was_over:
                self._remember(card)
        elif was_over:
            card.since = self.now
        self._revise(card)

    def _status_changed(self, card: Card, happening: Happening) -> None:
        self._status(card, happening.value if happening.value < len(Status) else int(Status.UNKNOWN))

    def _becomes(self, card: Card, happening: Happening) -> None:
        self._status(card, int(_BECOMES[Kind(happening.kind)]))

    def _ended(self, card: Card, _happening: Happening) -> None:
        if card.channel == Channel.PHONE and not card.is_over:
            self._status(card, int(Status.CLOSED))

    def _set(self, card: Card, happening: Happening) -> None:
        setattr(card, _SETS[Kind(happening.kind)], happening.value)
        self._revise(card, is_other=True)

    def _queue_changed(self, card: Card, happening: Happening) -> None:
        card.queue = happening.text
        self._revise(card, is_other=True)

    def _wrote(self, card: Card, _happening: Happening) -> None:
        if not card.waits and not card.is_over:
            card.waits = True
            self._revise(card)

    def _replied(self, card: Card, happening: Happening) -> None:
        if card.waits and happening.role not in _NO_PEOPLE:
            card.waits = False
            self._revise(card)

    def _offer_missed(self, card: Card, happening: Happening) -> None:
        self._not_taken(card, happening.actor)

    # -- what agents do

    def _login(self, person: Person, happening: Happening) -> None:
        person.limit, person.taken = happening.value, -1
        self._able.clear()
        if isinstance(happening.told, Told):
            person.tell(happening.told)
        self._comes(person, wraps_up=False)

    def _queues(self, person: Person, happening: Happening) -> None:
        if isinstance(happening.told, Told):
            person.tell_queues(happening.told)
            self._able.clear()
            self._gained.append(person)

    def _agent_state(self, person: Person, happening: Happening) -> None:
        if happening.value in _THERE:
            self._comes(person, wraps_up=happening.value == AgentState.WRAP_UP)
        else:
            self._leaves(person)

    def _returns(self, person: Person, _happening: Happening) -> None:
        self._comes(person, wraps_up=False)

    def _goes(self, person: Person, _happening: Happening) -> None:
        self._leaves(person)

    def _comes(self, person: Person, *, wraps_up: bool) -> None:
        is_new = not person.is_there
        had_no_hands = person.wraps_up
        person.come(self.now)
        person.wraps_up = wraps_up
        if is_new:
            for card in list(self.cards.values()) if self.is_on else ():
                if card.is_taken_back and card.owner == person.agent:
                    card.is_taken_back = False
                    self._revise(card)
        if is_new or (had_no_hands and not wraps_up):
            self._gained.append(person)

    def _leaves(self, person: Person) -> None:
        was_there = person.is_there or person.absent_since < 0
        person.leave(self.now)
        person.wraps_up = False
        if was_there:
            self._watch_absence(person)
            for card in self._waiting():
                if card.former == person.agent:
                    self._try(card)


_TICKET: dict[Kind, Callable[[RoutingFloor, Card, Happening], None]] = {
    Kind.CREATED: RoutingFloor._created,
    Kind.ASSIGNED: RoutingFloor._assigned,
    Kind.UNASSIGNED: RoutingFloor._unassigned,
    Kind.STATUS_CHANGED: RoutingFloor._status_changed,
    Kind.QUEUE_CHANGED: RoutingFloor._queue_changed,
    Kind.CUSTOMER_MESSAGE: RoutingFloor._wrote,
    Kind.PUBLIC_REPLY: RoutingFloor._replied,
    Kind.OFFER_MISSED: RoutingFloor._offer_missed,
    Kind.ENDED: RoutingFloor._ended,
    **dict.fromkeys(_BECOMES, RoutingFloor._becomes),
    **dict.fromkeys(_SETS, RoutingFloor._set),
}
_AGENT: dict[Kind, Callable[[RoutingFloor, Person, Happening], None]] = {
    Kind.AGENT_LOGIN: RoutingFloor._login,
    Kind.AGENT_QUEUES: RoutingFloor._queues,
    Kind.AGENT_STATE: RoutingFloor._agent_state,
    Kind.AGENT_PAUSED: RoutingFloor._goes,
    Kind.AGENT_LOGOUT: RoutingFloor._goes,
    Kind.AGENT_UNPAUSED: RoutingFloor._returns,
}
HEARD = frozenset({*_TICKET, *_AGENT, Kind.ROUTING})
"""The kinds that change anything here."""
