"""The balance of a window on a real log: sums, fairness by queue, presence, causes, and what is left out (R-SKEW)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from console.clock import DAY, HOUR, MINUTE, SystemClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Language, Role
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.skills import Directory
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.balance import balance
from console.models.queries.balance_figures import Balance
from console.models.queries.eligibility import directory_for
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

    def there(self, hours: float = 8.0, places: int = 3, team: list[str] = TEAM, **told: object) -> None:
        self.log_in(team, NINE, places, **told)
        self.tell(*((Kind.AGENT_LOGOUT, name, NINE + round(hours * HOUR), "", "", 0) for name in team))

    def log_in(self, people: list[str], at: int, places: int = 3, **told: object) -> None:
        """``told`` is what the log-in tells of them: team, skills, languages ..."""
        events = []
        for name in people:
            self._key += 1
            events.append(
                Event(Kind.AGENT_LOGIN, name, at, self._key, self._key, "", Role.SYSTEM, places, detail=told or None)
            )
        assert self.log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)

    def work(
        self,
        agent: str,
        contacts: int,
        queue: str = "Chat",
        by: str = "",
        channel: Channel = Channel.WEB_CHAT,
        **about: int,
    ) -> None:
        events = []
        for _contact in range(contacts):
            self._tickets += 1
            ticket, at = f"T{self._tickets}", NINE + self._tickets * MINUTE
            events += [
                (Kind.CREATED, ticket, at, "", queue, pack(channel=channel, **about)),
                (Kind.ASSIGNED, ticket, at, by, agent, 0),
                (Kind.PUBLIC_REPLY, ticket, at + MINUTE, agent, "", 0),
            ]
        self.tell(*events)

    def balance(self, begin: int = NINE, end: int = NINE + 8 * HOUR, **chosen: frozenset[int]) -> Balance | None:
        board = load_board(self.log.reader, None, POLICY, end, Progress())
        known = directory_for(self.log.reader, board, POLICY.skew, end)
        return balance(self.log.reader, board, begin, end, POLICY.skew, known, chosen)


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
    assert [person.places for person in found.people] == [pytest.approx(3)] * 10


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
    cancelled = Progress(cancelled=lambda: True)
    with pytest.raises(Cancelled):
        balance(house.log.reader, board, NINE, NINE + HOUR, POLICY.skew, Directory(), progress=cancelled)


def test_told_skills_say_who_is_eligible(house: House) -> None:
    """Three serve payments and handled nothing else; two may help out, and did not."""
    house.work("Nobody", 1, "Payments")
    house.there(team=TEAM[:3], skills=["Payments"])
    house.there(team=TEAM[3:5], skills=["Chat"], helps=["Payments"])
    house.there(team=TEAM[5:], skills=["Chat"])
    for agent in TEAM[:3]:
        house.work(agent, 40, "Payments")
    for agent in TEAM[3:]:
        house.work(agent, 10)
    found = house.balance()
    assert found is not None
    fair = {person.name: person.fair for person in found.people}
    assert [fair[name] for name in TEAM[:3]] == [pytest.approx(120 / 5)] * 3
    assert [fair[name] for name in TEAM[3:5]] == [pytest.approx(120 / 5 + 70 / 7)] * 2
    assert [fair[name] for name in TEAM[5:]] == [pytest.approx(70 / 7)] * 5
    assert found.left_out == ("Nobody",)


def test_who_may_have_none_of_it_is_no_idler(house: House) -> None:
    """Seven serve another queue and a lead takes nothing: between the two at the tickets it is shared evenly."""
    house.work("Nobody", 1, "Payments")
    house.there(team=TEAM[:2], skills=["Payments"])
    house.there(team=TEAM[2:9], skills=["Chat"])
    house.there(team=[TEAM[9]], seniority="lead", skills=["Payments"])
    for agent in TEAM[:2]:
        house.work(agent, 20, "Payments")
    found = house.balance()
    assert found is not None
    assert [person.name for person in found.people] == TEAM[:2]
    assert found.contacts.verdict.share == pytest.approx(0.3)
    house.work(TEAM[9], 1, "Payments")
    found = house.balance()
    assert found is not None
    assert [person.name for person in found.people] == [*TEAM[:2], TEAM[9]], "who had some is not passed over"


def test_a_language_is_a_skill(house: House) -> None:
    house.there(team=TEAM[:2], skills=["Chat"], languages=["en", "zh"])
    house.there(team=TEAM[2:], skills=["Chat"], languages=["zh"])
    for agent in TEAM[:2]:
        house.work(agent, 30, language=Language.EN)
    for agent in TEAM:
        house.work(agent, 10, language=Language.ZH)
    found = house.balance()
    assert found is not None
    fair = {person.name: person.fair for person in found.people}
    assert fair[TEAM[0]] == pytest.approx(60 / 2 + 100 / 10)
    assert fair[TEAM[9]] == pytest.approx(100 / 10)
    assert not found.contacts.verdict.uneven


def test_a_lead_owes_nothing_and_a_stranger_what_they_handled(house: House) -> None:
    house.there(team=TEAM[:4], skills=["Chat"])
    house.there(team=[TEAM[4]], seniority="lead", skills=["Chat"])
    house.there(team=[TEAM[5]])
    for agent in TEAM[:6]:
        house.work(agent, 10)
    house.work(TEAM[5], 5, "Errands")
    house.work(TEAM[0], 4, "Favours")
    found = house.balance()
    assert found is not None
    fair = {person.name: person.fair for person in found.people}
    assert fair[TEAM[4]] == 0
    assert fair[TEAM[1]] == pytest.approx(60 / 5)
    assert fair[TEAM[0]] == pytest.approx(60 / 5 + 4), "nobody is said to do favours"
    assert fair[TEAM[5]] == pytest.approx(60 / 5 + 5), "nobody else serves the errands"


def test_a_contact_counts_for_the_queue_it_was_in(house: House) -> None:
    """The front passes ten contacts on to the back: each of them handled ten that were theirs to handle."""
    house.there(team=TEAM[:2], skills=["Front"])
    house.there(team=TEAM[2:4], skills=["Back"])
    for number in range(10):
        ticket, at = f"P{number}", NINE + (1 + 5 * number) * MINUTE
        front, back = TEAM[number % 2], TEAM[2 + number % 2]
        house.tell(
            (Kind.CREATED, ticket, at, "", "Front", pack(channel=Channel.WEB_CHAT)),
            (Kind.ASSIGNED, ticket, at, "", front, 0),
            (Kind.PUBLIC_REPLY, ticket, at + MINUTE, front, "", 0),
            (Kind.TRANSFERRED, ticket, at + 2 * MINUTE, front, back, 0),
            (Kind.QUEUE_CHANGED, ticket, at + 2 * MINUTE, front, "Back", 0),
            (Kind.ASSIGNED, ticket, at + 2 * MINUTE, front, back, 0),
            (Kind.PUBLIC_REPLY, ticket, at + 3 * MINUTE, back, "", 0),
        )
    found = house.balance()
    assert found is not None
    assert {person.name: person.fair for person in found.people} == {name: pytest.approx(5) for name in TEAM[:4]}
    back = house.log.reader.names()["queue"]["Back"]
    only = house.balance(queue=frozenset({back}))
    assert only is not None
    assert {person.name: person.contacts for person in only.people} == dict.fromkeys(TEAM[2:4], 5)


def test_a_team_alone(house: House) -> None:
    house.there(team=TEAM[:4])
    house.log_in(TEAM[:2], NINE, team="Red")
    house.log_in(TEAM[2:4], NINE, team="Blue")
    for place_, agent in enumerate(TEAM[:4]):
        house.work(agent, 5 * (1 + place_))
    house.work("Away", 3)
    board = load_board(house.log.reader, None, POLICY, NINE, Progress())
    blue = directory_for(house.log.reader, board, POLICY.skew, NINE + DAY).of_team("Blue")
    found = house.balance(agent=blue)
    assert found is not None
    assert [(person.name, person.team, person.contacts) for person in found.people] == [
        (TEAM[3], "Blue", 20),
        (TEAM[2], "Blue", 15),
    ]
    assert found.left_out == (), "who is of no team is nobody's to leave out"
    assert [person.fair for person in found.people] == [pytest.approx(17.5)] * 2


def test_phone_and_chat_weigh_differently_for_contacts_and_not_for_minutes(house: House) -> None:
    """Alone at the telephone somebody has room for one, at the chats for five; both are there for eight hours."""
    house.there(places=0, team=TEAM[:2])
    house.work(TEAM[0], 10, channel=Channel.PHONE)
    house.work(TEAM[1], 50)
    found = house.balance()
    assert found is not None
    assert {person.name: person.places for person in found.people} == {
        TEAM[0]: pytest.approx(1),
        TEAM[1]: pytest.approx(5),
    }
    assert found.contacts.gini == pytest.approx(0), "each carries as much as they have room for"
    assert sorted(np.diff(found.contacts.curve.capacity)) == pytest.approx([1 / 6, 5 / 6])
    assert found.minutes.curve.capacity == pytest.approx([0, 1 / 2, 1])
    assert found.minutes.gini == pytest.approx(5 / 6 - 1 / 2)


def test_who_and_what_is_behind_each_part(house: House) -> None:
    house.there()
    for agent in TEAM[:3]:
        house.work(agent, 40, by=agent, type=InquiryType.COMPLAINT)
    for agent in TEAM:
        house.work(agent, 5, type=InquiryType.ORDER_STATUS)
    found = house.balance()
    assert found is not None
    picked = found.behind["picked"]
    assert sorted(part.name for part in picked.agents[:3]) == TEAM[:3]
    assert [(part.name, part.share) for part in picked.types] == [("complaint", pytest.approx(found.causes.excess))]
    assert [part.name for part in picked.queues] == ["Chat"]
    for name, part in found.causes.parts.items():
        for behind in found.behind[name]:
            assert sum(one.share for one in behind) == pytest.approx(part, abs=1e-9)
        assert sum(person.causes[name] for person in found.people) == pytest.approx(part, abs=1e-9)


def test_a_contact_that_is_older_than_the_events_that_were_read(house: House) -> None:
    """It was created and given out two days before; its queue and its origin are known all the same."""
    house.tell(
        (Kind.CREATED, "Old", NINE - 2 * DAY, "", "Mail", pack(channel=Channel.EMAIL)),
        (Kind.ASSIGNED, "Old", NINE - 2 * DAY, TEAM[0], TEAM[0], 0),
        (Kind.QUEUE_CHANGED, "Old", NINE + 2 * HOUR, TEAM[0], "Chat", 0),
    )
    house.there(team=TEAM[:2], skills=["Mail"])
    house.tell((Kind.PUBLIC_REPLY, "Old", NINE + HOUR, TEAM[0], "", 0))
    found = house.balance()
    assert found is not None
    assert [part.name for part in found.behind["picked"].queues] == ["Mail"]
    assert [person.fair for person in found.people] == [pytest.approx(0.5)] * 2


def test_a_customer_who_came_back_from_an_earlier_contact(house: House) -> None:
    """The contact before lies an hour before the window, and is the same customer's."""
    house.there(team=TEAM[:2])
    house.work(TEAM[1], 1)
    for number, at in enumerate((NINE + HOUR, NINE + 3 * HOUR)):
        ticket, detail = f"V{number}", {"subject": "", "customer": "Mrs Gao"}
        created = Event(Kind.CREATED, ticket, at, 900 + number, name="Chat", detail=detail)
        assert house.log.intake.submit("desk", [created], origin=Origin.STREAM).wait(30)
        house.tell(
            (Kind.ASSIGNED, ticket, at, "", TEAM[0], 0),
            (Kind.PUBLIC_REPLY, ticket, at + MINUTE, TEAM[0], "", 0),
        )
    found = house.balance(NINE + 2 * HOUR, NINE + 4 * HOUR)
    assert found is not None
    assert [part.name for part in found.behind["sticky"].agents] == [TEAM[0]]
    assert found.causes.parts["routed"] == 0
