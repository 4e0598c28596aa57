"""Agents of the demonstration centre who now and then ask for a compensation above their limit (R-CMP-OFFER, R-ESC).

They ask for complaints that are being worked on, with the amount and the cause that the ticket tells. Which ones, who
asks and when follows from the seed and the ticket.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from console.clock import HOUR, MINUTE
from console.connectors.demo.colleague import WIDE, chance
from console.connectors.demo.people import staff
from console.connectors.demo.texts import texts
from console.errors import KnownError
from console.i18n import language
from console.models.actions.authorize import Refused
from console.models.actions.compensation import CompensationActions
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause, Owner
from console.models.domain.contacts import ComplaintTier, Language, Status
from console.models.domain.escalation import Urgency
from console.models.domain.events import Kind
from console.models.domain.money import HUNDREDTHS, Money
from console.models.domain.ports import Batch
from console.models.domain.roles import Actor
from console.models.queries.timeline import Entry

logger = logging.getLogger("console.demo")

SHARE = 0.6
"""Of the complaints that could need it."""
EARLIEST, LATEST = 3 * MINUTE, 16 * MINUTE
"""How long after the complaint somebody asks."""
TOO_LATE = 40 * MINUTE
PAUSE = 7 * MINUTE
"""At least so long between two of them."""
AT_ONCE = 3
"""So many wait for a decision at most: the person at the console is to see them, not to drown in them."""
LOSS_SHARE: Mapping[Cause, float] = {
    Cause.LOGISTICS_DELAY: 0.03,
    Cause.PRODUCT_DEFECT: 1.0,
    Cause.AGENT_MISTAKE: 0.25,
    Cause.BILLING_ERROR: 0.2,
    Cause.WRONG_ITEM: 0.4,
}
"""What the customer lost, as a share of the order's price."""
FREIGHT = Money(18 * HUNDREDTHS)
_CAUSES = {cause.key: cause for cause in Cause}
_DONE = frozenset({Status.RESOLVED, Status.CLOSED, Status.SPAM, Status.DELETED})

Timeline = Callable[[int], Sequence[Entry]]


def authors() -> tuple[str, ...]:
    """Who asks: the seniors of those who take complaints."""
    return tuple(p.name for p in staff().people if "complaints" in p.serves and p.seniority == "senior")


class Proposals:
    """`receive` may be called on any thread; `turn` blocks on the database and belongs to one."""

    def __init__(
        self, seed: int, actors: Sequence[Actor], compensation: Callable[[], CompensationActions], timeline: Timeline
    ) -> None:
        """``actors`` are the accounts that may ask; ``timeline`` gives all events of a ticket."""
        self._seed = seed
        self._actors = {actor.name: actor for actor in actors}
        self._compensation = compensation
        self._timeline = timeline
        self._complaints: deque[tuple[int, int]] = deque(maxlen=500)
        self._door = threading.Lock()

    def receive(self, batch: Batch) -> None:
        """Note the complaints that come in, but not those of days long past."""
        rows = batch.rows
        heavy = (rows["kind"] == Kind.COMPLAINT) & (rows["value"] >= ComplaintTier.MEDIUM)
        if not heavy.any():
            return
        found = rows[heavy & (rows["at"] > (batch.arrived_at or int(rows["at"].max())) - HOUR)]
        with self._door:
            self._complaints.extend(zip(np.asarray(found["at"]).tolist(), found["subject"].tolist(), strict=True))

    def turn(self, now: int) -> bool:
        """Whether somebody asked for something."""
        with self._door:
            self._complaints = deque((one for one in self._complaints if now - one[0] < TOO_LATE), maxlen=500)
            due = [ticket for at, ticket in self._complaints if now >= at + self._delay(ticket)]
        for ticket in due:
            if not self._has_room(now):
                return False
            with self._door:
                self._complaints = deque((one for one in self._complaints if one[1] != ticket), maxlen=500)
            if self._chance(ticket, "ask") < SHARE and self._ask(ticket):
                return True
        return False

    def _has_room(self, now: int) -> bool:
        waiting = self._compensation().requests.undecided()
        return len(waiting) < AT_ONCE and all(now - one.proposed_at >= PAUSE for one in waiting)

    def _ask(self, ticket: int) -> bool:
        events = self._timeline(ticket)
        told = next((event for event in reversed(events) if event.kind is Kind.COMPLAINT), None)
        status = next((event.value for event in reversed(events) if event.kind is Kind.STATUS_CHANGED), 0)
        owner = next((event.name for event in reversed(events) if event.kind is Kind.ASSIGNED), "")
        actor = self._actors.get(owner)
        amount = 0 if told is None else told.detail.get("amount", 0)
        if told is None or actor is None or status in _DONE or not isinstance(amount, int | float) or amount <= 0:
            return False
        cause = _CAUSES.get(str(told.detail.get("cause", "")), Cause.OTHER)
        price = Money(round(amount) * HUNDREDTHS)
        loss = Money(max(10, round(amount * LOSS_SHARE.get(cause, 0.3))) * HUNDREDTHS)
        said = Language.ZH if language().startswith("zh") else Language.EN
        note = texts(said).pick("colleague.ask", int(self._chance(ticket, "note") * WIDE))
        urgency = Urgency.P1 if told.value >= ComplaintTier.HIGH else Urgency.P2
        case = Case(loss, cause, price, FREIGHT if cause is Cause.LOGISTICS_DELAY else None)
        try:
            self._compensation().propose(actor, ticket, case, 0, owner=Owner.SENIOR_AGENT, note=note, urgency=urgency)
        except Refused as error:
            del self._actors[owner]
            logger.info("%s may not ask: %s", owner, error)
            return False
        except KnownError as error:
            logger.info("%s cannot ask: %s", owner, error)
            return False
        return True

    def _delay(self, ticket: int) -> int:
        return int(EARLIEST + self._chance(ticket, "when") * (LATEST - EARLIEST))

    def _chance(self, ticket: int, what: str) -> float:
        return chance(self._seed, "compensation", ticket, what)
