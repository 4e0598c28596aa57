"""Who is signed in at a console, over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import MINUTE, FixedClock
from console.models.actions.accounts import grant_role, revoke_role, set_passphrase
from console.models.actions.authorize import Refused, authorize
from console.models.actions.session import NOBODY, Session, SessionState
from console.models.domain.roles import AccountRole, Action, Actor, Refusal, Target
from console.models.domain.sign_in import SignInRules
from console.models.store.audit import Wanted
from tests.models.actions.door import Door

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
RULES = SignInRules(failures=3, lock=10 * MINUTE)


@pytest.fixture
def door(tmp_path: Path, clock: FixedClock) -> Iterator[Door]:
    made = Door(tmp_path, clock)
    yield made
    assert made.chain.verify().sound
    made.close()


@pytest.fixture
def session(door: Door, clock: FixedClock) -> Session:
    return Session(door, clock, RULES)


def last(door: Door) -> tuple[str, str, str, str]:
    row = door.chain.rows(Wanted())[0]
    return row.actor, row.action, row.outcome, row.reason


def test_nobody_acts_before_the_data_is_open(session: Session) -> None:
    assert session.state is SessionState.OPENING
    assert session.actor() == NOBODY
    decision = authorize(session.actor(), Action.BOARD_VIEW, Target("board", ""))
    assert decision.refusal is Refusal.NOBODY


def test_the_os_account_is_signed_in_by_itself(session: Session, door: Door) -> None:
    session.begin()
    assert session.actor() == BOSS
    assert not session.has_passphrase
    assert last(door) == ("boss", "sign_in", "done", "")


def test_a_short_look_locks_and_signs_nobody_in(session: Session, door: Door, clock: FixedClock) -> None:
    session.meet()
    assert session.state is SessionState.OPENING
    set_passphrase(door.accounts, door.hasher, BOSS, "boss", "right one", clock)
    session.meet()
    assert session.locked


def test_an_account_with_a_passphrase_starts_locked_and_nobody_acts(
    session: Session, door: Door, clock: FixedClock
) -> None:
    set_passphrase(door.accounts, door.hasher, BOSS, "boss", "right one", clock)
    session.begin()
    assert session.locked
    assert session.name == "boss"
    assert session.actor() == NOBODY
    with pytest.raises(Refused) as refused:
        session.unlock("wrong one")
    assert refused.value.refusal is Refusal.WRONG_PASSPHRASE
    assert session.locked
    assert last(door) == ("boss", "sign_in", "refused", "wrong_passphrase")
    session.unlock("right one")
    assert session.actor() == BOSS


def test_wrong_passphrases_lock_the_account_for_a_while(session: Session, door: Door, clock: FixedClock) -> None:
    set_passphrase(door.accounts, door.hasher, BOSS, "boss", "right one", clock)
    session.begin()
    for _try in range(RULES.failures):
        with pytest.raises(Refused):
            session.unlock("wrong one")
    assert session.locked_until() == clock.now() + RULES.lock
    with pytest.raises(Refused) as refused:
        session.unlock("right one")
    assert refused.value.refusal is Refusal.LOCKED_OUT
    clock.advance(10 * 60)
    assert session.locked_until() == 0
    session.unlock("right one")
    assert not session.locked


def test_a_lock_takes_the_roles_away_until_it_is_opened(session: Session) -> None:
    told: list[SessionState] = []
    session.begin()
    end = session.subscribe(lambda: told.append(session.state))
    session.lock()
    assert (session.actor(), session.roles, session.person) == (NOBODY, frozenset(), BOSS)
    session.unlock()
    assert session.roles == BOSS.roles
    end()
    session.lock()
    assert told == [SessionState.LOCKED, SessionState.SIGNED_IN]


def test_roles_that_change_elsewhere_hold_after_a_refresh(session: Session, door: Door, clock: FixedClock) -> None:
    session.begin()
    told: list[frozenset[AccountRole]] = []
    session.subscribe(lambda: told.append(session.roles))
    session.refresh()
    grant_role(door.accounts, BOSS, "boss", AccountRole.COACH, clock)
    session.refresh()
    revoke_role(door.accounts, BOSS, "boss", AccountRole.COACH, clock)
    session.refresh()
    assert told == [frozenset({AccountRole.ADMIN, AccountRole.COACH}), BOSS.roles]


def test_a_refresh_that_was_overtaken_by_a_lock_changes_nothing(
    session: Session, door: Door, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.begin()
    grant_role(door.accounts, BOSS, "boss", AccountRole.COACH, clock)
    read = door.accounts.all

    def read_and_lock() -> object:
        found = read()
        session.lock()
        return found

    monkeypatch.setattr(door.accounts, "all", read_and_lock)
    session.refresh()
    assert session.locked
    assert session.person == BOSS


def test_another_person_takes_over_with_a_passphrase(session: Session, door: Door, clock: FixedClock) -> None:
    session.begin()
    grant_role(door.accounts, BOSS, "li", AccountRole.SUPERVISOR, clock)
    with pytest.raises(Refused):
        session.switch("li")
    assert session.actor() == BOSS
    set_passphrase(door.accounts, door.hasher, BOSS, "li", "li's own", clock)
    session.switch(" Li ", "li's own")
    assert session.actor() == Actor("li", frozenset({AccountRole.SUPERVISOR}))
    assert session.has_passphrase


def test_ones_own_passphrase_is_changed_with_proof_of_the_present_one(session: Session, door: Door) -> None:
    session.begin()
    session.set_passphrase("", "first one")
    assert session.has_passphrase
    with pytest.raises(Refused):
        session.set_passphrase("guess", "second one")
    session.set_passphrase("first one", "")
    assert not session.has_passphrase
    assert last(door) == ("boss", "accounts.passphrase", "done", "")


def test_beside_another_writer_the_roles_are_only_read(session: Session, door: Door) -> None:
    door.writable = False
    before = door.trail.count()
    session.begin()
    assert session.actor() == BOSS
    assert door.trail.count() == before


def test_a_session_of_one_person_needs_no_accounts(clock: FixedClock) -> None:
    session = Session.of(BOSS, clock)
    session.begin()
    session.refresh()
    session.lock()
    assert session.actor() == NOBODY
    session.unlock()
    assert session.actor() == BOSS
    assert session.locked_until() == 0
