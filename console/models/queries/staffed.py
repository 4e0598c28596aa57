"""R-SKEW: for how long each agent was there to work, as the log tells.

Staffed is who is logged in and available, busy or wrapping up; a break, an absence and everything after the log-out are
not. Where the sources tell of nobody's state (an imported log, a helpdesk without presence), people are taken to be
there from an act to the next one, if that follows within ``QUIET``, and for a quarter of that before the first and
after the last of such acts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import FIRST_AGENT_KIND, STATE_KINDS, Kind
from console.models.domain.ports import Rows

QUIET = 30 * MINUTE
"""Who does nothing for longer is taken to be away, where no source tells."""

_PEOPLE = (Role.AGENT, Role.SUPERVISOR, Role.UNKNOWN)
_WORKS = np.isin(np.arange(256), [AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP])
_ALWAYS = {Kind.AGENT_LOGIN: True, Kind.AGENT_UNPAUSED: True, Kind.AGENT_LOGOUT: False, Kind.AGENT_PAUSED: False}


class Staffed(NamedTuple):
    """Agents and their time in the window (microseconds); ``told`` says whether by their states or by what they did."""

    agent: NDArray[np.int32]
    time: NDArray[np.int64]
    told: bool


def staffed(rows: Rows, begin: int, end: int) -> Staffed:
    """The staffed time with ``begin <= at < end`` of everybody who had any.

    ``rows`` are all events in this time in any order, with those of a day before: states that were told then last.
    """
    states = rows[np.isin(rows["kind"], STATE_KINDS) & (rows["at"] < end)]
    if states.size:
        return _by_states(states, begin, end)
    acts = rows[(rows["kind"] < FIRST_AGENT_KIND) & (rows["actor"] > 0) & np.isin(rows["role"], _PEOPLE)]
    return _by_acts(acts[acts["at"] < end], begin, end)


def _by_states(rows: Rows, begin: int, end: int) -> Staffed:
    rows = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"], rows["subject"]))]
    kind = rows["kind"]
    works = _WORKS[np.clip(rows["value"], 0, 255)]
    for always, value in _ALWAYS.items():
        works[kind == always] = value
    until = np.append(rows["at"][1:], end)
    until[np.append(rows["subject"][1:] != rows["subject"][:-1], True)] = end
    return _summed(rows["subject"], np.where(works, rows["at"], until), until, begin, end, told=True)


def _by_acts(rows: Rows, begin: int, end: int) -> Staffed:
    rows = rows[np.lexsort((rows["at"], rows["actor"]))]
    at, actor = rows["at"], rows["actor"]
    follows = np.append((actor[1:] == actor[:-1]) & (np.diff(at) <= QUIET), False) if rows.size else actor > 0
    leads = np.insert(follows[:-1], 0, False) if rows.size else follows
    since = np.where(leads, at, at - QUIET // 4)
    until = np.where(follows, np.append(at[1:], end), at + QUIET // 4)
    return _summed(actor, since, until, begin, end, told=False)


def _summed(
    agent: NDArray[np.int32], since: NDArray[np.int64], until: NDArray[np.int64], begin: int, end: int, *, told: bool
) -> Staffed:
    spans = np.clip(np.minimum(until, end) - np.maximum(since, begin), 0, None)
    agents, of = np.unique(agent, return_inverse=True)
    # Sums of integers: as floats they are exact up to 2 ** 53 microseconds, which is 285 years.
    times = np.bincount(of, spans, agents.size).astype(np.int64)
    return Staffed(agents[times > 0], times[times > 0], told)
