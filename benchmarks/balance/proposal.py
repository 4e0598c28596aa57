"""How long a rebalance proposal takes: ``python -m benchmarks.balance.proposal``.

Centres of 500 agents and 5,000 open contacts in twelve teams that help one another, with most of the work on a few; the
whole of it as the window asks for it: a process that starts, the search, the proof, and the way back. On two cores,
where the system lets a process choose them. Prints each case, and the slowest as a ratio of the limit of 5 s. Exit
code 1 when the limit is missed or a proposal breaks a rule.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import NamedTuple

import numpy as np

from console.clock import MINUTE
from console.models.domain.rebalance import Hold, Person, Pool, Problem, Ticket
from console.scheduling.rebalance.apart import propose

LIMIT_SECONDS = 5.0
CORES = 2
TEAMS = 12
AT = 1_772_442_000_000_000


class Case(NamedTuple):
    """How unevenly the work lies, the part of it that may be moved, and the part of the agents who are away."""

    name: str
    spread: float
    movable: float
    away: float


CASES = (
    Case("within reach", 1.3, 0.7, 0.0),
    Case("much is held", 1.3, 0.4, 0.0),
    Case("on very few", 1.8, 0.7, 0.0),
    Case("a tenth is away", 1.3, 0.7, 0.1),
)


def problem(case: Case, seed: int, agents: int = 500, contacts: int = 5_000) -> Problem:
    """A centre made from a seed."""
    chance = np.random.default_rng(seed)
    team = chance.integers(0, TEAMS, agents)
    places = chance.choice([1, 4, 5, 8], agents, p=[0.1, 0.3, 0.35, 0.25])
    odds = places * chance.lognormal(0.0, case.spread, agents)
    owner = chance.choice(agents, contacts, p=odds / odds.sum())
    there = chance.random(agents) >= case.away
    english = chance.random(agents) < 0.4
    load = np.bincount(owner, minlength=agents)
    pools = []
    for number in range(TEAMS):
        serves = (team == number) | (team == (number + 1) % TEAMS)
        for who in (serves, serves & english):
            pools.append(Pool(f"Queue {number}", frozenset((np.flatnonzero(who) + 1).tolist())))
    people = tuple(
        Person(
            agent + 1,
            f"Agent {agent}",
            f"Team {team[agent]}",
            float(places[agent]),
            int(chance.integers(0, 6)),
            max(0, 4 * int(places[agent]) - int(load[agent])),
            MINUTE,
            bool(there[agent]),
        )
        for agent in range(agents)
    )
    tickets = tuple(
        Ticket(
            number + 1,
            int(of) + 1,
            int(2 * team[of] + (chance.random() < 0.07)),
            5 * MINUTE,
            bool(chance.random() < 0.5),
            Hold.NONE if chance.random() < case.movable else Hold.TALKING,
            not there[of],
            bool(chance.random() < 0.8),
            AT + int(chance.integers(1, 60)) * MINUTE if chance.random() < 0.3 else 0,
        )
        for number, of in enumerate(owner.tolist())
        if there[of] or chance.random() < 0.5
    )
    return Problem(AT, people, tickets, tuple(pools))


def main() -> int:
    """Run the cases and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    slowest, broken = 0.0, 0
    print(f"{'case':<18}{'seed':>5}{'before':>9}{'after':>8}{'moves':>7}  {'proven':<8}{'seconds':>8}")
    for case in CASES:
        for seed in range(options.seeds):
            made = problem(case, seed)
            began = time.perf_counter()
            found = propose(made)
            took = time.perf_counter() - began
            slowest, broken = max(slowest, took), broken + len(found.violations)
            shares = f"{found.before.share:>9.3f}{found.after.share:>8.3f}"
            proven = "yes" if found.optimal else "no"
            print(f"{case.name:<18}{seed:>5}{shares}{len(found.moves):>7}  {proven:<8}{took:>8.2f}")
    print(f"slowest {slowest:.2f} s: {slowest / LIMIT_SECONDS:.2f} of the limit; rules broken: {broken}")
    return 1 if broken or slowest > LIMIT_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
