"""A proposal for the demonstration centre, made through the engine: on a real file, done by the centre, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.clock import FixedClock, SystemClock, micros
from console.connectors.demo import DemoConnector
from console.engine import Engine
from console.models.actions.authorize import Refused
from console.models.domain.commands import Delivery
from console.models.domain.events import OWN_SOURCE, Origin
from console.models.domain.ports import Progress
from console.models.domain.rebalance import Problem, Proposal
from console.models.domain.roles import Actor, Refusal
from console.models.live.board import Board
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.directory import directory
from console.models.queries.open_load import open_load
from console.models.queries.rebalance_problem import rebalance_problem
from console.models.store.audit import Wanted
from console.scheduling.rebalance.solver import solve

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = micros(datetime(2026, 3, 4, 10, tzinfo=SHANGHAI).astimezone(UTC))
POLICY = policies.default()


class Centre:
    """The demonstration centre at ten o'clock, behind an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.boss = Actor(engine.access.creator)

    def board(self) -> Board:
        return load_board(self.engine.log, None, POLICY, TEN, Progress())

    def problem(self) -> Problem:
        board = self.board()
        return rebalance_problem(board, directory(self.engine.log, board), TEN)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    clock = FixedClock(TEN)
    with Engine(tmp_path / "data", clock=clock) as engine:
        demo = DemoConnector(seed=7, clock=clock, zone=SHANGHAI, past_days=0)
        engine.attach(demo)
        assert demo.current.wait(120)
        assert engine.intake.submit(OWN_SOURCE, [], origin=Origin.OUTBOX).wait(60)
        yield Centre(engine)


def moved(problem: Problem, found: Proposal) -> list[tuple[int, str, str]]:
    name = {person.agent: person.name for person in problem.people}
    return [(move.ticket, name[move.owner], name[move.to]) for move in found.moves]


def test_the_centre_s_skew_is_repaired_and_the_repair_is_undone(centre: Centre) -> None:
    problem = centre.problem()
    found = solve(problem, 60, SystemClock())
    assert found.before.share > 0.65
    assert found.after.share < POLICY.rebalance.target + 1e-9
    assert found.violations == ()
    assert found.optimal
    desk = centre.engine.desk()
    moves = moved(problem, found)
    made = desk.tickets.share_out(centre.boss, moves)
    assert len(made) == len(moves) == len(centre.engine.access.trail.rows(Wanted(action="ticket.assign")))
    settled = desk.tickets.answers(made, 60)
    assert {ordered.state for ordered in settled} == {Delivery.APPLIED}
    owners = {ticket: to for ticket, _owner, to in moves}
    assert now_with(centre, owners) == owners
    board = centre.board()
    load = open_load(board, directory(centre.engine.log, board), TEN, POLICY)
    assert load is not None
    assert load.contacts.verdict.share == pytest.approx(found.after.share, abs=0.02)
    back = desk.tickets.undo(centre.boss, made)
    assert back is not None
    assert {ordered.state for ordered in desk.tickets.answers(back, 60)} == {Delivery.APPLIED}
    assert now_with(centre, owners) == {ticket: owner for ticket, owner, _to in moves}


def now_with(centre: Centre, tickets: dict[int, str]) -> dict[int, str]:
    board = centre.board()
    found = {}
    for ticket in tickets:
        slot = board.slot(ticket)
        assert slot is not None
        found[ticket] = board.names.text("agent", int(board.columns.assignee[slot]))
    return found


def test_a_proposal_that_is_no_longer_true_is_refused_as_a_whole(centre: Centre) -> None:
    problem = centre.problem()
    moves = moved(problem, solve(problem, 60, SystemClock()))
    desk = centre.engine.desk()
    (ticket, _owner, to), *_others = moves
    first = desk.tickets.assign(centre.boss, [ticket], to)
    desk.tickets.answers(first, 60)
    with pytest.raises(Refused) as caught:
        desk.tickets.share_out(centre.boss, moves)
    assert caught.value.refusal is Refusal.OWNER_CHANGED
    assert not desk.commands.pending()


def test_the_open_load_of_the_centre_adds_up(centre: Centre) -> None:
    board = centre.board()
    people = directory(centre.engine.log, board)
    found = open_load(board, people, TEN, POLICY)
    assert found is not None
    assert sum(person.fair for person in found.people) == pytest.approx(found.contacts.total)
    in_progress = found.contacts.total + sum(away.contacts for away in found.away) + found.unassigned
    assert in_progress == board.counters.by["status"][:, 1].sum()
    assert found.contacts.verdict.uneven
