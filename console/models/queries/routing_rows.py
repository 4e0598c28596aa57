"""R-ROUTE: the log as the routing's fold is fed it: what it hears of, in the order of the log, with logical times.

The running console and a replay read through this one door, so that they see the same. A fold begins at a local
midnight of the log's time: what the day before it tells is fed without decisions, and what is told of a contact from
before that is read when the contact is first heard of. What came into the log with an instant from before that day is
history that was brought in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from console import turns
from console.clock import DAY, HOUR
from console.models.domain.attributes import BY_NAME
from console.models.domain.contacts import Code, Language
from console.models.domain.events import FIRST_AGENT_KIND, OWN_SOURCE, Kind
from console.models.domain.ports import Rows, TicketText
from console.models.domain.routing import Mode, Orders, RoutingRules
from console.models.domain.routing_contacts import Happening
from console.models.domain.routing_floor import HEARD, RoutingFloor
from console.models.domain.routing_people import Told
from console.models.domain.skills import Level

LOOK_BACK = DAY
"""So long before its midnight a fold knows what happened."""
DAY_LIMIT = 26 * HOUR
"""No local day is longer."""
FAR = 36_500 * DAY
JUMP = HOUR // 2
"""A row so far ahead of the log's time is believed once the next one tells of it, too: one clock may be wrong."""

_PIECE = 200
_HEARD = np.isin(np.arange(256), [*HEARD, Kind.TRANSFERRED])
_TELLING = [Kind.AGENT_LOGIN, Kind.AGENT_QUEUES, Kind.ROUTING]
_QUEUE = BY_NAME["queue"]

Word = TypeVar("Word", bound=Code)


class RoutingLog(Protocol):
    """What is read of the log; safe on any thread."""

    def between(self, start: int, end: int) -> Rows:
        """All events with ``start < at <= end``, in any order."""
        ...

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        """All events of these tickets with ``at <= until``, in any order."""
        ...

    def details(self, seqs: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """What the events at these places tell beside their columns."""
        ...

    def texts(self, tickets: Iterable[int]) -> Iterable[TicketText]:
        """The words of these tickets."""
        ...

    def names(self) -> Mapping[str, Mapping[str, int]]:
        """Every interned name and its id, by dimension."""
        ...


class Telling:
    """Turns rows into happenings. ``time`` is the log's time so far; it never goes back."""

    def __init__(self, log: RoutingLog, midnight: int) -> None:
        """``midnight`` is where the fold begins."""
        self._log = log
        self._since = midnight - LOOK_BACK
        self._known: set[int] = set()
        self._queues: dict[int, str] = {}
        self._own = 0
        self.time = 0
        self._is_ahead = False

    def times(self, rows: Rows) -> NDArray[np.int64]:
        """The log's time at each of these rows, which follow on those before; changes nothing."""
        return self._times(rows)[0]

    def _times(self, rows: Rows) -> tuple[NDArray[np.int64], bool]:
        times = np.maximum.accumulate(np.maximum(rows["at"], self.time))
        before = np.concatenate([[self.time or times[:1].max(initial=0)], times[:-1]])
        if not (times - before > JUMP).any():
            return times, False
        time, is_ahead, found = self.time, self._is_ahead, []
        for at in rows["at"].tolist():
            jumps = at - time > JUMP and bool(time)
            if not jumps or is_ahead:
                time = max(time, at)
            is_ahead = jumps and not is_ahead
            found.append(time)
        return np.array(found, dtype=np.int64), is_ahead

    def of(self, rows: Rows) -> list[Happening]:
        """What these rows tell, which follow on those before in the order of the log."""
        rows = rows[rows["at"] > self._since]
        if not rows.size:
            return []
        times, self._is_ahead = self._times(rows)
        self.time = int(times[-1])
        heard = _HEARD[rows["kind"]]
        return list(self._told(rows[heard], times[heard].tolist()))

    def _told(self, rows: Rows, times: list[int]) -> Iterator[Happening]:
        facts = self._log.details(rows["seq"][np.isin(rows["kind"], _TELLING)].tolist())
        born = rows["kind"] == Kind.CREATED
        customers = {text.id: text.customer for text in self._log.texts(np.unique(rows["subject"][born]).tolist())}
        earlier = self._earlier(rows)
        self._learn(rows)
        names = ("seq", "kind", "subject", "value", "actor", "role", "source")
        columns = (rows[name].tolist() for name in names)
        for at, seq, kind, subject, value, actor, role, source in zip(times, *columns, strict=True):
            if kind < FIRST_AGENT_KIND and subject not in self._known:
                self._known.add(subject)
                for happening in earlier.get(subject, ()):
                    yield happening._replace(at=at, seq=seq)
            yield Happening(
                at,
                seq,
                kind,
                subject,
                value,
                actor,
                role,
                source == self._own,
                self._queue(kind, value),
                customers.get(subject, "") if kind == Kind.CREATED else "",
                _facts(kind, facts.get(seq)),
            )

    def _earlier(self, rows: Rows) -> dict[int, list[Happening]]:
        """What was told, before the day that is known, of contacts that are heard of now."""
        tickets = rows[rows["kind"] < FIRST_AGENT_KIND]
        new = set(np.unique(tickets["subject"]).tolist()) - self._known
        new -= set(tickets["subject"][tickets["kind"] == Kind.CREATED].tolist())
        if not new:
            return {}
        found = self._log.of_tickets(sorted(new), self._since)
        found = found[_HEARD[found["kind"]]]
        found = found[np.argsort(found["seq"], kind="stable")]
        self._learn(found)
        customers = {text.id: text.customer for text in self._log.texts(sorted(new))}
        told: dict[int, list[Happening]] = {}
        names = ("kind", "subject", "value", "actor", "role")
        for kind, subject, value, actor, role in zip(*(found[name].tolist() for name in names), strict=True):
            customer = customers.get(subject, "") if kind == Kind.CREATED else ""
            happening = Happening(0, 0, kind, subject, value, actor, role, False, self._queue(kind, value), customer)
            told.setdefault(subject, []).append(happening)
        return told

    def _learn(self, rows: Rows) -> None:
        """The words of queues that are mentioned for the first time."""
        mentioned = rows[np.isin(rows["kind"], [Kind.CREATED, Kind.QUEUE_CHANGED])]
        ids = np.where(
            mentioned["kind"] == Kind.CREATED, (mentioned["value"] >> _QUEUE.shift) & _QUEUE.mask, mentioned["value"]
        )
        if self._own and all(id_ in self._queues for id_ in np.unique(ids).tolist() if id_):
            return
        names = self._log.names()
        self._own = names.get("source", {}).get(OWN_SOURCE, 0)
        self._queues = {id_: text for text, id_ in names.get("queue", {}).items()}

    def _queue(self, kind: int, value: int) -> str:
        if kind == Kind.CREATED:
            return self._queues.get((value >> _QUEUE.shift) & _QUEUE.mask, "")
        return self._queues.get(value, "") if kind == Kind.QUEUE_CHANGED else ""


class Opened:
    """A fold at its midnight: the floor, who goes on telling it, and the place in the log of what was told last."""

    def __init__(self, log: RoutingLog, midnight: int, rows: Rows, rules: RoutingRules | None = None) -> None:
        """``rows`` are all from `LOOK_BACK` before the midnight on, in the order of the log. The rules that the log
        told of last are in force, and those that it tells of later; or ``rules``, whatever the log says."""
        self.telling = Telling(log, midnight)
        self.floor = RoutingFloor()
        later = np.flatnonzero(self.telling.times(rows) >= midnight)
        cut = int(later[0]) if later.size else rows.size
        self.rest = rows[cut:]
        for start in range(0, cut, _PIECE):
            # Behind a window its frame goes first.
            turns.after_the_frame()
            for happening in self.telling.of(rows[start : min(start + _PIECE, cut)]):
                self.floor.feed(happening)
        told = self.floor.told_rules
        self.floor.follows = rules is None
        self.floor.begin(max(midnight, self.telling.time), rules or told or RoutingRules(mode=Mode.OFF))


def opened(log: RoutingLog, midnight: int, rules: RoutingRules | None = None, until: int = FAR) -> Opened:
    """Read what a fold from this midnight needs; ``rest`` is what the log tells from then on, up to ``until``."""
    rows = log.between(midnight - LOOK_BACK, until)
    return Opened(log, midnight, rows[np.argsort(rows["seq"], kind="stable")], rules)


def _facts(kind: int, detail: Mapping[str, Any] | None) -> Told | Orders | None:
    if detail is None:
        return None
    if kind != Kind.ROUTING:
        return _told(detail)
    try:
        return Orders.of(detail)
    except (KeyError, ValueError, TypeError):
        # Another version wrote it: then the log does not say what is in force.
        return Orders(RoutingRules(mode=Mode.OFF))


def _told(detail: Mapping[str, Any]) -> Told:
    """Keys as in `queries.directory`."""
    languages = frozenset(Language(_code(Language, word)) for word in _words(detail.get("languages")))
    return Told(
        str(detail.get("team") or ""),
        _code(Level, detail.get("seniority")),
        frozenset(_words(detail["skills"])) if "skills" in detail else None,
        frozenset(_words(detail.get("helps"))),
        languages - {Language.UNKNOWN},
    )


def _words(told: Any) -> list[str]:
    return [str(word) for word in told] if isinstance(told, list) else []


def _code(codes: type[Word], told: Any) -> Word:
    try:
        return codes(codes.of(str(told)))
    except KeyError:
        return codes(0)
