"""The SLA report over a log: which clocks belong to a span, and what is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from console.models.domain.attributes import pack
from console.models.domain.clock_states import State
from console.models.domain.clock_targets import ClockName, ClockTargets, Level, TargetRule
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, PolicyTold, Rows, TicketText
from console.models.queries.sla import sla_report

TARGETS = ClockTargets((TargetRule(ClockName.FIRST_RESPONSE, Level.CHANNEL, Channel.EMAIL, 100, "R-FRT-CHANNEL"),))


class Log:
    """A log in memory, in whatever order its events came."""

    def __init__(self, *events: tuple[int, Kind, int]) -> None:
        self._rows = np.zeros(len(events), ROW)
        for place, (ticket, kind, at) in enumerate(events):
            row = self._rows[place]
            row["seq"] = row["key"] = place + 1
            row["subject"], row["kind"], row["at"], row["role"] = ticket, kind, at, Role.AGENT
            row["value"] = pack(channel=Channel.EMAIL) if kind is Kind.CREATED else 0

    def last_seq(self) -> int:
        return len(self._rows)

    def first_at(self) -> int:
        return int(self._rows["at"].min())

    def read(self, after: int, limit: int) -> Batch:
        return Batch(self._rows[after : after + limit])

    def rows(self, after: int, until: int) -> Rows:
        return self._rows[after:until]

    def names(self) -> Mapping[str, Mapping[str, int]]:
        return {}

    def texts(self, tickets: Iterable[int]) -> Iterator[TicketText]:
        return (TicketText(ticket, f"T-{ticket}", "", "") for ticket in tickets)

    def text_blocks(self, after: int = 0) -> Iterable[tuple[NDArray[np.int64], bytes]]:
        return ()

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        return self._rows[np.isin(self._rows["subject"], list(tickets))]

    def between(self, start: int, end: int) -> Rows:
        return self._rows[(self._rows["at"] > start) & (self._rows["at"] <= end)]

    def policies(self) -> list[PolicyTold]:
        return []

    def details(self, seqs: Iterable[int]) -> Mapping[int, Mapping[str, object]]:
        return {}


LOG = Log(
    (3, Kind.PUBLIC_REPLY, 130),
    (1, Kind.CREATED, 10),
    (2, Kind.CREATED, 20),
    (3, Kind.CREATED, 25),
    (1, Kind.PUBLIC_REPLY, 50),
    (4, Kind.CREATED, 90),
    (5, Kind.CREATED, 200),
    (9, Kind.AGENT_LOGIN, 30),
)


def test_clocks_stand_as_they_did_at_the_end_of_the_span() -> None:
    report = sla_report(LOG, TARGETS, 0, 150, now=1_000)
    found = [(report.tickets[c.cycle.ticket], c.state, c.due_at, c.margin) for c in report.clocks]
    assert found == [
        ("T-1", State.MET, 110, 60),
        ("T-2", State.BREACHED, 120, -30),
        ("T-3", State.BREACHED, 125, -5),
        ("T-4", State.RUNNING, 190, 40),
    ]
    total = report.totals[ClockName.FIRST_RESPONSE]
    assert (total.started, total.met, total.breached, total.running, total.paused) == (4, 1, 2, 1, 0)
    assert (total.decided, total.compliance) == (3, 1 / 3)


def test_a_clock_belongs_to_the_span_in_which_it_started() -> None:
    report = sla_report(LOG, TARGETS, 20, 90, now=1_000)
    assert set(report.tickets.values()) == {"T-2", "T-3"}
    assert {clock.state for clock in report.clocks} == {State.RUNNING}, "nothing is known of what came after"


def test_a_span_that_is_not_over_stands_as_of_now() -> None:
    report = sla_report(LOG, TARGETS, 0, 10_000, now=40)
    assert report.as_of == 40
    assert {clock.state for clock in report.clocks} == {State.RUNNING}


def test_running_clocks_are_in_neither_numerator_nor_denominator() -> None:
    total = sla_report(LOG, TARGETS, 90, 95, now=95).totals[ClockName.FIRST_RESPONSE]
    assert (total.started, total.running, total.met, total.decided, total.compliance) == (1, 1, 0, 0, None)


def test_an_empty_span_has_no_clocks() -> None:
    report = sla_report(LOG, TARGETS, 500, 600, now=600)
    assert (report.clocks, report.tickets, report.totals) == ([], {}, {})
