"""What the routing would do, as a note on the ticket where it only suggests."""

from __future__ import annotations

from console.i18n import _
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind
from console.models.domain.routing import Decision


def suggestion(decision: Decision, name: str) -> Event:
    """The note, in the language in use; once for each decision."""
    text = _("Suggested owner: {name} ({reason})").format(name=name, reason=decision.words)
    key = f"suggested:{decision.ticket}:{decision.at}"
    return Event(Kind.PRIVATE_NOTE, str(decision.ticket), decision.at, key, role=Role.SYSTEM, body=text)
