"""What the window is told of its sources: a quiet one is not a silent one."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from console.clock import MINUTE, FixedClock
from console.engine import Engine
from console.feeds import EngineFeed
from console.models.policy import policy

LONG = 60.0


def test_a_source_with_nothing_new_stays_fresh(tmp_path: Path, clock: FixedClock) -> None:
    engine = Engine(tmp_path, clock=clock)
    feed = EngineFeed(engine, policy.default(), ZoneInfo("UTC"), seed=3, past_days=0, wait_for_today=True)
    feed.begin()
    opened = feed.opened().result(LONG)
    try:
        assert opened.board.columns.count > 0
        (source,) = feed.sources()
        assert source.name == "demo"
        assert not source.file
        assert clock.now() - source.at < MINUTE
    finally:
        feed.close()
    assert feed.opened().done()
