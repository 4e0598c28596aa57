"""The optimiser against trying everything: what it proposes is permitted, reaches as far, and takes as few moves."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from console.clock import MINUTE, SystemClock
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.rebalance import Block, Hold, Pool, Problem, Proposal, Whom, Why
from console.scheduling.rebalance.solver import TO_A_SHARE_OF, solve
from tests.scheduling.rebalance.cases import AT, best, fewest, large, person, problems, share, tickets, ways_of

EVERYBODY = Pool("Chat", frozenset(range(1, 11)))


def propose(problem: Problem) -> Proposal:
    return solve(problem, 60, SystemClock())


def check(problem: Problem) -> None:
    found, wanted = propose(problem), best(problem)
    ways = ways_of(problem, found.moves)
    assert found.violations == ()
    assert found.optimal
    back = sum(move.why is Why.ABSENT for move in found.moves)
    assert back == wanted.back
    assert found.after.share == pytest.approx(share(problem, ways))
    if wanted.share <= problem.target + 1e-9:
        assert found.after.share <= problem.target + 1e-9
        assert len(found.moves) == wanted.moves
        assert found.bindings == ()
    else:
        assert found.after.share <= wanted.share + 2 * TO_A_SHARE_OF + 1e-6
        assert len(found.moves) == fewest(problem, back, found.after.share)
        assert found.bindings


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_fewest_moves_by_trying_everything(problem: Problem) -> None:
    check(problem)


@pytest.mark.long
@given(problems())
@settings(max_examples=1_500, deadline=None)
def test_the_fewest_moves_by_trying_everything_often(problem: Problem) -> None:
    check(problem)


def test_work_on_a_few_is_shared_out() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    problem = Problem(AT, staff, (*tickets(1, 8), *tickets(2, 4, 9), *tickets(3, 2, 13)), (EVERYBODY,))
    found = propose(problem)
    assert found.before.share == 1.0
    assert found.after.share <= 0.45
    assert found.optimal
    assert {move.owner for move in found.moves} <= {1, 2, 3}
    assert found.after.gini < found.before.gini


def test_the_same_problem_gives_the_same_moves() -> None:
    problem = large(40, 300)
    assert propose(problem).moves == propose(problem).moves


def test_nothing_is_moved_where_the_work_is_even() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    even = tuple(ticket for agent in range(1, 11) for ticket in tickets(agent, 3, 10 * agent))
    found = propose(Problem(AT, staff, even, (EVERYBODY,)))
    assert (found.moves, found.optimal, found.bindings) == ((), True, ())


def test_customers_of_who_is_away_are_taken_back_even_where_the_work_is_even() -> None:
    staff = (*(person(agent) for agent in range(1, 10)), person(10, there=False))
    even = tuple(ticket for agent in range(1, 10) for ticket in tickets(agent, 3, 10 * agent))
    problem = Problem(AT, staff, (*even, *tickets(10, 2, 100, back=True)), (EVERYBODY,))
    found = propose(problem)
    assert [(move.ticket, move.owner, move.why) for move in found.moves] == [
        (100, 10, Why.ABSENT),
        (101, 10, Why.ABSENT),
    ]
    assert (found.before.away, found.after.away) == (2, 0)


def test_promises_stay_and_say_that_they_keep_the_target_away() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    held = tickets(1, 9, hold=Hold.PROMISE)
    found = propose(Problem(AT, staff, (*held, *tickets(2, 2, 20)), (EVERYBODY,)))
    assert not {move.ticket for move in found.moves} & {ticket.ticket for ticket in held}
    assert found.optimal
    assert (found.bindings[0].block, found.bindings[0].contacts, found.bindings[0].hold) == (
        Block.HELD,
        9,
        Hold.PROMISE,
    )


def test_a_queue_of_two_people_says_that_only_they_may_take_it() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    hotline = Pool("Hotline", frozenset({1, 2}))
    found = propose(Problem(AT, staff, (*tickets(1, 9), *tickets(2, 9, 20)), (hotline,)))
    (binding,) = found.bindings
    assert (binding.block, binding.contacts, binding.name, binding.people) == (Block.SKILL, 18, "Hotline", 2)
    assert found.moves == ()


def test_where_everybody_else_is_full_it_says_so() -> None:
    staff = (person(1), *(person(agent, space=0) for agent in range(2, 11)))
    found = propose(Problem(AT, staff, tickets(1, 9), (EVERYBODY,)))
    assert [(one.block, one.contacts) for one in found.bindings] == [(Block.FULL, 9)]


def test_who_is_alone_has_nobody_to_give_to() -> None:
    alone = Pool("Chat", frozenset({1, 2}))
    found = propose(Problem(AT, (person(1), person(2, there=False)), tickets(1, 3), (alone,), 0.2))
    assert [one.block for one in found.bindings] == [Block.NOBODY]


def test_what_one_gives_away_makes_room_for_what_only_they_may_take() -> None:
    staff = (person(1, 1.0), person(2, 1.0, space=0), *(person(agent, 1.0) for agent in range(3, 11)))
    pools = (Pool("Refunds", frozenset({1, 2})), EVERYBODY)
    problem = Problem(AT, staff, (*tickets(1, 6), *tickets(2, 3, 20, pool=1)), pools, 0.8)
    found = propose(problem)
    assert found.after.share <= 0.8 + 1e-9
    assert {(move.owner, move.to) for move in found.moves} >= {(1, 2)}
    assert found.violations == ()


def test_who_was_never_answered_goes_first() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    waits = tickets(1, 1, 50, answered=False)
    others = tuple(ticket for agent in (7, 8, 9) for ticket in tickets(agent, 1, 10 * agent))
    problem = Problem(AT, staff, (*tickets(1, 3), *waits, *others), (EVERYBODY,), 0.72)
    (move,) = propose(problem).moves
    assert (move.ticket, move.why) == (50, Why.UNANSWERED)


def test_work_stays_in_the_team_where_that_costs_no_move() -> None:
    staff = tuple(person(agent, team="Red" if agent in (1, 4, 5) else "Blue") for agent in range(1, 11))
    found = propose(Problem(AT, staff, tickets(1, 10), (EVERYBODY,)))
    assert {move.to for move in found.moves if move.whom is Whom.TEAM} == {4, 5}


def test_who_waits_goes_where_the_line_is_shortest_and_nobody_is_overrun() -> None:
    staff = tuple(person(agent) for agent in range(1, 11))
    waiting = tickets(1, 10, busy=True, due_at=AT + 8 * MINUTE)
    lines = tuple(t for agent in (4, 5) for t in tickets(agent, 1, 10 * agent, due_at=AT + 4 * MINUTE, busy=True))
    problem = Problem(AT, staff, (*waiting, *lines), (EVERYBODY,), 0.5)
    found = propose(problem)
    each = Counter(move.to for move in found.moves)
    assert len(found.moves) >= 6
    assert max(each.values()) <= 2
    assert not {4, 5} & set(each)
    assert found.after.breaches < found.before.breaches


def test_of_the_takers_each_gets_from_the_own_team() -> None:
    red = {1, 5, 6}
    staff = tuple(person(agent, team="Red" if agent in red else "Blue") for agent in range(1, 7))
    problem = Problem(AT, staff, (*tickets(1, 10), *tickets(2, 10, 20)), (EVERYBODY,), 0.4)
    pairs = [(move.owner in red, move.to in red) for move in propose(problem).moves]
    most = sum(
        min(sum(one is team for one, _to in pairs), sum(to is team for _one, to in pairs)) for team in (True, False)
    )
    assert sum(owner is to for owner, to in pairs) == most > 1


@pytest.mark.parametrize("capacity", [1.7, 2.3, 3.9, 5.2])
def test_loads_are_whole_whatever_the_capacity(capacity: float) -> None:
    staff = tuple(person(agent, capacity) for agent in range(1, 5))
    check(
        Problem(
            AT, staff, (*tickets(1, 5), *tickets(2, 1, 20)), (EVERYBODY._replace(eligible=frozenset({1, 2, 3, 4})),)
        )
    )


def test_out_of_time_there_is_no_proof() -> None:
    found = solve(large(), 0.0, SystemClock())
    assert (found.moves, found.optimal) == ((), False)
    assert found.bindings[-1].block is Block.TIME


def test_it_stops_when_asked() -> None:
    with pytest.raises(Cancelled):
        solve(large(), 60, SystemClock(), Progress(cancelled=lambda: True))
