"""How often the breach forecast came true: ``python -m benchmarks.forecast --days 3``.

Days of the demonstration centre, a forecast every ten minutes from 9:00 to 20:00. Prints for each day how many breaches
were foretold, how many of them came true (precision), how many of those that came had been foretold (recall), and the
share that breached at all, which is the precision of guessing.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.forecast.backtest import Score, backtest
from console.clock import MINUTE, micros
from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.site import Site
from console.engine import Engine
from console.models.domain.events import Origin
from console.models.live.board import Board
from console.models.policy import policy as policies

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)


def day(number: int, seed: int) -> Score:
    """The score of one day."""
    midnight = MONDAY + timedelta(days=number)
    end = micros(midnight + timedelta(hours=22))
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as engine:
        events = DemoCentre(Site(seed, ZONE), end).advance(end)
        engine.intake.submit("demo", events, origin=Origin.DEMO).wait()
        rows = engine.log.rows(0, engine.log.last_seq())
    board = Board(replace(policies.default(), time_zone=ZONE))
    start, last = micros(midnight + timedelta(hours=9)), micros(midnight + timedelta(hours=20))
    return backtest(board, rows, start, last, 10 * MINUTE)


def main() -> None:
    """Run the days and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    total = Score()
    for number in range(options.days):
        score = day(number, options.seed)
        total += score
        _print(f"{MONDAY + timedelta(days=number):%a %d %b}", score)
    _print("all", total)


def _print(name: str, score: Score) -> None:
    told = score.late_and_told + score.told_but_in_time
    came = score.late_and_told + score.late_but_not_told
    print(
        f"{name:>10}  foretold {told:5}  breached {came:5}  precision {score.precision:.2f}  recall {score.recall:.2f}"
        f"  base rate {score.base_rate:.2f}  left {score.left}  too few answers to tell {score.untold}"
    )


if __name__ == "__main__":
    main()
