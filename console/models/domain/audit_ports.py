"""What a person asks of the audit trail, and what the store answers, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from console.models.domain.audit import Outcome, Row, Verification
from console.models.domain.ports import Progress

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows are wanted. An empty part wants all; times are half-open, ``start <= at < end`` (microseconds).

    ``people`` leaves out what the console did by itself, which is most of a trail. ``words`` must all be in the row
    somewhere: person, action, object, reason, before or after; capitals make no difference.
    """

    start: int | None = None
    end: int | None = None
    actors: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    object_id: str = ""
    words: str = ""
    people: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return self != AuditFilter()


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """What the trail holds to choose from; ``actors`` has an empty name where the console itself acted."""

    actors: Sequence[str] = ()
    actions: Sequence[str] = ()
    kinds: Sequence[str] = ()


class AuditLog(Protocol):
    """The trail as it is read; every call blocks, is safe on any thread and needs no lock."""

    def count(self) -> int:
        """How many rows there are; as the rows are numbered from 1, also the number of the newest."""
        ...

    def numbers(self, wanted: AuditFilter, progress: Progress, after: int = 0) -> Numbers:
        """The numbers of the rows behind row ``after`` that the filter wants, newest first; raises `Cancelled`.

        Without a filter every number is among them, also that of a row which somebody took away.
        """
        ...

    def rows(self, numbers: Sequence[int]) -> Sequence[Row]:
        """The rows with these numbers that are there, newest first."""
        ...

    def choices(self) -> AuditChoices:
        """Every person, action and kind of object that stands on the trail."""
        ...

    def last_sign_ins(self) -> Mapping[str, int]:
        """When each person last signed in, by the name on the trail."""
        ...

    def anchor(self, *, anew: bool = False) -> bool:
        """Bring the anchor up to the last row, see `access_ports.Trail`."""
        ...

    def verify(self, progress: Progress | None = None) -> Verification:
        """Walk the whole trail and hold it against its anchor; raises `Cancelled`."""
        ...
