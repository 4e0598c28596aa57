"""From events in the source's own words to rows of small integers, with the words that are new.

`Encoder` belongs to the intake's thread. Names are all in memory; a ticket is looked up among those used lately, then
among those that are not committed yet, and last in the database.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from console.models.domain.attributes import with_queue
from console.models.domain.contacts import Channel
from console.models.domain.events import (
    FIRST_AGENT_KIND,
    FIRST_CHANNEL_KIND,
    NAMED_BY,
    OWN_SOURCE,
    ROW,
    Event,
    Kind,
)
from console.models.domain.ports import Batch, NameText, Rows, TicketText
from console.models.store.recent import Recent

logger = logging.getLogger("console.store")

Parameters = tuple[Any, ...]
"""One row of the event table: the columns of `events.ROW`, then precision, origin, received_at, detail."""

RECENT_TICKETS = 100_000
RECENT_KEYS = 50_000

UNSOUND = (ValueError, TypeError, OverflowError, AttributeError)
"""What encoding raises for an event that cannot be kept; text that is not Unicode is a ValueError too."""

_CREATED = int(Kind.CREATED)
_KINDS = frozenset(int(kind) for kind in Kind)
_WORDS = ("subject", "customer")
_DIMENSION = {int(kind): dimension for kind, dimension in NAMED_BY.items()}
_CHANNELS = {channel.key: int(channel) for channel in Channel}
_INT64 = range(-(1 << 63), 1 << 63)


@dataclass(frozen=True, slots=True)
class Piece:
    """Events of a submission, or a slice of them; the cursor (as JSON) comes with the last slice."""

    source: str
    events: Sequence[Event]
    origin: int
    received_at: int
    cursor: str | None = None
    submission: int = 0


@dataclass(slots=True)
class Encoded:
    """What the writer needs, and all of it in the order of the tables' columns."""

    parameters: list[Parameters] = field(default_factory=list)
    tickets: list[tuple[int, int, str, str, str, int]] = field(default_factory=list)
    names: list[tuple[str, int, str, int]] = field(default_factory=list)
    bodies: list[tuple[int, str]] = field(default_factory=list)
    sources: list[tuple[int, int, int, str | None, int | None]] = field(default_factory=list)
    last_seq: int = 0
    rows: Rows = field(default_factory=lambda: as_rows([]))
    """The events once more, as every fold sees them."""

    def batch(self, *, stored: bool, arrived_at: int) -> Batch:
        """The same for the subscribers."""
        return Batch(
            rows=self.rows,
            tickets=[TicketText(id_, ref, subject, customer) for id_, _, ref, subject, customer, _ in self.tickets],
            names=[NameText(dimension, id_, text) for dimension, id_, text, _ in self.names],
            stored=stored,
            arrived_at=arrived_at,
        )


def as_rows(parameters: Sequence[Parameters]) -> Rows:
    """Tuples that begin with the columns of `events.ROW`, as an array of it; OverflowError for what does not fit."""
    rows = np.empty(len(parameters), ROW)
    if parameters:
        for name, column in zip(ROW.names or (), zip(*parameters, strict=True), strict=False):
            rows[name] = column
    return rows


def integer_key(key: int | str) -> int:
    """The key as the log keeps it: an integer as it is, text (and what does not fit) as a signed 64-bit digest."""
    if not isinstance(key, str):
        number = int(key)
        if number in _INT64:
            return number
        key = str(number)
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


class Encoder:
    """Gives every event its place in the log and every word its number."""

    def __init__(
        self,
        *,
        next_seq: int,
        next_ticket: int,
        names: Mapping[str, Mapping[str, int]],
        find_tickets: Callable[[int, Sequence[str]], Mapping[str, int]],
    ) -> None:
        """Go on from what the log holds; ``find_tickets(source, refs)`` looks committed tickets up."""
        self.next_seq = next_seq
        self.next_ticket = next_ticket
        self.names: dict[str, dict[str, int]] = {
            dimension: dict(names.get(dimension, {})) for dimension in ("agent", "queue", "tag", "source")
        }
        self._find_tickets = find_tickets
        self._recent: dict[int, Recent[str, int]] = {}
        self._uncommitted: dict[tuple[int, str], int] = {}
        # One number for each event: tuples would make the collector of cycles look at every one of them.
        self._keys: Recent[int, bool] = Recent(RECENT_KEYS)

    def pin(self, encoded: Encoded) -> None:
        """Remember the new tickets of rows that the database does not hold yet (they wait in the spool)."""
        for id_, source, ref, _subject, _customer, _first in encoded.tickets:
            self._uncommitted[source, ref] = id_

    def unpin(self, encoded: Encoded) -> None:
        """The database holds them now."""
        for _id, source, ref, _subject, _customer, _first in encoded.tickets:
            self._uncommitted.pop((source, ref), None)

    def encode(self, pieces: Sequence[Piece]) -> Encoded:
        """Encode all, or raise one of `UNSOUND` for an event that cannot be kept and change nothing."""
        draft = _Draft(self)
        try:
            draft.look_up(pieces)
            for piece in pieces:
                draft.add(piece)
            draft.check_text()
            encoded = draft.finish()
        except BaseException:
            draft.undo()
            raise
        self.next_seq = draft.seq
        self.next_ticket = draft.ticket
        self._keys.update(draft.keys)
        for source, found in draft.ids.items():
            self._recent_of(source).update(found)
        self.pin(encoded)
        return encoded

    def seen(self, mark: int) -> bool:
        """Whether an event with this subject, source and key passed lately."""
        return mark in self._keys

    def known_tickets(self, source: int, refs: Sequence[str]) -> dict[str, int]:
        """The ids of those references that have one."""
        recent = self._recent_of(source)
        known: dict[str, int] = {}
        missing = []
        for ref in refs:
            id_ = recent.get(ref) or self._uncommitted.get((source, ref))
            if id_ is None:
                missing.append(ref)
            else:
                known[ref] = id_
        if missing:
            known.update(self._find_tickets(source, missing))
        return known

    def _recent_of(self, source: int) -> Recent[str, int]:
        recent = self._recent.get(source)
        if recent is None:
            recent = self._recent[source] = Recent(RECENT_TICKETS)
        return recent


class _Draft:
    """One encoding under way: what it would add, so that a bad event can leave no trace."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.seq = encoder.next_seq
        self.ticket = encoder.next_ticket
        self.ids: dict[int, dict[str, int]] = {}
        self.keys: dict[int, bool] = {}
        self._words: dict[int, tuple[int, int, str, str, str, int]] = {}
        self._out = Encoded()

    def look_up(self, pieces: Sequence[Piece]) -> None:
        """Ask for the tickets of all pieces at once, for every question costs the interpreter twice."""
        refs: dict[int, dict[str, None]] = {}
        for piece in pieces:
            source = self._intern("source", piece.source)
            refs.setdefault(source, {}).update(_refs(piece.events))
        own = self._intern("source", OWN_SOURCE) if any(piece.source == OWN_SOURCE for piece in pieces) else 0
        self.ids = {
            source: self._numbered(wanted) if source == own else self._encoder.known_tickets(source, list(wanted))
            for source, wanted in refs.items()
        }

    def add(self, piece: Piece) -> None:
        source = self._intern("source", piece.source)
        events = piece.events
        if piece.source == OWN_SOURCE:
            ids: Mapping[str, int] = self.ids[source]
            events = [event for event in events if event.kind >= FIRST_AGENT_KIND or event.subject in ids]
            if len(events) < len(piece.events):
                logger.error("%d events of the console name no ticket of the log", len(piece.events) - len(events))
        else:
            ids = self._tickets(source, events)
        last_at = 0
        for event in events:
            last_at = max(last_at, self._one(event, source, ids, piece))
        cursor_saved_at = None if piece.cursor is None else piece.received_at
        self._out.sources.append((source, last_at, piece.received_at, piece.cursor, cursor_saved_at))

    def _numbered(self, refs: Iterable[str]) -> dict[str, int]:
        """The console's own events name tickets by their numbers; those that there are."""
        return {ref: int(ref) for ref in refs if ref.isdecimal() and 0 < int(ref) < self.ticket}

    def finish(self) -> Encoded:
        self._out.tickets = list(self._words.values())
        self._out.last_seq = self.seq - 1
        self._out.rows = as_rows(self._out.parameters)
        return self._out

    def undo(self) -> None:
        for dimension, _id, text, _first in self._out.names:
            del self._encoder.names[dimension][text]

    def check_text(self) -> None:
        """Raise UnicodeEncodeError for text that no file can hold (half of a surrogate pair)."""
        "".join([row[-1] for row in self._out.parameters if row[-1]]).encode()
        "".join([text for _, text in self._out.bodies]).encode()
        "".join([text for _, _, text, _ in self._out.names]).encode()
        "".join([word for row in self._words.values() for word in row[2:5]]).encode()

    def _one(self, event: Event, source: int, ids: Mapping[str, int], piece: Piece) -> int:
        named_kind, subject, at, key, native, actor, role, value, name, body, detail, precision = event
        kind = int(named_kind)
        if kind < FIRST_AGENT_KIND:
            subject_id = ids[subject]
        elif kind < FIRST_CHANNEL_KIND:
            subject_id = self._intern("agent", subject)
        else:
            subject_id = _CHANNELS.get(subject, 0)
        if kind not in _KINDS:
            raise ValueError(f"no kind {kind}")
        key = integer_key(key)
        mark = ((subject_id << 16 | source) << 64) + key
        if mark in self.keys or self._encoder.seen(mark):
            return 0
        self.keys[mark] = True
        value = int(value)
        if name and kind in _DIMENSION:
            id_ = self._intern(_DIMENSION[kind], name)
            value = with_queue(value, id_) if kind == _CREATED else id_
        text = None
        if detail:
            text = self._detail(kind, subject_id, source, subject, detail)
        at = int(at)
        self._out.parameters.append(
            (
                self.seq,
                at,
                int(native),
                key,
                value,
                subject_id,
                self._intern("agent", actor) if actor else 0,
                kind,
                int(role),
                source,
                int(precision),
                piece.origin,
                piece.received_at,
                text,
            )
        )
        if body:
            self._out.bodies.append((self.seq, body))
        self.seq += 1
        return at

    def _detail(self, kind: int, subject_id: int, source: int, ref: str, detail: Mapping[str, object]) -> str | None:
        if kind == _CREATED:
            subject, customer = (str(detail.get(word) or "") for word in _WORDS)
            if subject or customer:
                self._words[subject_id] = (subject_id, source, ref, subject, customer, self.seq)
            detail = {key: value for key, value in detail.items() if key not in _WORDS}
        return json.dumps(detail, ensure_ascii=False, separators=(",", ":")) if detail else None

    def _intern(self, dimension: str, text: str) -> int:
        known = self._encoder.names[dimension]
        id_ = known.get(text)
        if id_ is None:
            if not text:
                raise ValueError(f"a {dimension} without a name")
            id_ = known[text] = len(known) + 1
            self._out.names.append((dimension, id_, text, self.seq))
        return id_

    def _tickets(self, source: int, events: Sequence[Event]) -> Mapping[str, int]:
        ids = self.ids[source]
        for ref in _refs(events):
            if ref not in ids:
                if not ref:
                    raise ValueError("a ticket without a reference")
                ids[ref] = self.ticket
                self._words[self.ticket] = (self.ticket, source, ref, "", "", self.seq)
                self.ticket += 1
        return ids


def _refs(events: Sequence[Event]) -> dict[str, None]:
    """The tickets they speak of, in order."""
    return dict.fromkeys([event[1] for event in events if event[0] < FIRST_AGENT_KIND])
