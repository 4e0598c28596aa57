"""R-ROUTE: who gets what, as a fold of the log.

The floor is fed the log's events in their order and answers with decisions. It looks at no clock: its time is that of
the log, its timers fire when an event says that their time has come, and between equals a seed decides. So whoever
feeds it the same events gets the same decisions: the running console and a replay of the past alike.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from heapq import heappop, heappush

from console.clock import MINUTE
from console.models.domain.contacts import AgentState, Channel, Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.routing import Decision, Mode, Orders, RoutingRules, Rule, Why, fits
from console.models.domain.routing_contacts import Card, Happening
from console.models.domain.routing_people import WHOLE, Person, Told, chosen

ANSWER_WITHIN = MINUTE
"""An assignment that the log does not tell of by then did not come about."""

EXCLUDED_FOR = 5 * MINUTE
"""For so long nobody is asked again who could not be given a contact."""

_NO_PEOPLE = frozenset({Role.CUSTOMER, Role.BOT, Role.SYSTEM})
_THERE = frozenset({AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP})
_TRY, _ANSWER, _AWAY = range(3)
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

Found = tuple[Person, Why, str]


class RoutingFloor:
    """The floor, with no rules in force until `begin` or until the log tells of some."""

    def __init__(self) -> None:
        self.rules = RoutingRules()
        self.told_rules: RoutingRules | None = None
        """What the log said last; only `apply` of a floor that `follows` takes it over."""
        self.follows = False
        self.now = 0
        self.people: dict[int, Person] = {}
        self.cards: dict[int, Card] = {}
        self.line: list[tuple[int, int, int, int]] = []
        """The places of the contacts that wait for an owner, in their order."""
        self._former: dict[str, tuple[int, int]] = {}
        self._timers: list[tuple[int, int, int, int, int]] = []
        self._count = 0
        self._gained: list[Person] = []
        self._kinds: dict[tuple[object, ...], int] = {}
        self._able: dict[tuple[int, int], bool] = {}
        """By agent and kind of contact whether they may ever get one of it."""
        self._made: list[Decision] = []

    def begin(self, at: int, rules: RoutingRules) -> None:
        """From this instant on contacts are handed out by these rules; what waits already has its time to settle."""
        self.now = max(self.now, at)
        for person in self.people.values():
            person.begin_day(self.now)
        self._take(rules, self.now + ANSWER_WITHIN)

    def next_due(self) -> int | None:
        """When the next timer fires, None where none is set."""
        return self._timers[0][0] if self._timers else None

    def pass_time(self, until: int) -> list[Decision]:
        """Let timers fire that are due up to and including this instant, each at its own."""
        while self._timers and self._timers[0][0] <= until:
            due, _number, what, id_, stamp = heappop(self._timers)
            self.now = max(self.now, due)
            _FIRES[what](self, id_, stamp)
            self._fill()
        self.now = max(self.now, until)
        return self._decided()

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

    def person(self, agent: int) -> Person:
        """An agent, from now on known."""
        found = self.people.get(agent)
        if found is None:
            found = self.people[agent] = Person(agent)
        return found

    # -- the rules

    @property
    def is_on(self) -> bool:
        """Whether contacts are handed out at all."""
        return self.rules.mode is not Mode.OFF

    def _on_routing(self, happening: Happening) -> None:
        if isinstance(happening.told, Orders):
            self.told_rules = happening.told.rules
            if self.follows and self.told_rules != self.rules:
                self._take(self.told_rules, self.now)

    def _take(self, rules: RoutingRules, not_before: int) -> None:
        self.rules = rules
        self._timers.clear()
        self._kinds.clear()
        self._able.clear()
        for person in self.people.values():
            person.taken = -1
        for card in self.cards.values():
            self._leave_line(card)
            # What was asked for under the former rules has its time to be answered, too.
            if card.asked:
                self._timer(self.now + ANSWER_WITHIN, _ANSWER, card.ticket, card.stamp)
        for person in self.people.values():
            self._watch_absence(person)
        for card in list(self.cards.values()):
            card.is_suggested = False
            if self._wants_owner(card):
                card.since = card.since or self.now
                card.due = max(card.since + self._patience(card), not_before)
                self._enter_line(card)

    # -- timers

    def _timer(self, due: int, what: int, id_: int, stamp: int) -> None:
        self._count += 1
        heappush(self._timers, (due, self._count, what, id_, stamp))

    def _on_try(self, ticket: int, stamp: int) -> None:
        card = self.cards[ticket]
        if card.stamp == stamp:
            self._try(card)

    def _on_answer(self, ticket: int, stamp: int) -> None:
        card = self.cards[ticket]
        if card.asked and card.stamp == stamp:
            self._not_taken(card, card.asked)

    def _on_away(self, agent: int, since: int) -> None:
        person = self.people[agent]
        if person.absent_since != since:
            return
        for ticket in sorted(person.holding):
            self._take_back(self.cards[ticket])

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

    def _learn_queue(self, person: Person, queue: str) -> None:
        if person.skills is None and queue not in person.served:
            person.served.add(queue)
            self._able.clear()

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

    def _watch_absence(self, person: Person) -> None:
        if self.is_on and self.rules.take_back_after and person.absent_since >= 0:
            due = max(person.absent_since + self.rules.take_back_after, self.now)
            self._timer(due, _AWAY, person.agent, person.absent_since)

    # -- places and the line

    def _revise(self, card: Card, *, is_other: bool = False) -> None:
        """After anything about a contact: whose place it takes, and whether it waits for an owner."""
        holder = card.asked or (card.owner if card.is_at_work else 0)
        if holder != card.held_by:
            if card.held_by:
                self._free(card.held_by, card)
            card.held_by = holder
        if holder:
            self.person(holder).hold(card.ticket, card.channel)
        wants = self._wants_owner(card)
        if card.key is not None and (not wants or is_other):
            self._leave_line(card)
        if wants and card.key is None:
            if not card.is_taken_back:
                card.since = card.since or self.now
            card.due = max(card.due, card.since + self._patience(card))
            self._enter_line(card)
        elif not wants and holder and holder == card.owner:
            self._take_back_late(card)

    def _free(self, agent: int, card: Card) -> None:
        person = self.people[agent]
        person.free(card.ticket)
        self._gained.append(person)

    def _wants_owner(self, card: Card) -> bool:
        if not card.is_born or card.asked or card.is_suggested or not card.is_at_work:
            return False
        if card.owner and not card.is_taken_back:
            return False
        return self.is_on and card.channel in self.rules.channels

    def _patience(self, card: Card) -> int:
        return 0 if card.is_taken_back else self.rules.after

    def _enter_line(self, card: Card) -> None:
        card.stamp += 1
        card.key = card.place_in_line()
        insort(self.line, card.key)
        card.matching = tuple(rule for rule in self.rules.rules if fits(rule, card.traits))
        alike = (card.queue, card.language, *(rule.name for rule in card.matching))
        card.kind = self._kinds.setdefault(alike, len(self._kinds) + 1)
        for due in self._opens(card):
            if due > self.now:
                self._timer(due, _TRY, card.ticket, card.stamp)
        self._try(card)

    def _opens(self, card: Card) -> list[int]:
        """The instants at which more people may get it."""
        found = [card.due, *card.excluded.values()]
        if card.former:
            found.append(card.due + self.rules.previous_wait)
        open_at = card.due
        for rule in card.matching:
            if not rule.widen_after:
                break
            open_at += rule.widen_after
            found.append(open_at)
        return sorted(set(found))

    def _leave_line(self, card: Card) -> None:
        if card.key is not None:
            del self.line[bisect_left(self.line, card.key)]
            card.key = None
            card.stamp += 1

    def _waiting(self) -> list[Card]:
        return [self.cards[place[3]] for place in self.line]

    def _take_back(self, card: Card) -> None:
        if card.owner and not card.is_taken_back and card.held_by == card.owner and not card.is_over:
            card.is_taken_back = True
            card.since = card.due = self.now
            card.is_suggested = False
            self._revise(card)

    def _take_back_late(self, card: Card) -> None:
        """A contact that comes back to work while its owner has long been away."""
        after, person = self.rules.take_back_after, self.person(card.owner)
        away = person.absent_since >= 0 and self.now - person.absent_since >= after
        if self.is_on and after and away and card.channel in self.rules.channels:
            self._take_back(card)

    def _not_taken(self, card: Card, agent: int) -> None:
        """It could not be given to somebody: others are asked, and this one not for a while."""
        card.excluded[agent] = self.now + EXCLUDED_FOR
        if card.asked == agent:
            card.asked = 0
            self._revise(card)
        elif card.key is not None:
            self._timer(card.excluded[agent], _TRY, card.ticket, card.stamp)

    def _remember(self, card: Card) -> None:
        if card.customer and card.owner:
            self._former[card.customer] = (card.owner, self.now)

    # -- decisions

    def _fill(self) -> None:
        """Whoever has got room takes what waits."""
        while self._gained:
            person = self._gained.pop(0)
            if not self.is_on or not person.is_there:
                continue
            for card in self._waiting():
                if person.used(self.rules.places) >= WHOLE or person.wraps_up:
                    break
                if card.key is not None and self._may_ever(person, card):
                    self._try(card, (person,))

    def _may_ever(self, person: Person, card: Card) -> bool:
        """Whether anything but time and room stands between them: most of the line is for others."""
        found = self._able.get((person.agent, card.kind))
        if found is None:
            meant = any(person.is_meant(rule, card.queue) for rule in card.matching)
            found = person.speaks(card.language) and (meant or person.serves(card.queue) or person.helps_in(card.queue))
            self._able[person.agent, card.kind] = found
        return found

    def _try(self, card: Card, people: Sequence[Person] | None = None) -> None:
        if self.is_on and card.key is not None and self.now >= card.due:
            asked = tuple(self.people.values()) if people is None else people
            found = self._find(card, [person for person in asked if self._can(person, card)])
            if found is not None:
                self._give(card, *found)

    def _can(self, person: Person, card: Card) -> bool:
        return (
            self._may_ever(person, card)
            and person.agent != card.owner
            and person.has_room(card.channel, self.rules.places)
            and card.excluded.get(person.agent, 0) <= self.now
        )

    def _find(self, card: Card, free: list[Person]) -> Found | None:
        former = self._awaited(card)
        if former is not None:
            return (former, Why.FORMER, "") if former in free else None
        open_at = card.due
        for rule in card.matching:
            if self.now < open_at:
                return None
            meant = [person for person in free if person.is_meant(rule, card.queue)]
            if meant:
                return self._chosen(card, meant, rule), Why.RULE, rule.name
            if not rule.widen_after:
                return None
            open_at += rule.widen_after
        if self.now < open_at:
            return None
        own = [person for person in free if person.serves(card.queue)]
        if own:
            return self._chosen(card, own), Why.SERVES, ""
        helpers = [person for person in free if person.helps_in(card.queue)]
        return (self._chosen(card, helpers), Why.HELPS, "") if helpers else None

    def _awaited(self, card: Card) -> Person | None:
        """The customer's former owner, while the contact waits for them."""
        person = self.people.get(card.former)
        if person is None or not person.is_there or self.now >= card.due + self.rules.previous_wait:
            return None
        knows = person.serves(card.queue) or person.helps_in(card.queue)
        able = knows and person.speaks(card.language) and person.agent != card.owner
        return person if able and card.excluded.get(person.agent, 0) <= self.now else None

    def _chosen(self, card: Card, people: list[Person], rule: Rule | None = None) -> Person:
        rules = self.rules
        strategy = (rule.strategy if rule is not None else None) or rules.strategy
        return chosen(people, strategy, self.now, card.ticket, rules.places, rules.seed)

    def _give(self, card: Card, person: Person, why: Why, rule: str) -> None:
        former = card.owner if card.is_taken_back else 0
        waited = self.now - card.since
        self._leave_line(card)
        self._made.append(
            Decision(card.ticket, person.agent, self.now, former, waited, why, rule, card.queue),
        )
        if self.rules.mode is Mode.SUGGEST:
            card.is_suggested = True
            return
        person.given += 1
        person.last_given = self.now
        card.asked = person.agent
        self._timer(self.now + ANSWER_WITHIN, _ANSWER, card.ticket, card.stamp)
        self._revise(card)

    def _decided(self) -> list[Decision]:
        made, self._made = self._made, []
        return made


_FIRES: dict[int, Callable[[RoutingFloor, int, int], None]] = {
    _TRY: RoutingFloor._on_try,
    _ANSWER: RoutingFloor._on_answer,
    _AWAY: RoutingFloor._on_away,
}
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
