"""What the events of a ticket do to its clocks."""

from __future__ import annotations

import pytest

from console.models.domain.attributes import pack
from console.models.domain.clock_history import cycles_of
from console.models.domain.clock_states import Cycle, Pause
from console.models.domain.clock_targets import (
    CaseClass,
    ClockName,
    ClockTargets,
    Level,
    Reopening,
    TargetRule,
    Traits,
)
from console.models.domain.contacts import Channel, ComplaintTier, Emotion, InquiryType, Priority, Role, Stage, Status
from console.models.domain.events import Kind

ANY = tuple(TargetRule(clock, Level.ANY, 0, 100, f"any {clock}") for clock in ClockName if clock != ClockName.PROMISE)
TARGETS = ClockTargets(ANY)
AGAIN = ClockTargets(ANY, reopening=Reopening.AGAIN)
Told = tuple[Kind, int] | tuple[Kind, int, int] | tuple[Kind, int, int, Role]
CHAT = pack(channel=Channel.WEB_CHAT, status=Status.NEW)
BORN: Told = (Kind.CREATED, 10, CHAT)


def story(*events: Told, targets: ClockTargets = TARGETS) -> list[Cycle]:
    defaults = (0, Role.AGENT)
    return cycles_of(1, [(*event, *defaults[len(event) - 2 :])[:4] for event in events], targets)


def spans(clock: ClockName, *events: Told, targets: ClockTargets = TARGETS) -> list[tuple[int, int | None]]:
    return [(c.started_at, c.stopped_at) for c in story(*events, targets=targets) if c.clock is clock]


def test_the_first_reply_of_a_person_ends_the_first_response() -> None:
    bot: Told = (Kind.PUBLIC_REPLY, 12, 0, Role.BOT)
    assert spans(ClockName.FIRST_RESPONSE, BORN, bot, (Kind.PRIVATE_NOTE, 13)) == [(10, None)]
    assert spans(ClockName.ACKNOWLEDGEMENT, BORN, bot) == [(10, 12)], "a bot can acknowledge"
    assert spans(ClockName.FIRST_RESPONSE, BORN, bot, (Kind.PUBLIC_REPLY, 20)) == [(10, 20)]


def test_a_customer_writing_again_before_the_answer_starts_nothing_new() -> None:
    events: tuple[Told, ...] = (BORN, (Kind.CUSTOMER_MESSAGE, 10), (Kind.CUSTOMER_MESSAGE, 15))
    assert spans(ClockName.FIRST_RESPONSE, *events) == [(10, None)]
    assert spans(ClockName.NEXT_RESPONSE, *events) == []


def test_each_wait_of_the_customer_is_a_cycle_from_its_first_message() -> None:
    events: tuple[Told, ...] = (
        BORN,
        (Kind.PUBLIC_REPLY, 20),
        (Kind.CUSTOMER_MESSAGE, 30),
        (Kind.CUSTOMER_MESSAGE, 35),
        (Kind.PUBLIC_REPLY, 40),
        (Kind.PUBLIC_REPLY, 45),
        (Kind.CUSTOMER_MESSAGE, 50),
    )
    assert spans(ClockName.NEXT_RESPONSE, *events) == [(30, 40), (50, None)]
    assert [c.number for c in story(*events) if c.clock is ClockName.NEXT_RESPONSE] == [1, 2]


def test_on_the_telephone_picking_up_is_the_answer_and_hanging_up_the_end() -> None:
    call: Told = (Kind.CREATED, 10, pack(channel=Channel.PHONE))
    assert spans(ClockName.FIRST_RESPONSE, call, (Kind.CONNECTED, 14)) == [(10, 14)]
    assert spans(ClockName.RESOLUTION, call, (Kind.CONNECTED, 14), (Kind.ENDED, 60)) == [(10, 60)]
    assert spans(ClockName.FIRST_RESPONSE, BORN, (Kind.CONNECTED, 14)) == [(10, None)], "in a chat it is the reply"
    assert spans(ClockName.ACKNOWLEDGEMENT, BORN, (Kind.CONNECTED, 14)) == [(10, 14)]


def test_resolution_rests_while_the_customer_owes_us_an_answer() -> None:
    pending: Told = (Kind.STATUS_CHANGED, 20, Status.PENDING_CUSTOMER)
    (cycle,) = (c for c in story(BORN, pending) if c.clock is ClockName.RESOLUTION)
    assert cycle.pauses == (Pause(20, None),)
    assert cycle.paused
    back: Told = (Kind.STATUS_CHANGED, 50, Status.OPEN)
    (cycle,) = (c for c in story(BORN, pending, back) if c.clock is ClockName.RESOLUTION)
    assert cycle.pauses == (Pause(20, 50),)
    (first,) = (c for c in story(BORN, pending) if c.clock is ClockName.FIRST_RESPONSE)
    assert first.pauses == (), "an answer that nobody gave does not rest"


def test_a_customer_who_answers_owes_nothing_even_before_the_status_says_so() -> None:
    pending: Told = (Kind.STATUS_CHANGED, 20, Status.PENDING_CUSTOMER)
    events: tuple[Told, ...] = (BORN, pending, (Kind.CUSTOMER_MESSAGE, 30), (Kind.PUBLIC_REPLY, 35))
    (cycle,) = (c for c in story(*events) if c.clock is ClockName.RESOLUTION)
    assert cycle.pauses == (Pause(20, 30), Pause(35, None))


def test_the_same_status_told_again_is_one_pause() -> None:
    events: tuple[Told, ...] = (
        BORN,
        (Kind.STATUS_CHANGED, 20, Status.PENDING_CUSTOMER),
        (Kind.STATUS_CHANGED, 25, Status.PENDING_CUSTOMER),
        (Kind.STATUS_CHANGED, 40, Status.RESOLVED),
    )
    (cycle,) = (c for c in story(*events) if c.clock is ClockName.RESOLUTION)
    assert (cycle.pauses, cycle.stopped_at) == ((Pause(20, 40),), 40)


RESOLVED: Told = (Kind.STATUS_CHANGED, 40, Status.RESOLVED)


def test_resolving_stops_every_clock_and_closing_changes_nothing() -> None:
    told = story(BORN, RESOLVED, (Kind.STATUS_CHANGED, 70, Status.CLOSED))
    found = [cycle for cycle in told if cycle.clock is not ClockName.STAGE]
    assert {cycle.stopped_at for cycle in found} == {40}
    assert {cycle.clock for cycle in found} == {
        ClockName.ACKNOWLEDGEMENT,
        ClockName.FIRST_RESPONSE,
        ClockName.RESOLUTION,
    }


def test_re_opening_continues_the_clock_and_the_time_between_is_a_pause() -> None:
    (cycle,) = (c for c in story(BORN, RESOLVED, (Kind.REOPENED, 60)) if c.clock is ClockName.RESOLUTION)
    assert (cycle.started_at, cycle.stopped_at, cycle.pauses) == (10, None, (Pause(40, 60),))


def test_re_opening_can_start_again() -> None:
    events: tuple[Told, ...] = (BORN, RESOLVED, (Kind.STATUS_CHANGED, 60, Status.OPEN))
    assert spans(ClockName.RESOLUTION, *events, targets=AGAIN) == [(10, 40), (60, None)]


@pytest.mark.parametrize("kind", [Kind.MERGED, Kind.DELETED, Kind.ABANDONED, Kind.TIMED_OUT])
def test_what_nobody_can_answer_any_more_is_withdrawn(kind: Kind) -> None:
    found = story(BORN, (kind, 30))
    assert found
    assert all(cycle.withdrawn and cycle.stopped_at == 30 for cycle in found)


def test_spam_is_withdrawn_too() -> None:
    assert all(cycle.withdrawn for cycle in story(BORN, (Kind.STATUS_CHANGED, 30, Status.SPAM)))


def test_a_promise_is_due_when_it_says_and_kept_by_the_next_reply() -> None:
    made: tuple[Told, ...] = (BORN, (Kind.PUBLIC_REPLY, 20), (Kind.PROMISE_MADE, 20, 500))
    (open_one,) = (c for c in story(*made) if c.clock is ClockName.PROMISE)
    assert (open_one.due_at, open_one.stopped_at, open_one.rule) == (500, None, "R-PROMISE")
    assert spans(ClockName.PROMISE, *made, (Kind.PUBLIC_REPLY, 90)) == [(20, 90)]
    assert spans(ClockName.PROMISE, *made, (Kind.PROMISE_MADE, 80, 900)) == [(20, 80), (80, None)]


def test_a_complaint_is_acknowledged_planned_and_kept_up_to_date() -> None:
    events: tuple[Told, ...] = (
        BORN,
        (Kind.COMPLAINT, 20, ComplaintTier.HIGH),
        (Kind.PUBLIC_REPLY, 25),
        (Kind.PROMISE_MADE, 30, 900),
        (Kind.PUBLIC_REPLY, 50),
        (Kind.STATUS_CHANGED, 70, Status.RESOLVED),
    )
    assert spans(ClockName.COMPLAINT_ACKNOWLEDGEMENT, *events) == [(20, 25)]
    assert spans(ClockName.PLAN, *events) == [(20, 30)]
    assert spans(ClockName.UPDATE, *events) == [(30, 50), (50, 70)]


def test_a_complaint_that_was_none_is_withdrawn() -> None:
    events: tuple[Told, ...] = (BORN, (Kind.COMPLAINT, 20, ComplaintTier.LOW), (Kind.COMPLAINT, 30, ComplaintTier.NONE))
    found = [c for c in story(*events) if c.clock in (ClockName.COMPLAINT_ACKNOWLEDGEMENT, ClockName.PLAN)]
    assert len(found) == 2
    assert all(cycle.withdrawn for cycle in found)


def test_a_clock_begins_with_the_first_event_even_when_creation_is_told_later() -> None:
    assert spans(ClockName.FIRST_RESPONSE, (Kind.CUSTOMER_MESSAGE, 5), BORN) == [(5, None)]


def test_a_clock_without_a_rule_is_not_kept() -> None:
    assert story(BORN, targets=ClockTargets(())) == []


FIRST = ClockName.FIRST_RESPONSE
RULES = ClockTargets(
    (
        TargetRule(FIRST, Level.COMPLAINT, ComplaintTier.HIGH, 600, "R-CMP-TIER high"),
        TargetRule(FIRST, Level.EMOTION, Emotion.HIGH, 30, "R-FRT-EMOTION high", live_only=True),
        TargetRule(FIRST, Level.CLASS, CaseClass.COMPLAINT, 40, "R-FRT-CLASS complaint"),
        TargetRule(FIRST, Level.CHANNEL, Channel.WEB_CHAT, 300, "R-FRT-CHAT"),
        TargetRule(FIRST, Level.CHANNEL, Channel.WEB_CHAT, 200, "R-FRT-CHAT strict"),
        TargetRule(FIRST, Level.CHANNEL, Channel.EMAIL, 9_000, "R-FRT-CHANNEL"),
        TargetRule(ClockName.RESOLUTION, Level.PRIORITY, Priority.URGENT, 4, "R-CLOCK urgent"),
    )
)


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        (Traits(ComplaintTier.HIGH, Emotion.HIGH, channel=Channel.WEB_CHAT), "R-CMP-TIER high"),
        (Traits(ComplaintTier.LOW, Emotion.HIGH, channel=Channel.WEB_CHAT), "R-FRT-EMOTION high"),
        (Traits(ComplaintTier.LOW, channel=Channel.WEB_CHAT), "R-FRT-CLASS complaint"),
        (Traits(type=InquiryType.COMPLAINT, channel=Channel.WEB_CHAT), "R-FRT-CLASS complaint"),
        (Traits(channel=Channel.WEB_CHAT), "R-FRT-CHAT strict"),
        (Traits(emotion=Emotion.HIGH, channel=Channel.EMAIL), "R-FRT-CHANNEL"),
    ],
)
def test_the_most_specific_rule_decides_and_between_equals_the_strictest(traits: Traits, name: str) -> None:
    """R-PRECEDENCE: complaint tier, then emotion, then class, then channel."""
    rule = RULES.choose(FIRST, traits)
    assert rule is not None
    assert rule.name == name


def test_the_rule_is_that_of_the_moment_of_the_stop() -> None:
    urgent: Told = (Kind.PRIORITY_CHANGED, 20, Priority.URGENT)
    later: Told = (Kind.PRIORITY_CHANGED, 60, Priority.LOW)
    assert [c.rule for c in story(BORN, urgent, RESOLVED, later, targets=RULES) if c.clock is ClockName.RESOLUTION] == [
        "R-CLOCK urgent"
    ]


def test_a_target_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        ClockTargets((TargetRule(FIRST, Level.ANY, 0, 0, "none"),))


def test_each_stage_that_a_work_order_stays_in_has_a_clock_of_its_own() -> None:
    """R-STAGE."""
    events: tuple[Told, ...] = (
        BORN,
        (Kind.TYPE_CHANGED, 20, InquiryType.ORDER_STATUS),
        (Kind.ASSIGNED, 30, 4),
        (Kind.PUBLIC_REPLY, 50),
        (Kind.STATUS_CHANGED, 60, Status.RESOLVED),
        (Kind.REOPENED, 70),
        (Kind.STATUS_CHANGED, 80, Status.RESOLVED),
        (Kind.STATUS_CHANGED, 90, Status.CLOSED),
    )
    rules = tuple(TargetRule(ClockName.STAGE, Level.STAGE, stage, 100, stage.key) for stage in Stage)
    found = [(c.rule, c.started_at, c.stopped_at) for c in story(*events, targets=ClockTargets(rules))]
    assert found == [
        ("created", 10, 20),
        ("classified", 20, 30),
        ("assigned", 30, 50),
        ("in_process", 50, 60),
        ("feedback", 60, 70),
        ("in_process", 70, 80),
        ("feedback", 80, 90),
    ]


def test_a_stage_that_was_only_passed_through_is_none() -> None:
    rules = tuple(TargetRule(ClockName.STAGE, Level.STAGE, stage, 100, stage.key) for stage in Stage)
    born: Told = (Kind.CREATED, 10, pack(type=InquiryType.WARRANTY, status=Status.NEW))
    found = story(born, (Kind.ASSIGNED, 10, 4), targets=ClockTargets(rules))
    assert [(c.rule, c.number, c.started_at) for c in found] == [("assigned", 1, 10)]


def test_the_stage_goes_back_when_its_owner_is_taken_away() -> None:
    rules = tuple(TargetRule(ClockName.STAGE, Level.STAGE, stage, 100, stage.key) for stage in Stage)
    found = story(BORN, (Kind.ASSIGNED, 20, 4), (Kind.UNASSIGNED, 30), targets=ClockTargets(rules))
    assert [c.rule for c in found] == ["created", "assigned", "created"]


def test_a_ticket_told_again_as_resolved_stays_in_its_stage() -> None:
    """R-STAGE. Sources tell the resolution in more than one event, and a customer says thanks in between."""
    rules = tuple(TargetRule(ClockName.STAGE, Level.STAGE, stage, 100, stage.key) for stage in Stage)
    resolved: Told = (Kind.STATUS_CHANGED, 20, Status.RESOLVED)
    again: tuple[Told, ...] = (
        (Kind.STATUS_CHANGED, 25, Status.RESOLVED),
        (Kind.CUSTOMER_MESSAGE, 30),
        (Kind.STATUS_CHANGED, 35, Status.RESOLVED),
    )
    told = (BORN, resolved, *again)
    found = [(c.rule, c.number, c.started_at, c.stopped_at) for c in story(*told, targets=ClockTargets(rules))]
    assert found == [("created", 1, 10, 20), ("feedback", 2, 20, None)]
    assert spans(ClockName.NEXT_RESPONSE, BORN, (Kind.PUBLIC_REPLY, 15), resolved, *again) == [(30, 35)], "answered"
    closed: Told = (Kind.STATUS_CHANGED, 50, Status.CLOSED)
    found = [(c.rule, c.number, c.started_at, c.stopped_at) for c in story(*told, closed, targets=ClockTargets(rules))]
    assert found == [("created", 1, 10, 20), ("feedback", 2, 20, 50)]


@pytest.mark.parametrize("gone", [(Kind.MERGED, 40), (Kind.STATUS_CHANGED, 40, Status.SPAM)])
def test_the_stage_of_a_resolved_ticket_that_is_withdrawn_is_withdrawn(gone: Told) -> None:
    resolved: Told = (Kind.STATUS_CHANGED, 20, Status.RESOLVED)
    found = [c for c in story(BORN, resolved, resolved, gone) if c.clock is ClockName.STAGE]
    assert [(c.started_at, c.stopped_at, c.withdrawn) for c in found] == [(10, 20, False), (20, 40, True)]
