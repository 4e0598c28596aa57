"""The inbox on a real SQLite file: one transaction for a move, one entry for a matter, one owner for an entry."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from console.clock import MINUTE, SECOND
from console.models.domain.escalation import (
    AlreadyOwned,
    ChangedMeanwhile,
    Event,
    Happening,
    IllegalMove,
    News,
    State,
    Transition,
    Urgency,
)
from console.models.domain.escalation_ports import Outcome, Overdue, Watermark
from console.models.domain.ports import Progress
from console.models.store import database, schema
from console.models.store.database import Place
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from tests.models.domain.escalation_cases import NOON, RULES, breach, by_hand

TAKE = Event(Happening.ACKNOWLEDGE)
DONE = Event(Happening.RESOLVE, reason="called back")
LEASE = 5 * SECOND


class Inbox:
    """A writer, a reader, and what was recorded for the audit."""

    def __init__(self, home: Place) -> None:
        home.directory.mkdir(exist_ok=True)
        schema.upgrade(home.file, Progress())
        self.home = home
        self.recorded: list[Transition] = []
        self.fails = False
        self.commits = 0
        self._readers = database.reader(home.file)
        self.write = SqlEscalations(database.writer(home.file), threading.Lock(), self._record, self._recorded)
        self.read = SqlEscalationReader(self._readers)

    def _record(self, connection: Connection, made: Sequence[Transition]) -> None:
        assert connection.in_transaction()
        if self.fails:
            raise ValueError("no audit, no move")
        self.recorded += made

    def _recorded(self) -> None:
        assert self.rows("SELECT 1 FROM escalation")
        self.commits += 1

    def fire(self, at: int) -> list[Transition]:
        return self.write.fire(self.write.claim_due(at, LEASE, 100), at, RULES)

    def close(self) -> None:
        self.write.close()
        self._readers.dispose()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home.file)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def inbox(home: Place) -> Iterator[Inbox]:
    opened = Inbox(home)
    yield opened
    opened.close()


def test_a_raise_writes_entry_history_notice_and_audit(inbox: Inbox) -> None:
    ((outcome, entry),) = inbox.write.raise_all([breach()], NOON, RULES)
    assert outcome is Outcome.NEW
    assert inbox.read.entry(entry.id) == entry
    assert (entry.state, entry.rule, entry.due_at) == (State.RAISED, "R-FRT-CHAT", NOON + 5 * MINUTE)
    (past,) = inbox.read.history(entry.id)
    assert (past.what, past.before, past.state) == (Happening.RAISE, None, State.RAISED)
    (notice,) = inbox.read.waiting(10)
    assert (notice.entry, notice.news, notice.to.name) == (entry.id, News.RAISED, "shift_supervisor")
    assert [made.entry for made in inbox.recorded] == [entry]


def test_the_same_matter_counts_up_and_found_again_changes_nothing(inbox: Inbox) -> None:
    (first,) = inbox.write.raise_all([breach()], NOON, RULES)
    (again,) = inbox.write.raise_all([breach(at=NOON + MINUTE)], NOON + MINUTE, RULES)
    (known,) = inbox.write.raise_all([breach()], NOON + MINUTE, RULES)
    assert (again.outcome, again.entry.id, again.entry.count) == (Outcome.AGAIN, first.entry.id, 2)
    assert known == (Outcome.KNOWN, again.entry)
    assert len(inbox.read.open_entries()) == 1


def test_what_was_closed_is_not_raised_again_by_looking_behind_the_watermark(inbox: Inbox) -> None:
    (first,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.write.move(first.entry.id, DONE, NOON, "Ann", RULES)
    (closed,) = inbox.fire(NOON + 30 * MINUTE)
    assert closed.entry.state is State.CLOSED
    assert inbox.write.raise_all([breach()], NOON + 31 * MINUTE, RULES)[0].outcome is Outcome.KNOWN
    later = inbox.write.raise_all([breach(at=NOON + 40 * MINUTE)], NOON + 40 * MINUTE, RULES)[0]
    assert (later.outcome, later.entry.id) == (Outcome.NEW, first.entry.id + 1)


def test_a_person_s_wish_is_never_taken_for_an_old_one(inbox: Inbox) -> None:
    inbox.write.raise_all([by_hand()], NOON, RULES, "Bob")
    (again,) = inbox.write.raise_all([by_hand(at=NOON - 3_600 * SECOND)], NOON - 3_600 * SECOND, RULES, "Bob")
    assert (again.outcome, again.entry.count) == (Outcome.AGAIN, 2)


def test_within_its_window_a_resolved_matter_comes_back_as_the_same_entry(inbox: Inbox) -> None:
    (first,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.write.move(first.entry.id, DONE, NOON, "Ann", RULES)
    (back,) = inbox.write.raise_all([breach(at=NOON + MINUTE)], NOON + MINUTE, RULES)
    assert (back.outcome, back.entry.id) == (Outcome.AGAIN, first.entry.id)
    assert (back.entry.state, back.entry.reopened) == (State.RAISED, 1)


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_hears_who(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES)
    other = SqlEscalations(database.writer(inbox.home.file), threading.Lock(), lambda _c, _t: None)
    ready = threading.Barrier(2)
    heard: dict[str, object] = {}

    def take(name: str, writer: SqlEscalations) -> None:
        ready.wait()
        try:
            heard[name] = writer.move(raised.entry.id, TAKE, NOON, name, RULES, version=1).entry.owner
        except AlreadyOwned as refusal:
            heard[name] = refusal

    threads = [threading.Thread(target=take, args=pair) for pair in (("Ann", inbox.write), ("Bob", other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    (winner,) = [name for name, answer in heard.items() if answer == name]
    (refusal,) = [answer for answer in heard.values() if isinstance(answer, AlreadyOwned)]
    assert refusal.entry.owner == winner
    assert winner in refusal.what
    assert inbox.read.entry(raised.entry.id).owner == winner
    assert [past.what for past in inbox.read.history(raised.entry.id)] == [Happening.RAISE, Happening.ACKNOWLEDGE]


def test_an_actor_who_looked_at_an_older_version_is_told(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.write.raise_all([breach(at=NOON + 1)], NOON + 1, RULES)
    with pytest.raises(ChangedMeanwhile):
        inbox.write.move(raised.entry.id, DONE, NOON + 1, "Ann", RULES, version=1)
    assert inbox.read.entry(raised.entry.id).state is State.RAISED


def test_without_its_audit_row_a_move_does_not_happen(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.fails = True
    with pytest.raises(ValueError, match="no audit"):
        inbox.write.move(raised.entry.id, TAKE, NOON, "Ann", RULES)
    inbox.fails = False
    assert inbox.read.entry(raised.entry.id) == raised.entry
    assert len(inbox.read.history(raised.entry.id)) == 1
    assert len(inbox.read.waiting(10)) == 1


def test_after_a_commit_that_wrote_to_the_trail_its_anchor_is_told(inbox: Inbox) -> None:
    inbox.write.raise_all([breach(1), breach(2)], NOON, RULES, swept_to=NOON)
    assert inbox.commits == 1
    inbox.write.tick(NOON, NOON)
    inbox.write.raise_all([breach(1)], NOON, RULES)
    inbox.fails = True
    with pytest.raises(ValueError, match="no audit"):
        inbox.write.move(1, TAKE, NOON, "Ann", RULES)
    assert inbox.commits == 1


def test_whoever_takes_it_silences_what_was_not_sent_yet(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.fire(NOON + 5 * MINUTE)
    assert [notice.to.name for notice in inbox.read.waiting(10)] == ["shift_supervisor", "duty_manager"]
    inbox.write.move(raised.entry.id, TAKE, NOON + 6 * MINUTE, "Ann", RULES)
    assert inbox.read.waiting(10) == []


def test_what_is_due_is_claimed_once_most_urgent_first(inbox: Inbox) -> None:
    raised = inbox.write.raise_all([breach(1), breach(2, urgency=Urgency.P1), breach(3)], NOON, RULES)
    late = NOON + 10 * MINUTE
    claims = inbox.write.claim_due(late, LEASE, 2)
    assert [claim.entry for claim in claims] == [raised[1].entry.id, raised[0].entry.id]
    assert [claim.entry for claim in inbox.write.claim_due(late, LEASE, 9)] == [raised[2].entry.id]
    assert inbox.read.next_due(late) is None
    assert [made.entry.level for made in inbox.write.fire(claims, late, RULES)] == [1, 1]
    assert inbox.write.fire(claims, late, RULES) == []


def test_a_claim_that_was_taken_over_does_nothing(inbox: Inbox) -> None:
    inbox.write.raise_all([breach()], NOON, RULES)
    at = NOON + 5 * MINUTE
    asleep = inbox.write.claim_due(at, LEASE, 9)
    assert inbox.write.claim_due(at + LEASE - 1, LEASE, 9) == []
    taken_over = inbox.write.claim_due(at + LEASE, LEASE, 9)
    assert inbox.write.fire(asleep, at + LEASE, RULES) == []
    assert len(inbox.write.fire(taken_over, at + LEASE, RULES)) == 1


def test_a_person_s_move_ends_a_claim(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES)
    at = NOON + 5 * MINUTE
    claims = inbox.write.claim_due(at, LEASE, 9)
    inbox.write.move(raised.entry.id, TAKE, at, "Ann", RULES)
    assert inbox.write.fire(claims, at, RULES) == []
    assert inbox.read.entry(raised.entry.id).owner == "Ann"


def test_a_merged_matter_lives_on_in_the_other_entry(inbox: Inbox) -> None:
    first, second = inbox.write.raise_all([breach(1, urgency=Urgency.P1), breach(2)], NOON, RULES)
    merge = Event(Happening.MERGE, reason="same outage", into=second.entry.id)
    inbox.write.move(first.entry.id, merge, NOON, "Ann", RULES)
    (stays,) = inbox.read.open_entries()
    assert (stays.id, stays.urgency, stays.count) == (second.entry.id, Urgency.P1, 2)
    assert inbox.write.raise_all([breach(1, urgency=Urgency.P1)], NOON, RULES)[0].outcome is Outcome.KNOWN
    for outcome in (Outcome.AGAIN, Outcome.KNOWN):
        (again,) = inbox.write.raise_all([breach(1, at=NOON + 1)], NOON + 1, RULES)
        assert again.outcome is outcome
    assert inbox.read.entry(stays.id).count == 3


def test_nothing_is_merged_into_what_is_over(inbox: Inbox) -> None:
    first, second = inbox.write.raise_all([breach(1), breach(2)], NOON, RULES)
    inbox.write.move(second.entry.id, DONE, NOON, "Ann", RULES)
    with pytest.raises(IllegalMove):
        inbox.write.move(first.entry.id, Event(Happening.MERGE, "x", into=second.entry.id), NOON, "Ann", RULES)


def test_the_watermark_moves_with_what_was_raised(inbox: Inbox) -> None:
    assert inbox.read.watermark() is None
    inbox.write.raise_all([breach()], NOON, RULES, swept_to=NOON)
    inbox.fails = True
    with pytest.raises(ValueError, match="no audit"):
        inbox.write.raise_all([breach(2)], NOON + 1, RULES, swept_to=NOON + 1)
    assert inbox.read.watermark() == Watermark(NOON, NOON, NOON)
    inbox.write.tick(NOON + 2, NOON + 2)
    assert inbox.read.watermark() == Watermark(NOON + 2, NOON + 2, NOON)


def test_when_the_clock_goes_back_the_time_left_stays(inbox: Inbox) -> None:
    (raised,) = inbox.write.raise_all([breach()], NOON, RULES, swept_to=NOON)
    back = NOON - 3_600 * SECOND
    assert inbox.write.rebase(-3_600 * SECOND, back) == 1
    assert inbox.read.entry(raised.entry.id).due_at == back + 5 * MINUTE
    assert inbox.read.watermark() == Watermark(back, back, back)


def test_the_oldest_that_is_overdue_is_named(inbox: Inbox) -> None:
    inbox.write.raise_all([breach(1), breach(2, urgency=Urgency.P1)], NOON, RULES)
    assert inbox.read.overdue(NOON + 2 * MINUTE) is None
    assert inbox.read.overdue(NOON + 2 * MINUTE + 1) == Overdue(1, NOON + 2 * MINUTE)
    assert inbox.read.overdue(NOON + 6 * MINUTE) == Overdue(2, NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escalation SET due_at = NULL",
        "UPDATE escalation SET state = 2, owner = ''",
        "UPDATE escalation SET state = 9",
        "DELETE FROM escalation",
        "UPDATE escalation_event SET actor = 'nobody'",
        "DELETE FROM escalation_event",
        "INSERT OR REPLACE INTO escalation_event SELECT * FROM escalation_event",
        "INSERT INTO escalation SELECT id + 9, "
        + "kind, object, cause, cycle, rule, ticket, since, occurred_at, state, "
        "urgency, chain, raised_at, due_at, level, owner, count, reopened, reminded, reason, acknowledged_at, "
        "resolved_at, merged_into, version, epoch, lease_until FROM escalation",
        "INSERT INTO outbox SELECT id + 9, escalation, version, news, audience, recipient, urgency, created_at, state, "
        "settled_at, epoch, lease_until FROM outbox",
        "INSERT INTO sweep VALUES (2, 0, 0, 0)",
    ],
)
def test_the_database_itself_refuses(inbox: Inbox, statement: str) -> None:
    inbox.write.raise_all([breach()], NOON, RULES, swept_to=NOON)
    engine = database.writer(inbox.home.file)
    with engine.connect() as connection, pytest.raises(IntegrityError), connection.begin():
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("query", ["ix_escalation_due_at", "ix_outbox_unsent"])
def test_the_small_indexes_are_used(inbox: Inbox, query: str) -> None:
    """A sweep of a long history must cost what is open, not what ever was."""
    statements = {
        "ix_escalation_due_at": "SELECT count(*) FROM escalation WHERE state NOT IN (4, 8) AND due_at < 5",
        "ix_outbox_unsent": "SELECT id FROM outbox WHERE state <= 2 AND state = 1 ORDER BY urgency, id",
    }
    assert query in str(inbox.rows(f"EXPLAIN QUERY PLAN {statements[query]}"))
