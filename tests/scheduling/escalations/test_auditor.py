"""The auditor sees a sweep that does not work, and a look that fails."""

from __future__ import annotations

import pytest

from console.clock import MINUTE, SECOND
from console.models.domain.escalation_ports import Overdue
from console.scheduling.escalations.auditor import Auditor, Finding
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre


@pytest.fixture
def heard() -> list[Finding]:
    return []


def test_what_is_overdue_by_more_than_ten_seconds_is_reported_until_it_is_well(
    centre: Centre, heard: list[Finding]
) -> None:
    auditor = Auditor(centre.reader, centre.clock, heard.append)
    centre.writer.raise_all([breach()], NOON, RULES)
    centre.clock.advance(5 * 60 + 10)
    assert auditor.look().is_well
    assert heard == []
    centre.clock.advance(1)
    assert auditor.look() == Finding(overdue=1, oldest_late=11 * SECOND)
    centre.turn()
    auditor.look()
    auditor.look()
    assert heard == [Finding(overdue=1, oldest_late=11 * SECOND), Finding()]


def test_a_sweep_that_is_silent_is_reported_though_nothing_is_due(centre: Centre, heard: list[Finding]) -> None:
    auditor = Auditor(centre.reader, centre.clock, heard.append, swept_at=lambda: centre.sweeper.finished_at)
    centre.turn(9)
    centre.clock.advance(10)
    auditor.look()
    assert heard == []
    centre.clock.advance(1)
    auditor.look()
    assert heard == [Finding(silent_seconds=11.0)]


def test_a_look_that_fails_is_not_content(
    centre: Centre, heard: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_at: int) -> Overdue | None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(centre.reader, "overdue", broken)
    Auditor(centre.reader, centre.clock, heard.append).look()
    assert [finding.failure for finding in heard] == ["the database is gone"]


def test_it_looks_every_half_minute_and_outlives_a_listener_that_fails(centre: Centre) -> None:
    waits: list[float] = []
    told: list[Finding] = []

    class Thrice:
        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            return len(waits) < 4

        def rest(self, seconds: float) -> bool:
            return True

        def wake(self) -> None: ...

        def end(self) -> None: ...

    def fail(finding: Finding) -> None:
        told.append(finding)
        raise RuntimeError("no speaker")

    centre.writer.raise_all([breach()], NOON, RULES)
    centre.clock.advance(MINUTE)
    auditor = Auditor(centre.reader, centre.clock, fail, waiter=Thrice())
    auditor.start()
    auditor.stop()
    assert waits == [30.0] * 4
    assert len(told) == 3


def test_a_finder_that_cannot_say_what_crossed_is_reported(centre: Centre, heard: list[Finding]) -> None:
    blind = ["Deadlines: no answer"]
    auditor = Auditor(centre.reader, centre.clock, heard.append, blind=lambda: tuple(blind))
    auditor.look()
    blind.clear()
    auditor.look()
    assert heard == [Finding(blind=("Deadlines: no answer",)), Finding()]
