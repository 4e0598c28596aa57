from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from sqlalchemy.exc import IntegrityError

from console import paths
from console.engine import Engine
from console.models.domain.audit import Entry, Flaw, Head, chained, genesis
from console.models.domain.ports import Progress
from console.models.domain.roles import Action, Target
from console.models.store import database, schema
from console.models.store.anchor import AnchorFile, keyring_secret
from console.models.store.audit import GUARDS, AuditTrail, Wanted, append, identity
from console.models.store.database import Place


class Keyring:
    """A keyring in memory; ``opens`` says whether it answers."""

    def __init__(self) -> None:
        self.opens = True
        self.held: dict[str, bytes] = {}

    def __call__(self, database_id: str, make: bool) -> bytes | None:
        if not self.opens:
            return None
        if make:
            self.held.setdefault(database_id, f"secret of {database_id}".encode())
        return self.held.get(database_id)


@pytest.fixture
def ring() -> Keyring:
    return Keyring()


@pytest.fixture
def anchor_file(home: Place, tmp_path: Path, ring: Keyring) -> AnchorFile:
    return AnchorFile(home.file, tmp_path / "state", ring)


@pytest.fixture
def trail(home: Place, anchor_file: AnchorFile) -> Iterator[AuditTrail]:
    """The trail of an empty database."""
    home.directory.mkdir(exist_ok=True)
    schema.upgrade(home.file, Progress())
    opened = AuditTrail(home.file, anchor_file)
    yield opened
    opened.close()


def entry(number: int, **fields: object) -> Entry:
    return Entry(
        at=number, actor="li", action=Action.ESCALATION_NOTE, target=Target("escalation", str(number)), **fields
    )


def act(home: Place, *numbers: int) -> None:
    with database.writer(home.file).begin() as connection:
        for number in numbers:
            append(connection, entry(number, reason="客户来电", before={"b": 1, "a": None}, after={"a": "é"}))


def tamper(home: Place, *statements: str) -> None:
    """What somebody with another program would do: take the guards away, change rows, put the guards back."""
    connection = sqlite3.connect(home.file, isolation_level=None)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _name, sql in guards:
        connection.execute(sql)
    connection.close()


def flaws(trail: AuditTrail) -> list[tuple[Flaw, int]]:
    return [(finding.flaw, finding.row) for finding in trail.verify().findings]


def test_an_unused_trail_is_sound(trail: AuditTrail) -> None:
    assert trail.verify().sound
    assert not trail.anchor()


def test_what_was_done_is_there_and_verified(home: Place, trail: AuditTrail) -> None:
    act(home, 1, 2)
    assert trail.anchor()
    act(home, 3)
    found = trail.verify()
    assert (found.sound, found.rows, found.anchored, found.keyed) == (True, 3, 2, True)
    assert trail.anchor()
    assert trail.verify().anchored == 3
    newest = trail.rows(Wanted())[0]
    assert (newest.seq, newest.reason, newest.before, newest.after) == (
        3,
        "客户来电",
        '{"a":null,"b":1}',
        '{"a":"\\u00e9"}',
    )


def test_half_a_character_can_be_recorded(home: Place, trail: AuditTrail) -> None:
    with database.writer(home.file).begin() as connection:
        append(connection, entry(1, reason="name \ud800", after={"file": "\ud800"}))
    trail.anchor()
    assert trail.verify().sound


def test_a_row_shares_the_fate_of_its_change(home: Place, trail: AuditTrail) -> None:
    with database.writer(home.file).connect() as connection:
        append(connection, entry(1))
        connection.rollback()
    assert trail.rows(Wanted()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'x' WHERE seq = 2",
        "UPDATE OR REPLACE audit SET seq = 1 WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "REPLACE INTO audit SELECT * FROM audit WHERE seq = 2",
        "INSERT INTO audit SELECT 9, at, actor, role, action, object_kind, object_id, outcome, reason, before, after,"
        " hash FROM audit WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(home: Place, trail: AuditTrail, statement: str) -> None:
    act(home, 1, 2, 3)
    trail.anchor()
    with database.writer(home.file).begin() as connection, pytest.raises(IntegrityError, match="audit trail"):
        connection.exec_driver_sql(statement)
    assert trail.verify().sound


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit SET reason = 'x' WHERE seq = 2", (Flaw.CHANGED, 2)),
        ("UPDATE audit SET reason = x'ff' WHERE seq = 2", (Flaw.CHANGED, 2)),
        ("UPDATE audit SET reason = cast(x'ff' AS TEXT) WHERE seq = 2", (Flaw.CHANGED, 2)),
        ("UPDATE audit SET at = 'soon' WHERE seq = 2", (Flaw.CHANGED, 2)),
        ("UPDATE audit SET hash = upper(hash) WHERE seq = 4", (Flaw.CHANGED, 4)),
        ("UPDATE audit SET before = NULL WHERE seq = 1", (Flaw.CHANGED, 1)),
        ("DELETE FROM audit WHERE seq = 1", (Flaw.MISSING, 1)),
        ("DELETE FROM audit WHERE seq = 3", (Flaw.MISSING, 3)),
        ("DELETE FROM audit WHERE seq > 2", (Flaw.CUT, 3)),
        ("DELETE FROM audit", (Flaw.CUT, 1)),
    ],
)
def test_tampering_is_found_with_its_first_row(
    home: Place, trail: AuditTrail, statement: str, expected: tuple[Flaw, int]
) -> None:
    act(home, 1, 2, 3, 4)
    trail.anchor()
    tamper(home, statement)
    assert flaws(trail) == [expected]
    assert trail.verify().first_bad_row == expected[1]


def test_missing_guards_are_found(home: Place, trail: AuditTrail) -> None:
    act(home, 1)
    trail.anchor()
    for guard in GUARDS:
        with database.writer(home.file).begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {guard}")
        assert flaws(trail) == [(Flaw.UNGUARDED, 0)]


def test_a_trail_written_anew_is_found_and_never_blessed(home: Place, trail: AuditTrail) -> None:
    act(home, 1, 2, 3)
    trail.anchor()
    with database.writer(home.file).begin() as connection:
        name = identity(connection)
    head = Head(0, genesis(name))
    rewrite = ["DELETE FROM audit"]
    for number in (7, 8, 9, 10):
        row = chained(entry(number), head)
        head = Head(row.seq, row.hash)
        texts = (row.actor, row.role, row.action, row.object_kind, row.object_id, row.outcome, row.reason)
        words = ", ".join(f"'{text}'" for text in texts)
        rewrite.append(f"INSERT INTO audit VALUES ({row.seq}, {row.at}, {words}, NULL, NULL, '{row.hash}')")
    tamper(home, *rewrite)
    assert flaws(trail) == [(Flaw.REWRITTEN, 3)]
    act(home, 11)
    assert not trail.anchor()
    assert flaws(trail) == [(Flaw.REWRITTEN, 3)]


def test_acting_after_a_cut_does_not_hide_it(home: Place, trail: AuditTrail) -> None:
    act(home, 1, 2, 3)
    trail.anchor()
    tamper(home, "DELETE FROM audit WHERE seq = 3")
    act(home, 4)
    assert not trail.anchor()
    assert flaws(trail) == [(Flaw.REWRITTEN, 3)]


def test_an_older_copy_put_back_is_found(home: Place, trail: AuditTrail, tmp_path: Path) -> None:
    act(home, 1)
    trail.anchor()
    connection = sqlite3.connect(home.file)
    copy = sqlite3.connect(tmp_path / "copy.db")
    connection.backup(copy)
    copy.close()
    connection.close()
    act(home, 2)
    trail.anchor()
    older = AuditTrail(
        tmp_path / "copy.db", AnchorFile(tmp_path / "copy.db", tmp_path / "state", trail._anchor._secret)
    )
    assert [(finding.flaw, finding.row) for finding in older.verify().findings] == [(Flaw.CUT, 2)]
    older.close()


def test_another_database_in_its_place_is_found(home: Place, trail: AuditTrail, anchor_file: AnchorFile) -> None:
    act(home, 1)
    trail.anchor()
    trail.close()
    for path in home.directory.iterdir():
        path.unlink()
    schema.upgrade(home.file, Progress())
    act(home, 1)
    other = AuditTrail(home.file, anchor_file)
    assert (Flaw.OTHER_DATABASE, 0) in flaws(other)
    assert not other.anchor()
    other.close()


def test_a_moved_database_finds_its_anchor(home: Place, trail: AuditTrail, tmp_path: Path, ring: Keyring) -> None:
    act(home, 1)
    trail.anchor()
    trail.close()
    shutil.move(home.directory, tmp_path / "elsewhere")
    file = tmp_path / "elsewhere" / home.file.name
    moved = AuditTrail(file, AnchorFile(file, tmp_path / "state", ring))
    assert moved.verify().sound
    moved.close()


def test_a_lost_anchor_is_told(home: Place, trail: AuditTrail, anchor_file: AnchorFile) -> None:
    act(home, 1)
    trail.anchor()
    anchor_file.file.unlink()
    assert flaws(trail) == [(Flaw.NO_ANCHOR, 0)]


def test_an_anchor_that_was_removed_is_not_made_again_unasked(
    home: Place, trail: AuditTrail, anchor_file: AnchorFile
) -> None:
    act(home, 1, 2)
    trail.anchor()
    anchor_file.file.unlink()
    tamper(home, "DELETE FROM audit WHERE seq = 2")
    act(home, 3)
    assert not trail.anchor()
    assert flaws(trail) == [(Flaw.NO_ANCHOR, 0)]
    assert trail.anchor(anew=True)
    assert trail.verify().sound


def edit(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def apply(file: Path) -> None:
        content = json.loads(file.read_text())
        change(content)
        file.write_text(json.dumps(content))

    return apply


@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        (lambda file: file.write_text("{"), Flaw.ANCHOR_UNREADABLE),
        (lambda file: file.write_text("[]"), Flaw.ANCHOR_UNREADABLE),
        (lambda file: file.write_bytes(b"\xff"), Flaw.ANCHOR_UNREADABLE),
        (edit(lambda content: content.update(count="2")), Flaw.ANCHOR_UNREADABLE),
        (edit(lambda content: content.pop("seal")), Flaw.ANCHOR_UNREADABLE),
        (edit(lambda content: content.update(seal="")), Flaw.ANCHOR_CHANGED),
        (edit(lambda content: content.update(seal="é")), Flaw.ANCHOR_CHANGED),
    ],
)
def test_a_spoilt_anchor_is_found_and_stays(
    home: Place, trail: AuditTrail, anchor_file: AnchorFile, spoil: Callable[[Path], object], flaw: Flaw
) -> None:
    act(home, 1, 2)
    trail.anchor()
    spoil(anchor_file.file)
    assert flaws(trail) == [(flaw, 0)]
    act(home, 3)
    assert not trail.anchor()
    assert flaws(trail) == [(flaw, 0)]


def test_a_forged_anchor_for_a_cut_trail_lacks_the_seal(
    home: Place, trail: AuditTrail, anchor_file: AnchorFile
) -> None:
    act(home, 1, 2)
    shorter = trail.rows(Wanted())[-1]
    trail.anchor()
    tamper(home, "DELETE FROM audit WHERE seq = 2")
    edit(lambda content: content.update(count=1, hash=shorter.hash))(anchor_file.file)
    assert flaws(trail) == [(Flaw.ANCHOR_CHANGED, 0)]


def test_where_the_keyring_is_shut_a_sealed_anchor_stays_and_is_told(
    home: Place, trail: AuditTrail, ring: Keyring
) -> None:
    act(home, 1)
    trail.anchor()
    ring.opens = False
    assert flaws(trail) == [(Flaw.NO_KEY, 0)]
    act(home, 2)
    assert not trail.anchor()
    ring.opens = True
    assert trail.verify().sound
    assert trail.anchor()


def test_without_a_keyring_the_anchor_works_and_says_that_it_is_not_keyed(
    home: Place, trail: AuditTrail, ring: Keyring
) -> None:
    ring.opens = False
    act(home, 1)
    assert trail.anchor()
    found = trail.verify()
    assert (found.sound, found.keyed) == (True, False)
    ring.opens = True
    assert trail.verify().sound
    assert trail.anchor()
    assert trail.verify().keyed


def test_an_anchor_that_cannot_be_written_does_not_stop_the_work(
    home: Place, trail: AuditTrail, tmp_path: Path
) -> None:
    act(home, 1)
    (tmp_path / "state").write_text("a file where a folder should be")
    unwritable = AuditTrail(home.file, AnchorFile(home.file, tmp_path / "state" / "deeper", lambda _id, _make: None))
    assert not unwritable.anchor()
    unwritable.close()


def test_a_headless_machine_has_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring as Headless

    monkeypatch.setattr(keyring.core, "_keyring_backend", Headless())
    assert keyring_secret("d1", True) is None


def test_the_keyring_keeps_a_secret_for_each_database(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    held: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: held.get((service, name)))
    monkeypatch.setattr(keyring, "set_password", lambda service, name, text: held.update({(service, name): text}))
    assert keyring_secret("d1", False) is None
    one, other = keyring_secret("d1", True), keyring_secret("d2", True)
    assert one == keyring_secret("d1", False)
    assert one != other


def test_the_filter_of_the_list(home: Place, trail: AuditTrail) -> None:
    act(home, 1, 2, 3, 4)

    def found(**wanted: object) -> list[int]:
        return [row.seq for row in trail.rows(Wanted(**wanted))]  # type: ignore[arg-type]

    assert found() == [4, 3, 2, 1]
    assert found(start=2, end=4) == [3, 2]
    assert found(actor="wang") == []
    assert found(actor="li", action="escalation.note", object_kind="escalation", object_id="2") == [2]
    assert [row.seq for row in trail.rows(Wanted(), limit=1)] == [4]


def test_of_a_database_that_is_thrown_away_nothing_is_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_keyring(*_words: str) -> str:
        raise AssertionError("the keyring was asked")

    monkeypatch.setattr(keyring, "get_password", no_keyring)
    with Engine(tmp_path / "data", fleeting=True) as engine:
        assert engine.access.trail.verify().anchored == 1
    assert list(tmp_path.rglob("audit/*.json"))
    assert not list(paths.state_dir().rglob("*.json"))
