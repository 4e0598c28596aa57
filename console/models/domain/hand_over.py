"""What a hand-over sheet asks of the store: everything that is owed, as it stood at an instant; and its signature."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from console.models.domain import audit
from console.models.domain.call_backs import CallBack
from console.models.domain.escalation import Entry, Happening, State
from console.models.domain.follow_ups import FollowUp
from console.models.domain.requests import Request
from console.models.domain.roles import Actor


@dataclass(frozen=True, slots=True)
class Signed:
    """A sheet that somebody signed: as of when it was made, since when the shift ran, and the notes to the next one."""

    as_of: int
    since: int
    signed_by: str
    signed_at: int
    notes: str
    id: int = 0


class Moved(NamedTuple):
    """One move of an entry of the inbox."""

    entry: int
    at: int
    what: Happening
    before: State | None
    state: State


class HandOverReader(Protocol):
    """Reads what a sheet says; safe on any thread. Instants are microseconds since the epoch."""

    def entries_at(self, at: int) -> list[Entry]:
        """The entries of the inbox that had not ended at the instant, as they stood then, most urgent first."""
        ...

    def moves(self, after: int, until: int) -> list[Moved]:
        """Every move with ``after < at <= until``, oldest first."""
        ...

    def requests_at(self, at: int) -> list[Request]:
        """The compensation requests that waited for a decision at the instant, the one due first at the top."""
        ...

    def call_backs_at(self, at: int) -> list[CallBack]:
        """The call backs that were promised and not settled at the instant, the one due first at the top."""
        ...

    def follow_ups_at(self, at: int) -> list[FollowUp]:
        """The follow-ups that were outstanding at the instant, the one due first at the top."""
        ...

    def signed_before(self, at: int) -> Signed | None:
        """The last sheet that was signed by then."""
        ...


class HandOverChange(Protocol):
    """A signature and its audit row in one transaction."""

    def as_stored(self, name: str) -> Actor:
        """The account of this name with the roles that hold now; without any where there is none."""
        ...

    def sign(self, sheet: Signed) -> Signed:
        """Keep a signed sheet; returns it with its number."""
        ...

    def record(self, entry: audit.Entry) -> None:
        """Add a row to the audit trail."""
        ...


class HandOvers(HandOverReader, Protocol):
    """The hand-overs of one database."""

    def change(self) -> AbstractContextManager[HandOverChange]:
        """One transaction; an exception in it takes back everything."""
        ...
