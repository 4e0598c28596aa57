"""A ticket whose past comes piece by piece is left alone until all of it is there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from console.clock import DAY, HOUR, MINUTE, SECOND, FixedClock
from console.models.domain.escalation import Occurrence
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Progress
from console.models.policy import policy
from console.models.policy.policy import Policy
from console.scheduling.escalations.settling import QUIET, Settling
from tests.models.domain.escalation_cases import NOON, breach

FILE, DESK = 2, 1


class World:
    """A finder that names what it is told to."""

    def __init__(self) -> None:
        self.crossed: list[Occurrence] = []
        self.stands: list[Occurrence] = []
        self.policy: Policy | None = None
        self.built: Policy | None = None

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        return self.crossed

    def standing(self, at: int) -> Sequence[Occurrence]:
        return self.stands

    def next_after(self, at: int) -> int | None:
        return at + SECOND

    def set_policy(self, policy: Policy) -> None:
        self.policy = policy

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        self.built = policy


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def settling(world: World, clock: FixedClock) -> Settling:
    return Settling(world, clock)


def said(ticket: int, at: int, source: int = FILE) -> Batch:
    rows = np.zeros(1, ROW)
    rows["kind"], rows["at"], rows["subject"], rows["source"] = Kind.CUSTOMER_MESSAGE, at, ticket, source
    return Batch(rows, arrived_at=NOON)


def named(found: Sequence[Occurrence]) -> list[int]:
    return [one.ticket for one in found]


def test_a_ticket_of_an_old_file_waits_until_the_file_is_through(
    settling: Settling, world: World, clock: FixedClock
) -> None:
    settling.receive(said(7, NOON - DAY))
    settling.receive(said(8, NOON - MINUTE, DESK))
    world.crossed = [breach(7, at=NOON - DAY), breach(8), breach(99)]
    assert named(settling.between(NOON, NOON + SECOND)) == [8, 99]
    clock.advance(QUIET - 1)
    # The file goes on with another ticket: this one may still get its answer.
    settling.receive(said(9, NOON - HOUR))
    clock.advance(2)
    assert named(settling.between(NOON, NOON + SECOND)) == [8, 99]
    world.crossed = []
    world.stands = [breach(9, at=NOON - HOUR)]
    clock.advance(QUIET)
    assert named(settling.between(NOON, NOON + SECOND)) == [9]
    assert settling.between(NOON, NOON + SECOND) == []


def test_what_is_live_is_not_held_up(settling: Settling, world: World) -> None:
    settling.receive(said(8, NOON - 9 * MINUTE))
    world.crossed = [breach(8)]
    world.stands = [breach(8)]
    assert named(settling.between(NOON, NOON + SECOND)) == [8]
    assert named(settling.standing(NOON)) == [8]


def test_two_files_end_each_at_its_own_time(settling: Settling, world: World, clock: FixedClock) -> None:
    settling.receive(said(1, NOON - DAY, FILE))
    clock.advance(QUIET - 1)
    settling.receive(said(2, NOON - DAY, DESK))
    world.stands = [breach(1), breach(2)]
    assert settling.standing(NOON) == []
    clock.advance(1)
    assert named(settling.between(NOON, NOON)) == [1]
    clock.advance(QUIET)
    assert named(settling.between(NOON, NOON)) == [1, 2]


def test_everything_else_is_the_finder_s(settling: Settling, world: World) -> None:
    figures = policy.default()
    settling.set_policy(figures)
    assert world.policy is figures
    settling.build_anew(figures, Progress())
    assert world.built is figures
    assert settling.next_after(NOON) == NOON + SECOND
