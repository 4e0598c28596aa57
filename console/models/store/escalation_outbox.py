"""The outbox of notices in the database: who is sending what, and what became of it.

A notice is claimed in one transaction, sent, and settled in another. What is SENDING when its lease ends is unknown:
it may have been told. Staff are told again, and `Waiting.again` makes that visible (DESIGN: effects of class N).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select, update

from console.models.domain.escalation_ports import Delivery, Sending
from console.models.store.escalation_rows import notice_of
from console.models.store.escalation_tables import IS_UNSENT, outbox
from console.models.store.escalations import SqlEscalations


class SqlOutbox:
    """The `Outbox` of a database; it writes on the connection of the inbox, between the log's commits."""

    def __init__(self, escalations: SqlEscalations) -> None:
        self._escalations = escalations

    def claim_notices(self, at: int, lease: int, limit: int) -> list[Delivery]:
        """Take the right to send what waits, and what another was sending whose lease has ended; most urgent first."""
        ours = or_(
            outbox.c.state == Sending.WAITING,
            and_(outbox.c.state == Sending.SENDING, outbox.c.lease_until <= at),
        )
        query = select(outbox).where(IS_UNSENT, ours).order_by(outbox.c.urgency, outbox.c.id).limit(limit)
        with self._escalations.transaction() as connection:
            rows = connection.execute(query).mappings().all()
            for row in rows:
                connection.execute(
                    update(outbox)
                    .where(outbox.c.id == row["id"])
                    .values(state=Sending.SENDING, epoch=row["epoch"] + 1, lease_until=at + lease)
                )
        return [Delivery(notice_of(row), row["epoch"] + 1) for row in rows]

    def settle_notices(self, deliveries: Sequence[Delivery], sending: Sending, at: int) -> int:
        """They are sent, or failed; returns for how many that was still ours to say."""
        settled = 0
        with self._escalations.transaction() as connection:
            for notice, epoch in deliveries:
                settled += connection.execute(
                    update(outbox)
                    .where(outbox.c.id == notice.id, outbox.c.epoch == epoch, outbox.c.state == Sending.SENDING)
                    .values(state=sending, settled_at=at)
                ).rowcount
        return settled
