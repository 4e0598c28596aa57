"""The end of a promised call back in the database, and its way back, for all who may bring them about."""

from __future__ import annotations

from sqlalchemy import Connection, update

from console.models.domain.call_backs import Kept
from console.models.store.command_tables import IS_PROMISED, call_back


def settle_call_back(connection: Connection, id_: int, state: Kept, outcome: str, actor: str, at: int) -> bool:
    """Write what became of an open one; False where there is no open one of this number."""
    done = (
        update(call_back)
        .where(call_back.c.id == id_, IS_PROMISED)
        .values(state=state, outcome=outcome, settled_by=actor, settled_at=at)
    )
    return bool(connection.execute(done).rowcount)


def promise_again(connection: Connection, id_: int, kept_at: int) -> bool:
    """Open one again that was kept at that very instant; False where there is none, or it ended otherwise."""
    open_again = (
        update(call_back)
        .where(call_back.c.id == id_, call_back.c.state == Kept.DONE, call_back.c.settled_at == kept_at)
        .values(state=Kept.PROMISED, outcome="", settled_by="", settled_at=None)
    )
    return bool(connection.execute(open_again).rowcount)
