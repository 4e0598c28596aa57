"""Handing over at the end of a shift: what somebody has is never dropped (R-ESC-LIFE)."""

from __future__ import annotations

from console.models.domain.escalation import SYSTEM, Entry, EscalationRefused, Event, Happening, Transition
from console.models.domain.escalation_ports import EscalationReader, EscalationWriter
from console.models.domain.escalation_rules import EscalationRules


def hand_over(
    writer: EscalationWriter,
    reader: EscalationReader,
    owner: str,
    successor: str,
    at: int,
    rules: EscalationRules,
    actor: str = SYSTEM,
    *,
    had_by: int | None = None,
) -> list[Transition]:
    """Give everything that ``owner`` has to ``successor``; without one (empty) it goes back to the first level.

    What an agent got back from a supervisor always goes back to the first level. ``had_by`` leaves out what they were
    given after that instant (microseconds). Raises ValueError when both are the same person.
    """
    if owner == successor:
        raise ValueError(f"{owner} cannot take over from {successor}")
    event = Event(Happening.OWNER_LEFT, to=successor)
    moves: list[Transition] = []
    while entries := [entry for entry in reader.of_owner(owner) if _had(reader, entry, had_by)]:
        for entry in entries:
            try:
                moves.append(writer.move(entry.id, event, at, actor, rules, version=entry.version))
            except EscalationRefused:
                # It moved on between the look and the move: the next look shows whether it is still theirs.
                continue
    return moves


def _had(reader: EscalationReader, entry: Entry, had_by: int | None) -> bool:
    """Whether its owner had it by then already."""
    if had_by is None:
        return True
    since = entry.raised_at
    for past in reversed(reader.history(entry.id)):
        if past.owner != entry.owner:
            break
        since = past.at
    return since <= had_by
