"""A log in memory that can be read like the real one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from console.models.domain.events import ROW
from console.models.domain.ports import Batch, PolicyTold, Rows, TicketText


class StoredLog:
    """`ports.LogReader` over rows in memory; they get their places in the order in which they are stored."""

    def __init__(self, rows: Rows | None = None) -> None:
        self.kept = np.zeros(0, dtype=ROW)
        self.words: dict[int, TicketText] = {}
        self.told_of_policy: list[PolicyTold] = []
        self.detailed: dict[int, Mapping[str, object]] = {}
        self.interned: dict[str, dict[str, int]] = {}
        if rows is not None:
            self.store(rows)

    def store(self, rows: Rows) -> None:
        """Keep what is not kept yet (by subject, source and key)."""
        known = {self._identity(row) for row in self.kept}
        new = np.array([self._identity(row) not in known for row in rows], dtype=bool)
        numbered = rows.copy()
        numbered["seq"] = np.arange(rows.size) + self.last_seq() + 1
        self.kept = np.concatenate([self.kept, numbered[new]])

    def told(self, ticket: int, ref: str, subject: str = "", customer: str = "") -> None:
        """Learn the words of a ticket."""
        self.words[ticket] = TicketText(ticket, ref, subject, customer)

    def last_seq(self) -> int:
        return int(self.kept["seq"].max(initial=0))

    def read(self, after: int, limit: int) -> Batch:
        return Batch(self.kept[self.kept["seq"] > after][:limit])

    def rows(self, after: int, until: int) -> Rows:
        return self.kept[(self.kept["seq"] > after) & (self.kept["seq"] <= until)]

    def between(self, start: int, end: int) -> Rows:
        return self.kept[(self.kept["at"] > start) & (self.kept["at"] <= end)]

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        mine = np.isin(self.kept["subject"], list(tickets)) & (self.kept["kind"] < 64)
        return self.kept[mine & (True if until is None else self.kept["at"] <= until)]

    def policies(self) -> list[PolicyTold]:
        return sorted(self.told_of_policy, key=lambda told: told.at)

    def details(self, seqs: Iterable[int]) -> Mapping[int, Mapping[str, object]]:
        return {seq: self.detailed[seq] for seq in seqs if seq in self.detailed}

    def first_at(self) -> int:
        return int(self.kept["at"].min()) if self.kept.size else 0

    def names(self) -> Mapping[str, Mapping[str, int]]:
        return self.interned

    def texts(self, tickets: Iterable[int]) -> Iterator[TicketText]:
        return (self.words[ticket] for ticket in tickets if ticket in self.words)

    def text_blocks(self, after: int = 0) -> Iterator[tuple[NDArray[np.int64], bytes]]:
        for ticket in sorted(ticket for ticket in self.words if ticket > after):
            yield np.array([ticket]), "\x1f".join(self.words[ticket][1:]).encode() + b"\x1e"

    @staticmethod
    def _identity(row: np.void) -> tuple[int, ...]:
        return (int(row["kind"]) // 64, int(row["subject"]), int(row["source"]), int(row["key"]))
