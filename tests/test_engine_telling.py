"""What was decided before a console died is told to the ticket's record when the next one starts."""

from __future__ import annotations

from pathlib import Path

from console.clock import FixedClock
from console.engine import Engine
from console.models.actions.compensation import CompensationActions
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.money import Money
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy

LONG = 30.0


def notes(engine: Engine) -> list[str]:
    return [event.body for event in engine.log.timeline(1) if event.kind is Kind.PRIVATE_NOTE]


def test_what_nobody_told_is_told_once_at_the_next_start(tmp_path: Path, clock: FixedClock) -> None:
    with Engine(tmp_path, clock=clock) as engine:
        created = Event(Kind.CREATED, "T-1", clock.now(), 1)
        assert engine.intake.submit("desk", [created], origin=Origin.STREAM).wait(LONG)
        # One that ends before it can write into the log.
        silent = CompensationActions(engine.desk().compensation.requests, policy.default, clock)  # type: ignore[arg-type]  # a reader for screens, a writer in truth
        silent.propose(
            Actor(engine.access.creator, frozenset({AccountRole.ADMIN})), 1, Case(Money(90_000), Cause.WRONG_ITEM), 0
        )
        assert notes(engine) == []
    with Engine(tmp_path, clock=clock) as engine:
        assert len(notes(engine)) == 1
        assert "compensation" in notes(engine)[0]
    with Engine(tmp_path, clock=clock) as engine:
        assert len(notes(engine)) == 1
