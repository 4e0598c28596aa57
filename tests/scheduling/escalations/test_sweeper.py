"""The sweep: each crossing and each due time once, whatever the clock does."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from console.clock import HOUR, MINUTE, SECOND
from console.errors import KnownError
from console.models.domain.escalation import ANSWERED, SYSTEM, State, Urgency
from console.models.domain.escalation_ports import Claim
from console.models.domain.escalation_rules import EscalationRules
from console.scheduling.escalations.sweeper import Sweeper, Swept
from console.scheduling.escalations.waiting import Alarm
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre

HOURS = 3_600.0
MINUTES = 60.0


def test_a_breach_is_in_the_inbox_at_its_due_instant_and_once(centre: Centre) -> None:
    centre.crossings.all = [breach(at=NOON + 90 * SECOND)]
    assert centre.turn(89).raised == ()
    (entry,) = centre.turn(1).raised
    assert (entry.raised_at, entry.since) == (NOON + 90 * SECOND, NOON + 90 * SECOND - 5 * MINUTE)
    assert centre.turn(1) == Swept((), ())
    assert centre.crossings.asked[-1] == (NOON + 90 * SECOND, NOON + 91 * SECOND)


def test_a_turn_waits_for_the_next_due_instant_and_a_second_at_most(centre: Centre) -> None:
    centre.turn()
    assert centre.sweeper.wait_seconds() == 1.0
    centre.crossings.all = [breach(at=NOON + SECOND // 4)]
    assert centre.sweeper.wait_seconds() == 0.25
    centre.turn(0.25)
    centre.clock.advance(5 * MINUTES - 0.5)
    assert centre.sweeper.wait_seconds() == 0.5


def test_what_crossed_while_the_console_was_off_is_raised_at_the_start(centre: Centre) -> None:
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + HOUR), breach(2, at=NOON + 3 * HOUR)]
    centre.clock.advance(2 * HOURS)
    centre.restarted()
    assert [entry.ticket for entry in centre.turn().raised] == [1]
    centre.restarted()
    assert centre.turn().raised == ()


def test_urgent_crossings_go_first_in_a_flood(centre: Centre) -> None:
    centre.turn()
    flood = [breach(number, at=NOON + number) for number in range(1, 301)]
    centre.crossings.all = [*flood, breach(999, at=NOON + 400, urgency=Urgency.P1)]
    raised = centre.turn(1).raised
    assert raised[0].ticket == 999
    assert len({entry.ticket for entry in raised}) == 301


def test_after_a_sleep_each_due_time_fires_once_and_late(centre: Centre) -> None:
    centre.writer.raise_all([breach(1), breach(2, urgency=Urgency.P1)], NOON, RULES)
    centre.turn()
    centre.clock.jump(2 * HOURS)
    assert centre.moved(1) == [(2, State.RAISED, 1), (1, State.RAISED, 1)]
    assert centre.moved(1) == []
    assert centre.moved(2 * MINUTES) == [(2, State.RAISED, 2)]


@pytest.mark.parametrize("jump", [-1 * HOURS, -24 * HOURS, -40.0])
def test_a_step_back_leaves_the_time_that_was_left(centre: Centre, jump: float) -> None:
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.turn(MINUTES)
    centre.clock.jump(jump)
    assert centre.moved(4 * MINUTES - 1) == []
    assert centre.moved(1) == [(1, State.RAISED, 1)]
    assert centre.moved(1) == []


@pytest.mark.parametrize("jump", [1 * HOURS, 24 * HOURS])
def test_a_step_forward_fires_once_and_skips_nothing(centre: Centre, jump: float) -> None:
    centre.crossings.all = [breach(2, at=NOON + 30 * MINUTE)]
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.turn()
    centre.clock.jump(jump)
    swept = centre.turn(1)
    assert [entry.ticket for entry in swept.raised] == [2]
    assert [made.entry.level for made in swept.moved] == [1]
    centre.clock.jump(-jump)
    swept = centre.turn(1)
    assert swept == Swept((), ())
    assert len(centre.reader.open_entries()) == 2
    assert all(entry.due_at is not None and entry.due_at > centre.clock.now() for entry in centre.reader.open_entries())


def test_clocks_that_cross_after_a_step_back_are_still_raised(centre: Centre) -> None:
    centre.turn()
    centre.clock.jump(-1 * HOURS)
    centre.turn(1)
    centre.crossings.all = [breach(3, at=centre.clock.now() + MINUTE)]
    assert [entry.ticket for entry in centre.turn(MINUTES).raised] == [3]


def test_a_step_back_while_the_console_was_off_is_seen_at_the_start(centre: Centre) -> None:
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.turn()
    centre.clock.jump(-1 * HOURS)
    centre.restarted()
    assert centre.moved() == []
    assert centre.moved(5 * MINUTES - 1) == []
    assert centre.moved(1) == [(1, State.RAISED, 1)]


def test_a_step_back_that_the_database_could_not_take_is_owed_to_it(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.turn()

    def refuse(_by: int, _at: int) -> int:
        raise KnownError("locked")

    with monkeypatch.context() as locked:
        locked.setattr(centre.writer, "rebase", refuse)
        centre.clock.jump(-1 * HOURS)
        for _turn in range(3):
            with pytest.raises(KnownError):
                centre.turn(1)
    assert centre.moved(5 * MINUTES - 4) == []
    assert centre.moved(1) == [(1, State.RAISED, 1)]


def test_what_the_database_cannot_take_is_raised_when_it_can(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + SECOND)]

    def refuse(*_args: object, **_named: object) -> list[object]:
        raise KnownError("full")

    with monkeypatch.context() as full:
        full.setattr(centre.writer, "raise_all", refuse)
        before = centre.sweeper.finished_at
        with pytest.raises(KnownError):
            centre.turn(1)
        assert centre.sweeper.finished_at == before
    assert [entry.ticket for entry in centre.turn(1).raised] == [1]


def test_one_bad_occurrence_keeps_no_other_out_and_is_not_forgotten(centre: Centre) -> None:
    centre.turn()
    bad = replace(breach(2, at=NOON + SECOND), rule=None)
    centre.crossings.all = [breach(1, at=NOON + SECOND), bad, breach(3, at=NOON + SECOND)]
    before = centre.sweeper.finished_at
    assert [entry.ticket for entry in centre.turn(1).raised] == [1, 3]
    assert centre.sweeper.finished_at == before
    centre.crossings.all[1] = breach(2, at=NOON + SECOND)
    assert [entry.ticket for entry in centre.turn(1).raised] == [2]


def test_after_a_crash_between_claim_and_move_another_does_it_when_the_lease_ends(centre: Centre) -> None:
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.turn()
    centre.clock.advance(5 * MINUTES)
    assert centre.writer.claim_due(centre.clock.now(), 5 * SECOND, 9) == [Claim(1, 1)]
    centre.restarted()
    assert centre.moved(4) == []
    assert centre.moved(1) == [(1, State.RAISED, 1)]


def test_the_thread_sweeps_when_poked_and_ends_when_told(centre: Centre) -> None:
    swept = threading.Event()
    heard: list[Swept] = []

    def hear(turn: Swept) -> None:
        heard.append(turn)
        swept.set()

    centre.crossings.all = [breach(7)]
    sweeper = Sweeper(
        centre.writer,
        centre.reader,
        [centre.crossings],
        lambda: RULES,
        centre.clock,
        waiter=Alarm(),
        on_swept=hear,
        since=NOON - 1,
    )
    sweeper.start()
    assert swept.wait(30)
    sweeper.stop()
    assert [entry.ticket for entry in heard[0].raised] == [7]


def test_a_bug_does_not_end_the_thread(centre: Centre) -> None:
    turns: list[str] = []

    def broken() -> EscalationRules:
        turns.append("rules")
        raise RuntimeError("a bug")

    class Thrice:
        """A wait that is over at once, and at the third time for good."""

        def wait(self, seconds: float) -> bool:
            return len(turns) < 3

        def rest(self, seconds: float) -> bool:
            return True

        def wake(self) -> None: ...

        def end(self) -> None: ...

    sweeper = Sweeper(centre.writer, centre.reader, [centre.crossings], broken, centre.clock, waiter=Thrice())
    sweeper.start()
    sweeper.stop()
    assert turns == ["rules"] * 3


def test_what_nobody_took_and_is_over_is_resolved_with_its_reason_and_stays_in_sight(centre: Centre) -> None:
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + SECOND), breach(2, at=NOON + SECOND)]
    centre.turn(1)
    centre.crossings.over = {1}
    (made,) = centre.turn(2).moved
    assert (made.entry.ticket, made.entry.state, made.entry.reason, made.actor) == (1, State.RESOLVED, ANSWERED, SYSTEM)
    assert made.entry.due_at == centre.clock.now() + RULES.reopen_window
    assert [past.reason for past in centre.reader.history(made.entry.id)] == ["", ANSWERED]
    assert {entry.ticket: entry.state for entry in centre.reader.open_entries()} == {1: State.RESOLVED, 2: State.RAISED}


def test_what_somebody_has_is_theirs_to_end(centre: Centre) -> None:
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + SECOND)]
    (entry,) = centre.turn(1).raised
    centre.take(entry.id, "Ann")
    centre.crossings.over = {1}
    assert centre.turn(5).moved == ()
    assert centre.reader.entry(entry.id).owner == "Ann"


def test_whoever_is_quicker_than_the_sweep_keeps_the_entry(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + SECOND)]
    (entry,) = centre.turn(1).raised
    centre.crossings.over = {1}
    seen = centre.reader.open_entries()
    centre.take(entry.id, "Ann")
    monkeypatch.setattr(centre.reader, "open_entries", lambda: seen)
    assert centre.turn(5).moved == ()
    assert centre.reader.entry(entry.id).state is State.ACKNOWLEDGED


def test_a_centre_can_have_a_person_look_at_each(centre: Centre) -> None:
    rules = replace(RULES, settle_answered=False)
    centre.sweeper = Sweeper(centre.writer, centre.reader, [centre.crossings], lambda: rules, centre.clock)
    centre.turn()
    centre.crossings.all = [breach(1, at=NOON + SECOND)]
    centre.turn(1)
    centre.crossings.over = {1}
    assert centre.turn(5).moved == ()
