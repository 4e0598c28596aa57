"""What could be done about an entry now, each with its reason: the suggestions of the inbox, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum

import numpy as np

from console.clock import MINUTE, moment
from console.i18n import N_, _
from console.models.domain import follow_ups
from console.models.domain.call_backs import call_of
from console.models.domain.contacts import AgentState, Channel, ComplaintTier, InquiryType
from console.models.domain.escalation import Cause, Entry, Happening, State
from console.models.domain.glossary import word
from console.models.live.board import Board
from console.models.live.reasons import floor
from console.models.queries.inbox import is_unowned, next_level
from console.models.queries.inbox_lines import Line, clock_of, level_word, span

_SAMPLE = 20_000
"""How many of the newest tickets tell who knows a type of inquiry."""
_CALL_WITHIN = 15 * MINUTE
_MOST_AGENTS = 2
_RESPONSES = ("acknowledgement", "first_response", "next_response", "complaint_acknowledgement")
_ABSENT = (AgentState.OFFLINE, AgentState.BREAK, AgentState.AWAY)


class Step(Enum):
    """What is suggested."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    DECIDE = "decide"
    FOLLOW_UP = "follow_up"
    CALLED = "called"
    ASSIGN = "assign"
    CALL_BACK = "call_back"
    SECOND_LINE = "second_line"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step with what it needs: ``agent`` by name, ``at`` an instant (microseconds since the epoch), ``other``
    another entry. ``reason`` is in the language in use."""

    step: Step
    reason: str
    agent: str = ""
    at: int = 0
    other: int = 0

    def title(self, zone: tzinfo) -> str:
        """What it would do, in the language in use."""
        time = moment(self.at).astimezone(zone).strftime("%H:%M") if self.at else ""
        return _(_TITLES[self.step]).format(agent=self.agent, time=time, other=self.other)


@dataclass(frozen=True, slots=True)
class Able:
    """An agent who could take a contact now. ``known`` counts the newest tickets of the same type that were theirs."""

    name: str
    load: int
    limit: int
    known: int


def advise(
    line: Line, board: Board | None, others: Iterable[Entry], happenings: Sequence[Happening], now: int
) -> list[Suggestion]:
    """What to do about an entry. ``others`` are the open entries, ``happenings`` what this person may do with it."""
    entry = line.entry
    if entry.state is State.RESOLVED:
        return []
    found: list[Suggestion] = []
    if is_unowned(entry) and Happening.ACKNOWLEDGE in happenings:
        found.append(Suggestion(Step.ACKNOWLEDGE, _nobody_reason(entry)))
    if Happening.RESOLVE in happenings and _answered(line):
        found.append(Suggestion(Step.RESOLVE, _("The customer has been answered and does not wait any more.")))
    if entry.key.cause in (Cause.APPROVAL, Cause.REQUEST):
        found.append(Suggestion(Step.DECIDE, _("It waits for a decision that the agent may not take alone.")))
    if entry.key.cycle.startswith(follow_ups.CYCLE):
        found.append(Suggestion(Step.FOLLOW_UP, _("Resolving the escalation alone does not end what is owed.")))
    if call_of(entry.key):
        found.append(Suggestion(Step.CALLED, _("The customer was promised a call and may not have had it.")))
    if board is not None and line.slot >= 0 and line.waiting_since:
        found += _for_the_waiting(line, board, now)
    if Happening.MERGE in happenings:
        found += _merges(line, others)
    return found


def able_agents(board: Board, kind: InquiryType, now: int, without: str = "") -> list[Able]:
    """Who is available and below their limit: who knows the type first, the less busy before the busier."""
    load = floor(board, now)
    known = _known_of(board, kind)
    found = []
    for id_ in board.agents.ids():
        agent = board.agents[id_]
        busy = load.load_of(id_)
        name = board.names.text("agent", id_)
        free = agent.state is AgentState.AVAILABLE and not (agent.limit and busy >= agent.limit)
        if name and name != without and free:
            found.append(Able(name, busy, agent.limit, int(known[id_]) if id_ < known.size else 0))
    # Whoever has done a few is able; beyond that the hands that are free count more.
    found.sort(key=lambda able: (-min(able.known, 5), able.load, -able.known, able.name))
    return found


def soonest(board: Board, now: int, until: int) -> int:
    """How many waiting customers will be over their limit by then: what may come into the inbox next."""
    clocks = board.clocks
    return int(clocks.breached(until).sum()) - int(clocks.breached(now).sum())


def _for_the_waiting(line: Line, board: Board, now: int) -> list[Suggestion]:
    found = []
    trouble = _owner_trouble(line, board, now)
    if trouble:
        for able in able_agents(board, line.type, now, line.agent)[:_MOST_AGENTS]:
            found.append(Suggestion(Step.ASSIGN, f"{_able_reason(able, line.type)} {trouble}", able.name))
    if line.channel is not Channel.PHONE and line.agent and not trouble:
        reason = _("Waits {span}; a call settles it sooner than a message.").format(span=span(now - line.waiting_since))
        found.append(Suggestion(Step.CALL_BACK, reason, line.agent, now + _CALL_WITHIN))
    if line.complaint is ComplaintTier.HIGH or line.type in (InquiryType.APP_SITE_FAULT, InquiryType.TECHNICAL_SUPPORT):
        about = word(line.complaint) if line.complaint is ComplaintTier.HIGH else word(line.type)
        found.append(Suggestion(Step.SECOND_LINE, _("{about}: beyond the first line.").format(about=about)))
    return found


def _owner_trouble(line: Line, board: Board, now: int) -> str:
    """Why whoever has the ticket will not answer soon; empty when they can."""
    if not line.agent:
        return _("Nobody has the ticket.")
    id_ = int(board.columns.assignee[line.slot])
    agent = board.agents[id_]
    if agent.since and agent.state in _ABSENT:
        return _("{agent} is not there ({state}).").format(agent=line.agent, state=word(agent.state))
    load = floor(board, now).load_of(id_)
    if agent.limit and load >= agent.limit:
        return _("{agent} is full ({n} of {limit}).").format(agent=line.agent, n=load, limit=agent.limit)
    return ""


def _able_reason(able: Able, kind: InquiryType) -> str:
    load = (
        _("{n} of {limit} contacts").format(n=able.load, limit=able.limit)
        if able.limit
        else _("{n} contacts").format(n=able.load)
    )
    if able.known and kind:
        skill = _("{n} recent tickets: {type}").format(n=able.known, type=word(kind))
        return _("{load}, {skill}.").format(load=load, skill=skill)
    return _("{load}.").format(load=load)


def _nobody_reason(entry: Entry) -> str:
    if entry.state is State.EXHAUSTED:
        return _("Everyone was told and nobody has it.")
    level = next_level(entry)
    if level:
        return _("Nobody has it; otherwise it climbs to {level}.").format(level=level_word(level))
    return _("Nobody has it; otherwise everyone is told.")


def _answered(line: Line) -> bool:
    entry = line.entry
    about_answers = entry.key.cause is Cause.WAIT or (entry.key.cause is Cause.BREACH and clock_of(entry) in _RESPONSES)
    return about_answers and line.slot >= 0 and not line.waiting_since and line.last_agent_at > entry.since


def _merges(line: Line, others: Iterable[Entry]) -> list[Suggestion]:
    entry = line.entry
    same = [
        other
        for other in others
        if other.id != entry.id and entry.ticket and other.ticket == entry.ticket and other.state is not State.RESOLVED
    ]
    if not same:
        return []
    into = min(same, key=lambda other: (other.urgency, other.since, other.id))
    if (into.urgency, into.since, into.id) > (entry.urgency, entry.since, entry.id):
        return []
    reason = _("Number {n} is about the same ticket.").format(n=into.id)
    return [Suggestion(Step.MERGE, reason, other=into.id)]


def _known_of(board: Board, kind: InquiryType) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many of the newest tickets of this type each agent had."""
    columns = board.columns
    first = max(0, columns.count - _SAMPLE)
    chosen = slice(first, columns.count)
    of_type = columns.type[chosen] == int(kind)
    return np.bincount(columns.assignee[chosen][of_type].astype(np.int64))


_TITLES: dict[Step, str] = {
    Step.ACKNOWLEDGE: N_("Take it"),
    Step.RESOLVE: N_("Resolve it"),
    Step.DECIDE: N_("Decide on the compensation"),
    Step.FOLLOW_UP: N_("Write down what came of the follow-up"),
    Step.CALLED: N_("Write down what came of the call"),
    Step.ASSIGN: N_("Assign to {agent}"),
    Step.CALL_BACK: N_("Have {agent} call back by {time}"),
    Step.SECOND_LINE: N_("Bring it to the second line"),
    Step.MERGE: N_("Merge into number {other}"),
}
