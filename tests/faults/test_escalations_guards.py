"""Every guard of the inbox earns its place: without it, the check that stands beside it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from console.clock import MINUTE, SECOND
from console.models.domain import escalation_moves
from console.models.domain.escalation import Entry, EscalationRefused, Event, Happening, State, Transition
from console.models.domain.escalation_ports import Claim, Delivery, Outcome, Sending
from console.models.store import escalation_outbox, escalations
from console.scheduling.escalations import jumps, notices, shifts, sweeper
from console.scheduling.escalations.crossings import AllCrossings
from console.scheduling.escalations.leavers import Leavers
from console.scheduling.escalations.notices import Notices
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre

Patch = pytest.MonkeyPatch
DUE_AT = NOON + 5 * MINUTE


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    opened = Centre(tmp_path)
    opened.turn()
    yield opened
    opened.close()


def sql(centre: Centre, *statements: str) -> None:
    with centre.writer._engine.connect() as connection:
        for statement in statements:
            with connection.begin():
                connection.exec_driver_sql(statement)


# What must hold, each in a line or two.


def one_entry_for_a_matter(centre: Centre) -> None:
    for _time in range(2):
        assert centre.writer.raise_all([breach(at=NOON + _time)], NOON, RULES)[0].entry.id == 1


def the_database_knows_the_key(centre: Centre) -> None:
    centre.writer.raise_all([breach(1), breach(2)], NOON, RULES)
    with pytest.raises(IntegrityError):
        sql(centre, "UPDATE escalation SET object = 1")


def nothing_open_is_without_a_due_time(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    with pytest.raises(IntegrityError), centre.writer.transaction() as connection:
        connection.exec_driver_sql("UPDATE escalation SET due_at = NULL")


def a_sleeper_changes_nothing(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    asleep = centre.writer.claim_due(DUE_AT, 5 * SECOND, 9)
    awake = centre.writer.claim_due(DUE_AT + 5 * SECOND, 5 * SECOND, 9)
    assert [claim.epoch for claim in awake] == [2]
    assert centre.writer.fire(asleep, DUE_AT + 5 * SECOND, RULES) == []


def what_is_claimed_is_not_claimed_again(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    assert len(centre.writer.claim_due(DUE_AT, 5 * SECOND, 9)) == 1
    assert centre.writer.claim_due(DUE_AT, 5 * SECOND, 9) == []


def what_crossed_while_we_were_off_is_raised(centre: Centre) -> None:
    centre.crossings.all = [breach(at=NOON + MINUTE)]
    centre.clock.advance(120)
    centre.restarted()
    assert len(centre.turn().raised) == 1


def what_was_closed_stays_closed(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.writer.move(1, Event(Happening.RESOLVE, "done"), NOON, "Ann", RULES)
    centre.clock.advance(30 * 60)
    assert centre.turn().moved[0].entry.state is State.CLOSED
    assert centre.writer.raise_all([breach()], NOON, RULES)[0].outcome is Outcome.KNOWN


def a_step_back_delays_nothing(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.clock.jump(-3_600)
    centre.turn()
    assert len(centre.turn(5 * 60).moved) == 1


def a_stranger_cannot_act(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.take(1, "Ann")
    with pytest.raises(EscalationRefused):
        centre.writer.move(1, Event(Happening.PROGRESS), NOON, "Bob", RULES)


def who_looked_earlier_is_told(centre: Centre) -> None:
    one_entry_for_a_matter(centre)
    with pytest.raises(EscalationRefused):
        centre.writer.move(1, Event(Happening.RESOLVE, "done"), NOON, "Ann", RULES, version=1)


def the_past_cannot_be_changed(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    with pytest.raises(IntegrityError):
        sql(centre, "UPDATE escalation_event SET actor = 'nobody'")


def a_sleeping_dispatcher_settles_nothing(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    asleep = centre.outbox.claim_notices(NOON, 5 * SECOND, 9)
    centre.outbox.claim_notices(NOON + 5 * SECOND, 5 * SECOND, 9)
    assert centre.outbox.settle_notices(asleep, Sending.FAILED, NOON + 6 * SECOND) == 0


def what_is_being_sent_is_sent_by_one(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    assert len(centre.outbox.claim_notices(NOON, 5 * SECOND, 9)) == 1
    assert centre.outbox.claim_notices(NOON, 5 * SECOND, 9) == []


def what_nobody_heard_is_not_sent(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    Notices(centre.outbox, centre.clock).deliver()
    assert len(centre.reader.waiting(9)) == 1


def what_may_have_been_heard_says_so(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.outbox.claim_notices(NOON, 5 * SECOND, 9)
    (delivery,) = centre.outbox.claim_notices(NOON + 5 * SECOND, 5 * SECOND, 9)
    assert delivery.notice.again


def a_silent_finder_loses_nothing(centre: Centre) -> None:
    centre.crossings.all = [breach(at=NOON + SECOND)]
    centre.crossings.fails = True
    centre.turn(60)
    centre.crossings.fails = False
    centre.restarted()
    assert len(centre.turn(60).raised) == 1


def what_came_after_a_shift_stays(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.take(1, "Ann")
    leavers = Leavers(centre.writer, centre.reader)
    leavers.sign_off("Ann", NOON - 60 * MINUTE)
    leavers.turn(NOON, RULES)
    assert centre.reader.entry(1).owner == "Ann"


def what_came_again_is_not_over(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    seen = centre.reader.open_entries()
    centre.writer.raise_all([breach(at=NOON + SECOND)], NOON + SECOND, RULES)
    assert centre.writer.settle(seen, NOON + SECOND, RULES) == []


def who_took_it_ends_it(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.take(1, "Ann")
    centre.crossings.over = {17}
    assert centre.turn(5).moved == ()


def who_is_behind_ends_nothing(centre: Centre) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.crossings.over = {17}
    centre.crossings.fails = True
    assert centre.turn(5).moved == ()


# How each guard is taken away.


class AnyEpoch(int):
    """Equal to every epoch."""

    __hash__ = int.__hash__

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False


def no_look_up(_centre: Centre, patch: Patch) -> None:
    patch.setattr(escalations, "_newest", lambda _connection, _key: None)
    sql(_centre, "DROP INDEX ux_escalation_open_key")


def no_index(centre: Centre, _patch: Patch) -> None:
    sql(centre, "DROP INDEX ux_escalation_open_key")


def no_check(centre: Centre, _patch: Patch) -> None:
    assert centre.writer._connection is not None
    centre.writer._connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    centre.writer._connection.commit()


def no_epoch(centre: Centre, patch: Patch) -> None:
    fire = centre.writer.fire
    patch.setattr(
        centre.writer,
        "fire",
        lambda claims, at, rules: fire([Claim(claim.entry, AnyEpoch(claim.epoch)) for claim in claims], at, rules),
    )


def no_lease(centre: Centre, patch: Patch) -> None:
    claim_due = centre.writer.claim_due
    patch.setattr(centre.writer, "claim_due", lambda at, _lease, limit: claim_due(at, 0, limit))


def no_watermark(centre: Centre, patch: Patch) -> None:
    patch.setattr(centre.reader, "watermark", lambda: None)


def no_instants(_centre: Centre, patch: Patch) -> None:
    patch.setattr(escalations, "FOUND", frozenset())


def no_look_at_the_clock(_centre: Centre, patch: Patch) -> None:
    patch.setattr(jumps.Jumps, "look", lambda _self: 0)


def no_owner(_centre: Centre, patch: Patch) -> None:
    key = (State.ACKNOWLEDGED, Happening.PROGRESS)
    patch.setitem(escalation_moves.TABLE, key, (replace(escalation_moves.TABLE[key][0], owned=False),))


def no_version(centre: Centre, patch: Patch) -> None:
    move = centre.writer.move
    patch.setattr(
        centre.writer,
        "move",
        lambda entry, event, at, actor, rules, version=None: move(entry, event, at, actor, rules),
    )


def no_trigger(centre: Centre, _patch: Patch) -> None:
    sql(centre, "DROP TRIGGER escalation_event_never_changes")


def any_epoch_settles(centre: Centre, patch: Patch) -> None:
    settle = centre.outbox.settle_notices

    def anyhow(deliveries: list[Delivery], sending: Sending, at: int) -> int:
        with centre.writer.transaction() as connection:
            epochs = dict(connection.exec_driver_sql("SELECT id, epoch FROM outbox").all())
        return settle([Delivery(notice, epochs[notice.id]) for notice, _epoch in deliveries], sending, at)

    patch.setattr(centre.outbox, "settle_notices", anyhow)


def no_lease_of_a_notice(centre: Centre, patch: Patch) -> None:
    claim = centre.outbox.claim_notices
    patch.setattr(centre.outbox, "claim_notices", lambda at, _lease, limit: claim(at, 0, limit))


def a_listener_is_taken_for_granted(_centre: Centre, patch: Patch) -> None:
    patch.setattr(notices, "_tell", lambda _listeners, _notice: True)
    patch.setattr(Notices, "_listeners", property(lambda _self: (print,), lambda _self, _value: None), raising=False)


def no_label(_centre: Centre, patch: Patch) -> None:
    made = escalation_outbox.notice_of
    patch.setattr(escalation_outbox, "notice_of", lambda row: made(row)._replace(again=False))


def the_watermark_waits_for_nobody(_centre: Centre, patch: Patch) -> None:
    patch.setattr(AllCrossings, "answered_to", lambda _self, until: until)


def no_look_at_when_they_got_it(_centre: Centre, patch: Patch) -> None:
    patch.setattr(shifts, "_had", lambda _reader, _entry, _had_by: True)


def any_version_is_settled(centre: Centre, patch: Patch) -> None:
    move = centre.writer.move_within

    def anyhow(*args: Any, version: int | None = None) -> Transition:
        return move(*args)

    patch.setattr(centre.writer, "move_within", anyhow)


def nobody_has_it(_centre: Centre, patch: Patch) -> None:
    patch.setattr(sweeper, "_UNOWNED", frozenset(State))


def all_are_asked_what_is_over(_centre: Centre, patch: Patch) -> None:
    ended = AllCrossings.ended

    def anyhow(self: AllCrossings, entries: Sequence[Entry]) -> Sequence[Entry]:
        owed, self._owed = self._owed, {}
        try:
            return ended(self, entries)
        finally:
            self._owed = owed

    patch.setattr(AllCrossings, "ended", anyhow)


GUARDS: dict[str, tuple[Callable[[Centre, Patch], None], Callable[[Centre], None]]] = {
    "the look-up by key": (no_look_up, one_entry_for_a_matter),
    "the unique index of open keys": (no_index, the_database_knows_the_key),
    "the CHECK of due times": (no_check, nothing_open_is_without_a_due_time),
    "the epoch of a claim": (no_epoch, a_sleeper_changes_nothing),
    "the lease of a claim": (no_lease, what_is_claimed_is_not_claimed_again),
    "the watermark": (no_watermark, what_crossed_while_we_were_off_is_raised),
    "the instant of an occurrence": (no_instants, what_was_closed_stays_closed),
    "the look at the monotonic clock": (no_look_at_the_clock, a_step_back_delays_nothing),
    "the owner in the table of moves": (no_owner, a_stranger_cannot_act),
    "the version that the actor saw": (no_version, who_looked_earlier_is_told),
    "the trigger of the history": (no_trigger, the_past_cannot_be_changed),
    "the epoch of a notice": (any_epoch_settles, a_sleeping_dispatcher_settles_nothing),
    "the lease of a notice": (no_lease_of_a_notice, what_is_being_sent_is_sent_by_one),
    "the look at who listens": (a_listener_is_taken_for_granted, what_nobody_heard_is_not_sent),
    "the label of a notice told again": (no_label, what_may_have_been_heard_says_so),
    "the point that a silent finder is owed": (the_watermark_waits_for_nobody, a_silent_finder_loses_nothing),
    "the version that was over": (any_version_is_settled, what_came_again_is_not_over),
    "the look at who has what is over": (nobody_has_it, who_took_it_ends_it),
    "the silence of who is behind": (all_are_asked_what_is_over, who_is_behind_ends_nothing),
    "the instant at which an owner got it": (no_look_at_when_they_got_it, what_came_after_a_shift_stays),
}


@pytest.mark.parametrize("name", GUARDS)
def test_with_its_guard_it_holds(centre: Centre, name: str) -> None:
    GUARDS[name][1](centre)


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_it_does_not(centre: Centre, monkeypatch: Patch, name: str) -> None:
    remove, holds = GUARDS[name]
    remove(centre, monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        holds(centre)
