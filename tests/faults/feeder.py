"""A console of its own process that is fed without end and says what it was acknowledged: ``feeder.py DIR SEED``.

Event number ``n`` is always the same event, so whoever reads the log afterwards knows what must be in it.
"""

from __future__ import annotations

import random
import sys
from collections import deque
from pathlib import Path

from console.engine import Engine
from console.models.domain import attributes
from console.models.domain.contacts import Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Receipt
from console.models.store import sealing, upkeep

SOURCE = "feeder"
START = 1_772_445_600_000_000
TICKETS = 3_000
HANDED_IN_AGAIN = 70
UNDER_WAY = 12


def the_event(number: int) -> Event:
    """Event ``number``; every tenth comes late."""
    chance = random.Random(number)
    ticket = f"T-{number if number < TICKETS else chance.randrange(TICKETS)}"
    at = START + number * 1_000_000 - (chance.randrange(10**9) if number % 10 == 0 else 0)
    if number < TICKETS:
        detail = {"subject": f"Subject {number}", "customer": f"Customer {number}"}
        return Event(Kind.CREATED, ticket, at, number, value=attributes.pack(channel=number % 10 + 1), detail=detail)
    kind = chance.choice([Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY, Kind.ASSIGNED, Kind.STATUS_CHANGED])
    return Event(
        kind,
        ticket,
        at,
        number,
        actor=f"agent {chance.randrange(20)}",
        value=chance.choice([Status.OPEN, Status.RESOLVED]) if kind is Kind.STATUS_CHANGED else 0,
        name=f"agent {number // 500}" if kind is Kind.ASSIGNED else "",
        body=f"text {number}" if kind is Kind.CUSTOMER_MESSAGE else "",
    )


def main() -> None:
    """Go on where the cursor stands, hand some events in again, and say the number behind each acknowledgement."""
    chance = random.Random(sys.argv[2])
    # Often, so that the end comes in the middle of these too.
    upkeep.ROWS_BETWEEN_CHECKPOINTS = 300
    upkeep.BIG_WAL_PAGES = 100
    sealing.SEGMENT_ROWS = 400
    with Engine(Path(sys.argv[1])) as engine:
        cursor = engine.log.cursor(SOURCE) or {"next": 0}
        known = int(str(cursor["next"]))
        number = max(0, known - HANDED_IN_AGAIN)
        under_way: deque[tuple[Receipt, int]] = deque()
        while True:
            end = number + chance.choice([1, 3, 20, 300, 1_200])
            # Handing in again what is known already does not move the cursor back.
            events, cursor = [the_event(n) for n in range(number, end)], {"next": max(end, known)}
            receipt = engine.intake.submit(SOURCE, events, origin=Origin.STREAM, cursor=cursor)
            under_way.append((receipt, end))
            number = end
            while len(under_way) > chance.randrange(UNDER_WAY):
                receipt, acknowledged = under_way.popleft()
                if not receipt.wait(60):
                    sys.exit("an acknowledgement never came")
                sys.stdout.write(f"{acknowledged}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
