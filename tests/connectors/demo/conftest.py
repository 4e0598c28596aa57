"""A simulated working day, made once and looked at by many tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from console.clock import DAY as ONE_DAY
from console.connectors.demo import Site
from console.connectors.demo.day import Day
from console.models.domain.events import Event, Kind

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2026, 3, 4)
SEED = 7
SITE = Site(SEED, SHANGHAI)


@dataclass
class Lived:
    """A day from midnight to midnight, and what came of it afterwards."""

    day: Day
    events: list[Event] = field(default_factory=list)
    after: list[Event] = field(default_factory=list)

    @property
    def all(self) -> list[Event]:
        return self.events + self.after

    def of(self, kind: Kind) -> list[Event]:
        return [event for event in self.all if event.kind is kind]

    def by_ticket(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.all:
            if event.kind < Kind.AGENT_LOGIN:
                found.setdefault(event.subject, []).append(event)
        return found


def live_through(when: date = WEDNESDAY, site: Site = SITE, bodies: bool = True) -> Lived:
    day = Day(site, when, bodies)
    lived = Lived(day)
    lived.events = day.advance(day.local.end - 1)
    lived.after = day.advance(day.local.end + 5 * ONE_DAY)
    return lived


@pytest.fixture(scope="session")
def lived() -> Lived:
    return live_through()


@pytest.fixture(scope="session")
def week() -> Sequence[Lived]:
    return [live_through(date(2026, 3, number), bodies=False) for number in (5, 6, 7)]
