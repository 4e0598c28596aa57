"""The fold of clocks on vectors against the plain one, ticket by ticket."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from console.clock import DAY
from console.models.domain.calendars import CalendarError
from console.models.domain.clock_history import Happening, cycles_of
from console.models.domain.clock_states import AppliedClock, Cycle, judge
from console.models.domain.clock_targets import ClockTargets
from console.models.domain.ports import Rows
from console.models.live import fold
from console.models.live.cycle_runs import Cycles
from console.models.live.cycle_states import applied, judged
from console.models.live.cycles import CycleFold
from tests.models.live.clock_logs import as_rows, policies, tickets

Case = tuple[list[list[Happening]], ClockTargets]
cases = some.tuples(tickets(), policies())


def order(cycle: Cycle) -> tuple[int, int, str, int]:
    return cycle.ticket, cycle.started_at, cycle.clock, cycle.number


def by_vectors(parts: list[Rows], tickets_: int, targets: ClockTargets, as_of: int) -> list[AppliedClock]:
    """All clocks of tickets 1 to n, whose events come in pieces."""
    clocks = CycleFold(targets)
    slots = clocks.columns.add(np.arange(1, tickets_ + 1, dtype=np.int32))
    for rows in parts:
        rows = rows[fold.in_order(rows)]
        clocks.apply(slots[rows["subject"] - 1], rows)
    found = Cycles.joined([clocks.take_stopped(), clocks.running(slots)[0]])
    pauses, table = clocks.columns.pauses, clocks.table
    counted = judged(found, pauses, table, targets, as_of)
    return sorted(applied(*counted, pauses, table), key=lambda clock: order(clock.cycle))


def plainly(histories: list[list[Happening]], targets: ClockTargets, as_of: int) -> list[AppliedClock]:
    cycles = [one for ticket, events in enumerate(histories, 1) for one in cycles_of(ticket, events, targets)]
    return judge(sorted(cycles, key=order), targets, as_of)


def agrees(case: Case, later: int, cuts: list[int]) -> None:
    """Both ways say the same of every clock: the cycle with its pauses and its rule, due time, state and margin."""
    histories, targets = case
    rows = as_rows(histories)
    as_of = int(rows["at"].max()) + later
    try:
        expected = plainly(histories, targets, as_of)
    except CalendarError as error:
        with pytest.raises(type(error)):
            by_vectors([rows], len(histories), targets, as_of)
        return
    places = sorted(cut % (rows.size + 1) for cut in cuts)
    assert by_vectors(np.split(rows, places), len(histories), targets, as_of) == expected


_later = some.integers(0, 3 * DAY)
_cuts = some.lists(some.integers(0, 1000), max_size=3)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases, _later, _cuts)
def test_clocks_on_vectors_equal_the_plain_ones(case: Case, later: int, cuts: list[int]) -> None:
    agrees(case, later, cuts)


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases, _later, _cuts)
def test_clocks_on_vectors_equal_the_plain_ones_ten_thousand_times(case: Case, later: int, cuts: list[int]) -> None:
    agrees(case, later, cuts)
