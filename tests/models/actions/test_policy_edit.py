"""Saving the policy: what is saved loads to the same policy, is on the trail, and is whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import HOUR, FixedClock
from console.errors import KnownError
from console.models.actions import policy_edit
from console.models.actions.accounts import found
from console.models.actions.authorize import Refused
from console.models.actions.policy_edit import WRONG_FILE, ChangedMeanwhile, PolicyEditor, PolicyNotSaved
from console.models.domain.clock_targets import ClockName, Traits
from console.models.domain.contacts import Channel
from console.models.domain.events import Event, Kind
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy as policies
from console.models.policy.editing import edited, key_of, open_site, same_value
from console.models.policy.policy import LAST_GOOD_FILE, SITE_FILE, PolicyError, Source
from console.models.policy.schema import KEYS
from console.models.store import schema
from console.models.store.accounts import SqlAccounts
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail, Wanted

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
LI = Actor("li", frozenset({AccountRole.ADMIN}))
EMAIL, SMS, LOST = "first_response.channel.email", "first_response.channel.sms", "freshness.lost_after"


class Desk:
    """An editor over a real database, with what it told the log."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.folder = folder
        file = folder / "console.db"
        schema.upgrade(file, Progress())
        self.trail = AuditTrail(file, AnchorFile(file, folder / "state", lambda _id, _make: None))
        self.accounts = SqlAccounts(file, self.trail)
        found(self.accounts, "boss", clock)
        self.events: list[Event] = []
        self.editor = PolicyEditor(folder, lambda: self.accounts, self.events.append, clock)

    def save(self, changes: dict[str, Any], actor: Actor = BOSS) -> policy_edit.Saved:
        return self.editor.save(actor, self.editor.open(), changes)

    @property
    def file(self) -> Path:
        return self.folder / SITE_FILE

    def rows(self) -> list[Any]:
        return list(self.trail.rows(Wanted(action="policy.edit")))

    def close(self) -> None:
        self.accounts.close()
        self.trail.close()


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = Desk(tmp_path, clock)
    yield made
    assert made.trail.verify().sound
    made.close()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(f"{SITE_FILE}.")]


def test_a_change_is_written_recorded_and_told(desk: Desk) -> None:
    saved = desk.save({EMAIL: "12 h"})
    assert desk.file.read_text() == '[first_response.channel]\nemail = "12 h"\n'
    assert saved.after.loaded.source is Source.SITE
    rule = saved.after.loaded.policy.targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.EMAIL))
    assert rule is not None
    assert rule.target == 12 * HOUR
    (row,) = desk.rows()
    assert (row.actor, row.role, row.outcome) == ("boss", "admin", "done")
    assert (json.loads(row.before), json.loads(row.after)) == ({EMAIL: "24 h"}, {EMAIL: "12 h"})
    (event,) = desk.events
    assert (event.kind, event.subject) == (Kind.POLICY_CHANGED, "policy")
    assert event.detail == {"values": {EMAIL: "12 h"}, "changed": [EMAIL], "by": "boss"}


def test_only_what_differs_from_the_shipped_policy_is_written(desk: Desk) -> None:
    desk.save({EMAIL: "12 h", SMS: "2 min"})
    desk.save({EMAIL: "1440 min"})
    assert desk.file.read_text() == '[first_response.channel]\nsms = "2 min"\n'
    desk.save({SMS: None})
    assert policies.load_site(desk.folder).entries[SMS].value == policies.default_entries()[SMS].value


def test_the_comments_of_the_site_stay(desk: Desk) -> None:
    desk.file.write_bytes(b'# ours\r\n[first_response.channel]\r\n# agreed\r\nemail = "12 h" # was 24\r\n')
    desk.save({EMAIL: "8 h"})
    assert desk.file.read_bytes() == b'# ours\r\n[first_response.channel]\r\n# agreed\r\nemail = "8 h" # was 24\r\n'


def test_a_viewer_is_refused_on_the_record_and_nothing_is_written(desk: Desk) -> None:
    assert not desk.editor.may_edit(Actor("li")).allowed
    with pytest.raises(Refused):
        desk.save({EMAIL: "12 h"}, LI)  # says admin, but the database knows no such account
    (row,) = desk.rows()
    assert (row.actor, row.outcome, row.reason) == ("li", "refused", "not_permitted")
    assert not desk.file.exists()
    assert not desk.events


def test_what_is_wrong_is_told_and_nothing_is_written(desk: Desk) -> None:
    with pytest.raises(PolicyError) as told:
        desk.save({EMAIL: "soon", "freshness.stale_after": "9 min"})
    assert {key_of(problem) for problem in told.value.problems} == {EMAIL, "freshness.stale_after"}
    assert not desk.file.exists()
    assert not desk.rows()


def test_nothing_to_save_is_told(desk: Desk) -> None:
    with pytest.raises(PolicyNotSaved, match="Nothing differs"):
        desk.save({EMAIL: "1440 min"})


def test_a_file_that_changed_meanwhile_is_not_written_over(desk: Desk) -> None:
    site = desk.editor.open()
    desk.file.write_text('[freshness]\nlost_after = "9 min"\n')
    with pytest.raises(ChangedMeanwhile) as told:
        desk.editor.save(BOSS, site, {EMAIL: "12 h"})
    assert told.value.now.written(LOST) == "9 min"
    assert "email" not in desk.file.read_text()
    desk.editor.save(BOSS, told.value.now, {EMAIL: "12 h"})
    assert policies.load_site(desk.folder).entries[LOST].written == "9 min"


def test_undo_brings_the_former_file_back_with_a_row_of_its_own(desk: Desk) -> None:
    desk.file.write_text('# ours\n[freshness]\nlost_after = "9 min"\n')
    saved = desk.save({EMAIL: "12 h", LOST: None})
    desk.editor.undo(BOSS, saved)
    assert desk.file.read_text() == '# ours\n[freshness]\nlost_after = "9 min"\n'
    row = desk.rows()[0]
    assert (row.reason, json.loads(row.after)) == ("undo", {EMAIL: "24 h", LOST: "9 min"})


def test_undoing_the_first_change_leaves_no_file(desk: Desk) -> None:
    desk.editor.undo(BOSS, desk.save({EMAIL: "12 h"}))
    assert not desk.file.exists()
    assert not (desk.folder / LAST_GOOD_FILE).exists()
    assert policies.load_site(desk.folder).source is Source.DEFAULT


def test_undo_after_another_change_is_refused(desk: Desk) -> None:
    saved = desk.save({EMAIL: "12 h"})
    desk.save({SMS: "2 min"})
    with pytest.raises(ChangedMeanwhile):
        desk.editor.undo(BOSS, saved)


def test_a_wrong_file_is_kept_beside_the_new_one(desk: Desk) -> None:
    desk.save({LOST: "9 min"})
    desk.file.write_text("[nothing]\nis = 1\n")
    saved = desk.save({EMAIL: "12 h"})
    assert (desk.folder / WRONG_FILE).read_text() == "[nothing]\nis = 1\n"
    assert not saved.after.loaded.problems
    assert saved.after.written(LOST) == "9 min"
    desk.editor.undo(BOSS, saved)
    assert desk.file.read_text() == '[freshness]\nlost_after = "9 min"\n'


def test_undo_over_a_file_that_never_was_good_brings_the_shipped_policy_back(desk: Desk) -> None:
    desk.file.write_text("[nothing]\nis = 1\n")
    saved = desk.save({EMAIL: "12 h"})
    back = desk.editor.undo(BOSS, saved)
    assert back.after.loaded.source is Source.DEFAULT
    assert not desk.file.exists()
    assert (desk.folder / WRONG_FILE).exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_policy_and_no_row(desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    desk.save({EMAIL: "12 h"})
    before, site = desk.file.read_bytes(), desk.editor.open()

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((policy_edit.os, "fsync") if step == "fsync" else (Path, "replace")), full)
        with pytest.raises(PolicyNotSaved, match="No space left on device"):
            desk.editor.save(BOSS, site, {SMS: "2 min"})
    assert desk.file.read_bytes() == before
    assert len(desk.rows()) == len(desk.events) == 1


def test_a_folder_that_takes_nothing_is_told(desk: Desk) -> None:
    if os.geteuid() == 0:
        desk.file.mkdir()  # nothing is read-only to root; a folder in the file's place is
    else:
        desk.folder.chmod(0o500)
    try:
        with pytest.raises(KnownError):
            desk.save({EMAIL: "12 h"})
    finally:
        desk.folder.chmod(0o700)
    assert not desk.rows()


def test_a_row_that_cannot_be_kept_takes_the_file_back(desk: Desk, clock: FixedClock) -> None:
    class Broken:
        """Accounts whose transaction fails at its end."""

        def all(self) -> Any:
            return desk.accounts.all()

        @contextmanager
        def change(self) -> Iterator[Any]:
            with desk.accounts.change() as change:
                yield change
                raise OSError(errno.EIO, "the commit failed")

    desk.save({EMAIL: "12 h"})
    before = desk.file.read_bytes()
    editor = PolicyEditor(desk.folder, Broken, desk.events.append, clock)
    with pytest.raises(OSError, match="the commit failed"):
        editor.save(BOSS, editor.open(), {SMS: "2 min"})
    assert desk.file.read_bytes() == before
    assert len(desk.rows()) == 1


def test_a_log_that_takes_nothing_stops_nothing(desk: Desk, clock: FixedClock) -> None:
    def refuse(_event: Event) -> None:
        raise RuntimeError("closed")

    editor = PolicyEditor(desk.folder, lambda: desk.accounts, refuse, clock)
    editor.save(BOSS, editor.open(), {EMAIL: "12 h"})
    assert "12 h" in desk.file.read_text()


def test_each_policy_is_noted_once(desk: Desk, clock: FixedClock) -> None:
    def last() -> dict[str, Any] | None:
        return desk.events[-1].detail["values"] if desk.events else None  # type: ignore[index,return-value]  # as told

    editor = PolicyEditor(desk.folder, lambda: desk.accounts, desk.events.append, clock, last)
    text = '[freshness]\nlost_after = "9 min"\n'
    for wanted in ("", text, "", text):
        if wanted:
            desk.file.write_text(wanted)
        else:
            desk.file.unlink(missing_ok=True)
            (desk.folder / LAST_GOOD_FILE).unlink(missing_ok=True)
        for _start in range(2):
            clock.advance(HOUR)
            editor.note()
    changed = {"values": {LOST: "9 min"}, "changed": [], "by": ""}
    shipped = {"values": {}, "changed": [], "by": ""}
    assert [event.detail for event in desk.events] == [shipped, changed, shipped, changed]
    assert len({event.key for event in desk.events}) == 4, "what comes back is told again"


DURATIONS = st.tuples(st.integers(1, 90), st.sampled_from(["s", "min", "h", "d"])).map(
    lambda told: f"{told[0]} {told[1]}"
)
PERIODS = st.sampled_from([[], ["09:00-12:00"], ["09:00-12:00", "13:00-18:00"], ["22:00-06:00"]])
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "duration": DURATIONS,
    "share of 1": st.floats(0.01, 1),
    "percent": st.integers(0, 200),
    "amount of money": st.integers(1, 10**7).map(lambda cents: cents / 100),
    "count": st.integers(1, 100),
    "yes or no": st.booleans(),
    "list of names": st.lists(st.text(min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=4, unique=True),
    "local times by date": st.dictionaries(st.dates().map(str), PERIODS | st.just("monday"), max_size=4),
    "rates by currency": st.dictionaries(
        st.sampled_from(["USD", "EUR"]), st.floats(0.01, 99).map(lambda x: round(x, 4))
    ),
}
KINDS = {key.path: key.kind.unit for key in KEYS}
CHANGES = st.dictionaries(
    st.sampled_from([path for path, unit in KINDS.items() if unit in SPECIAL]), st.none()
).flatmap(lambda wanted: st.fixed_dictionaries({path: st.none() | SPECIAL[KINDS[path]] for path in wanted}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, CHANGES)
def test_what_is_saved_loads_to_the_policy_that_was_checked(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, Any], second: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("site")
    for changes in (first, second):
        site = open_site(folder)
        edit = edited(site, changes)
        if edit.policy is None:
            assert edit.problems
            continue
        (folder / SITE_FILE).write_text(edit.text, encoding="utf-8")
        loaded = policies.load_site(folder)
        assert not loaded.problems
        assert policies.same(loaded.policy, edit.policy)
        for path, value in changes.items():
            wanted = site.default(path) if value is None else value
            assert same_value(path, loaded.entries[path].written, wanted)
