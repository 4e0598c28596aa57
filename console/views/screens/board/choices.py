"""What the board can be filtered by, as a table: each row knows its choices and its place in a `Filter`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from console.i18n import N_, _
from console.models.domain.contacts import (
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    Group,
    InquiryType,
    Language,
    Priority,
    Status,
    Tier,
)
from console.models.domain.glossary import word
from console.models.live.filters import Filter, Scope, Urgency
from console.models.live.names import Names
from console.models.queries.facets import GROUPS

Keys = frozenset[int]
_SOON, _BREACHED = 1, 2
_READ, _PROMISED, _BROKEN, _CLOSING = 1, 2, 3, 4
_URGENCY = {
    frozenset[int](): Urgency.ANY,
    frozenset({_SOON}): Urgency.SOON,
    frozenset({_BREACHED}): Urgency.BREACHED,
    frozenset({_SOON, _BREACHED}): Urgency.SOON_OR_BREACHED,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One dropdown. ``facet`` is its name in `facets`, empty where its choices are not counted; ``options`` gives pairs
    of key and words in their order."""

    key: str
    title: str
    facet: str
    options: Callable[[Names], list[tuple[int, str]]]
    get: Callable[[Filter], Keys]
    put: Callable[[Filter, Keys], Filter]


def _coded(codes: type[Code], order: Iterable[int] = ()) -> Callable[[Names], list[tuple[int, str]]]:
    wanted = tuple(order) or tuple(int(code) for code in codes)
    return lambda _names: [(code, word(codes(code))) for code in wanted]


def _named(dimension: str, nobody: str) -> Callable[[Names], list[tuple[int, str]]]:
    def options(names: Names) -> list[tuple[int, str]]:
        known = [(id_, names.text(dimension, id_)) for id_ in range(1, names.size(dimension))]
        known = sorted((pair for pair in known if pair[1]), key=lambda pair: pair[1].casefold())
        return [(0, _(nobody)), *known]

    return options


def _values(column: str) -> tuple[Callable[[Filter], Keys], Callable[[Filter, Keys], Filter]]:
    def get(chosen: Filter) -> Keys:
        return chosen.values.get(column, frozenset())

    def put(chosen: Filter, keys: Keys) -> Filter:
        return with_values(chosen, {column: keys})

    return get, put


def _of_column(column: str, title: str, options: Callable[[Names], list[tuple[int, str]]], key: str = "") -> Choice:
    return Choice(key or column, title, column, options, *_values(column))


def _urgency_options(_names: Names) -> list[tuple[int, str]]:
    return [(_BREACHED, _("Over limit")), (_SOON, _("About to breach"))]


def _mark_options(_names: Names) -> list[tuple[int, str]]:
    return [
        (_READ, _("Read, not answered")),
        (_PROMISED, _("Answer promised")),
        (_BROKEN, _("Promise broken")),
        (_CLOSING, _("Free reply ends soon")),
    ]


def _marks(chosen: Filter) -> Keys:
    told = (
        (_READ, chosen.read_unanswered),
        (_PROMISED, chosen.promised),
        (_BROKEN, chosen.promise_broken),
        (_CLOSING, chosen.window_closing),
    )
    return frozenset(mark for mark, on in told if on)


def _with_marks(chosen: Filter, keys: Keys) -> Filter:
    return replace(
        chosen,
        read_unanswered=_READ in keys,
        promised=_PROMISED in keys,
        promise_broken=_BROKEN in keys,
        window_closing=_CLOSING in keys,
    )


def with_values(chosen: Filter, values: Mapping[str, Keys]) -> Filter:
    """The filter with these columns set to these values; an empty set lifts the condition."""
    together = {**chosen.values, **values}
    return replace(chosen, values={name: keys for name, keys in together.items() if keys})


CHOICES: tuple[Choice, ...] = (
    _of_column("channel", N_("Channel"), _coded(Channel)),
    Choice(
        "group",
        N_("Topic"),
        GROUPS,
        _coded(Group, (Group.LOGISTICS, Group.RETURNS, Group.PAYMENT, Group.ACCOUNT, Group.OTHER)),
        lambda chosen: chosen.groups,
        lambda chosen, keys: replace(chosen, groups=keys),
    ),
    _of_column("type", N_("Type"), _coded(InquiryType)),
    _of_column("queue", N_("Queue"), _named("queue", N_("no queue"))),
    _of_column("assignee", N_("Agent"), _named("agent", N_("nobody")), "agent"),
    _of_column("status", N_("Status"), _coded(Status)),
    _of_column("tier", N_("Tier"), _coded(Tier, (Tier.VIP, Tier.EXISTING, Tier.NEW, Tier.UNKNOWN))),
    _of_column("priority", N_("Priority"), _coded(Priority, reversed(Priority))),
    _of_column("complaint", N_("Complaint"), _coded(ComplaintTier, reversed(ComplaintTier))),
    _of_column("emotion", N_("Mood"), _coded(Emotion, reversed(Emotion))),
    _of_column("language", N_("Language"), _coded(Language, (Language.ZH, Language.EN, Language.UNKNOWN))),
    Choice(
        "urgency",
        N_("Urgency"),
        "",
        _urgency_options,
        lambda chosen: next(keys for keys, urgency in _URGENCY.items() if urgency is chosen.urgency),
        lambda chosen, keys: replace(chosen, urgency=_URGENCY[keys]),
    ),
    Choice(
        "marks",
        N_("Marks"),
        "",
        _mark_options,
        _marks,
        _with_marks,
    ),
)
"""From left to right."""

SCOPES: tuple[tuple[Scope, str], ...] = (
    (Scope.IN_PROGRESS, N_("In progress")),
    (Scope.WAITING, N_("Waiting")),
    (Scope.UNASSIGNED, N_("Unassigned")),
    (Scope.DONE, N_("Done")),
    (Scope.ALL, N_("All")),
)


def is_narrowed(chosen: Filter) -> bool:
    """Whether the filter hides anything within its scope."""
    return chosen != Filter(scope=chosen.scope)


def without_evidence(chosen: Filter) -> Filter:
    """The filter without what only the evidence of a figure asks for."""
    return replace(
        chosen,
        tickets=frozenset(),
        created_from=0,
        created_to=0,
        resolved_from=0,
        resolved_to=0,
        replied_from=0,
        replied_to=0,
    )
