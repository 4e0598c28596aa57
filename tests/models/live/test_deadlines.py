"""What is named for the inbox: every breach, wait and demanding complaint, once each, whatever way it became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.calendars import CalendarError
from console.models.domain.clock_history import Happening, cycles_of
from console.models.domain.clock_states import judge
from console.models.domain.clock_targets import ClockName, ClockTargets, Level, TargetRule
from console.models.domain.contacts import IN_PROGRESS, Channel, ComplaintTier, Role, Status, Tier
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.escalation_moves import start
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Progress, Rows
from console.models.live import fold
from console.models.live.board import Board
from console.models.live.deadlines import Deadlines
from console.models.policy import policy as policies_
from console.models.policy.policy import Policy
from tests.models.live.clock_logs import as_rows, policies, tickets
from tests.models.live.stored import StoredLog

NOON = 1_792_000_000_000_000
TARGETS = ClockTargets(
    (
        TargetRule(ClockName.FIRST_RESPONSE, Level.ANY, 0, 5 * MINUTE, "R-FRT"),
        TargetRule(ClockName.NEXT_RESPONSE, Level.ANY, 0, 5 * MINUTE, "R-NEXT"),
        TargetRule(ClockName.RESOLUTION, Level.COMPLAINT, ComplaintTier.HIGH, 4 * HOUR, "R-CMP-TIER high"),
    )
)
SHIPPED = policies_.default()
POLICY = replace(SHIPPED, targets=TARGETS)
CHAT = pack(channel=Channel.WEB_CHAT, status=Status.NEW)


def events(*told: tuple[int, Kind, int] | tuple[int, Kind, int, int]) -> Rows:
    """Events as (ticket, kind, seconds after noon, value), numbered in their order; replies are an agent's."""
    rows = np.zeros(len(told), ROW)
    for place, (ticket, kind, seconds, *value) in enumerate(told):
        row = rows[place]
        row["seq"] = row["key"] = place + 1
        row["subject"], row["kind"], row["at"], row["role"] = ticket, kind, NOON + seconds * SECOND, Role.AGENT
        row["value"], row["source"] = value[0] if value else 0, 1
        if kind is Kind.CREATED and not value:
            row["value"] = CHAT
    return rows


class Live:
    """A log that grows, and deadlines that hear of it."""

    def __init__(self, rows: Rows, policy: Policy = POLICY, now: int = 0) -> None:
        self.log = StoredLog(rows)
        self.deadlines = Deadlines(self.log, policy)
        self.deadlines.load(NOON + now * SECOND)

    def comes(self, rows: Rows) -> None:
        """A batch is stored and told."""
        rows = rows.copy()
        rows["seq"] = rows["key"] = np.arange(rows.size) + self.log.last_seq() + 1
        self.log.store(rows)
        self.deadlines.receive(Batch(rows))

    def named(self, after: int, until: int) -> list[tuple[str, int]]:
        """What is named from second to second, as cycle and second."""
        found = self.deadlines.between(NOON + after * SECOND, NOON + until * SECOND)
        return sorted(short(one) for one in found)


def short(one: Occurrence) -> tuple[str, int]:
    return f"{one.key.cause.key} {one.key.object} {one.key.cycle}".strip(), (one.occurred_at - NOON) // SECOND


FIRST = ("breach 1 first_response:1", 300)


def test_a_breach_is_named_in_the_turn_in_which_it_falls_due() -> None:
    live = Live(events((1, Kind.CREATED, 0)))
    assert live.named(0, 299) == []
    assert live.deadlines.next_after(NOON + 299 * SECOND) == NOON + 300 * SECOND
    assert live.named(299, 300) == [FIRST]
    assert live.named(300, 301) == []
    (one,) = Live(events((1, Kind.CREATED, 0))).deadlines.between(NOON, NOON + 300 * SECOND)
    assert (one.rule, one.since, one.ticket, one.urgency) == ("R-FRT", NOON, 1, Urgency.P2)


def test_what_was_named_is_named_until_it_was_raised() -> None:
    live = Live(events((1, Kind.CREATED, 0)))
    assert live.named(0, 300) == [FIRST]
    live.comes(events((1, Kind.PUBLIC_REPLY, 310)))
    assert live.named(0, 320) == [FIRST], "the first time the database was locked, and meanwhile it was answered"
    assert live.named(320, 330) == []


def test_an_answer_in_time_is_no_breach_and_one_too_late_is_even_between_two_turns() -> None:
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 0)))
    assert live.named(0, 299) == []
    live.comes(events((1, Kind.PUBLIC_REPLY, 300), (2, Kind.PUBLIC_REPLY, 301)))
    assert live.named(299, 302) == [("breach 2 first_response:1", 300)]


def test_what_arrives_too_late_for_its_due_time_is_named_all_the_same() -> None:
    live = Live(events((9, Kind.CREATED, 0), (9, Kind.PUBLIC_REPLY, 1)), now=400)
    assert live.named(400, 401) == []
    live.comes(events((10, Kind.CREATED, 90)))
    assert live.named(401, 402) == [("breach 10 first_response:1", 390)]


def test_what_was_over_long_before_it_arrived_is_history() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.PUBLIC_REPLY, 1)), now=8_000)
    assert live.named(8_000, 8_001) == []
    live.comes(events((2, Kind.CREATED, 100), (2, Kind.PUBLIC_REPLY, 900)))
    live.comes(events((3, Kind.CREATED, 7_000), (3, Kind.PUBLIC_REPLY, 7_400)))
    assert live.named(8_001, 8_002) == [("breach 3 first_response:1", 7_300)]


def test_what_stood_is_named_until_it_was_raised() -> None:
    live = Live(events((1, Kind.CREATED, 0)), now=1_000)
    live.deadlines.standing(NOON + 1_000 * SECOND)
    assert live.named(999, 1_001) == [FIRST]
    assert live.named(1_001, 1_002) == []


def test_a_late_event_puts_a_due_time_behind_what_was_swept() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.PUBLIC_REPLY, 200), (1, Kind.CUSTOMER_MESSAGE, 500)))
    assert live.named(0, 700) == []
    live.comes(events((1, Kind.CUSTOMER_MESSAGE, 350)))
    assert live.named(700, 701) == [("breach 1 next_response:1", 650)]


def test_a_ticket_that_was_over_comes_back_with_its_whole_history() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.PUBLIC_REPLY, 1), (1, Kind.STATUS_CHANGED, 2, Status.CLOSED)))
    assert live.named(0, 10) == []
    live.comes(events((1, Kind.CSAT, 15, 5)))
    assert live.named(10, 20) == []
    live.comes(events((1, Kind.CUSTOMER_MESSAGE, 20)))
    assert live.named(20, 320) == [("breach 1 next_response:1", 320)]


def test_a_customer_who_waits_too_long_on_a_live_channel_is_named() -> None:
    mail = pack(channel=Channel.EMAIL, status=Status.NEW)
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 0, mail), (3, Kind.CREATED, 0)))
    live.named(0, 1_700)
    live.comes(events((3, Kind.STATUS_CHANGED, 1_750, Status.PENDING_CUSTOMER)))
    assert live.named(1_700, 1_800) == [("wait 1 first_response:1", 1_800)], "a letter has its own target"


def test_a_high_complaint_enters_at_once_and_once() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.PUBLIC_REPLY, 1)))
    assert live.named(0, 5) == []
    live.comes(events((1, Kind.COMPLAINT, 10, ComplaintTier.MEDIUM), (1, Kind.COMPLAINT, 20, ComplaintTier.HIGH)))
    found = live.deadlines.between(NOON + 5 * SECOND, NOON + 21 * SECOND)
    assert [(short(one), one.urgency) for one in found] == [(("complaint 1", 20), Urgency.P1)]
    live.comes(events((1, Kind.CUSTOMER_MESSAGE, 30)))
    assert live.named(21, 31) == []


@pytest.mark.parametrize(("tier", "urgency"), [(Tier.VIP, Urgency.P1), (Tier.EXISTING, Urgency.P2)])
def test_a_breach_of_a_vip_is_most_urgent(tier: Tier, urgency: Urgency) -> None:
    live = Live(events((1, Kind.CREATED, 0, CHAT | pack(tier=tier))))
    assert [one.urgency for one in live.deadlines.between(NOON, NOON + HOUR // 10)] == [urgency]


def test_what_stands_at_the_first_start_is_named_once_and_what_is_over_is_not() -> None:
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 0), (2, Kind.PUBLIC_REPLY, 900)), now=1_000)
    assert [short(one) for one in live.deadlines.standing(NOON + 1_000 * SECOND)] == [FIRST]
    assert live.named(1_000, 1_001) == []


def test_what_the_last_run_could_not_raise_is_named_by_the_next() -> None:
    live = Live(events((1, Kind.CREATED, 0)), now=1_000)
    assert live.named(999, 1_000) == [FIRST]


def test_many_that_stand_come_in_turns_the_most_urgent_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.models.live.deadlines.AT_ONCE", 2)
    vip = CHAT | pack(tier=Tier.VIP)
    live = Live(events(*((n, Kind.CREATED, n, vip if n == 5 else CHAT) for n in range(1, 6))), now=1_000)
    assert [one.ticket for one in live.deadlines.standing(NOON + 1_000 * SECOND)] == [5, 1]
    assert live.deadlines.next_after(NOON + 1_000 * SECOND) == NOON + 1_000 * SECOND + SECOND // 4
    live.comes(events((2, Kind.PUBLIC_REPLY, 999)))
    assert live.named(1_000, 1_001) == [("breach 2 first_response:1", 302), ("breach 3 first_response:1", 303)]
    assert live.named(1_001, 1_002) == [("breach 4 first_response:1", 304)]


def test_a_clock_that_goes_back_hides_nothing() -> None:
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 100)))
    assert live.named(0, 320) == [FIRST]
    assert live.named(50, 60) == [FIRST], "named until a turn shows that it was raised"
    assert live.named(60, 390) == [FIRST]
    assert live.named(390, 400) == [("breach 2 first_response:1", 400)]


def test_the_clocks_of_a_ticket_the_most_pressing_first() -> None:
    high = CHAT | pack(complaint=ComplaintTier.HIGH)
    live = Live(events((1, Kind.CREATED, 0, high), (1, Kind.STATUS_CHANGED, 100, Status.PENDING_CUSTOMER)))
    first, resolution = live.deadlines.of([1, 7], NOON + 310 * SECOND)
    assert (first.clock, first.rule, first.margin, first.due_at) == (
        ClockName.FIRST_RESPONSE,
        "R-FRT",
        -10 * SECOND,
        NOON + 300 * SECOND,
    )
    assert (resolution.due_at, resolution.paused, resolution.margin) == (None, True, 4 * HOUR - 100 * SECOND)
    found = live.deadlines.next_due(np.array([7, 1, 2000]))
    assert found.due.tolist() == [0, NOON + 300 * SECOND, 0]
    assert found.clock.tolist()[0] == -1


def test_events_that_the_log_does_not_hold_yet_count_when_a_ticket_is_read_again() -> None:
    live = Live(events((1, Kind.CREATED, 0)))
    spooled = events((1, Kind.PUBLIC_REPLY, 10), (1, Kind.CUSTOMER_MESSAGE, 30), (1, Kind.CUSTOMER_MESSAGE, 20))
    for place in range(3):
        rows = spooled[place : place + 1].copy()
        rows["seq"] = rows["key"] = place + 10
        live.deadlines.receive(Batch(rows, stored=False))
        live.named(place, place + 1)
    assert live.named(3, 321) == [("breach 1 next_response:1", 320)]


def test_a_log_that_cannot_be_read_stops_nobody_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.CUSTOMER_MESSAGE, 50), (2, Kind.CREATED, 0)))
    read, live.log.of_tickets = live.log.of_tickets, None  # type: ignore[assignment,method-assign]  # gone for a while
    live.comes(events((1, Kind.PUBLIC_REPLY, 40)))
    assert ("breach 2 first_response:1", 300) in live.named(0, 300)
    live.log.of_tickets = read  # type: ignore[method-assign]
    assert live.named(300, 400) == [("breach 1 next_response:1", 350)]


# What holds of any history


def stories(rows: Rows) -> dict[int, list[Happening]]:
    """The events of each ticket in their order."""
    found: dict[int, list[Happening]] = {}
    for row in rows[fold.in_order(rows)]:
        event = (int(row["kind"]), int(row["at"]), int(row["value"]), int(row["role"]))
        found.setdefault(int(row["subject"]), []).append(event)
    return found


def plainly(known: Rows, at: int, policy: Policy) -> set[tuple[str, int]]:
    """The clocks that run and were due at a moment, by the plain fold; of a ticket that is over not its stage."""
    found = set()
    for ticket, story in stories(known).items():
        cycles = [one for one in cycles_of(ticket, story, policy.targets) if one.stopped_at is None]
        over = status_of(story) not in IN_PROGRESS
        for one in judge(cycles, policy.targets, at):
            if one.due_at is not None and one.due_at <= at and not (over and one.cycle.clock is ClockName.STAGE):
                found.add((f"{ticket} {one.cycle.clock}:{one.cycle.number}", one.due_at))
    return found


def status_of(story: Sequence[Happening]) -> int:
    """The status of a ticket with these events, as the board has it."""
    rows = as_rows([story])
    board = Board(SHIPPED)
    board.apply(Batch(rows))
    return int(board.columns.status[0])


def arriving(rows: Rows, delays: NDArray[np.int64]) -> Rows:
    """The rows in the order in which they arrive; a ticket has its number from its first event that does."""
    rows = rows[np.argsort(rows["at"] + delays, kind="stable")]
    _tickets, first, which = np.unique(rows["subject"], return_index=True, return_inverse=True)
    rows["subject"] = np.argsort(np.argsort(first))[which] + 1
    return rows


def breaches(found: Sequence[Occurrence]) -> set[tuple[str, int]]:
    return {(f"{one.ticket} {one.key.cycle}", one.occurred_at) for one in found if one.key.cause is Cause.BREACH}


def standing(deadlines: Deadlines, at: int) -> set[tuple[str, int]]:
    return breaches(deadlines.standing(at))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tickets(), some.data())
def test_every_breach_is_named_as_events_come_in_any_order(
    histories: list[list[Happening]], data: some.DataObject
) -> None:
    rows = as_rows(histories)
    at = int(rows["at"].min())
    log = StoredLog(rows[:0])
    deadlines = Deadlines(log, SHIPPED)
    deadlines.load(at - 1)
    delays = data.draw(some.lists(some.integers(0, HOUR), min_size=rows.size, max_size=rows.size))
    rows = arriving(rows, np.array(delays))
    named: set[tuple[str, int]] = set()
    cuts = data.draw(some.lists(some.integers(0, rows.size), max_size=4))
    known = rows[:0]
    for part in np.split(rows, sorted(cuts)):
        known = np.concatenate([known, part])
        log.store(part)
        deadlines.receive(Batch(log.kept[-part.size :] if part.size else part))
        until = int(known["at"].max(initial=at)) + data.draw(some.integers(0, 3 * HOUR))
        named |= breaches(deadlines.between(at, until))
        at = until
        assert plainly(known, at, SHIPPED) <= named
    fresh = Deadlines(log, SHIPPED)
    fresh.load(at)
    assert standing(fresh, at) == plainly(known, at, SHIPPED)
    assert deadlines.of(range(1, 9), at) == fresh.of(range(1, 9), at)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(tickets(), policies(), policies(), some.integers(0, 3 * HOUR))
def test_a_policy_edit_equals_a_recompute_from_scratch(
    histories: list[list[Happening]], old: ClockTargets, new: ClockTargets, later: int
) -> None:
    log = StoredLog(as_rows(histories))
    at = int(log.kept["at"].max()) + later
    first, second = (replace(SHIPPED, targets=targets) for targets in (old, new))
    edited, fresh = Deadlines(log, first), Deadlines(log, second)
    edited.load(at)
    named = {(one.key, one.rule, one.occurred_at) for one in edited.between(at - 1, at)}
    edited.build_anew(second, Progress())
    fresh.load(at)
    for soon in (at, at + HOUR, at + 30 * HOUR):
        expected = {(one.key, one.rule, one.occurred_at) for one in fresh.between(soon - 1, soon)}
        named |= {(one.key, one.rule, one.occurred_at) for one in edited.between(soon - 1, soon)}
        assert {(key, at_) for key, _rule, at_ in expected} <= {(key, at_) for key, _rule, at_ in named}
        assert clocks(edited, soon) == clocks(fresh, soon)
        assert edited.next_due(np.arange(9)).due.tolist() == fresh.next_due(np.arange(9)).due.tolist()


def clocks(deadlines: Deadlines, at: int) -> object:
    """The running clocks, or that the calendar cannot answer."""
    try:
        return deadlines.of(range(1, 9), at)
    except CalendarError as error:
        return type(error)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(tickets(), some.randoms(use_true_random=False), some.integers(1, 6))
def test_the_log_read_piece_by_piece_from_its_end_tells_the_same_whatever_came_first(
    histories: list[list[Happening]], chance: Random, piece: int
) -> None:
    rows = as_rows(histories)
    order = list(range(rows.size))
    chance.shuffle(order)
    log, at = StoredLog(rows[order]), int(rows["at"].max())
    deadlines, pieces = Deadlines(log, SHIPPED), Deadlines(log, SHIPPED)
    deadlines.load(at)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("console.models.live.in_progress.EVENTS_PER_READ", piece)
        pieces.load(at)
    assert pieces.of(range(9), at) == deadlines.of(range(9), at)
    assert standing(pieces, at) == plainly(log.kept, at, SHIPPED)


def test_a_clock_that_stopped_is_over_and_one_that_runs_is_not() -> None:
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 0), (3, Kind.CREATED, 0)))
    found = live.deadlines.between(NOON, NOON + 300 * SECOND)
    entries = [start(one, NOON, "system", SHIPPED.escalation).entry for one in found]
    assert live.deadlines.ended(entries) == []
    live.comes(events((1, Kind.PUBLIC_REPLY, 310), (2, Kind.STATUS_CHANGED, 320, Status.CLOSED)))
    assert [entry.ticket for entry in live.deadlines.ended(entries)] == [1, 2]
    live.comes(events((1, Kind.CUSTOMER_MESSAGE, 400)))
    assert [entry.ticket for entry in live.deadlines.ended(entries)] == [1, 2], "another cycle is another matter"


def test_a_complaint_that_a_supervisor_must_see_is_not_over_with_its_clocks() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.COMPLAINT, 5, ComplaintTier.HIGH)))
    found = live.deadlines.between(NOON, NOON + 60 * SECOND)
    (entry,) = [start(one, NOON, "system", SHIPPED.escalation).entry for one in found]
    live.comes(events((1, Kind.PUBLIC_REPLY, 70), (1, Kind.STATUS_CHANGED, 80, Status.CLOSED)))
    assert live.deadlines.ended([entry]) == []


def test_a_follow_up_or_a_call_that_is_late_is_none_of_its_clocks() -> None:
    live = Live(events((1, Kind.CREATED, 0), (1, Kind.PUBLIC_REPLY, 10)))
    call = Occurrence(Key(ObjectKind.TICKET, 1, Cause.BREACH, "call_back:4"), "R-PROMISE", NOON, NOON, Urgency.P3, 1)
    task = Occurrence(Key(ObjectKind.TICKET, 1, Cause.BREACH, "follow_up:4"), "R-CMP", NOON, NOON, Urgency.P3, 1)
    entries = [start(one, NOON, "system", SHIPPED.escalation).entry for one in (call, task)]
    assert live.deadlines.ended(entries) == []
