"""Commands and call backs as rows of their tables and back, and who reads them for screens and sweep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Engine, RowMapping, Select, case, func, select

from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.store.command_tables import IS_FIRST, IS_PENDING, IS_PROMISED, call_back, command

_IDS_PER_QUERY = 512


def ordered_of(row: RowMapping) -> Ordered:
    """The command of a row."""
    values = {name: row[name] for name in Ordered.__slots__}
    return Ordered(
        **values | {"verb": Verb(row["verb"]), "state": Delivery(row["state"]), "is_sent": bool(row["is_sent"])}
    )


def call_back_of(row: RowMapping) -> CallBack:
    """The call back of a row."""
    return CallBack(**{name: row[name] for name in CallBack.__slots__} | {"state": Kept(row["state"])})


class SqlCommandReader:
    """The `command_ports.CommandReader` and `CallBackReader` over connections that cannot write."""

    def __init__(self, reader: Engine) -> None:
        self._engine = reader

    def pending(self, tickets: Iterable[int] | None = None) -> Mapping[int, Sequence[Ordered]]:
        """What these tickets (all, when None) do not show yet, oldest first."""
        query = select(command).where(IS_PENDING, command.c.ticket > 0).order_by(command.c.id)
        if tickets is None:
            return _by_ticket(self._ordered(query))
        found: list[Ordered] = []
        ids = list(tickets)
        for start in range(0, len(ids), _IDS_PER_QUERY):
            found += self._ordered(query.where(command.c.ticket.in_(ids[start : start + _IDS_PER_QUERY])))
        return _by_ticket(found)

    def pending_of_agents(self) -> Mapping[str, Sequence[Ordered]]:
        """What agents (by name) do not show yet, oldest first."""
        by_agent: defaultdict[str, list[Ordered]] = defaultdict(list)
        for ordered in self._ordered(select(command).where(IS_PENDING, command.c.ticket == 0).order_by(command.c.id)):
            by_agent[ordered.agent].append(ordered)
        return dict(by_agent)

    def of_agent(self, agent: str) -> Sequence[Ordered]:
        """Everything that was asked of an agent, newest first."""
        asked = select(command).where(command.c.ticket == 0, command.c.agent == agent)
        return self._ordered(asked.order_by(command.c.id.desc()))

    def of_ticket(self, ticket: int) -> Sequence[Ordered]:
        """Everything that was asked of a ticket, newest first."""
        return self._ordered(select(command).where(command.c.ticket == ticket).order_by(command.c.id.desc()))

    def next_due(self) -> int | None:
        """When something is to be sent or asked about next; None when nothing is."""
        held = case((command.c.lease_until > command.c.due_at, command.c.lease_until), else_=command.c.due_at)
        with self._engine.connect() as connection:
            due: int | None = connection.execute(select(func.min(held)).where(IS_PENDING, IS_FIRST)).scalar()
        return due

    def ordered(self, ids: Sequence[int]) -> list[Ordered]:
        """These commands as they stand."""
        found: list[Ordered] = []
        for start in range(0, len(ids), _IDS_PER_QUERY):
            found += self._ordered(select(command).where(command.c.id.in_(ids[start : start + _IDS_PER_QUERY])))
        return found

    def call_backs(self, ticket: int | None = None) -> Sequence[CallBack]:
        """The open ones by due time; with a ticket all of its own, the settled ones too."""
        query = select(call_back).order_by(call_back.c.due_at, call_back.c.id)
        return self._calls(query.where(IS_PROMISED if ticket is None else call_back.c.ticket == ticket))

    def overdue_between(self, after: int, until: int) -> Sequence[CallBack]:
        """Open ones with ``after < due_at <= until``."""
        return self._calls(
            select(call_back).where(IS_PROMISED, call_back.c.due_at > after, call_back.c.due_at <= until)
        )

    def next_call_back(self, at: int) -> int | None:
        """When the next open one after ``at`` is due."""
        query = select(func.min(call_back.c.due_at)).where(IS_PROMISED, call_back.c.due_at > at)
        with self._engine.connect() as connection:
            due: int | None = connection.execute(query).scalar()
        return due

    def _ordered(self, query: Select[tuple[object, ...]]) -> list[Ordered]:
        with self._engine.connect() as connection:
            return [ordered_of(row) for row in connection.execute(query).mappings()]

    def _calls(self, query: Select[tuple[object, ...]]) -> list[CallBack]:
        with self._engine.connect() as connection:
            return [call_back_of(row) for row in connection.execute(query).mappings()]


def _by_ticket(found: Iterable[Ordered]) -> dict[int, list[Ordered]]:
    by_ticket: defaultdict[int, list[Ordered]] = defaultdict(list)
    for ordered in found:
        by_ticket[ordered.ticket].append(ordered)
    return dict(by_ticket)
