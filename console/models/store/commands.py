"""Commands and call backs in the database: written with their audit rows, claimed by one dispatcher, settled once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import Connection, Update, and_, exists, func, insert, or_, select, update

from console.models.domain.audit import Entry as AuditEntry
from console.models.domain.audit import Outcome as Audited
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.command_ports import Claimed, Order, Place, Seat
from console.models.domain.commands import (
    DELIVERY_OF,
    KIND_OF,
    OF_AGENTS,
    Delivery,
    Ordered,
    Outcome,
    Result,
    Verb,
    named,
)
from console.models.domain.events import OWN_SOURCE, Kind
from console.models.domain.roles import Action, Target
from console.models.store.acting import SqlLedger
from console.models.store.agent_rows import agent_shows, knows_queue, seat
from console.models.store.audit import append
from console.models.store.call_backs import settle_call_back
from console.models.store.command_rows import call_back_of, ordered_of
from console.models.store.command_tables import IS_FIRST, IS_PENDING, call_back, command
from console.models.store.tables import event, ticket
from console.models.store.tables import name as names


class Transactions(Protocol):
    """Who gives out writing transactions between two commits of the log's writer (`SqlEscalations.transaction`)."""

    def __call__(self, *, records: bool = False) -> AbstractContextManager[Connection]:
        """One transaction; ``records`` says that audit rows come with it."""
        ...


class SqlCommandChange(SqlLedger):
    """`command_ports.CommandChange` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection, new_key: Callable[[], str]) -> None:
        super().__init__(connection)
        self._new_key = new_key

    def places(self, tickets: Sequence[int]) -> list[Place]:
        """The tickets that there are, in the order asked for."""
        found = []
        for id_ in dict.fromkeys(tickets):
            query = (
                select(names.c.text, ticket.c.ref)
                .join(names, and_(names.c.dimension == "source", names.c.id == ticket.c.source))
                .where(ticket.c.id == id_)
            )
            row = self.connection.execute(query).first()
            if row is not None:
                found.append(Place(id_, row.text, row.ref, _assignee(self.connection, id_)))
        return found

    def seats(self, agents: Sequence[str]) -> list[Seat]:
        """The agents that the log has heard of, in the order asked for."""
        found = (seat(self.connection, name) for name in dict.fromkeys(agents))
        return [one for one in found if one is not None]

    def knows_queue(self, name: str) -> bool:
        """Whether the log has heard of a queue of this name."""
        return knows_queue(self.connection, name)

    def order(self, orders: Sequence[Order], actor: str, at: int) -> list[Ordered]:
        """Write commands into the outbox, to be sent at once."""
        last = self.connection.execute(select(func.max(command.c.id))).scalar() or 0
        made = []
        for id_, order in enumerate(orders, last + 1):
            ordered = Ordered(
                id=id_,
                key=self._new_key(),
                source=order.place.source,
                **_subject(order),
                verb=order.verb,
                actor=actor,
                requested_at=at,
                state=Delivery.REQUESTED,
                due_at=at,
                name=order.name,
                value=order.value,
                text=order.text,
                is_sent=order.is_sent,
            )
            values = {name: getattr(ordered, name) for name in Ordered.__slots__} | {"verb": ordered.verb.value}
            self.connection.execute(insert(command).values(**values, epoch=0, lease_until=0))
            made.append(ordered)
        return made

    def promise(self, ticket: int, owner: str, due_at: int, text: str, actor: str, at: int) -> CallBack:
        """Write down a call back."""
        last = self.connection.execute(select(func.max(call_back.c.id))).scalar() or 0
        made = CallBack(last + 1, ticket, owner, text, due_at, Kept.PROMISED, at, actor)
        self.connection.execute(insert(call_back).values(**{name: getattr(made, name) for name in CallBack.__slots__}))
        return made

    def call_back(self, id_: int) -> CallBack | None:
        """One call back."""
        row = self.connection.execute(select(call_back).where(call_back.c.id == id_)).mappings().first()
        return None if row is None else call_back_of(row)

    def settle_call_back(self, id_: int, state: Kept, outcome: str, actor: str, at: int) -> CallBack:
        """It ended. Raises KeyError where there is no open one of this number."""
        settled = settle_call_back(self.connection, id_, state, outcome, actor, at)
        found = self.call_back(id_) if settled else None
        if found is None:
            raise KeyError(id_)
        return found


class SqlCommands:
    """The `command_ports.Commands` and `CommandOutbox` of a database."""

    def __init__(self, transaction: Transactions, new_key: Callable[[], str] = lambda: secrets.token_hex(12)) -> None:
        """``new_key`` makes the ids under which sources know the commands; no two may be the same, ever."""
        self._transaction = transaction
        self._new_key = new_key

    @contextmanager
    def change(self) -> Iterator[SqlCommandChange]:
        """One transaction for an action: what it asks for, and its audit row."""
        with self._transaction(records=True) as connection:
            yield SqlCommandChange(connection, self._new_key)

    def claim(self, at: int, lease: int, limit: int, ahead: int) -> list[Claimed]:
        """Take what is due: of each ticket and agent only its oldest that is not settled, so that nothing overtakes.
        What is due or held for longer than can be was written before the clock went back."""
        is_due = or_(command.c.due_at <= at, command.c.due_at > at + ahead)
        is_free = or_(command.c.lease_until <= at, command.c.lease_until > at + lease)
        due = select(command).where(IS_PENDING, is_due, is_free, IS_FIRST).order_by(command.c.id).limit(limit)
        claims = []
        with self._transaction() as connection:
            for row in connection.execute(due).mappings().all():
                found = ordered_of(row)
                # Whoever was sending has died or hangs: nobody knows whether it arrived.
                state = Delivery.SENDING if found.state is Delivery.REQUESTED else Delivery.UNKNOWN
                taken = replace(found, state=state, attempts=found.attempts + 1)
                connection.execute(
                    update(command)
                    .where(command.c.id == taken.id)
                    .values(state=state, attempts=taken.attempts, epoch=row["epoch"] + 1, lease_until=at + lease)
                )
                claims.append(Claimed(taken, row["epoch"] + 1))
        return claims

    def settle(self, claimed: Claimed, result: Result, at: int, again_at: int) -> bool:
        """Write what became of it, on the trail too where the source did not do it."""
        state = DELIVERY_OF[result.outcome]
        unknown = state is Delivery.UNKNOWN
        values = {
            "state": state,
            "reason": result.reason,
            "due_at": again_at if unknown else None,
            "settled_at": None if unknown else at,
            "lease_until": 0,
        }
        if not unknown:
            # A note's words are kept where they can be erased: with the log's bodies.
            values["text"] = ""
        refused = result.outcome in (Outcome.REFUSED, Outcome.CONFLICT)
        with self._transaction(records=refused) as connection:
            written = connection.execute(_held(claimed).values(**values)).rowcount == 1
            if written and refused:
                append(connection, _refusal(claimed.ordered, result, at))
        return written

    def release(self, claimed: Claimed, at: int) -> bool:
        """Its source never got it: it may be sent from an instant on."""
        with self._transaction() as connection:
            values = {"state": Delivery.REQUESTED, "due_at": at, "lease_until": 0}
            return connection.execute(_held(claimed).values(**values)).rowcount == 1

    def read_back(self, ordered: Ordered) -> bool:
        """Whether the log has an event of another source than the console, since it was asked for, that makes it
        true."""
        if ordered.verb is Verb.NOTE:
            return False
        if ordered.verb in OF_AGENTS:
            with self._transaction() as connection:
                return agent_shows(connection, ordered)
        same = [
            event.c.subject == ordered.ticket,
            event.c.kind == KIND_OF[ordered.verb],
            event.c.at >= ordered.requested_at,
            event.c.source.not_in(select(names.c.id).where(names.c.dimension == "source", names.c.text == OWN_SOURCE)),
        ]
        if ordered.verb in (Verb.ASSIGN, Verb.QUEUE):
            dimension = "agent" if ordered.verb is Verb.ASSIGN else "queue"
            named = select(names.c.id).where(names.c.dimension == dimension, names.c.text == ordered.name)
            same.append(event.c.value.in_(named))
        elif ordered.verb is not Verb.UNASSIGN:
            same.append(event.c.value == ordered.value)
        with self._transaction() as connection:
            return bool(connection.execute(select(exists().where(*same))).scalar())


def _subject(order: Order) -> dict[str, Any]:
    """Whom or what a command is about, and how that was before."""
    place, verb = order.place, order.verb
    if isinstance(place, Seat):
        former = {Verb.AGENT_STATE: place.state.key, Verb.AGENT_QUEUES: named(place.queues)}
        return {"ticket": 0, "ref": place.agent, "agent": place.agent, "former": former.get(verb, "")}
    former_owner = place.assignee if verb in (Verb.ASSIGN, Verb.UNASSIGN) else ""
    return {"ticket": place.ticket, "ref": place.ref, "former": former_owner}


_ASSIGNING = (Kind.ASSIGNED, Kind.UNASSIGNED)


def _assignee(connection: Connection, id_: int) -> str:
    """Who has the ticket, by the order of events that does not depend on arrival; empty for nobody."""
    latest = (
        select(event.c.kind, names.c.text)
        .outerjoin(names, and_(names.c.dimension == "agent", names.c.id == event.c.value))
        .where(event.c.subject == id_, event.c.kind.in_(_ASSIGNING))
        .order_by(event.c.at.desc(), event.c.native.desc(), event.c.source.desc(), event.c.key.desc())
        .limit(1)
    )
    row = connection.execute(latest).first()
    return "" if row is None or row.kind != Kind.ASSIGNED else row.text or ""


def _held(claimed: Claimed) -> Update:
    return update(command).where(command.c.id == claimed.ordered.id, command.c.epoch == claimed.epoch, IS_PENDING)


_ACTIONS = {
    Verb.ASSIGN: Action.TICKET_ASSIGN,
    Verb.UNASSIGN: Action.TICKET_ASSIGN,
    Verb.NOTE: Action.TICKET_NOTE,
    Verb.AGENT_STATE: Action.AGENT_STATE,
    Verb.AGENT_QUEUES: Action.AGENT_QUEUES,
    Verb.BREAK: Action.AGENT_BREAK,
}


def _refusal(ordered: Ordered, result: Result, at: int) -> AuditEntry:
    """The row of what the source did not do; the console itself learnt of it, so nobody is its actor."""
    action = _ACTIONS.get(ordered.verb, Action.TICKET_CHANGE)
    facts = {"verb": ordered.verb.value, "command": ordered.key, "asked_by": ordered.actor}
    target = Target("agent", ordered.agent) if ordered.agent else Target("ticket", str(ordered.ticket))
    return AuditEntry(at, "", action, target, Audited.REFUSED, reason=result.reason, after=facts)
