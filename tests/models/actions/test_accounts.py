"""The actions on accounts against a real database, with what they leave on the trail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import MINUTE, FixedClock
from console.models.actions.accounts import ask, found, grant_role, revoke_role, set_passphrase, sign_in
from console.models.actions.authorize import Refused
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Action, Actor, Refusal, Target
from console.models.domain.sign_in import SignInRules, after_failure
from console.models.store import accounts as store
from console.models.store import database, schema
from console.models.store.accounts import Argon2id, SqlAccounts, explain_protection, os_account, owner_of
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail, Wanted

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
LI = Actor("li")
RULES = SignInRules(failures=3, lock=10 * MINUTE)


class Plain:
    """A hasher that is quick."""

    def hashed(self, passphrase: str) -> str:
        return f"hash of {passphrase}"

    def matches(self, hashed: str, passphrase: str) -> bool:
        return hashed == self.hashed(passphrase)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "console.db"
    schema.upgrade(path, Progress())
    return path


@pytest.fixture
def trail(file: Path, tmp_path: Path) -> Iterator[AuditTrail]:
    opened = AuditTrail(file, AnchorFile(file, tmp_path / "state", lambda _id, _make: None))
    yield opened
    assert opened.verify().sound
    opened.close()


@pytest.fixture
def accounts(file: Path, trail: AuditTrail, clock: FixedClock) -> Iterator[SqlAccounts]:
    """The accounts of a database that boss made."""
    opened = SqlAccounts(file, trail)
    assert found(opened, "boss", clock)
    yield opened
    opened.close()


@pytest.fixture
def enter(accounts: SqlAccounts, clock: FixedClock) -> Callable[..., Actor]:
    return lambda os_name, name="", passphrase="": sign_in(accounts, Plain(), clock, RULES, os_name, name, passphrase)


def roles(accounts: SqlAccounts, name: str) -> set[AccountRole]:
    return next(set(account.roles) for account in accounts.all() if account.name == name)


def last(trail: AuditTrail) -> tuple[str, str, str, str, str]:
    row = trail.rows(Wanted())[0]
    return row.actor, row.action, row.object_id, row.outcome, row.reason


def test_who_creates_the_database_is_its_admin_and_nobody_after(
    accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    assert roles(accounts, "boss") == {AccountRole.ADMIN}
    assert not found(accounts, "li", clock)
    assert [account.name for account in accounts.all()] == ["boss"]
    assert last(trail) == ("", "accounts.manage", "boss", "done", "")


def test_others_start_as_viewers(enter: Callable[..., Actor], accounts: SqlAccounts) -> None:
    assert enter("li").standing == {AccountRole.VIEWER}
    assert roles(accounts, "li") == set()
    assert enter("LI").name == "li"


def test_a_role_is_given_and_taken_with_before_and_after(
    accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    grant_role(accounts, BOSS, "li", AccountRole.COACH, clock)
    grant_role(accounts, BOSS, "Li", AccountRole.SUPERVISOR, clock)
    grant_role(accounts, BOSS, "li", AccountRole.COACH, clock)
    assert roles(accounts, "li") == {AccountRole.COACH, AccountRole.SUPERVISOR}
    revoke_role(accounts, BOSS, "li", AccountRole.COACH, clock)
    assert roles(accounts, "li") == {AccountRole.SUPERVISOR}
    row = trail.rows(Wanted())[0]
    assert (row.actor, row.role, row.at) == ("boss", "admin", clock.now())
    assert json.loads(row.before or "") == {"roles": ["supervisor", "coach"]}
    assert json.loads(row.after or "") == {"roles": ["supervisor"]}


def test_a_viewer_gives_no_roles_and_the_refusal_is_recorded(
    accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    with pytest.raises(Refused) as caught:
        grant_role(accounts, LI, "li", AccountRole.ADMIN, clock)
    assert caught.value.refusal is Refusal.NOT_PERMITTED
    assert [account.name for account in accounts.all()] == ["boss"]
    assert last(trail) == ("li", "accounts.manage", "li", "refused", "not_permitted")


def test_roles_that_an_actor_claims_do_not_count(accounts: SqlAccounts, clock: FixedClock) -> None:
    pretender = Actor("li", frozenset(AccountRole))
    for action in (grant_role, revoke_role):
        with pytest.raises(Refused):
            action(accounts, pretender, "boss", AccountRole.COACH, clock)


def test_a_role_that_was_taken_ends_at_once(accounts: SqlAccounts, clock: FixedClock) -> None:
    grant_role(accounts, BOSS, "li", AccountRole.ADMIN, clock)
    li = Actor("li", frozenset({AccountRole.ADMIN}))
    revoke_role(accounts, BOSS, "li", AccountRole.ADMIN, clock)
    with pytest.raises(Refused):
        grant_role(accounts, li, "li", AccountRole.ADMIN, clock)


def test_the_last_admin_stays(accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock) -> None:
    with pytest.raises(Refused) as caught:
        revoke_role(accounts, BOSS, "boss", AccountRole.ADMIN, clock)
    assert caught.value.refusal is Refusal.LAST_ADMIN
    assert last(trail) == ("boss", "accounts.manage", "boss", "refused", "last_admin")
    grant_role(accounts, BOSS, "li", AccountRole.ADMIN, clock)
    revoke_role(accounts, BOSS, "boss", AccountRole.ADMIN, clock)
    assert roles(accounts, "boss") == set()


def test_an_account_that_is_not_there_loses_nothing(accounts: SqlAccounts, clock: FixedClock) -> None:
    with pytest.raises(Refused) as caught:
        revoke_role(accounts, BOSS, "nobody", AccountRole.COACH, clock)
    assert caught.value.refusal is Refusal.NO_SUCH_ACCOUNT
    with pytest.raises(Refused) as caught:
        set_passphrase(accounts, Plain(), BOSS, "nobody", "x", clock)
    assert caught.value.refusal is Refusal.NO_SUCH_ACCOUNT


def test_a_passphrase_once_set_is_asked_for(
    enter: Callable[..., Actor], accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    enter("li")
    set_passphrase(accounts, Plain(), LI, "li", "sesame", clock)
    assert "sesame" not in str(trail.rows(Wanted()))
    assert enter("li", passphrase="sesame").name == "li"
    assert last(trail) == ("li", "sign_in", "li", "done", "")
    with pytest.raises(Refused) as caught:
        enter("li")
    assert caught.value.refusal is Refusal.WRONG_PASSPHRASE
    assert last(trail) == ("li", "sign_in", "li", "refused", "wrong_passphrase")


def test_only_its_owner_or_an_admin_sets_a_passphrase(
    enter: Callable[..., Actor], accounts: SqlAccounts, clock: FixedClock
) -> None:
    enter("li")
    with pytest.raises(Refused):
        set_passphrase(accounts, Plain(), LI, "boss", "mine", clock)
    set_passphrase(accounts, Plain(), BOSS, "li", "sesame", clock)
    set_passphrase(accounts, Plain(), LI, "li", "", clock)
    assert enter("li").name == "li"


def test_an_account_of_another_name_needs_a_passphrase(
    enter: Callable[..., Actor], accounts: SqlAccounts, clock: FixedClock
) -> None:
    for name in ("boss", "nobody"):
        with pytest.raises(Refused) as caught:
            enter("li", name=name)
        assert caught.value.refusal is Refusal.WRONG_PASSPHRASE
    assert [account.name for account in accounts.all()] == ["boss"]
    set_passphrase(accounts, Plain(), BOSS, "boss", "sesame", clock)
    assert enter("li", name="boss", passphrase="sesame").roles == {AccountRole.ADMIN}


def test_repeated_failures_lock_the_account_for_a_while(
    enter: Callable[..., Actor], accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    set_passphrase(accounts, Plain(), BOSS, "boss", "sesame", clock)
    for _ in range(RULES.failures):
        with pytest.raises(Refused):
            enter("li", name="boss", passphrase="guess")
    with pytest.raises(Refused) as caught:
        enter("boss", passphrase="sesame")
    assert caught.value.refusal is Refusal.LOCKED_OUT
    assert last(trail) == ("boss", "sign_in", "boss", "refused", "locked_out")
    clock.advance(RULES.lock / 1_000_000 - 1)
    with pytest.raises(Refused):
        enter("boss", passphrase="sesame")
    clock.advance(1)
    assert enter("boss", passphrase="sesame").name == "boss"


def test_a_success_forgets_failures_and_a_new_passphrase_ends_the_lock(
    enter: Callable[..., Actor], accounts: SqlAccounts, clock: FixedClock
) -> None:
    enter("li")
    set_passphrase(accounts, Plain(), BOSS, "li", "sesame", clock)
    for _ in range(3):
        for _ in range(RULES.failures - 1):
            with pytest.raises(Refused):
                enter("li", passphrase="guess")
        enter("li", passphrase="sesame")
    for _ in range(RULES.failures):
        with pytest.raises(Refused):
            enter("li", passphrase="guess")
    set_passphrase(accounts, Plain(), BOSS, "li", "open", clock)
    assert enter("li", passphrase="open").name == "li"


def test_asking_leaves_a_row_only_when_it_is_refused(
    accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock
) -> None:
    ask(accounts, BOSS, Action.AUDIT_VIEW, Target("audit", ""), clock)
    assert len(trail.rows(Wanted())) == 1
    with pytest.raises(Refused):
        ask(accounts, LI, Action.AUDIT_VIEW, Target("audit", ""), clock)
    assert last(trail) == ("li", "audit.view", "", "refused", "not_permitted")


def test_a_change_that_fails_leaves_neither_change_nor_row(
    accounts: SqlAccounts, trail: AuditTrail, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(store, "append", fail)
    with pytest.raises(OSError, match="no room"):
        grant_role(accounts, BOSS, "boss", AccountRole.COACH, clock)
    assert roles(accounts, "boss") == {AccountRole.ADMIN}
    assert len(trail.rows(Wanted())) == 1


def test_a_role_of_a_newer_console_permits_nothing(file: Path, accounts: SqlAccounts) -> None:
    with database.writer(file).begin() as connection:
        connection.exec_driver_sql("INSERT INTO account_role VALUES (1, 'emperor', 0)")
    assert roles(accounts, "boss") == {AccountRole.ADMIN}


def test_argon2id_takes_the_passphrase_and_no_other() -> None:
    hashed = Argon2id().hashed("芝麻开门")
    assert hashed.startswith("$argon2id$")
    assert hashed != Argon2id().hashed("芝麻开门")
    assert Argon2id().matches(hashed, "芝麻开门")
    assert not Argon2id().matches(hashed, "sesame")
    assert not Argon2id().matches("no hash", "sesame")


def test_rules_that_lock_nobody_are_refused() -> None:
    assert after_failure(1, 100, RULES) == (2, 0)
    assert after_failure(2, 100, RULES) == (0, 100 + RULES.lock)
    with pytest.raises(ValueError, match="lock-out"):
        SignInRules(failures=0)


def test_the_os_account_is_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "boss")
    assert os_account() == owner_of(file) != "boss"


@pytest.mark.parametrize(
    ("folder", "mode", "words"),
    [
        (0o700, 0o666, "its owner alone"),
        (0o755, 0o600, "its owner alone"),
        (0o755, 0o644, "everybody on this machine, for reading"),
        (0o777, 0o666, "everybody on this machine, also for writing"),
        (0o750, 0o644, "its owner and its group, for reading"),
        (0o770, 0o660, "its owner and its group, also for writing"),
    ],
)
def test_what_protects_the_file_is_said_plainly(file: Path, folder: int, mode: int, words: str) -> None:
    file.chmod(mode)
    file.parent.chmod(folder)
    said = explain_protection(file)
    file.parent.chmod(0o700)
    assert words in said[-1]
    assert owner_of(file) in said[-1]
    assert "operating system" in said[1]
