"""A log in a folder of its own, opened for writing, and events to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import FixedClock
from console.models.domain.events import Event, Kind
from console.models.domain.ports import Batch
from console.models.store.database import Place, place
from console.models.store.log import EventLog, open_log

NOON = 1_772_445_600_000_000


@pytest.fixture
def home(tmp_path: Path) -> Place:
    return place(tmp_path / "data")


@pytest.fixture
def log(home: Place, clock: FixedClock) -> Iterator[EventLog]:
    """A running log."""
    with open_log(home, clock) as opened:
        yield opened


@pytest.fixture
def published(log: EventLog) -> list[Batch]:
    """What the log's subscribers saw."""
    batches: list[Batch] = []
    log.intake.subscribe(batches.append)
    return batches


@pytest.fixture
def reopen(home: Place, clock: FixedClock) -> Callable[[], EventLog]:
    """Open the same place again (not started); whoever asks closes it."""
    return lambda: open_log(home, clock)


def message(ticket: str, key: int | str, at: int = NOON, **fields: object) -> Event:
    """A customer's message."""
    return Event(Kind.CUSTOMER_MESSAGE, ticket, at, key)._replace(**fields)


def created(ticket: str, key: int | str, at: int = NOON, **fields: object) -> Event:
    """The birth of a ticket."""
    return Event(Kind.CREATED, ticket, at, key)._replace(**fields)
