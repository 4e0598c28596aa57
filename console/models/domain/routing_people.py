"""R-ROUTE: the people on the floor as the routing sees them: who is there, how full, and who may get what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from zlib import crc32

from console.clock import HOUR
from console.models.domain.contacts import LIVE_CHANNELS, Language
from console.models.domain.routing import Rule, Strategy
from console.models.domain.skills import Level

WHOLE = 1_000_000
"""A person's parts: contacts take so many of them that all places of a channel together take the whole person."""

_LIVE = frozenset(int(channel) for channel in LIVE_CHANNELS)


class Told(NamedTuple):
    """What a source tells of an agent. ``skills`` and ``helps`` are names of queues; None where it tells no skills."""

    team: str = ""
    level: Level = Level.UNKNOWN
    skills: frozenset[str] | None = None
    helps: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset()


class Person:
    """One agent. Times are microseconds of the log."""

    __slots__ = (
        "absent_since",
        "agent",
        "given",
        "helps",
        "holding",
        "is_there",
        "languages",
        "last_given",
        "level",
        "limit",
        "served",
        "skills",
        "taken",
        "team",
        "there_before",
        "there_since",
        "wraps_up",
    )

    def __init__(self, agent: int) -> None:
        self.agent = agent
        self.team = ""
        self.level = Level.UNKNOWN
        self.skills: frozenset[str] | None = None
        self.helps: frozenset[str] = frozenset()
        self.languages: frozenset[Language] = frozenset()
        self.limit = 0
        self.is_there = self.wraps_up = False
        self.absent_since = -1
        """Since when they are away; -1 while they are there, or nobody has said."""
        self.holding: dict[int, int] = {}
        """What keeps them busy: ticket and channel; changed by `hold` and `free` alone."""
        self.taken = -1
        """How much of them is taken; -1 where it has to be summed anew."""
        self.served: set[str] = set()
        """Queues of which they had contacts."""
        self.given = self.last_given = 0
        self.there_since = self.there_before = 0

    def tell(self, told: Told) -> None:
        """A log-in says who they are."""
        self.team, self.level, self.languages = told.team, told.level, told.languages
        self.tell_queues(told)

    def tell_queues(self, told: Told) -> None:
        """What they serve from now on; nothing changes where a source tells no skills."""
        if told.skills is not None:
            self.skills, self.helps = told.skills, told.helps

    def hold(self, ticket: int, channel: int) -> None:
        """A contact takes its part of them."""
        self.holding[ticket] = channel
        self.taken = -1

    def free(self, ticket: int) -> None:
        """It gives its part back."""
        self.holding.pop(ticket, None)
        self.taken = -1

    def come(self, at: int) -> None:
        """They are at their seat."""
        if not self.is_there:
            self.is_there, self.absent_since, self.there_since = True, -1, at

    def leave(self, at: int) -> None:
        """They are not."""
        if self.is_there:
            self.there_before += at - self.there_since
        if self.is_there or self.absent_since < 0:
            self.absent_since = at
        self.is_there = False

    def begin_day(self, at: int) -> None:
        """What they had before counts no more."""
        self.given = self.there_before = 0
        self.there_since = at

    def hours_there(self, at: int) -> float:
        """Of this day."""
        return (self.there_before + (at - self.there_since if self.is_there else 0)) / HOUR

    def part(self, channel: int, places: Sequence[int]) -> int:
        """What a contact of a channel takes of this person: a limit of their own may make it more, never less. A letter
        takes no seat, so that limit does not count there."""
        most = places[channel]
        if self.limit and channel in _LIVE:
            most = min(most, self.limit)
        return WHOLE // most

    def used(self, places: Sequence[int]) -> int:
        """How much of this person is taken."""
        if self.taken < 0:
            self.taken = sum(self.part(channel, places) for channel in self.holding.values())
        return self.taken

    def has_room(self, channel: int, places: Sequence[int]) -> bool:
        """Whether one more contact of this channel keeps them within their places over all channels together."""
        if not self.is_there or self.wraps_up:
            return False
        return self.used(places) + self.part(channel, places) <= WHOLE

    def speaks(self, language: int) -> bool:
        """Whether a customer's language is theirs; nobody asks where either is not told."""
        return language == Language.UNKNOWN or not self.languages or language in self.languages

    def serves(self, queue: str) -> bool:
        """Whether a queue is theirs; where no source tells skills, one that they had contacts of, or none yet."""
        if self.level is Level.LEAD:
            return False
        if self.skills is None:
            return not self.served or queue in self.served
        return queue in self.skills

    def helps_in(self, queue: str) -> bool:
        """Whether they help out in a queue."""
        return self.level is not Level.LEAD and queue in self.helps

    def is_meant(self, rule: Rule, queue: str) -> bool:
        """Whether a rule means this person for a contact of that queue."""
        if self.level is Level.LEAD or self.level < rule.least_level:
            return False
        if rule.to_teams and self.team not in rule.to_teams:
            return False
        if rule.to_queues:
            return any(self.serves(each) for each in rule.to_queues)
        return bool(rule.to_teams) or self.serves(queue)


def chosen(
    people: Iterable[Person], strategy: Strategy, at: int, ticket: int, places: Sequence[int], seed: int
) -> Person:
    """Who of these gets a contact; the seed decides between equals, the same way every time."""
    by: Callable[[Person], float] = {
        Strategy.LEAST_LOADED: lambda one: float(one.used(places)),
        Strategy.LEAST_TODAY: lambda one: (one.given + 1) / (one.hours_there(at) + 1) / (one.limit or 1),
        Strategy.LONGEST_FREE: lambda one: float(one.last_given),
        Strategy.SENIOR_FIRST: lambda one: float(-one.level),
    }[strategy]
    # In a fixed order the same people are equal every time, whatever the contact is.
    salt = 0 if strategy is Strategy.SENIOR_FIRST else ticket
    return min(people, key=lambda one: (by(one), crc32(b"%d %d %d" % (seed, salt, one.agent)), one.agent))
