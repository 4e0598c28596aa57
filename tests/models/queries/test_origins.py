"""How contacts came to people, read from the log case by case and by a plain reading."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR
from console.models.domain.contacts import Role
from console.models.domain.events import Kind
from console.models.domain.skew_causes import Origin
from console.models.queries.effort import handled
from console.models.queries.origins import origins
from tests.models.queries.test_effort import LI, NOON, WANG, ZHAO, Told, in_order, rows_of

NOBODY = np.zeros(10, dtype=np.int64)


def given_to(minute: int, ticket: int, agent: int, by: int = 0, role: Role = Role.SYSTEM) -> Told:
    return (minute, Kind.ASSIGNED, ticket, by, role, agent)


def passed(minute: int, ticket: int, by: int) -> Told:
    return (minute, Kind.TRANSFERRED, ticket, by, Role.AGENT, 0)


def answer(minute: int, ticket: int, agent: int) -> Told:
    return (minute, Kind.PUBLIC_REPLY, ticket, agent, Role.AGENT, 0)


def found(told: list[Told], customer: np.ndarray = NOBODY) -> dict[tuple[int, int], Origin]:
    rows = rows_of(told)
    who = handled(rows, NOON, NOON + HOUR)
    pairs = zip(who.agent.tolist(), who.ticket.tolist(), origins(rows, who, customer).tolist(), strict=True)
    return {(agent, ticket): Origin(origin) for agent, ticket, origin in pairs}


@pytest.mark.parametrize(
    ("told", "origin"),
    [
        ([given_to(1, 7, LI)], Origin.ROUTED),
        ([given_to(1, 7, LI, by=LI, role=Role.AGENT)], Origin.PICKED),
        ([given_to(1, 7, LI, by=ZHAO, role=Role.SUPERVISOR)], Origin.BY_HAND),
        ([given_to(0, 7, WANG), given_to(1, 7, LI, by=WANG, role=Role.AGENT)], Origin.TRANSFERRED),
        ([given_to(0, 7, WANG), passed(1, 7, WANG), given_to(1, 7, LI)], Origin.TRANSFERRED),
        ([given_to(0, 7, LI), given_to(0, 7, WANG), passed(1, 7, WANG), given_to(1, 7, LI)], Origin.TRANSFERRED),
        ([passed(0, 7, WANG), given_to(0, 7, WANG), given_to(1, 7, LI)], Origin.ROUTED),
        ([given_to(0, 7, LI), given_to(1, 7, LI)], Origin.STICKY),
        ([given_to(0, 8, LI), given_to(1, 7, LI)], Origin.ROUTED),
        ([given_to(1, 7, WANG)], Origin.UNTOLD),
        ([given_to(5, 7, LI)], Origin.UNTOLD),
        ([], Origin.UNTOLD),
    ],
)
def test_how_it_came(told: list[Told], origin: Origin) -> None:
    assert found([*told, answer(2, 7, LI)])[LI, 7] is origin


def test_a_customer_who_comes_back_to_whom_they_had() -> None:
    customer = NOBODY.copy()
    customer[[5, 7]] = 31
    told = [given_to(0, 5, LI), answer(0, 5, LI), given_to(9, 7, LI), answer(10, 7, LI)]
    assert found(told, customer) == {(LI, 5): Origin.ROUTED, (LI, 7): Origin.STICKY}
    told.insert(2, given_to(4, 5, WANG))
    assert found(told, customer)[LI, 7] is Origin.ROUTED, "they had somebody else last"


people = st.integers(1, 3)
acts = st.one_of(
    st.builds(given_to, st.integers(-20, 50), st.integers(1, 4), people),
    st.builds(
        given_to,
        st.integers(-20, 50),
        st.integers(1, 4),
        people,
        people,
        st.sampled_from([Role.AGENT, Role.SUPERVISOR]),
    ),
    st.builds(passed, st.integers(-20, 50), st.integers(1, 4), people),
    st.builds(answer, st.integers(0, 50), st.integers(1, 4), people),
)


def plainly(told: list[Told], customer: np.ndarray) -> dict[tuple[int, int], Origin]:
    owner: dict[int, int] = {}
    had: dict[int, int] = {}
    on_its_way: set[int] = set()
    last: dict[tuple[int, int], Origin] = {}
    first: dict[tuple[int, int], Origin] = {}
    for _at, kind, ticket, actor, role, value in in_order(told):
        who = int(customer[ticket]) or -ticket
        if kind is Kind.TRANSFERRED:
            on_its_way.add(ticket)
        elif kind is Kind.ASSIGNED:
            person = actor > 0 and role is not Role.SYSTEM
            if person and actor == value:
                origin = Origin.PICKED
            elif ticket in on_its_way or (person and actor == owner.get(ticket)):
                origin = Origin.TRANSFERRED
            elif person:
                origin = Origin.BY_HAND
            else:
                origin = Origin.STICKY if had.get(who) == value else Origin.ROUTED
            last[value, ticket] = origin
            owner[ticket] = had[who] = value
            on_its_way.discard(ticket)
        else:
            first.setdefault((actor, ticket), last.get((actor, ticket), Origin.UNTOLD))
    return first


@given(st.lists(acts, max_size=30), st.lists(st.integers(0, 2), min_size=10, max_size=10), st.randoms())
def test_it_is_what_a_plain_reading_says(told: list[Told], customers: list[int], chance: Random) -> None:
    # Assignments and acts of one instant have no order that anybody could rely on.
    told = [(at * 40 + place, *rest) for place, (at, *rest) in enumerate(told)]  # type: ignore[misc]  # the same tuple
    told = [one for one in told if one[1] is not Kind.PUBLIC_REPLY or one[0] >= 0]
    customer = np.array(customers, dtype=np.int64)
    rows = rows_of(told)
    rows = rows[np.array(chance.sample(range(len(told)), len(told)), dtype=int)]
    who = handled(rows, NOON, NOON + 100 * HOUR)
    pairs = zip(who.agent.tolist(), who.ticket.tolist(), origins(rows, who, customer).tolist(), strict=True)
    assert {(agent, ticket): Origin(origin) for agent, ticket, origin in pairs} == plainly(told, customer)
