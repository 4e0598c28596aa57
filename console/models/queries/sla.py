"""Every clock of the tickets in a span of time, and how many were met: the SLA report (R-CLOCK, R-PRECEDENCE)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from console.models.domain.clock_history import cycles_of
from console.models.domain.clock_states import AppliedClock, Cycle, State, judge
from console.models.domain.clock_targets import ClockName, ClockTargets
from console.models.domain.events import FIRST_AGENT_KIND
from console.models.domain.ports import LogReader


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

    Clocks stand in the order of ticket reference, start and name; ``tickets`` names each ticket's reference.
    """

    start: int
    end: int
    as_of: int
    clocks: list[AppliedClock]
    tickets: dict[int, str]
    totals: dict[ClockName, SlaTotals]


def sla_report(log: LogReader, targets: ClockTargets, start: int, end: int, now: int) -> SlaReport:
    """Judge every clock that started between two instants, by what was known at the end of the span (or now, when the
    end is still to come). The same span gives the same report later, unless events arrive late.

    Raises `CalendarError` where the working calendar cannot answer.
    """
    as_of = min(end, now)
    cycles = [cycle for cycle in _all_cycles(log, targets, as_of) if start <= cycle.started_at < end]
    applied = judge(cycles, targets, as_of)
    tickets = {text.id: text.ref for text in log.texts(sorted({clock.cycle.ticket for clock in applied}))}
    applied.sort(key=lambda clock: (tickets[clock.cycle.ticket], clock.cycle.started_at, clock.cycle.clock))
    totals = {name: _totals(clock for clock in applied if clock.cycle.clock is name) for name in ClockName}
    return SlaReport(
        start, end, as_of, applied, tickets, {name: total for name, total in totals.items() if total.started}
    )


def _all_cycles(log: LogReader, targets: ClockTargets, as_of: int) -> Iterable[Cycle]:
    rows = log.between(-1, as_of)
    rows = rows[rows["kind"] < FIRST_AGENT_KIND]
    # The one order of a ticket's events that does not depend on their arrival.
    rows = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"], rows["subject"]))]
    subjects = rows["subject"]
    firsts = np.flatnonzero(np.diff(subjects, prepend=-1)).tolist()
    events = list(
        zip(rows["kind"].tolist(), rows["at"].tolist(), rows["value"].tolist(), rows["role"].tolist(), strict=True)
    )
    for first, last in zip(firsts, [*firsts[1:], len(events)], strict=True):
        yield from cycles_of(int(subjects[first]), events[first:last], targets)


def _totals(clocks: Iterable[AppliedClock]) -> SlaTotals:
    counts = dict.fromkeys(State, 0)
    for clock in clocks:
        counts[clock.state] += 1
    return SlaTotals(sum(counts.values()), **{state.value: count for state, count in counts.items()})
