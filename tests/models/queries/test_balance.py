"""The balance of a window on a real log: sums, fairness by queue, presence, causes, and what is left out (R-SKEW)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, MINUTE, SystemClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Cancelled, Progress
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.balance import Balance, balance
from console.models.store.database import place
from console.models.store.log import EventLog, open_log

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
POLICY = policies.default()
TEAM = [f"Agent {number}" for number in range(10)]


class House:
    """A log that a test fills."""

    def __init__(self, folder: Path) -> None:
        self.log: EventLog = open_log(place(folder), SystemClock())
        self.log.start()
        self._key = 0
        self._tickets = 0

    def tell(self, *events: tuple[Kind, str, int, str, str, int]) -> None:
        made = []
        for kind, subject, at, actor, name, value in events:
            self._key += 1
            role = Role.AGENT if actor else Role.SYSTEM
            detail = {"subject": "", "customer": f"Customer {subject}"} if kind is Kind.CREATED else None
            made.append(Event(kind, subject, at, self._key, self._key, actor, role, value, name, detail=detail))
        assert self.log.intake.submit("desk", made, origin=Origin.STREAM).wait(30)

    def there(self, hours: float = 8.0, places: int = 3, team: list[str] = TEAM) -> None:
        self.tell(*((Kind.AGENT_LOGIN, name, NINE, "", "", places) for name in team))
        self.tell(*((Kind.AGENT_LOGOUT, name, NINE + round(hours * HOUR), "", "", 0) for name in team))

    def work(self, agent: str, contacts: int, queue: str = "Chat", by: str = "") -> None:
        events = []
        for _contact in range(contacts):
            self._tickets += 1
            ticket, at = f"T{self._tickets}", NINE + self._tickets * MINUTE
            events += [
                (Kind.CREATED, ticket, at, "", queue, pack(channel=Channel.WEB_CHAT)),
                (Kind.ASSIGNED, ticket, at, by, agent, 0),
                (Kind.PUBLIC_REPLY, ticket, at + MINUTE, agent, "", 0),
            ]
        self.tell(*events)

    def balance(self, begin: int = NINE, end: int = NINE + 8 * HOUR, **chosen: frozenset[int]) -> Balance | None:
        board = load_board(self.log.reader, None, POLICY, end, Progress())
        return balance(self.log.reader, board, begin, end, POLICY.skew, chosen)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.log.stop()


def test_work_that_is_piled_on_a_few(house: House) -> None:
    house.there()
    for agent in TEAM[:3]:
        house.work(agent, 40, by=agent)
    for agent in TEAM[3:]:
        house.work(agent, 5)
    found = house.balance()
    assert found is not None
    assert (found.contacts.total, found.minutes.total) == (155, pytest.approx(155))
    assert found.contacts.verdict.alarm
    assert found.contacts.verdict.share == pytest.approx(120 / 155)
    # Of what was picked they have 120 where 36 are fair, of what was routed nothing where 10.5 are.
    assert found.causes.parts["picked"] == pytest.approx(84 / 155)
    assert found.causes.parts["routed"] == pytest.approx(-10.5 / 155)
    assert [person.name for person in found.people[:3]] == TEAM[:3]
    assert [person.fair for person in found.people] == [pytest.approx(15.5)] * 10
    assert [person.staffed_hours for person in found.people] == [pytest.approx(8.0)] * 10
    assert {person.places for person in found.people} == {3}


def test_who_was_there_for_less_time_owes_less(house: House) -> None:
    house.there(8, team=TEAM[:5])
    house.there(2, team=TEAM[5:])
    for agent in TEAM[:5]:
        house.work(agent, 16)
    for agent in TEAM[5:]:
        house.work(agent, 4)
    found = house.balance()
    assert found is not None
    assert found.contacts.verdict.share == pytest.approx(0.3)
    assert not found.contacts.verdict.uneven
    assert found.causes.parts["shift_length"] == pytest.approx(found.causes.excess)


def test_a_queue_is_fair_among_those_who_serve_it(house: House) -> None:
    house.there()
    for agent in TEAM[:3]:
        house.work(agent, 40, "Payments")
    for agent in TEAM:
        house.work(agent, 5)
    found = house.balance()
    assert found is not None
    assert found.contacts.verdict.share > 0.7
    assert not found.contacts.verdict.uneven
    assert found.causes.parts["specialisation"] == pytest.approx(found.causes.excess, abs=0.01)
    queue = house.log.reader.names()["queue"]["Chat"]
    chat = house.balance(queue=frozenset({queue}))
    assert chat is not None
    assert chat.contacts.total == 50
    assert chat.contacts.verdict.share == pytest.approx(0.3)


def test_who_served_a_queue_last_week_is_eligible_today(house: House) -> None:
    house.there()
    for agent in TEAM:
        house.work(agent, 1, "Payments")
    later = NINE + 7 * DAY
    house.tell(*((Kind.AGENT_LOGIN, name, later, "", "", 3) for name in TEAM))
    ones = [(Kind.CREATED, f"L{n}", later + n * MINUTE, "", "Payments", 0) for n in range(60)]
    house.tell(*ones, *((Kind.PUBLIC_REPLY, f"L{n}", later + (n + 1) * MINUTE, TEAM[n % 2], "", 0) for n in range(60)))
    found = house.balance(later, later + 8 * HOUR)
    assert found is not None
    assert found.contacts.verdict.alarm
    assert [person.fair for person in found.people] == [pytest.approx(6)] * 10


def test_who_was_never_there_is_left_out_and_named(house: House) -> None:
    house.there(team=TEAM[:4])
    for agent in TEAM[:5]:
        house.work(agent, 3)
    found = house.balance()
    assert found is not None
    assert found.left_out == (TEAM[4],)
    assert found.contacts.total == 12
    assert found.measured_presence


def test_without_presence_it_is_read_from_acts(house: House) -> None:
    for agent in TEAM[:4]:
        house.work(agent, 3)
    found = house.balance()
    assert found is not None
    assert not found.measured_presence
    assert found.contacts.total == 12


def test_the_same_window_gives_the_same_verdict_and_an_empty_one_none(house: House) -> None:
    house.there()
    for place_, agent in enumerate(TEAM):
        house.work(agent, 1 + place_)
    first, second = house.balance(), house.balance()
    assert first is not None
    assert second is not None
    assert first.contacts.verdict == second.contacts.verdict
    assert house.balance(NINE + 20 * DAY, NINE + 21 * DAY) is None
    board = load_board(house.log.reader, None, POLICY, NINE, Progress())
    with pytest.raises(Cancelled):
        balance(house.log.reader, board, NINE, NINE + HOUR, POLICY.skew, progress=Progress(cancelled=lambda: True))
