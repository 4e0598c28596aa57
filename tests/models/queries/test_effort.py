"""Minutes and staffed time by vectors are those that a plain reading of the log gives."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE
from console.models.domain.contacts import AgentState, Role, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Rows
from console.models.queries.effort import LONGEST_ACT, handled
from console.models.queries.staffed import QUIET, staffed

NOON = 1_772_445_600_000_000
Told = tuple[int, Kind, int, int, Role, int]
"""Minutes after noon, kind, subject, actor, role, value."""

LI, WANG, ZHAO = 1, 2, 3
KINDS = [
    *(Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.ASSIGNED, Kind.PUBLIC_REPLY, Kind.PUBLIC_REPLY, Kind.PRIVATE_NOTE),
    *(Kind.STATUS_CHANGED, Kind.CONNECTED, Kind.ENDED, Kind.REOPENED, Kind.READ),
]
roles = st.sampled_from([Role.AGENT, Role.AGENT, Role.CUSTOMER, Role.SYSTEM, Role.UNKNOWN])
told_of_tickets = st.lists(
    st.tuples(
        st.integers(-30, 60), st.sampled_from(KINDS), st.integers(1, 4), st.integers(0, 3), roles, st.integers(0, 5)
    ),
    max_size=40,
)
STATES = [Kind.AGENT_LOGIN, Kind.AGENT_LOGOUT, Kind.AGENT_PAUSED, Kind.AGENT_UNPAUSED, Kind.AGENT_STATE]
told_of_agents = st.lists(
    st.tuples(
        st.integers(-90, 60),
        st.sampled_from(STATES),
        st.integers(1, 4),
        st.just(0),
        st.just(Role.SYSTEM),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=30,
)


def rows_of(told: list[Told]) -> Rows:
    rows = np.zeros(len(told), ROW)
    for number, (minutes, kind, subject, actor, role, value) in enumerate(told):
        rows[number] = (number, NOON + minutes * MINUTE, number, number, value, subject, actor, kind, role, 1)
    return rows


def in_order(told: list[Told]) -> list[Told]:
    return [one for _place, one in sorted(enumerate(told), key=lambda numbered: (numbered[1][0], numbered[0]))]


def plainly_handled(told: list[Told], end: int) -> dict[tuple[int, int], float]:
    """Agent and ticket, and the minutes: one event after the other."""
    woken: dict[int, int] = {}
    busy_until: dict[int, int] = {}
    seen: dict[tuple[int, int], int] = defaultdict(int)
    said: dict[tuple[int, int], int] = defaultdict(int)
    handles = set()
    longest = LONGEST_ACT // MINUTE
    for at, kind, ticket, actor, role, value in in_order(told):
        if at >= end:
            continue
        if actor and role in (Role.AGENT, Role.UNKNOWN):
            begun = max(woken.get(ticket, at - longest), busy_until.get(actor, -1_000))
            busy_until[actor] = at
            if at >= 0:
                seen[actor, ticket] += min(max(at - begun, 0), longest) * MINUTE
                if kind is Kind.ENDED:
                    said[actor, ticket] += value
                if kind in (Kind.PUBLIC_REPLY, Kind.CONNECTED, Kind.ENDED) or (
                    kind is Kind.STATUS_CHANGED and value == Status.RESOLVED
                ):
                    handles.add((actor, ticket))
        if kind in (Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.ASSIGNED, Kind.CONNECTED, Kind.REOPENED):
            woken[ticket] = at
    return {pair: said[pair] or seen[pair] for pair in handles}


@given(told_of_tickets, st.randoms())
def test_minutes_are_those_of_a_plain_reading(told: list[Told], chance: Random) -> None:
    mixed = np.array(chance.sample(range(len(told)), len(told)), dtype=int)
    rows = rows_of(told)[mixed]
    found = handled(rows, NOON, NOON + 50 * MINUTE)
    pairs = zip(found.agent.tolist(), found.ticket.tolist(), found.minutes.tolist(), strict=True)
    assert {(agent, ticket): minutes for agent, ticket, minutes in pairs} == plainly_handled(told, 50)


@given(told_of_agents)
def test_staffed_time_is_that_of_a_plain_reading(told: list[Told]) -> None:
    state: dict[int, bool] = {}
    times: dict[int, int] = defaultdict(int)
    ordered = in_order(told)
    for minute in range(-90, 50):
        for at, kind, agent, _actor, _role, value in ordered:
            if at == minute:
                state[agent] = kind in (Kind.AGENT_LOGIN, Kind.AGENT_UNPAUSED) or (
                    kind is Kind.AGENT_STATE and value in (AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP)
                )
        for agent, works in state.items():
            times[agent] += works and minute >= 0
    found = staffed(rows_of(told), NOON, NOON + 50 * MINUTE)
    expected = {agent: time * MINUTE for agent, time in times.items() if time}
    assert dict(zip(found.agent.tolist(), found.time.tolist(), strict=True)) == expected
    assert found.told


def test_who_asks_for_a_break_or_gets_other_queues_is_there_as_before() -> None:
    said: list[Told] = [(0, Kind.AGENT_STATE, LI, 0, Role.AGENT, AgentState.AVAILABLE)]
    for minute, kind in enumerate((Kind.BREAK_REQUESTED, Kind.AGENT_QUEUES, Kind.BREAK_DECIDED), 1):
        said.append((minute, kind, LI, 0, Role.AGENT, 0))
    assert staffed(rows_of(said), NOON, NOON + HOUR).time.tolist() == [HOUR]


def test_five_chats_at_once_take_no_longer_than_the_clock() -> None:
    told: list[Told] = [(0, Kind.CUSTOMER_MESSAGE, ticket, 0, Role.CUSTOMER, 0) for ticket in range(1, 6)]
    told += [(ticket, Kind.PUBLIC_REPLY, ticket, LI, Role.AGENT, 0) for ticket in range(1, 6)]
    found = handled(rows_of(told), NOON, NOON + HOUR)
    assert found.ticket.tolist() == [1, 2, 3, 4, 5]
    assert int(found.minutes.sum()) == 5 * MINUTE
    assert found.first_at.tolist() == [NOON + minute * MINUTE for minute in range(1, 6)]


def test_work_that_goes_on_from_before_the_window_begins_there() -> None:
    """They answered another customer a minute before the window, so this answer took three minutes and no five."""
    told: list[Told] = [(-10, Kind.CUSTOMER_MESSAGE, ticket, 0, Role.CUSTOMER, 0) for ticket in (1, 2)]
    told += [(-1, Kind.PUBLIC_REPLY, 1, LI, Role.AGENT, 0), (2, Kind.PUBLIC_REPLY, 2, LI, Role.AGENT, 0)]
    found = handled(rows_of(told), NOON, NOON + HOUR)
    assert (found.ticket.tolist(), found.minutes.tolist()) == ([2], [3 * MINUTE])


def test_what_the_source_says_counts_before_what_is_seen() -> None:
    told: list[Told] = [
        (0, Kind.CONNECTED, 7, WANG, Role.AGENT, 0),
        (9, Kind.ENDED, 7, WANG, Role.AGENT, 8 * MINUTE),
        (10, Kind.STATUS_CHANGED, 7, ZHAO, Role.AGENT, Status.RESOLVED),
        (11, Kind.PRIVATE_NOTE, 7, LI, Role.AGENT, 0),
    ]
    found = handled(rows_of(told), NOON, NOON + HOUR)
    assert found.agent.tolist() == [WANG, ZHAO], "a note to colleagues is no handling"
    assert found.minutes.tolist() == [8 * MINUTE, LONGEST_ACT]


def test_without_presence_people_are_there_while_they_act() -> None:
    told: list[Told] = [(minute, Kind.PUBLIC_REPLY, 7, LI, Role.AGENT, 0) for minute in (-10, 10, 35, 50)]
    told.append((20, Kind.PUBLIC_REPLY, 8, WANG, Role.UNKNOWN, 0))
    told += [(40, Kind.STATUS_CHANGED, ticket, ZHAO, Role.AGENT, 0) for ticket in (8, 9)]
    told.append((20, Kind.CUSTOMER_MESSAGE, 8, ZHAO, Role.CUSTOMER, 0))
    found = staffed(rows_of(told), NOON, NOON + HOUR)
    assert dict(zip(found.agent.tolist(), found.time.tolist(), strict=True)) == {
        LI: 50 * MINUTE + QUIET // 4,
        WANG: QUIET // 2,
        ZHAO: QUIET // 2,
    }
    assert not found.told


def test_an_empty_log_has_nobody() -> None:
    nothing = np.zeros(0, ROW)
    assert handled(nothing, NOON, NOON + HOUR).agent.size == 0
    assert staffed(nothing, NOON, NOON + HOUR).agent.size == 0
