"""What moves come to and what forbids them, whoever made them (R-ROUTE)."""

from __future__ import annotations

import pytest

from console.clock import MINUTE
from console.models.domain.concentration import top_share
from console.models.domain.rebalance import (
    Binding,
    Block,
    Fault,
    Hold,
    Move,
    Person,
    Pool,
    Problem,
    Proposal,
    Ticket,
    Violation,
    Whom,
    Why,
)
from console.models.domain.rebalance_rules import judge, late, standing, violations
from console.models.domain.rebalance_words import fault, infeasible_reason, reason

AT = 1_772_442_000_000_000
PEOPLE = (
    Person(1, "Mei", "Red", 2.0, 0, 1, 3 * MINUTE),
    Person(2, "Wang", "Red", 2.0, 1, 2, 3 * MINUTE),
    Person(3, "Zhao", "Blue", 4.0, 2, 1, 3 * MINUTE),
    Person(4, "Sun", "Blue", 1.0, 1, 1, 3 * MINUTE, there=False),
)
POOLS = (Pool("Chat", frozenset({1, 2, 3, 4})), Pool("Refunds", frozenset({1, 3})))


def ticket(number: int, owner: int = 1, pool: int = 0, **more: object) -> Ticket:
    return Ticket(number, owner, pool, 2 * MINUTE, ref=f"T{number}", **more)  # type: ignore[arg-type]


TICKETS = (
    ticket(1),
    ticket(2, busy=True),
    ticket(3, pool=1),
    ticket(4, hold=Hold.PROMISE),
    ticket(5, 3, busy=True),
    ticket(6, 4, back=True),
    ticket(7, busy=True),
)
PROBLEM = Problem(AT, PEOPLE, TICKETS, POOLS)


def faults(*moves: tuple[int, int, int]) -> list[tuple[Fault, int, int]]:
    return [(one.fault, one.ticket, one.agent) for one in violations(PROBLEM, [Move(*move) for move in moves])]


@pytest.mark.parametrize(
    ("move", "found"),
    [
        ((1, 1, 2), []),
        ((3, 1, 3), []),
        ((6, 4, 2), []),
        ((9, 1, 2), [(Fault.NO_TICKET, 9, 2)]),
        ((1, 2, 3), [(Fault.OTHER_OWNER, 1, 3)]),
        ((1, 1, 1), [(Fault.SAME_PERSON, 1, 1)]),
        ((1, 1, 9), [(Fault.NO_PERSON, 1, 9)]),
        ((1, 1, 4), [(Fault.NOT_THERE, 1, 4)]),
        ((3, 1, 2), [(Fault.NO_SKILL, 3, 2)]),
        ((4, 1, 2), [(Fault.HELD, 4, 2)]),
    ],
)
def test_a_move_that_may_not_be_says_why(move: tuple[int, int, int], found: list[tuple[Fault, int, int]]) -> None:
    assert faults(move) == found


def test_a_ticket_moves_once() -> None:
    assert faults((1, 1, 2), (1, 1, 3)) == [(Fault.TWICE, 1, 3)]


def test_nobody_gets_more_than_fits() -> None:
    assert faults((2, 1, 2), (7, 1, 2)) == [(Fault.NO_PLACE, 0, 2)]
    assert faults((1, 1, 3), (3, 1, 3)) == [(Fault.TOO_MANY, 0, 3)]


def test_what_somebody_gives_away_makes_room_first() -> None:
    assert faults((5, 3, 2), (1, 1, 3), (3, 1, 3)) == []
    assert faults((2, 1, 2), (5, 3, 1)) == []


def test_a_standing_is_that_of_the_people_who_are_there() -> None:
    found = standing(PROBLEM)
    assert [load.contacts for load in found.loads] == [5, 0, 1, 1]
    assert [load.minutes for load in found.loads] == [10.0, 0.0, 2.0, 2.0]
    assert found.share == pytest.approx(top_share([5, 0, 1], [2, 2, 4], 0.3))  # type: ignore[arg-type]
    assert found.away == 1
    after = standing(PROBLEM, [Move(6, 4, 2)])
    assert [load.contacts for load in after.loads] == [5, 1, 1, 0]
    assert after.away == 0


def test_where_nobody_is_there_nothing_is_shared() -> None:
    empty = Problem(AT, (PEOPLE[3],), (TICKETS[5],), POOLS)
    assert (standing(empty).share, standing(empty).away) == (0.0, 1)


def test_moves_that_mean_nothing_change_nothing() -> None:
    loads = standing(PROBLEM, [Move(9, 1, 2), Move(1, 1, 9)]).loads
    assert loads == standing(PROBLEM).loads


def test_who_will_be_answered_too_late_is_told_by_the_line_of_their_owner() -> None:
    waiting = (
        ticket(1, due_at=AT + 4 * MINUTE),
        ticket(2, due_at=AT + 5 * MINUTE),
        ticket(3, due_at=AT - MINUTE),
        ticket(4, 4, due_at=AT + 10 * MINUTE, back=True),
        ticket(5, due_at=AT + 60 * MINUTE),
        ticket(6),
    )
    problem = Problem(AT, PEOPLE, waiting, POOLS)
    # The overdue one stands first, so the next is answered after six minutes; nobody answers for who is away.
    assert late(problem) == {1, 2, 4}
    after = standing(problem, [Move(2, 1, 2), Move(4, 4, 3)])
    assert after.breaches == 1
    assert [load.late for load in after.loads] == [1, 0, 0, 0]


def test_an_edited_proposal_is_judged_like_any_other() -> None:
    found = judge(PROBLEM, [Move(3, 1, 2), Move(1, 1, 2)])
    assert [one.fault for one in found.violations] == [Fault.NO_SKILL]
    assert (found.before.share, found.after.share) == (standing(PROBLEM).share, standing(PROBLEM, found.moves).share)
    assert not found.optimal
    assert found.bindings


def test_the_words_of_a_move_and_of_what_forbids_it() -> None:
    assert (
        reason(Move(1, 1, 2, Why.ABSENT, Whom.TEAM)) == "the owner is away and the customer waits; has room, same team"
    )
    said = [fault(PROBLEM, one) for one in violations(PROBLEM, [Move(4, 1, 2), Move(3, 1, 2), Move(99, 1, 2)])]
    assert said == [
        "Ticket T4 stays: its owner has promised the customer an answer.",
        "Ticket T3: Wang may not handle it.",
        "Ticket 99 is not open any more.",
    ]
    assert fault(PROBLEM, Violation(Fault.NO_PLACE, 0, 2)) == "Wang would have more contacts at once than the limit."


def test_the_reason_names_what_binds_most() -> None:
    found = judge(PROBLEM, ())
    bound = Proposal(
        found.before,
        found.after,
        (),
        bindings=(
            Binding(Block.SKILL, 18, "Hotline", 2),
            Binding(Block.HELD, 9, hold=Hold.PROMISE),
            Binding(Block.FULL, 1, "Chat", 7),
            Binding(Block.FULL, 1, "Refunds", 7),
            Binding(Block.TIME),
        ),
    )
    assert infeasible_reason(PROBLEM, bound) == (
        f"The busiest keep {found.after.share:.0%} of the open contacts, not 45%. "
        "18 contacts of Hotline can only go to people who are as busy themselves (2 in all). "
        "9 contacts stay: its owner has promised the customer an answer. "
        "1 contact of Chat finds nobody who has room. "
        "The time for looking was over: there may be better moves."
    )
    assert infeasible_reason(PROBLEM, Proposal(found.before, found.after, ())) == ""
