"""The inbox as a screen shows it: order, scopes, what calls for a person, words, and what is suggested."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.contacts import Channel, ComplaintTier, Emotion, InquiryType
from console.models.domain.escalation import Cause, Entry, Event, Happening, Key, ObjectKind, Occurrence, State, Urgency
from console.models.domain.escalation_moves import start
from console.models.domain.events import Kind
from console.models.queries.inbox import (
    Inbox,
    InboxFilter,
    Scope,
    Words,
    arrange,
    calling,
    fold,
    read_inbox,
    scope_counts,
)
from console.models.queries.inbox_advice import Step, able_agents, advise
from console.models.queries.inbox_detail import amount_of, others_of
from console.models.queries.inbox_lines import Line, coming, line_of, owner_word, stakes, standing, why
from tests.models.domain.escalation_cases import NOON, RULES, breach, by_hand
from tests.models.store.conftest import home
from tests.models.store.test_escalations import DONE, TAKE, inbox
from tests.models.store.test_escalations import Inbox as Store
from tests.views.screens.centre import MORNING, morning

__all__ = ["home", "inbox"]
UTC = ZoneInfo("UTC")


def entry(number: int = 1, **changes: object) -> Entry:
    made = start(breach(), NOON, "system", RULES).entry
    return replace(made, id=number, **changes)  # type: ignore[arg-type]  # the fields of an entry


def test_what_nobody_has_stands_before_what_somebody_works_on() -> None:
    taken = entry(1, state=State.ACKNOWLEDGED, owner="ann", since=NOON - HOUR)
    new, old = entry(2, since=NOON - MINUTE), entry(3, since=NOON - 2 * MINUTE)
    grave = entry(4, urgency=Urgency.P1)
    shown = arrange(Inbox((taken, new, old, grave)), InboxFilter(), "bob")
    assert [each.id for each in shown] == [4, 3, 2, 1]


def test_resolved_entries_have_a_scope_of_their_own() -> None:
    done = entry(1, state=State.RESOLVED, owner="ann")
    mine = entry(2, state=State.ACKNOWLEDGED, owner="Ann")
    box = Inbox((done, mine, entry(3)))
    assert scope_counts(box, "ann") == {Scope.ALL: 2, Scope.UNOWNED: 1, Scope.MINE: 1, Scope.RESOLVED: 1}
    assert box.counts().total == 2
    assert box.counts().unowned == 1


def test_filters_ask_for_words_only_when_they_need_them() -> None:
    box = Inbox((entry(1), entry(2, key=Key(ObjectKind.TICKET, 9, Cause.BY_HAND))))

    def never(_entry: Entry) -> Words:
        raise AssertionError("nobody asked for words")

    assert [each.id for each in arrange(box, InboxFilter(causes=frozenset({Cause.BY_HAND})), "", never)] == [2]
    chosen = InboxFilter(channels=frozenset({int(Channel.EMAIL)}), text="refund LI")
    words = {1: Words(int(Channel.EMAIL), "Li Na refund"), 2: Words(int(Channel.PHONE), "Li Na refund")}
    assert [each.id for each in arrange(box, chosen, "", lambda each: words[each.id])] == [1]


def test_only_what_changed_for_the_worse_calls() -> None:
    before = Inbox((entry(1), entry(2), entry(3, state=State.ACKNOWLEDGED, owner="ann")))
    climbed, same = entry(1, level=1), entry(2, count=2, version=2)
    lapsed, new = entry(3), entry(4)
    after = Inbox((climbed, same, lapsed, new))
    assert [each.id for each in calling(before, after)] == [1, 3, 4]


def test_entries_of_one_ticket_in_the_same_hands_stand_in_one_row() -> None:
    late, waits = entry(1, since=NOON - HOUR), entry(2, key=Key(ObjectKind.TICKET, 17, Cause.WAIT, "wait:1"))
    taken = entry(3, state=State.ACKNOWLEDGED, owner="ann")
    graver = entry(4, urgency=Urgency.P1)
    other, agent = entry(5, ticket=18), entry(6, ticket=0)
    leads, others = fold([graver, late, waits, other, taken, agent, entry(7, ticket=0)])
    assert [each.id for each in leads] == [4, 1, 5, 3, 6, 7]
    assert {lead: [each.id for each in rest] for lead, rest in others.items()} == {1: [2]}


def test_an_inbox_that_did_not_change_is_not_read_again(inbox: Store) -> None:
    inbox.write.raise_all([breach(), by_hand()], NOON, RULES)
    first = read_inbox(inbox.read)
    again = read_inbox(inbox.read, first)
    assert again.entries is first.entries
    inbox.write.move(first.entries[0].id, TAKE, NOON + SECOND, "ann", RULES)
    assert read_inbox(inbox.read, again).entries[0].owner == "ann"


@pytest.mark.parametrize("change", ["raise", "move", "due", "end"])
def test_the_stamp_tells_every_change(inbox: Store, change: str) -> None:
    (made,) = inbox.write.raise_all([breach()], NOON, RULES)
    inbox.write.move(made.entry.id, DONE, NOON + SECOND, "ann", RULES)
    before = inbox.read.stamp()
    if change == "raise":
        inbox.write.raise_all([by_hand()], NOON, RULES)
    elif change == "move":
        inbox.write.move(made.entry.id, Event(Happening.REOPEN), NOON + MINUTE, "ann", RULES)
    elif change == "due":
        inbox.write.rebase(-HOUR, NOON)
    else:
        inbox.fire(NOON + HOUR)
    assert inbox.read.stamp() != before


def test_an_inbox_of_thousands_can_still_be_read(inbox: Store) -> None:
    count = 2**63 // NOON + 100
    for first in range(1, count, 500):
        inbox.write.raise_all([breach(number) for number in range(first, min(first + 500, count))], NOON, RULES)
    assert inbox.read.stamp()[0] == count - 1


def test_thousands_of_entries_are_read_in_turns(inbox: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.write.raise_all([breach(number) for number in range(1, 601)], NOON, RULES)
    turns: list[None] = []
    monkeypatch.setattr("console.turns.after_the_frame", lambda: turns.append(None))
    found = inbox.read.open_entries()
    assert sorted(each.ticket for each in found) == list(range(1, 601))
    assert len(turns) == 3


def test_everyone_told_is_counted(inbox: Store) -> None:
    inbox.write.raise_all([breach()], NOON, RULES)
    at = NOON
    for _round in range(5):
        at += HOUR
        inbox.fire(at)
    read = read_inbox(inbox.read)
    assert read.entries[0].state is State.EXHAUSTED
    assert read.repeats == {1: 3}
    assert standing(Line(read.entries[0]), 3, UTC) == "everyone told 3 times, nobody acted"


def test_a_wait_is_told_with_its_limit() -> None:
    key = Key(ObjectKind.TICKET, 17, Cause.WAIT, "wait:1")
    waits = entry(key=key, since=NOON - 42 * MINUTE, occurred_at=NOON - 12 * MINUTE)
    line = Line(waits, 0, channel=Channel.WEB_CHAT, waiting_since=NOON - 42 * MINUTE)
    assert why(line, NOON, UTC) == "Waits 42 min on Web chat (limit 30 min)"
    answered = replace(line, waiting_since=0, last_agent_at=NOON - 2 * MINUTE)
    assert why(answered, NOON, UTC) == "Waited beyond 30 min on Web chat; answered at 09:58"


def test_a_breach_names_its_clock_and_by_how_much() -> None:
    late = entry(occurred_at=NOON - 3 * MINUTE)
    assert why(Line(late, 0, waiting_since=1), NOON, UTC) == "First response is 3 min late"
    given = Line(late, 0, first_reply_at=NOON - MINUTE)
    assert why(given, NOON, UTC) == "First response was 2 min late; given at 09:59"


def test_whoever_looks_is_told_you_and_the_others_by_name() -> None:
    taken = entry(state=State.ACKNOWLEDGED, owner="Ann", acknowledged_at=NOON)
    assert standing(Line(taken), 0, UTC, person="ann") == "you have it since 10:00"
    assert standing(Line(taken), 0, UTC, person="bob") == "Ann has it since 10:00"
    aside = replace(taken, state=State.SNOOZED)
    assert standing(Line(aside), 0, UTC, person="ann") == "you put it aside"
    assert standing(Line(aside), 0, UTC) == "Ann put it aside"
    assert [owner_word(owner, "ann") for owner in ("ANN", "bob", "")] == ["you", "bob", "nobody"]


def test_what_comes_next() -> None:
    assert coming(entry()) == "climbs to duty manager"
    assert coming(entry(level=2)) == "all are told"
    assert coming(entry(state=State.ACKNOWLEDGED, owner="ann", reminded=True)) == "goes back to everyone"


def test_every_state_and_cause_has_words() -> None:
    for state in State:
        assert standing(Line(entry(state=state, owner="ann")), 1, UTC)
    for cause in Cause:
        assert why(Line(entry(key=Key(ObjectKind.TICKET, 1, cause, ""))), NOON, UTC)


def test_what_is_at_stake() -> None:
    line = Line(entry(), 0, complaint=ComplaintTier.HIGH, emotion=Emotion.HIGH)
    assert stakes(line, "6 200 CNY") == ["6 200 CNY", "High complaint", "Upset"]
    assert stakes(Line(entry())) == []


def test_the_last_amount_told_counts() -> None:
    def told(**detail: object) -> SimpleNamespace:
        return SimpleNamespace(kind=Kind.COMPLAINT, detail=detail)

    assert amount_of([told(amount=80), told(amount=6200.0)]) == "6\xa0200\xa0CNY"
    assert amount_of([told(cause="late")]) == ""


class TestAdvice:
    @pytest.fixture
    def line(self) -> Line:
        board, _log = morning()
        columns = board.columns
        slot = next(slot for slot in range(columns.count) if columns.waiting_since[slot] and not columns.assignee[slot])
        ticket = int(columns.id[slot])
        occurrence = Occurrence(
            Key(ObjectKind.TICKET, ticket, Cause.WAIT, "wait:1"), "R-ESC", MORNING - HOUR, MORNING, Urgency.P2, ticket
        )
        return line_of(replace(start(occurrence, MORNING, "system", RULES).entry, id=1), board)

    def test_nobody_has_it_so_take_it_and_find_an_agent(self, line: Line) -> None:
        board, _log = morning()
        steps = advise(line, board, [line.entry], (Happening.ACKNOWLEDGE, Happening.RESOLVE), MORNING)
        assert steps[0].step is Step.ACKNOWLEDGE
        able = able_agents(board, line.type, MORNING)
        named = [each.agent for each in steps if each.step is Step.ASSIGN]
        assert named == [each.name for each in able[:2]]
        assert all(each.reason for each in steps)

    def test_whoever_was_answered_can_be_resolved(self, line: Line) -> None:
        answered = replace(line, waiting_since=0, last_agent_at=MORNING)
        steps = advise(answered, None, [], (Happening.RESOLVE,), MORNING)
        assert [each.step for each in steps] == [Step.RESOLVE]

    def test_two_entries_of_one_ticket_are_merged_into_the_graver_one(self, line: Line) -> None:
        other = replace(line.entry, id=2, urgency=Urgency.P1)
        steps = advise(line, None, [line.entry, other], (Happening.MERGE,), MORNING)
        assert [(each.step, each.other) for each in steps] == [(Step.MERGE, 2)]
        assert not advise(replace(line, entry=other), None, [line.entry, other], (Happening.MERGE,), MORNING)

    def test_only_free_hands_are_able(self) -> None:
        board, _log = morning()
        able = able_agents(board, InquiryType.ORDER_STATUS, MORNING)
        assert able
        assert all(not each.limit or each.load < each.limit for each in able)

    def test_a_customers_other_tickets(self, line: Line) -> None:
        board, _log = morning()
        others = others_of(board, line.customer, line.entry.ticket)
        assert all(each.id != line.entry.ticket for each in others)
        assert others == sorted(others, key=lambda each: -each.created_at)
