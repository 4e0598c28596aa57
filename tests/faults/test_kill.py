"""The process is killed at any moment: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from console.models.domain.ports import Progress
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.store.database import Place, place
from console.models.store.log import open_reader
from tests.faults.feeder import START, TICKETS, the_event
from tests.models.live.test_fold import assert_is_the_fold_of


def feed_and_kill(home: Place, seed: int, acknowledgements: int) -> int:
    """Run a feeder until it has said so many times that something is durable; returns the highest number it said."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.feeder", str(home.directory), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as feeder:
        assert feeder.stdout is not None
        assert feeder.stderr is not None
        heard = 0
        for line, _turn in zip(feeder.stdout, range(acknowledgements), strict=False):
            heard = int(line)
        feeder.kill()
        # What it still said before it died counts as acknowledged too.
        heard = max([heard, *(int(line) for line in feeder.stdout.read().split("\n")[:-1])])
        assert feeder.stderr.read() == ""
    return heard


def assert_whole(home: Place, acknowledged: int) -> None:
    """The log holds events 0 to at least ``acknowledged`` once each, and is a sound database."""
    reader = open_reader(home)
    try:
        keys = np.sort(reader.rows(0, reader.last_seq())["key"])
        assert np.array_equal(keys, np.arange(keys.size))
        assert keys.size >= acknowledged
        cursor = reader.cursor("feeder")
        assert cursor is not None
        assert acknowledged <= int(str(cursor["next"])) <= keys.size
        with reader._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == keys.size
    finally:
        reader.close()


def assert_words_are_whole(home: Place) -> None:
    """Every message has its text and every ticket its words."""
    reader = open_reader(home)
    try:
        count = reader.count()
        with reader._engine.connect() as connection:
            found = connection.exec_driver_sql('SELECT "key", text FROM body JOIN event USING (seq)').all()
        assert len(found) == len({key for key, _text in found})
        events = [the_event(number) for number in range(count)]
        assert dict(tuple(row) for row in found) == {event.key: event.body for event in events if event.body}
        texts = {text.ref: (text.subject, text.customer) for text in reader.texts()}
        assert texts == {f"T-{n}": (f"Subject {n}", f"Customer {n}") for n in range(min(count, TICKETS))}
    finally:
        reader.close()


def assert_board_is_the_fold(home: Place) -> None:
    """A board loaded after the restart equals the plain fold of what the feeder was to hand in."""
    reader = open_reader(home)
    try:
        board = load_board(reader, None, policies.default(), START, Progress())
        rows = reader.rows(0, reader.last_seq())
        assert_is_the_fold_of(board, rows[np.lexsort((rows["key"], rows["native"], rows["at"]))])
    finally:
        reader.close()


def rounds(home: Place, count: int, chance: random.Random) -> None:
    acknowledged = 0
    for _round in range(count):
        acknowledged = max(acknowledged, feed_and_kill(home, chance.randrange(10**6), chance.randrange(1, 60)))
        assert_whole(home, acknowledged)
    assert_words_are_whole(home)
    assert_board_is_the_fold(home)


def test_twenty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    rounds(place(tmp_path), 20, random.Random(7))


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_two_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    rounds(place(tmp_path), 200, random.Random())


def test_a_feeder_that_is_not_killed_is_whole_too(tmp_path: Path) -> None:
    """The same checks where nothing goes wrong: they do not pass only because little was written."""
    home = place(tmp_path)
    acknowledged = feed_and_kill(home, 3, 200)
    assert acknowledged > 5_000
    assert_whole(home, acknowledged)
    assert_words_are_whole(home)
