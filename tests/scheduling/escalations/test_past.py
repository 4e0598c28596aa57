"""A console that starts on a log with a past: who still waits is raised once, what is over is not."""

from __future__ import annotations

from dataclasses import replace

from console.clock import DAY, MINUTE
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence
from console.scheduling.escalations.past import Past
from tests.models.domain.escalation_cases import NOON, breach
from tests.scheduling.escalations.conftest import Centre


def wait(ticket: int, at: int) -> Occurrence:
    key = Key(ObjectKind.TICKET, ticket, Cause.WAIT, "first_response:1")
    return replace(breach(ticket, at=at), key=key, rule="R-ESC")


def named(ticket: int, at: int, cause: Cause) -> Occurrence:
    return replace(breach(ticket, at=at), key=Key(ObjectKind.TICKET, ticket, cause))


def test_of_the_past_only_who_waits_stays_and_once() -> None:
    late = NOON - DAY
    found = [
        wait(1, late),
        breach(1, at=late - MINUTE),
        breach(2, cycle="resolution:1", at=late),
        breach(3, cycle="next_response:4", at=late),
        named(4, late, Cause.STALLED),
        named(5, late, Cause.REQUEST),
    ]
    past = Past(NOON)
    assert past.sift(found) == [found[0], found[3], found[5]]
    # Named again at a later turn, or after a restart, it is the same one.
    assert past.sift(found[:2]) == found[:1]


def test_what_comes_after_is_no_past() -> None:
    found = [breach(1, cycle="resolution:1", at=NOON + 1), breach(1, at=NOON + 1), wait(1, NOON + 1)]
    assert Past(NOON).sift(found) == found
    past = Past(NOON)
    past.end_at(NOON - DAY)
    past.end_at(NOON)
    assert past.sift([breach(1, cycle="resolution:1", at=NOON - MINUTE)]) != []


def test_the_past_stays_the_past_after_a_restart(centre: Centre) -> None:
    centre.turn()
    late = [breach(1, cycle="resolution:1", at=NOON - 30), breach(2, cycle="resolution:1", at=NOON + 30)]
    for _start in range(2):
        centre.restarted()
        # A finder may name what became known too late, whenever that was.
        centre.crossings.between = lambda _after, _until: late  # type: ignore[method-assign]  # a finder that recalls
        centre.turn(60)
    assert [entry.ticket for entry in centre.reader.open_entries()] == [2]


def test_after_a_step_back_of_the_clock_nothing_is_taken_for_the_past(centre: Centre) -> None:
    centre.turn()
    centre.clock.jump(-3_600)
    centre.turn(1)
    centre.crossings.all = [breach(3, cycle="resolution:1", at=centre.clock.now() + MINUTE)]
    centre.restarted()
    assert [entry.ticket for entry in centre.turn(60).raised] == [3]
