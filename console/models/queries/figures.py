"""The figures of the board: each is defined here once, for tiles, evidence, reports and tests alike.

A figure says in one sentence what it is, computes its reading at a moment, and names the tickets behind it by a filter
that yields exactly as many as the reading says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from console.clock import SECOND
from console.i18n import N_
from console.models.domain.contacts import AgentState, Channel, Tier
from console.models.domain.glossary import WORDS
from console.models.live.board import Board
from console.models.live.clocks import Counts
from console.models.live.columns import Slots
from console.models.live.counters import UNASSIGNED
from console.models.live.filters import Filter, Scope, Urgency
from console.models.live.outlook import Basis
from console.models.queries.today import LIVE, Look

_NO_TICKET = frozenset({-1})
"""In a filter an empty set means *any*, so *none* needs an id that nothing has."""


class Unit(Enum):
    """What a value counts."""

    CONTACTS = "contacts"
    SECONDS = "seconds"
    SHARE = "share"
    AGENTS = "agents"


class Part(NamedTuple):
    """A row of the evidence. ``label`` is a word of the catalogue."""

    label: str
    value: float
    unit: Unit = Unit.CONTACTS


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure at a moment; ``value`` is None where there is nothing to compute it from. Shares are 0 to 1.

    ``rows`` is how many tickets are behind it, and how many `Figure.tickets` yields.
    """

    value: float | None
    numerator: int = 0
    denominator: int = 0
    parts: Sequence[Part] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``label``, ``definition``, ``basis`` and ``show`` are words of the catalogue: what a tile calls it,
    what it is in one sentence, what its denominator counts, and what the button says that lists its tickets.
    ``by_the_second`` figures are too dear to compute in every frame."""

    key: str
    label: str
    definition: str
    unit: Unit
    read: Callable[[Look], Reading]
    basis: str
    tickets: Callable[[Look], Filter] | None = None
    show: str = ""
    by_the_second: bool = False

    def compute(self, board: Board, now: int) -> Reading:
        """The reading at a moment."""
        return self.read(Look(board, now))


def _waiting(look: Look) -> Reading:
    columns = look.board.columns
    waiting = int(look.waiting_by("channel").sum())
    parts = [
        Part(N_("nobody's yet"), int(look.waiting_by("assignee")[0])),
        Part(WORDS[Tier.VIP], int(look.waiting_by("tier")[Tier.VIP])),
        Part(N_("wrote after the end"), look.waiting_after_end),
        Part(N_("tickets on the board"), columns.count),
    ]
    return Reading(waiting, waiting, look.in_progress, parts, waiting)


def _oldest_wait(look: Look) -> Reading:
    starts = look.board.clocks.oldest_by_channel().tolist()
    waits = [(channel, _seconds(look.now - starts[channel])) for channel in Channel if starts[channel]]
    if not waits:
        return Reading(None)
    waits.sort(key=lambda pair: -pair[1])
    parts = [Part(WORDS[channel], seconds, Unit.SECONDS) for channel, seconds in waits[:5]]
    return Reading(waits[0][1], parts=parts, rows=1)


def _oldest_ticket(look: Look) -> Filter:
    slot = look.board.clocks.oldest_slot()
    return _only(look, np.array([] if slot is None else [slot], dtype=np.int64))


def _in_progress(look: Look) -> Reading:
    count = look.in_progress
    unassigned = look.board.counters.total(UNASSIGNED)
    parts = [
        Part(N_("nobody's yet"), unassigned),
        Part(N_("customer waits for us"), int(look.waiting_by("channel").sum())),
        Part(N_("wrote after the end"), look.waiting_after_end),
    ]
    return Reading(count, count, look.board.columns.count, parts, count)


def _due_soon(look: Look) -> Reading:
    return _counted(look, look.board.clocks.due_soon(look.now))


def _will_breach(look: Look) -> Reading:
    seen = look.forecast
    if seen is None:
        return Reading(None)
    late, asked = seen.late, seen.asked
    count = int(late.sum())
    by_channel = np.bincount(seen.line.channel[late], minlength=len(Channel))
    ranked = np.argsort(-by_channel, kind="stable")[:3].tolist()
    parts = [Part(WORDS[Channel(code)], int(by_channel[code])) for code in ranked if by_channel[code]]
    nobody = int((late & (seen.basis == Basis.NOBODY)).sum())
    unknown = int((asked & (seen.basis == Basis.TOO_FEW)).sum())
    parts += [
        Part(N_("in queues that nobody answers"), nobody),
        Part(N_("too few answers to tell"), unknown),
        Part(N_("looked ahead"), _seconds(seen.ahead), Unit.SECONDS),
        Part(N_("answers counted"), seen.answers),
        Part(N_("in the last"), _seconds(seen.measured), Unit.SECONDS),
    ]
    return Reading(count, count, int(asked.sum()), parts, count)


def will_breach_by(look: Look) -> int:
    """When the last of those who will breach falls due, 0 where nobody will; microseconds since the epoch."""
    seen = look.forecast
    return 0 if seen is None else int(seen.line.due[seen.late].max(initial=0))


def _forecast_slots(look: Look) -> Slots:
    seen = look.forecast
    return np.empty(0, dtype=np.int64) if seen is None else seen.line.slots[seen.late]


def _breached(look: Look) -> Reading:
    return _counted(look, look.board.clocks.breached(look.now))


def _counted(look: Look, by_channel: Counts) -> Reading:
    count = int(by_channel.sum())
    ranked = np.argsort(-by_channel, kind="stable")[:5].tolist()
    parts = [Part(WORDS[Channel(code)], int(by_channel[code])) for code in ranked if by_channel[code]]
    return Reading(count, count, int(look.waiting_by("channel").sum()), parts, count)


def _service_level(look: Look) -> Reading:
    live = look.live
    overdue = sum(look.overdue_by_channel[channel] for channel in LIVE)
    counted = live.answered + live.abandoned + overdue
    policy = look.board.policy
    parts = (
        Part(N_("answered in time"), live.in_time),
        Part(N_("answered late"), live.answered - live.in_time),
        Part(N_("left before an answer"), live.abandoned),
        Part(N_("still waiting beyond the limit"), overdue),
        Part(N_("limit in peak hours"), _seconds(policy.peak_within), Unit.SECONDS),
        Part(N_("limit at other times"), _seconds(policy.off_peak_within), Unit.SECONDS),
        Part(N_("target now"), target(look)[0], Unit.SHARE),
    )
    share = live.in_time / counted if counted else None
    return Reading(share, live.in_time, counted, parts, counted - live.in_time)


def _missed(look: Look) -> Filter:
    columns = look.board.columns
    overdue = look.overdue[np.isin(columns.channel[look.overdue], LIVE)]
    # A customer may have been answered late today on a ticket that was abandoned later: one ticket, counted twice.
    return _only(look, np.unique(np.concatenate([look.late_slots(), look.abandoned_slots(), overdue])))


def _first_response(look: Look) -> Reading:
    live, everything = look.live, look.all
    others = everything.answered - live.answered
    parts = [Part(N_("answers on live channels"), live.answered)]
    if others:
        mean = (everything.response_seconds - live.response_seconds) / others
        parts += [Part(N_("answers by email and other"), others), Part(N_("their mean"), mean, Unit.SECONDS)]
    for channel in LIVE:
        part = look.by_channel[channel]
        if part.answered:
            parts.append(Part(WORDS[Channel(channel)], part.response_seconds / part.answered, Unit.SECONDS))
    value = live.response_seconds / live.answered if live.answered else None
    return Reading(value, live.response_seconds, live.answered, parts, live.answered)


def _handling(look: Look) -> Reading:
    done = look.all
    parts = [Part(N_("contacts ended with a known handling time"), done.handled)]
    parts += [
        Part(WORDS[Channel(code)], part.handle_seconds / part.handled, Unit.SECONDS)
        for code, part in enumerate(look.by_channel)
        if part.handled
    ]
    value = done.handle_seconds / done.handled if done.handled else None
    return Reading(value, done.handle_seconds, done.handled, parts, done.handled)


def _abandonment(look: Look) -> Reading:
    live = look.live
    decided = live.answered + live.abandoned
    parts = (
        Part(N_("left before an answer"), live.abandoned),
        Part(N_("answered"), live.answered),
        Part(N_("came today"), live.offered),
    )
    return Reading(live.abandoned / decided if decided else None, live.abandoned, decided, parts, live.abandoned)


def _agents(look: Look) -> Reading:
    agents = look.board.agents
    states = [agents[id_].state for id_ in agents.ids() if agents[id_].since]
    if not states:
        return Reading(None)
    counts = [(state, states.count(state)) for state in AgentState]
    logged_in = len(states) - states.count(AgentState.OFFLINE)
    parts = [Part(WORDS[state], number, Unit.AGENTS) for state, number in counts if number]
    return Reading(states.count(AgentState.AVAILABLE), states.count(AgentState.AVAILABLE), logged_in, parts)


def target(look: Look) -> tuple[float, int]:
    """R-PEAK: the service-level target in force, as a share and the microseconds within which."""
    policy = look.board.policy
    if policy.is_peak(look.now):
        return policy.peak_share, policy.peak_within
    return policy.off_peak_share, policy.off_peak_within


def _only(look: Look, slots: Slots) -> Filter:
    ids = frozenset(look.board.columns.id[slots].tolist())
    return Filter(Scope.ALL, tickets=ids or _NO_TICKET)


def _seconds(micros: int) -> float:
    return micros / SECOND


FIGURES: tuple[Figure, ...] = (
    Figure(
        "breached",
        N_("over their limit"),
        N_("Waiting customers whose answer is past its due time."),
        Unit.CONTACTS,
        _breached,
        N_("over / waiting"),
        lambda _look: Filter(Scope.WAITING, Urgency.BREACHED),
    ),
    Figure(
        "due_soon",
        N_("about to breach"),
        N_("Waiting customers whose answer falls due within the warning time of their channel."),
        Unit.CONTACTS,
        _due_soon,
        N_("soon over / waiting"),
        lambda _look: Filter(Scope.WAITING, Urgency.SOON),
    ),
    Figure(
        "will_breach",
        N_("will breach"),
        N_(
            "Customers who wait now, are not over their limit yet, and will be answered too late at the speed at which "
            "their queue moves now. A queue is served in the order in which its answers fall due; who comes later is "
            "not foreseen."
        ),
        Unit.CONTACTS,
        _will_breach,
        N_("too late / due in that time"),
        lambda look: _only(look, _forecast_slots(look)),
        by_the_second=True,
    ),
    Figure(
        "oldest_wait",
        N_("oldest wait"),
        N_(
            "How long the customer who waits longest has waited: since the ticket came when nobody ever answered, "
            "else since the first message that is unanswered."
        ),
        Unit.SECONDS,
        _oldest_wait,
        "",
        _oldest_ticket,
        N_("Show this ticket"),
    ),
    Figure(
        "waiting",
        N_("customers wait"),
        N_(
            "Tickets whose customer's last message is unanswered, or that are open and were never answered by a person."
        ),
        Unit.CONTACTS,
        _waiting,
        N_("waiting / in progress"),
        lambda _look: Filter(Scope.WAITING),
    ),
    Figure(
        "in_progress",
        N_("in progress"),
        N_("Tickets that are not resolved or closed, and finished ones whose customer has written again."),
        Unit.CONTACTS,
        _in_progress,
        N_("in progress / on the board"),
        lambda _look: Filter(Scope.IN_PROGRESS),
    ),
    Figure(
        "service_level",
        N_("in time today"),
        N_(
            "Share of today's live contacts that a person answered within the limit in force when they came. Counted "
            "are those answered, those who left, and those who wait beyond the limit; whoever still waits within it "
            "is not counted yet."
        ),
        Unit.SHARE,
        _service_level,
        N_("in time / counted"),
        _missed,
        N_("Show the {n} that missed it"),
        by_the_second=True,
    ),
    Figure(
        "first_response",
        N_("first answer"),
        N_(
            "Mean time from the arrival of a live contact to the first answer by a person, over the answers given "
            "today. Bots do not count; email is shown apart."
        ),
        Unit.SECONDS,
        _first_response,
        N_("seconds / answers"),
        lambda look: _only(look, look.answered_slots()),
        by_the_second=True,
    ),
    Figure(
        "handling",
        N_("handle time"),
        N_("Mean active handling time, as the source reports it, of the contacts that ended today."),
        Unit.SECONDS,
        _handling,
        N_("seconds / contacts"),
        lambda look: _only(look, look.handled_slots()),
        by_the_second=True,
    ),
    Figure(
        "agents",
        N_("agents free"),
        N_("Agents who are logged in and free to take a contact; below, everybody by what they are doing now."),
        Unit.AGENTS,
        _agents,
        N_("free / logged in"),
    ),
    Figure(
        "abandonment",
        N_("abandoned"),
        N_("Of today's live contacts that are decided (answered or left), the share whose customer left first."),
        Unit.SHARE,
        _abandonment,
        N_("left / decided"),
        lambda look: _only(look, look.abandoned_slots()),
        by_the_second=True,
    ),
)
"""In the order of urgency: what is worst stands first."""
BY_KEY: dict[str, Figure] = {figure.key: figure for figure in FIGURES}
