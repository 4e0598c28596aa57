"""What a break would do to those who wait: cases worked out by hand, and what must hold in all of them."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE, SECOND, SystemClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, Role, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.break_effect import (
    NEVER,
    UNKNOWN,
    BreakEffect,
    QueueEffect,
    QueueNow,
    break_effect,
    look,
    share,
)
from console.models.queries.directory import directory
from console.models.store.database import place
from console.models.store.log import open_log

NOON = 1_772_442_000_000_000
IN_TEN = NOON + 10 * MINUTE


def queue(
    dues: list[int], *, answers: int = 30, lost: float = 0.25, allowed: int = 5 * MINUTE, least: int = 1
) -> QueueNow:
    """Whoever waits, by when their answer is due (seconds from now); answers in half an hour."""
    due = NOON + np.array(dues, dtype=np.int64) * SECOND
    return QueueNow("Hotline", due, answers, 30 * MINUTE, lost, allowed, least)


def only(effect: BreakEffect) -> QueueEffect:
    (one,) = effect.queues
    return one


def test_the_wait_grows_with_the_lost_pace_and_with_the_line() -> None:
    # An answer a minute; four wait: 4 minutes. A quarter is lost: an answer in 80 s, and in ten minutes 2.5 more stand
    # in the line: 6.5 * 80 s.
    found = only(break_effect([queue([3_600] * 4, allowed=HOUR)], NOON, IN_TEN))
    assert (found.wait, found.without) == (4 * MINUTE, int(6.5 * 80 * SECOND))
    assert found.late == 0


def test_those_are_counted_who_are_late_only_without_the_agent() -> None:
    # Places 1 to 4 are answered after 60, 120, 180, 240 s, without the agent after 80, 160, 240, 320 s.
    found = only(break_effect([queue([70, 170, 200, 230], allowed=HOUR)], NOON, IN_TEN))
    assert found.late == 2  # the first and the third; the second is in time all the same, the fourth is late anyway


def test_who_comes_during_the_break_counts_as_well() -> None:
    # One waits and is given 2 min; whoever comes t minutes from now finds 1 + t / 4 before them and waits 80 s for
    # each: late from t = 2 on. Of those at 0.5 to 9.5 min who fall due within the ten minutes (t <= 8) that are six.
    found = only(break_effect([queue([110], allowed=2 * MINUTE)], NOON, IN_TEN))
    assert found.late == 6


def test_an_empty_line_fills_while_the_agent_is_away() -> None:
    # Nobody waits. Half is lost: whoever comes t minutes from now finds t / 2 before them and waits 2 min for each, t
    # in all; given 3 min, those at 3.5 to 6.5 are late who would not have been, and fall due within the ten minutes.
    found = only(break_effect([queue([], lost=0.5, allowed=3 * MINUTE)], NOON, IN_TEN))
    assert (found.wait, found.without, found.late) == (0, 10 * MINUTE, 4)
    assert not found.is_late
    assert only(break_effect([queue([60], allowed=MINUTE - 1)], NOON, IN_TEN)).is_late


def test_what_is_due_later_than_the_break_ends_is_not_told() -> None:
    assert only(break_effect([queue([601], answers=2, allowed=HOUR)], NOON, IN_TEN)).late == 0
    assert only(break_effect([queue([599], answers=4, allowed=HOUR)], NOON, IN_TEN)).late == 1


def test_whoever_answers_alone_leaves_nobody() -> None:
    found = only(break_effect([queue([200, 300], lost=1.0, allowed=HOUR)], NOON, IN_TEN))
    assert (found.without, found.late) == (NEVER, 2)


def test_too_few_answers_tell_nothing() -> None:
    assert only(break_effect([queue([60], answers=0)], NOON, IN_TEN)).wait == UNKNOWN
    assert only(break_effect([queue([60], answers=4, least=5)], NOON, IN_TEN)).wait == UNKNOWN


def test_the_sentence_says_the_worst_queue_and_when() -> None:
    at = NOON + HOUR + 40 * MINUTE
    worst = QueueEffect("Hotline", 80 * SECOND, 130 * SECOND, 4)
    said = BreakEffect(at, (worst,)).sentence(UTC)
    assert said == "Hotline would wait 2:10 instead of 1:20, 4 more late by 10:40"
    two = (worst, QueueEffect("Chat", 10 * MINUTE, 11 * MINUTE, 1), QueueEffect("Mail", 0, 0, 0))
    assert BreakEffect(at, two).sentence(UTC) == (
        "Hotline would wait 2:10 instead of 1:20, 5 more late by 10:40; 1 more queue waits longer"
    )
    calm = QueueEffect("Hotline", 80 * SECOND, 80 * SECOND, 0)
    assert BreakEffect(at, (calm,)).sentence(UTC) == "Nobody would wait longer until 10:40"
    assert BreakEffect(at, ()).sentence(UTC) == "Nobody would wait longer until 10:40"
    longer = QueueEffect("Hotline", 80 * SECOND, 2 * HOUR, 0)
    assert BreakEffect(at, (longer,)).sentence(UTC) == (
        "Hotline would wait 2:00:00 instead of 1:20, nobody more late by 10:40"
    )
    late = QueueEffect("Hotline", 80 * SECOND, 130 * SECOND, 0, True)
    assert BreakEffect(at, (late,)).sentence(UTC) == "Hotline would wait 2:10 instead of 1:20, and is late as it is"
    alone = QueueEffect("Hotline", 80 * SECOND, NEVER, 1)
    assert BreakEffect(at, (alone,)).sentence(UTC) == "Nobody else answers Hotline, 1 more late by 10:40"
    unknown = QueueEffect("Hotline", UNKNOWN, UNKNOWN, 0)
    assert BreakEffect(at, (unknown,)).sentence(UTC) == "Too few answers to say how long Hotline would wait"


def test_a_share_is_of_the_answers_or_where_these_are_too_few_of_the_places() -> None:
    answers, places = {1: 3, 2: 9}, {1: 2, 2: 2}
    assert share(1, answers, places, 10) == 0.25
    assert share(1, answers, places, 13) == 0.5
    assert share(3, answers, places, 1) == 0.0
    assert share(1, {}, {}, 1) == 0.0


dues = st.lists(st.integers(-600, 3_600), max_size=12).map(sorted)


@given(dues, st.integers(1, 60), st.floats(0, 1), st.floats(0, 1), st.integers(0, 60))
def test_a_larger_share_is_never_better_and_no_share_changes_nothing(
    dues: list[int], answers: int, one: float, other: float, minutes: int
) -> None:
    until = NOON + minutes * MINUTE
    low, high = sorted((one, other))
    less, more = (only(break_effect([queue(dues, answers=answers, lost=lost)], NOON, until)) for lost in (low, high))
    assert less.wait == more.wait
    assert 0 <= less.late <= more.late
    assert more.without == NEVER or less.without <= more.without
    none = only(break_effect([queue(dues, answers=answers, lost=0.0)], NOON, until))
    assert (none.without, none.late) == (none.wait, 0)


def _floor(folder: Path, loads: dict[str, int], helper: str = "") -> BreakEffect | None:
    """Ann, Bo and Cy serve the hotline, two places each; each answered ten lately. Three customers wait there. The
    ``helper`` helps out with four places."""
    born = pack(channel=Channel.WEB_CHAT, status=Status.OPEN)
    events = [
        Event(Kind.AGENT_LOGIN, name, NOON - 2 * HOUR, f"{name} in", value=2, detail={"skills": ["Hotline"]})
        for name in loads
    ]
    for name in loads:
        for number in range(10):
            ref, at = f"{name}{number}", NOON - 20 * MINUTE + number * MINUTE
            events += [
                Event(Kind.CREATED, ref, at, f"{ref} 1", value=born, name="Hotline"),
                Event(Kind.ASSIGNED, ref, at, f"{ref} 2", native=1, name=name),
                Event(Kind.PUBLIC_REPLY, ref, at + 30 * SECOND, f"{ref} 3", actor=name, role=Role.AGENT),
                Event(Kind.STATUS_CHANGED, ref, at + MINUTE, f"{ref} 4", value=Status.RESOLVED),
            ]
        for number in range(loads[name]):
            ref = f"{name} has {number}"
            events += [
                Event(Kind.CREATED, ref, NOON - MINUTE, f"{ref} 1", value=born, name="Hotline"),
                Event(Kind.ASSIGNED, ref, NOON - MINUTE, f"{ref} 2", native=1, name=name),
                Event(Kind.PUBLIC_REPLY, ref, NOON - 2 * SECOND, f"{ref} 3", actor=name, role=Role.AGENT),
            ]
    for number in range(3):
        events.append(Event(Kind.CREATED, f"W{number}", NOON - 30 * SECOND, f"W{number}", value=born, name="Hotline"))
    if helper:
        told = {"skills": ["Mail"], "helps": ["Hotline"]}
        events.append(Event(Kind.AGENT_LOGIN, helper, NOON - 2 * HOUR, "helper", value=4, detail=told))
    log = open_log(place(folder), SystemClock())
    log.start()
    try:
        assert log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)
        board = load_board(log.reader, None, policies.default(), NOON, Progress())
        people = directory(log.reader, board)
        assert board.agents[board.names.id("agent", "Ann")].state is AgentState.AVAILABLE
        return look(board, people, board.names.id("agent", "Ann"), NOON, IN_TEN)
    finally:
        log.stop()


def test_of_a_full_floor_the_agents_part_of_the_answers_is_lost(tmp_path: Path) -> None:
    effect = _floor(tmp_path, {"Ann": 2, "Bo": 2, "Cy": 2})
    assert effect is not None
    found = only(effect)
    # 36 answers in half an hour, 12 of them Ann's: an answer in 50 s becomes one in 75 s, and in ten minutes four more
    # stand in the line of three.
    assert (found.name, found.wait, found.without) == ("Hotline", 150 * SECOND, 7 * 75 * SECOND)


def test_what_the_others_have_places_for_is_no_loss(tmp_path: Path) -> None:
    effect = _floor(tmp_path, {"Ann": 2, "Bo": 1, "Cy": 1})
    assert effect is not None
    assert only(effect).without == only(effect).wait
    assert effect.sentence(UTC).startswith("Nobody would wait longer")


def test_whoever_helps_out_stands_in_for_the_only_one(tmp_path: Path) -> None:
    alone = _floor(tmp_path / "alone", {"Ann": 2})
    helped = _floor(tmp_path / "helped", {"Ann": 2}, helper="Dan")
    assert alone is not None
    assert helped is not None
    assert only(alone).without == NEVER
    # Two of six places: a third of the pace. Twelve answers in half an hour and three who wait: each takes 225 s, and
    # in ten minutes 600 / 150 / 3 more come than are answered.
    assert only(helped).without == round((3 + 4 / 3) * 225 * SECOND)
