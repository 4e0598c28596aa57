"""Entries as rows of their table and back, and the `EscalationReader` over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, RowMapping, func, select

from console import turns
from console.models.domain.escalation import (
    Audience,
    Cause,
    Entry,
    Happening,
    Key,
    News,
    ObjectKind,
    Recipient,
    State,
    Urgency,
)
from console.models.domain.escalation_ports import Overdue, Past, Sending, Told, Waiting, Watermark
from console.models.store.escalation_tables import IS_OPEN, IS_UNSENT, escalation, escalation_event, outbox, sweep

_AT_ONCE = 250
"""Rows that are read in one turn: two milliseconds."""
_COPIED = (
    "id",
    "rule",
    "ticket",
    "since",
    "occurred_at",
    "raised_at",
    "due_at",
    "level",
    "owner",
    "count",
    "reopened",
    "reason",
    "acknowledged_at",
    "resolved_at",
    "merged_into",
    "version",
)
"""The columns whose value is the field's own."""

_REMAINDER = 1_000_000_007
"""Of an instant in microseconds: changes with each of its digits, and billions of them can be added up."""

_OWNED = (State.ACKNOWLEDGED, State.SNOOZED, State.RETURNED)


def entry_of(row: RowMapping) -> Entry:
    """The entry of a row."""
    return Entry(
        key=Key(ObjectKind(row["kind"]), row["object"], Cause(row["cause"]), row["cycle"]),
        state=State(row["state"]),
        urgency=Urgency(row["urgency"]),
        chain=tuple(json.loads(row["chain"])),
        reminded=bool(row["reminded"]),
        **{name: row[name] for name in _COPIED},
    )


def values_of(entry: Entry) -> Mapping[str, Any]:
    """The row of an entry, without its claim."""
    return {
        "kind": entry.key.kind,
        "object": entry.key.object,
        "cause": entry.key.cause,
        "cycle": entry.key.cycle,
        "state": entry.state,
        "urgency": entry.urgency,
        "chain": json.dumps(entry.chain, ensure_ascii=False),
        "reminded": entry.reminded,
        **{name: getattr(entry, name) for name in _COPIED},
    }


def notice_of(row: RowMapping) -> Waiting:
    """The notice of a row of the outbox."""
    return Waiting(
        id=row["id"],
        entry=row["escalation"],
        news=News(row["news"]),
        to=Recipient(Audience(row["audience"]), row["recipient"]),
        urgency=Urgency(row["urgency"]),
        created_at=row["created_at"],
        again=row["epoch"] > 0,
    )


class SqlEscalationReader:
    """Reads over connections that cannot write."""

    def __init__(self, reader: Engine) -> None:
        self._engine = reader

    def entry(self, entry: int) -> Entry:
        """One entry; raises KeyError when there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(escalation).where(escalation.c.id == entry)).mappings().first()
        if row is None:
            raise KeyError(entry)
        return entry_of(row)

    def open_entries(self) -> list[Entry]:
        """All that have not ended, most urgent first, then by due time."""
        query = select(escalation).where(IS_OPEN).order_by(escalation.c.urgency, escalation.c.due_at, escalation.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        found: list[Entry] = []
        for first in range(0, len(rows), _AT_ONCE):
            turns.after_the_frame()
            found += map(entry_of, rows[first : first + _AT_ONCE])
        return found

    def all_entries(self) -> list[Entry]:
        """Everything that ever was in the inbox, by number."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(escalation).order_by(escalation.c.id)).mappings()
            return [entry_of(row) for row in rows]

    def stamp(self) -> tuple[int, ...]:
        """Numbers that differ as soon as an open entry was raised, moved, ended or given another due time."""
        columns = escalation.c
        # Entries come with a higher number and go one by one; between that every move makes a version higher.
        # The sum of 5,100 whole instants is more than a database's integer holds.
        due = func.sum(columns.due_at % _REMAINDER)
        asked = (func.count(), func.max(columns.id), func.sum(columns.version), due)
        with self._engine.connect() as connection:
            return tuple(int(number or 0) for number in connection.execute(select(*asked).where(IS_OPEN)).one())

    def of_owner(self, owner: str) -> list[Entry]:
        """The acknowledged, snoozed and returned entries of a person."""
        query = select(escalation).where(IS_OPEN, escalation.c.owner == owner, escalation.c.state.in_(_OWNED))
        with self._engine.connect() as connection:
            return [entry_of(row) for row in connection.execute(query.order_by(escalation.c.id)).mappings()]

    def owners(self) -> frozenset[str]:
        """Everybody who has an acknowledged, snoozed or returned entry."""
        query = select(escalation.c.owner).distinct().where(IS_OPEN, escalation.c.state.in_(_OWNED))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def history(self, entry: int) -> list[Past]:
        """Every move of an entry, oldest first."""
        query = select(escalation_event).where(escalation_event.c.escalation == entry)
        with self._engine.connect() as connection:
            return [
                Past(
                    at=row["at"],
                    actor=row["actor"],
                    what=Happening(row["what"]),
                    before=None if row["state_before"] is None else State(row["state_before"]),
                    state=State(row["state"]),
                    urgency=Urgency(row["urgency"]),
                    level=row["level"],
                    owner=row["owner"],
                    due_at=row["due_at"],
                    reason=row["reason"],
                )
                for row in connection.execute(query.order_by(escalation_event.c.version)).mappings()
            ]

    def next_due(self, at: int) -> int | None:
        """The earliest due time of an entry that nobody has claimed."""
        query = select(escalation.c.due_at).where(IS_OPEN, escalation.c.lease_until <= at)
        with self._engine.connect() as connection:
            due: int | None = connection.execute(query.order_by(escalation.c.due_at).limit(1)).scalar()
        return due

    def overdue(self, at: int) -> Overdue | None:
        """What was due before ``at`` and has not been carried out; None when nothing was."""
        query = select(func.count(), func.min(escalation.c.due_at)).where(IS_OPEN, escalation.c.due_at < at)
        with self._engine.connect() as connection:
            count, oldest = connection.execute(query).one()
        return Overdue(count, oldest) if count else None

    def watermark(self) -> Watermark | None:
        """How far the sweep came; None before the first."""
        with self._engine.connect() as connection:
            row = connection.execute(select(sweep.c.swept_to, sweep.c.ticked_at, sweep.c.began_at)).first()
        return None if row is None else Watermark(*row)

    def waiting(self, limit: int) -> list[Waiting]:
        """The notices that are to be sent, most urgent first."""
        query = select(outbox).where(IS_UNSENT, outbox.c.state == Sending.WAITING)
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(outbox.c.urgency, outbox.c.id).limit(limit)).mappings()
            return [notice_of(row) for row in found]

    def notices(self, entry: int) -> list[Told]:
        """Every notice of an entry and what became of it, oldest first."""
        query = select(outbox).where(outbox.c.escalation == entry).order_by(outbox.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [Told(notice_of(row), Sending(row["state"]), row["settled_at"]) for row in rows]
