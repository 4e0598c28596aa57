"""Each job of the table does its work on a real database, when it is due and not before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from console.clock import DAY, MINUTE, SECOND, FixedClock
from console.models.domain.events import Event, Kind, Origin
from console.models.live import snapshot
from console.models.live.history import manifest
from console.models.store import database
from console.models.store.log import EventLog, open_log, open_reader
from console.scheduling.jobs import table, tidying
from console.scheduling.jobs.apart import Apart
from console.scheduling.jobs.table import Job, Site

PATIENCE = 30.0


@pytest.fixture
def log(tmp_path: Path, clock: FixedClock) -> Iterator[EventLog]:
    with open_log(database.place(tmp_path), clock) as log:
        yield log


@pytest.fixture
def site(log: EventLog, clock: FixedClock) -> Site:
    return Site(log.place.directory, log.reader, partial(open_reader, log.place), clock)


def jobs(site: Site) -> dict[str, Job]:
    return {job.name: job for job in table.jobs(site, Apart())}


def write(log: EventLog, at: int, count: int = 3) -> None:
    events = [Event(Kind.CREATED, f"R-{at}-{number}", at + number, f"{at}-{number}") for number in range(count)]
    assert log.intake.submit("shop", events, origin=Origin.DEMO).wait(PATIENCE)
    assert log.wait_committed(log.reader.last_seq(), PATIENCE)


def test_a_snapshot_is_kept_when_there_is_something_new(log: EventLog, site: Site, clock: FixedClock) -> None:
    keep = jobs(site)["keep a snapshot"].run
    keep()
    assert snapshot.newest_seq(site.snapshots) == 0, "an empty log needs none"
    write(log, clock.now())
    keep()
    first = snapshot.newest_seq(site.snapshots)
    assert first == log.reader.last_seq()
    write(log, clock.now() + SECOND)
    keep()
    assert snapshot.newest_seq(site.snapshots) == first, "the last one is not old yet"
    clock.advance(11 * 60)
    keep()
    assert snapshot.newest_seq(site.snapshots) == log.reader.last_seq()


def test_many_events_make_a_snapshot_due_at_once_and_so_does_a_clock_that_was_set_back(tmp_path: Path) -> None:
    assert snapshot.due(tmp_path, snapshot.MANY_EVENTS + 1, 20 * MINUTE)
    assert not snapshot.due(tmp_path, 0, 20 * MINUTE)


def test_at_the_end_a_snapshot_is_kept_only_when_it_is_worth_it(
    log: EventLog, site: Site, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_end = jobs(site)["keep a snapshot"].at_end
    assert at_end is not None
    write(log, clock.now())
    at_end()
    assert snapshot.newest_seq(site.snapshots) == 0
    monkeypatch.setattr(snapshot, "WORTH_EVENTS", (0, 2))
    at_end()
    assert snapshot.newest_seq(site.snapshots) == 0, "three events would take too long"
    monkeypatch.setattr(snapshot, "WORTH_EVENTS", (2, 3))
    at_end()
    assert snapshot.newest_seq(site.snapshots) == log.reader.last_seq()


def test_days_are_sealed_when_they_are_over(log: EventLog, site: Site, clock: FixedClock) -> None:
    seal = jobs(site)["seal days"].run
    write(log, clock.now())
    seal()
    assert not (site.history / manifest.FILE).exists(), "today is not over"
    clock.advance(DAY // SECOND)
    seal()
    known = manifest.load(site.history, log.reader)
    assert len(known.files) == 1
    assert known.end == clock.now() // DAY


def test_old_rejects_and_all_but_the_newest_backups_are_removed(tmp_path: Path) -> None:
    now = 2_000_000_000 * SECOND
    (tmp_path / "rejects").mkdir()
    files = {
        "rejects/old.csv.rejects.csv": 91,
        "rejects/new.csv.rejects.csv": 89,
        "rejects/mine.csv": 1000,
        "console.db": 1000,
        "console.db.before-0002.bak": 500,
        "console.db.before-0003.bak": 400,
        "console.db.before-0004.bak": 300,
    }
    for name, age_days in files.items():
        path = tmp_path / name
        path.write_bytes(b"x")
        seconds = now // SECOND - age_days * 86_400
        os.utime(path, (seconds, seconds))
    removed = {path.relative_to(tmp_path).as_posix() for path in tidying.tidy_up(tmp_path, now)}
    assert removed == {"rejects/old.csv.rejects.csv", "console.db.before-0002.bak"}
    assert not any((tmp_path / name).exists() for name in removed)
    assert tidying.tidy_up(tmp_path / "nowhere", now) == []


def test_names_are_unique_and_every_job_has_a_period(site: Site) -> None:
    every = table.jobs(site, Apart())
    assert len({job.name for job in every}) == len(every)
    assert all(job.every_seconds >= 1 for job in every)
