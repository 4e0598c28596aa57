"""The list of the inbox with all that is counted of it, and an inbox that is read again."""

from __future__ import annotations

from dataclasses import replace

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.escalation import Cause, Key, ObjectKind, State, Urgency
from console.models.queries.inbox import Inbox, InboxFilter, Scope, read_inbox
from console.models.queries.inbox_list import Head, key_of, list_inbox
from tests.models.domain.escalation_cases import NOON, RULES, breach, by_hand
from tests.models.queries.test_inbox import entry
from tests.models.store.conftest import home
from tests.models.store.test_escalations import TAKE, inbox
from tests.models.store.test_escalations import Inbox as Store

__all__ = ["home", "inbox"]


def test_rows_headings_and_counts_tell_of_the_same_entries() -> None:
    late = entry(1, since=NOON - HOUR, raised_at=NOON - MINUTE)
    waits = entry(2, key=Key(ObjectKind.TICKET, 17, Cause.WAIT, "wait:1"), raised_at=NOON - HOUR)
    taken = entry(3, ticket=18, state=State.ACKNOWLEDGED, owner="ann", raised_at=NOON - 2 * HOUR)
    grave = entry(4, ticket=19, urgency=Urgency.P1, state=State.ACKNOWLEDGED, owner="bob")
    done = entry(5, ticket=20, state=State.RESOLVED, owner="ann")
    box = Inbox((grave, late, waits, taken, done))
    shown = list_inbox(box, InboxFilter(), "ann")
    assert list(shown.rows) == [Urgency.P1, grave, Urgency.P2, late, taken]
    assert list(shown.keys) == [key_of(row) for row in shown.rows] == [-1, 4, -2, 1, 3]
    assert (shown.folded, shown.lead) == ({1: (waits,)}, {2: 1})
    assert shown.heads == {Urgency.P1: Head(1, 0, 0), Urgency.P2: Head(3, 2, NOON - HOUR)}
    assert shown.scopes == {Scope.ALL: 4, Scope.UNOWNED: 2, Scope.MINE: 1, Scope.RESOLVED: 1}
    assert shown.causes == {Cause.WAIT: 1, Cause.BREACH: 4}
    assert shown.tickets.tolist() == [19, 17, 17, 18, 20]
    assert shown.unowned == {1, 2}
    assert shown.inbox is box


def test_counts_are_those_of_the_whole_inbox_whatever_the_filter() -> None:
    box = Inbox((entry(1), entry(2, state=State.ACKNOWLEDGED, owner="ann")))
    shown = list_inbox(box, InboxFilter(Scope.MINE), "ann")
    assert [key_of(row) for row in shown.rows] == [-2, 2]
    assert (shown.scopes[Scope.ALL], shown.unowned) == (2, {1})


def test_a_worker_rests_between_pieces_the_more_often_where_words_are_asked_for() -> None:
    box = Inbox(tuple(entry(number) for number in range(1, 2_001)))
    rests: list[int] = []
    list_inbox(box, InboxFilter(), "ann", rest=lambda: rests.append(1))
    plain = len(rests)
    assert plain >= 8
    list_inbox(box, InboxFilter(text="refund"), "ann", rest=lambda: rests.append(1))
    assert len(rests) - plain >= 20


def test_what_did_not_change_stays_the_same_object(inbox: Store) -> None:
    inbox.write.raise_all([breach(), by_hand(), breach(18)], NOON, RULES)
    first = read_inbox(inbox.read)
    moved = first.entries[0]
    inbox.write.move(moved.id, TAKE, NOON + SECOND, "ann", RULES)
    again = read_inbox(inbox.read, first)
    kept = [each for each in again.entries if each.id != moved.id]
    assert len(kept) == 2
    assert all(each is first.find(each.id) for each in kept)
    found = again.find(moved.id)
    assert found is not None
    assert found.owner == "ann"


def test_an_inbox_of_a_later_look_keeps_what_was_worked_out() -> None:
    box = Inbox((entry(1), entry(2, state=State.RESOLVED)), swept_at=1)
    index, counts = box.by_id, box.counts()
    later = box.at(2)
    assert (later.swept_at, later.entries) == (2, box.entries)
    assert later.by_id is index
    assert later.counts() is counts
    assert replace(later, entries=()).counts().total == 0
    assert later.find(3) is None
