"""Every move of an escalation stands on the audit trail, by whom and by which role."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from console.clock import MINUTE
from console.models.domain.audit import Row
from console.models.domain.escalation import Event, Happening
from console.models.domain.ports import Progress
from console.models.domain.roles import PERMITTED, AccountRole, Action
from console.models.store import database, schema
from console.models.store.accounts import SqlAccounts
from console.models.store.audit import AuditTrail, Wanted
from console.models.store.database import Place
from console.models.store.escalation_audit import ACTIONS, record_moves
from console.models.store.escalations import SqlEscalations
from tests.models.domain.escalation_cases import NOON, RULES, breach


@pytest.fixture
def trail(home: Place) -> Iterator[AuditTrail]:
    home.directory.mkdir(exist_ok=True)
    schema.upgrade(home.file, Progress())
    opened = AuditTrail(home.file)
    yield opened
    opened.close()


@pytest.fixture
def writer(home: Place, trail: AuditTrail) -> Iterator[SqlEscalations]:
    opened = SqlEscalations(database.writer(home.file), threading.Lock(), record_moves)
    yield opened
    opened.close()


@pytest.fixture
def accounts(home: Place, trail: AuditTrail) -> Iterator[SqlAccounts]:
    opened = SqlAccounts(home.file, trail)
    yield opened
    opened.close()


def newest(trail: AuditTrail) -> Row:
    return trail.rows(Wanted(), 1)[0]


def test_every_happening_has_its_word_on_the_trail() -> None:
    assert set(ACTIONS) == set(Happening)
    assert set(ACTIONS.values()) <= set(PERMITTED)


def test_what_the_console_did_has_no_actor(writer: SqlEscalations, trail: AuditTrail) -> None:
    writer.raise_all([breach()], NOON, RULES)
    raised = newest(trail)
    assert (raised.actor, raised.role, raised.action) == ("", "", Action.ESCALATION_RAISE.value)
    assert (raised.object_kind, raised.object_id, raised.before) == ("escalation", "1", None)
    assert json.loads(raised.after or "") == {
        "due_at": NOON + 5 * MINUTE,
        "rule": "R-FRT-CHAT",
        "state": "raised",
        "ticket": 17,
        "urgency": "p2",
    }
    at = NOON + 5 * MINUTE
    writer.fire(writer.claim_due(at, 1, 9), at, RULES)
    climbed = newest(trail)
    assert climbed.action == Action.ESCALATION_TIMER.value
    assert json.loads(climbed.after or "")["level"] == "duty_manager"


def test_a_person_stands_there_with_the_role_that_permits_it(
    writer: SqlEscalations, accounts: SqlAccounts, trail: AuditTrail
) -> None:
    with accounts.change() as change:
        ann = change.add("Ann", NOON)
        change.give(ann, AccountRole.COACH, NOON)
        change.give(ann, AccountRole.SUPERVISOR, NOON)
    writer.raise_all([breach()], NOON, RULES)
    writer.move(1, Event(Happening.ACKNOWLEDGE), NOON, "ann", RULES)
    writer.move(1, Event(Happening.RESOLVE, "called back"), NOON, "ann", RULES)
    row = newest(trail)
    assert (row.actor, row.role, row.action, row.reason) == (
        "ann",
        "supervisor",
        Action.ESCALATION_RESOLVE.value,
        "called back",
    )
    assert json.loads(row.before or "")["owner"] == "ann"
    assert trail.verify().first_bad_row == 0


def test_a_move_that_cannot_be_made_leaves_no_row(writer: SqlEscalations, trail: AuditTrail) -> None:
    writer.raise_all([breach()], NOON, RULES)
    before = newest(trail)
    with pytest.raises(KeyError):
        writer.move(9, Event(Happening.ACKNOWLEDGE), NOON, "Ann", RULES)
    assert newest(trail) == before
