"""Every clock of the tickets in a span of time, and how many were met: the SLA report (R-CLOCK, R-PRECEDENCE)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from console.models.domain.clock_states import AppliedClock, Cycle
from console.models.domain.clock_targets import ClockName, ClockTargets
from console.models.domain.ports import LogReader
from console.models.live import fold
from console.models.live.cycle_columns import Pauses
from console.models.live.cycle_runs import Cycles
from console.models.live.cycle_states import STATES, applied, judged
from console.models.live.cycles import CycleFold
from console.models.live.target_table import CLOCKS, TargetTable

_TICKETS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class SlaTotals:
    """How many cycles of a clock started in the span, and how they stand.

    Those that are running or paused are neither met nor breached, so they count only in ``started``.
    """

    started: int
    met: int
    breached: int
    running: int
    paused: int

    @property
    def decided(self) -> int:
        """Those whose outcome is known: the denominator of compliance."""
        return self.met + self.breached

    @property
    def compliance(self) -> float | None:
        """Met / decided; None where nothing is decided."""
        return self.met / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class SlaReport:
    """The clocks that started in ``start <= t < end`` as they stood at ``as_of`` (microseconds since the epoch).

    Clocks stand in the order of ticket reference, start and name, and ``tickets`` names each ticket's reference; both
    are empty where only the totals were asked for.
    """

    start: int
    end: int
    as_of: int
    clocks: list[AppliedClock]
    tickets: dict[int, str]
    totals: dict[ClockName, SlaTotals]


def sla_report(
    log: LogReader, targets: ClockTargets, start: int, end: int, now: int, *, listed: bool = True
) -> SlaReport:
    """Judge every clock that started between two instants, by what was known at the end of the span (or now, when the
    end is still to come). The same span gives the same report later, unless events arrive late.

    Without ``listed`` only the totals are told: over a million tickets that takes seconds. Raises `CalendarError` where
    the working calendar cannot answer.
    """
    as_of = min(end, now)
    table = TargetTable(targets)
    clocks: list[AppliedClock] = []
    counts = np.zeros((len(CLOCKS), len(STATES)), dtype=np.int64)
    for cycles, pauses in _all_cycles(log, targets, as_of):
        some = cycles.chosen((cycles.started >= start) & (cycles.started < end))
        counted, found = judged(some, pauses, table, targets, as_of)
        np.add.at(counts, (counted.lane, found.state), 1)
        if listed:
            clocks += applied(counted, found, pauses, table)
    tickets = {text.id: text.ref for text in log.texts(sorted({clock.cycle.ticket for clock in clocks}))}
    clocks.sort(key=lambda clock: _order(clock.cycle, tickets))
    totals = {clock: _totals(row) for clock, row in zip(CLOCKS, counts.tolist(), strict=True) if sum(row)}
    return SlaReport(start, end, as_of, clocks, tickets, totals)


def _all_cycles(log: LogReader, targets: ClockTargets, as_of: int) -> Iterator[tuple[Cycles, Pauses]]:
    """The cycles of all tickets that something had happened to, so many tickets at once."""
    rows = log.between(-1, as_of)
    rows = rows[fold.is_ticket(rows)]
    rows = rows[fold.in_order(rows)]
    firsts = np.flatnonzero(fold.firsts(rows["subject"]))[::_TICKETS_AT_ONCE].tolist()
    for first, last in pairwise([*firsts, rows.size]):
        part = rows[first:last]
        clocks = CycleFold(targets, capacity=_TICKETS_AT_ONCE)
        begins = fold.firsts(part["subject"])
        slots = clocks.columns.add(part["subject"][begins])
        clocks.apply(slots[np.cumsum(begins) - 1], part)
        yield Cycles.joined([clocks.take_stopped(), clocks.running(slots)[0]]), clocks.columns.pauses


def _order(cycle: Cycle, tickets: Mapping[int, str]) -> tuple[str, int, str, int, int]:
    return tickets[cycle.ticket], cycle.started_at, cycle.clock, cycle.ticket, cycle.number


def _totals(counts: Sequence[int]) -> SlaTotals:
    by_state = {state.value: count for state, count in zip(STATES, counts, strict=True)}
    return SlaTotals(sum(counts), **by_state)
