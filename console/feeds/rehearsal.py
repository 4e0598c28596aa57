"""The last minutes before a picture of the demonstration centre: they are lived through, so that the inbox looks as it
does in the middle of a shift. The same seed and instant make the same picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import tzinfo

from console.clock import MINUTE, SECOND, FixedClock
from console.connectors.demo import DemoConnector
from console.connectors.demo.localday import date_at, local_day
from console.engine import Engine
from console.feeds.demo_people import DemoPeople
from console.models.domain.ports import Clock, Progress

LONG = 30 * MINUTE
STEP = 2 * MINUTE
"""How far the clock moves between two looks of the sweep: no level of the shipped chain is shorter."""
_GLANCE_SECONDS = 0.005


def turn_back(clock: Clock, zone: tzinfo) -> int:
    """Before anything is open: set a clock that stands still to the beginning, never on another day; returns the
    picture's own moment (microseconds)."""
    moment = clock.now()
    if isinstance(clock, FixedClock):
        midnight = local_day(date_at(moment, zone), zone).start
        clock.jump(-min(LONG, moment - midnight) / SECOND)
    return moment


def rehearse(
    engine: Engine,
    demo: DemoConnector,
    people: DemoPeople,
    until: int,
    durable: Callable[[], None],
    progress: Progress,
) -> None:
    """Step by step: the centre lives, the inbox is swept, its people act. ``durable`` waits until what the centre
    handed in is in the log. Raises `Cancelled` when the progress says so."""
    clock = engine.clock
    people.act()
    while isinstance(clock, FixedClock) and clock.now() < until:
        clock.advance(min(STEP, until - clock.now()) / SECOND)
        while demo.heard_at() < clock.now() and demo.runs():
            progress.step(0, 0)
            time.sleep(_GLANCE_SECONDS)
        durable()
        engine.watching.sweep_again()
        people.act()
