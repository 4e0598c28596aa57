"""The centre's agents ask for compensations: for live complaints of their own, few at a time, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from console.clock import DAY, MINUTE, FixedClock
from console.connectors.demo.proposals import AT_ONCE, PAUSE, Proposals, authors
from console.models.domain.contacts import ComplaintTier, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch
from console.models.domain.roles import Actor
from console.models.queries.timeline import Entry
from tests.models.actions.house import LI, House
from tests.models.store.conftest import NOON


class Told(NamedTuple):
    """An event as the log gives it."""

    kind: Kind
    value: int = 0
    name: str = ""
    detail: dict[str, object] = {}  # noqa: RUF012 - never written to
    seq: int = 0
    at: int = NOON
    role: int = 0
    actor: str = ""
    body: str = ""


def complaint(owner: str = LI.name, status: Status = Status.PENDING_INTERNAL, amount: float = 1_200) -> list[Told]:
    """What the log tells of a complaint that somebody works on."""
    return [
        Told(Kind.COMPLAINT, ComplaintTier.MEDIUM, detail={"amount": amount, "cause": "wrong_item"}),
        Told(Kind.ASSIGNED, name=owner),
        Told(Kind.STATUS_CHANGED, status),
    ]


@pytest.fixture
def house(tmp_path: Path, clock: FixedClock) -> Iterator[House]:
    made = House(tmp_path, clock)
    yield made
    made.close()


def asked(house: House, told: list[Told], minutes: int = 60, many: int = 20, at: int | None = None) -> list[str]:
    """Complaints come in and time passes; who asked, the first at the top."""
    began = house.clock.now()

    def timeline(_ticket: int) -> list[Entry]:
        return list(told)

    proposals = Proposals(7, [LI], lambda: house.desk, timeline)
    rows = np.zeros(many, dtype=ROW)
    rows["kind"], rows["value"], rows["subject"] = Kind.COMPLAINT, ComplaintTier.MEDIUM, np.arange(1, many + 1)
    rows["at"] = began if at is None else at
    proposals.receive(Batch(rows, arrived_at=began))
    for _minute in range(minutes):
        house.clock.advance(60)
        proposals.turn(house.clock.now())
    return [request.proposed_by for request in sorted(house.requests.undecided(), key=lambda one: one.proposed_at)]


def test_a_few_are_asked_for_with_a_pause_between_them(house: House) -> None:
    assert asked(house, complaint()) == [LI.name] * AT_ONCE
    times = sorted(request.proposed_at for request in house.requests.undecided())
    assert min(np.diff(times)) >= PAUSE
    request = house.requests.undecided()[0]
    assert str(request.case.price) == "1\xa0200\xa0CNY"
    assert request.case.cause.key == "wrong_item"
    assert request.note


@pytest.mark.parametrize(
    "told",
    [complaint("somebody else"), complaint(status=Status.CLOSED), complaint(amount=0), []],
    ids=["not theirs", "closed", "no amount", "nothing known"],
)
def test_what_is_not_theirs_or_over_is_left(house: House, told: list[Told]) -> None:
    assert asked(house, told) == []


def test_complaints_of_days_long_past_are_left(house: House) -> None:
    assert asked(house, complaint(), at=house.clock.now() - DAY) == []


def test_who_may_not_ask_asks_once(house: House) -> None:
    stranger = Actor("Zhao")
    proposals = Proposals(7, [stranger], lambda: house.desk, lambda _ticket: list(complaint("Zhao")))
    rows = np.zeros(20, dtype=ROW)
    rows["kind"], rows["value"], rows["subject"] = Kind.COMPLAINT, ComplaintTier.HIGH, np.arange(1, 21)
    rows["at"] = house.clock.now()
    proposals.receive(Batch(rows, arrived_at=house.clock.now()))
    for _minute in range(30):
        house.clock.advance(MINUTE / 1_000_000)
        assert not proposals.turn(house.clock.now())
    assert len(house.refusals()) == 1


def test_the_centre_has_people_who_ask() -> None:
    assert len(authors()) >= 3
