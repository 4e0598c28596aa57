"""Logs of states: every row is a ticket as it was at a time, and what changed since the row before becomes events.

Each event says *at this row's time this attribute had this value*. That holds whatever else is in the file, and its
key is made of the row and the attribute; so a row that is read again, in a longer or overlapping file too, adds nothing
that is not true and nothing twice. Which attributes are told depends on the row before in the ticket's own time: the
first row of a ticket in a file tells all, and a row that stands in the file behind a later one is put in its place,
which may mean that the next one in time has to tell more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from console.clock import SECOND
from console.connectors.files.cells import Cells, Columns, RowWrong, Words, digest, mixed, nothing, required
from console.connectors.files.history import History, State
from console.connectors.files.keys import RowKeys
from console.connectors.files.mapping import Mapping, Moment
from console.connectors.files.rows import Fault, Row
from console.connectors.files.times import NotATime, TimeReader
from console.connectors.files.vocabulary import ATTRIBUTES, TIMES_OF, VALUE_OF, Attribute
from console.i18n import _
from console.models.domain.attributes import pack
from console.models.domain.contacts import Role, Status
from console.models.domain.events import Event, Kind

FIRST = -(1 << 62)
"""The place of a ticket's creation among events of one instant."""
MOMENTS = -(1 << 61)
EARLY = 1 << 24
RANKS = 16


class Mapped(NamedTuple):
    """A row and the events that it became, under the source that they belong to."""

    row: Row
    source: str
    events: list[Event]


class StateRows:
    """Turns the rows of one file into events."""

    def __init__(
        self,
        mapping: Mapping,
        columns: Sequence[str],
        times: TimeReader,
        words: Words,
        source: str,
        uncertain: Set[str] = frozenset(),
    ) -> None:
        """``uncertain`` are columns that may never hold anything: an empty cell there says nothing."""
        places = Columns(columns)
        self._times = times
        self._words = words
        self._source = source
        self._keys = RowKeys(mapping, places)
        fields = {
            name: places.taker(mapping.fields.get(name, ()), mapping.nulls, mapping.defaults.get(name, ""))
            for name in {*mapping.fields, *mapping.defaults}
        }
        self._take = {name: take for name, take in fields.items() if take}
        self._attributes = [attribute for attribute in ATTRIBUTES if attribute.name in self._take]
        self._carried = sum(
            1 << place for place, attribute in enumerate(self._attributes) if attribute.name in mapping.carries
        )
        self._everything = (1 << len(self._attributes)) - 1
        self._silent = sum(
            1 << place
            for place, attribute in enumerate(self._attributes)
            if set(mapping.fields.get(attribute.name, ())) & uncertain
        )
        """Attributes of which an empty cell in a ticket's first row says nothing."""
        self._moments = [
            (moment, take) for moment in mapping.moments if (take := places.taker([moment.column], mapping.nulls))
        ]
        self._precision = mapping.precision
        self._names: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}
        self._readers = [
            (attribute, self._take[attribute.name], words.known(attribute.name) if attribute.codes else self._numbers)
            for attribute in self._attributes
        ]
        self._last: dict[str, int] = {}
        self._gaps: set[str] = set()
        self._history = History(len(self._attributes))

    def read(self, rows: Sequence[Row]) -> Iterator[Mapped | Fault]:
        """The rows as events, or why not, in file order."""
        for row, key in zip(rows, self._keys.of(rows), strict=True):
            try:
                yield self._row(row, key)
            except (RowWrong, NotATime) as error:
                # The change that this row told of is lost, so the ticket's next row has to tell everything.
                self._gaps.add(self._who(row)[2])
                yield Fault(row.line, str(error), row.raw)

    def close(self) -> None:
        """Give temporary space back."""
        self._history.close()

    def _cell(self, name: str, row: Row) -> str:
        return self._take.get(name, nothing)(row.cells)

    def _who(self, row: Row) -> tuple[str, str, str]:
        source = self._cell("source", row) or self._source
        ticket = self._cell("ticket", row)
        return source, ticket, ticket if source == self._source else f"{source}\x1f{ticket}"

    def _row(self, row: Row, key: int | str) -> Mapped:
        source, ticket, name = self._who(row)
        required(ticket, _("the ticket"))
        at = self._times.read(required(self._cell("at", row), _("the time")))
        created_text = self._cell("created_at", row)
        moments = list(self._happened(row, ticket)) if self._moments else ()
        author = _Author(
            ticket, self._cell("actor", row), Role(self._words.code_or_unknown("role", self._cell("role", row)))
        )
        state = State(
            at=at,
            digest=key if isinstance(key, int) else digest(key),
            created_at=self._times.read(created_text) if created_text else 0,
            previous=self._last.get(name, -1),
            ordinal=0,
            told=0,
            disordered=False,
            values=self._values(row.cells),
        )
        if state.previous < 0:
            empty = sum(1 << place for place, value in enumerate(state.values) if not value)
            told = self._everything & ~self._carried & ~(empty & self._silent)
            self._last[name] = self._history.append(state._replace(told=told))
            return Mapped(
                row, source, [self._created(row, state, ticket), *moments, *self._tell(state, told, author, row)]
            )
        return Mapped(row, source, [*moments, *self._next(state, name, author, row)])

    def _next(self, state: State, name: str, author: _Author, row: Row) -> Iterator[Event]:
        """The events of a row that is not the first of its ticket."""
        last = self._history[state.previous]
        state = state._replace(created_at=last.created_at, ordinal=last.ordinal + 1)
        before: State | None = last
        after, after_place = None, -1
        if last.disordered or state.at < last.at:
            state = state._replace(disordered=True)
            before, after, after_place = self._neighbours(state)
        told = _different(state, before or last)
        if before is None or name in self._gaps:
            told |= self._everything & ~self._carried
        self._gaps.discard(name)
        self._last[name] = self._history.append(state._replace(told=told))
        yield from self._tell(state, told, author, row)
        if after is not None and (more := _different(state, after) & ~after.told):
            self._history.replace(after_place, after._replace(told=after.told | more))
            yield from self._tell(after, more, _Author(author.ticket), None)

    def _neighbours(self, state: State) -> tuple[State | None, State | None, int]:
        """The states just before and after this one in the ticket's own time, and the place of the latter."""
        before: State | None = None
        after: State | None = None
        after_place = -1
        place = state.previous
        while place >= 0:
            other = self._history[place]
            if other.at <= state.at:
                if before is None or (other.at, other.ordinal) > (before.at, before.ordinal):
                    before = other
            elif after is None or (other.at, other.ordinal) < (after.at, after.ordinal):
                after, after_place = other, place
            place = other.previous
        return before, after, after_place

    def _values(self, cells: Cells) -> tuple[int, ...]:
        values = []
        for attribute, take, known in self._readers:
            text = take(cells)
            value = known.get(text)
            values.append(self._new_value(attribute, text) if value is None else value)
        return tuple(values)

    def _new_value(self, attribute: Attribute, text: str) -> int:
        if attribute.codes:
            return self._words.code_or_unknown(attribute.name, text)
        self._names.append(text)
        self._numbers[text] = len(self._names) - 1
        return self._numbers[text]

    def _created(self, row: Row, state: State, ticket: str) -> Event:
        """The ticket's birth, with what does not change; all else is only known from the row's own time on."""
        status = Status.NEW
        carried = {
            attribute.name: value
            for place, (attribute, value) in enumerate(zip(self._attributes, state.values, strict=True))
            if self._carried >> place & 1
        }
        if not state.created_at:
            status = Status(next(self._of("status", state), Status.NEW))
        carried["status"] = carried.get("status", status)
        queue = self._names[carried.pop("queue", 0)]
        if "language" in self._take:
            carried["language"] = self._words.code_or_unknown("language", self._cell("language", row))
        words = {name: text for name in ("subject", "customer") if (text := self._cell(name, row))}
        at = state.created_at or state.at
        return Event(
            Kind.CREATED,
            ticket,
            at,
            mixed(digest(ticket), int(Kind.CREATED)),
            native=FIRST,
            value=pack(**carried),
            name=queue,
            detail=words or None,
            precision=self._precision,
        )

    def _of(self, name: str, state: State) -> Iterator[int]:
        return (
            value for attribute, value in zip(self._attributes, state.values, strict=True) if attribute.name == name
        )

    def _tell(self, state: State, told: int, author: _Author, row: Row | None) -> Iterator[Event]:
        """Events for the attributes in ``told``; never before the ticket's creation."""
        at = max(state.at, state.created_at)
        native = min(0, state.at - state.created_at) // SECOND * EARLY if state.created_at else 0
        native += state.ordinal * RANKS
        for place, attribute in enumerate(self._attributes):
            if not told >> place & 1:
                continue
            value, kind, name, detail = state.values[place], attribute.kind, "", None
            if attribute.codes is None:
                name, value = self._names[value], 0
                if kind is Kind.ASSIGNED and not name:
                    kind = Kind.UNASSIGNED
            elif value == attribute.unknown and row is not None:
                word = self._cell(attribute.name, row)
                detail = {"word": word} if word and self._words.code(attribute.name, word) is None else None
            yield Event(
                kind,
                author.ticket,
                at,
                mixed(state.digest, int(attribute.kind)),
                native + place,
                author.actor,
                author.role,
                value,
                name,
                "",
                detail,
                self._precision,
            )

    def _happened(self, row: Row, ticket: str) -> Iterator[Event]:
        """The events of columns that hold the time of something."""
        for place, (moment, take) in enumerate(self._moments):
            text = take(row.cells)
            if not text:
                continue
            at = self._times.read(text)
            value = self._moment_value(moment)
            if moment.kind in TIMES_OF:
                # The cell is what the source promises, not when it did so.
                created = self._cell("created_at", row)
                at, value = self._times.read(created or self._cell("at", row)), at
            role = Role.CUSTOMER if moment.kind is Kind.CUSTOMER_MESSAGE else Role.UNKNOWN
            yield Event(
                moment.kind,
                ticket,
                at,
                digest(f"{ticket}\x1f{moment.kind.key}\x1f{at}\x1f{value}"),
                native=MOMENTS + place,
                role=role,
                value=value,
                precision=self._precision,
            )

    def _moment_value(self, moment: Moment) -> int:
        field = VALUE_OF.get(moment.kind)
        return self._words.code_or_unknown(field, moment.value) if field else 0


class _Author(NamedTuple):
    ticket: str
    actor: str = ""
    role: Role = Role.UNKNOWN


def _different(one: State, other: State) -> int:
    """A bit for every attribute in which two states differ."""
    if one.values == other.values:
        return 0
    return sum(1 << place for place, (a, b) in enumerate(zip(one.values, other.values, strict=True)) if a != b)
