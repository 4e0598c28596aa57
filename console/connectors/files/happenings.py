"""Logs of events: every row is one thing that happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from console.clock import DAY
from console.connectors.files.cells import Columns, RowWrong, Words, nothing, required
from console.connectors.files.keys import RowKeys
from console.connectors.files.mapping import Mapping
from console.connectors.files.rows import Fault, Row
from console.connectors.files.states import Mapped
from console.connectors.files.times import NotATime, TimeReader
from console.connectors.files.vocabulary import BORN_WITH, TIMES_OF, VALUE_OF
from console.i18n import _
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import FIRST_AGENT_KIND, FIRST_CHANNEL_KIND, NAMED_BY, Event, Kind, Precision

BORN = -(1 << 62)
NUMBERS: dict[Kind, tuple[int, int]] = {
    Kind.CSAT: (1, 5),
    Kind.ENDED: (0, 7 * DAY),
    Kind.AGENT_LOGIN: (0, 1_000),
    Kind.BREAK_REQUESTED: (0, DAY),
    Kind.CHANNEL_HEALTH: (0, 1),
}
"""Kinds whose value is a number, and its bounds."""
LARGEST = (1 << 62) - 1


class EventRows:
    """Turns the rows of one file into events, one each."""

    def __init__(self, mapping: Mapping, columns: Sequence[str], times: TimeReader, words: Words, source: str) -> None:
        places = Columns(columns)
        self._times = times
        self._words = words
        self._source = source
        self._keys = RowKeys(mapping, places)
        self._precision = mapping.precision
        names = {*mapping.fields, *mapping.defaults}
        self._take = {
            name: places.taker(mapping.fields.get(name, ()), mapping.nulls, mapping.defaults.get(name, "")) or nothing
            for name in names
        }
        self._ordinals: dict[str, int] = {}

    def read(self, rows: Sequence[Row]) -> Iterator[Mapped | Fault]:
        """The rows as events, or why not, in file order."""
        for row, key in zip(rows, self._keys.of(rows), strict=True):
            try:
                yield Mapped(row, self._cell("source", row) or self._source, [self._event(row, key)])
            except (RowWrong, NotATime) as error:
                yield Fault(row.line, str(error), row.raw)

    def close(self) -> None:
        """Nothing to give back."""

    def _cell(self, name: str, row: Row) -> str:
        return self._take.get(name, nothing)(row.cells)

    def _event(self, row: Row, key: int | str) -> Event:
        word = required(self._cell("kind", row), _("the kind"))
        code = self._words.code("kind", word)
        if not code:
            raise RowWrong(_("{word!r} is not a kind of event").format(word=word))
        kind = Kind(code)
        at = self._times.read(required(self._cell("at", row), _("the time")))
        actor = self._cell("actor", row)
        subject = self._subject(kind, row, actor)
        value, name = self._value(kind, row)
        precision = self._cell("precision", row)
        return Event(
            kind,
            subject,
            at,
            key,
            native=self._native(kind, subject, row),
            actor=actor if kind < FIRST_AGENT_KIND else "",
            role=Role(self._words.code_or_unknown("role", self._cell("role", row))),
            value=value,
            name=name,
            body=self._cell("text", row) if kind < FIRST_AGENT_KIND else "",
            detail=self._detail(kind, row),
            precision=Precision(self._words.code_or_unknown("precision", precision)) if precision else self._precision,
        )

    def _subject(self, kind: Kind, row: Row, actor: str) -> str:
        if kind < FIRST_AGENT_KIND:
            return required(self._cell("ticket", row), _("the ticket"))
        if kind < FIRST_CHANNEL_KIND:
            return required(actor or self._cell("ticket", row), _("the agent"))
        return Channel(self._words.code_or_unknown("channel", self._cell("channel", row))).key

    def _native(self, kind: Kind, subject: str, row: Row) -> int:
        """The source's own number, else the row's number within its ticket; a ticket's creation comes first."""
        with suppress(RowWrong):  # what is no number tells no order
            return _integer(self._cell("native", row))
        if kind is Kind.CREATED:
            return BORN
        self._ordinals[subject] = ordinal = self._ordinals.get(subject, 0) + 1
        return ordinal

    def _value(self, kind: Kind, row: Row) -> tuple[int, str]:
        """The event's integer and its name, as its kind asks for."""
        if kind is Kind.CREATED:
            codes = {field: self._words.code_or_unknown(field, self._cell(field, row)) for field in BORN_WITH}
            return pack(**codes), self._cell("queue", row)
        text = self._cell("value", row)
        if kind in NAMED_BY:
            return 0, text if kind is Kind.QUEUE_CHANGED else required(text, _("the value"))
        if kind in VALUE_OF:
            field = VALUE_OF[kind]
            return self._words.code_or_unknown(field, text or self._cell(field, row)), ""
        if kind in TIMES_OF:
            return self._times.read(required(text, _("the value"))), ""
        return (_integer(text, *NUMBERS[kind]) if kind in NUMBERS and text else 0), ""

    def _detail(self, kind: Kind, row: Row) -> dict[str, object] | None:
        if kind is Kind.CREATED:
            return {name: text for name in ("subject", "customer") if (text := self._cell(name, row))} or None
        if kind in VALUE_OF:
            word = self._cell("value", row)
            if word and self._words.code(VALUE_OF[kind], word) is None:
                return {"word": word}
        return None


def _integer(text: str, low: int = -LARGEST, high: int = LARGEST) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise RowWrong(_("{text!r} is not a whole number").format(text=text)) from error
    if not low <= number <= high:
        raise RowWrong(_("{number} is not between {low} and {high}").format(number=number, low=low, high=high))
    return number
