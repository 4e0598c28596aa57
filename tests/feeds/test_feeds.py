"""What feeds the window: it opens in a worker, waits for nobody, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import HOUR, SECOND, FixedClock
from console.engine import Engine
from console.errors import SetupError
from console.feeds import EngineFeed, ReaderFeed
from console.models.domain.ports import Batch, Cancelled, Progress
from console.models.policy import policy
from console.models.store.lock import FileLock
from tests.views.stand_ins import SHANGHAI

NOW = 1_795_143_600_000_000
"""2026-11-20 11:00 in Shanghai, in the morning's peak."""
PATIENCE = 60


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[EngineFeed]:
    """A demonstration centre whose day is in the log."""
    feed = EngineFeed(
        Engine(tmp_path / "data", clock=FixedClock(NOW)),
        policy.default(),
        SHANGHAI,
        seed=7,
        past_days=0,
        wait_for_today=True,
    )
    feed.begin()
    feed.opened().result(PATIENCE)
    yield feed
    feed.close()


def test_the_board_holds_the_whole_day_when_it_was_to_be_waited_for(centre: EngineFeed) -> None:
    board = centre.opened().result().board
    assert board.columns.count > 1_000
    assert board.seq == centre.log.last_seq()


def test_nothing_that_came_meanwhile_is_lost_or_swapped(centre: EngineFeed) -> None:
    heard: list[Batch] = []
    centre.deliver(heard.append, lambda _rows, _until: None)
    places = [int(seq) for batch in heard for seq in batch.rows["seq"]]
    assert places == sorted(places)
    assert len(places) == centre.log.count()


def test_sources_and_store_are_well(centre: EngineFeed) -> None:
    (source,) = centre.sources()
    assert (source.name, source.file, source.down) == ("demo", False, False)
    assert NOW - source.at < 60 * SECOND
    assert centre.trouble() is None


def test_an_earlier_moment_has_fewer_tickets_and_all_their_words(centre: EngineFeed) -> None:
    present = centre.opened().result().board
    past = centre.board_at(NOW - 3 * HOUR, Progress())
    assert 0 < past.columns.count < present.columns.count
    ticket = int(past.columns.of("id")[0])
    assert past.texts.get(past.slot(ticket)) == present.texts.get(present.slot(ticket))


def test_a_moment_that_nobody_wants_any_more_is_dropped(centre: EngineFeed) -> None:
    with pytest.raises(Cancelled):
        centre.board_at(NOW - 3 * HOUR, Progress(cancelled=lambda: True))


def test_a_reader_sees_the_same_beside_the_writer(centre: EngineFeed, tmp_path: Path) -> None:
    feed = ReaderFeed(tmp_path / "data", None, policy.default(), FixedClock(NOW))
    feed.begin()
    board = feed.opened().result(PATIENCE).board
    mine = centre.opened().result().board
    assert board.columns.count == mine.columns.count
    assert (
        feed.board_at(NOW - 3 * HOUR, Progress()).columns.count
        == centre.board_at(NOW - 3 * HOUR, Progress()).columns.count
    )
    assert [source.file for source in feed.sources()] == [False]
    feed.close()


def test_a_source_that_fell_silent_long_ago_is_a_file(centre: EngineFeed, tmp_path: Path) -> None:
    feed = ReaderFeed(tmp_path / "data", None, policy.default(), FixedClock(NOW + 100 * HOUR))
    feed.begin()
    feed.opened().result(PATIENCE)
    assert [source.file for source in feed.sources()] == [True]
    feed.close()


def test_data_in_use_are_a_failure_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    feed = EngineFeed(Engine(tmp_path / "data"), policy.default(), SHANGHAI)
    with FileLock(tmp_path / "data" / "console.db.lock"):
        feed.begin()
        assert isinstance(feed.opened().exception(PATIENCE), SetupError)
        feed.close()


def test_closing_frees_the_data_and_ends_every_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    feed = EngineFeed(Engine(tmp_path / "data"), policy.default(), SHANGHAI, seed=7, past_days=0)
    feed.begin()
    feed.opened().result(PATIENCE)
    feed.close()
    with FileLock(tmp_path / "data" / "console.db.lock"):
        assert set(threading.enumerate()) <= before
