"""Seals the days that are over, and mends those for which something came late. Runs in a process of its own.

Everything is written beside what is there and becomes valid with the manifest, so a run can be ended at any instant.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from console.clock import HOUR
from console.models.domain.ports import Batch, LogReader, Progress, Rows
from console.models.live import container
from console.models.live.agents import Agents
from console.models.live.board import Board
from console.models.live.catch_up import EVENTS_PER_READ, events_of
from console.models.live.history import days, manifest
from console.models.live.history.days import Touched
from console.models.live.history.manifest import Manifest
from console.models.live.history.past import DAYS_PER_READ, Past
from console.models.policy.policy import Policy

logger = logging.getLogger("console.history")

GRACE = HOUR
"""So long after its end a day is sealed: most of what comes late has come by then."""

BUSY_EVENTS = 5_000
"""When so many events of past days have come since the last look, the past is still being filled in: wait."""

MANY_EVENTS = 50_000
"""So many new events are worth a look; fewer are looked through by whoever asks for a past instant."""

MANY_TICKETS = 20_000
"""For so many late tickets it is quicker to seal the days anew than to mend them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did; ``postponed`` when the past is still being filled in."""

    sealed: int = 0
    mended: int = 0
    postponed: bool = False


def due(folder: Path, log: LogReader, now: int) -> bool:
    """Whether a run would have anything to do; costs little."""
    known, end = manifest.load(folder, log), _first_open(now)
    if known.end is None:
        return log.last_seq() > 0 and days.day_of(log.first_at()) < end
    # Looking through new events takes a process of its own; until then each wish to look back sees to them itself.
    return known.end < end or log.last_seq() - known.scanned > MANY_EVENTS or len(known.late) > 0


def look_after(log: LogReader, folder: Path, policy: Policy, now: int, progress: Progress) -> Outcome:
    """Look through what is new in the log, mend the sealed days, and seal those that are over.

    Raises `ports.Cancelled` when asked to stop, OSError when a file cannot be written; what was finished stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = manifest.load(folder, log)
    known, old = _scan(known, log, days.begin(_first_open(now)), progress)
    if len(known.late_tickets(known.sealed_until)) > MANY_TICKETS:
        known = _given_up(known)
        manifest.save(known, folder, log)
    if old > BUSY_EVENTS:
        manifest.save(known, folder, log)
        return Outcome(postponed=True)
    mended = _mend(known, log, folder, policy, progress) if len(known.late) else known
    manifest.save(mended, folder, log)
    sealed = _seal(mended, log, folder, policy, _first_open(now), progress)
    changed = sum(name != known.files.get(day) for day, name in mended.files.items())
    return Outcome(sealed, changed)


def _first_open(now: int) -> int:
    """The first day that is not over yet."""
    return days.day_of(now - GRACE)


def _scan(known: Manifest, log: LogReader, before: int, progress: Progress) -> tuple[Manifest, int]:
    """Look for what came late; returns also how many new events lie before an instant at all."""
    end = log.last_seq()
    old = 0
    for start in range(known.scanned, end, EVENTS_PER_READ):
        last = min(start + EVENTS_PER_READ, end)
        rows = log.rows(start, last)
        old += int((rows["at"] <= before).sum())
        known = known.with_late(rows, last)
        progress.step(last, end)
    return known, old


def _given_up(known: Manifest) -> Manifest:
    """Without the days that too much came late for; they are sealed anew."""
    first = days.day_of(int(known.late["at"].min()))
    return Manifest(first, {day: name for day, name in known.files.items() if day < first}, known.scanned)


def _mend(known: Manifest, log: LogReader, folder: Path, policy: Policy, progress: Progress) -> Manifest:
    """Fold the late tickets again, day by day, and write the days anew in which they stand or should stand."""
    tickets = known.late_tickets(known.sealed_until)
    rows = events_of(log, tickets, progress, known.sealed_until)
    agents = known.late_agents(known.sealed_until)
    first = days.day_of(int(known.late["at"].min()))
    files = dict(known.files)
    board = Board(policy)
    with board.unfollowed():
        for day in sorted({*days.days_of(rows).tolist(), *days.days_of(agents).tolist(), *files}):
            fresh = _apply(board, rows[days.days_of(rows) == day], agents[days.days_of(agents) == day])
            if day < first:
                continue
            old = _read(folder / files[day], day) if day in files else days.nothing()
            if old is None:
                # It can only be made from all of its events: for now they are folded from the log.
                continue
            if fresh.tickets.size or len(fresh.agents) or np.isin(old.tickets, tickets).any():
                files[day] = _write(folder, day, old.without(np.array(tickets)).joined(fresh))
            progress.step(min(day - first, len(files)), len(files))
    return replace(known, files=files, late=known.late[:0])


def _seal(known: Manifest, log: LogReader, folder: Path, policy: Policy, end: int, progress: Progress) -> int:
    """Seal all days before ``end`` that are not, and those whose file is no good; returns how many have a new file."""
    bad = [day for day, name in known.files.items() if _read(folder / name, day) is None]
    start = min([*bad, days.day_of(log.first_at()) if known.end is None else known.end])
    if start >= end or not log.last_seq():
        return 0
    board = Board(policy) if known.end is None else Past(log, folder, policy).state_at(days.begin(start), progress)
    count = 0
    with board.unfollowed():
        for day, rows in _day_by_day(log, start, end):
            if known.end is not None and day < known.end and day not in bad:
                _apply(board, rows, rows)
                continue
            known = replace(known, files={**known.files, day: _write(folder, day, _apply(board, rows, rows))})
            count += 1
            progress.step(day - start, end - start)
    manifest.save(replace(known, end=max(end, known.end or end)), folder, log)
    return count


def _day_by_day(log: LogReader, start: int, end: int) -> Iterator[tuple[int, Rows]]:
    """The days in ``start <= day < end`` on which anything happened, and their events."""
    width = DAYS_PER_READ
    while start < end:
        stop = min(start + width, end)
        rows = log.between(days.begin(start), days.begin(stop))
        if not rows.size:
            # A single wrong date may lie decades back: cross empty years in strides.
            start, width = stop, 2 * width
        elif width > DAYS_PER_READ:
            width = DAYS_PER_READ
        else:
            of = days.days_of(rows)
            for day in np.unique(of).tolist():
                yield day, rows[of == day]
            start = stop


def _apply(board: Board, rows: Rows, agents_rows: Rows) -> Touched:
    """Apply a day's events; returns the tickets and agents that they touched."""
    slots = board.apply(Batch(rows)).slots
    agents = Agents()
    agents.apply(agents_rows)
    return days.touched(board, slots, agents)


def _write(folder: Path, day: int, content: Touched) -> str:
    name = f"{day}-{secrets.token_hex(4)}{days.SUFFIX}"
    days.write(folder / name, day, content)
    return name


def _read(path: Path, day: int) -> Touched | None:
    try:
        return days.read(path, day)
    except (container.Damaged, OSError) as error:
        logger.warning("the sealed day %s is made again: %s", path.name, error)
        return None
