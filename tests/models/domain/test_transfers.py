"""What counts as a transfer and which ones are needless: case by case, and against a plain reading (R-TRANSFER)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.contacts import Role
from console.models.domain.events import Kind
from console.models.domain.transfers import Move, Transfer, transfers

LI, WANG, ZHAO = 1, 2, 3
TICKET = 7


def told(*moves: tuple[Kind, Role, int, int]) -> list[Move]:
    return [Move(at, *move) for at, move in enumerate(moves)]


def routed(to: int) -> tuple[Kind, Role, int, int]:
    return Kind.ASSIGNED, Role.SYSTEM, 0, to


def given_by(actor: int, to: int, role: Role = Role.AGENT) -> tuple[Kind, Role, int, int]:
    return Kind.ASSIGNED, role, actor, to


def passed(actor: int) -> tuple[Kind, Role, int, int]:
    return Kind.TRANSFERRED, Role.AGENT, actor, 0


FREED = (Kind.UNASSIGNED, Role.SYSTEM, 0, 0)


def words(moves: list[Move]) -> list[tuple[int, int, str]]:
    """Giver, receiver, and what is wrong with it."""
    found = []
    for one in transfers(TICKET, moves):
        flaws = ("returned", one.returned), ("repeated", one.repeated), ("ping-pong", one.ping_pong)
        assert one.needless == (one.returned or one.repeated)
        found.append((one.giver, one.receiver, ", ".join(name for name, flawed in flaws if flawed)))
    return found


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([routed(LI)], []),
        ([routed(LI), routed(WANG)], []),
        ([routed(LI), given_by(LI, LI)], []),
        ([routed(LI), given_by(LI, WANG)], [(LI, WANG, "")]),
        ([routed(LI), given_by(0, WANG, Role.UNKNOWN)], [(LI, WANG, "")]),
        ([routed(LI), given_by(ZHAO, WANG, Role.SUPERVISOR)], []),
        ([routed(LI), passed(LI), given_by(ZHAO, WANG, Role.SUPERVISOR)], [(LI, WANG, "")]),
        ([routed(LI), passed(LI), routed(WANG)], [(LI, WANG, "")]),
        ([routed(LI), passed(LI), given_by(LI, WANG)], [(LI, WANG, "")]),
        ([routed(LI), passed(LI)], [(LI, 0, "")]),
        ([routed(LI), passed(LI), FREED, routed(WANG)], [(LI, WANG, "")]),
        ([routed(LI), FREED, given_by(ZHAO, WANG)], []),
        ([routed(LI), passed(LI), routed(LI)], [(LI, LI, "returned")]),
        (
            [routed(LI), given_by(LI, WANG), given_by(WANG, LI)],
            [(LI, WANG, ""), (WANG, LI, "returned, repeated, ping-pong")],
        ),
        (
            [routed(LI), given_by(LI, WANG), given_by(WANG, ZHAO)],
            [(LI, WANG, ""), (WANG, ZHAO, "repeated")],
        ),
        (
            [routed(LI), given_by(LI, WANG), given_by(WANG, ZHAO), given_by(ZHAO, LI)],
            [(LI, WANG, ""), (WANG, ZHAO, "repeated"), (ZHAO, LI, "returned, repeated")],
        ),
        # The first transfer can be one back: the routing had taken it from Li before.
        ([routed(LI), routed(WANG), given_by(WANG, LI)], [(WANG, LI, "returned")]),
        ([routed(LI), passed(LI), passed(LI), routed(WANG)], [(LI, 0, ""), (LI, WANG, "repeated")]),
        ([passed(LI), routed(WANG)], [(LI, WANG, "")]),
    ],
)
def test_by_hand(moves: list[tuple[Kind, Role, int, int]], expected: list[tuple[int, int, str]]) -> None:
    assert words(told(*moves)) == expected


def plainly(moves: list[Move]) -> list[Transfer]:
    """By looking back and ahead from each move."""
    gets = [at for at, move in enumerate(moves) if move.kind == Kind.ASSIGNED and move.to]
    calls = [at for at, move in enumerate(moves) if move.kind == Kind.TRANSFERRED]

    def owner_before(at: int) -> int:
        changes = [move.to for move in moves[:at] if move.kind != Kind.TRANSFERRED]
        return changes[-1] if changes else 0

    made: list[tuple[int, int, int | None]] = []
    for call in calls:
        following = [at for at in sorted(gets + calls) if at > call]
        until = following[0] if following and following[0] in gets else None
        made.append((call, owner_before(call) or moves[call].actor, until))
    for get in gets:
        earlier = [at for at in sorted(gets + calls) if at < get]
        announced = bool(earlier) and earlier[-1] in calls
        owner = owner_before(get)
        by_colleague = moves[get].role in (Role.AGENT, Role.UNKNOWN, Role.CUSTOMER)
        if not announced and owner and owner != moves[get].to and by_colleague:
            made.append((get, owner, get))
    found: list[Transfer] = []
    for number, (at, giver, get) in enumerate(sorted(made, key=lambda one: one[0]), start=1):
        receiver = moves[get].to if get is not None else 0
        returned = get is not None and receiver in [moves[one].to for one in gets if one < get]
        undone = found[-1] if found else None
        back = undone is not None and giver > 0 and receiver > 0
        back = back and undone is not None and (undone.giver, undone.receiver) == (receiver, giver)
        found.append(Transfer(TICKET, moves[at].at, giver, receiver, number, returned, back))
    return found


people = st.integers(1, 3)
anybody = st.sampled_from([Role.AGENT, Role.AGENT, Role.SUPERVISOR, Role.SYSTEM, Role.UNKNOWN, Role.BOT])
move = st.one_of(
    st.tuples(st.just(Kind.ASSIGNED), anybody, st.integers(0, 3), people),
    st.tuples(st.just(Kind.ASSIGNED), anybody, people, people),
    st.tuples(st.just(Kind.TRANSFERRED), anybody, st.integers(0, 3), st.just(0)),
    st.tuples(st.just(Kind.UNASSIGNED), anybody, st.integers(0, 3), st.just(0)),
    st.tuples(st.just(Kind.ASSIGNED), anybody, st.just(0), st.just(0)),
)


@given(st.lists(move, max_size=14))
def test_it_is_that_of_a_plain_reading(moves: list[tuple[Kind, Role, int, int]]) -> None:
    assert list(transfers(TICKET, told(*moves))) == plainly(told(*moves))
