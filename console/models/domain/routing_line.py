"""R-ROUTE: the line of contacts that wait for an owner, the people who may get them, and what is decided.

It knows nothing of events: `RoutingFloor` tells it what happens.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from heapq import heappop, heappush

from console.clock import MINUTE
from console.models.domain.routing import Decision, Mode, RoutingRules, Rule, Why, fits
from console.models.domain.routing_contacts import Card
from console.models.domain.routing_people import WHOLE, Person, chosen

ANSWER_WITHIN = MINUTE
"""An assignment that the log does not tell of by then did not come about."""

EXCLUDED_FOR = 5 * MINUTE
"""For so long nobody is asked again who could not be given a contact."""

_TRY, _ANSWER, _AWAY = range(3)

Found = tuple[Person, Why, str]


class RoutingLine:
    """People, contacts and the line between them, with no rules in force until `begin`. Times are those of the log."""

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

    def _learn_queue(self, person: Person, queue: str) -> None:
        if person.skills is None and queue not in person.served:
            person.served.add(queue)
            self._able.clear()

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


_FIRES: dict[int, Callable[[RoutingLine, int, int], None]] = {
    _TRY: RoutingLine._on_try,
    _ANSWER: RoutingLine._on_answer,
    _AWAY: RoutingLine._on_away,
}
