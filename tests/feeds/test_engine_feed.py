"""What the window is told of its sources: a quiet one is not a silent one."""

from __future__ import annotations

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.clock import DAY, MINUTE, FixedClock, ScaledClock
from console.connectors.demo.connector import SOURCE
from console.engine import Engine
from console.errors import UsageError
from console.feeds import EngineFeed, ReaderFeed, engine_feed
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.policy import policy
from console.models.store.database import place
from console.models.store.log import open_log, open_reader
from tests.models.store.conftest import NOON, message

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


def test_what_the_centre_does_of_itself_comes_into_the_inbox(tmp_path: Path) -> None:
    engine = Engine(tmp_path, clock=ScaledClock(NOON, 60))
    feed = EngineFeed(engine, policy.default(), ZoneInfo("Asia/Shanghai"), seed=7, speed=60, past_days=0)
    told, told_later = threading.Event(), threading.Event()
    feed.listen(lambda _notice: told.set())
    feed.begin()
    feed.opened().result(LONG)
    feed.listen(lambda _notice: told_later.set())
    try:
        assert told.wait(LONG)
        assert told_later.wait(LONG)
        assert engine.inbox.open_entries()
    finally:
        feed.close()


def test_the_centre_is_known_by_its_name() -> None:
    assert engine_feed.DEMO == SOURCE


def test_the_demonstration_centre_stays_out_of_real_data(tmp_path: Path, clock: FixedClock) -> None:
    with open_log(place(tmp_path), clock) as log:
        assert log.intake.submit("desk", [message("T-1", 1)], origin=Origin.IMPORT).wait(LONG)
    feed = EngineFeed(Engine(tmp_path, clock=clock), policy.default(), ZoneInfo("UTC"), seed=3, past_days=0)
    feed.begin()
    try:
        with pytest.raises(UsageError, match="desk"):
            feed.opened().result(LONG)
    finally:
        feed.close()
    reader = open_reader(place(tmp_path))
    try:
        assert reader.count() == 1
    finally:
        reader.close()


def test_what_the_console_says_of_itself_is_no_source_and_no_real_data(tmp_path: Path, clock: FixedClock) -> None:
    told = Event(Kind.POLICY_CHANGED, "policy", clock.now(), "policy", detail={"values": {}})
    with open_log(place(tmp_path), clock) as log:
        assert log.intake.submit("console", [told], origin=Origin.OUTBOX).wait(LONG)
    reader = ReaderFeed(tmp_path, None, policy.default(), clock)
    reader.begin()
    reader.opened().result(LONG)
    assert list(reader.sources()) == []
    reader.close()
    feed = EngineFeed(Engine(tmp_path, clock=clock), policy.default(), ZoneInfo("UTC"), seed=3, past_days=0)
    feed.begin()
    try:
        feed.opened().result(LONG)
    finally:
        feed.close()


def test_a_file_that_is_imported_again_keeps_its_own_time(tmp_path: Path, clock: FixedClock) -> None:
    told = NOON - 400 * DAY
    engine = Engine(tmp_path, clock=clock)
    feed = EngineFeed(engine, policy.default(), ZoneInfo("UTC"))
    feed.begin()
    feed.opened().result(LONG)
    try:
        assert engine.intake.submit("desk", [message("T-1", 1, told)], origin=Origin.IMPORT).wait(LONG)
        assert engine.intake.submit("desk", [message("T-2", 2, told - DAY)], origin=Origin.IMPORT).wait(LONG)
        (source,) = feed.sources()
        assert (source.name, source.at, source.file) == ("desk", told, True)
    finally:
        feed.close()


def test_another_policy_makes_the_board_that_a_fresh_start_would_make(tmp_path: Path, clock: FixedClock) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text('[first_response.channel]\nweb_chat = "1 s"\nemail = "1 min"\n', encoding="utf-8")
    policies = [policy.default(), policy.load_over_default(strict)]
    feed = EngineFeed(
        Engine(tmp_path, clock=clock), policies[0], ZoneInfo("UTC"), seed=3, past_days=0, wait_for_today=True
    )
    feed.begin()
    try:
        before = feed.opened().result(LONG).board
        after = feed.opened_under(policies[1], Progress()).board
    finally:
        feed.close()
    reader = ReaderFeed(tmp_path, None, policies[1], clock)
    reader.begin()
    try:
        fresh = reader.opened().result(LONG).board
        back = reader.opened_under(policies[0], Progress()).board
    finally:
        reader.close()
    now = clock.now()
    assert after.clocks.breached(now).tolist() == fresh.clocks.breached(now).tolist()
    assert back.clocks.breached(now).tolist() == before.clocks.breached(now).tolist()
    assert after.clocks.breached(now).sum() > before.clocks.breached(now).sum()
    assert after.policy is policies[1]
