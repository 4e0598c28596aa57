"""R-ROUTE: a list of routing rules as a value of the policy: one table for each rule.

What a rule asks of a contact (``types``, ``tiers``, ``languages``, ``channels``, ``queues``, ``complaints``) and who
gets it then (``to_teams``, ``to_queues``, ``least_level``), by which ``strategy``, and for how long it is kept for them
(``widen_after``). All but ``name`` may be left out, but somebody must be named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from console.i18n import N_, _
from console.models.domain.contacts import Channel, Code, ComplaintTier, InquiryType, Language, Tier
from console.models.domain.routing import Rule, Strategy
from console.models.domain.skills import Level
from console.models.policy.kinds import DURATION_OR_OFF, OFF, Kind, Wrong, one_of, several_of

C = TypeVar("C", bound=Code)

CONDITIONS: Mapping[str, type[Code]] = {
    "types": InquiryType,
    "tiers": Tier,
    "languages": Language,
    "channels": Channel,
    "complaints": ComplaintTier,
}
"""What a rule may ask of a contact, by words of the vocabulary."""
NAMED = ("queues", "to_teams", "to_queues")
"""The same, and who gets it, by names of the site."""
LEVELS = ("junior", "regular", "senior")
STRATEGIES = tuple(strategy.value for strategy in Strategy)
MODES = {"people": "off", "suggest": "suggest", "assign": "assign"}
"""Words of the policy, and those of `routing.Mode`."""

_KNOWN = ("name", *CONDITIONS, *NAMED, "least_level", "strategy", "widen_after")
_WRITE = N_('Write a list of rules: [{name = "Payment", types = ["billing_payment"], to_teams = ["Payment"]}].')


def words_of(codes: type[Code]) -> tuple[str, ...]:
    """Every word of a vocabulary; the first one is for what nobody has said."""
    return tuple(code.key for code in codes)


def _rules(value: Any) -> tuple[Rule, ...]:
    if not isinstance(value, list):
        raise Wrong(_("it is not a list of rules"), _(_WRITE))
    found: list[Rule] = []
    for place, told in enumerate(value):
        rule = _inside(place, _rule, told)
        if any(rule.name == other.name for other in found):
            raise Wrong(
                _("there are two rules named {name}").format(name=rule.name),
                _("Give each rule a name of its own."),
                (place, "name"),
            )
        found.append(rule)
    return tuple(found)


def _rule(value: Any) -> Rule:
    if not isinstance(value, Mapping):
        raise Wrong(_("it is not a rule"), _(_WRITE))
    for word in value:
        if word not in _KNOWN:
            write = _("Write some of: {words}.").format(words=", ".join(_KNOWN))
            raise Wrong(_("a rule has no {word}").format(word=word), write, (word,))
    name = value.get("name", "")
    if not isinstance(name, str) or not name.strip():
        raise Wrong(_("the rule has no name"), _("Give it a name that the people on the floor know."), ("name",))
    rule = Rule(
        name.strip(),
        types=_codes(value, "types", InquiryType),
        tiers=_codes(value, "tiers", Tier),
        languages=_codes(value, "languages", Language),
        channels=_codes(value, "channels", Channel),
        complaints=_codes(value, "complaints", ComplaintTier),
        queues=_names(value, "queues"),
        to_teams=_names(value, "to_teams"),
        to_queues=_names(value, "to_queues"),
        least_level=_level(value),
        strategy=_strategy(value),
        widen_after=_inside("widen_after", DURATION_OR_OFF.read, value.get("widen_after", OFF)),
    )
    if not (rule.to_teams or rule.to_queues or rule.least_level or rule.strategy):
        raise Wrong(
            _("rule {name} does not say who gets the contact").format(name=rule.name),
            _("Name teams, queues, the least level or a way to choose."),
        )
    return rule


def _codes(told: Mapping[str, Any], name: str, codes: type[C]) -> frozenset[C]:
    words = _inside(name, several_of(*words_of(codes)).read, told.get(name, []))
    return frozenset(codes(codes.of(word)) for word in words)


def _names(told: Mapping[str, Any], name: str) -> frozenset[str]:
    def read(value: Any) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise Wrong(_("it is not a list of names"), _('Write names in quotes: ["Payment", "Returns"].'))
        return frozenset(each.strip() for each in value)

    return frozenset(_inside(name, read, told.get(name, [])))


def _level(told: Mapping[str, Any]) -> Level:
    if "least_level" not in told:
        return Level.UNKNOWN
    return Level(Level.of(_inside("least_level", one_of(*LEVELS).read, told["least_level"])))


def _strategy(told: Mapping[str, Any]) -> Strategy | None:
    if "strategy" not in told:
        return None
    return Strategy(_inside("strategy", one_of(*STRATEGIES).read, told["strategy"]))


def _inside(name: str | int, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except Wrong as error:
        raise Wrong(error.what, error.write, (name, *error.at)) from error


RULES = Kind(N_("list of rules"), _rules)
