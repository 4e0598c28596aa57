"""The effect on every clock is what the clocks of the same tickets say under each policy."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from console.models.domain.clock_targets import ClockName
from console.models.domain.ports import Cancelled, Progress
from console.models.live.deadlines import Deadlines
from console.models.policy.policy import Policy
from console.models.queries import policy_clocks
from console.models.queries.policy_clocks import Histories
from tests.models.live.stored import StoredLog
from tests.models.queries.test_policy_effect import OLD, policy_with
from tests.views.screens.centre import MORNING, _day

NEW = policy_with(
    {
        "resolution.complaint.high": "1 min",
        "resolution.complaint.medium": "1 min",
        "resolution.complaint.low": "1 min",
        "stage.assigned": "5 min",
        "first_response.channel.email": "10 min",
        "complaints.plan_within": "1 min",
    }
)


@cache
def log() -> StoredLog:
    """The morning of the demonstration centre, as far as its first events go."""
    return StoredLog(_day(MORNING, 7)[0].rows[-6_000:])


def late(policy: Policy) -> Counter[ClockName]:
    """The clocks that run past their due time, one by one."""
    deadlines = Deadlines(log(), policy)
    deadlines.load(MORNING)
    tickets = {int(ticket) for ticket in log().kept["subject"]}
    clocks = deadlines.of(tickets, MORNING)
    return Counter(clock.clock for clock in clocks if clock.due_at is not None and clock.due_at <= MORNING)


@pytest.mark.parametrize("tickets", [10_000, 97])
def test_every_clock_is_counted_under_both_policies(monkeypatch: pytest.MonkeyPatch, tickets: int) -> None:
    monkeypatch.setattr(policy_clocks, "_TICKETS", tickets)
    histories = Histories.read(log(), MORNING, Progress())
    for _again in range(2):
        lines = histories.effect(OLD, NEW, MORNING, Progress())
        assert {line.clock: line.before for line in lines if line.before} == dict(late(OLD))
        assert {line.clock: line.after for line in lines if line.after} == dict(late(NEW))
    changed = {line.clock for line in lines if line.before != line.after}
    assert {ClockName.RESOLUTION, ClockName.STAGE} <= changed


def test_it_stops_when_asked_to() -> None:
    histories = Histories.read(log(), MORNING, Progress())
    with pytest.raises(Cancelled):
        histories.effect(OLD, NEW, MORNING, Progress(cancelled=lambda: True))
