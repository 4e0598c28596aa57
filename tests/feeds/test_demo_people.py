"""The centre's own people: a picture shows their work, the running centre gets it, and only the centre has them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.clock import DAY, MINUTE, FixedClock, ScaledClock
from console.connectors.demo.proposals import authors
from console.engine import Engine
from console.feeds import EngineFeed, demo_people
from console.feeds.demo_people import COLLEAGUES
from console.models.actions.accounts import grant_role, revoke_role
from console.models.domain.escalation import Cause, Entry, State
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy
from console.models.store.audit import Wanted
from tests.models.store.conftest import NOON

LONG = 60.0
SHANGHAI = ZoneInfo("Asia/Shanghai")


@contextmanager
def picture(folder: Path, at: int = NOON, seed: int = 7) -> Iterator[Engine]:
    """The engine behind a picture of the centre at an instant."""
    engine = Engine(folder, clock=FixedClock(at), fleeting=True)
    feed = EngineFeed(engine, policy.default(), SHANGHAI, seed=seed, past_days=0, wait_for_today=True)
    feed.begin()
    feed.opened().result(LONG)
    try:
        yield engine
    finally:
        feed.close()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with picture(tmp_path_factory.mktemp("picture")) as engine:
        yield engine


def test_a_picture_of_the_centre_has_an_inbox_at_work(shown: Engine) -> None:
    entries = shown.inbox.open_entries()
    assert shown.clock.now() == NOON
    assert all(entry.due_at is not None and entry.due_at > NOON for entry in entries)
    assert {State.RAISED, State.ACKNOWLEDGED, State.RESOLVED} <= {entry.state for entry in entries}
    assert {State.SNOOZED, State.RETURNED} & {entry.state for entry in entries}
    assert len({entry.raised_at for entry in entries}) > 5
    assert {entry.owner for entry in entries if entry.state is State.ACKNOWLEDGED} <= set(COLLEAGUES)
    assert shown.watching.finding.is_well


def test_a_picture_has_a_compensation_that_waits_for_a_second_person(shown: Engine) -> None:
    asked = shown.desk().compensation.requests.undecided()
    assert asked
    assert {request.proposed_by for request in asked} <= set(authors())
    waiting = [e for e in shown.inbox.open_entries() if e.key.cause is Cause.APPROVAL and e.state is not State.RESOLVED]
    assert {entry.key.object for entry in waiting} == {request.id for request in asked}
    assert all(request.note and request.case.price and request.offer.needs_approval for request in asked)


def test_their_accounts_and_deeds_are_on_the_trail(shown: Engine) -> None:
    rows = shown.access.trail.rows(Wanted())
    assert {row.actor for row in rows} >= set(COLLEAGUES)
    assert not any(row.outcome == "refused" for row in rows)
    assert shown.access.trail.verify().sound


def test_one_seed_and_instant_make_one_inbox(shown: Engine, tmp_path: Path) -> None:
    def told(entry: Entry) -> tuple[object, ...]:
        return entry.key, entry.state, entry.owner, entry.level, entry.raised_at, entry.due_at, entry.reason

    with picture(tmp_path) as again:
        assert list(map(told, again.inbox.open_entries())) == list(map(told, shown.inbox.open_entries()))


def test_a_picture_just_after_midnight_shows_one_day(tmp_path: Path) -> None:
    midnight = NOON // DAY * DAY + 16 * 60 * MINUTE
    with picture(tmp_path, midnight + 5 * MINUTE) as engine:
        assert engine.clock.now() == midnight + 5 * MINUTE
        assert all(entry.since >= midnight for entry in engine.inbox.open_entries())


def test_the_running_centre_has_colleagues_who_end_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_people, "TURN_SECONDS", 0.01)
    engine = Engine(tmp_path, clock=ScaledClock(NOON, 60))
    feed = EngineFeed(engine, policy.default(), SHANGHAI, seed=7, speed=60, past_days=0)
    feed.begin()
    feed.opened().result(LONG)
    try:
        assert until(lambda: any(entry.owner in COLLEAGUES for entry in engine.inbox.open_entries()))
    finally:
        feed.close()
    assert not any(thread.name == "demo-people" for thread in threading.enumerate())


def test_an_account_that_was_changed_stays_as_it_was_changed(tmp_path: Path) -> None:
    clock = FixedClock(NOON)
    with Engine(tmp_path, clock=clock) as engine:
        admin, accounts = Actor(engine.access.creator), engine.access.accounts
        demo_people.DemoPeople(engine, 7)
        revoke_role(accounts, admin, COLLEAGUES[0], AccountRole.SUPERVISOR, clock)
        grant_role(accounts, admin, COLLEAGUES[1], AccountRole.PLANNER, clock)
        demo_people.DemoPeople(engine, 7)
        roles = {account.name: account.roles for account in accounts.all()}
    assert roles[COLLEAGUES[0]] == frozenset()
    assert AccountRole.PLANNER in roles[COLLEAGUES[1]]


def test_without_the_centre_nobody_comes(tmp_path: Path) -> None:
    engine = Engine(tmp_path, clock=FixedClock(NOON))
    feed = EngineFeed(engine, policy.default(), SHANGHAI)
    feed.begin()
    feed.opened().result(LONG)
    try:
        assert [account.name for account in engine.access.accounts.all()] == [engine.access.creator]
    finally:
        feed.close()


def until(holds: Callable[[], bool]) -> bool:
    pause = threading.Event()
    return any(holds() or pause.wait(0.02) for _look in range(round(LONG / 0.02)))
