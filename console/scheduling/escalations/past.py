"""What of a log's past belongs into the inbox: whoever still waits, once; not every clock that breached long ago.

A console that starts on a log of many months finds thousands of clocks that are over. They happened before anybody
asked this inbox to watch. But a customer who waits for an answer, or a complaint whose tier demands it, needs the
supervisor now, however long that has been so.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.models.domain.clock_targets import ClockName
from console.models.domain.escalation import Cause, Occurrence

_ANSWERS = tuple(f"{clock}:" for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE))
_WAITS = frozenset({Cause.WAIT, Cause.COMPLAINT})
_OVER = frozenset({Cause.STALLED, Cause.AGENT_ALARM})


class Past:
    """Everything up to an instant (microseconds since the epoch), and which of its tickets were named."""

    def __init__(self, until: int) -> None:
        self._until = until
        self._named: dict[int, Occurrence] = {}

    def end_at(self, at: int) -> None:
        """The clock went back to ``at``: what comes after that is no past."""
        self._until = min(self._until, at)

    def sift(self, found: Iterable[Occurrence]) -> list[Occurrence]:
        """Leave out what is past: of a ticket whose customer waits one occurrence stays, the first that is named."""
        return [one for one in found if one.occurred_at > self._until or self._stays(one)]

    def _stays(self, one: Occurrence) -> bool:
        if one.key.cause in _OVER:
            return False
        if one.key.cause in _WAITS or one.key.cycle.startswith(_ANSWERS):
            return self._named.setdefault(one.ticket, one).key == one.key
        return one.key.cause is not Cause.BREACH
