"""How a move of the inbox is taken back: by moves of the same table, never by forgetting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.models.domain.escalation import Entry, Event, Happening, State, Transition


def compensation(made: Transition) -> tuple[Event, ...]:
    """The moves that bring an entry back to what it was before ``made``; none where that cannot be done.

    Progress was told and a merge has moved the matter elsewhere: neither can be taken back. The level of a reopened
    entry is the first one again, and a due time that has passed meanwhile makes the machine refuse.
    """
    back = _BACK.get(made.event.what)
    return () if back is None or made.before is None else back(made.before, made.actor)


def _as_before(before: Entry, _actor: str) -> tuple[Event, ...]:
    """From *acknowledged by the actor* to what it was."""
    if before.state is State.SNOOZED:
        return (Event(Happening.SNOOZE, before.reason, until=before.due_at or 0),)
    if before.state is State.RETURNED:
        return (Event(Happening.RETURN, before.reason, until=before.due_at or 0, to=before.owner),)
    return () if before.state is State.ACKNOWLEDGED else (Event(Happening.RELEASE),)


def _taken(before: Entry, actor: str) -> tuple[Event, ...]:
    return (Event(Happening.ACKNOWLEDGE), *_as_before(before, actor))


def _resolved(before: Entry, actor: str) -> tuple[Event, ...]:
    reopened = Event(Happening.REOPEN)
    return (reopened,) if before.state in (State.RAISED, State.EXHAUSTED) else (reopened, *_taken(before, actor))


def _handed_over(before: Entry, actor: str) -> tuple[Event, ...]:
    # Only its owner can put an entry aside: another person's comes back to them awake.
    again = _as_before(before, actor) if before.owner == actor else ()
    return (Event(Happening.HAND_OVER, to=before.owner), *again)


def _reopened(before: Entry, actor: str) -> tuple[Event, ...]:
    resolved = Event(Happening.RESOLVE, before.reason)
    return (Event(Happening.ACKNOWLEDGE), resolved) if before.owner == actor else (resolved,)


_BACK: Mapping[Happening, Callable[[Entry, str], tuple[Event, ...]]] = {
    Happening.ACKNOWLEDGE: _as_before,
    Happening.SNOOZE: _taken,
    Happening.RETURN: _taken,
    Happening.RESOLVE: _resolved,
    Happening.REOPEN: _reopened,
    Happening.HAND_OVER: _handed_over,
}
