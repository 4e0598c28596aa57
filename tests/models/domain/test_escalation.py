"""R-ESC-LIFE: the machine of one escalation, move by move."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.clock import HOUR, MINUTE
from console.models.domain.contacts import ComplaintTier
from console.models.domain.escalation import (
    SYSTEM,
    TERMINAL,
    AlreadyOwned,
    Audience,
    Entry,
    EscalationRefused,
    Event,
    Happening,
    IllegalMove,
    News,
    Recipient,
    State,
    Transition,
    Urgency,
)
from console.models.domain.escalation_moves import TABLE, allowed, start, transition
from console.models.domain.escalation_rules import urgency_of
from tests.models.domain.escalation_cases import NOON, RULES, breach

DUE = Event(Happening.DUE)
TAKE = Event(Happening.ACKNOWLEDGE)


def raised(urgency: Urgency = Urgency.P2) -> Entry:
    return replace(start(breach(urgency=urgency), NOON, SYSTEM, RULES).entry, id=1)


def taken(owner: str = "Ann", urgency: Urgency = Urgency.P2) -> Entry:
    return transition(raised(urgency), TAKE, NOON, owner, RULES).entry


def when_due(entry: Entry) -> Transition:
    assert entry.due_at is not None
    return transition(entry, DUE, entry.due_at, SYSTEM, RULES)


def names(made: Transition) -> list[str]:
    return [recipient.name for notice in made.notices for recipient in notice.to]


@pytest.mark.parametrize(("urgency", "minutes"), [(Urgency.P1, 2), (Urgency.P2, 5), (Urgency.P3, 15)])
def test_nobody_takes_it_so_it_climbs_the_chain_and_then_repeats_without_end(urgency: Urgency, minutes: int) -> None:
    entry = raised(urgency)
    assert entry.due_at == NOON + minutes * MINUTE
    second = when_due(entry)
    assert (second.entry.state, second.entry.level) == (State.RAISED, 1)
    assert names(second) == ["shift_supervisor", "duty_manager"]
    third = when_due(second.entry)
    assert names(third) == list(RULES.chain)
    last = when_due(third.entry)
    for _round in range(50):
        assert last.entry.state is State.EXHAUSTED
        assert (last.notices[0].news, names(last)) == (News.EXHAUSTED, list(RULES.chain))
        assert last.entry.due_at == last.at + 5 * MINUTE
        last = when_due(last.entry)
    assert transition(last.entry, TAKE, last.at, "Ann", RULES).entry.owner == "Ann"


def test_a_level_that_nobody_can_be_told_of_is_skipped_at_once() -> None:
    made = transition(raised(), Event(Happening.UNREACHABLE), NOON, SYSTEM, RULES)
    assert (made.entry.level, made.entry.due_at) == (1, NOON + 5 * MINUTE)


@pytest.mark.parametrize(("urgency", "minutes"), [(Urgency.P1, 15), (Urgency.P2, 30), (Urgency.P3, 120)])
def test_an_owner_who_is_silent_is_reminded_and_then_loses_it(urgency: Urgency, minutes: int) -> None:
    entry = taken("Ann", urgency)
    assert (entry.owner, entry.due_at) == ("Ann", NOON + minutes * MINUTE)
    reminder = when_due(entry)
    assert reminder.notices[0].to == (Recipient(Audience.PERSON, "Ann"),)
    assert (reminder.entry.state, reminder.entry.owner) == (State.ACKNOWLEDGED, "Ann")
    lapsed = when_due(reminder.entry)
    assert lapsed.at == reminder.at + 5 * MINUTE
    assert (lapsed.entry.state, lapsed.entry.owner, lapsed.entry.level) == (State.RAISED, "", 0)


def test_progress_after_a_reminder_begins_anew() -> None:
    reminded = when_due(taken()).entry
    moved = transition(reminded, Event(Happening.PROGRESS), NOON + HOUR, "Ann", RULES).entry
    assert (moved.reminded, moved.due_at) == (False, NOON + HOUR + 30 * MINUTE)
    assert when_due(moved).notices[0].news is News.REMINDER


def test_the_second_who_takes_it_is_told_who_has_it() -> None:
    with pytest.raises(AlreadyOwned, match="Ann"):
        transition(taken("Ann"), TAKE, NOON, "Bob", RULES)


@pytest.mark.parametrize(
    "event",
    [
        Event(Happening.PROGRESS),
        Event(Happening.SNOOZE, "later", until=NOON + MINUTE),
        Event(Happening.RETURN, "yours", until=NOON + MINUTE, to="Cid"),
        Event(Happening.RESOLVE, "done"),
        Event(Happening.MERGE, "same", into=2),
    ],
)
def test_only_the_owner_acts_on_what_somebody_has(event: Event) -> None:
    with pytest.raises(AlreadyOwned):
        transition(taken("Ann"), event, NOON, "Bob", RULES)
    assert transition(taken("Ann"), event, NOON, "Ann", RULES).entry.version == 3


def test_whoever_takes_it_over_owns_it_alone() -> None:
    made = transition(taken("Ann"), Event(Happening.HAND_OVER, to="Bob"), NOON, "Bob", RULES)
    assert made.entry.owner == "Bob"
    with pytest.raises(AlreadyOwned, match="Bob"):
        transition(made.entry, Event(Happening.PROGRESS), NOON, "Ann", RULES)


@pytest.mark.parametrize(
    "entry",
    [taken(), transition(taken(), Event(Happening.SNOOZE, "x", until=NOON + HOUR), NOON, "Ann", RULES).entry],
    ids=["acknowledged", "snoozed"],
)
def test_who_goes_off_shift_hands_over_or_gives_back_but_never_drops(entry: Entry) -> None:
    given = transition(entry, Event(Happening.OWNER_LEFT, to="Bob"), NOON, SYSTEM, RULES)
    assert (given.entry.state, given.entry.owner, names(given)) == (State.ACKNOWLEDGED, "Bob", ["Bob"])
    back = transition(entry, Event(Happening.OWNER_LEFT), NOON, SYSTEM, RULES)
    assert (back.entry.state, back.entry.owner, names(back)) == (State.RAISED, "", ["shift_supervisor"])


@pytest.mark.parametrize("aside", [Happening.SNOOZE, Happening.RETURN])
def test_what_is_put_aside_comes_back_by_itself(aside: Happening) -> None:
    put = transition(taken(), Event(aside, "later", until=NOON + HOUR, to="Cid"), NOON, "Ann", RULES)
    assert put.entry.due_at == NOON + HOUR
    back = when_due(put.entry)
    assert (back.entry.state, back.entry.owner, back.notices[0].news) == (State.RAISED, "", News.WOKEN)


@pytest.mark.parametrize("until", [NOON, NOON - 1, NOON + 120 * MINUTE + 1])
def test_nothing_is_put_off_into_the_past_or_for_ever(until: int) -> None:
    with pytest.raises(IllegalMove):
        transition(taken(), Event(Happening.SNOOZE, "later", until=until), NOON, "Ann", RULES)


@pytest.mark.parametrize("aside", [Happening.SNOOZE, Happening.RETURN])
def test_a_graver_occurrence_wakes_what_was_put_aside(aside: Happening) -> None:
    put = transition(taken(), Event(aside, "later", until=NOON + HOUR, to="Cid"), NOON, "Ann", RULES).entry
    same = transition(put, Event(Happening.AGAIN, occurrence=breach(at=NOON + 1)), NOON + 1, SYSTEM, RULES)
    assert (same.entry.state, same.entry.due_at, same.notices) == (put.state, put.due_at, ())
    graver = breach(at=NOON + 1, urgency=Urgency.P1)
    woken = transition(put, Event(Happening.AGAIN, occurrence=graver), NOON + 1, SYSTEM, RULES)
    assert (woken.entry.state, woken.entry.urgency, woken.entry.count) == (State.RAISED, Urgency.P1, 2)


def test_more_urgent_means_sooner_and_never_later() -> None:
    graver = Event(Happening.AGAIN, occurrence=breach(at=NOON + 1, urgency=Urgency.P1))
    assert transition(raised(), graver, NOON + 1, SYSTEM, RULES).entry.due_at == NOON + 1 + 2 * MINUTE
    late = NOON + 4 * MINUTE
    assert transition(raised(), graver, late, SYSTEM, RULES).entry.due_at == NOON + 5 * MINUTE
    assert transition(taken(), graver, NOON + 1, SYSTEM, RULES).entry.due_at == NOON + 1 + 15 * MINUTE


def test_resolved_comes_back_within_its_window_and_then_closes() -> None:
    resolved = transition(taken(), Event(Happening.RESOLVE, "called back"), NOON, "Ann", RULES).entry
    assert (resolved.due_at, resolved.reason) == (NOON + 30 * MINUTE, "called back")
    back = transition(resolved, Event(Happening.AGAIN, occurrence=breach(at=NOON + 1)), NOON + 1, SYSTEM, RULES)
    assert (back.entry.state, back.entry.reopened, back.entry.owner) == (State.RAISED, 1, "")
    closed = when_due(resolved).entry
    assert (closed.state, closed.due_at, closed.owner) == (State.CLOSED, None, "Ann")


def test_an_owner_hears_when_the_console_resolves_what_is_theirs() -> None:
    made = transition(taken("Ann"), Event(Happening.RESOLVE, "the customer was answered"), NOON, SYSTEM, RULES)
    assert names(made) == ["Ann"]


def test_a_later_policy_does_not_change_a_running_chain() -> None:
    shorter = replace(RULES, chain=("somebody_else",))
    assert names(transition(raised(), DUE, NOON + 5 * MINUTE, SYSTEM, shorter)) == ["shift_supervisor", "duty_manager"]


@pytest.mark.parametrize(
    "event",
    [
        Event(Happening.RESOLVE),
        Event(Happening.RESOLVE, "  "),
        Event(Happening.SNOOZE, until=NOON + MINUTE),
        Event(Happening.RETURN, "yours", until=NOON + MINUTE),
        Event(Happening.HAND_OVER),
        Event(Happening.MERGE, "same"),
        Event(Happening.MERGE, "same", into=1),
        Event(Happening.AGAIN),
        Event(Happening.AGAIN, occurrence=breach(18)),
        Event(Happening.DUE),
    ],
)
def test_an_event_that_lacks_what_it_needs_is_refused(event: Event) -> None:
    with pytest.raises(IllegalMove):
        transition(taken(), event, NOON, "Ann", RULES)


def test_what_the_table_does_not_name_is_illegal() -> None:
    for state in State:
        for what in Happening:
            if (state, what) not in TABLE:
                entry = replace(raised(), state=state, owner="Ann")
                occurrence = breach(at=NOON + HOUR)
                event = Event(what, "x", until=NOON + MINUTE, to="Bob", into=2, occurrence=occurrence)
                with pytest.raises(EscalationRefused):
                    transition(entry, event, NOON + HOUR, "Ann", RULES)


def test_every_state_but_the_ends_answers_to_its_due_time() -> None:
    assert {state for state, what in TABLE if what is Happening.DUE} == set(State) - TERMINAL
    assert not [state for state, _what in TABLE if state in TERMINAL]
    for moves in TABLE.values():
        assert all((move.timer.name == "NONE") == (move.to in TERMINAL) for move in moves)


def test_the_buttons_are_what_the_table_allows() -> None:
    assert Happening.PROGRESS in allowed(taken("Ann"), "Ann")
    assert set(allowed(taken("Ann"), "Bob")) == {Happening.HAND_OVER}
    assert set(allowed(raised(), "Bob")) == {
        Happening.ACKNOWLEDGE,
        Happening.RETURN,
        Happening.RESOLVE,
        Happening.MERGE,
    }


@pytest.mark.parametrize(
    ("complaint", "is_vip", "in_breach", "is_public", "urgency"),
    [
        (ComplaintTier.HIGH, False, False, False, Urgency.P1),
        (ComplaintTier.NONE, True, True, False, Urgency.P1),
        (ComplaintTier.LOW, False, False, True, Urgency.P1),
        (ComplaintTier.MEDIUM, False, False, False, Urgency.P2),
        (ComplaintTier.NONE, False, True, False, Urgency.P2),
        (ComplaintTier.NONE, True, False, False, Urgency.P3),
        (ComplaintTier.LOW, False, False, False, Urgency.P3),
    ],
)
def test_what_makes_it_urgent(
    complaint: ComplaintTier, is_vip: bool, in_breach: bool, is_public: bool, urgency: Urgency
) -> None:
    assert urgency_of(complaint, is_vip=is_vip, in_breach=in_breach, is_public=is_public) is urgency


@pytest.mark.parametrize(
    "wrong",
    [
        {"chain": ()},
        {"chain": ("a", "a")},
        {"lapse_after": 0},
        {"level_timeout": RULES.level_timeout._replace(p1=0)},
        {"wait_by_channel": (1,)},
    ],
)
def test_rules_that_would_lose_entries_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"chain|duration|channel"):
        replace(RULES, **wrong)
