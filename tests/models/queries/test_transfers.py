"""Transfers and handle times of a span on a real log, worked out by hand and recounted one by one (R-TRANSFER)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean, median

import pytest

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType
from console.models.domain.events import Kind
from console.models.domain.ports import Cancelled, Progress
from console.models.live.board import Board
from console.models.live.catch_up import load_board
from console.models.queries.balance_windows import Window
from console.models.queries.transfers import Transfers, transfers_in
from tests.models.queries.test_balance import NINE, POLICY, House

SPAN = Window(NINE, NINE + 8 * HOUR)
LI, WANG, ZHAO = "Li", "Wang", "Zhao"
GOAL = POLICY.handle_time_goal


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.log.stop()


def contact(
    house: House, ticket: str, at: int, *owners: str, kind: InquiryType = InquiryType.COMPLAINT, told: int = MINUTE
) -> None:
    """Everybody of ``owners`` gets it from the one before, ten minutes apart; the last one ends it."""
    value = pack(channel=Channel.WEB_CHAT, type=kind)
    house.tell((Kind.CREATED, ticket, at, "", "Chat", value), (Kind.ASSIGNED, ticket, at, "", owners[0], 0))
    for place, (giver, receiver) in enumerate(pairwise(owners), start=1):
        house.tell((Kind.ASSIGNED, ticket, at + 10 * place * MINUTE, giver, receiver, 0))
    house.tell((Kind.ENDED, ticket, at + 10 * len(owners) * MINUTE, owners[-1], "", told))


def board_of(house: House) -> Board:
    return load_board(house.log.reader, None, POLICY, SPAN.end, Progress())


def found_in(house: House, span: Window = SPAN, **chosen: frozenset[int]) -> Transfers:
    return transfers_in(house.log.reader, board_of(house), span, GOAL, chosen)


def ids(house: House, *refs: str) -> tuple[int, ...]:
    by_ref = {text.ref: text.id for text in house.log.reader.texts(range(1, 300))}
    return tuple(sorted(by_ref[ref] for ref in refs))


def test_a_day_by_hand(house: House) -> None:
    contact(house, "calm", NINE + HOUR, LI)
    contact(house, "once", NINE + HOUR, LI, WANG)
    contact(house, "back", NINE + HOUR, LI, WANG, LI)
    contact(house, "thrice", NINE + HOUR, LI, WANG, ZHAO, kind=InquiryType.WARRANTY)
    contact(house, "yesterday", NINE - DAY, LI, ZHAO, LI)
    found = found_in(house)
    now = found.now
    assert (now.contacts, len(now.tally.all), now.transferred_share) == (4, 5, 3 / 4)
    assert now.tally.tickets == ids(house, "once", "back", "thrice")
    assert {one.ticket for one in now.tally.needless} == {*ids(house, "back", "thrice")}
    counts = [len(part) for part in (now.tally.returned, now.tally.repeated, now.tally.ping_pong)]
    assert counts == [1, 2, 1]
    by_type = {one.type: one for one in found.by_type}
    complaints, warranty = by_type[InquiryType.COMPLAINT], by_type[InquiryType.WARRANTY]
    assert (complaints.contacts, len(complaints.tally.all), len(complaints.tally.needless)) == (3, 3, 1)
    assert (warranty.contacts, len(warranty.tally.all), len(warranty.tally.needless)) == (1, 2, 1)
    by_agent = {one.name: one for one in found.by_agent}
    passed_on = {name: (len(one.passed_on.all), len(one.passed_on.needless)) for name, one in by_agent.items()}
    assert passed_on == {LI: (3, 0), WANG: (2, 2), ZHAO: (0, 0)}
    received = {name: (len(one.received.all), len(one.received.needless)) for name, one in by_agent.items()}
    assert received == {LI: (1, 1), WANG: (3, 0), ZHAO: (1, 1)}
    assert found.by_agent[0].name == WANG, "who passed on most needlessly stands first"
    assert (found.before.contacts, len(found.before.tally.all)) == (0, 0), "yesterday is longer ago than the span"
    assert found.change is None
    assert found.halved is None


def test_the_first_transfers_may_lie_before_the_span(house: House) -> None:
    """Passed on two days ago; what happens today is the second time, and a way back."""
    contact(house, "old", NINE - 2 * DAY, LI, WANG)
    house.tell((Kind.ASSIGNED, "old", NINE + HOUR, WANG, LI, 0))
    (one,) = found_in(house).now.tally.all
    assert (one.number, one.returned, one.repeated, one.ping_pong) == (2, True, True, True)


def test_half_the_needless_transfers_is_held_against_the_span_before(house: House) -> None:
    """Before: two of four contacts; now: one of four."""
    for number in range(4):
        contact(house, f"before {number}", NINE - 7 * HOUR, LI, WANG, *([LI] if number < 2 else []))
        contact(house, f"now {number}", NINE + HOUR, LI, WANG, *([LI] if number < 1 else []))
    found = found_in(house)
    assert (len(found.before.tally.needless), found.before.contacts) == (2, 4)
    assert (found.change, found.halved) == (pytest.approx(-0.5), True)
    contact(house, "another", NINE + HOUR, LI, WANG, LI)
    found = found_in(house)
    assert (found.change, found.halved) == (pytest.approx((2 / 5) / (2 / 4) - 1), False)


def test_the_handle_time_by_hand(house: House) -> None:
    for place, told in enumerate((1, 1, 2, 3, 8)):
        contact(house, f"C{place}", NINE + HOUR, LI, told=told * MINUTE)
    contact(house, "W", NINE + HOUR, LI, told=MINUTE, kind=InquiryType.WARRANTY)
    found = found_in(house)
    complaints = next(one.handle_time for one in found.by_type if one.type == InquiryType.COMPLAINT)
    assert complaints is not None
    assert (complaints.contacts, complaints.mean, complaints.median) == (5, pytest.approx(3), pytest.approx(2))
    assert (complaints.goal, complaints.over_share, complaints.met) == (2, pytest.approx(2 / 5), False)
    assert complaints.over == (*ids(house, "C4"), *ids(house, "C3")), "the longest first"
    assert found.handle_time is not None
    assert (found.handle_time.contacts, found.handle_time.mean) == (6, pytest.approx(16 / 6))


def test_what_several_people_worked_on_a_contact_counts_together(house: House) -> None:
    contact(house, "both", NINE + HOUR, LI, WANG, told=2 * MINUTE)
    house.tell((Kind.ENDED, "both", NINE + 2 * HOUR, LI, "", 5 * MINUTE))
    found = found_in(house).handle_time
    assert found is not None
    assert (found.contacts, found.mean) == (1, pytest.approx(7))


def test_a_queue_a_type_and_a_team_limit_it(house: House) -> None:
    contact(house, "one", NINE + HOUR, LI, WANG)
    contact(house, "two", NINE + HOUR, WANG, LI, kind=InquiryType.WARRANTY)
    agents = house.log.reader.names()["agent"]
    assert len(found_in(house, type=frozenset({int(InquiryType.WARRANTY)})).now.tally.all) == 1
    assert len(found_in(house, queue=frozenset({999})).now.tally.all) == 0
    of_li = found_in(house, agent=frozenset({agents[LI]}))
    assert [(one.ticket, one.giver) for one in of_li.now.tally.all] == [(*ids(house, "one"), agents[LI])]
    assert of_li.now.contacts == 2, "one they passed on, one they ended"


def test_an_empty_span_and_one_that_is_stopped(house: House) -> None:
    found = found_in(house)
    assert (found.now.contacts, found.now.transferred_share, found.handle_time) == (0, 0.0, None)
    assert (found.by_type, found.by_agent) == ((), ())
    with pytest.raises(Cancelled):
        transfers_in(house.log.reader, board_of(house), SPAN, GOAL, progress=Progress(cancelled=lambda: True))


def test_a_day_at_random_recounted_one_by_one(house: House) -> None:
    chance = Random(11)
    lives: dict[str, tuple[int, list[str], InquiryType, int]] = {}
    for number in range(120):
        at = NINE + chance.randrange(-30 * 60, 7 * 60) * MINUTE
        owners = [chance.choice((LI, WANG, ZHAO))]
        for _step in range(chance.choice((0, 0, 1, 2, 4))):
            owners.append(chance.choice([name for name in (LI, WANG, ZHAO) if name != owners[-1]]))
        kind = chance.choice((InquiryType.COMPLAINT, InquiryType.WARRANTY))
        told = chance.randrange(1, 9) * MINUTE
        lives[f"R{number}"] = (at, owners, kind, told)
        contact(house, f"R{number}", at, *owners, kind=kind, told=told)
    for span in (SPAN, Window(SPAN.begin - 8 * HOUR, SPAN.begin)):
        counts: Counter[str] = Counter()
        by_giver: Counter[str] = Counter()
        touched, times = set(), []
        for ref, (at, owners, _kind, told) in lives.items():
            for place in range(1, len(owners)):
                if span.begin <= at + 10 * place * MINUTE < span.end:
                    touched.add(ref)
                    needless = place > 1 or owners[place] in owners[:place]
                    counts.update(all=1, needless=needless, ping=place > 1 and owners[place] == owners[place - 2])
                    by_giver[owners[place - 1]] += needless
            if span.begin <= at + 10 * len(owners) * MINUTE < span.end:
                touched.add(ref)
                times.append(told / MINUTE)
        found = found_in(house, span)
        tally = found.now.tally
        assert counts["needless"] > 10
        assert (len(tally.all), len(tally.needless), len(tally.ping_pong)) == (
            counts["all"],
            counts["needless"],
            counts["ping"],
        )
        assert found.now.contacts == len(touched)
        assert {one.name: len(one.passed_on.needless) for one in found.by_agent} == {**by_giver}
        assert found.handle_time is not None
        assert (found.handle_time.mean, found.handle_time.median) == pytest.approx((mean(times), median(times)))
        assert len(found.handle_time.over) == sum(time > 2 for time in times)
        for measure in ("contacts", "needless"):
            parts = [one.contacts if measure == "contacts" else len(one.tally.needless) for one in found.by_type]
            assert sum(parts) == (len(touched) if measure == "contacts" else counts["needless"])
