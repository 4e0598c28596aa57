"""The engine with its inbox over open tickets, the system's clock and a stream of events: how late breaches come in."""

from __future__ import annotations

import os
import random
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import synthetic
from console.clock import HOUR, MINUTE, SECOND, SystemClock
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.clock_targets import ClockName, ClockTargets, Level, TargetRule
from console.models.domain.contacts import Channel, Role
from console.models.domain.escalation_ports import Waiting
from console.models.domain.events import ROW, Event, Kind, Origin
from console.models.live.deadlines import Deadlines
from console.models.policy import policy as policies

TARGET = 2 * HOUR
SECONDS = 60
_STEP = 0.05


def delays(directory: Path, count: int, rate: int) -> list[float]:
    """Seconds from the due instant of each breach until the console heard of its entry, which is committed by then.

    The tickets came evenly over the last two hours and are due two hours after they came.
    """
    shutil.rmtree(directory, ignore_errors=True)
    # The anchor of the audit trail belongs to this database alone, which is made anew.
    os.environ["XDG_STATE_HOME"] = str(directory / "state")
    clock = SystemClock()
    rows = np.zeros(count, ROW)
    rows["subject"] = rows["seq"] = rows["key"] = np.arange(1, count + 1)
    rows["at"] = np.linspace(clock.now() - TARGET + MINUTE // 3, clock.now(), count).astype(np.int64)
    rows["kind"], rows["value"], rows["role"], rows["source"] = Kind.CREATED, pack(channel=Channel.EMAIL), 1, 1
    synthetic.write(directory, rows)
    rule = TargetRule(ClockName.FIRST_RESPONSE, Level.ANY, 0, TARGET, "R-FRT-CHANNEL")
    policy = replace(policies.default(), targets=ClockTargets((rule,)))
    heard: list[tuple[int, int]] = []

    def hear(waiting: Waiting) -> None:
        heard.append((waiting.entry, clock.now()))

    with Engine(directory, clock=clock, policy=policy) as engine:
        deadlines = Deadlines(engine.log, policy)
        engine.tail.subscribe(deadlines.receive)
        deadlines.load(clock.now())
        engine.notices.subscribe(hear)
        engine.watch(deadlines)
        _stream(engine, count, rate)
        entries = dict(reversed(heard))
        return [(at - engine.inbox.entry(entry).occurred_at) / SECOND for entry, at in entries.items()]


def _stream(engine: Engine, count: int, rate: int) -> None:
    """Messages of random tickets' customers, by schedule, until enough tickets have fallen due."""
    chance = random.Random(5)
    begun = time.monotonic()
    sent = 0
    while (elapsed := time.monotonic() - begun) < SECONDS:
        wanted = int(elapsed * rate)
        events = [
            Event(
                Kind.CUSTOMER_MESSAGE,
                f"T-{chance.randrange(count) + 1:07d}",
                engine.clock.now(),
                (1 << 40) + number,
                role=Role.CUSTOMER,
            )
            for number in range(sent, wanted)
        ]
        if events:
            engine.intake.submit("bench", events, origin=Origin.STREAM)
        sent = wanted
        time.sleep(_STEP)
