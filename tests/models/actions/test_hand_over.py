"""The end of a shift: the sheet, who takes over, and what the trail says of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import MINUTE, FixedClock
from console.engine import Engine
from console.models.actions.accounts import grant_role
from console.models.actions.authorize import Refused
from console.models.actions.hand_over import HandOverActions
from console.models.domain.escalation import Cause, Event, Happening, Key, ObjectKind, Occurrence, State, Urgency
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy
from console.models.store import database
from console.models.store.audit import Wanted
from console.models.store.hand_over import SqlHandOvers
from tests.models.actions.house import BOSS, LI, LI_AGAIN, VIEWER, WANG, House

RULES = policy.default().escalation


class Shift:
    """One who signs, and who was told to leave for whom."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.house = House(folder, clock)
        self._readers = database.reader(self.house.file)
        self.sheets = SqlHandOvers(self.house.writer, self._readers)
        self.left: list[tuple[str, str]] = []
        self.desk = HandOverActions(self.sheets, clock, lambda name, to: self.left.append((name, to)))

    def close(self) -> None:
        self._readers.dispose()
        self.house.close()


@pytest.fixture
def shift(tmp_path: Path, clock: FixedClock) -> Iterator[Shift]:
    made = Shift(tmp_path, clock)
    yield made
    made.close()


def test_the_sheet_is_signed_and_what_the_supervisor_has_goes_to_the_successor(shift: Shift, clock: FixedClock) -> None:
    signed = shift.desk.sign_off(LI, clock.now(), clock.now() - MINUTE, "call Ms Zhou", " wang ")
    assert shift.sheets.signed_before(clock.now()) == signed
    assert shift.left == [("Li", "Wang")]
    ended, made = shift.house.trail.rows(Wanted())[:2]
    assert (made.action, made.actor, made.outcome) == ("hand_over.sign", "Li", "done")
    assert (ended.action, ended.actor, ended.outcome) == ("shift.end", "Li", "done")
    assert ended.after == '{"successor":"Wang"}'


def test_without_a_successor_it_goes_back_to_the_chain(shift: Shift, clock: FixedClock) -> None:
    shift.desk.sign_off(LI, clock.now(), clock.now(), "")
    assert shift.left == [("Li", "")]


def test_a_sheet_that_is_signed_already_is_not_signed_twice(shift: Shift, clock: FixedClock) -> None:
    signed = shift.desk.sign(LI, clock.now(), clock.now(), "")
    assert shift.desk.sign_off(LI, clock.now(), clock.now(), "", "Wang", signed) == signed
    rows = [row.action for row in shift.house.trail.rows(Wanted())]
    assert rows.count("hand_over.sign") == 1
    assert shift.left == [("Li", "Wang")]


@pytest.mark.parametrize(
    ("who", "successor", "why"),
    [
        (VIEWER, "Wang", "not_permitted"),
        (LI, LI_AGAIN.name, "own_successor"),
        (LI, "Zhao", "not_a_taker"),
        (LI, "nobody at all", "not_a_taker"),
    ],
)
def test_a_refused_end_signs_nothing_and_stands_on_the_trail(
    shift: Shift, clock: FixedClock, who: Actor, successor: str, why: str
) -> None:
    with pytest.raises(Refused):
        shift.desk.sign_off(who, clock.now(), clock.now(), "", successor)
    assert shift.house.refusals() == [(who.name, "shift.end", why)]
    assert shift.sheets.signed_before(clock.now()) is None
    assert shift.left == []


def test_in_a_running_console_the_entries_change_hands(tmp_path: Path, clock: FixedClock) -> None:
    engine = Engine(tmp_path, clock=clock).open()
    with engine:
        boss = Actor(engine.access.creator)
        for name in (LI.name, WANG.name):
            grant_role(engine.access.accounts, boss, name, AccountRole.SUPERVISOR, clock)
        keys = [Key(ObjectKind.TICKET, ticket, Cause.WAIT, "1") for ticket in (1, 2)]
        found = [Occurrence(key, "R-ESC", 0, clock.now(), Urgency.P2, key.object) for key in keys]
        for raised in engine.escalations.raise_all(found, clock.now(), RULES):
            who = LI.name if raised.entry.ticket == 1 else BOSS.name
            engine.escalations.move(raised.entry.id, Event(Happening.ACKNOWLEDGE), clock.now(), who, RULES)
        clock.advance(60)
        moved = threading.Event()
        engine.watch()
        engine.notices.subscribe(lambda waiting: moved.set() if waiting.to.name == WANG.name else None)
        engine.desk().hand_over.sign_off(LI, clock.now(), clock.now(), "", WANG.name)
        assert moved.wait(60)
        mine, other = (engine.inbox.entry(number) for number in (1, 2))
    assert (mine.owner, mine.state) == (WANG.name, State.ACKNOWLEDGED)
    assert other.owner == BOSS.name
