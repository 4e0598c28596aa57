"""What a break would do to those who wait, before anybody grants it (R-ROUTE).

A queue is served in the order in which its answers fall due, at the pace of its last answers, as `live.outlook` has it.
Without an agent that pace falls by their share: of the answers of all who serve the queue, or where these are too few,
of the places there. What the others have free places for is no loss. Until the break ends as many customers come as are
answered now, so a line that is served more slowly grows by the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, SECOND, moment
from console.i18n import _, ngettext
from console.models.domain.commands import AT_WORK
from console.models.domain.contacts import AgentState
from console.models.domain.skills import Directory, Skilled
from console.models.live.answers import CHANNELS
from console.models.live.board import Board
from console.models.live.outlook import outlook
from console.models.live.reasons import floor

Values = NDArray[np.int64]

UNKNOWN = -1
"""A wait that too few answers tell."""
NEVER = -2
"""A wait without end: nobody else answers there."""


class QueueNow(NamedTuple):
    """A queue that an agent serves. ``due``: by when those who wait are to be answered, in the order in which they are
    served; ``answers`` were given over ``measured`` microseconds; ``share`` of them, from 0 to 1, would not be given
    without the agent. ``allowed`` is the time in which whoever comes is to be answered (microseconds). Fewer answers
    than ``least`` tell no pace."""

    name: str
    due: Values
    answers: int
    measured: int
    share: float
    allowed: int
    least: int = 1


class QueueEffect(NamedTuple):
    """One queue: the wait of whoever comes now, the longest without the agent until the break ends (microseconds,
    `UNKNOWN` or `NEVER`), how many more fall due until then and are answered late, and whether whoever comes now is
    late as it is."""

    name: str
    wait: int
    without: int
    late: int
    is_late: bool = False

    @property
    def is_longer(self) -> bool:
        """Whether anybody would notice."""
        return self.without == NEVER or self.late > 0 or self.without - self.wait >= SECOND

    @property
    def weight(self) -> tuple[int, bool, float]:
        """The larger, the worse: who is late, then how much longer the wait is for what it was."""
        return self.late, self.without == NEVER, (self.without - self.wait) / (self.wait + MINUTE)


class BreakEffect(NamedTuple):
    """Every queue of the agent, the worst first, until the break would end (microseconds since the epoch)."""

    until: int
    queues: tuple[QueueEffect, ...]

    @property
    def late(self) -> int:
        """How many more customers are answered late in all."""
        return sum(queue.late for queue in self.queues)

    def sentence(self, zone: tzinfo) -> str:
        """What it means, in the language in use."""
        until = moment(self.until).astimezone(zone).strftime("%H:%M")
        told = [queue for queue in self.queues if queue.wait != UNKNOWN]
        longer = [queue for queue in told if queue.is_longer]
        if longer:
            said = _worst(longer[0], self.late, until)
            more = len(longer) - 1
            others = ngettext("{n} more queue waits longer", "{n} more queues wait longer", more).format(n=more)
            return _("{said}; {others}").format(said=said, others=others) if more else said
        if told or not self.queues:
            return _("Nobody would wait longer until {time}").format(time=until)
        return _("Too few answers to say how long {queue} would wait").format(queue=self.queues[0].name)


def break_effect(queues: Iterable[QueueNow], now: int, until: int) -> BreakEffect:
    """The effect of one agent's absence from ``now`` until ``until``."""
    effects = (_effect(queue, now, until) for queue in queues)
    return BreakEffect(until, tuple(sorted(effects, key=lambda effect: effect.weight, reverse=True)))


def look(board: Board, people: Directory, agent: int, now: int, until: int) -> BreakEffect | None:
    """The same of a board at this second; None while its forecast is made elsewhere."""
    seen, who = outlook(board, now), people.people.get(agent)
    if seen is None:
        return None
    answered, measured = board.answers.queues(now)
    least = board.policy.forecast.answers_at_least
    found = []
    for queue in sorted(who.queues if who is not None else ()):
        counts = answered.counts[queue * CHANNELS : (queue + 1) * CHANNELS]
        due = seen.line.due[seen.line.queue == queue]
        lost = _share(board, people, agent, queue, now, least)
        name, allowed = board.names.text("queue", queue), _allowed(board, counts)
        found.append(QueueNow(name, due, int(counts.sum()), measured, lost, allowed, least))
    return break_effect(found, now, until)


def share(agent: int, answers: Mapping[int, int], places: Mapping[int, int], least: int) -> float:
    """An agent's part of what those who serve a queue do: of their answers, or of their places where fewer answers than
    ``least`` were given. 0 for somebody who is not among them."""
    counts = answers if sum(answers.values()) >= max(least, 1) else places
    total = sum(counts.values())
    return counts.get(agent, 0) / total if total else 0.0


def _share(board: Board, people: Directory, agent: int, queue: int, now: int, least: int) -> float:
    present = [one for one in people.people.values() if board.agents[one.agent].state in AT_WORK]
    there = [one for one in present if queue in one.queues]
    if all(one.agent != agent for one in there):
        return 0.0
    helpers = [one for one in present if queue in one.helps and queue not in one.queues]
    if len(there) == 1:
        # Whoever helps out stands in: what they answered elsewhere tells nothing, the places there do.
        places = {one.agent: one.limit or 1 for one in (*there, *helpers)}
        return share(agent, {}, places, least)
    counts = board.answers.agents(now).counts
    answers = {one.agent: int(counts[one.agent]) if one.agent < counts.size else 0 for one in there}
    load = floor(board, now)
    free = sum(_free(board, one, load.load_of(one.agent)) for one in there if one.agent != agent)
    unmet = 1.0 - min(free / max(load.load_of(agent), 1), 1.0)
    return unmet * share(agent, answers, {one.agent: one.limit or 1 for one in there}, least)


def _allowed(board: Board, counts: Values) -> int:
    """The time for a first answer on the channel that most answers of a queue were given on."""
    none = np.zeros(1, dtype=np.uint8)
    channel = np.array([int(counts.argmax()) if counts.size else 0], dtype=np.uint8)
    return int(board.policy.response_target(channel, none, none, none > 0)[0])


def _free(board: Board, one: Skilled, load: int) -> int:
    """The places that somebody has left for more."""
    return max((one.limit or 1) - load, 0) if board.agents[one.agent].state is AgentState.AVAILABLE else 0


def _effect(queue: QueueNow, now: int, until: int) -> QueueEffect:
    if queue.answers < max(queue.least, 1) or queue.measured <= 0:
        return QueueEffect(queue.name, UNKNOWN, UNKNOWN, 0)
    each = queue.measured / queue.answers
    count, ahead = queue.due.size, max(until - now, 0)
    wait = round(count * each)
    lost = min(max(queue.share, 0.0), 1.0)
    places = np.arange(1, count + 1)
    asked = (queue.due > now) & (queue.due <= until)
    is_late = asked & (now + places * each > queue.due)
    if lost >= 1.0:
        coming = _newcomers(queue, each, ahead)
        late = int((asked & ~is_late).sum()) + int((coming.falls_due & ~coming.late(count * each)).sum())
        return QueueEffect(queue.name, wait, NEVER, late, wait > queue.allowed)
    slower = each / (1.0 - lost)
    more = asked & ~is_late & (now + places * slower > queue.due)
    coming = _newcomers(queue, each, ahead)
    # So many more than now stand before whoever comes at that time.
    grown = lost * coming.at / each
    more_coming = coming.falls_due & ~coming.late(count * each) & coming.late((count + grown) * slower)
    longest = round((count + lost * ahead / each) * slower)
    return QueueEffect(queue.name, wait, longest, int(more.sum() + more_coming.sum()), wait > queue.allowed)


class _Newcomers(NamedTuple):
    """Those who come until the break ends: how long from now (microseconds), the time they are given, and who of them
    falls due until then."""

    at: NDArray[np.float64]
    allowed: float
    falls_due: NDArray[np.bool_]

    def late(self, wait: float | NDArray[np.float64]) -> NDArray[np.bool_]:
        """Who waits longer than they are given."""
        return np.broadcast_to(np.asarray(wait > self.allowed), self.at.shape)


def _newcomers(queue: QueueNow, each: float, ahead: int) -> _Newcomers:
    """As many as are answered now, evenly."""
    at = np.arange(0.5, ahead / each) * each
    return _Newcomers(at, queue.allowed, at + queue.allowed <= ahead)


def _worst(queue: QueueEffect, late: int, until: str) -> str:
    if queue.without == NEVER:
        said = _("Nobody else answers {queue}").format(queue=queue.name)
    else:
        said = _("{queue} would wait {later} instead of {now}").format(
            queue=queue.name, later=_clock(queue.without), now=_clock(queue.wait)
        )
    if not late and queue.is_late:
        return _("{said}, and is late as it is").format(said=said)
    if not late:
        return _("{said}, nobody more late by {time}").format(said=said, time=until)
    return ngettext("{said}, {n} more late by {time}", "{said}, {n} more late by {time}", late).format(
        said=said, n=late, time=until
    )


def _clock(wait: int) -> str:
    minutes, seconds = divmod(wait // SECOND, 60)
    return f"{minutes}:{seconds:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
