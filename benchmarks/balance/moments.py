"""How often the handled balance can go on between two looks: ``python -m benchmarks.balance.moments``.

A centre of 500 agents and a day of 30,000 contacts on a real log. After each of many short steps of new events the
balance of the last hour and of the day goes on; the usual way is to look at the whole window anew. Prints CPU time of
both and how many moments a second the screen gets out of it, which spends a fifth of a worker's time on them. Exit code
1 when that is less than five a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from console.clock import HOUR, MINUTE, SECOND, SystemClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Role, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.balance import RunningBalance
from console.models.queries.balance_windows import Window
from console.models.queries.eligibility import directory_for
from console.models.store.database import place
from console.models.store.log import EventLog, open_log
from console.views.screens.balance.reading import LEAST_PAUSE, PAUSE_PER_WORK

LEAST_RATE = 5.0
AGENTS, CONTACTS, QUEUES = 500, 30_000, 12
LENGTH = 12 * HOUR
NINE = 1_772_442_000_000_000
STEPS = 20
PER_STEP = 12
"""Events between two moments: 500 agents write some eighty a second, seven times a second."""


class Day:
    """The events of the day in the order of time; some agents get much more than others."""

    def __init__(self, seed: int) -> None:
        chance = np.random.default_rng(seed)
        odds = chance.lognormal(0.0, 1.0, AGENTS)
        self._agent = chance.choice(AGENTS, CONTACTS, p=odds / odds.sum()).tolist()
        self._begin = np.sort(chance.integers(0, LENGTH - 20 * MINUTE, CONTACTS)).tolist()
        self._length = chance.integers(MINUTE, 15 * MINUTE, CONTACTS).tolist()

    def events(self) -> list[Event]:
        """All of them."""
        told = [event for number in range(AGENTS) for event in self._log_in(number)]
        for number in range(CONTACTS):
            told += self._contact(number)
        return sorted(told, key=lambda event: (event.at, event.native))

    def _log_in(self, number: int) -> Iterator[Event]:
        skills = [f"Queue {number % QUEUES}", f"Queue {(number + 1) % QUEUES}"]
        detail = {"skills": skills, "team": f"Team {number % QUEUES}"}
        yield Event(Kind.AGENT_LOGIN, f"Agent {number}", NINE, number, number, value=4, detail=detail)

    def _contact(self, number: int) -> Iterator[Event]:
        agent = self._agent[number]
        name, ref, at = f"Agent {agent}", f"T{number}", NINE + self._begin[number]
        end, key = at + self._length[number], 1_000 + 10 * number
        about = pack(channel=Channel.WEB_CHAT, type=InquiryType(1 + number % 12))
        words = {"subject": "", "customer": f"Customer {number % 9_000}"}
        queue = f"Queue {agent % QUEUES}"
        yield Event(Kind.CREATED, ref, at, key, key, value=about, name=queue, detail=words)
        yield Event(Kind.ASSIGNED, ref, at, key + 1, key + 1, role=Role.SYSTEM, name=name)
        for place_, share in enumerate((0.3, 0.7)):
            key_ = key + 2 + place_
            yield Event(Kind.PUBLIC_REPLY, ref, at + round(share * (end - at)), key_, key_, actor=name, role=Role.AGENT)
        resolved = Status.RESOLVED
        yield Event(Kind.STATUS_CHANGED, ref, end, key + 4, key + 4, actor=name, role=Role.AGENT, value=resolved)


def measure(log: EventLog, told: list[Event], length: int) -> tuple[float, float]:
    """CPU seconds of a look and of a moment, over the last steps of the day."""
    reader, policy = log.reader, policies.default()
    before = told[: -STEPS * PER_STEP]
    now = before[-1].at
    board = load_board(reader, None, policy, now, Progress())
    known = directory_for(reader, board, policy.skew, now)
    running = RunningBalance(reader, board, policy.skew, known)
    running.look(Window(now - length, now))
    looks, moments = [], []
    for step in range(STEPS):
        fresh = told[len(before) + step * PER_STEP :][:PER_STEP]
        now = max(now, fresh[-1].at + SECOND)
        assert log.intake.submit("desk", fresh, origin=Origin.STREAM).wait(30)
        board.apply(reader.read(board.seq, 10_000))
        began = time.thread_time()
        went_on = running.go_on(Window(now - length, now))
        moments.append(time.thread_time() - began)
        began = time.thread_time()
        looked = RunningBalance(reader, board, policy.skew, known).look(Window(now - length, now))
        looks.append(time.thread_time() - began)
        assert went_on is not None
        assert looked is not None
        assert went_on.people == looked.people, "a moment must be what a look finds"
    return float(np.median(looks)), float(np.median(moments))


def main() -> int:
    """Measure both windows and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    slowest = float("inf")
    print(f"{'window':<14}{'a look':>12}{'a moment':>12}{'ratio':>8}{'a second':>10}")
    for name, length in (("last hour", HOUR), ("whole day", LENGTH)):
        with tempfile.TemporaryDirectory() as folder:
            log = open_log(place(Path(folder)), SystemClock())
            log.start()
            told = Day(options.seed).events()
            assert log.intake.submit("desk", told[: -STEPS * PER_STEP], origin=Origin.STREAM).wait(300)
            look, moment = measure(log, told, length)
            log.stop()
        rate = 1 / (moment + max(LEAST_PAUSE, PAUSE_PER_WORK * moment))
        slowest = min(slowest, rate)
        print(f"{name:<14}{look * 1e3:>9.1f} ms{moment * 1e3:>9.1f} ms{look / moment:>7.1f}x{rate:>10.1f}")
    print(f"at least {slowest:.1f} moments a second: {slowest / LEAST_RATE:.2f} of the limit")
    return 0 if slowest >= LEAST_RATE else 1


if __name__ == "__main__":
    sys.exit(main())
