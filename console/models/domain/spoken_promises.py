"""R-PROMISE on arrival: what agents promise in their replies becomes events, where their source does not tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from console.clock import MINUTE, SECOND
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind
from console.models.domain.ports import Rows

SPEAKS = (int(Role.UNKNOWN), int(Role.AGENT), int(Role.SUPERVISOR))
"""Who promises: people. A bot's "please wait" is nobody's word."""

_TOLD_WITHIN = MINUTE
"""A source that tells promises does so with the reply, or right behind it."""

Reading = Callable[[str, int], int | None]
"""The instant that words said at an instant promise (microseconds since the epoch), None for none."""


def replies_of(rows: Rows) -> Rows:
    """The replies among these events in which somebody can promise something."""
    return np.asarray(rows[(rows["kind"] == Kind.PUBLIC_REPLY) & np.isin(rows["role"], SPEAKS)])


def promises(replies: Rows, bodies: Mapping[int, str], known: Rows, own: int, promised_at: Reading) -> Iterator[Event]:
    """The promises that these replies make. ``bodies`` by seq; ``known`` are all events of their tickets, ``own`` the
    number of the console's own source, whose events are no news of others.

    An event stands just behind its reply and its key follows from it, so that the same words promise once.
    """
    told = known[(known["kind"] == Kind.PROMISE_MADE) & (known["source"] != own)]
    columns = (replies[name].tolist() for name in ("seq", "subject", "at", "source", "key"))
    for seq, ticket, at, source, key in zip(*columns, strict=True):
        due = promised_at(bodies.get(seq, ""), at)
        mine = told["at"][told["subject"] == ticket]
        if due is None or ((mine >= at - SECOND) & (mine <= at + _TOLD_WITHIN)).any():
            continue
        yield Event(Kind.PROMISE_MADE, str(ticket), at + 1, f"promise {source} {key}", role=Role.BOT, value=due)
