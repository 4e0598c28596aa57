"""R-ROUTE: what became of a span under given routing rules, beside what became of it in truth.

Each day is replayed from its local midnight, as it was then. What a replay assumes stands in
`domain.routing_replay`. Beyond that: the rules are the only routing, so that nothing waits for the source to find an
owner itself; telephone calls and whatever else the rules leave to the source stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from console.clock import DAY, HOUR, SECOND
from console.i18n import _
from console.models.domain.concentration import gini, top_share
from console.models.domain.contacts import Role
from console.models.domain.events import OWN_SOURCE, Kind
from console.models.domain.ports import Progress, Rows
from console.models.domain.routing import Decision, Mode, RoutingRules, unknown_names
from console.models.domain.routing_people import Person
from console.models.domain.routing_record import Recorder
from console.models.domain.routing_replay import Course, Replay, recorded_course
from console.models.domain.skills import Level
from console.models.queries.routing_rows import DAY_LIMIT, LOOK_BACK, Opened, RoutingLog
from console.models.queries.staffed import staffed

_FORWARD = 500
_OFF = RoutingRules(mode=Mode.OFF)


class ReplayLog(RoutingLog, Protocol):
    """What a replay reads."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a span went. Waits are until a contact had its first owner, in seconds, of the contacts that came in the span
    and had one; the shares are None where nobody was there or nothing was given out."""

    given: int
    without_owner: int
    lost: int
    transfers: int
    needless: int
    wait_mean: float
    wait_median: float
    wait_90: float
    top_share: float | None
    gini: float | None
    by_agent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The span in truth and under the rules; ``contacts`` came in it, ``decisions`` is how often the rules decided.
    ``unknown`` are names in the rules that no queue has, and no team of those who were there."""

    begin: int
    end: int
    contacts: int
    decisions: int
    recorded: Figures
    replayed: Figures
    busiest: float
    unknown: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """In one sentence, in the language in use."""
        was, now = self.recorded, self.replayed
        parts = [_fewer(was.transfers, now.transfers)]
        if was.top_share is not None and now.top_share is not None:
            share = _("the busiest {part:.0%} carry {before:.0%} \N{RIGHTWARDS ARROW} {after:.0%}")
            parts.append(share.format(part=self.busiest, before=was.top_share, after=now.top_share))
        wait = _("an owner after {before:.0f} s \N{RIGHTWARDS ARROW} {after:.0f} s on average")
        parts.append(wait.format(before=was.wait_mean, after=now.wait_mean))
        return _("; ").join(parts)


@dataclass(slots=True)
class _Whole:
    """The courses of several days as one."""

    course: Course = field(default_factory=Course)
    people: dict[int, Person] = field(default_factory=dict)

    def add(self, course: Course, begin: int, end: int) -> None:
        whole = self.course
        whole.came |= {ticket: at for ticket, at in course.came.items() if begin <= at < end}
        for ticket, at in course.first_given.items():
            whole.first_given.setdefault(ticket, at)
        whole.given += [given for given in course.given if begin <= given[0] < end]
        for ticket, moves in course.moves.items():
            whole.moves[ticket] += moves
        whole.lost |= course.lost


def compare(
    log: ReplayLog,
    begin: int,
    end: int,
    rules: RoutingRules,
    midnight_before: Callable[[int], int],
    busiest: float,
    progress: Progress | None = None,
) -> Comparison:
    """The span ``begin <= at < end`` (microseconds since the epoch) in truth and under these rules.

    ``busiest`` is the part of the people that the share is of. Blocks for some seconds a day, so for workers; raises
    `ports.Cancelled` when the progress asks to stop.
    """
    progress = progress or Progress()
    tried = replace(rules, mode=Mode.ASSIGN, after=0)
    was, now = _Whole(), _Whole()
    decisions = 0
    days = _days(begin, end, midnight_before)
    for place, (midnight, until) in enumerate(days):
        rows = _rows_by_time(log, midnight, min(until, end))
        step = _part(progress, place, len(days))
        # In truth the rules decide nothing: the log tells who had what.
        truth = Opened(log, midnight, rows, _OFF)
        recorder = Recorder(truth.floor, takes_over=frozenset(int(channel) for channel in rules.channels))
        _take(recorder, truth, step)
        record = recorder.record()
        run = Replay(record, Opened(log, midnight, rows, tried).floor).run(_second_half(step))
        decisions += sum(begin <= decision.at < end for decision in run.decisions)
        was.add(recorded_course(record), begin, end)
        now.add(run.course, begin, end)
        was.people |= truth.floor.people
    progress.step(1, 1)
    names = {id_: text for text, id_ in log.names().get("agent", {}).items()}
    capacity = _capacity(log, begin, end, was.people)
    recorded, replayed = (
        _figures(whole.course, was.course.came, (begin, end), capacity, names, busiest) for whole in (was, now)
    )
    teams = {person.team for person in was.people.values()}
    unknown = unknown_names(rules.rules, log.names().get("queue", {}), teams)
    return Comparison(begin, end, len(was.course.came), decisions, recorded, replayed, busiest, unknown)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What the rules of the log decided when it was told, and what a replay from the events alone decides; ``told`` are
    the assignments that the log tells of as the routing's."""

    recorded: tuple[Decision, ...]
    replayed: tuple[Decision, ...]
    told: tuple[tuple[int, int], ...]

    @property
    def is_exact(self) -> bool:
        """Whether every assignment came out as it was."""
        return self.recorded == self.replayed


def reproduce(log: ReplayLog, begin: int, end: int, midnight_before: Callable[[int], int]) -> Reproduction:
    """The span once more under the rules that the log tells of, from what happened whatever they decided."""
    recorded: list[Decision] = []
    replayed: list[Decision] = []
    told: list[tuple[int, int]] = []
    for midnight, until in _days(begin, end, midnight_before):
        rows = _rows(log, midnight, min(until, end))
        truth = Opened(log, midnight, rows)
        recorder = Recorder(truth.floor)
        _take(recorder, truth, Progress())
        run = Replay(recorder.record(), Opened(log, midnight, rows).floor).run()
        recorded += [decision for decision in recorder.record().decisions if begin <= decision.at < end]
        replayed += [decision for decision in run.decisions if begin <= decision.at < end]
        told += _told(log, truth.rest[(truth.rest["at"] >= begin) & (truth.rest["at"] < end)])
    return Reproduction(tuple(recorded), tuple(replayed), tuple(told))


def _take(recorder: Recorder, truth: Opened, progress: Progress) -> None:
    total, order = truth.rest.size, 0
    for start in range(0, total, _FORWARD):
        progress.step(start, 2 * total)
        order = recorder.take(truth.telling.of(truth.rest[start : start + _FORWARD]), order)
    recorder.finish(truth.telling.time)


def _told(log: ReplayLog, rows: Rows) -> list[tuple[int, int]]:
    """Tickets and agents of the assignments that nobody did but a system, in the order of the log."""
    own = log.names().get("source", {}).get(OWN_SOURCE, 0)
    given = rows[(rows["kind"] == Kind.ASSIGNED) & (rows["role"] == Role.SYSTEM) & (rows["actor"] == 0)]
    asked = set(rows["subject"][(rows["kind"] == Kind.REQUESTED) & (rows["role"] == Role.SYSTEM)].tolist())
    of_ours = (given["source"] == own) | np.isin(given["subject"], list(asked))
    return list(zip(given["subject"][of_ours].tolist(), given["value"][of_ours].tolist(), strict=True))


def _rows(log: ReplayLog, midnight: int, until: int) -> Rows:
    """In the order in which the running console was told."""
    rows = log.between(midnight - LOOK_BACK, until - 1)
    return rows[np.argsort(rows["seq"], kind="stable")]


def _rows_by_time(log: ReplayLog, midnight: int, until: int) -> Rows:
    """In the order in which it happened: history may have been brought in in any order."""
    rows = log.between(midnight - LOOK_BACK, until - 1)
    return rows[np.lexsort((rows["seq"], rows["native"], rows["at"]))]


def _days(begin: int, end: int, midnight_before: Callable[[int], int]) -> list[tuple[int, int]]:
    found = []
    midnight = midnight_before(begin)
    while midnight < end:
        following = midnight_before(midnight + DAY_LIMIT)
        found.append((midnight, following))
        midnight = following
    return found


def _part(progress: Progress, place: int, days: int) -> Progress:
    """The progress of one day as a part of the whole."""

    def report(done: int, total: int) -> None:
        progress.report(place * 1000 + 1000 * done // max(total, 1), days * 1000)

    return Progress(report, progress.cancelled)


def _second_half(progress: Progress) -> Progress:
    return Progress(lambda done, total: progress.report(total + done, 2 * total), progress.cancelled)


def _capacity(log: ReplayLog, begin: int, end: int, people: Mapping[int, Person]) -> dict[int, float]:
    """By agent the staffed hours times the contacts they may have at once; those who lead get none."""
    there = staffed(log.between(begin - DAY, end - 1), begin, end)
    found = {}
    for agent, time in zip(there.agent.tolist(), there.time.tolist(), strict=True):
        person = people.get(agent)
        if time > 0 and (person is None or person.level is not Level.LEAD):
            found[agent] = time / HOUR * (person.limit if person is not None and person.limit else 1)
    return found


def _figures(
    course: Course,
    came: Mapping[int, int],
    span: tuple[int, int],
    capacity: Mapping[int, float],
    names: Mapping[int, str],
    busiest: float,
) -> Figures:
    waits = [course.first_given[ticket] - at for ticket, at in came.items() if ticket in course.first_given]
    seconds = np.maximum(np.array(waits or [0], dtype=np.float64), 0) / SECOND
    passed = [transfer for transfer in course.transfers() if span[0] <= transfer.at < span[1]]
    pairs = {(ticket, agent) for _at, ticket, agent in course.given}
    by_agent: dict[int, int] = dict.fromkeys(capacity, 0)
    for _ticket, agent in pairs:
        by_agent[agent] = by_agent.get(agent, 0) + 1
    load = np.array([by_agent[agent] for agent in capacity], dtype=np.float64)
    weights = np.array(list(capacity.values()), dtype=np.float64)
    is_told = bool(load.sum())
    return Figures(
        given=len(pairs),
        without_owner=len(came) - len(waits),
        lost=len(course.lost & came.keys()),
        transfers=len(passed),
        needless=sum(transfer.needless for transfer in passed),
        wait_mean=float(seconds.mean()),
        wait_median=float(np.quantile(seconds, 0.5)),
        wait_90=float(np.quantile(seconds, 0.9)),
        top_share=top_share(load, weights, busiest) if is_told else None,
        gini=gini(load, weights) if is_told else None,
        by_agent=dict(
            sorted(
                ((names.get(agent, ""), count) for agent, count in by_agent.items()), key=lambda one: (-one[1], one[0])
            )
        ),
    )


def _fewer(before: int, after: int) -> str:
    if not before:
        return _("{after} transfers where there were none").format(after=after) if after else _("no transfers")
    change = after / before - 1
    if after <= before:
        return _("{share:.0%} fewer transfers").format(share=-change)
    return _("{share:.0%} more transfers").format(share=change)
