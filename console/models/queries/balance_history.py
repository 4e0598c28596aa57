"""R-SKEW: how the index went: what the busiest carried in each hour or day of a span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from console.models.domain.concentration import Numbers, gini, top_share
from console.models.domain.events import ROW
from console.models.domain.fairness import SkewRules, bounds
from console.models.domain.ports import LogReader, Progress
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.balance_windows import Window
from console.models.queries.work_done import Chosen, WorkDone, part, read, work_done

_MOST_KEPT = 2_000
"""Spans that are cut at their ends differ each time they are asked for, and nobody asks for them again."""


class Index(NamedTuple):
    """What the busiest carry, the bounds of the true share (95 %), and the coefficient: as `balance` has them."""

    share: float
    low: float
    high: float
    gini: float


@dataclass(frozen=True, slots=True)
class Point:
    """One hour or day. Where nothing was handled or nobody was there, nobody is counted and there is no index."""

    span: Window
    agents: int = 0
    contacts: int = 0
    minutes: float = 0.0
    by_contacts: Index | None = None
    by_minutes: Index | None = None


@dataclass(slots=True)
class BalanceHistory:
    """Points of spans, of which those that have ended are kept. An event that comes late for a kept one forgets it; a
    contact whose type or channel is corrected later, and people's limits, count as they were known at first.

    For one thread at a time.
    """

    rules: SkewRules
    _kept: dict[tuple[Window, frozenset[tuple[str, frozenset[int]]]], Point] = field(default_factory=dict)
    _seq: int = 0

    def points(
        self,
        log: LogReader,
        board: Board,
        directory: Directory,
        spans: Sequence[Window],
        now: int,
        chosen: Chosen | None = None,
        progress: Progress | None = None,
    ) -> tuple[Point, ...]:
        """A point for each of these spans, in their order. Reads the log once, from the first that is not kept. Blocks,
        so for workers; raises `ports.Cancelled`, and what was found until then stays."""
        progress = progress or Progress()
        self._forget(log)
        limits = frozenset((chosen or {}).items())
        found = {span: self._kept[span, limits] for span in spans if (span, limits) in self._kept}
        missing = [span for span in spans if span not in found]
        if missing:
            progress.step(0, len(missing) + 1)
            rows = read(log, min(span.begin for span in missing), max(span.end for span in missing))
        for done, span in enumerate(missing):
            progress.step(done + 1, len(missing) + 1)
            work = work_done(part(rows, *span), board, *span, self.rules, directory, chosen)
            found[span] = Point(span) if work is None else _point(span, work, self.rules.busiest)
            if span.end <= now:
                self._kept[span, limits] = found[span]
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return tuple(found[span] for span in spans)

    def _forget(self, log: LogReader) -> None:
        last = log.last_seq()
        fresh = log.rows(self._seq, last) if self._kept else np.zeros(0, ROW)
        self._seq = last
        if fresh.size:
            since = int(fresh["at"].min())
            self._kept = {key: point for key, point in self._kept.items() if key[0].end <= since}


def _point(span: Window, work: WorkDone, busiest: float) -> Point:
    contacts, minutes = work.contacts_each, work.minutes_each
    return Point(
        span,
        work.people.size,
        work.person.size,
        float(minutes.sum()),
        _index(contacts, work.room_for_contacts, np.ones(work.person.size), busiest),
        _index(minutes, work.room_for_minutes, work.minutes, busiest),
    )


def _index(load: Numbers, capacity: Numbers, efforts: Numbers, busiest: float) -> Index:
    share = top_share(load, capacity, busiest)
    return Index(share, *bounds(share, efforts), gini(load, capacity))
