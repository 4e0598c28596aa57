"""The open load and the problem that it gives the optimiser, on a real log (R-SKEW, R-ROUTE)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.clock import HOUR, MINUTE, SECOND, SystemClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, InquiryType, Language, Role, Status, Tier
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.domain.rebalance import Hold, Person, Problem, Ticket
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.directory import directory
from console.models.queries.open_contacts import expected_minutes
from console.models.queries.open_load import OpenLoad, open_load
from console.models.queries.rebalance_problem import rebalance_problem
from console.models.store.database import place
from console.models.store.log import EventLog, open_log

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
NOW = NINE + HOUR
POLICY = policies.default()
TEAM = ("Ann", "Ben", "Cao", "Dai", "Eva")


class House:
    """A log that a test fills, and the board at ten."""

    def __init__(self, folder: Path) -> None:
        self.log: EventLog = open_log(place(folder), SystemClock())
        self.log.start()
        self._events: list[Event] = []
        self._tickets = 0

    def tell(
        self,
        kind: Kind,
        subject: str,
        at: int,
        actor: str = "",
        name: str = "",
        value: int = 0,
        detail: dict[str, object] | None = None,
    ) -> None:
        key = len(self._events) + 1
        role = Role.AGENT if actor else Role.CUSTOMER if kind is Kind.CUSTOMER_MESSAGE else Role.SYSTEM
        self._events.append(Event(kind, subject, at, key, key, actor, role, value, name, detail=detail))

    def staff(self, *names: str, limit: int = 4, **detail: object) -> None:
        for name in names or TEAM:
            self.tell(Kind.AGENT_LOGIN, name, NINE, value=limit, detail={"skills": ["Chat"], "team": "Red", **detail})

    def contact(
        self,
        owner: str,
        *,
        queue: str = "Chat",
        channel: Channel = Channel.WEB_CHAT,
        type: InquiryType = InquiryType.ORDER_STATUS,  # noqa: A002
        tier: Tier = Tier.EXISTING,
        language: Language = Language.ZH,
        at: int = NINE,
        replied: int = 0,
        status: Status = Status.OPEN,
    ) -> str:
        self._tickets += 1
        ref = f"T{self._tickets}"
        about = pack(channel=channel, type=type, tier=tier, language=language, status=status)
        self.tell(Kind.CREATED, ref, at, name=queue, value=about, detail={"subject": "", "customer": f"C {ref}"})
        self.tell(Kind.CUSTOMER_MESSAGE, ref, at)
        if owner:
            self.tell(Kind.ASSIGNED, ref, at, name=owner)
        if replied:
            self.tell(Kind.PUBLIC_REPLY, ref, replied, actor=owner)
        return ref

    def finished(self, count: int, minutes: float, channel: Channel = Channel.WEB_CHAT) -> None:
        for _contact in range(count):
            ref = self.contact("Ann", channel=channel, replied=NINE + MINUTE)
            self.tell(Kind.STATUS_CHANGED, ref, NINE + 2 * MINUTE, actor="Ann", value=Status.RESOLVED)
            self.tell(Kind.ENDED, ref, NINE + 2 * MINUTE, actor="Ann", value=round(minutes * MINUTE))

    def board(self) -> tuple[Board, Directory]:
        if self._events:
            assert self.log.intake.submit("desk", self._events, origin=Origin.STREAM).wait(30)
        board = load_board(self.log.reader, None, POLICY, NOW, Progress())
        return board, directory(self.log.reader, board)

    def load(self, **chosen: frozenset[int]) -> OpenLoad:
        board, people = self.board()
        found = open_load(board, people, NOW, POLICY, chosen)
        assert found is not None
        return found

    def problem(self) -> Problem:
        board, people = self.board()
        return rebalance_problem(board, people, NOW)

    def ticket(self, ref: str) -> Ticket | None:
        return next((ticket for ticket in self.problem().tickets if ticket.ref == ref), None)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.log.stop()


def test_what_is_open_counts_for_its_owner_and_what_is_done_does_not(house: House) -> None:
    house.staff()
    house.finished(3, 2.0)
    for _contact in range(6):
        house.contact("Ann")
    house.contact("Ben")
    house.contact("")
    found = house.load()
    assert [(person.name, person.contacts, person.places) for person in found.people[:2]] == [
        ("Ann", 6, 4.0),
        ("Ben", 1, 4.0),
    ]
    assert (found.contacts.total, found.unassigned, found.away) == (7, 1, ())
    assert found.contacts.verdict.share > 0.8
    assert found.contacts.verdict.uneven
    assert [person.fair for person in found.people] == [pytest.approx(1.4)] * 5
    assert (found.people[0].busy, found.people[0].waiting, found.people[0].team) == (6, 6, "Red")


def test_a_moment_later_all_but_the_verdict_is_new(house: House) -> None:
    house.staff()
    house.staff("Fay", limit=8)
    house.contact("Ben")
    before = house.load()
    for owner, count in (("Ann", 7), ("Ben", 2), ("Fay", 3)):
        for _contact in range(count):
            house.contact(owner)
    board, people = house.board()
    found, looked = open_load(board, people, NOW, POLICY, before=before), house.load()
    assert found is not None
    assert found.people == looked.people
    for mine, theirs, judged in (
        (found.contacts, looked.contacts, before.contacts),
        (found.minutes, looked.minutes, before.minutes),
    ):
        assert mine.verdict == judged.verdict._replace(share=theirs.verdict.share)
        assert (mine.total, mine.gini) == (theirs.total, theirs.gini)
    assert found.contacts.total == 13


def test_minutes_left_are_the_mean_of_what_was_finished_less_what_was_spent(house: House) -> None:
    house.staff()
    house.finished(6, 4.0)
    house.finished(6, 9.0, Channel.WECHAT)
    house.contact("Ann")
    house.contact("Ben", channel=Channel.WECHAT, type=InquiryType.WARRANTY)
    spent = house.contact("Cao")
    house.tell(Kind.ENDED, spent, NINE + MINUTE, actor="Cao", value=3 * MINUTE)
    over = house.contact("Dai")
    house.tell(Kind.ENDED, over, NINE + MINUTE, actor="Dai", value=30 * MINUTE)
    house.contact("Eva", channel=Channel.EMAIL)
    found = {person.name: person.minutes for person in house.load().people}
    # No warranty and no email was ever finished: the channel's mean, and the mean of all.
    assert found == {"Ann": 4.0, "Ben": 9.0, "Cao": 1.0, "Dai": 0.0, "Eva": 6.5}


def test_nothing_finished_tells_no_minutes(house: House) -> None:
    house.staff()
    house.contact("Ann")
    board, _people = house.board()
    assert not expected_minutes(board).any()
    assert house.load().minutes.total == 0


def test_who_is_not_there_is_listed_apart(house: House) -> None:
    house.staff()
    house.tell(Kind.AGENT_LOGOUT, "Eva", NOW - MINUTE)
    house.tell(Kind.AGENT_PAUSED, "Dai", NOW - 2 * MINUTE)
    for owner in ("Ann", "Eva", "Eva", "Dai", "Gus"):
        house.contact(owner)
    found = house.load()
    assert {person.name for person in found.people} == {"Ann", "Ben", "Cao"}
    assert [(one.name, one.state, one.contacts, one.waiting) for one in found.away] == [
        ("Eva", AgentState.OFFLINE, 2, 2),
        ("Dai", AgentState.BREAK, 1, 1),
        ("Gus", AgentState.OFFLINE, 1, 1),
    ]
    assert found.contacts.total == 1


def test_a_lead_without_contacts_is_no_idle_agent(house: House) -> None:
    house.staff()
    house.staff("Lea", seniority="lead", skills=[])
    house.contact("Ann")
    assert "Lea" not in {person.name for person in house.load().people}
    assert all(person.name != "Lea" for person in house.problem().people)


def test_without_presence_those_are_there_who_have_work(house: House) -> None:
    house.contact("Ann", replied=NOW - 30 * SECOND)
    house.contact("Ben")
    found = house.load()
    assert not found.measured_presence
    assert [person.name for person in found.people] == ["Ann", "Ben"]
    assert {person.places for person in found.people} == {float(POLICY.skew.places[Channel.WEB_CHAT])}


def test_the_open_load_can_be_limited(house: House) -> None:
    house.staff()
    house.contact("Ann", channel=Channel.WECHAT)
    house.contact("Ann")
    house.contact("Ben")
    house.contact("", channel=Channel.WECHAT)
    found = house.load(channel=frozenset({int(Channel.WECHAT)}))
    assert (found.contacts.total, found.unassigned) == (1, 1)
    ann = house.log.reader.names()["agent"]["Ann"]
    assert [person.contacts for person in house.load(agent=frozenset({ann})).people] == [2]


def test_nobody_there_is_no_load(house: House) -> None:
    house.contact("")
    board, people = house.board()
    assert open_load(board, people, NOW, POLICY) is None
    assert rebalance_problem(board, people, NOW).people == ()


def test_who_may_have_a_contact_is_told_by_queue_and_language(house: House) -> None:
    house.staff("Ann", "Ben", languages=["zh"])
    house.staff("Cao", languages=["zh", "en"], helps=["Returns"])
    house.staff("Dai", skills=["Returns"])
    house.staff("Lea", seniority="lead", skills=["Chat"])
    for queue, language in (("Chat", Language.ZH), ("Chat", Language.EN), ("Returns", Language.ZH)):
        house.contact("Ann", queue=queue, language=language)
    problem = house.problem()
    name = {person.agent: person.name for person in problem.people}
    may = [
        (problem.pools[ticket.pool].name, {name[agent] for agent in problem.pools[ticket.pool].eligible})
        for ticket in problem.tickets
    ]
    assert may == [("Chat", {"Ann", "Ben", "Cao"}), ("Chat", {"Cao"}), ("Returns", {"Cao", "Dai"})]


def test_places_and_space_are_what_is_left_of_the_limit(house: House) -> None:
    house.staff()
    for _contact in range(3):
        house.contact("Ann")
    house.contact("Ann", channel=Channel.EMAIL)
    ann: Person = next(person for person in house.problem().people if person.name == "Ann")
    assert (ann.capacity, ann.room, ann.space) == (4.0, 1, 4 * POLICY.rebalance.open_per_place - 4)


def test_what_stays_with_its_owner(house: House) -> None:
    house.staff()
    promise = house.contact("Ann", replied=NINE + MINUTE)
    house.tell(Kind.PROMISE_MADE, promise, NINE + MINUTE, actor="Ann", value=NOW + MINUTE)
    broken = house.contact("Ann", replied=NINE + MINUTE)
    house.tell(Kind.PROMISE_MADE, broken, NINE + MINUTE, actor="Ann", value=NOW - MINUTE)
    talking = house.contact("Ann", at=NOW - 5 * MINUTE, replied=NOW - 2 * MINUTE)
    silent = house.contact("Ann", at=NOW - 50 * MINUTE, replied=NOW - 40 * MINUTE)
    new = house.contact("Ann", at=NOW - MINUTE)
    vip = house.contact("Ann", tier=Tier.VIP, replied=NINE + MINUTE)
    new_vip = house.contact("Ann", tier=Tier.VIP)
    call = house.contact("Ann", channel=Channel.PHONE)
    house.tell(Kind.CONNECTED, call, NINE + MINUTE, actor="Ann")
    window = POLICY.platform_windows[Channel.WHATSAPP].window
    ends = house.contact("Ann", channel=Channel.WHATSAPP, at=NOW - window + 5 * MINUTE)
    refs = (promise, broken, talking, silent, new, vip, new_vip, call, ends)
    holds = {ticket.ref: ticket.hold for ticket in house.problem().tickets}
    assert [holds[ref] for ref in refs] == [
        Hold.PROMISE,
        Hold.NONE,
        Hold.TALKING,
        Hold.NONE,
        Hold.NONE,
        Hold.CUSTOMER,
        Hold.NONE,
        Hold.TALKING,
        Hold.WINDOW,
    ]


def test_a_site_may_let_vips_go(house: House) -> None:
    house.staff()
    house.contact("Ann", tier=Tier.VIP, replied=NINE + MINUTE)
    board, people = house.board()
    board.policy = replace(POLICY, rebalance=replace(POLICY.rebalance, keep_vip=False))
    (ticket,) = rebalance_problem(board, people, NOW).tickets
    assert ticket.hold is Hold.NONE


@pytest.mark.parametrize(
    ("kind", "ago", "waits", "back"),
    [
        (Kind.AGENT_LOGOUT, 1, True, True),
        (Kind.AGENT_LOGOUT, 1, False, False),
        (Kind.AGENT_PAUSED, 14, True, False),
        (Kind.AGENT_PAUSED, 16, True, True),
        (Kind.AGENT_PAUSED, 16, False, False),
    ],
)
def test_customers_who_wait_are_taken_back_from_who_is_away(
    house: House, kind: Kind, ago: int, waits: bool, back: bool
) -> None:
    house.staff()
    ref = house.contact("Ann", replied=0 if waits else NINE + MINUTE)
    house.tell(kind, "Ann", NOW - ago * MINUTE)
    found = house.ticket(ref)
    assert (found is not None and found.back) is back


def test_who_has_logged_off_holds_nothing(house: House) -> None:
    house.staff()
    ref = house.contact("Ann")
    house.tell(Kind.PROMISE_MADE, ref, NINE + MINUTE, actor="Ann", value=NOW + MINUTE)
    house.tell(Kind.AGENT_LOGOUT, "Ann", NOW - MINUTE)
    found = house.ticket(ref)
    assert found is not None
    assert (found.back, found.hold) == (True, Hold.NONE)


def test_who_answers_too_slowly_is_given_nothing(house: House) -> None:
    house.staff(limit=10)
    for number in range(6):
        at = NOW - (25 - number) * MINUTE
        house.contact("Ann", at=at - 10 * MINUTE, replied=at)
    ann, ben = (person for person in house.problem().people if person.name in ("Ann", "Ben"))
    assert (ann.room, ann.space) == (0, 0)
    assert ben.room == 10
    assert ann.answer == 5 * MINUTE


def test_the_target_is_the_policy_s_unless_another_is_asked_for(house: House) -> None:
    house.staff()
    board, people = house.board()
    assert rebalance_problem(board, people, NOW).target == POLICY.rebalance.target
    assert rebalance_problem(board, people, NOW, 0.6).target == 0.6


def test_what_is_asked_already_stays(house: House) -> None:
    house.staff()
    house.contact("Ann")
    house.contact("Ann")
    board, people = house.board()
    first, second = (ticket.ticket for ticket in rebalance_problem(board, people, NOW).tickets)
    found = rebalance_problem(board, people, NOW, pending=[first])
    assert {ticket.ticket: ticket.hold for ticket in found.tickets} == {first: Hold.ASKED, second: Hold.NONE}
