"""R-TRANSFER: what a transfer is, and which of them are needless.

A *transfer* takes a contact from the one who has it to somebody else: where the source says so (a *transferred* event,
whose receiver is whoever gets the contact next), and where a person, or somebody of whom the source does not say what
they are, gives a contact that has an owner to another one. What the routing gives out anew by itself is none, nor is
what a supervisor shares out anew: nobody passed that on.

It is *returned* when its receiver had the contact before, *repeated* when the contact was transferred before, and
*needless* when it is either. *Ping-pong* is a transfer that undoes the one before it: from A to B, and from B to A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from console.models.domain.contacts import Role
from console.models.domain.events import Kind

MOVES = (Kind.ASSIGNED, Kind.UNASSIGNED, Kind.TRANSFERRED)
"""The kinds of events that transfers are read from."""
_SHARING_OUT = (Role.SYSTEM, Role.BOT, Role.SUPERVISOR)


class Move(NamedTuple):
    """An event of one of `MOVES`; ``to`` is the agent that an assignment names, 0 for nobody."""

    at: int
    kind: int
    role: int
    actor: int
    to: int


class Transfer(NamedTuple):
    """Ids of the contact and of the agents that it came from and went to (0: nobody yet, or nobody knows); ``number``
    counts the transfers of the contact from 1."""

    ticket: int
    at: int
    giver: int
    receiver: int
    number: int
    returned: bool
    ping_pong: bool

    @property
    def repeated(self) -> bool:
        """The contact was transferred before."""
        return self.number > 1

    @property
    def needless(self) -> bool:
        """It went back to somebody who had had it, or was not the first."""
        return self.returned or self.repeated


def transfers(ticket: int, moves: Iterable[Move]) -> Iterator[Transfer]:
    """The transfers of a contact out of all its moves, in the order in which they happened."""
    story = _Story(ticket)
    for move in moves:
        if move.kind == Kind.TRANSFERRED:
            yield from story.settle()
            story.told = move.at, story.owner or move.actor
        elif move.kind == Kind.ASSIGNED and move.to:
            yield from story.given(move)
        else:
            story.owner = 0
    yield from story.settle()


@dataclass(slots=True)
class _Story:
    """A contact on its way: ``told`` is when the source told of a transfer whose receiver is not known yet, and who
    gave the contact away."""

    ticket: int
    owner: int = 0
    told: tuple[int, int] | None = None
    had: set[int] = field(default_factory=set)
    last: tuple[int, int] = (0, 0)
    number: int = 0

    def given(self, move: Move) -> Iterator[Transfer]:
        """Somebody gets it."""
        if self.told is None and self.owner not in (0, move.to) and move.role not in _SHARING_OUT:
            self.told = move.at, self.owner
        yield from self.settle(move.to)
        self.owner = move.to
        self.had.add(move.to)

    def settle(self, receiver: int = 0) -> Iterator[Transfer]:
        """The transfer that was told of, if there was one, ends with this receiver."""
        if self.told is None:
            return
        (at, giver), self.told = self.told, None
        self.number += 1
        ping_pong = 0 not in (giver, receiver) and (receiver, giver) == self.last
        self.last = giver, receiver
        yield Transfer(self.ticket, at, giver, receiver, self.number, receiver in self.had, ping_pong)
