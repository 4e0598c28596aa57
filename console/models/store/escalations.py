"""The escalation inbox in the database: every move writes state, history, notices and audit in one transaction.

Entries are written on a connection of their own, between two commits of the log's writer. A transaction begins
IMMEDIATE, so of two actors who want the same entry the second one reads what the first one made of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, Engine, and_, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import DBAPIError

from console import turns
from console.i18n import _
from console.models.domain.escalation import (
    ANSWERED,
    FOUND,
    SYSTEM,
    TERMINAL,
    Cause,
    ChangedMeanwhile,
    Entry,
    EscalationRefused,
    Event,
    Happening,
    IllegalMove,
    Key,
    ObjectKind,
    Occurrence,
    State,
    Transition,
)
from console.models.domain.escalation_moves import start, transition
from console.models.domain.escalation_ports import Claim, Outcome, Raised, Sending
from console.models.domain.escalation_rules import EscalationRules
from console.models.store.escalation_rows import entry_of, values_of
from console.models.store.escalation_tables import IS_OPEN, IS_UNSENT, escalation, escalation_event, outbox, sweep
from console.models.store.request_tables import IS_UNDECIDED, compensation_request
from console.models.store.trouble import told

logger = logging.getLogger("console.escalations")

RecordAll = Callable[[Connection, Sequence[Transition]], None]
"""Writes the audit rows of moves, in their order and in their own transaction."""

Record = Callable[[Connection, Transition], None]
"""Writes the audit row of a move, in the move's own transaction."""


class SqlEscalations:
    """The `EscalationWriter` of a database."""

    def __init__(
        self,
        writer: Engine,
        between_commits: threading.Lock,
        record: RecordAll,
        recorded: Callable[[], None] = lambda: None,
    ) -> None:
        """``between_commits`` is the lock that the log's writer holds in a transaction; ``recorded`` is called after
        the commit of one that wrote to the audit trail."""
        self._engine = writer
        self._between_commits = between_commits
        self._record = record
        self._recorded = recorded
        self._has_recorded = False
        self._connection: Connection | None = None

    def close(self) -> None:
        """Close the connection; a later call would open it again."""
        with self._between_commits:
            self._disconnect()

    def raise_all(
        self,
        occurrences: Sequence[Occurrence],
        at: int,
        rules: EscalationRules,
        actor: str = SYSTEM,
        *,
        swept_to: int | None = None,
    ) -> list[Raised]:
        """Bring occurrences into the inbox, each matter once; ``swept_to`` moves the watermark with them."""
        with self.transaction() as connection:
            raised = self._raise_many(connection, occurrences, at, rules, actor)
            if swept_to is not None:
                _tick(connection, at, swept_to)
        return raised

    def move(
        self, entry: int, event: Event, at: int, actor: str, rules: EscalationRules, *, version: int | None = None
    ) -> Transition:
        """Make one move; see `EscalationWriter.move` for what it raises."""
        with self.transaction() as connection:
            return self.move_within(connection, entry, event, at, actor, rules, version=version)

    def settle(self, entries: Sequence[Entry], at: int, rules: EscalationRules) -> list[Transition]:
        """Resolve what is over by itself; whoever changed an entry meanwhile keeps it."""
        made: list[Transition] = []
        with self.transaction() as connection:
            for entry in entries:
                turns.after_the_frame()
                event = Event(Happening.RESOLVE, reason=ANSWERED)
                try:
                    made.append(self.move_within(connection, entry.id, event, at, SYSTEM, rules, version=entry.version))
                except EscalationRefused:
                    continue
        return made

    def claim_due(self, at: int, lease: int, limit: int) -> list[Claim]:
        """Take the right to carry out what is due, most urgent first, for ``lease`` microseconds."""
        due = (
            select(escalation.c.id, escalation.c.epoch)
            .where(IS_OPEN, escalation.c.due_at <= at, escalation.c.lease_until <= at)
            .order_by(escalation.c.urgency, escalation.c.due_at, escalation.c.id)
            .limit(limit)
        )
        with self.transaction() as connection:
            claims = [Claim(id_, epoch + 1) for id_, epoch in connection.execute(due)]
            for claim in claims:
                connection.execute(
                    update(escalation)
                    .where(escalation.c.id == claim.entry)
                    .values(epoch=claim.epoch, lease_until=at + lease)
                )
        return claims

    def fire(self, claims: Sequence[Claim], at: int, rules: EscalationRules) -> list[Transition]:
        """Carry out what is due. A claim that was taken over, or whose entry moved on, does nothing."""
        made = []
        with self.transaction() as connection:
            for claim in claims:
                row = connection.execute(select(escalation).where(escalation.c.id == claim.entry)).mappings().one()
                entry = entry_of(row)
                if row["epoch"] != claim.epoch or entry.due_at is None or entry.due_at > at:
                    continue
                move = transition(entry, Event(Happening.DUE), at, SYSTEM, rules)
                self._write(connection, move)
                made.append(move)
        return made

    def rebase(self, by: int, at: int) -> int:
        """The wall clock went back: move what is still to come by ``by`` (negative); returns how many entries.

        So does the time for requests that nobody decided. Instants of the past stay as they were written. Claims end:
        their lease was reckoned on the old clock.
        """
        with self.transaction() as connection:
            changed = connection.execute(
                update(escalation).where(IS_OPEN).values(due_at=escalation.c.due_at + by, lease_until=0)
            ).rowcount
            undecided = update(compensation_request).where(IS_UNDECIDED)
            connection.execute(undecided.values(due_at=compensation_request.c.due_at + by))
            connection.execute(update(outbox).where(IS_UNSENT).values(lease_until=0))
            swept_to = connection.execute(select(func.min(sweep.c.swept_to))).scalar()
            _tick(connection, at, at if swept_to is None else min(swept_to, at))
            # On the new clock everything that is to come lies behind the beginning again.
            connection.execute(update(sweep).where(sweep.c.began_at > at).values(began_at=at))
        return changed

    def tick(self, at: int, swept_to: int) -> None:
        """Keep the watermark."""
        with self.transaction() as connection:
            _tick(connection, at, swept_to)

    @contextmanager
    def transaction(self, *, records: bool = False) -> Iterator[Connection]:
        """One transaction for moves and for rows of others that must stand or fall with them.

        ``records``: the caller adds to the audit trail itself. Raises SetupError when the database cannot take it now.
        """
        try:
            with self._between_commits:
                self._has_recorded = records
                try:
                    if self._connection is None:
                        self._connection = self._engine.connect()
                    with self._connection.begin():
                        yield self._connection
                    has_recorded = self._has_recorded
                except DBAPIError:
                    # Whatever state it is in: the next transaction begins on a new one.
                    self._disconnect()
                    raise
        except DBAPIError as error:
            raise told(error) or error from error
        if has_recorded:
            self._recorded()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def raise_within(
        self,
        connection: Connection,
        occurrence: Occurrence,
        at: int,
        rules: EscalationRules,
        actor: str,
        *,
        record: Record | None = None,
    ) -> Raised:
        """Bring one occurrence into the inbox, in a `transaction`; ``record`` stands in for the usual one."""
        newest = _newest(connection, occurrence.key)
        if newest is not None:
            if occurrence.key.cause in FOUND and occurrence.occurred_at <= newest.occurred_at:
                return Raised(Outcome.KNOWN, newest)
            target = _follow(connection, newest)
            if target.state not in TERMINAL:
                event = Event(Happening.AGAIN, occurrence=replace(occurrence, key=target.key))
                made = transition(target, event, at, actor, rules)
                self._write(connection, made, record)
                if target.id != newest.id:
                    _remember_occurrence(connection, newest, occurrence)
                return Raised(Outcome.AGAIN, made.entry)
        return Raised(Outcome.NEW, self._write(connection, start(occurrence, at, actor, rules), record))

    def move_within(
        self,
        connection: Connection,
        entry: int,
        event: Event,
        at: int,
        actor: str,
        rules: EscalationRules,
        *,
        version: int | None = None,
        record: Record | None = None,
    ) -> Transition:
        """`move`, in a `transaction`; ``record`` stands in for the usual one."""
        found = _load(connection, entry)
        if event.what is Happening.MERGE:
            target = _load(connection, event.into)
            if target.state in TERMINAL or target.state is State.RESOLVED:
                raise IllegalMove(found, _("The other escalation is not open."))
        # The machine speaks first: "Ann already has it" says more than "it was changed".
        made = transition(found, event, at, actor, rules)
        if version is not None and version != found.version:
            raise ChangedMeanwhile(found, _("It was changed meanwhile."), _("Look at it again."))
        self._write(connection, made, record)
        if event.what is Happening.MERGE:
            # The entry that stays must be as urgent as the one that goes.
            again = Occurrence(target.key, found.rule, found.since, found.occurred_at, found.urgency, found.ticket)
            event_there = Event(Happening.AGAIN, occurrence=again)
            self._write(connection, transition(target, event_there, at, actor, rules), record)
        return made

    def _raise_many(
        self,
        connection: Connection,
        occurrences: Sequence[Occurrence],
        at: int,
        rules: EscalationRules,
        actor: str,
    ) -> list[Raised]:
        """Matters that were never here are written together, which is most of them; all others one by one."""
        turns.after_the_frame()
        seen = _known(connection, {one.key for one in occurrences})
        raised: dict[int, Raised] = {}
        fresh: list[int] = []
        for place, occurrence in enumerate(occurrences):
            if occurrence.key not in seen:
                seen.add(occurrence.key)
                fresh.append(place)
        made = self._write_new(connection, [start(occurrences[place], at, actor, rules) for place in fresh])
        raised = {place: Raised(Outcome.NEW, one.entry) for place, one in zip(fresh, made, strict=True)}
        for place, occurrence in enumerate(occurrences):
            if place not in raised:
                turns.after_the_frame()
                raised[place] = self.raise_within(connection, occurrence, at, rules, actor)
        return [raised[place] for place in range(len(occurrences))]

    def _write(self, connection: Connection, made: Transition, record: Record | None = None) -> Entry:
        """Write a move: state, history, notices, audit. Returns the entry with its number."""
        entry = made.entry
        if made.before is None:
            return self._write_new(connection, [made], record)[0].entry
        written = connection.execute(
            update(escalation)
            .where(escalation.c.id == entry.id, escalation.c.version == made.before.version)
            .values(**values_of(entry), lease_until=0, epoch=escalation.c.epoch + 1)
        ).rowcount
        if written != 1:
            raise ChangedMeanwhile(made.before, _("It was changed meanwhile."), _("Look at it again."))
        _silence(connection, made)
        self._tell(connection, [made], record)
        return entry

    def _write_new(
        self, connection: Connection, made: Sequence[Transition], record: Record | None = None
    ) -> list[Transition]:
        """Write entries that were not here before, as `_write` does; returned with their numbers."""
        if not made:
            return []
        last = connection.execute(select(func.max(escalation.c.id))).scalar() or 0
        numbered = [replace(one, entry=replace(one.entry, id=id_)) for id_, one in enumerate(made, last + 1)]
        connection.execute(
            insert(escalation), [{**values_of(one.entry), "epoch": 0, "lease_until": 0} for one in numbered]
        )
        self._tell(connection, numbered, record)
        return numbered

    def _tell(self, connection: Connection, made: Sequence[Transition], record: Record | None) -> None:
        """History, notices, and audit."""
        connection.execute(insert(escalation_event), [_past(one) for one in made])
        notices = [row for one in made for row in _notices(one)]
        if notices:
            connection.execute(insert(outbox), notices)
        if record is None:
            self._record(connection, made)
        else:
            for one in made:
                record(connection, one)
        self._has_recorded = True


def _past(made: Transition) -> dict[str, object]:
    """A line of the history."""
    entry = made.entry
    return {
        "escalation": entry.id,
        "version": entry.version,
        "at": made.at,
        "actor": made.actor,
        "what": made.event.what,
        "state_before": None if made.before is None else made.before.state,
        "state": entry.state,
        "urgency": entry.urgency,
        "level": entry.level,
        "owner": entry.owner,
        "due_at": entry.due_at,
        "occurred_at": entry.occurred_at,
        "reason": made.event.reason,
    }


def _silence(connection: Connection, made: Transition) -> None:
    entry = made.entry
    recipients = [(recipient.audience, recipient.name) for notice in made.notices for recipient in notice.to]
    if made.silences or recipients:
        # Nobody is told the same thing twice over by what was not sent yet: the newest news says it all. What a
        # console that died was sending has lost its point as well.
        pointless = or_(outbox.c.state == Sending.WAITING, outbox.c.lease_until <= made.at)
        if not made.silences:
            pointless = and_(pointless, tuple_(outbox.c.audience, outbox.c.recipient).in_(recipients))
        connection.execute(
            update(outbox)
            .where(outbox.c.escalation == entry.id, IS_UNSENT, pointless)
            .values(state=Sending.SILENCED, settled_at=made.at)
        )


def _notices(made: Transition) -> list[dict[str, object]]:
    """What is to be sent."""
    entry = made.entry
    return [
        {
            "escalation": entry.id,
            "version": entry.version,
            "news": notice.news,
            "audience": recipient.audience,
            "recipient": recipient.name,
            "urgency": entry.urgency,
            "created_at": made.at,
            "state": Sending.WAITING,
            "epoch": 0,
            "lease_until": 0,
        }
        for notice in made.notices
        for recipient in notice.to
    ]


def _load(connection: Connection, id_: int) -> Entry:
    row = connection.execute(select(escalation).where(escalation.c.id == id_)).mappings().first()
    if row is None:
        raise KeyError(id_)
    return entry_of(row)


def _known(connection: Connection, keys: Collection[Key]) -> set[Key]:
    """Those of these matters that have an entry, open or ended."""
    table = escalation.c
    columns = (table.kind, table.object, table.cause, table.cycle)
    found = connection.execute(select(*columns).distinct().where(tuple_(*columns).in_([tuple(key) for key in keys])))
    return {Key(ObjectKind(kind), object_, Cause(cause), cycle) for kind, object_, cause, cycle in found}


def _newest(connection: Connection, key: Key) -> Entry | None:
    table = escalation.c
    row = (
        connection.execute(
            select(escalation)
            .where(
                table.kind == key.kind, table.object == key.object, table.cause == key.cause, table.cycle == key.cycle
            )
            .order_by(table.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return None if row is None else entry_of(row)


def _follow(connection: Connection, entry: Entry) -> Entry:
    """The entry that this one is part of now; merging goes one way only, so this ends."""
    while entry.merged_into is not None:
        entry = _load(connection, entry.merged_into)
    return entry


def _remember_occurrence(connection: Connection, merged: Entry, occurrence: Occurrence) -> None:
    """A merged entry still knows what was found of its matter, so that it is not counted twice."""
    connection.execute(
        update(escalation).where(escalation.c.id == merged.id).values(occurred_at=occurrence.occurred_at)
    )


def _tick(connection: Connection, at: int, swept_to: int) -> None:
    changed = connection.execute(update(sweep).values(swept_to=swept_to, ticked_at=at)).rowcount
    if not changed:
        connection.execute(insert(sweep).values(id=1, swept_to=swept_to, ticked_at=at, began_at=swept_to))
