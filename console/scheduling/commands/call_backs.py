"""Missed call backs as crossings of the sweep: a promise to a customer that nobody kept comes into the inbox."""

from __future__ import annotations

from collections.abc import Sequence

from console.clock import MINUTE
from console.models.domain.call_backs import overdue
from console.models.domain.command_ports import CallBackReader
from console.models.domain.escalation import Occurrence

SLACK = MINUTE
"""A promise for the next instant may be written just behind the sweep's look: it looks this far back again. What was
raised is not raised twice."""


class CallBacks:
    """`escalation_ports.Crossings` over the open call backs."""

    def __init__(self, reader: CallBackReader) -> None:
        self._reader = reader

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """The promises that were missed since."""
        return [overdue(call) for call in self._reader.overdue_between(after - SLACK, until)]

    def next_after(self, at: int) -> int | None:
        """When the next promise is due."""
        return self._reader.next_call_back(at)
