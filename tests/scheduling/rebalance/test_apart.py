"""A proposal from a process of its own: the same one, given up at once, and told when the process dies."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest

from console.clock import SystemClock
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.rebalance import Pool, Problem
from console.scheduling.rebalance.apart import SolverFailed, propose
from console.scheduling.rebalance.solver import solve
from tests.scheduling.rebalance.cases import AT, large, person, tickets


def small() -> Problem:
    staff = tuple(person(agent) for agent in range(1, 11))
    return Problem(AT, staff, tickets(1, 8), (Pool("Chat", frozenset(range(1, 11))),))


def running() -> list[multiprocessing.process.BaseProcess]:
    return [process for process in multiprocessing.active_children() if process.name == "rebalance"]


def when_it_runs(act: Callable[[multiprocessing.process.BaseProcess], bool]) -> Progress:
    """Looks at every turn whether the process is there, and does something to it then."""

    def look() -> bool:
        return any(act(process) for process in running())

    return Progress(cancelled=look)


def test_it_is_the_proposal_that_the_solver_makes() -> None:
    steps: list[tuple[int, int]] = []
    found = propose(small(), Progress(lambda done, total: steps.append((done, total))))
    assert found.moves == solve(small(), 60, SystemClock()).moves
    assert found.optimal
    assert steps[-1][0] > 0
    assert running() == []


def test_nobody_wants_it_any_more() -> None:
    with pytest.raises(Cancelled):
        propose(large(500, 5_000), when_it_runs(lambda _process: True))
    assert running() == []


def test_what_is_given_up_before_it_began_never_begins() -> None:
    with pytest.raises(Cancelled):
        propose(small(), Progress(cancelled=lambda: True))


def test_a_process_that_is_killed_is_told() -> None:
    def kill(process: multiprocessing.process.BaseProcess) -> bool:
        process.kill()
        return False

    with pytest.raises(SolverFailed, match="No moves could be worked out"):
        propose(large(500, 5_000), when_it_runs(kill))
    assert running() == []


def test_a_bug_in_the_process_is_told_with_its_trace() -> None:
    nobody = Problem(AT, (person(1),), tickets(7, 1), (Pool("Chat", frozenset()),))
    with pytest.raises(SolverFailed, match="KeyError") as caught:
        propose(nobody)
    assert "rebalance" in "".join(caught.value.__notes__)
