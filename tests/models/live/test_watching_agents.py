"""Slow agents and stalled owners: what the finders name equals a plain look at the whole log, second by second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE, SECOND
from console.models.domain.agent_pace import Reply, pace
from console.models.domain.attributes import pack
from console.models.domain.contacts import IN_PROGRESS, AgentState, Channel, ComplaintTier, Role, Status
from console.models.domain.escalation import Cause, Entry, Key, ObjectKind, Occurrence, State, Urgency
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, NameText, Rows
from console.models.live import open_tickets
from console.models.live.board import Board
from console.models.live.open_tickets import OpenTickets
from console.models.live.slow_agents import SlowAgents
from console.models.live.stalled_owners import StalledOwners
from console.models.policy import policy as policies
from console.models.policy.policy import IS_LIVE
from tests.models.live.logs import START, MemoryLog, chats, logs
from tests.models.live.reference import fold
from tests.models.live.test_answers import plain_answers

POLICY = policies.default()
QUICK = replace(
    POLICY, agent_slow=replace(POLICY.agent_slow, threshold=2 * MINUTE, window=10 * MINUTE, replies_at_least=2)
)


def in_order(rows: Rows) -> Rows:
    ordered = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))]
    ordered["seq"] = np.arange(1, ordered.size + 1)
    return ordered


def plain_silences(rows: Rows) -> dict[int, int]:
    silent = {}
    for id_, ticket in fold(rows).items():
        waits = ticket.waiting_since()
        if waits and ticket.assignee and ticket.status in IN_PROGRESS and IS_LIVE[ticket.channel]:
            silent[id_] = max(waits, ticket.assigned_at, ticket.last_agent_at)
    return silent


@given(st.one_of(logs(tickets=4, most=80), chats()), st.integers(1, 12), st.booleans())
def test_every_stall_is_named_once_it_is_one(rows: Rows, pieces: int, late_start: bool) -> None:
    rows, log = in_order(rows), MemoryLog()
    tickets = OpenTickets(POLICY, log.of_tickets)
    finder = StalledOwners(tickets, POLICY)
    parts = np.array_split(rows, pieces)
    seen, expected, named, after = rows[:0], set(), set(), 0
    for place, part in enumerate(parts):
        seen = np.concatenate([seen, part])
        log.store(part)
        if late_start and place == 0:
            board = Board(POLICY)
            board.load([Batch(part)])
            tickets.begin(board)
        # A batch that was delivered twice changes nothing.
        tickets.receive(Batch(part))
        until = int(seen["at"].max(initial=START)) + 7 * MINUTE
        expected |= {
            (id_, since, since + POLICY.inbox.stalled_after)
            for id_, since in plain_silences(seen).items()
            if since + POLICY.inbox.stalled_after <= until
        }
        named |= {(found.ticket, found.since, found.occurred_at) for found in finder.between(after, until)}
        after = until
    assert named == expected


@given(chats(), st.lists(st.integers(0, 60), max_size=8))
def test_every_slow_episode_begins_at_the_second_in_which_a_plain_mean_passes(rows: Rows, sweeps: list[int]) -> None:
    rows, log = in_order(rows), MemoryLog()
    finder = SlowAgents(tickets := OpenTickets(QUICK, log.of_tickets), QUICK)
    named = set()
    after = done = 0
    minutes = sorted({*sweeps, *range(8, 96, 8)})
    looks = [START + minute * MINUTE + 5 * SECOND for minute in minutes]
    for until in looks:
        part = rows[done : int(np.searchsorted(rows["at"], until, side="right"))]
        done += part.size
        log.store(part)
        tickets.receive(Batch(part))
        named |= {(found.key.object, found.occurred_at) for found in finder.between(after, until)}
        after = until
    rules = QUICK.agent_slow
    expected = set()
    told = plain_answers(rows)
    for agent in {agent for _at, _waited, agent, _key, _own in told if agent}:
        replies = [Reply(at, own) for at, _waited, of, _key, own in told if of == agent]
        began = 0
        for at in sorted({reply.at for reply in replies} | {reply.at + rules.window for reply in replies}):
            slow = pace(replies, at, rules.window).is_slow(rules.threshold, rules.replies_at_least)
            if slow and not began:
                began = at
            elif began and not slow:
                # Who looks at a second looks at what was before it.
                if any(began < until <= at for until in looks):
                    expected.add((agent, began))
                began = 0
    assert named == expected


def chat(*what: tuple[Kind, float, int]) -> Rows:
    """Events of ticket 1 on a web chat: (kind, minute, value); replies are agent 7's."""
    rows = np.zeros(len(what) + 1, dtype=ROW)
    rows[0] = (1, START, 0, 1, pack(channel=Channel.WEB_CHAT), 1, 0, Kind.CREATED, Role.CUSTOMER, 1)
    for place, (kind, minute, value) in enumerate(what, 1):
        role = Role.CUSTOMER if kind is Kind.CUSTOMER_MESSAGE else Role.AGENT
        subject = 7 if kind is Kind.AGENT_STATE else 1
        rows[place] = (place + 1, START + int(minute * MINUTE), place, place + 1, value, subject, 7, kind, role, 1)
    return rows


def watched(rows: Rows, policy: policies.Policy = POLICY) -> tuple[OpenTickets, MemoryLog]:
    log = MemoryLog()
    log.store(rows)
    tickets = OpenTickets(policy, log.of_tickets)
    tickets.receive(Batch(rows, names=[NameText("agent", 7, "王芳")]))
    return tickets, log


def test_the_reason_says_who_is_silent_and_where_they_are() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7), (Kind.AGENT_STATE, 2, AgentState.BREAK)))
    (found,) = StalledOwners(tickets, POLICY).between(0, START + 16 * MINUTE)
    assert (found.key, found.rule) == (Key(ObjectKind.TICKET, 1, Cause.STALLED, str(START + MINUTE)), "R-ESC")
    assert found.occurred_at == START + 16 * MINUTE
    assert found.reason == "王芳 (On break) silent for 15 min"


def test_an_owner_who_answers_in_time_does_not_stall() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7), (Kind.PUBLIC_REPLY, 15, 0)))
    finder = StalledOwners(tickets, POLICY)
    assert not finder.between(0, START + 60 * MINUTE)
    assert finder.next_after(START) is None


def test_the_next_stall_is_foreseen_to_the_microsecond() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7)))
    finder = StalledOwners(tickets, POLICY)
    assert not finder.between(0, START + 16 * MINUTE - 1)
    assert finder.next_after(START) == START + 16 * MINUTE


def test_what_could_not_be_raised_is_named_again_until_the_watermark_passes() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7)))
    finder = StalledOwners(tickets, POLICY)
    first = finder.between(START, START + 20 * MINUTE)
    assert finder.between(START, START + 21 * MINUTE) == first
    assert finder.between(START + 21 * MINUTE, START + 22 * MINUTE) == []


def slow_day(until: float) -> Rows:
    """Agent 7 answers every message after six minutes, from minute 6 on."""
    events: list[tuple[Kind, float, int]] = [(Kind.ASSIGNED, 0, 7), (Kind.PUBLIC_REPLY, 6, 0)]
    minute = 6.0
    while minute + 6 < until:
        events += [(Kind.CUSTOMER_MESSAGE, minute, 0), (Kind.PUBLIC_REPLY, minute + 6, 0)]
        minute += 6
    return chat(*events)


def test_five_slow_replies_raise_one_alarm_that_names_the_mean() -> None:
    tickets, _log = watched(slow_day(29))
    finder = SlowAgents(tickets, POLICY)
    assert not finder.between(START, START + 30 * MINUTE)
    tickets, _log = watched(slow_day(31))
    finder = SlowAgents(tickets, POLICY)
    (found,) = finder.between(START, START + 31 * MINUTE)
    assert (found.key.kind, found.key.object, found.key.cause) == (ObjectKind.AGENT, 7, Cause.AGENT_ALARM)
    assert (found.occurred_at, found.rule) == (START + 30 * MINUTE, "R-AGENT-SLOW")
    assert "6:00" in found.reason
    assert finder.between(START + 31 * MINUTE, START + 32 * MINUTE) == []
    assert finder.slow() == {7}


def test_an_episode_ends_when_slow_replies_leave_the_window() -> None:
    tickets, _log = watched(slow_day(31))
    finder = SlowAgents(tickets, POLICY)
    finder.between(START, START + 31 * MINUTE)
    finder.between(START + 31 * MINUTE, START + 50 * MINUTE)
    assert finder.slow() == frozenset()


def entry_of(found: Occurrence) -> Entry:
    at = found.occurred_at
    return Entry(1, found.key, found.rule, found.ticket, found.since, at, State.RAISED, found.urgency, (), at, at)


def test_an_alarm_is_over_when_the_agent_is_back_under_the_threshold() -> None:
    tickets, _log = watched(slow_day(31))
    finder = SlowAgents(tickets, POLICY)
    (found,) = finder.between(START, START + 31 * MINUTE)
    assert finder.ended([entry_of(found)]) == []
    finder.between(START + 31 * MINUTE, START + 50 * MINUTE)
    assert finder.ended([entry_of(found)]) == [entry_of(found)]


@pytest.mark.parametrize("kind", [Kind.PUBLIC_REPLY, Kind.UNASSIGNED, Kind.ASSIGNED])
def test_a_stall_is_over_when_somebody_speaks_or_takes_the_ticket(kind: Kind) -> None:
    rows = chat((Kind.ASSIGNED, 1, 7), (kind, 20, 8))
    tickets, log = watched(rows[:2])
    finder = StalledOwners(tickets, POLICY)
    (found,) = finder.between(0, START + 16 * MINUTE)
    assert finder.ended([entry_of(found)]) == []
    log.store(rows)
    tickets.receive(Batch(rows[2:]))
    assert finder.ended([entry_of(found)]) == [entry_of(found)]


def test_an_episode_of_an_earlier_run_is_not_raised_again() -> None:
    tickets, _log = watched(slow_day(31))
    key = Key(ObjectKind.AGENT, 7, Cause.AGENT_ALARM, str(START))
    entry = Entry(1, key, "R-AGENT-SLOW", 0, START, START, State.RAISED, Urgency.P3, (), START, START)
    assert not SlowAgents(tickets, POLICY, [entry]).between(START + 30 * MINUTE, START + 31 * MINUTE)


def test_a_ticket_that_was_let_go_is_read_back_when_it_comes_to_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_tickets, "_TIDY_AT", 1)
    ended = chat((Kind.ASSIGNED, 1, 7), (Kind.PUBLIC_REPLY, 6, 0), (Kind.STATUS_CHANGED, 7, Status.RESOLVED))
    tickets, log = watched(ended)
    finder = StalledOwners(tickets, POLICY)
    assert not finder.between(0, START + 8 * MINUTE)
    assert tickets.columns.count == 0
    again = np.zeros(2, dtype=ROW)
    again[0] = (5, START + 20 * MINUTE, 5, 5, 0, 1, 0, Kind.REOPENED, Role.CUSTOMER, 1)
    again[1] = (6, START + 21 * MINUTE, 6, 6, 0, 1, 0, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1)
    log.store(again)
    tickets.receive(Batch(again))
    (found,) = finder.between(START + 8 * MINUTE, START + 36 * MINUTE)
    assert found.since == START + 21 * MINUTE
    # The answer of before was counted when it was given, and not again when the ticket was read back.
    assert tickets.answers.queues(START + 22 * MINUTE)[0].counts.sum() == 1


def test_a_complaint_of_the_high_tier_is_as_urgent_as_it_gets() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7), (Kind.COMPLAINT, 1, ComplaintTier.HIGH)))
    (found,) = StalledOwners(tickets, POLICY).between(0, START + 20 * MINUTE)
    assert found.urgency is Urgency.P1


def test_another_policy_holds_from_then_on() -> None:
    tickets, _log = watched(chat((Kind.ASSIGNED, 1, 7)))
    finder = StalledOwners(tickets, POLICY)
    finder.between(0, START)
    finder.set_policy(replace(POLICY, inbox=replace(POLICY.inbox, stalled_after=5 * MINUTE)))
    assert [found.occurred_at for found in finder.between(START, START + 10 * MINUTE)] == [START + 6 * MINUTE]
