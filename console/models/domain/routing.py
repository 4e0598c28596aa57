"""R-ROUTE: the rules by which contacts without an owner are handed out, as data.

Rules are asked in their order. One that fits a contact names who may get it: people of some teams, people who serve
some queues, or without either those who serve the contact's own queue. When none of them has had room for
``widen_after``, the next rule that fits is asked as well, and behind the last one everybody who serves the contact's
queue, then everybody who helps out in it. A language that somebody does not speak, and a lead, are never asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from console.i18n import N_, _
from console.models.domain.contacts import Channel, Code, ComplaintTier, InquiryType, Language, Tier
from console.models.domain.events import ROUTING_SOURCE
from console.models.domain.skills import Level

ROUTER = ROUTING_SOURCE
"""Who asks for an assignment where no person does: the actor of its commands and of its rows on the trail."""


class Mode(Enum):
    """What the console does with contacts that nobody has."""

    OFF = "off"
    SUGGEST = "suggest"
    """It writes on the ticket whom it would give it to."""
    ASSIGN = "assign"


class Strategy(Enum):
    """Who gets a contact among several who may, and have room."""

    LEAST_LOADED = "least_loaded"
    """The one with the most room."""
    LEAST_TODAY = "least_today"
    """The one with the fewest contacts of the day per hour there and per place."""
    LONGEST_FREE = "longest_free"
    """The one whose last contact came longest ago."""
    SENIOR_FIRST = "senior_first"
    """Always in the same order: the most trusted first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. What is empty asks for nothing; `UNCLASSIFIED` and the like stand for what nobody has said yet.
    ``widen_after`` (microseconds) is for how long a contact is kept for these people; 0: for ever."""

    name: str
    types: frozenset[InquiryType] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    languages: frozenset[Language] = frozenset()
    channels: frozenset[Channel] = frozenset()
    queues: frozenset[str] = frozenset()
    complaints: frozenset[ComplaintTier] = frozenset()
    to_teams: frozenset[str] = frozenset()
    to_queues: frozenset[str] = frozenset()
    least_level: Level = Level.UNKNOWN
    strategy: Strategy | None = None
    widen_after: int = 0


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """Everything that decides who gets what; times are microseconds.

    ``places`` is by the codes of `Channel` how many contacts of it one person works on at once. Each contact takes its
    part of a person on whatever channel, so that who is full on one is not free for another. ``after`` is how long the
    source has to find an owner itself. A customer's former owner is preferred where the last contact was within
    ``previous_within`` (0: never), and waited for ``previous_wait`` at most. What the owner of is away from for
    ``take_back_after`` (0: never) is given to somebody else. ``seed`` decides between equals.
    """

    mode: Mode = Mode.OFF
    rules: tuple[Rule, ...] = ()
    strategy: Strategy = Strategy.LEAST_LOADED
    places: tuple[int, ...] = (1,) * len(Channel)
    channels: frozenset[Channel] = frozenset(Channel)
    after: int = 0
    previous_within: int = 0
    previous_wait: int = 0
    take_back_after: int = 0
    seed: int = 1


class Why(Enum):
    """What decided; English sources of the catalogue."""

    FORMER = N_("had this customer before")
    RULE = N_("rule {rule}")
    SERVES = N_("serves queue {queue}")
    HELPS = N_("helps out in queue {queue}")


class Decision(NamedTuple):
    """Who is to get a contact, from whom it is taken back (0: nobody has it), and why. ``at`` is the instant of the
    log, ``waited`` since when nobody had it or its owner was away, in microseconds."""

    ticket: int
    agent: int
    at: int
    former: int
    waited: int
    why: Why
    rule: str
    queue: str

    @property
    def words(self) -> str:
        """The reason, in the language in use."""
        said = _(self.why.value).format(rule=self.rule, queue=self.queue)
        return _("the owner is away; {reason}").format(reason=said) if self.former else said


class Traits(NamedTuple):
    """What rules ask of a contact; ``queue`` by its name."""

    type: int = 0
    tier: int = 0
    language: int = 0
    channel: int = 0
    complaint: int = 0
    queue: str = ""


def fits(rule: Rule, contact: Traits) -> bool:
    """Whether a rule is about this contact."""
    asked = (
        (rule.types, contact.type),
        (rule.tiers, contact.tier),
        (rule.languages, contact.language),
        (rule.channels, contact.channel),
        (rule.complaints, contact.complaint),
        (rule.queues, contact.queue),
    )
    return all(not wanted or value in wanted for wanted, value in asked)


def unknown_names(rules: Iterable[Rule], queues: Collection[str], teams: Collection[str]) -> tuple[str, ...]:
    """Names that rules ask for and no queue or team has, each once, in the order of the rules."""
    missed: dict[str, None] = {}
    for rule in rules:
        for asked, known in ((rule.queues, queues), (rule.to_teams, teams), (rule.to_queues, queues)):
            missed |= dict.fromkeys(sorted(name for name in asked if name not in known))
    return tuple(missed)


_CODES = ("types", "tiers", "languages", "channels", "complaints")
_WORDS = ("queues", "to_teams", "to_queues")


@dataclass(frozen=True, slots=True)
class Orders:
    """What the log is told of the rules in force, and back."""

    rules: RoutingRules = field(default_factory=RoutingRules)

    def detail(self) -> dict[str, object]:
        """As plain values."""
        told = self.rules
        return {
            "mode": told.mode.value,
            "strategy": told.strategy.value,
            "places": list(told.places),
            "channels": sorted(channel.key for channel in told.channels),
            "after": told.after,
            "previous_within": told.previous_within,
            "previous_wait": told.previous_wait,
            "take_back_after": told.take_back_after,
            "seed": told.seed,
            "rules": [_rule_detail(rule) for rule in told.rules],
        }

    @classmethod
    def of(cls, detail: Mapping[str, Any]) -> Orders:
        """From plain values; raises KeyError, ValueError or TypeError for what another version has written."""
        return cls(
            RoutingRules(
                mode=Mode(detail["mode"]),
                rules=tuple(_rule_of(told) for told in detail["rules"]),
                strategy=Strategy(detail["strategy"]),
                places=tuple(int(count) for count in detail["places"]),
                channels=frozenset(Channel(Channel.of(key)) for key in detail["channels"]),
                after=int(detail["after"]),
                previous_within=int(detail["previous_within"]),
                previous_wait=int(detail["previous_wait"]),
                take_back_after=int(detail["take_back_after"]),
                seed=int(detail["seed"]),
            )
        )


def _rule_detail(rule: Rule) -> dict[str, object]:
    told: dict[str, object] = {"name": rule.name, "widen_after": rule.widen_after}
    told |= {name: sorted(code.key for code in getattr(rule, name)) for name in _CODES}
    told |= {name: sorted(getattr(rule, name)) for name in _WORDS}
    told["least_level"] = rule.least_level.key
    told["strategy"] = rule.strategy.value if rule.strategy else ""
    return told


C = TypeVar("C", bound=Code)


def _rule_of(told: Mapping[str, Any]) -> Rule:
    def codes(name: str, kind: type[C]) -> frozenset[C]:
        return frozenset(kind(kind.of(key)) for key in told[name])

    return Rule(
        name=str(told["name"]),
        types=codes("types", InquiryType),
        tiers=codes("tiers", Tier),
        languages=codes("languages", Language),
        channels=codes("channels", Channel),
        complaints=codes("complaints", ComplaintTier),
        queues=frozenset(told["queues"]),
        to_teams=frozenset(told["to_teams"]),
        to_queues=frozenset(told["to_queues"]),
        least_level=Level(Level.of(told["least_level"])),
        strategy=Strategy(told["strategy"]) if told["strategy"] else None,
        widen_after=int(told["widen_after"]),
    )
