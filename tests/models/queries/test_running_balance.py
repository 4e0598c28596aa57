"""A balance that goes on with what the log is told shows what a look at the whole log shows (R-SKEW)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import cast

import numpy as np
import pytest

from console.clock import DAY, HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, InquiryType, Role, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import LogReader, Progress
from console.models.domain.skills import Directory
from console.models.live.catch_up import load_board
from console.models.queries.balance import RunningBalance
from console.models.queries.balance_figures import Balance
from console.models.queries.balance_windows import Window, hours
from console.models.queries.eligibility import directory_for
from console.models.queries.work_by_hour import HourOfWork, work_by_hour
from tests.models.queries.test_balance import NINE, POLICY, TEAM, House

RULES = POLICY.skew
QUEUES = ("Chat", "Payments", "Back")

Told = tuple[Kind, str, str, str, int, Role, dict[str, object] | None]


class Centre:
    """People who work on contacts at random, as a log tells of it."""

    def __init__(self, folder: Path, seed: int, *, presence: bool) -> None:
        self.house = House(folder)
        self.now = NINE
        self._chance = Random(seed)
        self._presence = presence
        self._number = self._tickets = 0
        self.known: Directory | None = None
        if presence:
            self.house.log_in(TEAM[:8], NINE, 3, skills=["Chat", "Back"])
        else:
            self.go_on(40)
        self.board = load_board(self.house.log.reader, None, POLICY, self.now, Progress())

    def go_on(self, events: int) -> None:
        """So many more events."""
        told = []
        for _event in range(events):
            self.now += self._chance.choice([0, SECOND, 20 * SECOND, 2 * MINUTE])
            self._number += 1
            kind, subject, actor, name, value, role, detail = self._event()
            told.append(
                Event(kind, subject, self.now, self._number, self._number, actor, role, value, name, detail=detail)
            )
        assert self.house.log.intake.submit("random", told, origin=Origin.STREAM).wait(30)

    def catch_up(self) -> None:
        """The board follows the log."""
        while (batch := self.house.log.reader.read(self.board.seq, 10_000)).rows.size:
            self.board.apply(batch)

    def running(self, **chosen: frozenset[int]) -> RunningBalance:
        """A balance of this centre; who may handle what is as it was at first."""
        log = self.house.log.reader
        self.known = self.known or directory_for(log, self.board, RULES, self.now)
        return RunningBalance(log, self.board, RULES, self.known, chosen)

    def _event(self) -> Told:
        chance, pick = self._chance, self._chance.choice
        agent = pick(TEAM)
        if self._presence and chance.random() < 0.1:
            state = pick([AgentState.AVAILABLE, AgentState.BUSY, AgentState.BREAK])
            return Kind.AGENT_STATE, agent, "", "", state, Role.SYSTEM, None
        if not self._tickets or chance.random() < 0.1:
            self._tickets += 1
            about = pack(channel=pick([Channel.WEB_CHAT, Channel.PHONE]), type=pick(list(InquiryType)))
            words = {"subject": "", "customer": f"Customer {chance.randrange(9)}"}
            return Kind.CREATED, f"T{self._tickets}", "", pick(QUEUES), about, Role.CUSTOMER, words
        # Few enough contacts that each is handled again, and by others.
        ticket = f"T{chance.randint(max(1, self._tickets - 12), self._tickets)}"
        kind, actor, name, value = pick(
            [
                (Kind.CUSTOMER_MESSAGE, "", "", 0),
                (Kind.ASSIGNED, "", agent, 0),
                (Kind.ASSIGNED, agent, agent, 0),
                (Kind.TRANSFERRED, agent, pick(TEAM), 0),
                (Kind.QUEUE_CHANGED, "", pick(QUEUES), 0),
                (Kind.PRIVATE_NOTE, agent, "", 0),
                (Kind.PUBLIC_REPLY, agent, "", 0),
                (Kind.PUBLIC_REPLY, agent, "", 0),
                (Kind.CONNECTED, agent, "", 0),
                (Kind.ENDED, agent, "", chance.randrange(9 * MINUTE)),
                (Kind.STATUS_CHANGED, agent, "", Status.RESOLVED),
            ]
        )
        return kind, ticket, actor, name, value, Role.AGENT if actor else Role.SYSTEM, None


@pytest.fixture(params=[(seed, presence) for seed in range(6) for presence in (True, False)], ids=str)
def centre(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Centre]:
    seed, presence = request.param
    made = Centre(tmp_path, seed, presence=presence)
    yield made
    made.house.log.stop()


def same(one: Balance | None, other: Balance | None) -> None:
    """All but what is said of chance."""
    if one is None or other is None:
        assert one is other
        return
    assert one.people == other.people
    assert (one.begin, one.end, one.left_out, one.measured_presence) == (
        other.begin,
        other.end,
        other.left_out,
        other.measured_presence,
    )
    for mine, theirs in ((one.contacts, other.contacts), (one.minutes, other.minutes)):
        assert mine.total == pytest.approx(theirs.total)
        assert mine.gini == pytest.approx(theirs.gini)
        assert mine.verdict.share == pytest.approx(theirs.verdict.share)
        np.testing.assert_allclose(mine.curve.load, theirs.curve.load)
        np.testing.assert_allclose(mine.curve.capacity, theirs.curve.capacity)
    assert one.behind == other.behind
    assert one.causes.parts == pytest.approx(other.causes.parts)


@pytest.mark.parametrize("length", [20 * MINUTE, HOUR])
def test_it_goes_on_as_a_look_would(centre: Centre, length: int) -> None:
    centre.go_on(150)
    centre.catch_up()
    running = centre.running()
    running.look(Window(centre.now - length, centre.now))
    for events in (1, 7, 0, 30, 2, 60):
        centre.go_on(events)
        centre.catch_up()
        centre.now += 1
        span = Window(centre.now - length, centre.now)
        same(running.go_on(span), centre.running().look(span))


def test_a_window_that_stays_and_a_queue_alone(centre: Centre) -> None:
    centre.go_on(80)
    centre.catch_up()
    queue = frozenset({centre.house.log.reader.names()["queue"]["Chat"]})
    running = centre.running(queue=queue)
    running.look(Window(NINE, centre.now))
    for events in (25, 25):
        centre.go_on(events)
        centre.catch_up()
        span = Window(NINE, centre.now + 1)
        same(running.go_on(span), centre.running(queue=queue).look(span))


def test_the_hour_that_runs_is_the_last_column_of_the_sheet(centre: Centre) -> None:
    centre.go_on(120)
    centre.catch_up()
    log, compared = centre.house.log.reader, 0
    for _hour in range(8):
        span, running = Window(NINE, centre.now), centre.running()
        running.look(span)
        assert centre.known is not None
        sheet = work_by_hour(log, centre.board, hours(span, POLICY), RULES, centre.known)
        centre.go_on(5)
        centre.catch_up()
        later = Window(NINE, centre.now + 1)
        spans = hours(later, POLICY)
        if spans[-1].begin != sheet.hours[-1].begin:
            continue
        running.go_on(later)
        gone_on = sheet.gone_on(HourOfWork(spans[-1], *running.hour(spans[-1])))
        looked = work_by_hour(log, centre.board, spans, RULES, centre.known)
        known = [looked.names.index(name) for name in gone_on.names]
        assert gone_on.hours == looked.hours
        np.testing.assert_array_equal(gone_on.contacts, looked.contacts[known])
        np.testing.assert_allclose(gone_on.minutes, looked.minutes[known])
        np.testing.assert_allclose(gone_on.staffed_minutes, looked.staffed_minutes[known])
        compared += 1
    assert compared > 3


def test_a_sheet_of_other_hours_stays_as_it_is(centre: Centre) -> None:
    centre.go_on(60)
    centre.catch_up()
    span = Window(NINE, centre.now)
    running = centre.running()
    running.look(span)
    assert centre.known is not None
    sheet = work_by_hour(centre.house.log.reader, centre.board, hours(span, POLICY), RULES, centre.known)
    later = Window(sheet.hours[-1].begin + HOUR, sheet.hours[-1].begin + HOUR + MINUTE)
    assert sheet.gone_on(HourOfWork(later, *running.hour(later))) is sheet


def test_a_contact_of_last_week_comes_back_with_all_that_was_told_of_it(centre: Centre) -> None:
    before = NINE - 5 * DAY
    ann, ben = TEAM[:2]
    centre.house.tell(
        (Kind.CREATED, "Old", before, "", "Payments", 0),
        (Kind.ASSIGNED, "Old", before + 1, ann, ann, 0),
        (Kind.ASSIGNED, "Old", before + 2, "", ben, 0),
    )
    centre.go_on(40)
    centre.catch_up()
    running = centre.running()
    running.look(Window(NINE, centre.now))
    centre.house.tell((Kind.PUBLIC_REPLY, "Old", centre.now + 1, ann, "", 0))
    centre.catch_up()
    span = Window(NINE, centre.now + 2)
    same(running.go_on(span), centre.running().look(span))


def test_an_act_that_is_told_late_counts_at_once(centre: Centre) -> None:
    centre.go_on(60)
    centre.catch_up()
    running = centre.running()
    before = running.look(Window(NINE, centre.now))
    assert before is not None
    busiest = before.people[0]
    late = (Kind.PUBLIC_REPLY, "Late", NINE + 2, busiest.name, "", 0)
    centre.house.tell((Kind.CREATED, "Late", NINE + 1, "", "Chat", 0), late)
    centre.catch_up()
    after = running.go_on(Window(NINE, centre.now))
    assert after is not None
    assert after.contacts.total == before.contacts.total + 1
    assert after.people[0].contacts == busiest.contacts + 1


class Overtaken:
    """A log that is told something between two questions."""

    def __init__(self, log: LogReader, meanwhile: Callable[[], None]) -> None:
        self._log, self._meanwhile = log, meanwhile

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    def last_seq(self) -> int:
        last = self._log.last_seq()
        self._meanwhile()
        return last


def test_what_is_stored_while_a_look_reads_counts_once(centre: Centre) -> None:
    centre.go_on(60)
    centre.catch_up()
    log, asked_at = centre.house.log.reader, centre.now - 20 * SECOND
    left = [12]

    def meanwhile() -> None:
        if left:
            centre.go_on(left.pop())

    known = directory_for(log, centre.board, RULES, centre.now)
    running = RunningBalance(cast(LogReader, Overtaken(log, meanwhile)), centre.board, RULES, known)
    running.look(Window(NINE, asked_at))
    centre.catch_up()
    assert not left
    span = Window(NINE, centre.now + 1)
    same(running.go_on(span), RunningBalance(log, centre.board, RULES, known).look(span))
