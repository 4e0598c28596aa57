"""The console's own notes on tickets: what other rooms did that who opens the ticket should read."""

from __future__ import annotations

from console.models.domain.contacts import Role
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Intake

WAIT_SECONDS = 10.0


class OwnNotes:
    """Writes notes into the log under the console's own name; they are not sent to the ticket's source."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def note(self, ticket: int, text: str, at: int, key: str, actor: str) -> bool:
        """Add a note; one with a ``key`` that is there already changes nothing. True once it cannot be lost."""
        event = Event(Kind.PRIVATE_NOTE, str(ticket), at, key, actor=actor, role=Role.SUPERVISOR, body=text)
        return self._intake.submit(OWN_SOURCE, [event], origin=Origin.OUTBOX).wait(WAIT_SECONDS)
